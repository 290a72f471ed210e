/* watch.c: local events of code objects; the hooks of tracemalloc. */
#include "watch.h"
#include "internal/pycore_instruments.h"
#include "internal/pycore_runtime.h"

int cpy_own_tool = -1;

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

const void *cpy_local_events(PyCodeObject *code) { return code->_co_monitoring ? code->_co_monitoring->local_monitors.tools : NULL; }
