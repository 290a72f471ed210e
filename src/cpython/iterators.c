/* iterators.c: an iterator over a dict, a set, or a list backwards -> its next value, where the step runs no Python code.
 *
 * Their tp_iternext functions run none but by what they release: at its end an iterator lets go of its container, and the one over a dict's
 * items, whose pairs are one tuple when nobody keeps it, lets go of the pair before. So the fields are looked at first. Their layouts are
 * in no header; cpy_odd_iterator() compares them with live objects at import. */
#include "iterators.h"
#include "internal/pycore_list.h"

typedef struct { PyObject_HEAD PyDictObject *dict; Py_ssize_t used, pos; PyObject *result; Py_ssize_t len; } DictIter;
typedef struct { PyObject_HEAD PySetObject *set; Py_ssize_t used, pos, len; } SetIter;
typedef struct { PyObject_HEAD Py_ssize_t index; PyListObject *list; } ListRevIter;

/* Of a str (two types), or of bytes. */
int cpy_holds_text(PyTypeObject *type)
{
    return strcmp(type->tp_name, "str_iterator") == 0 || strcmp(type->tp_name, "str_ascii_iterator") == 0 ||
        strcmp(type->tp_name, "bytes_iterator") == 0;
}

PyObject *cpy_text_of(PyObject *it) { return (PyObject *)((_PyListIterObject *)it)->it_seq; }

static int is_dict_iter(PyTypeObject *type)
{
    return type == &PyDictIterKey_Type || type == &PyDictIterValue_Type || type == &PyDictIterItem_Type;
}

int cpy_has_quiet_next(PyTypeObject *type) { return is_dict_iter(type) || type == &PySetIter_Type || type == &PyListRevIter_Type; }

static int dies_quietly(PyObject *o)
{
    return Py_REFCNT(o) > 1 || PyUnicode_CheckExact(o) || PyLong_CheckExact(o) || PyFloat_CheckExact(o) || PyBytes_CheckExact(o);
}

static int is_dict_quiet(DictIter *it)
{
    if (!it->dict || it->len <= 0 || it->used != it->dict->ma_used)
        return 0;
    PyObject *pair = it->result;        /* written anew when only the iterator has it */
    return !pair || Py_REFCNT(pair) != 1 || (dies_quietly(PyTuple_GET_ITEM(pair, 0)) && dies_quietly(PyTuple_GET_ITEM(pair, 1)));
}

static int is_set_quiet(SetIter *it) { return it->set && it->len > 0 && it->used == it->set->used; }
static int is_list_quiet(ListRevIter *it) { return it->list && it->index >= 0 && it->index < PyList_GET_SIZE(it->list); }

int cpy_is_quiet(PyObject *it)
{
    PyTypeObject *type = Py_TYPE(it);
    return is_dict_iter(type) ? is_dict_quiet((DictIter *)it) : type == &PySetIter_Type ? is_set_quiet((SetIter *)it)
        : is_list_quiet((ListRevIter *)it);
}

/* A step of an iterator that holds `container` at *place. A dict or set whose keys were exchanged may end before its length says so: then
 * the container must not die here, and the iterator is put back as it was. */
static PyObject *step(PyObject *it, PyObject **place, Py_ssize_t *pos, Py_ssize_t *len)
{
    PyObject *container = Py_NewRef(*place);
    Py_ssize_t was_pos = *pos, had = *len;
    PyObject *r = Py_TYPE(it)->tp_iternext(it);
    if (r) {
        Py_DECREF(container);
        return r;
    }
    PyErr_Clear();          /* the interpreter will meet the same */
    *pos = was_pos;
    *len = had;
    if (*place)
        Py_DECREF(container);
    else
        *place = container;
    return NULL;
}

PyObject *cpy_quiet_next(PyObject *it)
{
    if (!cpy_is_quiet(it))
        return NULL;
    if (is_dict_iter(Py_TYPE(it)))
        return step(it, (PyObject **)&((DictIter *)it)->dict, &((DictIter *)it)->pos, &((DictIter *)it)->len);
    if (Py_IS_TYPE(it, &PySetIter_Type))
        return step(it, (PyObject **)&((SetIter *)it)->set, &((SetIter *)it)->pos, &((SetIter *)it)->len);
    return Py_TYPE(it)->tp_iternext(it);
}

/* ---- the check at import ---- */

static int is_odd_dict_iter(PyObject *dict)
{
    PyObject *items = PyObject_CallMethod(dict, "items", NULL), *it = items ? PyObject_GetIter(items) : NULL,
        *pair = it ? PyIter_Next(it) : NULL;
    const DictIter *i = (DictIter *)it;
    int good = pair && Py_IS_TYPE(it, &PyDictIterItem_Type) && i->dict == (PyDictObject *)dict && i->used == 2 && i->pos == 1 &&
        i->result == pair && i->len == 1;
    Py_XDECREF(pair);
    Py_XDECREF(it);
    Py_XDECREF(items);
    return !good;
}

static int is_odd_set_iter(PyObject *dict)
{
    PyObject *set = PySet_New(dict), *it = set ? PyObject_GetIter(set) : NULL, *first = it ? PyIter_Next(it) : NULL;
    const SetIter *i = (SetIter *)it;
    int good = first && Py_IS_TYPE(it, &PySetIter_Type) && i->set == (PySetObject *)set && i->used == 2 && i->len == 1 && i->pos > 0;
    Py_XDECREF(first);
    Py_XDECREF(it);
    Py_XDECREF(set);
    return !good;
}

static int is_odd_list_iter(PyObject *dict)
{
    PyObject *list = PyDict_Keys(dict), *it = list ? PyObject_CallMethod(list, "__reversed__", NULL) : NULL,
        *first = it ? PyIter_Next(it) : NULL;
    const ListRevIter *i = (ListRevIter *)it;
    int good = first && Py_IS_TYPE(it, &PyListRevIter_Type) && i->list == (PyListObject *)list && i->index == 0;
    Py_XDECREF(first);
    Py_XDECREF(it);
    Py_XDECREF(list);
    return !good;
}

static int is_odd_text_iter(const char *format)
{
    PyObject *text = Py_BuildValue(format, "ab"), *it = text ? PyObject_GetIter(text) : NULL, *first = it ? PyIter_Next(it) : NULL;
    int good = first && cpy_holds_text(Py_TYPE(it)) && cpy_text_of(it) == text && ((_PyListIterObject *)it)->it_index == 1;
    Py_XDECREF(first);
    Py_XDECREF(it);
    Py_XDECREF(text);
    return !good;
}

const char *cpy_odd_iterator(void)
{
    PyObject *dict = Py_BuildValue("{i:i,i:i}", 1, 2, 3, 4);
    const char *odd = !dict ? "no memory" : is_odd_dict_iter(dict) ? "dict iterators" : is_odd_set_iter(dict) ? "set iterators" :
                      is_odd_list_iter(dict) ? "list iterators" : is_odd_text_iter("s") || is_odd_text_iter("y") ? "str iterators" : NULL;
    PyErr_Clear();
    Py_XDECREF(dict);
    return odd;
}
