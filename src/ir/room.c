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
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ARENA ((size_t)8 << 20)
#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

int room_is_borrowed(const Room *r, const void *p)
{
    return r && r->arena && (const char *)p >= r->arena && (const char *)p < r->arena + ARENA;
}

int room_have(Room *r)
{
    if (!r->arena) {
        void *p = mmap(NULL, ARENA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED)
            return -1;
        r->arena = p;
    }
    if (r->used)
        madvise(r->arena, r->used, MADV_DONTNEED);
    r->used = 0;
    r->borrowed = 0;
    return 0;
}

void room_end(Room *r)
{
    if (r->arena)
        munmap(r->arena, ARENA);
    *r = (Room){0};
}

void room_free(const Room *r, void *p)
{
    if (!room_is_borrowed(r, p))
        free(p);
}

static void *borrow(Room *r, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (!r || !r->arena || size > ARENA - r->used)
        return NULL;
    char *p = r->arena + r->used;
    r->used += size;
    r->borrowed = 1;
    return p;
}

void *room_grow(Room *r, void *old, size_t old_size, size_t size)
{
    int was_borrowed = room_is_borrowed(r, old);
    void *p = was_borrowed ? malloc(size) : realloc(old, size);
    if (p && !was_borrowed)
        return p;
    if (!p && !(p = borrow(r, size)))
        return NULL;
    if (old_size)
        memcpy(p, old, old_size);
    room_free(r, old);
    return p;
}
