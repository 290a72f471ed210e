/* dce.c: uops -> the same, those marked dead that nothing needs.
 *
 * requires: a complete trace. keeps: order and refs. breaks: nothing.
 * A uop is needed if it has an effect, or can leave for a reason a program can see, or if something needed uses it; PHIs make that a
 * graph, so a work list, not one backward sweep. A uop that only leaves when its own result would not fit (ADD_INT) goes with its
 * result; one that leaves where Python would raise (LIST_ITEM, FLOORDIV_INT) stays. */
#include "optimize.h"

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

static int removable(const Uop *u)
{
    const UopInfo *info = &uop_info[u->op];
    if (u->op == UOP_PHI_OBJ || u->op == UOP_PHI_INT || u->op == UOP_PHI_FLOAT || u->op == UOP_LOAD_SLOT)
        return 1;
    if (info->effects & EFFECT_SUNK)
        return 1;
    if (info->result == KIND_NONE || !(info->effects & (EFFECT_PURE | EFFECT_READ)))
        return 0;
    return info->exit == EXIT_NONE || leaves_for_itself_only(u->op);
}

typedef struct { Trace *t; uint8_t *needed; Ref *work; int n; } Marking;

static void need(void *arg, Ref ref)
{
    Marking *m = arg;
    if (ref == REF_NONE || IS_CONST(ref) || m->needed[ref])
        return;
    m->needed[ref] = 1;
    m->work[m->n++] = ref;
}

static void need_snapshot(Marking *m, int32_t snap)
{
    const Snapshot *s = &m->t->snaps[snap];
    for (int i = 0; i < s->n_frames; i++)
        need(m, m->t->snap_frames[s->first_frame + i].func);
    for (int i = 0; i < s->n_slots; i++)
        need(m, m->t->snap_slots[s->first_slot + i].ref);
}

void opt_dce(Trace *t)
{
    Marking m = {t, PyMem_RawCalloc(t->n_uops, 1), PyMem_RawMalloc(sizeof(Ref) * t->n_uops), 0};
    if (m.needed && m.work) {
        for (int i = 0; i < t->n_uops; i++)
            if (!removable(&t->uops[i]))
                need(&m, i);
        for (int i = 0; i < t->n_link_args; i++)
            need(&m, t->link_args[i]);
        while (m.n) {
            const Uop *u = &t->uops[m.work[--m.n]];
            need(&m, u->a);
            need(&m, u->b);
            need(&m, u->c);
            if (u->snap >= 0)
                need_snapshot(&m, u->snap);
        }
        for (int i = 0; i < t->n_uops; i++)
            t->uops[i].dead = !m.needed[i] && (uop_info[t->uops[i].op].effects & EFFECT_META) == 0;
        for (int i = t->loop + 1; t->loop != REF_NONE && i < t->n_uops; i++)
            if (!m.needed[i] && (t->uops[i].op == UOP_PHI_INT || t->uops[i].op == UOP_PHI_FLOAT || t->uops[i].op == UOP_PHI_OBJ))
                t->uops[i].dead = 1;
    }
    PyMem_RawFree(m.needed);
    PyMem_RawFree(m.work);
}
