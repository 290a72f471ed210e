/* Finds warm code: a thread that ticks by CPU time. Needs the GIL; all of it may be called at any time. */
#pragma once

void sampler_start(void);       /* no effect when it runs; silently none when no thread is to be had */
void sampler_stop(void);        /* when it returns the thread is gone */
void sampler_start_later(void); /* after a fork: starts once the caller of os.fork() goes on */
