/* call.c: callable and arguments -> result, the references released when and in the order in which the interpreter does it.
 *
 * The interpreter moves callable and arguments of a call of a Python function into the callee's frame: what the callee lets go of dies there
 * and then, as nobody else has it. Those of any other call are released behind it, in an order that its specialized instructions say;
 * where these differ from the plain one it is they that run, from the third execution on. */
#include "call.h"
#include <string.h>

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

static void release(PyObject *const *args, size_t n)
{
    for (size_t i = 0; i < n; i++)
        Py_DECREF(args[i]);
}

/* A function that is_inlined(). */
static PyObject *call_function(PyThreadState *ts, PyFunctionObject *func, PyObject *const *args, size_t n)
{
    PyObject *locals = ((PyCodeObject *)func->func_code)->co_flags & CO_OPTIMIZED ? NULL : Py_NewRef(func->func_globals);
    Frame *frame = _PyEvalFramePushAndInit(ts, func, locals, args, n, NULL);
    return frame ? _PyEval_EvalFrameDefault(ts, frame, 0) : NULL;
}

/* CALL_BUILTIN_O, _FAST, _FAST_WITH_KEYWORDS and _CLASS, CALL_METHOD_DESCRIPTOR_*: the arguments go first. */
static int goes_last(PyObject *callable)
{
    if (PyCFunction_CheckExact(callable)) {
        int flags = PyCFunction_GET_FLAGS(callable) & (METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD);
        return flags == METH_O || flags == METH_FASTCALL || flags == (METH_FASTCALL | METH_KEYWORDS);
    }
    return PyType_Check(callable) ? ((PyTypeObject *)callable)->tp_vectorcall != NULL : Py_IS_TYPE(callable, &PyMethodDescr_Type);
}

/* An exception in CALL_ISINSTANCE finds the operands on the stack. */
static int leaves_operands(PyObject *callable, size_t n)
{
    return n == 2 && PyCFunction_CheckExact(callable) && strcmp(((PyCFunctionObject *)callable)->m_ml->ml_name, "isinstance") == 0 &&
           PyCFunction_GET_SELF(callable) && PyModule_Check(PyCFunction_GET_SELF(callable));
}

PyObject *cpy_call(PyThreadState *ts, PyObject *callable, PyObject **args, size_t n)
{
    if (Py_IS_TYPE(callable, &PyMethod_Type)) {     /* taken apart, so that function and self are the frame's */
        PyObject *method = callable;
        callable = Py_NewRef(PyMethod_GET_FUNCTION(method));
        *--args = Py_NewRef(PyMethod_GET_SELF(method));
        n++;
        Py_DECREF(method);
        if (!PyFunction_Check(callable) || !is_inlined(ts, (PyFunctionObject *)callable)) {
            PyObject *result = PyObject_Vectorcall(callable, args, n, NULL);
            Py_DECREF(callable);
            release(args, n);
            return result;
        }
    }
    if (PyFunction_Check(callable) && is_inlined(ts, (PyFunctionObject *)callable))
        return call_function(ts, (PyFunctionObject *)callable, args, n);
    PyObject *result = PyObject_Vectorcall(callable, args, n | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    if (goes_last(callable)) {
        if (!result && leaves_operands(callable, n))
            Py_DECREF(args[--n]);
        release(args, n);
        Py_DECREF(callable);
    } else {
        Py_DECREF(callable);
        release(args, n);
    }
    return result;
}

/* The __getitem__ that BINARY_SUBSCR_GETITEM calls; borrowed, NULL: the type's slot is asked. */
static PyFunctionObject *inlined_getitem(PyThreadState *ts, PyTypeObject *type)
{
    static PyObject *name;      /* interned */
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || (!name && !(name = PyUnicode_InternFromString("__getitem__")))) {
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
    PyObject *args[] = {container, sub};
    PyFunctionObject *getitem = inlined_getitem(ts, Py_TYPE(container));
    if (getitem)
        return call_function(ts, (PyFunctionObject *)Py_NewRef(getitem), args, 2);
    PyObject *result = PyObject_GetItem(container, sub);
    release(args, 2);
    return result;
}
