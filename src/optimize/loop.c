/* loop.c: the recording of one turn -> entry parameters, that turn, and the loop peeled off it.
 *
 * The recorded turn is sent through the builder again and again with other values substituted for what it read at its start:
 *
 *     PARAM*, START, turn | LOOP, PHI*, turn, JUMP_LOOP
 *
 * In the second copy everything that does not change from turn to turn is known already, so its guards and loads fall away: what is
 * left in the loop is what varies. Plain hoisting of invariants would have to prove that guards may be moved; here they simply
 * are executed once, in order, in the first turn (as in LuaJIT).
 *
 * requires: a RECORD_LOOP recording. gives: a trace of its own.
 *  1. A local read at the start of the turn only for its int or float value becomes a parameter (EntrySlot): a link hands it over in
 *     a register, and its memory holds either the object or NULL.
 *  2. A local whose value is sunk at the end of a turn is a PHI; all others are in memory.
 *  3. The loop is closed only if the state at its end has the shape of the state at its head: the same slots sunk, of the same kind,
 *     the same ones sharing one object. If not, one more turn is peeled; after three, the trace links to its own start instead.
 *  4. A turn that runs arbitrary code keeps everything in memory at the header, and links to its own start. */
#include "iterator.h"
#include "../ir/config.h"
#include "../ir/source.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define PEELS 3

static int is_sunk(Loop *l, Ref ref) { return ref != REF_NONE && builder_is_sunk(&l->b, ref); }

/* ---- snapshots ---- */

static void add_sunk_slot(Loop *l, int slot, Ref ref)
{
    const Uop *u = &l->t->uops[ref];
    int iterator = u->op == UOP_SINK_RANGE || u->op == UOP_SINK_INDEX;
    int keep = iterator || ((u->op == UOP_SINK_SLOT_FLOAT || u->op == UOP_SINK_SLOT_INT) && u->imm == slot);
    trace_add_snap_slot(l->t, (SnapSlot){.ref = ref, .slot = (int16_t)slot, .how = keep ? HOW_KEEP : HOW_BORROWED});
}

static int32_t copy_snapshot(void *arg)
{
    Loop *l = arg;
    if (l->old_snap == l->snap && l->snap_generation == l->generation)
        return l->new_snap;
    const Snapshot *s = &l->from->snaps[l->snap];
    int32_t snap = trace_add_snapshot(l->t);
    for (int i = 0; i < s->n_frames; i++) {
        SnapFrame f = l->from->snap_frames[s->first_frame + i];
        f.func = loop_mapped(l, f.func);
        trace_add_snap_frame(l->t, f);
    }
    uint8_t mentioned[MAX_LOCAL_SLOTS];
    memset(mentioned, 0, (size_t)l->n_slots);
    for (int i = 0; i < s->n_slots; i++) {
        SnapSlot slot = l->from->snap_slots[s->first_slot + i];
        int entry_frame = slot.frame == 0 && slot.how != HOW_DROP && slot.slot < l->n_slots;
        if (entry_frame)
            mentioned[slot.slot] = 1;
        if (slot.how == HOW_MEMORY && entry_frame && l->slots[slot.slot].sunk) {
            add_sunk_slot(l, slot.slot, l->slots[slot.slot].ref);
            continue;
        }
        slot.ref = loop_mapped(l, slot.ref);
        if (is_sunk(l, slot.ref)) {
            if (slot.how == HOW_DROP)
                continue;
            slot.how = slot.how == HOW_LENT ? HOW_LENT : HOW_BORROWED;
        } else if (slot.how == HOW_BORROWED && entry_frame && slot.slot < l->from->code->co_nlocalsplus && slot.ref != REF_NONE &&
                   l->slots[slot.slot].ref == slot.ref && !l->slots[slot.slot].sunk)
            slot = (SnapSlot){.ref = REF_NONE, .slot = slot.slot, .how = HOW_MEMORY};      /* made real meanwhile */
        trace_add_snap_slot(l->t, slot);
    }
    /* Unchanged since the head of the turn: what it was there. Stack slots beyond the snapshot's depth are gone. */
    const SnapFrame *entry = &l->from->snap_frames[s->first_frame];
    int live = entry->code->co_nlocalsplus + entry->depth;
    for (int i = 0; i < l->n_slots && i < live; i++) {
        const LoopSlot *slot = i == l->iterator.slot ? &l->slots[i] : &l->start[i];
        if (!mentioned[i] && slot->sunk)
            add_sunk_slot(l, i, slot->ref);
    }
    l->old_snap = l->snap;
    l->new_snap = snap;
    l->snap_generation = l->generation;
    return snap;
}

/* ---- copying a turn ---- */

/* The references to a sunk value that the turn has taken so far and given to nobody: none was counted, there was no object. */
static int owed(Loop *l, Ref sunk)
{
    int n = 0;
    for (Ref r = 0; r < l->at; r++) {
        const Uop *u = &l->from->uops[r];
        if (u->a == REF_NONE || loop_mapped(l, u->a) != sunk)
            continue;
        if (u->op == UOP_INCREF)
            n++;
        else if (u->op == UOP_DECREF || u->op == UOP_DECREF_LEAF || u->op == UOP_DECREF_QUIET || u->op == UOP_DECREF_CALL || u->op == UOP_SWAP_SLOT)
            n--;
    }
    return n;
}

/* The local that alone holds the sunk value, or -1: the object can be made in its memory. */
static int only_holder(Loop *l, Ref sunk)
{
    int holder = -1;
    for (int i = 0; i < l->n_slots; i++) {
        if (!l->slots[i].sunk || l->slots[i].ref != sunk)
            continue;
        if (holder >= 0 || i >= l->from->code->co_nlocalsplus)
            return -1;
        holder = i;
    }
    return owed(l, sunk) > 0 ? -1 : holder;
}

/* At the end of the turn. */
static Ref store_tagged(Loop *l, Ref sunk)
{
    for (int i = 0; i < l->n_slots; i++)
        if (l->slots[i].sunk && l->slots[i].ref == sunk) {
            build(&l->b, UOP_STORE_TAGGED, builder_content(&l->b, sunk), REF_NONE, REF_NONE, i, SNAP_NONE);
            l->slots[i] = (LoopSlot){.ref = REF_NONE, .touched = 1};
        }
    l->generation++;
    return REF_NONE;
}

/* The uop needs the object itself of a sunk value: made now, and stored to the slots that hold it. */
static Ref make_real(Loop *l, Ref sunk)
{
    Ref content = builder_content(&l->b, sunk);
    int op = l->t->uops[sunk].op;
    if (content == REF_NONE || op == UOP_SINK_SLOT_FLOAT || op == UOP_SINK_SLOT_INT || op == UOP_SINK_RANGE || op == UOP_SINK_INDEX ||
        l->snap < 0) {
        l->fail = 1;
        return sunk;
    }
    if (op == UOP_SINK_TAGGED)
        return store_tagged(l, sunk);
    int is_float = ref_kind(l->t, content) == KIND_FLOAT, holder = only_holder(l, sunk), owners = holder >= 0;
    Ref real = holder >= 0 ? build(&l->b, is_float ? UOP_STORE_FLOAT : UOP_STORE_INT, content, REF_NONE, REF_NONE, holder, SNAP_AUTO)
                           : build(&l->b, is_float ? UOP_NEW_FLOAT : UOP_NEW_INT, content, REF_NONE, REF_NONE, 0, SNAP_AUTO);
    for (int n = owed(l, sunk); n > 0; n--)
        if (owners++)
            build(&l->b, UOP_INCREF, real, REF_NONE, REF_NONE, 0, SNAP_NONE);
    for (int i = 0; i < l->n_slots; i++) {
        if (!l->slots[i].sunk || l->slots[i].ref != sunk)
            continue;
        if (i != holder) {
            if (owners++)
                build(&l->b, UOP_INCREF, real, REF_NONE, REF_NONE, 0, SNAP_NONE);
            Ref old = build(&l->b, UOP_SWAP_SLOT, real, REF_NONE, REF_NONE, i, SNAP_NONE);
            builder_set_type(&l->b, old, &PyFloat_Type);
            build(&l->b, UOP_DECREF_LEAF, old, REF_NONE, REF_NONE, 0, SNAP_NONE);
        }
        l->slots[i] = (LoopSlot){.ref = real, .touched = 1};
        if (l->start[i].sunk && l->start[i].ref == sunk)
            l->start[i] = (LoopSlot){.ref = real};      /* snapshots from here on find it in memory */
    }
    if (!owners)
        l->fail = 1;
    for (int i = 0; i < l->from->n_uops; i++)
        if (l->map[i] == sunk)
            l->map[i] = real;
    l->generation++;
    return real;
}

static int takes_sunk(UopCode op)
{
    return op == UOP_UNBOX_FLOAT || op == UOP_UNBOX_INT || op == UOP_GUARD_TYPE || op == UOP_GUARD_NOT_NULL || op == UOP_GUARD_NUMBER ||
           (uop_info[op].effects & EFFECT_SUNK);
}

static Ref null(Loop *l) { return trace_const_obj(l->t, NULL); }

/* The type that the recorder gave the recorded result r when it was made. Not one that a guard behind it found out: in the copy that
 * guard has yet to come. */
static PyTypeObject *made_as(Loop *l, Ref r)
{
    for (Ref k = r + 1; builder_type(l->r->builder, r) && k < l->from->n_uops; k++)
        if (builder_teaches_type(&l->from->uops[k]) && l->from->uops[k].a == r)
            return NULL;
    return builder_type(l->r->builder, r);
}

static void copy_swap(Loop *l, Ref r, const Uop *u)
{
    LoopSlot *s = &l->slots[u->imm];
    Ref v = loop_mapped(l, u->a);
    int is_harmless = s->ref != REF_NONE && !s->sunk && builder_is_harmless(&l->b, s->ref);
    l->generation++;
    if (is_sunk(l, v)) {
        if (!s->sunk && !is_harmless)
            l->map[r] = build(&l->b, UOP_TAKE_SLOT, REF_NONE, REF_NONE, REF_NONE, u->imm, SNAP_NONE);
        else
            l->map[r] = null(l);
        *s = (LoopSlot){.ref = v, .sunk = 1, .touched = 1};
        return;
    }
    Ref old = build(&l->b, UOP_SWAP_SLOT, v, REF_NONE, REF_NONE, u->imm, SNAP_NONE);
    PyTypeObject *known = s->sunk ? &PyFloat_Type : made_as(l, r);
    if (known)
        builder_set_type(&l->b, old, known);
    l->map[r] = old;
    *s = (LoopSlot){.ref = v, .touched = 1};
}

static void copy_uop(Loop *l, Ref r)
{
    const Uop *u = &l->from->uops[r];
    const UopInfo *info = &uop_info[u->op];
    l->snap = u->snap;
    l->t->where = u->where;
    switch (u->op) {
    case UOP_START:
        return;
    case UOP_LOAD_SLOT: {
        LoopSlot *s = &l->slots[u->imm];
        if (s->ref == REF_NONE)
            s->ref = build(&l->b, UOP_LOAD_SLOT, REF_NONE, REF_NONE, REF_NONE, u->imm, SNAP_NONE);
        l->map[r] = s->ref;
        return;
    }
    case UOP_LOAD_TAGGED:
        l->map[r] = l->slots[u->imm].sunk ? builder_content(&l->b, l->slots[u->imm].ref)
                                          : build(&l->b, UOP_LOAD_TAGGED, REF_NONE, REF_NONE, REF_NONE, u->imm, SNAP_AUTO);
        return;
    case UOP_SWAP_SLOT:
        copy_swap(l, r, u);
        return;
    case UOP_TAKE_SLOT: {
        LoopSlot *s = &l->slots[u->imm];
        l->generation++;
        l->map[r] = build(&l->b, UOP_TAKE_SLOT, REF_NONE, REF_NONE, REF_NONE, u->imm, SNAP_NONE);
        PyTypeObject *known = s->sunk ? &PyFloat_Type : made_as(l, r);      /* sunk: what is stale there, an int, a float or NULL */
        if (known)
            builder_set_type(&l->b, l->map[r], known);
        *s = (LoopSlot){.ref = null(l), .touched = 1};
        return;
    }
    case UOP_STORE_FLOAT: case UOP_STORE_INT:
        l->map[r] = build(&l->b, u->op, loop_mapped(l, u->a), REF_NONE, REF_NONE, u->imm, SNAP_AUTO);
        l->slots[u->imm] = (LoopSlot){.ref = l->map[r], .touched = 1};
        l->generation++;
        return;
    case UOP_STORE_SLOT: case UOP_STORE_TAGGED: case UOP_CLEAR_SLOT:
        l->fail = 1;        /* links only */
        return;
    case UOP_RANGE_NEXT: case UOP_LIST_NEXT: case UOP_TUPLE_NEXT:
        if (iterator_next(l, r))
            return;
        break;
    case UOP_INCREF: case UOP_DECREF: case UOP_DECREF_LEAF: case UOP_DECREF_QUIET: case UOP_DECREF_CALL: case UOP_GUARD_OUTLIVES: {
        Ref v = loop_mapped(l, u->a);
        if (is_sunk(l, v))
            return;
        PyTypeObject *type = builder_type(&l->b, v);
        UopCode op = (u->op == UOP_DECREF || u->op == UOP_DECREF_QUIET) && type && cpy_is_leaf_type(type) ? UOP_DECREF_LEAF : u->op;
        build(&l->b, op, v, REF_NONE, REF_NONE, 0, SNAP_AUTO);
        return;
    }
    default:
        if (instance_is(l->t, loop_mapped(l, u->a))) {
            if (!loop_instance(l, r))
                break;
            return;
        }
        break;
    }
    if (u->op == UOP_CHECK_LOOKED)      /* the recorder has forgotten its locals, too */
        for (int i = 0; i < l->from->code->co_nlocalsplus; i++)
            if (!l->slots[i].sunk)
                l->slots[i].ref = REF_NONE;
    Ref operand[3] = {u->a, u->b, u->c};
    for (int i = 0; i < info->n_operands; i++) {
        operand[i] = loop_mapped(l, operand[i]);
        if (is_sunk(l, operand[i]) && !takes_sunk(u->op))
            operand[i] = make_real(l, operand[i]);
    }
    if (u->op == UOP_SINK_SET && !IS_CONST(u->b) && uop_info[l->from->uops[u->b].op].effects & EFFECT_SUNK && !is_sunk(l, operand[1]))
        l->fail = 1;        /* nobody would keep it */
    if (l->fail)
        return;
    if ((u->op == UOP_UNBOX_INT || u->op == UOP_UNBOX_FLOAT) && is_sunk(l, operand[0]) && builder_content(&l->b, operand[0]) == REF_NONE) {
        l->fail = 1;        /* an int that may not fit */
        return;
    }
    Ref v = build(&l->b, u->op, operand[0], operand[1], operand[2],
                  u->imm == (int64_t)(uintptr_t)&l->from->valid ? (int64_t)(uintptr_t)&l->t->valid : u->imm, SNAP_AUTO);
    l->map[r] = v;
    if (u->op == UOP_GUARD_STANDS)
        builder_know_generator(&l->b, operand[0], builder_generator(l->r->builder, u->a));
    if (v != REF_NONE && !IS_CONST(v) && info->is_new && !builder_type(&l->b, v) && made_as(l, r))
        builder_set_type(&l->b, v, made_as(l, r));
}

/* One turn, from and to the header. 0 when it cannot be done. */
static int copy_turn(Loop *l)
{
    memcpy(l->start, l->slots, sizeof *l->slots * l->n_slots);
    for (int i = 0; i < l->n_slots; i++)
        l->slots[i].touched = 0;
    l->generation++;
    for (Ref r = 0; r < l->from->n_uops; r++) {
        l->at = r;
        copy_uop(l, r);
        if (l->fail || l->b.failed || l->b.contradiction)
            return 0;
    }
    l->at = 0;
    l->snap = l->r->snap;
    l->t->where = l->from->uops[l->from->start].where;
    for (int i = 0; i < l->n_slots; i++) {
        const Slot *s = &l->r->slots[i];
        if (s->own == OWN_MEMORY)
            continue;       /* as the copied stores left it */
        Ref ref = s->own == OWN_NULL ? null(l) : loop_mapped(l, s->ref);
        if (is_sunk(l, ref)) {
            l->slots[i] = (LoopSlot){.ref = ref, .sunk = 1, .touched = 1};
            continue;
        }
        if (s->own == OWN_BORROWED)
            build(&l->b, UOP_INCREF, ref, REF_NONE, REF_NONE, 0, SNAP_NONE);
        build(&l->b, UOP_STORE_SLOT, ref, REF_NONE, REF_NONE, i, SNAP_NONE);
        l->slots[i] = (LoopSlot){.ref = ref, .touched = 1};
    }
    if (l->r->work)
        trace_append(l->t, UOP_WORK, REF_NONE, REF_NONE, REF_NONE, l->r->work, SNAP_NONE);
    return !l->b.failed && !l->b.contradiction;
}

/* ---- entry parameters ---- */

/* The object that slot i held at the start is used for its value only. */
static int only_unboxed(Loop *l, Ref object)
{
    const Trace *f = l->from;
    for (Ref r = object + 1; r < f->n_uops; r++) {
        const Uop *u = &f->uops[r];
        if (u->a == object && u->op != UOP_UNBOX_FLOAT && u->op != UOP_UNBOX_INT && u->op != UOP_GUARD_TYPE &&
            u->op != UOP_GUARD_NOT_NULL && u->op != UOP_GUARD_NUMBER)
            return 0;
        if (u->b == object || u->c == object)
            return 0;
    }
    for (int i = 0; i < l->n_slots; i++)
        if (l->r->slots[i].ref == object && l->r->slots[i].own != OWN_MEMORY)
            return 0;
    return 1;
}

/* What slot i holds at the end of the turn is a number of that kind, not made yet. */
static int ends_as(const Loop *l, int i, int kind)
{
    Ref ref = l->r->slots[i].ref;
    return ref != REF_NONE && !IS_CONST(ref) && l->from->uops[ref].op == (kind == KIND_FLOAT ? UOP_SINK_FLOAT : UOP_SINK_INT);
}

/* The kind of number that slot i, which held `object` at the start, hands over as a parameter; KIND_NONE: it stays in memory. */
static int param_kind(Loop *l, Ref object, int i)
{
    PyTypeObject *type = builder_type(l->r->builder, object);
    const Uop *number = type ? NULL : builder_number(l->r->builder, object);
    int kind = type == &PyFloat_Type ? KIND_FLOAT : type == &PyLong_Type ? KIND_INT : number ? (int)number->imm : KIND_NONE;
    if (number && !ends_as(l, i, kind))         /* it is only overwritten, and now the one, now the other */
        return KIND_NONE;
    return kind != KIND_NONE && !l->from->uops[object].big && only_unboxed(l, object) ? kind : KIND_NONE;
}

static void make_params(Loop *l)
{
    const Trace *f = l->from;
    int n_locals = f->code->co_nlocalsplus;
    uint8_t seen[MAX_LOCAL_SLOTS] = {0};
    for (Ref r = 0; r < f->n_uops && !l->r->escaped && config.optimize && l->t->n_entry < 24; r++) {
        const Uop *u = &f->uops[r];
        if (u->op == UOP_SWAP_SLOT || u->op == UOP_TAKE_SLOT || u->op == UOP_STORE_FLOAT || u->op == UOP_STORE_INT)
            seen[u->imm] = 1;
        if (u->op != UOP_LOAD_SLOT || seen[u->imm] || u->imm >= n_locals)
            continue;
        seen[u->imm] = 1;
        int kind = param_kind(l, r, (int)u->imm);
        if (kind == KIND_NONE)
            continue;
        trace_append(l->t, kind == KIND_FLOAT ? UOP_PARAM_FLOAT : UOP_PARAM_INT, REF_NONE, REF_NONE, REF_NONE, l->t->n_entry, SNAP_NONE);
        trace_add_entry(l->t, (EntrySlot){.slot = (int16_t)u->imm, .kind = (uint8_t)kind});
    }
    l->t->start = trace_append(l->t, UOP_START, REF_NONE, REF_NONE, REF_NONE, 0, SNAP_NONE);
    if (l->t->failed)
        return;
    l->snap = f->uops[f->start].snap;
    l->t->uops[l->t->start].snap = copy_snapshot(l);
    l->generation++;
    for (int i = 0; i < l->t->n_entry; i++) {
        EntrySlot *e = &l->t->entry[i];
        Ref sunk = build(&l->b, e->kind == KIND_FLOAT ? UOP_SINK_SLOT_FLOAT : UOP_SINK_SLOT_INT, i, REF_NONE, REF_NONE, e->slot, SNAP_NONE);
        l->slots[e->slot] = (LoopSlot){.ref = sunk, .sunk = 1};
    }
}

/* ---- closing ---- */

typedef struct { Ref phi, sunk_before, sunk; int slot; } Phi;      /* slot: -1, an attribute's */

/* The recorded value that a sunk slot holds at the end of the turn, or REF_NONE. */
static Ref value_at_end(Loop *l, int slot)
{
    if (slot == l->iterator.slot)
        return l->from->uops[l->iterator.next].op == UOP_RANGE_NEXT ? l->iterator.next : REF_NONE;
    Ref ref = l->r->slots[slot].ref;
    if (ref == REF_NONE || IS_CONST(ref) || (l->from->uops[ref].op != UOP_SINK_INT && l->from->uops[ref].op != UOP_SINK_FLOAT))
        return REF_NONE;
    return l->from->uops[ref].a;
}

/* A PHI for slot i that starts as `content`: that of another slot if both go the same way. */
static Ref phi_for(Loop *l, const Phi *phis, int n, int i, Ref content)
{
    Ref end = i < 0 ? REF_NONE : value_at_end(l, i);
    for (int k = 0; k < n && end != REF_NONE; k++)
        if (phis[k].slot >= 0 && l->t->uops[phis[k].phi].a == content && value_at_end(l, phis[k].slot) == end)
            return phis[k].phi;
    return trace_append(l->t, ref_kind(l->t, content) == KIND_FLOAT ? UOP_PHI_FLOAT : UOP_PHI_INT, content, REF_NONE, REF_NONE, 0,
                        SNAP_NONE);
}

static Ref sink(Loop *l, const Phi *phi)
{
    if (phi->slot >= 0 && phi->slot == l->iterator.slot)
        return iterator_sink(l, phi->phi);
    if (l->t->uops[phi->sunk_before].op == UOP_SINK_TAGGED)
        return build(&l->b, UOP_SINK_TAGGED, phi->phi, REF_NONE, REF_NONE, 0, SNAP_NONE);
    return build(&l->b, ref_kind(l->t, phi->phi) == KIND_FLOAT ? UOP_SINK_FLOAT : UOP_SINK_INT, phi->phi, REF_NONE, REF_NONE, 0, SNAP_NONE);
}

/* One for a sunk number, which slot i or, -1, an attribute holds; those of the same are one. The number of PHIs then, -1: it cannot be. */
static int add_phi(Loop *l, Phi *phis, int n, int i, Ref sunk)
{
    Ref content = builder_content(&l->b, sunk);
    int op = l->t->uops[sunk].op;
    if (content == REF_NONE || op == UOP_SINK_SLOT_FLOAT || op == UOP_SINK_SLOT_INT)
        return -1;
    for (int k = 0; k < n; k++)
        if (phis[k].sunk_before == sunk)
            return n;
    if (n == MAX_LOCAL_SLOTS)
        return -1;
    phis[n] = (Phi){.phi = phi_for(l, phis, n, i, content), .sunk_before = sunk, .slot = i};
    return l->t->failed ? -1 : n + 1;
}

static int add_phis_of(Loop *l, Phi *phis, int n, Ref instance)
{
    int64_t place[MAX_ATTRIBUTES];
    for (int i = 0, k = instance_places(l->t, instance, place); i < k && n >= 0; i++) {
        Ref value = instance_attribute(l->t, instance, ir_place_offset(place[i]));
        if (!IS_CONST(value))
            n = add_phi(l, phis, n, -1, value);
    }
    return n;
}

static Ref phi_of(const Phi *phis, int n, Ref sunk)
{
    for (int k = 0; k < n; k++)
        if (phis[k].sunk_before == sunk)
            return phis[k].sunk;
    return REF_NONE;
}

/* The instance of the turn before, as the loop sees it. */
static Ref instance_in_loop(Loop *l, const Phi *phis, int n, Ref instance)
{
    int64_t place[MAX_ATTRIBUTES];
    Ref ref = build(&l->b, UOP_SINK_NEW, instance_class(l->t, instance), REF_NONE, REF_NONE, 0, SNAP_NONE);
    for (int i = 0, k = instance_places(l->t, instance, place); i < k; i++) {
        Ref value = instance_attribute(l->t, instance, ir_place_offset(place[i]));
        ref = build(&l->b, UOP_SINK_SET, ref, IS_CONST(value) ? value : phi_of(phis, n, value), REF_NONE, place[i], SNAP_NONE);
    }
    return ref;
}

/* The PHIs for slots that change; what the loop sees in them. */
static int make_phis(Loop *l, Phi *phis)
{
    int n = 0;
    l->t->loop = trace_append(l->t, UOP_LOOP, REF_NONE, REF_NONE, REF_NONE, 0, SNAP_NONE);
    for (int i = 0; i < l->n_slots && n >= 0; i++) {
        LoopSlot *s = &l->slots[i];
        if (l->changes[i] && s->sunk)
            n = instance_is(l->t, s->ref) ? add_phis_of(l, phis, n, s->ref) : add_phi(l, phis, n, i, s->ref);
    }
    if (n < 0)
        return -1;
    unsigned written = 0;       /* what one turn writes, the next must read anew */
    for (Ref r = 0; r < l->from->n_uops; r++) {
        const Uop *u = &l->from->uops[r];
        written |= builder_writes(u->op);
        if (ir_writes_generator(u->op) && !builder_note_turn(&l->b, u->op, loop_mapped(l, u->a), u->imm))
            written = ~0u;
    }
    builder_forget(&l->b, written);
    for (int k = 0; k < n; k++)
        phis[k].sunk = sink(l, &phis[k]);
    if (l->b.failed)
        return -1;
    memcpy(l->before, l->slots, sizeof *l->slots * (size_t)l->n_slots);
    for (int i = 0; i < l->n_slots; i++) {
        LoopSlot *s = &l->slots[i];
        if (!l->changes[i])
            continue;
        if (!s->sunk) {
            s->ref = REF_NONE;
            continue;
        }
        int same = 0;       /* one instance in two slots is one */
        while (l->before[same].ref != s->ref || !l->before[same].sunk)
            same++;
        s->ref = !instance_is(l->t, s->ref) ? phi_of(phis, n, s->ref) : same < i ? l->slots[same].ref : instance_in_loop(l, phis, n, s->ref);
    }
    return l->b.failed ? -1 : n;
}

/* What a sunk number at the head is at the end. */
typedef struct { Ref head[2 * MAX_LOCAL_SLOTS], end[2 * MAX_LOCAL_SLOTS]; int n; } Ends;

static int close_phi(Loop *l, const Phi *phis, int n, Ends *ends, Ref head, Ref end)
{
    int k = 0, op = l->t->uops[end].op;
    while (k < n && phis[k].sunk != head)
        k++;
    Ref content = builder_content(&l->b, end);
    if (k == n || content == REF_NONE || op == UOP_SINK_SLOT_FLOAT || op == UOP_SINK_SLOT_INT ||
        ref_kind(l->t, content) != ref_kind(l->t, phis[k].phi) || ends->n == 2 * MAX_LOCAL_SLOTS)
        return 0;
    ends->head[ends->n] = head;
    ends->end[ends->n++] = end;
    Uop *phi = &l->t->uops[phis[k].phi];
    if (phi->b != REF_NONE && phi->b != content)
        return 0;
    phi->b = content;
    return 1;
}

static int close_instance(Loop *l, const Phi *phis, int n, Ends *ends, Ref head, Ref end)
{
    int64_t at_head[MAX_ATTRIBUTES], at_end[MAX_ATTRIBUTES];
    int k = instance_places(l->t, head, at_head);
    if (!instance_is(l->t, end) || instance_class(l->t, head) != instance_class(l->t, end) || k != instance_places(l->t, end, at_end))
        return 0;
    for (int i = 0; i < k; i++) {
        int offset = ir_place_offset(at_head[i]);
        Ref was = instance_attribute(l->t, head, offset), is = instance_attribute(l->t, end, offset);
        if (at_head[i] != at_end[i] || IS_CONST(was) != IS_CONST(is) || (IS_CONST(was) && was != is))
            return 0;
        if (!IS_CONST(was) && !close_phi(l, phis, n, ends, was, is))
            return 0;
    }
    return 1;
}

/* The state at the end of the loop has the shape of that at its head: sets PHI.b. */
static int close_phis(Loop *l, const Phi *phis, int n)
{
    Ends ends = {.n = 0};
    for (int i = 0; i < l->n_slots; i++) {
        const LoopSlot *s = &l->slots[i], *head = &l->start[i];
        if (s->sunk != head->sunk)
            return 0;
        if (!s->sunk)
            continue;
        if (!l->changes[i]) {
            if (s->ref != head->ref)
                return 0;
            continue;
        }
        if (!(instance_is(l->t, head->ref) ? close_instance : close_phi)(l, phis, n, &ends, head->ref, s->ref))
            return 0;
    }
    /* One object in two slots or attributes at the end must be one at the head, and the other way round. */
    for (int i = 0; i < l->n_slots; i++)
        for (int k = i + 1; k < l->n_slots; k++)
            if (l->slots[i].sunk && l->slots[k].sunk && (l->slots[i].ref == l->slots[k].ref) != (l->start[i].ref == l->start[k].ref))
                return 0;
    for (int i = 0; i < ends.n; i++)
        for (int k = i + 1; k < ends.n; k++)
            if ((ends.head[i] == ends.head[k]) != (ends.end[i] == ends.end[k]))
                return 0;
    return 1;
}

typedef struct { int32_t uops, snaps, frames, slots; LoopSlot state[MAX_LOCAL_SLOTS]; } Mark;

static void mark(Loop *l, Mark *m)
{
    m->uops = l->t->n_uops;
    m->snaps = l->t->n_snaps;
    m->frames = l->t->n_snap_frames;
    m->slots = l->t->n_snap_slots;
    memcpy(m->state, l->slots, sizeof *l->slots * l->n_slots);
    memcpy(l->map_before, l->map, sizeof *l->map * l->from->n_uops);
}

static void back_to(Loop *l, const Mark *m)
{
    builder_rollback(&l->b, m->uops, m->snaps, m->frames, m->slots);
    memcpy(l->slots, m->state, sizeof *l->slots * l->n_slots);
    memcpy(l->map, l->map_before, sizeof *l->map * l->from->n_uops);
    iterator_close(l);
    l->t->loop = REF_NONE;
    l->fail = 0;
    l->old_snap = -1;
    l->generation++;
}

static int try_loop(Loop *l)
{
    Mark before;
    mark(l, &before);
    Phi phis[MAX_LOCAL_SLOTS];
    int n = iterator_open(l) ? make_phis(l, phis) : -1;
    if (n >= 0 && copy_turn(l) && close_phis(l, phis, n)) {
        trace_append(l->t, UOP_JUMP_LOOP, REF_NONE, REF_NONE, REF_NONE, 0, SNAP_NONE);
        return 1;
    }
    back_to(l, &before);
    return 0;
}

/* Ends in a link to the trace's own start: sunk values handed over where a parameter waits for them, the others made. */
static int link_to_self(Loop *l)
{
    Ref args[MAX_LOCAL_SLOTS];
    l->snap = l->r->snap;
    memcpy(l->start, l->slots, sizeof *l->slots * l->n_slots);
    l->generation++;
    for (int i = 0; i < l->t->n_entry; i++) {
        const EntrySlot *e = &l->t->entry[i];
        LoopSlot *s = &l->slots[e->slot];
        if (s->ref == REF_NONE)
            s->ref = build(&l->b, UOP_LOAD_SLOT, REF_NONE, REF_NONE, REF_NONE, e->slot, SNAP_NONE);
        if (s->sunk && builder_content(&l->b, s->ref) == REF_NONE)
            return 0;
        build(&l->b, UOP_GUARD_TYPE, s->ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)(e->kind == KIND_FLOAT ? &PyFloat_Type : &PyLong_Type),
              SNAP_AUTO);
        args[i] = build(&l->b, e->kind == KIND_FLOAT ? UOP_UNBOX_FLOAT : UOP_UNBOX_INT, s->ref, REF_NONE, REF_NONE, 0, SNAP_AUTO);
        if (l->b.contradiction || l->b.failed)
            return 0;
    }
    for (int i = 0; i < l->n_slots; i++) {
        LoopSlot *s = &l->slots[i];
        if (!s->sunk)
            continue;
        int entry = 0;
        for (int k = 0; k < l->t->n_entry; k++)
            entry |= l->t->entry[k].slot == i;
        int shared = 0;     /* the other side would make an object of its own for each */
        for (int k = 0; k < l->n_slots; k++)
            shared |= k != i && l->slots[k].sunk && l->slots[k].ref == s->ref;
        const Uop u = l->t->uops[s->ref];
        if (!entry || shared) {
            if (builder_content(&l->b, s->ref) == REF_NONE)
                return 0;
            make_real(l, s->ref);
        } else if (!((u.op == UOP_SINK_SLOT_FLOAT || u.op == UOP_SINK_SLOT_INT) && u.imm == i)) {
            build(&l->b, UOP_DROP_STALE, REF_NONE, REF_NONE, REF_NONE, i, SNAP_AUTO);
        }
        if (l->fail || l->b.failed)
            return 0;
    }
    for (int i = 0; i < l->t->n_entry; i++)
        trace_add_link_arg(l->t, args[i]);
    l->generation++;
    trace_append(l->t, UOP_LINK, REF_NONE, REF_NONE, REF_NONE, (int64_t)(uintptr_t)l->t, copy_snapshot(l));
    return 1;
}

static int make(Loop *l)
{
    make_params(l);
    if (l->t->failed || !copy_turn(l))
        return 0;
    for (int i = 0; i < l->n_slots; i++) {
        l->changes[i] = l->slots[i].touched;
    }
    iterator_find(l);
    if (l->r->escaped || !config.optimize)
        return link_to_self(l);
    for (int i = 0; i < PEELS; i++) {
        if (try_loop(l))
            return 1;
        Mark before;
        mark(l, &before);
        if (!copy_turn(l)) {
            back_to(l, &before);
            break;
        }
    }
    return link_to_self(l);
}

/* The maps, from a buffer that is kept. */
static int have_maps(Loop *l, int32_t n_uops, int32_t n_consts)
{
    static Ref *buffer;
    static size_t size;
    size_t need = 2 * (size_t)n_uops + (size_t)n_consts;
    if (need > size) {
        Ref *bigger = realloc(buffer, 2 * need * sizeof *buffer);
        if (!bigger)
            return 0;
        buffer = bigger;
        size = 2 * need;
    }
    l->map = buffer;
    l->map_before = buffer + n_uops;
    l->const_map = buffer + 2 * n_uops;
    return 1;
}

Trace *opt_loop(const Recording *r, AbortReason *why)
{
    *why = ABORT_UNSTABLE;
    if (r->n_slots > MAX_LOCAL_SLOTS)
        return NULL;
    static Loop kept;       /* 10 KB: not on the C stack, and cleared as far as it is used */
    Loop *l = &kept;
    memset(l, 0, offsetof(Loop, b));
    l->r = r;
    l->from = r->trace;
    l->n_slots = r->n_slots;
    l->old_snap = -1;
    l->iterator.slot = -1;
    l->iterator.next = REF_NONE;
    for (int i = 0; i < l->n_slots; i++) {
        l->slots[i] = (LoopSlot){.ref = REF_NONE};
        l->start[i] = (LoopSlot){0};
        l->changes[i] = 0;
    }
    l->t = trace_new(r->trace->code);
    int ok = 0;
    if (l->t && have_maps(l, r->trace->n_uops, r->trace->n_consts) && builder_init(&l->b, l->t, config.max_trace * 4) == 0) {
        for (int i = 0; i < r->trace->n_uops; i++)
            l->map[i] = REF_NONE;
        for (int i = 0; i < r->trace->n_consts; i++)
            l->const_map[i] = REF_NONE;
        l->b.arg = l;
        l->b.snapshot = copy_snapshot;
        l->t->globals = r->trace->globals;
        l->t->builtins = r->trace->builtins;
        l->t->header = r->trace->header;
        l->t->n_bytecodes = r->trace->n_bytecodes;
        l->t->where = r->trace->uops[r->trace->start].where;
        source_move(l->t, r->trace);
        for (int i = 0; r->trace->n_classes && i < r->trace->n_consts; i++)
            if (r->trace->consts[i].is_class)
                loop_mapped(l, ~i);
        ok = make(l);
        for (int i = 0; i < r->trace->n_consts; i++)    /* what the recording keeps alive, this keeps alive */
            loop_mapped(l, ~i);
    }
    builder_free(&l->b);
    if (!l->t || l->t->failed)
        *why = ABORT_TOO_LONG;
    if (!ok || l->t->failed) {
        if (l->t)
            source_move(r->trace, l->t);        /* who says why names lines */
        trace_free(l->t);
        return NULL;
    }
    return l->t;
}
