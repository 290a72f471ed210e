/* pipeline.c: the order of the passes. Folding, merging and guard elimination happen while uops are appended (ir/builder.c). */
#include "optimize.h"
#include "../ir/config.h"

Trace *optimize_root(const Recording *r, AbortReason *why)
{
    Trace *t = opt_loop(r, why);
    if (!t)
        return NULL;
    if (config.optimize)
        opt_dce(t);
    if (trace_make_exits(t)) {
        trace_free(t);
        *why = ABORT_TOO_LONG;
        return NULL;
    }
    return t;
}

int optimize_side(Trace *t)
{
    if (config.optimize)
        opt_dce(t);
    return trace_make_exits(t);
}
