/* run.c: entering a root trace, in native code or in the uop interpreter. */
#include "execute.h"
#include "../cpython/frame.h"
#include "../cpython/reserve.h"
#include "../emit/emit.h"
#include "../interpret/interpret.h"
#include "../ir/config.h"

/* The thread's state allows it: nothing waits for the interpreter's attention, there is room for inlined frames, and nobody holds
 * the frame's frame object when the trace relies on nobody reading its variables. */
static int may_enter(PyThreadState *ts, Frame *frame, const Trace *root)
{
    if (frame->f_globals != root->globals || frame->f_builtins != root->builtins)
        return 0;
    if (!root->valid || (ts->eval_breaker & _PY_EVAL_EVENTS_MASK))
        return 0;
    if (ts->py_recursion_remaining <= MAX_FRAMES)
        return 0;
    if (root->escapes && (cpy_frame_code(frame)->co_flags & CO_OPTIMIZED) && !cpy_without_frame_object(frame))
        return 0;
    return 1;
}

typedef struct { const State *S; const Trace *t; const Exit *e; Value *vals; int n; } Collect;

static void collect(void *arg, Ref ref)
{
    Collect *c = arg;
    const Live *l = &c->t->live[c->e->first_live + c->n++];
    c->vals[ref] = emit_value(c->S, l->loc);
}

Exit *execute_root(PyThreadState *ts, Frame *frame, Trace *root, State *S, Value **vals, int32_t *cap)
{
    if (!may_enter(ts, frame, root))
        return NULL;
    state_init(S, ts, frame);
    int depth = cpy_frame_depth(frame);
    cpy_frame_set_executing(frame);
    if (!root->native_entry) {
        Exit *e = interp_run(S, root, vals, cap);
        if (!e)
            cpy_frame_set_depth(frame, depth);
        return e;
    }
    emit_run(S, root->native_entry);
    Exit *e = S->exit;
    if (e->trace->n_uops > *cap) {
        Value *bigger;
        while (!(bigger = PyMem_RawRealloc(*vals, sizeof **vals * e->trace->n_uops * 2)) && reserve_release())
            ;
        if (!bigger)
            Py_FatalError("copypatch: out of memory while leaving a trace");
        *vals = bigger;
        *cap = e->trace->n_uops * 2;
    }
    Collect c = {S, e->trace, e, *vals, 0};
    trace_snapshot_leaves(e->trace, &e->trace->snaps[e->snap], collect, &c);
    return e;
}
