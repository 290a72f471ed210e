/* cstack.c: stack pointer -> may something nest here?
 *
 * Python functions that call each other take no C stack on a stock interpreter; each loop of ours that runs below another takes some, about
 * 2 KB. So a quarter of each stack is ours: nothing begins where less than three quarters are left. The interpreter goes on alone, without
 * C stack, and C code that recurses from there has nearly as much as without us. Of CPython's own count of C recursion half is ours, since
 * C code on a stock interpreter counts as well. No number of activations is kept anywhere: a greenlet may be switched away from, or die, in
 * any of them.
 *
 *  1. The bounds of a thread's stack never change, so they are asked for once in each thread: that is slow (for the main thread it reads
 *     /proc/self/maps). fork() copies both, stack and what we know of it.
 *  2. The main thread's stack grows on demand, up to a limit that the program may lower: it is read again whenever the stack has grown
 *     by a step since it was read last.
 *  3. Greenlets use the stack of their thread. Who switches to a stack of his own (sigaltstack, makecontext) is outside the bounds. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "cstack.h"
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#define LEAST ((uintptr_t)64 << 10)     /* what is left at least: a recording, optimizing and emitting fit in it several times */
#define STEP ((uintptr_t)32 << 10)

typedef struct {
    uintptr_t open;         /* from here to `high` is room, as far as has been looked */
    uintptr_t low, high;    /* the stack; high 0: not known yet */
    int grows;              /* the main thread's */
} Stack;

static _Thread_local Stack own;

static void find(Stack *s, uintptr_t here)
{
    pthread_attr_t attr;
    void *low;
    size_t size, guard;
    s->grows = getpid() == (pid_t)gettid();
    if (pthread_getattr_np(pthread_self(), &attr) == 0) {
        pthread_attr_getstack(&attr, &low, &size);
        pthread_attr_getguardsize(&attr, &guard);
        pthread_attr_destroy(&attr);
        s->low = (uintptr_t)low + guard;
        s->high = (uintptr_t)low + size;
    } else {                /* no /proc: what can be hoped for */
        s->low = here - 4 * LEAST;
        s->high = here + LEAST;
    }
    s->open = s->high;
}

/* Where the room ends. */
static uintptr_t lowest_open(const Stack *s)
{
    uintptr_t low = s->low;
    struct rlimit limit;
    if (s->grows && getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < s->high - low)
        low = s->high - limit.rlim_cur;
    uintptr_t left = (s->high - low) / 4 * 3;
    return low + (left < LEAST ? LEAST : left);
}

static int look(Stack *s, uintptr_t here)
{
    if (!s->high)
        find(s, here);
    if (here < s->low || here >= s->high)
        return 0;
    uintptr_t open = lowest_open(s);
    if (here < open)
        return 0;
    s->open = s->grows && here - open > STEP ? here - STEP : open;
    return 1;
}

/* What was found last, while the same thread asks from about the same depth: a thread-local variable of a shared library takes a call.
 * Needs the GIL. */
static struct { uint64_t thread; uintptr_t low, size; } last;

static __attribute__((noinline)) int find_room(uint64_t thread, uintptr_t here)
{
    if (here < own.open || here >= own.high) {
        if (!look(&own, here))
            return 0;
    }
    else if (own.grows && here - own.open > 2 * STEP)
        own.open = here - STEP;
    last.thread = thread;
    last.low = own.open;
    last.size = own.grows && own.high - own.open > 2 * STEP ? 2 * STEP : own.high - own.open;
    return 1;
}

int cstack_has_room(PyThreadState *ts)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    if (C_RECURSION_COUNTED && c_recursion_left(ts) < C_RECURSION_LIMIT / 2)
        return 0;
    return (ts->id == last.thread && here - last.low < last.size) || find_room(ts->id, here);
}

int cstack_has(PyThreadState *ts, const void *address)
{
    uintptr_t at = (uintptr_t)address;
    cstack_has_room(ts);
    return !own.high || (at >= own.low && at < own.high);
}
