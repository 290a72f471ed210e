/* The register allocator: trace -> plan. */
#pragma once
#include "plan.h"

/* Chooses registers and stencils. `plan` is zeroed or was used before: its arrays are used again. NULL, or why it cannot be done. */
const char *ra_allocate(const Trace *t, Plan *plan);
/* Walks the plan symbolically: NULL if every operand and every exit finds the right value; else what is wrong (static buffer). */
const char *ra_check(const Trace *t, const Plan *plan);
void ra_dump(const Trace *t, const Plan *plan);         /* to stderr: the uops with their registers */

/* The op that gives the same with its two operands exchanged; 0: none. */
extern const uint16_t uop_exchanged[UOP_COUNT];
