/* pipeline.c: the order of the passes. Folding, merging and guard elimination happen while uops are appended (ir/builder.c). */
#include "optimize.h"
#include "../ir/config.h"
#include "../ir/text.h"
#include "../ir/verify.h"

/* Behind each pass: its output, which is the input of the next. */
static void passed(const Trace *t, const char *pass)
{
    if (config.dump & DUMP_PASSES)
        ir_print(stderr, t, pass);
    if (config.verify)
        ir_verify_or_die(t, pass);
}

Trace *optimize_root(const Recording *r, AbortReason *why)
{
    Trace *t = opt_loop(r, why);
    if (!t)
        return NULL;
    passed(t, "opt_loop");
    if (config.optimize) {
        opt_dce(t);
        passed(t, "opt_dce");
    }
    if (trace_make_exits(t)) {
        trace_free(t);
        *why = ABORT_TOO_LONG;
        return NULL;
    }
    return t;
}

int optimize_side(Trace *t)
{
    if (t->failed)
        return -1;
    if (config.verify)
        ir_verify_or_die(t, "recording");
    if (config.optimize) {
        opt_dce(t);
        passed(t, "opt_dce");
    }
    return trace_make_exits(t);
}
