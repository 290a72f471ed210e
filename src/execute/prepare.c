/* prepare.c: snapshot -> moves.
 *
 * A snapshot is made while recording, by the hundred, and most are never used: it says briefly what holds. What has to be done is found out
 * here: which values are constants, which objects are made for one slot only (then the move makes it) or for several (then a recipe does,
 * before any slot is written), where each frame goes on. Runs no Python code and changes nothing. */
#include "prepare.h"
#include "../cpython/codeinfo.h"
#include "../cpython/opcodes.h"
#include "../emit/emit.h"
#include "execute.h"

typedef struct {
    const Trace *t;
    const Snapshot *s;
    const SnapSlot *slots;
    Prepared *p;
    Ref *made;          /* of each recipe */
    int returns;        /* the frame returns next: numbers in its variables are not made */
} Prepare;

static int is_sunk(const Trace *t, Ref ref) { return !IS_CONST(ref) && (uop_info[t->uops[ref].op].effects & EFFECT_SUNK); }

/* ---- instructions ---- */

static Instruction instruction(PyCodeObject *code, int unit) { return cpy_fetch(codeinfo_peek(code)->units, unit); }

/* There is one frame, which returns, and nothing dies before that whose code might look at it. */
static int returns_next(const Trace *t, const Snapshot *s)
{
    const SnapFrame *sf = &t->snap_frames[s->first_frame];
    int op = instruction(sf->code, sf->ip).op;
    for (int i = 0; i < s->n_slots; i++)
        if (t->snap_slots[s->first_slot + i].how == HOW_DROP)
            return 0;
    return s->n_frames == 1 && (op == RETURN_VALUE || op == RETURN_CONST);
}

/* A number in a variable of a frame that returns next: nobody reads it any more. */
static int is_last(const Prepare *q, const SnapSlot *slot)
{
    if (!q->returns || slot->slot >= q->t->snap_frames[q->s->first_frame].n_locals || slot->ref == REF_NONE || IS_CONST(slot->ref))
        return 0;
    int op = q->t->uops[slot->ref].op;
    return op == UOP_SINK_INT || op == UOP_SINK_FLOAT || op == UOP_SINK_SLOT_INT || op == UOP_SINK_SLOT_FLOAT;
}

/* The innermost frame stands at a FOR_ITER whose iterator has been asked already, or at such a SEND. */
static void prepare_next(Prepared *p, int unit, int is_send)
{
    FrameMove *f = &p->frames[p->n_frames - 1];
    Instruction i = instruction(f->code, unit);
    p->next = !is_send;
    p->sent = (uint8_t)is_send;
    f->ip = i.next;
    p->end_ip = i.next + i.arg + (is_send ? 0 : FOR_ITER_SKIPS);
    p->drop_ip = i.at;
}

/* ---- values ---- */

/* The value number of a constant or leaf. */
static int32_t value_of(Prepare *q, Ref ref)
{
    Prepared *p = q->p;
    if (IS_CONST(ref)) {
        p->consts[p->n_consts] = q->t->consts[~ref].v;
        return p->n_leaves + p->n_consts++;
    }
    int32_t i = 0;
    while (p->leaf[i] != ref)
        i++;
    return i;
}

static int count_uses(const Prepare *q, Ref ref)
{
    int n = 0;
    for (int i = 0; i < q->s->n_slots; i++) {
        Ref in = q->slots[i].ref;
        n += in == ref && !is_last(q, &q->slots[i]);
        for (; !IS_CONST(in) && q->t->uops[in].op == UOP_SINK_SET; in = q->t->uops[in].a)
            n += q->t->uops[in].b == ref;
    }
    return n;
}

static int32_t recipe_of(Prepare *q, Ref ref);
enum { BY_RECIPE = 1 << 30, RESULT = 1 << 29 };         /* in SlotMove.from, Recipe.a and .b, until the constants have been counted */

/* What a recipe takes. */
static int32_t ingredient(Prepare *q, Ref ref) { return is_sunk(q->t, ref) ? BY_RECIPE | recipe_of(q, ref) : value_of(q, ref); }

/* Recipes are numbered from 0 until the constants have been counted. */
static int32_t recipe_of(Prepare *q, Ref ref)
{
    Prepared *p = q->p;
    const Uop *u = &q->t->uops[ref];
    for (int i = 0; i < p->n_recipes; i++)
        if (q->made[i] == ref)
            return i;
    int at_slot = u->op == UOP_SINK_SLOT_FLOAT || u->op == UOP_SINK_SLOT_INT || u->op == UOP_SINK_RANGE || u->op == UOP_SINK_INDEX;
    int binary = uop_info[u->op].n_operands > 1, is_set = u->op == UOP_SINK_SET;
    Recipe r = {u->op, at_slot ? (int16_t)u->imm : 0, ingredient(q, u->a), binary ? ingredient(q, u->b) : 0, is_set ? (int32_t)u->imm : 0};
    q->made[p->n_recipes] = ref;
    p->recipes[p->n_recipes] = r;
    return p->n_recipes++;
}

/* A sunk object that one slot wants and nobody else: how it gets there; -1: by a recipe. */
static int move_alone(int op, int how)
{
    switch (op) {
    case UOP_SINK_INT: return how == HOW_BORROWED ? MOVE_NEW_INT : -1;
    case UOP_SINK_FLOAT: return how == HOW_BORROWED ? MOVE_NEW_FLOAT : -1;
    case UOP_SINK_SLOT_INT: return how == HOW_KEEP ? MOVE_KEEP_INT : -1;
    case UOP_SINK_SLOT_FLOAT: return how == HOW_KEEP ? MOVE_KEEP_FLOAT : -1;
    case UOP_SINK_RANGE: return how == HOW_KEEP ? MOVE_SYNC_RANGE : -1;
    case UOP_SINK_INDEX: return how == HOW_KEEP ? MOVE_SYNC_INDEX : -1;
    default: return -1;
    }
}

/* A slot of the snapshot has a reference of its own to the sunk value, which keeps it alive for those that have none. */
static int has_owner(const Prepare *q, Ref ref)
{
    for (int i = 0; i < q->s->n_slots; i++)
        if (q->slots[i].ref == ref && (q->slots[i].how == HOW_BORROWED || q->slots[i].how == HOW_KEEP) && !is_last(q, &q->slots[i]))
            return 1;
    return 0;
}

static void prepare_slot(Prepare *q, const SnapSlot *slot)
{
    static const uint8_t moves[] = {[HOW_OWNED] = MOVE_OWNED, [HOW_BORROWED] = MOVE_BORROWED, [HOW_LENT] = MOVE_LENT,
                                    [HOW_KEEP] = MOVE_KEEP, [HOW_NULL] = MOVE_NULL, [HOW_DROP] = MOVE_DROP};
    int sunk = slot->how != HOW_NULL && is_sunk(q->t, slot->ref),
        how = slot->how == HOW_LENT && sunk && !has_owner(q, slot->ref) ? HOW_BORROWED : slot->how;
    SlotMove m = {moves[how], slot->frame, slot->slot, 0};
    if (is_last(q, slot)) {
        q->p->lasts = 1;
        if (slot->how == HOW_KEEP)
            return;
        m.how = MOVE_NULL;
    } else if (slot->how == HOW_NULL)
        ;
    else if (sunk && q->t->uops[slot->ref].op == UOP_SINK_RESULT) {
        m.how = MOVE_OWNED;
        m.from = RESULT;
        q->p->result = 1;
    } else if (!sunk)
        m.from = value_of(q, slot->ref);
    else {
        const Uop *u = &q->t->uops[slot->ref];
        int alone = u->op == UOP_SINK_TAGGED ? MOVE_TAGGED : count_uses(q, slot->ref) == 1 ? move_alone(u->op, how) : -1;
        if (alone >= 0)
            m.how = (uint8_t)alone;
        m.from = alone >= 0 ? value_of(q, u->a) : BY_RECIPE | recipe_of(q, slot->ref);
    }
    q->p->moves[q->p->n_moves++] = m;
}

static void prepare_frame(Prepare *q, int i)
{
    const SnapFrame *sf = &q->t->snap_frames[q->s->first_frame + i];
    Instruction at = instruction(sf->code, sf->ip);
    int inner = i == q->s->n_frames - 1, end = at.next + at.arg + (sf->continuation == CONT_ITEM ? FOR_ITER_SKIPS : 0);
    q->p->frames[i] = (FrameMove){.code = sf->code, .func = i ? value_of(q, sf->func) : 0, .ip = inner ? sf->ip : at.at,
                                  .raise_ip = at.at, .end_ip = end, .depth = sf->depth, .continuation = sf->continuation,
                                  .suspended = sf->stand >= 0};
    if (inner)
        q->p->drop_ip = sf->drop_ip;
    if (inner && sf->continuation >= CONT_SENT)
        prepare_next(q->p, sf->ip, sf->continuation == CONT_SENT);
}

static int is_plain(const Prepared *p)
{
    if (p->n_frames > 1 || p->next || p->sent || p->n_recipes || p->n_moves >= FEW_GONE)
        return 0;
    for (const SlotMove *m = p->moves, *end = m + p->n_moves; m < end; m++)
        if (m->how == MOVE_DROP)
            return 0;
    return 1;
}

/* ---- one block ---- */

typedef struct { int32_t leaves, at, consts, recipes, moves, frames; } Sizes;

static Prepared *block(Sizes n)
{
    size_t consts = sizeof(Value) * (size_t)n.consts, frames = sizeof(FrameMove) * (size_t)n.frames,
        moves = sizeof(SlotMove) * (size_t)n.moves;
    size_t recipes = sizeof(Recipe) * (size_t)n.recipes, leaves = sizeof(Ref) * (size_t)n.leaves, at = sizeof(uint16_t) * (size_t)n.at;
    Prepared *p = malloc(sizeof *p + consts + frames + moves + recipes + leaves + at);
    if (!p)
        return NULL;
    *p = (Prepared){.consts = (Value *)(p + 1)};
    p->frames = (FrameMove *)((char *)p->consts + consts);
    p->moves = (SlotMove *)((char *)p->frames + frames);
    p->recipes = (Recipe *)((char *)p->moves + moves);
    p->leaf = (Ref *)((char *)p->recipes + recipes);
    p->at = n.at ? (uint16_t *)((char *)p->leaf + leaves) : NULL;
    return p;
}

static Prepared *prepare(const Trace *t, int32_t snap, int may_leave_out)
{
    const Snapshot *s = &t->snaps[snap];
    int32_t n = s->n_slots, most = trace_max_leaves(t, s);      /* of whatever there is */
    Prepared *p = block((Sizes){.leaves = most, .consts = most, .recipes = most, .moves = n, .frames = s->n_frames});
    Ref *made = malloc(sizeof *made * (size_t)(most + 1));
    if (!p || !made) {
        free(p);
        free(made);
        return NULL;
    }
    Prepare q = {t, s, &t->snap_slots[s->first_slot], p, made, may_leave_out && returns_next(t, s)};
    p->n_leaves = trace_leaves(t, s, p->leaf);
    p->n_frames = s->n_frames;
    p->real = s->n_frames > 1 && t->snap_frames[s->first_frame + 1].real;
    for (int i = 0; i < s->n_frames; i++)
        prepare_frame(&q, i);
    for (int i = 0; i < n; i++)
        if (q.slots[i].how != HOW_MEMORY && q.slots[i].how != HOW_PLACED)
            prepare_slot(&q, &q.slots[i]);
    for (int i = 0; i < p->n_recipes; i++) {
        Recipe *r = &p->recipes[i];
        if (r->a & BY_RECIPE)
            r->a = (r->a & ~BY_RECIPE) + p->n_leaves + p->n_consts;
        if (r->b & BY_RECIPE)
            r->b = (r->b & ~BY_RECIPE) + p->n_leaves + p->n_consts;
    }
    for (int i = 0; i < p->n_moves; i++)
        if (p->moves[i].from == RESULT)
            p->moves[i].from = prepared_values(p) - 1;
        else if (p->moves[i].from & BY_RECIPE)
            p->moves[i].from = (p->moves[i].from & ~BY_RECIPE) + p->n_leaves + p->n_consts;
    p->plain = is_plain(p);
    free(made);
    return p;
}

Prepared *prepare_snapshot(const Trace *t, int32_t snap) { return prepare(t, snap, 0); }

/* In a block of its size. */
Prepared *prepare_exit(const Exit *e)
{
    const Trace *t = e->trace;
    Prepared *big = prepare(t, e->snap, 1);
    if (!big)
        return NULL;
    Prepared *p = block((Sizes){big->n_leaves, t->code_start ? big->n_leaves : 0, big->n_consts, big->n_recipes, big->n_moves,
                                big->n_frames});
    if (p) {
        Prepared own = *p;
        *p = *big;
        p->consts = memcpy(own.consts, big->consts, sizeof *p->consts * (size_t)big->n_consts);
        p->frames = memcpy(own.frames, big->frames, sizeof *p->frames * (size_t)big->n_frames);
        p->moves = memcpy(own.moves, big->moves, sizeof *p->moves * (size_t)big->n_moves);
        p->recipes = memcpy(own.recipes, big->recipes, sizeof *p->recipes * (size_t)big->n_recipes);
        p->leaf = memcpy(own.leaf, big->leaf, sizeof *p->leaf * (size_t)big->n_leaves);
        p->at = own.at;
        for (int i = 0; p->at && i < p->n_leaves; i++)
            p->at[i] = (uint16_t)emit_offset(t->live[e->first_live + i].loc);
    }
    free(big);
    return p;
}
