/* Calls as the interpreter makes them: who gets the references, and in what order they are released. */
#pragma once
#include "cpy.h"

/* func(*args) by the interpreter: func and the arguments are consumed, they are the callee's frame's. New reference, or NULL with an exception. */
PyObject *cpy_call_function(PyThreadState *ts, PyFunctionObject *func, PyObject *const *args, size_t n);

/* callable(*args), which are consumed. New reference, or NULL with an exception. args[-1] may be used meanwhile. */
PyObject *cpy_vectorcall(PyObject *callable, PyObject **args, size_t n);

/* container[sub], which are consumed; a __getitem__ in Python gets them. New reference, or NULL with an exception. */
PyObject *cpy_subscr(PyThreadState *ts, PyObject *container, PyObject *sub);
