/* Where an object has an attribute, for guarded direct access. */
#pragma once
#include "cpy.h"

/* What has to hold for it, and where to look. Offsets are bytes from the object's address; 0: there is no such thing. All that is borrowed,
 * and all that is found here, holds while the class has the version. */
typedef struct {
    uint32_t version;           /* type(o)'s version tag: no other class ever has it, and the class gets another when it or a base is
                                 * changed */
    PyObject *descr;            /* what the class has under the name, borrowed; NULL: nothing. Not looked at when `present` */
    int valid;                  /* of the byte that is 0 when the values inside the object are not what counts any more */
    int dict;                   /* of the pointer to the instance's dict, NULL: none has been made */
    int field;                  /* of the value: an inline value, or a slot */
    int present;                /* `field` has it */
    int index, has_index;       /* of an inline value: its number among the keys that instances share */
    PyDictKeysObject *keys;     /* without `field`: the name is not among these keys, while they have keys_version; NULL: nothing to
                                 * guard */
    uint32_t keys_version;
    int is_slot;                /* `field` is one of __slots__ */
} Attribute;

/* 1, or 0: it is looked up in another way, that of __getattr__, of a data descriptor, of a full dict. May hand out a version tag. No
 * exception. */
int cpy_find_attribute(PyObject *o, PyObject *name, Attribute *out);
/* The same when there is no such attribute, which nobody else is asked for. */
int cpy_lacks_attribute(PyObject *o, PyObject *name, Attribute *out);
/* The same for `o.name = value`: 1 when all that is needed is to put it at out->field, and, when an inline value is not `present`, to note
 * that it is the newest one. */
int cpy_find_place(PyObject *o, PyObject *name, Attribute *out);

/* As object.__new__() makes it: new reference or NULL with an exception. No Python code. */
PyObject *cpy_new_instance(PyObject *class);

/* What the class has under the name, which is interned when first asked for; borrowed, NULL: nothing. With the GIL; no exception. */
PyObject *cpy_lookup(PyTypeObject *type, PyObject **interned, const char *name);

/* What class `c` has under the name, found by `c.name` without running code: borrowed; NULL: it is not that simple. *version: the
 * class's. */
PyObject *cpy_class_attribute(PyTypeObject *c, PyObject *name, uint32_t *version);
int cpy_is_method_of_c(PyObject *value);        /* which a class gives as it is */
/* Where a classmethod keeps the function, in Python, that it binds to a class: borrowed; NULL: it is something else. The second: the one
 * that c.name finds. */
PyObject **cpy_classmethod_function(PyObject *descr);
PyObject **cpy_class_method(PyTypeObject *c, PyObject *name, uint32_t *version);
/* Where in the dict of a class of the MRO of `c` the value is kept, while c has its version; NULL: not to be found. */
PyObject **cpy_class_value(PyTypeObject *c, PyObject *name, PyObject *value);
