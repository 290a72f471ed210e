/* What a recording needs, in memory and in the caches before it starts. */
#pragma once
#include <stdint.h>

/* Once per process, before the first recording: pages that the first recordings would otherwise fault in one by one. */
void warm_pages(void);

/* Something is counted until it is recorded: part `k` of `parts` of our code, which it takes then, comes into the caches, next to what the
 * interpreter does. */
void warm_code(uint32_t k, uint32_t parts);
void warm_code_and_tables(uint32_t k, uint32_t parts);

/* A loop, with so many turns (> 0) to go. */
static inline void warm_turn(uint32_t turns)
{
    enum { LAST = 100 };
    if (turns <= LAST)
        warm_code_and_tables(LAST - turns, LAST);
}
