/* harness.h: what the parts of the case table's program share. One program is built for each target, from that target's stencils, its
 * arch_*.c and the generated cases; there is no Python in it. */
#pragma once
#include "stencil.h"
#include <stddef.h>

typedef struct World World;

/* ---- what a case says (generated: cases_gen.c) ---- */

#define MAX_CALLS 4
typedef struct { int fake; Value arg[4], result; void (*writes)(World *w); } Call;      /* fake: FAKE_*; writes: may be NULL */

typedef struct Case Case;
struct Case {
    UopCode op;
    const char *where, *text;       /* file:line; the case as written */
    int exits, traps, away, n_calls;     /* away: it goes on `there` */
    void (*before)(World *w), (*after)(World *w);
    void (*fill)(struct Case *c);   /* writes what follows */
    Value operand[3], result;
    int64_t imm; uint64_t word;
    Call call[MAX_CALLS];
};

typedef struct {
    const char *name;
    int has_body, n_operands;
    char operand[3], result;        /* 'o' object, 'i' int, 'f' float, 0 none */
    int const_ok;                   /* the last operand may be a constant */
    char imm;                       /* 'i' imm, 's' slot, 'w' word, 0 none */
    int call, fixed, leaves;
    int away;                       /* 1: may go on elsewhere; 2: with an exit that has lost all registers */
} Info;

typedef int Reference(Value *operand, int64_t imm, Value *result);

/* Numbers of cases that depend on the layout and on the size of addresses: an immortal object's count; the highest of one that is mortal for
 * certain; a count, a size and a C long that need as many bits as there may be. */
#if ABI_LAYOUT >= 314 && __SIZEOF_POINTER__ == 8
#define IMMORTAL 0xc0000000ll
#define LAST_MORTAL 0x7fffffffll
#define BIG_COUNT (1ll << 28)
#define SET_IMMORTAL(object) ((object).flags |= 1)
INLINE void mortal(Obj *o) { o->flags &= 0xfffe; }       /* its other flags are of no account */
#else
#define IMMORTAL (sizeof(void *) == 8 ? 0xffffffffll : ABI_LAYOUT >= 314 ? 5ll << 28 : 0x3fffffffll)
#define LAST_MORTAL (sizeof(void *) == 8 ? 0x7fffffffll : ABI_LAYOUT >= 314 ? 0x3fffffffll : 0x3ffffffell)
#define BIG_COUNT BIG
#define SET_IMMORTAL(object) ((void)(object))
INLINE void mortal(Obj *o) { (void)o; }
#endif
#define BIG (sizeof(void *) == 8 ? 1ll << 40 : 1ll << 28)
#define BIG_LONG (sizeof(Long) == 8 ? 1ll << 40 : 1ll << 28)
/* Offsets of fields, as operands. */
#define AT_BYTES ((int64_t)offsetof(BytesObj, item))
#define AT_CONTENT ((int64_t)offsetof(CellObj, content))
#define AT_SLOT ((int64_t)(offsetof(GenObj, frame) + offsetof(FrameHead, slot)))
#define AT_SLOT3 (AT_SLOT + 3 * (int64_t)sizeof(FrameSlot))
#define AT_VALUE(n) ((int64_t)offsetof(ValuesObj, item[n]))
#define AT_VALUE0 AT_VALUE(0)
#define AT_VALUE1 AT_VALUE(1)
#define AT_ITEM0 ((int64_t)offsetof(TupleObj, item))
#define AT_ITEM1 ((int64_t)(offsetof(TupleObj, item) + sizeof(Obj *)))

/* A record and the callee's frame behind it, of a caller with two spill places in use. */
typedef struct {
    union {
        CallRecord record;
        struct { char head[offsetof(CallRecord, spill)]; Value spill[2]; FrameHead frame; FrameSlot more[4]; };
    };
} Called;
/* A generator with five slots. */
typedef struct {
    union {
        Obj base;
        GenObj gen;
        struct { char head[offsetof(GenObj, frame)]; FrameHead frame; FrameSlot more[4]; };
    };
} Generator;
/* From the object of this small int to that of 0. */
#define FROM_256 (-256 * (int64_t)sizeof(SmallInt))
#define FROM_MINUS_5 (5 * (int64_t)sizeof(SmallInt))

#include "cases_gen.h"

extern const Info infos[UOP_COUNT];
extern Case cases[CASE_COUNT];
extern void *const helper_addresses[HELPER_COUNT];
extern const char *const fake_names[FAKE_COUNT];
extern Reference *const references[UOP_COUNT];      /* the body as C, of uops that compute with numbers alone */

/* ---- the world (run.c) ---- */

/* All memory that stencils may touch, at an address that shows when half of one is lost or a bit is extended. */
#define WORLD_AT ((uintptr_t)(sizeof(void *) == 8 ? 0x719234560000 : 0x91230000))
#define world (*(World *)WORLD_AT)
static State *const S = &world.S;
Value called(int fake, int n, const Value *args, void *frame);
void called_arithmetic(void *frame);

/* ---- stencils in memory (place.c) ---- */

/* One stencil, ready to run, and where it goes from there. */
typedef struct {
    const Stencil *stencil;
    int64_t imm; uint64_t word;     /* what its holes get */
    const uint8_t *target;          /* HOLE_TARGET: an address, or one of the chain: */
} Wanted;
#define TARGET_FIRST ((const uint8_t *)1)
#define TARGET_LEFT ((const uint8_t *)2)
#define TARGET_FINISHED ((const uint8_t *)3)

typedef struct { void *target; } TestExit;          /* as Exit: where the stub goes */
extern TestExit finished, left, there;
extern void *there_code;            /* where stencils go that go elsewhere */
extern uintptr_t stack_seen[2];     /* stack pointer before and behind a stencil */

enum { NEAR, FAR, PLACES };         /* code from which calls reach the helpers, and from where they do not */
void place_set_up(void);
void place_begin(int place);        /* forgets all stencils of the last time */
/* Places stencils, one behind the other, between the entry code and exit stubs. Where to enter; NULL: a hole could not be filled, see place_error. */
const uint8_t *place_chain(const Wanted *wanted, int n);
extern const char *place_error;
const uint8_t *place_address(int k);                /* where stencil k of the last chain is */
/* Enters code that place_chain() made. Which registers that C expects to be kept were not, as bits: machine.h. */
unsigned place_enter(const uint8_t *code);

/* ---- running (run.c) ---- */

typedef struct {
    const Case *c;
    const Info *info;
    const Stencil *stencil;
    uint8_t reg[3], result;         /* N_G + i: float register i */
    int constant, number, place;
    const uint8_t *code;
} Job;

extern long checks, failures, runs;
extern int end_at_failure;          /* the process does, with status 1, and prints nothing */
int check(int ok, const char *format, ...) __attribute__((format(printf, 2, 3)));
extern char context[256];

/* The registers as they are before every stencil. */
void fill_registers(Value registers[N_G + N_F]);
/* Runs code from `start`, the registers given; and compares memory with *expected, whose S.g and S.f are the registers expected then and
 * whose S.exit is the exit, but for the registers in `lost` (bits). */
void run_code(const uint8_t *code, const Value registers[N_G + N_F], World *start, World *expected, unsigned lost);
void world_reset(World *w);
void catch_signals(int milliseconds);   /* a stencil that crashes, or takes so long, is a failure, not the end */

int variant_count(const Info *info, int constant);
/* What number `number` of a uop is: the register of each operand, and of the result. */
void variant(const Info *info, int constant, int number, Job *job);
/* Every case of a uop, in all variants or one (-1: all), with these stencils. */
void run_uop(UopCode op, const StencilSet *set, int only);

void run_emit(void);                /* emit_cases.c: the emitter's own stencils */
void run_references(int every);     /* reference.c: against bodies compiled as C */
int run_mutations(long flips);      /* mutate.c: does the table notice wrong stencils? */
