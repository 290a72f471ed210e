/* memory.c: ranges of code memory.
 *
 * Chunks of 256 KiB or more near our own text (stencils call helper functions with 32-bit displacements). A chunk is mapped read-only
 * and executable; only the pages of a range being written are writable, and not executable then. The alternative, two mappings of one
 * memory, would save the two system calls but leaves a writable door for ever.
 *
 * Free ranges are a list sorted by address, first fit: traces come and go in hundreds, not in millions. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "memory.h"
#include "../ir/config.h"
#include "perf.h"
#include "unwind.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define CHUNK ((size_t)256 << 10)
#define ALIGN 16
#define ROUND(size) (((size) + ALIGN - 1) & ~(size_t)(ALIGN - 1))

typedef struct Range { struct Range *next; uint8_t *start; size_t size; } Range;

static Range *open_ranges;
static size_t used, mapped;

/* Cannot fail: a range that there is no memory to note is lost, not reused. */
static void give_back(uint8_t *start, size_t size)
{
    Range **at = &open_ranges, *before = NULL;
    while (*at && (*at)->start < start) {
        before = *at;
        at = &(*at)->next;
    }
    Range *behind = *at;
    if (before && before->start + before->size == start) {
        before->size += size;
        if (behind && before->start + before->size == behind->start) {
            before->size += behind->size;
            before->next = behind->next;
            free(behind);
        }
        return;
    }
    if (behind && start + size == behind->start) {
        behind->start = start;
        behind->size += size;
        return;
    }
    Range *r = malloc(sizeof *r);
    if (r) {
        *r = (Range){behind, start, size};
        *at = r;
    }
}

/* A mapping within reach of `anchor`, else anywhere (far calls go through trampolines then). */
static uint8_t *map_near(uintptr_t anchor, size_t size)
{
    static uintptr_t distance = (uintptr_t)16 << 20;
    for (; distance < (uintptr_t)1 << 30; distance += (uintptr_t)1 << 20)
        for (int side = 0; side < 2; side++) {
            uintptr_t base = anchor & ~(uintptr_t)0xfffff;
            if (!side && base < distance + ((uintptr_t)1 << 20))
                continue;
            void *hint = (void *)(side ? base + distance : base - distance);
            void *p = mmap(hint, size, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
            if (p == hint)
                return p;
            if (p != MAP_FAILED)        /* an old kernel takes the hint for a wish */
                munmap(p, size);
        }
    void *p = mmap(NULL, size, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static int protect(uint8_t *p, size_t size, int protection)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from = (uintptr_t)p & ~(page - 1), to = ((uintptr_t)p + size + page - 1) & ~(page - 1);
    return mprotect((void *)from, to - from, protection);
}

static uint8_t *take_open(size_t size)
{
    for (Range **at = &open_ranges; *at; at = &(*at)->next) {
        Range *r = *at;
        if (r->size < size)
            continue;
        uint8_t *p = r->start;
        r->start += size;
        r->size -= size;
        if (!r->size) {
            *at = r->next;
            free(r);
        }
        return p;
    }
    return NULL;
}

uint8_t *memory_take(size_t size, const char **reason)
{
    size = ROUND(size);
    if (used + size > config.code_limit) {
        *reason = "code memory limit reached";
        return NULL;
    }
    if (perf_forked())
        open_ranges = NULL;
    uint8_t *p = take_open(size);
    if (!p) {
        size_t chunk = size > CHUNK ? (size + CHUNK - 1) & ~(CHUNK - 1) : CHUNK;
        uint8_t *fresh = map_near((uintptr_t)&memory_take, chunk);
        if (!fresh) {
            *reason = "no executable memory";
            return NULL;
        }
        mapped += chunk;
        unwind_register(fresh, chunk);
        give_back(fresh, chunk);
        p = take_open(size);
        if (!p) {
            *reason = "out of memory";
            return NULL;
        }
    }
    if (protect(p, size, PROT_READ | PROT_WRITE)) {
        give_back(p, size);
        *reason = "no writable code memory";
        return NULL;
    }
    used += size;
    return p;
}

int memory_seal(uint8_t *p, size_t taken, size_t kept)
{
    taken = ROUND(taken);
    kept = ROUND(kept);
    int failed = protect(p, taken, PROT_READ | PROT_EXEC);
    if (failed)
        kept = 0;
    if (kept < taken)
        memory_free(p + kept, taken - kept);
    return failed;
}

void memory_free(uint8_t *p, size_t size)
{
    if (perf_keeps())
        return;
    size = ROUND(size);
    used -= size;
    give_back(p, size);
}

size_t memory_used(void) { return used; }
