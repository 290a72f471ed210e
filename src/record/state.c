/* state.c: what the recorder knows of each slot, and who owns what.
 *
 * Every local and stack slot of every frame of the trace is at any time exactly one of
 *
 *   OWN_MEMORY    in the frame's memory, which owns the reference; `ref` when it has been loaded
 *   sunk          ref is a SINK_* uop: an int or float in a register; there is no object and no reference yet
 *   OWN_TRACE     an object whose reference the trace owns on the slot's behalf
 *   OWN_BORROWED  an object that something else keeps alive: another slot, a constant, a container
 *   OWN_NULL
 *
 * A SINK_TAGGED is a sunk slot too, but never becomes an object: only its slot in memory, or one more sunk, can take it.
 *
 * Operand stacks and inlined frames are never written to memory while a trace runs; locals of the entry frame that hold objects
 * always are (a store drops the old object there and then, as CPython does), only sunk values leave their memory stale, and only an
 * int or float may be left there, whose later release nobody can see.
 *
 * Borrowing is what makes reference counting cheap: LOAD_FAST or a list item costs nothing, and a reference is taken only when what
 * keeps the object alive is about to go (rec_protect_*). The alternative, counting as CPython does and removing pairs afterwards,
 * records twice as many uops only to delete them. */
#include "recorder.h"
#include "../cpython/frame.h"
#include "../cpython/opcodes.h"
#include "../interpret/interpret.h"
#include "../ir/clock.h"
#include <string.h>

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
    return rec_emit(R, UOP_TUPLE_AT, tuple, REF_NONE, REF_NONE, (int64_t)(offsetof(PyTupleObject, ob_item) + (size_t)i * sizeof(PyObject *)));
}

Ref rec_int(Recorder *R, int64_t v)
{
    Ref ref = trace_const_int(R->t, v);
    if (ref == REF_NONE)
        no_room(R);
    return ref;
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
        trace_add_snap_frame(R->t, (SnapFrame){.code = f->code, .func = i ? f->func : REF_NONE, .ip = top ? ip : f->ip, .drop_ip = top && R->n_drops ? R->current_ip : -1,
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

/* An instruction that raises something else than it does mostly, or always: where a handler of the entry frame catches it, the trace is recorded to the end of the instruction as if it
 * had not; what is raised goes on in a side trace. A loop is rather made of a turn in which nothing is raised. */
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

/* Frames of the n innermost that have frame objects which nobody else holds any more: their code is recorded in another way from now on. */
void rec_note_looked_at(Recorder *R, int n)
{
    Frame *frame = cpy_frame(R->ts);
    for (int i = R->n_frames - 1; n--; i--, frame = frame->previous)
        if (frame->frame_obj && Py_REFCNT(frame->frame_obj) == 1)
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
        if (!goes_on_behind_raise(R))
            rec_stop(R, RECORD_ABORT, ABORT_RAISED, u->snap);
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

int rec_n_holders(const Recorder *R, Ref ref)
{
    int n = 0;
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < R->frames[i].n_locals + R->frames[i].depth; k++)
            n += R->frames[i].slots[k].ref == ref;
    return n;
}

int rec_is_temporary(Recorder *R, Ref ref) { return !IS_CONST(ref) && R->t->uops[ref].op == UOP_SINK_INT && rec_n_holders(R, ref) == 1; }

/* ---- the operand stack ---- */

/* What stack memory holds: an object, and always one; NULL or a tagged int beside what a loop goes over, now the one and now the other. */
static void load_from_stack(Recorder *R, Slot *s)
{
    if (TOP_FRAME(R)->stand) {
        rec_load_suspended(R, TOP_FRAME(R), s);
        return;
    }
    int64_t slot = s - R->slots;
    if (FRAME_TAGS_INTS && slot_has_int(&cpy_slots(R->frame)[slot])) {
        Ref v = rec_emit(R, UOP_LOAD_TAGGED, REF_NONE, REF_NONE, REF_NONE, slot);
        *s = (Slot){.ref = rec_emit(R, UOP_SINK_TAGGED, v, REF_NONE, REF_NONE, 0), .own = OWN_BORROWED};
        return;
    }
    s->ref = rec_emit(R, UOP_LOAD_SLOT, REF_NONE, REF_NONE, REF_NONE, slot);
    R->keeper[s->ref] = KEPT_BY_SLOTS;
    if (FRAME_TAGS_INTS && !rec_object(R, s->ref) && !R->closed)
        rec_emit(R, UOP_GUARD_NULL, s->ref, REF_NONE, REF_NONE, 0);
}

Operand *rec_peek(Recorder *R, int n, Operand *out)
{
    RecFrame *f = TOP_FRAME(R);
    Slot *s = &f->slots[f->n_locals + f->depth - 1 - n];
    if (s->own == OWN_MEMORY && s->ref == REF_NONE)
        load_from_stack(R, s);
    /* A value in stack memory belongs to the trace from when it is popped: the memory above the stack pointer is dead. */
    *out = (Operand){s->ref, s->own == OWN_MEMORY ? OWN_TRACE : s->own, s->lent};
    return out;
}

Operand rec_pop(Recorder *R)
{
    Operand v;
    rec_peek(R, 0, &v);
    TOP_FRAME(R)->depth--;
    return v;
}

void rec_drop_in(Recorder *R, int order, int n)
{
    for (int i = 0; i < n; i++) {
        Operand v;
        rec_peek(R, order == UP ? n - 1 - i : i, &v);
        rec_release(R, v);
    }
    TOP_FRAME(R)->depth -= n;
}

void rec_drop(Recorder *R, int n) { rec_drop_in(R, UP, n); }

void rec_push_same(Recorder *R, Operand v)
{
    RecFrame *f = TOP_FRAME(R);
    Slot *s = &f->slots[f->n_locals + f->depth];
    if (s >= R->slots + MAX_SLOTS)
        rec_abort(R, ABORT_STACK);
    R->closed = 1;
    *s = (Slot){.ref = v.ref, .own = v.own, .lent = v.own == OWN_BORROWED && v.lent};
    f->depth++;
}

void rec_push(Recorder *R, Operand v)
{
    v.lent = 0;
    rec_push_same(R, v);
}

void rec_push_ref(Recorder *R, Ref ref, Own own) { rec_push(R, operand(ref, (uint8_t)own)); }

/* ---- ownership ---- */

enum { LASTING = INT32_MAX };

void rec_prove(Recorder *R, Ref constant, int lasting) { R->t->consts[~constant].proven = lasting ? LASTING : R->epoch; }

int rec_is_proven(Recorder *R, Ref constant)
{
    if (!IS_CONST(constant))
        return 0;
    int32_t proven = R->t->consts[~constant].proven;
    return proven == LASTING || proven == R->epoch;
}

/* A constant that the trace itself keeps alive, or that is immortal: not every one is owned, see is_owned() in ir/trace.c. */
int rec_is_kept(Recorder *R, Ref ref)
{
    const Const *k = &R->t->consts[~ref];
    return k->kind != KIND_OBJ || k->owned || !k->v.o || _Py_IsImmortal((PyObject *)k->v.o);
}

static int alive(Recorder *R, Ref ref, const Slot *without, int heap_lost)
{
    if (ref != REF_NONE && IS_CONST(ref))
        return !heap_lost || rec_is_kept(R, ref);
    if (ref == REF_NONE || builder_is_sunk(&R->b, ref) || builder_type(&R->b, ref) == &PyBool_Type)
        return 1;
    for (int i = 0; i < R->n_frames; i++) {
        const RecFrame *f = &R->frames[i];
        for (int k = 0; k < f->n_locals + f->depth; k++) {
            const Slot *s = &f->slots[k];
            if (s->ref == ref && s != without && (s->own == OWN_TRACE || s->own == OWN_MEMORY))
                return 1;
        }
    }
    switch (R->keeper[ref]) {
    case KEPT_BY_HEAP:
        return !heap_lost && ref > R->heap_write && alive(R, R->container[ref], without, heap_lost);
    case KEPT_BY_TUPLE:
        return alive(R, R->container[ref], without, heap_lost);
    case KEPT_BY_FUNCTION:
        return 1;
    default:
        return 0;
    }
}

static void protect(Recorder *R, const Slot *dying, int heap_lost)
{
    for (int i = 0; i < R->n_frames; i++) {
        RecFrame *f = &R->frames[i];
        for (int k = 0; k < f->n_locals + f->depth; k++) {
            Slot *s = &f->slots[k];
            if (s->own != OWN_BORROWED || s == dying || alive(R, s->ref, dying, heap_lost))
                continue;
            rec_emit(R, UOP_INCREF, s->ref, REF_NONE, REF_NONE, 0);
            s->own = OWN_TRACE;
            R->snap = -1;
        }
    }
}

void rec_protect_heap(Recorder *R) { protect(R, NULL, 1); }
void rec_protect_slot(Recorder *R, Slot *dying) { protect(R, dying, 0); }

Ref rec_own(Recorder *R, Operand v)
{
    v = rec_real(R, v);
    if (v.own == OWN_BORROWED)
        rec_emit(R, UOP_INCREF, v.ref, REF_NONE, REF_NONE, 0);
    return v.ref;
}

void rec_own_slot(Recorder *R, Slot *s)
{
    rec_emit(R, UOP_INCREF, s->ref, REF_NONE, REF_NONE, 0);
    s->own = OWN_TRACE;
    R->snap = -1;
}

int rec_hold_popped(Recorder *R, Ref ref)
{
    RecFrame *f = TOP_FRAME(R);
    for (int k = f->n_locals + f->depth; k < f->n_locals + R->start_depth; k++)
        if (f->slots[k].ref == ref && f->slots[k].own == OWN_BORROWED) {
            rec_own_slot(R, &f->slots[k]);
            return 1;
        }
    return 0;
}

void rec_hold(Recorder *R, int n)
{
    RecFrame *f = TOP_FRAME(R);
    Slot *s = &f->slots[f->n_locals + f->depth - 1 - n];
    if (s->own == OWN_BORROWED && s->ref != REF_NONE && !IS_CONST(s->ref) && !builder_is_sunk(&R->b, s->ref))
        rec_own_slot(R, s);
}

Ref rec_steal(Recorder *R, int n)
{
    RecFrame *f = TOP_FRAME(R);
    Slot *s = &f->slots[f->n_locals + f->depth - 1 - n];
    Operand v;
    rec_peek(R, n, &v);
    if (builder_is_sunk(&R->b, v.ref)) {
        rec_real(R, v);
        rec_peek(R, n, &v);
    }
    if (v.own == OWN_BORROWED)
        rec_own_slot(R, s);
    return v.ref;
}

void rec_release(Recorder *R, Operand v)
{
    if (v.own != OWN_TRACE || v.ref == REF_NONE || builder_is_sunk(&R->b, v.ref))
        return;
    if (R->n_drops == MAX_DROPS)
        Py_FatalError("copypatch: recorder: too many references to release");
    R->drops[R->n_drops++] = v;
}

/* The uop that makes a sunk object. */
static Ref make_real(Recorder *R, Ref sunk)
{
    const Uop u = R->t->uops[sunk];
    switch (u.op) {
    case UOP_SINK_FLOAT: return rec_emit(R, UOP_NEW_FLOAT, u.a, REF_NONE, REF_NONE, 0);
    case UOP_SINK_INT: return rec_emit(R, UOP_NEW_INT, u.a, REF_NONE, REF_NONE, 0);
    case UOP_SINK_SLOT_FLOAT: return rec_emit(R, UOP_KEEP_FLOAT, u.a, REF_NONE, REF_NONE, u.imm);
    case UOP_SINK_SLOT_INT: return rec_emit(R, UOP_KEEP_INT, u.a, REF_NONE, REF_NONE, u.imm);
    default:
        return rec_emit(R, u.op == UOP_SINK_ADD ? UOP_NEW_ADD : u.op == UOP_SINK_SUB ? UOP_NEW_SUB : UOP_NEW_MUL, u.a, u.b, REF_NONE, 0);
    }
}

/* The local whose memory may hold the object of a SINK_SLOT_*; -1 for anything else. */
static int home_of(Recorder *R, Ref ref)
{
    if (ref == REF_NONE || IS_CONST(ref))
        return -1;
    const Uop *u = &R->t->uops[ref];
    return u->op == UOP_SINK_SLOT_FLOAT || u->op == UOP_SINK_SLOT_INT ? (int)u->imm : -1;
}

int rec_slots_in_use(const Recorder *R, int i)
{
    const RecFrame *f = &R->frames[i];
    int depth = i == R->n_frames - 1 && !R->closed && R->start_depth > f->depth ? R->start_depth : f->depth;
    return f->n_locals + depth;
}

/* Making todo[0] real stores to locals; sunk objects whose home one of those is are made before it is overwritten. */
static int add_displaced(Recorder *R, Ref *todo, int n, int local)
{
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < rec_slots_in_use(R, i); k++) {
            Ref ref = R->frames[i].slots[k].ref;
            if (home_of(R, ref) != local || (i == 0 && k == local))
                continue;
            int known = 0;
            for (int j = 0; j < n; j++)
                known |= todo[j] == ref;
            if (!known)
                todo[n++] = ref;
        }
    return n;
}

typedef struct { int local; Ref real; } Swap;

/* All slots that hold `sunk` hold `real` now; the swaps that bring it to the memory of locals are left to the caller. Returns the
 * slot that owns the new reference. */
static Slot *replace_sunk(Recorder *R, Ref sunk, Ref real, Swap *swaps, int *n_swaps)
{
    int home = home_of(R, sunk), kept = home >= 0;
    Slot *owner = NULL;
    /* Every slot that holds the sunk object holds this one now; locals of the entry frame in memory, at once: whatever is not sunk is
     * there. The first slot owns the new reference. Popped operands of the instruction count too. */
    for (int i = 0; i < R->n_frames; i++) {
        RecFrame *f = &R->frames[i];
        for (int k = 0, n = rec_slots_in_use(R, i); k < n; k++) {
            Slot *s = &f->slots[k];
            if (s->ref != sunk)
                continue;
            s->ref = real;
            int owns = !owner && !kept;
            if (owns)
                owner = s;
            if (i > 0 || k >= f->n_locals) {
                s->own = owns ? OWN_TRACE : OWN_BORROWED;
                continue;
            }
            s->own = OWN_MEMORY;
            s->written = 1;
            if (k == home)
                continue;
            if (!owns)
                rec_emit(R, UOP_INCREF, real, REF_NONE, REF_NONE, 0);
            swaps[(*n_swaps)++] = (Swap){k, real};
        }
    }
    return owner;
}

/* What the memory of a local kept may not be that local's value any more, but stale: who has nobody else to keep it alive gets a reference, popped
 * operands too. */
static void own_kept(Recorder *R, Ref real)
{
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0, n = rec_slots_in_use(R, i); k < n; k++) {
            Slot *s = &R->frames[i].slots[k];
            if (s->ref == real && s->own == OWN_BORROWED && !alive(R, real, NULL, 0))
                rec_own_slot(R, s);
        }
}

/* The local of the entry frame that alone holds the sunk object, when making it real displaces no other: it can be made in its memory. */
static int only_holder(Recorder *R, Ref sunk)
{
    int op = R->t->uops[sunk].op, local = -1;
    if (op != UOP_SINK_INT && op != UOP_SINK_FLOAT)
        return -1;
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0, n = rec_slots_in_use(R, i); k < n; k++) {
            if (R->frames[i].slots[k].ref != sunk)
                continue;
            if (local >= 0 || i > 0 || k >= R->frames[0].n_locals)
                return -1;
            local = k;
        }
    Ref displaced[MAX_SLOTS];
    return local >= 0 && add_displaced(R, displaced, 0, local) ? -1 : local;
}

static void store_swaps(Recorder *R, const Swap *swaps, int n)
{
    Ref old[MAX_SLOTS];
    for (int j = 0; j < n; j++) {
        old[j] = rec_emit(R, UOP_SWAP_SLOT, swaps[j].real, REF_NONE, REF_NONE, swaps[j].local);
        builder_set_type(&R->b, old[j], &PyFloat_Type);
    }
    for (int j = 0; j < n; j++)
        rec_emit(R, UOP_DECREF_LEAF, old[j], REF_NONE, REF_NONE, 0);
    R->snap = -1;
}

void rec_replace_sunk(Recorder *R, Ref sunk, Ref real)
{
    Swap swaps[MAX_SLOTS];
    int n = 0;
    replace_sunk(R, sunk, real, swaps, &n);
    store_swaps(R, swaps, n);
}

static Operand real_number(Recorder *R, Operand v)
{
    int local = only_holder(R, v.ref);
    if (local >= 0) {
        const Uop u = R->t->uops[v.ref];
        Ref real = rec_emit(R, u.op == UOP_SINK_INT ? UOP_STORE_INT : UOP_STORE_FLOAT, u.a, REF_NONE, REF_NONE, local);
        R->frames[0].slots[local] = (Slot){.ref = real, .own = OWN_MEMORY, .written = 1};
        R->snap = -1;
        return operand(real, OWN_BORROWED);
    }
    Ref todo[MAX_SLOTS], made[MAX_SLOTS];
    Swap swaps[MAX_SLOTS];
    int n = 1, n_swaps = 0, kept = home_of(R, v.ref) >= 0;
    todo[0] = v.ref;
    for (int j = 0; j < n; j++)
        for (int k = 0; k < R->frames[0].n_locals; k++)
            if (R->frames[0].slots[k].ref == todo[j] && home_of(R, todo[j]) != k)
                n = add_displaced(R, todo, n, k);
    /* todo[0] last: the reference to a new object is in no snapshot yet. The displaced ones belong to their slots. */
    for (int j = n - 1; j >= 0; j--) {
        made[j] = make_real(R, todo[j]);
        if (home_of(R, todo[j]) >= 0)
            R->keeper[made[j]] = KEPT_BY_SLOTS;
    }
    Slot *owner = replace_sunk(R, todo[0], made[0], swaps, &n_swaps);
    for (int j = 1; j < n; j++)
        replace_sunk(R, todo[j], made[j], swaps, &n_swaps);
    for (int j = 0; j < n; j++)
        if (home_of(R, todo[j]) >= 0)
            own_kept(R, made[j]);
    Ref real = made[0];
    store_swaps(R, swaps, n_swaps);
    if (kept || owner) {
        /* The operand itself may own it, popped. */
        RecFrame *f = TOP_FRAME(R);
        for (int k = f->n_locals + f->depth; k < rec_slots_in_use(R, R->n_frames - 1); k++)
            if (f->slots[k].ref == real && f->slots[k].own == OWN_TRACE)
                return operand(real, OWN_TRACE);
        return operand(real, OWN_BORROWED);
    }
    return operand(real, OWN_TRACE);
}

Operand rec_real(Recorder *R, Operand v)
{
    if (!builder_is_sunk(&R->b, v.ref))
        return v;
    const Made *made = R->settling ? rec_made_of(R, v.ref) : NULL;
    if (made)
        return operand(made->real, OWN_BORROWED);
    Operand real = {REF_NONE, OWN_NULL, 0};
    if (!R->settling && rec_is_instance_or_part(R, v.ref))
        real = rec_real_instance(R, v.ref);
    if (real.ref == REF_NONE)
        real = real_number(R, v);
    if (R->settling)
        rec_note_made(R, v.ref, real);
    return real;
}

/* ---- locals ---- */

Operand rec_local(Recorder *R, int i)
{
    Slot *s = &TOP_FRAME(R)->slots[i];
    if (s->own == OWN_MEMORY && s->ref == REF_NONE) {
        if (TOP_FRAME(R)->stand)
            rec_load_suspended(R, TOP_FRAME(R), s);
        else
            s->ref = rec_emit(R, UOP_LOAD_SLOT, REF_NONE, REF_NONE, REF_NONE, i);
    }
    if (s->own == OWN_NULL)
        return operand(REF_NONE, OWN_NULL);
    return operand(s->ref, OWN_BORROWED);
}

/* What memory of local s holds is an int, float or the like: it may stay there, stale. */
static int stale_is_harmless(Recorder *R, const Slot *s) { return s->ref != REF_NONE && builder_is_harmless(&R->b, s->ref); }

void rec_before_overwrite(Recorder *R, int i)
{
    Ref todo[MAX_SLOTS];
    int n = add_displaced(R, todo, 0, i);
    for (int j = 0; j < n; j++)
        rec_real(R, operand(todo[j], OWN_BORROWED));
    if (n)
        rec_protect_slot(R, &R->frames[0].slots[i]);
}

/* Guards that a local of the entry frame needs before it is overwritten by value n of the stack. */
void rec_before_store(Recorder *R, int i, int n)
{
    Slot *s = &TOP_FRAME(R)->slots[i];
    Operand v;
    rec_peek(R, n, &v);
    if (R->n_frames == 1 && !builder_is_sunk(&R->b, v.ref))
        rec_before_overwrite(R, i);
    if ((R->n_frames > 1 && !TOP_FRAME(R)->stand) || s->own != OWN_MEMORY)
        return;
    rec_local(R, i);
    PyObject *old = rec_object(R, s->ref);
    if (!old || !cpy_is_leaf_type(Py_TYPE(old)) || stale_is_harmless(R, s))
        return;
    if (PyLong_CheckExact(old) || PyFloat_CheckExact(old)) {        /* nobody asks which: it may be the other, or unbound, another time */
        rec_emit(R, UOP_GUARD_NUMBER, s->ref, REF_NONE, REF_NONE, PyFloat_CheckExact(old) ? KIND_FLOAT : KIND_INT);
        return;
    }
    rec_emit(R, UOP_GUARD_NOT_NULL, s->ref, REF_NONE, REF_NONE, 0);
    rec_guard_type(R, s->ref);
}

void rec_set_local(Recorder *R, int i, Operand v)
{
    Slot *s = &TOP_FRAME(R)->slots[i];
    if (R->n_frames > 1) {
        rec_protect_slot(R, s);
        R->closed = 1;
        if (s->own == OWN_MEMORY && !stale_is_harmless(R, s))
            rec_release(R, operand(rec_take_suspended(R, TOP_FRAME(R), i), OWN_TRACE));
        rec_release(R, operand(s->ref, s->own));
        *s = (Slot){.ref = v.ref, .own = v.own};       /* never lent: what is stored to a local was not pushed by an instruction that lends */
        return;
    }
    /* What matters of the type of what is released is that it is harmless: then it may be called float. */
    PyTypeObject *type = s->ref == REF_NONE ? NULL : stale_is_harmless(R, s) ? &PyFloat_Type : builder_type(&R->b, s->ref);
    int was_sunk = s->own != OWN_MEMORY;    /* then memory holds an int, a float or NULL */
    if (v.ref != REF_NONE && builder_is_sunk(&R->b, v.ref)) {
        rec_protect_slot(R, s);
        R->closed = 1;
        uint8_t written = s->written;
        if (!was_sunk && !stale_is_harmless(R, s)) {
            Ref old = rec_emit(R, UOP_TAKE_SLOT, REF_NONE, REF_NONE, REF_NONE, i);
            rec_release(R, operand(old, OWN_TRACE));
            written = 1;
        }
        *s = (Slot){.ref = v.ref, .own = OWN_BORROWED, .written = written};
        return;
    }
    Ref ref = v.ref == REF_NONE ? REF_NONE : rec_own(R, v);
    rec_protect_slot(R, s);
    R->closed = 1;
    Ref old = ref == REF_NONE ? rec_emit(R, UOP_TAKE_SLOT, REF_NONE, REF_NONE, REF_NONE, i)
                              : rec_emit(R, UOP_SWAP_SLOT, ref, REF_NONE, REF_NONE, i);
    if (was_sunk)
        builder_set_type(&R->b, old, &PyFloat_Type);    /* or int, or NULL: what matters is that its release is harmless */
    else if (type)
        builder_set_type(&R->b, old, type);
    rec_release(R, operand(old, OWN_TRACE));
    *s = (Slot){.ref = ref, .own = OWN_MEMORY, .written = 1};
    if (ref == REF_NONE)
        *s = (Slot){.ref = rec_const(R, NULL), .own = OWN_MEMORY, .written = 1};
}
