/* dicts.c: exact dicts with str keys only, and a str: d[k], d[k] = v, k in d, d.get(k).
 *
 * Nothing that a program has written runs for them, so what is known stays known and values in registers stay there. That all keys are str
 * is looked at where it is done; where they are not, the trace leaves, and a side trace records the general form. */
#include "recorder.h"
#include "../cpython/parameters.h"

/* The n-th and m-th value from the top are such a dict and a str: guarded. */
static int guard_both(Recorder *R, int n, Operand *d, int m, Operand *k)
{
    rec_peek(R, n, d);
    rec_peek(R, m, k);
    PyObject *key = rec_object(R, k->ref);
    if (R->general || !key || !PyUnicode_CheckExact(key) || !cpy_is_str_dict(rec_object(R, d->ref)))
        return 0;
    rec_guard_type(R, d->ref);
    rec_guard_type(R, k->ref);
    return 1;
}

static int is_there(Recorder *R, Operand d, Operand k)
{
    int there = PyDict_Contains(rec_object(R, d.ref), rec_object(R, k.ref));
    return there > 0;
}

int rec_dict_item(Recorder *R)
{
    Operand d, k;
    if (!guard_both(R, 1, &d, 0, &k) || !is_there(R, d, k))
        return 0;
    int order = RELEASES_SUBSCR(rec_object(R, d.ref), rec_object(R, k.ref), 0);
    Ref r = rec_emit(R, UOP_DICT_GET, d.ref, k.ref, rec_const(R, NULL), 0);
    R->closed = 1;
    rec_drop_in(R, order, 2);
    rec_push_ref(R, r, OWN_TRACE);
    return 1;
}

int rec_dict_contains(Recorder *R, int invert)
{
    Operand d, k;
    if (!guard_both(R, 0, &d, 1, &k))
        return 0;
    Ref r = rec_emit(R, UOP_DICT_HAS, d.ref, k.ref, REF_NONE, 0);
    if (invert)
        r = rec_emit(R, UOP_NOT, r, REF_NONE, REF_NONE, 0);
    Ref result = rec_emit(R, UOP_BOOL_OBJ, r, REF_NONE, REF_NONE, 0);
    R->closed = 1;
    rec_drop_in(R, RELEASES_COMPARE, 2);
    rec_push_ref(R, result, OWN_BORROWED);
    return 1;
}

int rec_dict_get(Recorder *R, PyObject *method, int n, int below)
{
    Operand d, k, missing = operand(rec_const(R, Py_None), OWN_BORROWED);
    if ((n != 2 && n != 3) || !Py_IS_TYPE(method, &PyMethodDescr_Type) || PyDescr_TYPE(method) != &PyDict_Type ||
        PyUnicode_CompareWithASCIIString(PyDescr_NAME(method), "get") != 0 || !guard_both(R, n - 1, &d, n - 2, &k))
        return 0;
    if (n == 3) {
        rec_peek(R, 0, &missing);
        rec_real(R, missing);
        rec_peek(R, 0, &missing);
    }
    Ref r = rec_emit(R, UOP_DICT_GET, d.ref, k.ref, missing.ref, 0);
    R->closed = 1;
    rec_drop_in(R, RELEASES_ARGUMENTS, n);      /* the method behind them, which is a constant */
    rec_drop(R, below);
    rec_push_ref(R, r, OWN_TRACE);
    return 1;
}

int rec_dict_merge(Recorder *R, Operand d)
{
    Operand other;
    rec_peek(R, 0, &other);
    if (R->general || PyDict_GET_SIZE(rec_object(R, d.ref)) || !cpy_is_str_dict(rec_object(R, other.ref)))
        return 0;
    rec_guard_type(R, other.ref);
    rec_emit(R, UOP_DICT_MERGE, d.ref, other.ref, REF_NONE, 0);
    R->closed = 1;
    rec_drop(R, 1);
    return 1;
}

void rec_dict_values(Recorder *R, Ref d, PyObject *names, Ref *values)
{
    int n = (int)PyTuple_GET_SIZE(names);
    if (!n) {
        rec_emit(R, UOP_GUARD_EQ_INT, rec_emit(R, UOP_DICT_LEN, d, REF_NONE, REF_NONE, 0), rec_int(R, 0), REF_NONE, 0);
        return;
    }
    rec_emit(R, UOP_DICT_VALUES, d, rec_const(R, names), REF_NONE, 0);
    for (int i = 0; i < n; i++)
        values[i] = rec_emit(R, UOP_TAKE_ARG, REF_NONE, REF_NONE, REF_NONE, i);
    for (int i = 0; i < n; i++) {
        rec_emit(R, UOP_DECREF_LEAF, values[i], REF_NONE, REF_NONE, 0);     /* the dict has it */
        R->keeper[values[i]] = KEPT_BY_HEAP;
        R->container[values[i]] = d;
    }
}

int rec_dict_store(Recorder *R)
{
    Operand d, k;
    if (!guard_both(R, 1, &d, 0, &k) || ((PyDictObject *)rec_object(R, d.ref))->DICT_VERSION_TAG & DICT_WATCHER_MASK)
        return 0;
    rec_protect_heap(R);
    Ref v = rec_steal(R, 2);
    rec_peek(R, 1, &d);
    rec_peek(R, 0, &k);
    Ref old = rec_emit(R, UOP_DICT_SWAP, d.ref, k.ref, v, 0);
    R->closed = 1;
    rec_release(R, operand(old, OWN_TRACE));    /* then key and dict: the interpreter gives them away, and lets go of the dict */
    rec_drop(R, 1);
    rec_drop(R, 1);
    rec_pop(R);
    return 1;
}
