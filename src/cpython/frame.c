/* frame.c: pushing and popping interpreter frames, without the interpreter.
 *
 * A frame lies where the interpreter would have put it, on top of the thread's data stack, so whoever looks (tracebacks, sys._getframe,
 * other threads, the interpreter when it is given the frame) finds nothing unusual. */
#include "frame.h"
#include "reserve.h"

#define CHUNK_SIZE (16 * 1024)     /* bytes, as CPython's */
#define MAX_SPARE 16

/* Those that have gone, kept for the next: a recursion that goes up and down by more than a chunk has pages mapped, cleared and unmapped
 * all the time, as it has in the interpreter. */
static _PyStackChunk *spare;
static int n_spare;

/* Another chunk of data stack, which goes when its first frame is popped; as the interpreter adds it, which does not export how. */
void *cpy_add_chunk(PyThreadState *ts, int words)
{
    PyObjectArenaAllocator arena;
    PyObject_GetArenaAllocator(&arena);
    size_t size = CHUNK_SIZE;
    while (size < sizeof(PyObject *) * ((size_t)words + 1000))
        size *= 2;
    _PyStackChunk *chunk = NULL;
    if (size == CHUNK_SIZE && spare) {
        chunk = spare;
        spare = chunk->previous;
        n_spare--;
    } else
        chunk = arena.alloc(arena.ctx, size);
    while (!chunk && reserve_release())
        chunk = arena.alloc(arena.ctx, size);
    if (!chunk)
        Py_FatalError("copypatch: out of memory for an inlined frame");
    _PyStackChunk *last = ts->datastack_chunk;
    *chunk = (_PyStackChunk){.previous = last, .size = size};
    if (last)
        last->top = (size_t)(ts->datastack_top - &last->data[0]);
    ts->datastack_chunk = chunk;
    ts->datastack_top = &chunk->data[last == NULL];
    ts->datastack_limit = (PyObject **)((char *)chunk + size);
    return ts->datastack_top;
}

void cpy_cut_stack(PyThreadState *ts, void *from)
{
    _PyStackChunk *chunk = ts->datastack_chunk, *previous = chunk->previous;
    if (from != (void *)&chunk->data[0] || !previous || chunk->size != CHUNK_SIZE || n_spare == MAX_SPARE) {
        _PyThreadState_PopFrame(ts, from);
        return;
    }
    chunk->previous = spare;
    spare = chunk;
    n_spare++;
    ts->datastack_chunk = previous;
    ts->datastack_top = &previous->data[previous->top];
    ts->datastack_limit = (PyObject **)((char *)previous + previous->size);
}

static Frame *new_frame(PyThreadState *ts, PyFunctionObject *func, PyCodeObject *code, int unit)
{
    if (!_PyThreadState_HasStackSpace(ts, code->co_framesize))
        cpy_add_chunk(ts, code->co_framesize);
    Frame *f = (Frame *)ts->datastack_top;
    ts->datastack_top += code->co_framesize;
    cpy_fill_frame(f, func, code, cpy_code_start(code) + unit);
    return f;
}

Frame *cpy_push_frame(PyThreadState *ts, PyFunctionObject *func, PyCodeObject *code, int unit)
{
    Frame *f = new_frame(ts, func, code, unit);
    cpy_link_frame(ts, f);
    return f;
}

void cpy_pop_frame(PyThreadState *ts)
{
    Frame *f = ts->current_frame;
    FRAME_REF_CLOSE(f->f_funcobj);
    FRAME_REF_CLOSE(f->f_executable);
    ts->current_frame = f->previous;
    _PyThreadState_PopFrame(ts, f);
    ts->py_recursion_remaining++;
}

PyObject *cpy_run_frame(PyThreadState *ts, Frame *f)
{
    c_recursion_set(ts, c_recursion_left(ts) + C_RECURSION_OF_FRAME);
    PyObject *result = _PyEval_EvalFrameDefault(ts, f, 0);
    c_recursion_set(ts, c_recursion_left(ts) - C_RECURSION_OF_FRAME);
    return result;
}

PyObject *cpy_call_with_parameters(PyThreadState *ts, PyFunctionObject *func, PyObject *const *values, int n, int own)
{
    PyCodeObject *code = (PyCodeObject *)func->func_code;
    Frame *f = new_frame(ts, func, code, 0);
    FrameSlot *slot = cpy_slots(f);
    for (int i = 0; i < code->co_nlocalsplus; i++) {
        if (i < n && !own)
            incref((Obj *)values[i]);
        slot_give(slot++, i < n ? (Obj *)values[i] : NULL);
    }
    FRAME_SET_TOP(f, code->co_nlocalsplus);
    return cpy_run_frame(ts, f);
}

/* One that was let go, as new, and for how many slots; owned. Nothing refers to it, no collector knows it: frame objects are tracked when they
 * outlive their frames. In a loop that catches one is let go in each turn, and made in the next. */
static PyFrameObject *spare_object;
static int spare_slots;

static int frame_slots(Frame *f) { return cpy_frame_code(f)->co_nlocalsplus + cpy_frame_code(f)->co_stacksize; }

static void keep_spare(Frame *f, PyFrameObject *o)
{
    if (PyObject_GC_IsTracked((PyObject *)o)) {
        Py_DECREF(o);
        return;
    }
    o->f_frame = NULL;
    spare_slots = frame_slots(f);
    Py_XSETREF(spare_object, o);
}

void cpy_use_spare_frame_object(Frame *f)
{
    if (!spare_object || f->frame_obj || spare_slots != frame_slots(f))
        return;
    spare_object->f_frame = f;
    f->frame_obj = spare_object;
    spare_object = NULL;
}

int cpy_without_frame_object(Frame *f)
{
    PyFrameObject *o = f->frame_obj;
    if (!o)
        return 1;
    if (Py_REFCNT(o) != 1 || o->f_back || o->f_trace || o->f_lineno || !o->f_trace_lines || o->f_trace_opcodes || o->f_extra_locals ||
        o->f_locals_cache || FRAME_OBJECT_KEEPS(o))
        return 0;
    f->frame_obj = NULL;
    keep_spare(f, o);
    return 1;
}
