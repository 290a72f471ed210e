/* machine.h: what the harness itself has to know of a machine and of a system's calling convention.
 *
 *   HELPER               how C functions that stencils call are declared
 *   LOSE(stack, bytes)   at a C function's end: all that it may lose by convention is lost; its first argument, where arguments are on the stack
 *   machine_enter()      calls a shim with a value in each register that C expects to be kept; bits of those that came back different
 *   machine_probe()      code that notes the stack pointer and changes nothing else but flags and scratch registers
 *   machine_stack_ok()   is the frame address of a C function as the convention wants it? */
#pragma once
#include "harness.h"
#include <string.h>

typedef int64_t int_result;     /* of a C function that returns int: the upper half, if there is one, is anything */
#define INT_RESULT(v) ((int64_t)((uint64_t)(v) & 0xffffffff) | 0x5a5a5a5a00000000)

#if defined(TARGET_WINDOWS) && defined(__x86_64__)
#define HELPER __attribute__((ms_abi, noinline))
#else
#define HELPER __attribute__((noinline))
#endif

unsigned machine_enter(const void *shim, State *state, const void *entry);

#if defined(__x86_64__)

#define LOSE_SHARED_ "movq $-1, %%rcx; movq %%rcx, %%rdx; movq %%rcx, %%r8; movq %%rcx, %%r9; movq %%rcx, %%r10; movq %%rcx, %%r11;" \
    "pcmpeqd %%xmm1, %%xmm1; movaps %%xmm1, %%xmm2; movaps %%xmm1, %%xmm3; movaps %%xmm1, %%xmm4; movaps %%xmm1, %%xmm5;"
#ifdef TARGET_WINDOWS
#define LOSE(stack, bytes) do { \
    memset((char *)__builtin_frame_address(0) + 16, 0xee, 32);      /* the shadow space is the callee's */ \
    __asm__ volatile(LOSE_SHARED_ ::: "rcx", "rdx", "r8", "r9", "r10", "r11", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "memory"); \
} while (0)
#else
#define LOSE(stack, bytes) __asm__ volatile(LOSE_SHARED_ "movq %%rcx, %%rdi; movq %%rcx, %%rsi;" \
    "movaps %%xmm1, %%xmm6; movaps %%xmm1, %%xmm7; movaps %%xmm1, %%xmm8; movaps %%xmm1, %%xmm9; movaps %%xmm1, %%xmm10;" \
    "movaps %%xmm1, %%xmm11; movaps %%xmm1, %%xmm12; movaps %%xmm1, %%xmm13; movaps %%xmm1, %%xmm14; movaps %%xmm1, %%xmm15" \
    ::: "rcx", "rdx", "r8", "r9", "r10", "r11", "rdi", "rsi", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", \
    "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "memory")
#endif

static inline int machine_stack_ok(void *frame) { return (uintptr_t)frame % 16 == 0; }

static inline uint8_t *machine_probe(uint8_t *p, uintptr_t *where)     /* mov %rsp, where */
{
    uint32_t address = (uint32_t)(uintptr_t)where;
    memcpy(p, "\x48\x89\x24\x25", 4);
    memcpy(p + 4, &address, 4);
    return p + 8;
}

static inline void machine_sync(uint8_t *from, uint8_t *to) { (void)from; (void)to; }

#elif defined(__aarch64__)

#define LOSE(stack, bytes) __asm__ volatile( \
    "mov x1, #-1; mov x2, x1; mov x3, x1; mov x4, x1; mov x5, x1; mov x6, x1; mov x7, x1; mov x8, x1; mov x9, x1; mov x10, x1; mov x11, x1;" \
    "mov x12, x1; mov x13, x1; mov x14, x1; mov x15, x1; mov x16, x1; mov x17, x1; movi v1.16b, #255; movi v2.16b, #255; movi v3.16b, #255;" \
    "movi v4.16b, #255; movi v5.16b, #255; movi v6.16b, #255; movi v7.16b, #255; movi v16.16b, #255; movi v17.16b, #255; movi v18.16b, #255;" \
    "movi v19.16b, #255; movi v20.16b, #255; movi v21.16b, #255; movi v22.16b, #255; movi v23.16b, #255; movi v24.16b, #255;" \
    "movi v25.16b, #255; movi v26.16b, #255; movi v27.16b, #255; movi v28.16b, #255; movi v29.16b, #255; movi v30.16b, #255; movi v31.16b, #255;" \
    ::: "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "v1", "v2", "v3", "v4", \
    "v5", "v6", "v7", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31", "memory")

static inline int machine_stack_ok(void *frame) { return (uintptr_t)frame % 16 == 0; }

static inline uint8_t *machine_probe(uint8_t *p, uintptr_t *where)     /* movz, movk x16, where; mov x17, sp; str x17, [x16]: veneers lose these two */
{
    uint64_t a = (uintptr_t)where;
    uint32_t code[5] = {0xd2800010 | (uint32_t)(a & 0xffff) << 5, 0xf2a00010 | (uint32_t)(a >> 16 & 0xffff) << 5,
        0xf2c00010 | (uint32_t)(a >> 32 & 0xffff) << 5, 0x910003f1, 0xf9000211};
    memcpy(p, code, sizeof code);
    return p + sizeof code;
}

static inline void machine_sync(uint8_t *from, uint8_t *to) { __builtin___clear_cache((char *)from, (char *)to); }

#elif defined(__i386__)

#undef INT_RESULT
#define INT_RESULT(v) (v)
#define int_result int

/* The stack arguments are the callee's, too. */
#define LOSE(stack, bytes) do { \
    memset(stack, 0xee, bytes); \
    __asm__ volatile("movl $-1, %%ecx; pcmpeqd %%xmm0, %%xmm0; movaps %%xmm0, %%xmm1; movaps %%xmm0, %%xmm2; movaps %%xmm0, %%xmm3;" \
        "movaps %%xmm0, %%xmm4; movaps %%xmm0, %%xmm5; movaps %%xmm0, %%xmm6; movaps %%xmm0, %%xmm7" \
        ::: "ecx", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "memory"); \
} while (0)

static inline int machine_stack_ok(void *frame) { return (uintptr_t)frame % 4 == 0; }      /* all that Windows promises */

static inline uint8_t *machine_probe(uint8_t *p, uintptr_t *where)     /* mov %esp, where */
{
    uint32_t address = (uint32_t)(uintptr_t)where;
    memcpy(p, "\x89\x25", 2);
    memcpy(p + 2, &address, 4);
    return p + 6;
}

static inline void machine_sync(uint8_t *from, uint8_t *to) { (void)from; (void)to; }

#else
#error "the case table has no harness for this machine"
#endif
