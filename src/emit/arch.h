/* arch.h: what depends on the machine. One arch_*.c per machine; each is plain C that compiles on any host, so that tests can fill any
 * target's stencils; meson builds the host's into the extension.
 *
 * `p` is where the bytes are, `address` where they will run: the same but in tests. */
#pragma once
#include "hole.h"
#include <stddef.h>

#define ARCH_TRAMPOLINE_SIZE 16

/* ELF's number of the machine (EM_*). */
extern const uint16_t arch_elf_machine;
/* Must other processors be told of new code although the caches are coherent again? */
extern const int arch_fetches_ahead;

/* Writes v, addend included, into a hole at p. -1, with nothing written, if it does not fit or the machine has no such kind. */
int arch_patch(uint8_t *p, uint64_t address, HoleKind kind, int64_t v);
/* A GOT kind: the kind that takes the address of a data word with the value, plus the hole's addend. Others: `kind` itself. */
HoleKind arch_word_kind(HoleKind kind);
/* Is this a call or a jump, which may go to a trampoline instead? */
int arch_is_call(HoleKind kind);
/* Writes a trampoline of ARCH_TRAMPOLINE_SIZE bytes at p: code that jumps to `target`, wherever that is. */
void arch_trampoline(uint8_t *p, uint64_t address, uint64_t target);
/* Writes a C function at p that returns `value`, 0 to 255; its size, at most 16. */
size_t arch_return(uint8_t *p, int value);
/* Can a call at `address` reach target? */
int arch_reaches(uint64_t address, uint64_t target);
