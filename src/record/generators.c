/* generators.c: what stands in the bodies of generators and coroutines: yields, `yield from`, `await`, `async for`.
 *
 * A generator that is iterated over is resumed natively (resume.c): its frame is its own and stays where it is, with its variables in
 * memory from yield to yield. Roots begin behind each RESUME, and end in YIELD: to the native code that has resumed it, or, where that was
 * the interpreter, by an exit in front of the instruction. */
#include "functions.h"
#include "../interpret/interpret.h"

/* ---- yielding ---- */

/* The trace may end in a yield of the entry frame. */
static int may_yield(const Recorder *R)
{
    return R->n_frames == 1 && config.functions && R->frames[0].n_locals + R->frames[0].depth <= INT16_MAX &&
           (R->loop || rec_is_worth_ending(R));
}

/* At a boundary of the entry frame, whose slots go to memory but for the `but` topmost ones. */
static void all_to_memory(Recorder *R, int but)
{
    RecFrame *f = TOP_FRAME(R);
    for (int i = 0; i < f->n_locals + f->depth - but; i++)
        rec_to_memory(R, i);
}

static _Noreturn void end_yielding(Recorder *R, UopCode op, Ref value, int arg)
{
    RecFrame *f = TOP_FRAME(R);
    rec_emit(R, UOP_SET_IP, REF_NONE, REF_NONE, REF_NONE, (int64_t)(uintptr_t)(cpy_code_start(f->code) + f->next));
    rec_end_in(R, op, value, (int64_t)(FRAME_SUSPENDED + arg) << 16 | (f->n_locals + f->depth - 1));
}

/* ---- SEND: `yield from`, `await` ---- */

/* What it has given lies on top. */
static void test_sent(Recorder *R)
{
    RecFrame *f = TOP_FRAME(R);
    int returned = R->S->returned != 0;
    rec_emit_snap(R, returned ? UOP_GUARD_RETURNED : UOP_GUARD_YIELDED, REF_NONE, REF_NONE, REF_NONE, 0, rec_snapshot_sent(R));
    if (returned)
        f->next += cpy_fetch(f->info->units, f->ip).arg;
}

void rec_continue_sent(Recorder *R)
{
    RecFrame *f = TOP_FRAME(R);
    Instruction i = cpy_fetch(f->info->units, f->ip);
    R->current_ip = i.at;
    f->next = i.next;
    R->closed = 1;
    test_sent(R);
    rec_take_pushed(R, rec_snapshot);
}

/* What has been given is yielded on, at once, and nothing stands against it. */
static int passes_on(Recorder *R)
{
    return rec_next_instruction(R).op == YIELD_VALUE && may_yield(R) && !rec_is_overtaken(R) && R->t->root->valid &&
           !interp_is_invalid(R->S, R->t);
}

/* YIELD_VALUE behind SEND, recorded with it: nobody takes what lies on top. */
static _Noreturn void pass_on(Recorder *R)
{
    RecFrame *f = TOP_FRAME(R);
    Instruction yield = rec_next_instruction(R);
    rec_emit_snap(R, UOP_CHECK_INVOKED, REF_NONE, REF_NONE, REF_NONE, (int64_t)(uintptr_t)&R->t->root->valid, rec_snapshot(R));
    R->escaped_now = R->invoked = R->closed = 0;
    f->ip = f->next;
    f->next = yield.next;
    R->start_depth = f->depth;
    R->snap = -1;
    R->n_bytecodes++;
    all_to_memory(R, 1);
    end_yielding(R, UOP_YIELD_RESULT, REF_NONE, yield.arg);
}

/* `yield from` an iterator, or a generator that can be followed into: it is asked for its next item. 0: not done. */
static int send_nothing(Recorder *R, Operand receiver, int arg)
{
    Operand v;
    rec_peek(R, 0, &v);
    PyTypeObject *type = rec_type(R, receiver.ref);
    if (rec_object(R, v.ref) != Py_None || (type != &PyGen_Type && !rec_is_direct(R, receiver.ref)))
        return 0;
    if (!IS_CONST(v.ref))
        rec_emit(R, UOP_GUARD_IS, v.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)Py_None);
    rec_guard_type(R, receiver.ref);
    if (type == &PyGen_Type)
        return rec_follow_generator(R, receiver.ref, CONT_GIVEN);
    if (rec_next_direct(R, receiver, 1))
        return 1;
    rec_push_ref(R, rec_const(R, Py_None), OWN_BORROWED);
    TOP_FRAME(R)->next += arg;
    return 1;
}

/* SEND: on top what is sent, below it who gets it. */
static void send(Recorder *R, int arg)
{
    Operand v, receiver;
    rec_peek(R, ITER_SLOTS, &receiver);
    PyObject *object = rec_object(R, receiver.ref);
    if (!object)
        rec_abort(R, ABORT_OPCODE);
    if (ITER_SLOTS > 1) {       /* an index may be there, beside what is iterated over */
        rec_peek(R, 1, &v);
        if (v.ref != REF_NONE && (builder_is_sunk(&R->b, v.ref) || rec_object(R, v.ref)))
            rec_abort(R, ABORT_OPCODE);
    }
    if (send_nothing(R, receiver, arg))
        return;
    int native = Py_IS_TYPE(object, &PyGen_Type) || Py_IS_TYPE(object, &PyCoro_Type);
    if (native)
        rec_guard_type(R, receiver.ref);
    Resumed *resumed = native ? rec_resumable(R, object) : NULL;
    if (resumed)
        rec_guard_resumed(R, receiver.ref, resumed);
    rec_steal(R, 0);
    rec_before_escape(R);
    v = rec_pop(R);
    rec_peek(R, ITER_SLOTS - 1, &receiver);
    if (resumed)
        rec_emit_snap(R, UOP_SEND_GEN, receiver.ref, v.ref, REF_NONE, (int64_t)(uintptr_t)resumed, rec_snapshot_raise(R));
    else
        rec_emit_snap(R, UOP_SEND, receiver.ref, v.ref, REF_NONE, 0, rec_snapshot_raise(R));
    R->closed = 1;
    R->invoked = 1;
    rec_push_result(R);
    test_sent(R);
    if (!R->S->returned && passes_on(R))
        pass_on(R);
    rec_take_pushed(R, rec_snapshot);
}

static void end_send(Recorder *R)
{
    Operand v = rec_pop(R), receiver;
    TOP_FRAME(R)->depth -= ITER_SLOTS - 1;
    receiver = rec_pop(R);
    R->closed = 1;
    rec_release(R, receiver);
    rec_push_same(R, v);
}

/* A generator, or a coroutine in one: as it is. Others are iterated over. */
static int yield_from(Recorder *R)
{
    Operand v;
    rec_peek(R, 0, &v);
    PyTypeObject *type = rec_type(R, v.ref);
    int is_awaited = type == &PyCoro_Type && (TOP_FRAME(R)->code->co_flags & (CO_COROUTINE | CO_ITERABLE_COROUTINE));
    rec_guard_type(R, v.ref);
    if (type != &PyGen_Type && !is_awaited) {
        if (type == &PyCoro_Type)       /* an error with a text of its own */
            rec_abort(R, ABORT_OPCODE);
        return 0;
    }
    R->closed = 1;
    if (ITER_SLOTS > 1)
        rec_push_ref(R, REF_NONE, OWN_NULL);
    return 1;
}

/* ---- bodies ---- */

/* The trace ends in it. The value is on top. */
static void yield_value(Recorder *R, int arg)
{
    Operand v;
    if (!may_yield(R))
        return;
    rec_must_not_leave(R);
    rec_peek(R, 0, &v);
    rec_part_with(R, v.ref);
    all_to_memory(R, 1);
    rec_peek(R, 0, &v);
    int op = IS_CONST(v.ref) ? UOP_COUNT : R->t->uops[v.ref].op;
    if (op == UOP_SINK_INT || op == UOP_SINK_FLOAT)
        end_yielding(R, op == UOP_SINK_INT ? UOP_YIELD_INT : UOP_YIELD_FLOAT, builder_content(&R->b, v.ref), arg);
    end_yielding(R, UOP_YIELD, rec_steal(R, 0), arg);
}

/* ---- await, async for ---- */

/* A coroutine that has not begun is what is awaited itself. */
static void get_awaitable(Recorder *R, int arg)
{
    Operand v;
    rec_peek(R, 0, &v);
    PyObject *o = rec_object(R, v.ref);
    if (o && PyCoro_CheckExact(o) && ((GenObj *)o)->state == FRAME_CREATED) {
        rec_guard_type(R, v.ref);
        if (IS_CONST(v.ref) || R->t->uops[v.ref].op != UOP_NEW_GEN)
            rec_emit(R, UOP_GUARD_STATE, v.ref, REF_NONE, REF_NONE, FRAME_CREATED);
        R->closed = 1;
        return;
    }
    rec_by_number(R, 1, arg, cpy_get_awaitable);
}

static void get_anext(Recorder *R)
{
    Operand v;
    rec_peek(R, 0, &v);
    Ref more = v.ref;
    rec_push_ref(R, rec_call_given(R, 0, &more, 1, cpy_get_anext), OWN_TRACE);
}

int rec_generators(Recorder *R, int op, int arg)
{
    switch (op) {
    case GET_AWAITABLE:
        get_awaitable(R, arg);
        return 1;
    case GET_AITER:
        rec_push_ref(R, rec_call_given(R, 1, NULL, 0, cpy_get_aiter), OWN_TRACE);
        return 1;
    case GET_ANEXT:
        get_anext(R);
        return 1;
    case YIELD_VALUE:
        if (TOP_FRAME(R)->stand) {
            rec_yield_item(R);
            return 1;
        }
        yield_value(R, arg);
        return 0;
    case SEND:
        send(R, arg);
        return 1;
    case END_SEND:
        end_send(R);
        return 1;
    case GET_YIELD_FROM_ITER:
        return yield_from(R) || rec_get_iter(R);
    case GET_ITER:                      /* with an argument, else iterate.c: from 3.15 on it stands for GET_YIELD_FROM_ITER too */
        return arg == GET_ITER_TO_YIELD_FROM && yield_from(R);
    case JUMP_BACKWARD_NO_INTERRUPT:
        TOP_FRAME(R)->next -= arg;
        R->closed = 1;
        return 1;
    default:
        return 0;
    }
}
