/* reserve.c: blocks of address space that nobody has touched, so they cost nothing but their number.
 *
 * A trace makes few objects; an exit makes what the trace has put off, hundreds at most, some 50 bytes each, and the interpreter goes on
 * from there and sees the MemoryError that is due. One block has room for all that and for a chunk of data stack, mostly for that of many
 * exits; there are several, since exits below one another may need some before the first is refilled: nothing is entered while one is
 * missing. They are mappings of their own: released, they are there for every allocator. Needs the GIL. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "cpy.h"
#include "reserve.h"
#include <stddef.h>
#include <sys/mman.h>

#define BLOCK ((size_t)256 << 10)

int reserve_blocks;
static void *block[RESERVE_BLOCKS];

int reserve_fill(void)
{
    while (reserve_blocks < RESERVE_BLOCKS) {
        void *p = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            return -1;
        block[reserve_blocks++] = p;
    }
    return 0;
}

int reserve_release(void)
{
    if (!reserve_blocks)
        return 0;
    munmap(block[--reserve_blocks], BLOCK);
    return 1;
}

int must_have_memory(void)
{
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_MemoryError))
        Py_FatalError("copypatch: leaving a trace has raised an exception");
    PyErr_Clear();
    if (!reserve_release())
        Py_FatalError("copypatch: out of memory while leaving a trace");
    return 1;
}
