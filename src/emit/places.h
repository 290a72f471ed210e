/* The state of the register allocator: values, their places, the plan under way. Where a function cannot do its work, Ra.fail says why. */
#pragma once
#include "plan.h"

#define NEVER INT32_MAX
#define BIT(r) (1u << (r))
#define G_MASK ((1u << N_G) - 1)
#define F_MASK (((1u << N_F) - 1) << N_G)
#define KEPT_MASK 7u                    /* G0, G1, G2: survive calls */
#define HINT_NONE (-1)
#define HINT_REGISTER(r) (-2 - (r))     /* a hint >= 0 is a PHI: the register it has at the head of the loop */

/* What is known of a value: an SSA value (its Ref) or a constant (n_uops + index). A constant has no spill place: it is made anew. */
typedef struct {
    int32_t next;               /* next uop that needs it in a register; NEVER */
    int32_t last;               /* last uop that needs it at all; -1: none */
    int32_t hint;               /* where it would best be */
    int32_t leaf;               /* last uop whose exit is known to need it */
    int16_t reg, spill;         /* places; a value may be in both */
    int16_t loop_reg;           /* where it is at the head of the loop; PLACE_NONE */
} Val;

/* A set of spill places. */
typedef struct { uint64_t word[(N_SPILL + 63) / 64]; } Spills;
static inline void spills_add(Spills *s, Place p) { s->word[(p - PLACE_SPILL) / 64] |= 1ull << ((p - PLACE_SPILL) % 64); }
static inline int spills_end(const Spills *s)       /* all of them are less than this */
{
    for (int k = (N_SPILL + 63) / 64; k-- > 0;)
        if (s->word[k])
            return 64 * k + 64 - __builtin_clzll(s->word[k]);
    return 0;
}
static inline void spills_remove(Spills *s, Place p) { s->word[(p - PLACE_SPILL) / 64] &= ~(1ull << ((p - PLACE_SPILL) % 64)); }

typedef struct Ra {
    const Trace *t;
    Plan *plan;
    const char *fail;           /* why it cannot be done; NULL: all is well */
    int32_t n, end;             /* number of uops; the last one */
    Ref loop;                   /* LOOP, or NEVER */
    Val *vals;
    int32_t *next;              /* [3 * uop + k]: the use after this one of operand k */
    int32_t *leaf_first, *leaf_count, *leaf_last;    /* by snapshot; leaf_last: the uop after whose exit some are not needed any more, or -1 */
    Ref *leaves; int32_t n_leaves, cap_leaves;
    int32_t *calls; int32_t n_calls, call;      /* the uops that lose registers, ascending; the first not yet passed */

    int32_t at;                 /* the uop under way */
    int32_t holds[N_REGISTERS]; /* value in a register; -1 */
    uint32_t busy;              /* registers that hold one */
    uint32_t phi_registers;     /* registers of PHIs, better left to them */
    uint32_t moves;             /* counts whatever changes where values are */
    int32_t exit_snap; uint32_t exit_moves; int32_t exit_number;    /* the last exit recorded: its snapshot, `moves` then, itself */
    Spills spilled;             /* spill places in use */
    Spills loop_spilled;        /* in use at the head of the loop or since */
    int in_loop;                /* behind the head of the loop */
    int32_t loop_holds[N_REGISTERS];
    struct { int32_t value; Place reg, place; } *before_loop; int32_t n_before_loop, cap_before_loop;
} Ra;

static inline int32_t value_of(const Ra *ra, Ref r) { return IS_CONST(r) ? ra->n + ~r : r; }
static inline int value_is_const(const Ra *ra, int32_t v) { return v >= ra->n; }
static inline Kind value_kind(const Ra *ra, int32_t v)
{
    return v >= ra->n ? (Kind)ra->t->consts[v - ra->n].kind : (Kind)uop_info[ra->t->uops[v].op].result;
}
static inline uint32_t class_mask(Kind kind) { return kind == KIND_FLOAT ? F_MASK : G_MASK; }
static inline int uop_is_phi(uint16_t op) { return op == UOP_PHI_OBJ || op == UOP_PHI_INT || op == UOP_PHI_FLOAT; }
static inline int uop_is_param(uint16_t op) { return op == UOP_PARAM_OBJ || op == UOP_PARAM_INT || op == UOP_PARAM_FLOAT; }
static inline int lives_on(const Ra *ra, int32_t v) { return ra->vals[v].last > ra->at; }
static inline int fits_32(int64_t v) { return v == (int32_t)v; }

/* Appending to the plan. */
Step *step_append(Ra *ra, uint16_t code, const Stencil *stencil, int64_t value);
void step_emit(Ra *ra, int emit, int number, int64_t value);
void step_copy(Ra *ra, Place to, Place from);                   /* one of them is a register */
void step_const(Ra *ra, Place reg, int32_t value);
Place spill_take(Ra *ra);                                       /* a free spill place; fails the allocation when there is none */

/* Values and their places. */
void ra_set(Ra *ra, int32_t v, Place r);                        /* v is in register r now */
void ra_drop(Ra *ra, int32_t v);                                /* ... in no register any more */
void ra_release(Ra *ra, int32_t v);                             /* v is dead */
void ra_store(Ra *ra, int32_t v);                               /* v, in a register, is in a spill place too, unless it can be made anew */
void ra_evict(Ra *ra, Place r);                                 /* frees r; its value is stored unless it is already */
void ra_load(Ra *ra, int32_t v, Place r);                       /* code only: spill place or constant into r */
int32_t ra_next_use(const Ra *ra, int32_t v);                   /* the next real use as far as registers are concerned; NEVER */
Place ra_wished(const Ra *ra, int32_t v);                       /* the register that v would best be in; PLACE_NONE */
Place ra_victim(const Ra *ra, uint32_t mask);                   /* of `mask`, all busy: whose value is needed last; PLACE_NONE: empty */
Place ra_choose_free(const Ra *ra, int32_t v, uint32_t mask);   /* a free register for v; PLACE_NONE */
Place ra_choose(Ra *ra, int32_t v, uint32_t mask);              /* a register for v, made free if need be */
void ra_record_exit(Ra *ra, const Uop *u);                      /* where the leaves of its snapshot are now */

/* Scratch memory that is kept between compilations (the GIL is held). */
void *scratch_array(void **array, int32_t *cap, int64_t n, size_t size);    /* room for n elements, contents kept; NULL: no memory */
#define SCRATCH(array, cap, n) (((int64_t)(n) <= (cap) && (array)) || scratch_array((void **)&(array), &(cap), (n), sizeof *(array)) != NULL)
