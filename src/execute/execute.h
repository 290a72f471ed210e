/* Running traces, and giving the frame back to the interpreter. */
#pragma once
#include "../ir/ir.h"

/* An executor owns a root trace and the side traces of its tree. Visible from Python: a sequence of the names of the root's uops,
 * with attributes (executor.c). */
PyObject *executor_new(Trace *root);    /* new reference; owns root from now on, also on failure; NULL with no exception: no memory */
int executor_add_side(PyObject *executor, Exit *e, Trace *side);    /* hangs a finished side trace on e; owned by the executor; -1: no memory */
/* Those of a code object, or all that are alive (NULL), oldest first: a new list, or NULL with an exception. */
PyObject *executor_list(PyObject *code);
int executor_n_traces(PyObject *executor);
/* COPYPATCH_DUMP=code: prints the machine code of its trace `number` on stderr. Runs Python code. No exception set. */
void executor_dump(PyObject *executor, int number);
extern PyTypeObject Executor_Type;
int executor_init(PyObject *module);    /* -1 with an exception */

/* Runs root in the thread's current frame, which is at its header with its stack pointer saved, until an exit. *S is the state of
 * the run and *vals the values of the trace that was left, by ref, valid for the leaves of the exit's snapshot (until the next run).
 * NULL: refused, nothing happened (the trace is invalid, or the state of this thread does not allow it).
 * Called with tracing left (PyThreadState_LeaveTracing). */
Exit *execute_root(PyThreadState *ts, Frame *frame, Trace *root, State *S, Value **vals, int32_t *cap);

/* Gives the state of a snapshot back: boxes made, slots written, inlined frames pushed and run to their return, the entry frame's
 * instruction pointer and stack pointer set to where the interpreter goes on. `raised`: an exception is set; it is raised at the
 * snapshot's instruction. Consumes the references that the snapshot says are owned. */
void exit_restore(PyThreadState *ts, Frame *frame, const Trace *t, int32_t snap, const Value *vals, int raised);

/* What `make` makes; with memory from the reserve when there is no other. No exception is set before, nor behind it. */
#define MUST(make) ({ __typeof__(make) made_; while (!(made_ = (make)) && must_have_memory()) ; made_; })
int must_have_memory(void);             /* 1: try again */
