/* dce.c: uops -> the same, those marked dead that nothing needs.
 *
 * requires: a complete trace. keeps: order and refs. breaks: nothing.
 * A uop is needed if it has an effect, or can leave for a reason a program can see, or if something needed uses it. One
 * backward sweep; what a PHI takes over from the end of the loop stands behind it, and goes with all it needs through a work list. A uop
 * that only leaves when its own result would not fit (ADD_INT) goes with its result; one that leaves where Python would raise (LIST_ITEM,
 * FLOORDIV_INT) stays. */
#include "optimize.h"
#include <stdlib.h>
#include <string.h>

static int leaves_for_itself_only(UopCode op)
{
    switch (op) {
    case UOP_UNBOX_INT: case UOP_ADD_INT: case UOP_SUB_INT: case UOP_MUL_INT: case UOP_NEG_INT: case UOP_ABS_INT:
    case UOP_INT_TO_FLOAT_EXACT: case UOP_LOAD_WORD:
        return 1;
    default:
        return 0;
    }
}

static int is_phi(const Uop *u) { return u->op == UOP_PHI_OBJ || u->op == UOP_PHI_INT || u->op == UOP_PHI_FLOAT; }

static int removable(const Uop *u)
{
    const UopInfo *info = &uop_info[u->op];
    if (is_phi(u) || u->op == UOP_LOAD_SLOT)
        return 1;
    if (info->effects & EFFECT_SUNK)
        return 1;
    if (info->result == KIND_NONE || !(info->effects & (EFFECT_PURE | EFFECT_READ)))
        return 0;
    return info->exit == EXIT_NONE || leaves_for_itself_only(u->op);
}

typedef struct {
    Trace *t;
    uint8_t *needed;
    Ref *work; int n;           /* needed, and behind `at`: the sweep has passed them */
    Ref at;
    int32_t snap;               /* the snapshot looked at last: neighbours share one */
} Marking;

static void need(Marking *m, Ref ref)
{
    if (ref == REF_NONE || IS_CONST(ref) || m->needed[ref])
        return;
    m->needed[ref] = 1;
    if (ref > m->at)
        m->work[m->n++] = ref;
}

static void need_operands(Marking *m, const Uop *u)
{
    need(m, u->a);
    need(m, u->b);
    need(m, u->c);
    if (u->snap < 0 || u->snap == m->snap)
        return;
    m->snap = u->snap;
    const Snapshot *s = &m->t->snaps[u->snap];
    for (int i = 0; i < s->n_frames; i++)
        need(m, m->t->snap_frames[s->first_frame + i].func);
    for (int i = 0; i < s->n_slots; i++)
        need(m, m->t->snap_slots[s->first_slot + i].ref);
}

/* Room for the marks of n uops, kept for the next trace. 0: no memory. */
static int have_room(Marking *m, int32_t n)
{
    static uint8_t *needed;
    static Ref *work;
    static int32_t cap;
    if (n > cap) {
        free(needed);
        free(work);
        cap = 2 * n;
        needed = malloc((size_t)cap);
        work = malloc(sizeof *work * (size_t)cap);
        if (!needed || !work)
            cap = 0;
    }
    m->needed = needed;
    m->work = work;
    return n <= cap;
}

void opt_dce(Trace *t)
{
    Marking m = {.t = t, .at = t->n_uops, .snap = -1};
    if (!have_room(&m, t->n_uops))
        return;
    memset(m.needed, 0, (size_t)t->n_uops);
    for (int i = 0; i < t->n_link_args; i++)
        need(&m, t->link_args[i]);
    for (m.at = t->n_uops - 1; m.at >= 0; m.at--) {
        Uop *u = &t->uops[m.at];
        if (!m.needed[m.at] && removable(u))
            continue;
        m.needed[m.at] = 1;
        need_operands(&m, u);
        while (m.n)
            need_operands(&m, &t->uops[m.work[--m.n]]);
    }
    for (int i = 0; i < t->n_uops; i++)
        t->uops[i].dead = !m.needed[i] && (!(uop_info[t->uops[i].op].effects & EFFECT_META) || is_phi(&t->uops[i]));
}
