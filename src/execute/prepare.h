/* A snapshot as a list of moves: what an exit does is found out once, when it is taken to the interpreter for the first time. */
#pragma once
#include "../ir/ir.h"

/* A value number counts through the leaves of the snapshot (trace_leaves()), then the constants that it needs, then what has to be made,
 * then what an INVOKE has given. */

typedef enum {
    MOVE_OWNED,         /* the value, with its reference */
    MOVE_BORROWED,      /* the value, a new reference; may be NULL */
    MOVE_LENT,          /* the value; the slot gets no reference */
    MOVE_NULL,
    MOVE_NEW_INT,       /* an int object of the value, made for this slot alone */
    MOVE_NEW_FLOAT,
    MOVE_KEEP,          /* what the slot holds, unless that is NULL: then the value, a new reference */
    MOVE_KEEP_INT,      /* the same, an int object of the value made for this slot alone */
    MOVE_KEEP_FLOAT,
    MOVE_SYNC_RANGE,    /* the slot holds a range iterator that has given the value last */
    MOVE_SYNC_INDEX,    /* the slot holds a list or tuple iterator that gives item number value next */
    MOVE_TAGGED,        /* the value, tagged */
    MOVE_DROP,          /* no slot: the value's reference is released when all is in place */
    MOVE_KEEP_FIRST = MOVE_KEEP, MOVE_KEEP_LAST = MOVE_KEEP_FLOAT
} MoveHow;

typedef struct {
    uint8_t how;        /* MoveHow */
    uint8_t frame;
    int16_t slot;       /* in localsplus of its frame */
    int32_t from;       /* value number */
} SlotMove;

/* An object that several slots share, made before any slot is written. */
typedef struct {
    uint16_t op;        /* UOP_SINK_* */
    int16_t slot;       /* of the entry frame: SINK_SLOT_*, SINK_RANGE, SINK_INDEX */
    int32_t a, b;       /* value numbers, perhaps of what earlier ones make */
    int32_t place;      /* SINK_SET: ir_place() */
} Recipe;

typedef struct {
    PyCodeObject *code; /* borrowed, as the snapshot's */
    int32_t func;       /* value number; entry frame: none */
    int32_t ip;         /* code unit where it goes on; callers: of their CALL, behind its prefixes */
    int32_t raise_ip;   /* code unit of the instruction that raises, behind its prefixes */
    int16_t depth;
    uint8_t continuation;       /* callers: what becomes of what the callee gives */
    int32_t end_ip;     /* callers of generators: code unit where they go on when that has returned */
    uint8_t suspended;  /* a generator's own, which is to be linked; `func` is the generator */
} FrameMove;

typedef struct Prepared {
    int32_t n_leaves, n_consts, n_recipes, n_moves, n_frames;
    uint8_t lasts;      /* numbers in variables of a frame that returns next are left out: to be looked at again where somebody has its frame object */
    uint8_t real;       /* the inlined frames are pushed already */
    uint8_t plain;      /* one frame, which goes on where it stands */
    uint8_t result;     /* a slot gets what an INVOKE has given and nobody has taken: State.result */
    uint8_t next;       /* CONT_NEXT: the value on top is what an iterator gave; `ip` is where the loop's body begins */
    uint8_t sent;       /* CONT_SENT: the value on top is what a SEND has given; `ip` is for what was yielded */
    int32_t end_ip;     /* ... and where it goes on when there was none, or it was returned */
    int32_t drop_ip;    /* where the innermost frame stands while what goes is released; -1: where it goes on */
    Ref *leaf;
    uint16_t *at;       /* of each leaf, where in the State native code leaves it; NULL: there is none */
    Value *consts;
    Recipe *recipes;
    SlotMove *moves;
    FrameMove *frames;
} Prepared;

static inline int32_t prepared_values(const Prepared *p) { return p->n_leaves + p->n_consts + p->n_recipes + p->result; }

/* Both return one block (free()), or NULL when memory runs out, with no exception set. The leaves are the same ones. */
Prepared *prepare_snapshot(const Trace *t, int32_t snap);
Prepared *prepare_exit(const Exit *e);
