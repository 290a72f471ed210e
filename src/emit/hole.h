/* hole.h: what stays open in the code of a stencil, and how it is filled.
 *
 * The generator (tools/stencils) names the kind from the relocation that clang wrote; arch_patch() of the stencils' machine writes it.
 * Needs no Python.h: tests compile this for every target. */
#pragma once
#include <stdint.h>

typedef enum {      /* what is written into a hole; plus Hole.addend */
    HOLE_IMM,       /* Uop.imm, its byte offset (slot), or the constant operand: a 32-bit number, sign-extended */
    HOLE_WORD,      /* the address of an 8-byte data word that the emitter places near the code (holds Uop.imm, or the float constant) */
    HOLE_CONTINUE,  /* the next stencil (a jump there at the very end has been dropped) */
    HOLE_EXIT,      /* this uop's exit stub */
    HOLE_TARGET,    /* EMIT_JUMP: where to */
    HOLE_HELPER,    /* helper function number `symbol` of helper_table */
    HOLE_DATA,      /* the stencil's own data bytes (constants such as a sign mask), placed near the code, 16-aligned */
} HoleValue;

/* How it is written, into the 4 bytes (ABS64, A64_GOT: 8) at the hole's offset. A kind means the same in all object formats of a machine.
 *
 * GOT: code that loads the value from a pointer near the code. Given the value itself, arch_patch() rewrites the instruction so that
 * it needs no pointer; where that cannot be (-1) the emitter places the value in a data word, and gives the word's address with the
 * kind that arch_word_kind() names. Such a hole's addend belongs to the word's address, never to the value. */
typedef enum {
    /* i686, x86-64 */
    PATCH_ABS32,    /* 4 bytes. x86-64: zero-extended where it is used, 0 <= v < 2**32; i686: a number or an address, -2**31 <= v < 2**32 */
    PATCH_ABS32S,   /* 4 bytes, sign-extended where it is used */
    PATCH_ABS64,    /* 8 bytes */
    PATCH_REL32,    /* 4 bytes: v - address of the hole (the usual -4 is in the addend). i686: modulo 2**32, everything is in reach */
    PATCH_X86_GOT,  /* x86-64: displacement of an instruction with a memory operand at (%rip); relaxed: mov, add and the like, call, jmp */
    /* aarch64 */
    PATCH_A64_BRANCH26 = 32,    /* b, bl: 128 MB both ways */
    PATCH_A64_BRANCH19, /* b.cond, cbz, ldr of a word near the code: 1 MB */
    PATCH_A64_BRANCH14, /* tbz: 32 KB */
    PATCH_A64_PAGE21,   /* adrp: 4 GB */
    PATCH_A64_LO12,     /* the place in that page: add, loads and stores of any size */
    PATCH_A64_GOT,      /* adrp and, right behind it, ldr of the same register; 8 bytes */
    PATCH_A64_LOAD,     /* arch_word_kind() of it */
} HoleKind;

typedef struct {
    uint16_t offset;        /* in the stencil's code */
    uint8_t kind;           /* HoleKind */
    uint8_t value;          /* HoleValue */
    uint16_t symbol;        /* HOLE_HELPER */
    int32_t addend;
} Hole;
