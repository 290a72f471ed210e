/* raise.c: exceptions, handed to the interpreter in mid-frame.
 *
 * The interpreter looks a handler up at the instruction it was sent to by us, not at the one that raised, so the lookup is done here:
 * a handler in the frame is entered as the interpreter enters it; without one, the frame goes on at a RERAISE of our own, which
 * stands outside every code object and so is covered by no handler; it takes the position for the traceback from the stack. */
#include "raise.h"
#include "frame.h"
#include "opcodes.h"
#include "reserve.h"
#include "watch.h"
#include "internal/pycore_traceback.h"

static _Py_CODEUNIT reraise[16];

void raise_init(void)
{
    for (int i = 0; i < 16; i++) {
        reraise[i].op.code = RERAISE;
        reraise[i].op.arg = 1;
    }
}

static PyObject *or_memory_error(PyObject *exc)
{
    if (exc)
        return exc;
    PyErr_NoMemory();
    return PyErr_GetRaisedException();
}

PyObject *raise_taken(void) { return or_memory_error(PyErr_GetRaisedException()); }

/* The one that is set; the thread is known, so CPython need not look for it. */
static PyObject *take(PyThreadState *ts)
{
    PyObject *exc = ts->current_exception;
    ts->current_exception = NULL;
    return exc;
}

/* ---- tracing ---- */

typedef int Fire(PyMonitoringState *state, PyObject *code, int32_t offset);

/* An event of the frame for who watches all code, which may be since the call that raised: what the interpreter would have told. The
 * exception that is set may be another behind it. */
static void tell_at(PyThreadState *ts, Frame *frame, uint8_t event, Fire *fire, int unit)
{
    if (!cpy_global_events(ts)[event])
        return;
    PyMonitoringState state = {0};
    uint64_t version = 0;
    PyMonitoring_EnterScope(&state, &version, &event, 1);
    fire(&state, (PyObject *)cpy_frame_code(frame), unit * (int)sizeof(_Py_CODEUNIT));
    PyMonitoring_ExitScope();
}

static void tell(PyThreadState *ts, Frame *frame, uint8_t event, Fire *fire) { tell_at(ts, frame, event, fire, cpy_frame_ip(frame)); }

/* The frame still stands where it was raised. */
static void tell_handled(PyThreadState *ts, Frame *frame, int handler)
{
    tell_at(ts, frame, PY_MONITORING_EVENT_EXCEPTION_HANDLED, _PyMonitoring_FireExceptionHandledEvent, handler);
}

static void unwind_stack(Frame *frame, int depth)
{
    int bottom = cpy_frame_code(frame)->co_nlocalsplus + depth;
    PyObject *exc = PyErr_GetRaisedException();
    for (int top = FRAME_TOP(frame); top-- > bottom;) {
        Obj *o = slot_owned(&cpy_slots(frame)[top]);
        FRAME_SET_TOP(frame, top);
        Py_XDECREF((PyObject *)o);
    }
    PyErr_SetRaisedException(exc);
}

static void push_unit(Frame *frame, int unit)
{
    PyObject *exc = PyErr_GetRaisedException();
    if (FRAME_TAGS_INTS) {
        int top = FRAME_TOP(frame);
        slot_give_int(&cpy_slots(frame)[top], unit);
        FRAME_SET_TOP(frame, top + 1);
    } else
        cpy_push(frame, MUST(PyLong_FromLong(unit)));
    PyErr_SetRaisedException(exc);
}

static void make_frame_object(PyThreadState *ts)
{
    PyObject *exc = take(ts);
    PyFrameObject *object = PyThreadState_GetFrame(ts);     /* without memory NULL, and whatever exception was set is lost */
    if (!object && reserve_release())
        object = PyThreadState_GetFrame(ts);
    Py_XDECREF(object);         /* the frame has it */
    PyErr_SetRaisedException(exc);
}

void raise_traceback(PyThreadState *ts)
{
    Frame *frame = cpy_frame(ts);
    if (!frame->frame_obj) {
        cpy_use_spare_frame_object(frame);
        if (!frame->frame_obj)
            make_frame_object(ts);
    }
    if (frame->frame_obj)
        PyTraceBack_Here(frame->frame_obj);
}

PyObject *raise_here(PyThreadState *ts)
{
    raise_traceback(ts);
    return or_memory_error(take(ts));
}

int raise_in_frame(PyThreadState *ts, Frame *frame)
{
    int raised_at = cpy_frame_ip(frame), unit = raised_at;
    ExceptionEntry e;
    raise_traceback(ts);
    tell(ts, frame, PY_MONITORING_EVENT_RAISE, _PyMonitoring_FireRaiseEvent);
    while (cpy_find_handler(cpy_frame_code(frame), unit, &e)) {
        unwind_stack(frame, e.depth);
        if (e.lasti)
            push_unit(frame, raised_at);
        PyObject *exc = PyErr_GetRaisedException();
        cpy_push(frame, Py_NewRef(exc));
        PyErr_SetRaisedException(exc);
        tell_handled(ts, frame, e.target);
        PyObject *now = PyErr_GetRaisedException();
        if (now == exc) {
            Py_DECREF(now);
            cpy_frame_set_ip(frame, e.target);
            return 1;
        }
        PyErr_SetRaisedException(now);      /* who was told has raised another one */
        unit = e.target - 1;                /* where the interpreter looks that up */
    }
    return 0;
}

static void raise_unwind(PyThreadState *ts, Frame *frame)
{
    unwind_stack(frame, 0);
    tell(ts, frame, PY_MONITORING_EVENT_PY_UNWIND, _PyMonitoring_FirePyUnwindEvent);
}

void raise_out_of(Frame *frame)
{
    int unit = cpy_frame_ip(frame);
    unwind_stack(frame, 0);
    push_unit(frame, unit);
    cpy_push(frame, PyErr_GetRaisedException());
    frame->instr_ptr = &reraise[8];
}

/* ---- running a frame to its end ---- */

static PyObject *run_frame(PyThreadState *ts, Frame *caller, Frame *f)
{
    ts->current_frame = caller;
    ts->py_recursion_remaining++;       /* the interpreter counts it itself */
    return cpy_run_frame(ts, f);
}

void raise_drop_frame(PyThreadState *ts, Frame *caller, Frame *f)
{
    raise_unwind(ts, f);
    PyObject *exc = take(ts);
    ts->current_frame = caller;
    ts->py_recursion_remaining++;
    _PyEval_FrameClearAndPop(ts, f);
    PyErr_SetRaisedException(exc);
}

PyObject *raise_or_run(PyThreadState *ts, Frame *caller, Frame *f, int raised)
{
    if (!raised || raise_in_frame(ts, f))
        return run_frame(ts, caller, f);
    raise_drop_frame(ts, caller, f);
    return NULL;
}
