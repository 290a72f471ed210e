/* call_c.c: C functions are called: CALLn, LEAFn and their like, of operands that the instruction has popped; and the interpreter's general
 * forms (CALL_GIVEN), which take values from the stack.
 *
 * What may run arbitrary code is an escape, before which everything goes to memory; the references are the call's then. Others leave the
 * operands to be released behind them. */
#include "recorder.h"

/* ---- of operands that are popped ---- */

/* The slot that an operand was popped from, not one of the n before it; NULL: it was not on the stack. */
static Slot *popped_from(Recorder *R, Ref ref, Slot *const *taken, int n)
{
    RecFrame *f = TOP_FRAME(R);
    for (int k = f->n_locals + f->depth; k < f->n_locals + R->start_depth; k++) {
        int known = f->slots[k].ref != ref;
        for (int i = 0; i < n; i++)
            known |= taken[i] == &f->slots[k];
        if (!known)
            return &f->slots[k];
    }
    return NULL;
}

/* They are made real. The slots that they were popped from say what has become of each: the one may displace the other. */
static void real_operands(Recorder *R, int n, Operand *args)
{
    Slot *from[3];
    for (int i = 0; i < n; i++)
        from[i] = builder_is_sunk(&R->b, args[i].ref) ? popped_from(R, args[i].ref, from, i) : NULL;
    for (int i = 0; i < n; i++) {
        Ref sunk = args[i].ref;
        if (!builder_is_sunk(&R->b, sunk))
            continue;
        if (!from[i] || from[i]->ref == sunk)
            args[i] = rec_real(R, args[i]);
        for (int k = i + 1; k < n; k++)     /* the same sunk object twice is one object */
            if (args[k].ref == sunk && !from[k])
                args[k] = operand(args[i].ref, OWN_BORROWED);
    }
    for (int i = 0; i < n; i++)
        if (from[i])
            args[i] = operand(from[i]->ref, from[i]->own);
}

Operand rec_call_fn(Recorder *R, UopCode op, int n, Operand *args, void *fn)
{
    real_operands(R, n, args);
    if (uop_info[op].effects & EFFECT_ESCAPE) {
        for (int i = 0; i < n; i++)
            if (args[i].own == OWN_BORROWED && rec_hold_popped(R, args[i].ref))
                args[i].own = OWN_TRACE;
        rec_before_escape(R);
        for (int i = 0; i < n; i++)     /* what was not on the stack */
            if (args[i].own == OWN_BORROWED)
                rec_emit(R, UOP_INCREF, args[i].ref, REF_NONE, REF_NONE, 0);
        Ref r = rec_emit_snap(R, op, args[0].ref, n > 1 ? args[1].ref : REF_NONE, n > 2 ? args[2].ref : REF_NONE, (int64_t)(uintptr_t)fn,
                              rec_snapshot_raise(R));
        R->closed = 1;
        return operand(r, OWN_TRACE);
    }
    if (uop_info[op].effects & EFFECT_WRITE)
        rec_protect_heap(R);
    Ref r = rec_emit(R, op, args[0].ref, n > 1 ? args[1].ref : REF_NONE, n > 2 ? args[2].ref : REF_NONE, (int64_t)(uintptr_t)fn);
    R->closed = 1;
    for (int i = 0; i < n; i++)
        rec_release(R, args[i]);
    return operand(r, OWN_TRACE);
}

/* ---- general forms ---- */

Ref rec_call_popped(Recorder *R, Operand *args, int n, General *fn)
{
    for (int i = 0; i < n; i++) {
        if (args[i].own == OWN_BORROWED)
            rec_emit(R, UOP_INCREF, args[i].ref, REF_NONE, REF_NONE, 0);
        rec_emit(R, UOP_GIVE, args[i].ref, REF_NONE, REF_NONE, i);
    }
    Ref r = rec_emit_snap(R, UOP_CALL_GIVEN, rec_int(R, n), REF_NONE, REF_NONE, (int64_t)(uintptr_t)fn, rec_snapshot_raise(R));
    R->closed = 1;
    return r;
}

Ref rec_call_given(Recorder *R, int n, const Ref *more, int n_more, General *fn)
{
    Operand args[N_ARGS];
    if (n + n_more > N_ARGS)
        rec_abort(R, ABORT_STACK);
    for (int i = 0; i < n; i++)
        rec_steal(R, i);
    rec_before_escape(R);
    for (int i = n - 1; i >= 0; i--)
        args[i] = rec_pop(R);
    for (int i = 0; i < n_more; i++)
        args[n + i] = operand(more[i], OWN_BORROWED);
    return rec_call_popped(R, args, n + n_more, fn);
}

Ref rec_small_int(Recorder *R, int n)
{
    if (n < 0 || n >= _PY_NSMALLPOSINTS)
        rec_abort(R, ABORT_OPCODE);
    return rec_const(R, (PyObject *)&_PyLong_SMALL_INTS[_PY_NSMALLNEGINTS + n]);
}

void rec_by_number(Recorder *R, int n, int arg, General *fn)
{
    Ref more = rec_small_int(R, arg);
    rec_push_ref(R, rec_call_given(R, n, &more, 1, fn), OWN_TRACE);
}

void rec_forget(Recorder *R, Ref none)
{
    builder_set_type(&R->b, none, Py_TYPE(Py_None));
    rec_release(R, operand(none, OWN_TRACE));
}
