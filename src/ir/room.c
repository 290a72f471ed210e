/* room.c: a recorder cannot stop in the middle of an instruction that has had effects, so there what it needs has to be there.
 *
 * Memory is the allocator's as long as it has some; then it comes from an arena of address space that nobody has touched before. The
 * recording ends at the next instruction, so it needs little of it: each array grows once or twice. What is in the arena is never kept from
 * one recording to the next. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "room.h"
#include "../cpython/cpy.h"
#include <string.h>
#include <sys/mman.h>

#define ARENA ((size_t)8 << 20)
#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

int room_borrowed;
static char *arena;
static size_t used;

int room_is_borrowed(const void *p) { return arena && (const char *)p >= arena && (const char *)p < arena + ARENA; }

int room_have(void)
{
    if (!arena) {
        void *p = mmap(NULL, ARENA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED)
            return -1;
        arena = p;
    }
    if (used)
        madvise(arena, used, MADV_DONTNEED);
    used = 0;
    room_borrowed = 0;
    return 0;
}

void room_free(void *p)
{
    if (!room_is_borrowed(p))
        PyMem_RawFree(p);
}

static void *borrow(size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (!arena || size > ARENA - used)
        return NULL;
    char *p = arena + used;
    used += size;
    room_borrowed = 1;
    return p;
}

void *room_grow(void *old, size_t old_size, size_t size)
{
    int was_borrowed = room_is_borrowed(old);
    void *p = was_borrowed ? PyMem_RawMalloc(size) : PyMem_RawRealloc(old, size);
    if (p && !was_borrowed)
        return p;
    if (!p && !(p = borrow(size)))
        return NULL;
    if (old_size)
        memcpy(p, old, old_size);
    room_free(old);
    return p;
}
