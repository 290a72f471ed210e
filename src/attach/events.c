/* JUMP, PY_START, PY_RESUME events -> driver_enter()
 *
 * Called by the interpreter on every jump and every call of armed code, so the way through for what is cold is short: find the header,
 * count.
 *
 *  1. Forward jumps, and headers where nothing will be recorded or entered, answer sys.monitoring.DISABLE: they call once, or once more
 *     when they are woken.
 *  2. While somebody else watches (settrace, setprofile, another tool), nothing of ours runs: not even counting matters then.
 *  3. Callbacks run with tracing on, which hides events from all code below: it is left around the driver. what_event is -1 there
 *     too, as it is outside callbacks; otherwise f_lineno would be assignable.
 *  4. The callbacks are objects of a type of its own: calling a builtin function takes one of the levels of C recursion that are left, and
 *     at the last one a jump would raise RecursionError. */
#include "events.h"
#include "arming.h"
#include "called.h"
#include "config.h"
#include "driver.h"
#include "judge.h"
#include "stats.h"
#include <stddef.h>

static PyObject *disable;       /* sys.monitoring.DISABLE, owned */

/* The byte offsets in events are small: the value of a compact int. */
static int32_t unit_of(PyObject *offset)
{
    return (int32_t)(_PyLong_CompactValue((PyLongObject *)offset) / (Py_ssize_t)sizeof(_Py_CODEUNIT));
}

/* Nothing will come of an event there any more, or not for long. */
static int is_done(const Header *h) { return h->closed || ((h->disabled || h->asleep) && !h->root); }

static PyObject *run_driver(PyThreadState *ts, CodeInfo *info, Header *h)
{
    int what = ts->what_event;
    Frame *frame = cpy_frame(ts);
    cpy_leave_tracing(ts);
    ts->what_event = -1;
    if (driver_may_enter(ts, h)) {
        if (h == &info->entry)
            called_from_c(info, frame);
        driver_enter(ts, frame, info, h);
    }
    ts->what_event = what;
    cpy_enter_tracing(ts);
    return ts->current_exception ? NULL : Py_NewRef(is_done(h) ? disable : Py_None);
}

/* The thread's current frame is the one that the event is about. It is not when a C++ exception has left frames behind: then an inner one
 * is current until the next call or return. */
static int is_at(Frame *frame, PyCodeObject *code, int32_t from)
{
    return cpy_frame_code(frame) == code && cpy_frame_ip(frame) == from;
}

/* The code, armed, comes from unit `from` to a header; NULL: to none. */
static PyObject *arrive(CodeInfo *info, Header *h, int32_t from)
{
    if (!h || is_done(h))
        return Py_NewRef(disable);
    stats.events++;
    if (!h->since || h->count == (int32_t)config.loop_threshold / 2)       /* what was long ago does not matter */
        judge_counts(h);
    if (++h->count < (int32_t)config.loop_threshold && !h->root)
        Py_RETURN_NONE;
    if (!h->root && judge_is_too_cold(info, h))
        return Py_NewRef(disable);
    PyThreadState *ts = PyThreadState_Get();
    if ((arming_is_calm(ts) ? cpy_watched_by_others(info->code) : arming_is_watched(ts, info->code)) || !is_at(cpy_frame(ts), info->code, from))
        Py_RETURN_NONE;
    return run_driver(ts, info, h);
}

/* (code, from, to) */
static PyObject *on_jump(PyObject *self, PyObject *const *args, size_t n, PyObject *names)
{
    (void)self, (void)names;
    if (PyVectorcall_NARGS(n) != 3 || !PyCode_Check(args[0]))
        Py_RETURN_NONE;
    int32_t from = unit_of(args[1]), to = unit_of(args[2]);
    CodeInfo *info = to > from ? NULL : codeinfo_peek((PyCodeObject *)args[0]);
    return arrive(info, info ? codeinfo_loop(info, to) : NULL, from);
}

/* (code, at), of PY_START and PY_RESUME */
static PyObject *on_start(PyObject *self, PyObject *const *args, size_t n, PyObject *names)
{
    (void)self, (void)names;
    if (PyVectorcall_NARGS(n) != 2 || !PyCode_Check(args[0]))
        Py_RETURN_NONE;
    CodeInfo *info = codeinfo_peek((PyCodeObject *)args[0]);
    int32_t at = unit_of(args[1]);
    return arrive(info, info ? codeinfo_entry_at(info, at) : NULL, at);
}

typedef struct { PyObject_HEAD vectorcallfunc call; } Callback;

static PyTypeObject Callback_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "copypatch.callback",
    .tp_basicsize = sizeof(Callback),
    .tp_vectorcall_offset = offsetof(Callback, call),
    .tp_call = PyVectorcall_Call,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_doc = "What sys.monitoring calls at jumps and starts of code that is watched for hot loops and functions.",
};

static PyObject *callback_new(vectorcallfunc call)
{
    PyObject *monitoring = PySys_GetObject("monitoring");
    if (!disable && monitoring)
        disable = PyObject_GetAttrString(monitoring, "DISABLE");
    if (!disable) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_RuntimeError, "lost sys.monitoring");
        return NULL;
    }
    Callback *callback = PyType_Ready(&Callback_Type) < 0 ? NULL : PyObject_New(Callback, &Callback_Type);
    if (callback)
        callback->call = call;
    return (PyObject *)callback;
}

PyObject *events_jump_callback(void) { return callback_new(on_jump); }
PyObject *events_start_callback(void) { return callback_new(on_start); }
