/* A thread that the C library does not know of. Linux; elsewhere there is none. */
#pragma once
#include <stdatomic.h>
#include <stdint.h>

/* Is the process one of a single thread, as the C library sees it? 0 too where it does not say. */
int bare_is_alone(void);

/* Makes the thread, all signals blocked; there is one at most. body() runs with the thread-local storage of who has called this, and uses
 * nothing of it: it calls what stands here, clock_gettime() and atomics. 0: it cannot be made. */
int bare_start(void (*body)(void));
void bare_join(void);               /* waits until body() has returned */
void bare_forget(void);             /* in the child of a fork: there is no such thread */

/* For any thread. Sleeps while *word is `value`, `ns` at most (0: without limit), or less. */
void bare_wait(_Atomic uint32_t *word, uint32_t value, uint64_t ns);
void bare_wake(_Atomic uint32_t *word);             /* all who wait for it */
