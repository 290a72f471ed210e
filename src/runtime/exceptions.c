/* exceptions.c: what exceptions that are caught in a trace need of C (stencils/exceptions.h). */
#include "../cpython/raise.h"
#include "../ir/ir.h"

Obj *h_catch(State *S, Obj *exc)
{
    if (exc)
        PyErr_SetRaisedException((PyObject *)exc);
    return (Obj *)raise_here(S->thread, cpy_frame_of(S->base));
}
