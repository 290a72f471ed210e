/* control.c: jumps, the stack, and what closes a trace: coming back to a loop header. */
#include "recorder.h"

/* ---- branches ---- */

static void pop_jump_if(Recorder *R, int when, int target)
{
    RecFrame *f = TOP_FRAME(R);
    R->branches++;
    Operand v;
    rec_peek(R, 0, &v);
    int truth;
    if (IS_CONST(v.ref))
        truth = rec_object(R, v.ref) == Py_True;
    else if (R->t->uops[v.ref].op != UOP_BOOL_OBJ) {
        PyObject *o = rec_object(R, v.ref);
        truth = o == Py_True;
        rec_emit(R, UOP_GUARD_IS, v.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)o);
    } else {
        Ref condition = rec_emit(R, UOP_UNBOX_BOOL, v.ref, REF_NONE, REF_NONE, 0);
        truth = rec_value(R, condition).i != 0;
        rec_emit(R, truth ? UOP_GUARD_TRUE : UOP_GUARD_FALSE, condition, REF_NONE, REF_NONE, 0);
    }
    rec_drop(R, 1);
    R->closed = 1;
    if (truth == when)
        f->next += target;
}

static void pop_jump_if_none(Recorder *R, int when, int target)
{
    RecFrame *f = TOP_FRAME(R);
    R->branches++;
    Operand v;
    rec_peek(R, 0, &v);
    int none;
    if (builder_is_sunk(&R->b, v.ref))
        none = 0;
    else {
        none = rec_object(R, v.ref) == Py_None;
        rec_emit(R, none ? UOP_GUARD_IS : UOP_GUARD_IS_NOT, v.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)Py_None);
    }
    rec_drop(R, 1);
    R->closed = 1;
    if (none == when)
        f->next += target;
}

/* ---- linking ---- */

static const EntrySlot *entry_slot(const Trace *root, int slot)
{
    for (int i = 0; i < root->n_entry; i++)
        if (root->entry[i].slot == slot)
            return &root->entry[i];
    return NULL;
}

/* Another slot of the entry frame holds the same object. */
static int is_shared(Recorder *R, const Slot *s)
{
    RecFrame *f = &R->frames[0];
    for (int i = 0; i < f->n_locals + f->depth; i++)
        if (&f->slots[i] != s && f->slots[i].ref == s->ref)
            return 1;
    return 0;
}

/* The local is bound, and of the type that the entry slot has. */
static int fits_entry(Recorder *R, const EntrySlot *e)
{
    Operand v = rec_local(R, e->slot);
    if (v.ref == REF_NONE || (!builder_is_sunk(&R->b, v.ref) && !rec_object(R, v.ref)))
        return 0;
    return rec_type(R, v.ref) == (e->kind == KIND_FLOAT ? &PyFloat_Type : &PyLong_Type);
}

/* The trace ends here, at the header of `target`: the slots are brought to where its link entry expects them. When a type does not
 * fit (s = 0 before a loop that adds floats), the recording goes on: a turn later it usually does. */
static void link_to(Recorder *R, Trace *target)
{
    RecFrame *f = &R->frames[0];
    Ref args[MAX_SLOTS];
    for (int i = 0; i < target->n_entry; i++)
        if (!fits_entry(R, &target->entry[i])) {
            if (++R->unrolled > 3)
                rec_abort(R, ABORT_UNSTABLE);
            return;
        }
    for (int i = 0; i < target->n_entry; i++) {
        const EntrySlot *e = &target->entry[i];
        Operand v = rec_local(R, e->slot);
        if (!builder_is_sunk(&R->b, v.ref))
            rec_emit(R, UOP_GUARD_NOT_NULL, v.ref, REF_NONE, REF_NONE, 0);
        if (!(e->kind == KIND_FLOAT ? rec_unbox_float(R, v.ref, &args[i]) : rec_unbox_int(R, v.ref, &args[i])))
            rec_abort(R, ABORT_UNSTABLE);       /* an int of more than 64 bits */
    }
    for (int i = 0; i < f->n_locals + f->depth; i++) {
        Slot *s = &f->slots[i];
        const EntrySlot *e = entry_slot(target, i);
        if (!e) {
            rec_to_memory(R, i);
            continue;
        }
        if (s->own == OWN_MEMORY)
            continue;
        const Uop *u = &R->t->uops[s->ref];
        if ((u->op == UOP_SINK_SLOT_FLOAT || u->op == UOP_SINK_SLOT_INT) && u->imm == i)
            continue;
        if (is_shared(R, s))        /* the other side would make an object of its own for each */
            rec_real(R, operand(s->ref, OWN_BORROWED));
        else
            rec_before_overwrite(R, i);
        if (s->own == OWN_MEMORY)
            continue;
        /* What memory holds is stale: NULL says so to the other side. */
        rec_emit(R, UOP_DROP_STALE, REF_NONE, REF_NONE, REF_NONE, i);
    }
    for (int i = 0; i < target->n_entry; i++)
        trace_add_link_arg(R->t, args[i]);
    /* The target belongs to the same code object, which keeps all its executors. */
    rec_count(R);
    R->snap = -1;
    int32_t snap = R->b.snapshot(R);
    rec_append(R, UOP_LINK, REF_NONE, (int64_t)(uintptr_t)target, snap);
    rec_stop(R, RECORD_LINK, ABORT_NONE, snap);
}

#define LEFT_TRIES 8        /* recordings of a loop that are given up because it ended in their turn */

/* A root that begins at the entry of a function. */
static int is_entry(const Recorder *R) { return R->loop && header_is_entry(R->loop); }

static int is_outside(const Header *h, const Header *loop) { return h->unit < loop->unit || h->unit > loop->end; }

/* A root recording has left its loop, and come to another one: not the turn to make a trace of. Where it is always so, in the end it is. */
static int left_loop(Recorder *R, const Header *h)
{
    return R->loop && !is_entry(R) && is_outside(h, R->loop) && R->loop->retries < LEFT_TRIES;
}

#define MAX_PEELED 8        /* of all such loops together */

/* Back at the header of a loop that has few turns: 1, they are recorded one after the other. Not those of the loop that is being made in
 * this frame, and not of one around it: that one's turn ends with other iterators on the stack. */
static int peel(Recorder *R, const Header *h)
{
    const Header *made = R->inner ? (R->n_frames == R->inner_frames ? R->inner : NULL) : R->n_frames == 1 && !is_entry(R) ? R->loop : NULL;
    if (made && (h == made || is_outside(h, made)))
        return 0;
    return h->few && R->peeled++ < MAX_PEELED;
}

/* At a loop's header: only variables of the entry frame hold instances that are not made, and the loop can keep them as they are. */
static int goes_round_with_instances(const Recorder *R, const Header *h)
{
    const RecFrame *f = &R->frames[0];
    if (R->n_frames > 1 || h != R->loop || h->makes_instances || R->escaped || !R->b.fold)
        return 0;
    for (int k = f->n_locals; k < f->n_locals + f->depth; k++)
        if (rec_is_instance(R, f->slots[k].ref))
            return 0;
    return 1;
}

/* Called at each boundary: is this a loop header? */
void rec_at_header(Recorder *R)
{
    RecFrame *f = TOP_FRAME(R);
    if (!f->info->has_loop || (R->n_bytecodes == 0 && !R->from_link && !is_entry(R)))
        return;
    Header *h = codeinfo_loop(f->info, f->ip);
    if (!h)
        return;
    if (!goes_round_with_instances(R, h))
        rec_settle(R);
    if (R->n_frames > 1) {
        if (R->came_back && !rec_goes_round(R) && !peel(R, h))
            rec_inner_loop(R, h);
        return;
    }
    rec_must_not_leave(R);
    if (h == R->loop)
        rec_stop(R, RECORD_LOOP, ABORT_NONE, R->b.snapshot(R));
    if (left_loop(R, h))
        rec_abort(R, ABORT_LEFT_LOOP);
    if (h->root && h->root->valid && h->root->globals == f->globals && h->root->builtins == f->builtins &&
        h->root->own_locals == R->t->own_locals)        /* who links enters without being asked */
        link_to(R, h->root);
    if (R->came_back && !peel(R, h) && ((R->loop && !is_entry(R)) || ++R->inner_loops > 2)) {
        R->stopped_at = h;
        rec_abort(R, ABORT_INNER_LOOP);
    }
}

int rec_control(Recorder *R, int op, int arg)
{
    RecFrame *f = TOP_FRAME(R);
    switch (op) {
    case RESUME:
        if (R->n_frames > 1 && f->code->co_ncellvars)      /* the cells may be what makes a collection due */
            rec_emit(R, UOP_POLL, REF_NONE, REF_NONE, REF_NONE, 0);
        R->closed = 1;
        return 1;
    case NOP: case CACHE:
        R->closed = 1;
        return 1;
    case POP_TOP:
        rec_drop(R, 1);
        R->closed = 1;
        return 1;
    case COPY: {
        Operand v;
        rec_peek(R, arg - 1, &v);
        rec_push_same(R, (Operand){v.ref, v.own == OWN_NULL ? OWN_NULL : OWN_BORROWED, v.lent});
        return 1;
    }
    case SWAP: {
        Operand ignored;
        rec_peek(R, 0, &ignored);
        rec_peek(R, arg - 1, &ignored);
        Slot *top = &f->slots[f->n_locals + f->depth - 1], *other = top - (arg - 1), was = *top;
        R->closed = 1;
        *top = *other;
        *other = was;
        top->own = top->own == OWN_MEMORY ? OWN_TRACE : top->own;
        other->own = other->own == OWN_MEMORY ? OWN_TRACE : other->own;
        return 1;
    }
    case JUMP_FORWARD:
        f->next += arg;
        R->closed = 1;
        return 1;
    case JUMP_BACKWARD:
        rec_emit(R, UOP_POLL, REF_NONE, REF_NONE, REF_NONE, 0);
        f->next -= arg;
        R->closed = 1;
        R->came_back = 1;
        return 1;
    case POP_JUMP_IF_TRUE: pop_jump_if(R, 1, arg); return 1;
    case POP_JUMP_IF_FALSE: pop_jump_if(R, 0, arg); return 1;
    case POP_JUMP_IF_NONE: pop_jump_if_none(R, 1, arg); return 1;
    case POP_JUMP_IF_NOT_NONE: pop_jump_if_none(R, 0, arg); return 1;
    default:
        return 0;
    }
}
