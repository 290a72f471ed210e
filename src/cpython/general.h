/* What an instruction does that has no form of its own in a trace: a function of its operands, the deepest first, whose references are its: it
 * releases them as and when the instruction does. May run arbitrary code. New reference (None where the instruction pushes nothing), or NULL with an
 * exception. */
#pragma once
#include "cpy.h"

typedef PyObject *General(PyObject **operands, Py_ssize_t n);

General cpy_get_attr;           /* object, name */
General cpy_call_ex;            /* callable, an iterable [, a dict or NULL] */
General cpy_super_attr;         /* super, class, self, the attribute's name [, anything: super was called with class and self] */
General cpy_make_function;      /* code, globals */
General cpy_set_attribute_of_function;  /* attribute, function, its number in SET_FUNCTION_ATTRIBUTE: the function */
General cpy_build_set;
General cpy_update_set;         /* set, iterable */
General cpy_update_dict;        /* dict, mapping */
General cpy_merge_dict;         /* dict, mapping, callable: its keyword arguments */
General cpy_extend_list;        /* list, iterable */
General cpy_store_slice;        /* value, container, start, stop */
General cpy_unpack;             /* iterable, number of values: a tuple of them */
General cpy_unpack_ex;          /* iterable, UNPACK_EX's argument: a tuple */
General cpy_before_with;        /* context manager: (its __exit__, its __enter__), bound (3.13) */
General cpy_load_special;       /* object, number of LOAD_SPECIAL: (method, self), or (bound method,) (from 3.14 on) */
General cpy_match_class;        /* subject, class, names, number of positional ones: a tuple, or None */
General cpy_match_keys;         /* subject, keys: a tuple, or None */
General cpy_intrinsic_1;        /* value, number of CALL_INTRINSIC_1 */
General cpy_intrinsic_2;        /* two values, number of CALL_INTRINSIC_2 */
General cpy_import_name;        /* name, fromlist, level, globals, builtins: in a function */
General cpy_import_from;        /* module, name; NULL in some versions: there is none */
General cpy_delete_global;      /* globals, name */
General cpy_load_global;        /* globals, builtins, name */
General cpy_build_class;        /* builtins: __build_class__ */
