/* generators.c: what generators and coroutines that are resumed natively need of C (stencils/generators.h): one that has no code where it stands, and the
 * end of one. */
#include "../cpython/frame.h"
#include "generators.h"

void h_keep_result(State *S, Obj *result, int returned, int64_t sends)
{
    S->raw = RAW_OBJECT;
    S->returned = returned;
    S->result.o = result;
    if (returned && !sends) {
        S->result.o = NULL;
        Py_DECREF((PyObject *)result);
    }
}

static int resume(State *S, Obj *g, PyObject *sent, int64_t sends)
{
    PyObject *result = NULL;
    S->loud = 1;
    PySendResult how = PyIter_Send((PyObject *)g, sent, &result);
    if (how == PYGEN_ERROR)
        return 0;
    h_keep_result(S, (Obj *)result, how == PYGEN_RETURN, sends);
    return 1;
}

int h_resume(State *S, Obj *g) { return resume(S, g, Py_None, 0); }

int h_send(State *S, Obj *receiver, Obj *v)
{
    int done = resume(S, receiver, (PyObject *)v, 1);
    Py_DECREF((PyObject *)v);
    return done;
}

void h_end_generator(State *S)
{
    PyThreadState *ts = S->thread;
    Frame *frame = cpy_frame_of(S->base);
    ts->current_frame = frame->previous;
    ts->py_recursion_remaining++;
    cpy_frame_set_depth(frame, 0);
    S->loud = 1;
    _PyEval_FrameClearAndPop(ts, frame);
    h_keep_result(S, S->result.o, 1, S->record->site->sends);
}
