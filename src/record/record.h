/* Recording a trace by executing it. See recorder.c. */
#pragma once
#include "../cpython/codeinfo.h"
#include "../ir/recording.h"

/* Records from `loop`, at which the thread's current frame stands; or from exit `e`, whose leaf values are given in order of
 * trace_snapshot_leaves(). The recorder executes what it records: afterwards the state is that of .snap. All pointers in the result
 * but .trace live until the next recording. NULL: could not start (no memory, or a recording is on): nothing happened. */
Recording *record_root(PyThreadState *ts, Frame *frame, State *S, CodeInfo *info, LoopHeader *loop);
Recording *record_side(PyThreadState *ts, Frame *frame, State *S, Exit *e, const Value *leaves);
void record_end(Recording *r);      /* done with it: another recording may start */
void record_abandon(void);          /* it was unwound by a C++ exception or the end of its thread: the same. Its trace is lost. Without the GIL */
