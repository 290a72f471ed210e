/* Where a dict keeps the value of a name, for guarded direct access. */
#pragma once
#include "cpy.h"

/* The address of the value of `name` in a dict with str keys only, and the version of its keys object, which changes whenever a key
 * comes, goes or moves. NULL: the name is not there (*version is set and guards that), or *version == 0: not possible. */
PyObject **cpy_dict_value(PyObject *dict, PyObject *name, uint32_t *version);

/* The entry of a str among keys that are all str, or -1. */
Py_ssize_t cpy_find_key(PyDictKeysObject *keys, PyObject *name);
/* Their version, handed out when they have none; 0: there is none left. */
uint32_t cpy_keys_version(PyDictKeysObject *keys);
