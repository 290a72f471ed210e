/* address of a code object -> CodeInfo
 *
 * A table of our own, since the place that CPython offers, co_extra, shows: _interpreters.call() refuses a function whose code has it. A
 * dictionary would compare code objects by value: equal code of different functions would share its counters.
 *
 *  1. Linear probing; the slots behind one that becomes free move up, so there are no marks of removed ones and nothing to clean.
 *  2. It grows, and never shrinks: what it holds are the code objects that were looked at and are alive. */
#include "codetable.h"
#include <stdlib.h>

static CodeSlot none[2];        /* before the first is added: free slots to look at */
CodeTable codetable = { none, 1, 0, 63 };

static void put(PyCodeObject *code, struct CodeInfo *info)
{
    size_t i = codetable_home(code) & codetable.mask;
    while (codetable.slots[i].code)
        i = (i + 1) & codetable.mask;
    codetable.slots[i] = (CodeSlot){ code, info };
}

static int grow(void)
{
    CodeTable old = codetable;
    int shift = old.slots == none ? 64 - 6 : old.shift - 1;
    CodeSlot *slots = calloc((size_t)1 << (64 - shift), sizeof *slots);
    if (!slots)
        return -1;
    codetable = (CodeTable){ slots, ((size_t)1 << (64 - shift)) - 1, old.n, shift };
    for (size_t i = 0; i <= old.mask; i++)
        if (old.slots[i].code)
            put(old.slots[i].code, old.slots[i].info);
    if (old.slots != none)
        free(old.slots);
    return 0;
}

int codetable_has(const struct CodeInfo *info)
{
    for (size_t i = 0; i <= codetable.mask; i++)
        if (codetable.slots[i].code && codetable.slots[i].info == info)
            return 1;
    return 0;
}

int codetable_add(PyCodeObject *code, struct CodeInfo *info)
{
    if (4 * (codetable.n + 1) > codetable.mask && grow() < 0)
        return -1;
    put(code, info);
    codetable.n++;
    return 0;
}

void codetable_remove(const PyCodeObject *code)
{
    size_t mask = codetable.mask, gap = codetable_home(code) & mask;
    while (codetable.slots[gap].code != code) {
        if (!codetable.slots[gap].code)
            return;
        gap = (gap + 1) & mask;
    }
    for (size_t i = (gap + 1) & mask; codetable.slots[i].code; i = (i + 1) & mask) {
        size_t home = codetable_home(codetable.slots[i].code) & mask;
        if (((i - home) & mask) >= ((i - gap) & mask)) {        /* the gap lies on its way from home */
            codetable.slots[gap] = codetable.slots[i];
            gap = i;
        }
    }
    codetable.slots[gap] = (CodeSlot){ 0 };
    codetable.n--;
}
