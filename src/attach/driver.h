/* The driver: what happens at the header of a hot loop, or at the entry of a hot function. Starts recordings, hands finished ones through
 * optimize and emit, enters executors, and takes hot exits back as new recordings. */
#pragma once
#include "../cpython/codeinfo.h"

/* Called from an event's callback, tracing left, the thread's current frame at `h` (about to go on at h->unit) with its stack
 * pointer saved. 1: the frame's instr_ptr and stack pointer were changed and say where to go on; 0: nothing happened. No exception set. */
int driver_enter(PyThreadState *ts, Frame *frame, CodeInfo *info, Header *h);

/* A function whose code is info's, and has native code for calls (CodeInfo.invoked), may be called in that now. */
int driver_may_call(PyThreadState *ts, const CodeInfo *info);
/* ... and is called in it, with an argument for each parameter; `own`: their references are consumed. New reference, or NULL with an
 * exception. */
PyObject *driver_call(PyThreadState *ts, const CodeInfo *info, PyFunctionObject *func, PyObject *const *args, int own);
int driver_has_called(PyThreadState *ts, const Frame *frame);    /* the thread's frame is that of such a call */

/* Once per process, before anything is recorded: pages are mapped, code memory with the shim in it. */
void driver_set_up(void);

typedef struct {
    uint64_t traces, side_traces, aborts, retired, entries, exits;
    uint64_t events;                                    /* JUMP and PY_START, of headers where something may come of it */
    uint64_t recorded_bytecodes, aborted_bytecodes;     /* all that were recorded; of these, in recordings that came to nothing */
    uint64_t emitted_uops;                              /* uops that became native code */
    uint64_t setup_ns;                                  /* once, before the first recording */
    uint64_t record_ns, optimize_ns, emit_ns;           /* aborted recordings included */
    uint64_t longest_pause_ns;                          /* the longest that the program was held up at one time */
    uint64_t first_native_ns;                           /* CPU time of the process when its first native code was there; 0: none yet */
    int64_t gained_ns, paid_ns;                         /* by the arithmetic of judge.c: what entries have saved, what they have cost */
} DriverStats;
extern DriverStats driver_stats;

/* The program was held up for so long. */
static inline void driver_pause(uint64_t ns)
{
    if (ns > driver_stats.longest_pause_ns)
        driver_stats.longest_pause_ns = ns;
}

/* Reasons of aborted recordings with their counts: name and count of reason i; NULL name at the end. */
const char *driver_abort_name(int i);
uint64_t driver_abort_count(int i);
