/* watch.c: local events of code objects; the hooks of tracemalloc. */
#include "watch.h"
#include "internal/pycore_instruments.h"
#include "internal/pycore_runtime.h"

int cpy_own_tool = -1;

int cpy_add_dict_watcher(PyDict_WatchCallback event)
{
    int ids[DICT_MAX_WATCHERS], n = 0;
    while (n < DICT_MAX_WATCHERS && (ids[n] = PyDict_AddWatcher(event)) >= 0)
        n++;
    for (int i = 0; i < n - 1; i++)
        PyDict_ClearWatcher(ids[i]);
    PyErr_Clear();
    return n ? ids[n - 1] : -1;
}

void *cpy_small_ints;
void *const *const cpy_allocator_at = (void *const *)&_PyRuntime.allocators.standard.obj.malloc;
void *cpy_calm_allocator;

int cpy_ask_tracemalloc(void)
{
    if (cpy_calm_allocator || PyTraceMalloc_Untrack(~0u, 0) != -2)      /* -2: it is not tracing */
        return 1;
    cpy_calm_allocator = *cpy_allocator_at;
    return 0;
}

_PyFrameEvalFunction cpy_perf_evaluator;

/* Can run no code of the program: sys's own function, unless somebody has replaced it. */
int cpy_ask_perf(_PyFrameEvalFunction evaluator)
{
    PyObject *exception = PyErr_GetRaisedException(), *function = PySys_GetObject("is_stack_trampoline_active");
    PyObject *active = function && PyCFunction_CheckExact(function) ? PyObject_CallNoArgs(function) : NULL;
    if (active == Py_True)
        cpy_perf_evaluator = evaluator;
    Py_XDECREF(active);
    PyErr_SetRaisedException(exception);
    return active != Py_True;
}

_Static_assert(LOCAL_EVENTS >= 8, "cpy_others_in() reads words");
_Static_assert(_PY_MONITORING_UNGROUPED_EVENTS >= 8, "cpy_others_in() reads words");

int cpy_watched_by_others(PyCodeObject *code)
{
    const void *tools = cpy_local_events(code);
    return tools && cpy_others_in(tools, LOCAL_EVENTS);
}

int cpy_instructions_watched(PyThreadState *ts, PyCodeObject *code)
{
    const uint8_t *tools = cpy_local_events(code);
    return cpy_global_events(ts)[PY_MONITORING_EVENT_INSTRUCTION] || (tools && tools[PY_MONITORING_EVENT_INSTRUCTION]);
}

void cpy_make_room_for_instruction_events(PyCodeObject *code)
{
    _PyCoMonitoringData *data = code->_co_monitoring;
    if (data && !data->per_instruction_tools)
        data->per_instruction_tools = PyMem_Calloc(Py_SIZE(code), 1);
}

/* ---- who sets local events ----
 *
 * They are there as soon as they have been set, and nothing that is quick to look at shows that some were. There is one way to set them: a
 * function of sys.monitoring's, whose definition, of a line of C, is replaced by one that tells us. (CPython does it itself for
 * frame.f_trace_opcodes: that means something only where a tracer is on, which every thread can see.) */

static void (*local_events_changed)(PyCodeObject *code);
static PyCFunctionFast set_local_events;
static PyObject *monitoring_module;     /* owned */

static PyObject *set_and_tell(PyObject *module, PyObject *const *args, Py_ssize_t n)
{
    PyObject *result = set_local_events(module, (PyObject **)args, n);
    int ours = n > 0 && PyLong_CheckExact(args[0]) && cpy_own_tool >= 0 && PyLong_AsLong(args[0]) == cpy_own_tool;
    if (!ours && n > 1 && PyCode_Check(args[1]))
        local_events_changed((PyCodeObject *)args[1]);
    return result;
}

const char *cpy_tell_local_events(void (*changed)(PyCodeObject *code))
{
    static PyMethodDef told;
    local_events_changed = changed;
    if (set_local_events)
        return NULL;
    PyObject *monitoring = PySys_GetObject("monitoring");       /* borrowed */
    PyObject *f = monitoring ? PyObject_GetAttrString(monitoring, "set_local_events") : NULL;
    PyErr_Clear();
    PyCFunctionObject *function = f && PyCFunction_CheckExact(f) ? (PyCFunctionObject *)f : NULL;
    if (function && function->m_ml->ml_flags == METH_FASTCALL && strcmp(function->m_ml->ml_name, "set_local_events") == 0) {
        told = *function->m_ml;
        set_local_events = (PyCFunctionFast)(void (*)(void))told.ml_meth;
        monitoring_module = Py_NewRef(PyCFunction_GET_SELF(f));
        told.ml_meth = (PyCFunction)(void (*)(void))set_and_tell;
        function->m_ml = &told;
    }
    Py_XDECREF(f);
    return set_local_events ? NULL : "sys.monitoring.set_local_events is not CPython's own";
}

static int set_own(PyCodeObject *code, int events)
{
    PyObject *args[] = {PyLong_FromLong(cpy_own_tool), (PyObject *)code, PyLong_FromLong(events)};
    PyObject *result = args[0] && args[2] ? set_local_events(monitoring_module, args, 3) : NULL;
    Py_XDECREF(args[0]);
    Py_XDECREF(args[2]);
    Py_XDECREF(result);
    return result != NULL;
}

/* Whenever a tool's events on it change. */
int cpy_instrument_now(PyThreadState *ts, PyCodeObject *code)
{
    if (code->_co_instrumentation_version == (ts->eval_breaker & ~(uintptr_t)_PY_EVAL_EVENTS_MASK))
        return 1;
    const uint8_t *tools = cpy_local_events(code);
    int events = 0;
    for (int k = 0; tools && k < LOCAL_EVENTS; k++)
        events |= (tools[k] >> cpy_own_tool & 1) << k;
    PyObject *exception = PyErr_GetRaisedException();
    int done = set_own(code, events ^ 1 << PY_MONITORING_EVENT_STOP_ITERATION) & set_own(code, events);
    PyErr_SetRaisedException(exception);
    return done;
}

const void *cpy_local_events(PyCodeObject *code) { return code->_co_monitoring ? code->_co_monitoring->local_monitors.tools : NULL; }
