/* The plan of a trace: which stencils, in which order, with what in their holes. Made by ra_allocate(), written out by patch.c. */
#pragma once
#include "../ir/ir.h"
#include "stencil.h"

/* Where a value can be, as one number: G registers, F registers, spill places. */
typedef int16_t Place;
enum { PLACE_NONE = -1, PLACE_F = N_G, PLACE_SPILL = N_G + N_F, N_REGISTERS = N_G + N_F, N_PLACES = PLACE_SPILL + N_SPILL };

static inline Loc place_loc(Place p)
{
    return p < 0 ? (Loc){LOC_NONE, 0} : p < PLACE_F ? (Loc){LOC_G, (uint8_t)p}
         : p < PLACE_SPILL ? (Loc){LOC_F, (uint8_t)(p - PLACE_F)} : (Loc){LOC_SPILL, (uint8_t)(p - PLACE_SPILL)};
}
static inline Place loc_place(Loc l)
{
    return l.kind == LOC_G ? l.index : l.kind == LOC_F ? PLACE_F + l.index : l.kind == LOC_SPILL ? PLACE_SPILL + l.index : PLACE_NONE;
}

#define STEP_EMIT 0x8000        /* Step.code of EMIT_x is STEP_EMIT + EMIT_x, of a uop its UopCode */

extern const char *const emit_names[EMIT_COUNT];

/* One stencil to copy. */
typedef struct {
    const Stencil *stencil;
    int64_t value;              /* for its IMM or WORD hole; EMIT_JUMP that is no exit: the index of the step to jump to */
    int32_t exit;               /* for its EXIT hole, or where an EMIT_JUMP goes: index into Trace.exits; -1: none */
    Ref uop;                    /* on whose behalf; for dumps and ra_check() */
    uint16_t code;
    uint16_t number;            /* which of the stencils: says the registers */
    uint8_t constant;           /* the constant variant */
    uint8_t swapped;            /* the operands have changed places */
    uint16_t n_spill;           /* calls: the spill places in use are less than this */
    uint32_t offset;            /* patch.c: in the code */
    int32_t word;               /* patch.c: index of its data word */
} Step;

typedef struct { int32_t first_live, n_live; } ExitPlan;        /* n_live -1: nothing goes there */
typedef struct { Ref phi; Place place; } PhiPlace;              /* where a PHI is at the head of the loop */

typedef struct {
    Step *steps; int32_t n_steps, cap_steps;
    int32_t start, loop, entry; /* index of the step at START, at the head of the loop (-1: none), at the entry from memory */
    Loc *param_locs; int32_t n_params, cap_params;
    Live *live; int32_t n_live, cap_live;
    ExitPlan *exits; int32_t cap_exits;
    PhiPlace *phis; int32_t n_phis, cap_phis;
} Plan;

/* The code made of it. */
typedef struct {
    uint8_t *start; size_t size;
    /* What stands behind the steps, from which offset on; valid until the next patch_write(). */
    uint32_t stubs, trampolines, data, words, end;
    const int32_t *stub_exits; int32_t n_stubs;     /* whose stubs they are: indices into Trace.exits */
} Code;
