/* Running traces, and giving the frame back to the interpreter. */
#pragma once
#include "../ir/ir.h"

/* An executor owns a root trace and the side traces of its tree. Visible from Python: a sequence of the names of the root's uops,
 * with attributes (executor.c). */
PyObject *executor_new(Trace *root);    /* new reference; owns root from now on, also on failure; NULL with no exception: no memory */
int executor_add_side(PyObject *executor, Exit *e, Trace *side);    /* hangs a finished side trace on e; owned by the executor; -1: no
                                                                     * memory */
/* Those of a code object, or all that are alive (NULL), oldest first: a new list, or NULL with an exception. */
PyObject *executor_list(PyObject *code);
int executor_n_traces(PyObject *executor);
void executor_each_trace(void (*visit)(void *arg, const Trace *t), void *arg);    /* of all executors, root before sides */
int64_t executor_n_bytecodes(PyObject *executor);     /* recorded, of all of them */
/* COPYPATCH_DUMP=code: prints the machine code of its trace `number` on stderr. Runs Python code. No exception set. */
void executor_dump(PyObject *executor, int number);
extern PyTypeObject Executor_Type;
int executor_init(PyObject *module);    /* -1 with an exception */

/* What is raised there is caught in the entry frame, and nothing is to be released before: a side trace can begin with it. */
int exit_is_caught(const Exit *e);

/* Runs root in the thread's current frame, which is at its header with its stack pointer saved, until an exit. *S is the state of
 * the run, filled (state_borrow()). *vals: NULL before; when the trace ran without native code, the values of the one that was left, by ref (free).
 * NULL: refused, nothing happened (the trace is invalid, or the state of this thread does not allow it).
 * Called with tracing left (PyThreadState_LeaveTracing). */
Exit *execute_root(PyThreadState *ts, Frame *frame, Trace *root, State *S, Value **vals);

/* What was left is a frame that native code has called (S->record), and it is complete again: it is run to its return by the interpreter,
 * then its caller goes on natively, until an exit. NULL: that was C; State.result, or the exception that is set, is what it gets. Runs
 * Python code. */
Exit *execute_on(PyThreadState *ts, State *S);
static inline Frame *execute_frame(const State *S) { return cpy_frame_of(S->base); }

/* ---- giving a frame back: what the exit has at hand, then frames, then what may run code ---- */

/* The values of an exit: the leaves of its snapshot, in the order of trace_leaves(), with room for what else it needs. */
enum { FEW_VALUES = 64 };
typedef struct { Value *v, few[FEW_VALUES]; int returned; /* State.returned, where that is asked for */ } Values;
static inline void values_free(Values *values)
{
    if (values->v != values->few)
        free(values->v);
}

/* Fetches them, from the state of a native run or (vals not NULL) from values by ref. No exception is set. values_free() when done. */
void exit_values(Exit *e, State *S, const Value *vals, Values *out);
/* What an INVOKE has given that nobody has taken, if the exit is behind one, is S's to be taken. */
void exit_give_result(const Exit *e, const Values *values, State *S);

/* A frame that is complete again, before anything has been released that may run code. Needs nothing of the trace. */
enum { FEW_GONE = 24 };
typedef struct {
    Frame *frames[MAX_FRAMES];              /* the entry frame, then inlined ones, the last one current */
    uint8_t continuation[MAX_FRAMES];       /* of the frame's callee */
    int32_t end_ip[MAX_FRAMES];             /* where the frame goes on when its callee, a generator, has returned */
    int n_frames, n_gone;
    int returned;                           /* what a SEND has given was returned */
    PyObject *pending;                      /* owned: raised in the last frame; NULL: none */
    _Py_CODEUNIT *next;                     /* where the last frame goes on when all is released; until then it stands where that is done */
    PyObject **gone, *few[FEW_GONE];        /* owned: released next, in this order */
} Leaving;

/* Boxes made, slots written, inlined frames pushed, instruction pointers and stack pointers set. Runs no Python code. Consumes the
 * references that the snapshot says are owned, and `pending`, an exception to be raised at the snapshot's instruction, or NULL. No
 * exception is set. */
void exit_rebuild(PyThreadState *ts, Frame *frame, Exit *e, Values *values, PyObject *pending, Leaving *out);

/* The rest: releases, inlined frames are run to their return; the entry frame's instruction pointer and stack pointer say where the
 * interpreter goes on. Runs Python code, which may free the trace. */
void exit_finish(PyThreadState *ts, Leaving *out);
static inline int exit_has_more(const Leaving *out)
{
    return out->n_gone || out->n_frames > 1 || out->pending || out->gone != out->few || out->frames[0]->instr_ptr != out->next;
}

/* All of it for a trace that is being recorded: vals by ref; `result`, what the last uop gave or NULL, is consumed; an exception that is
 * set is raised at the snapshot's instruction. */
void exit_restore(PyThreadState *ts, Frame *frame, const Trace *t, int32_t snap, const Value *vals, PyObject *result, int raised);

