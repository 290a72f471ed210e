/* Plan -> native code in code memory. */
#pragma once
#include "plan.h"

/* Copies and patches every step. `exits`: where the stubs' Exits are (NULL: the plan has none). 0; -1 and *reason. Afterwards
 * code->start + Step.offset is the address of a step. */
int patch_write(Plan *plan, Exit *exits, int32_t n_exits, Code *code, const char **reason);
/* The exit stub at p becomes a jump there, if it reaches and the memory can still be written; else it stays as it is. */
void patch_jump(uint8_t *p, const void *target);
