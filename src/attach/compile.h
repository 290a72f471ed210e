/* Hot code -> executors: recordings are made, and what comes of them. */
#pragma once
#include "../cpython/codeinfo.h"
#include "../execute/execute.h"

/* The thread's current frame is at `h`, which has no trace yet: records one. 1: the frame's instr_ptr and stack pointer were changed and
 * say where to go on; 0: nothing happened. */
int compile_header(PyThreadState *ts, Frame *frame, CodeInfo *info, Header *h);

/* A hot exit, just taken: recorded on from there. The values of its snapshot and `pending`, the exception it was taken with or NULL, are
 * consumed; the frame is given back. */
void compile_exit(PyThreadState *ts, Frame *frame, Exit *e, Values *values, PyObject *pending);

/* Native code of a function or generator, if it has some, for those that call or resume it. */
void compile_offer(CodeInfo *info);

extern int compile_dumping;             /* Python code of ours is running, to show machine code: nothing is compiled or entered meanwhile */
