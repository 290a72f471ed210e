/* parameters.c: arguments by name, defaults by name; what a call hands over where each parameter has its place. */
#include "parameters.h"

int cpy_parameter(const PyCodeObject *code, PyObject *name)
{
    int n = cpy_n_named(code);
    for (int i = code->co_posonlyargcount; i < n; i++)      /* mostly it is that very object */
        if (cpy_parameter_name(code, i) == name)
            return i;
    if (!PyUnicode_CheckExact(name))
        return NOBODY_KNOWS;
    for (int i = code->co_posonlyargcount; i < n; i++)
        if (PyUnicode_Compare(cpy_parameter_name(code, i), name) == 0)
            return i;
    return NO_PARAMETER;
}

PyObject *cpy_keyword_default(const PyFunctionObject *func, int i)
{
    PyObject *dict = func->func_kwdefaults;
    return cpy_is_str_dict(dict) ? PyDict_GetItemWithError(dict, cpy_parameter_name((PyCodeObject *)func->func_code, i)) : NULL;
}

/* Arguments by name, those that are for no parameter into the dict `more`, if there is one. 0: it is not that simple. */
static int find_named(const PyCodeObject *code, PyObject *const *args, PyObject *names, PyObject **to, PyObject *more)
{
    for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(names); k++) {
        PyObject *name = PyTuple_GET_ITEM(names, k);
        int i = cpy_parameter(code, name);
        if (i == NO_PARAMETER && more && PyDict_SetItem(more, name, args[k]) == 0)
            continue;
        PyErr_Clear();
        if (i < 0 || to[i])
            return 0;
        to[i] = args[k];
    }
    return 1;
}

/* Where each parameter's value is, borrowed: an argument by position or name, or a default. 0: it is not that simple. */
static int find_arguments(const PyFunctionObject *func, PyObject *const *args, size_t n, PyObject *names, PyObject **to, PyObject *more)
{
    const PyCodeObject *code = (const PyCodeObject *)func->func_code;
    size_t n_params = (size_t)code->co_argcount, n_named = (size_t)cpy_n_named(code), given = n < n_params ? n : n_params;
    for (size_t i = 0; i < given; i++)
        to[i] = args[i];
    if (given == n_named && !names)
        return 1;
    for (size_t i = given; i < n_named; i++)
        to[i] = NULL;
    if (names && !find_named(code, args + n, names, to, more))
        return 0;
    PyObject *defaults = func->func_defaults;
    size_t n_defaults = defaults ? (size_t)PyTuple_GET_SIZE(defaults) : 0;
    if (n_defaults > n_params)
        return 0;
    for (size_t i = given; i < n_params; i++) {
        if (!to[i] && i < n_params - n_defaults)
            return 0;
        if (!to[i])
            to[i] = PyTuple_GET_ITEM(defaults, (Py_ssize_t)(i - (n_params - n_defaults)));
    }
    for (size_t i = n_params; i < n_named; i++)
        if (!to[i] && !(to[i] = cpy_keyword_default(func, (int)i)))
            return 0;
    return 1;
}

int cpy_arrange(const PyFunctionObject *func, PyObject *const *args, size_t n, PyObject *names, PyObject **to)
{
    const PyCodeObject *code = (const PyCodeObject *)func->func_code;
    size_t n_params = (size_t)code->co_argcount, n_named = (size_t)cpy_n_named(code), n_rest = n > n_params ? n - n_params : 0;
    int has_rest = (code->co_flags & CO_VARARGS) != 0, has_names = (code->co_flags & CO_VARKEYWORDS) != 0;
    if (n_rest && !has_rest)
        return 0;
    PyObject *dict = has_names ? PyDict_New() : NULL, *rest = has_rest ? PyTuple_New((Py_ssize_t)n_rest) : NULL;
    if ((has_names && !dict) || (has_rest && !rest) || !find_arguments(func, args, n, names, to, dict)) {
        PyErr_Clear();
        Py_XDECREF(rest);
        Py_XDECREF(dict);
        return 0;
    }
    for (size_t i = 0; i < n_rest; i++)
        PyTuple_SET_ITEM(rest, (Py_ssize_t)i, Py_NewRef(args[n_params + i]));
    for (size_t i = 0; i < n_named; i++)
        Py_INCREF(to[i]);
    if (has_rest)
        to[n_named++] = rest;
    if (has_names)
        to[n_named] = dict;
    return 1;
}
