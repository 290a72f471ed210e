/* The uop interpreter: executes the uops of a trace without native code. The recorder executes each uop with it as it is recorded,
 * builds and modes without native code run whole traces with it, and the tests take it as the oracle. */
#pragma once
#include "../ir/ir.h"

/* Executes uop `ref` on vals (indexed by ref). 1 when it left (nothing, or an exception, happened), else 0. Not for META uops. */
int interp_uop(State *S, const Trace *t, Ref ref, Value *vals);

/* Runs from the memory entry of root until an exit. *vals: buffer of *cap values, grown as needed, holding the values of the trace
 * that was left (Exit.trace) afterwards. NULL when memory runs out before anything happened. */
Exit *interp_run(State *S, Trace *root, Value **vals, int32_t *cap);

/* Behind arbitrary code that a run of t has called: 1 when CHECK_VALID would leave. */
int interp_is_invalid(State *S, const Trace *t);

/* Fills S for a run in `frame`; base, ip and so on. The thread's current frame is that one, or one that has been called from it. */
void state_init(State *S, PyThreadState *ts, Frame *frame);
/* Releases what the run has left to be released: ints and floats, no code runs. */
static inline void state_clear(State *S)
{
    while (S->n_trash)
        Py_DECREF((PyObject *)S->trash[--S->n_trash]);
}
/* One that is filled for a run in `frame`: one of those that are kept, most of whose fields are as the thread had them last time, or `own` when
 * all are in use. state_return() clears it. Who is unwound meanwhile, or never comes back, keeps it. */
State *state_borrow(State *own, PyThreadState *ts, Frame *frame);
void state_return(State *S);
