/* arch_x86_64.c: patching x86-64 code. */
#include "arch.h"
#include <string.h>

const uint16_t arch_elf_machine = 62;
const int arch_fetches_ahead = 0;

static int put32(uint8_t *p, int64_t v)
{
    if (v != (int32_t)v)
        return -1;
    uint32_t low = (uint32_t)v;
    memcpy(p, &low, 4);
    return 0;
}

/* `op foo@GOT(%rip), %r` with the displacement at p -> the same on foo itself, in as many bytes: a 32-bit number when it fits, else its
 * address relative to the code. What is before the displacement is looked at, so other instructions are left as they are (-1). */
static int relax(uint8_t *p, uint64_t address, int64_t v)
{
    uint8_t *op = p - 2, *modrm = p - 1, *rex = p - 3;
    if ((*modrm & 0xc7) != 0x05)                    /* no (%rip) operand */
        return -1;
    int64_t relative = (int64_t)((uint64_t)v - (address + 4));
    uint8_t reg = *modrm >> 3 & 7;
    if (*op == 0xff && (reg == 2 || reg == 4)) {    /* call *foo(%rip) -> addr32 call foo; jmp *foo(%rip) -> jmp foo; nop */
        if (reg == 2) {
            if (put32(p, relative))
                return -1;
            *op = 0x67;
            *modrm = 0xe8;
            return 0;
        }
        if (put32(p - 1, relative + 1))
            return -1;
        *op = 0xe9;
        p[3] = 0x90;
        return 0;
    }
    if ((*rex & 0xf8) != 0x48)                      /* 64-bit operands only */
        return -1;
    int is_mov = *op == 0x8b, is_binary = (*op & 0xc7) == 0x03, is_test = *op == 0x85;      /* binary: add or adc sbb and sub xor cmp */
    if (!is_mov && !is_binary && !is_test)
        return -1;
    if (put32(p, v)) {
        if (!is_mov || put32(p, relative))
            return -1;
        *op = 0x8d;                                 /* lea foo(%rip), %r */
        return 0;
    }
    uint8_t extension = is_binary ? *op >> 3 & 7 : 0;
    *op = is_mov ? 0xc7 : is_test ? 0xf7 : 0x81;
    *modrm = (uint8_t)(0xc0 | extension << 3 | reg);
    *rex = (uint8_t)((*rex & ~5) | (*rex >> 2 & 1));        /* the register was in ModRM.reg (REX.R), now it is in ModRM.rm (REX.B) */
    return 0;
}

int arch_patch(uint8_t *p, uint64_t address, HoleKind kind, int64_t v)
{
    switch (kind) {
    case PATCH_ABS32:
        return v == (int64_t)(uint32_t)v ? put32(p, (int32_t)(uint32_t)v) : -1;
    case PATCH_ABS32S:
        return put32(p, v);
    case PATCH_REL32:
        return put32(p, (int64_t)((uint64_t)v - address));
    case PATCH_ABS64:
        memcpy(p, &v, 8);
        return 0;
    case PATCH_X86_GOT:
        return relax(p, address, v);
    default:
        return -1;
    }
}

HoleKind arch_word_kind(HoleKind kind) { return kind == PATCH_X86_GOT ? PATCH_REL32 : kind; }

int arch_is_call(HoleKind kind) { return kind == PATCH_REL32; }

void arch_trampoline(uint8_t *p, uint64_t address, uint64_t target)
{
    static const uint8_t jump[8] = {0xff, 0x25, 0x02, 0x00, 0x00, 0x00, 0xcc, 0xcc};    /* jmp *2(%rip) */
    (void)address;
    memcpy(p, jump, 8);
    memcpy(p + 8, &target, 8);
}

int arch_reaches(uint64_t address, uint64_t target)
{
    int64_t distance = (int64_t)(target - address);
    return distance > -(1ll << 31) + (1 << 24) && distance < (1ll << 31) - (1 << 24);
}

size_t arch_return(uint8_t *p, int value)
{
    const uint8_t code[6] = {0xb8, (uint8_t)value, 0, 0, 0, 0xc3};      /* mov $value, %eax; ret */
    memcpy(p, code, sizeof code);
    return sizeof code;
}
