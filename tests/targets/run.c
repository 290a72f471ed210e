/* run.c: cases -> checks. A case is run with every stencil of its uop: registers loaded, stencil entered, then everything compared.
 *
 * All memory that a stencil may touch is one struct, World: the State and every object of the cases. A case makes two of them, as they
 * shall be before and after; so a store that no case mentions is a failure wherever it goes. Registers are part of it: the common exit
 * stores them in the State. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "machine.h"
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

long checks, failures, runs;
int end_at_failure;
char context[256];

int check(int ok, const char *format, ...)
{
    checks++;
    if (ok)
        return 1;
    if (end_at_failure)
        _exit(1);
    if (failures++ < 40) {
        va_list args;
        va_start(args, format);
        printf("FAILED %s: ", context);
        vprintf(format, args);
        printf("\n");
        va_end(args);
    }
    return 0;
}

/* ---- C functions that stencils call ---- */

static const Case *called_by;
static int n_called;

Value called(int fake, int n, const Value *args, void *frame)
{
    check(machine_stack_ok(frame), "the stack is not aligned in %s", fake_names[fake]);
    int k = n_called++;
    if (!check(called_by && k < called_by->n_calls, "%s is called", fake_names[fake]))
        return (Value){0};
    const Call *c = &called_by->call[k];
    if (check(c->fake == fake, "%s is called instead of %s", fake_names[fake], fake_names[c->fake]))
        for (int i = 0; i < n; i++)
            check(args[i].i == c->arg[i].i || (isnan(args[i].f) && isnan(c->arg[i].f)), "argument %d of %s is %#llx, not %#llx", i, fake_names[fake],
                (unsigned long long)args[i].i, (unsigned long long)c->arg[i].i);
    if (c->writes)
        c->writes(&world);
    return c->result;
}

void called_arithmetic(void *frame) { check(machine_stack_ok(frame), "the stack is not aligned in a division"); }

/* ---- the world ---- */

void world_reset(World *w)
{
    memset(w, 0xa5, sizeof *w);
    Obj *plain[] = {&w->A, &w->B, &w->C, &w->D, &w->E, &w->F, &w->G, &w->H, &w->T, &w->U, &w->code.base};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        plain[i]->refcnt = (__typeof__(plain[i]->refcnt))(100 + i);
        plain[i]->type = &world.T;
        mortal(plain[i]);
    }
    for (size_t i = 0; i < sizeof w->slots / sizeof *w->slots; i++)
        w->slots[i] = SLOT_NULL;
    w->frame.executable.bits = (uintptr_t)&world.code;
    w->frame.frame_object = NULL;
    w->code.numbers[CODE_FLAGS] = CODE_OPTIMIZED;
    w->allocator[0] = w->evaluator[0] = NULL;
    w->breaker[0] = 0x100;
    State *s = &w->S;
    s->base = (FrameSlot *)world.slots;
    s->allocator = world.allocator;
    s->calm_allocator = NULL;
    s->evaluator = world.evaluator;
    s->calm_evaluator = NULL;
    s->breaker = world.breaker;
    s->calm = 0x100;
    w->stack_top[0] = w->stack_limit[0] = NULL;
    w->current[0] = NULL;
    w->depth[0] = 100;
    w->handled[0] = NULL;
    s->stack_top = world.stack_top;
    s->stack_limit = world.stack_limit;
    s->current = world.current;
    s->depth = world.depth;
    s->handled = world.handled;
    s->record = NULL;
    s->small_ints = (char *)&world.A;
    s->loud = s->executing = s->returned = 0;
    s->none = &world.H;
    s->int_type = s->float_type = NULL;
    s->module_type = &world.U;
    s->work = 0;
    s->n_trash = 0;
    s->stress_left = s->stress_every = 0;
}

/* What stands at an offset of World, for messages. */
static const char *world_name(size_t at)
{
    static char text[64];
    static const struct { size_t offset; const char *name; size_t unit; } parts[] = {
#define PART(field, unit) {offsetof(World, field), #field, unit}
        PART(S, 1), PART(S.trash, sizeof(Obj *)), PART(S.args, sizeof(Value)), PART(S.spill, sizeof(Value)), PART(S.g, sizeof(Value)),
        PART(S.f, sizeof(Value)), PART(A, 1), PART(B, 1), PART(C, 1), PART(D, 1), PART(E, 1), PART(F, 1), PART(G, 1), PART(H, 1), PART(T, 1),
        PART(U, 1), PART(frame, 1), PART(slots, sizeof(uintptr_t)), PART(code, 1), PART(allocator, 1), PART(evaluator, 1), PART(breaker, 1),
        PART(stack_top, 1), PART(stack_limit, 1), PART(current, 1), PART(depth, 1), PART(handled, 1),
        {offsetof(World, handled) + sizeof world.handled, "objects of the case", 1}};
    size_t k = sizeof parts / sizeof *parts - 1;
    while (k && (parts[k].offset > at))
        k--;
    size_t index = (at - parts[k].offset) / parts[k].unit;
    snprintf(text, sizeof text, parts[k].unit > 1 ? "%s[%zu]" : "%s + %zu", parts[k].name, index);
    return text;
}

static void compare_worlds(const World *expected)
{
    checks++;
    if (!memcmp(&world, expected, sizeof world))
        return;
    const uint8_t *a = (const uint8_t *)&world, *b = (const uint8_t *)expected;
    size_t at = 0;
    while (a[at] == b[at])
        at++;
    at &= ~(size_t)7;
    if (at + 8 > sizeof world)
        at = sizeof world - 8;
    unsigned long long is, should;
    memcpy(&is, a + at, 8);
    memcpy(&should, b + at, 8);
    checks--;
    check(0, "%s is %#llx, not %#llx", world_name(at), is, should);
}

/* ---- one run ---- */

static sigjmp_buf crashed;
static volatile sig_atomic_t running;
static int trap_wanted;

static void on_signal(int number, siginfo_t *info, void *more)
{
    (void)info;
    (void)more;
    if (!running && number == SIGVTALRM)
        return;
    if (!running) {
        signal(number, SIG_DFL);
        raise(number);
    }
    siglongjmp(crashed, number);
}

void catch_signals(int milliseconds)
{
    static uint8_t stack[1 << 16];
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_ONSTACK | SA_NODEFER | SA_SIGINFO};
    const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGVTALRM};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
    struct itimerval tick = {{0, 1000 * milliseconds}, {0, 1000 * milliseconds}};
    setitimer(ITIMER_VIRTUAL, &tick, NULL);
}

void run_code(const uint8_t *code, const Value registers[N_G + N_F], World *start, World *expected, unsigned lost)
{
    static volatile int ticks;
    runs++;
    for (int r = 0; r < N_G + N_F; r++) {       /* a spill place that is written keeps what is expected there */
        if (expected->S.spill[r].i == start->S.spill[r].i)
            expected->S.spill[r] = registers[r];
        start->S.spill[r] = registers[r];
    }
    memcpy(&world, start, sizeof world);
    n_called = 0;
    stack_seen[0] = 1;
    stack_seen[1] = 2;
    ticks = 0;
    int number = sigsetjmp(crashed, 1);
    if (number == SIGVTALRM && ticks++ == 0)        /* this one began before the run: once more */
        memcpy(&world, start, sizeof world), n_called = 0, number = 0;
    if (number) {
        running = 0;
        check(trap_wanted && (number == SIGILL || number == SIGTRAP), number == SIGVTALRM ? "does not end" : "crashes with signal %d", number);
        return;
    }
    running = 1;
    unsigned kept = place_enter(code);
    running = 0;
    if (!check(!trap_wanted, "it does not trap"))
        return;
    check(!kept, "registers that C expects to be kept are not: bits %#x", kept);
    check(stack_seen[0] == stack_seen[1], "the stack pointer has moved by %ld", (long)(stack_seen[1] - stack_seen[0]));
    check(world.S.exit == &finished || world.S.exit == &left || world.S.exit == &there, "it ends nowhere");
    if (check(world.S.exit == expected->S.exit, world.S.exit == &left ? "it leaves" : world.S.exit == &there ? "it goes elsewhere" : "it goes on")) {
        for (int r = 0; r < N_G + N_F; r++) {
            Value *is = r < N_G ? &world.S.g[r] : &world.S.f[r - N_G], *should = r < N_G ? &expected->S.g[r] : &expected->S.f[r - N_G];
            if (lost >> r & 1 || (r >= N_G && isnan(should->f) && isnan(is->f)))
                *should = *is;
        }
        compare_worlds(expected);
    }
}

void fill_registers(Value registers[N_G + N_F])
{
    for (int r = 0; r < N_G; r++)
        registers[r].i = 0x1111111111111111 * (r + 1);
    for (int r = 0; r < N_F; r++)
        registers[N_G + r].f = -1000.25 - r;
}

/* ---- variants ---- */

static int class_size(char kind) { return kind == 'f' ? N_F : N_G; }
static int class_first(char kind) { return kind == 'f' ? N_G : 0; }

static int free_result(const Info *info, int n)
{
    return info->result && !(n && (info->operand[0] == 'f') == (info->result == 'f'));
}

int variant_count(const Info *info, int constant)
{
    if (info->call || info->fixed)
        return !constant;
    int n = info->n_operands - constant, count = 1;
    if (constant && !info->const_ok)
        return 0;
    for (int i = 0; i < n; i++)
        count *= class_size(info->operand[i]);
    return free_result(info, n) ? count * class_size(info->result) : count;
}

void variant(const Info *info, int constant, int number, Job *job)
{
    int n = info->n_operands - constant;
    if (info->call || info->fixed) {
        int g = 0, f = N_G;
        for (int i = 0; i < n; i++)
            job->reg[i] = (uint8_t)(info->operand[i] == 'f' ? f++ : g++);
        job->result = (uint8_t)(info->result == 'f' ? N_G : info->call ? 3 : 0);
        return;
    }
    if (free_result(info, n)) {
        job->result = (uint8_t)(class_first(info->result) + number % class_size(info->result));
        number /= class_size(info->result);
    }
    for (int i = n - 1; i >= 0; i--) {
        job->reg[i] = (uint8_t)(class_first(info->operand[i]) + number % class_size(info->operand[i]));
        number /= class_size(info->operand[i]);
    }
    if (!free_result(info, n))
        job->result = job->reg[0];
}

static void describe(const Job *job)
{
    int at = snprintf(context, sizeof context, "%s", job->info->name);
    for (int i = 0; i < job->info->n_operands - job->constant; i++)
        at += snprintf(context + at, sizeof context - (size_t)at, " %c%d", job->reg[i] < N_G ? 'g' : 'f', job->reg[i] - (job->reg[i] < N_G ? 0 : N_G));
    if (job->constant)
        at += snprintf(context + at, sizeof context - (size_t)at, " constant");
    if (job->info->result)
        at += snprintf(context + at, sizeof context - (size_t)at, " -> %c%d", job->result < N_G ? 'g' : 'f', job->result - (job->result < N_G ? 0 : N_G));
    snprintf(context + at, sizeof context - (size_t)at, "%s, %s `%s`", job->place == FAR ? ", far" : "", job->c->where, job->c->text);
}

/* ---- jobs ---- */

static uint8_t ran[CASE_COUNT];         /* the case fits some stencil */
static Job *jobs;
static int n_jobs, cap_jobs;

static Job *new_job(void)
{
    if (n_jobs == cap_jobs && !(jobs = realloc(jobs, (size_t)(cap_jobs = cap_jobs ? 2 * cap_jobs : 1024) * sizeof *jobs)))
        abort();
    return &jobs[n_jobs++];
}

/* Does the case fit the variant? One register cannot hold two values, a constant int has 32 bits. */
static int applies(const Job *job)
{
    const Case *c = job->c;
    int n = job->info->n_operands;
    if (job->constant && job->info->operand[n - 1] == 'i' && c->operand[n - 1].i != (int32_t)c->operand[n - 1].i)
        return 0;
    for (int i = 0; i < n - job->constant; i++)
        for (int k = 0; k < i; k++)
            if (job->reg[i] == job->reg[k] && c->operand[i].i != c->operand[k].i)
                return 0;
    return 1;
}

static Wanted wanted_of(const Job *job)
{
    const Case *c = job->c;
    Wanted w = {.stencil = job->stencil, .imm = c->imm, .word = c->word};
    if (job->constant) {
        const Value *v = &c->operand[job->info->n_operands - 1];
        *(job->info->operand[job->info->n_operands - 1] == 'f' ? (int64_t *)&w.word : &w.imm) = v->i;
    }
    return w;
}

static void run_job(const Job *job, World *start, World *expected)
{
    const Case *c = job->c;
    Value registers[N_G + N_F];
    describe(job);
    fill_registers(registers);
    for (int i = 0; i < job->info->n_operands - job->constant; i++)
        registers[job->reg[i]] = c->operand[i];
    memcpy(expected->S.g, registers, sizeof expected->S.g);
    memcpy(expected->S.f, registers + N_G, sizeof expected->S.f);
    expected->S.exit = c->exits ? &left : c->away ? &there : &finished;
    unsigned lost = job->info->away == 2 || (job->info->away && !c->exits) ? ~0u : job->info->call ? ~7u : 0;
    if (job->info->result && !c->exits) {
        *(job->result < N_G ? &expected->S.g[job->result] : &expected->S.f[job->result - N_G]) = c->result;
        lost &= ~(1u << job->result);
    }
    called_by = c;
    trap_wanted = c->traps;
    run_code(job->code, registers, start, expected, lost);
    trap_wanted = 0;
    check(n_called >= c->n_calls, "%s is not called", n_called < c->n_calls ? fake_names[c->call[n_called].fake] : "");
}

static void run_jobs(void)
{
    static World start, expected;
    const Case *made = NULL;
    for (int k = 0; k < n_jobs; k++) {
        const Job *job = &jobs[k];
        if (job->c != made) {
            made = job->c;
            made->fill(&cases[made - cases]);       /* anew: `there` is elsewhere in each memory */
            world_reset(&start);
            made->before(&start);
            memcpy(&expected, &start, sizeof start);
            made->after(&expected);
        }
        run_job(job, &start, &expected);
    }
}

/* Every stencil of one family in one memory. They are all placed first and run then: that is what an emulator likes. */
static void run_family(const Info *info, const StencilSet *set, const Case *first, const Case *end, int constant, int only, int place)
{
    int n = variant_count(info, constant);
    const Stencil *stencils = constant ? set->constant : set->registers;
    snprintf(context, sizeof context, "%s", info->name);
    if (!check((constant ? set->n_constant : set->n_registers) == n && (stencils || !n), "it has %d stencils, not %d",
               constant ? set->n_constant : set->n_registers, n))
        return;
    n_jobs = 0;
    place_begin(place);
    for (int number = only < 0 ? 0 : only; number < (only < 0 ? n : only + 1) && number < n; number++) {
        int tried = 0;
        Wanted last = {0};
        const uint8_t *code = NULL;
        if (place == FAR) {             /* only what it makes a difference for */
            int helpers = 0;
            for (int k = 0; k < stencils[number].n_holes; k++)
                helpers |= stencil_hole(&stencils[number], k)->value == HOLE_HELPER;
            if (!helpers)
                continue;
        }
        for (const Case *c = first; c < end; c++) {
            if (c->op != first->op)
                continue;
            Job job = {.c = c, .info = info, .stencil = &stencils[number], .constant = constant, .number = number, .place = place};
            variant(info, constant, number, &job);
            if (!applies(&job))
                continue;
            tried++;
            ran[c - cases] = 1;
            Wanted w = wanted_of(&job);
            if (!code || w.imm != last.imm || w.word != last.word) {
                describe(&job);
                code = place_chain(&w, 1);
                if (!check(code != NULL, "%s", place_error))
                    continue;
                last = w;
            }
            job.code = code;
            *new_job() = job;
        }
        check(tried > 0, "variant %d%s has no case", number, constant ? " constant" : "");
    }
    run_jobs();
}

void run_uop(UopCode op, const StencilSet *set, int only)
{
    const Case *first = cases, *end = cases + CASE_COUNT;
    while (first < end && first->op != op)
        first++;
    for (int place = 0; place < PLACES; place++)
        for (int constant = 0; constant < 2; constant++)
            if (first < end && variant_count(&infos[op], constant))
                run_family(&infos[op], set, first, end, constant, only, place);
}

static void run_all(void)
{
    for (int op = 0; op < UOP_COUNT; op++) {
        const StencilSet *set = &uop_stencils[op];
        snprintf(context, sizeof context, "%s", infos[op].name);
        if (check((set->registers != NULL) == infos[op].has_body, infos[op].has_body ? "it has no stencils" : "it has stencils, but no body"))
            run_uop((UopCode)op, set, -1);
    }
    for (int i = 0; i < CASE_COUNT; i++) {
        snprintf(context, sizeof context, "%s `%s`", cases[i].where, cases[i].text);
        check(ran[i], "no stencil can run this case");
    }
}

/* harness [--references EVERY] [--mutations FLIPS]: prints one line of figures in the end. */
int main(int argc, char **argv)
{
    int every = 0;
    long flips = -1;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--references"))
            every = atoi(argv[i + 1]);
        if (!strcmp(argv[i], "--mutations"))
            flips = atol(argv[i + 1]);
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    place_set_up();
    catch_signals(250);
    for (int i = 0; i < CASE_COUNT; i++)
        cases[i].fill(&cases[i]);
    if (flips >= 0)
        return run_mutations(flips);
    long stencils = 0, uops = 0;
    for (int op = 0; op < UOP_COUNT; op++) {
        stencils += uop_stencils[op].n_registers + uop_stencils[op].n_constant;
        uops += infos[op].has_body;
    }
    for (int op = 0; op < EMIT_COUNT; op++)
        stencils += emit_stencils[op].n_registers;
    run_emit();
    run_all();
    long table = checks;
    if (every)
        run_references(every);
    printf("uops %ld stencils %ld cases %d runs %ld checks %ld against-bodies %ld failures %ld\n", uops, stencils, CASE_COUNT, runs, table, checks - table, failures);
    return failures != 0;
}
