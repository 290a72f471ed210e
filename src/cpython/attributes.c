/* attributes.c: an object and a name -> where the value is.
 *
 * The interpreter finds an attribute so: a data descriptor of the class; what the instance has; what the class has. What it has learned
 * about a class it ties to the class's version tag, which changes with it and its bases, and so do we. Instances of ordinary classes have
 * their values behind the object, in the order of keys that the class's instances share; those of __slots__ at offsets that descriptors of
 * the class know. */
#include "attributes.h"
#include "globals.h"
#include <structmember.h>

static int has_version(PyTypeObject *type, uint32_t *version)
{
    *version = PyUnstable_Type_AssignVersionTag(type) ? type->tp_version_tag : 0;
    return *version != 0;
}

static int offset_in(PyObject *o, const void *place) { return (int)((const char *)place - (const char *)o); }

/* An instance of a class that can be changed may be a descriptor tomorrow: no version of its owner's says so. */
static int may_become_a_descriptor(PyObject *value) { return !(Py_TYPE(value)->tp_flags & Py_TPFLAGS_IMMUTABLETYPE); }

/* One of __slots__ of the class or a base. */
static int is_slot(PyTypeObject *type, PyObject *descr)
{
    if (!Py_IS_TYPE(descr, &PyMemberDescr_Type) || !PyType_IsSubtype(type, PyDescr_TYPE(descr)))
        return 0;
    const PyMemberDef *member = ((PyMemberDescrObject *)descr)->d_member;
    return member->type == Py_T_OBJECT_EX && member->flags == 0 && member->offset > 0;
}

/* In the instance, whose class has nothing that goes before it. */
static int find_in_instance(PyObject *o, PyObject *name, Attribute *out)
{
    PyTypeObject *type = Py_TYPE(o);
    if (type->tp_flags & Py_TPFLAGS_INLINE_VALUES) {
        PyDictValues *values = _PyObject_InlineValues(o);
        PyDictKeysObject *keys = ((PyHeapTypeObject *)type)->ht_cached_keys;
        if (!values->valid || !keys)
            return 0;
        out->valid = offset_in(o, &values->valid);
        out->dict = offset_in(o, _PyObject_ManagedDictPointer(o));
        Py_ssize_t at = cpy_find_key(keys, name);
        if (at >= 0 && at < values->capacity) {
            out->field = offset_in(o, &values->values[at]);
            out->index = (int)at;
            out->has_index = 1;
            out->present = values->values[at] != NULL;
            return 1;
        }
        out->keys = keys;
        out->keys_version = cpy_keys_version(keys);
        return at < 0 && out->keys_version != 0;
    }
    if (type->tp_flags & Py_TPFLAGS_MANAGED_DICT)
        out->dict = offset_in(o, _PyObject_ManagedDictPointer(o));
    else if (type->tp_dictoffset > 0)
        out->dict = (int)type->tp_dictoffset;
    else
        return type->tp_dictoffset == 0;
    return *(PyObject **)((char *)o + out->dict) == NULL;
}

/* Both ways; the class's own functions for it are the ordinary ones. */
static int find(PyObject *o, PyObject *name, Attribute *out)
{
    PyTypeObject *type = Py_TYPE(o);
    *out = (Attribute){.descr = NULL};
    if (!PyUnicode_CheckExact(name) || PyType_Check(o) || PyModule_Check(o))
        return 0;
    PyObject *descr = _PyType_Lookup(type, name);
    if (!has_version(type, &out->version) || (descr && may_become_a_descriptor(descr)))
        return 0;
    if (descr && Py_TYPE(descr)->tp_descr_set) {
        if (!is_slot(type, descr))
            return 0;
        out->is_slot = 1;
        out->field = (int)((PyMemberDescrObject *)descr)->d_member->offset;
        out->present = *(PyObject **)((char *)o + out->field) != NULL;
        return 1;
    }
    out->descr = descr;
    return find_in_instance(o, name, out);
}

PyObject *cpy_lookup(PyTypeObject *type, PyObject **interned, const char *name)
{
    if (!*interned && !(*interned = PyUnicode_InternFromString(name))) {
        PyErr_Clear();
        return NULL;
    }
    return _PyType_Lookup(type, *interned);
}

/* Attributes that are there are found by object.__getattribute__, whatever is asked for others: the class may have a __getattr__. */
static int finds_plainly(PyTypeObject *type)
{
    static PyObject *getattr, *getattribute;
    if (type->tp_getattro == PyObject_GenericGetAttr)
        return 1;
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || !cpy_lookup(type, &getattr, "__getattr__"))
        return 0;
    PyObject *found = cpy_lookup(type, &getattribute, "__getattribute__");
    return found && found == cpy_lookup(&PyBaseObject_Type, &getattribute, "__getattribute__");
}

int cpy_find_attribute(PyObject *o, PyObject *name, Attribute *out)
{
    return finds_plainly(Py_TYPE(o)) && find(o, name, out) && (out->present || out->descr);
}

int cpy_lacks_attribute(PyObject *o, PyObject *name, Attribute *out)
{
    return Py_TYPE(o)->tp_getattro == PyObject_GenericGetAttr && find(o, name, out) && !out->present && !out->descr && !out->is_slot;
}

int cpy_find_place(PyObject *o, PyObject *name, Attribute *out)
{
    if (Py_TYPE(o)->tp_setattro != PyObject_GenericSetAttr || !find(o, name, out))
        return 0;
    return out->is_slot || ((out->present || out->has_index) && *(PyObject **)((char *)o + out->dict) == NULL);
}

/* What c.name finds in the classes of c, before it is bound; NULL: something else may count. */
static PyObject *find_in_class(PyTypeObject *c, PyObject *name, uint32_t *version)
{
    if (!Py_IS_TYPE((PyObject *)c, &PyType_Type) || !PyUnicode_CheckExact(name) || _PyType_Lookup(&PyType_Type, name))
        return NULL;
    PyObject *value = _PyType_Lookup(c, name);
    return value && has_version(c, version) && !may_become_a_descriptor(value) ? value : NULL;
}

int cpy_is_method_of_c(PyObject *value) { return Py_IS_TYPE(value, &PyMethodDescr_Type) || Py_IS_TYPE(value, &PyWrapperDescr_Type); }

PyObject *cpy_class_attribute(PyTypeObject *c, PyObject *name, uint32_t *version)
{
    PyObject *value = find_in_class(c, name, version);
    return value && (!Py_TYPE(value)->tp_descr_get || PyFunction_Check(value) || cpy_is_method_of_c(value)) ? value : NULL;
}

PyObject **cpy_class_method(PyTypeObject *c, PyObject *name, uint32_t *version)
{
    PyObject *value = find_in_class(c, name, version);
    return value ? cpy_classmethod_function(value) : NULL;
}

PyObject **cpy_classmethod_function(PyObject *descr)
{
    static PyObject *name;
    if (!Py_IS_TYPE(descr, &PyClassMethod_Type) || (!name && !(name = PyUnicode_InternFromString("__func__"))))
        return PyErr_Clear(), NULL;
    PyObject **address = (PyObject **)(descr + 1), *function = PyObject_GetAttr(descr, name);      /* the first field: not in a header */
    int good = function && function == *address && PyFunction_Check(function);
    Py_XDECREF(function);
    PyErr_Clear();
    return good ? address : NULL;
}

PyObject **cpy_class_value(PyTypeObject *c, PyObject *name, PyObject *value)
{
    for (Py_ssize_t i = 0; c->tp_mro && i < PyTuple_GET_SIZE(c->tp_mro); i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(c->tp_mro, i);
        uint32_t version;
        if (!(base->tp_flags & Py_TPFLAGS_HEAPTYPE) || !base->tp_dict)
            continue;
        PyObject **address = cpy_dict_value(base->tp_dict, name, &version);
        if (address && *address)
            return *address == value ? address : NULL;
    }
    return NULL;
}

PyObject *cpy_new_instance(PyObject *class) { return PyType_GenericAlloc((PyTypeObject *)class, 0); }
