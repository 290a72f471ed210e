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
    int64_t gained_ns, paid_ns;                         /* by the arithmetic of judge.c: what entries have saved, what they have cost */
    uint64_t code_bytes;
    uint64_t aborts_by_reason[ABORT_COUNT];
} Stats;
extern Stats stats;
