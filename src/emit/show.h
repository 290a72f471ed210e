/* The built-in stencils as Python objects, for `python -m copypatch stencil`. */
#pragma once
#include <Python.h>

/* {name: (stencils by registers, of them with a constant operand)}. New reference, or NULL with an exception. */
PyObject *show_tables(void);
/* (code, [(offset, kind, value, helper, addend)], data), all of it bytes, numbers and names; None when there is none of that number. */
PyObject *show_stencil(const char *name, int number, int constant);
