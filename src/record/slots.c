/* slots.c: what the recorder knows of each slot, who owns what, and the operand stack.
 *
 * Every local and stack slot of every frame of the trace is at any time exactly one of
 *
 *   OWN_MEMORY    in the frame's memory, which owns the reference; `ref` when it has been loaded
 *   sunk          ref is a SINK_* uop: an int or float in a register, an instance made of such; there is no object and no reference yet
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

int rec_slots_in_use(const Recorder *R, int i)
{
    const RecFrame *f = &R->frames[i];
    int depth = i == R->n_frames - 1 && !R->closed && R->start_depth > f->depth ? R->start_depth : f->depth;
    return f->n_locals + depth;
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

void rec_own_slot(Recorder *R, Slot *s)
{
    rec_emit(R, UOP_INCREF, s->ref, REF_NONE, REF_NONE, 0);
    s->own = OWN_TRACE;
    R->snap = -1;
}

void rec_own_borrowers(Recorder *R, Ref ref)
{
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0, n = rec_slots_in_use(R, i); k < n; k++) {
            Slot *s = &R->frames[i].slots[k];
            if (s->ref == ref && s->own == OWN_BORROWED && !alive(R, ref, NULL, 0))
                rec_own_slot(R, s);
        }
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

void rec_release(Recorder *R, Operand v)
{
    if (v.own != OWN_TRACE || v.ref == REF_NONE || builder_is_sunk(&R->b, v.ref))
        return;
    if (R->n_drops == MAX_DROPS)
        Py_FatalError("copypatch: recorder: too many references to release");
    R->drops[R->n_drops++] = v;
}
