/* judge.c: what pays, and what is given up.
 *
 * Compiling is a bet. A header where recordings keep failing is disabled, an exit where they do is left alone; a root that is refused by the
 * types of the variables is replaced; one that costs more to enter than it saves is retired. */
#include "judge.h"
#include "driver.h"
#include "../execute/execute.h"
#include "../ir/config.h"

#define MAX_FAILURES 4          /* recordings of a header that come to nothing before it is disabled */
#define MAX_SIDE_FAILURES 2     /* the same, of an exit */
#define ENTRY_FAILURES 30       /* entries refused by the types of the variables before the root is replaced */
#define MAX_SAME_PLACE 6        /* side traces one upon the other from the same instruction */
#define MAX_TREE 200            /* traces of one root */
#define PAYS_NS 70              /* mean time in native code, measuring included (20 ns), that outweighs getting in and out: 190 ns measured, were native code 5 times as fast */

void judge_failed_header(LoopHeader *loop)
{
    if (++loop->failures >= MAX_FAILURES)
        loop->disabled = 1;
}

void judge_failed_exit(Exit *e)
{
    if (++e->failures >= MAX_SIDE_FAILURES)
        e->given_up = 1;
}

/* Where an exit stands: the innermost frame of its snapshot. */
static const SnapFrame *place(const Exit *e)
{
    const Snapshot *s = &e->trace->snaps[e->snap];
    return &e->trace->snap_frames[s->first_frame + s->n_frames - 1];
}

/* One side trace after the other hangs on the same instruction: what it sees is different every time. */
static int is_megamorphic(const Exit *e)
{
    int same = 0;
    for (const Exit *p = e->trace->parent; p; p = p->trace->parent)
        same += place(p)->code == place(e)->code && place(p)->ip == place(e)->ip;
    return same >= MAX_SAME_PLACE;
}

int judge_wants_side_trace(const Exit *e)
{
    if (e->error || e->given_up || e->side || e->count < config.exit_threshold)
        return 0;
    const Trace *t = e->trace;
    int op = t->uops[e->uop].op;
    if (place(e)->real)
        return 0;       /* somebody looked into frames that are virtual otherwise */
    if (op == UOP_POLL || op == UOP_CHECK_VALID || op == UOP_START || op == UOP_DROP_STALE)
        return 0;
    if (op == UOP_LINK && ((Trace *)t->uops[e->uop].imm)->valid)
        return 0;
    return executor_n_traces(t->root->executor) < MAX_TREE && !is_megamorphic(e);
}

/* Nobody enters the root any more; who links to it leaves there. */
static void give_up_root(LoopHeader *loop)
{
    loop->root->valid = 0;
    codeinfo_retire(codeinfo_peek(loop->root->code), loop);
}

/* The trace's types are not those that the loop is entered with any more: another one will be recorded. */
static void replace_root(LoopHeader *loop)
{
    give_up_root(loop);
    loop->count = 0;
    judge_failed_header(loop);
}

void judge_refused(LoopHeader *loop, const Exit *e)
{
    if (e->trace->uops[e->uop].op == UOP_START && e->count >= ENTRY_FAILURES)
        replace_root(loop);
}

/* A loop of few, short turns can cost more to enter than it saves. */
void judge_retire_if_useless(LoopHeader *loop)
{
    uint64_t mean = loop->sampled_ns / (JUDGE_WINDOW / 16);
    loop->sampled_ns = 0;
    if (mean >= PAYS_NS)
        return;
    give_up_root(loop);
    loop->disabled = 1;
    driver_stats.retired++;
}
