/* Who else watches: a code object (sys.monitoring), allocations (tracemalloc). */
#pragma once
#include "cpy.h"
#include "interp.h"

int cpy_add_dict_watcher(PyDict_WatchCallback event);       /* the last id that is free: programs get those that they get without us. -1:
                                                             * there is none. No exception is set */

extern int cpy_own_tool;                /* our tool id; -1: none claimed */
int cpy_watched_by_others(PyCodeObject *code);      /* another tool has local events on it */
const void *cpy_local_events(PyCodeObject *code);   /* tools per local event, a byte each; stays valid; NULL: none were ever set */
/* From now on changed(code) is called whenever a tool other than ours sets local events on a code object. NULL, or why that is not
 * possible: a text that ends a sentence like "the JIT is off: ..." */
const char *cpy_tell_local_events(void (*changed)(PyCodeObject *code));
/* The interpreter instruments a code object anew when it next begins to run it, if events have been switched on or off anywhere since. What
 * is a part of compiled code may go on in the middle: here it is done at once. 0: it could not be. No exception is set. Only behind
 * cpy_tell_local_events(). */
int cpy_instrument_now(PyThreadState *ts, PyCodeObject *code);
/* Where the interpreter keeps the allocator of objects, and what stands there while nobody watches (NULL: not known yet). A tracer of
 * allocations puts hooks of its own there, which look at the frames' instruction pointers: those of our traces are not up to date. */
extern void *const *const cpy_allocator_at;
extern void *cpy_calm_allocator;
int cpy_ask_tracemalloc(void);
/* Allocations are traced: nothing of ours may run. */
static inline int cpy_allocations_watched(void) { return *cpy_allocator_at != cpy_calm_allocator && cpy_ask_tracemalloc(); }

/* Somebody evaluates frames in another way (PEP 523): nothing of ours may run, inlined calls have none. That is not said of CPython's own
 * trampolines for perf, which only give each function a name: cpy_perf_evaluator, once it has been met. */
extern _PyFrameEvalFunction cpy_perf_evaluator;
int cpy_ask_perf(_PyFrameEvalFunction evaluator);
static inline int cpy_frames_evaluated_by_others(PyThreadState *ts)
{
    _PyFrameEvalFunction evaluator = *CPY_INTERP(ts->interp, eval_frame);
    return evaluator && evaluator != _PyEval_EvalFrameDefault && evaluator != cpy_perf_evaluator && cpy_ask_perf(evaluator);
}

/* Instruction events (opcode events of sys.settrace) with two tools. Where the second comes to a code object whose instructions the first
 * already watches, CPython 3.13 makes the array that says who watches which instruction anew and empty: the first gets no more of its
 * events. So we never come second... */
int cpy_instructions_watched(PyThreadState *ts, PyCodeObject *code);
/* ... and where we came first the array is made here, before anybody needs it. To be called once our events are set; what cannot be had is
 * left out. */
void cpy_make_room_for_instruction_events(PyCodeObject *code);

/* Bits of tools other than ours in an array of n (8 to 16) bytes, one per event. */
static inline int cpy_others_in(const uint8_t *tools, int n)
{
    uint64_t first, last;       /* they overlap */
    memcpy(&first, tools, sizeof first);
    memcpy(&last, tools + n - (int)sizeof last, sizeof last);
    return ((first | last) & ~(cpy_own_tool >= 0 ? 0x0101010101010101u << cpy_own_tool : 0)) != 0;
}

/* Tools per global event, _PY_MONITORING_UNGROUPED_EVENTS bytes. */
static inline const uint8_t *cpy_global_events(PyThreadState *ts) { return CPY_INTERP(ts->interp, monitors)->tools; }
