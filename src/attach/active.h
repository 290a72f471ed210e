/* Which frames compiled code runs, or a recording. */
#pragma once
#include "../cpython/cpy.h"

typedef struct { PyThreadState *ts; const Frame *frame; } Active;

Active active_begin(PyThreadState *ts, const Frame *frame);     /* from here on it is one of them */
void active_leave(Active *a);                                   /* no longer; the GIL is held. Once */
void active_end(Active *a);                                     /* for AT_END(): unless it has left, when it is unwound, then perhaps
                                                                 * without the GIL */
int active_below(PyThreadState *ts, const Frame *frame);        /* that frame of the thread, or one below it on its stack, is one */
