/* returns.c: returning: from a function that is followed into, to its caller's frame; from the entry frame, to whom has called it natively,
 * which ends the trace. Where that is not so it ends in front of the instruction.
 *
 * What a callee owned is released when the value that it returns needs it no more. */
#include "functions.h"
#include "../cpython/operators.h"

#define SHORT 8                     /* bytecodes: the interpreter is as quick */

int rec_is_worth_ending(const Recorder *R)
{
    const CodeInfo *info = R->frames[0].info;
    return R->n_bytecodes >= SHORT || info->invoked.code || info->resumed.code;
}

_Noreturn void rec_end_in(Recorder *R, UopCode op, Ref value, int64_t imm)
{
    R->snap = -1;
    rec_count_bytecodes(R, 1);
    rec_count(R);
    int32_t snap = R->b.snapshot(R);
    rec_append(R, op, value, imm, snap);
    rec_stop(R, RECORD_LINK, ABORT_NONE, snap);
}

void rec_end_before(Recorder *R)
{
    if (R->loop ? !header_is_entry(R->loop) : R->n_bytecodes < SHORT)       /* not the turn to make a loop of; not worth a trace */
        return;
    rec_count(R);
    int32_t snap = R->b.snapshot(R);
    rec_append(R, UOP_EXIT, REF_NONE, 0, snap);
    rec_stop(R, RECORD_LINK, ABORT_NONE, snap);
}

/* ---- of the entry frame ---- */

/* The function returns to whom has called it natively. depth: of the stack, with the value. */
static int may_return(Recorder *R, int depth)
{
    RecFrame *f = TOP_FRAME(R);
    if (!config.functions || !(f->code->co_flags & CO_OPTIMIZED) || f->depth != depth)
        return 0;
    return R->loop ? header_is_entry(R->loop) : rec_is_worth_ending(R);
}

/* An object, whose reference goes with it. */
static _Noreturn void end_returning(Recorder *R, Ref value)
{
    const RecFrame *f = TOP_FRAME(R);
    if (f->code->co_flags & CO_ANY_GENERATOR)
        rec_end_in(R, UOP_RETURN_GEN, value, 0);
    rec_end_in(R, UOP_RETURN, value, f->n_locals);
}

/* RETURN_VALUE of the entry frame. */
static void return_value(Recorder *R)
{
    Operand v;
    if (!may_return(R, 1))
        return;
    rec_peek(R, 0, &v);
    int op = IS_CONST(v.ref) ? UOP_COUNT : R->t->uops[v.ref].op;
    const RecFrame *f = TOP_FRAME(R);
    /* There is no object: nobody can tell it from one that is made later. */
    if ((op == UOP_SINK_INT || op == UOP_SINK_FLOAT) && !(f->code->co_flags & CO_ANY_GENERATOR))
        rec_end_in(R, op == UOP_SINK_INT ? UOP_RETURN_INT : UOP_RETURN_FLOAT, builder_content(&R->b, v.ref), f->n_locals);
    end_returning(R, rec_steal(R, 0));
}

static void return_const(Recorder *R, Ref value)
{
    if (!may_return(R, 0))
        return;
    rec_emit(R, UOP_INCREF, value, REF_NONE, REF_NONE, 0);
    if (!_Py_IsImmortal(rec_object(R, value)))
        rec_release(R, operand(value, OWN_TRACE));      /* where it is the interpreter that returns it */
    end_returning(R, value);
}

static void leave(Recorder *R)
{
    rec_end_before(R);
    rec_abort(R, ABORT_RETURN);
}

/* ---- of those above ---- */

/* The instruction in which the frame calls the one above it. */
static Instruction calling(const RecFrame *f) { return cpy_fetch(f->info->units, f->ip); }

/* What a method gives is what the operator gives: else it is called, next time. */
static void guard_operator_result(Recorder *R, Instruction i, Ref value)
{
    int tested = i.op == COMPARE_OP && i.arg & 16;
    if (rec_object(R, value) == Py_NotImplemented || (tested && rec_type(R, value) != &PyBool_Type))
        rec_abort(R, ABORT_OPCODE);
    if (tested)
        rec_guard_type(R, value);
    else if (!IS_CONST(value) && !builder_type(&R->b, value))
        rec_emit(R, UOP_GUARD_IS_NOT, value, REF_NONE, REF_NONE, (int64_t)(uintptr_t)Py_NotImplemented);
}

static void return_from(Recorder *R, Operand value)
{
    RecFrame *f = TOP_FRAME(R);
    Continuation continuation = f->continuation;
    int is_init = continuation == CONT_INIT || continuation == CONT_CONSTRUCT;
    if (f->stand) {
        rec_end_followed(R, value);
        return;
    }
    rec_must_not_leave(R);
    if (is_init && !(IS_CONST(value.ref) && rec_object(R, value.ref) == Py_None))
        rec_abort(R, ABORT_OPCODE);     /* an error, but for what nobody writes */
    Instruction call = calling(f - 1);
    if (continuation == CONT_OPERATOR)
        guard_operator_result(R, call, value.ref);
    R->closed = 1;
    /* What the callee owned goes; the value, if it was borrowed from there, gets a reference of its own first. */
    Slot keep = {.ref = value.ref, .own = value.own};
    if (value.own == OWN_BORROWED && !IS_CONST(value.ref) && !builder_is_sunk(&R->b, value.ref)) {
        rec_emit(R, UOP_INCREF, value.ref, REF_NONE, REF_NONE, 0);
        keep.own = OWN_TRACE;
    }
    int n = f->n_locals + f->depth;
    for (int i = 0; i < n; i++) {
        const Slot *s = &f->slots[RELEASES_LOCALS == UP ? i : n - 1 - i];
        rec_release(R, operand(s->ref, s->own));
    }
    R->n_frames--;
    R->current_ip = rec_behind_prefix(TOP_FRAME(R)->info, TOP_FRAME(R)->ip);    /* the CALL, while what the callee held is released */
    if (continuation == CONT_CONSTRUCT)
        rec_drop_in(R, RELEASES_ARGUMENTS, call.arg + 1);       /* the instance stays */
    if (continuation == CONT_OPERATOR)
        rec_drop_in(R, cpy_operator_releases(call.op, 0), cpy_operands(call.op));
    if (!is_init)
        rec_push_ref(R, keep.ref, keep.own);
}

int rec_returns(Recorder *R, int op, int arg)
{
    switch (op) {
    case RETURN_VALUE:
        if (R->n_frames == 1) {
            return_value(R);
            leave(R);
        }
        return_from(R, rec_pop(R));
        return 1;
    case RETURN_CONST: {
        Ref value = rec_const(R, PyTuple_GET_ITEM(TOP_FRAME(R)->code->co_consts, arg));
        if (R->n_frames == 1) {
            return_const(R, value);
            leave(R);
        }
        return_from(R, operand(value, OWN_BORROWED));
        return 1;
    }
    default:
        return 0;
    }
}
