/* What loops go over. Iterators over dicts and sets and backwards over lists: what they hold, of which CPython tells nobody. */
#pragma once
#include "cpy.h"

/* A for loop goes over the object itself, and GET_ITER leaves the index that comes next beside it (3.15). */
static inline int cpy_iterates_by_index(PyTypeObject *type)
{
    return ITER_SLOTS > 1 && (type == &PyList_Type || type == &PyTuple_Type || type == &PyUnicode_Type || type == &PyBytes_Type);
}

/* 1 when the iterator is of a type known here. */
int cpy_has_quiet_next(PyTypeObject *type);
/* The next value; new reference. NULL without an exception, nothing done: at its end, when the container has changed, when memory runs out,
 * and when taking a step would release something whose death may run code. Runs no Python code. */
PyObject *cpy_quiet_next(PyObject *it);
/* The same question without the step. */
int cpy_is_quiet(PyObject *it);
/* An iterator over a str or bytes, not at its end: what it goes over; borrowed. */
int cpy_holds_text(PyTypeObject *type);
PyObject *cpy_text_of(PyObject *it);
/* NULL when live iterators are laid out as expected here, else what is not. */
const char *cpy_odd_iterator(void);
