/* real.c: sunk values are made: numbers, and instances with what is in them (instances.c).
 *
 * Whatever is made is one object, and from then on every slot that had the value has that: locals of the entry frame in memory, at once.
 * What lay there goes; the objects of sunk values that are at home in that memory (SINK_SLOT_*) are made before. So making one may make
 * others, and a caller that holds an Operand across it looks at the slot again.
 *
 * A number is one object wherever it lies: where it is made, the instances that have it are, and all other instances with them
 * (R->settling, R->made). */
#include "recorder.h"

/* ---- numbers ---- */

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

void rec_before_overwrite(Recorder *R, int i)
{
    Ref todo[MAX_SLOTS];
    int n = add_displaced(R, todo, 0, i);
    for (int j = 0; j < n; j++)
        rec_real(R, operand(todo[j], OWN_BORROWED));
    if (n)
        rec_protect_slot(R, &R->frames[0].slots[i]);
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

static void replace_and_store(Recorder *R, Ref sunk, Ref real)
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
            rec_own_borrowers(R, made[j]);       /* that memory may not be the local's value any more, but stale */
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

/* ---- instances ---- */

/* While they are made; NULL: it is not made yet. */
static Made *made_of(Recorder *R, Ref sunk)
{
    for (int i = 0; i < R->n_made; i++)
        if (R->made[i].sunk == sunk)
            return &R->made[i];
    return NULL;
}

/* The instances have the object now that the number has become: exits that come before they are made find one. */
static void renew(Recorder *R, Ref number, Ref real)
{
    int64_t place[MAX_ATTRIBUTES];
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < rec_slots_in_use(R, i); k++) {
            Ref old = R->frames[i].slots[k].ref;
            if (!rec_is_instance(R, old) || !instance_has(R->t, old, number))
                continue;
            Ref new = instance_base(R->t, old);
            for (int j = 0, n = instance_places(R->t, old, place); j < n; j++) {
                Ref value = instance_attribute(R->t, old, ir_place_offset(place[j]));
                new = rec_emit(R, UOP_SINK_SET, new, value == number ? real : value, REF_NONE, place[j]);
            }
            rec_replace(R, old, new);
        }
}

static void note_made(Recorder *R, Ref sunk, Operand real)
{
    if (R->n_made == MAX_MADE)
        rec_abort(R, ABORT_TOO_LONG);
    int unowned = real.own == OWN_TRACE;
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < rec_slots_in_use(R, i); k++)
            unowned &= R->frames[i].slots[k].ref != real.ref;
    R->made[R->n_made++] = (Made){sunk, real.ref, unowned};
    if (!rec_is_instance(R, sunk))
        renew(R, sunk, real.ref);
}

static int is_attribute(const Recorder *R, Ref value)
{
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < rec_slots_in_use(R, i); k++)
            if (rec_is_instance(R, R->frames[i].slots[k].ref) && instance_has(R->t, R->frames[i].slots[k].ref, value))
                return 1;
    return 0;
}

static int is_instance_or_part(const Recorder *R, Ref sunk)
{
    return R->has_instances && (rec_is_instance(R, sunk) || is_attribute(R, sunk));
}

/* The number, made: its reference, if no slot has it, is in the queue of what an exit releases. */
static Ref make_attribute(Recorder *R, Ref value)
{
    if (!builder_is_sunk(&R->b, value))
        return value;
    if (!made_of(R, value))
        rec_real(R, operand(value, OWN_BORROWED));
    const Made *made = made_of(R, value);
    if (made->unowned)
        rec_release(R, operand(made->real, OWN_TRACE));
    R->snap = -1;
    return made->real;
}

/* The trace has a reference to it that nobody else has yet: that is taken. */
static int take_unowned(Recorder *R, Ref real)
{
    for (int i = 0; i < R->n_made; i++)
        if (R->made[i].real == real && R->made[i].unowned) {
            R->made[i].unowned = 0;
            return 1;
        }
    return 0;
}

static Ref make_instance(Recorder *R, Ref ref)
{
    int64_t place[MAX_ATTRIBUTES];
    Ref value[MAX_ATTRIBUTES];
    int n = instance_places(R->t, ref, place), n_drops = R->n_drops;
    for (int i = 0; i < n; i++)
        value[i] = make_attribute(R, instance_attribute(R->t, ref, ir_place_offset(place[i])));
    Ref o = rec_emit(R, UOP_NEW_OBJECT, instance_class(R->t, ref), REF_NONE, REF_NONE, 0);
    R->n_drops = n_drops;
    for (int i = 0; i < n; i++) {
        if (!take_unowned(R, value[i]))
            rec_emit(R, UOP_INCREF, value[i], REF_NONE, REF_NONE, 0);
        if (ir_place_number(place[i]) >= 0)
            rec_emit(R, UOP_NEW_FIELD, o, value[i], rec_int(R, ir_place_number(place[i])), ir_place_offset(place[i]));
        else {
            Ref nothing = rec_emit(R, UOP_SWAP_FIELD, o, value[i], REF_NONE, ir_place_offset(place[i]));
            builder_set_type(&R->b, nothing, &PyFloat_Type);
            rec_emit(R, UOP_DECREF_LEAF, nothing, REF_NONE, REF_NONE, 0);
        }
        if (!IS_CONST(value[i])) {
            R->keeper[value[i]] = KEPT_BY_HEAP;
            R->container[value[i]] = o;
        }
    }
    return o;
}

/* Locals of the entry frame that hold it will be written: what is sunk and may lie there is made, for others that hold it. */
static void before_replacing(Recorder *R, Ref ref)
{
    for (int k = 0; k < R->frames[0].n_locals; k++)
        if (R->frames[0].slots[k].ref == ref)
            rec_before_overwrite(R, k);
}

/* alone: one that no slot holds any more, or REF_NONE. */
static void settle(Recorder *R, Ref alone)
{
    R->settling = 1;
    R->n_made = 0;
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < rec_slots_in_use(R, i); k++) {
            Ref ref = R->frames[i].slots[k].ref;
            if (!rec_is_instance(R, ref))
                continue;
            before_replacing(R, ref);
            Ref o = make_instance(R, R->frames[i].slots[k].ref);
            replace_and_store(R, R->frames[i].slots[k].ref, o);
            note_made(R, instance_base(R->t, ref), operand(o, OWN_BORROWED));
        }
    if (rec_is_instance(R, alone) && !made_of(R, instance_base(R->t, alone)))
        note_made(R, instance_base(R->t, alone), operand(make_instance(R, alone), OWN_TRACE));
    R->settling = R->has_instances = 0;
    R->snap = -1;
}

void rec_settle(Recorder *R)
{
    if (R->has_instances)
        settle(R, REF_NONE);
}

/* An instance, or a number that one has: made with all of them. REF_NONE: it was neither. */
static Operand real_instance(Recorder *R, Ref sunk)
{
    settle(R, sunk);
    Made *made = made_of(R, rec_is_instance(R, sunk) ? instance_base(R->t, sunk) : sunk);
    if (!made)      /* a number that no instance had in the end */
        return operand(REF_NONE, OWN_NULL);
    if (made->unowned)
        return operand(made->real, OWN_TRACE);
    RecFrame *f = TOP_FRAME(R);
    for (int k = f->n_locals + f->depth; k < rec_slots_in_use(R, R->n_frames - 1); k++)
        if (f->slots[k].ref == made->real && f->slots[k].own == OWN_TRACE)
            return operand(made->real, OWN_TRACE);
    return operand(made->real, OWN_BORROWED);
}

/* ---- either ---- */

Operand rec_real(Recorder *R, Operand v)
{
    if (!builder_is_sunk(&R->b, v.ref))
        return v;
    const Made *made = R->settling ? made_of(R, v.ref) : NULL;
    if (made)
        return operand(made->real, OWN_BORROWED);
    Operand real = {REF_NONE, OWN_NULL, 0};
    if (!R->settling && is_instance_or_part(R, v.ref))
        real = real_instance(R, v.ref);
    if (real.ref == REF_NONE)
        real = real_number(R, v);
    if (R->settling)
        note_made(R, v.ref, real);
    return real;
}

Ref rec_own(Recorder *R, Operand v)
{
    v = rec_real(R, v);
    if (v.own == OWN_BORROWED)
        rec_emit(R, UOP_INCREF, v.ref, REF_NONE, REF_NONE, 0);
    return v.ref;
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
