/* Raising in a frame from outside the interpreter loop. */
#pragma once
#include "cpy.h"

void raise_init(void);

/* Takes the exception of a call that has failed. CPython 3.13 loses it when there is no memory for the frame object of a caller, as the
 * frame that raised goes (take_ownership() in Python/frame.c): then it is a MemoryError. */
PyObject *raise_taken(void);

/* An exception is set, that was raised in the current frame, where its instruction pointer stands: it gets a traceback entry. */
void raise_traceback(PyThreadState *ts);
/* The exception that is set leaves f, the current frame, its stack pointer saved: that is consumed, `caller` is current. */
void raise_drop_frame(PyThreadState *ts, Frame *caller, Frame *f);

/* The same, and it is taken:
 * new reference. Nobody is told. */
PyObject *raise_here(PyThreadState *ts);

/* An exception is set, the frame is current and at the instruction that raised it, its stack pointer saved. The traceback entry is
 * added. 1: a handler in this frame: stack and instr_ptr are set to go on there. 0: none: nothing else happened. */
int raise_in_frame(PyThreadState *ts, Frame *frame);

/* There is none, in a frame that belongs to the interpreter: makes it go on at an instruction of our own that re-raises. */
void raise_out_of(Frame *frame);

/* Runs f, the current frame, which is complete, from where it stands or, raised, from where the exception that is set is handled in it: to
 * its return or yield. It is consumed, unless it is a generator's. New reference, or NULL with an exception; `caller` is current then. */
PyObject *raise_or_run(PyThreadState *ts, Frame *caller, Frame *f, int raised);
