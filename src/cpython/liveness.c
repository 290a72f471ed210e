/* liveness.c: base bytecode -> is a variable read before it is written?
 *
 * Each instruction is visited once. Where there are more than fit into the table, or an instruction is not understood, the answer is yes.
 * Every exception handler of the code counts as reachable: what is raised where is not looked at. */
#include "liveness.h"
#include "opcodes.h"

#define MAX_UNITS 2048

typedef struct {
    const uint8_t *units;
    int32_t n_units, todo[MAX_UNITS];
    int n_todo;
    uint8_t seen[MAX_UNITS];
} Walk;

static void visit(Walk *w, int32_t unit)
{
    if (unit < 0 || unit >= w->n_units || w->seen[unit])
        return;
    w->seen[unit] = 1;
    w->todo[w->n_todo++] = unit;
}

static void visit_handlers(Walk *w, PyCodeObject *code)
{
    ExceptionEntry e;
    for (int at = 0; cpy_exception_entry(code, &at, &e);)
        visit(w, e.target);
}

enum { NEITHER, READS, WRITES };

static int effect(Instruction i, int local)
{
    switch (i.op) {
    case LOAD_FAST: case LOAD_FAST_CHECK: case LOAD_FAST_AND_CLEAR:
        return i.arg == local ? READS : NEITHER;
    case LOAD_FAST_LOAD_FAST:
        return i.arg >> 4 == local || (i.arg & 15) == local ? READS : NEITHER;
    case STORE_FAST_LOAD_FAST:
        return i.arg >> 4 == local ? WRITES : (i.arg & 15) == local ? READS : NEITHER;
    case STORE_FAST: case DELETE_FAST:
        return i.arg == local ? WRITES : NEITHER;
    case STORE_FAST_STORE_FAST:
        return i.arg >> 4 == local || (i.arg & 15) == local ? WRITES : NEITHER;
    case LOAD_DEREF: case STORE_DEREF: case DELETE_DEREF: case MAKE_CELL:
        return i.arg == local ? READS : NEITHER;
    default:
        return NEITHER;
    }
}

int liveness_is_read(const CodeInfo *info, int32_t unit, int i)
{
    static Walk w;      /* with the GIL, and nothing is called that lets go of it */
    w.units = info->units;
    w.n_units = (int32_t)(PyBytes_GET_SIZE(info->bytes) / 2);
    if (w.n_units > MAX_UNITS)
        return 1;
    w.n_todo = 0;
    memset(w.seen, 0, (size_t)w.n_units);
    visit(&w, unit);
    visit_handlers(&w, info->code);
    while (w.n_todo) {
        Instruction in = cpy_fetch(w.units, w.todo[--w.n_todo]);
        int what = effect(in, i);
        if (what == READS)
            return 1;
        if (what == WRITES)
            continue;
        int32_t target = cpy_jump_target(in);
        if (target >= 0)
            visit(&w, target);
        if (cpy_falls_through(in.op))
            visit(&w, in.next);
    }
    return 0;
}
