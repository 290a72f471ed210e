/* The turn that the loop pass copies: loop.c, iterator.c. */
#pragma once
#include "optimize.h"
#include "../ir/instance.h"

#define MAX_LOCAL_SLOTS 512

typedef struct {
    Ref ref;            /* sunk: the SINK_*; in memory: the object if known, else REF_NONE */
    uint8_t sunk;
    uint8_t touched;    /* in this turn */
} LoopSlot;

typedef struct {
    const Recording *r;
    const Trace *from;          /* the recorded turn */
    Trace *t;
    Ref *map;                   /* recorded ref -> ref in t */
    Ref *map_before;            /* the same at the last mark() */
    Ref *const_map;             /* recorded constant -> constant in t */
    int n_slots;
    int32_t old_snap, new_snap, generation, snap_generation;   /* the snapshot copied last */
    int32_t snap;               /* recorded snapshot that SNAP_AUTO stands for */
    Ref at;                     /* the recorded uop being copied */
    int fail;
    struct {
        int slot;               /* the stack slot of the iterator whose fields the loop keeps in registers; -1: none */
        Ref next;               /* the recorded RANGE_NEXT, LIST_NEXT or TUPLE_NEXT */
        Ref limit;              /* in t: RANGE_END; or the list or tuple */
    } iterator;
    Builder b;
    /* n_slots of each */
    LoopSlot slots[MAX_LOCAL_SLOTS];
    LoopSlot start[MAX_LOCAL_SLOTS];    /* at the head of the turn */
    LoopSlot before[MAX_LOCAL_SLOTS];   /* in front of LOOP */
    uint8_t changes[MAX_LOCAL_SLOTS];   /* the turn stores to the slot */
} Loop;

/* instance.c: the recorded uop r is about an instance that the copy has not made: 1: what it finds is known, 0: it needs the instance. */
int loop_instance(Loop *l, Ref r);

/* The ref in t for a recorded one; a constant is copied when it is first asked for. */
static inline Ref loop_mapped(Loop *l, Ref ref)
{
    if (ref == REF_NONE)
        return REF_NONE;
    if (!IS_CONST(ref))
        return l->map[ref];
    if (l->const_map[~ref] == REF_NONE)
        l->const_map[~ref] = trace_const_copy(l->t, &l->from->consts[~ref]);
    return l->const_map[~ref];
}
