/* death.c: does the death of an object run Python code?
 *
 * Not that of numbers, strings and the like. Nor that of a tuple, a list, or an instance of a plain class that nobody refers to weakly, when that is so of
 * what only they hold. What others hold, too, lives on, if it is met once: two references that go may be its last ones. */
#include "death.h"

#define MOST_PARTS 16       /* of one object */
#define MOST_SHARED 16      /* objects met that others hold, too */
#define DEEPEST 3

typedef struct { PyObject *shared[MOST_SHARED]; int n; } Dying;

int cpy_is_leaf_type(PyTypeObject *type)
{
    return type == &PyFloat_Type || type == &PyLong_Type || type == &PyUnicode_Type || type == &PyBool_Type || type == &PyBytes_Type ||
           type == Py_TYPE(Py_None) || type == &PyComplex_Type || type == &PyRange_Type || type == &PyRangeIter_Type;
}

/* Of classes that a `class` statement makes; NULL: not known. */
static destructor class_dealloc;

void death_init(void)
{
    PyObject *class = PyObject_CallFunction((PyObject *)&PyType_Type, "s(){}", "x");
    class_dealloc = class ? ((PyTypeObject *)class)->tp_dealloc : NULL;
    Py_XDECREF(class);
    PyErr_Clear();
}

int cpy_class_dies_quietly(PyTypeObject *type)
{
    if (type->tp_finalize || type->tp_del)
        return 0;
    for (PyTypeObject *t = type; t != &PyBaseObject_Type; t = t->tp_base)
        if (!(t->tp_flags & Py_TPFLAGS_HEAPTYPE) || t->tp_dealloc != class_dealloc || t->tp_itemsize)
            return 0;
    return 1;
}

static int dies(Dying *d, PyObject *o, int depth);

static int goes(Dying *d, PyObject *part, int depth)
{
    if (!part || Py_TYPE(part) == &PyFloat_Type || _Py_IsImmortal(part) || cpy_is_leaf_type(Py_TYPE(part)))
        return 1;
    if (Py_REFCNT(part) == 1)
        return depth < DEEPEST && dies(d, part, depth + 1);
    for (int i = 0; i < d->n; i++)
        if (d->shared[i] == part)
            return 0;
    if (d->n == MOST_SHARED)
        return 0;
    d->shared[d->n++] = part;
    return 1;
}

static int all_go(Dying *d, PyObject **parts, Py_ssize_t n, int depth)
{
    if (n > MOST_PARTS)
        return 0;
    for (Py_ssize_t i = 0; i < n; i++)
        if (!goes(d, parts[i], depth))
            return 0;
    return 1;
}

static int slots_go(Dying *d, PyObject *o, int depth)
{
    for (PyTypeObject *t = Py_TYPE(o); t != &PyBaseObject_Type; t = t->tp_base) {
        const PyMemberDef *m = (const PyMemberDef *)((char *)t + Py_TYPE(t)->tp_basicsize);      /* of __slots__ */
        for (Py_ssize_t i = 0; i < Py_SIZE(t); i++)
            if (m[i].type == Py_T_OBJECT_EX && !goes(d, *(PyObject **)((char *)o + m[i].offset), depth))
                return 0;
    }
    return 1;
}

static int dict_goes(Dying *d, PyObject *o, int depth)
{
    PyTypeObject *type = Py_TYPE(o);
    if (type->tp_flags & Py_TPFLAGS_MANAGED_DICT) {
        if (*(PyObject **)_PyObject_ManagedDictPointer(o))
            return 0;
        PyDictValues *values = type->tp_flags & Py_TPFLAGS_INLINE_VALUES ? _PyObject_InlineValues(o) : NULL;
        return !values || (values->valid && all_go(d, values->values, values->capacity, depth));
    }
    return type->tp_dictoffset == 0 || (type->tp_dictoffset > 0 && !*(PyObject **)((char *)o + type->tp_dictoffset));
}

static int dies(Dying *d, PyObject *o, int depth)
{
    PyTypeObject *type = Py_TYPE(o);
    if (type == &PyTuple_Type || type == &PyList_Type)
        return all_go(d, PySequence_Fast_ITEMS(o), Py_SIZE(o), depth);
    if (!cpy_class_dies_quietly(type) || (type->tp_weaklistoffset && *(PyObject **)((char *)o + type->tp_weaklistoffset)))
        return 0;
    return dict_goes(d, o, depth) && slots_go(d, o, depth);
}

int cpy_dies_quietly(PyObject *o)
{
    Dying d = {.n = 0};
    return cpy_is_leaf_type(Py_TYPE(o)) || dies(&d, o, 0);
}
