/* Functions that C calls in native code: record and frame on the thread's data stack, as INVOKE makes them. */
#pragma once
#include "../ir/ir.h"

/* Once per process, when native code can be made. */
void call_set_up(void);

#define CALL_WORDS ((intptr_t)(offsetof(CallRecord, spill) / sizeof(PyObject *)))       /* of data stack, in front of the frame */

static inline int call_has_room(const PyThreadState *ts, const Invoked *v)
{
    return ts->datastack_top && ts->datastack_top + CALL_WORDS + v->n_words < ts->datastack_limit;
}

/* Where there is room: the frame, current, and S at its start. Its return leads out of native code. An argument for each parameter; `own`:
 * their references are consumed. Runs no code. 0, and nothing has happened: it is for the interpreter. */
int call_begin(PyThreadState *ts, State *S, PyFunctionObject *func, PyObject *const *args, int own, const Invoked *v);

int call_has_begun(PyThreadState *ts, const Frame *frame);      /* the thread's frame is that of such a call */
