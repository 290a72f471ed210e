/* What all traces take, and what they are made of. For stats(): looked at when somebody asks, nothing is counted meanwhile. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define FEW_RUNS 500

typedef struct {
    size_t metadata;            /* bytes of heap beside native code: traces with their uops, snapshots, exits; what is kept per code object;
                                 * steady names */
    uint64_t bytecodes;         /* that stand in some trace, each counted once */
    uint64_t copies;            /* ... and once for each trace that it stands in. 0: no memory to count them */
    uint64_t traces;            /* alive, of roots that were given up too */
    uint64_t few;               /* of these, ran fewer than FEW_RUNS times. With COPYPATCH_COUNT=runs only */
} Totals;
Totals totals_now(void);
