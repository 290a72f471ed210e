/* Where a sample of the program's time falls: heat of code objects, and the arming of warm ones. */
#pragma once
#include "../cpython/cpy.h"

/* The thread's current frames have used so many seconds of CPU time. 1: code was armed that was not before. Needs the GIL of the main
 * interpreter; no exception is set before, nor behind it. */
int heat_sample(PyThreadState *ts, double seconds);

/* Code whose entries and loops are worth an event: frames of the other, short and without a loop, are only looked through. */
int heat_is_of_interest(PyCodeObject *code);
