/* What the generated stencils header (build folder: stencils-TRIPLE.h, chosen by stencils.h; made by tools/stencils/build.py) consists of.
 *
 * A stencil of a uop exists once per choice of registers. With `operands` its value operands in order:
 *
 *   uops without CALL and FIXED   each operand in any register of its class (G: obj, int; F: float). The result is in the register of
 *                                 the first operand when that is of the same class (two-address form), else in any register of its class.
 *                                 number = mixed radix, first operand most significant, a free result register least:
 *                                 ((ra * Nb + rb) * Nc + rc) * Nr + rr
 *   the same, constant variant    (`?` operand, always the last, is a constant: int as the 32-bit IMM hole, float as the WORD hole):
 *                                 the same number without that operand
 *   uops with CALL or FIXED       one stencil: obj and int operands in G0, G1, G2 in order, float operands in F0, F1 in order;
 *                                 result in G3 (CALL), G0 (FIXED), F0 (float). CALL: every F and G3.. are lost; FIXED: nothing else is.
 *
 *   AWAY                          with CALL: goes on elsewhere, or behind itself, and then all registers are lost, G0, G1 and G2 too. At its exit they are
 *                                 kept as with CALL, unless it is an ESCAPE (INVOKE): then nothing is.
 *
 * N_G and N_F are those of the target (abi.h). Where the machine has too few registers (i686), G and F registers are places in the State
 * (S->g, S->f), and the code of a stencil reads and writes them there; numbering and meaning stay the same.
 *
 * At an exit taken by a stencil all registers hold what they held before it (CALL: G0, G1, G2 and the spill places only).
 *
 * Besides the uops there are the stencils the emitter itself needs: EMIT_*.
 *
 * No Python.h here: tests patch and execute the stencils of other targets than the host's. */
#pragma once
#include "hole.h"
#define COPYPATCH_HOSTED
#include "../../stencils/abi.h"
#include "uops_gen.h"

#define STENCIL_BLOCK 16        /* so many bytes may be read at its code at a time: there is something behind the last stencil too */

/* Places in the arrays below instead of pointers: thousands of these would have to be relocated whenever the library is loaded. */
typedef struct {
    uint32_t code;
    uint16_t holes, data;
    uint16_t size, n_holes, data_size;      /* data_size: 0: none */
} Stencil;

extern const uint8_t stencil_code_bytes[], stencil_data_bytes[];
extern const Hole stencil_holes[];

static inline const uint8_t *stencil_code(const Stencil *s) { return stencil_code_bytes + s->code; }
static inline const uint8_t *stencil_data(const Stencil *s) { return stencil_data_bytes + s->data; }
static inline const Hole *stencil_hole(const Stencil *s, int k) { return &stencil_holes[s->holes + k]; }

typedef struct {
    const Stencil *registers;   /* by number, as above; NULL: no body (META, SUNK) */
    const Stencil *constant;    /* constant variant; NULL: none */
    uint16_t n_registers, n_constant;
} StencilSet;

enum {
    EMIT_MOVE_G,        /* number dst * N_G + src (dst == src: empty) */
    EMIT_MOVE_F,        /* dst * N_F + src */
    EMIT_SPILL_G,       /* src; IMM: byte offset from S */
    EMIT_SPILL_F,
    EMIT_RELOAD_G,      /* dst; IMM: byte offset from S */
    EMIT_RELOAD_F,
    EMIT_CONST_G,       /* dst; IMM: a 32-bit signed value */
    EMIT_CONST_G_WORD,  /* dst; WORD: 64 bits */
    EMIT_CONST_F,       /* dst; WORD: the double */
    EMIT_JUMP,          /* to TARGET */
    EMIT_JUMP_VALID,    /* WORD: address of a 64-bit-aligned int flag; goes to EXIT when it is 0, else goes on */
    EMIT_JUMP_INDIRECT, /* WORD: address of a pointer to code: jump where it points now */
    EMIT_EXIT_STUB,     /* WORD: address of the Exit: S->exit = it, then jump to Exit.target (its first field) */
    EMIT_EXIT_COMMON,   /* stores every register in S->g, S->f and returns to who entered through EMIT_SHIM */
    EMIT_SHIM,          /* a C function: void shim(State *S, void *entry): saves what C expects saved, enters at entry */
    EMIT_COUNT
};

/* The stack while a stencil runs: between its stack pointer and who called the shim (the CFA, in DWARF's words) stands what the shim
 * saved. No stencil moves the stack pointer, so this holds everywhere in a trace. Registers by DWARF's numbers. */
typedef struct {
    uint16_t size;              /* from the stack pointer to the CFA, bytes; 0: not known */
    uint8_t stack_pointer, return_address;
    uint8_t n_saved;
    struct { uint8_t number; int16_t at; } saved[24];   /* at: from the CFA, bytes */
} ShimFrame;

extern const ShimFrame shim_frame;
extern const StencilSet uop_stencils[UOP_COUNT];
extern const StencilSet emit_stencils[EMIT_COUNT];
