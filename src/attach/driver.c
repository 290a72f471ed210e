/* driver.c: what happens at a hot loop header.
 *
 *     header ── no trace yet ──► record ──► optimize ──► emit ──► executor on the header
 *            └─ trace ─► run ──► exit ── cold ──► frame given back
 *                                     └─ hot ───► record on from there: a side trace, hung on the exit
 *
 * Every way through ends with the frame given back by a snapshot. A header where recordings keep failing is disabled; an exit where
 * they do is left alone. */
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
#include "warm.h"

#define MAX_FAILURES 4          /* recordings of a header that come to nothing before it is disabled */
#define MAX_RETRIES 40          /* recordings that a header loses to an inner loop of too few turns */
#define MAX_SIDE_FAILURES 2     /* the same, of an exit */
#define ENTRY_FAILURES 30       /* entries refused by the types of the variables before the root is replaced */
#define MAX_SAME_PLACE 6        /* side traces one upon the other from the same instruction */
#define MAX_TREE 200            /* traces of one root */
#define WINDOW 4096             /* entries after which it is asked whether a trace pays */
#define PAYS_NS 70              /* mean time in native code, measuring included (20 ns), that outweighs getting in and out: 190 ns measured, were native code 5 times as fast */
#define MAX_NATIVE_DEPTH 200    /* traces below one another on the C stack */

DriverStats driver_stats;
volatile int driver_busy;
static uint64_t abort_counts[ABORT_COUNT];
static int native_depth;
static int dumping;

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

/* ---- counters that stay right when a C++ exception or the end of the thread unwinds this stack ---- */

#define AT_END(function) __attribute__((cleanup(function)))

static int one_more(volatile int *counter) { ++*counter; return 0; }
static void less_busy(int *unused) { (void)unused; driver_busy--; }
static void less_deep(int *unused) { (void)unused; native_depth--; }
static void if_unwound(int *recording)
{
    if (*recording)
        record_abandon();
}

/* What needs much of the C stack returns before a frame is given back: that runs inlined frames to their end, which may nest. */
#define OWN_FRAME __attribute__((noinline))

static OWN_FRAME Recording *start_root(PyThreadState *ts, Frame *frame, CodeInfo *info, LoopHeader *loop)
{
    State S;
    AT_END(less_busy) int busy = one_more(&driver_busy);
    AT_END(if_unwound) int recording = 1;
    (void)busy;
    state_init(&S, ts, frame);
    Recording *r = record_root(ts, frame, &S, info, loop);
    recording = 0;
    return r;
}

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

/* COPYPATCH_DUMP=code, when all is in place: shown by Python code, which itself is neither compiled nor shown meanwhile. */
static void dump_code(PyObject *executor, int number)
{
    if (!(config.dump & DUMP_CODE))
        return;
    Py_INCREF(executor);
    dumping++;
    executor_dump(executor, number);
    dumping--;
    Py_DECREF(executor);
}

/* Keeps a recording's trace alive over give_back(), which may run arbitrary code, and decides what becomes of it. */
static int record_header(PyThreadState *ts, Frame *frame, CodeInfo *info, LoopHeader *loop)
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
        if (r->abort == ABORT_LEFT_LOOP && ++loop->retries < MAX_RETRIES)
            loop->count = config.loop_threshold - config.loop_threshold / 16;   /* another turn will do better */
        else if ((r->abort != ABORT_FRAME_OBJECT || ++loop->retries > MAX_RETRIES) && ++loop->failures >= MAX_FAILURES)
            loop->disabled = 1;
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
        if (++loop->failures >= MAX_FAILURES)
            loop->disabled = 1;
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
    AT_END(less_busy) int busy = one_more(&driver_busy);
    AT_END(if_unwound) int recording = 1;
    (void)busy;
    state_init(&S, ts, frame);
    Recording *r = l.n > 512 ? NULL : record_side(ts, frame, &S, e, out);
    recording = 0;
    return r;
}

static void record_exit(PyThreadState *ts, Frame *frame, Exit *e, Value *vals)
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
        if (r->abort != ABORT_LEFT_LOOP || ++e->retries > MAX_RETRIES)
            e->failures++;
        if (e->failures >= MAX_SIDE_FAILURES)
            e->given_up = 1;
        give_back(ts, frame, r);
        record_end(r);
        trace_free(recorded);
        return;
    }
    give_back(ts, frame, r);
    Trace *t = e->side ? NULL : finish(r);
    record_end(r);
    if (!t || executor_add_side(parent->root->executor, e, t)) {
        e->given_up = 1;
        if (t)
            emit_free(t);
        trace_free(t);
        return;
    }
    driver_stats.side_traces++;
    dump_code(parent->root->executor, executor_n_traces(parent->root->executor) - 1);
}

/* Where an exit stands: the innermost frame of its snapshot. */
static const SnapFrame *place(const Exit *e)
{
    const Snapshot *s = &e->trace->snaps[e->snap];
    return &e->trace->snap_frames[s->first_frame + s->n_frames - 1];
}

/* One side trace after the other hangs on the same instruction: what it sees is different every time. */
static int is_megamorphic(const Exit *e)
{
    int same = 0;
    for (const Exit *p = e->trace->parent; p; p = p->trace->parent)
        same += place(p)->code == place(e)->code && place(p)->ip == place(e)->ip;
    return same >= MAX_SAME_PLACE;
}

static int wants_side_trace(const Exit *e)
{
    if (e->error || e->given_up || e->side || e->count < config.exit_threshold)
        return 0;
    const Trace *t = e->trace;
    int op = t->uops[e->uop].op;
    if (place(e)->real)
        return 0;       /* somebody looked into frames that are virtual otherwise */
    if (op == UOP_POLL || op == UOP_CHECK_VALID || op == UOP_START || op == UOP_DROP_STALE)
        return 0;
    if (op == UOP_LINK && ((Trace *)t->uops[e->uop].imm)->valid)
        return 0;
    return executor_n_traces(t->root->executor) < MAX_TREE && !is_megamorphic(e);
}

/* The trace's types are not those that the loop is entered with any more: another one will be recorded. The old one stays alive with
 * its executor, which links may still hold. */
static void replace_root(LoopHeader *loop)
{
    loop->root->valid = 0;
    loop->root = NULL;
    Py_CLEAR(loop->executor);
    loop->count = 0;
    if (++loop->failures >= MAX_FAILURES)
        loop->disabled = 1;
}

/* A loop of few, short turns can cost more to enter than it saves. */
static void retire_if_useless(LoopHeader *loop)
{
    uint64_t mean = loop->sampled_ns / (WINDOW / 16);
    loop->sampled_ns = 0;
    if (mean >= PAYS_NS)
        return;
    loop->root->valid = 0;
    loop->root = NULL;
    Py_CLEAR(loop->executor);
    loop->disabled = 1;
    driver_stats.retired++;
}

static OWN_FRAME Exit *enter(PyThreadState *ts, Frame *frame, Trace *root, Value **vals, int32_t *cap)
{
    State S;
    AT_END(less_busy) int busy = one_more(&driver_busy);
    (void)busy;
    Exit *e = execute_root(ts, frame, root, &S, vals, cap);
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
    int sampled = (loop->entries++ & 15) == 0 && native;
    uint64_t start = sampled ? clock_ns() : 0;
    Exit *e = enter(ts, frame, loop->root, vals, native ? &buffer_cap : &own_cap);
    if (sampled)
        loop->sampled_ns += clock_ns() - start;
    if (e) {
        driver_stats.entries++;
        driver_stats.exits++;
        e->count++;
        if (e->trace->uops[e->uop].op == UOP_START && e->count >= ENTRY_FAILURES)
            replace_root(loop);
        if (config.dump & DUMP_EXITS)
            fprintf(stderr, "exit: %s:%d %s at %d, %u times\n", PyUnicode_AsUTF8(e->trace->code->co_qualname), e->trace->header,
                    uop_info[e->trace->uops[e->uop].op].name, e->uop, e->count);
        if (wants_side_trace(e) && !(ts->eval_breaker & 0xff))
            record_exit(ts, frame, e, *vals);
        else {
            if (e->count < config.exit_threshold && !e->error && !e->given_up)
                warm_code(e->count, config.exit_threshold);
            exit_restore(ts, frame, e->trace, e->snap, *vals, e->error && PyErr_Occurred());
        }
    }
    if (native && loop->entries % WINDOW == 0 && loop->root && !config.eager)
        retire_if_useless(loop);
    PyMem_RawFree(own);
    Py_DECREF(executor);
    return e != NULL;
}

int driver_loop(PyThreadState *ts, Frame *frame, CodeInfo *info, LoopHeader *loop)
{
    if (native_depth >= MAX_NATIVE_DEPTH || dumping)
        return 0;
    if ((loop->disabled && !loop->root) || reserve_have(native_depth))
        return 0;
    AT_END(less_deep) int deeper = one_more(&native_depth);     /* until the frame is given back: to their end, inlined frames run on the C stack */
    (void)deeper;
    return loop->root ? run_trace(ts, frame, loop) : record_header(ts, frame, info, loop);
}
