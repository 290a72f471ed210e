/* emit.c: trace -> native code.
 *
 *     ra_allocate() -> plan -> patch_write() -> code
 *     [ra_check()]    [ra_dump()]
 *
 * Native code runs on the thread's own C stack between two stencils that exist once: the shim, a C function that saves what C
 * expects saved and enters, and the common exit, which every exit stub reaches through its Exit's `target` until a side trace hangs
 * there: then the stub becomes a jump to it. Nothing of a trace changes before all of it has been made. */
#include "emit.h"
#include "../ir/config.h"
#include "../ir/source.h"
#include "gdb.h"
#include "map.h"
#include "memory.h"
#include "patch.h"
#include "perf.h"
#include "registers.h"
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Plan plan;

/* ---- the door ---- */

typedef void (*Shim)(State *S, void *entry);
static Shim shim;
static void *exit_common;
static int door_failed;

/* The shim and the common exit, copied once. */
static int open_door(const char **reason)
{
    if (shim)
        return 0;
    static const int parts[2] = {EMIT_SHIM, EMIT_EXIT_COMMON};
    if (door_failed || !emit_stencils[EMIT_SHIM].n_registers || !emit_stencils[EMIT_EXIT_COMMON].n_registers) {
        *reason = "no native code on this machine";
        return -1;
    }
    Step steps[2];
    for (int k = 0; k < 2; k++)
        steps[k] = (Step){.stencil = &emit_stencils[parts[k]].registers[0], .exit = -1, .uop = -1, .code = (uint16_t)(STEP_EMIT + parts[k]), .word = -1};
    Plan door = {.steps = steps, .n_steps = 2};
    Code code;
    if (patch_write(&door, NULL, 0, &code, reason)) {
        door_failed = 1;
        return -1;
    }
    void *start = code.start + steps[0].offset;
    memcpy(&shim, &start, sizeof shim);
    exit_common = code.start + steps[1].offset;
    perf_announce(code.start, code.end, "py_trace_door", NULL);
    gdb_announce(code.start, code.end, "py_trace_door", NULL);
    return 0;
}

int emit_available(void)
{
    const char *reason;
    return open_door(&reason) == 0;
}

void *emit_way_out(void) { return exit_common; }
void emit_run(State *S, void *entry) { shim(S, entry); }

size_t emit_offset(Loc loc)
{
    static const size_t start[] = {[LOC_G] = offsetof(State, g), [LOC_F] = offsetof(State, f), [LOC_SPILL] = offsetof(State, spill)};
    return start[loc.kind] + loc.index * sizeof(Value);
}

/* ---- traces ---- */

/* A Site for each INVOKE and its like, whose address is the number in its code. NULL with none: see *reason. */
static Site *make_sites(const Trace *t, const char **reason)
{
    int n = 0;
    for (int k = 0; k < plan.n_steps; k++)
        n += ir_calls_natively(plan.steps[k].code);
    Site *sites = n ? malloc((size_t)n * sizeof *sites) : NULL;
    if (n && !sites)
        *reason = "out of memory";
    n = 0;
    for (int k = 0; sites && k < plan.n_steps; k++) {
        Step *s = &plan.steps[k];
        if (!ir_calls_natively(s->code))
            continue;
        sites[n] = (Site){.n_spill = (s->n_spill + 1) & ~1, .error = &t->exits[s->exit], .sends = s->code == UOP_SEND_GEN};
        if (s->code == UOP_INVOKE)
            sites[n].invoked = (Invoked *)(intptr_t)s->value;
        else if (ir_calls_any(s->code))
            sites[n].n_given = (intptr_t)s->value;
        else
            sites[n].resumed = (Resumed *)(intptr_t)s->value;
        s->value = (int64_t)(intptr_t)&sites[n++];
    }
    return sites;
}

static void place_sites(Site *sites, const uint8_t *code)
{
    int n = 0;
    for (int k = 0; sites && k < plan.n_steps; k++)
        if (ir_calls_natively(plan.steps[k].code))
            sites[n++].back = (void *)(code + plan.steps[k + 1].offset);
}

/* The finished plan becomes the trace's. */
static int adopt(Trace *t, Code code, const char **reason)
{
    size_t n_live = (size_t)plan.n_live, n_params = (size_t)plan.n_params, n_marks = map_size(&plan, &code);
    Live *live = malloc(n_live * sizeof *live + n_marks * sizeof(CodeMark) + n_params * sizeof(Loc));
    if (!live) {
        *reason = "out of memory";
        return -1;
    }
    free(t->live);
    t->live = live;
    t->n_live = plan.n_live;
    t->marks = (CodeMark *)(live + n_live);
    t->n_marks = map_make(t, &plan, &code, t->marks);
    Loc *locs = t->param_locs = (Loc *)(t->marks + n_marks);
    if (n_live)
        memcpy(live, plan.live, n_live * sizeof *live);
    if (n_params)
        memcpy(locs, plan.param_locs, n_params * sizeof *locs);
    for (int k = 0; k < t->n_entry && k < plan.n_params; k++)
        t->entry[k].loc = locs[k];
    for (int k = 0; k < t->n_exits; k++) {
        const ExitPlan *e = &plan.exits[k];
        t->exits[k].target = exit_common;
        t->exits[k].first_live = e->first_live;
        t->exits[k].n_live = (uint16_t)(e->n_live < 0 ? 0 : e->n_live);
        t->exits[k].stub = 0;
    }
    for (int k = 0; k < code.n_stubs; k++)
        t->exits[code.stub_exits[k]].stub = code.stubs + (uint32_t)k * emit_stencils[EMIT_EXIT_STUB].registers[0].size;
    t->code_start = code.start;
    t->code_size = code.size;
    t->native_link = code.start + plan.steps[plan.start].offset;
    t->native_entry = code.start + plan.steps[plan.entry].offset;
    return 0;
}

/* A trace is known as py_trace:FUNCTION:FILE:LINE. */
static void announce(Trace *t, size_t size)
{
    if (config.perf == PERF_OFF && config.gdb == 0)
        return;
    char name[1024] = "py_trace:";
    source_name(t, name + strlen(name), sizeof name - strlen(name));
    perf_announce(t->code_start, size, name, t);
    t->gdb = gdb_announce(t->code_start, size, name, t);
}

int emit_trace(Trace *t, const char **reason)
{
    Code code;
    if (open_door(reason))
        return -1;
    *reason = ra_allocate(t, &plan);
    if ((config.dump & DUMP_REGISTERS) && plan.n_steps)
        ra_dump(t, &plan);
    if (!*reason && config.verify && (*reason = ra_check(t, &plan)) != NULL)
        fprintf(stderr, "copypatch: register allocation is wrong: %s\n", *reason);
    Site *sites = *reason ? NULL : make_sites(t, reason);
    if (*reason || patch_write(&plan, t->exits, t->n_exits, &code, reason)) {
        free(sites);
        return -1;
    }
    if (adopt(t, code, reason)) {
        free(sites);
        memory_free(code.start, code.size);
        return -1;
    }
    place_sites(sites, code.start);
    t->sites = sites;
    announce(t, code.end);
    return 0;
}

void emit_free(Trace *t)
{
    gdb_withdraw(t->gdb);
    t->gdb = NULL;
    if (t->code_start)
        memory_free(t->code_start, t->code_size);
    t->code_start = t->native_entry = t->native_link = NULL;
    free(t->sites);
    t->sites = NULL;
    t->code_size = 0;
    for (int k = 0; k < t->n_exits; k++) {
        t->exits[k].target = exit_common;
        t->exits[k].stub = 0;
    }
}

size_t emit_bytes_used(void) { return memory_used(); }

/* From memory for who reads it there, and at once. */
void emit_link_exit(Exit *e, Trace *side)
{
    e->target = side->native_link;
    if (e->stub)
        patch_jump((uint8_t *)e->trace->code_start + e->stub, side->native_link);
}
