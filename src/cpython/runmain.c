/* a program -> its exit status
 *
 * What Modules/main.c does for `python FILE`, `-m` and `-c`, done again inside a running interpreter, with the same building blocks.
 * The thread's frame chain is cut while the program runs, so that it sees no frame of ours (sys._getframe, tracebacks, warnings'
 * stacklevel) and has the whole recursion limit. runpy.run_path() would show seven frames more. The native stack ends in the same place for
 * those who unwind it, so that profilers find both alike. */
#include "runmain.h"
#include "layout.h"
#include "internal/pycore_runtime.h"
#include <errno.h>
#include <unistd.h>
#include <sys/stat.h>

/* SystemExit stays set and leaves through the frames that called us (PyErr_Print() would end the process here, below frames whose
 * globals are __main__'s: what the program left in it would never be released). */
static int print_error(void)
{
    if (PyErr_ExceptionMatches(PyExc_SystemExit))
        return -1;
    PyErr_Print();
    return 1;
}

/* As Py_RunMain() sees it: the process will end by SIGINT after finalization. */
static void note_interrupt(void)
{
    if (layout_fits())
        _PyRuntime.signals.unhandled_keyboard_interrupt = PyErr_Occurred() == PyExc_KeyboardInterrupt;
}

static int run_command(PyObject *source, PyObject *remember_source)
{
    if (PySys_Audit("cpython.run_command", "O", source) < 0)
        return print_error();
    const char *text = PyUnicode_AsUTF8(source);
    if (!text) {
        PySys_WriteStderr("Unable to decode the command from the command line:\n");
        return print_error();
    }
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    flags.cf_flags |= PyCF_IGNORE_COOKIE;
    PyObject *code = Py_CompileStringExFlags(text, "<string>", Py_file_input, &flags, -1), *result = NULL;
    PyObject *remembered = code ? PyObject_CallFunctionObjArgs(remember_source, code, source, NULL) : NULL;
    if (remembered && PySys_Audit("exec", "O", code) == 0) {
        PyObject *globals = PyModule_GetDict(PyImport_AddModule("__main__"));
        result = PyEval_EvalCode(code, globals, globals);
        if (!result)
            note_interrupt();
    }
    Py_XDECREF(code);
    Py_XDECREF(remembered);
    Py_XDECREF(result);
    return result ? 0 : print_error();
}

static int run_module(PyObject *name, int set_argv0)
{
    if (PySys_Audit("cpython.run_module", "O", name) < 0)
        return print_error();
    PyObject *runpy = PyImport_ImportModule("runpy");
    PyObject *result = runpy ? PyObject_CallMethod(runpy, "_run_module_as_main", "OO", name, set_argv0 ? Py_True : Py_False) : NULL;
    if (!result)
        note_interrupt();
    Py_XDECREF(runpy);
    Py_XDECREF(result);
    return result ? 0 : print_error();
}

/* sys.orig_argv[0], as which python speaks of itself. */
static PyObject *program_name(void)
{
    PyObject *argv = PySys_GetObject("orig_argv");
    return argv && PyList_Check(argv) && PyList_GET_SIZE(argv) ? PyList_GET_ITEM(argv, 0) : Py_None;
}

static int insert_path(PyObject *directory)
{
    PyObject *path = PySys_GetObject("path");
    return path && PyList_Check(path) ? PyList_Insert(path, 0, directory) : 0;
}

static void flush_stream(const char *name)
{
    PyObject *exc = PyErr_GetRaisedException(), *stream = PySys_GetObject(name);
    PyObject *r = stream && stream != Py_None ? PyObject_CallMethod(stream, "flush", NULL) : NULL;
    if (!r)
        PyErr_Clear();
    Py_XDECREF(r);
    PyErr_SetRaisedException(exc);
}

/* A script in source form, in __main__: what the interpreter sets there while it runs. Closes the file. */
static int run_source(FILE *file, PyObject *path, const char *name)
{
    PyObject *variables = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyObject *loaders = PySys_GetObject("modules") ? PyImport_ImportModule("_frozen_importlib_external") : NULL;
    PyObject *loader = loaders ? PyObject_CallMethod(loaders, "SourceFileLoader", "sO", "__main__", path) : NULL;
    Py_XDECREF(loaders);
    if (!loader || PyDict_SetItemString(variables, "__file__", path) < 0 ||
        (MAIN_HAS_CACHED && PyDict_SetItemString(variables, "__cached__", Py_None) < 0) ||
        PyDict_SetItemString(variables, "__loader__", loader) < 0) {
        Py_XDECREF(loader);
        fclose(file);
        return print_error();
    }
    Py_DECREF(loader);
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    PyObject *result = PyRun_FileExFlags(file, name, Py_file_input, variables, variables, 1, &flags);
    if (!result)
        note_interrupt();
    flush_stream("stderr");
    flush_stream("stdout");
    int status = result ? 0 : print_error();
    Py_XDECREF(result);
    PyObject *exc = PyErr_GetRaisedException();
    if (PyDict_PopString(variables, "__file__", NULL) < 0 || (MAIN_HAS_CACHED && PyDict_PopString(variables, "__cached__", NULL) < 0))
        PyErr_Clear();
    PyErr_SetRaisedException(exc);
    return status;
}

static int run_file(PyObject *path, PyObject *directory)
{
    PyObject *importer = PyImport_GetImporter(path);
    if (!importer)
        return print_error();
    int is_package = importer != Py_None;
    Py_DECREF(importer);
    if (is_package) {
        PyObject *name = PyUnicode_FromString("__main__");
        if (!name || insert_path(path) < 0)
            return print_error();
        int status = run_module(name, 0);
        Py_DECREF(name);
        return status;
    }
    if (directory != Py_None && insert_path(directory) < 0)
        return print_error();
    if (PySys_Audit("cpython.run_file", "O", path) < 0)
        return print_error();
    PyObject *bytes = PyUnicode_EncodeFSDefault(path);
    if (!bytes)
        return print_error();
    FILE *file = fopen(PyBytes_AS_STRING(bytes), "rbe");
    if (!file) {
        PySys_FormatStderr("%S: can't open file %R: [Errno %d] %s\n", program_name(), path, errno, strerror(errno));
        Py_DECREF(bytes);
        return 2;
    }
    struct stat status;
    if (fstat(fileno(file), &status) == 0 && S_ISDIR(status.st_mode)) {
        PySys_FormatStderr("%S: %R is a directory, cannot continue\n", program_name(), path);
        fclose(file);
        Py_DECREF(bytes);
        return 1;
    }
    if (Py_MakePendingCalls() < 0) {
        fclose(file);
        Py_DECREF(bytes);
        return print_error();
    }
    const char *name = PyBytes_AS_STRING(bytes);
    size_t length = strlen(name);
    int exit_status;
    if ((length > 4 && strcmp(name + length - 4, ".pyc") == 0) || isatty(fileno(file))) {
        PyCompilerFlags flags = _PyCompilerFlags_INIT;
        exit_status = PyRun_AnyFileExFlags(file, name, 1, &flags) != 0;
    } else
        exit_status = run_source(file, path, name);
    Py_DECREF(bytes);
    return exit_status;
}

/* Unwinders (py-spy, gdb, C++ exceptions) find the return address undefined here, which marks the outermost function of a stack. */
#if defined(__x86_64__)
#define OUTERMOST ".cfi_undefined rip"
#elif defined(__aarch64__)
#define OUTERMOST ".cfi_undefined x30"
#else
#define OUTERMOST ""
#endif

/* -> the exit status. The native stack ends here, as the thread's frame chain does: what merges them counts on each Python frame that C
 * called to have its call of the interpreter there, and the other way round. */
static __attribute__((noinline)) int run_outermost(int kind, PyObject *what, PyObject *extra)
{
    __asm__ volatile(OUTERMOST);
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    int status = kind == 'c' ? run_command(what, extra)
               : kind == 'm' ? run_module(what, 1)
               : kind == 'f' ? run_file(what, extra)
               : PyRun_AnyFileExFlags(stdin, "<stdin>", 0, &flags) != 0;
    __asm__ volatile("" : "+r"(status));    /* no jump that leaves this frame before it ends */
    return status;
}

int run_main(int kind, PyObject *what, PyObject *extra)
{
    if (!layout_fits())         /* frames are not where we believe: ours are seen */
        return run_outermost(kind, what, extra);
    PyThreadState *ts = PyThreadState_Get();
    Frame *frame = ts->current_frame;
    int remaining = ts->py_recursion_remaining, limit = ts->py_recursion_limit, c_remaining = c_recursion_left(ts);
    ts->current_frame = FRAME_BOTTOM(ts);
    ts->py_recursion_remaining = limit;
    c_recursion_set(ts, C_RECURSION_LIMIT);
    int status = run_outermost(kind, what, extra);
    ts->current_frame = frame;
    ts->py_recursion_remaining = remaining + (ts->py_recursion_limit - limit);
    c_recursion_set(ts, c_remaining);
    return status;
}
