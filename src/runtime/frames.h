/* Frames that native code enters. */
#pragma once
#include "../cpython/watch.h"
#include "../ir/ir.h"

#define CALLED_FROM_C 15        /* bytecodes: what a call takes longer when it does not come from the interpreter */

/* The cells of a function that is called natively (MAKE_CELL), made before its frame, in a chain that is S->result. 0, and nothing has happened: the interpreter shall make them, there is no memory, or a collection is due, which finds
 * the callee's frame. */
int frames_new_cells(State *S, const Invoked *v);
/* They take their slots of the frame, around what lies there. */
void frames_place_cells(State *S, FrameSlot *slot, const Invoked *v);

/* Nobody else wants to hear of what the code does, as far as may_go_on() in stencils/calls.h would ask. */
static inline int frames_calm(const State *S, PyCodeObject *code)
{
    return code->_co_instrumentation_version == S->calm && !cpy_watched_by_others(code);
}
