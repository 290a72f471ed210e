/* patch.c: plan -> native code.
 *
 *     | stencils, one behind the other | exit stubs | trampolines | stencils' data | words |
 *       hot                              cold         far helpers   16-aligned       8-aligned, each value once
 *
 * Two walks over the steps: the first adds up sizes and collects what the holes need, the second copies and patches. All parts of a
 * trace lie together, so every hole but those for helpers is in reach; a value that does not fit drops the trace with a reason. */
#include "patch.h"
#include "arch.h"
#include "memory.h"
#include "unwind.h"
#include "helper_table.h"
#include "places.h"
#include <string.h>

typedef struct { const uint8_t *bytes; uint32_t size, offset; } Data;
typedef struct { uint64_t value; int32_t index; uint32_t stamp; } WordSlot;

typedef struct {
    Plan *plan;
    Exit *exits;
    const char *reason;
    uint32_t hot, stubs, trampolines, data, words, end, size;   /* where each part begins; bytes in all */
    uint32_t data_size;
    int32_t n_stubs, n_words, n_data, n_trampolines;
    uint8_t *base;              /* where the code will run */
    uint8_t *out;               /* where it is written */
} Patch;

/* Kept between traces. */
static int32_t *stub_of; static int32_t cap_stub_of;        /* by exit: number of its stub, -1 */
static int32_t *stubs; static int32_t cap_stubs;            /* exits in the order of their stubs */
static uint64_t *words; static int32_t cap_words;
static WordSlot *slots; static int32_t cap_slots; static uint32_t stamp, slot_mask;
static Data *datas; static int32_t cap_datas;
static uint16_t *trampolines; static int32_t cap_trampolines;
static uint8_t got[256];                                    /* by HoleKind: it wants a data word if it cannot be relaxed */

/* ---- collecting ---- */

static int begin_words(int32_t at_most)
{
    int64_t size = 64;
    while (size < 2 * (int64_t)at_most)
        size *= 2;
    int32_t had = cap_slots;
    if (!SCRATCH(slots, cap_slots, size))
        return -1;
    if (cap_slots > had)
        memset(slots + had, 0, (size_t)(cap_slots - had) * sizeof *slots);
    slot_mask = (uint32_t)size - 1;
    if (!stamp++)
        for (int kind = 0; kind < 256; kind++)
            got[kind] = arch_word_kind((HoleKind)kind) != (HoleKind)kind;
    return 0;
}

/* The place of `value` in the table of words, or the free one where it belongs. */
static WordSlot *word_slot(uint64_t value)
{
    uint32_t h = (uint32_t)((value * 0x9e3779b97f4a7c15ull) >> 40) & slot_mask;
    while (slots[h].stamp == stamp && slots[h].value != value)
        h = (h + 1) & slot_mask;
    return &slots[h];
}

/* The index of a data word that holds `value`; -1: there is none. */
static int32_t find_word(uint64_t value)
{
    const WordSlot *slot = word_slot(value);
    return slot->stamp == stamp ? slot->index : -1;
}

/* The same, with a new word if there is none; -1 without memory. */
static int32_t add_word(Patch *p, uint64_t value)
{
    WordSlot *slot = word_slot(value);
    if (slot->stamp == stamp)
        return slot->index;
    if (!SCRATCH(words, cap_words, p->n_words + 1))
        return -1;
    *slot = (WordSlot){value, p->n_words, stamp};
    words[p->n_words] = value;
    return p->n_words++;
}

static Data *find_data(Patch *p, const Stencil *s)
{
    for (int32_t k = 0; k < p->n_data; k++)
        if (datas[k].bytes == stencil_data(s) && datas[k].size == s->data_size)
            return &datas[k];
    return NULL;
}

static int add_data(Patch *p, const Stencil *s)
{
    if (find_data(p, s))
        return 0;
    if (!SCRATCH(datas, cap_datas, p->n_data + 1))
        return -1;
    datas[p->n_data++] = (Data){stencil_data(s), s->data_size, p->data_size};
    p->data_size = (p->data_size + s->data_size + 15) & ~15u;
    return 0;
}

static int add_trampoline(Patch *p, uint16_t helper)
{
    for (int32_t k = 0; k < p->n_trampolines; k++)
        if (trampolines[k] == helper)
            return 0;
    if (helper >= helper_count || !SCRATCH(trampolines, cap_trampolines, p->n_trampolines + 1))
        return -1;
    trampolines[p->n_trampolines++] = helper;
    return 0;
}

static uint64_t helper_bits(const Hole *h) { return h->symbol < helper_count ? (uint64_t)(uintptr_t)helper_table[h->symbol].address : 0; }

static int collect_step(Patch *p, Step *s)
{
    const Stencil *st = s->stencil;
    s->offset = p->hot;
    p->hot += st->size;
    if (s->exit >= 0 && stub_of[s->exit] < 0) {
        if (!SCRATCH(stubs, cap_stubs, p->n_stubs + 1))
            return -1;
        stub_of[s->exit] = p->n_stubs;
        stubs[p->n_stubs++] = s->exit;
    }
    for (const Hole *h = stencil_hole(st, 0), *end = h + st->n_holes; h < end; h++)
        switch (h->value) {
        case HOLE_WORD:
            if (s->word < 0 && (s->word = add_word(p, (uint64_t)s->value)) < 0)
                return -1;
            break;
        case HOLE_DATA:
            if (add_data(p, st))
                return -1;
            break;
        case HOLE_HELPER:
            if (got[h->kind] ? add_word(p, helper_bits(h)) < 0 : add_trampoline(p, h->symbol))
                return -1;
            break;
        case HOLE_IMM:
            if (got[h->kind] && add_word(p, (uint64_t)s->value) < 0)
                return -1;
            break;
        default:
            break;
        }
    return 0;
}

static int collect(Patch *p, int32_t n_exits)
{
    const Stencil *stub = &emit_stencils[EMIT_EXIT_STUB].registers[0];
    if (begin_words(p->plan->n_steps + helper_count) || !SCRATCH(stub_of, cap_stub_of, n_exits))
        return -1;
    for (int32_t k = 0; k < n_exits; k++)
        stub_of[k] = -1;
    for (int32_t i = 0; i < p->plan->n_steps; i++)
        if (collect_step(p, &p->plan->steps[i]))
            return -1;
    p->stubs = p->hot;
    p->trampolines = (p->stubs + (uint32_t)p->n_stubs * stub->size + 15) & ~15u;
    p->data = p->trampolines + (uint32_t)p->n_trampolines * ARCH_TRAMPOLINE_SIZE;
    p->words = p->data + p->data_size;
    p->end = p->words + (uint32_t)(p->n_words + p->n_stubs) * 8;
    p->size = p->end + (uint32_t)unwind_room();
    return 0;
}

/* ---- writing ---- */

static int64_t stub_address(const Patch *p, int32_t exit)
{
    return (int64_t)(intptr_t)(p->base + p->stubs + (uint32_t)stub_of[exit] * emit_stencils[EMIT_EXIT_STUB].registers[0].size);
}

/* Where a hole for a helper points: a call at `at` that does not reach it goes to the trampoline. */
static int64_t helper_address(const Patch *p, uint32_t at, const Hole *h)
{
    uint64_t address = (uint64_t)(uintptr_t)helper_table[h->symbol].address;
    if (!arch_is_call((HoleKind)h->kind) || arch_reaches((uint64_t)(uintptr_t)(p->base + at), address))
        return (int64_t)address;
    int32_t k = 0;
    while (trampolines[k] != h->symbol)
        k++;
    return (int64_t)(intptr_t)(p->base + p->trampolines + k * ARCH_TRAMPOLINE_SIZE);
}

/* v: without the hole's addend. -1 if it does not fit, neither itself nor as a data word. */
static int fill(Patch *p, uint32_t offset, const Hole *h, int64_t v)
{
    uint8_t *at = p->out + offset;
    uint64_t address = (uint64_t)(uintptr_t)(p->base + offset);
    HoleKind kind = (HoleKind)h->kind;
    if (!got[h->kind])
        return arch_patch(at, address, kind, v + h->addend);
    if (!arch_patch(at, address, kind, v))
        return 0;
    int32_t word = find_word((uint64_t)v);
    return word < 0 ? -1 : arch_patch(at, address, arch_word_kind(kind), (int64_t)(intptr_t)(p->base + p->words + 8 * word) + h->addend);
}

/* Most stencils are short: whole blocks are copied, over what comes behind and is written later. */
static void copy_code(Patch *p, uint32_t to, const Stencil *st)
{
    if (to + st->size + STENCIL_BLOCK > p->size) {
        memcpy(p->out + to, stencil_code(st), st->size);
        return;
    }
    for (uint32_t at = 0; at < st->size; at += STENCIL_BLOCK)
        memcpy(p->out + to + at, stencil_code(st) + at, STENCIL_BLOCK);
}

static int write_stencil(Patch *p, const Step *s, uint32_t to)
{
    const Stencil *st = s->stencil;
    copy_code(p, to, st);
    for (const Hole *h = stencil_hole(st, 0), *end = h + st->n_holes; h < end; h++) {
        int64_t v = 0;
        switch (h->value) {
        case HOLE_IMM: v = s->value; break;
        case HOLE_WORD: v = (int64_t)(intptr_t)(p->base + p->words + 8 * s->word); break;
        case HOLE_CONTINUE: v = (int64_t)(intptr_t)(p->base + to + st->size); break;
        case HOLE_EXIT:
            if (s->exit < 0) {
                p->reason = "a stencil leaves where its uop cannot";
                return -1;
            }
            v = stub_address(p, s->exit);
            break;
        case HOLE_TARGET: v = s->exit >= 0 ? stub_address(p, s->exit) : (int64_t)(intptr_t)(p->base + p->plan->steps[s->value].offset); break;
        case HOLE_HELPER: v = helper_address(p, to + h->offset, h); break;
        case HOLE_DATA: v = (int64_t)(intptr_t)(p->base + p->data + find_data(p, st)->offset); break;
        default: p->reason = "an unknown hole"; return -1;
        }
        if (fill(p, to + h->offset, h, v)) {
            p->reason = "a value does not fit its hole";
            return -1;
        }
    }
    return 0;
}

static int write_all(Patch *p)
{
    for (int32_t i = 0; i < p->plan->n_steps; i++) {
        const Step *s = &p->plan->steps[i];
        if (write_stencil(p, s, s->offset))
            return -1;
    }
    const Stencil *stub = &emit_stencils[EMIT_EXIT_STUB].registers[0];
    for (int32_t k = 0; k < p->n_stubs; k++) {
        Step s = {.stencil = stub, .exit = -1, .word = p->n_words + k};
        if (write_stencil(p, &s, p->stubs + (uint32_t)k * stub->size))
            return -1;
    }
    for (int32_t k = 0; k < p->n_trampolines; k++) {
        uint32_t at = p->trampolines + (uint32_t)k * ARCH_TRAMPOLINE_SIZE;
        arch_trampoline(p->out + at, (uint64_t)(uintptr_t)(p->base + at), (uint64_t)(uintptr_t)helper_table[trampolines[k]].address);
    }
    for (int32_t k = 0; k < p->n_data; k++)
        memcpy(p->out + p->data + datas[k].offset, datas[k].bytes, datas[k].size);
    uint8_t *at = p->out + p->words;
    if (p->n_words)
        memcpy(at, words, (size_t)p->n_words * 8);
    for (int32_t k = 0; k < p->n_stubs; k++) {      /* an exit's address is in the stub's own word */
        uint64_t address = (uint64_t)(uintptr_t)&p->exits[stubs[k]];
        memcpy(at + 8 * (p->n_words + k), &address, 8);
    }
    return 0;
}

int patch_write(Plan *plan, Exit *exits, int32_t n_exits, Code *code, const char **reason)
{
    Patch p = {.plan = plan, .exits = exits};
    if (collect(&p, n_exits)) {
        *reason = "out of memory";
        return -1;
    }
    p.base = memory_take(p.size, &p.out, reason);
    if (!p.base)
        return -1;
    int failed = write_all(&p);
    if (memory_seal(p.base, p.size, failed ? 0 : p.size)) {
        *reason = "code memory cannot be made executable";
        return -1;
    }
    if (failed) {
        *reason = p.reason;
        return -1;
    }
    *code = (Code){p.base, p.size, p.stubs, p.trampolines, p.data, p.words, p.end, stubs, p.n_stubs};
    return 0;
}

/* A stub is longer than a jump. */
void patch_jump(uint8_t *p, const void *target)
{
    const Stencil *jump = &emit_stencils[EMIT_JUMP].registers[0];
    const Hole *h = stencil_hole(jump, 0);
    uint8_t code[16], *write;
    memcpy(code, stencil_code(jump), jump->size);
    if (arch_patch(code + h->offset, (uint64_t)(uintptr_t)p + h->offset, (HoleKind)h->kind, (int64_t)(intptr_t)target + h->addend) ||
        memory_reopen(p, &write))
        return;
    memcpy(write, code, jump->size);
    memory_seal(p, jump->size, jump->size);
}
