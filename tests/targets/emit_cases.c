/* emit_cases.c: the cases of the stencils that the emitter itself needs, and of stencils in chains.
 *
 * EXIT_STUB, EXIT_COMMON, SHIM, RELOAD_* and JUMP_INDIRECT are beneath every run of every case (place.c); here is what they do beyond. */
#include "machine.h"
#include <math.h>
#include <stdio.h>

static World start, expected;
static Value registers[N_G + N_F];

static void begin(const char *name, int a, int b)
{
    snprintf(context, sizeof context, "EMIT_%s %d %d", name, a, b);
    world_reset(&start);
    fill_registers(registers);
    registers[N_G].f = -0.0;            /* values that must not be looked at as numbers */
    registers[N_G + 1].i = 0x7ff4000000000001;
    world_reset(&expected);
}

/* `expect`: what the registers are then; set in the World `expected` is what else changes. */
static void run(const Wanted *wanted, int n, const Value expect[N_G + N_F], int leaves)
{
    for (int place = 0; place < PLACES; place++) {
        place_begin(place);
        const uint8_t *code = place_chain(wanted, n);
        if (!check(code != NULL, "%s", place_error))
            return;
        memcpy(expected.S.g, expect, sizeof expected.S.g);
        memcpy(expected.S.f, expect + N_G, sizeof expected.S.f);
        expected.S.exit = leaves ? &left : &finished;
        /* a signalling NaN stays what it is: compared bit by bit */
        run_code(code, registers, &start, &expected, 0);
        for (int r = 0; r < N_F; r++)
            check(world.S.f[r].i == expect[N_G + r].i, "f%d is %#llx, not %#llx", r, (unsigned long long)world.S.f[r].i, (unsigned long long)expect[N_G + r].i);
    }
}

static const Stencil *stencil(int op, int number)
{
    static const Stencil none;
    return check(number < emit_stencils[op].n_registers, "there is no stencil %d", number) ? &emit_stencils[op].registers[number] : &none;
}

static void one(int op, int number, int64_t imm, uint64_t word, const Value expect[N_G + N_F], int leaves)
{
    run(&(Wanted){stencil(op, number), imm, word, NULL}, 1, expect, leaves);
}

static void moves(int op, const char *name, int first, int n)
{
    for (int dst = 0; dst < n; dst++)
        for (int src = 0; src < n; src++) {
            begin(name, dst, src);
            Value expect[N_G + N_F];
            memcpy(expect, registers, sizeof expect);
            expect[first + dst] = registers[first + src];
            check(dst != src || stencil(op, dst * n + src)->size == 0, "a move to itself is not empty");
            one(op, dst * n + src, 0, 0, expect, 0);
        }
    check(emit_stencils[op].n_registers == n * n, "wrong number of stencils");
}

static void spills(int op, int reload, const char *name, int first, int n)
{
    const int places[] = {N_G + N_F, N_SPILL - 1, 32};      /* the places before hold the registers' values */
    check(emit_stencils[op].n_registers == n && emit_stencils[reload].n_registers == n, "wrong number of stencils");
    for (int r = 0; r < n; r++)
        for (int k = 0; k < 3; k++) {
            size_t offset = offsetof(State, spill) + (size_t)places[k] * sizeof(Value);
            begin(name, r, places[k]);
            expected.S.spill[places[k]] = registers[first + r];
            one(op, r, (int64_t)offset, 0, registers, 0);
            begin(name, -r, places[k]);
            Value expect[N_G + N_F];
            memcpy(expect, registers, sizeof expect);
            expect[first + r].i = 0x7ff40000deadbeef;
            start.S.spill[places[k]] = expected.S.spill[places[k]] = expect[first + r];
            one(reload, r, (int64_t)offset, 0, expect, 0);
        }
}

static void constants(void)
{
    static const int64_t small[] = {0, 1, -1, 255, 256, 65535, 65536, -65536, -65537, INT32_MAX, INT32_MIN, INT32_MIN + 1, 0x12345678, -0x12345678};
    static const uint64_t words[] = {0, 1, ~0ull, 0x8123456789abcdef, 1ull << 32, 1ull << 63, 0xffffffff, 0x7ff0000000000000, 0x8000000000000000, 0x7ff4000000000001};
    Value expect[N_G + N_F];
    for (int r = 0; r < N_G; r++) {
        for (size_t k = 0; k < sizeof small / sizeof *small; k++) {
            begin("CONST_G", r, (int)small[k]);
            memcpy(expect, registers, sizeof expect);
            expect[r].i = small[k];
            one(EMIT_CONST_G, r, small[k], 0, expect, 0);
        }
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            begin("CONST_G_WORD", r, (int)k);
            memcpy(expect, registers, sizeof expect);
            expect[r].i = (int64_t)words[k];
            one(EMIT_CONST_G_WORD, r, 0, words[k], expect, 0);
        }
    }
    for (int r = 0; r < N_F; r++)
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            begin("CONST_F", r, (int)k);
            memcpy(expect, registers, sizeof expect);
            expect[N_G + r].i = (int64_t)words[k];
            one(EMIT_CONST_F, r, 0, words[k], expect, 0);
        }
    check(emit_stencils[EMIT_CONST_G].n_registers == N_G && emit_stencils[EMIT_CONST_G_WORD].n_registers == N_G &&
          emit_stencils[EMIT_CONST_F].n_registers == N_F, "wrong number of stencils");
}

static void jumps(void)
{
    static int64_t valid;
    static const void *where;
    for (int leaves = 0; leaves < 2; leaves++) {
        begin("JUMP", leaves, 0);
        run((Wanted[]){{stencil(EMIT_JUMP, 0), 0, 0, leaves ? TARGET_LEFT : TARGET_FINISHED}}, 1, registers, leaves);
        begin("JUMP_VALID", leaves, 0);
        for (int k = 0; k < 3; k++) {
            valid = leaves ? 0 : (int64_t[]){1, 0x100, -1}[k];
            if (leaves && sizeof(int) == 4)
                valid = (int64_t)1 << 32;           /* an int: what stands behind it is not looked at */
            one(EMIT_JUMP_VALID, 0, 0, (uintptr_t)&valid, registers, leaves);
        }
    }
    /* to where a word points now: a place behind the exit of a chain that has been made before */
    for (int leaves = 0; leaves < 2; leaves++)
        for (int place = 0; place < PLACES; place++) {
            begin("JUMP_INDIRECT", leaves, place);
            place_begin(place);
            where = place_chain(&(Wanted){stencil(EMIT_JUMP, 0), 0, 0, leaves ? TARGET_LEFT : TARGET_FINISHED}, 1);
            const uint8_t *code = place_chain(&(Wanted){stencil(EMIT_JUMP_INDIRECT, 0), 0, (uintptr_t)&where, NULL}, 1);
            if (!check(where && code, "%s", place_error))
                continue;
            memcpy(expected.S.g, registers, sizeof expected.S.g);
            memcpy(expected.S.f, registers + N_G, sizeof expected.S.f);
            expected.S.exit = leaves ? &left : &finished;
            run_code(code, registers, &start, &expected, ~0u << N_G);
        }
}

/* Stencils that fall into each other, and a jump back: a loop of 1000 turns. */
static void loop(void)
{
    begin("loop", 0, 0);
    Value half = {.f = 0.5};
    const StencilSet *uops = uop_stencils;
    registers[1].i = 0;
    registers[2].i = 1000;
    registers[N_G + 2].f = 0;
    Wanted wanted[] = {
        {&uops[UOP_GUARD_LT_INT].registers[1 * N_G + 2], 0, 0, NULL},
        {&uops[UOP_ADD_INT].constant[1], 3, 0, NULL},
        {&uops[UOP_SUB_INT].constant[1], 2, 0, NULL},
        {&uops[UOP_ADD_FLOAT].constant[2], 0, (uint64_t)half.i, NULL},
        {stencil(EMIT_JUMP, 0), 0, 0, TARGET_FIRST}};
    Value expect[N_G + N_F];
    memcpy(expect, registers, sizeof expect);
    expect[1].i = 1000;
    expect[N_G + 2].f = 500;
    run(wanted, 5, expect, 1);
}

/* Numbers that a 32-bit hole cannot take must be refused, unless there is a way around (a word). */
static void refused(void)
{
    static const int64_t big[] = {(int64_t)INT32_MAX + 1, (int64_t)INT32_MIN - 1, (int64_t)1 << 40, INT64_MAX, INT64_MIN};
    for (size_t k = 0; k < sizeof big / sizeof *big; k++) {
        if (sizeof(void *) == 4 && big[k] == (int64_t)INT32_MAX + 1)
            continue;                               /* i686: might be an address, hole.h */
        begin("CONST_G", (int)k, 32);
        place_begin(NEAR);
        const uint8_t *code = place_chain(&(Wanted){stencil(EMIT_CONST_G, 1), big[k], 0, NULL}, 1);
        checks++;
        if (!code)
            continue;
        memcpy(expected.S.g, registers, sizeof expected.S.g);
        memcpy(expected.S.f, registers + N_G, sizeof expected.S.f);
        expected.S.g[1].i = big[k];
        expected.S.exit = &finished;
        run_code(code, registers, &start, &expected, ~0u << N_G);
    }
}

void run_emit(void)
{
    for (int op = 0; op < EMIT_COUNT; op++) {
        snprintf(context, sizeof context, "emitter stencil %d", op);
        check(emit_stencils[op].n_registers > 0, "there is none");
    }
    moves(EMIT_MOVE_G, "MOVE_G", 0, N_G);
    moves(EMIT_MOVE_F, "MOVE_F", N_G, N_F);
    spills(EMIT_SPILL_G, EMIT_RELOAD_G, "SPILL_G", 0, N_G);
    spills(EMIT_SPILL_F, EMIT_RELOAD_F, "SPILL_F", N_G, N_F);
    constants();
    jumps();
    loop();
    refused();
}
