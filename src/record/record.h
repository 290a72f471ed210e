/* Recording a trace by executing it. See recorder.c. */
#pragma once
#include "../cpython/codeinfo.h"
#include "../ir/recording.h"

/* Recordings are heap objects, several at once: other threads and greenlets record while one waits in code that it has called, and that
 * code records its own loops.
 *
 *  1. A loop header or exit is recorded by one at a time. Who waits too long for that is overtaken: marked, never unwound; when it goes on
 *     it ends (ABORT_OVERTAKEN).
 *  2. At most 8 of a thread are on (its greenlets' included); then the one that has waited longest is overtaken.
 *  3. One whose C stack has gone (a C++ exception, the end of its thread, a greenlet that its thread has not outlived) is swept up by the
 *     next that begins.
 *
 * All run with the GIL; a recording is used in the activation that it was made in only. */

/* Once, before the first: memory for one is there. */
void record_set_up(void);

extern int64_t record_executed;     /* bytecodes that native code has executed: COPYPATCH_COUNT=bytecodes */

/* A new recording by the current thread, from `loop` or from exit `e` (the other NULL). NULL: not now. */
Recording *record_begin(PyThreadState *ts, Header *loop, const Exit *e);

/* Records from `loop`, at which the thread's current frame stands; or from the exit, whose leaf values are given in order of
 * trace_snapshot_leaves(). The recorder executes what it records: afterwards the state is that of .snap. All that the result points to
 * lives until record_end(). -1: could not start (no memory): nothing happened. */
int record_root(Recording *r, PyThreadState *ts, Frame *frame, State *S, CodeInfo *info);
int record_side(Recording *r, PyThreadState *ts, Frame *frame, State *S, const Value *leaves);
/* Nothing comes of what is being recorded now: something has changed that is not guarded. */
void record_overtake_all(void);

/* From now on `root`, that of the trace made of it, is told when something changes that was taken for constant. -1: something has changed
 * already, or no memory. */
int record_assume(const Recording *r, Trace *root);
void record_end(Recording *r);      /* done with it. Its trace is freed if it is still there */
void record_abandon(Recording *r);  /* it was unwound by a C++ exception or the end of its thread. Without the GIL */
