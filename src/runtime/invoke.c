/* invoke.c: what calls that stay native need of C (stencils/calls.h): the callee that has no code, the data stack that is full, results of another kind
 * than was expected. */
#include "../cpython/call.h"
#include "../cpython/frame.h"
#include "../cpython/reserve.h"
#include "../ir/ir.h"

#define CALLED_FROM_C 15        /* bytecodes: what a call takes longer when it does not come from the interpreter */

/* The last of n arguments is the tuple of *args: its items in its place. Their number. (There were not more when it was recorded.) */
static size_t spread_rest(State *S, size_t n)
{
    PyObject *rest = (PyObject *)S->args[n - 1].o;
    size_t more = (size_t)PyTuple_GET_SIZE(rest);
    for (size_t i = 0; i < more; i++)
        S->args[n - 1 + i].o = (Obj *)Py_NewRef(PyTuple_GET_ITEM(rest, i));
    Py_DECREF(rest);
    return n - 1 + more;
}

int h_invoke(State *S, Obj *callable, void *invoked)
{
    size_t n = (size_t)((Invoked *)invoked)->n_args;
    int flags = ((PyCodeObject *)((Invoked *)invoked)->code)->co_flags;
    if (flags & CO_VARKEYWORDS)     /* there are none */
        Py_DECREF((PyObject *)S->args[--n].o);
    if (flags & CO_VARARGS)
        n = spread_rest(S, n);
    S->work -= CALLED_FROM_C;
    S->raw = RAW_OBJECT;
    S->loud = 1;
    S->result.o = (Obj *)cpy_call(S->thread, (PyObject *)callable, (PyObject **)S->args, n);
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

void h_drop(State *S, Obj *o)
{
    S->loud |= !PyLong_CheckExact(o) && !PyFloat_CheckExact(o) && !PyUnicode_CheckExact(o);
    _Py_Dealloc((PyObject *)o);
}

void *h_new_chunk(State *S, int64_t bytes) { return cpy_add_chunk(S->thread, (int)(bytes / (int64_t)sizeof(PyObject *))); }
void h_end_chunk(State *S, void *record) { cpy_cut_stack(S->thread, record); }

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
