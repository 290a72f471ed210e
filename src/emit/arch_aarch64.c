/* arch_aarch64.c: patching aarch64 code. Instructions are 4 bytes, little-endian, with the value in some of their bits. */
#include "arch.h"
#include <string.h>

const uint16_t arch_elf_machine = 183;
const int arch_fetches_ahead = 1;       /* until they synchronize (isb), or come from the kernel */

#define NOP 0xd503201fu
#define REGISTER 0x1fu

static uint32_t get(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put(uint8_t *p, uint32_t insn)
{
    for (int k = 0; k < 4; k++)
        p[k] = (uint8_t)(insn >> 8 * k);
}

/* v as a signed field of `bits` bits; 0: it does not fit. */
static int fits(int64_t v, int bits) { return v >= -(1ll << (bits - 1)) && v < 1ll << (bits - 1); }

/* `bits` bits at `low` become the distance in instructions. */
static int branch(uint8_t *p, int64_t distance, int bits, int low)
{
    if (distance & 3 || !fits(distance, bits + 2))
        return -1;
    uint32_t mask = ((1u << bits) - 1) << low;
    put(p, (get(p) & ~mask) | ((uint32_t)(distance >> 2) << low & mask));
    return 0;
}

/* adrp: the distance in pages of 4 KB, in two pieces. */
static int page(uint8_t *p, uint64_t address, int64_t v)
{
    int64_t pages = (int64_t)(((uint64_t)v & ~0xfffull) - (address & ~0xfffull)) >> 12;
    if (!fits(pages, 21))
        return -1;
    put(p, (get(p) & 0x9f00001fu) | (uint32_t)(pages & 3) << 29 | (uint32_t)(pages >> 2 & 0x7ffff) << 5);
    return 0;
}

/* add, or a load or store, whose 12 bits count in units of its size: the place in the page. */
static int place(uint8_t *p, int64_t v)
{
    uint32_t insn = get(p), in_page = (uint32_t)v & 0xfff;
    int scale = 0;
    if ((insn & 0x3b000000u) == 0x39000000u) {          /* unsigned offset; 128 bits: a SIMD register, size 0 and opc 1x */
        scale = (int)(insn >> 30);
        if ((insn & 0x04800000u) == 0x04800000u)
            scale += 4;
    }
    if (in_page & ((1u << scale) - 1))
        return -1;
    put(p, (insn & ~0x3ffc00u) | in_page >> scale << 10);
    return 0;
}

/* `adrp r, page of a pointer; ldr r, [r, place]` -> v in r without the pointer: `movz/movn` and `movk` for a 32-bit number, else
 * `adrp; add` where v is an address within 4 GB. */
static int relax(uint8_t *p, uint64_t address, int64_t v)
{
    uint32_t r = get(p) & REGISTER;
    if ((get(p) & 0x9f000000u) != 0x90000000u || (get(p + 4) & 0xffc003ffu) != (0xf9400000u | r << 5 | r))
        return -1;
    if (v == (int32_t)v) {
        uint32_t low = (uint32_t)v & 0xffff, high = (uint32_t)v >> 16, sign = v < 0 ? 0xffff : 0;
        put(p, (v < 0 ? 0x92800000u : 0xd2800000u) | (low ^ sign) << 5 | r);
        put(p + 4, high == sign ? NOP : 0xf2a00000u | high << 5 | r);
        return 0;
    }
    if (page(p, address, v))
        return -1;
    put(p + 4, 0x91000000u | ((uint32_t)v & 0xfff) << 10 | r << 5 | r);
    return 0;
}

int arch_patch(uint8_t *p, uint64_t address, HoleKind kind, int64_t v)
{
    int64_t distance = (int64_t)((uint64_t)v - address);
    switch (kind) {
    case PATCH_A64_BRANCH26: return branch(p, distance, 26, 0);
    case PATCH_A64_BRANCH19: return branch(p, distance, 19, 5);
    case PATCH_A64_BRANCH14: return branch(p, distance, 14, 5);
    case PATCH_A64_PAGE21: return page(p, address, v);
    case PATCH_A64_LO12: return place(p, v);
    case PATCH_A64_GOT: return relax(p, address, v);
    case PATCH_A64_LOAD: return (v & 7) || page(p, address, v) ? -1 : place(p + 4, v);
    default: return -1;
    }
}

HoleKind arch_word_kind(HoleKind kind) { return kind == PATCH_A64_GOT ? PATCH_A64_LOAD : kind; }

int arch_is_call(HoleKind kind) { return kind == PATCH_A64_BRANCH26; }

/* x16 is for this: calls may change it. */
void arch_trampoline(uint8_t *p, uint64_t address, uint64_t target)
{
    (void)address;
    put(p, 0x58000050u);        /* ldr x16, 8 bytes on */
    put(p + 4, 0xd61f0200u);    /* br x16 */
    memcpy(p + 8, &target, 8);
}

size_t arch_return(uint8_t *p, int value)
{
    put(p, 0x52800000u | (uint32_t)value << 5);     /* mov w0, #value */
    put(p + 4, 0xd65f03c0u);                        /* ret */
    return 8;
}

int arch_reaches(uint64_t address, uint64_t target) { return fits((int64_t)(target - address), 28); }
