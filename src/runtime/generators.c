/* generators.c: what generators and coroutines that are resumed natively need of C (stencils/generators.h): one that has no code where it
 * stands, and the end of one. */
#include "../cpython/codeinfo.h"
#include "../cpython/frame.h"
#include "../cpython/opcodes.h"
#include "../cpython/raise.h"
#include "../cpython/watch.h"
#include "internal/pycore_genobject.h"
#include "frames.h"
#include "generators.h"

void h_keep_result(State *S, Obj *result, int returned, int64_t sends)
{
    S->raw = RAW_OBJECT;
    S->returned = returned;
    S->result.o = result;
    if (returned && !sends) {
        S->result.o = NULL;
        Py_DECREF((PyObject *)result);
    }
}

/* As RETURN_GENERATOR does it, without a frame on the data stack. */
Obj *h_new_gen(State *S, Obj *f, int64_t n)
{
    PyFunctionObject *fn = (PyFunctionObject *)f;
    PyCodeObject *code = (PyCodeObject *)fn->func_code;
    const CodeInfo *info = codeinfo_peek(code);
    int looks_at_frames = (code->co_flags & CO_COROUTINE) && ((PyThreadState *)S->thread)->coroutine_origin_tracking_depth;
    PyObject *made = *S->depth > INVOKE_DEPTH && info && !looks_at_frames ? _Py_MakeCoro(fn) : NULL;
    if (!made) {
        PyErr_Clear();
        return NULL;
    }
    GenObj *gen = (GenObj *)made;
    FrameHead *frame = &gen->frame;
    slot_give(&frame->executable, (Obj *)Py_NewRef(code));
    slot_give(&frame->function, (Obj *)Py_NewRef(fn));
    frame->globals = (Obj *)fn->func_globals;
    frame->builtins = (Obj *)fn->func_builtins;
    frame->locals = frame->frame_object = NULL;
    frame->previous = NULL;
    frame->ip = cpy_code_start(code) + info->beginning;
    frame->return_offset = 0;
    FRAME_INIT((Frame *)frame);
    frame->owner = FRAME_OWNED_BY_GENERATOR;
    int i = 0;
    for (; i < n; i++)
        slot_give(&frame->slot[i], (Obj *)Py_NewRef((PyObject *)S->args[i].o));
    for (; i < code->co_nlocalsplus - code->co_nfreevars; i++)
        slot_clear(&frame->slot[i]);
    for (int k = 0; k < code->co_nfreevars; k++, i++)
        slot_give(&frame->slot[i], (Obj *)Py_NewRef(PyTuple_GET_ITEM(fn->func_closure, k)));
    cpy_frame_set_depth((Frame *)frame, 0);
    gen->state = FRAME_CREATED;
    return (Obj *)made;
}

static int resume(State *S, Obj *g, PyObject *sent, int64_t sends)
{
    PyObject *result = NULL;
    S->loud = 1;
    PySendResult how = PyIter_Send((PyObject *)g, sent, &result);
    if (how == PYGEN_ERROR)
        return 0;
    h_keep_result(S, (Obj *)result, how == PYGEN_RETURN, sends);
    return 1;
}

int h_resume(State *S, Obj *g) { return resume(S, g, Py_None, 0); }

int h_send(State *S, Obj *receiver, Obj *v)
{
    int done = resume(S, receiver, (PyObject *)v, 1);
    Py_DECREF((PyObject *)v);
    return done;
}

/* ---- delegation ---- */

#define MAX_DELEGATES 64

/* Whom a generator delegates to: a generator or coroutine that can be resumed; NULL: something else. */
static GenObj *delegate_of(const GenObj *gen)
{
    Frame *f = (Frame *)&gen->frame;
    PyObject *receiver = cpy_slot(f, FRAME_TOP(f) - ITER_SLOTS);
    int good = receiver && (Py_IS_TYPE(receiver, &PyGen_Type) || Py_IS_TYPE(receiver, &PyCoro_Type)) &&
        ((GenObj *)receiver)->state < FRAME_EXECUTING;
    return good ? (GenObj *)receiver : NULL;
}

int h_delegates(const GenObj *gen)
{
    int n = 0;
    for (; gen && gen->state == FRAME_SUSPENDED_YIELD_FROM && n < MAX_DELEGATES; n++)
        gen = delegate_of(gen);
    return n;
}

/* The SEND of a delegating frame, that stands at the RESUME behind its YIELD_VALUE. */
static _Py_CODEUNIT *send_of(Frame *f)
{
    static struct { PyCodeObject *code; uint32_t version; _Py_CODEUNIT *ip, *send; } seen[8];
    PyCodeObject *code = cpy_frame_code(f);
    unsigned at = (unsigned)((uintptr_t)f->instr_ptr >> 1) % 8;
    if (seen[at].ip == f->instr_ptr && seen[at].code == code && seen[at].version == code->co_version)
        return seen[at].send;
    const CodeInfo *info = codeinfo_get(code);
    if (!info)
        return NULL;
    Instruction resume = cpy_fetch(info->units, cpy_frame_ip(f)), jump = cpy_fetch(info->units, resume.next);
    if (resume.op != RESUME || jump.op != JUMP_BACKWARD_NO_INTERRUPT)
        return NULL;
    seen[at].code = code;
    seen[at].version = code->co_version;
    seen[at].ip = f->instr_ptr;
    return seen[at].send = cpy_code_start(code) + jump.next - jump.arg;
}

/* Native code for where the generator stands, and whether that is its beginning; NULL: there is none. */
static void *entry_of(const State *S, const GenObj *gen, int *is_new)
{
    Frame *f = (Frame *)&gen->frame;
    const CodeInfo *info = codeinfo_peek(cpy_frame_code(f));
    const Resumed *v = info ? &info->resumed : NULL;
    if (!v || !v->code || (PyObject *)v->globals != f->f_globals || (PyObject *)v->builtins != f->f_builtins || f->frame_obj ||
        !frames_calm(S, info->code))
        return NULL;
    for (const ResumePoint *p = v->point; p->ip; p++)
        if (p->ip == f->instr_ptr) {
            *is_new = p == v->point;
            return p->entry;
        }
    return NULL;
}

/* What of the thread changes with each frame that is linked or unlinked. */
typedef struct { FrameHead *current; HandledError *handled; } Chain;

static inline void link_one(Chain *c, GenObj *gen)
{
    gen->frame.previous = c->current;
    c->current = &gen->frame;
    gen->error.previous = c->handled;
    c->handled = &gen->error;
    gen->state = FRAME_EXECUTING;
}

static inline void unlink_one(Chain *c)
{
    FrameHead *f = c->current;
    GenObj *gen = cpy_generator_of((Frame *)f);
    gen->state = FRAME_SUSPENDED_YIELD_FROM;
    c->handled = gen->error.previous;
    gen->error.previous = NULL;
    c->current = f->previous;
    f->previous = NULL;
}

static void unlink_all(Chain *c, void **stands_at, intptr_t n)
{
    while (n) {
        c->current->ip = stands_at[--n];
        unlink_one(c);
    }
}

/* Links gen and all that it delegates to but the last one, which is returned: *n so many, where they stood in stands_at. NULL: one of them
 * cannot be. */
static GenObj *link_all(State *S, Chain *c, GenObj *gen, void **stands_at, intptr_t *n)
{
    /* Most delegate to others of the same code, from one of two places. */
    const PyCodeObject *calm = NULL;
    _Py_CODEUNIT *ip[2] = {NULL, NULL}, *send[2] = {NULL, NULL};
    for (int which = 0; gen && gen->state == FRAME_SUSPENDED_YIELD_FROM;) {
        Frame *f = (Frame *)&gen->frame;
        PyCodeObject *code = cpy_frame_code(f);
        if (*n == MAX_DELEGATES || (code != calm && !frames_calm(S, code)))
            return NULL;
        calm = code;
        if (ip[which] != f->instr_ptr && ip[which ^= 1] != f->instr_ptr) {
            ip[which] = f->instr_ptr;
            send[which] = send_of(f);
            if (!send[which])
                return NULL;
        }
        GenObj *next = delegate_of(gen);
        stands_at[(*n)++] = f->instr_ptr;
        f->instr_ptr = send[which];
        link_one(c, gen);
        gen = next;
    }
    return gen;
}

void *gen_descend(State *S, GenObj *gen, Site *site)
{
    PyThreadState *ts = S->thread;
    if (gen->state != FRAME_SUSPENDED_YIELD_FROM || *S->depth <= INVOKE_DEPTH + MAX_DELEGATES)
        return NULL;
    CallRecord *r = *S->stack_top;
    int words = (int)(offsetof(CallRecord, spill) / sizeof(void *)) + (int)(site->n_spill * (intptr_t)(sizeof(Value) / sizeof(void *))) +
        MAX_DELEGATES;
    int in_new_chunk = (void *)((void **)r + words) >= *S->stack_limit;
    if (in_new_chunk)
        r = cpy_add_chunk(ts, words);
    void **stands_at = (void **)(r->spill + site->n_spill);
    Chain c = {*S->current, *S->handled};
    intptr_t n = 0;
    int is_new = 0;
    gen = link_all(S, &c, gen, stands_at, &n);
    void *entry = gen ? entry_of(S, gen, &is_new) : NULL;
    Obj *sent = site->sends ? S->result.o : S->none;
    if (!entry || (is_new && sent != S->none)) {
        unlink_all(&c, stands_at, n);
        if (in_new_chunk)
            cpy_cut_stack(ts, r);
        return NULL;
    }
    *S->stack_top = stands_at + n;
    r->before = S->record;
    r->site = site;
    r->base = S->base;
    r->in_new_chunk = (uintptr_t)in_new_chunk;
    r->delegates = (uintptr_t)n;
    for (intptr_t i = 0; i < site->n_spill; i++)
        r->spill[i] = S->spill[i];
    Frame *f = (Frame *)&gen->frame;
    if (!is_new)
        cpy_push(f, (PyObject *)sent);
    cpy_frame_set_executing(f);
    link_one(&c, gen);
    *S->current = c.current;
    *S->handled = c.handled;
    *S->depth -= (int32_t)n + 1;
    S->top = f;
    S->base = gen->frame.slot;
    S->record = r;
    return entry;
}

/* Who resumes a generator keeps it alive. */
static PyObject *run(PyThreadState *ts, Frame *frame, int raised, int *returned)
{
    GenObj *gen = frame->owner == FRAME_OWNED_BY_GENERATOR ? cpy_generator_of(frame) : NULL;
    PyObject *result = raise_or_run(ts, frame->previous, frame, raised);
    *returned = gen && gen->state > FRAME_EXECUTING;
    return result;
}

/* What the current frame, a generator's, delegates to has yielded or returned `result`, or raised (NULL): it goes on by the interpreter,
 * behind its SEND. */
static PyObject *go_on(State *S, PyObject *result, int *returned)
{
    PyThreadState *ts = S->thread;
    Frame *frame = ts->current_frame;
    S->record->delegates--;
    if (result) {
        Instruction send = cpy_fetch(codeinfo_get(cpy_frame_code(frame))->units, cpy_frame_ip(frame));
        cpy_push(frame, result);
        cpy_frame_set_ip(frame, *returned ? send.next + send.arg : send.next);
    }
    return run(ts, frame, !result, returned);
}

/* Somebody wants to hear of what its frames do, since it was resumed. */
static int is_heard(const State *S, PyCodeObject *code) { return (*S->breaker ^ S->calm) >> 8 || !frames_calm(S, code); }

/* All that delegate yield, too, from the innermost outwards. 0: somebody wants to hear of the next one. */
static int yield_on(State *S)
{
    CallRecord *r = S->record;
    void **stands_at = (void **)(r->spill + r->site->n_spill);
    const PyCodeObject *calm = NULL;
    Chain c = {*S->current, *S->handled};
    while (r->delegates) {
        PyCodeObject *code = cpy_frame_code((Frame *)c.current);
        if (code != calm && is_heard(S, code))
            break;
        calm = code;
        c.current->ip = stands_at[--r->delegates];
        unlink_one(&c);
        ++*S->depth;
    }
    *S->current = c.current;
    *S->handled = c.handled;
    return !r->delegates;
}

static PyObject *go_on_with_delegates(State *S, PyObject *result, int *returned)
{
    while (S->record->delegates) {
        if (result && !*returned && yield_on(S))
            break;
        result = go_on(S, result, returned);
    }
    return result;
}

int gen_ascend(State *S)
{
    if (yield_on(S))
        return 1;
    int returned = 0;
    PyObject *result = go_on_with_delegates(S, (PyObject *)h_take_result(S), &returned);
    S->loud = 1;
    if (result)
        h_keep_result(S, (Obj *)result, returned, S->record->site->sends);
    return result != NULL;
}

PyObject *h_run_callee(State *S, Frame *frame, int *returned)
{
    PyObject *result = run(S->thread, frame, 0, returned);
    return go_on_with_delegates(S, result, returned);
}

static void end_current(State *S, Frame *frame)
{
    PyThreadState *ts = S->thread;
    ts->current_frame = frame->previous;
    ts->py_recursion_remaining++;
    cpy_frame_set_depth(frame, 0);
    S->loud = 1;
    _PyEval_FrameClearAndPop(ts, frame);
}

int gen_end_delegate(State *S)
{
    int returned = 1;
    int64_t sends = S->record->site->sends;
    end_current(S, cpy_frame_of(S->base));
    PyObject *result = go_on_with_delegates(S, (PyObject *)S->result.o, &returned);
    if (result)
        h_keep_result(S, (Obj *)result, returned, sends);
    return result != NULL;
}

void gen_end(State *S)
{
    end_current(S, cpy_frame_of(S->base));
    h_keep_result(S, S->result.o, 1, S->record->site->sends);
}

void h_end_followed(State *S, Obj *g) { end_current(S, cpy_link_generator(S->thread, (PyObject *)g)); }
