/* memory.c: ranges of code memory, W^X.
 *
 *     chunk     read + execute   near our own text: stencils call helper functions with 32-bit displacements
 *     its alias read + write     the same memory at another address; one chunk at a time has one
 *
 * No address is ever writable and executable. Code is written through the alias, so a trace costs no system call. The alternative, one
 * private mapping whose pages are made writable and executable again in turn, costs two calls a trace, 3 us, and 15 when the kernel's
 * part of them is not in the caches, which is as much as all other work on a small trace; copying code in by pwrite() on a memory file
 * costs half of that, and perf takes such a mapping for a file. The price of the alias: who can already write to any address of the
 * process can find it and write code there. It is closed when another chunk is opened, and at any fork.
 *
 *  1. Aliased memory is shared, so a fork shares it: from then on nobody writes to chunks that were there before (`frozen`).
 *  2. Where execution does not see what was written through the alias (an emulator that translates code: seen by trying), or where the
 *     kernel gives no alias, with a debugger (gdb.c), or on request (COPYPATCH_ALIAS=0), pages change their protection as described above.
 *
 * Free ranges are a list per chunk, sorted by address, first fit: traces come and go in hundreds, not in millions. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "memory.h"
#include "arch.h"
#include "../ir/config.h"
#include "gdb.h"
#include "perf.h"
#include "unwind.h"
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <unistd.h>

#define CHUNK ((size_t)256 << 10)
#define AHEAD ((size_t)32 << 10)        /* of a chunk, mapped at once: page by page it costs more */
#define ALIGN 16
#define ROUND(size) (((size) + ALIGN - 1) & ~(size_t)(ALIGN - 1))

typedef struct Range { struct Range *next; uint8_t *start; size_t size; } Range;

typedef struct Chunk {
    struct Chunk *next;
    uint8_t *start, *alias;     /* alias NULL: none now */
    size_t size, used;
    Range *open;
    int frozen;                 /* shared with another process: not written any more */
} Chunk;

static Chunk *chunks;           /* newest first */
static Chunk *aliased;          /* the chunk that has an alias */
static size_t used;
static int use_alias = -1;      /* -1: not known yet */
static volatile int forked;     /* since memory was looked at last, in this process or its parent */

/* ---- ranges ---- */

/* Cannot fail: a range that there is no memory to note is lost, not reused. */
static void give_back(Chunk *c, uint8_t *start, size_t size)
{
    Range **at = &c->open, *before = NULL;
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

static uint8_t *take_open(Chunk *c, size_t size)
{
    for (Range **at = &c->open; *at; at = &(*at)->next) {
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

/* ---- mappings ---- */

/* A mapping within reach of `anchor`, else anywhere (far calls go through trampolines then). */
static uint8_t *map_near(uintptr_t anchor, size_t size)
{
    static uintptr_t distance = (uintptr_t)16 << 20;
    int flags = MAP_ANONYMOUS | (use_alias ? MAP_SHARED : MAP_PRIVATE);
    for (; distance < (uintptr_t)1 << 30; distance += (uintptr_t)1 << 20)
        for (int side = 0; side < 2; side++) {
            uintptr_t base = anchor & ~(uintptr_t)0xfffff;
            if (!side && base < distance + ((uintptr_t)1 << 20))
                continue;
            void *hint = (void *)(side ? base + distance : base - distance);
            void *p = mmap(hint, size, PROT_READ | PROT_EXEC, flags | MAP_FIXED_NOREPLACE, -1, 0);
            if (p == hint)
                return p;
            if (p != MAP_FAILED)        /* an old kernel takes the hint for a wish */
                munmap(p, size);
        }
    void *p = mmap(NULL, size, PROT_READ | PROT_EXEC, flags, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static void close_alias(void)
{
    if (aliased) {
        munmap(aliased->alias, aliased->size);
        aliased->alias = NULL;
        aliased = NULL;
    }
}

static int open_alias(Chunk *c)
{
    if (aliased == c)
        return 0;
    close_alias();
    void *p = mremap(c->start, 0, c->size, MREMAP_MAYMOVE);     /* size 0: not moved, mapped once more */
    if (p == MAP_FAILED)
        return -1;
    if (mprotect(p, c->size, PROT_READ | PROT_WRITE)) {
        munmap(p, c->size);
        return -1;
    }
    c->alias = p;
    aliased = c;
    return 0;
}

static Chunk *new_chunk(size_t size)
{
    Chunk *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->size = size > CHUNK ? (size + CHUNK - 1) & ~(CHUNK - 1) : CHUNK;
    c->start = map_near((uintptr_t)&memory_take, c->size);
    if (!c->start) {
        free(c);
        return NULL;
    }
    give_back(c, c->start, c->size);
    return c;
}

/* Gives the memory back; its addresses stay taken, unwinders know them for ever. */
static void retire_chunk(Chunk *c)
{
    if (aliased == c)
        close_alias();
    mmap(c->start, c->size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    while (c->open) {
        Range *r = c->open;
        c->open = r->next;
        free(r);
    }
    free(c);
}

/* Does code that is written through the alias run as written, also where other code ran before? */
static int alias_works(const Chunk *c)
{
    for (int value = 1; value <= 2; value++) {
        size_t size = arch_return(c->alias, value);
        __builtin___clear_cache((char *)c->start, (char *)c->start + size);
        int (*function)(void) = (int (*)(void))(uintptr_t)c->start;
        if (function() != value)
            return 0;
    }
    return 1;
}

/* Advice: without effect on old kernels. */
static void map_ahead(const Chunk *c)
{
#ifdef MADV_POPULATE_WRITE
    if (c->alias) {
        madvise(c->alias, AHEAD, MADV_POPULATE_WRITE);
        madvise(c->start, AHEAD, MADV_POPULATE_READ);
    }
#endif
}

static Chunk *add_chunk(size_t size)
{
    int first = use_alias < 0;
    if (first)
        use_alias = config.alias && !gdb_is_wanted();      /* gdb cannot write breakpoints into shared memory */
    Chunk *c = new_chunk(size);
    if (c && first && use_alias && (open_alias(c) || !alias_works(c))) {
        retire_chunk(c);
        use_alias = 0;
        c = new_chunk(size);
    }
    if (c) {
        map_ahead(c);
        unwind_register(c->start, c->size);
        c->next = chunks;
        chunks = c;
    }
    return c;
}

/* ---- forks ---- */

static void note_fork(void) { forked = 1; }

static void look_at_forks(void)
{
    static int watching;
    if (!watching && pthread_atfork(NULL, note_fork, note_fork) == 0)
        watching = 1;
    int for_perf = perf_forked();
    if (!forked && !for_perf)
        return;
    forked = 0;
    if (use_alias != 1 && !for_perf)
        return;
    close_alias();
    for (Chunk **at = &chunks; *at;) {
        Chunk *c = *at;
        c->frozen = 1;
        if (c->used) {
            at = &c->next;
            continue;
        }
        *at = c->next;
        retire_chunk(c);
    }
}

/* ---- what others call ---- */

static int protect(uint8_t *p, size_t size, int protection)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from = (uintptr_t)p & ~(page - 1), to = ((uintptr_t)p + size + page - 1) & ~(page - 1);
    return mprotect((void *)from, to - from, protection);
}

/* Room in a chunk, best in the one that has the alias. */
static uint8_t *take_anywhere(size_t size, Chunk **from)
{
    uint8_t *p = NULL;
    if (aliased && (p = take_open(*from = aliased, size)))
        return p;
    for (Chunk *c = chunks; c; c = c->next)
        if (c != aliased && !c->frozen && (p = take_open(*from = c, size)))
            return p;
    *from = add_chunk(size);
    return *from ? take_open(*from, size) : NULL;
}

uint8_t *memory_take(size_t size, uint8_t **write, const char **reason)
{
    look_at_forks();
    size = ROUND(size);
    if (used + size > config.code_limit) {
        *reason = "code memory limit reached";
        return NULL;
    }
    Chunk *c;
    uint8_t *p = take_anywhere(size, &c);
    if (!p) {
        *reason = "no executable memory";
        return NULL;
    }
    if (use_alias ? open_alias(c) : protect(p, size, PROT_READ | PROT_WRITE)) {
        give_back(c, p, size);
        *reason = "no writable code memory";
        return NULL;
    }
    *write = use_alias ? c->alias + (p - c->start) : p;
    c->used += size;
    used += size;
    return p;
}

int memory_reopen(uint8_t *p, uint8_t **write)
{
    look_at_forks();
    for (Chunk *c = chunks; c; c = c->next) {
        if (p < c->start || p >= c->start + c->size)
            continue;
        if (!use_alias || c->frozen || open_alias(c))
            return -1;
        *write = c->alias + (p - c->start);
        return 0;
    }
    return -1;
}

/* Another thread may run code next that its processor has fetched the place of before. */
static void synchronize_processors(void)
{
#if defined(__linux__) && defined(SYS_membarrier)
    enum { SYNC_CORE = 1 << 5, REGISTER_SYNC_CORE = 1 << 6 };
    static int registered;
    if (!registered)
        registered = syscall(SYS_membarrier, REGISTER_SYNC_CORE, 0, 0) ? -1 : 1;
    if (registered > 0)
        syscall(SYS_membarrier, SYNC_CORE, 0, 0);
#endif
}

int memory_seal(uint8_t *p, size_t taken, size_t kept)
{
    taken = ROUND(taken);
    kept = ROUND(kept);
    int failed = use_alias ? 0 : protect(p, taken, PROT_READ | PROT_EXEC);
    __builtin___clear_cache((char *)p, (char *)p + taken);
    if (arch_fetches_ahead)
        synchronize_processors();
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
    look_at_forks();
    size = ROUND(size);
    used -= size;
    for (Chunk **at = &chunks; *at; at = &(*at)->next) {
        Chunk *c = *at;
        if (p < c->start || p >= c->start + c->size)
            continue;
        c->used -= size;
        if (!c->frozen)
            give_back(c, p, size);
        else if (!c->used) {
            *at = c->next;
            retire_chunk(c);
        }
        return;
    }
}

size_t memory_used(void) { return used; }
