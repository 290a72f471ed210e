/* What the JIT has done and what it took: counted, for stats() and judge.c. */
#pragma once
#include "../ir/recording.h"

typedef struct {
    uint64_t traces, side_traces, aborts, retired, entries, exits;
    uint64_t events;                                    /* JUMP and PY_START, of headers where something may come of it */
    uint64_t recorded_bytecodes, aborted_bytecodes;     /* all that were recorded; of these, in recordings that came to nothing */
    uint64_t emitted_uops;                              /* uops that became native code */
    uint64_t setup_ns;                                  /* once, before the first recording */
    uint64_t record_ns, optimize_ns, emit_ns;           /* aborted recordings included */
    uint64_t longest_pause_ns;                          /* the longest that the program was held up at one time */
    uint64_t first_native_ns;                           /* CPU time of the process when its first native code was there; 0: none yet */
    int64_t gained_ns, paid_ns;                         /* by the arithmetic of judge.c: what entries have saved, what they have cost */
    uint64_t aborts_by_reason[ABORT_COUNT];
} Stats;
extern Stats stats;

/* The program was held up for so long. */
static inline void stats_pause(uint64_t ns)
{
    if (ns > stats.longest_pause_ns)
        stats.longest_pause_ns = ns;
}
