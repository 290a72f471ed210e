/* Which C functions run no Python code: src/record/leaves.def, asked by operation and exact types. All pure. */
#pragma once
#include "../cpython/cpy.h"

/* What a LEAF may call: the operation's function in the object protocol. */
int leaf_binary(int op, PyTypeObject *left, PyTypeObject *right);       /* NB_ADD.., the plain ones: PyNumber_Add() and its like */
int leaf_unary(int op, PyTypeObject *type);             /* UNARY_NEGATIVE, UNARY_INVERT */
int leaf_compare(PyTypeObject *left, PyTypeObject *right);              /* PyObject_RichCompare() */
int leaf_truth(PyTypeObject *type);                     /* PyObject_IsTrue() */
int leaf_subscript(PyTypeObject *type, PyTypeObject *index);            /* PyObject_GetItem() */
int leaf_contains(PyTypeObject *type, PyTypeObject *item);              /* PySequence_Contains() */
int leaf_iter(PyTypeObject *type);                      /* PyObject_GetIter() */
int leaf_next(PyTypeObject *type);                      /* its tp_iternext */
int leaf_repr(PyTypeObject *type);                      /* its tp_repr, called directly: PyObject_Repr() and PyObject_Str() poll for
                                                         * signals */
int leaf_is_from(PyCFunctionObject *fn, const char *module);    /* the interpreter's own module of that name: another may have its name, or
                                                                 * be told so */
/* The vectorcall of a builtin function, of a method of a builtin type or of such a type, with n arguments, self included. */
int leaf_call(PyObject *callable, int n, PyTypeObject *const *types);
