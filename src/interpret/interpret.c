/* interpret.c: uops, executed one at a time.
 *
 * The cases come from uops.def; each calls the body that the stencils are compiled from, so the two can differ only where the C
 * compiler or the emitter is wrong. Structure (PARAM, PHI, LOOP, LINK) is handled here. */
#include "interpret.h"
#include "../ir/config.h"
#include "../cpython/watch.h"
#include "bodies.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define VALUE(ref) (*(IS_CONST(ref) ? &t->consts[~(ref)].v : &vals[ref]))

int interp_uop(State *S, const Trace *t, Ref ref, Value *vals)
{
    const Uop *u = &t->uops[ref];
    Value *result = &vals[ref];
    int leave = 0;
    void *away = NULL;
    switch (u->op) {
#include "uop_cases.h"
    default:
        break;      /* META and SUNK */
    }
    (void)away;     /* here nobody calls natively: S->record is NULL */
    return leave;
}

int interp_is_invalid(State *S, const Trace *t)
{
    int leave = 0;
    body_CHECK_VALID(S, (uint64_t)(uintptr_t)&t->root->valid, &leave);
    return leave;
}

static int reserve(Value **vals, int32_t *cap, int32_t n)
{
    if (n <= *cap)
        return 0;
    Value *bigger = realloc(*vals, (size_t)n * sizeof **vals);
    if (!bigger)
        return -1;
    *vals = bigger;
    *cap = n;
    return 0;
}

/* The memory entry: each entry slot must hold an object of its kind. 0 when one does not. */
static int enter_from_memory(State *S, const Trace *t, Value *vals)
{
    for (int i = 0; i < t->n_entry; i++) {
        Obj *o = slot_object(&S->base[t->entry[i].slot]);
        int leave = 0;
        if (!o || (PyTypeObject *)o->type != (t->entry[i].kind == KIND_FLOAT ? &PyFloat_Type : &PyLong_Type))
            return 0;
        if (t->entry[i].kind == KIND_FLOAT)
            vals[i].f = ((FloatObj *)o)->value;
        else
            body_UNBOX_INT(S, o, &vals[i].i, &leave);
        if (leave)
            return 0;
    }
    return 1;
}

static int stressed(State *S)
{
    int leave = 0;
    if (S->stress_every)
        body_STRESS(S, &leave);
    return leave;
}

/* The parameters of `next`, which are the link arguments of t or the leaves of an exit's snapshot, moved to vals[0..]. */
typedef struct { const Trace *t; const Value *vals; Value *out; int n; } Gather;
static void gather(void *arg, Ref ref)
{
    Gather *g = arg;
    g->out[g->n++] = g->vals[ref];
}

static int is_phi(const Uop *u) { return u->op == UOP_PHI_OBJ || u->op == UOP_PHI_INT || u->op == UOP_PHI_FLOAT; }

/* Room for the values of t, and behind them for the new ones of its PHIs. */
static int reserve_for(const Trace *t, Value **vals, int32_t *cap)
{
    int32_t n = 0;
    while (t->loop != REF_NONE && t->loop + 1 + n < t->n_uops && is_phi(&t->uops[t->loop + 1 + n]))
        n++;
    return reserve(vals, cap, t->n_uops + n);
}

/* Gathered behind the values of t, for which there is room. */
static int move_to(const Trace *t, Exit *e, const Trace *next, Value **vals, int32_t *cap)
{
    int32_t most = e ? trace_max_leaves(t, &t->snaps[e->snap]) : t->n_link_args;
    if (reserve(vals, cap, t->n_uops + most) || reserve_for(next, vals, cap))
        return -1;
    Value *params = *vals + t->n_uops;
    Gather g = {t, *vals, params, 0};
    if (e)
        trace_snapshot_leaves(t, &t->snaps[e->snap], gather, &g);
    else
        for (int i = 0; i < t->n_link_args; i++) {
            Ref ref = t->link_args[i];
            params[g.n++] = IS_CONST(ref) ? t->consts[~ref].v : (*vals)[ref];
        }
    memmove(*vals, params, (size_t)g.n * sizeof *params);
    return 0;
}

static void turn_phis(const Trace *t, Value *vals, int back)
{
    Value *next = vals + t->n_uops;
    int32_t n = 0;
    for (Ref r = t->loop + 1; r < t->n_uops && is_phi(&t->uops[r]); r++) {
        Ref from = back ? t->uops[r].b : t->uops[r].a;
        next[n++] = IS_CONST(from) ? t->consts[~from].v : vals[from];
    }
    memcpy(&vals[t->loop + 1], next, (size_t)n * sizeof *next);
}

Exit *interp_run(State *S, Trace *root, Value **vals, int32_t *cap)
{
    Trace *t = root;
    if (reserve_for(t, vals, cap))
        return NULL;
    if (!enter_from_memory(S, t, *vals))
        return &t->exits[t->uops[t->start].exit];
    for (Ref r = t->start;; r++) {
        const Uop *u = &t->uops[r];
        if (u->dead)
            continue;
        const UopInfo *info = &uop_info[u->op];
        Exit *exit = NULL;
        switch (u->op) {
        case UOP_LOOP:
            turn_phis(t, *vals, 0);
            break;
        case UOP_JUMP_LOOP:
            turn_phis(t, *vals, 1);
            r = t->loop;
            break;
        case UOP_EXIT:
            exit = &t->exits[u->exit];
            break;
        case UOP_LINK: {
            Trace *next = (Trace *)u->imm;
            if (!next->valid || move_to(t, NULL, next, vals, cap))
                exit = &t->exits[u->exit];
            else {
                t = next;
                r = t->start;
            }
            break;
        }
        default:
            if (info->effects & (EFFECT_META | EFFECT_SUNK))
                break;
            if ((info->exit == EXIT_GUARD && stressed(S)) || interp_uop(S, t, r, *vals))
                exit = &t->exits[u->exit];
        }
        if (!exit)
            continue;
        if (!exit->side || !exit->side->valid || move_to(t, exit, exit->side, vals, cap))
            return exit;
        t = exit->side;
        r = t->start;
    }
}

static void *no_stack;          /* COPYPATCH_STRESS=tiny: every native call takes a new chunk */

static void begin(State *S, PyThreadState *ts, Frame *frame)
{
    S->base = cpy_slots(frame);
    S->calm = ts->eval_breaker & ~(uintptr_t)_PY_EVAL_EVENTS_MASK;
    S->calm_allocator = *S->allocator;
    S->calm_evaluator = *S->evaluator;
    S->top = cpy_frame(ts);
    S->exit = NULL;
    S->record = NULL;
    S->result.o = NULL;
    S->raw = RAW_OBJECT;
    S->loud = S->returned = S->work = S->died = S->n_trash = 0;
    S->stress_left = S->stress_every;
}

void state_init(State *S, PyThreadState *ts, Frame *frame)
{
    S->thread = ts;
    S->breaker = (uintptr_t *)&ts->eval_breaker;
    S->stack_top = (void **)&ts->datastack_top;
    S->stack_limit = config.tiny ? &no_stack : (void **)&ts->datastack_limit;
    S->current = (FrameHead **)&ts->current_frame;
    S->depth = &ts->py_recursion_remaining;
    S->small_ints = (char *)cpy_small_ints;
    S->not_implemented = (Obj *)Py_NotImplemented;
    S->none = (Obj *)Py_None;
    S->int_type = &PyLong_Type;
    S->float_type = &PyFloat_Type;
    S->handled = (HandledError **)&ts->exc_info;
    S->executing = FRAME_EXECUTING;
    S->true_object = (Obj *)Py_True;
    S->false_object = (Obj *)Py_False;
    S->module_type = &PyModule_Type;
    S->allocator = cpy_allocator_at;
    S->evaluator = (void *const *)CPY_INTERP(ts->interp, eval_frame);
    S->stress_every = config.stress_exit;
    begin(S, ts, frame);
}

/* Each belongs to one activation, of whatever thread or greenlet, until that gives it back: they need not end in the order in which they began. */
#define KEPT 8
static State kept[KEPT];
static unsigned kept_free = (1u << KEPT) - 1;       /* bits */

State *state_borrow(State *own, PyThreadState *ts, Frame *frame)
{
    if (!kept_free) {
        state_init(own, ts, frame);
        return own;
    }
    State *S = &kept[__builtin_ctz(kept_free)];
    kept_free &= kept_free - 1;
    if (S->thread == ts)
        begin(S, ts, frame);
    else
        state_init(S, ts, frame);
    return S;
}

void state_return(State *S)
{
    state_clear(S);
    if (S >= kept && S < kept + KEPT)
        kept_free |= 1u << (S - kept);
}
