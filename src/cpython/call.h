/* Calls as the interpreter makes them: who gets the references, and in what order they are released. */
#pragma once
#include "cpy.h"

/* Calls a plain function (function.h) in native code, if it has some: 1, func and the arguments are consumed, *result is a new reference or
 * NULL with an exception. 0: nothing has happened. Set once by who has native code; NULL: nobody. */
extern int (*cpy_call_natively)(PyThreadState *ts, PyFunctionObject *func, PyObject *const *args, size_t n, PyObject *names,
                                PyObject **result);
/* The interpreter enters it without a call of C. */
int cpy_is_inlined(PyThreadState *ts, PyFunctionObject *func);

/* Calls a plain function in the interpreter; func and arguments are consumed. The last of the n arguments by name, a tuple of str
 * (borrowed) or NULL. */
PyObject *cpy_call_in_frame(PyThreadState *ts, PyFunctionObject *func, PyObject **args, size_t n, PyObject *names);

/* callable(*args), which are consumed: the frame of a Python function gets them. New reference, or NULL with an exception. args[-1] is used
 * meanwhile. */
PyObject *cpy_call(PyThreadState *ts, PyObject *callable, PyObject **args, size_t n);
/* callable(*args) that runs no code of Python's: everything is borrowed. */
PyObject *cpy_call_leaf(PyThreadState *ts, PyObject *callable, PyObject **args, size_t n);

/* As cpy_call(), the last of the n arguments by name, a tuple of str (borrowed). */
PyObject *cpy_call_kw(PyObject *callable, PyObject **args, size_t n, PyObject *names);

/* Where the property that instances of the type have under the name keeps its getter, if that is a function which LOAD_ATTR enters by
 * itself, handing the owner over; NULL: anything else. No exception. */
PyObject **cpy_getter(PyTypeObject *type, PyObject *name);

/* callable(*tuple, **dict), all consumed as CALL_FUNCTION_EX does; dict may be NULL. New reference, or NULL with an exception. */
PyObject *cpy_call_tuple(PyObject *callable, PyObject *tuple, PyObject *dict);

/* The function that a class has under the name of a special method (interned), and that its slot therefore calls; borrowed, NULL: it has
 * another thing there, or nothing. While the class has its version this stays so. No exception. */
PyFunctionObject *cpy_special(PyThreadState *ts, PyTypeObject *type, PyObject *name);

/* The function that initializes the instances of a class, which object.__new__() makes; borrowed, NULL: they are made in another way. While
 * the class has its version this stays so. */
PyFunctionObject *cpy_init(PyThreadState *ts, PyObject *callable);
int cpy_check_init(PyObject *result);       /* what it has returned is None: 0; else -1 with an exception */
int cpy_check_bool(PyObject *result, PyObject *self);       /* what self.__bool__() has returned: 0, 1; -1 with an exception */

/* The __init__ that CALL_ALLOC_AND_ENTER_INIT enters for n arguments; borrowed, NULL: the callable is called as any other is. While the
 * class has its version this stays so. */
PyFunctionObject *cpy_entered_init(PyThreadState *ts, PyObject *callable, size_t n);

/* The __getitem__ that BINARY_SUBSCR_GETITEM enters; borrowed, NULL: the type's slot is asked. While the class has its version this stays
 * so. */
PyFunctionObject *cpy_entered_getitem(PyThreadState *ts, PyTypeObject *type);

/* container[sub], which are consumed; a __getitem__ in Python gets them. New reference, or NULL with an exception. */
PyObject *cpy_subscr(PyThreadState *ts, PyObject *container, PyObject *sub);
