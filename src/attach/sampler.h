/* The thread that finds hot code. All of it needs the GIL. */
#pragma once
#include <stdint.h>

void sampler_start(void);               /* again when it has stopped; see sampler_problem() */
void sampler_start_later(void);         /* once the frame that runs now has moved on: from a hook of os.fork() */
void sampler_stop(void);                /* and wait until the thread has ended; never blocks long */
const char *sampler_problem(void);      /* why there is none; NULL: there is, or none was asked for */

uint64_t sampler_samples(void);         /* taken so far */
/* Native code, or C code that it has called, has come back to where a pending call waits: it was posted while that ran. */
void sampler_native(void);

/* The samples by where they were asked for: CPU time that each stands for, ns, all and those in native code; and how many of both, by CPU
 * time of the process, for the first N_SPANS * SPAN_MS ms. */
enum { SPAN_MS = 50, N_SPANS = 40 };
typedef struct {
    uint64_t ns, native_ns;
    struct { uint32_t all, native; } span[N_SPANS];
} Shares;
const Shares *sampler_shares(void);

uint64_t sampler_ns(void);              /* CPU time that they have cost, the thread's and the program's */
