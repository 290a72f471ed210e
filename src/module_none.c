/* The Python API of a build without a JIT (-Djit=no): module.c's functions, which say so. Programs are run as ever. */
#include "cpython/layout.h"
#include "cpython/runmain.h"

#define WHY "this copypatch was built without a JIT (jit=no)"

static PyObject *none(PyObject *m, PyObject *unused) { (void)m; (void)unused; Py_RETURN_NONE; }
static PyObject *no(PyObject *m, PyObject *unused) { (void)m; (void)unused; Py_RETURN_FALSE; }
static PyObject *why(PyObject *m, PyObject *unused) { (void)m; (void)unused; return PyUnicode_FromString(WHY); }
static PyObject *stats(PyObject *m, PyObject *unused) { (void)m; (void)unused; return Py_BuildValue("{ss}", "off_reason", WHY); }
static PyObject *executors(PyObject *m, PyObject *unused) { (void)m; (void)unused; return PyList_New(0); }

static PyObject *run(PyObject *m, PyObject *args)
{
    (void)m;
    int kind;
    PyObject *what, *extra;
    if (!PyArg_ParseTuple(args, "CUO:run_main", &kind, &what, &extra))
        return NULL;
    int status = run_main(kind, what, extra);
    return status < 0 ? NULL : PyLong_FromLong(status);
}

static PyMethodDef methods[] = {
    { "enable", none, METH_NOARGS, NULL },
    { "disable", none, METH_NOARGS, NULL },
    { "is_enabled", no, METH_NOARGS, NULL },
    { "is_active", no, METH_NOARGS, NULL },
    { "is_available", no, METH_NOARGS, NULL },
    { "why_unavailable", why, METH_NOARGS, NULL },
    { "stats", stats, METH_NOARGS, NULL },
    { "executors", executors, METH_VARARGS, NULL },
    { "run_main", run, METH_VARARGS, NULL },
    { "replace_own_jit", no, METH_NOARGS, NULL },
    { 0 },
};

static struct PyModuleDef definition = { PyModuleDef_HEAD_INIT, .m_name = "copypatch._copypatch", .m_size = -1, .m_methods = methods };

PyMODINIT_FUNC PyInit__copypatch(void)
{
    layout_check();     /* for run_main() */
    PyObject *module = PyModule_Create(&definition);
    if (module && (PyModule_AddStringConstant(module, "JIT", "no") < 0 || PyModule_AddObjectRef(module, "TARGET", Py_None) < 0
                   || PyModule_AddObjectRef(module, "DEBUG", Py_False) < 0))
        Py_CLEAR(module);
    return module;
}
