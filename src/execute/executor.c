/* executor.c: the Python object that owns a root trace and its tree.
 *
 * Held by the loop header of its code object, and by whoever links to it or runs it; so code on any thread's stack is never freed. */
#include "execute.h"
#include "inspect.h"
#include "../cpython/death.h"
#include "../cpython/raise.h"
#include "../cpython/codeinfo.h"
#include "../cpython/steady.h"
#include "../emit/emit.h"
#include <stdlib.h>

typedef struct Executor {
    PyObject_HEAD
    Trace *root;
    Trace **sides;
    int n_sides, cap_sides;
    PyCodeObject *code;                 /* that of the entry frame, borrowed: not looked at before code_of() has found it alive */
    uint32_t version;                   /* its co_version */
    struct Executor *before, *after;    /* the list of all: `newest` first */
} Executor;

static Executor *newest;

PyObject *executor_new(Trace *root)
{
    Executor *x = malloc(sizeof *x);        /* like all that is ours: tracemalloc is for what the program allocates */
    if (!x) {
        steady_forget(&root->steady);
        emit_free(root);
        trace_free(root);
        return NULL;
    }
    PyObject_Init((PyObject *)x, &Executor_Type);
    x->root = root;
    x->sides = NULL;
    x->n_sides = x->cap_sides = 0;
    x->code = root->code;
    x->version = root->code->co_version;
    x->before = NULL;
    x->after = newest;
    if (newest)
        newest->before = x;
    newest = x;
    root->executor = (PyObject *)x;
    return (PyObject *)x;
}

int executor_add_side(PyObject *executor, Exit *e, Trace *side)
{
    Executor *x = (Executor *)executor;
    if (x->n_sides == x->cap_sides) {
        int cap = x->cap_sides ? x->cap_sides * 2 : 8;
        Trace **sides = realloc(x->sides, sizeof *sides * cap);
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

/* Borrowed; NULL when it is gone. What is kept per code object goes with it; one that has come to its address has another version. A weak
 * reference would be seen by the program: among the collector's objects, and by weakref.getweakrefs(). */
static PyCodeObject *code_of(const Executor *x)
{
    CodeInfo *info = codetable_find(x->code);
    return info && info->version == x->version ? x->code : NULL;
}

PyObject *executor_list(PyObject *code)
{
    PyObject *list = PyList_New(0);
    for (Executor *x = newest; list && x; x = x->after) {
        if (code && (PyObject *)code_of(x) != code)
            continue;
        if (PyList_Append(list, (PyObject *)x) < 0)
            Py_CLEAR(list);
    }
    if (list)
        PyList_Reverse(list);
    return list;
}

int executor_n_traces(PyObject *executor) { return 1 + ((Executor *)executor)->n_sides; }

void executor_each_trace(void (*visit)(void *arg, const Trace *t), void *arg)
{
    for (const Executor *x = newest; x; x = x->after)
        for (int i = 0; i <= x->n_sides; i++)
            visit(arg, i ? x->sides[i - 1] : x->root);
}

int64_t executor_n_bytecodes(PyObject *executor)
{
    const Executor *x = (const Executor *)executor;
    int64_t n = x->root->n_bytecodes;
    for (int i = 0; i < x->n_sides; i++)
        n += x->sides[i]->n_bytecodes;
    return n;
}

static void dealloc(PyObject *self)
{
    Executor *x = (Executor *)self;
    if (x->after)
        x->after->before = x->before;
    if (x->before)
        x->before->after = x->after;
    else
        newest = x->after;
    for (int i = 0; i < x->n_sides; i++) {
        emit_free(x->sides[i]);
        trace_free(x->sides[i]);
    }
    free(x->sides);
    steady_forget(&x->root->steady);
    emit_free(x->root);
    trace_free(x->root);
    free(self);
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

static PyObject *get_code(PyObject *self, void *unused)
{
    (void)unused;
    PyCodeObject *code = code_of((Executor *)self);
    return Py_NewRef(code ? (PyObject *)code : Py_None);
}

static PyObject *get_entries(PyObject *self, void *unused)
{
    (void)unused;
    PyCodeObject *code = code_of((Executor *)self);
    CodeInfo *info = code ? codeinfo_peek(code) : NULL;
    const Header *h = info ? codeinfo_header_of(info, ((Executor *)self)->root) : NULL;
    return PyLong_FromUnsignedLong(h ? h->entries : 0);
}

static PyObject *get_valid(PyObject *self, void *unused) { (void)unused; return PyBool_FromLong(((Executor *)self)->root->valid); }

static PyObject *get_code_size(PyObject *self, void *unused)
{
    (void)unused;
    Executor *x = (Executor *)self;
    size_t size = x->root->code_size;
    for (int i = 0; i < x->n_sides; i++)
        size += x->sides[i]->code_size;
    return PyLong_FromSize_t(size);
}

static PyObject *get_inside(PyObject *self, void *unused)
{
    (void)unused;
    Executor *x = (Executor *)self;
    return inspect_traces(x->root, x->sides, x->n_sides);
}

static PyGetSetDef getset[] = {
    {"code", get_code, NULL, "code object of the entry frame; None when it is gone", NULL},
    {"valid", get_valid, NULL, "False once an assumption of the trace has been broken", NULL},
    {"entries", get_entries, NULL, "times entered from the interpreter", NULL},
    {"code_size", get_code_size, NULL, "bytes of native code; 0: run by the uop interpreter", NULL},
    {"_inside", get_inside, NULL, "what copypatch/_inside.py shows of its traces", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

/* copypatch/_inside.py does it: it knows disassemblers. */
void executor_dump(PyObject *executor, int number)
{
    const Executor *x = (Executor *)executor;
    if (!(number ? x->sides[number - 1] : x->root)->code_start)
        return;
    PyObject *module = PyImport_ImportModule("copypatch._inside");
    PyObject *text = module ? PyObject_CallMethod(module, "dump", "Oi", executor, number) : NULL;
    const char *utf8 = text ? PyUnicode_AsUTF8(text) : NULL;
    if (utf8)
        fputs(utf8, stderr);
    else if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt))
        PyErr_SetInterrupt();       /* the program's */
    else
        fputs("copypatch: the code of a trace cannot be shown: copypatch/_inside.py fails\n", stderr);
    PyErr_Clear();
    Py_XDECREF(text);
    Py_XDECREF(module);
}

static PySequenceMethods sequence = {.sq_length = length, .sq_item = item};

PyTypeObject Executor_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "copypatch.Executor",
    .tp_basicsize = sizeof(Executor),
    .tp_dealloc = dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_doc = "A compiled loop or function: the sequence of the names of its root trace's uops.",
    .tp_getset = getset,
    .tp_as_sequence = &sequence,
};

int executor_init(PyObject *module)
{
    raise_init();
    death_init();
    return PyModule_AddType(module, &Executor_Type);
}
