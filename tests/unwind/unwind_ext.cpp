/* A C++ extension that leaves Python code in ways of its own: an exception thrown through the interpreter's frames, a thread that ends in
 * mid-call, a stack walked from below. */
#include <Python.h>
#include <pthread.h>
#include <stdexcept>
#include <unwind.h>

/* throw_at(i, n): None; a C++ exception when i == n. */
static PyObject *throw_at(PyObject *, PyObject *args)
{
    long i, n;
    if (!PyArg_ParseTuple(args, "ll", &i, &n))
        return NULL;
    if (i == n)
        throw std::runtime_error("thrown");
    Py_RETURN_NONE;
}

/* exit_at(i, n): None; the thread ends when i == n. */
static PyObject *exit_at(PyObject *, PyObject *args)
{
    long i, n;
    if (!PyArg_ParseTuple(args, "ll", &i, &n))
        return NULL;
    if (i == n) {
        PyEval_SaveThread();
        pthread_exit(NULL);
    }
    Py_RETURN_NONE;
}

/* catching(function): what function() returns, or the text of the C++ exception that comes out of it. */
static PyObject *catching(PyObject *, PyObject *function)
{
    try {
        return PyObject_CallNoArgs(function);
    } catch (std::exception &e) {
        return PyUnicode_FromString(e.what());
    }
}

static _Unwind_Reason_Code count_frame(struct _Unwind_Context *, void *n)
{
    ++*(long *)n;
    return _URC_NO_REASON;
}

/* depth(): the number of C frames that an unwinder finds on this thread's stack. */
static PyObject *depth(PyObject *, PyObject *)
{
    long n = 0;
    _Unwind_Backtrace(count_frame, &n);
    return PyLong_FromLong(n);
}

static PyMethodDef methods[] = {
    {"throw_at", throw_at, METH_VARARGS, NULL},
    {"exit_at", exit_at, METH_VARARGS, NULL},
    {"catching", catching, METH_O, NULL},
    {"depth", depth, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "unwind_ext", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_unwind_ext(void) { return PyModule_Create(&definition); }
