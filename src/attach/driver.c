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
#include "../execute/execute.h"
#include "../interpret/interpret.h"
#include "../ir/clock.h"
#include "../ir/config.h"
#include "../ir/source.h"
#include "../record/record.h"
#include "../runtime/exceptions.h"
#include "active.h"
#include "arming.h"
#include "called.h"
#include "compile.h"
#include "judge.h"
#include "sampler.h"
#include "unwound.h"
#include "warm.h"
#include <stdlib.h>

DriverStats driver_stats;

#define CALL_WORDS ((intptr_t)(offsetof(CallRecord, spill) / sizeof(PyObject *)))       /* of data stack, in front of the frame that C
                                                                                         * calls */

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
    e = execute_on(ts, S);
    came_back(ts);
    return e;
}

/* 0: refused, nothing happened; 1: *out is to be finished; 2: nothing is left to be done. */
static OWN_FRAME int enter(PyThreadState *ts, Frame *frame, Header *h, Leaving *out)
{
    State S;
    Value *vals = NULL;
    Exit *e;
    uint64_t since = judge_enters(h);
    h->entries++;
    {
        AT_END(active_end) Active here = active_begin(ts, frame);
        e = execute_root(ts, frame, h->root, &S, &vals);
        if (e)
            came_back(ts);
        while (e && S.record)
            e = leave_callee(ts, &S, e);
        active_leave(&here);
    }
    judge_was_inside(h, since);
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

/* ---- calls from C ----
 *
 * A State of its own, record and frame as INVOKE makes them, and a site that leads out of native code. */

static Site to_c;

int driver_may_call(PyThreadState *ts, const CodeInfo *info)
{
    return arming_is_calm(ts) && !compile_dumping && ts->py_recursion_remaining > INVOKE_DEPTH && ts->datastack_top &&
           ts->datastack_top + CALL_WORDS + info->invoked.n_words < ts->datastack_limit && cstack_has_room(ts) && !reserve_have();
}

/* The frame, linked, behind a record. */
static inline Frame *begin_call(PyThreadState *ts, State *S, PyFunctionObject *func, PyObject *const *args, int own, const Invoked *v)
{
    CallRecord *r = (CallRecord *)ts->datastack_top;
    Frame *frame = (Frame *)((PyObject **)r + CALL_WORDS);
    *r = (CallRecord){.site = &to_c, .base = S->base};
    cpy_fill_frame(frame, func, (PyCodeObject *)v->code, v->ip);
    FrameSlot *slot = cpy_slots(frame);
    for (intptr_t i = 0; i < v->n_args; i++) {
        if (!own)
            incref((Obj *)args[i]);
        slot_give(slot++, (Obj *)args[i]);
    }
    for (intptr_t i = 0; i < v->n_empty; i++)
        slot_clear(slot++);
    for (intptr_t i = 0; i < v->n_free; i++) {
        Obj *cell = (Obj *)PyTuple_GET_ITEM(func->func_closure, i);
        incref(cell);
        slot_give(slot++, cell);
    }
    ts->datastack_top = (PyObject **)frame + v->n_words;
    cpy_link_frame(ts, frame);
    S->base = cpy_slots(frame);
    S->record = r;
    S->top = frame;
    return frame;
}

/* A record lies in front of it. Where a chunk of the data stack begins there is nothing in front of a frame. */
int driver_has_called(PyThreadState *ts, const Frame *frame)
{
    const char *record = (const char *)((PyObject *const *)frame - CALL_WORDS);
    if (frame->owner != FRAME_OWNED_BY_THREAD)
        return 0;
    for (const _PyStackChunk *chunk = ts->datastack_chunk; chunk; chunk = chunk->previous)
        if (record >= (const char *)&chunk->data[0] && record < (const char *)chunk + chunk->size)
            return ((const CallRecord *)record)->site == &to_c;
    return 0;
}

OWN_FRAME PyObject *driver_call(PyThreadState *ts, const CodeInfo *info, PyFunctionObject *func, PyObject *const *args, int own)
{
    State own_state, *S = state_borrow(&own_state, ts, cpy_frame(ts));
    driver_stats.entries++;
    judge_called(info);
    begin_call(ts, S, func, args, own, &info->invoked);
    emit_run(S, info->invoked.entry);
    came_back(ts);
    cpy_go_back_to(ts, S->top);
    for (Exit *e = S->exit; e && S->record;)
        e = leave_callee(ts, S, e);
    PyObject *result = S->raw == RAW_OBJECT ? (PyObject *)S->result.o : (PyObject *)h_take_result(S);
    state_return(S);
    return result;
}

/* ---- */

void driver_set_up(void)
{
    static int done;
    if (done)
        return;
    done = 1;
    uint64_t start = clock_ns(), begun = clock_thread_ns();
    warm_pages();
    cstack_has_room(PyThreadState_Get());       /* finding the bounds of a stack takes a while */
    record_set_up();
    if (config.native && emit_available()) {
        to_c.back = emit_way_out();
        called_set_up();
    }
    driver_stats.setup_ns = clock_ns() - start;
    driver_pause(clock_thread_ns() - begun);
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
    if (h == &info->entry)
        called_from_c(info, frame);
    cpy_own_stack(frame);
    return h->root ? run_trace(ts, frame, h) : compile_header(ts, frame, info, h);
}
