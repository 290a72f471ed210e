/* registers.c: trace -> plan: a register for every operand, a stencil for every uop.
 *
 * Forward, in one pass (linear scan over a straight line). Next uses are known from uses.c; where registers run out, the value with
 * the furthest next real use goes. A backward allocator as LuaJIT's needs no such table, but emits last code first; stencils are of
 * fixed length and copied front to back.
 *
 *  1. An SSA value does not change: it is stored at most once, and a value in both register and spill place costs nothing to drop.
 *     A constant is never stored.
 *  2. A result lands in the register of the first operand (two-address). If that lives on, it is copied first.
 *  3. The values of an exit are looked up when its uop is emitted. A stencil leaves with all registers as they were before it, so a
 *     result may take the register of a value that only this exit still needs; a copy made before the stencil may not.
 *  4. Uops that call C have operands and result in fixed registers; what lives in a register that is lost is stored before.
 *  5. The state at the head of the loop (behind the PHIs) is what JUMP_LOOP restores. A loop invariant that has to go inside the loop
 *     is stored once, before the loop.
 *
 * requires: a verified trace, exits numbered. */
#include "registers.h"
#include "../ir/config.h"
#include "edges.h"
#include "places.h"
#include "uses.h"

/* Float addition and multiplication are missing: of two NaNs the first operand's payload wins. */
const uint16_t uop_exchanged[UOP_COUNT] = {
    [UOP_ADD_INT] = UOP_ADD_INT, [UOP_MUL_INT] = UOP_MUL_INT, [UOP_ADD_WRAP] = UOP_ADD_WRAP, [UOP_MUL_WRAP] = UOP_MUL_WRAP,
    [UOP_AND_INT] = UOP_AND_INT, [UOP_OR_INT] = UOP_OR_INT, [UOP_XOR_INT] = UOP_XOR_INT,
    [UOP_MIN_INT] = UOP_MIN_INT, [UOP_MAX_INT] = UOP_MAX_INT,
    [UOP_EQ_INT] = UOP_EQ_INT, [UOP_NE_INT] = UOP_NE_INT, [UOP_GUARD_EQ_INT] = UOP_GUARD_EQ_INT, [UOP_GUARD_NE_INT] = UOP_GUARD_NE_INT,
    [UOP_LT_INT] = UOP_GT_INT, [UOP_GT_INT] = UOP_LT_INT, [UOP_LE_INT] = UOP_GE_INT, [UOP_GE_INT] = UOP_LE_INT,
    [UOP_GUARD_LT_INT] = UOP_GUARD_GT_INT, [UOP_GUARD_GT_INT] = UOP_GUARD_LT_INT,
    [UOP_GUARD_LE_INT] = UOP_GUARD_GE_INT, [UOP_GUARD_GE_INT] = UOP_GUARD_LE_INT,
    [UOP_EQ_FLOAT] = UOP_EQ_FLOAT, [UOP_NE_FLOAT] = UOP_NE_FLOAT,
    [UOP_GUARD_EQ_FLOAT] = UOP_GUARD_EQ_FLOAT, [UOP_GUARD_NE_FLOAT] = UOP_GUARD_NE_FLOAT,
    [UOP_LT_FLOAT] = UOP_GT_FLOAT, [UOP_GT_FLOAT] = UOP_LT_FLOAT, [UOP_LE_FLOAT] = UOP_GE_FLOAT, [UOP_GE_FLOAT] = UOP_LE_FLOAT,
    [UOP_GUARD_LT_FLOAT] = UOP_GUARD_GT_FLOAT, [UOP_GUARD_GT_FLOAT] = UOP_GUARD_LT_FLOAT,
    [UOP_GUARD_LE_FLOAT] = UOP_GUARD_GE_FLOAT, [UOP_GUARD_GE_FLOAT] = UOP_GUARD_LE_FLOAT,
    [UOP_GUARD_NLT_FLOAT] = UOP_GUARD_NGT_FLOAT, [UOP_GUARD_NGT_FLOAT] = UOP_GUARD_NLT_FLOAT,
    [UOP_GUARD_NLE_FLOAT] = UOP_GUARD_NGE_FLOAT, [UOP_GUARD_NGE_FLOAT] = UOP_GUARD_NLE_FLOAT,
    [UOP_GUARD_SAME] = UOP_GUARD_SAME, [UOP_GUARD_DIFFERENT] = UOP_GUARD_DIFFERENT, [UOP_IS] = UOP_IS,
};

/* ---- uops ---- */

typedef struct {
    const Uop *u;
    const UopInfo *info;
    uint16_t op;                /* as emitted: operands may have been exchanged */
    int n, n_reg;               /* operands; those in registers */
    int swapped, constant;
    int32_t v[3], next[3];
    Place reg[3];
} Work;

static void work_begin(Ra *ra, Work *w)
{
    const Uop *u = w->u = &ra->t->uops[ra->at];
    const UopInfo *info = w->info = &uop_info[u->op];
    const Ref operand[3] = {u->a, u->b, u->c};
    w->op = u->op;
    w->n = w->n_reg = info->n_operands;
    w->swapped = w->constant = 0;
    for (int k = 0; k < w->n; k++) {
        w->v[k] = value_of(ra, operand[k]);
        w->next[k] = ra->next[3 * ra->at + k];
    }
}

static void work_swap(Work *w)
{
    w->op = uop_exchanged[w->op];
    w->swapped = 1;
    int32_t v = w->v[0], next = w->next[0];
    w->v[0] = w->v[1]; w->next[0] = w->next[1];
    w->v[1] = v; w->next[1] = next;
}

/* The operands' uses pass, and what nobody needs any more gives its places back. */
static void retire(Ra *ra, const Work *w)
{
    for (int k = 0; k < w->n; k++)
        ra->vals[w->v[k]].next = w->next[k];
    for (int k = 0; k < w->n; k++) {
        int32_t v = w->v[k];
        if (value_is_const(ra, v) ? ra->vals[v].next == NEVER : !lives_on(ra, v))
            ra_release(ra, v);
    }
    const Uop *u = w->u;
    if (u->exit < 0 || u->snap < 0 || ra->leaf_last[u->snap] != ra->at)
        return;
    int32_t first = ra->leaf_first[u->snap];
    for (int32_t k = 0; k < ra->leaf_count[u->snap]; k++)
        if (!lives_on(ra, ra->leaves[first + k]))
            ra_release(ra, ra->leaves[first + k]);
}

static void append_stress(Ra *ra, const Uop *u)
{
    if (!config.stress_exit || uop_info[u->op].exit != EXIT_GUARD || u->exit < 0 || !uop_stencils[UOP_STRESS].n_registers)
        return;
    step_append(ra, UOP_STRESS, &uop_stencils[UOP_STRESS].registers[0], 0)->exit = u->exit;
}

/* Where it is entered, 0, or at its loop's head, 1. */
static void append_count(Ra *ra, int what)
{
    if ((config.count & COUNT_RUNS) && uop_stencils[UOP_COUNT_ONE].n_registers)
        step_append(ra, UOP_COUNT_ONE, &uop_stencils[UOP_COUNT_ONE].registers[0], (int64_t)(intptr_t)&ra->t->runs[what]);
}

static void append_uop(Ra *ra, const Work *w, int number, int64_t value)
{
    const StencilSet *set = &uop_stencils[w->op];
    const Stencil *stencils = w->constant ? set->constant : set->registers;
    if (!stencils || number >= (w->constant ? set->n_constant : set->n_registers)) {
        ra->fail = "no stencil";
        return;
    }
    append_stress(ra, w->u);
    Step *s = step_append(ra, w->op, &stencils[number], value);
    s->exit = w->info->exit != EXIT_NONE ? w->u->exit : -1;
    s->number = (uint16_t)number;
    s->constant = (uint8_t)w->constant;
    s->swapped = (uint8_t)w->swapped;
}

static int64_t hole_value(const Ra *ra, const Work *w)
{
    if (w->constant)
        return ra->t->consts[w->v[w->n - 1] - ra->n].v.i;
    return w->info->imm == IMM_SLOT ? w->u->imm * 8 : w->u->imm;
}

/* Is operand k (the last) a constant that the stencil can have in its code? */
static int is_immediate(const Ra *ra, const Work *w, int k)
{
    const Const *c = &ra->t->consts[w->v[k] - ra->n];
    return uop_stencils[w->op].constant && (c->kind == KIND_FLOAT || fits_32(c->v.i));
}

static void decide_form(Ra *ra, Work *w, int two_address)
{
    int last = w->n - 1;
    if (w->n == 2 && uop_exchanged[w->op]) {
        int a_const = value_is_const(ra, w->v[0]), b_const = value_is_const(ra, w->v[1]);
        if (a_const && !b_const)
            work_swap(w);
        else if (two_address && !a_const && !b_const && lives_on(ra, w->v[0]) && !lives_on(ra, w->v[1]) && ra->vals[w->v[1]].reg >= 0)
            work_swap(w);
    }
    if (last >= 0 && (w->info->const_ok >> last & 1) && value_is_const(ra, w->v[last]) && is_immediate(ra, w, last)) {
        w->constant = 1;
        w->n_reg--;
    }
}

/* The result will overwrite the first operand: if that is still needed, it gets another place, or the stencil a copy. */
static void keep_first(Ra *ra, Work *w, uint32_t pinned, int just_loaded)
{
    int32_t a = w->v[0];
    if (value_is_const(ra, a) ? w->next[0] == NEVER : !lives_on(ra, a))
        return;
    uint32_t mask = class_mask((Kind)w->info->result);
    int again = value_is_const(ra, a) || ra->vals[a].spill >= 0;
    Place open = ra_choose_free(ra, a, mask & ~pinned);
    if (again && (just_loaded || open == PLACE_NONE || w->next[0] == NEVER)) {
        ra_drop(ra, a);
        return;
    }
    if (open == PLACE_NONE) {
        int32_t was = ra->vals[a].next;
        ra->vals[a].next = w->next[0];
        Place r = ra_victim(ra, mask & (~pinned | BIT(w->reg[0])));
        ra->vals[a].next = was;
        if (r == w->reg[0]) {
            ra_evict(ra, r);
            return;
        }
        ra_evict(ra, r);
        open = r;
    }
    Place home = w->reg[0];
    if (ra_wished(ra, ra->at) == home) {
        step_copy(ra, open, home);              /* the operand moves on, the result is where it wants to be */
        ra_drop(ra, a);
        ra_set(ra, a, open);
        return;
    }
    Place wish = ra_wished(ra, ra->at);
    if (wish >= 0 && (BIT(wish) & mask & ~pinned & ~ra->busy))
        open = wish;
    step_copy(ra, open, home);
    w->reg[0] = open;
}

static void define(Ra *ra, Place r)
{
    if (ra->busy & BIT(r))
        ra->fail = "a result overwrites a value";
    if (ra->vals[ra->at].last >= 0)
        ra_set(ra, ra->at, r);
}

/* A register for a result that comes out of nowhere. What is evicted for it is stored before the stencil, so not into a spill place
 * of which the stencil's exit knows (`before`: those in use until now). */
static Place choose_result(Ra *ra, const Spills *before)
{
    Spills freed;
    for (int k = 0; k < (N_SPILL + 63) / 64; k++) {
        freed.word[k] = before->word[k] & ~ra->spilled.word[k];
        ra->spilled.word[k] |= freed.word[k];
    }
    Place r = ra_choose(ra, ra->at, class_mask((Kind)uop_info[ra->t->uops[ra->at].op].result));
    for (int k = 0; k < (N_SPILL + 63) / 64; k++)
        ra->spilled.word[k] &= ~freed.word[k];
    return r;
}

/* Operands in any registers. */
static void free_uop(Ra *ra)
{
    Work w;
    work_begin(ra, &w);
    int result = w.info->result;
    int two_address = w.n && result && (result == KIND_FLOAT) == (w.info->operand[0] == KIND_FLOAT);
    decide_form(ra, &w, two_address);
    uint32_t pinned = 0;
    for (int k = 0; k < w.n_reg; k++)
        if (ra->vals[w.v[k]].reg >= 0)
            pinned |= BIT(ra->vals[w.v[k]].reg);
    int just_loaded = 0;
    for (int k = 0; k < w.n_reg; k++) {
        int32_t v = w.v[k];
        if (ra->vals[v].reg < 0) {
            Place r = ra_choose(ra, v, class_mask(value_kind(ra, v)) & ~pinned);
            ra_load(ra, v, r);
            ra_set(ra, v, r);
            just_loaded |= k == 0;
        }
        w.reg[k] = ra->vals[v].reg;
        pinned |= BIT(w.reg[k]);
    }
    if (ra->fail)
        return;
    if (two_address)
        keep_first(ra, &w, pinned, just_loaded);
    ra_record_exit(ra, w.u);
    const Spills before = ra->spilled;
    retire(ra, &w);
    int number = 0;
    for (int k = 0; k < w.n_reg; k++)
        number = w.reg[k] < PLACE_F ? number * N_G + w.reg[k] : number * N_F + w.reg[k] - PLACE_F;
    if (result) {
        Place r = two_address ? w.reg[0] : choose_result(ra, &before);
        if (!two_address)
            number = r < PLACE_F ? number * N_G + r : number * N_F + r - PLACE_F;
        define(ra, r);
    }
    append_uop(ra, &w, number, hole_value(ra, &w));
}

/* ---- uops with fixed registers ---- */

/* The registers that survive a call: none where it is native. RETURN leaves before anything is lost. */
static uint32_t kept_by(const UopInfo *info) { return (info->effects & EFFECT_AWAY) && (info->effects & EFFECT_ESCAPE) ? 0 : KEPT_MASK; }

static void move_register(Ra *ra, int32_t v, Place to)
{
    step_copy(ra, to, ra->vals[v].reg);
    ra_drop(ra, v);
    ra_set(ra, v, to);
}

static int needed_beyond(const Ra *ra, int32_t v)
{
    return value_is_const(ra, v) ? ra->vals[v].next != NEVER && ra->vals[v].next > ra->at
                                 : lives_on(ra, v) || ra->vals[v].leaf == ra->at;
}

static int operand_index(const Work *w, int32_t v)
{
    for (int k = 0; k < w->n; k++)
        if (w->v[k] == v)
            return k;
    return -1;
}

/* Saves what is in registers that a call loses, but for the operands, which are on their way out anyway. */
static void save_lost(Ra *ra, const Work *w, uint32_t targets)
{
    uint32_t kept = kept_by(w->info);
    for (uint32_t left = ra->busy & ~kept; left; left &= left - 1) {
        Place r = (Place)__builtin_ctz(left);
        int32_t v = ra->holds[r];
        if (operand_index(w, v) >= 0)
            continue;
        uint32_t open = r < PLACE_F ? kept & ~targets & ~ra->busy : 0;
        if (open && ra_next_use(ra, v) != NEVER && !value_is_const(ra, v) && ra->vals[v].spill < 0)
            move_register(ra, v, (Place)__builtin_ctz(open));
        else if (needed_beyond(ra, v))
            ra_evict(ra, r);
        else
            ra_drop(ra, v);
    }
}

/* Empties the fixed register `target` of anything but the operand that belongs there. */
static void clear_target(Ra *ra, const Work *w, const Place *target, int k, uint32_t targets, int call)
{
    Place f = target[k];
    if (!(ra->busy & BIT(f)) || ra->holds[f] == w->v[k])
        return;
    int32_t v = ra->holds[f];
    int other = operand_index(w, v);
    uint32_t class = f < PLACE_F ? G_MASK : F_MASK;
    if (other >= 0) {
        Place to = target[other];
        if (ra->busy & BIT(to)) {
            uint32_t pinned = targets;
            for (int j = 0; j < w->n; j++)
                if (ra->vals[w->v[j]].reg >= 0)
                    pinned |= BIT(ra->vals[w->v[j]].reg);
            to = ra_choose(ra, v, class & ~pinned);
        }
        move_register(ra, v, to);
        return;
    }
    if (!needed_beyond(ra, v)) {
        ra_drop(ra, v);
        return;
    }
    uint32_t open = class & ~targets & ~ra->busy & (call ? kept_by(w->info) : ~0u);
    if (open && ra_next_use(ra, v) != NEVER)
        move_register(ra, v, (Place)__builtin_ctz(open));
    else
        ra_evict(ra, f);
}

/* Operands into their fixed registers. */
static uint32_t place_operands(Ra *ra, Work *w, int call)
{
    const Uop *u = w->u;
    if (u->exit >= 0 && u->snap >= 0)
        for (int32_t k = 0; k < ra->leaf_count[u->snap]; k++)
            ra->vals[ra->leaves[ra->leaf_first[u->snap] + k]].leaf = ra->at;
    Place target[3];
    uint32_t targets = 0;
    int n_g = 0, n_f = 0;
    for (int k = 0; k < w->n; k++) {
        target[k] = w->info->operand[k] == KIND_FLOAT ? PLACE_F + n_f++ : n_g++;
        targets |= BIT(target[k]);
    }
    if (call)
        save_lost(ra, w, targets);
    for (int k = 0; k < w->n && !ra->fail; k++)
        clear_target(ra, w, target, k, targets, call);
    for (int k = 0; k < w->n && !ra->fail; k++) {
        int32_t v = w->v[k];
        Place f = target[k];
        w->reg[k] = f;
        if (ra->vals[v].reg == f)
            continue;
        int first = operand_index(w, v) == k;
        if (ra->vals[v].reg < 0) {
            ra_load(ra, v, f);
            ra_set(ra, v, f);
        }
        else if (first)
            move_register(ra, v, f);
        else
            step_copy(ra, f, ra->vals[v].reg);
    }
    return targets;
}

static void call_uop(Ra *ra)
{
    Work w;
    work_begin(ra, &w);
    const Uop *u = w.u;
    place_operands(ra, &w, 1);
    uint32_t kept = kept_by(w.info);
    for (uint32_t left = ra->busy & ~kept; left && !ra->fail; left &= left - 1) {
        int32_t v = ra->holds[__builtin_ctz(left)];     /* operands */
        if (!value_is_const(ra, v) && needed_beyond(ra, v))
            ra_store(ra, v);
    }
    if (ra->fail)
        return;
    uint32_t lost = ra->busy & ~kept;
    for (uint32_t left = lost; left; left &= left - 1)
        ra_drop(ra, ra->holds[__builtin_ctz(left)]);
    ra_record_exit(ra, u);
    int n_spill = spills_end(&ra->spilled);
    retire(ra, &w);
    append_uop(ra, &w, 0, hole_value(ra, &w));
    ra->plan->steps[ra->plan->n_steps - 1].n_spill = (uint16_t)n_spill;
    if (w.info->result)
        define(ra, w.info->result == KIND_FLOAT ? PLACE_F : 3);
}

static void fixed_uop(Ra *ra)
{
    Work w;
    work_begin(ra, &w);
    uint32_t targets = place_operands(ra, &w, 0);
    if (ra->fail)
        return;
    Place home = w.info->result == KIND_FLOAT ? PLACE_F : 0;
    if (w.info->result && (ra->busy & BIT(home)) && lives_on(ra, ra->holds[home]) && !value_is_const(ra, ra->holds[home])) {
        int32_t v = ra->holds[home];
        Place open = ra_choose_free(ra, v, class_mask((Kind)w.info->result) & ~targets);
        if (open != PLACE_NONE && ra->vals[v].spill < 0)
            move_register(ra, v, open);
        else
            ra_evict(ra, home);
    }
    ra_record_exit(ra, w.u);
    retire(ra, &w);
    if (w.info->result && (ra->busy & BIT(home)))
        ra_evict(ra, home);
    append_uop(ra, &w, 0, hole_value(ra, &w));
    if (w.info->result)
        define(ra, home);
}

static void meta_uop(Ra *ra, const Uop *u)
{
    switch (u->op) {
    case UOP_START:
        ra->plan->start = ra->plan->n_steps;
        ra_record_exit(ra, u);
        if (u->exit >= 0 && u->snap >= 0) {
            Work w = {.u = u};
            retire(ra, &w);
        }
        append_count(ra, 0);
        break;
    case UOP_LOOP: edge_loop(ra); break;
    case UOP_PHI_OBJ: case UOP_PHI_INT: case UOP_PHI_FLOAT: edge_phi(ra); break;
    case UOP_JUMP_LOOP: edge_jump_loop(ra); break;
    case UOP_LINK: edge_link(ra, u); break;
    case UOP_EXIT:
        if (u->exit < 0)
            ra->fail = "an EXIT without an exit";
        ra_record_exit(ra, u);
        step_emit(ra, EMIT_JUMP, 0, -1);
        if (!ra->fail)
            ra->plan->steps[ra->plan->n_steps - 1].exit = u->exit;
        break;
    default: break;     /* PARAM: placed before */
    }
}

/* ---- the pass ---- */

static struct { Val *vals; int32_t cap_vals; int32_t *next; int32_t cap_next; int32_t *calls; int32_t cap_calls;
                int32_t *leaf_first; int32_t cap_leaf_first; } kept;

static int begin(Ra *ra, const Trace *t, Plan *plan)
{
    ra->t = t;
    ra->plan = plan;
    ra->n = t->n_uops;
    ra->end = t->n_uops - 1;
    ra->loop = t->loop == REF_NONE ? NEVER : t->loop;
    int32_t n_vals = t->n_uops + t->n_consts;
    if (!SCRATCH(kept.vals, kept.cap_vals, n_vals) || !SCRATCH(kept.next, kept.cap_next, 3 * (int64_t)t->n_uops)
        || !SCRATCH(kept.calls, kept.cap_calls, t->n_uops) || !SCRATCH(kept.leaf_first, kept.cap_leaf_first, 3 * (int64_t)t->n_snaps)
        || !SCRATCH(plan->exits, plan->cap_exits, t->n_exits))
        return -1;
    ra->vals = kept.vals; ra->next = kept.next; ra->calls = kept.calls;
    ra->leaf_first = kept.leaf_first;
    ra->leaf_count = ra->leaf_first + t->n_snaps;
    ra->leaf_last = ra->leaf_count + t->n_snaps;
    ra->exit_snap = -1;
    for (int32_t i = 0; i < n_vals; i++)
        ra->vals[i] = (Val){NEVER, -1, HINT_NONE, -1, PLACE_NONE, PLACE_NONE, PLACE_NONE};
    for (int32_t i = 0; i < t->n_snaps; i++)
        ra->leaf_first[i] = ra->leaf_last[i] = -1;
    for (int32_t i = 0; i < t->n_exits; i++)
        plan->exits[i] = (ExitPlan){0, -1};
    for (int r = 0; r < N_REGISTERS; r++)
        ra->holds[r] = ra->loop_holds[r] = -1;
    plan->n_steps = plan->n_live = plan->n_phis = plan->n_params = 0;
    plan->start = plan->entry = 0;
    plan->loop = -1;
    return 0;
}

const char *ra_allocate(const Trace *t, Plan *plan)
{
    static Ra ra;       /* its arrays are kept */
    Ra fresh = {.leaves = ra.leaves, .cap_leaves = ra.cap_leaves, .before_loop = ra.before_loop, .cap_before_loop = ra.cap_before_loop};
    ra = fresh;
    if (!t->n_uops || t->start == REF_NONE)
        return "an empty trace";
    if (begin(&ra, t, plan))
        return "out of memory";
    uses_find(&ra);
    if (!ra.fail)
        edge_params(&ra);
    for (int32_t i = 0; i < ra.n && !ra.fail; i++) {
        const Uop *u = &t->uops[i];
        uint16_t effects = uop_info[u->op].effects;
        if (u->dead || (effects & EFFECT_SUNK))
            continue;
        ra.at = i;
        if (i > ra.loop && !ra.in_loop && !uop_is_phi(u->op)) {
            edge_open_loop(&ra);
            append_count(&ra, 1);
        }
        if (ra.call < ra.n_calls && ra.calls[ra.call] <= i)
            ra.call++;
        if (effects & EFFECT_META)
            meta_uop(&ra, u);
        else if (effects & EFFECT_CALL)
            call_uop(&ra);
        else if (effects & EFFECT_FIXED)
            fixed_uop(&ra);
        else
            free_uop(&ra);
    }
    if (!ra.fail)
        edge_entry(&ra);
    return ra.fail;
}
