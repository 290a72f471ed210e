/* driver.c: what happens at a hot loop header.
 *
 *     header ── no trace yet ──► compile.c
 *            └─ trace ─► run ──► exit ── cold ──► frame given back
 *                                     └─ hot ───► compile.c: a side trace, hung on the exit
 *
 * Every way through ends with the frame given back by a snapshot. */
#include "driver.h"
#include "../cpython/reserve.h"
#include "../emit/emit.h"
#include "../execute/execute.h"
#include "../interpret/interpret.h"
#include "../ir/clock.h"
#include "../ir/config.h"
#include "compile.h"
#include "judge.h"
#include "unwound.h"
#include "warm.h"

#define MAX_NATIVE_DEPTH 200    /* traces below one another on the C stack */

DriverStats driver_stats;
volatile int driver_busy;
static int native_depth;

static int one_more(volatile int *counter) { ++*counter; return 0; }
static void less_busy(int *unused) { (void)unused; driver_busy--; }
static void less_deep(int *unused) { (void)unused; native_depth--; }

void driver_set_up(void)
{
    static int done;
    if (done)
        return;
    done = 1;
    uint64_t start = clock_ns();
    warm_pages();
    if (config.native)
        emit_available();
    driver_stats.setup_ns = clock_ns() - start;
}

static OWN_FRAME Exit *enter(PyThreadState *ts, Frame *frame, Trace *root, Value **vals, int32_t *cap, int64_t *work)
{
    State S;
    AT_END(less_busy) int busy = one_more(&driver_busy);
    (void)busy;
    Exit *e = execute_root(ts, frame, root, &S, vals, cap);
    *work = e ? S.work : 0;
    if (e)
        state_clear(&S);
    return e;
}

static int run_trace(PyThreadState *ts, Frame *frame, LoopHeader *loop)
{
    static Value *buffer;       /* filled when native code is left, used up before anything else runs */
    static int32_t buffer_cap;
    Value *own = NULL;
    int32_t own_cap = 0;
    int native = loop->root->native_entry != NULL;
    Value **vals = native ? &buffer : &own;
    PyObject *executor = Py_NewRef(loop->executor);
    int64_t work;
    loop->entries++;
    Exit *e = enter(ts, frame, loop->root, vals, native ? &buffer_cap : &own_cap, &work);
    if (!e)
        judge_left(loop, NULL, 0);
    else {
        driver_stats.entries++;
        driver_stats.exits++;
        e->count++;
        judge_left(loop, e, work);
        if (config.dump & DUMP_EXITS)
            fprintf(stderr, "exit: %s:%d %s at %d, %u times\n", PyUnicode_AsUTF8(e->trace->code->co_qualname), e->trace->header,
                    uop_info[e->trace->uops[e->uop].op].name, e->uop, e->count);
        if (judge_wants_side_trace(e) && !(ts->eval_breaker & 0xff))
            compile_exit(ts, frame, e, *vals);
        else {
            if (e->count < config.exit_threshold && !e->error && !e->given_up)
                warm_code(e->count, config.exit_threshold);
            exit_restore(ts, frame, e->trace, e->snap, *vals, e->error && PyErr_Occurred());
        }
    }
    PyMem_RawFree(own);
    Py_DECREF(executor);
    return e != NULL;
}

int driver_loop(PyThreadState *ts, Frame *frame, CodeInfo *info, LoopHeader *loop)
{
    if (native_depth >= MAX_NATIVE_DEPTH || compile_dumping)
        return 0;
    if ((loop->disabled && !loop->root) || reserve_have(native_depth))
        return 0;
    AT_END(less_deep) int deeper = one_more(&native_depth);     /* until the frame is given back: to their end, inlined frames run on the C stack */
    (void)deeper;
    return loop->root ? run_trace(ts, frame, loop) : compile_header(ts, frame, info, loop);
}
