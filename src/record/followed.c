/* followed.c: generators that are followed into from the loop that goes over them, or from the generator that delegates to them.
 *
 * A FOR_ITER over a generator that is suspended at a yield goes on behind that yield: its frame stands above the consumer's like that of
 * an inlined function, and its YIELD_VALUE is a jump back. Nothing else is done: the generator stays as it is, suspended, while its
 * instructions run; as no arbitrary code runs meanwhile, nobody can tell. An exit from there links the frame to the thread's
 * (execute/restore.c), and the interpreter runs it to its yield.
 *
 *     consumer: FOR_ITER ── GUARD_STANDS ── the generator, up to YIELD_VALUE ── what has changed is stored ── consumer: behind FOR_ITER
 *
 * Its slots are in the generator's memory, read when needed (suspended.c). What is stored to one is a value of the trace, as in an inlined
 * frame, until the yield, where all go to memory (STORE_GEN_INT writes into the int object that lies there). What memory holds meanwhile
 * is stale, and a number or the like; anything else is taken from there at once, so that it dies in time.
 *
 *  1. Arbitrary code finds no such frame: what would run it ends the recording, and the generator is resumed natively from then on
 *     (resume.c).
 *  2. No generator is entered that is entered already: GUARD_DIFFERENT of those that run the same code.
 *  3. It goes round in loops of its own a few times at most between two yields. */
#include "functions.h"
#include "../cpython/liveness.h"

#define RESUMED 10          /* bytecodes: what the interpreter does to resume it and to come back, beyond their number */

/* ---- to memory, at a yield ---- */

static void in_memory(Recorder *R, Slot *s, Ref ref)
{
    *s = (Slot){.ref = ref, .own = OWN_MEMORY};
    R->snap = -1;
}

/* A number that nothing else holds: written into the object that lies there. */
static int store_number(Recorder *R, RecFrame *f, Slot *s)
{
    if (s->ref == REF_NONE || IS_CONST(s->ref) || rec_n_holders(R, s->ref) != 1)
        return 0;
    const Uop u = R->t->uops[s->ref];
    if (u.op != UOP_SINK_INT && u.op != UOP_SINK_FLOAT)
        return 0;
    UopCode op = u.op == UOP_SINK_INT ? UOP_STORE_GEN_INT : UOP_STORE_GEN_FLOAT;
    in_memory(R, s, rec_emit(R, op, f->func, u.a, REF_NONE, rec_suspended_place(f, s)));
    return 1;
}

static void to_memory(Recorder *R, RecFrame *f, Slot *s)
{
    int is_local = s < f->slots + f->n_locals;
    if (s->own == OWN_MEMORY || (is_local && store_number(R, f, s)))
        return;
    if (s->ref != REF_NONE && !IS_CONST(s->ref) && R->t->uops[s->ref].op == UOP_SINK_TAGGED) {
        rec_emit(R, UOP_STORE_GEN_TAGGED, f->func, builder_content(&R->b, s->ref), REF_NONE, rec_suspended_place(f, s));
        in_memory(R, s, REF_NONE);
        return;
    }
    if (s->own != OWN_NULL && builder_is_sunk(&R->b, s->ref))
        rec_real(R, operand(s->ref, OWN_BORROWED));
    if (s->own == OWN_BORROWED)
        rec_emit(R, UOP_INCREF, s->ref, REF_NONE, REF_NONE, 0);
    Ref value = s->own == OWN_NULL ? rec_const(R, NULL) : s->ref;
    if (is_local) {
        Ref stale = rec_emit(R, UOP_SWAP_GEN_SLOT, f->func, value, REF_NONE, rec_suspended_place(f, s));
        builder_set_type(&R->b, stale, &PyFloat_Type);
        rec_emit(R, UOP_DECREF_LEAF, stale, REF_NONE, REF_NONE, 0);
    } else
        rec_emit(R, UOP_STORE_GEN_SLOT, f->func, value, REF_NONE, rec_suspended_place(f, s));
    in_memory(R, s, value);
}

/* ---- in and out ---- */

static const Stand *stand_at(const Resumed *v, const void *ip)
{
    const Stand *stand = v->stand;
    while (stand->ip && stand->ip != ip)
        stand++;
    return stand->ip ? stand : NULL;
}

/* Stands it at a yield, and may it be entered? Where, or NULL. */
static const Stand *stand_of(Recorder *R, PyObject *object, Continuation how)
{
    const GenObj *gen = (const GenObj *)object;
    Frame *frame = cpy_generator_frame(object);
    int suspended = gen->state == FRAME_SUSPENDED || gen->state == FRAME_SUSPENDED_YIELD_FROM;
    if (!suspended || gen->error.value || frame->frame_obj || R->n_frames == MAX_FRAMES || R->prefix.snap >= 0)
        return NULL;
    for (int i = 1; i < R->n_frames; i++)
        if (R->frames[i].stand && rec_object(R, R->frames[i].func) == object)
            return NULL;
    const RecFrame *f = TOP_FRAME(R);
    PyCodeObject *code = cpy_frame_code(frame);
    CodeInfo *info = codeinfo_get(code);
    if (how == CONT_GIVEN && code == f->code)       /* the depth of such a recursion is another each time */
        return NULL;
    int n_slots = f->n_locals + f->code->co_stacksize + code->co_nlocalsplus + code->co_stacksize;
    if (!info || info->no_inline || f->slots + n_slots >= R->slots + MAX_SLOTS - 8)
        return NULL;
    Resumed *v = rec_resumable(R, object);
    return v ? stand_at(v, frame->instr_ptr) : NULL;
}

int rec_follow_generator(Recorder *R, Ref gen, Continuation how)
{
    PyObject *object = rec_object(R, gen);
    const Stand *stand = stand_of(R, object, how);
    if (!stand)
        return 0;
    Frame *frame = cpy_generator_frame(object);
    PyFunctionObject *fn = cpy_frame_function(frame);
    PyCodeObject *code = cpy_frame_code(frame);
    rec_emit(R, UOP_GUARD_FUNC, rec_emit(R, UOP_GEN_FUNCTION, gen, REF_NONE, REF_NONE, 0), REF_NONE, REF_NONE, fn->func_version);
    rec_emit(R, UOP_GUARD_STANDS, gen, REF_NONE, REF_NONE, (int64_t)(uintptr_t)stand);
    builder_know_generator(&R->b, gen, stand->of);
    for (int i = 1; i < R->n_frames; i++)
        if (R->frames[i].stand && R->frames[i].code == code)
            rec_emit(R, UOP_GUARD_DIFFERENT, gen, R->frames[i].func, REF_NONE, 0);
    if (how == CONT_GIVEN)
        rec_release(R, rec_pop(R));
    const RecFrame *below = TOP_FRAME(R);
    RecFrame *f = &R->frames[R->n_frames++];
    int unit = (int)((_Py_CODEUNIT *)stand->ip - cpy_code_start(code)) + RESUME_UNITS;
    *f = (RecFrame){.code = code, .info = codeinfo_get(code), .globals = frame->f_globals, .builtins = frame->f_builtins, .func = gen,
                    .function = fn, .slots = below->slots + below->n_locals + below->code->co_stacksize, .n_locals = code->co_nlocalsplus,
                    .depth = cpy_frame_depth(frame), .ip = unit, .next = unit, .stand = stand, .continuation = how};
    f->top = f->depth;
    for (int i = 0; i < f->n_locals + f->depth; i++)
        f->slots[i] = (Slot){.ref = REF_NONE, .own = OWN_MEMORY};
    f->info->followed = 1;
    R->work += RESUMED;
    rec_push_ref(R, rec_const(R, Py_None), OWN_BORROWED);       /* what is sent */
    return 1;
}

void rec_part_with(Recorder *R, Ref value)
{
    RecFrame *f = TOP_FRAME(R);
    int op = IS_CONST(value) ? UOP_COUNT : R->t->uops[value].op;
    if (op != UOP_SINK_INT && op != UOP_SINK_FLOAT)
        return;
    Ref other = REF_NONE;
    for (int i = 0; i < f->n_locals; i++) {
        if (f->slots[i].ref != value || liveness_is_read(f->info, f->next, i))
            continue;
        if (other == REF_NONE)
            other = rec_emit(R, (UopCode)op, builder_content(&R->b, value), REF_NONE, REF_NONE, 0);
        f->slots[i].ref = other;
    }
}

void rec_yield_item(Recorder *R)
{
    RecFrame *f = TOP_FRAME(R);
    Operand v;
    const Stand *stand = stand_at(f->stand->of, cpy_code_start(f->code) + f->next);
    if (!stand)
        rec_abort(R, ABORT_OPCODE);
    rec_peek(R, 0, &v);
    rec_part_with(R, v.ref);
    for (int i = 0; i < f->n_locals + f->depth - 1; i++)
        to_memory(R, f, &f->slots[i]);
    rec_hold(R, 0);
    R->closed = 1;
    if (stand != f->stand)
        rec_emit(R, UOP_GEN_STANDS, f->func, REF_NONE, REF_NONE, (int64_t)(uintptr_t)stand);
    if (f->depth - 1 != f->top)
        rec_emit(R, UOP_GEN_TOP, f->func, REF_NONE, REF_NONE, f->n_locals + f->depth - 1);
    v = rec_pop(R);
    R->n_frames--;
    rec_push(R, v);
}

void rec_end_followed(Recorder *R, Operand value)
{
    RecFrame *f = TOP_FRAME(R);
    if (R->n_frames > 2 || f->depth || f->continuation != CONT_ITEM)
        rec_abort(R, ABORT_LEFT_LOOP);
    for (int i = 0; i < f->n_locals; i++)
        to_memory(R, f, &f->slots[i]);
    rec_before_end(R);
    R->closed = 1;
    rec_emit(R, UOP_END_GEN, f->func, REF_NONE, REF_NONE, 0);
    R->n_frames--;
    f = TOP_FRAME(R);
    Instruction i = cpy_fetch(f->info->units, f->ip);
    R->current_ip = i.at;
    f->next = i.next + i.arg + FOR_ITER_SKIPS;
    rec_release(R, value);
    if (FOR_ITER_POPS)
        rec_release(R, rec_pop(R));
}
