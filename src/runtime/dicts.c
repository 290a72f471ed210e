/* dicts.c: exact dicts all of whose keys are str, asked for a str: no key's __hash__ or __eq__ is a program's. */
#include "../ir/ir.h"

static int has_str_keys(PyDictObject *d) { return DK_IS_UNICODE(d->ma_keys); }

/* Borrowed; NULL: not there. */
static PyObject *find_str(Obj *d, Obj *k)
{
    return _PyDict_GetItem_KnownHash((PyObject *)d, (PyObject *)k, PyUnicode_Type.tp_hash((PyObject *)k));
}

Obj *h_dict_get(Obj *d, Obj *k, Obj *missing)
{
    if (!has_str_keys((PyDictObject *)d))
        return NULL;
    PyObject *found = find_str(d, k);
    return (Obj *)Py_XNewRef(found ? found : (PyObject *)missing);
}

int64_t h_dict_has(Obj *d, Obj *k) { return has_str_keys((PyDictObject *)d) ? find_str(d, k) != NULL : -1; }

Obj *h_dict_swap(Obj *d, Obj *k, Obj *v)
{
    PyDictObject *dict = (PyDictObject *)d;
    if (!has_str_keys(dict) || dict->DICT_VERSION_TAG & DICT_WATCHER_MASK)
        return (Obj *)DICT_REFUSES;
    PyObject *old = Py_XNewRef(find_str(d, k));
    if (PyDict_SetItem((PyObject *)d, (PyObject *)k, (PyObject *)v) < 0) {
        PyErr_Clear();
        Py_XDECREF(old);
        return (Obj *)DICT_REFUSES;
    }
    Py_DECREF((PyObject *)v);
    return (Obj *)old;
}

int h_dict_merge(Obj *d, Obj *other)
{
    PyObject *twice = NULL;
    if (PyDict_GET_SIZE((PyObject *)d) || !has_str_keys((PyDictObject *)other))
        return 0;
    if (MERGE_KEYWORDS((PyObject *)d, (PyObject *)other, &twice) == 0)
        return 1;
    PyErr_Clear();
    PyDict_Clear((PyObject *)d);
    return 0;
}

int h_dict_values(Value *args, Obj *d, Obj *names)
{
    PyObject *dict = (PyObject *)d, *key, *value;
    Py_ssize_t n = PyTuple_GET_SIZE((PyObject *)names), i = 0, at = 0;
    if (PyDict_GET_SIZE(dict) != n || !has_str_keys((PyDictObject *)d))
        return 0;
    for (; PyDict_Next(dict, &at, &key, &value); i++) {
        PyObject *name = PyTuple_GET_ITEM((PyObject *)names, i);
        if (key != name && !_PyUnicode_Equal(key, name))
            return 0;
        args[i].o = (Obj *)value;
    }
    for (i = 0; i < n; i++)
        Py_INCREF((PyObject *)args[i].o);
    return 1;
}
