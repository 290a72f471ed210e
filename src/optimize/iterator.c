/* iterator.c: the fields of the loop's iterator -> registers.
 *
 * A range iterator holds what it will give next and how many more, a list or tuple iterator the number of its next item: RANGE_NEXT
 * and its like read and write them in each turn. Nobody can look at them while a loop runs: the iterator lies on the frame's operand
 * stack, and when that has its only reference, nothing else knows it (it is not tracked by the collector either). So in the peeled
 * loop the slot is sunk: the fields are written by the exit that needs them (or the side trace that begins there).
 *
 *     RANGE_NEXT it        n = ADD_WRAP last step; GUARD_NE_INT n end         sunk: SINK_RANGE last slot
 *     LIST_NEXT it         LIST_ITEM list index; n = ADD_WRAP index 1         sunk: SINK_INDEX index slot
 *
 * A range is at its end when the next value would be `end`, what follows its last value; a loop whose variable is the value needs no
 * register more for it. How many are left follows from the fields as they were and the last value (range_sync() in abi.h).
 *
 *  1. Only an iterator that lies in stack memory at the header, from which the turn takes one value and which it uses for nothing else.
 *  2. That nobody else has it is guarded once, before the loop; the recorder has looked whether it is likely (the hint).
 *  3. The turn runs no arbitrary code (such turns are not peeled).
 *
 * requires: a recorded turn. gives: iterator_*() for loop.c. */
#include "iterator.h"

static int is_next(UopCode op) { return op == UOP_RANGE_NEXT || op == UOP_LIST_NEXT || op == UOP_TUPLE_NEXT; }

/* The recorded turn does no more with the iterator than look at its type and take one value. */
static int only_next(const Loop *l, Ref next)
{
    const Trace *f = l->from;
    Ref it = f->uops[next].a;
    int64_t slot = f->uops[it].imm;
    for (Ref r = 0; r < f->n_uops; r++) {
        const Uop *u = &f->uops[r];
        if ((u->a == it && u->op != UOP_GUARD_TYPE && r != next) || u->b == it || u->c == it)
            return 0;
        if (uop_info[u->op].imm == IMM_SLOT && u->imm == slot && r != it)
            return 0;
    }
    for (int i = 0; i < f->n_snap_slots; i++)
        if (f->snap_slots[i].ref == it)
            return 0;
    return l->r->slots[slot].own == OWN_MEMORY;
}

void iterator_find(Loop *l)
{
    const Trace *f = l->from;
    for (Ref r = 0; r < f->n_uops; r++) {
        const Uop *u = &f->uops[r];
        if (!is_next((UopCode)u->op) || !u->imm || IS_CONST(u->a) || f->uops[u->a].op != UOP_LOAD_SLOT)
            continue;
        int64_t slot = f->uops[u->a].imm;
        if (slot < f->code->co_nlocalsplus || slot >= l->n_slots || !builder_type(l->r->builder, u->a) || !only_next(l, r))
            continue;
        l->iterator.slot = (int)slot;
        l->iterator.next = r;
    }
}

Ref iterator_sink(Loop *l, Ref at)
{
    const Uop *next = &l->from->uops[l->iterator.next];
    Ref sunk = build(&l->b, next->op == UOP_RANGE_NEXT ? UOP_SINK_RANGE : UOP_SINK_INDEX, at, REF_NONE, REF_NONE, l->iterator.slot,
                     SNAP_NONE);
    builder_set_type(&l->b, sunk, builder_type(l->r->builder, next->a));
    return sunk;
}

int iterator_open(Loop *l)
{
    if (l->iterator.next == REF_NONE)
        return 1;
    const Uop *next = &l->from->uops[l->iterator.next];
    int slot = l->iterator.slot, range = next->op == UOP_RANGE_NEXT;
    Ref it = loop_mapped(l, next->a), at;
    l->snap = l->r->snap;
    l->iterator.limit = build(&l->b, range ? UOP_RANGE_END : UOP_ITER_SEQUENCE, it, REF_NONE, REF_NONE, range ? next->imm : 0, SNAP_AUTO);
    at = range ? loop_mapped(l, l->iterator.next) : build(&l->b, UOP_ITER_INDEX, it, REF_NONE, REF_NONE, 0, SNAP_NONE);
    if (l->b.failed)
        return 0;
    l->slots[slot].ref = iterator_sink(l, at);
    l->slots[slot].sunk = l->changes[slot] = 1;
    l->generation++;
    return !l->b.failed;
}

void iterator_close(Loop *l)
{
    if (l->iterator.slot >= 0)
        l->changes[l->iterator.slot] = 0;
}

int iterator_next(Loop *l, Ref r)
{
    int slot = l->iterator.slot;
    if (r != l->iterator.next || !l->slots[slot].sunk)
        return 0;
    const Uop *u = &l->from->uops[r];
    Ref at = builder_content(&l->b, l->slots[slot].ref), next;
    if (u->op == UOP_RANGE_NEXT) {
        next = build(&l->b, UOP_ADD_WRAP, at, trace_const_int(l->t, u->imm), REF_NONE, 0, SNAP_NONE);
        build(&l->b, UOP_GUARD_NE_INT, next, l->iterator.limit, REF_NONE, 0, SNAP_AUTO);
        l->map[r] = next;
    } else {
        l->map[r] = build(&l->b, u->op == UOP_LIST_NEXT ? UOP_LIST_ITEM : UOP_TUPLE_ITEM, l->iterator.limit, at, REF_NONE, 0, SNAP_AUTO);
        next = build(&l->b, UOP_ADD_WRAP, at, trace_const_int(l->t, 1), REF_NONE, 0, SNAP_NONE);
    }
    l->slots[slot] = (LoopSlot){.ref = iterator_sink(l, next), .sunk = 1, .touched = 1};
    l->generation++;
    return 1;
}
