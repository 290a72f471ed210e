/* compile.c: recordings, and what comes of them.
 *
 *     header without a trace ──► record ──► optimize ──► emit ──► executor on the header
 *     hot exit ────────────────► record on from there ──────────► side trace, hung on the exit
 *
 * Every way through ends with the frame given back by a snapshot. */
#include "compile.h"
#include "driver.h"
#include "../cpython/frame.h"
#include "../cpython/reserve.h"
#include "../emit/emit.h"
#include "../execute/execute.h"
#include "../interpret/interpret.h"
#include "../ir/clock.h"
#include "../ir/config.h"
#include "../ir/text.h"
#include "../optimize/optimize.h"
#include "../record/record.h"
#include "../cpython/opcodes.h"
#include "judge.h"
#include "unwound.h"

int compile_dumping;
static uint64_t abort_counts[ABORT_COUNT];

const char *driver_abort_name(int i) { return i >= 0 && i < ABORT_COUNT ? abort_text[i] : NULL; }
uint64_t driver_abort_count(int i) { return abort_counts[i]; }

static void count_recording(const Recording *r, uint64_t start)
{
    driver_stats.record_ns += clock_ns() - start - r->program_ns;
    driver_stats.recorded_bytecodes += (uint64_t)r->trace->n_bytecodes;
}

static void count_abort(const Recording *r, const Trace *t, AbortReason why)
{
    abort_counts[why]++;
    driver_stats.aborts++;
    driver_stats.aborted_bytecodes += (uint64_t)t->n_bytecodes;
    if ((config.dump & DUMP_PASSES) && t == r->trace)
        ir_print(stderr, t, "aborted");
    if (config.dump & DUMP_ABORTS)
        fprintf(stderr, "abort: %s:%d %s: %s %s\n", PyUnicode_AsUTF8(t->code->co_qualname), t->header, t->parent ? "side" : "root",
                abort_text[why], why == ABORT_OPCODE ? cpy_opcode_name(r->abort_opcode) : "");
}

static int escapes(const Trace *t)
{
    for (int i = 0; i < t->n_uops; i++)
        if (t->uops[i].op == UOP_CHECK_VALID)
            return 1;
    return 0;
}

static uint64_t count_emitted(const Trace *t)
{
    uint64_t n = 0;
    for (int i = 0; i < t->n_uops; i++)
        n += !t->uops[i].dead && !(uop_info[t->uops[i].op].effects & EFFECT_SUNK);
    return n;
}

/* Native code for a trace, unless traces are to be interpreted. 0, or -1. */
static int emit(Trace *t)
{
    if (!config.native || !emit_available())
        return 0;
    uint64_t start = clock_ns();
    const char *reason = NULL;
    int failed = emit_trace(t, &reason);
    driver_stats.emit_ns += clock_ns() - start;
    if (failed) {
        if (config.dump & DUMP_ABORTS)
            fprintf(stderr, "emit: %s\n", reason);
        return -1;
    }
    driver_stats.emitted_uops += count_emitted(t);
    driver_stats.code_bytes = emit_bytes_used();
    return 0;
}

/* Optimizes and emits. NULL: counted as aborted. The recording's trace is consumed. */
static Trace *finish(Recording *r)
{
    Trace *t = r->trace;
    AbortReason why = r->abort;
    if (config.dump & DUMP_PASSES)
        ir_print(stderr, t, "recorded");
    uint64_t start = clock_ns();
    if (r->end == RECORD_LOOP) {
        t = optimize_root(r, &why);
        if (!t)
            count_abort(r, r->trace, why);
        trace_free(r->trace);
    } else if (optimize_side(t)) {
        count_abort(r, t, ABORT_TOO_LONG);
        trace_free(t);
        t = NULL;
    }
    r->trace = NULL;
    driver_stats.optimize_ns += clock_ns() - start;
    if (!t)
        return NULL;
    if (config.dump & DUMP_IR)
        ir_print(stderr, t, "trace");
    t->escapes = escapes(t);
    if (emit(t)) {
        count_abort(r, t, ABORT_EMIT);
        trace_free(t);
        return NULL;
    }
    if (config.dump & DUMP_TRACES)
        fprintf(stderr, "trace: %s:%d %s: %d bytecodes, %d uops, %zu bytes of code\n", PyUnicode_AsUTF8(t->code->co_qualname), t->header,
                t->parent ? "side" : "root", t->n_bytecodes, t->n_uops, t->code_size);
    return t;
}

/* The recorder has stopped: its state goes back to the interpreter. Before finish(), which consumes the trace. */
static void give_back(PyThreadState *ts, Frame *frame, Recording *r)
{
    exit_restore(ts, frame, r->trace, r->snap, r->vals, r->raised);
}

static int one_busy(void) { ++driver_busy; return 1; }
static void less_busy(int *unused) { (void)unused; driver_busy--; }
static void if_unwound(int *recording)
{
    if (*recording)
        record_abandon();
}

static OWN_FRAME Recording *start_root(PyThreadState *ts, Frame *frame, CodeInfo *info, LoopHeader *loop)
{
    State S;
    AT_END(less_busy) int busy = one_busy();
    AT_END(if_unwound) int recording = 1;
    (void)busy;
    state_init(&S, ts, frame);
    Recording *r = record_root(ts, frame, &S, info, loop);
    recording = 0;
    return r;
}

/* COPYPATCH_DUMP=code, when all is in place: shown by Python code, which itself is neither compiled nor shown meanwhile. */
static void dump_code(PyObject *executor, int number)
{
    if (!(config.dump & DUMP_CODE))
        return;
    Py_INCREF(executor);
    compile_dumping++;
    executor_dump(executor, number);
    compile_dumping--;
    Py_DECREF(executor);
}

/* Keeps a recording's trace alive over give_back(), which may run arbitrary code, and decides what becomes of it. */
int compile_header(PyThreadState *ts, Frame *frame, CodeInfo *info, LoopHeader *loop)
{
    if (ts->eval_breaker & 0xff)
        return 0;
    uint64_t start = clock_ns();
    loop->count = 0;
    cpy_without_frame_object(frame);
    Recording *r = start_root(ts, frame, info, loop);
    if (!r)
        return 0;
    count_recording(r, start);
    int keep = r->end == RECORD_LOOP || r->end == RECORD_LINK;
    if (!keep) {
        count_abort(r, r->trace, r->abort);
        judge_failed_header(loop, r);
        Trace *t = r->trace;
        give_back(ts, frame, r);
        record_end(r);
        trace_free(t);
        return 1;
    }
    /* The state goes back first: optimizing copies the trace, and needs nothing of the run. */
    Trace *recorded = r->trace;
    give_back(ts, frame, r);
    if (loop->root) {       /* somebody else was quicker, in code that giving back ran */
        record_end(r);
        trace_free(recorded);
        return 1;
    }
    Trace *t = finish(r);
    record_end(r);
    if (!t) {
        judge_failed_header(loop, NULL);
        return 1;
    }
    PyObject *executor = executor_new(t);
    if (executor) {
        loop->executor = executor;
        loop->root = t;
        driver_stats.traces++;
        dump_code(executor, 0);
    }
    return 1;
}

/* A hot exit: recorded on from there. The values of its snapshot are consumed. */
typedef struct { const Value *vals; Value *out; int n; } Leaves;
static void leaf(void *arg, Ref ref)
{
    Leaves *l = arg;
    if (l->n < 512)
        l->out[l->n] = l->vals[ref];
    l->n++;
}

static OWN_FRAME Recording *start_side(PyThreadState *ts, Frame *frame, Exit *e, const Value *vals)
{
    State S;
    Value out[512];
    Leaves l = {vals, out, 0};
    trace_snapshot_leaves(e->trace, &e->trace->snaps[e->snap], leaf, &l);
    AT_END(less_busy) int busy = one_busy();
    AT_END(if_unwound) int recording = 1;
    (void)busy;
    state_init(&S, ts, frame);
    Recording *r = l.n > 512 ? NULL : record_side(ts, frame, &S, e, out);
    recording = 0;
    return r;
}

void compile_exit(PyThreadState *ts, Frame *frame, Exit *e, Value *vals)
{
    Trace *parent = e->trace;
    uint64_t start = clock_ns();
    Recording *r = start_side(ts, frame, e, vals);
    if (!r) {
        exit_restore(ts, frame, parent, e->snap, vals, 0);
        return;
    }
    count_recording(r, start);
    Trace *recorded = r->trace;
    e->count = 0;
    if (r->end != RECORD_LINK) {
        count_abort(r, recorded, r->abort);
        judge_failed_exit(e, r);
        give_back(ts, frame, r);
        record_end(r);
        trace_free(recorded);
        return;
    }
    give_back(ts, frame, r);
    Trace *t = e->side ? NULL : finish(r);
    record_end(r);
    if (!t || executor_add_side(parent->root->executor, e, t)) {
        judge_failed_exit(e, NULL);
        if (t)
            emit_free(t);
        trace_free(t);
        return;
    }
    driver_stats.side_traces++;
    dump_code(parent->root->executor, executor_n_traces(parent->root->executor) - 1);
}
