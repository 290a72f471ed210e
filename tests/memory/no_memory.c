/* no_memory.c: PyMem_RawMalloc() and its like, where traces come from, fail when a test wants them to. ctypes calls it. */
#include <stddef.h>

typedef struct {
    void *ctx;
    void *(*malloc)(void *ctx, size_t size);
    void *(*calloc)(void *ctx, size_t n, size_t size);
    void *(*realloc)(void *ctx, void *p, size_t size);
    void (*free)(void *ctx, void *p);
} Allocator;        /* PyMemAllocatorEx */

extern void PyMem_GetAllocator(int domain, Allocator *allocator);
extern void PyMem_SetAllocator(int domain, Allocator *allocator);

static Allocator real;
static long before, failing, asked;

static int fails(void) { return asked++ >= before && asked <= before + failing; }
static void *no_malloc(void *ctx, size_t size) { return fails() ? NULL : real.malloc(ctx, size); }
static void *no_calloc(void *ctx, size_t n, size_t size) { return fails() ? NULL : real.calloc(ctx, n, size); }
static void *no_realloc(void *ctx, void *p, size_t size) { return fails() ? NULL : real.realloc(ctx, p, size); }

/* Once, before the others. */
void no_memory_begin(void)
{
    PyMem_GetAllocator(0, &real);       /* PYMEM_DOMAIN_RAW */
    Allocator ours = {real.ctx, no_malloc, no_calloc, no_realloc, real.free};
    PyMem_SetAllocator(0, &ours);
}

/* From now on the first n succeed, then `count` fail. */
void no_memory(long n, long count)
{
    before = n;
    failing = count;
    asked = 0;
}

/* How often memory has been asked for since. */
long asked_for(void) { return asked; }
