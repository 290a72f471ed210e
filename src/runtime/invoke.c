/* invoke.c: what calls that stay native need of C (stencils/calls.h): the callee that has no code, the data stack that is full, results of another kind
 * than was expected. */
#include "../cpython/call.h"
#include "../cpython/frame.h"
#include "../cpython/parameters.h"
#include "../cpython/reserve.h"
#include "frames.h"

/* The call with these values of parameters, which are consumed: those that *args and **names have got one by one. (There were not more
 * when it was recorded.) */
static PyObject *call_spread(PyThreadState *ts, PyObject *callable, const PyCodeObject *code, PyObject **value)
{
    PyObject *args[N_ARGS + 1], **to = args + 1, *key, *item;       /* a place in front of them is the callee's */
    PyObject **by_name = value + code->co_argcount, **next = by_name + code->co_kwonlyargcount;
    PyObject *rest = code->co_flags & CO_VARARGS ? *next++ : NULL, *dict = code->co_flags & CO_VARKEYWORDS ? *next : NULL;
    Py_ssize_t n_names = code->co_kwonlyargcount + (dict ? PyDict_GET_SIZE(dict) : 0), k = 0, at = 0;
    PyObject *names = n_names ? PyTuple_New(n_names) : NULL, *result = NULL;
    for (int i = 0; i < code->co_argcount; i++)
        *to++ = value[i];
    for (Py_ssize_t i = 0; rest && i < PyTuple_GET_SIZE(rest); i++)
        *to++ = Py_NewRef(PyTuple_GET_ITEM(rest, i));
    for (int i = 0; i < code->co_kwonlyargcount; i++, k++) {
        *to++ = by_name[i];
        if (names)
            PyTuple_SET_ITEM(names, k, Py_NewRef(cpy_parameter_name(code, code->co_argcount + i)));
    }
    while (dict && PyDict_Next(dict, &at, &key, &item)) {
        *to++ = Py_NewRef(item);
        if (names)
            PyTuple_SET_ITEM(names, k++, Py_NewRef(key));
    }
    Py_XDECREF(rest);
    Py_XDECREF(dict);
    size_t n = (size_t)(to - args - 1);
    if (names)
        result = cpy_call_kw(callable, args + 1, n, names);
    else if (!n_names)
        result = cpy_call(ts, callable, args + 1, n);
    else {
        while (n > 0)
            Py_DECREF(args[n--]);
        Py_DECREF(callable);
    }
    Py_XDECREF(names);
    return result;
}

int h_invoke(State *S, Obj *callable, void *invoked)
{
    const Invoked *v = invoked;
    const PyCodeObject *code = (const PyCodeObject *)v->code;
    S->work -= CALLED_FROM_C;
    S->raw = RAW_OBJECT;
    S->loud = 1;
    PyObject *function = (PyObject *)callable, **value = (PyObject **)S->args;
    int is_simple = v->n_args == code->co_argcount;
    S->result.o = (Obj *)(is_simple ? cpy_call(S->thread, function, value, (size_t)v->n_args)
                                    : call_spread(S->thread, function, code, value));
    return S->result.o != NULL;
}

int h_fall_back(State *S, Obj *a, Obj *b, void *fn)
{
    S->loud = 1;
    Py_DECREF((PyObject *)S->result.o);
    S->result.o = ((Obj *(*)(Obj *, Obj *))fn)(a, b);
    return S->result.o != NULL;
}

int h_test_result(State *S)
{
    PyObject *o = (PyObject *)S->result.o;
    int truth = S->raw == RAW_INT ? S->result.i != 0 : S->raw == RAW_FLOAT ? S->result.f != 0. : -1;
    if (S->raw == RAW_OBJECT) {
        S->loud = 1;
        truth = PyObject_IsTrue(o);
        Py_DECREF(o);
        if (truth < 0)
            return 0;
    }
    S->raw = RAW_OBJECT;
    S->result.o = (Obj *)PyBool_FromLong(truth);
    return 1;
}

/* As an exit: it must not fail. */
Obj *h_take_result(State *S)
{
    PyObject *o;
    if (S->raw == RAW_OBJECT)
        return S->result.o;
    while (!(o = S->raw == RAW_INT ? PyLong_FromLongLong(S->result.i) : PyFloat_FromDouble(S->result.f))) {
        PyErr_Clear();
        if (!reserve_release())
            Py_FatalError("copypatch: out of memory for what a function has returned");
    }
    S->raw = RAW_OBJECT;
    return S->result.o = (Obj *)o;
}

int h_take_number(State *S, int64_t raw)
{
    PyObject *o = (PyObject *)S->result.o;
    int overflow = 0;
    if (S->raw != RAW_OBJECT || !o)
        return 0;
    if (raw == RAW_INT && PyLong_CheckExact(o)) {
        int64_t v = PyLong_AsLongLongAndOverflow(o, &overflow);
        int is_shared_by_all = v >= -_PY_NSMALLNEGINTS && v < _PY_NSMALLPOSINTS;
        if (overflow || (Py_REFCNT(o) != 1 && !is_shared_by_all))
            return 0;
        S->result.i = v;
    } else if (raw == RAW_FLOAT && PyFloat_CheckExact(o) && Py_REFCNT(o) == 1)
        S->result.f = PyFloat_AS_DOUBLE(o);
    else
        return 0;
    S->raw = raw;
    Py_DECREF(o);
    return 1;
}
