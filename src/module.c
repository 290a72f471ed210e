/* The Python API: module copypatch._copypatch. copypatch/__init__.py documents and re-exports it. */
#include "attach/active.h"
#include "attach/arming.h"
#include "attach/attach.h"
#include "attach/notes.h"
#include "attach/sampler.h"
#include "attach/stats.h"
#include "cpython/codeinfo.h"
#include "cpython/runmain.h"
#include "emit/emit.h"
#include "emit/helper_table.h"
#include "emit/show.h"
#include "execute/execute.h"
#include "execute/inspect.h"
#include "execute/totals.h"
#include "ir/config.h"
#include "optimize/passes.h"
#include "record/record.h"

static PyObject *enable(PyObject *m, PyObject *unused)
{
    (void)m; (void)unused;
    if (attach_enable() < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *disable(PyObject *m, PyObject *unused)
{
    (void)m; (void)unused;
    attach_disable();
    Py_RETURN_NONE;
}

static PyObject *replace_own_jit(PyObject *m, PyObject *unused) { (void)m; (void)unused; return PyBool_FromLong(attach_replace_own_jit()); }
static PyObject *is_enabled(PyObject *m, PyObject *unused) { (void)m; (void)unused; return PyBool_FromLong(attach_is_enabled()); }
static PyObject *is_available(PyObject *m, PyObject *unused) { (void)m; (void)unused; return PyBool_FromLong(!attach_unavailable()); }

static PyObject *is_active(PyObject *m, PyObject *unused)
{
    (void)m; (void)unused;
    PyThreadState *ts = PyThreadState_Get();
    return PyBool_FromLong(active_below(ts, cpy_frame(ts)));
}

/* What a callback costs that does nothing: bench/cost.py. */
static PyObject *nothing(PyObject *m, PyObject *const *args, Py_ssize_t n) { (void)m; (void)args; (void)n; Py_RETURN_NONE; }

/* What counts how often it has been called: bench/limits.py. */
static uint64_t calls;

static PyObject *count(PyObject *m, PyObject *const *args, Py_ssize_t n)
{
    (void)m; (void)args; (void)n;
    calls++;
    Py_RETURN_NONE;
}

static PyObject *counted(PyObject *m, PyObject *unused) { (void)m; (void)unused; return PyLong_FromUnsignedLongLong(calls); }

static PyObject *text_or_none(const char *text)
{
    if (text)
        return PyUnicode_FromString(text);
    Py_RETURN_NONE;
}

static PyObject *why_unavailable(PyObject *m, PyObject *unused) { (void)m; (void)unused; return text_or_none(attach_unavailable()); }

/* ---- stats ---- */

static PyObject *abort_counts(void)
{
    PyObject *counts = PyDict_New();
    for (int i = 0; counts && i < ABORT_COUNT; i++) {
        uint64_t n = stats.aborts_by_reason[i];
        PyObject *count = n ? PyLong_FromUnsignedLongLong(n) : NULL;
        if (n && (!count || PyDict_SetItemString(counts, abort_text[i], count) < 0))
            Py_CLEAR(counts);
        Py_XDECREF(count);
    }
    return counts;
}

static Py_ssize_t count_armed(void)
{
    PyObject *codes = arming_codes();
    Py_ssize_t n = codes ? PyList_GET_SIZE(codes) : 0;
    PyErr_Clear();
    Py_XDECREF(codes);
    return n;
}

static double us_per(uint64_t ns, uint64_t n) { return n ? (double)ns / 1e3 / (double)n : 0; }

/* None where it is not known. */
static PyObject *ratio(uint64_t part, uint64_t all)
{
    if (all)
        return PyFloat_FromDouble((double)part / (double)all);
    Py_RETURN_NONE;
}

/* [[samples, those in native code], ...] */
static PyObject *native_samples(const Shares *s)
{
    PyObject *list = PyList_New(0);
    for (int i = 0; list && i < N_SPANS; i++) {
        PyObject *pair = Py_BuildValue("[II]", s->span[i].all, s->span[i].native);
        if (!pair || PyList_Append(list, pair) < 0)
            Py_CLEAR(list);
        Py_XDECREF(pair);
    }
    return list;
}

static PyObject *get_stats(PyObject *m, PyObject *unused)
{
    (void)m; (void)unused;
    const Stats *s = &stats;
    uint64_t n = s->recorded_bytecodes;
    PyObject *reason = text_or_none(attach_off_reason()), *by_reason = abort_counts();
    if (!reason || !by_reason) {
        Py_XDECREF(reason);
        Py_XDECREF(by_reason);
        return NULL;
    }
    const Shares *shares = sampler_shares();
    Totals all = totals_now();
    return Py_BuildValue("{sN sK sK sn sK sK sK sK sN sK sK sK sK sK sK sK sK sK sK sd sd sd sd sd sK sK sN sN sN sN sN sN sK sL sL}",
        "off_reason", reason, "samples", sampler_samples(), "sampler_ns", sampler_ns(), "armed", count_armed(), "events", s->events,
        "traces", s->traces, "side_traces", s->side_traces, "aborts", s->aborts,
        "aborts_by_reason", by_reason, "retired", s->retired, "entries", s->entries, "exits", s->exits,
        "recorded_bytecodes", n, "aborted_bytecodes", s->aborted_bytecodes, "emitted_uops", s->emitted_uops,
        "setup_ns", s->setup_ns, "record_ns", s->record_ns, "optimize_ns", s->optimize_ns, "emit_ns", s->emit_ns,
        "us_per_bytecode", us_per(s->record_ns + s->optimize_ns + s->emit_ns, n), "record_us_per_bytecode", us_per(s->record_ns, n),
        "optimize_us_per_bytecode", us_per(s->optimize_ns, n), "emit_us_per_bytecode", us_per(s->emit_ns, n),
        "emit_us_per_uop", us_per(s->emit_ns, s->emitted_uops),
        "code_bytes", (unsigned long long)emit_bytes_used(), "metadata_bytes", (unsigned long long)all.metadata,
        "copies_per_bytecode", ratio(all.copies, all.bytecodes),
        "few_runs", (config.count & COUNT_RUNS) ? ratio(all.few, all.traces) : Py_NewRef(Py_None),
        "native_bytecodes", (config.count & COUNT_BYTECODES) ? PyLong_FromLongLong(record_executed) : Py_NewRef(Py_None),
        "native_share", ratio(shares->native_ns, shares->ns), "native_samples", native_samples(shares),
        "first_native_s", s->first_native_ns ? PyFloat_FromDouble((double)s->first_native_ns * 1e-9) : Py_NewRef(Py_None),
        "longest_pause_ns", s->longest_pause_ns, "gained_ns", (long long)s->gained_ns, "paid_ns", (long long)s->paid_ns);
}

/* Of python -m copypatch -v: recordings that come to nothing are noted from now on; what has been noted; exits that were taken. */
static PyObject *note_aborts(PyObject *m, PyObject *unused) { (void)m; (void)unused; notes_wanted = 1; Py_RETURN_NONE; }
static PyObject *noted_aborts(PyObject *m, PyObject *unused) { (void)m; (void)unused; return notes_list(); }
static PyObject *exits_taken(PyObject *m, PyObject *unused) { (void)m; (void)unused; return inspect_exits(); }

/* ---- executors ---- */

static PyObject *executors(PyObject *m, PyObject *args)
{
    (void)m;
    PyObject *what = Py_None;
    if (!PyArg_ParseTuple(args, "|O:executors", &what))
        return NULL;
    if (PyMethod_Check(what))
        what = PyMethod_GET_FUNCTION(what);
    if (PyFunction_Check(what))
        what = PyFunction_GET_CODE(what);
    if (what != Py_None && !PyCode_Check(what))
        return PyErr_Format(PyExc_TypeError, "executors() takes a function or a code object, not %T", what);
    return executor_list(what == Py_None ? NULL : what);
}

/* {address: name} of the functions that stencils call. */
static PyObject *helpers(PyObject *m, PyObject *unused)
{
    (void)m; (void)unused;
    PyObject *names = PyDict_New();
    for (int i = 0; names && i < helper_count; i++) {
        PyObject *address = PyLong_FromVoidPtr(helper_table[i].address), *name = PyUnicode_FromString(helper_table[i].name);
        if (!address || !name || PyDict_SetItem(names, address, name) < 0)
            Py_CLEAR(names);
        Py_XDECREF(address);
        Py_XDECREF(name);
    }
    return names;
}

static PyObject *stencil_tables(PyObject *m, PyObject *unused) { (void)m; (void)unused; return show_tables(); }

static PyObject *stencil(PyObject *m, PyObject *args)
{
    (void)m;
    const char *name;
    int number, constant;
    return PyArg_ParseTuple(args, "sip:_stencil", &name, &number, &constant) ? show_stencil(name, number, constant) : NULL;
}

/* ---- the runner ---- */

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

/* ---- for the tests of passes: texts in, texts out ---- */

static PyObject *text_function(PyObject *(*fn)(const char *), PyObject *text)
{
    const char *utf8 = PyUnicode_AsUTF8(text);
    return utf8 ? fn(utf8) : NULL;
}

static PyObject *parse_print(PyObject *m, PyObject *text) { (void)m; return text_function(pass_print, text); }
static PyObject *verify(PyObject *m, PyObject *text) { (void)m; return text_function(pass_verify, text); }

static PyObject *run_pass(PyObject *m, PyObject *args)
{
    (void)m;
    const char *name, *text;
    if (!PyArg_ParseTuple(args, "ss:_run_pass", &name, &text))
        return NULL;
    return pass_run(name, text);
}

static PyMethodDef methods[] = {
    { "enable", enable, METH_NOARGS, NULL },
    { "disable", disable, METH_NOARGS, NULL },
    { "is_enabled", is_enabled, METH_NOARGS, NULL },
    { "is_active", is_active, METH_NOARGS, NULL },
    { "is_available", is_available, METH_NOARGS, NULL },
    { "why_unavailable", why_unavailable, METH_NOARGS, NULL },
    { "stats", get_stats, METH_NOARGS, NULL },
    { "_note_aborts", note_aborts, METH_NOARGS, NULL },
    { "_noted_aborts", noted_aborts, METH_NOARGS, NULL },
    { "_exits_taken", exits_taken, METH_NOARGS, NULL },
    { "executors", executors, METH_VARARGS, NULL },
    { "_nothing", (PyCFunction)(void (*)(void))nothing, METH_FASTCALL, NULL },
    { "_count", (PyCFunction)(void (*)(void))count, METH_FASTCALL, NULL },
    { "_counted", counted, METH_NOARGS, NULL },
    { "_helpers", helpers, METH_NOARGS, NULL },
    { "_stencil_tables", stencil_tables, METH_NOARGS, NULL },
    { "_stencil", stencil, METH_VARARGS, NULL },
    { "run_main", run, METH_VARARGS, NULL },
    { "replace_own_jit", replace_own_jit, METH_NOARGS, NULL },
    { "_parse_print", parse_print, METH_O, NULL },
    { "_verify", verify, METH_O, NULL },
    { "_run_pass", run_pass, METH_VARARGS, NULL },
    { 0 },
};

static struct PyModuleDef definition = { PyModuleDef_HEAD_INIT, .m_name = "copypatch._copypatch", .m_size = -1, .m_methods = methods };

#ifndef COPYPATCH_TARGET
#define COPYPATCH_TARGET NULL
#endif
#ifdef COPYPATCH_DEBUG
#define DEBUG_BUILD Py_True
#else
#define DEBUG_BUILD Py_False
#endif

#if PYTHON_JIT_IS_OURS
#define SWITCHES "PYTHON_JIT=1 or COPYPATCH=1"
#else
#define SWITCHES "COPYPATCH=1"
#endif

/* What this build is: JIT, the build option; TARGET, the triple of its native code or None; SWITCHES, what switches on one that is off;
 * DEBUG. */
static int add_build(PyObject *module)
{
    return PyModule_AddStringConstant(module, "JIT", COPYPATCH_JIT) < 0 ||
        PyModule_Add(module, "TARGET", text_or_none(COPYPATCH_TARGET)) < 0
        || PyModule_AddStringConstant(module, "SWITCHES", SWITCHES) < 0
        || PyModule_AddObjectRef(module, "DEBUG", DEBUG_BUILD) < 0 ? -1 : 0;
}

PyMODINIT_FUNC PyInit__copypatch(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module && (add_build(module) < 0 || attach_init() < 0 || executor_init(module) < 0))
        Py_CLEAR(module);
    return module;
}
