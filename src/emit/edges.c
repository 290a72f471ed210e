/* edges.c: where a trace begins, turns and ends: parameters, LOOP and its PHIs, JUMP_LOOP, LINK, the entry from memory.
 *
 * On each of these edges two allocations meet and values move to where the other side wants them. The head of the loop (behind the
 * PHIs) wants what happened to be in registers when it was reached first; a link's target wants what it wrote down in param_locs.
 * PHIs are no moves if it can be helped: a PHI takes over the place of its left value when that dies at LOOP. */
#include "edges.h"
#include "moves.h"
#include <stdlib.h>
#include <string.h>

/* Where each PARAM arrives: chosen for a root, given for a side trace. */
void edge_params(Ra *ra)
{
    const Trace *t = ra->t;
    Plan *plan = ra->plan;
    const Live *given = t->parent ? t->parent->trace->live + t->parent->first_live : NULL;
    Place g = 0, f = PLACE_F;
    plan->n_params = 0;
    for (Ref i = 0; i < ra->n && t->uops[i].op != UOP_START; i++) {
        if (!uop_is_param(t->uops[i].op))
            continue;
        int32_t k = plan->n_params;
        Val *val = &ra->vals[i];
        Place p = PLACE_NONE;
        if (!SCRATCH(plan->param_locs, plan->cap_params, k + 1)) {
            ra->fail = "out of memory";
            return;
        }
        if (given) {
            if (k >= t->parent->n_live) {
                ra->fail = "a parameter that the exit does not have";
                return;
            }
            p = loc_place(given[k].loc);
            if (p >= PLACE_SPILL)
                spills_add(&ra->spilled, p);
        }
        else if (val->last >= 0) {
            if (t->uops[i].op == UOP_PARAM_FLOAT)
                p = f < PLACE_SPILL ? f++ : spill_take(ra);
            else
                p = g < PLACE_F ? g++ : spill_take(ra);
        }
        plan->param_locs[k] = place_loc(p);
        plan->n_params++;
        if (p >= PLACE_SPILL)
            val->spill = p;
        else if (p >= 0)
            ra_set(ra, i, p);
    }
    for (Ref i = 0; i < ra->n && t->uops[i].op != UOP_START; i++)
        if (ra->vals[i].last < 0)
            ra_release(ra, i);
}

/* LOOP: what only snapshots need goes to memory now, once, instead of somewhere in the loop. */
void edge_loop(Ra *ra)
{
    for (uint32_t left = ra->busy; left && !ra->fail; left &= left - 1) {
        Place r = (Place)__builtin_ctz(left);
        int32_t v = ra->holds[r];
        if (ra->vals[v].next != NEVER)
            continue;
        if (lives_on(ra, v) && !value_is_const(ra, v))
            ra_evict(ra, r);
        else
            ra_release(ra, v);
    }
}

void edge_phi(Ra *ra)
{
    const Uop *u = &ra->t->uops[ra->at];
    int32_t a = value_of(ra, u->a), phi = ra->at;
    Val *left = &ra->vals[a];
    left->next = ra->next[3 * phi];
    int dies = value_is_const(ra, a) ? left->next == NEVER : !lives_on(ra, a);
    Plan *plan = ra->plan;
    if (ra->vals[phi].last >= 0) {
        uint32_t mask = class_mask((Kind)uop_info[u->op].result);
        Place r = left->reg, open;
        if (r >= 0 && dies)
            ra_drop(ra, a);
        else if ((open = ra_choose_free(ra, phi, mask)) == PLACE_NONE && dies && left->spill >= 0) {
            ra->moves++;
            ra->vals[phi].spill = left->spill;
            left->spill = PLACE_NONE;
        }
        else {
            if (open == PLACE_NONE) {
                open = ra_choose(ra, phi, mask);
                r = left->reg;
            }
            if (r >= 0)
                step_copy(ra, open, r);
            else
                ra_load(ra, a, open);
            r = open;
        }
        if (ra->vals[phi].spill < 0)
            ra_set(ra, phi, r);
        if (!SCRATCH(plan->phis, plan->cap_phis, plan->n_phis + 1))
            ra->fail = "out of memory";
        else
            plan->phis[plan->n_phis++] = (PhiPlace){phi, PLACE_NONE};
    }
    if (dies)
        ra_release(ra, a);
}

/* Behind the PHIs: this is what JUMP_LOOP comes back to. */
void edge_open_loop(Ra *ra)
{
    Plan *plan = ra->plan;
    for (int k = 0; k < plan->n_phis; k++) {
        const Val *val = &ra->vals[plan->phis[k].phi];
        plan->phis[k].place = val->reg >= 0 ? val->reg : val->spill;
        if (val->reg >= 0)
            ra->phi_registers |= BIT(val->reg);
    }
    for (uint32_t left = ra->busy; left; left &= left - 1) {
        int r = __builtin_ctz(left);
        ra->loop_holds[r] = ra->holds[r];
        ra->vals[ra->holds[r]].loop_reg = (int16_t)r;
    }
    ra->loop_spilled = ra->spilled;
    ra->in_loop = 1;
    plan->loop = plan->n_steps;
}

/* Stores that were put off until it was known that the loop needs them. */
static void insert_before_loop(Ra *ra)
{
    Plan *plan = ra->plan;
    int32_t n = ra->n_before_loop, from = plan->n_steps, behind = from - plan->loop;
    int32_t at = ra->at;
    ra->at = ra->loop;
    for (int32_t k = 0; k < n; k++)
        step_copy(ra, ra->before_loop[k].place, ra->before_loop[k].reg);
    ra->at = at;
    if (!n || ra->fail)
        return;
    Step *head = &plan->steps[plan->loop], *copy = malloc((size_t)n * sizeof *copy);
    if (!copy) {
        ra->fail = "out of memory";
        return;
    }
    memcpy(copy, &plan->steps[from], (size_t)n * sizeof *copy);
    memmove(head + n, head, (size_t)behind * sizeof *head);
    memcpy(head, copy, (size_t)n * sizeof *copy);
    free(copy);
    plan->loop += n;
}

static Move move_of(Ra *ra, Place to, int32_t v)
{
    const Val *val = &ra->vals[v];
    if (val->reg < 0 && val->spill < 0 && !value_is_const(ra, v))
        ra->fail = "a value that moves is nowhere";
    return (Move){to, val->reg >= 0 ? val->reg : value_is_const(ra, v) ? PLACE_NONE : val->spill, v};
}

void edge_jump_loop(Ra *ra)
{
    Plan *plan = ra->plan;
    Move moves[N_PLACES];
    int n = 0;
    int is_phi[N_REGISTERS] = {0};
    for (int k = 0; k < plan->n_phis; k++) {
        Place to = plan->phis[k].place;
        if (to < N_REGISTERS)
            is_phi[to] = 1;
        moves[n++] = move_of(ra, to, value_of(ra, ra->t->uops[plan->phis[k].phi].b));
    }
    for (Place r = 0; r < N_REGISTERS; r++)
        if (ra->loop_holds[r] >= 0 && !is_phi[r])
            moves[n++] = move_of(ra, r, ra->loop_holds[r]);
    insert_before_loop(ra);
    if (!ra->fail)
        moves_run(ra, moves, n);
    step_emit(ra, EMIT_JUMP, 0, plan->loop);
}

void edge_link(Ra *ra, const Uop *u)
{
    const Trace *target = (const Trace *)(intptr_t)u->imm;
    int self = target == ra->t;
    const Loc *to = self ? ra->plan->param_locs : target->param_locs;
    if (!self && (!target->native_link || (!to && ra->t->n_link_args))) {
        ra->fail = "a link to a trace without native code";
        return;
    }
    if (self && ra->plan->n_params != ra->t->n_link_args) {
        ra->fail = "a link with the wrong number of values";
        return;
    }
    ra_record_exit(ra, u);
    step_emit(ra, EMIT_JUMP_VALID, 0, (int64_t)(intptr_t)&target->valid);
    if (ra->fail)
        return;
    ra->plan->steps[ra->plan->n_steps - 1].exit = u->exit;
    Move moves[N_PLACES];
    int n = 0;
    for (int k = 0; k < ra->t->n_link_args; k++)
        if (to[k].kind != LOC_NONE)
            moves[n++] = move_of(ra, loc_place(to[k]), value_of(ra, ra->t->link_args[k]));
    if (!ra->fail)
        moves_run(ra, moves, n);
    if (self)
        step_emit(ra, EMIT_JUMP, 0, ra->plan->start);
    else
        step_emit(ra, EMIT_JUMP_INDIRECT, 0, (int64_t)(intptr_t)&target->native_link);
}

/* ---- entry from memory ---- */

static void entry_step(Ra *ra, uint16_t op, int number, int64_t value, int32_t exit)
{
    const StencilSet *set = &uop_stencils[op];
    if (number >= set->n_registers) {
        ra->fail = "no stencil";
        return;
    }
    Step *s = step_append(ra, op, &set->registers[number], value);
    s->number = (uint16_t)number;
    s->exit = exit;
}

/* One entry slot into its location; `g` is a free G register, `f` a free F register. */
static void entry_slot(Ra *ra, const EntrySlot *e, Place to, int g, int f, int32_t exit)
{
    int is_float = e->kind == KIND_FLOAT;
    entry_step(ra, UOP_LOAD_SLOT, g, e->slot * 8, -1);
    entry_step(ra, UOP_GUARD_NOT_NULL, g, 0, exit);
    entry_step(ra, UOP_GUARD_TYPE, g, (int64_t)(intptr_t)(is_float ? &PyFloat_Type : &PyLong_Type), exit);
    if (to == PLACE_NONE)
        return;
    if (is_float)
        entry_step(ra, UOP_UNBOX_FLOAT, g * N_F + f, 0, -1);
    else
        entry_step(ra, UOP_UNBOX_INT, g, 0, exit);
    if (to >= PLACE_SPILL)
        step_copy(ra, to, is_float ? PLACE_F + f : g);
}

/* Spill places first, then F registers, then G registers: registers that carry a value between are free still. */
void edge_entry(Ra *ra)
{
    const Trace *t = ra->t;
    Plan *plan = ra->plan;
    plan->entry = plan->start;
    if (t->parent || !t->n_entry)
        return;
    int32_t exit = t->uops[t->start].exit;
    if (exit < 0 || t->n_entry > plan->n_params) {
        ra->fail = "entry slots without an exit";
        return;
    }
    ra->at = t->start;
    plan->entry = plan->n_steps;
    for (int round = 0; round < 3; round++)
        for (int k = 0; k < t->n_entry && !ra->fail; k++) {
            Loc loc = plan->param_locs[k];
            Place to = loc_place(loc);
            if (round == (loc.kind == LOC_F ? 1 : loc.kind == LOC_G ? 2 : 0))
                entry_slot(ra, &t->entry[k], to, loc.kind == LOC_G ? to : 0, loc.kind == LOC_F ? to - PLACE_F : 0, exit);
        }
    step_emit(ra, EMIT_JUMP, 0, plan->start);
}
