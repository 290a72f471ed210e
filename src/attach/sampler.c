/* CPU time -> heat of code objects -> arming
 *
 * A thread sleeps until this process has used CPU time (on Linux a POSIX timer on its CPU clock, signalled to this thread alone, in which the
 * signal is blocked: nobody else can see it; an idle process is never woken). Each tick posts a pending call, which the interpreter
 * runs at its next function entry or loop back-edge with the hot frame current: code that is not sampled pays nothing. Signals
 * (SIGPROF) would interrupt system calls, and instrumentation to count everything would slow everything.
 *
 *  1. A sample weighs the CPU time since the last tick, bounded: a long stay in C code is not the fault of the loop that follows.
 *  2. At most one pending call is on its way; none while native code runs (driver_busy).
 *  3. The thread never touches Python objects and never waits for the GIL, so stopping it cannot deadlock.
 *  4. It is stopped before os.fork(), which warns when it sees more than one thread also after its hooks; so it comes back by a
 *     pending call, once the frame that called os.fork() has moved on. A fork from C leaves the child without it. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "../cpython/codeinfo.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include "../cpython/watch.h"
#include "arming.h"
#include "driver.h"
#include "sampler.h"

#define TICK_NS 2000000         /* asked for; the kernel looks at its own ticks (1 to 10 ms) */
#define WEIGHT_MAX 0.010        /* seconds */
#define WARM 0.0018             /* seconds of heat at which code is armed: the first sample, whatever the kernel's ticks */
#define DEPTH 16                /* frames looked at */
#define CALLERS 3               /* frames with loops that a sample heats, each half as much as the one before */
#define STACK_SIZE (128 << 10)

static pthread_t thread;
static int running;
static PyInterpreterState *interp;
static atomic_int stopping, posted;
static _Atomic uint64_t weight_ns;

static uint64_t cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- with the GIL ---- */

static void heat(CodeInfo *info, double seconds)
{
    info->heat += seconds;
    if (info->heat >= WARM)
        arming_arm(info);
}

/* The pending call. The innermost frame with a loop gets the heat; its callers some of it: a function called in a hot loop has hot
 * callers, and an inner loop may be too short to matter alone. */
static int take_sample(void *unused)
{
    (void)unused;
    PyThreadState *ts = PyThreadState_Get();
    double seconds = (double)atomic_load(&weight_ns) * 1e-9;
    if (seconds > WEIGHT_MAX)
        seconds = WEIGHT_MAX;
    atomic_store(&posted, 0);
    if (!running || ts->interp != interp || PyErr_Occurred() || cpy_allocations_watched())
        return 0;
    Frame *frame = cpy_frame(ts);
    for (int depth = 0, heated = 0; frame && depth < DEPTH && heated < CALLERS; frame = frame->previous, depth++) {
        if (frame->owner == FRAME_OWNED_BY_CSTACK || !PyCode_Check(frame->f_executable))
            continue;
        CodeInfo *info = codeinfo_get(cpy_frame_code(frame));
        if (info && info->has_loop) {
            heat(info, seconds);
            seconds /= 2;
            heated++;
        }
    }
    return 0;
}

/* ---- the thread ---- */

static void tick(uint64_t *last)
{
    uint64_t now = cpu_ns(), used = now - *last;
    *last = now;
    if (driver_busy || atomic_exchange(&posted, 1))
        return;
    atomic_store(&weight_ns, used);
    if (_PyEval_AddPendingCall(interp, take_sample, NULL, 0) != _Py_ADD_PENDING_SUCCESS)
        atomic_store(&posted, 0);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;

/* Without a timer on CPU time (other systems, emulators, sandboxes): sleeps, and looks at the clock; the longer the process is idle, the
 * longer (up to 1/8 s). */
static void sleep_and_tick(void)
{
    uint64_t last = cpu_ns(), sleep_ns = 2 * TICK_NS;
    pthread_mutex_lock(&mutex);
    while (!atomic_load(&stopping)) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += (long)sleep_ns;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&wake, &mutex, &until);
        if (cpu_ns() - last >= TICK_NS / 2) {
            tick(&last);
            sleep_ns = 2 * TICK_NS;
        }
        else if (sleep_ns < 125000000)
            sleep_ns *= 2;
    }
    pthread_mutex_unlock(&mutex);
}

#ifdef __linux__
#define WAKE_UP SIGRTMAX

/* 0: there is no such timer here. */
static int wait_and_tick(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, WAKE_UP);
    struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = WAKE_UP };
    event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    struct itimerspec every = { { 0, TICK_NS }, { 0, TICK_NS } };
    timer_t timer;
    if (timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer) < 0)
        return 0;
    timer_settime(timer, 0, &every, NULL);
    uint64_t last = cpu_ns();
    int signal_number;
    while (!atomic_load(&stopping))
        if (sigwait(&set, &signal_number) == 0 && !atomic_load(&stopping))
            tick(&last);
    timer_delete(timer);
    return 1;
}
#else
#define WAKE_UP 0
static int wait_and_tick(void) { return 0; }
#endif

static void *sampler_thread(void *unused)
{
    (void)unused;
    if (!wait_and_tick())
        sleep_and_tick();
    return NULL;
}

/* `stopping` is set. */
static void wake_up(void)
{
    pthread_kill(thread, WAKE_UP);      /* 0: no signal; the thread blocks all of them, so one that nobody waits for goes with it */
    pthread_mutex_lock(&mutex);
    pthread_cond_signal(&wake);
    pthread_mutex_unlock(&mutex);
}

/* ---- start and stop ---- */

static void forked(void) { running = 0; }       /* in the child of any fork: only the forking thread is left */

void sampler_start(void)
{
    static int fork_handled;
    if (running)
        return;
    if (!fork_handled)
        fork_handled = pthread_atfork(NULL, NULL, forked) == 0;
    interp = PyInterpreterState_Get();
    atomic_store(&stopping, 0);
    atomic_store(&posted, 0);
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    running = pthread_create(&thread, &attributes, sampler_thread, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
}

void sampler_stop(void)
{
    if (!running)
        return;
    running = 0;
    atomic_store(&stopping, 1);
    wake_up();
    pthread_join(thread, NULL);
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
