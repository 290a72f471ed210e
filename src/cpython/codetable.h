/* Address of a code object -> CodeInfo, in an open hash table. Needs the GIL of the main interpreter. */
#pragma once
#include "cpy.h"

struct CodeInfo;

typedef struct {
    PyCodeObject *code;         /* borrowed: an address, not looked at here; NULL: a free slot */
    struct CodeInfo *info;      /* owned by codeinfo.c */
} CodeSlot;

typedef struct {
    CodeSlot *slots;            /* mask + 1 of them, at least three quarters of them free: mostly the first one is it */
    size_t mask, n;
    int shift;                  /* of the 64-bit hash, to an index */
} CodeTable;

extern CodeTable codetable;

static inline size_t codetable_home(const void *code)
{
    return (size_t)((uint64_t)(uintptr_t)code * 0x9E3779B97F4A7C15u >> codetable.shift);
}

/* NULL: none. A few ns: every event of armed code looks its code object up. */
static inline struct CodeInfo *codetable_find(const PyCodeObject *code)
{
    for (size_t i = codetable_home(code);; i++) {
        const CodeSlot *slot = &codetable.slots[i & codetable.mask];
        if (slot->code == code || !slot->code)
            return slot->info;
    }
}

int codetable_has(const struct CodeInfo *info);         /* it is there. Looks at all of them */
int codetable_add(PyCodeObject *code, struct CodeInfo *info);   /* which is not there yet; -1: no memory, no exception set */
void codetable_remove(const PyCodeObject *code);                /* no effect when it is not there */
