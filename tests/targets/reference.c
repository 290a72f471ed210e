/* reference.c: stencils against bodies compiled as C, over a grid of numbers.
 *
 * The table says what a uop means; this adds breadth. The bodies that the stencils were made from, compiled by the host's C compiler,
 * say what comes out of every pair of interesting numbers. */
#include "machine.h"
#include <math.h>
#include <stdio.h>

static const int64_t ints[] = {0, 1, -1, 2, 3, -3, 7, 62, 63, 64, 1000003, INT32_MAX, INT32_MIN, (int64_t)INT32_MIN - 1, 1ll << 53, (1ll << 53) + 1,
    -(1ll << 53) - 1, 0x123456789abcdef, INT64_MAX, INT64_MIN, INT64_MIN + 1};
static const double floats[] = {0.0, -0.0, 1.0, -1.0, 2.5, -3.75, 0.1, 1e308, -1e308, 5e-324, 9.2e18, -9.2e18, 4503599627370497.5, INFINITY, -INFINITY, NAN};
#define COUNT(a) (int)(sizeof(a) / sizeof *(a))

static World start, expected;

static int n_values(char kind) { return kind == 'f' ? COUNT(floats) : COUNT(ints); }
static Value value(char kind, int i) { return kind == 'f' ? (Value){.f = floats[i]} : (Value){.i = ints[i]}; }

/* One stencil over one pair of numbers; x is the first operand, y the second or the number in the hole. */
static void run_pair(const Job *job, const uint8_t **code, Wanted *last, int x, int y)
{
    const Info *info = job->info;
    Value o[3] = {{0}}, registers[N_G + N_F], result = {0};
    int64_t imm = info->imm == 'i' ? y : 0;
    fill_registers(registers);
    for (int i = info->n_operands - 1; i >= 0; i--) {
        o[i] = value(info->operand[i], i ? y : x);
        if (i < info->n_operands - job->constant)
            registers[job->reg[i]] = o[i];
    }
    for (int i = 0; i < info->n_operands - job->constant; i++)
        o[i] = registers[job->reg[i]];                      /* two operands in one register */
    Wanted w = {job->stencil, imm, 0, NULL};
    if (job->constant) {
        const Value *v = &o[info->n_operands - 1];
        if (info->operand[info->n_operands - 1] == 'f')
            w.word = (uint64_t)v->i;
        else if (v->i == (int32_t)v->i)
            w.imm = v->i;
        else
            return;
    }
    snprintf(context, sizeof context, "%s %s %d of %#llx %#llx against its body", info->name, job->constant ? "constant" : "variant", job->number,
        (unsigned long long)o[0].i, (unsigned long long)(info->imm ? imm : o[1].i));
    int leaves = references[info - infos](o, imm, &result);
    if (!*code || w.imm != last->imm || w.word != last->word) {
        if (!check((*code = place_chain(&w, 1)) != NULL, "%s", place_error))
            return;
        *last = w;
    }
    memcpy(expected.S.g, registers, sizeof expected.S.g);
    memcpy(expected.S.f, registers + N_G, sizeof expected.S.f);
    expected.S.exit = leaves ? &left : &finished;
    if (!leaves && info->result)
        *(job->result < N_G ? &expected.S.g[job->result] : &expected.S.f[job->result - N_G]) = result;
    run_code(*code, registers, &start, &expected, 0);
}

/* Every pair of numbers where `every` is 1, else every so manieth, other ones for each variant. */
void run_references(int every)
{
    unsigned turn = 0;
    world_reset(&start);
    world_reset(&expected);
    for (int op = 0; op < UOP_COUNT; op++)
        for (int constant = 0; references[op] && constant < 2; constant++) {
            const Info *info = &infos[op];
            const StencilSet *set = &uop_stencils[op];
            if (constant && !info->const_ok)
                continue;
            place_begin(NEAR);
            for (int number = 0; number < (constant ? set->n_constant : set->n_registers); number++) {
                Job job = {.info = info, .stencil = constant ? &set->constant[number] : &set->registers[number], .constant = constant, .number = number};
                variant(info, constant, number, &job);
                const uint8_t *code = NULL;
                Wanted last = {0};
                int n_y = info->n_operands > 1 ? n_values(info->operand[1]) : info->imm == 'i' ? 64 : 1;
                for (int y = 0; y < n_y; y++)
                    for (int x = 0; x < (info->n_operands ? n_values(info->operand[0]) : 1); x++)
                        if (turn++ % (unsigned)every == 0)
                            run_pair(&job, &code, &last, x, y);
            }
        }
}
