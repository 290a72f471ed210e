/* CPU time -> samples (heat.c)
 *
 * A thread (bare.c: where possible one that the C library knows nothing of) sleeps, and posts a pending call, which the interpreter runs at
 * its next function entry or loop back-edge, with the hot frame current, in whatever thread holds the GIL: code that is not sampled pays
 * nothing. Signals (SIGPROF) would interrupt system calls; instrumentation to count everything would slow everything; and while any timer
 * on the process's CPU clock is armed, the program's time.process_time() moves at the kernel's ticks only.
 *
 *     sleep ──► post ──► sleep ──► taken: post again                                   busy: one wake-up a sample
 *                              └─► not taken: wait until it is ──► sleep ──► post      idle: no wake-ups
 *
 *  1. One sample is on its way at most. The sleep behind it is short (QUICK) after new code was found, and doubles with each sample that
 *     finds none, up to a part of the CPU time used so far (a program has phases) and SLOW. It is longer where the process does not get the
 *     CPU.
 *  2. An idle process takes no sample, and then nothing wakes up. The one that lies there is a tripwire: the first thread that runs Python
 *     code takes it. It says nothing of where time went (all work would be charged to how it begins), so it only ends the waiting.
 *  3. Sleeps are of random length, or they could keep step with what the program does: short bursts of work between waits would never meet
 *     a sample.
 *  4. A sample weighs the CPU time since the last, bounded: a long stay in C code is not the fault of the loop that follows.
 *  5. For stats(): a sample is said to be native when native code came back to the driver with it posted already. It was posted then while
 *     that ran, or a C function that it had called; where that runs Python code, it is taken there. Nothing is counted while native code
 *     runs.
 *  6. The thread never touches Python objects and never waits for a lock, so stopping it cannot deadlock. It may have no thread-local
 *     storage of its own: it calls what bare.h and pending.h have, clock_gettime() and atomics, nothing else.
 *  7. It is stopped before os.fork(), which warns when it sees more than one thread also after its hooks; so it comes back by a
 *     pending call, once the frame that called os.fork() has moved on. A fork from C leaves the child without it. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "sampler.h"
#include "../cpython/pending.h"
#include "bare.h"
#include "heat.h"
#include "judge.h"
#include "stats.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include "../cpython/watch.h"

#define MS 1000000u             /* ns */
#define QUICK (6 * MS)
#define SLOW (100 * MS)
#define PART 10                 /* of the CPU time used so far: what a new phase of the program may cost until it is found */
#define LONG_IDLE (1000 * MS)   /* what comes after it is likely to be something new */
#define WEIGHT_MAX (10 * MS)
#define STACK_SIZE (128 << 10)

static enum { NONE, BARE, ORDINARY } running;
static pthread_t ordinary;
static const char *problem;
static PyInterpreterState *interp;
static PyThreadState *starter;                          /* if it is permanent */

static _Atomic uint32_t bell;                           /* counts: `stopping`, or taken while `waiting` */
static atomic_int stopping, posted, waiting;
static _Atomic uint64_t thread_ns;                      /* CPU time of the thread */
static _Atomic uint64_t interval;                       /* ns */
static _Atomic uint64_t posted_at, posted_cpu;          /* clocks at the last post */
static atomic_int posted_busy;                          /* much CPU time was used before it */

/* With the GIL. */
static uint64_t last_cpu;                               /* at the last sample */
static uint64_t samples, taking_ns;
static Shares shares;
static uint64_t shared_cpu;                             /* when the last of them was posted */
static int in_native;                                   /* the one that is posted */

const char *sampler_problem(void) { return problem; }
uint64_t sampler_samples(void) { return samples; }
const Shares *sampler_shares(void) { return &shares; }

static uint64_t clock_now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t wall(void) { return clock_now(CLOCK_MONOTONIC); }
static uint64_t cpu(void) { return clock_now(CLOCK_PROCESS_CPUTIME_ID); }

uint64_t sampler_ns(void) { return taking_ns + atomic_load(&thread_ns); }

static void ring(void)
{
    atomic_fetch_add(&bell, 1);
    bare_wake(&bell);
}

/* ---- with the GIL: the pending call ---- */

/* The process was burning CPU time when the sample was posted; it did not lie there until work began. */
static int is_of_work(uint64_t at, uint64_t used)
{
    uint64_t lay = at - atomic_load(&posted_at);
    return atomic_load(&posted_busy) || lay < MS / 5 || 2 * (used - atomic_load(&posted_cpu)) >= lay;
}

void sampler_native(void) { in_native = atomic_load(&posted); }

/* `known`: it says where the time went. */
static void share_out(int known)
{
    uint64_t at = atomic_load(&posted_cpu), span = at / (SPAN_MS * MS), ns = at - shared_cpu;
    shared_cpu = at;
    if (!known)
        return;
    shares.ns += ns;
    shares.native_ns += in_native ? ns : 0;
    if (span < N_SPANS) {
        shares.span[span].all++;
        shares.span[span].native += (uint32_t)in_native;
    }
}

static int take_sample(void *unused)
{
    (void)unused;
    PyThreadState *ts = PyThreadState_Get();
    if (!running || ts->interp != interp || PyErr_Occurred() || cpy_allocations_watched()) {
        atomic_store(&posted, 0);
        in_native = 0;
        return 0;
    }
    uint64_t begun = clock_now(CLOCK_THREAD_CPUTIME_ID), at = wall(), used = cpu();
    uint64_t weight = used - last_cpu < WEIGHT_MAX ? used - last_cpu : WEIGHT_MAX;
    last_cpu = used;
    judge_time_used(used);
    samples++;
    int of_work = is_of_work(at, used);
    share_out(of_work || in_native);
    in_native = 0;
    if (of_work) {
        uint64_t quiet = atomic_load(&interval);
        int found = heat_sample(ts, (double)weight * 1e-9);
        uint64_t most = used / PART < QUICK ? QUICK : used / PART < SLOW ? used / PART : SLOW;
        atomic_store(&interval, found ? QUICK : 2 * quiet < most ? 2 * quiet : most);
    }
    atomic_store(&posted, 0);
    if (atomic_load(&waiting))
        ring();
    uint64_t taken_ns = clock_now(CLOCK_THREAD_CPUTIME_ID) - begun;
    taking_ns += taken_ns;
    stats_pause(taken_ns);
    return 0;
}

/* ---- the thread ---- */

/* Returns how much longer than `interval` the next sleep has to be: 1 to 2 times, by the share of a CPU that the process had; 0: nothing
 * was posted. */
static double post(void)
{
    uint64_t at = wall(), used = cpu(), passed = at - atomic_load(&posted_at), burnt = used - atomic_load(&posted_cpu);
    atomic_store(&posted_at, at);
    atomic_store(&posted_cpu, used);
    atomic_store(&posted_busy, 4 * burnt >= passed);
    atomic_store(&posted, 1);
    if (!cpy_post_call(interp, bare_is_alone() ? starter : NULL, take_sample)) {
        atomic_store(&posted, 0);
        return 0;
    }
    return burnt >= passed ? 1 : 2 * burnt <= passed ? 2 : (double)passed / (double)burnt;
}

static uint64_t counted_ns;                             /* of this thread, in thread_ns */

/* Until the bell rings, if it has not since it was looked at. */
static void listen(uint32_t looked_at, uint64_t ns)
{
    uint64_t used = clock_now(CLOCK_THREAD_CPUTIME_ID);
    atomic_fetch_add(&thread_ns, used - counted_ns);
    counted_ns = used;
    bare_wait(&bell, looked_at, ns);
}

static void sleep_for(uint64_t ns)
{
    uint64_t now = wall(), until = now + ns;
    while (now < until) {
        uint32_t looked_at = atomic_load(&bell);
        if (atomic_load(&stopping))
            return;
        listen(looked_at, until - now);
        now = wall();
    }
}

/* Until the sample is taken: how long it took. */
static uint64_t wait_until_taken(void)
{
    uint64_t since = wall();
    atomic_store(&waiting, 1);
    for (;;) {
        uint32_t looked_at = atomic_load(&bell);
        if (!atomic_load(&posted) || atomic_load(&stopping))
            break;
        listen(looked_at, 0);
    }
    atomic_store(&waiting, 0);
    return wall() - since;
}

/* 0 to 1. Of the thread alone. */
static double random_part(void)
{
    static uint32_t state = 1;
    state = state * 1664525 + 1013904223;
    return (state >> 8) * 0x1p-24;
}

/* `interval`, `factor` times, more or less. */
static uint64_t about(double factor) { return (uint64_t)(factor * (.5 + random_part()) * (double)atomic_load(&interval)); }

static void sample_until_stopped(void)
{
    int mostly_idle = 0;        /* the last sample lay longer than the interval */
    counted_ns = 0;
    sleep_for(QUICK);
    while (!atomic_load(&stopping)) {
        double longer = post();
        if (!mostly_idle || !longer)
            sleep_for(about(longer ? longer : 1));
        if (atomic_load(&posted)) {
            uint64_t lay = wait_until_taken();
            mostly_idle = lay > atomic_load(&interval);
            if (lay > LONG_IDLE)
                atomic_store(&interval, QUICK);
            sleep_for(mostly_idle ? (uint64_t)(random_part() * (double)atomic_load(&interval)) : about(1));
        }
    }
}

/* ---- start and stop ---- */

/* In the child of any fork: only the forking thread is left. */
static void forked(void)
{
    if (running == BARE)
        bare_forget();
    running = NONE;
    atomic_store(&waiting, 0);
}

static void *ordinary_thread(void *unused)
{
    (void)unused;
    sample_until_stopped();
    return NULL;
}

/* Signals are the program's: the thread blocks all. */
static int make_ordinary(void)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int made = pthread_create(&ordinary, &attributes, ordinary_thread, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
#ifdef __linux__
    if (made)
        pthread_setname_np(ordinary, "copypatch");
#endif
    return made;
}

void sampler_start(void)
{
    static int prepared;
    if (running)
        return;
    if (!prepared) {
        pthread_atfork(NULL, NULL, forked);
        prepared = 1;
    }
    PyThreadState *ts = PyThreadState_Get();
    interp = ts->interp;
    starter = cpy_is_permanent(ts) ? ts : NULL;
    atomic_store(&stopping, 0);
    atomic_store(&posted, 0);
    atomic_store(&interval, QUICK);
    atomic_store(&posted_at, wall());
    atomic_store(&posted_cpu, last_cpu = shared_cpu = cpu());
    running = starter && bare_is_alone() && bare_start(sample_until_stopped) ? BARE : make_ordinary() ? ORDINARY : NONE;
    problem = running ? NULL : "no thread can be made that looks for hot code";
}

void sampler_stop(void)
{
    problem = NULL;
    if (!running)
        return;
    atomic_store(&stopping, 1);
    ring();
    if (running == BARE)
        bare_join();
    else
        pthread_join(ordinary, NULL);
    running = NONE;
}

/* Where the caller of os.fork() was. The hooks of os.fork() run on top of it. */
static Frame *forking_frame;
static _Py_CODEUNIT *forking_at;

static int start_if_moved_on(void *unused)
{
    (void)unused;
    PyThreadState *ts = PyThreadState_Get();
    if (!forking_frame || ts->interp != interp)
        return 0;
    for (Frame *frame = cpy_frame(ts); frame; frame = frame->previous)
        if (frame == forking_frame && frame->instr_ptr == forking_at)
            return _PyEval_AddPendingCall(interp, start_if_moved_on, NULL, 0), 0;
    forking_frame = NULL;
    sampler_start();
    return 0;
}

void sampler_start_later(void)
{
    PyThreadState *ts = PyThreadState_Get();
    Frame *frame = cpy_frame(ts);
    interp = ts->interp;
    forking_frame = frame;
    forking_at = frame ? frame->instr_ptr : NULL;
    if (frame)
        _PyEval_AddPendingCall(interp, start_if_moved_on, NULL, 0);
}
