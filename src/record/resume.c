/* resume.c: generators that are resumed natively, by RESUME_GEN or SEND_GEN (stencils/generators.h).
 *
 * One can be that does not run, whose code is still its function's, and watched by nobody. That is guarded before; what it gives is taken
 * behind it. */
#include "functions.h"
#include "../cpython/watch.h"
#include "../runtime/generators.h"

Resumed *rec_resumable(Recorder *R, PyObject *gen)
{
    Frame *frame = cpy_generator_frame(gen);
    if (!config.functions || ((GenObj *)gen)->state >= FRAME_EXECUTING)
        return NULL;
    PyFunctionObject *fn = cpy_frame_function(frame);
    PyCodeObject *code = cpy_frame_code(frame);
    if (fn->func_version < FIRST_FUNCTION_VERSION || fn->func_code != (PyObject *)code || cpy_watched_by_others(code) ||
        code->_co_instrumentation_version != R->S->calm)
        return NULL;
    CodeInfo *info = codeinfo_get(code);
    return info ? codeinfo_resume(info, fn) : NULL;
}

/* Bytecodes: what it costs more than the interpreter's way to go past a generator that delegates, and what each more of them in a row
 * costs less. */
#define DELEGATED 10
#define DELEGATED_AGAIN 3

void rec_guard_resumed(Recorder *R, Ref gen, const Resumed *resumed)
{
    int n = h_delegates((const GenObj *)rec_object(R, gen));
    if (n)
        R->work -= DELEGATED - DELEGATED_AGAIN * n;
    PyFunctionObject *fn = cpy_frame_function(cpy_generator_frame(rec_object(R, gen)));
    rec_emit(R, UOP_GUARD_FUNC, rec_emit(R, UOP_GEN_FUNCTION, gen, REF_NONE, REF_NONE, 0), REF_NONE, REF_NONE, fn->func_version);
    rec_emit(R, UOP_GUARD_RESUME, gen, REF_NONE, REF_NONE, (int64_t)(uintptr_t)resumed);
}

int rec_next_of_generator(Recorder *R, Ref gen)
{
    Resumed *resumed = rec_resumable(R, rec_object(R, gen));
    if (!resumed)
        return 0;
    rec_guard_resumed(R, gen, resumed);
    rec_before_escape(R);
    rec_emit_snap(R, UOP_RESUME_GEN, gen, REF_NONE, REF_NONE, (int64_t)(uintptr_t)resumed, rec_snapshot_raise(R));
    R->closed = 1;
    R->invoked = 1;
    return 1;
}
