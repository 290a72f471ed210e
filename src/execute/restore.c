/* restore.c: snapshot + values -> interpreter frames.
 *
 * Three steps, because what a value is may depend on memory that is about to be written, and because releasing old values may run
 * arbitrary code, which has to find everything in place:
 *
 *   1. every value of the snapshot becomes an object; sunk ones are made, each once, whichever slots share it
 *   2. slots, frames, instruction pointers are written
 *   3. what the slots held before, and what the trace had still to drop, is released; inlined frames are run to their return,
 *      innermost first, each result taken by its caller; then the entry frame goes on in the interpreter that it came from
 *
 * There is no state to go back to when memory runs out meanwhile: then the reserve is used, which was there when the trace was entered. */
#include "execute.h"
#include "raise.h"
#include "../cpython/codeinfo.h"
#include "../cpython/frame.h"
#include "../cpython/opcodes.h"
#include "../cpython/reserve.h"

#define MAX_SNAP 2048

typedef struct {
    const Trace *t;
    const Value *vals;
    Frame *frame;
    struct Made { Ref ref; PyObject *o; } *made;       /* sunk objects made at this exit, owned */
    int n_made, max_made;
} Restore;

int must_have_memory(void)
{
    PyErr_Clear();
    if (!reserve_release())
        Py_FatalError("copypatch: out of memory while leaving a trace");
    return 1;
}

static int64_t int_of(Restore *r, Ref ref) { return IS_CONST(ref) ? r->t->consts[~ref].v.i : r->vals[ref].i; }
static double float_of(Restore *r, Ref ref) { return IS_CONST(ref) ? r->t->consts[~ref].v.f : r->vals[ref].f; }

static PyObject *make_big(Restore *r, const Uop *u)
{
    PyObject *a = MUST(PyLong_FromLongLong(int_of(r, u->a))), *b = MUST(PyLong_FromLongLong(int_of(r, u->b)));
    PyObject *o = MUST(u->op == UOP_SINK_ADD ? PyNumber_Add(a, b) : u->op == UOP_SINK_SUB ? PyNumber_Subtract(a, b) : PyNumber_Multiply(a, b));
    Py_DECREF(a);
    Py_DECREF(b);
    return o;
}

static PyObject *make_sunk(Restore *r, const Uop *u)
{
    switch (u->op) {
    case UOP_SINK_FLOAT: return MUST(PyFloat_FromDouble(float_of(r, u->a)));
    case UOP_SINK_INT: return MUST(PyLong_FromLongLong(int_of(r, u->a)));
    case UOP_SINK_SLOT_FLOAT: case UOP_SINK_SLOT_INT: {
        PyObject *held = r->frame->localsplus[u->imm];
        if (held)
            return Py_NewRef(held);
        return MUST(u->op == UOP_SINK_SLOT_FLOAT ? PyFloat_FromDouble(float_of(r, u->a)) : PyLong_FromLongLong(int_of(r, u->a)));
    }
    case UOP_SINK_RANGE: case UOP_SINK_INDEX: {
        PyObject *iterator = r->frame->localsplus[u->imm];
        if (u->op == UOP_SINK_RANGE)
            range_sync((RangeIter *)iterator, int_of(r, u->a));
        else
            ((ListIter *)iterator)->index = int_of(r, u->a);
        return Py_NewRef(iterator);
    }
    default: return make_big(r, u);
    }
}

/* The object of a ref; borrowed from the trace, the program, or the table of made objects. */
static PyObject *object_of(Restore *r, Ref ref)
{
    if (IS_CONST(ref))
        return (PyObject *)r->t->consts[~ref].v.o;
    const Uop *u = &r->t->uops[ref];
    if (!(uop_info[u->op].effects & EFFECT_SUNK))
        return (PyObject *)r->vals[ref].o;
    for (int i = 0; i < r->n_made; i++)
        if (r->made[i].ref == ref)
            return r->made[i].o;
    if (r->n_made == r->max_made)
        Py_FatalError("copypatch: too many objects to make at an exit");
    r->made[r->n_made].ref = ref;
    return r->made[r->n_made++].o = make_sunk(r, u);
}

/* ---- frames ---- */

static int base_opcode(PyCodeObject *code, int unit) { return codeinfo_peek(code)->units[unit * 2]; }

/* Index of the opcode's own unit: behind its EXTENDED_ARG prefixes. */
static int behind_prefix(PyCodeObject *code, int unit)
{
    while (base_opcode(code, unit) == EXTENDED_ARG)
        unit++;
    return unit;
}

static int unit_behind(PyCodeObject *code, int unit)
{
    unit = behind_prefix(code, unit);
    return unit + 1 + cpy_caches(base_opcode(code, unit));
}

/* The inlined frames, which are pushed: frames[1..n-1]. */
static void find_frames(PyThreadState *ts, Frame **frames, int n)
{
    Frame *f = ts->current_frame;
    for (int i = n - 1; i > 0; i--, f = f->previous)
        frames[i] = f;
    if (f != frames[0])
        Py_FatalError("copypatch: a frame is missing on the thread's stack");
}

/* An iterator's answer lies on top (CONT_NEXT): the loop goes on with it, or ends. *gone: the iterator to release. */
static void finish_next(Frame *frame, int unit, PyObject **gone)
{
    PyCodeObject *code = cpy_frame_code(frame);
    int at = behind_prefix(code, unit), arg = 0, shift = 0;
    for (int i = at; i >= unit; i--, shift += 8)
        arg |= codeinfo_peek(code)->units[i * 2 + 1] << shift;
    int next = at + 2;
    if (!frame->localsplus[frame->stacktop - 1]) {
        *gone = frame->localsplus[frame->stacktop - 2];
        frame->stacktop -= 2;
        next += arg + 2;
    }
    cpy_frame_set_ip(frame, next);
}

/* ---- running inlined frames to their end ---- */

/* Runs a frame that is not linked: consumed. New reference, or NULL with an exception. */
static PyObject *run_frame(PyThreadState *ts, Frame *caller, Frame *f)
{
    ts->current_frame = caller;
    ts->py_recursion_remaining++;       /* the interpreter counts it itself */
    return _PyEval_EvalFrameDefault(ts, f, 0);
}

static void drop_frame(PyThreadState *ts, Frame *caller, Frame *f)
{
    PyObject *exc = PyErr_GetRaisedException();
    ts->current_frame = caller;
    ts->py_recursion_remaining++;
    _PyEval_FrameClearAndPop(ts, f);
    PyErr_SetRaisedException(exc);
}

/* frames[0] is the entry frame, current on return. */
static void run_inlined(PyThreadState *ts, Frame **frames, int n, int raised)
{
    for (int i = n - 1; i > 0; i--) {
        PyObject *result = NULL;
        if (raised && !raise_in_frame(ts, frames[i]))
            drop_frame(ts, frames[i - 1], frames[i]);
        else
            result = run_frame(ts, frames[i - 1], frames[i]);
        Frame *caller = frames[i - 1];
        raised = result == NULL;
        if (!raised) {
            caller->localsplus[caller->stacktop++] = result;
            cpy_frame_set_ip(caller, unit_behind(cpy_frame_code(caller), cpy_frame_ip(caller)));
        } else
            cpy_frame_set_ip(caller, behind_prefix(cpy_frame_code(caller), cpy_frame_ip(caller)));
    }
    if (raised && !raise_in_frame(ts, frames[0]))
        raise_out_of(frames[0]);
}

/* What is to be released when everything is in place. */
typedef struct { PyObject **o, *few[24]; int n; } Gone;

/* Steps 1 and 2. Its large arrays are off the C stack before anything is run: inlined frames may nest deeply. */
static __attribute__((noinline)) void rebuild(PyThreadState *ts, Frame *frame, const Trace *t, int32_t snap, const Value *vals, int raised,
                                              Frame **frames, Gone *out)
{
    const Snapshot *s = &t->snaps[snap];
    const SnapFrame *sf = &t->snap_frames[s->first_frame];
    const SnapSlot *slots = &t->snap_slots[s->first_slot];
    if (s->n_slots > MAX_SNAP || s->n_frames > MAX_FRAMES)
        Py_FatalError("copypatch: a snapshot of too many slots");
    struct Made made[s->n_slots + 1];
    PyObject *value[s->n_slots + 1], *gone[s->n_slots + 1];
    Restore r = {t, vals, frame, made, 0, s->n_slots + 1};
    int n_gone = 0;
    for (int i = 0; i < s->n_slots; i++)
        value[i] = slots[i].how == HOW_MEMORY || slots[i].how == HOW_NULL || slots[i].how == HOW_PLACED ? NULL : object_of(&r, slots[i].ref);

    frames[0] = frame;
    int real = s->n_frames > 1 && sf[1].real;
    if (real)
        find_frames(ts, frames, s->n_frames);
    for (int i = 1; i < s->n_frames; i++) {
        if (!real)
            frames[i] = cpy_push_frame(ts, (PyFunctionObject *)object_of(&r, sf[i].func), sf[i].code, sf[i].ip);
        for (int k = real ? sf[i].code->co_nlocalsplus : 0; k < sf[i].code->co_nlocalsplus + sf[i].depth; k++)
            frames[i]->localsplus[k] = NULL;
    }
    int n_locals = cpy_frame_code(frame)->co_nlocalsplus;
    for (int i = 0; i < s->n_slots; i++) {
        if (slots[i].how == HOW_MEMORY || slots[i].how == HOW_PLACED)
            continue;
        if (slots[i].how == HOW_DROP) {
            gone[n_gone++] = value[i];
            continue;
        }
        PyObject **place = &frames[slots[i].frame]->localsplus[slots[i].slot];
        int is_local = slots[i].frame == 0 && slots[i].slot < n_locals;
        if (slots[i].how == HOW_KEEP && *place)
            continue;
        if (is_local && *place)
            gone[n_gone++] = *place;
        *place = slots[i].how == HOW_OWNED ? value[i] : Py_XNewRef(value[i]);
    }
    for (int i = 0; i < s->n_frames; i++) {
        cpy_frame_set_ip(frames[i], raised || i < s->n_frames - 1 ? behind_prefix(sf[i].code, sf[i].ip) : sf[i].ip);
        cpy_frame_set_depth(frames[i], sf[i].depth);
    }
    Frame *top = frames[s->n_frames - 1];
    if (sf[s->n_frames - 1].continuation == CONT_NEXT) {
        PyObject *iterator = NULL;
        finish_next(top, sf[s->n_frames - 1].ip, &iterator);
        if (iterator)
            gone[n_gone++] = iterator;
    }
    ts->current_frame = top;
    for (int i = 0; i < r.n_made; i++)
        Py_DECREF(r.made[i].o);
    out->n = n_gone;
    out->o = n_gone <= (int)(sizeof out->few / sizeof *out->few) ? out->few : MUST((PyObject **)PyMem_RawMalloc(sizeof *gone * (size_t)n_gone));
    memcpy(out->o, gone, sizeof *gone * (size_t)n_gone);
}

/* Where the innermost frame stands while what the snapshot drops is released; -1: where it goes on. */
static int drop_unit(const Trace *t, int32_t snap)
{
    const Snapshot *s = &t->snaps[snap];
    const SnapFrame *top = &t->snap_frames[s->first_frame + s->n_frames - 1];
    return top->continuation == CONT_NEXT ? behind_prefix(top->code, top->ip) : top->drop_ip;
}

void exit_restore(PyThreadState *ts, Frame *frame, const Trace *t, int32_t snap, const Value *vals, int raised)
{
    Frame *frames[MAX_FRAMES];
    Gone gone;
    int n_frames = t->snaps[snap].n_frames, drop_ip = drop_unit(t, snap);       /* the trace may be gone when all is released */
    PyObject *pending = PyErr_GetRaisedException();
    rebuild(ts, frame, t, snap, vals, raised, frames, &gone);
    Frame *top = frames[n_frames - 1];
    _Py_CODEUNIT *next = top->instr_ptr;
    if (!raised && drop_ip >= 0)
        cpy_frame_set_ip(top, drop_ip);     /* who dies here sees the line that let go of it */
    for (int i = 0; i < gone.n; i++)
        Py_XDECREF(gone.o[i]);
    top->instr_ptr = next;
    if (gone.o != gone.few)
        PyMem_RawFree(gone.o);
    PyErr_SetRaisedException(pending);
    run_inlined(ts, frames, n_frames, raised);
}
