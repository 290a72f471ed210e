/* mutate.c: does the table notice wrong stencils?
 *
 *  1. Every uop is run with the stencils of every other uop that looks the same from outside: as many operands of the same kinds. Unless
 *     their machine code is the same, the table must notice.
 *  2. Single bits of a stencil's code are flipped. Seven of eight must be noticed; the others make the same instruction in another
 *     encoding, or one that differs where nothing looks (`sub` for `cmp`, bits of a number that a shift ignores).
 *
 * Each wrong stencil runs in a process of its own: it may do anything. */
#include "machine.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int looks_same(const Info *a, const Info *b)
{
    if (a->n_operands != b->n_operands || a->result != b->result || a->imm != b->imm || a->call != b->call || a->fixed != b->fixed || a->leaves != b->leaves)
        return 0;
    return !memcmp(a->operand, b->operand, sizeof a->operand) && a->const_ok == b->const_ok;
}

static int same_stencil(const Stencil *a, const Stencil *b)
{
    return a->size == b->size && a->n_holes == b->n_holes && a->data_size == b->data_size && !memcmp(stencil_code(a), stencil_code(b), a->size) &&
        !memcmp(stencil_hole(a, 0), stencil_hole(b, 0), a->n_holes * sizeof(Hole)) && !memcmp(stencil_data(a), stencil_data(b), a->data_size);
}

/* Is a failure seen, when this is run in a child? */
static int noticed(void (*what)(void *), void *arg)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        end_at_failure = 1;
        freopen("/dev/null", "w", stderr);
        catch_signals(20);      /* timers are not inherited */
        alarm(20);
        what(arg);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

typedef struct { UopCode op, as; int only; } Exchange;

static void run_exchange(void *arg)
{
    Exchange *e = arg;
    run_uop(e->op, &uop_stencils[e->as], e->only);
}

static int exchanges(void)
{
    int tried = 0, missed = 0;
    for (int op = 0; op < UOP_COUNT; op++)
        for (int as = 0; as < UOP_COUNT; as++) {
            if (op == as || !infos[op].has_body || !infos[as].has_body || !looks_same(&infos[op], &infos[as]) ||
                same_stencil(&uop_stencils[op].registers[0], &uop_stencils[as].registers[0]))
                continue;
            int only = variant_count(&infos[op], 0) > 1;
            tried++;
            if (!noticed(run_exchange, &(Exchange){(UopCode)op, (UopCode)as, only})) {
                printf("not noticed: %s with the stencils of %s\n", infos[op].name, infos[as].name);
                missed++;
            }
        }
    printf("exchanged stencils %d noticed %d\n", tried, tried - missed);
    return missed;
}

typedef struct { UopCode op; int number, bit; } Flip;

static void run_flip(void *arg)
{
    Flip *f = arg;
    const StencilSet *set = &uop_stencils[f->op];
    uint8_t *byte = (uint8_t *)stencil_code(&set->registers[f->number]) + f->bit / 8;
    uintptr_t page = (uintptr_t)byte & ~(uintptr_t)(getpagesize() - 1);
    if (mprotect((void *)page, (size_t)getpagesize(), PROT_READ | PROT_WRITE))
        _exit(0);       /* counts as not noticed */
    *byte ^= (uint8_t)(1 << f->bit % 8);
    run_uop(f->op, set, f->number);
}

/* A load from the GOT is two instructions, both of which are filled in. */
static int hole_size(const Hole *h) { return h->kind == PATCH_A64_GOT || h->kind == PATCH_ABS64 ? 8 : 4; }

static int is_hole(const Stencil *s, int byte)
{
    for (int k = 0; k < s->n_holes; k++) {
        const Hole *h = stencil_hole(s, k);
        if (byte >= h->offset && byte < h->offset + hole_size(h))
            return 1;
    }
    return 0;
}

static int flips(long wanted)
{
    long tried = 0, missed = 0;
    uint64_t random = 12345;
    while (tried < wanted) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        int op = (int)((random >> 33) % UOP_COUNT);
        const StencilSet *set = &uop_stencils[op];
        if (!set->n_registers)
            continue;
        int number = (int)((random >> 40) % set->n_registers);
        const Stencil *s = &set->registers[number];
        if (!s->size)
            continue;
        int bit = (int)((random >> 20) % (8u * s->size));
        if (is_hole(s, bit / 8))
            continue;
        tried++;
        if (!noticed(run_flip, &(Flip){(UopCode)op, number, bit})) {
            missed++;
            printf("not noticed: %s variant %d, bit %d of byte %d of", infos[op].name, number, bit % 8, bit / 8);
            for (int k = 0; k < s->size; k++)
                printf(" %02x", stencil_code(s)[k]);
            printf("\n");
        }
    }
    printf("flipped bits %ld noticed %ld\n", tried, tried - missed);
    return missed * 8 > tried;
}

int run_mutations(long n_flips)
{
    int failed = exchanges();
    return flips(n_flips) || failed;
}
