/* Bytecode as data: one set of operations for all versions.
 *
 * They have CPython's names, and its numbers in the version that this is compiled for; those that it lacks have numbers of ours, above 255,
 * so that a switch over them compiles. cpy_fetch() reads an instruction, and gives what a later version spells differently the name that it
 * had before. */
#pragma once
#include "cpy.h"

enum {
    OF_ANOTHER_VERSION = 256,
#ifndef BINARY_SUBSCR
    BINARY_SUBSCR,              /* 3.14: BINARY_OP with an argument of its own */
#endif
#ifndef BUILD_CONST_KEY_MAP
    BUILD_CONST_KEY_MAP,
#endif
#ifndef RETURN_CONST
    RETURN_CONST,
#endif
#ifndef LOAD_SMALL_INT
    LOAD_SMALL_INT,
#endif
#ifndef LOAD_COMMON_CONSTANT
    LOAD_COMMON_CONSTANT,
#endif
#ifndef LOAD_ASSERTION_ERROR
    LOAD_ASSERTION_ERROR,
#endif
#ifndef BEFORE_WITH
    BEFORE_WITH,
#endif
#ifndef BEFORE_ASYNC_WITH
    BEFORE_ASYNC_WITH,
#endif
#ifndef LOAD_SPECIAL
    LOAD_SPECIAL,
#endif
#ifndef POP_ITER
    POP_ITER,
#endif
#ifndef BUILD_TEMPLATE
    BUILD_TEMPLATE,
    BUILD_INTERPOLATION,
#endif
#ifndef GET_YIELD_FROM_ITER
    GET_YIELD_FROM_ITER,        /* 3.15: GET_ITER with an argument */
#endif
};
#define GET_ITER_TO_YIELD_FROM 3

typedef struct {
    int op, arg;        /* prefixes included */
    int at;             /* code unit of the instruction itself, behind its EXTENDED_ARGs */
    int next;           /* code unit behind it and its cache entries */
    int lends;          /* what it pushes stays a local's: the stack owns no reference (LOAD_FAST_BORROW, from 3.14 on) */
} Instruction;

/* The instruction at a code unit of base bytecode (opcode, argument pairs), which may be its first prefix. */
Instruction cpy_fetch(const uint8_t *units, int unit);

/* What an opcode was before it was specialized. */
int cpy_base_op(int op);

/* Where it may jump to; -1: nowhere. */
int32_t cpy_jump_target(Instruction i);
/* The instruction behind it may be next. */
int cpy_falls_through(int op);

/* An entry of a code object's exception table: code units start to end (not included) are handled at `target`, with so many values left on
 * the operand stack; lasti: above them the number of the unit. */
typedef struct { int start, end, target, depth, lasti; } ExceptionEntry;
/* The entry at *at, which is moved on; 0: there is none any more. */
int cpy_exception_entry(PyCodeObject *code, int *at, ExceptionEntry *e);
/* The entry for what is raised at `unit`. 0: there is none. */
int cpy_find_handler(PyCodeObject *code, int unit, ExceptionEntry *e);

/* Name of an operation. */
const char *cpy_opcode_name(int op);

/* What LOAD_COMMON_CONSTANT loads; borrowed, NULL: unknown. */
PyObject *cpy_common_constant(int i);
