/* run.c: entering a root trace, in native code or in the uop interpreter; and going on in the callers of a callee, or generator, that was
 * left. */
#include "execute.h"
#include "../cpython/frame.h"
#include "../emit/emit.h"
#include "../interpret/interpret.h"
#include "../runtime/generators.h"

/* The thread's state allows it: nothing waits for the interpreter's attention, there is room for inlined frames, and nobody holds
 * the frame's frame object when the trace relies on nobody reading its variables. */
static int may_enter(PyThreadState *ts, Frame *frame, const Trace *root)
{
    if (frame->f_globals != root->globals || frame->f_builtins != root->builtins || cpy_has_own_locals(frame) != root->own_locals)
        return 0;
    if (!root->valid || (ts->eval_breaker & _PY_EVAL_EVENTS_MASK))
        return 0;
    if (ts->py_recursion_remaining <= MAX_FRAMES)
        return 0;
    if (root->escapes && (cpy_frame_code(frame)->co_flags & CO_OPTIMIZED) && !cpy_without_frame_object(frame))
        return 0;
    return 1;
}

Exit *execute_root(PyThreadState *ts, Frame *frame, Trace *root, State *S, Value **vals)
{
    if (!may_enter(ts, frame, root))
        return NULL;
    int depth = cpy_frame_depth(frame);
    cpy_frame_set_executing(frame);
    if (root->native_entry) {
        emit_run(S, root->native_entry);
        cpy_go_back_to(ts, S->top);
        return S->exit;
    }
    int32_t cap = 0;
    Exit *e = interp_run(S, root, vals, &cap);
    cpy_go_back_to(ts, S->top);
    if (!e)
        cpy_frame_set_depth(frame, depth);
    return e;
}

/* As RETURN does it, the frame gone already. */
static void go_back(PyThreadState *ts, State *S)
{
    CallRecord *r = S->record;
    memcpy(S->spill, r->spill, (size_t)r->site->n_spill * sizeof *S->spill);
    S->record = r->before;
    S->base = r->base;
    S->top = ts->current_frame;
    cpy_cut_stack(ts, r);
}

Exit *execute_on(PyThreadState *ts, State *S)
{
    Site *site = S->record->site;
    int returned;
    PyObject *result = h_run_callee(S, execute_frame(S), &returned);
    go_back(ts, S);
    S->exit = NULL;
    if (!result) {
        Exit *e = site->error;
        if (!e) {               /* it was C that has called */
            S->raw = RAW_OBJECT;
            S->result.o = NULL;
            return NULL;
        }
        if (!e->side || !e->side->valid)
            return e;
        emit_run(S, e->target);         /* what is raised is caught there */
        cpy_go_back_to(ts, S->top);
        return S->exit;
    }
    S->loud = 1;
    h_keep_result(S, (Obj *)result, returned, site->sends);
    emit_run(S, site->back);
    cpy_go_back_to(ts, S->top);
    return S->exit;
}
