/* Operators whose operands' classes say in Python what they do: what there is besides the call of the method. */
#pragma once
#include "cpy.h"

typedef PyObject *(*Binary)(PyObject *, PyObject *);

/* Its methods' names, and what a method's operands, self first, come to when it gives NotImplemented and nobody else is to be asked: they
 * raise TypeError. [1]: of the reflected method. */
typedef struct { const char *name, *reflected, *in_place; Binary fall_back[2], in_place_fall_back[2]; } Operator;
const Operator *cpy_operator(int arg);      /* of BINARY_OP; NULL: it has none */

/* An instruction that calls such a method has so many operands on the stack, and lets them go in this order. */
int cpy_operands(int opcode);
int cpy_operator_releases(int opcode, int raised);

/* The same of a comparison (Py_LT ...): the other operand's method, then identity or TypeError. */
Binary cpy_compare_on(int op);

/* The method of the operands, on the stack in this order, has given the result, which is consumed: what the instruction pushes. New
 * reference, or NULL with an exception. The operands stay. May run arbitrary code. */
PyObject *cpy_operator_result(int opcode, int arg, PyObject *left, PyObject *right, PyObject *result);
