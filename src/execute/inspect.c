/* inspect.c: trace -> Python objects, for copypatch.executors() and dumps.
 *
 * A trace refers to code objects, functions and classes that may be gone by the time somebody looks. So nothing here follows such a
 * pointer: names and lines come from the trace's own sources, objects are shown when the trace owns them. */
#include "inspect.h"
#include "execute.h"
#include "../emit/map.h"
#include "../ir/source.h"
#include "../ir/text.h"

/* Appends a new reference, which may be NULL with an exception. 0 or -1. */
static int append(PyObject *list, PyObject *item)
{
    int failed = !item || PyList_Append(list, item) < 0;
    Py_XDECREF(item);
    return failed ? -1 : 0;
}

/* (function, file, line) of a uop; None where not known. New reference. */
static PyObject *place(const Trace *t, uint32_t where)
{
    int line;
    const Source *s = source_of(t, where, &line);
    return Py_BuildValue("(OOi)", s ? s->qualname : Py_None, s ? s->filename : Py_None, line);
}

typedef struct { const Trace *t; PyObject *list; } Uops;

static int add_uop(void *arg, Ref ref, const char *text)
{
    Uops *u = arg;
    const UopInfo *info = &uop_info[u->t->uops[ref].op];
    return append(u->list, Py_BuildValue("(isNON)", ref, info->name, PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace"),
                                         info->result == KIND_NONE ? Py_False : Py_True, place(u->t, u->t->uops[ref].where)));
}

static int number_of(const Trace *t, const Trace *root, Trace *const *sides, int n_sides)
{
    for (int i = 0; i < n_sides; i++)
        if (sides[i] == t)
            return i + 1;
    return t == root ? 0 : -1;
}

static PyObject *uops(const Trace *t)
{
    Uops u = {t, PyList_New(0)};
    if (u.list && ir_each_uop(t, add_uop, &u))
        Py_CLEAR(u.list);
    return u.list;
}

static PyObject *exits(const Trace *t, const Trace *root, Trace *const *sides, int n_sides)
{
    PyObject *list = PyList_New(0);
    for (int i = 0; list && i < t->n_exits; i++) {
        const Exit *e = &t->exits[i];
        int side = e->side ? number_of(e->side, root, sides, n_sides) : -1;
        if (append(list, Py_BuildValue("(iIi)", e->uop, e->count, side)))
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *marks(const Trace *t)
{
    PyObject *list = PyList_New(0);
    for (int i = 0; list && i < t->n_marks; i++) {
        const CodeMark *m = &t->marks[i];
        if (append(list, Py_BuildValue("(Isi)", m->offset, map_what(m->what), m->uop)))
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *inspect(const Trace *t, const Trace *root, Trace *const *sides, int n_sides)
{
    int parent = t->parent ? number_of(t->parent->trace, root, sides, n_sides) : -1;
    int parent_exit = t->parent ? (int)(t->parent - t->parent->trace->exits) : -1;
    PyObject *code = t->code_start ? PyBytes_FromStringAndSize(t->code_start, (Py_ssize_t)map_end(t)) : PyBytes_FromString("");
    return Py_BuildValue("(iiNiNNnNIN)", parent, parent_exit, place(t, t->start == REF_NONE ? 0 : t->uops[t->start].where), t->n_bytecodes,
                         uops(t), exits(t, root, sides, n_sides), (Py_ssize_t)(intptr_t)t->code_start, code, map_data(t), marks(t));
}

PyObject *inspect_traces(const Trace *root, Trace *const *sides, int n_sides)
{
    PyObject *list = PyList_New(0);
    for (int i = 0; list && i <= n_sides; i++)
        if (append(list, inspect(i ? sides[i - 1] : root, root, sides, n_sides)))
            Py_CLEAR(list);
    return list;
}

static void add_exits(void *arg, const Trace *t)
{
    PyObject *list = *(PyObject **)arg;
    for (int i = 0; list && i < t->n_exits; i++) {
        const Exit *e = &t->exits[i];
        const Uop *u = &t->uops[e->uop];
        char place[1000];
        if (!e->count)
            continue;
        source_place(t, u->where, place, sizeof place);
        if (append(list, Py_BuildValue("(INsN)", e->count, PyUnicode_DecodeUTF8(place, (Py_ssize_t)strlen(place), "replace"),
                                       uop_info[u->op].name, PyBool_FromLong(e->given_up))))
            Py_CLEAR(list);
    }
    *(PyObject **)arg = list;
}

PyObject *inspect_exits(void)
{
    PyObject *list = PyList_New(0);
    executor_each_trace(add_exits, &list);
    return list;
}
