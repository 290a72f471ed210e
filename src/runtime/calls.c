/* calls.c: the calls that uops make which may run arbitrary code (runtime.def).
 *
 * Each consumes the references to its operands, as the instruction does that it stands for: they are released behind the call, whether it
 * raised or not, in the order of that instruction (cpython/version.h), or, where that depends on the recorder, of the operands. S->args
 * belongs to the activation of native code that calls, and is filled anew by its next call: nobody else touches it. */
#include "../cpython/call.h"
#include "../cpython/general.h"
#include "../ir/ir.h"

#define FUNCTION(result, ...) ((result (*)(__VA_ARGS__))fn)

static Obj *released1(Obj *r, Obj *a)
{
    Py_XDECREF((PyObject *)a);
    return r;
}

static Obj *released2(int order, Obj *r, Obj *a, Obj *b)
{
    Py_XDECREF((PyObject *)(order == UP ? a : b));
    Py_XDECREF((PyObject *)(order == UP ? b : a));
    return r;
}

Obj *h_call1(Obj *a, void *fn) { return released1(FUNCTION(Obj *, Obj *)(a), a); }
Obj *h_call3(Obj *a, Obj *b, Obj *c, void *fn) { return released1(released2(UP, FUNCTION(Obj *, Obj *, Obj *, Obj *)(a, b, c), a, b), c); }

Obj *h_call2(Obj *a, Obj *b, void *fn)
{
    Obj *r = FUNCTION(Obj *, Obj *, Obj *)(a, b);
    return released2(RELEASES_BINARY(!r), r, a, b);
}

int h_call1i(Obj *a, void *fn)
{
    int r = FUNCTION(int, Obj *)(a);
    released1(NULL, a);
    return r;
}

int h_call2i(Obj *a, Obj *b, void *fn)
{
    int r = FUNCTION(int, Obj *, Obj *)(a, b);
    released2(RELEASES_COMPARE, NULL, a, b);
    return r;
}

int h_call3i(Obj *a, Obj *b, Obj *c, void *fn)
{
    int r = FUNCTION(int, Obj *, Obj *, Obj *)(a, b, c);
    released1(released2(UP, NULL, a, b), c);
    return r;
}

/* args: those of the State, which has a place in front of them. */
_Static_assert(sizeof(Value) == sizeof(PyObject *) && offsetof(State, args) == offsetof(State, before_args) + sizeof(Value),
               "an array of pointers");

Obj *h_call_kw(Obj *callable, Obj *names, Value *args, int64_t nargs)
{
    return (Obj *)cpy_call_kw((PyObject *)callable, (PyObject **)args, (size_t)nargs, (PyObject *)names);
}
Obj *h_vectorcall(Obj *callable, Value *args, int64_t nargs)
{
    const State *S = (const State *)((const char *)args - offsetof(State, args));
    return (Obj *)cpy_call(S->thread, (PyObject *)callable, (PyObject **)args, (size_t)nargs);
}


Obj *h_given(Value *args, int64_t n, void *fn) { return (Obj *)((General *)fn)((PyObject **)args, (Py_ssize_t)n); }

Obj *h_get_method(State *S, Obj *owner, Obj *name)
{
    PyObject *method = NULL;
    int unbound = _PyObject_GetMethod((PyObject *)owner, (PyObject *)name, &method);
    S->args[0].o = unbound ? owner : NULL;
    if (!unbound)
        Py_DECREF((PyObject *)owner);
    return (Obj *)method;
}

Obj *h_compare(Obj *a, Obj *b, int64_t op)
{
    PyObject *r = PyObject_RichCompare((PyObject *)a, (PyObject *)b, (int)op & 15);
    released2(RELEASES_COMPARE, NULL, a, b);
    if (!r || !(op & 16) || PyBool_Check(r))
        return (Obj *)r;
    int truth = PyObject_IsTrue(r);
    Py_DECREF(r);
    return truth < 0 ? NULL : (Obj *)PyBool_FromLong(truth);
}

Obj *h_subscr(State *S, Obj *a, Obj *b) { return (Obj *)cpy_subscr(S->thread, (PyObject *)a, (PyObject *)b); }
