/* Who is called when C calls a Python function: its field `vectorcall`, where a door into native code may stand (attach/called.c). */
#pragma once
#include "cpy.h"

/* What stands there until somebody changes it. NULL when memory runs out; keeps an exception that is set, and sets none. */
vectorcallfunc cpy_plain_vectorcall(void);

/* The door, which does what the plain one does, in another way; set once. NULL: there is none. */
extern vectorcallfunc cpy_door;

/* It is called as the interpreter calls functions, by a frame: nobody else has changed that. */
static inline int cpy_is_plain(const PyFunctionObject *func)
{
    return func->vectorcall == cpy_plain_vectorcall() || func->vectorcall == cpy_door;
}

/* The field alone is written: what the interpreter has specialized for the function stays so. No effect on one that is not plain. */
void cpy_open_door(PyFunctionObject *func);
void cpy_close_door(PyFunctionObject *func);

/* From now on `created` is called for each new function. No effect when no watcher is free. */
void cpy_watch_functions(void (*created)(PyFunctionObject *func));

/* n arguments, those by name included, of a call of `callable` through its vectorcall. Is it the interpreter that calls, by a CALL or
 * CALL_KW that has not been specialized? Then the place on the operand stack of the current frame where they lie, whose references the
 * interpreter will release behind the call: it moves them into the frame of a plain function. NULL: somebody else calls. *kept: so many of
 * the first it has in registers, and releases itself: 0 or 1, self. */
FrameSlot *cpy_find_operands(Frame *frame, PyObject *callable, PyObject *const *args, size_t n, size_t *kept);
static inline FrameSlot *cpy_operands_of_call(PyThreadState *ts, PyObject *callable, PyObject *const *args, size_t n, size_t *kept)
{
    Frame *frame = cpy_frame(ts);
    int lie_behind = CALL_COPIES_OPERANDS || (uintptr_t)args - (uintptr_t)frame < (uintptr_t)ts->datastack_top - (uintptr_t)frame ||
                     (frame && frame->owner == FRAME_OWNED_BY_GENERATOR);
    return frame && lie_behind ? cpy_find_operands(frame, callable, args, n, kept) : NULL;
}
/* The operand, whose reference is the caller's now. */
static inline PyObject *cpy_take_operand(FrameSlot *slot)
{
    PyObject *o = (PyObject *)slot_owned(slot);
    if (!o)
        return Py_NewRef((PyObject *)slot_object(slot));
    slot_give(slot, (Obj *)Py_None);
    return o;
}

/* The same for a CALL_FUNCTION_EX, which moves what is in the tuple and the dict that it was given. 0: somebody else calls, or nothing is
 * given. 1: so it is; what nobody else has of the two, borrowed, or NULL. names: of the last of the n, or NULL; where there are some args
 * are references of their own. */
int cpy_spread_of_call(PyThreadState *ts, PyObject *callable, PyObject *const *args, size_t n, PyObject *names, PyObject **tuple,
                       PyObject **dict);
