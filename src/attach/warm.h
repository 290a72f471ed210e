/* What a recording needs, in memory and in the caches before it starts. */
#pragma once
#include <stdint.h>

/* Once per process, before the first recording: pages that the first recordings would otherwise fault in one by one. */
void warm_pages(void);

enum { WARM_TURNS = 320 };

void warm_lines(uint32_t turns);        /* the part of warm_caches() that is not inline */

/* `turns` (> 0) more, and a loop is recorded: a few lines of our code come into the caches on each turn, next to the interpreter's work. */
static inline void warm_caches(uint32_t turns)
{
    if (turns <= WARM_TURNS)
        warm_lines(turns);
}
