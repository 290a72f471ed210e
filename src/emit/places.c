/* places.c: which value is where, and the steps that move it.
 *
 * A value is in a register, in a spill place, in both, or (a constant) in neither until it is needed. Registers and spill places are
 * given and taken here, values stored, loaded and evicted; what moves a value is a step of the plan. When that is done, and for which
 * uop, is registers.c's, with the rules.
 *
 * keeps: Ra.holds, Ra.busy and Val.reg say the same; Ra.moves changes with whatever changes a place. */
#include "places.h"
#include "../ir/config.h"
#include <stdlib.h>

void *scratch_array(void **array, int32_t *cap, int64_t n, size_t size)
{
    if (n <= *cap)
        return *array ? *array : (*array = malloc(size));
    int64_t bigger = n + n / 2 + 64;
    void *moved = realloc(*array, (size_t)bigger * size);
    if (!moved)
        return NULL;
    *array = moved;
    *cap = (int32_t)bigger;
    return moved;
}

/* ---- steps ---- */

Step *step_append(Ra *ra, uint16_t code, const Stencil *stencil, int64_t value)
{
    static Step nowhere;
    Plan *p = ra->plan;
    if (!SCRATCH(p->steps, p->cap_steps, p->n_steps + 1)) {
        ra->fail = "out of memory";
        return &nowhere;
    }
    Step *s = &p->steps[p->n_steps++];
    *s = (Step){.stencil = stencil, .value = value, .exit = -1, .uop = ra->at, .code = code, .word = -1};
    return s;
}

void step_emit(Ra *ra, int emit, int number, int64_t value)
{
    const StencilSet *set = &emit_stencils[emit];
    if (number >= set->n_registers)
        ra->fail = "no stencil";
    else
        step_append(ra, STEP_EMIT + emit, &set->registers[number], value)->number = (uint16_t)number;
}

static int64_t spill_offset(Place p) { return (int64_t)offsetof(State, spill) + 8 * (p - PLACE_SPILL); }

void step_copy(Ra *ra, Place to, Place from)
{
    if (to >= PLACE_SPILL)
        step_emit(ra, from < PLACE_F ? EMIT_SPILL_G : EMIT_SPILL_F, from < PLACE_F ? from : from - PLACE_F, spill_offset(to));
    else if (from >= PLACE_SPILL)
        step_emit(ra, to < PLACE_F ? EMIT_RELOAD_G : EMIT_RELOAD_F, to < PLACE_F ? to : to - PLACE_F, spill_offset(from));
    else if (to < PLACE_F)
        step_emit(ra, EMIT_MOVE_G, to * N_G + from, 0);
    else
        step_emit(ra, EMIT_MOVE_F, (to - PLACE_F) * N_F + from - PLACE_F, 0);
}

void step_const(Ra *ra, Place reg, int32_t value)
{
    int64_t bits = ra->t->consts[value - ra->n].v.i;
    if (reg >= PLACE_F)
        step_emit(ra, EMIT_CONST_F, reg - PLACE_F, bits);
    else
        step_emit(ra, fits_32(bits) ? EMIT_CONST_G : EMIT_CONST_G_WORD, reg, bits);
}

/* ---- COPYPATCH_STRESS=ra ---- */

/* 0 to n - 1; 0 when nothing is done at random. */
static unsigned at_random(unsigned n)
{
    uint64_t x = config.stress_random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    config.stress_random = x;
    return (unsigned)((x >> 20) % n);
}

static Place any_of(uint32_t mask)
{
    for (unsigned n = at_random((unsigned)__builtin_popcount(mask)); n--;)
        mask &= mask - 1;
    return (Place)__builtin_ctz(mask);
}

/* ---- registers and spill places ---- */

/* A place that is in neither set; `used` has it then. */
static Place spills_take(Spills *used, const Spills *avoid)
{
    for (int p = 0; p < config.max_spill; p += 64) {
        uint64_t open = ~(used->word[p / 64] | avoid->word[p / 64]);
        Place place = open ? (Place)(PLACE_SPILL + p + __builtin_ctzll(open)) : N_PLACES;
        if (place < PLACE_SPILL + config.max_spill) {
            spills_add(used, place);
            return place;
        }
    }
    return PLACE_NONE;
}

static void note_loop_spill(Ra *ra, Place p)
{
    if (p != PLACE_NONE && ra->in_loop)
        spills_add(&ra->loop_spilled, p);
}

Place spill_take(Ra *ra)
{
    static const Spills none;
    Place p = spills_take(&ra->spilled, &none);
    if (p == PLACE_NONE) {
        ra->fail = "out of spill places";
        return PLACE_SPILL;
    }
    note_loop_spill(ra, p);
    return p;
}

static void spill_free(Ra *ra, Place p) { spills_remove(&ra->spilled, p); }

void ra_set(Ra *ra, int32_t v, Place r)
{
    ra->moves++;
    ra->holds[r] = v;
    ra->busy |= BIT(r);
    ra->vals[v].reg = r;
}

void ra_drop(Ra *ra, int32_t v)
{
    Place r = ra->vals[v].reg;
    if (r >= 0) {
        ra->moves++;
        ra->holds[r] = -1;
        ra->busy &= ~BIT(r);
        ra->vals[v].reg = PLACE_NONE;
    }
}

void ra_release(Ra *ra, int32_t v)
{
    ra_drop(ra, v);
    if (ra->vals[v].spill >= 0) {
        ra->moves++;
        spill_free(ra, ra->vals[v].spill);
        ra->vals[v].spill = PLACE_NONE;
    }
}

/* Makes sure that v, now in a register, can be got again without it. */
void ra_store(Ra *ra, int32_t v)
{
    Val *val = &ra->vals[v];
    if (value_is_const(ra, v) || val->spill >= 0)
        return;
    ra->moves++;
    if (ra->in_loop && v < ra->loop && val->loop_reg >= 0) {
        Place p = spills_take(&ra->spilled, &ra->loop_spilled);   /* not used by anyone in the loop: stays written all the turns */
        if (p != PLACE_NONE && SCRATCH(ra->before_loop, ra->cap_before_loop, ra->n_before_loop + 1)) {
            note_loop_spill(ra, p);
            ra->before_loop[ra->n_before_loop].value = v;
            ra->before_loop[ra->n_before_loop].reg = val->loop_reg;
            ra->before_loop[ra->n_before_loop++].place = p;
            val->spill = p;
            return;
        }
        if (p != PLACE_NONE)
            spill_free(ra, p);
    }
    val->spill = spill_take(ra);
    step_copy(ra, val->spill, val->reg);
}

void ra_evict(Ra *ra, Place r)
{
    ra_store(ra, ra->holds[r]);
    ra_drop(ra, ra->holds[r]);
}

/* The next real use as far as registers are concerned: an invariant that is not in a register at the head of the loop need not be at its end. */
int32_t ra_next_use(const Ra *ra, int32_t v)
{
    const Val *val = &ra->vals[v];
    if (val->next == ra->end && ra->in_loop && val->loop_reg < 0 && (v < ra->loop || value_is_const(ra, v)))
        return NEVER;
    return val->next;
}

/* The register of `mask` (all busy) whose value is needed last. */
Place ra_victim(const Ra *ra, uint32_t mask)
{
    Place best = PLACE_NONE;
    int64_t best_score = -1;
    if (config.stress_random && mask)
        return any_of(mask);
    for (; mask; mask &= mask - 1) {
        Place r = (Place)__builtin_ctz(mask);
        int32_t v = ra->holds[r];
        int64_t score = 2 * (int64_t)ra_next_use(ra, v) + (ra->vals[v].spill >= 0 || value_is_const(ra, v));
        if (score > best_score) {
            best_score = score;
            best = r;
        }
    }
    return best;
}

Place ra_wished(const Ra *ra, int32_t v)
{
    const Val *val = &ra->vals[v];
    if (val->loop_reg >= 0)
        return val->loop_reg;
    if (val->hint >= 0)
        return ra->vals[val->hint].loop_reg;
    return val->hint == HINT_NONE ? PLACE_NONE : (Place)(-2 - val->hint);
}

/* A register for v among `mask`, free if possible; PLACE_NONE if none is free. */
Place ra_choose_free(const Ra *ra, int32_t v, uint32_t mask)
{
    uint32_t open = mask & ~ra->busy;
    if (!open)
        return PLACE_NONE;
    if (config.stress_random)
        return any_of(open);
    Place wish = ra_wished(ra, v);
    if (wish >= 0 && (open & BIT(wish)))
        return wish;
    if (open & G_MASK) {
        int across = ra->call < ra->n_calls && ra->calls[ra->call] < ra->vals[v].next;
        uint32_t better = across ? open & KEPT_MASK : open & ~KEPT_MASK;
        open = better ? better : open;
    }
    uint32_t quiet = open & ~ra->phi_registers;
    return (Place)__builtin_ctz(quiet ? quiet : open);
}

Place ra_choose(Ra *ra, int32_t v, uint32_t mask)
{
    Place r = config.stress_random && (mask & ra->busy) && !at_random(4) ? PLACE_NONE : ra_choose_free(ra, v, mask);
    if (r == PLACE_NONE) {
        r = ra_victim(ra, mask & ra->busy);
        if (r == PLACE_NONE) {
            ra->fail = "no register to evict";
            return (Place)__builtin_ctz(class_mask(value_kind(ra, v)));
        }
        ra_evict(ra, r);
    }
    return r;
}

/* Brings v, which is in no register, into r. */
void ra_load(Ra *ra, int32_t v, Place r)
{
    if (value_is_const(ra, v))
        step_const(ra, r, v);
    else if (ra->vals[v].spill >= 0)
        step_copy(ra, r, ra->vals[v].spill);
    else
        ra->fail = "a value is nowhere";
}

/* ---- exits ---- */

void ra_record_exit(Ra *ra, const Uop *u)
{
    if (u->exit < 0 || u->snap < 0)
        return;
    Plan *plan = ra->plan;
    if (u->snap == ra->exit_snap && ra->moves == ra->exit_moves) {     /* a run of guards with one snapshot and nothing moved */
        plan->exits[u->exit] = plan->exits[ra->exit_number];
        return;
    }
    int32_t first = ra->leaf_first[u->snap], count = ra->leaf_count[u->snap];
    if (!SCRATCH(plan->live, plan->cap_live, plan->n_live + count)) {
        ra->fail = "out of memory";
        return;
    }
    Live *live = plan->live + plan->n_live;
    for (int32_t k = 0; k < count; k++) {
        Ref ref = ra->leaves[first + k];
        const Val *val = &ra->vals[ref];
        Place p = val->reg >= 0 ? val->reg : val->spill;
        if (p < 0)
            ra->fail = "a value that an exit needs is nowhere";
        live[k] = (Live){ref, place_loc(p)};
    }
    plan->exits[u->exit] = (ExitPlan){plan->n_live, count};
    plan->n_live += count;
    ra->exit_snap = u->snap;
    ra->exit_moves = ra->moves;
    ra->exit_number = u->exit;
}
