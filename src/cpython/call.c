/* call.c: callable and arguments -> result, the references released when and in the order in which the interpreter does it.
 *
 * The interpreter moves callable and arguments of a call of a Python function into the callee's frame: what the callee lets go of dies there
 * and then, as nobody else has it. Those of any other call are released behind it, in an order that its specialized instructions say;
 * where these differ from the plain one it is they that run, from the third execution on. */
#include "call.h"
#include <string.h>

#define APART __attribute__((noinline))         /* who comes this way does not pay for the registers that others need */

/* What a function's vectorcall is until somebody changes it. NULL when memory runs out. */
static vectorcallfunc plain_vectorcall(void)
{
    static vectorcallfunc plain;
    if (plain)
        return plain;
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *code = (PyObject *)PyCode_NewEmpty("", "", 0), *globals = PyDict_New(), *func = code && globals ? PyFunction_New(code, globals) : NULL;
    if (func)
        plain = ((PyFunctionObject *)func)->vectorcall;
    Py_XDECREF(func);
    Py_XDECREF(globals);
    Py_XDECREF(code);
    PyErr_SetRaisedException(raised);
    return plain;
}

static int is_inlined(PyThreadState *ts, PyFunctionObject *func)
{
    return func->vectorcall == plain_vectorcall() && _PyInterpreterState_GetEvalFrameFunc(ts->interp) == _PyEval_EvalFrameDefault;
}

/* Of the arguments and, before or behind them, the callable. */
static void release(PyObject *callable, int first, PyObject *const *args, size_t n)
{
    if (first)
        Py_DECREF(callable);
    for (size_t i = 0; i < n; i++)
        Py_DECREF(args[RELEASES_ARGUMENTS == UP ? i : n - 1 - i]);
    if (!first)
        Py_DECREF(callable);
}

/* A function that is_inlined(). */
static PyObject *call_function(PyThreadState *ts, PyFunctionObject *func, PyObject **args, size_t n, PyObject *names)
{
    PyObject *locals = ((PyCodeObject *)func->func_code)->co_flags & CO_OPTIMIZED ? NULL : Py_NewRef(func->func_globals);
    Frame *frame = FRAME_FOR_CALL(ts, func, locals, args, n, names);
    return frame ? _PyEval_EvalFrameDefault(ts, frame, 0) : NULL;
}

/* CALL_BUILTIN_O, _FAST and _FAST_WITH_KEYWORDS. */
static int is_fast(PyObject *builtin)
{
    int flags = PyCFunction_GET_FLAGS(builtin);
    return flags == METH_O || (flags & ~METH_KEYWORDS) == METH_FASTCALL;
}

/* An exception in CALL_ISINSTANCE finds the operands on the stack: the last goes first. */
static int leaves_operands(PyObject *builtin, size_t n)
{
    return n == 2 && strcmp(((PyCFunctionObject *)builtin)->m_ml->ml_name, "isinstance") == 0 && PyCFunction_GET_SELF(builtin) &&
           PyModule_Check(PyCFunction_GET_SELF(builtin));
}

APART static PyObject *call_builtin(PyObject *builtin, PyObject **args, size_t n)
{
    PyObject *result = ((PyCFunctionObject *)builtin)->vectorcall ? ((PyCFunctionObject *)builtin)->vectorcall(builtin, args, n | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL)
                                                                  : PyObject_Vectorcall(builtin, args, n | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    int first = RELEASES_CALLABLE_FIRST(is_fast(builtin), PyCFunction_GET_FLAGS(builtin) == METH_O, !result);
    if (!first && !result && leaves_operands(builtin, n) && RELEASES_ARGUMENTS == UP)
        Py_DECREF(args[--n]);
    release(builtin, first, args, n);
    return result;
}

/* CALL_METHOD_DESCRIPTOR_* */
APART static PyObject *call_descriptor(PyObject *descriptor, PyObject **args, size_t n)
{
    PyObject *result = ((PyMethodDescrObject *)descriptor)->vectorcall(descriptor, args, n | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    release(descriptor, 0, args, n);
    return result;
}

/* CALL, CALL_NON_PY_GENERAL, CALL_KW. bound: self is the first argument, with no place before it that the callee might use. */
APART static PyObject *call_general(PyObject *callable, PyObject **args, size_t n, PyObject *names, int bound)
{
    size_t positional = n - (names ? (size_t)PyTuple_GET_SIZE(names) : 0);
    PyObject *result = PyObject_Vectorcall(callable, args, positional | (bound ? 0 : PY_VECTORCALL_ARGUMENTS_OFFSET), names);
    int is_class = !names && !bound && PyType_Check(callable) && ((PyTypeObject *)callable)->tp_vectorcall;     /* CALL_BUILTIN_CLASS */
    release(callable, RELEASES_CALLABLE_FIRST(is_class, is_class, !result), args, n);
    return result;
}

/* A function, or a method that is none of C's; or any other callable. */
APART static PyObject *call_python(PyObject *callable, PyObject **args, size_t n, PyObject *names)
{
    int bound = Py_IS_TYPE(callable, &PyMethod_Type);
    if (bound) {        /* taken apart, so that function and self are the frame's */
        PyObject *method = callable;
        callable = Py_NewRef(PyMethod_GET_FUNCTION(method));
        *--args = Py_NewRef(PyMethod_GET_SELF(method));
        n++;
        Py_DECREF(method);
    }
    if (PyFunction_Check(callable)) {
        PyThreadState *ts = PyThreadState_Get();
        if (is_inlined(ts, (PyFunctionObject *)callable))
            return call_function(ts, (PyFunctionObject *)callable, args, n, names);
    }
    return call_general(callable, args, n, names, bound);
}

PyObject *cpy_call_kw(PyObject *callable, PyObject **args, size_t n, PyObject *names) { return call_python(callable, args, n, names); }

PyObject *cpy_call(PyObject *callable, PyObject **args, size_t n)
{
    PyTypeObject *type = Py_TYPE(callable);
    if (type == &PyCFunction_Type)
        return call_builtin(callable, args, n);
    if (type == &PyMethodDescr_Type && ((PyMethodDescrObject *)callable)->vectorcall)
        return call_descriptor(callable, args, n);
    if (type == &PyCMethod_Type)        /* of a class of an extension */
        return call_general(callable, args, n, NULL, 0);
    return call_python(callable, args, n, NULL);
}

/* The __getitem__ that BINARY_SUBSCR_GETITEM calls; borrowed, NULL: the type's slot is asked. */
static PyFunctionObject *inlined_getitem(PyThreadState *ts, PyTypeObject *type)
{
    static PyObject *name;      /* interned */
    if (!name && !(name = PyUnicode_InternFromString("__getitem__"))) {
        PyErr_Clear();
        return NULL;
    }
    PyObject *found = _PyType_Lookup(type, name);
    if (!found || !PyFunction_Check(found) || !is_inlined(ts, (PyFunctionObject *)found))
        return NULL;
    PyCodeObject *code = (PyCodeObject *)((PyFunctionObject *)found)->func_code;
    int simple = (code->co_flags & (CO_VARKEYWORDS | CO_VARARGS | CO_OPTIMIZED)) == CO_OPTIMIZED && !code->co_kwonlyargcount;
    return simple && code->co_argcount == 2 ? (PyFunctionObject *)found : NULL;
}

PyObject *cpy_subscr(PyThreadState *ts, PyObject *container, PyObject *sub)
{
    PyTypeObject *type = Py_TYPE(container);
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) {
        PyFunctionObject *getitem = inlined_getitem(ts, type);
        PyObject *args[] = {container, sub};
        if (getitem)
            return call_function(ts, (PyFunctionObject *)Py_NewRef(getitem), args, 2, NULL);
    }
    PyMappingMethods *m = type->tp_as_mapping;
    PyObject *result = m && m->mp_subscript ? m->mp_subscript(container, sub) : PyObject_GetItem(container, sub);
    int up = RELEASES_SUBSCR(container, sub, !result) == UP;
    Py_DECREF(up ? container : sub);
    Py_DECREF(up ? sub : container);
    return result;
}
