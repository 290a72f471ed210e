/* pipeline.c: the order of the passes. Folding, merging and guard elimination happen while uops are appended (ir/builder.c). */
#include "optimize.h"
#include "../ir/config.h"
#include "../ir/verify.h"

static void verify(const Trace *t, const char *after)
{
    if (config.verify)
        ir_verify_or_die(t, after);
}

Trace *optimize_root(const Recording *r, AbortReason *why)
{
    Trace *t = opt_loop(r, why);
    if (!t)
        return NULL;
    verify(t, "opt_loop");
    if (config.optimize)
        opt_dce(t);
    verify(t, "opt_dce");
    if (trace_make_exits(t)) {
        trace_free(t);
        *why = ABORT_TOO_LONG;
        return NULL;
    }
    return t;
}

int optimize_side(Trace *t)
{
    verify(t, "recording");
    if (config.optimize)
        opt_dce(t);
    verify(t, "opt_dce");
    return trace_make_exits(t);
}
