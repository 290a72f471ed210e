/* unwind.c: the shim's frame -> .eh_frame
 *
 * No stencil moves the stack pointer, and between it and the C function that entered the shim stands the same everywhere: what the shim
 * saved, its return address among it. So one row describes all native code, for good, and whole chunks of code memory are registered
 * when they are mapped: a trace costs nothing. To an unwinder, trace and shim are one frame. (While the shim itself is still saving
 * registers that row is wrong; it calls nothing there.)
 *
 * Describing each trace by itself, as CPython's perf trampolines do, would cost an allocation and a lock per trace. */
#include "unwind.h"
#include "../ir/config.h"
#include "stencil.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

enum { CFA_OFFSET = 0x80, CFA_OFFSET_EXTENDED = 0x05, CFA_DEF_CFA = 0x0c, POINTER = 0x1c /* relative to itself, 8 bytes, signed */, DATA_ALIGN = -8 };

static uint8_t *put_uleb(uint8_t *p, uint64_t v)
{
    for (; v >= 128; v >>= 7)
        *p++ = (uint8_t)(v | 128);
    *p++ = (uint8_t)v;
    return p;
}

static uint8_t *put32(uint8_t *p, uint32_t v) { memcpy(p, &v, 4); return p + 4; }
static uint8_t *put64(uint8_t *p, uint64_t v) { memcpy(p, &v, 8); return p + 8; }

/* Fills up to a multiple of 8 and writes the length in front of the record. */
static uint8_t *end_record(uint8_t *record, uint8_t *p)
{
    while ((p - record) % 8 != 0)
        *p++ = 0;       /* DW_CFA_nop */
    put32(record, (uint32_t)(p - record - 4));
    return p;
}

size_t unwind_room(void) { return config.perf == PERF_DUMP ? 256 : 0; }       /* UNWIND_MAX and perf's header, rounded up */

size_t unwind_table(uint8_t out[UNWIND_MAX], uint64_t at, uint64_t start, uint64_t size, size_t *fde)
{
    if (!shim_frame.size)
        return 0;
    uint8_t *p = put32(out + 4, 0);                         /* CIE */
    memcpy(p, "\1zR", 4);
    p = put_uleb(p + 4, 1);
    *p++ = DATA_ALIGN & 127;
    p = put_uleb(p, shim_frame.return_address);
    p = put_uleb(p, 1);
    *p++ = POINTER;
    *p++ = CFA_DEF_CFA;
    p = put_uleb(put_uleb(p, shim_frame.stack_pointer), shim_frame.size);
    for (int i = 0; i < shim_frame.n_saved; i++) {
        if (shim_frame.saved[i].number < 64)
            *p++ = (uint8_t)(CFA_OFFSET | shim_frame.saved[i].number);
        else {
            *p++ = CFA_OFFSET_EXTENDED;
            p = put_uleb(p, shim_frame.saved[i].number);
        }
        p = put_uleb(p, (uint64_t)(shim_frame.saved[i].at / DATA_ALIGN));
    }
    uint8_t *record = p = end_record(out, p);
    if (fde)
        *fde = (size_t)(record - out);
    p = put32(p + 4, (uint32_t)(record + 4 - out));         /* back to the CIE */
    p = put64(p, start - (at + (uint64_t)(p - out)));
    p = put64(p, size);
    p = put_uleb(p, 0);
    p = put32(end_record(record, p), 0);
    return (size_t)(p - out);
}

/* Loaded with the first chunk: a program without hot code does not wait for it. It is the one that C++ libraries use. */
static void (*find_register(void))(void *)
{
    void (*function)(void *) = NULL;
#ifdef __linux__
    void *library = dlopen("libgcc_s.so.1", RTLD_NOW), *symbol = library ? dlsym(library, "__register_frame") : NULL;
    memcpy(&function, &symbol, sizeof function);
#endif
    return function;
}

void unwind_register(const uint8_t *start, size_t size)
{
    static void (*register_frame)(void *);
    if (!register_frame && !(register_frame = find_register()))
        return;
    uint8_t *table = malloc(UNWIND_MAX);
    if (table && unwind_table(table, (uintptr_t)table, (uintptr_t)start, size, NULL))
        register_frame(table);
    else
        free(table);
}
