/* judge.c: what pays, and what is given up.
 *
 * Compiling is a bet. A header where recordings keep failing is disabled, an exit where they do is left alone; a root that is refused by
 * the types of the variables is replaced; one that costs more to enter than it saves is closed: the interpreter does not enter it any more,
 * and runs at stock speed there; who comes natively, by a link, still may.
 *
 * What an entry is worth is not a matter of time: most of it may be spent in C functions, which take as long in the interpreter. It is what
 * the interpreter would have had to do. So a trace counts the bytecodes that it executes (WORK; those that run arbitrary code anyway are
 * worth nothing, and less where we have more to do for them than the interpreter), and from that goes what getting in and out costs: the
 * event, the driver, the exit by the size of its snapshot, and what it takes to get native code into the caches when that is entered
 * seldom. All of it is arithmetic: a noisy machine does not decide. Only functions that C calls are timed, as they can be called in either
 * way (a trial).
 *
 * And recording is on credit: a small share of the CPU time that the process has used, and of what traces have gained so far. A program in
 * which nothing pays loses no more than that; one whose traces pay has more than it needs. */
#include "judge.h"
#include "../cpython/opcodes.h"
#include "../ir/clock.h"
#include "stats.h"
#include "../execute/execute.h"
#include "../ir/config.h"
#include "../ir/instance.h"
#include "../record/record.h"

#define MAX_FAILURES 4          /* recordings of a header that come to nothing before it is disabled */
#define MAX_RETRIES 40          /* recordings that a header or exit loses to an unlucky turn before they count as failures */
#define MAX_DOUBLED 10          /* times that the wait for the next of these is doubled */
#define FEW 2                   /* recordings that the loop was left in before it is taken for one of few turns */
#define AWAKE 1024              /* turns that a header counts for it at most: an event takes 100 ns and more. Then it sleeps until it is
                                 * sampled again */
#define SOON 16                 /* one in so many of its threshold: what it counts then, and after the first unlucky turn */
#define MAX_SIDE_FAILURES 2     /* recordings of an exit that come to nothing */
#define ENTRY_FAILURES 30       /* entries refused by the types of the variables before the root is replaced */
#define LOOKED 3                /* exits because a frame object was made before frames are taken for ones that are looked at */
#define MAX_SAME_PLACE 6        /* side traces one upon the other from the same instruction */

#define WINDOW 256              /* entries between two looks at a trace's balance */
#define MOST_LOST_NS 1000000    /* ... or as soon as so much is lost */
#define GROWING 8               /* looks at which a tree that has grown since the last is left alone */
#define WAITING 16              /* looks at which it is left alone while what it calls has no code yet */

/* ns, measured (bench/cost.py): what a bytecode takes the interpreter beyond what it takes us; an event whose entry is refused; an entry
 * with its event, and an exit to the entry frame; what each slot, inlined frame and exception adds to it. */
#define BYTECODE_NS 2
#define REFUSED_NS 60
#define ENTRY_NS 150
#define CALLING_NS 200          /* more where the tree calls what may do anything: that has filled the caches with something else until the
                                 * next entry */

/* Whether native code pays for what C calls is tried out: it depends on how much else the program does between two calls. */
#define TRIAL 576               /* calls, of which the first are not looked at: */
#define TRIAL_BEGINS 64
#define TRIAL_LONG_NS 20000     /* ... nor those that something else came into: a recording, another thread */
#define TRIAL_LEAST 8           /* one in so many ns has to be gained: native code takes more room in the caches, and that from others */
#define SLOT_NS 4
#define FRAME_NS 60
#define RAISE_NS 100

/* Native code is some ten times as large as bytecode. What is not run for so long has left the caches, and takes so much more for each
 * bytecode, once: more than so many in one entry are further turns of loops. */
#define SELDOM_NS 20000
#define TIMED 16                /* one entry in so many, to see how long one stays inside */
#define INTERRUPTED_NS 500000   /* who stays longer has been interrupted, or gains so much that it does not matter */
#define COLD_NS 4
#define ONCE 2                  /* ... times the bytecodes of its tree: what it calls is not counted there */
#define MAX_NAPS 6              /* it sleeps for twice as many samples each time, up to 1 << this */

/* The credit, ns: what is given to begin with, a share of CPU time and of gains (one in so many); and what a recorded bytecode takes, all
 * stages together. */
#define CREDIT_NS 4000000
#define CREDIT_SHARE 200
#define CREDIT_OF_GAINS 2
#define RECORDED_NS 2000

/* ---- the credit ---- */

static int64_t used_ns;         /* of the whole process; written and read with the GIL */

void judge_time_used(uint64_t ns) { used_ns = (int64_t)ns; }

int judge_may_record(void)
{
    if (config.eager || !config.retire || !config.native)
        return 1;
    int64_t gained = stats.gained_ns - stats.paid_ns;
    return RECORDED_NS * (int64_t)stats.recorded_bytecodes < CREDIT_NS + used_ns / CREDIT_SHARE + gained / CREDIT_OF_GAINS;
}

/* ---- caches ---- */

/* n times since it was asked last, the time inside left out. In CPU time: what waits, or has no processor, loses no cache by that. */
static int seldom(Header *h, int64_t n)
{
    uint64_t now = clock_process_ns(), since = h->since + h->inside;
    int known = h->since != 0;
    h->since = now;
    h->inside = 0;
    return known && (int64_t)(now - since) > SELDOM_NS * n;
}

uint64_t judge_enters(const Header *h) { return h->entries % TIMED ? 0 : clock_ns(); }

void judge_was_inside(Header *h, uint64_t since)
{
    uint64_t inside = since ? clock_ns() - since : 0;
    h->inside += TIMED * (inside < INTERRUPTED_NS ? inside : INTERRUPTED_NS);
}

void judge_counts(Header *h)
{
    h->since = clock_process_ns();
    h->counted_from = h->count;
}

int judge_is_too_cold(const CodeInfo *info, Header *h)
{
    if (config.eager || !config.retire || !header_is_entry(h) || info->has_loop || info->n_resumes)
        return 0;
    int cold = seldom(h, h->count - h->counted_from);
    h->since = 0;
    if (!cold)
        return 0;
    h->naps += h->naps < MAX_NAPS;
    h->dreams = 0;
    judge_sleep(h);
    return 1;
}

/* ---- recordings that came to nothing ---- */

/* It ended for something that stands in the code, and will be met again. */
static int is_in_the_code(AbortReason why)
{
    switch (why) {
    case ABORT_OPCODE: case ABORT_CALL: case ABORT_REFCOUNT: case ABORT_STACK:
        return 1;
    default:
        return 0;
    }
}

/* No use in trying again: no branch leads around where it ended, or it ended there twice, or at a loop that has been given up itself. */
static int is_hopeless(const Recording *r, uint32_t failed_at)
{
    if (r->inner)
        return r->inner->disabled && !r->inner->root && !r->inner->few;
    return is_in_the_code(r->abort) && (!r->branches || r->trace->where == failed_at);
}

/* Another turn will do better. */
static int is_unlucky(AbortReason why)
{
    return why == ABORT_LEFT_LOOP || why == ABORT_INTERRUPTED || why == ABORT_OVERTAKEN || why == ABORT_RAISED;
}

/* Twice as long each time: where bad luck is the rule, trying costs nothing in the end. Not in eager mode, which tries everything. */
static int64_t longer(int64_t turns, int retries)
{
    return config.loop_threshold < 16 ? turns : turns << (retries < MAX_DOUBLED ? retries : MAX_DOUBLED);
}

void judge_sleep(Header *h)
{
    h->asleep = 1;
    h->since = 0;
    h->count = (int32_t)(config.loop_threshold - config.loop_threshold / SOON);
}

static void wait_for(Header *h, int64_t turns)
{
    h->since = 0;
    if (turns > AWAKE)
        judge_sleep(h);
    else
        h->count = (int32_t)(config.loop_threshold - turns);
}

void judge_failed_header(Header *h, const Recording *r)
{
    if (r && (r->abort == ABORT_LEFT_LOOP || r->abort == ABORT_RETURN) && h->retries + h->failures >= FEW)
        h->few = 1;
    if (r && (r->abort == ABORT_LEFT_LOOP || r->abort == ABORT_INTERRUPTED || r->abort == ABORT_RAISED || r->learned) &&
        ++h->retries < MAX_RETRIES) {
        wait_for(h, longer(config.loop_threshold / SOON, h->retries - 1));
        return;
    }
    if (r && (r->abort == ABORT_FRAME_OBJECT || r->abort == ABORT_OVERTAKEN) && ++h->retries <= MAX_RETRIES) {
        wait_for(h, longer(config.loop_threshold, h->retries - 1));
        return;
    }
    if (++h->failures >= MAX_FAILURES || (r && is_hopeless(r, h->failed_at)))
        h->disabled = 1;
    if (r)
        h->failed_at = r->trace->where;
}

/* Of a function that may have been a short way, where there are longer ones: until it is sampled again it costs nothing. What is called
 * natively costs less than by the interpreter: when it has code one may think again. */
void judge_not_worth_it(Header *h, const Recording *r, int lacking)
{
    if (lacking && ++h->retries < MAX_RETRIES)
        wait_for(h, longer(config.loop_threshold, h->retries - 1));
    else if (!header_is_entry(h))
        judge_failed_header(h, r);
    else if (r->branches && ++h->failures < MAX_FAILURES)
        judge_sleep(h);
    else
        h->disabled = h->unworthy = 1;
}

/* Nobody enters it any more; who links to it leaves there. */
static void give_up(Header *h)
{
    CodeInfo *info = codeinfo_peek(h->root->code);
    h->root->valid = 0;
    void **native = codeinfo_native_entry(info, h);
    if (native)
        *native = NULL;
    codeinfo_retire(info, h);
    h->count = 0;
    h->asleep |= h->closed;     /* the next one is another matter */
    h->closed = 0;
    memset(&h->balance, 0, sizeof h->balance);
}

/* A function that was followed into raises: called, it costs its frame only, and what it raises may be caught in a trace. */
static int raises_in_callee(const Recording *r)
{
    return r && r->learned && (r->abort_opcode == RAISE_VARARGS || r->abort_opcode == RERAISE);
}

void judge_changed(void *root)
{
    Trace *t = root;
    t->valid = 0;
    CodeInfo *info = codeinfo_peek(t->code);
    Header *h = info ? codeinfo_header_of(info, t) : NULL;
    if (h)
        give_up(h);
}

void judge_watched(PyCodeObject *code)
{
    if (!codeinfo_peek(code))
        return;
    record_overtake_all();
    for (size_t i = 0; i <= codetable.mask && codetable.slots; i++) {
        CodeInfo *info = codetable.slots[i].info;
        Header *h;
        for (int k = 0; info && (h = codeinfo_header(info, k)); k++)
            if (h->root)
                give_up(h);
    }
}

#define RAISED_OFTEN 2          /* such recordings before the root is replaced */

void judge_failed_exit(Exit *e, const Recording *r)
{
    if (raises_in_callee(r) && e->retries >= RAISED_OFTEN) {
        CodeInfo *info = codeinfo_peek(e->trace->root->code);
        Header *h = info && e->trace->root->valid ? codeinfo_header_of(info, e->trace->root) : NULL;
        if (h) {
            give_up(h);
            judge_failed_header(h, NULL);
        }
    }
    if (!r)
        e->given_up = 1;
    else if (((!is_unlucky(r->abort) && !r->learned) || ++e->retries > MAX_RETRIES) &&
             (++e->failures >= MAX_SIDE_FAILURES || is_hopeless(r, 0))) {
        e->given_up = 1;
        if (r->abort == ABORT_RETURN && !e->returns)
            e->returns = 1;
    }
}

/* ---- exits ---- */

#define DEEP 3      /* calls within calls that are looked into for what they do natively */

CodeInfo *judge_callee(const Uop *u)
{
    size_t at = u->op == UOP_INVOKE ? offsetof(CodeInfo, invoked)
              : u->op == UOP_RESUME_GEN || u->op == UOP_SEND_GEN ? offsetof(CodeInfo, resumed) : 0;
    CodeInfo *info = at && !u->dead ? (CodeInfo *)((char *)(uintptr_t)u->imm - at) : NULL;
    return info && codetable_has(info) && (info->invoked.code || info->resumed.code) ? info : NULL;
}

/* Bytecodes that the trace does in place of the interpreter, once through it, with those of functions that it calls and that have native code. */
static int64_t expected_work(const Trace *t, int deep)
{
    int64_t work = 0;
    for (int i = 0; i < t->n_uops; i++) {
        const Uop *u = &t->uops[i];
        const CodeInfo *info = deep ? judge_callee(u) : NULL;
        if (u->op == UOP_WORK)
            work += u->imm;
        else if (info && info->entry.root && info->entry.root->valid)
            work += expected_work(info->entry.root, deep - 1);
    }
    return work;
}

/* What it calls is going to have native code, and has not yet. */
static int waits_for_callee(const Trace *t)
{
    for (int i = 0; i < t->n_uops; i++) {
        const CodeInfo *info = judge_callee(&t->uops[i]);
        if (info && !info->entry.root && !info->entry.disabled)
            return 1;
    }
    return 0;
}

int judge_is_worth_it(const Header *h, const Recording *r)
{
    const Trace *t = r->trace;
    if (!config.retire || !config.native || config.eager)
        return 1;
    int64_t work = r->work + expected_work(t, DEEP);
    if (!header_is_entry(h))    /* a turn that loses: it might be long until somebody leaves, and asks */
        return r->end != RECORD_LOOP || work > 0;
    const CodeInfo *info = codeinfo_peek(t->code);
    if (info && (info->invoked.code || info->resumed.code || info->recursive))      /* mostly it is not the interpreter that enters it */
        return 1;
    int op = t->uops[t->n_uops - 1].op;
    return (op != UOP_EXIT && !ir_returns(op)) || BYTECODE_NS * work > ENTRY_NS + (r->escaped ? CALLING_NS : 0);
}

int judge_wants_side_trace(Exit *e)
{
    if (e->given_up || e->never || e->side || e->count < longer(config.exit_threshold, e->retries) || !judge_may_record())
        return 0;
    if (e->error && !exit_is_caught(e)) {
        e->given_up = 1;        /* its code says so, for good */
        return 0;
    }
    const Trace *t = e->trace;
    int op = t->uops[e->uop].op;
    if (exit_place(e)->real)
        return 0;       /* somebody looked into frames that are virtual otherwise */
    if (ir_returns(op) || ir_asks_for_calm(op) || op == UOP_GUARD_RESUME || ir_checks_valid(op) || op == UOP_START || op == UOP_DROP_STALE) {
        e->never = 1;
        return 0;
    }
    if (instance_is_half_made(t, &t->snaps[e->snap]))
        return 0;
    if (op == UOP_LINK && ((Trace *)t->uops[e->uop].imm)->valid)
        return 0;
    return executor_n_traces(t->root->executor) < config.max_tree && trace_same_place(e) < MAX_SAME_PLACE;
}

/* ---- roots ---- */

/* Code that the trace calls makes frame objects for its frames, and keeps none: it will be recorded in another way, which bears that. 1:
 * that is new. */
static int is_looked_at(const Exit *e)
{
    int op = e->trace->uops[e->uop].op, found = 0;
    if ((op != UOP_CHECK_VALID && op != UOP_CHECK_INVOKED && op != UOP_CHECK_DIED && op != UOP_CHECK_FRAMES) || e->count < LOOKED)
        return 0;
    Frame *frame = cpy_frame(PyThreadState_Get());
    for (int i = e->trace->snaps[e->snap].n_frames; i--; frame = frame->previous) {
        CodeInfo *info = codeinfo_peek(cpy_frame_code(frame));
        if (!frame->frame_obj || !info || info->looked_at)
            continue;
        info->looked_at = 1;
        found = 1;
    }
    return found;
}

static int64_t cost_of(const Exit *e)
{
    if (!e)
        return REFUSED_NS;
    const Snapshot *s = &e->trace->snaps[e->snap];
    return ENTRY_NS + (e->trace->root->escapes ? CALLING_NS : 0) + SLOT_NS * s->n_slots + FRAME_NS * (s->n_frames - 1) +
        (e->error ? RAISE_NS : 0);
}

/* A function that calls itself: its traces wait for their recordings, each of which goes through all the calls below it. */
static int may_grow(const Header *h)
{
    const CodeInfo *info = header_is_entry(h) ? codeinfo_peek(h->root->code) : NULL;
    return info && info->recursive && h->balance.looks < GROWING;
}

/* The balance of a window of entries. A tree that is growing is not what it will be. */
static void look(Header *h)
{
    int n_traces = executor_n_traces(h->executor), growing = n_traces != h->balance.n_traces && h->balance.looks < GROWING;
    int64_t gained = h->balance.gained, paid = h->balance.paid;
    if (seldom(h, h->balance.entries)) {
        int64_t once = (int64_t)h->balance.entries * ONCE * executor_n_bytecodes(h->executor);
        gained -= COLD_NS * (h->balance.work < once ? h->balance.work : once);
    }
    h->balance.work = 0;
    h->balance.gained = h->balance.paid = 0;
    h->balance.entries = 0;
    h->balance.n_traces = n_traces;
    if (h->balance.looks < WAITING)
        h->balance.looks++;
    if (growing || gained >= paid || may_grow(h) || (h->balance.looks < WAITING && waits_for_callee(h->root)))
        return;
    h->closed = 1;
    stats.retired++;
}

void judge_left_callee(Exit *e)
{
    if (e->returns == 1) {
        e->returns = 2;
        e->given_up = e->failures = e->retries = 0;
    }
    CodeInfo *info = is_looked_at(e) ? codeinfo_peek(e->trace->root->code) : NULL;
    Header *left = info ? codeinfo_header_of(info, e->trace->root) : NULL;
    if (left)
        give_up(left);
}

void judge_called(const CodeInfo *info) { stats.gained_ns += info->door.gain; }

int judge_tries(const CodeInfo *info) { return info->door.calls < TRIAL && config.retire && !config.eager; }

/* In no order that a program may have as well. */
int judge_next_is_native(const CodeInfo *info) { return info->door.calls < TRIAL_BEGINS || __builtin_parity(info->door.calls); }

void judge_took(CodeInfo *info, int natively, uint64_t ns)
{
    if (info->door.calls >= TRIAL_BEGINS && ns < TRIAL_LONG_NS)
        info->door.ns[natively] += ns;
    if (++info->door.calls != TRIAL)
        return;
    int64_t gained = (int64_t)(info->door.ns[0] - info->door.ns[1]);
    if (gained >= (int64_t)info->door.ns[0] / TRIAL_LEAST) {
        info->door.gain = (int32_t)(gained / ((TRIAL - TRIAL_BEGINS) / 2));
        return;
    }
    info->door.closed = 1;
    stats.retired++;
}

/* It says something about the trace. 1: that has been given up, or something like it. */
static int is_telling(Header *h, const Exit *e)
{
    if (is_looked_at(e)) {
        CodeInfo *info = codeinfo_peek(e->trace->root->code);
        Header *left = info ? codeinfo_header_of(info, e->trace->root) : NULL;
        if (left)
            give_up(left);
        return 1;
    }
    if (e->trace->uops[e->uop].op == UOP_START && e->count >= ENTRY_FAILURES) {
        give_up(h);      /* its types are not those that the loop is entered with any more: another one will be recorded */
        judge_failed_header(h, NULL);
        return 1;
    }
    return 0;
}

/* Found out once, of exits that say nothing else: all of them are taken often, and what they are lies about in memory. */
static int64_t known_cost(Exit *e)
{
    int op = e->trace->uops[e->uop].op;
    int64_t cost = cost_of(e);
    if (op != UOP_START && !ir_checks_valid(op) && op != UOP_CHECK_FRAMES)
        e->cost = cost < UINT16_MAX ? (uint16_t)cost : UINT16_MAX;
    return cost;
}

void judge_left(Header *h, Exit *e, int64_t work)
{
    if (!h->root || (e && !e->cost && is_telling(h, e)))
        return;
    int64_t all = work + (e ? e->work : 0), gained = BYTECODE_NS * all, paid = !e ? cost_of(e) : e->cost ? e->cost : known_cost(e);
    h->balance.work += all;
    h->balance.gained += gained;
    h->balance.paid += paid;
    stats.gained_ns += gained;
    stats.paid_ns += paid;
    if ((++h->balance.entries >= WINDOW || h->balance.paid - h->balance.gained > MOST_LOST_NS) && config.retire && !config.stress_exit &&
        config.native)
        look(h);
}

void judge_stress(void)
{
    static unsigned n;
    if (!config.stress_invalid || ++n % (unsigned)config.stress_invalid)
        return;
    unsigned skip = n / (unsigned)config.stress_invalid % 3;
    for (Frame *frame = cpy_frame(PyThreadState_Get()); frame; frame = frame->previous) {
        CodeInfo *info = cpy_frame_is_python(frame) ? codeinfo_peek(cpy_frame_code(frame)) : NULL;
        Header *h;
        for (int i = 0; info && (h = codeinfo_header(info, i)); i++) {
            if (!h->root || skip--)
                continue;
            give_up(h);
            return;
        }
    }
}
