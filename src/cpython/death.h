/* Objects whose death nobody notices. */
#pragma once
#include "cpy.h"

void death_init(void);

/* The death of its objects runs no Python code. */
int cpy_is_leaf_type(PyTypeObject *type);

/* Instances of the class die as the interpreter lets them: there is no finalizer, and nothing of a class that is made in C. */
int cpy_class_dies_quietly(PyTypeObject *type);

/* What the last reference to o takes with it runs no Python code, and is little. */
int cpy_dies_quietly(PyObject *o);
