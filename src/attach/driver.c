/* driver.c: what happens at the header of a hot loop, or at the entry of a hot function.
 *
 *     header ── no trace yet ──► compile.c
 *            └─ trace ─► run ──► exit ── cold ──► frame given back
 *                                     └─ hot ───► compile.c: a side trace, hung on the exit
 *
 * Every way through ends with the frame given back by a snapshot. */
#include "driver.h"
#include "../cpython/cstack.h"
#include "../cpython/raise.h"
#include "../cpython/reserve.h"
#include "../emit/emit.h"
#include "../execute/execute.h"
#include "../interpret/interpret.h"
#include "../ir/clock.h"
#include "../ir/config.h"
#include "../ir/names.h"
#include "../record/record.h"
#include "../runtime/exceptions.h"
#include "active.h"
#include "arming.h"
#include "compile.h"
#include "judge.h"
#include "unwound.h"
#include "warm.h"
#include <stdlib.h>

DriverStats driver_stats;

void driver_set_up(void)
{
    static int done;
    if (done)
        return;
    done = 1;
    uint64_t start = clock_ns();
    warm_pages();
    cstack_has_room(PyThreadState_Get());       /* finding the bounds of a stack takes a while */
    record_set_up();
    if (config.native)
        emit_available();
    driver_stats.setup_ns = clock_ns() - start;
}

/* Just left: recorded on from there, or the frame is made complete again. 0: it was given back already. */
static int leave(PyThreadState *ts, Frame *frame, Exit *e, State *S, const Value *vals, Leaving *out)
{
    Values values;
    PyObject *pending = e->error ? raise_taken() : NULL;
    exit_values(e, S, vals, &values);
    int side = judge_wants_side_trace(e) && !(ts->eval_breaker & 0xff) && !(ir_takes(e->trace->uops[e->uop].op) && interp_is_invalid(S, e->trace)) &&
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

static void show_exit(const Exit *e)
{
    fprintf(stderr, "exit: %s:%d %s at %d, %u times\n", name_utf8(e->trace->code->co_qualname), e->trace->header,
            uop_info[e->trace->uops[e->uop].op].name, e->uop, e->count);
}

/* Left in a frame that native code has called: that one is the interpreter's to its return. Then on in its caller. */
static Exit *leave_callee(PyThreadState *ts, State *S, Exit *e)
{
    Leaving leaving;
    PyObject *executor = Py_NewRef(e->trace->root->executor);
    driver_stats.exits++;
    e->count++;
    judge_left_callee(e);
    judge_stress();
    if (config.dump & DUMP_EXITS)
        show_exit(e);
    if (leave(ts, execute_frame(S), e, S, NULL, &leaving) && exit_has_more(&leaving))
        exit_finish(ts, &leaving);
    Py_DECREF(executor);
    state_clear(S);
    return execute_on(ts, S);
}

/* 0: refused, nothing happened; 1: *out is to be finished; 2: nothing is left to be done. */
static OWN_FRAME int enter(PyThreadState *ts, Frame *frame, Header *h, Leaving *out)
{
    State S;
    Value *vals = NULL;
    Exit *e;
    h->entries++;
    {
        AT_END(active_end) Active here = active_begin(ts, frame);
        e = execute_root(ts, frame, h->root, &S, &vals);
        while (e && S.record)
            e = leave_callee(ts, &S, e);
        active_leave(&here);
    }
    if (!e) {
        judge_left(h, NULL, 0);
        return 0;
    }
    driver_stats.entries++;
    driver_stats.exits++;
    e->count++;
    judge_left(h, e, S.work);
    judge_stress();
    if (config.dump & DUMP_EXITS)
        show_exit(e);
    int done = leave(ts, frame, e, &S, vals, out) ? 1 : 2;
    state_clear(&S);
    if (vals)
        free(vals);
    return done;
}

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

int driver_enter(PyThreadState *ts, Frame *frame, CodeInfo *info, Header *h)
{
    if (compile_dumping || h->closed || (h->disabled && !h->root) || !cstack_has_room(ts) || reserve_have() || !arming_is_up_to_date(ts))
        return 0;
    cpy_own_stack(frame);
    return h->root ? run_trace(ts, frame, h) : compile_header(ts, frame, info, h);
}
