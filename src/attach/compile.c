/* compile.c: recordings, and what comes of them.
 *
 *     header without a trace ──► record ──► optimize ──► emit ──► executor on the header
 *     hot exit ────────────────► record on from there ──────────► side trace, hung on the exit
 *
 * Every way through ends with the frame given back by a snapshot. */
#include "active.h"
#include "arming.h"
#include "compile.h"
#include "../cpython/frame.h"
#include "../cpython/reserve.h"
#include "../cpython/steady.h"
#include "../cpython/watch.h"
#include "../emit/emit.h"
#include "../execute/execute.h"
#include "../interpret/interpret.h"
#include "../ir/clock.h"
#include "../ir/config.h"
#include "../ir/source.h"
#include "../ir/instance.h"
#include "../ir/text.h"
#include "../optimize/optimize.h"
#include "../record/record.h"
#include "../cpython/opcodes.h"
#include "judge.h"
#include "notes.h"
#include "stats.h"
#include "unwound.h"

int compile_dumping;

/* How long it took, the program's own code left out. */
static uint64_t count_recording(const Recording *r, uint64_t start)
{
    uint64_t ns = clock_ns() - start - r->program_ns;
    stats.record_ns += ns;
    stats.recorded_bytecodes += (uint64_t)r->trace->n_bytecodes;
    return ns;
}

/* Held up for so long. As far as it was us, and nobody else who had the processor meanwhile: the thread had used `begun` of CPU time, of
 * what it has used since `theirs` was the program's. */
static void count_pause(uint64_t ns, uint64_t begun, uint64_t theirs)
{
    if (ns <= stats.longest_pause_ns)
        return;
    uint64_t used = clock_thread_ns() - begun, ours = used > theirs ? used - theirs : 0;
    stats_pause(ours < ns ? ours : ns);
}

static void count_first(const Trace *t)
{
    if (stats.first_native_ns || !t->native_entry)
        return;
    stats.first_native_ns = clock_of(CLOCK_PROCESS_CPUTIME_ID);
}

enum { PLACE = 1000 };      /* bytes for a function, its file and a line */

static void dump_trace(const Trace *t)
{
    char place[PLACE];
    source_name(t, place, sizeof place);
    fprintf(stderr, "trace: %s %s: %d bytecodes, %d uops, %zu bytes of code\n", place, t->parent ? "side" : "root", t->n_bytecodes,
            t->n_uops, t->code_size);
}

/* Where it began, and which instruction was the last. */
static void tell_abort(const Recording *r, const Trace *t, AbortReason why)
{
    char from[PLACE], at[PLACE], text[2 * PLACE + 200];
    source_name(t, from, sizeof from);
    source_place(t, t->where, at, sizeof at);
    snprintf(text, sizeof text, "%s %s: %s%s%s, in %s", from, t->parent ? "side" : "root", abort_text[why], why == ABORT_OPCODE ? " " : "",
             why == ABORT_OPCODE ? cpy_opcode_name(r->abort_opcode) : "", at);
    if (config.dump & DUMP_ABORTS)
        fprintf(stderr, "abort: %s\n", text);
    if (notes_wanted)
        notes_add(text);
}

static void count_abort(const Recording *r, const Trace *t, AbortReason why)
{
    stats.aborts_by_reason[why]++;
    stats.aborts++;
    stats.aborted_bytecodes += (uint64_t)t->n_bytecodes;
    if ((config.dump & DUMP_PASSES) && t == r->trace)
        ir_print(stderr, t, "aborted");
    if ((config.dump & DUMP_ABORTS) || notes_wanted)
        tell_abort(r, t, why);
}

static int escapes(const Trace *t)
{
    for (int i = 0; i < t->n_uops; i++)
        if (ir_checks_valid(t->uops[i].op))
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
    stats.emit_ns += clock_ns() - start;
    if (failed) {
        if (config.dump & DUMP_ABORTS)
            fprintf(stderr, "emit: %s\n", reason);
        return -1;
    }
    stats.emitted_uops += count_emitted(t);
    return 0;
}

/* Optimizes and emits. root: that of the tree, NULL: the trace itself. NULL: counted as aborted. The recording's trace is consumed. */
/* The turn ended with instances that are not made: perhaps it is because of these that no loop came of it. The next one makes them. */
static void without_instances(Recording *r)
{
    for (int i = 0; i < r->n_slots; i++)
        if (r->slots[i].own != OWN_MEMORY && instance_is(r->trace, r->slots[i].ref)) {
            codeinfo_loop(codeinfo_peek(r->trace->code), r->trace->header)->makes_instances = 1;
            r->learned = 1;
            return;
        }
}

static Trace *finish(Recording *r, Trace *root)
{
    Trace *t = r->trace;
    AbortReason why = r->abort;
    if (config.dump & DUMP_PASSES)
        ir_print(stderr, t, "recorded");
    uint64_t start = clock_ns();
    if (r->end == RECORD_LOOP) {
        t = optimize_root(r, &why);
        if (!t) {
            count_abort(r, r->trace, why);
            without_instances(r);
        }
        trace_free(r->trace);
    } else if (optimize_side(t)) {
        count_abort(r, t, ABORT_TOO_LONG);
        trace_free(t);
        t = NULL;
    }
    r->trace = NULL;
    stats.optimize_ns += clock_ns() - start;
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
    if (record_assume(r, root ? root : t)) {
        count_abort(r, t, ABORT_REBOUND);
        if (!root)
            steady_forget(&t->steady);
        emit_free(t);
        trace_free(t);
        return NULL;
    }
    if (config.dump & DUMP_TRACES)
        dump_trace(t);
    return t;
}

/* The recorder has stopped: its state goes back to the interpreter. Before finish(), which consumes the trace. */
static void give_back(PyThreadState *ts, Frame *frame, Recording *r)
{
    exit_restore(ts, frame, r->trace, r->snap, r->vals, r->result, r->raised);
}

static void if_unwound(Recording **r)
{
    if (*r)
        record_abandon(*r);
}

static OWN_FRAME int start_root(PyThreadState *ts, Frame *frame, Recording *r, CodeInfo *info)
{
    State S;
    AT_END(active_end) Active here = active_begin(ts, frame);
    state_init(&S, ts, frame);
    int failed = record_root(r, ts, frame, &S, info);
    cpy_go_back_to(ts, S.top);
    state_clear(&S);
    return failed;
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

void compile_offer(CodeInfo *info)
{
    const Header *h;
    for (int i = 0; (h = codeinfo_header(info, i)) && header_is_entry(h); i++) {
        const Trace *t = h->root;
        void **native = codeinfo_native_entry(info, h);
        Obj *globals = info->resumed.code ? info->resumed.globals : info->invoked.globals;
        Obj *builtins = info->resumed.code ? info->resumed.builtins : info->invoked.builtins;
        if (native && t && t->valid && t->native_link && !t->n_entry && t->globals == (PyObject *)globals &&
            t->builtins == (PyObject *)builtins && cpy_local_events(info->code))
            *native = t->native_link;
    }
}

/* An entry of it has no native code yet. */
static int lacks_root(CodeInfo *info)
{
    const Header *h;
    for (int i = 0; (h = codeinfo_header(info, i)) && header_is_entry(h); i++)
        if (!h->root)
            return 1;
    return 0;
}

/* It sleeps because it was entered seldom, or was not worth it: native code that calls it is not seen by the sampler, and pays no entry. 1:
 * not any more. */
static int is_wanted_again(CodeInfo *info)
{
    Header *h;
    int woken = 0;
    for (int i = 0; (h = codeinfo_header(info, i)) && header_is_entry(h); i++)
        if (!h->root && ((h->asleep && h->naps) || h->unworthy)) {
            h->asleep = h->naps = 0;
            h->disabled &= !h->unworthy;
            h->unworthy = 0;
            woken = 1;
        }
    return woken;
}

/* The functions that a trace calls are worth being compiled, however short. Those whose code is there still: it may have died behind the
 * recording. 1: some have no native code yet. */
static int arm_invoked(const Trace *t)
{
    int lack = 0;
    for (int i = 0; i < t->n_uops; i++) {
        CodeInfo *info = judge_callee(&t->uops[i]);
        if (!info)
            continue;
        if (lacks_root(info) && !(info->armed & ARMED_ENTRY))
            arming_arm(info, ARMED_ENTRY);
        else if (is_wanted_again(info))
            arming_again(info);
        lack |= lacks_root(info);
        compile_offer(info);
    }
    return lack;
}

/* Giving back may run arbitrary code, which may record and compile the same loop. It goes first: optimizing needs nothing of the run, nor
 * of what is gone behind it. The frame keeps its code, the code its CodeInfo and all executors. */
int compile_header(PyThreadState *ts, Frame *frame, CodeInfo *info, Header *h)
{
    if (ts->eval_breaker & 0xff)
        return 0;
    uint64_t start = clock_ns(), begun;
    h->count = 0;
    if (!judge_may_record()) {
        judge_sleep(h);
        return 0;
    }
    begun = clock_thread_ns();
    AT_END(if_unwound) Recording *r = record_begin(ts, h, NULL);
    if (!r)
        return 0;
    cpy_without_frame_object(frame);
    if (start_root(ts, frame, r, info)) {
        record_end(r);
        r = NULL;
        return 0;
    }
    uint64_t recording_ns = count_recording(r, start), theirs = r->program_ns, recorded = clock_ns();
    int keep = r->end == RECORD_LOOP || r->end == RECORD_LINK;
    if (keep && !judge_is_worth_it(h, r)) {
        keep = 0;
        judge_not_worth_it(h, r, arm_invoked(r->trace));
    } else if (!keep) {
        count_abort(r, r->trace, r->abort);
        judge_failed_header(h, r);
    }
    give_back(ts, frame, r);
    start = clock_ns();
    theirs += start - recorded;
    Trace *t = keep && !h->root ? finish(r, NULL) : NULL;        /* or somebody else was quicker */
    if (keep && !t && !h->root)
        judge_failed_header(h, NULL);
    record_end(r);
    r = NULL;
    PyObject *executor = t ? executor_new(t) : NULL;
    if (executor) {
        h->executor = executor;
        h->root = t;
        h->few = 0;
        stats.traces++;
        count_first(t);
        arm_invoked(t);
        compile_offer(info);
    }
    count_pause(recording_ns + clock_ns() - start, begun, theirs);
    if (executor)
        dump_code(executor, 0);
    return 1;
}

/* A hot exit: recorded on from there. The values of its snapshot are consumed. */
static OWN_FRAME int start_side(PyThreadState *ts, Frame *frame, Recording *r, const Exit *e, const Values *values, PyObject **pending)
{
    State S;
    AT_END(active_end) Active here = active_begin(ts, frame);
    state_init(&S, ts, frame);
    exit_give_result(e, values, &S);
    if (*pending)
        PyErr_SetRaisedException(*pending);
    int failed = record_side(r, ts, frame, &S, values->v);
    *pending = failed && *pending ? PyErr_GetRaisedException() : NULL;
    cpy_go_back_to(ts, S.top);
    state_clear(&S);
    return failed;
}

void compile_exit(PyThreadState *ts, Frame *frame, Exit *e, Values *values, PyObject *pending)
{
    Trace *parent = e->trace;
    uint64_t start = clock_ns(), begun = clock_thread_ns();
    AT_END(if_unwound) Recording *r = record_begin(ts, NULL, e);
    if (!r || start_side(ts, frame, r, e, values, &pending)) {
        if (r)
            record_end(r);
        r = NULL;
        Leaving leaving;
        exit_rebuild(ts, frame, e, values, pending, &leaving);
        exit_finish(ts, &leaving);
        return;
    }
    uint64_t recording_ns = count_recording(r, start), theirs = r->program_ns, recorded = clock_ns();
    e->count = 0;
    int keep = r->end == RECORD_LINK;
    if (!keep) {
        count_abort(r, r->trace, r->abort);
        judge_failed_exit(e, r);
    }
    give_back(ts, frame, r);
    int wanted = keep && !e->side && parent->root->valid;
    start = clock_ns();
    theirs += start - recorded;
    Trace *t = wanted ? finish(r, parent->root) : NULL;
    record_end(r);
    r = NULL;
    count_pause(recording_ns + clock_ns() - start, begun, theirs);
    if (!wanted)
        return;
    if (!t || executor_add_side(parent->root->executor, e, t)) {
        judge_failed_exit(e, NULL);
        if (t)
            emit_free(t);
        trace_free(t);
        return;
    }
    stats.side_traces++;
    arm_invoked(t);
    dump_code(parent->root->executor, executor_n_traces(parent->root->executor) - 1);
}
