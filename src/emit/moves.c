/* moves.c: a set of moves that happen at once -> a sequence of copies.
 *
 * A move is ready when nobody has still to read its destination. Moves into memory go first while registers are still spare for a
 * memory-to-memory copy. When none is ready, all that are left form cycles: one place is saved aside, whoever wanted to read it reads
 * the copy, and the move into it is ready. A value is 64 bits wherever it is, so any spare register can carry it. */
#include "moves.h"

typedef struct {
    Ra *ra;
    Place from[N_PLACES];       /* by destination; only where `pending` */
    int32_t value[N_PLACES];
    uint8_t pending[N_PLACES];  /* a destination not yet written */
    uint8_t readers[N_PLACES];  /* pending moves that read the place */
    uint8_t done[N_PLACES];     /* holds what it shall hold */
    Place ready_spill[N_PLACES], ready_register[N_REGISTERS];
    int n_spill, n_register, left;
} Moves;

static void ready(Moves *m, Place p)
{
    if (p >= PLACE_SPILL)
        m->ready_spill[m->n_spill++] = p;
    else
        m->ready_register[m->n_register++] = p;
}

static Place spare_register(const Moves *m, Place from, Place end)
{
    for (Place r = from; r < end; r++)
        if (!m->readers[r] && !m->done[r])
            return r;
    return PLACE_NONE;
}

/* Memory to memory, or a constant into memory. */
static void copy_into_spill(Moves *m, Place to)
{
    Place r = spare_register(m, 0, N_REGISTERS), aside = PLACE_NONE;
    if (m->from[to] == PLACE_NONE)
        r = spare_register(m, 0, PLACE_F);
    if (r == PLACE_NONE) {
        r = 0;
        aside = spill_take(m->ra);
        step_copy(m->ra, aside, r);
    }
    if (m->from[to] == PLACE_NONE)
        step_const(m->ra, r, m->value[to]);
    else
        step_copy(m->ra, r, m->from[to]);
    step_copy(m->ra, to, r);
    if (aside != PLACE_NONE) {
        step_copy(m->ra, r, aside);
        spills_remove(&m->ra->spilled, aside);
    }
}

static void run_one(Moves *m, Place to)
{
    Place from = m->from[to];
    if (to >= PLACE_SPILL && (from == PLACE_NONE || from >= PLACE_SPILL))
        copy_into_spill(m, to);
    else if (from == PLACE_NONE && to >= PLACE_F && value_kind(m->ra, m->value[to]) != KIND_FLOAT)
        m->ra->fail = "a move between register classes";
    else if (from == PLACE_NONE)
        step_const(m->ra, to, m->value[to]);
    else
        step_copy(m->ra, to, from);
    m->pending[to] = 0;
    m->done[to] = 1;
    m->left--;
    if (from != PLACE_NONE && --m->readers[from] == 0 && m->pending[from])
        ready(m, from);
}

static void break_cycle(Moves *m)
{
    Place p = 0;
    while (!m->pending[p])
        p++;
    Place aside = p < PLACE_F ? spare_register(m, 0, PLACE_F) : p < PLACE_SPILL ? spare_register(m, PLACE_F, PLACE_SPILL) : spare_register(m, 0, N_REGISTERS);
    if (aside == PLACE_NONE || m->pending[aside]) {
        aside = spill_take(m->ra);
        if (p >= PLACE_SPILL) {         /* memory to memory through a register that is borrowed: take the cycle apart elsewhere */
            m->from[aside] = p;
            copy_into_spill(m, aside);
        }
        else
            step_copy(m->ra, aside, p);
    }
    else
        step_copy(m->ra, aside, p);
    for (Place to = 0; to < N_PLACES; to++)
        if (m->pending[to] && m->from[to] == p)
            m->from[to] = aside;
    m->readers[aside] = m->readers[p];
    m->readers[p] = 0;
    ready(m, p);
}

void moves_run(Ra *ra, const Move *moves, int n)
{
    Moves m = {.ra = ra};
    for (int k = 0; k < n; k++) {
        Place to = moves[k].to, from = moves[k].from;
        if (to >= PLACE_SPILL)
            spills_add(&ra->spilled, to);
        if (to == from) {
            m.done[to] = 1;
            continue;
        }
        m.pending[to] = 1;
        m.from[to] = from;
        m.value[to] = moves[k].value;
        if (from != PLACE_NONE)
            m.readers[from]++;
        m.left++;
    }
    for (int k = 0; k < n; k++)
        if (m.pending[moves[k].to] && !m.readers[moves[k].to])
            ready(&m, moves[k].to);
    while (m.left && !ra->fail) {
        if (m.n_spill)
            run_one(&m, m.ready_spill[--m.n_spill]);
        else if (m.n_register)
            run_one(&m, m.ready_register[--m.n_register]);
        else
            break_cycle(&m);
    }
}
