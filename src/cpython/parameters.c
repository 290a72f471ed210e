/* parameters.c: arguments by name, defaults by name. */
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
