/* The thread that finds hot code. All of it needs the GIL. */
#pragma once
#include <stdint.h>

void sampler_start(void);               /* again when it has stopped; see sampler_problem() */
void sampler_start_later(void);         /* once the frame that runs now has moved on: from a hook of os.fork() */
void sampler_stop(void);                /* and wait until the thread has ended; never blocks long */
const char *sampler_problem(void);      /* why there is none; NULL: there is, or none was asked for */

uint64_t sampler_samples(void);         /* taken so far */
uint64_t sampler_ns(void);              /* CPU time that they have cost, the thread's and the program's */
