/* opcodes.c: CPython's own tables, of which this file has a private copy (the header defines them where it is asked to). */
#define Py_BUILD_CORE 1
#include <Python.h>
#define NEED_OPCODE_METADATA
#define _PyOpcode_opcode_metadata copypatch_opcode_metadata
#define _PyOpcode_macro_expansion copypatch_macro_expansion
#define _PyOpcode_OpName copypatch_opcode_names
#define _PyOpcode_Caches copypatch_opcode_caches
#define _PyOpcode_Deopt copypatch_opcode_deopt
#include "internal/pycore_opcode_metadata.h"
#include "interp.h"
#include "opcodes.h"

#ifdef NB_SUBSCR
#define SUBSCRIPT NB_SUBSCR
#else
#define SUBSCRIPT (-1)
#endif

int cpy_base_op(int op) { return copypatch_opcode_deopt[op]; }

Instruction cpy_fetch(const uint8_t *units, int unit)
{
    int op = units[unit * 2], arg = units[unit * 2 + 1];
    while (op == EXTENDED_ARG) {
        unit++;
        op = units[unit * 2];
        arg = arg << 8 | units[unit * 2 + 1];
    }
    Instruction i = {op, arg, unit, unit + 1 + copypatch_opcode_caches[op], 0};
    switch (op) {
    case BINARY_OP:
        if (arg == SUBSCRIPT)
            i.op = BINARY_SUBSCR;
        break;
    case LOAD_CONST:
        i.lends = CONSTANTS_ARE_LENT;
        break;
#ifdef NOT_TAKEN
    case NOT_TAKEN:
        i.op = NOP;
        break;
#endif
#ifdef LOAD_FAST_BORROW
    case LOAD_FAST_BORROW:
        i.op = LOAD_FAST;
        i.lends = 1;
        break;
    case LOAD_FAST_BORROW_LOAD_FAST_BORROW:
        i.op = LOAD_FAST_LOAD_FAST;
        i.lends = 1;
        break;
#endif
    }
    return i;
}

int32_t cpy_jump_target(Instruction i)
{
    if (i.op >= 256 || !(copypatch_opcode_metadata[i.op].flags & HAS_JUMP_FLAG))
        return -1;
    return i.op == JUMP_BACKWARD || i.op == JUMP_BACKWARD_NO_INTERRUPT ? i.next - i.arg : i.next + i.arg;
}

int cpy_falls_through(int op)
{
    switch (op) {
    case JUMP_FORWARD: case JUMP_BACKWARD: case JUMP_BACKWARD_NO_INTERRUPT:
    case RETURN_VALUE: case RETURN_CONST: case RAISE_VARARGS: case RERAISE:
        return 0;
    default:
        return 1;
    }
}

/* The table: entries of varints, start size target depth_lasti; the first byte of an entry has bit 7. */
static const uint8_t *varint(const uint8_t *p, int *value)
{
    int v = *p & 63;
    while (*p & 64)
        v = v << 6 | (*++p & 63);
    *value = v;
    return p + 1;
}

int cpy_exception_entry(PyCodeObject *code, int *at, ExceptionEntry *e)
{
    const uint8_t *table = (const uint8_t *)PyBytes_AS_STRING(code->co_exceptiontable), *p = table + *at;
    if (*at >= PyBytes_GET_SIZE(code->co_exceptiontable))
        return 0;
    int size, depth_lasti;
    p = varint(p, &e->start);
    p = varint(p, &size);
    p = varint(p, &e->target);
    p = varint(p, &depth_lasti);
    e->end = e->start + size;
    e->depth = depth_lasti >> 1;
    e->lasti = depth_lasti & 1;
    *at = (int)(p - table);
    return 1;
}

int cpy_find_handler(PyCodeObject *code, int unit, ExceptionEntry *e)
{
    for (int at = 0; cpy_exception_entry(code, &at, e);)
        if (unit >= e->start && unit < e->end)
            return 1;
    return 0;
}

const char *cpy_opcode_name(int op)
{
    if (op == BINARY_SUBSCR)
        return "BINARY_SUBSCR";
    return op >= 0 && op < 256 && copypatch_opcode_names[op] ? copypatch_opcode_names[op] : "?";
}

PyObject *cpy_common_constant(int i)
{
#ifdef LOAD_COMMON_CONSTANT
    return i >= 0 && i < NUM_COMMON_CONSTANTS ? (*CPY_INTERP(PyInterpreterState_Get(), common_consts))[i] : NULL;
#else
    (void)i;
    return NULL;
#endif
}
