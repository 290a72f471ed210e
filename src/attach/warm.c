/* warm.c: a recording is short and comes when its program has filled the caches with something else.
 *
 * Done warm, a trace costs a third of what it costs cold: some hundred lines of our code and tables come from the last-level cache one by
 * one, 70 ns each, and a page fault costs 2 to 7 us. Both can be had cheaper ahead of time:
 *
 *   pages    our library's, some of the heap that traces will fill, code memory: mapped together, before the first recording
 *   lines    a loop is counted for hundreds of turns before it is recorded, an exit some dozen times: each asks for the next few lines,
 *            which arrive while the interpreter goes on
 *
 * All of it is advice: where it has no effect (other systems, old kernels) nothing but time is lost. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "warm.h"
#include "../cpython/cpy.h"
#include <stddef.h>
#ifdef __linux__
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

#define LINE 64                         /* bytes; where lines are longer, some are asked for twice */
#define HEAP ((size_t)96 << 10)         /* below malloc's threshold for mappings of their own: freed, it stays in the heap */

/* What is asked for, part by part. */
typedef struct { const char *start; size_t n; } Lines;
static Lines code, tables;

#if defined(__linux__) && defined(MADV_POPULATE_READ)

static void populate(uintptr_t from, uintptr_t to, int advice)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    from &= ~(page - 1);
    if (from < to)
        madvise((void *)from, ((to - from) + page - 1) & ~(page - 1), advice);
}

static void populate_heap(void)
{
    char *p = PyMem_RawMalloc(HEAP);
    if (p)
        populate((uintptr_t)p + (uintptr_t)sysconf(_SC_PAGESIZE), (uintptr_t)p + HEAP, MADV_POPULATE_WRITE);
    PyMem_RawFree(p);
}

/* One of the loaded objects: this one? */
static int populate_library(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size, (void)unused;
    uintptr_t here = (uintptr_t)&code, read_only = 0, unwind = 0;
    int ours = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + h->p_vaddr;
        ours |= h->p_type == PT_LOAD && here >= start && here < start + h->p_memsz;
        if (h->p_type == PT_GNU_RELRO)
            read_only = start + h->p_memsz;
        if (h->p_type == PT_GNU_EH_FRAME)
            unwind = start;
    }
    for (int i = 0; ours && i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + h->p_vaddr, end = start + h->p_memsz;
        if (h->p_type != PT_LOAD)
            continue;
        if (h->p_flags & PF_W) {
            populate(start < read_only ? read_only : start, end, MADV_POPULATE_WRITE);
            continue;
        }
        if (h->p_flags & PF_X)
            code = (Lines){(const char *)start, h->p_memsz / LINE};
        else if (code.start)            /* behind the code: the stencils, then unwind tables. Before it: names for the linker, which is done */
            tables = (Lines){(const char *)start, ((unwind > start && unwind < end ? unwind : end) - start) / LINE};
        if (code.start)
            populate(start, end, MADV_POPULATE_READ);
    }
    return ours;
}

void warm_pages(void)
{
    dl_iterate_phdr(populate_library, NULL);
    populate_heap();
}

#else
void warm_pages(void) {}
#endif

static void ask(Lines from, uint32_t k, uint32_t parts)
{
    size_t n = from.n / parts + 1, end = (k + 1) * n;
    for (size_t i = k * n; i < end && i < from.n; i++)
        __builtin_prefetch(from.start + i * LINE, 0, 2);
    __asm__ volatile("");       /* gcc takes a function that only prefetches for one without effect, and drops its calls */
}

void warm_code(uint32_t k, uint32_t parts) { ask(code, k, parts); }

void warm_code_and_tables(uint32_t k, uint32_t parts)
{
    ask(tables, k, parts);
    ask(code, k, parts);
}
