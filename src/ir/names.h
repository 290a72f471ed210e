/* Names for what a trace refers to by address. */
#pragma once
#include "ir.h"

/* Text of an object that text can stand for: None, True, False, NULL, type:NAME, obj:LITERAL. 0: it has none. */
int name_object(PyObject *o, char *text, size_t size);
/* The object of such a text: new reference (NULL const: *is_null), or NULL with no exception when it says nothing. */
PyObject *name_to_object(const char *text, int *is_null);
/* What sort of object it is, without blanks and with angle brackets balanced: `function:f`, `method_descriptor:list.append`. */
void name_describe(PyObject *o, char *text, size_t size);
/* The same of a constant that the trace does not own. */
void name_const(const Const *k, char *text, size_t size);
/* A fresh object described so: new reference. */
PyObject *name_placeholder(const char *description);

/* The bytes of a str, for show; "?" when it is none, or cannot be encoded. An exception that is set stays. */
const char *name_utf8(PyObject *text);

/* It is one of the types that live for ever. Only its address is looked at. */
int name_is_builtin_type(const PyObject *o);

/* C functions by name; NULL when it has none. */
const char *name_function(void *fn);
void *name_to_function(const char *name);
/* A builtin type whose tp_iternext it is. */
PyTypeObject *name_iternext(void *fn);
