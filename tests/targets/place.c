/* place.c: stencils -> code in memory, ready to be entered.
 *
 *   shim | common exit | entry: probe, a reload for each register, jump to `current`      once, at the beginning of each memory
 *   stencils | probe | stub of `finished` | probe | stub of `left` | trampolines | data | words      for each chain
 *
 * What a hole gets is what src/emit/patch.c gives it; the patching itself is the product's arch_patch(). Two memories: one from which a
 * call reaches the helpers, one so far away that it needs a trampoline. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "arch.h"
#include "machine.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define MEMORY ((size_t)32 << 20)
#define MAX_CHAIN 16
#define ROUND(p, n) ((uint8_t *)(((uintptr_t)(p) + (n) - 1) & ~(uintptr_t)((n) - 1)))

typedef struct { uint8_t *start, *at; const uint8_t *entry, *common; } Memory;
static Memory memories[PLACES], *memory;
static const uint8_t *current;          /* where the entry code goes */
static uint8_t *addresses[MAX_CHAIN];
static const void *shim;
TestExit finished, left, there;
void *there_code;
uintptr_t stack_seen[2];
const char *place_error;

typedef struct { uint8_t *code, *trampolines, *data, *words, *end; const uint8_t *first, *finished, *left; } Layout;

static int is_got(const Hole *h) { return arch_word_kind((HoleKind)h->kind) != (HoleKind)h->kind; }

static int64_t new_word(Layout *l, uint64_t value)
{
    memcpy(l->words, &value, 8);
    l->words += 8;
    return (int64_t)(uintptr_t)(l->words - 8);
}

static int64_t helper(Layout *l, const Hole *h, uint64_t hole)
{
    uint64_t address = (uint64_t)(uintptr_t)helper_addresses[h->symbol];
    if (!arch_is_call((HoleKind)h->kind) || arch_reaches(hole, address))
        return (int64_t)address;
    arch_trampoline(l->trampolines, (uint64_t)(uintptr_t)l->trampolines, address);
    l->trampolines += ARCH_TRAMPOLINE_SIZE;
    return (int64_t)(uintptr_t)(l->trampolines - ARCH_TRAMPOLINE_SIZE);
}

/* -1 and place_error: a hole cannot be filled. */
static int fill(Layout *l, const Wanted *w, uint8_t *code, uint8_t *data)
{
    const Stencil *s = w->stencil;
    int64_t word = 0;
    for (const Hole *h = stencil_hole(s, 0), *end = h + s->n_holes; h < end; h++) {
        uint8_t *p = code + h->offset;
        uint64_t address = (uint64_t)(uintptr_t)p;
        int64_t v = 0;
        switch (h->value) {
        case HOLE_IMM: v = w->imm; break;
        case HOLE_WORD: v = word ? word : (word = new_word(l, w->word)); break;
        case HOLE_CONTINUE: v = (int64_t)(uintptr_t)(code + s->size); break;
        case HOLE_EXIT: v = (int64_t)(uintptr_t)l->left; break;
        case HOLE_TARGET:
            v = (int64_t)(uintptr_t)(w->target == TARGET_FIRST ? l->first : w->target == TARGET_LEFT ? l->left : w->target == TARGET_FINISHED ? l->finished : w->target);
            break;
        case HOLE_HELPER:
            if (h->symbol >= HELPER_COUNT) {
                place_error = "a hole for a helper that does not exist";
                return -1;
            }
            v = helper(l, h, address);
            break;
        case HOLE_DATA: v = (int64_t)(uintptr_t)data; break;
        default: place_error = "an unknown hole"; return -1;
        }
        int failed;
        if (!is_got(h))
            failed = arch_patch(p, address, (HoleKind)h->kind, v + h->addend);
        else
            failed = arch_patch(p, address, (HoleKind)h->kind, v) &&
                arch_patch(p, address, arch_word_kind((HoleKind)h->kind), new_word(l, (uint64_t)v) + h->addend);
        if (failed) {
            place_error = "a value does not fit its hole";
            return -1;
        }
    }
    return 0;
}

static const Stencil *emit_stencil(int op, int number)
{
    if (number >= emit_stencils[op].n_registers) {
        fprintf(stderr, "emitter stencil %d has no number %d\n", op, number);
        exit(2);
    }
    return &emit_stencils[op].registers[number];
}

static uint8_t *put(uint8_t *to, const Stencil *s)
{
    memcpy(to, stencil_code(s), s->size);
    return to + s->size;
}

/* Lays out what stands behind the code, which ends at l->code; n: stencils, each with so many holes at most. */
static int lay_out(Layout *l, const Wanted *wanted, int n)
{
    size_t holes = 0, data = 0;
    for (int k = 0; k < n; k++) {
        holes += wanted[k].stencil->n_holes;
        data += (size_t)wanted[k].stencil->data_size + 15;
    }
    l->trampolines = ROUND(l->code, 16);
    l->data = l->trampolines + (holes + 2) * ARCH_TRAMPOLINE_SIZE;
    l->words = ROUND(l->data + data, 16);
    l->end = l->words + 8 * (2 * holes + 4);
    return l->end < memory->start + MEMORY ? 0 : -1;
}

static int fill_all(Layout *l, const Wanted *wanted, int n, uint8_t *const *at)
{
    for (int k = 0; k < n; k++) {
        const Stencil *s = wanted[k].stencil;
        l->data = ROUND(l->data, 16);
        if (s->data_size)
            memcpy(l->data, stencil_data(s), s->data_size);
        if (fill(l, &wanted[k], at[k], l->data))
            return -1;
        l->data += s->data_size;
    }
    return 0;
}

const uint8_t *place_chain(const Wanted *wanted, int n)
{
    uint8_t *start = ROUND(memory->at, 16), *to = start, *at[MAX_CHAIN + 2];
    Wanted all[MAX_CHAIN + 2];
    Layout l = {.first = start};
    for (int k = 0; k < n; k++) {
        all[k] = wanted[k];
        at[k] = addresses[k] = to;
        to = put(to, wanted[k].stencil);
    }
    const Stencil *stub = emit_stencil(EMIT_EXIT_STUB, 0);
    all[n] = (Wanted){.stencil = stub, .word = (uintptr_t)&finished};
    all[n + 1] = (Wanted){.stencil = stub, .word = (uintptr_t)&left};
    l.finished = to;
    at[n] = machine_probe(to, &stack_seen[1]);
    l.left = to = put(at[n], stub);
    at[n + 1] = machine_probe(to, &stack_seen[1]);
    l.code = put(at[n + 1], stub);
    if (lay_out(&l, all, n + 2)) {
        place_error = "the test's code memory is full";
        return NULL;
    }
    if (fill_all(&l, all, n + 2, at))
        return NULL;
    finished.target = left.target = (void *)memory->common;
    memory->at = l.end;
    machine_sync(start, l.end);
    return start;
}

const uint8_t *place_address(int k) { return addresses[k]; }

/* The entry code and what it needs; every register is reloaded from the spill place of its number. */
static void begin_memory(Memory *m)
{
    enum { N = N_G + N_F + 5 };
    Wanted wanted[N];
    uint8_t *at[N];
    int n = 0;
    memory = m;
    m->at = m->start;
    wanted[n++] = (Wanted){.stencil = emit_stencil(EMIT_SHIM, 0)};
    wanted[n++] = (Wanted){.stencil = emit_stencil(EMIT_EXIT_COMMON, 0)};
    for (int r = 0; r < N_G + N_F; r++)
        wanted[n++] = (Wanted){.stencil = r < N_G ? emit_stencil(EMIT_RELOAD_G, r) : emit_stencil(EMIT_RELOAD_F, r - N_G),
            .imm = (int64_t)(offsetof(State, spill) + (size_t)r * sizeof(Value))};
    wanted[n++] = (Wanted){.stencil = emit_stencil(EMIT_JUMP_INDIRECT, 0), .word = (uintptr_t)&current};
    wanted[n++] = (Wanted){.stencil = emit_stencil(EMIT_EXIT_STUB, 0), .word = (uintptr_t)&there};
    wanted[n++] = (Wanted){.stencil = emit_stencil(EMIT_JUMP, 0)};        /* behind a probe: stencils come here by the exit, too */
    uint8_t *to = m->start;
    for (int k = 0; k < n; k++) {
        if (k == 2) {
            m->entry = to = ROUND(to, 16);
            to = machine_probe(to, &stack_seen[0]);
        }
        if (k >= n - 2) {
            *(k == n - 1 ? &there.target : &there_code) = to = ROUND(to, 16);
            to = machine_probe(to, &stack_seen[1]);
        }
        at[k] = to;
        to = put(to, wanted[k].stencil);
        if (k < 2)
            to = ROUND(to, 16);
    }
    wanted[n - 1].target = at[1];
    Layout l = {.code = to};
    if (lay_out(&l, wanted, n) || fill_all(&l, wanted, n, at)) {
        fprintf(stderr, "the entry code cannot be placed: %s\n", place_error);
        exit(2);
    }
    shim = at[0];
    m->common = at[1];
    m->at = l.end;
    machine_sync(m->start, m->at);
}

void place_begin(int place) { begin_memory(&memories[place]); }

unsigned place_enter(const uint8_t *code)
{
    current = code;
    return machine_enter(shim, S, memory->entry);
}

static void *map_at(uintptr_t wanted, size_t size, int protection)
{
    void *p = mmap((void *)wanted, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p != (void *)wanted) {
        fprintf(stderr, "no memory at %#lx\n", (unsigned long)wanted);
        exit(2);
    }
    return p;
}

/* Near: a part of this program, whose addresses are low. Far: away from it, above 4 GiB where there is such a thing. */
void place_set_up(void)
{
    static uint8_t near[MEMORY] __attribute__((aligned(1 << 16)));
    map_at(WORLD_AT, sizeof world, PROT_READ | PROT_WRITE);
    if (mprotect(near, MEMORY, PROT_READ | PROT_WRITE | PROT_EXEC)) {
        fprintf(stderr, "no executable memory\n");
        exit(2);
    }
    memories[NEAR].start = near;
    memories[FAR].start = map_at(sizeof(void *) == 8 ? (uintptr_t)0x5123450000 : 0x60000000, MEMORY, PROT_READ | PROT_WRITE | PROT_EXEC);
}
