/* warm.c: pages that the first recordings would fault in one by one, 2 to 7 us each, are mapped together: our library's, some of the heap
 * that traces will fill, code memory.
 *
 * It is advice: where it has no effect (other systems, old kernels) nothing but time is lost. Asking for cache lines of our code ahead of a
 * recording was tried too: what it costs in programs whose headers are counted and never recorded is more than what it saves. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "warm.h"
#include "../cpython/cpy.h"
#include <stddef.h>
#ifdef __linux__
#include <link.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

#define HEAP ((size_t)96 << 10)         /* below malloc's threshold for mappings of their own: freed, it stays in the heap */

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
    char *p = malloc(HEAP);
    if (p)
        populate((uintptr_t)p + (uintptr_t)sysconf(_SC_PAGESIZE), (uintptr_t)p + HEAP, MADV_POPULATE_WRITE);
    free(p);
}

/* One of the loaded objects: this one? */
static int populate_library(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size, (void)unused;
    uintptr_t here = (uintptr_t)populate, read_only = 0;
    int ours = 0, code = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + h->p_vaddr;
        ours |= h->p_type == PT_LOAD && here >= start && here < start + h->p_memsz;
        if (h->p_type == PT_GNU_RELRO)
            read_only = start + h->p_memsz;
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
        code |= h->p_flags & PF_X;
        if (code)               /* before it: names for the linker, which is done. Behind it: the stencils */
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
