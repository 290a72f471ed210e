/* arch_i686.c: patching i686 code. Addresses are 32-bit numbers: a relative displacement reaches everything. */
#include "arch.h"
#include <string.h>

const uint16_t arch_elf_machine = 3;
const int arch_fetches_ahead = 0;

int arch_patch(uint8_t *p, uint64_t address, HoleKind kind, int64_t v)
{
    if (kind != PATCH_ABS32 && kind != PATCH_REL32)
        return -1;
    if (v != (int32_t)v && v != (int64_t)(uint32_t)v)
        return -1;
    uint32_t low = (uint32_t)v - (kind == PATCH_REL32 ? (uint32_t)address : 0);
    memcpy(p, &low, 4);
    return 0;
}

HoleKind arch_word_kind(HoleKind kind) { return kind; }

int arch_is_call(HoleKind kind) { return kind == PATCH_REL32; }

void arch_trampoline(uint8_t *p, uint64_t address, uint64_t target)
{
    memset(p, 0xcc, ARCH_TRAMPOLINE_SIZE);
    *p = 0xe9;                                      /* jmp target */
    arch_patch(p + 1, address + 1, PATCH_REL32, (int64_t)target - 4);
}

int arch_reaches(uint64_t address, uint64_t target)
{
    (void)address;
    (void)target;
    return 1;
}

size_t arch_return(uint8_t *p, int value)
{
    const uint8_t code[6] = {0xb8, (uint8_t)value, 0, 0, 0, 0xc3};      /* mov $value, %eax; ret */
    memcpy(p, code, sizeof code);
    return sizeof code;
}
