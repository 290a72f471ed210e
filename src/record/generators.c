/* generators.c: resuming generators, and what stands in their bodies.
 *
 * A generator that is iterated over is resumed natively, by RESUME_GEN (stencils/generators.h): its frame is its own and stays where it is, with its
 * variables in memory from yield to yield. Roots begin behind each RESUME, and end in YIELD: to the native code that has resumed it, or, where that was the
 * interpreter, by an exit in front of the instruction. */
#include "functions.h"
#include "../cpython/watch.h"

/* ---- resuming ---- */

/* The generator can be resumed natively. */
static Resumed *resumable(Recorder *R, PyObject *gen)
{
    Frame *frame = cpy_generator_frame(gen);
    if (!config.functions || ((GenObj *)gen)->state >= FRAME_EXECUTING)
        return NULL;
    PyFunctionObject *fn = cpy_frame_function(frame);
    PyCodeObject *code = cpy_frame_code(frame);
    if (fn->func_version < FIRST_FUNCTION_VERSION || fn->func_code != (PyObject *)code || cpy_watched_by_others(code) || code->_co_instrumentation_version != R->S->calm)
        return NULL;
    CodeInfo *info = codeinfo_get(code);
    return info ? codeinfo_resume(info, fn) : NULL;
}

static void guard_resumed(Recorder *R, Ref gen, const Resumed *resumed)
{
    PyFunctionObject *fn = cpy_frame_function(cpy_generator_frame(rec_object(R, gen)));
    rec_emit(R, UOP_GUARD_FUNC, rec_emit(R, UOP_GEN_FUNCTION, gen, REF_NONE, REF_NONE, 0), REF_NONE, REF_NONE, fn->func_version);
    rec_emit(R, UOP_GUARD_RESUME, gen, REF_NONE, REF_NONE, (int64_t)(uintptr_t)resumed);
}

int rec_next_of_generator(Recorder *R, Ref gen)
{
    Resumed *resumed = resumable(R, rec_object(R, gen));
    if (!resumed)
        return 0;
    guard_resumed(R, gen, resumed);
    rec_before_escape(R);
    rec_emit_snap(R, UOP_RESUME_GEN, gen, REF_NONE, REF_NONE, (int64_t)(uintptr_t)resumed, rec_snapshot_raise(R));
    R->closed = 1;
    R->invoked = 1;
    return 1;
}

/* ---- bodies ---- */

/* At a boundary of the entry frame, whose slots go to memory but for the `but` topmost ones. */
static void all_to_memory(Recorder *R, int but)
{
    RecFrame *f = TOP_FRAME(R);
    for (int i = 0; i < f->n_locals + f->depth - but; i++)
        rec_to_memory(R, i);
}

/* The trace ends in it. The value is on top. */
static void yield_value(Recorder *R, int arg)
{
    RecFrame *f = TOP_FRAME(R);
    int n = f->n_locals + f->depth - 1;
    Operand v;
    if (R->n_frames > 1 || !config.functions || n > INT16_MAX || (!R->loop && !rec_is_worth_ending(R)))
        return;
    rec_must_not_leave(R);
    rec_peek(R, 0, &v);
    all_to_memory(R, 1);
    rec_peek(R, 0, &v);
    int op = IS_CONST(v.ref) ? UOP_COUNT : R->t->uops[v.ref].op;
    Ref value = op == UOP_SINK_INT || op == UOP_SINK_FLOAT ? builder_content(&R->b, v.ref) : rec_steal(R, 0);
    rec_emit(R, UOP_SET_IP, REF_NONE, REF_NONE, REF_NONE, (int64_t)(uintptr_t)(cpy_code_start(f->code) + f->next));
    rec_end_in(R, op == UOP_SINK_INT ? UOP_YIELD_INT : op == UOP_SINK_FLOAT ? UOP_YIELD_FLOAT : UOP_YIELD, value, (int64_t)(FRAME_SUSPENDED + arg) << 16 | n);
}

int rec_generators(Recorder *R, int op, int arg)
{
    switch (op) {
    case YIELD_VALUE:
        yield_value(R, arg);
        return 0;
    default:
        return 0;
    }
}
