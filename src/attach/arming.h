/* Which code objects send us their JUMP and PY_START events. All of it needs the GIL. */
#pragma once
#include "../cpython/codeinfo.h"
#include "../cpython/watch.h"

extern int arming_tool;                 /* our sys.monitoring tool id; -1: none */

/* From now on code objects may be armed; the tool id is claimed when the first one is, and before_first() called. */
void arming_start(PyObject *jump_callback, PyObject *start_callback, void (*before_first)(void));
void arming_stop(void);                 /* disarms all of them, gives the tool id back */
void arming_arm(CodeInfo *info, int what);      /* ARMED_*: so much more, as far as it has loops and an entry; no effect when no tool id is
                                                 * to be had */
void arming_again(CodeInfo *info);      /* events that were answered by sys.monitoring.DISABLE come again; armed already */
int arming_start_eager(void);           /* arms what exists and watches what will be created; -1 with an exception */
const char *arming_problem(void);       /* why nothing can be armed, NULL: it can */
PyObject *arming_codes(void);           /* new list of the armed code objects that are alive */

extern uintptr_t arming_version;        /* of the events that are on, when all code that is compiled was instrumented for them */
int arming_bring_up_to_date(PyThreadState *ts);
/* To be called before native code is entered: all that it may consist of is instrumented for the events that are on now. 0: not
 * possible. */
static inline int arming_is_up_to_date(PyThreadState *ts)
{
    return (ts->eval_breaker & ~(uintptr_t)_PY_EVAL_EVENTS_MASK) == arming_version || arming_bring_up_to_date(ts);
}
/* The same, and nobody else watches anything at all: settrace, setprofile, another tool's global events, frames, allocations. Where our
 * tool has gone nothing is. */
#define NOT_CALM (~(uintptr_t)0)
extern uintptr_t arming_calm_version;       /* as arming_version, when there were no global events of others; else NOT_CALM */
int arming_look(PyThreadState *ts);
static inline int arming_is_calm(PyThreadState *ts)
{
    return (ts->eval_breaker == arming_calm_version || arming_look(ts)) && !*CPY_INTERP(ts->interp, eval_frame) &&
        *cpy_allocator_at == cpy_calm_allocator;
}
/* Does anybody else watch? settrace, setprofile, another tool's global events, or its local events on this code. While they do,
 * nothing of ours runs. */
int arming_is_watched(PyThreadState *ts, PyCodeObject *code);
