/* Building traces: every uop goes through build(), which folds, merges and drops what is known, and appends the rest. */
#pragma once
#include "config.h"
#include "ir.h"

#define N_MEMORY 7              /* classes of memory */
enum { MAX_SUSPENDED = 24, MAX_TURN = 48 };
enum { SNAP_NONE = -1, SNAP_AUTO = -2 };

typedef struct Builder {
    Trace *t;
    struct Room *room;          /* that of t, which may be gone before */
    PyTypeObject **types;       /* by uop index: the exact type known of an object, or NULL */
    int32_t n_types, cap_types; /* beyond n_types nothing is known */
    Ref barrier[N_MEMORY];      /* by memory class: READ uops of the class before it may not be merged any more */
    Ref escape;                 /* index of the last ESCAPE, or -1 */
    uint8_t fold;               /* 0: append as given (PYTHON_UOPS_OPTIMIZE=0); what a sunk uop makes necessary is folded all the same */
    uint8_t failed;             /* memory ran out, or the trace is too long: refs returned since are meaningless */
    uint8_t contradiction;      /* a guard was built that can never hold */
    uint8_t heap_types;         /* some type known is not a static one: forgotten at the next escape */
    int32_t limit;              /* most uops */
    void *arg;
    int32_t (*snapshot)(void *arg);         /* index of the snapshot for SNAP_AUTO; asked for only when the uop is really appended */
    void (*appended)(void *arg, Ref ref);   /* called for each uop appended; may be NULL. The recorder executes it here */
    /* suspended.c */
    struct { Ref g; const void *code; } suspended[MAX_SUSPENDED];           /* generators that are followed into */
    struct { uint16_t op; Ref g; int64_t imm; } turn[MAX_TURN];             /* in a loop: what its turn stores in such frames */
    int n_suspended, n_turn;
    int hash_bits;              /* merging: as many bits of a hash count, more when there are many uops */
    int32_t n_hashed;
    Ref heads[512];             /* newest uop of each hash, 1 << hash_bits of them */
} Builder;

int builder_init(Builder *b, Trace *t, int32_t limit);      /* -1: no memory */
void builder_free(Builder *b);

/* The ref of the result, an existing one when the value is known. REF_NONE for a uop without result, or after failure. */
Ref build(Builder *b, UopCode op, Ref a, Ref b_, Ref c, int64_t imm, int32_t snap);

/* The memory classes (bits) that uop op writes; 0: none. */
unsigned builder_writes(UopCode op);
/* From here on, nothing read earlier from these classes is known. */
void builder_forget(Builder *b, unsigned classes);

/* Forgets all that came after the trace had n uops (it is cut back to that length). */
void builder_rollback(Builder *b, int32_t n_uops, int32_t n_snaps, int32_t n_snap_frames, int32_t n_snap_slots);

PyTypeObject *builder_type(const Builder *b, Ref ref);      /* exact type known, or NULL */
int builder_teaches_type(const Uop *u);                     /* a guard behind which the exact type of its operand is known */
void builder_set_type(Builder *b, Ref ref, PyTypeObject *type);
static inline int builder_is_sunk(const Builder *b, Ref ref)
{
    return !IS_CONST(ref) && (uop_info[b->t->uops[ref].op].effects & EFFECT_SUNK);
}
/* The GUARD_NUMBER that ref is known to be a number by, or NULL, and nothing else; NULL: there is none. */
const Uop *builder_number(const Builder *b, Ref ref);
/* Known to be what may lie stale where nobody looks: its release, whenever that is, runs no Python code. */
int builder_is_harmless(const Builder *b, Ref ref);
/* For an object ref that is a box made in this trace, sunk or not: the ref of what it holds. REF_NONE otherwise. */
Ref builder_content(const Builder *b, Ref ref);

/* ---- suspended.c: generators that are followed into ---- */

/* g runs this code (by the address of its Resumed): no other's slots are its slots. NULL: not known. */
void builder_know_generator(Builder *b, Ref g, const void *code);
const void *builder_generator(const Builder *b, Ref g);         /* what it runs */
/* What u reads of a generator's frame may have been written since uop r, an equal one. */
int builder_is_outdated(const Builder *b, const Uop *u, Ref r);
/* In front of LOOP: the turn to come writes so. 0: too many. */
int builder_note_turn(Builder *b, int op, Ref g, int64_t imm);
/* g is known, from uop `since` on, to stand at the Stand: 1; at another: -1; 0: not known. */
int builder_stands(const Builder *b, Ref g, int64_t stand, Ref since);
/* The type of what u, a GEN_SLOT in a loop, reads, if that is what each turn stores there; NULL: not known. */
PyTypeObject *builder_stored_type(const Builder *b, const Uop *u);
void builder_forget_generators(Builder *b, int32_t n_uops);     /* of builder_rollback() */
