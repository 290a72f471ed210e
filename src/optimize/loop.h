/* Inside of the loop pass: the turn being copied, shared by loop.c and iterator.c. */
#pragma once
#include "optimize.h"

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
    uint8_t changes[MAX_LOCAL_SLOTS];   /* the turn stores to the slot */
} Loop;

Ref loop_mapped(Loop *l, Ref ref);      /* in t, for a recorded one */

/* iterator.c */
void iterator_find(Loop *l);            /* in the recorded turn */
int iterator_open(Loop *l);             /* at the header, before LOOP. 0: it cannot be done */
Ref iterator_sink(Loop *l, Ref at);     /* the iterator, whose last value, or index, is `at` */
int iterator_next(Loop *l, Ref r);      /* copies recorded uop r if it is the one that takes a value, in the loop; 0: it is not */
void iterator_close(Loop *l);           /* no loop: the slot is in memory, as before */
