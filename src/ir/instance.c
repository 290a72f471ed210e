/* instance.c: what is known of an instance that is not made yet. The newest SINK_SET of a place counts; the first says where it stands among
 * the others. */
#include "instance.h"

static const Uop *setting(const Trace *t, Ref ref) { return t->uops[ref].op == UOP_SINK_SET ? &t->uops[ref] : NULL; }

Ref instance_base(const Trace *t, Ref ref)
{
    for (const Uop *u; (u = setting(t, ref));)
        ref = u->a;
    return ref;
}

Ref instance_class(const Trace *t, Ref ref) { return t->uops[instance_base(t, ref)].a; }

Ref instance_attribute(const Trace *t, Ref ref, int offset)
{
    for (const Uop *u; (u = setting(t, ref)); ref = u->a)
        if (ir_place_offset(u->imm) == offset)
            return u->b;
    return REF_NONE;
}

int instance_has(const Trace *t, Ref ref, Ref value)
{
    for (const Uop *u; (u = setting(t, ref)); ref = u->a)
        if (u->b == value)
            return 1;
    return 0;
}

int instance_places(const Trace *t, Ref ref, int64_t *out)
{
    int64_t newest_first[MAX_ATTRIBUTES];
    int n = 0, n_out = 0;
    for (const Uop *u; (u = setting(t, ref)); ref = u->a)
        newest_first[n++] = u->imm;
    while (n--) {
        int known = 0;
        for (int i = 0; i < n_out; i++)
            known |= out[i] == newest_first[n];
        if (!known)
            out[n_out++] = newest_first[n];
    }
    return n_out;
}

int instance_is_half_made(const Trace *t, const Snapshot *s)
{
    for (int i = 0; i < s->n_slots; i++) {
        Ref ref = t->snap_slots[s->first_slot + i].ref;
        for (const Uop *u; instance_is(t, ref) && (u = setting(t, ref)); ref = u->a)
            if (!IS_CONST(u->b) && !(uop_info[t->uops[u->b].op].effects & EFFECT_SUNK))
                return 1;
    }
    return 0;
}
