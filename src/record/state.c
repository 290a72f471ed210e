/* state.c: what is recorded: uops, each executed as it is appended; snapshots; and the values that are at hand then.
 *
 * A guard leads to the boundary in front of the instruction, whose snapshot is taken when the first one asks for it. Behind an effect
 * (R->closed) no such guard comes, and room must not run out. Everything else in src/record is made of these; they call none of it. */
#include "recorder.h"
#include "../cpython/opcodes.h"
#include "../interpret/interpret.h"
#include "../ir/clock.h"

#define TURNS_THAT_RAISE 3          /* recordings of a loop that are given up because something was raised in their turn */

_Noreturn void rec_stop(Recorder *R, RecordEnd end, AbortReason why, int32_t snap)
{
    R->end = end;
    R->abort = R->behind_raise && why != ABORT_NONE ? ABORT_RAISED : why;
    R->final_snap = R->behind_raise ? R->raised_snap : snap;
    longjmp(R->stop, 1);
}

_Noreturn void rec_abort(Recorder *R, AbortReason why)
{
    /* A function with a loop can be called instead of followed into: it has traces of its own. So can one that has what is not recorded. */
    for (int i = 1; i < R->n_frames && why != ABORT_LEFT_LOOP; i++)
        if (R->frames[i].info->has_loop && !R->frames[i].stand)
            R->frames[i].info->no_inline = 1;
    if (R->n_frames > 1 && (why == ABORT_OPCODE || why == ABORT_CALL || why == ABORT_STACK))
        TOP_FRAME(R)->info->no_inline = R->learned = 1;
    rec_stop(R, RECORD_ABORT, why, R->b.snapshot(R));
}

static _Noreturn void no_room(Recorder *R)
{
    if (R->closed)
        Py_FatalError("copypatch: recorder: out of room in the middle of an instruction");
    R->b.failed = R->b.contradiction = 0;
    rec_abort(R, ABORT_TOO_LONG);
}

Ref rec_emit_snap(Recorder *R, UopCode op, Ref a, Ref b, Ref c, int64_t imm, int32_t snap)
{
    if (op == UOP_GUARD_TYPE && ((PyTypeObject *)imm)->tp_flags & Py_TPFLAGS_HEAPTYPE)
        rec_const(R, (PyObject *)imm);      /* says that it is a class, when it may be gone */
    Ref ref = build(&R->b, op, a, b, c, imm, snap);
    if (R->b.failed || R->b.contradiction)
        no_room(R);
    return ref;
}

Ref rec_emit(Recorder *R, UopCode op, Ref a, Ref b, Ref c, int64_t imm) { return rec_emit_snap(R, op, a, b, c, imm, SNAP_AUTO); }
Ref rec_append(Recorder *R, UopCode op, Ref a, int64_t imm, int32_t snap)
{
    Ref ref = R->t->n_uops >= R->cap ? REF_NONE : trace_append(R->t, op, a, REF_NONE, REF_NONE, imm, snap);
    if (ref == REF_NONE)
        no_room(R);
    return ref;
}

Ref rec_const(Recorder *R, PyObject *o)
{
    Ref ref = trace_const_obj(R->t, o);
    if (ref == REF_NONE)
        no_room(R);
    return ref;
}

Ref rec_tuple_at(Recorder *R, Ref tuple, Py_ssize_t i)
{
    size_t at = offsetof(PyTupleObject, ob_item) + (size_t)i * sizeof(PyObject *);
    return rec_emit(R, UOP_TUPLE_AT, tuple, REF_NONE, REF_NONE, (int64_t)at);
}

Ref rec_int(Recorder *R, int64_t v)
{
    Ref ref = trace_const_int(R->t, v);
    if (ref == REF_NONE)
        no_room(R);
    return ref;
}

/* ---- what is counted ---- */

int64_t record_executed;

void rec_count_bytecodes(Recorder *R, int more)
{
    if (R->prefix.snap >= 0)        /* these may turn out to be the callee's, not this trace's */
        return;
    int n = config.count & COUNT_BYTECODES ? R->n_bytecodes + more - R->n_counted : 0;
    while (n-- > 0)
        rec_append(R, UOP_COUNT_ONE, REF_NONE, (int64_t)(intptr_t)&record_executed, SNAP_NONE);
    R->n_counted = R->n_bytecodes + more;
}

void rec_count(Recorder *R)
{
    if (R->work)
        rec_append(R, UOP_WORK, REF_NONE, R->work, SNAP_NONE);
    R->work = 0;
}

/* ---- snapshots ---- */

static void snap_slot(Recorder *R, const Slot *s, int index, int frame)
{
    uint8_t how;
    Ref ref = s->ref;
    if (frame > 0 && R->pushed && index < R->frames[frame].n_locals && s->own != OWN_NULL) {
        trace_add_snap_slot(R->t, (SnapSlot){.ref = ref, .slot = (int16_t)index, .how = HOW_PLACED, .frame = (uint8_t)frame});
        return;
    }
    switch (s->own) {
    case OWN_MEMORY:
        if (!s->written || R->frames[frame].stand)
            return;
        how = HOW_MEMORY;
        ref = REF_NONE;
        break;
    case OWN_NULL:
        how = HOW_NULL;
        ref = REF_NONE;
        if (frame > 0 && !R->frames[frame].stand)
            return;
        break;
    case OWN_TRACE:
        how = HOW_OWNED;
        break;
    default:
        how = s->lent ? HOW_LENT : HOW_BORROWED;
    }
    if (frame == 0 && builder_is_sunk(&R->b, ref)) {
        const Uop *u = &R->t->uops[ref];
        if ((u->op == UOP_SINK_SLOT_FLOAT || u->op == UOP_SINK_SLOT_INT) && u->imm == index)
            how = HOW_KEEP;
    }
    trace_add_snap_slot(R->t, (SnapSlot){.ref = ref, .slot = (int16_t)index, .how = how, .frame = (uint8_t)frame});
}

static int32_t take_snapshot(Recorder *R, int ip, int depth)
{
    int32_t snap = trace_add_snapshot(R->t);
    for (int i = 0; i < R->n_frames; i++) {
        const RecFrame *f = &R->frames[i];
        int top = i == R->n_frames - 1;
        trace_add_snap_frame(R->t, (SnapFrame){.code = f->code, .func = i ? f->func : REF_NONE, .ip = top ? ip : f->ip,
                                               .drop_ip = top && R->n_drops ? R->current_ip : -1,
                                               .depth = (int16_t)(top ? depth : f->depth), .real = i > 0 && R->pushed,
                                               .continuation = top ? R->pending : R->frames[i + 1].continuation,
                                               .stand = (int16_t)(f->stand ? f->stand - f->stand->of->stand : -1),
                                               .n_locals = (int16_t)f->code->co_nlocalsplus, .n_stack = (int16_t)f->code->co_stacksize});
    }
    for (int i = 0; i < R->n_frames; i++) {
        const RecFrame *f = &R->frames[i];
        int n = f->n_locals + (i == R->n_frames - 1 ? depth : f->depth);
        for (int k = 0; k < n; k++)
            snap_slot(R, &f->slots[k], k, i);
    }
    for (int i = 0; i < R->n_drops; i++)
        trace_add_snap_slot(R->t, (SnapSlot){.ref = R->drops[i].ref, .slot = -1, .how = HOW_DROP});
    if (R->t->failed)       /* what room.c keeps back was not enough: there is no state to go back to */
        Py_FatalError("copypatch: recorder: out of room for the state");
    return snap;
}

/* For SNAP_AUTO: the boundary before the current instruction. */
static int32_t boundary(void *arg)
{
    Recorder *R = arg;
    if (R->closed)
        Py_FatalError("copypatch: recorder: a guard after an effect");
    if (R->prefix.snap >= 0)
        return R->prefix.snap;
    if (R->snap < 0)
        R->snap = take_snapshot(R, TOP_FRAME(R)->ip, R->start_depth);
    return R->snap;
}

int32_t rec_snapshot(Recorder *R) { return take_snapshot(R, TOP_FRAME(R)->next, TOP_FRAME(R)->depth); }
int32_t rec_snapshot_raise(Recorder *R) { return take_snapshot(R, R->current_ip, TOP_FRAME(R)->depth); }
static int32_t snapshot_pending(Recorder *R, Continuation pending)
{
    R->pending = pending;
    int32_t snap = take_snapshot(R, TOP_FRAME(R)->ip, TOP_FRAME(R)->depth);     /* prefixes included */
    R->pending = CONT_PUSH;
    return snap;
}

int32_t rec_snapshot_next(Recorder *R) { return snapshot_pending(R, CONT_NEXT); }
int32_t rec_snapshot_sent(Recorder *R) { return snapshot_pending(R, CONT_SENT); }

static uint8_t is_big(PyObject *o)
{
    int overflow = 0;
    if (o && PyLong_CheckExact(o))
        PyLong_AsLongLongAndOverflow(o, &overflow);
    return overflow != 0;
}

/* What stands for a value that there is not. */
static Value dummy(const Trace *t, Ref ref)
{
    Value v = {.i = 0};
    if (uop_info[t->uops[ref].op].result == KIND_OBJ)
        v.o = (Obj *)Py_None;
    return v;
}

/* An instruction that raises something else than it does mostly, or always: where a handler of the entry frame catches it, the trace is
 * recorded to the end of the instruction as if it had not; what is raised goes on in a side trace. A loop is rather made of a turn in
 * which nothing is raised. */
static int goes_on_behind_raise(Recorder *R)
{
    ExceptionEntry e;
    int wanted = !R->loop || header_is_entry(R->loop) || R->loop->retries >= TURNS_THAT_RAISE;
    return wanted && config.functions && R->n_frames == 1 && R->prefix.snap < 0 && !R->inner && !R->n_drops && R->n_bytecodes &&
           cpy_find_handler(R->frames[0].code, R->current_ip, &e);
}

/* Executes a uop; nonzero: it leaves. What the program's own code takes is no cost of recording. */
static int perform(Recorder *R, Ref ref)
{
    if (R->behind_raise) {
        R->vals[ref] = dummy(R->t, ref);
        return 0;
    }
    if (!(uop_info[R->t->uops[ref].op].effects & EFFECT_ESCAPE))
        return interp_uop(R->S, R->t, ref, R->vals);
    uint64_t start = clock_ns();
    int leaves = interp_uop(R->S, R->t, ref, R->vals);
    R->program_ns += clock_ns() - start;
    return leaves;
}

/* Frames of the n innermost that have frame objects: their code is recorded in another way from now on. */
void rec_note_looked_at(Recorder *R, int n)
{
    Frame *frame = cpy_frame(R->ts);
    for (int i = R->n_frames - 1; n--; i--, frame = frame->previous)
        if (frame->frame_obj)
            R->frames[i].info->looked_at = 1;
}

/* Called for each uop appended: the recording is the trace's first execution. */
static void execute(void *arg, Ref ref)
{
    Recorder *R = arg;
    const Uop *u = &R->t->uops[ref];
    R->keeper[ref] = KEPT_BY_SLOTS;
    R->container[ref] = REF_NONE;
    R->has_instances |= u->op == UOP_SINK_NEW;
    if (uop_info[u->op].effects & EFFECT_WRITE && !ir_writes_generator(u->op) && !R->settling)      /* or into an object that nobody has */
        R->heap_write = ref;
    switch (u->op) {
    case UOP_LIST_ITEM: case UOP_LOAD_FIELD:
        R->keeper[ref] = KEPT_BY_HEAP;
        R->container[ref] = u->a;
        break;
    case UOP_TUPLE_ITEM: case UOP_TUPLE_AT:
        R->keeper[ref] = KEPT_BY_TUPLE;
        R->container[ref] = u->a;
        break;
    case UOP_LIST_NEXT: case UOP_TUPLE_NEXT: case UOP_LOAD_WORD: case UOP_LOAD_CELL:
        R->keeper[ref] = KEPT_BY_HEAP;
        break;
    case UOP_BOOL_OBJ:
        R->keeper[ref] = KEPT_BY_HEAP;      /* immortal */
        break;
    case UOP_FUNC_FIELD:
        R->keeper[ref] = KEPT_BY_FUNCTION;
        break;
    default:
        break;
    }
    if (!perform(R, ref)) {
        if (u->op == UOP_LOAD_SLOT)
            R->t->uops[ref].big = is_big((PyObject *)R->vals[ref].o);
        return;
    }
    if (u->op == UOP_CHECK_FRAMES)
        rec_note_looked_at(R, R->n_frames - 1);
    if (uop_info[u->op].exit == EXIT_ERROR) {
        R->raised = 1;
        if (!goes_on_behind_raise(R)) {
            rec_note_raised(R);
            rec_stop(R, RECORD_ABORT, ABORT_RAISED, u->snap);
        }
        R->behind_raise = 1;
        R->raised_snap = u->snap;
        R->vals[ref] = dummy(R->t, ref);
        R->S->raw = RAW_OBJECT;
        R->S->result.o = (Obj *)Py_None;
        return;
    }
    int interrupted = ir_asks_for_calm(u->op) || (ir_checks_valid(u->op) && (*R->S->breaker ^ R->S->calm) & 255);
    rec_stop(R, RECORD_ABORT, u->op == UOP_CHECK_FRAMES ? ABORT_FRAME_OBJECT : interrupted ? ABORT_INTERRUPTED : ABORT_UNSTABLE, u->snap);
}

void rec_init_builder(Recorder *R)
{
    R->b.arg = R;
    R->b.snapshot = boundary;
    R->b.appended = execute;
}

/* ---- concrete values ---- */

Value rec_value(Recorder *R, Ref ref) { return IS_CONST(ref) ? R->t->consts[~ref].v : R->vals[ref]; }

PyObject *rec_object(Recorder *R, Ref ref)
{
    if (ref == REF_NONE || builder_is_sunk(&R->b, ref))
        return NULL;
    return (PyObject *)rec_value(R, ref).o;
}

PyTypeObject *rec_type(Recorder *R, Ref ref)
{
    if (builder_is_sunk(&R->b, ref))
        return builder_type(&R->b, ref);
    return Py_TYPE(rec_object(R, ref));
}

PyTypeObject *rec_guard_type(Recorder *R, Ref ref)
{
    PyTypeObject *type = rec_type(R, ref);
    if (builder_type(&R->b, ref) != type)
        rec_emit(R, UOP_GUARD_TYPE, ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)type);
    return type;
}

int rec_guard_exact(Recorder *R, Ref ref, PyTypeObject *type)
{
    if (rec_type(R, ref) != type)
        return 0;
    rec_guard_type(R, ref);
    return 1;
}

int rec_unbox_int(Recorder *R, Ref ref, Ref *out)
{
    PyTypeObject *type = rec_type(R, ref);
    if (type != &PyLong_Type && type != &PyBool_Type)
        return 0;
    if (!builder_is_sunk(&R->b, ref)) {
        int overflow;
        PyLong_AsLongLongAndOverflow(rec_object(R, ref), &overflow);
        if (overflow)
            return 0;
    } else if (builder_content(&R->b, ref) == REF_NONE)
        return 0;       /* a sunk int that does not fit */
    rec_guard_type(R, ref);
    *out = rec_emit(R, type == &PyBool_Type ? UOP_UNBOX_BOOL : UOP_UNBOX_INT, ref, REF_NONE, REF_NONE, 0);
    return 1;
}

int rec_unbox_float(Recorder *R, Ref ref, Ref *out)
{
    if (rec_type(R, ref) != &PyFloat_Type)
        return 0;
    rec_guard_type(R, ref);
    *out = rec_emit(R, UOP_UNBOX_FLOAT, ref, REF_NONE, REF_NONE, 0);
    return 1;
}
