/* Pending calls, posted by a thread that may call next to nothing. */
#pragma once
#include "cpy.h"

/* Can the thread state be signalled at any time, because its memory is the interpreter's own and is never freed before it? */
int cpy_is_permanent(PyThreadState *ts);

/* Has the interpreter call function(NULL), with the GIL, at its next function entry or loop back-edge: in whatever thread holds the GIL
 * then. For a thread that CPython does not know and that has no thread-local storage of its own: never waits, allocates nothing, needs no
 * thread state. `only`: a thread state that is permanent, of the one thread of the process as the C library sees it; NULL where there may
 * be others. 1: posted; 0: somebody else was at it, or the queue is full. */
int cpy_post_call(PyInterpreterState *interp, PyThreadState *only, int (*function)(void *));
