/* driver.c: what happens at the header of a hot loop, at the entry of a hot function, and when C calls one.
 *
 *     header ── no trace yet ──► compile.c
 *            └─ trace ─► run ──► exit ── cold ──► frame given back
 *                                     └─ hot ───► compile.c: a side trace, hung on the exit
 *
 * Every way through ends with the frame given back by a snapshot. */
#include "driver.h"
#include "../cpython/cstack.h"
#include "../cpython/frame.h"
#include "../cpython/raise.h"
#include "../cpython/reserve.h"
#include "../emit/emit.h"
#include "../execute/call.h"
#include "../execute/execute.h"
#include "../interpret/interpret.h"
#include "../ir/config.h"
#include "../ir/source.h"
#include "../runtime/exceptions.h"
#include "active.h"
#include "arming.h"
#include "compile.h"
#include "judge.h"
#include "sampler.h"
#include "stats.h"
#include "unwound.h"
#include <stdlib.h>

/* Just left: recorded on from there, or the frame is made complete again. 0: it was given back already. */
static int leave(PyThreadState *ts, Frame *frame, Exit *e, State *S, const Value *vals, Leaving *out)
{
    Values values;
    PyObject *pending = e->error ? raise_taken() : NULL;
    exit_values(e, S, vals, &values);
    int side = judge_wants_side_trace(e) && !(ts->eval_breaker & 0xff) &&
        !(ir_takes(e->trace->uops[e->uop].op) && interp_is_invalid(S, e->trace)) &&
               !(e->error && h_is_watched(S, frame));
    if (side) {
        PyObject *executor = Py_NewRef(e->trace->root->executor);      /* of another tree, if a link led there */
        compile_exit(ts, frame, e, &values, pending);
        Py_DECREF(executor);
    } else
        exit_rebuild(ts, frame, e, &values, pending, out);
    values_free(&values);
    return !side;
}

/* Native code has come back. Where a call waits that was posted meanwhile, the sampler's may be one. */
static inline void came_back(PyThreadState *ts)
{
    if (ts->eval_breaker & _PY_CALLS_TO_DO_BIT)
        sampler_native();
}

static void show_exit(const Exit *e)
{
    char place[1000];
    const Uop *u = &e->trace->uops[e->uop];
    source_place(e->trace, u->where, place, sizeof place);
    fprintf(stderr, "exit: %s: %s at %d, %u times\n", place, uop_info[u->op].name, e->uop, e->count);
}

/* Left in a frame that native code has called: that one is the interpreter's to its return. Then on in its caller. */
static Exit *leave_callee(PyThreadState *ts, State *S, Exit *e)
{
    Leaving leaving;
    PyObject *executor = Py_NewRef(e->trace->root->executor);
    stats.exits++;
    e->count++;
    judge_left_callee(e);
    judge_stress();
    if (config.dump & DUMP_EXITS)
        show_exit(e);
    if (leave(ts, execute_frame(S), e, S, NULL, &leaving) && exit_has_more(&leaving))
        exit_finish(ts, &leaving);
    Py_DECREF(executor);
    state_clear(S);
    e = execute_on(ts, S);
    came_back(ts);
    return e;
}

/* 0: refused, nothing happened; 1: *out is to be finished; 2: nothing is left to be done. */
static OWN_FRAME int enter(PyThreadState *ts, Frame *frame, Header *h, Leaving *out)
{
    State own, *S = state_borrow(&own, ts, frame);
    Value *vals = NULL;
    Exit *e;
    uint64_t since = judge_enters(h);
    h->entries++;
    {
        AT_END(active_end) Active here = active_begin(ts, frame);
        e = execute_root(ts, frame, h->root, S, &vals);
        if (e)
            came_back(ts);
        while (e && S->record)
            e = leave_callee(ts, S, e);
        active_leave(&here);
    }
    judge_was_inside(h, since);
    if (!e) {
        state_return(S);
        judge_left(h, NULL, 0);
        return 0;
    }
    stats.entries++;
    stats.exits++;
    e->count++;
    judge_left(h, e, S->work);
    judge_stress();
    if (config.dump & DUMP_EXITS)
        show_exit(e);
    int done = leave(ts, frame, e, S, vals, out) ? 1 : 2;
    state_return(S);
    if (vals)
        free(vals);
    return done;
}

/* ---- calls from C ---- */

int driver_may_call(PyThreadState *ts, const CodeInfo *info)
{
    return arming_is_calm(ts) && !compile_dumping && ts->py_recursion_remaining > INVOKE_DEPTH && call_has_room(ts, &info->invoked) &&
           cstack_has_room(ts) && !reserve_have();
}

OWN_FRAME PyObject *driver_call(PyThreadState *ts, const CodeInfo *info, PyFunctionObject *func, PyObject *const *args, int own)
{
    State own_state, *S = state_borrow(&own_state, ts, cpy_frame(ts));
    stats.entries++;
    judge_called(info);
    if (!call_begin(ts, S, func, args, own, &info->invoked)) {
        state_return(S);
        return cpy_call_with_parameters(ts, func, args, (int)info->invoked.n_args, own);
    }
    emit_run(S, info->invoked.entry);
    came_back(ts);
    cpy_go_back_to(ts, S->top);
    for (Exit *e = S->exit; e && S->record;)
        e = leave_callee(ts, S, e);
    PyObject *result = S->raw == RAW_OBJECT ? (PyObject *)S->result.o : (PyObject *)h_take_result(S);
    state_return(S);
    return result;
}

/* ---- headers ---- */

static int run_trace(PyThreadState *ts, Frame *frame, Header *h)
{
    Leaving leaving;
    PyObject *executor = Py_NewRef(h->executor);
    int done = enter(ts, frame, h, &leaving);
    if (done == 1 && exit_has_more(&leaving))
        exit_finish(ts, &leaving);
    Py_DECREF(executor);
    return done != 0;
}

int driver_may_enter(PyThreadState *ts, const Header *h)
{
    return !compile_dumping && !h->closed && !(h->disabled && !h->root) && cstack_has_room(ts) && !reserve_have() && arming_is_up_to_date(ts);
}

int driver_enter(PyThreadState *ts, Frame *frame, CodeInfo *info, Header *h)
{
    cpy_own_stack(frame);
    return h->root ? run_trace(ts, frame, h) : compile_header(ts, frame, info, h);
}
