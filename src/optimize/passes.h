/* Passes over texts, for tests. Each: new reference, or NULL with an exception (ValueError: what is wrong with the text). */
#pragma once
#include "../cpython/cpy.h"

PyObject *pass_print(const char *text);         /* parsed and printed again */
PyObject *pass_verify(const char *text);        /* None, or what does not hold */
PyObject *pass_run(const char *name, const char *text);
