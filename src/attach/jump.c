/* JUMP event -> driver_loop()
 *
 * Called by the interpreter on every jump of armed code, so the way through for a cold loop is short: find the header, count.
 *
 *  1. Forward jumps, and headers where nothing will ever be recorded, answer sys.monitoring.DISABLE: they call once.
 *  2. While somebody else watches (settrace, setprofile, another tool), nothing of ours runs: not even counting matters then.
 *  3. Callbacks run with tracing on, which hides events from all code below: it is left around the driver. what_event is -1 there
 *     too, as it is outside callbacks; otherwise f_lineno would be assignable.
 *  4. The callback is an object of a type of its own: calling a builtin function takes one of the levels of C recursion that are left, and at
 *     the last one a jump would raise RecursionError. */
#include "jump.h"
#include "arming.h"
#include "config.h"
#include "driver.h"
#include "warm.h"
#include <stddef.h>

static PyObject *disable;       /* sys.monitoring.DISABLE, owned */

/* The byte offsets in JUMP events are small: the value of a compact int. */
static int32_t unit_of(PyObject *offset)
{
    return (int32_t)(_PyLong_CompactValue((PyLongObject *)offset) / (Py_ssize_t)sizeof(_Py_CODEUNIT));
}

static PyObject *run_driver(PyThreadState *ts, CodeInfo *info, LoopHeader *loop)
{
    int what = ts->what_event;
    cpy_leave_tracing(ts);
    ts->what_event = -1;
    driver_loop(ts, cpy_frame(ts), info, loop);
    ts->what_event = what;
    cpy_enter_tracing(ts);
    return ts->current_exception ? NULL : Py_NewRef(loop->disabled && !loop->root ? disable : Py_None);
}

/* The thread's current frame is the one that jumps. It is not when a C++ exception has left frames behind: then an inner one is current
 * until the next call or return. */
static int is_at(Frame *frame, PyCodeObject *code, int32_t from)
{
    return cpy_frame_code(frame) == code && cpy_frame_ip(frame) == from;
}

/* (code, from, to) */
static PyObject *on_jump(PyObject *self, PyObject *const *args, size_t n, PyObject *names)
{
    (void)self, (void)names;
    if (PyVectorcall_NARGS(n) != 3 || !PyCode_Check(args[0]))
        Py_RETURN_NONE;
    PyCodeObject *code = (PyCodeObject *)args[0];
    int32_t to = unit_of(args[2]);
    if (to > unit_of(args[1]))
        return Py_NewRef(disable);
    CodeInfo *info = codeinfo_peek(code);
    LoopHeader *loop = info ? codeinfo_loop(info, to) : NULL;
    if (!loop || (loop->disabled && !loop->root))
        return Py_NewRef(disable);
    if (++loop->count < (int32_t)config.loop_threshold && !loop->root) {
        warm_turn(config.loop_threshold - (uint32_t)loop->count);
        Py_RETURN_NONE;
    }
    PyThreadState *ts = PyThreadState_Get();
    if (arming_is_watched(ts, code) || !is_at(cpy_frame(ts), code, unit_of(args[1])))
        Py_RETURN_NONE;
    return run_driver(ts, info, loop);
}

typedef struct { PyObject_HEAD vectorcallfunc call; } Callback;

static PyTypeObject Callback_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "copypatch.on_jump",
    .tp_basicsize = sizeof(Callback),
    .tp_vectorcall_offset = offsetof(Callback, call),
    .tp_call = PyVectorcall_Call,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_doc = "What sys.monitoring calls at jumps of code that is watched for hot loops.",
};

PyObject *jump_callback_new(void)
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
        callback->call = on_jump;
    return (PyObject *)callback;
}
