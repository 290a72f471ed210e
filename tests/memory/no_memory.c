/* no_memory.c: what copypatch asks malloc() and its like for is refused when a test wants it to be. Preloaded (LD_PRELOAD); ctypes says when. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static long before, failing, asked;
static uintptr_t start, end;        /* of the extension's code; 0: not known yet */

static int fails(void *caller)
{
    if ((uintptr_t)caller < start || (uintptr_t)caller >= end)
        return 0;
    return asked++ >= before && asked <= before + failing;
}

#define FAILING(name, parameters, ...) \
    void *name parameters \
    { \
        static void *(*real) parameters; \
        if (!real) \
            real = (void *(*) parameters)dlsym(RTLD_NEXT, #name); \
        return fails(__builtin_return_address(0)) ? NULL : real(__VA_ARGS__); \
    }

FAILING(malloc, (size_t n), n)
FAILING(realloc, (void *p, size_t n), p, n)

/* dlsym() itself may want some, before it is known where that is. */
static char early[4096];
static size_t used;

void *calloc(size_t n, size_t size)
{
    static void *(*real)(size_t, size_t);
    static int looking;
    if (looking) {
        used += (n * size + 15) & ~(size_t)15;
        return used <= sizeof early ? early + used - ((n * size + 15) & ~(size_t)15) : NULL;
    }
    if (!real) {
        looking = 1;
        real = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
        looking = 0;
    }
    return fails(__builtin_return_address(0)) ? NULL : real(n, size);
}

/* Once, before the others. 0: the extension is not loaded. */
int no_memory_begin(void)
{
    char line[1024];
    unsigned long from, to;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps))
        if (strstr(line, "_copypatch") && strstr(line, " r-xp ") && sscanf(line, "%lx-%lx", &from, &to) == 2) {
            start = from;
            end = to;
        }
    if (maps)
        fclose(maps);
    return start != 0;
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
