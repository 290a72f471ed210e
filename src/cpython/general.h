/* What an instruction does that has no form of its own in a trace: a function of its operands, the deepest first, whose references are its:
 * it releases them as and when the instruction does. May run arbitrary code. New reference (None where the instruction pushes nothing), or
 * NULL with an exception. Some leave more results, as their first operands. Numbers are small ints. */
#pragma once
#include "cpy.h"

typedef PyObject *General(PyObject **operands, Py_ssize_t n);

General cpy_get_attr;           /* object, name */
General cpy_set_in_dict;        /* value, object, name: an attribute; what it was before goes last */
General cpy_call_as_is;         /* callable, arguments: a bound method is no function with a self */
General cpy_call_ex;            /* callable, an iterable [, a dict or NULL] */
General cpy_super_attr;         /* super, class, self, name [, anything: super is called with class and self] */
General cpy_make_function;      /* code, globals */
General cpy_set_function_attribute;     /* attribute, function, argument of SET_FUNCTION_ATTRIBUTE: the function */
General cpy_build_map;          /* keys and values in turn */
General cpy_build_const_key_map;        /* the values, a tuple of the keys */
General cpy_length;             /* object */
General cpy_build_set;          /* the values */
General cpy_update_set;         /* iterable, set */
General cpy_update_dict;        /* mapping, dict */
General cpy_merge_dict;         /* dict, dict that gets its items, callable that gets these as keyword arguments */
General cpy_extend_list;        /* iterable, list */
General cpy_store_slice;        /* value, container, start, stop */
General cpy_unpack;             /* iterable, number of values: leaves them */
General cpy_unpack_ex;          /* iterable, number of values before and behind the starred one: leaves them all */
extern General *const cpy_before_with;  /* context manager: what it is entered as; leaves its __exit__, bound. NULL where there is no such
                                         * instruction */
extern General *const cpy_before_async_with;    /* the same of an asynchronous one: what is awaited, and __aexit__ */
extern General *const cpy_load_special; /* object, argument of LOAD_SPECIAL: the method; leaves its self, or NULL when it is bound.
                                         * Likewise */
General cpy_get_awaitable;      /* object, argument of GET_AWAITABLE */
General cpy_get_aiter;          /* object */
General cpy_get_anext;          /* asynchronous iterator */
General cpy_eg_match;           /* exception, class or tuple: the rest; leaves what matches, which is handled then, or None */
General cpy_raise;              /* exception or class [, cause]: what is raised, whatever that is; no exception is set */
General cpy_exc_match;          /* class or tuple, exception: a bool */
General cpy_with_except;        /* exit function, exception [, self of the function] */
General cpy_match_class;        /* subject, class, names, number of positional ones: a tuple, or None */
General cpy_match_keys;         /* subject, keys: a tuple, or None */
General cpy_intrinsic_1;        /* value, argument of CALL_INTRINSIC_1 */
General cpy_intrinsic_2;        /* two values, argument of CALL_INTRINSIC_2 */
/* These look names up where the thread's frame does. */
General cpy_import_name;        /* level, names that will be asked for, name, flags of the instruction */
extern General *const cpy_import_from;  /* module, name; NULL where the interpreter has no function for it */
General cpy_load_name;          /* name */
General cpy_store_name;         /* value, name */
General cpy_delete_name;        /* name */
General cpy_load_locals;
General cpy_load_build_class;
General cpy_load_from_dict_or_globals;  /* mapping, name */
General cpy_load_from_dict_or_cell;     /* mapping, cell, name, whether that is another function's */
extern General *const cpy_build_template;       /* strings, interpolations; NULL where there are none */
extern General *const cpy_build_interpolation;  /* value, text [, format], conversion; likewise */
General cpy_empty_cell;         /* cell, not empty */
General cpy_delete_global;      /* globals, name */
General cpy_load_global;        /* globals, builtins, name */
