/* What depends on the machine: arch_*.c. */
#pragma once
#include "stencil.h"

#define ARCH_TRAMPOLINE_SIZE 16

/* Writes v into a hole at p. -1 if it does not fit. */
int arch_patch(uint8_t *p, HoleKind kind, int64_t v);
/* Code that jumps to `target`, wherever that is. */
void arch_trampoline(uint8_t *p, uint64_t target);
/* Can a call at p reach target? */
int arch_reaches(const uint8_t *p, uint64_t target);
