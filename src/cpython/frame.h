/* Frames of our own on the thread's data stack. */
#pragma once
#include "cpy.h"

/* Another chunk of data stack with room for so many words, and where they begin. Something has to be put there at once: the chunk goes with
 * what is first in it. */
void *cpy_add_chunk(PyThreadState *ts, int words);
/* All of the data stack behind `from`, where a frame or a record began, is free again. */
void cpy_cut_stack(PyThreadState *ts, void *from);

/* Pushes a frame of func that runs `code` (what func.__code__ was when the call was recorded) at a code unit: current from now on, counted
 * towards the recursion limit, executing (no stack depth). Takes references to both. Its slots hold garbage. */
Frame *cpy_push_frame(PyThreadState *ts, PyFunctionObject *func, PyCodeObject *code, int unit);

/* The two halves of that, where room has been made: the head, and (when the slots are filled) what makes it current. */
static inline void cpy_fill_frame(Frame *f, PyFunctionObject *func, PyCodeObject *code, _Py_CODEUNIT *ip)
{
    incref((Obj *)code);
    incref((Obj *)func);
    slot_give((FrameSlot *)&f->f_executable, (Obj *)code);
    slot_give((FrameSlot *)&f->f_funcobj, (Obj *)func);
    FRAME_INIT(f);
    f->f_globals = func->func_globals;
    f->f_builtins = func->func_builtins;
    f->f_locals = NULL;
    f->frame_obj = NULL;
    f->return_offset = 0;
    f->owner = FRAME_OWNED_BY_THREAD;
    f->instr_ptr = ip;
    cpy_frame_set_executing(f);
}
static inline void cpy_link_frame(PyThreadState *ts, Frame *f)
{
    f->previous = ts->current_frame;
    ts->current_frame = f;
    ts->py_recursion_remaining--;
}

/* A generator's own frame becomes current, as the interpreter makes it when it resumes one: executing, counted towards the recursion limit.
 * Nothing is pushed to it. */
static inline Frame *cpy_link_generator(PyThreadState *ts, PyObject *generator)
{
    GenObj *gen = (GenObj *)generator;
    HandledError **handled = (HandledError **)&ts->exc_info;
    gen->error.previous = *handled;
    *handled = &gen->error;
    gen->state = FRAME_EXECUTING;
    cpy_link_frame(ts, cpy_generator_frame(generator));
    return cpy_generator_frame(generator);
}

/* Takes the current frame off again. Its slots are the caller's; func and code have other owners. */
void cpy_pop_frame(PyThreadState *ts);

/* Runs a frame that is not linked to its end: consumed. New reference, or NULL with an exception. The interpreter alone would have gone on
 * in it without a call of C: nothing is taken of CPython's count of C recursion, as where there is room on the stack has been asked before
 * (cstack.h). */
PyObject *cpy_run_frame(PyThreadState *ts, Frame *f);

/* A call of func with a value for each of its n parameters (what *args and **names get among them), as they lie in its frame; `own`: their
 * references are consumed. Run by the interpreter. New reference, or NULL with an exception. */
PyObject *cpy_call_with_parameters(PyThreadState *ts, PyFunctionObject *func, PyObject *const *values, int n, int own);

/* 1 when no frame object stands for f. One that f alone holds, with nothing set in it, is let go: nobody can tell it from the one that
 * is made when somebody asks again. */
int cpy_without_frame_object(Frame *f);
/* Before the interpreter makes one for f, if there is none: the last one that was let go, if it has the size. */
void cpy_use_spare_frame_object(Frame *f);
