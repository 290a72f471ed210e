/* _interpreters.call(id, f) with an armed f -> the same with an equal f that nobody watches
 *
 * What other interpreters are to run is sent to them marshalled; but before that, _interpreters refuses code objects that have any
 * monitoring data, which a code object keeps once local events were set on it. Ours must not show, so its functions that take code get a
 * copy instead, which marshals alike. (Taking the data away for the time of the call would not do: other threads may run the code
 * meanwhile.)
 *
 *  1. The module's table of methods is static, and its function objects look their C function up in it with each call: there ours are put.
 *     Interpreters share the table; what comes from another than the main one is passed on.
 *  2. The module is met when it is there, or comes into sys.modules (a dict watcher on it).
 *  3. From 3.14 on they are sent as they are: nothing of this is done there, where a copy could not even be pickled by its name.
 *  4. Only what is ours is hidden: code that another tool watches, or that ran while one had global events, is refused as without us. */
#include "sharing.h"
#include "codeinfo.h"
#include "watch.h"

#define MODULE "_interpreters"

enum { DO_EXEC, DO_CALL, DO_RUN_FUNC, N_FUNCTIONS };

/* Their second argument is a function or a code object. */
static struct { const char *name, *argument; PyCFunctionWithKeywords theirs; } functions[N_FUNCTIONS] = {
    [DO_EXEC] = { "exec", "code", NULL }, [DO_CALL] = { "call", "callable", NULL }, [DO_RUN_FUNC] = { "run_func", "func", NULL },
};

/* An equal function or code object without our events: new reference; NULL with no exception: as it is it will do. */
static PyObject *plain(PyObject *o)
{
    PyCodeObject *code = (PyCodeObject *)(PyFunction_Check(o) ? PyFunction_GET_CODE(o) : o);
    CodeInfo *info = PyCode_Check(code) ? codeinfo_peek(code) : NULL;
    if (!info || !info->first_watched_by_us || code->_co_instrumentation_version || cpy_watched_by_others(code))
        return NULL;
    PyObject *copy = codeinfo_copy(info);
    if (!copy || !PyFunction_Check(o))
        return copy;
    PyObject *function = PyFunction_New(copy, PyFunction_GET_GLOBALS(o));
    Py_DECREF(copy);
    if (function && PyFunction_GET_CLOSURE(o) && PyFunction_SetClosure(function, PyFunction_GET_CLOSURE(o)) < 0)
        Py_CLEAR(function);
    return function;
}

static PyObject *with_plain(int i, PyObject *self, PyObject *args, PyObject *kwargs)
{
    if (PyInterpreterState_Get() != PyInterpreterState_Main())
        return functions[i].theirs(self, args, kwargs);
    int positional = PyTuple_GET_SIZE(args) > 1;
    PyObject *given = positional ? PyTuple_GET_ITEM(args, 1) : kwargs ? PyDict_GetItemString(kwargs, functions[i].argument) : NULL;
    PyObject *other = given ? plain(given) : NULL, *result = NULL;
    if (!other)
        return PyErr_Occurred() ? NULL : functions[i].theirs(self, args, kwargs);
    if (positional) {
        PyObject *list = PySequence_List(args);
        args = list && PyList_SetItem(list, 1, Py_NewRef(other)) == 0 ? PyList_AsTuple(list) : NULL;
        Py_XDECREF(list);
        Py_XINCREF(kwargs);
    }
    else {
        Py_INCREF(args);
        kwargs = PyDict_Copy(kwargs);
        if (kwargs && PyDict_SetItemString(kwargs, functions[i].argument, other) < 0)
            Py_CLEAR(kwargs);
    }
    if (!PyErr_Occurred())
        result = functions[i].theirs(self, args, kwargs);
    Py_XDECREF(args);
    Py_XDECREF(kwargs);
    Py_DECREF(other);
    return result;
}

static PyObject *our_exec(PyObject *self, PyObject *args, PyObject *kwargs) { return with_plain(DO_EXEC, self, args, kwargs); }
static PyObject *our_call(PyObject *self, PyObject *args, PyObject *kwargs) { return with_plain(DO_CALL, self, args, kwargs); }
static PyObject *our_run_func(PyObject *self, PyObject *args, PyObject *kwargs) { return with_plain(DO_RUN_FUNC, self, args, kwargs); }

static const PyCFunctionWithKeywords ours[N_FUNCTIONS] = { [DO_EXEC] = our_exec, [DO_CALL] = our_call, [DO_RUN_FUNC] = our_run_func };

static void met(PyObject *module)
{
    PyModuleDef *def = module && PyModule_Check(module) ? PyModule_GetDef(module) : NULL;
    for (PyMethodDef *m = def ? def->m_methods : NULL; m && m->ml_name; m++)
        for (int i = 0; i < N_FUNCTIONS; i++)
            if (strcmp(m->ml_name, functions[i].name) == 0 && m->ml_flags == (METH_VARARGS | METH_KEYWORDS) && !functions[i].theirs) {
                functions[i].theirs = (PyCFunctionWithKeywords)(void (*)(void))m->ml_meth;
                m->ml_meth = (PyCFunction)(void (*)(void))ours[i];
            }
}

static int module_event(PyDict_WatchEvent event, PyObject *modules, PyObject *name, PyObject *module)
{
    (void)modules;
    if ((event == PyDict_EVENT_ADDED || event == PyDict_EVENT_MODIFIED) && PyUnicode_Check(name) && PyUnicode_EqualToUTF8(name, MODULE))
        met(module);
    return 0;
}

void sharing_prepare(void)
{
    static int prepared;
    PyObject *modules = PyImport_GetModuleDict();
    if (!WATCHED_CODE_IS_NOT_SENT || prepared || !modules)
        return;
    prepared = 1;
    met(PyDict_GetItemString(modules, MODULE));
    int id = cpy_add_dict_watcher(module_event);
    if (id >= 0)
        PyDict_Watch(id, modules);
    PyErr_Clear();
}
