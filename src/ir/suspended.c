/* suspended.c: what the builder knows of generators that a trace follows into: their variables, and where they stand.
 *
 * The frame of such a generator is memory that is read and written by uops of its own (GEN_SLOT, STORE_GEN_INT ...), and, as long as no
 * arbitrary code runs, by these alone. So what has been read of it is known until something is stored to the same place: the same slot of
 * the same generator, or of one that may be the same. Two that run different code are not.
 *
 * In a loop, what the turn is going to store counts too: builder_note_turn(). */
#include "builder.h"

const void *builder_generator(const Builder *b, Ref g)
{
    for (int i = 0; i < b->n_suspended; i++)
        if (b->suspended[i].g == g)
            return b->suspended[i].code;
    return NULL;
}

void builder_know_generator(Builder *b, Ref g, const void *code)
{
    if (code && !builder_generator(b, g) && b->n_suspended < MAX_SUSPENDED) {
        b->suspended[b->n_suspended].g = g;
        b->suspended[b->n_suspended++].code = code;
    }
}

static int may_be_same(const Builder *b, Ref g, Ref other)
{
    const void *code = builder_generator(b, g), *other_code = builder_generator(b, other);
    return g == other || !code || !other_code || code == other_code;
}

/* A write to generator g by `op`, and imm, changes what u reads. */
static int changes(const Builder *b, int op, Ref g, int64_t imm, const Uop *u)
{
    int touches = u->op == UOP_GEN_FUNCTION   ? 0
                  : u->op == UOP_GUARD_STANDS ? op == UOP_GEN_STANDS
                  : op == UOP_GEN_TOP         ? u->op == UOP_GEN_STACK || u->op == UOP_GEN_TAGGED   /* it may have been popped */
                                              : op != UOP_GEN_STANDS && imm == u->imm;
    return touches && may_be_same(b, g, u->a);
}

int builder_is_outdated(const Builder *b, const Uop *u, Ref r)
{
    const Trace *t = b->t;
    for (Ref k = r + 1; k < t->n_uops; k++)
        if (ir_writes_generator(t->uops[k].op) && changes(b, t->uops[k].op, t->uops[k].a, t->uops[k].imm, u))
            return 1;
    for (int i = 0; t->loop != REF_NONE && r < t->loop && i < b->n_turn; i++)
        if (changes(b, b->turn[i].op, b->turn[i].g, b->turn[i].imm, u))
            return 1;
    return 0;
}

int builder_note_turn(Builder *b, int op, Ref g, int64_t imm)
{
    for (int i = 0; i < b->n_turn; i++)
        if (b->turn[i].op == op && b->turn[i].g == g && b->turn[i].imm == imm)
            return 1;
    if (b->n_turn == MAX_TURN)
        return 0;
    b->turn[b->n_turn].op = (uint16_t)op;
    b->turn[b->n_turn].g = g;
    b->turn[b->n_turn++].imm = imm;
    return 1;
}

void builder_forget_generators(Builder *b, int32_t n_uops)
{
    int n = 0;
    for (int i = 0; i < b->n_suspended; i++)
        if (b->suspended[i].g < n_uops)
            b->suspended[n++] = b->suspended[i];
    b->n_suspended = n;
    if (b->t->loop == REF_NONE || b->t->loop >= n_uops)
        b->n_turn = 0;
}

/* At LOOP, too, it stands where the turn before, an equal one, has left it. */
int builder_stands(const Builder *b, Ref g, int64_t stand, Ref since)
{
    for (Ref k = b->t->n_uops - 1; k >= since; k--) {
        const Uop *u = &b->t->uops[k];
        if ((u->op == UOP_GEN_STANDS || u->op == UOP_GUARD_STANDS) && u->a == g)
            return u->imm == stand ? 1 : -1;
        if (u->op == UOP_GEN_STANDS && may_be_same(b, u->a, g))
            return 0;
    }
    return 0;
}

/* In a loop whose turn, and so the turn before it, stores ints to a variable, or floats: it holds one at the head. */
PyTypeObject *builder_stored_type(const Builder *b, const Uop *u)
{
    const Trace *t = b->t;
    int op = UOP_COUNT, exactly = 0;
    if (u->op != UOP_GEN_SLOT || t->loop == REF_NONE || b->escape > t->loop)
        return NULL;
    for (int i = 0; i < b->n_turn; i++) {
        if (!changes(b, b->turn[i].op, b->turn[i].g, b->turn[i].imm, u))
            continue;
        if (op != UOP_COUNT && op != b->turn[i].op)
            return NULL;
        op = b->turn[i].op;
        exactly |= b->turn[i].g == u->a;
    }
    return !exactly ? NULL : op == UOP_STORE_GEN_INT ? &PyLong_Type : op == UOP_STORE_GEN_FLOAT ? &PyFloat_Type : NULL;
}
