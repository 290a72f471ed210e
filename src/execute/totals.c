/* totals.c: all traces -> sums.
 *
 * A bytecode stands in a trace when a uop was recorded for it, whatever became of the uop; most of those that move operands only have none,
 * in any trace. Its turn that was peeled, or a function that was followed into twice, does not count again. */
#include "totals.h"
#include "execute.h"
#include "prepare.h"
#include "../cpython/codeinfo.h"
#include "../cpython/steady.h"
#include "../ir/source.h"
#include <malloc.h>
#include <stdlib.h>

static size_t heap(const void *p) { return p ? malloc_usable_size((void *)(uintptr_t)p) : 0; }

static void add_memory(void *arg, const Trace *t)
{
    Totals *all = arg;
    all->metadata += heap(t) + heap(t->block) + heap(t->live) + heap(t->sources) + heap(t->param_facts) + heap(t->sites);
    for (int i = 0; i < t->n_exits; i++)
        all->metadata += heap(t->exits[i].prepared);
    all->traces++;
    all->copies += (uint64_t)t->n_uops;         /* at most, for now */
}

/* ---- bytecodes: an open hash table ---- */

typedef struct {
    const PyCodeObject *code;
    uint32_t unit, last;        /* ...; number of the trace that it was seen in last, 0: a free slot */
} Seen;
typedef struct { Seen *slots; uint64_t mask; uint32_t trace; Totals *all; } Bytecodes;

static void see(Bytecodes *b, const PyCodeObject *code, uint32_t unit)
{
    uint64_t at = ((uint64_t)(uintptr_t)code + unit) * 0x9E3779B97F4A7C15u >> 20;
    Seen *s;
    while ((s = &b->slots[at & b->mask])->last && (s->code != code || s->unit != unit))
        at++;
    b->all->bytecodes += !s->last;
    b->all->copies += s->last != b->trace;
    *s = (Seen){code, unit, b->trace};
}

static void add_bytecodes(void *arg, const Trace *t)
{
    Bytecodes *b = arg;
    uint32_t last = 0;
    b->trace++;
    for (int i = 0; i < t->n_uops; i++) {
        uint32_t where = t->uops[i].where;
        int unit;
        const Source *s = where != last ? source_unit(t, where, &unit) : NULL;
        if (s)
            see(b, s->code, (uint32_t)unit);
        last = where;
    }
}

static void add_few(void *arg, const Trace *t)
{
    Totals *all = arg;
    all->few += t->runs[0] + t->runs[1] < FEW_RUNS;
}

Totals totals_now(void)
{
    Totals all = {.metadata = codeinfo_memory() + steady_memory()};
    executor_each_trace(add_memory, &all);
    uint64_t size = 64;
    while (size < 2 * all.copies)
        size *= 2;
    Bytecodes b = {.slots = calloc(size, sizeof(Seen)), .mask = size - 1, .all = &all};
    all.copies = 0;
    if (b.slots)
        executor_each_trace(add_bytecodes, &b);
    free(b.slots);
    executor_each_trace(add_few, &all);
    return all;
}
