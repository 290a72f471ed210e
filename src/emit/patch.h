/* Plan -> native code in code memory. */
#pragma once
#include "plan.h"

typedef struct {
    uint8_t *start; size_t size;
    /* What stands behind the steps, from which offset on; valid until the next patch_write(). */
    uint32_t stubs, trampolines, data, words, end;
    const int32_t *stub_exits; int32_t n_stubs;     /* whose stubs they are: indices into Trace.exits */
} Code;

/* Copies and patches every step. `exits`: where the stubs' Exits are (NULL: the plan has none). 0; -1 and *reason. Afterwards
 * code->start + Step.offset is the address of a step. */
int patch_write(Plan *plan, Exit *exits, int32_t n_exits, Code *code, const char **reason);
