/* check.c: does a plan do what its trace says? And: a plan, printed.
 *
 * The steps are executed on names instead of values: each place holds the value it got last. It knows nothing of how the allocator
 * decides; it reads registers off the stencil numbers, as the machine will. The loop is walked again with what its end leaves behind
 * until nothing changes: a place that holds another value in the second turn than in the first has no name any more. */
#include "registers.h"
#include "places.h"
#include <stdio.h>
#include <string.h>

#define UNKNOWN (-1)

typedef struct {
    const Trace *t;
    const Plan *plan;
    int32_t n;
    int32_t place[N_PLACES];        /* value; UNKNOWN. Constants: n_uops + index */
    char *wrong;
} Check;

static char message[200];
#define WRONG(c, ...) do { if (!(c)->wrong) { snprintf(message, sizeof message, __VA_ARGS__); (c)->wrong = message; } } while (0)

static int32_t check_value(const Check *c, Ref r) { return IS_CONST(r) ? c->n + ~r : r; }

/* Constants of different kinds may share their bits. */
static int same_value(const Check *c, int32_t x, int32_t y)
{
    return x == y || (x >= c->n && y >= c->n && c->t->consts[x - c->n].v.i == c->t->consts[y - c->n].v.i);
}

static int32_t const_of_bits(const Check *c, int64_t bits)
{
    for (int k = 0; k < c->t->n_consts; k++)
        if (c->t->consts[k].v.i == bits)
            return c->n + k;
    return UNKNOWN;
}

/* The registers of a step, decoded from its number: operands, then the result (PLACE_NONE: none). */
static int decode(const Step *s, Place reg[4], Place *result)
{
    const UopInfo *info = &uop_info[s->code];
    int n = info->n_operands - s->constant, number = s->number;
    *result = PLACE_NONE;
    if (info->effects & (EFFECT_CALL | EFFECT_FIXED)) {
        int g = 0, f = 0;
        for (int k = 0; k < info->n_operands; k++)
            reg[k] = info->operand[k] == KIND_FLOAT ? PLACE_F + f++ : g++;
        if (info->result)
            *result = info->result == KIND_FLOAT ? PLACE_F : (info->effects & EFFECT_CALL) ? 3 : 0;
        return n;
    }
    int two_address = info->n_operands && info->result && (info->result == KIND_FLOAT) == (info->operand[0] == KIND_FLOAT);
    if (info->result && !two_address) {
        *result = info->result == KIND_FLOAT ? PLACE_F + number % N_F : number % N_G;
        number /= info->result == KIND_FLOAT ? N_F : N_G;
    }
    for (int k = n - 1; k >= 0; k--) {
        int radix = info->operand[k] == KIND_FLOAT ? N_F : N_G;
        reg[k] = number % radix + (radix == N_F ? PLACE_F : 0);
        number /= radix;
    }
    if (two_address)
        *result = reg[0];
    return n;
}

/* The spill place of a SPILL or RELOAD; PLACE_NONE for other steps. */
static Place step_spill(const Step *s)
{
    int64_t place = (int64_t)((uint64_t)s->value - offsetof(State, spill)) / 8;
    return place >= 0 && place < N_SPILL ? (Place)(PLACE_SPILL + place) : PLACE_NONE;
}

/* ---- checking ---- */

typedef struct { const Check *c; const Live *live; int32_t k, n; Place first_lost; const char *wrong; } ExitCheck;

static void check_leaf(void *arg, Ref ref)
{
    ExitCheck *e = arg;
    if (e->k >= e->n || e->live[e->k].ref != ref) {
        e->wrong = "has other leaves";
        return;
    }
    Place p = loc_place(e->live[e->k++].loc);
    if (p < 0 || e->c->place[p] != ref)
        e->wrong = "finds a wrong value";
    else if (p >= e->first_lost && p < PLACE_SPILL)
        e->wrong = "finds a register that the call has lost";
}

/* first_lost: registers from it on are when the exit is taken. */
static void check_exit(Check *c, const Step *s, Place first_lost)
{
    if (s->exit < 0)
        return;
    const ExitPlan *plan = &c->plan->exits[s->exit];
    if (plan->n_live < 0) {
        WRONG(c, "exit %d of uop %d has no locations", s->exit, s->uop);
        return;
    }
    ExitCheck e = {c, c->plan->live + plan->first_live, 0, plan->n_live, first_lost, NULL};
    trace_snapshot_leaves(c->t, &c->t->snaps[c->t->uops[s->uop].snap], check_leaf, &e);
    if (e.wrong || e.k != e.n)
        WRONG(c, "exit %d of uop %d (%s) %s", s->exit, s->uop, uop_info[c->t->uops[s->uop].op].name, e.wrong ? e.wrong : "has too few leaves");
}

static void check_uop(Check *c, const Step *s)
{
    const Uop *u = &c->t->uops[s->uop];
    const UopInfo *info = &uop_info[u->op];
    const char *name = info->name;
    int native = (info->effects & EFFECT_AWAY) && (info->effects & EFFECT_ESCAPE);
    Place first_lost = native ? 0 : info->effects & EFFECT_CALL ? 3 : PLACE_SPILL;
    if (s->code == UOP_COUNT_ONE && u->op != UOP_COUNT_ONE)
        return;
    if (s->code == UOP_STRESS && u->op != UOP_STRESS) {
        check_exit(c, s, first_lost);
        return;
    }
    Ref operand[3] = {u->a, u->b, u->c};
    if (s->swapped) {
        operand[0] = u->b;
        operand[1] = u->a;
    }
    if (s->code != (s->swapped ? uop_exchanged[u->op] : u->op))
        WRONG(c, "uop %d (%s) has become another", s->uop, name);
    Place reg[4], result;
    int n = decode(s, reg, &result);
    for (int k = 0; k < n; k++)
        if (!same_value(c, c->place[reg[k]], check_value(c, operand[k])))
            WRONG(c, "uop %d (%s): operand %d is %d, not %d", s->uop, name, k, c->place[reg[k]], operand[k]);
    if (s->constant && (!IS_CONST(operand[n]) || c->t->consts[~operand[n]].v.i != s->value))
        WRONG(c, "uop %d (%s): wrong constant", s->uop, name);
    check_exit(c, s, first_lost);
    for (Place r = first_lost; r < PLACE_SPILL; r++)
        c->place[r] = UNKNOWN;
    if (result >= 0)
        c->place[result] = s->uop;
}

static void check_emit(Check *c, const Step *s)
{
    int n = s->number;
    Place spill = step_spill(s);
    switch (s->code - STEP_EMIT) {
    case EMIT_MOVE_G: c->place[n / N_G] = c->place[n % N_G]; break;
    case EMIT_MOVE_F: c->place[PLACE_F + n / N_F] = c->place[PLACE_F + n % N_F]; break;
    case EMIT_SPILL_G: c->place[spill] = c->place[n]; break;
    case EMIT_SPILL_F: c->place[spill] = c->place[PLACE_F + n]; break;
    case EMIT_RELOAD_G: c->place[n] = c->place[spill]; break;
    case EMIT_RELOAD_F: c->place[PLACE_F + n] = c->place[spill]; break;
    case EMIT_CONST_G: case EMIT_CONST_G_WORD: c->place[n] = const_of_bits(c, s->value); break;
    case EMIT_CONST_F: c->place[PLACE_F + n] = const_of_bits(c, s->value); break;
    case EMIT_JUMP_VALID: case EMIT_JUMP: check_exit(c, s, PLACE_SPILL); break;
    default: break;
    }
}

/* At the end of the loop: what the next turn may rely on. A place has a name only if it is the same on both ways in. */
static int meet_loop(Check *c, int32_t head[N_PLACES])
{
    int changed = 0;
    int32_t next[N_PLACES];
    for (Place p = 0; p < N_PLACES; p++) {
        int32_t v = c->place[p];
        next[p] = v != UNKNOWN && v < c->n && v > c->t->loop ? UNKNOWN : v;
    }
    for (int k = 0; k < c->plan->n_phis; k++) {
        const PhiPlace *phi = &c->plan->phis[k];
        if (!same_value(c, c->place[phi->place], check_value(c, c->t->uops[phi->phi].b)))
            WRONG(c, "JUMP_LOOP: phi %d does not get its value", phi->phi);
        next[phi->place] = phi->phi;
    }
    for (Place p = 0; p < N_PLACES; p++)
        if (head[p] != UNKNOWN && !same_value(c, head[p], next[p])) {
            head[p] = UNKNOWN;
            changed = 1;
        }
    return changed;
}

static void check_link(Check *c)
{
    const Uop *u = &c->t->uops[c->n - 1];
    if (u->op != UOP_LINK)
        return;
    const Trace *target = (const Trace *)(intptr_t)u->imm;
    const Loc *locs = target == c->t ? c->plan->param_locs : target->param_locs;
    for (int k = 0; k < c->t->n_link_args; k++) {
        Place p = loc_place(locs[k]);
        if (p >= 0 && !same_value(c, c->place[p], check_value(c, c->t->link_args[k])))
            WRONG(c, "LINK: argument %d is not in its place", k);
    }
}

static void check_steps(Check *c, int32_t from, int32_t to)
{
    for (int32_t i = from; i < to && !c->wrong; i++) {
        const Step *s = &c->plan->steps[i];
        if (s->code & STEP_EMIT)
            check_emit(c, s);
        else
            check_uop(c, s);
    }
}

const char *ra_check(const Trace *t, const Plan *plan)
{
    Check c = {.t = t, .plan = plan, .n = t->n_uops};
    for (Place p = 0; p < N_PLACES; p++)
        c.place[p] = UNKNOWN;
    int k = 0;
    for (Ref i = 0; i < t->n_uops && t->uops[i].op != UOP_START; i++)
        if (uop_is_param(t->uops[i].op)) {
            Place p = loc_place(plan->param_locs[k++]);
            if (p >= 0)
                c.place[p] = i;
        }
    int32_t end = plan->entry > plan->start ? plan->entry : plan->n_steps;
    check_steps(&c, 0, plan->loop >= 0 ? plan->loop : end);
    if (plan->loop >= 0) {
        int32_t head[N_PLACES];
        for (int p = 0; p < plan->n_phis; p++) {
            const PhiPlace *phi = &plan->phis[p];
            if (!same_value(&c, c.place[phi->place], check_value(&c, t->uops[phi->phi].a)))
                WRONG(&c, "phi %d does not get its first value", phi->phi);
            c.place[phi->place] = phi->phi;
        }
        memcpy(head, c.place, sizeof head);
        do {
            memcpy(c.place, head, sizeof head);
            check_steps(&c, plan->loop, end);
        } while (!c.wrong && meet_loop(&c, head));
    }
    check_link(&c);
    return c.wrong;
}

/* ---- printing ---- */

static const char *place_name(Place p, char buffer[8])
{
    if (p < 0)
        return "-";
    snprintf(buffer, 8, p < PLACE_F ? "G%d" : p < PLACE_SPILL ? "F%d" : "[%d]", p < PLACE_F ? p : p < PLACE_SPILL ? p - PLACE_F : p - PLACE_SPILL);
    return buffer;
}

static void dump_exit(const Plan *plan, int32_t exit)
{
    if (exit < 0)
        return;
    char b[8];
    fprintf(stderr, "    exit %d:", exit);
    const ExitPlan *e = &plan->exits[exit];
    for (int k = 0; k < e->n_live; k++)
        fprintf(stderr, " %d=%s", plan->live[e->first_live + k].ref, place_name(loc_place(plan->live[e->first_live + k].loc), b));
}

const char *const emit_names[EMIT_COUNT] = {"move_g", "move_f", "spill_g", "spill_f", "reload_g", "reload_f", "const_g", "const_g_word", "const_f",
                                            "jump", "jump_valid", "jump_indirect", "exit_stub", "exit_common", "shim"};

static void dump_emit(const Step *s)
{
    int emit = s->code - STEP_EMIT, n = s->number;
    char a[8], b[8];
    Place spill = step_spill(s);
    fprintf(stderr, "        %-13s ", emit_names[emit]);
    switch (emit) {
    case EMIT_MOVE_G: fprintf(stderr, "%s = %s", place_name((Place)(n / N_G), a), place_name((Place)(n % N_G), b)); break;
    case EMIT_MOVE_F: fprintf(stderr, "%s = %s", place_name((Place)(PLACE_F + n / N_F), a), place_name((Place)(PLACE_F + n % N_F), b)); break;
    case EMIT_SPILL_G: case EMIT_SPILL_F:
        fprintf(stderr, "%s = %s", place_name(spill, a), place_name((Place)(emit == EMIT_SPILL_F ? PLACE_F + n : n), b)); break;
    case EMIT_RELOAD_G: case EMIT_RELOAD_F:
        fprintf(stderr, "%s = %s", place_name((Place)(emit == EMIT_RELOAD_F ? PLACE_F + n : n), a), place_name(spill, b)); break;
    case EMIT_CONST_G: case EMIT_CONST_G_WORD: fprintf(stderr, "%s = %#llx", place_name((Place)n, a), (long long)s->value); break;
    case EMIT_CONST_F: { double d; memcpy(&d, &s->value, sizeof d); fprintf(stderr, "%s = %.17g", place_name((Place)(PLACE_F + n), a), d); break; }
    case EMIT_JUMP: if (s->exit < 0) fprintf(stderr, "step %lld", (long long)s->value); break;
    default: break;
    }
}

void ra_dump(const Trace *t, const Plan *plan)
{
    char b[8];
    fprintf(stderr, "registers: %d uops, %d stencils\n", t->n_uops, plan->n_steps);
    for (int k = 0; k < plan->n_params; k++)
        fprintf(stderr, "        param %d in %s\n", k, place_name(loc_place(plan->param_locs[k]), b));
    for (int32_t i = 0; i < plan->n_steps; i++) {
        const Step *s = &plan->steps[i];
        if (i == plan->start)
            fprintf(stderr, "  start:\n");
        if (i == plan->loop)
            fprintf(stderr, "  loop:\n");
        if (i == plan->entry && plan->entry > plan->start)
            fprintf(stderr, "  entry from memory:\n");
        if (s->code & STEP_EMIT)
            dump_emit(s);
        else {
            Place reg[4], result;
            int n = decode(s, reg, &result);
            fprintf(stderr, "  %4d  ", s->uop);
            if (result >= 0)
                fprintf(stderr, "%s = ", place_name(result, b));
            fprintf(stderr, "%s", uop_info[s->code].name);
            for (int k = 0; k < n; k++)
                fprintf(stderr, "%s%s", k ? ", " : " ", place_name(reg[k], b));
            double d;
            memcpy(&d, &s->value, sizeof d);
            if (s->constant && uop_info[s->code].operand[n] == KIND_FLOAT)
                fprintf(stderr, "%s%.17g", n ? ", " : " ", d);
            else if (s->constant)
                fprintf(stderr, "%s%lld", n ? ", " : " ", (long long)s->value);
            else if (uop_info[s->code].imm)
                fprintf(stderr, " #%lld", (long long)s->value);
        }
        dump_exit(plan, s->exit);
        fputc('\n', stderr);
    }
}
