/* executor.c: the Python object that owns a root trace and its tree.
 *
 * Held by the loop header of its code object, and by whoever links to it or runs it; so code on any thread's stack is never freed. */
#include "execute.h"
#include "raise.h"
#include "../emit/emit.h"

typedef struct {
    PyObject_HEAD
    Trace *root;
    Trace **sides;
    int n_sides, cap_sides;
} Executor;

PyObject *executor_new(Trace *root)
{
    Executor *x = PyObject_New(Executor, &Executor_Type);
    if (!x) {
        PyErr_Clear();
        emit_free(root);
        trace_free(root);
        return NULL;
    }
    x->root = root;
    x->sides = NULL;
    x->n_sides = x->cap_sides = 0;
    root->executor = (PyObject *)x;
    return (PyObject *)x;
}

int executor_add_side(PyObject *executor, Exit *e, Trace *side)
{
    Executor *x = (Executor *)executor;
    if (x->n_sides == x->cap_sides) {
        int cap = x->cap_sides ? x->cap_sides * 2 : 8;
        Trace **sides = PyMem_RawRealloc(x->sides, sizeof *sides * cap);
        if (!sides)
            return -1;
        x->sides = sides;
        x->cap_sides = cap;
    }
    x->sides[x->n_sides++] = side;
    side->executor = executor;
    x->root->escapes |= side->escapes;
    e->side = side;
    if (side->native_link)
        emit_link_exit(e, side);
    return 0;
}

int executor_n_traces(PyObject *executor) { return 1 + ((Executor *)executor)->n_sides; }

static void dealloc(PyObject *self)
{
    Executor *x = (Executor *)self;
    for (int i = 0; i < x->n_sides; i++) {
        emit_free(x->sides[i]);
        trace_free(x->sides[i]);
    }
    PyMem_RawFree(x->sides);
    emit_free(x->root);
    trace_free(x->root);
    PyObject_Free(self);
}

/* ---- what Python sees ---- */

static Py_ssize_t length(PyObject *self)
{
    const Trace *t = ((Executor *)self)->root;
    Py_ssize_t n = 0;
    for (int i = 0; i < t->n_uops; i++)
        n += !t->uops[i].dead;
    return n;
}

static PyObject *item(PyObject *self, Py_ssize_t index)
{
    const Trace *t = ((Executor *)self)->root;
    for (int i = 0; i < t->n_uops; i++)
        if (!t->uops[i].dead && index-- == 0)
            return PyUnicode_FromString(uop_info[t->uops[i].op].name);
    PyErr_SetString(PyExc_IndexError, "no such uop");
    return NULL;
}

static PyObject *get_code(PyObject *self, void *unused) { (void)unused; return Py_NewRef(((Executor *)self)->root->code); }
static PyObject *get_valid(PyObject *self, void *unused) { (void)unused; return PyBool_FromLong(((Executor *)self)->root->valid); }
static PyObject *get_traces(PyObject *self, void *unused) { (void)unused; return PyLong_FromLong(executor_n_traces(self)); }

static PyObject *get_code_size(PyObject *self, void *unused)
{
    (void)unused;
    Executor *x = (Executor *)self;
    size_t size = x->root->code_size;
    for (int i = 0; i < x->n_sides; i++)
        size += x->sides[i]->code_size;
    return PyLong_FromSize_t(size);
}

static int add_exits(PyObject *list, const Trace *t, int number)
{
    for (int i = 0; i < t->n_exits; i++) {
        const Exit *e = &t->exits[i];
        PyObject *row = Py_BuildValue("(isIO)", number, uop_info[t->uops[e->uop].op].name, e->count, e->side ? Py_True : Py_False);
        if (!row || PyList_Append(list, row) < 0) {
            Py_XDECREF(row);
            return -1;
        }
        Py_DECREF(row);
    }
    return 0;
}

static PyObject *get_exits(PyObject *self, void *unused)
{
    (void)unused;
    Executor *x = (Executor *)self;
    PyObject *list = PyList_New(0);
    if (!list || add_exits(list, x->root, 0) < 0)
        goto fail;
    for (int i = 0; i < x->n_sides; i++)
        if (add_exits(list, x->sides[i], i + 1) < 0)
            goto fail;
    return list;
fail:
    Py_XDECREF(list);
    return NULL;
}

static PyGetSetDef getset[] = {
    {"code", get_code, NULL, "code object of the entry frame", NULL},
    {"valid", get_valid, NULL, "False once an assumption of the trace has been broken", NULL},
    {"traces", get_traces, NULL, "number of traces: the root and its side traces", NULL},
    {"code_size", get_code_size, NULL, "bytes of native code; 0: run by the uop interpreter", NULL},
    {"exits", get_exits, NULL, "list of (trace number, uop name, times taken to the interpreter, continued by a side trace)", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PySequenceMethods sequence = {.sq_length = length, .sq_item = item};

PyTypeObject Executor_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "copypatch.Executor",
    .tp_basicsize = sizeof(Executor),
    .tp_dealloc = dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_doc = "A compiled loop: the sequence of the names of its root trace's uops.",
    .tp_getset = getset,
    .tp_as_sequence = &sequence,
};

int executor_init(PyObject *module)
{
    raise_init();
    return PyModule_AddType(module, &Executor_Type);
}
