/* exceptions.c: what exceptions that are caught in a trace need of C (stencils/exceptions.h). */
#include "exceptions.h"
#include "../cpython/raise.h"
#include "../cpython/watch.h"

int h_is_watched(const State *S, Frame *frame)
{
    return (*S->breaker ^ S->calm) >> 8 || *S->evaluator != S->calm_evaluator || cpy_watched_by_others(cpy_frame_code(frame));
}

Obj *h_catch(State *S, Obj *exc)
{
    Frame *frame = cpy_frame_of(S->base);
    if (exc)
        PyErr_SetRaisedException((PyObject *)exc);
    return h_is_watched(S, frame) ? NULL : (Obj *)raise_here(S->thread);
}
