/* uses.c: trace -> next use, last use and wish of every value.
 *
 * One walk backwards. A real use wants a register; a use by a snapshot or by nothing but the end of the loop is content with a
 * spill place. What is defined before LOOP and used behind it has to be there again in the next turn, so its life extends to
 * JUMP_LOOP, which counts as its last real use: this is what makes "furthest next use" right inside a loop.
 *
 * A wish (hint) runs against the stream: PHI.b would like to be where its PHI is, an operand of a call in its fixed register, a link
 * argument where the target expects it; and the first operand of a two-address uop would like to be where the result wants to be. */
#include "uses.h"

static int two_address(const Trace *t, const Uop *u)
{
    const UopInfo *info = &uop_info[u->op];
    return info->n_operands && info->result && (info->result == KIND_FLOAT) == (ref_kind(t, u->a) == KIND_FLOAT)
        && !(info->effects & (EFFECT_CALL | EFFECT_FIXED));
}

/* Uop i, which comes before all uses seen so far, uses value v. Returns the next real use after it. */
static int32_t use(Ra *ra, int32_t v, int32_t i, int real)
{
    Val *val = &ra->vals[v];
    int comes_again = i > ra->loop && !uop_is_phi(ra->t->uops[i].op) && (v < ra->loop || value_is_const(ra, v));
    if (val->last < 0)
        val->last = comes_again ? ra->end : i;
    if (!real)
        return NEVER;
    int32_t next = val->next == NEVER && comes_again ? ra->end : val->next;
    if (next == i)
        next = NEVER;
    val->next = i;
    return next;
}

/* The leaves of a snapshot are looked up once; of the uops that share it, the last one counts for their lives. */
static void use_leaves(Ra *ra, int32_t snap, int32_t i)
{
    if (ra->leaf_first[snap] >= 0)
        return;
    const Snapshot *s = &ra->t->snaps[snap];
    if (!SCRATCH(ra->leaves, ra->cap_leaves, ra->n_leaves + trace_max_leaves(ra->t, s))) {
        ra->fail = "out of memory";
        return;
    }
    int32_t first = ra->leaf_first[snap] = ra->n_leaves;
    ra->n_leaves += ra->leaf_count[snap] = trace_leaves(ra->t, s, ra->leaves + first);
    for (int32_t k = first; k < ra->n_leaves; k++) {
        if (ra->vals[ra->leaves[k]].last < 0)
            ra->leaf_last[snap] = i;
        use(ra, ra->leaves[k], i, 0);
    }
}

static void wish(Ra *ra, Ref ref, int32_t hint)
{
    if (!IS_CONST(ref))
        ra->vals[ref].hint = hint;
}

static void use_operands(Ra *ra, const Uop *u, int32_t i)
{
    const UopInfo *info = &uop_info[u->op];
    const Ref operand[3] = {u->a, u->b, u->c};
    int fixed = info->effects & (EFFECT_CALL | EFFECT_FIXED), n_g = 0, n_f = 0;
    if (two_address(ra->t, u) && ra->vals[i].hint != HINT_NONE && !IS_CONST(u->a) && ra->vals[u->a].last < 0)
        ra->vals[u->a].hint = ra->vals[i].hint;
    for (int k = 0; k < info->n_operands; k++) {
        ra->next[3 * i + k] = use(ra, value_of(ra, operand[k]), i, 1);
        if (fixed) {
            Place target = info->operand[k] == KIND_FLOAT ? PLACE_F + n_f++ : n_g++;
            if (IS_CONST(operand[k]) || ra->vals[operand[k]].hint < 0)
                wish(ra, operand[k], HINT_REGISTER(target));
        }
    }
    /* the same value twice: what comes after the first occurrence comes after the second */
    for (int k = 1; k < info->n_operands; k++)
        for (int j = 0; j < k; j++)
            if (operand[j] == operand[k])
                ra->next[3 * i + k] = ra->next[3 * i + j];
}

static void use_at_end(Ra *ra, const Uop *u, int32_t i)
{
    const Trace *t = ra->t;
    if (u->op == UOP_JUMP_LOOP)
        for (Ref p = ra->loop + 1; p < i && (uop_is_phi(t->uops[p].op) || t->uops[p].dead); p++) {
            if (t->uops[p].dead || !uop_is_phi(t->uops[p].op))
                continue;
            use(ra, value_of(ra, t->uops[p].b), i, 1);
            if (t->uops[p].b != p)
                wish(ra, t->uops[p].b, p);
        }
    if (u->op == UOP_LINK) {
        const Trace *target = (const Trace *)(intptr_t)u->imm;
        for (int k = 0; k < t->n_link_args; k++) {
            use(ra, value_of(ra, t->link_args[k]), i, 1);
            if (target != t && target->param_locs && (target->param_locs[k].kind == LOC_G || target->param_locs[k].kind == LOC_F))
                wish(ra, t->link_args[k], HINT_REGISTER(loc_place(target->param_locs[k])));
        }
    }
}

void uses_find(Ra *ra)
{
    const Trace *t = ra->t;
    ra->n_leaves = 0;
    int32_t call = ra->n;           /* filled from the back */
    for (int32_t i = ra->end; i >= 0 && !ra->fail; i--) {
        const Uop *u = &t->uops[i];
        const UopInfo *info = &uop_info[u->op];
        if (u->dead || (info->effects & EFFECT_SUNK))
            continue;
        if (info->effects & EFFECT_CALL)
            ra->calls[--call] = i;
        if (uop_is_phi(u->op))
            ra->next[3 * i] = use(ra, value_of(ra, u->a), i, 1);
        else if (info->effects & EFFECT_META)
            use_at_end(ra, u, i);
        else
            use_operands(ra, u, i);
        if (u->exit >= 0 && u->snap >= 0)
            use_leaves(ra, u->snap, i);
    }
    ra->n_calls = ra->n;
    ra->call = call;
}
