/* call.c: C calls a function -> a frame that native code can run: a record in front of it, with a site that leads out. */
#include "call.h"
#include "../cpython/frame.h"
#include "../emit/emit.h"
#include "../runtime/frames.h"

static Site to_c;

void call_set_up(void) { to_c.back = emit_way_out(); }

int call_begin(PyThreadState *ts, State *S, PyFunctionObject *func, PyObject *const *args, int own, const Invoked *v)
{
    if (v->cells && !frames_new_cells(S, v))
        return 0;
    CallRecord *r = (CallRecord *)ts->datastack_top;
    Frame *frame = (Frame *)((PyObject **)r + CALL_WORDS);
    *r = (CallRecord){.site = &to_c, .base = S->base};
    cpy_fill_frame(frame, func, (PyCodeObject *)v->code, v->ip);
    FrameSlot *slot = cpy_slots(frame);
    for (intptr_t i = 0; i < v->n_args; i++) {
        if (!own)
            incref((Obj *)args[i]);
        slot_give(slot++, (Obj *)args[i]);
    }
    for (intptr_t i = 0; i < v->n_empty; i++)
        slot_clear(slot++);
    for (intptr_t i = 0; i < v->n_free; i++) {
        Obj *cell = (Obj *)PyTuple_GET_ITEM(func->func_closure, i);
        incref(cell);
        slot_give(slot++, cell);
    }
    ts->datastack_top = (PyObject **)frame + v->n_words;
    cpy_link_frame(ts, frame);
    S->base = cpy_slots(frame);
    S->record = r;
    S->top = frame;
    if (v->cells)
        frames_place_cells(S, S->base, v);
    return 1;
}

/* A record lies in front of it. Where a chunk of the data stack begins there is nothing in front of a frame. */
int call_has_begun(PyThreadState *ts, const Frame *frame)
{
    const char *record = (const char *)((PyObject *const *)frame - CALL_WORDS);
    if (frame->owner != FRAME_OWNED_BY_THREAD)
        return 0;
    for (const _PyStackChunk *chunk = ts->datastack_chunk; chunk; chunk = chunk->previous)
        if (record >= (const char *)&chunk->data[0] && record < (const char *)chunk + chunk->size)
            return ((const CallRecord *)record)->site == &to_c;
    return 0;
}
