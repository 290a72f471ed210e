/* depth.c: base bytecode -> values on the operand stack before an instruction
 *
 * The interpreter of 3.13 keeps its stack pointer in a register while it calls C. What it has there depends on the instruction alone. */
#include "depth.h"
#include "opcodes.h"

#define MAX_UNITS 4096
enum { NOT_SEEN = -1 };

typedef struct {
    int32_t n_units, todo[MAX_UNITS];
    int n_todo;
    int16_t depth[MAX_UNITS];
} Walk;

static void visit(Walk *w, int32_t unit, int depth)
{
    if (unit < 0 || unit >= w->n_units || w->depth[unit] != NOT_SEEN)
        return;
    w->depth[unit] = (int16_t)depth;
    w->todo[w->n_todo++] = unit;
}

int depth_before(const CodeInfo *info, int32_t unit)
{
    static Walk w;      /* with the GIL, and nothing is called that lets go of it */
    ExceptionEntry e;
    w.n_units = (int32_t)(PyBytes_GET_SIZE(info->bytes) / 2);
    if (w.n_units > MAX_UNITS)
        return -1;
    w.n_todo = 0;
    for (int i = 0; i < w.n_units; i++)
        w.depth[i] = NOT_SEEN;
    visit(&w, 0, 0);
    for (int at = 0; cpy_exception_entry(info->code, &at, &e);)
        visit(&w, e.target, e.depth + e.lasti + 1);
    while (w.n_todo) {
        int32_t from = w.todo[--w.n_todo], depth = w.depth[from];
        int op = info->units[2 * from], arg = info->units[2 * from + 1];
        Instruction in = cpy_fetch(info->units, from);
        if (in.at == unit || from == unit)
            return depth;
        for (int32_t k = from; op == EXTENDED_ARG; arg = in.arg)
            op = info->units[2 * ++k];
        if (cpy_jump_target(in) >= 0)
            visit(&w, cpy_jump_target(in), depth + PyCompile_OpcodeStackEffectWithJump(op, arg, 1));
        if (cpy_falls_through(in.op))
            visit(&w, in.next, depth + PyCompile_OpcodeStackEffectWithJump(op, arg, 0));
    }
    return -1;
}
