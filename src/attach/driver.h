/* The driver: what happens at the header of a hot loop, or at the entry of a hot function. Starts recordings, hands finished ones through
 * optimize and emit, enters executors, and takes hot exits back as new recordings. */
#pragma once
#include "../cpython/codeinfo.h"

/* What is at h, or will be recorded there, may be entered now. */
int driver_may_enter(PyThreadState *ts, const Header *h);
/* ... and is. Called from an event's callback, tracing left, the thread's current frame at `h` (about to go on at h->unit) with its stack
 * pointer saved. 1: the frame's instr_ptr and stack pointer were changed and say where to go on; 0: nothing happened. No exception set. */
int driver_enter(PyThreadState *ts, Frame *frame, CodeInfo *info, Header *h);

/* A function whose code is info's, and has native code for calls (CodeInfo.invoked), may be called in that now. */
int driver_may_call(PyThreadState *ts, const CodeInfo *info);
/* ... and is called in it, with an argument for each parameter; `own`: their references are consumed. New reference, or NULL with an
 * exception. */
PyObject *driver_call(PyThreadState *ts, const CodeInfo *info, PyFunctionObject *func, PyObject *const *args, int own);
