/* The time, for what is measured: nanoseconds since some moment, never going back. */
#pragma once
#include <stdint.h>
#include <time.h>

static inline uint64_t clock_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline uint64_t clock_ns(void) { return clock_of(CLOCK_MONOTONIC); }
/* CPU time of the thread that asks, of the process: system calls. */
static inline uint64_t clock_thread_ns(void) { return clock_of(CLOCK_THREAD_CPUTIME_ID); }
static inline uint64_t clock_process_ns(void) { return clock_of(CLOCK_PROCESS_CPUTIME_ID); }
