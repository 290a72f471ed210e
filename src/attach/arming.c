/* warm code object -> armed code object
 *
 * Arming is setting local events (PEP 669) on one code object: JUMP for its loops, PY_START for its entry and, of a generator, PY_RESUME.
 * They call events.c; all other code runs at stock speed. It goes through sys.monitoring, as any tool does; CPython exports no C function
 * for it in 3.13.
 *
 *  1. The tool id is OPTIMIZER_ID or, when that is taken, the first free one. It is claimed when the first code object is armed, so a
 *     program without hot loops does not see us. When none is free the JIT is off; said once.
 *  2. Armed code objects are remembered in a list that they leave when they die: arming keeps nothing alive.
 *  3. Eager mode arms a code object when it is created (code watcher) and, at the start, all that functions and frames refer to. */
#include "arming.h"
#include "../cpython/sharing.h"
#include "../cpython/watch.h"
#include "config.h"

#define N_TOOLS 6           /* ids that sys.monitoring gives out */

int arming_tool = -1;
static int no_tool_left;
static void (*set_up)(void);

static struct { int armed, event; PyObject *callback; /* owned; NULL: stopped */ } events[] = {
    {ARMED_LOOPS, PY_MONITORING_EVENT_JUMP, NULL}, {ARMED_ENTRY, PY_MONITORING_EVENT_PY_START, NULL},
    {ARMED_ENTRY, PY_MONITORING_EVENT_PY_RESUME, NULL},
};
enum { N_EVENTS = sizeof events / sizeof *events };

const char *arming_problem(void) { return no_tool_left ? "no sys.monitoring tool id is free" : codeinfo_problem(); }

/* sys.monitoring.NAME(*args): new reference. The name is interned: the interpreter's attribute cache keeps each str object that it was
 * asked for. */
static PyObject *monitoring(const char *name, const char *format, ...)
{
    PyObject *module = PySys_GetObject("monitoring");
    if (!module)
        return PyErr_SetString(PyExc_RuntimeError, "lost sys.monitoring"), NULL;
    va_list va;
    va_start(va, format);
    PyObject *args = Py_VaBuildValue(format, va), *attribute = PyUnicode_InternFromString(name);
    va_end(va);
    PyObject *function = attribute ? PyObject_GetAttr(module, attribute) : NULL;
    PyObject *result = args && function ? PyObject_Call(function, args, NULL) : NULL;
    Py_XDECREF(attribute);
    Py_XDECREF(args);
    Py_XDECREF(function);
    return result;
}

/* The same when only success counts: 1 or 0, no exception set. */
static int monitoring_do(const char *name, const char *format, int tool, int event, PyObject *o)
{
    PyObject *result = strcmp(format, "(iO)") == 0 ? monitoring(name, format, tool, o)
                     : strcmp(format, "(iOi)") == 0 ? monitoring(name, format, tool, o, event)
                     : monitoring(name, format, tool, event, o);
    if (!result)
        PyErr_Clear();
    Py_XDECREF(result);
    return result != NULL;
}

static int claim(int tool)
{
    PyObject *name = PyUnicode_FromString("copypatch");
    int ok = name && monitoring_do("use_tool_id", "(iO)", tool, 0, name);
    Py_XDECREF(name);
    PyErr_Clear();
    return ok;
}

static void claim_tool(void)
{
    if (claim(PY_MONITORING_OPTIMIZER_ID))
        cpy_own_tool = arming_tool = PY_MONITORING_OPTIMIZER_ID;
    for (int tool = 0; arming_tool < 0 && tool < N_TOOLS; tool++)
        if (claim(tool))
            cpy_own_tool = arming_tool = tool;
    if (arming_tool < 0) {
        no_tool_left = 1;
        fprintf(stderr, "copypatch: all sys.monitoring tool ids are in use: the JIT is off\n");
    }
    else {
        sharing_prepare();
        set_up();
        for (int i = 0; i < N_EVENTS; i++)
            monitoring_do("register_callback", "(iiO)", arming_tool, 1 << events[i].event, events[i].callback);
    }
}

static int event_set(int armed)
{
    int set = 0;
    for (int i = 0; i < N_EVENTS; i++)
        set |= armed & events[i].armed ? 1 << events[i].event : 0;
    return set;
}

void arming_arm(CodeInfo *info, int what)
{
    what &= (info->has_loop ? ARMED_LOOPS : 0) | (info->entry.unit >= 0 && config.functions ? ARMED_ENTRY : 0);
    if (!events[0].callback || !(what & ~info->armed) || no_tool_left)
        return;
    what |= info->armed;
    if (arming_tool < 0)
        claim_tool();
    if (arming_tool < 0)
        return;
    if (cpy_instructions_watched(PyThreadState_Get(), info->code))
        return;
    info->first_watched_by_us |= !cpy_local_events(info->code);
    if (monitoring_do("set_local_events", "(iOi)", arming_tool, event_set(what), (PyObject *)info->code))
        codeinfo_set_armed(info, what);
    cpy_make_room_for_instruction_events(info->code);
}

static void disarm(PyCodeObject *code)
{
    CodeInfo *info = codeinfo_peek(code);
    if (!info || !info->armed)
        return;
    codeinfo_set_armed(info, 0);
    monitoring_do("set_local_events", "(iOi)", arming_tool, 0, (PyObject *)code);
}

void arming_again(CodeInfo *info)
{
    int what = info->armed, first = info->first_watched_by_us;
    disarm(info->code);
    arming_arm(info, what);
    info->first_watched_by_us = (uint8_t)first;
}

PyObject *arming_codes(void)
{
    PyObject *codes = PyList_New(0);
    for (CodeInfo *info = codeinfo_armed; codes && info; info = info->after)
        if (Py_REFCNT(info->code) > 0 && PyList_Append(codes, (PyObject *)info->code) < 0)
            Py_CLEAR(codes);
    return codes;
}

/* ---- eager mode ---- */

static void arm_code(PyCodeObject *code)
{
    CodeInfo *info = codeinfo_get(code);
    if (info)
        arming_arm(info, ARMED_LOOPS | ARMED_ENTRY);
}

/* Must not make or free objects that the collector tracks. */
static int collect_code(PyObject *o, void *codes)
{
    if (PyFunction_Check(o) && PyList_Append(codes, ((PyFunctionObject *)o)->func_code) < 0)
        PyErr_Clear();
    return 1;
}

/* Arms each code object of the list, and those in their constants (appended as they are found). */
static void arm_all(PyObject *codes)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(codes); i++) {
        PyCodeObject *code = (PyCodeObject *)PyList_GET_ITEM(codes, i);
        arm_code(code);
        for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(code->co_consts); k++) {
            PyObject *inner = PyTuple_GET_ITEM(code->co_consts, k);
            if (PyCode_Check(inner) && PyList_Append(codes, inner) < 0)
                PyErr_Clear();
        }
    }
}

int arming_start_eager(void)
{
    if (codeinfo_watch_created(arm_code) < 0)
        return PyErr_Clear(), 0;
    PyObject *codes = PyList_New(0);
    if (!codes)
        return -1;
    PyUnstable_GC_VisitObjects(collect_code, codes);
    for (PyThreadState *ts = PyInterpreterState_ThreadHead(PyInterpreterState_Get()); ts; ts = PyThreadState_Next(ts))
        for (Frame *frame = cpy_frame(ts); frame; frame = frame->previous)
            if (cpy_frame_is_python(frame) && PyList_Append(codes, (PyObject *)cpy_frame_code(frame)) < 0)
                PyErr_Clear();
    arm_all(codes);
    Py_DECREF(codes);
    return 0;
}

/* ---- start and stop ---- */

void arming_start(PyObject *jump_callback, PyObject *start_callback, void (*before_first)(void))
{
    set_up = before_first;
    Py_XSETREF(events[0].callback, Py_NewRef(jump_callback));
    Py_XSETREF(events[1].callback, Py_NewRef(start_callback));
    Py_XSETREF(events[2].callback, Py_NewRef(start_callback));
}

void arming_stop(void)
{
    codeinfo_watch_created(NULL);
    for (int i = 0; i < N_EVENTS; i++)
        Py_CLEAR(events[i].callback);
    if (arming_tool >= 0) {
        PyObject *codes = arming_codes();
        PyErr_Clear();
        for (Py_ssize_t i = 0; codes && i < PyList_GET_SIZE(codes); i++)
            disarm((PyCodeObject *)PyList_GET_ITEM(codes, i));
        Py_XDECREF(codes);
        for (int i = 0; i < N_EVENTS; i++)
            monitoring_do("register_callback", "(iiO)", arming_tool, 1 << events[i].event, Py_None);
        Py_XDECREF(monitoring("free_tool_id", "(i)", arming_tool));
        PyErr_Clear();
        cpy_own_tool = arming_tool = -1;
        arming_calm_version = NOT_CALM;
    }
    no_tool_left = 0;
}

/* ---- others ---- */

uintptr_t arming_version;

int arming_bring_up_to_date(PyThreadState *ts)
{
    for (size_t i = 0; i <= codetable.mask; i++) {
        CodeInfo *info = codetable.slots[i].info;
        const Header *h;
        int part = info && info->followed;
        for (int k = 0; info && !part && (h = codeinfo_header(info, k)); k++)
            part = h->root != NULL;
        /* what others watch is no part of anything */
        if (part && !cpy_watched_by_others(info->code) && !cpy_instrument_now(ts, info->code))
            return 0;
    }
    arming_version = ts->eval_breaker & ~(uintptr_t)_PY_EVAL_EVENTS_MASK;
    return 1;
}

uintptr_t arming_calm_version = NOT_CALM;

/* Something waits for the interpreter's attention; or events have been switched on or off. (settrace and setprofile are global events of
 * CPython's own.) */
int arming_look(PyThreadState *ts)
{
    if (arming_tool < 0 || (ts->eval_breaker & _PY_EVAL_EVENTS_MASK) || !arming_is_up_to_date(ts))
        return 0;
    arming_calm_version = cpy_others_in(cpy_global_events(ts), _PY_MONITORING_UNGROUPED_EVENTS) ? NOT_CALM : arming_version;
    return arming_calm_version != NOT_CALM;
}

int arming_is_watched(PyThreadState *ts, PyCodeObject *code)
{
    return ts->c_tracefunc || ts->c_profilefunc || cpy_frames_evaluated_by_others(ts) || cpy_allocations_watched()
        || cpy_others_in(cpy_global_events(ts), _PY_MONITORING_UNGROUPED_EVENTS)
        || cpy_watched_by_others(code);
}
