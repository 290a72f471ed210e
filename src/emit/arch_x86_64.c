/* arch_x86_64.c: patching x86-64 code. */
#include "arch.h"
#include <string.h>

int arch_patch(uint8_t *p, HoleKind kind, int64_t v)
{
    switch (kind) {
    case PATCH_ABS32:
        if (v < 0 || v > UINT32_MAX)
            return -1;
        break;
    case PATCH_REL32:
        v = (int64_t)((uint64_t)v - (uintptr_t)p);
        /* fall through */
    case PATCH_ABS32S:
        if (v != (int32_t)v)
            return -1;
        break;
    case PATCH_ABS64:
        memcpy(p, &v, 8);
        return 0;
    default:
        return -1;
    }
    uint32_t low = (uint32_t)v;
    memcpy(p, &low, 4);
    return 0;
}

void arch_trampoline(uint8_t *p, uint64_t target)
{
    static const uint8_t jump[8] = {0xff, 0x25, 0x02, 0x00, 0x00, 0x00, 0xcc, 0xcc};    /* jmp *2(%rip) */
    memcpy(p, jump, 8);
    memcpy(p + 8, &target, 8);
}

int arch_reaches(const uint8_t *p, uint64_t target)
{
    int64_t distance = (int64_t)(target - (uintptr_t)p);
    return distance > -(1ll << 31) + (1 << 24) && distance < (1ll << 31) - (1 << 24);
}
