/* call.c: callable and arguments -> result, the references released when and in the order in which the interpreter does it.
 *
 * The interpreter moves callable and arguments of a call of a Python function into the callee's frame: what the callee lets go of dies
 * there and then, as nobody else has it. Those of any other call are released behind it, in an order that its specialized instructions say;
 * where these differ from the plain one it is they that run, from the third execution on. */
#include "call.h"
#include "attributes.h"
#include "frame.h"
#include "function.h"
#include "general.h"
#include <pycore_call.h>
#include <pycore_descrobject.h>
#include <string.h>

#define APART __attribute__((noinline))         /* who comes this way does not pay for the registers that others need */

int cpy_is_inlined(PyThreadState *ts, PyFunctionObject *func)
{
    return cpy_is_plain(func) && _PyInterpreterState_GetEvalFrameFunc(ts->interp) == _PyEval_EvalFrameDefault;
}

/* Of the arguments and, before or behind them, the callable. */
static inline void release(PyObject *callable, int first, PyObject *const *args, size_t n)
{
    if (first)
        Py_DECREF(callable);
    if (RELEASES_ARGUMENTS == UP)
        for (PyObject *const *end = args + n; args < end; args++)
            Py_DECREF(*args);
    else
        for (PyObject *const *end = args + n; end > args;)
            Py_DECREF(*--end);
    if (!first)
        Py_DECREF(callable);
}

int (*cpy_call_natively)(PyThreadState *ts, PyFunctionObject *func, PyObject *const *args, size_t n, PyObject *names, PyObject **result);

PyObject *cpy_call_in_frame(PyThreadState *ts, PyFunctionObject *func, PyObject **args, size_t n, PyObject *names)
{
    PyObject *locals = ((PyCodeObject *)func->func_code)->co_flags & CO_OPTIMIZED ? NULL : Py_NewRef(func->func_globals);
    Frame *frame = FRAME_FOR_CALL(ts, func, locals, args, n, names);
    return frame ? cpy_run_frame(ts, frame) : NULL;
}

/* A function that cpy_is_inlined(). */
static PyObject *call_function(PyThreadState *ts, PyFunctionObject *func, PyObject **args, size_t n, PyObject *names)
{
    PyObject *result;
    return cpy_call_natively && cpy_call_natively(ts, func, args, n, names, &result) ? result : cpy_call_in_frame(ts, func, args, n, names);
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

/* A C function, as the specialized instructions call it, by its flags. 0: it is called in another way. */
static inline int call_directly(PyThreadState *ts, const PyMethodDef *def, PyObject *self, PyObject **args, size_t n, PyObject **result)
{
    union { PyCFunction plain; PyCFunctionFast fast; PyCFunctionFastWithKeywords fast_with_names; } f = {.plain = def->ml_meth};
    switch (def->ml_flags) {
    case METH_FASTCALL:
        *result = f.fast(self, args, (Py_ssize_t)n);
        return 1;
    case METH_FASTCALL | METH_KEYWORDS:
        *result = f.fast_with_names(self, args, (Py_ssize_t)n, NULL);
        return 1;
    case METH_O:
    case METH_NOARGS:
        if (n != (def->ml_flags == METH_O) || !C_RECURSION_COUNTED || c_recursion_left(ts) <= 0)
            return 0;
        c_recursion_set(ts, c_recursion_left(ts) - 1);
        *result = f.plain(self, n ? args[0] : NULL);
        c_recursion_set(ts, c_recursion_left(ts) + 1);
        return 1;
    default:
        return 0;
    }
}

PyObject *cpy_call_leaf(PyThreadState *ts, PyObject *callable, PyObject **args, size_t n)
{
    PyObject *result;
    PyMethodDef *def = Py_IS_TYPE(callable, &PyMethodDescr_Type) ? ((PyMethodDescrObject *)callable)->d_method : NULL;
    if (def && n && Py_IS_TYPE(args[0], PyDescr_TYPE(callable)) && call_directly(ts, def, args[0], args + 1, n - 1, &result))
        return result;
    return PyObject_Vectorcall(callable, args, n | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

APART static PyObject *call_builtin(PyThreadState *ts, PyObject *builtin, PyObject **args, size_t n)
{
    PyObject *result;
    const PyCFunctionObject *fn = (const PyCFunctionObject *)builtin;
    if (!call_directly(ts, fn->m_ml, PyCFunction_GET_SELF(builtin), args, n, &result))
        result = fn->vectorcall ? fn->vectorcall(builtin, args, n | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL)
            : PyObject_Vectorcall(builtin, args, n | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    int first = RELEASES_CALLABLE_FIRST(is_fast(builtin), PyCFunction_GET_FLAGS(builtin) == METH_O, !result);
    if (!first && !result && leaves_operands(builtin, n) && RELEASES_ARGUMENTS == UP)
        Py_DECREF(args[--n]);
    release(builtin, first, args, n);
    return result;
}

/* CALL_NON_PY_GENERAL of a method whose class belongs to an extension. */
APART static PyObject *call_cmethod(PyObject *method, PyObject **args, size_t n)
{
    PyObject *result = ((PyCFunctionObject *)method)->vectorcall(method, args, n | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    if (!result == !PyErr_Occurred())           /* its mistake */
        result = _Py_CheckFunctionResult(PyThreadState_Get(), method, result, NULL);
    release(method, RELEASES_CALLABLE_FIRST(0, 0, !result), args, n);
    return result;
}

/* CALL_METHOD_DESCRIPTOR_* */
APART static PyObject *call_descriptor(PyThreadState *ts, PyObject *descriptor, PyObject **args, size_t n)
{
    PyObject *result;
    const PyMethodDescrObject *method = (const PyMethodDescrObject *)descriptor;
    if (!n || !Py_IS_TYPE(args[0], PyDescr_TYPE(descriptor)) || !call_directly(ts, method->d_method, args[0], args + 1, n - 1, &result))
        result = method->vectorcall(descriptor, args, n | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
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

/* n_args: -1 for any number */
static int is_simple(PyObject *function, int n_args)
{
    PyCodeObject *code = (PyCodeObject *)PyFunction_GET_CODE(function);
    return (code->co_flags & (CO_VARKEYWORDS | CO_VARARGS | CO_OPTIMIZED)) == CO_OPTIMIZED && !code->co_kwonlyargcount &&
           (n_args < 0 || code->co_argcount == n_args);
}

PyFunctionObject *cpy_special(PyThreadState *ts, PyTypeObject *type, PyObject *name)
{
    PyObject *found = type->tp_flags & Py_TPFLAGS_HEAPTYPE ? _PyType_Lookup(type, name) : NULL;
    PyErr_Clear();
    return found && PyFunction_Check(found) && cpy_is_inlined(ts, (PyFunctionObject *)found) && PyUnstable_Type_AssignVersionTag(type)
        ? (PyFunctionObject *)found : NULL;
}

PyFunctionObject *cpy_init(PyThreadState *ts, PyObject *callable)
{
    static PyObject *name;
    PyTypeObject *type = (PyTypeObject *)callable;
    if (!Py_IS_TYPE(callable, &PyType_Type) || !(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || type->tp_new != PyBaseObject_Type.tp_new ||
        type->tp_alloc != PyType_GenericAlloc || type->tp_vectorcall || (type->tp_flags & Py_TPFLAGS_IS_ABSTRACT))
        return NULL;
    PyObject *init = cpy_lookup(type, &name, "__init__");
    return init && PyFunction_Check(init) && cpy_is_inlined(ts, (PyFunctionObject *)init) ? (PyFunctionObject *)init : NULL;
}

/* The __init__ that CALL_ALLOC_AND_ENTER_INIT enters, self among n_args. */
static PyFunctionObject *entered_init(PyThreadState *ts, PyObject *callable, int n_args)
{
    PyFunctionObject *init = cpy_init(ts, callable);
    int is_entered = init && (((PyTypeObject *)callable)->tp_flags & ENTERED_CLASS) == ENTERED_CLASS && is_simple((PyObject *)init, n_args);
    return is_entered ? init : NULL;
}

PyFunctionObject *cpy_entered_init(PyThreadState *ts, PyObject *callable, size_t n) { return entered_init(ts, callable, (int)n + 1); }

static void complain_of_result(PyObject *result)
{
    PyErr_Format(PyExc_TypeError, "__init__() should return None, not '%.200s'", Py_TYPE(result)->tp_name);
}

int cpy_check_init(PyObject *result)
{
    if (result == Py_None)
        return 0;
    complain_of_result(result);
    return -1;
}

int cpy_check_bool(PyObject *result, PyObject *self)
{
    if (PyBool_Check(result))
        return result == Py_True;
    BOOL_ERROR(self, result);
    return -1;
}

/* There is room for one before the arguments. */
static PyObject *call_class(PyThreadState *ts, PyTypeObject *type, PyFunctionObject *init, PyObject **args, size_t n)
{
    PyObject *self = PyType_GenericAlloc(type, 0);
    if (!self) {
        release((PyObject *)type, RELEASES_ARGUMENTS == UP, args, n);
        return NULL;
    }
    Py_INCREF(init);
    Py_DECREF(type);
    args[-1] = Py_NewRef(self);
    ts->py_recursion_remaining--;       /* the interpreter's frame between the two */
    PyObject *none = call_function(ts, init, args - 1, n + 1, NULL);
    ts->py_recursion_remaining++;
    if (none && none != Py_None)
        complain_of_result(none);
    if (none != Py_None)
        Py_CLEAR(self);
    Py_XDECREF(none);
    return self;
}

/* A function, or a method that is none of C's; or any other callable. */
APART static PyObject *call_python(PyThreadState *ts, PyObject *callable, PyObject **args, size_t n, PyObject *names)
{
    int bound = Py_IS_TYPE(callable, &PyMethod_Type);
    if (!bound && !PyFunction_Check(callable) && !PyType_Check(callable))
        return call_general(callable, args, n, names, 0);
    if (bound) {        /* taken apart, so that function and self are the frame's */
        PyObject *method = callable;
        callable = Py_NewRef(PyMethod_GET_FUNCTION(method));
        *--args = Py_NewRef(PyMethod_GET_SELF(method));
        n++;
        Py_DECREF(method);
    }
    if (PyFunction_Check(callable) && cpy_is_inlined(ts, (PyFunctionObject *)callable))
        return call_function(ts, (PyFunctionObject *)callable, args, n, names);
    PyFunctionObject *init = names || bound ? NULL : entered_init(ts, callable, ENTERS_WITH_ANY_NUMBER ? -1 : (int)n + 1);
    if (init)
        return call_class(ts, (PyTypeObject *)callable, init, args, n);
    return call_general(callable, args, n, names, bound);
}

PyObject *cpy_call_as_is(PyObject **o, Py_ssize_t n) { return call_general(o[0], o + 1, (size_t)n - 1, NULL, 0); }

PyObject *cpy_call_kw(PyObject *callable, PyObject **args, size_t n, PyObject *names)
{
    return call_python(PyThreadState_Get(), callable, args, n, names);
}

PyObject *cpy_call(PyThreadState *ts, PyObject *callable, PyObject **args, size_t n)
{
    PyTypeObject *type = Py_TYPE(callable);
    if (type == &PyCFunction_Type)
        return call_builtin(ts, callable, args, n);
    if (type == &PyMethodDescr_Type && ((PyMethodDescrObject *)callable)->vectorcall)
        return call_descriptor(ts, callable, args, n);
    if (type == &PyCMethod_Type && ((PyCFunctionObject *)callable)->vectorcall)
        return call_cmethod(callable, args, n);
    return call_python(ts, callable, args, n, NULL);
}

PyFunctionObject *cpy_entered_getitem(PyThreadState *ts, PyTypeObject *type)
{
    static PyObject *name;
    PyObject *found = type->tp_flags & Py_TPFLAGS_HEAPTYPE ? cpy_lookup(type, &name, "__getitem__") : NULL;
    return found && PyFunction_Check(found) && is_simple(found, 2) && cpy_is_inlined(ts, (PyFunctionObject *)found)
        ? (PyFunctionObject *)found : NULL;
}

PyObject *cpy_subscr(PyThreadState *ts, PyObject *container, PyObject *sub)
{
    PyTypeObject *type = Py_TYPE(container);
    PyFunctionObject *getitem = cpy_entered_getitem(ts, type);
    PyObject *args[] = {container, sub};
    if (getitem)
        return call_function(ts, (PyFunctionObject *)Py_NewRef(getitem), args, 2, NULL);
    PyMappingMethods *m = type->tp_as_mapping;
    PyObject *result = m && m->mp_subscript ? m->mp_subscript(container, sub) : PyObject_GetItem(container, sub);
    int up = RELEASES_SUBSCR(container, sub, !result) == UP;
    Py_DECREF(up ? container : sub);
    Py_DECREF(up ? sub : container);
    return result;
}

/* ---- calls with what is in a tuple and a dict ---- */

/* As many references as the two have values, in a new array with one place before it (PyMem_Free(array - 1)), *names those of the dict's;
 * NULL with an exception. */
static PyObject **spread(PyObject *tuple, PyObject *dict, PyObject **names)
{
    Py_ssize_t n = PyTuple_GET_SIZE(tuple), named = dict ? PyDict_GET_SIZE(dict) : 0, at = 0;
    PyObject **array = PyMem_New(PyObject *, n + named + 1), *key, *value;
    *names = named ? PyTuple_New(named) : NULL;
    if (!array || (named && !*names)) {
        PyMem_Free(array);
        Py_CLEAR(*names);
        PyErr_NoMemory();
        return NULL;
    }
    array++;
    for (Py_ssize_t i = 0; i < n; i++)
        array[i] = Py_NewRef(PyTuple_GET_ITEM(tuple, i));
    int are_texts = 1;
    for (Py_ssize_t i = 0; named && PyDict_Next(dict, &at, &key, &value); i++) {
        are_texts &= PyUnicode_Check(key);
        PyTuple_SET_ITEM(*names, i, Py_NewRef(key));
        array[n + i] = Py_NewRef(value);
    }
    if (are_texts)
        return array;
    for (Py_ssize_t i = 0; i < n + named; i++)
        Py_DECREF(array[i]);
    PyMem_Free(array - 1);
    Py_CLEAR(*names);
    PyErr_SetString(PyExc_TypeError, "keywords must be strings");
    return NULL;
}

PyObject *cpy_call_tuple(PyObject *callable, PyObject *tuple, PyObject *dict)
{
    PyThreadState *ts = PyThreadState_Get();
    if (!PyFunction_Check(callable) || !cpy_is_inlined(ts, (PyFunctionObject *)callable)) {
        PyObject *result = PyObject_Call(callable, tuple, dict), *operands[] = {tuple, dict};
        if (RELEASES_ARGUMENTS == UP)
            Py_DECREF(callable);
        Py_XDECREF(operands[RELEASES_ARGUMENTS == DOWN]);
        Py_XDECREF(operands[RELEASES_ARGUMENTS == UP]);
        if (RELEASES_ARGUMENTS == DOWN)
            Py_DECREF(callable);
        return result;
    }
    PyObject *names, **args = spread(tuple, dict, &names), *result = NULL;
    PyFunctionObject *func = (PyFunctionObject *)callable;
    Frame *frame = NULL;
    if (args) {
        PyObject *locals = ((PyCodeObject *)func->func_code)->co_flags & CO_OPTIMIZED ? NULL : Py_NewRef(func->func_globals);
        Py_ssize_t n = PyTuple_GET_SIZE(tuple) + (names ? PyTuple_GET_SIZE(names) : 0);
        frame = FRAME_FOR_CALL(ts, func, locals, args, n, names);
        PyMem_Free(args - 1);
        Py_XDECREF(names);
    } else
        Py_DECREF(callable);
    Py_DECREF(tuple);
    Py_XDECREF(dict);
    if (frame)
        result = cpy_run_frame(ts, frame);
    return result;
}

/* ---- attributes ---- */

/* The __getattribute__ that LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN enters; borrowed, NULL: the type's slot is asked. */
static PyFunctionObject *entered_getattribute(PyThreadState *ts, PyTypeObject *type)
{
    static PyObject *name, *hook;
    int overridden = type->tp_flags & Py_TPFLAGS_HEAPTYPE && type->tp_getattro != PyObject_GenericGetAttr;
    PyObject *found = overridden ? cpy_lookup(type, &name, "__getattribute__") : NULL;
    if (!found || !PyFunction_Check(found) || cpy_lookup(type, &hook, "__getattr__"))
        return NULL;
    return is_simple(found, 2) && cpy_is_inlined(ts, (PyFunctionObject *)found) ? (PyFunctionObject *)found : NULL;
}

PyObject **cpy_getter(PyTypeObject *type, PyObject *name)
{
    PyObject *descr = type->tp_flags & Py_TPFLAGS_HEAPTYPE && type->tp_getattro == PyObject_GenericGetAttr
        ? _PyType_Lookup(type, name) : NULL;
    PyObject **getter = descr && Py_IS_TYPE(descr, &PyProperty_Type) ? &((_PyPropertyObject *)descr)->prop_get : NULL;
    return getter && *getter && PyFunction_Check(*getter) && is_simple(*getter, 1) ? getter : NULL;
}

PyObject *cpy_get_attr(PyObject **o, Py_ssize_t n)
{
    PyThreadState *ts = PyThreadState_Get();
    PyFunctionObject *getattribute = entered_getattribute(ts, Py_TYPE(o[0]));
    if (getattribute)
        return call_function(ts, (PyFunctionObject *)Py_NewRef(getattribute), o, (size_t)n, NULL);
    PyObject **getter = cpy_getter(Py_TYPE(o[0]), o[1]);
    if (getter && cpy_is_inlined(ts, (PyFunctionObject *)*getter)) {
        Py_DECREF(o[1]);
        return call_function(ts, (PyFunctionObject *)Py_NewRef(*getter), o, 1, NULL);
    }
    PyObject *result = PyObject_GetAttr(o[0], o[1]);
    Py_DECREF(o[0]);
    Py_DECREF(o[1]);
    return result;
}
