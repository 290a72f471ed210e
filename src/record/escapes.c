/* escapes.c: around what may run arbitrary code, and the end of an instruction.
 *
 * Before it everything is where whoever looks finds it (rec_before_escape): what is put off is made, borrowed objects get references of
 * their own, the instruction pointer is stored, inlined frames are real. Behind it the trace asks whether it is still what it was
 * (check_valid), and the frames are virtual again. What the instruction has let go of is released last, as the interpreter does: each
 * death may run arbitrary code itself. */
#include "recorder.h"
#include "../cpython/frame.h"

void rec_has_escaped(Recorder *R)
{
    R->escaped_now = R->escaped = 1;
    R->epoch++;
}

/* Where frame i stands: behind the prefixes of the instruction being recorded, callers of their CALL. */
static int unit_of(Recorder *R, int i)
{
    return i == R->n_frames - 1 ? R->current_ip : rec_behind_prefix(R->frames[i].info, R->frames[i].ip);
}

#define RAISED 2            /* recordings that were spoilt so, before a function is called rather than followed into */

void rec_note_raised(Recorder *R)
{
    ExceptionEntry e;
    for (int i = R->n_frames; --i >= 0;) {
        CodeInfo *info = R->frames[i].info;
        if (!cpy_find_handler(R->frames[i].code, unit_of(R, i), &e))
            continue;
        if (i < R->n_frames_given || R->frames[i].stand || !codeinfo_may_invoke(info) || ++info->raised < RAISED)
            return;
        info->no_inline = R->learned = 1;
        return;
    }
}

/* Slots that nothing but the frames' variables keeps alive get a reference of their own: who has a frame object can change those. */
static void own_slots(Recorder *R)
{
    for (int i = 0; i < R->n_frames; i++) {
        const RecFrame *f = &R->frames[i];
        for (int k = i ? 0 : f->n_locals; k < f->n_locals + f->depth; k++) {
            Slot *s = &f->slots[k];
            if (s->own != OWN_BORROWED || s->ref == REF_NONE || builder_is_sunk(&R->b, s->ref) ||
                builder_type(&R->b, s->ref) == &PyBool_Type)
                continue;
            if (IS_CONST(s->ref) && (k >= f->n_locals ? rec_is_kept(R, s->ref) : _Py_IsImmortal(rec_object(R, s->ref))))
                continue;
            rec_own_slot(R, s);
        }
    }
}

/* Bytecodes: what it costs to push an inlined frame around an escape, to look whether it is as it was, and to pop it. */
#define PUSHING 16

#define ESCAPES 2           /* of a function that is followed into: pushing its frame for them costs more than a call */

/* A function that runs arbitrary code is called rather than followed into: its frame is real once, not around each escape. */
static void call_instead(Recorder *R)
{
    for (int i = R->n_frames_given; i < R->n_frames; i++) {
        RecFrame *f = &R->frames[i];
        if (++f->escapes < ESCAPES || f->continuation == CONT_INIT || R->closed || R->behind_raise || !config.functions ||
            !codeinfo_may_invoke(f->info))
            continue;
        f->info->no_inline = R->learned = 1;
        rec_abort(R, ABORT_CALL);
    }
}

/* Makes the inlined frames real. */
static void push_frames(Recorder *R)
{
    if (R->n_frames == 1)
        return;
    for (int i = 1; i < R->n_frames; i++) {
        const RecFrame *f = &R->frames[i];
        for (int k = 0; k < f->n_locals; k++)
            rec_emit(R, UOP_ARG, f->slots[k].own == OWN_NULL ? rec_const(R, NULL) : f->slots[k].ref, REF_NONE, REF_NONE, k);
        rec_emit(R, UOP_PUSH_FRAME, f->func, rec_const(R, (PyObject *)f->code), REF_NONE, unit_of(R, i));
    }
    R->pushed = 1;
    R->snap = -1;
    R->work -= PUSHING * (R->n_frames - 1);
}

/* push: inlined frames are made real. */
static void before_escape(Recorder *R, int push)
{
    int sunk = 0, slots = 0;
    rec_settle(R);
    for (int i = 0; i < R->n_frames; i++) {
        const RecFrame *f = &R->frames[i];
        for (int k = 0; k < f->n_locals; k++)
            sunk += builder_is_sunk(&R->b, f->slots[k].ref);
        slots += f->n_locals + f->depth;
        if (push && i > 0 && f->n_locals > N_ARGS)
            rec_abort(R, ABORT_STACK);
    }
    if (R->t->n_uops + 6 * sunk + 2 * slots + 100 > config.max_trace)       /* not in the middle of it */
        rec_abort(R, ABORT_TOO_LONG);
    if (push)
        call_instead(R);
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < R->frames[i].n_locals; k++) {
            const Slot *s = &R->frames[i].slots[k];
            if (builder_is_sunk(&R->b, s->ref))
                rec_real(R, operand(s->ref, OWN_BORROWED));
        }
    rec_protect_heap(R);
    own_slots(R);
    rec_emit(R, UOP_SET_IP, REF_NONE, REF_NONE, REF_NONE, (int64_t)(uintptr_t)(cpy_code_start(R->frames[0].code) + unit_of(R, 0)));
    if (push)
        push_frames(R);
    rec_has_escaped(R);
}

void rec_before_escape(Recorder *R)
{
    rec_not_followed(R);
    before_escape(R, 1);
}

void rec_before_end(Recorder *R) { before_escape(R, 0); }

/* A frame object has been made, with which any local may have been written, and let go again. */
static void forget_locals(Recorder *R)
{
    RecFrame *f = &R->frames[0];
    for (int k = 0; k < f->n_locals; k++)
        if (f->slots[k].own == OWN_MEMORY)
            f->slots[k].ref = REF_NONE;
    R->snap = -1;
}

/* After an escape the trace is still what it was only if nobody looked into a frame, and nothing watches its code. In code whose frames are
 * looked at often nothing is known of the locals then. */
static void check_valid(Recorder *R, UopCode check)
{
    int looked_at = R->frames[0].info->looked_at || R->frames[0].info->catches;
    R->escaped_now = 0;
    if (rec_is_overtaken(R) && !R->behind_raise)
        rec_stop(R, RECORD_ABORT, ABORT_OVERTAKEN, rec_snapshot(R));
    if (looked_at && !R->behind_raise)
        cpy_without_frame_object(R->frame);
    if (R->behind_raise)
        ;       /* nothing of it has happened */
    else if ((R->frame->frame_obj && (R->frames[0].code->co_flags & CO_OPTIMIZED) && !looked_at) || (*R->S->breaker ^ R->S->calm) >> 8 ||
        *R->S->allocator != R->S->calm_allocator || *R->S->evaluator != R->S->calm_evaluator) {
        rec_note_looked_at(R, R->pushed ? R->n_frames : 1);
        rec_stop(R, RECORD_ABORT, ABORT_FRAME_OBJECT, rec_snapshot(R));
    }
    int32_t snap = rec_snapshot(R);
    rec_emit_snap(R, looked_at ? UOP_CHECK_LOOKED : check, REF_NONE, REF_NONE, REF_NONE, (int64_t)(uintptr_t)&R->t->root->valid, snap);
    if (looked_at)
        forget_locals(R);
    if (!R->pushed)
        return;
    int n = R->n_frames - 1;
    rec_emit_snap(R, UOP_CHECK_FRAMES, REF_NONE, REF_NONE, REF_NONE, n, snap);
    rec_emit(R, UOP_POP_FRAMES, REF_NONE, REF_NONE, REF_NONE, n);
    R->pushed = 0;
}

static void release_now(Recorder *R, Operand v)
{
    PyObject *o = rec_object(R, v.ref);
    PyTypeObject *type = builder_type(&R->b, v.ref);
    int op = IS_CONST(v.ref) ? UOP_COUNT : R->t->uops[v.ref].op, from_slot = op == UOP_SWAP_SLOT || op == UOP_TAKE_SLOT;
    if (!type && o && !from_slot && cpy_is_leaf_type(Py_TYPE(o)) && !_Py_IsImmortal(o)) {
        if (op == UOP_PARAM_OBJ || op == UOP_SWAP_CELL || op == UOP_DICT_SWAP)      /* what was there may be NULL another time */
            rec_emit_snap(R, UOP_GUARD_NOT_NULL, v.ref, REF_NONE, REF_NONE, 0, rec_snapshot(R));
        rec_emit_snap(R, UOP_GUARD_TYPE, v.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)Py_TYPE(o), rec_snapshot(R));
        type = Py_TYPE(o);
    }
    if (type && cpy_is_leaf_type(type)) {
        R->n_drops--;
        memmove(R->drops, R->drops + 1, sizeof *R->drops * R->n_drops);
        rec_emit(R, UOP_DECREF_LEAF, v.ref, REF_NONE, REF_NONE, 0);
        return;
    }
    int dies = o && !_Py_IsImmortal(o) && Py_REFCNT(o) == 1, quietly = dies && cpy_dies_quietly(o);
    if (dies && !quietly) {     /* here: arbitrary code may run */
        rec_before_escape(R);
        R->n_drops--;
        memmove(R->drops, R->drops + 1, sizeof *R->drops * R->n_drops);
        R->closed = 1;
        rec_emit(R, UOP_DECREF_CALL, v.ref, REF_NONE, REF_NONE, 0);
        check_valid(R, UOP_CHECK_DIED);
        R->closed = 0;
        R->snap = -1;
        return;
    }
    int32_t snap = rec_snapshot(R);
    R->n_drops--;
    memmove(R->drops, R->drops + 1, sizeof *R->drops * R->n_drops);
    rec_emit_snap(R, quietly ? UOP_DECREF_QUIET : UOP_DECREF, v.ref, REF_NONE, REF_NONE, 0, snap);
}

void rec_release_now(Recorder *R, int dies)
{
    for (int i = 0; i < R->n_drops; i++)
        rec_emit(R, dies ? UOP_DECREF_CALL : UOP_DECREF_LEAF, R->drops[i].ref, REF_NONE, REF_NONE, 0);
    R->n_drops = 0;
    R->only_died = dies;
    if (dies)
        forget_locals(R);
}

void rec_finish(Recorder *R)
{
    RecFrame *f = TOP_FRAME(R);
    if (R->escaped_now)
        check_valid(R, R->invoked ? UOP_CHECK_INVOKED : R->only_died ? UOP_CHECK_DIED : UOP_CHECK_VALID);
    R->only_died = R->invoked = 0;
    f->ip = f->next;
    R->start_depth = f->depth;
    R->snap = -1;
    R->closed = 0;
    while (R->n_drops) {
        Operand v = R->drops[0];
        if (R->room.borrowed)
            rec_abort(R, ABORT_TOO_LONG);
        rec_protect_slot(R, NULL);
        release_now(R, v);
        R->snap = -1;
    }
}

void rec_end_behind_raise(Recorder *R)
{
    rec_count(R);
    R->snap = -1;
    int32_t snap = R->b.snapshot(R);
    rec_append(R, UOP_EXIT, REF_NONE, 0, snap);
    rec_stop(R, RECORD_LINK, ABORT_NONE, snap);
}
