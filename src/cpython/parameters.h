/* What a function's parameters are, and which arguments and defaults are for them. */
#pragma once
#include "cpy.h"

/* Parameters that have names, keyword-only ones behind the others; with *args and **names behind them: slots that a call fills. */
static inline int cpy_n_named(const PyCodeObject *code) { return code->co_argcount + code->co_kwonlyargcount; }
static inline int cpy_n_parameters(const PyCodeObject *code)
{
    return cpy_n_named(code) + ((code->co_flags & CO_VARARGS) != 0) + ((code->co_flags & CO_VARKEYWORDS) != 0);
}

static inline PyObject *cpy_parameter_name(const PyCodeObject *code, int i) { return PyTuple_GET_ITEM(code->co_localsplusnames, i); }

/* The parameter that an argument of this name is for. Or: there is none; the name is of a class that has a say in it. */
enum { NO_PARAMETER = -1, NOBODY_KNOWS = -2 };
int cpy_parameter(const PyCodeObject *code, PyObject *name);

/* The default of a keyword-only parameter, as the dict has it now; borrowed. NULL: there is none, or it is no dict as compilers make it. */
PyObject *cpy_keyword_default(const PyFunctionObject *func, int i);

/* An exact dict all of whose keys are str: none of them has a __hash__ or __eq__ of a program's. */
static inline int cpy_is_str_dict(PyObject *o) { return o && PyDict_CheckExact(o) && DK_IS_UNICODE(((PyDictObject *)o)->ma_keys); }

/* What the code of func, with no more than N_ARGS parameters, expects in a call with n arguments by position and those by name (a tuple of str, or
 * NULL) behind them: new references to the parameters' values, the tuple of *args, the dict of **names. 0: it is called in another way. No exception. */
int cpy_arrange(const PyFunctionObject *func, PyObject *const *args, size_t n, PyObject *names, PyObject **to);

/* By position, one for each parameter. */
static inline int cpy_is_plain_call(const PyFunctionObject *func, size_t n, PyObject *names)
{
    const PyCodeObject *code = (const PyCodeObject *)func->func_code;
    return !names && n == (size_t)code->co_argcount && !code->co_kwonlyargcount && !(code->co_flags & (CO_VARARGS | CO_VARKEYWORDS));
}
