/* frames.c: frames that native code enters and leaves without the interpreter, and without C stack.
 *
 *     INVOKE ────── record, frame ──► callee's START ... RETURN ── frame and record go ──► behind INVOKE
 *     RESUME_GEN ── record, the generator's frame linked ──► behind its yield ... YIELD ── frame unlinked, record goes ──► behind RESUME_GEN
 *
 * The stencils only jump to where these functions say: one copy of each, in use all the time, is in the cache where a copy for each call would
 * be read from memory. The State is the callee's until it returns: what of it is the caller's lies in the record. Where nothing is in the way
 * they call no other function, so that they save no registers: the rest is APART, in functions that they end in.
 *
 * What the interpreter keeps is kept as it does: in a generator's frame the state, the frame that it was resumed from, the exception that is
 * handled, the depth of recursion. One that delegates (`yield from`, `await`) to another is not gone through: gen_descend() links the frames of
 * all in between, and the innermost is gone on with; its YIELD comes straight back. */
#include "../cpython/call.h"
#include "../cpython/codeinfo.h"
#include "../cpython/death.h"
#include "../cpython/frame.h"
#include "../cpython/parameters.h"
#include "../cpython/raise.h"
#include <string.h>
#include "exceptions.h"
#include "frames.h"
#include "generators.h"

#define APART __attribute__((noinline))

/* ---- the record ---- */

typedef struct { Value one, other; } Pair;

/* n, which is even. */
static inline void copy(Value *to, const Value *from, intptr_t n)
{
    for (intptr_t k = 0; k < n; k += 2)
        *(Pair *)(to + k) = *(const Pair *)(from + k);
}

#define RECORD_SIZE(site) ((intptr_t)offsetof(CallRecord, spill) + (site)->n_spill * (intptr_t)sizeof(Value))

/* With so many bytes of a frame behind it. */
static inline int has_room(const State *S, const Site *site, intptr_t n_frame)
{
    return (uintptr_t)*S->stack_top + (uintptr_t)(RECORD_SIZE(site) + n_frame) < (uintptr_t)*S->stack_limit;
}

static inline CallRecord *new_record(State *S, Site *site, intptr_t n_frame, int in_new_chunk)
{
    intptr_t size = RECORD_SIZE(site) + n_frame;
    CallRecord *r = in_new_chunk ? (CallRecord *)cpy_add_chunk(S->thread, (int)(size / (intptr_t)sizeof(PyObject *))) : *S->stack_top;
    *S->stack_top = (char *)r + size;
    r->before = S->record;
    r->site = site;
    r->base = S->base;
    r->in_new_chunk = (uintptr_t)in_new_chunk;
    r->delegates = 0;
    copy(r->spill, S->spill, site->n_spill);
    return r;
}

static inline void enter(State *S, CallRecord *r, FrameHead *f)
{
    FrameHead **current = S->current;
    f->previous = *current;
    *current = f;
    --*S->depth;
    S->top = f;
    S->base = f->slot;
    S->record = r;
}

static APART void *cut_stack(State *S, CallRecord *r, void *on)
{
    cpy_cut_stack(S->thread, r);
    return on;
}

/* The State is the caller's again: the code to go on with. */
static inline void *back(State *S)
{
    CallRecord *r = S->record;
    Site *site = r->site;
    void *on = site->back;
    copy(S->spill, r->spill, site->n_spill);
    S->record = r->before;
    S->base = r->base;
    S->top = *S->current;
    if (unlikely(r->in_new_chunk))
        return cut_stack(S, r, on);
    *S->stack_top = (void *)r;
    return on;
}

/* An exception is set: on by the exit of the site. */
static void *raise_in_caller(State *S)
{
    S->exit = S->record->site->error;
    back(S);
    return *(void **)S->exit;
}

/* ---- functions ---- */

/* Few slots: a call would cost more, and the registers that are saved around it. */
#define NOT_MEMSET(p) __asm__("" : "+r"(p))

int frames_new_cells(State *S, const Invoked *v)
{
    PyObject *chain = NULL;
    for (uint64_t left = v->cells; left; left &= left - 1) {
        PyObject *cell = PyCell_New(chain);
        Py_XDECREF(chain);
        if (!cell) {
            PyErr_Clear();
            return 0;
        }
        chain = cell;
    }
    if (*S->breaker != S->calm) {
        Py_XDECREF(chain);
        return 0;
    }
    S->result.o = (Obj *)chain;
    return 1;
}

void frames_place_cells(State *S, FrameSlot *slot, const Invoked *v)
{
    PyObject *chain = (PyObject *)S->result.o;
    for (uint64_t left = v->cells; left; left &= left - 1) {
        FrameSlot *s = &slot[__builtin_ctzll(left)];
        PyCellObject *cell = (PyCellObject *)chain;
        chain = cell->ob_ref;
        cell->ob_ref = (PyObject *)slot_object(s);      /* the slot's reference, if it is counted */
        slot_give(s, (Obj *)cell);
    }
}

/* Not linked yet: the callable's reference and those of the arguments are its own. */
static inline void fill(State *S, FrameHead *f, const Invoked *v, Obj *callable, int is_closure)
{
    Obj *code = v->code;
    if (!code || !callable)
        __builtin_unreachable();
    incref(code);
    slot_give(&f->executable, code);
    slot_give(&f->function, callable);
    f->globals = v->globals;
    f->builtins = v->builtins;
    f->locals = f->frame_object = NULL;
    f->ip = v->ip;
    f->return_offset = 0;
    f->owner = FRAME_OWNED_BY_THREAD;
    FRAME_INIT((Frame *)f);
    FrameSlot *slot = f->slot;
    const Value *arg = S->args;
    for (intptr_t n = v->n_args; n > 0; n--)
        slot_give(slot++, arg++->o);
    for (intptr_t n = v->n_empty; n > 0; n--) {
        slot_clear(slot++);
        NOT_MEMSET(slot);
    }
    if (is_closure) {
        Obj **cell = ((TupleObj *)((FunctionObj *)callable)->fields[FUNC_CLOSURE])->item;
        for (intptr_t n = v->n_free; n > 0; n--) {
            incref(*cell);
            slot_give(slot++, *cell++);
        }
    }
    FRAME_SET_EXECUTING((Frame *)f);
}

#define FRAME_SIZE(v) ((v)->n_words * (intptr_t)sizeof(void *))

static inline void *enter_function(State *S, Obj *callable, Site *site, Invoked *v, int in_new_chunk, int is_closure)
{
    CallRecord *r = new_record(S, site, FRAME_SIZE(v), in_new_chunk);
    FrameHead *f = (FrameHead *)(r->spill + site->n_spill);
    fill(S, f, v, callable, is_closure);
    enter(S, r, f);
    return v->entry;
}

/* The cells are made, where there are some. */
static void *enter_anywhere(State *S, Obj *callable, Site *site, Invoked *v)
{
    void *entry = enter_function(S, callable, site, v, !has_room(S, site, FRAME_SIZE(v)), v->n_free > 0);
    if (v->cells)
        frames_place_cells(S, S->base, v);
    return entry;
}

static APART void *enter_otherwise(State *S, Obj *callable, Site *site)
{
    Invoked *v = site->invoked;
    if (v->entry && (!v->cells || frames_new_cells(S, v)))
        return enter_anywhere(S, callable, site, v);
    return h_invoke(S, callable, v) ? site->back : NULL;
}

static APART void *enter_closure(State *S, Obj *callable, Site *site, Invoked *v) { return enter_function(S, callable, site, v, 0, 1); }

void *h_enter(State *S, Obj *callable, void *of)
{
    Site *site = of;
    Invoked *v = site->invoked;
    if (unlikely(!v->entry) || unlikely(v->cells != 0) || unlikely(!has_room(S, site, FRAME_SIZE(v))))
        return enter_otherwise(S, callable, site);
    if (v->n_free > 0)
        return enter_closure(S, callable, site, v);
    return enter_function(S, callable, site, v, 0, 0);
}

#define NEXT_LOCAL (RELEASES_LOCALS == UP ? 1 : -1)

/* Nothing else has it. */
static inline int goes(Obj *o) { return o && !is_immortal(o) && !decref(o); }

/* The same of what fills its slot. */
static inline int goes_there(Obj *o) { return (!SLOT_UNCOUNTED || o) && !is_immortal(o) && !decref(o); }

static void die(State *S, Obj *o)
{
    S->loud |= !cpy_is_leaf_type(Py_TYPE((PyObject *)o));
    _Py_Dealloc((PyObject *)o);
}

/* Function and code, or one of them, of a frame that has nothing else any more. */
static APART void *leave_dead(State *S, Obj *dead, Obj *last)
{
    die(S, dead);
    if (last && goes(last))
        die(S, last);
    return back(S);
}

static inline void *leave_rest(State *S, Obj *function, Obj *code)
{
    if (unlikely(goes_there(function)))
        return leave_dead(S, function, code);
    if (unlikely(goes_there(code)))
        return leave_dead(S, code, NULL);
    return back(S);
}

/* The rest of a frame of which an object dies: that, the slots behind it, function and code. */
static APART void *leave_dying(State *S, Obj *dies, FrameSlot *slot, intptr_t n)
{
    FrameHead *f = (FrameHead *)cpy_frame_of(S->base);
    for (;;) {
        if (dies)
            die(S, dies);
        if (n-- == 0)
            break;
        dies = slot_owned(slot);
        dies = goes(dies) ? dies : NULL;
        slot += NEXT_LOCAL;
    }
    return leave_rest(S, slot_owned(&f->function), slot_owned(&f->executable));
}

/* What dies of it sees its caller. */
void *h_leave(State *S, int64_t n)
{
    FrameSlot *slot = S->base + (NEXT_LOCAL > 0 ? 0 : n - 1);
    FrameHead *f = (FrameHead *)cpy_frame_of(S->base);
    *S->current = f->previous;
    ++*S->depth;
    for (; n > 0; n--, slot += NEXT_LOCAL) {
        Obj *o = slot_owned(slot);
        if (unlikely(goes(o)))
            return leave_dying(S, o, slot + NEXT_LOCAL, n - 1);
    }
    return leave_rest(S, slot_owned(&f->function), slot_owned(&f->executable));
}

/* ---- whatever is called ---- */

int h_call_any(State *S, Obj *callable, Obj *names, int64_t nargs)
{
    PyObject *o = (PyObject *)callable, **args = (PyObject **)S->args;
    if (PyFunction_Check(o) || PyMethod_Check(o))
        S->work -= CALLED_FROM_C;
    S->raw = RAW_OBJECT;
    S->loud = 1;
    S->result.o = (Obj *)(names ? cpy_call_kw(o, args, (size_t)nargs, (PyObject *)names) : cpy_call(S->thread, o, args, (size_t)nargs));
    return S->result.o != NULL;
}

static APART void *call_any(State *S, Obj *callable, Obj *names, intptr_t n, Site *site)
{
    return h_call_any(S, callable, names, n) ? site->back : NULL;
}

/* What calls of the function come to now; NULL: the interpreter runs them. */
static inline Invoked *invoked_of(State *S, const PyFunctionObject *func)
{
    CodeInfo *info = codeinfo_native(func);
    return info && *S->breaker == S->calm && *S->depth > INVOKE_DEPTH && frames_calm(S, info->code) ? &info->invoked : NULL;
}

/* 0: it is called in another way. */
static APART int arrange(State *S, const PyFunctionObject *func, const Invoked *v, size_t n, PyObject *names)
{
    PyObject **args = (PyObject **)S->args, *arranged[N_ARGS];
    if (!cpy_arrange(func, args, n - (names ? (size_t)PyTuple_GET_SIZE(names) : 0), names, arranged))
        return 0;
    for (size_t i = 0; i < n; i++)          /* not the last reference */
        Py_DECREF(args[i]);
    for (intptr_t i = 0; i < v->n_args; i++)
        args[i] = arranged[i];
    return 1;
}

/* The arguments are those of the code. */
static APART void *call_arranged(State *S, PyFunctionObject *func, const Invoked *v, Site *site)
{
    S->raw = RAW_OBJECT;
    S->loud = 1;
    S->result.o = (Obj *)cpy_call_with_parameters(S->thread, func, (PyObject **)S->args, (int)v->n_args, 1);
    Py_DECREF(func);
    return S->result.o ? site->back : NULL;
}

/* The callable, a method, and n arguments: its function instead, self among them. */
static APART PyObject *take_apart(State *S, PyObject *method, PyObject **args, intptr_t n)
{
    S->loud |= ((PyMethodObject *)method)->im_weakreflist != NULL;      /* who refers to it weakly may be told */
    PyObject *function = Py_NewRef(PyMethod_GET_FUNCTION(method));
    memmove(args + 1, args, (size_t)n * sizeof *args);
    args[0] = Py_NewRef(PyMethod_GET_SELF(method));
    Py_DECREF(method);
    return function;
}

void *h_enter_any(State *S, Obj *callable, Obj *names, void *of)
{
    Site *site = of;
    intptr_t n = site->n_given;
    PyObject *o = (PyObject *)callable;
    int bound = Py_IS_TYPE(o, &PyMethod_Type);
    PyFunctionObject *func = (PyFunctionObject *)(bound ? PyMethod_GET_FUNCTION(o) : o);
    if (!PyFunction_Check(func) || n == N_ARGS || !cpy_is_inlined(S->thread, func))
        return call_any(S, callable, names, n, site);
    if (bound) {
        callable = (Obj *)take_apart(S, o, (PyObject **)S->args, n);
        n++;
    }
    Invoked *v = invoked_of(S, func);
    if (!v || (!cpy_is_plain_call(func, (size_t)n, (PyObject *)names) && !arrange(S, func, v, (size_t)n, (PyObject *)names)))
        return call_any(S, callable, names, n, site);
    if (v->cells && !frames_new_cells(S, v))
        return call_arranged(S, func, v, site);
    return enter_anywhere(S, callable, site, v);
}

/* ---- what is raised ---- */

static int may_raise_out(const State *S, Frame *f)
{
    const CallRecord *r = S->record;
    return r && r->site->error && !h_is_watched(S, f);
}

static void *raise_out(State *S, Frame *f)
{
    FRAME_SET_TOP(f, cpy_frame_code(f)->co_nlocalsplus);
    S->loud = 1;
    if (f->frame_obj)           /* it outlives the frame, and refers to the caller's */
        cpy_use_spare_frame_object(f->previous);
    raise_drop_frame(S->thread, f->previous, f);
    return raise_in_caller(S);
}

void *h_raise_out(State *S, Obj *exc)
{
    Frame *f = cpy_frame_of(S->base);
    PyErr_SetRaisedException((PyObject *)exc);
    if (!may_raise_out(S, f))
        return NULL;
    raise_traceback(S->thread);
    return raise_out(S, f);
}

void *h_reraise_out(State *S, Obj *exc)
{
    Frame *f = cpy_frame_of(S->base);
    if (!may_raise_out(S, f))
        return NULL;
    PyErr_SetRaisedException((PyObject *)exc);
    return raise_out(S, f);
}

/* ---- generators ---- */

/* The native code for where it stands; NULL: the interpreter has to go on there. */
static inline void *entry_of(const GenObj *gen, const ResumePoint *p)
{
    void *ip = gen->frame.ip;
    if (unlikely(gen->frame.frame_object != NULL))
        return NULL;
    for (; p->ip; p++)
        if (p->ip == ip)
            return p->entry;
    return NULL;
}

/* sends: S->result is sent, else None. NULL: no native code is there. */
static inline void *resume(State *S, GenObj *gen, Site *site, int sends, int in_new_chunk)
{
    FrameHead *f = &gen->frame;
    const ResumePoint *first = site->resumed->point;
    void *entry = entry_of(gen, first);
    int begins = f->ip == first->ip;
    if (unlikely(!entry) || (sends && unlikely(begins) && S->result.o != S->none))
        return NULL;
    CallRecord *r = new_record(S, site, 0, in_new_chunk);
    if (!begins)
        slot_give(&f->slot[FRAME_TOP((Frame *)f)], sends ? S->result.o : S->none);
    FRAME_SET_EXECUTING((Frame *)f);
    HandledError **handled = S->handled;
    gen->error.previous = *handled;
    *handled = &gen->error;
    gen->state = (int8_t)S->executing;
    enter(S, r, f);
    return entry;
}

static APART void *resume_otherwise(State *S, GenObj *gen, Site *site, int sends)
{
    void *entry = has_room(S, site, 0) ? NULL : resume(S, gen, site, sends, 1);
    if (!entry)
        entry = gen_descend(S, gen, site);
    if (entry)
        return entry;
    return (sends ? h_send(S, (Obj *)gen, S->result.o) : h_resume(S, (Obj *)gen)) ? site->back : NULL;
}

static inline void *enter_gen(State *S, GenObj *gen, Site *site, int sends)
{
    void *entry = likely(has_room(S, site, 0)) ? resume(S, gen, site, sends, 0) : NULL;
    return likely(entry != NULL) ? entry : resume_otherwise(S, gen, site, sends);
}

void *h_enter_gen(State *S, Obj *g, void *site) { return enter_gen(S, (GenObj *)g, site, 0); }

void *h_send_gen(State *S, Obj *g, Obj *v, void *site)
{
    S->result.o = v;
    return enter_gen(S, (GenObj *)g, site, 1);
}

static APART void *suspend_delegates(State *S) { return gen_ascend(S) ? back(S) : raise_in_caller(S); }

void *h_suspend(State *S, int64_t n)
{
    Frame *frame = cpy_frame_of(S->base);
    GenObj *gen = cpy_generator_of(frame);
    FrameHead *f = (FrameHead *)frame;
    gen->state = (int8_t)(n >> 16);
    FRAME_SET_TOP(frame, n & 0xffff);
    *S->handled = gen->error.previous;
    gen->error.previous = NULL;
    *S->current = f->previous;
    f->previous = NULL;
    ++*S->depth;
    S->returned = 0;
    return unlikely(S->record->delegates != 0) ? suspend_delegates(S) : back(S);
}

void *h_return_gen(State *S)
{
    if (likely(S->record->delegates == 0)) {
        gen_end(S);
        return back(S);
    }
    return gen_end_delegate(S) ? back(S) : raise_in_caller(S);
}
