/* restore.c: moves + values -> interpreter frames.
 *
 * Three steps, because what a value is may depend on memory that is about to be written, and because releasing old values may run
 * arbitrary code, which has to find everything in place:
 *
 *   1. objects that several slots share are made
 *   2. slots, frames, instruction pointers are written; objects for one slot are made on the way
 *   3. what the slots held before, and what the trace had still to drop, is released; inlined frames are run to their return,
 *      innermost first, each result taken by its caller; then the entry frame goes on in the interpreter that it came from
 *
 *  1. Steps 1 and 2 run no Python code: they make ints and floats by functions that neither poll for signals nor release anything, and only
 *     take references away that are not the last (of ints and floats: at the end of step 2 the last too). So nobody sees frames half built.
 *  2. Step 3 reads nothing of the trace, which may be freed by what it runs.
 *  3. There is no state to go back to when memory runs out meanwhile: then the reserve is used, which was there when the trace was entered.
 *     What is our own comes from the C library, past CPython's allocators, whose hooks may count, or refuse. */
#include "execute.h"
#include "../cpython/codeinfo.h"
#include "../cpython/frame.h"
#include "../cpython/opcodes.h"
#include "../cpython/operators.h"
#include "../cpython/raise.h"
#include "../cpython/reserve.h"
#include "prepare.h"

/* ---- objects ---- */

static PyObject *make_float(Value v) { return MUST(PyFloat_FromDouble(v.f)); }
static PyObject *make_int(Value v) { return MUST(PyLong_FromLongLong(v.i)); }

/* PyNumber_Multiply() would do, but polls. */
static PyObject *make_big(int op, int64_t a, int64_t b)
{
    return (PyObject *)MUST(op == UOP_SINK_ADD ? h_big_add(a, b) : op == UOP_SINK_SUB ? h_big_sub(a, b) : h_big_mul(a, b));
}

/* The same instance, with one more attribute. */
static PyObject *set(Obj *instance, Obj *value, int64_t place)
{
    Obj **field = (Obj **)((char *)instance + ir_place_offset(place)), *old = *field;
    Py_INCREF((PyObject *)value);
    if (old || ir_place_number(place) < 0)
        *field = value;
    else
        values_add(field, ir_place_number(place), value);
    Py_XDECREF((PyObject *)old);
    return Py_NewRef((PyObject *)instance);
}

static PyObject *make(Frame *frame, const Recipe *r, const Value *v)
{
    PyObject *held = cpy_slot(frame, r->slot);
    switch (r->op) {
    case UOP_SINK_FLOAT: return make_float(v[r->a]);
    case UOP_SINK_INT: return make_int(v[r->a]);
    case UOP_SINK_SLOT_FLOAT: return held ? Py_NewRef(held) : make_float(v[r->a]);
    case UOP_SINK_SLOT_INT: return held ? Py_NewRef(held) : make_int(v[r->a]);
    case UOP_SINK_RANGE:
        range_sync((RangeIter *)held, v[r->a].i);
        return Py_NewRef(held);
    case UOP_SINK_INDEX:
        ((ListIter *)held)->index = v[r->a].i;
        return Py_NewRef(held);
    case UOP_SINK_NEW: return (PyObject *)MUST(h_new_object(v[r->a].o));
    case UOP_SINK_SET: return set(v[r->a].o, v[r->b].o, r->place);
    default: return make_big(r->op, v[r->a].i, v[r->b].i);
    }
}

/* ---- frames ---- */

/* The inlined frames, which are pushed: frames[1..n-1]. */
static void find_frames(PyThreadState *ts, Frame **frames, int n)
{
    Frame *f = ts->current_frame;
    for (int i = n - 1; i > 0; i--, f = f->previous)
        frames[i] = f;
    if (f != frames[0])
        Py_FatalError("copypatch: a frame is missing on the thread's stack");
}

static void push_frames(PyThreadState *ts, const Prepared *p, const Value *v, Frame **frames)
{
    if (p->real)
        find_frames(ts, frames, p->n_frames);
    for (int i = 1; i < p->n_frames; i++) {
        const FrameMove *f = &p->frames[i];
        int n_locals = f->code->co_nlocalsplus;
        if (f->suspended) {
            frames[i] = cpy_link_generator(ts, (PyObject *)v[f->func].o);
            continue;
        }
        if (!p->real)
            frames[i] = cpy_push_frame(ts, (PyFunctionObject *)v[f->func].o, f->code, f->ip);
        for (int k = p->real ? n_locals : 0; k < n_locals + f->depth; k++)
            slot_clear(&cpy_slots(frames[i])[k]);
    }
}

/* A reference goes: at once if it is not the last, else when everything is in place. NULL is ignored. */
static inline void release_later(Leaving *out, PyObject *o)
{
    if (!o || _Py_IsImmortal(o))
        return;
    if (Py_REFCNT(o) > 1)
        Py_DECREF(o);
    else
        out->gone[out->n_gone++] = o;
}

/* A value into its slot. Only the locals of the entry frame, and of a generator, held one. */
static inline void put(Leaving *out, FrameSlot *place, int held, PyObject *o)
{
    PyObject *old = held ? (PyObject *)slot_owned(place) : NULL;
    slot_give(place, (Obj *)o);
    release_later(out, old);
}

static inline void lend(Leaving *out, FrameSlot *place, int held, PyObject *o)
{
    PyObject *old = held ? (PyObject *)slot_owned(place) : NULL;
    slot_lend(place, (Obj *)o);
    release_later(out, old);
}

static inline void move_one(const SlotMove *m, Value value, FrameSlot *place, int held, Leaving *out)
{
    switch ((MoveHow)m->how) {
    case MOVE_OWNED: put(out, place, held, (PyObject *)value.o); break;
    case MOVE_BORROWED: put(out, place, held, Py_XNewRef((PyObject *)value.o)); break;
    case MOVE_LENT: lend(out, place, held, (PyObject *)value.o); break;
    case MOVE_NULL: put(out, place, held, NULL); break;
    case MOVE_NEW_INT: put(out, place, held, make_int(value)); break;
    case MOVE_NEW_FLOAT: put(out, place, held, make_float(value)); break;
    case MOVE_KEEP: slot_give(place, (Obj *)Py_NewRef((PyObject *)value.o)); break;
    case MOVE_KEEP_INT: slot_give(place, (Obj *)make_int(value)); break;
    case MOVE_KEEP_FLOAT: slot_give(place, (Obj *)make_float(value)); break;
    case MOVE_SYNC_RANGE: range_sync((RangeIter *)slot_object(place), value.i); break;
    case MOVE_SYNC_INDEX: ((ListIter *)slot_object(place))->index = value.i; break;
    case MOVE_TAGGED: slot_give_int(place, (intptr_t)value.i); break;
    case MOVE_DROP:      /* in their order: one may have the last reference to the next */
        if (value.o && !_Py_IsImmortal((PyObject *)value.o))
            out->gone[out->n_gone++] = (PyObject *)value.o;
        break;
    }
}

static inline int is_kept(const SlotMove *m, const FrameSlot *place)
{
    return m->how >= MOVE_KEEP_FIRST && m->how <= MOVE_KEEP_LAST && slot_object(place);
}

static void move_values(const Prepared *p, const Value *v, Leaving *out)
{
    for (const SlotMove *m = p->moves, *end = m + p->n_moves; m < end; m++) {
        FrameSlot *place = &cpy_slots(out->frames[m->frame])[m->slot];
        const FrameMove *f = &p->frames[m->frame];
        if (!is_kept(m, place))
            move_one(m, v[m->from], place, (m->frame == 0 || f->suspended) && m->slot < f->code->co_nlocalsplus, out);
    }
}

/* Where each frame goes on. */
static void set_positions(PyThreadState *ts, const Prepared *p, Leaving *out)
{
    for (int i = 0; i < p->n_frames; i++) {
        const FrameMove *f = &p->frames[i];
        cpy_frame_set_ip(out->frames[i], out->pending ? f->raise_ip : f->ip);
        cpy_frame_set_depth(out->frames[i], f->depth);
        out->continuation[i] = f->continuation;
        out->end_ip[i] = f->end_ip;
    }
    Frame *top = out->frames[p->n_frames - 1];
    int n = FRAME_TOP(top);
    if (p->next && !cpy_slot(top, n - 1)) {         /* the iterator is exhausted: the loop ends, and it goes, or will */
        if (FOR_ITER_POPS)
            release_later(out, cpy_slot(top, n - 2));
        FRAME_SET_TOP(top, n - 1 - FOR_ITER_POPS);
        cpy_frame_set_ip(top, p->end_ip);
    }
    if (p->sent && out->returned)
        cpy_frame_set_ip(top, p->end_ip);
    out->next = top->instr_ptr;
    if (p->drop_ip >= 0 && !out->pending)       /* who dies sees the line that let go of it */
        cpy_frame_set_ip(top, p->drop_ip);
    ts->current_frame = top;
}

/* Ints and floats die without running code: the others are left. */
static void release_numbers(Leaving *out)
{
    int left = 0;
    for (int i = 0; i < out->n_gone; i++) {
        PyObject *o = out->gone[i];
        if (PyFloat_CheckExact(o) || PyLong_CheckExact(o))
            Py_DECREF(o);
        else
            out->gone[left++] = o;
    }
    out->n_gone = left;
}

static inline void add_consts(const Prepared *p, Value *v)
{
    for (int i = 0; i < p->n_consts; i++)
        v[p->n_leaves + i] = p->consts[i];
}

/* Steps 1 and 2. v: the leaves, with room for what else has a value number. No exception is set. */
static __attribute__((noinline)) void rebuild(PyThreadState *ts, Frame *frame, const Prepared *p, Value *v, PyObject *pending, Leaving *out)
{
    out->pending = pending;
    out->n_frames = p->n_frames;
    out->frames[0] = frame;
    out->n_gone = 0;
    out->gone = p->n_moves < FEW_GONE ? out->few : MUST((PyObject **)malloc(sizeof *out->gone * (size_t)(p->n_moves + 1)));
    Value *made = v + p->n_leaves + p->n_consts;
    add_consts(p, v);
    for (int i = 0; i < p->n_recipes; i++)
        made[i].o = (Obj *)make(frame, &p->recipes[i], v);
    if (p->n_frames > 1)
        push_frames(ts, p, v, out->frames);
    move_values(p, v, out);
    set_positions(ts, p, out);
    for (int i = 0; i < p->n_recipes; i++)
        Py_DECREF((PyObject *)made[i].o);
    if (out->n_gone)
        release_numbers(out);
}

static inline void make_room(Values *values, const Prepared *p)
{
    int32_t n = prepared_values(p);
    values->v = n <= FEW_VALUES ? values->few : MUST((Value *)malloc(sizeof(Value) * (size_t)n));
}

int exit_is_caught(const Exit *e)
{
    const Trace *t = e->trace;
    const Snapshot *s = &t->snaps[e->snap];
    PyCodeObject *code = t->snap_frames[s->first_frame].code;
    ExceptionEntry entry;
    for (int i = 0; i < s->n_slots; i++)
        if (t->snap_slots[s->first_slot + i].how == HOW_DROP)
            return 0;
    return s->n_frames == 1 && cpy_find_handler(code, cpy_fetch(codeinfo_peek(code)->units, exit_place(e)->ip).at, &entry);
}

void exit_values(Exit *e, State *S, const Value *vals, Values *out)
{
    if (!e->prepared)
        e->prepared = MUST(prepare_exit(e));
    const Prepared *p = e->prepared;
    make_room(out, p);
    if (p->at)
        for (int32_t i = 0; i < p->n_leaves; i++)
            out->v[i] = *(const Value *)((const char *)S + p->at[i]);
    else
        for (int32_t i = 0; i < p->n_leaves; i++)
            out->v[i] = vals[p->leaf[i]];
    if (p->result)
        out->v[prepared_values(p) - 1].o = h_take_result(S);
    out->returned = (int)S->returned;
}

void exit_give_result(const Exit *e, const Values *values, State *S)
{
    if (e->prepared->result)
        S->result = values->v[prepared_values(e->prepared) - 1];
    S->returned = values->returned;
}

/* All there is to do where an exit is plain. */
static inline void rebuild_plain(Frame *frame, const Prepared *p, Value *v, Leaving *out)
{
    int n_locals = p->frames->code->co_nlocalsplus;
    out->frames[0] = frame;
    out->n_frames = 1;
    out->n_gone = 0;
    out->gone = out->few;
    out->pending = NULL;
    add_consts(p, v);
    for (const SlotMove *m = p->moves, *end = m + p->n_moves; m < end; m++) {
        FrameSlot *place = &cpy_slots(frame)[m->slot];
        if (!is_kept(m, place))
            move_one(m, v[m->from], place, m->slot < n_locals, out);
    }
    out->next = frame->instr_ptr = cpy_code_start(p->frames->code) + p->frames->ip;
    FRAME_SET_TOP(frame, n_locals + p->frames->depth);
    if (out->n_gone)
        release_numbers(out);
    if (out->n_gone && p->drop_ip >= 0)
        cpy_frame_set_ip(frame, p->drop_ip);
}

/* By the snapshot as it stands. v: its leaves. */
static __attribute__((noinline)) void rebuild_snapshot(PyThreadState *ts, Frame *frame, const Trace *t, int32_t snap, const Value *v,
                                                       const Value *vals, PyObject *result, PyObject *pending, Leaving *out)
{
    Prepared *p = MUST(prepare_snapshot(t, snap));
    Values values;
    make_room(&values, p);
    for (int32_t i = 0; i < p->n_leaves; i++)
        values.v[i] = v ? v[i] : vals[p->leaf[i]];
    if (p->result)
        values.v[prepared_values(p) - 1].o = (Obj *)result;
    rebuild(ts, frame, p, values.v, pending, out);
    values_free(&values);
    free(p);
}

void exit_rebuild(PyThreadState *ts, Frame *frame, Exit *e, Values *values, PyObject *pending, Leaving *out)
{
    const Prepared *p = e->prepared;
    out->returned = values->returned;
    if (p->lasts && (frame->frame_obj || pending)) {
        PyObject *result = p->result ? (PyObject *)values->v[prepared_values(p) - 1].o : NULL;
        rebuild_snapshot(ts, frame, e->trace, e->snap, values->v, NULL, result, pending, out);
    } else if (p->plain && !pending)
        rebuild_plain(frame, p, values->v, out);
    else
        rebuild(ts, frame, p, values->v, pending, out);
}

/* ---- running inlined frames to their end ---- */

#define MOST_OPERANDS 258       /* of a call, the callable and an object among them */

/* n values leave the stack and go in this order. */
static __attribute__((noinline)) void drop(Frame *frame, int n, int order)
{
    Obj *gone[MOST_OPERANDS];
    int top = FRAME_TOP(frame) - n;
    for (int i = 0; i < n; i++)
        gone[i] = slot_owned(&cpy_slots(frame)[top + i]);
    FRAME_SET_TOP(frame, top);
    for (int i = 0; i < n; i++)
        Py_XDECREF((PyObject *)gone[order == UP ? i : n - 1 - i]);
}

static Instruction calling(const Frame *caller) { return cpy_fetch(codeinfo_peek(cpy_frame_code(caller))->units, cpy_frame_ip(caller)); }

static PyObject *by_operator(Frame *caller, Instruction i, PyObject *result)
{
    int top = FRAME_TOP(caller), n = cpy_operands(i.op);
    return cpy_operator_result(i.op, i.arg, cpy_slot(caller, top - n), cpy_slot(caller, top - 1), result);
}

/* The operands that a call has kept on its caller's stack go, as where it has raised or where it has not. */
static void drop_operands(Frame *caller, Continuation continuation, int raised)
{
    Instruction i = calling(caller);
    if (continuation == CONT_OPERATOR)
        drop(caller, cpy_operands(i.op), cpy_operator_releases(i.op, raised));
    if (continuation == CONT_CONSTRUCT) {
        drop(caller, i.arg + 1, RELEASES_ARGUMENTS);
        if (raised)
            drop(caller, 1, UP);
    }
}

/* The callee has given the result, which is consumed; end_ip: or it was a generator that has returned it, else -1. The caller takes it.
 * 0: that is an error, which is set. */
static int take(Frame *caller, Continuation continuation, PyObject *result, int end_ip)
{
    int is_init = continuation == CONT_INIT || continuation == CONT_CONSTRUCT, loop_ends = continuation == CONT_ITEM && end_ip >= 0;
    Instruction call = calling(caller);
    if (is_init && result != Py_None) {
        PyErr_Format(PyExc_TypeError, "__init__() should return None, not '%.200s'", Py_TYPE(result)->tp_name);
        Py_DECREF(result);
        return 0;
    }
    if (continuation == CONT_OPERATOR && !(result = by_operator(caller, call, result)))
        return 0;
    if (continuation == CONT_OPERATOR || continuation == CONT_CONSTRUCT)
        drop_operands(caller, continuation, 0);
    if (is_init || loop_ends)
        Py_DECREF(result);
    else
        cpy_push(caller, result);
    if (loop_ends && FOR_ITER_POPS) {
        Obj *iterator = slot_owned(&cpy_slots(caller)[FRAME_TOP(caller) - 1]);
        FRAME_SET_TOP(caller, FRAME_TOP(caller) - 1);
        Py_XDECREF((PyObject *)iterator);
    }
    cpy_frame_set_ip(caller, end_ip < 0 ? call.next : end_ip);
    return 1;
}

/* out->frames[0] is the entry frame, current on return; the instruction pointers of the others' callers stand at their calls. */
static void run_inlined(PyThreadState *ts, const Leaving *out, int raised)
{
    Frame *const *frames = out->frames;
    for (int i = out->n_frames - 1; i > 0; i--) {
        Continuation continuation = (Continuation)out->continuation[i - 1];
        int resumed = continuation == CONT_ITEM || continuation == CONT_GIVEN;
        const GenObj *gen = resumed ? cpy_generator_of(frames[i]) : NULL;       /* the caller's stack has it */
        PyObject *result = raise_or_run(ts, frames[i - 1], frames[i], raised);
        raised = !result || !take(frames[i - 1], continuation, result, gen && gen->state > FRAME_EXECUTING ? out->end_ip[i - 1] : -1);
        if (raised) {
            PyObject *exc = raise_taken();
            drop_operands(frames[i - 1], continuation, 1);
            PyErr_SetRaisedException(exc);
        }
    }
    if (raised && !raise_in_frame(ts, frames[0]))
        raise_out_of(frames[0]);
}

void exit_finish(PyThreadState *ts, Leaving *out)
{
    for (int i = 0; i < out->n_gone; i++)
        Py_DECREF(out->gone[i]);
    out->frames[out->n_frames - 1]->instr_ptr = out->next;
    if (out->gone != out->few)
        free(out->gone);
    if (out->pending)
        PyErr_SetRaisedException(out->pending);
    if (out->pending || out->n_frames > 1)
        run_inlined(ts, out, out->pending != NULL);
}

/* ---- recordings ---- */

void exit_restore(PyThreadState *ts, Frame *frame, const Trace *t, int32_t snap, const Value *vals, PyObject *result, int raised)
{
    Leaving out = {0};
    rebuild_snapshot(ts, frame, t, snap, NULL, vals, result, raised ? raise_taken() : PyErr_GetRaisedException(), &out);
    exit_finish(ts, &out);
}
