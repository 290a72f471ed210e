/* helpers.c: the functions that uop bodies call (runtime.def). */
#include "../cpython/call.h"
#include "../cpython/death.h"
#include "../cpython/frame.h"
#include "../cpython/iterators.h"
#include "../ir/ir.h"
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

Obj *h_new_float(double v)
{
    PyObject *o = PyFloat_FromDouble(v);
    if (!o)
        PyErr_Clear();
    return (Obj *)o;
}

Obj *h_new_int(int64_t v)
{
    PyObject *o = PyLong_FromLongLong(v);
    if (!o)
        PyErr_Clear();
    return (Obj *)o;
}

Obj *h_new_object(Obj *c)
{
    PyObject *o = PyType_GenericAlloc((PyTypeObject *)c, 0);
    if (!o)
        PyErr_Clear();
    return (Obj *)o;
}

static Obj *put(FrameSlot *slot, Obj *o)
{
    PyObject *old = (PyObject *)slot_owned(slot);
    if (o) {
        slot_give(slot, o);
        Py_XDECREF(old);
    }
    return o;
}

/* Only the one who asks has the object: it can be written anew. */
static int is_ours(PyObject *o, PyTypeObject *type) { return o && Py_REFCNT(o) == 1 && Py_IS_TYPE(o, type); }

static int write_float(PyObject *o, double v)
{
    if (!is_ours(o, &PyFloat_Type))
        return 0;
    ((PyFloatObject *)o)->ob_fval = v;
    return 1;
}

/* Small ints are shared objects; an object can hold as many digits as it has, or fewer. */
static int write_int(PyObject *o, int64_t v)
{
    uint64_t magnitude = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    Py_ssize_t digits = magnitude >> PyLong_SHIFT == 0 ? 1 : magnitude >> 2 * PyLong_SHIFT == 0 ? 2 : 3;
    PyLongObject *l = (PyLongObject *)o;
    if (!is_ours(o, &PyLong_Type) || magnitude < _PY_NSMALLPOSINTS || _PyLong_DigitCount(l) < digits)
        return 0;
    digit *d = l->long_value.ob_digit;
    d[0] = magnitude & PyLong_MASK;
    if (digits > 1)
        d[1] = magnitude >> PyLong_SHIFT & PyLong_MASK;
    if (digits > 2)
        d[2] = (digit)(magnitude >> 2 * PyLong_SHIFT);
    _PyLong_SetSignAndDigitCount(l, v < 0 ? -1 : 1, digits);
    return 1;
}

#define SPARE 8     /* objects waiting for their release that are looked at */

/* Takes the trash's object number i out of it. */
static Obj *take(State *S, int64_t i)
{
    Obj *o = S->trash[i];
    S->trash[i] = S->trash[--S->n_trash];
    return o;
}

Obj *h_store_float(State *S, FrameSlot *slot, double v)
{
    if (write_float((PyObject *)slot_owned(slot), v))
        return slot_owned(slot);
    for (int64_t i = S->n_trash - 1; i >= 0 && i >= S->n_trash - SPARE; i--)
        if (write_float((PyObject *)S->trash[i], v))
            return put(slot, take(S, i));
    return put(slot, h_new_float(v));
}

Obj *h_store_int(State *S, FrameSlot *slot, int64_t v)
{
    if (write_int((PyObject *)slot_owned(slot), v))
        return slot_owned(slot);
    for (int64_t i = S->n_trash - 1; i >= 0 && i >= S->n_trash - SPARE; i--)
        if (write_int((PyObject *)S->trash[i], v))
            return put(slot, take(S, i));
    return put(slot, h_new_int(v));
}

int h_die_quietly(Obj *o)
{
    int quietly = cpy_dies_quietly((PyObject *)o);
    if (quietly)
        Py_DECREF((PyObject *)o);
    return quietly;
}

void h_dealloc(Obj *o) { _Py_Dealloc((PyObject *)o); }

/* As float_rem and _float_div_mod of CPython: the result takes the divisor's sign, a zero result too. */
double h_mod_float(double a, double b)
{
    double mod = fmod(a, b);
    if (mod) {
        if ((b < 0) != (mod < 0))
            mod += b;
    } else
        mod = copysign(0.0, b);
    return mod;
}

double h_floordiv_float(double a, double b)
{
    double mod = fmod(a, b), div = (a - mod) / b;
    if (mod && (b < 0) != (mod < 0))
        div -= 1.0;
    if (!div)
        return copysign(0.0, a / b);
    double down = floor(div);
    return div - down > 0.5 ? down + 1.0 : down;
}

int64_t h_divide(int64_t a, int64_t b) { return a / b; }
int64_t h_remainder(int64_t a, int64_t b) { return a % b; }

double h_pow_float(double a, double b)
{
    int saved = errno;
    double r = pow(a, b);
    errno = saved;
    return r;
}

Obj *h_leaf_vectorcall(Obj *callable, Value *args, int64_t nargs)
{
    const State *S = (const State *)((const char *)args - offsetof(State, args));
    return (Obj *)cpy_call_leaf(S->thread, (PyObject *)callable, (PyObject **)args, (size_t)nargs);
}

Obj *h_new_tuple(Value *args, int64_t n)
{
    PyObject *tuple = PyTuple_New(n);
    for (int64_t i = 0; tuple && i < n; i++)
        PyTuple_SET_ITEM(tuple, i, Py_NewRef((PyObject *)args[i].o));
    return (Obj *)tuple;
}

Obj *h_new_list(Value *args, int64_t n)
{
    PyObject *list = PyList_New(n);
    for (int64_t i = 0; list && i < n; i++)
        PyList_SET_ITEM(list, i, Py_NewRef((PyObject *)args[i].o));
    return (Obj *)list;
}

Obj *h_new_dict(Value *args, int64_t n)
{
    PyObject *const *items = (PyObject *const *)args;
    return (Obj *)_PyDict_FromItems(items, 2, items + 1, 2, n / 2);
}

Obj *h_new_string(Value *args, int64_t n)
{
    PyObject *empty = PyUnicode_New(0, 0), *joined = empty ? _PyUnicode_JoinArray(empty, (PyObject *const *)args, n) : NULL;
    Py_XDECREF(empty);
    return (Obj *)joined;
}

void h_push_frame(State *S, Obj *func, Obj *code, int64_t unit)
{
    cpy_go_back_to(S->thread, S->top);
    Frame *f = cpy_push_frame(S->thread, (PyFunctionObject *)func, (PyCodeObject *)code, (int)unit);
    for (int i = 0; i < ((PyCodeObject *)code)->co_nlocalsplus; i++)
        slot_give(&cpy_slots(f)[i], S->args[i].o);
    S->top = f;
}

int h_frames_untouched(State *S, int64_t n)
{
    for (Frame *f = S->top; n--; f = f->previous)
        if (f->frame_obj || Py_REFCNT(cpy_frame_function(f)) == 1 || cpy_frame_function(f)->func_code != (PyObject *)cpy_frame_code(f))
            return 0;
    return 1;
}

/* What an escape may change, all but frame objects. Its low bits ask for the interpreter's attention, to a signal that a C function has sent, for one. */
static int is_as_before(const State *S, const int *flag)
{
    return *flag && !((*S->breaker ^ S->calm) | ((uintptr_t)*S->allocator ^ (uintptr_t)S->calm_allocator) | ((uintptr_t)*S->evaluator ^ (uintptr_t)S->calm_evaluator));
}

/* Module and class code keeps its variables in a dict: a frame object can change nothing that we cache. */
static int is_looked_at(Frame *f) { return f->frame_obj && (cpy_frame_code(f)->co_flags & CO_OPTIMIZED); }

int h_valid(State *S, void *flag)
{
    S->loud = 1;
    return is_as_before(S, flag) && !is_looked_at(cpy_frame_of(S->base));
}

int h_valid_looked_at(State *S, void *flag)
{
    S->loud = 1;
    if (!is_as_before(S, flag))
        return 0;
    if (is_looked_at(cpy_frame_of(S->base)))
        cpy_without_frame_object(cpy_frame_of(S->base));
    return 1;
}

void h_pop_frames(State *S, int64_t n)
{
    cpy_go_back_to(S->thread, S->top);
    while (n--)
        cpy_pop_frame(S->thread);
    S->top = cpy_frame(S->thread);
}

/* The values, their number and what would follow the last one have to fit: those that do not have iterators of another type. */
Obj *h_new_range_iter(int64_t a, int64_t b, int64_t step)
{
    uint64_t width = step > 0 ? (uint64_t)b - (uint64_t)a : (uint64_t)a - (uint64_t)b;
    uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step, n = (step > 0 ? a < b : a > b) ? 1 + (width - 1) / stride : 0;
    int64_t behind;
    if (a != (long)a || b != (long)b || step != (long)step || n > LONG_MAX ||
        __builtin_add_overflow(b, step > 0 ? step - 1 : step + 1, &behind) || behind != (long)behind)
        return NULL;
    _PyRangeIterObject *it = PyObject_New(_PyRangeIterObject, &PyRangeIter_Type);
    if (!it) {
        PyErr_Clear();
        return NULL;
    }
    it->start = (long)a;
    it->step = (long)step;
    it->len = (long)n;
    return (Obj *)it;
}

int h_check_result(Obj *result)
{
    (void)result;
    if (!PyErr_Occurred())
        return 0;
    if (!PyErr_ExceptionMatches(PyExc_StopIteration))
        return 1;
    PyErr_Clear();
    return 0;
}

int64_t h_str_equal(Obj *a, Obj *b)
{
    PyObject *x = (PyObject *)a, *y = (PyObject *)b;
    size_t n = (size_t)PyUnicode_GET_LENGTH(x), kind = PyUnicode_KIND(x);
    return PyUnicode_GET_LENGTH(y) == (Py_ssize_t)n && PyUnicode_KIND(y) == kind &&
        memcmp(PyUnicode_DATA(x), PyUnicode_DATA(y), n * kind) == 0;
}

Obj *h_append_str(Obj *a, Obj *b)
{
    PyObject *left = (PyObject *)a;
    PyUnicode_Append(&left, (PyObject *)b);
    return (Obj *)left;
}

Obj *h_quiet_next(Obj *it) { return (Obj *)cpy_quiet_next((PyObject *)it); }
