/* patch.c: the product's patching of one target's stencils as a library: what tests/link/compare.py compares with a linker's output. */
#include "stencil.h"
#include "arch.h"
#include STENCILS
#include <string.h>

const Stencil *find_stencil(int emit, int index, int constant, int number)
{
    const StencilSet *set = emit ? &emit_stencils[index] : &uop_stencils[index];
    if (number >= (constant ? set->n_constant : set->n_registers))
        return NULL;
    return constant ? &set->constant[number] : &set->registers[number];
}

int is_got(int kind) { return arch_word_kind((HoleKind)kind) != (HoleKind)kind; }
int is_call(int kind) { return arch_is_call((HoleKind)kind); }
int reaches(uint64_t address, uint64_t target) { return arch_reaches(address, target); }

/* Fills a copy of the stencil as the emitter does. values: by hole, without its addend. as_word: by hole, the value is the address of a
 * word that holds it, for a GOT kind. failed: by hole, set if it does not fit. */
void patch_stencil(const Stencil *s, uint8_t *out, uint64_t address, const int64_t *values, const uint8_t *as_word, uint8_t *failed)
{
    memcpy(out, stencil_code(s), s->size);
    for (int k = 0; k < s->n_holes; k++) {
        const Hole *h = stencil_hole(s, k);
        HoleKind kind = (HoleKind)h->kind;
        int relaxed = is_got(kind) && !as_word[k];
        failed[k] = arch_patch(out + h->offset, address + h->offset, as_word[k] ? arch_word_kind(kind) : kind,
            relaxed ? values[k] : (int64_t)((uint64_t)values[k] + (uint64_t)(int64_t)h->addend)) != 0;
    }
}
