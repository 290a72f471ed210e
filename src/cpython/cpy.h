/* What the rest of copypatch may know about CPython. PY_VERSION_HEX and CPython's internal headers appear in this folder only.
 *
 * What differs between its versions is said in version.h; here it has one name. */
#pragma once
#include "version.h"
#define COPYPATCH_HOSTED
#include "../../stencils/abi.h"

typedef _PyInterpreterFrame Frame;

/* PyThreadState_LeaveTracing() and EnterTracing() without the calls. */
static inline void cpy_leave_tracing(PyThreadState *ts) { ts->tracing--; }
static inline void cpy_enter_tracing(PyThreadState *ts) { ts->tracing++; }

extern void *cpy_small_ints;        /* the int object 0, with those of -5 to 256 around it; borrowed */

#define CO_ANY_GENERATOR (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR)

/* ---- frames ---- */

/* The thread's current Python frame; borrowed. */
static inline Frame *cpy_frame(PyThreadState *ts) { return ts->current_frame; }
/* Names are looked for in a mapping of its own before its globals: a class body, code that exec() runs. */
static inline int cpy_has_own_locals(const Frame *f) { return f->f_locals && f->f_locals != f->f_globals; }
/* A C++ exception that goes through frames, and is caught in a function that was called, leaves them there. The interpreter goes on in its
 * own. */
static inline void cpy_go_back_to(PyThreadState *ts, Frame *frame) { ts->current_frame = frame; }
/* Between two calls of the interpreter from C stands one that runs no Python code. */
static inline int cpy_frame_is_python(const Frame *f) { return f->owner < FRAME_OWNED_BY_C; }
static inline int cpy_frame_is_called_by_c(const Frame *f) { return f->previous && !cpy_frame_is_python(f->previous); }
static inline PyCodeObject *cpy_frame_code(const Frame *f) { return (PyCodeObject *)FRAME_OBJECT(f->f_executable); }
static inline PyFunctionObject *cpy_frame_function(const Frame *f) { return (PyFunctionObject *)FRAME_OBJECT(f->f_funcobj); }
static inline _Py_CODEUNIT *cpy_code_start(PyCodeObject *code) { return _PyCode_CODE(code); }
static inline int cpy_code_units(PyCodeObject *code) { return (int)Py_SIZE(code); }
/* Index of the code unit the frame is at. */
static inline int cpy_frame_ip(const Frame *f) { return (int)(f->instr_ptr - _PyCode_CODE(cpy_frame_code(f))); }
static inline void cpy_frame_set_ip(Frame *f, int unit) { f->instr_ptr = _PyCode_CODE(cpy_frame_code(f)) + unit; }

/* Slots: locals, then the operand stack. slot_object(), slot_give() and so on are for them (stencils/abi.h). */
static inline FrameSlot *cpy_slots(Frame *f) { return (FrameSlot *)f->localsplus; }
static inline Frame *cpy_frame_of(FrameSlot *slots) { return (Frame *)((char *)slots - offsetof(Frame, localsplus)); }
static inline PyObject *cpy_slot(Frame *f, int i) { return (PyObject *)slot_object(&cpy_slots(f)[i]); }
/* Values on the operand stack of a frame that is not executing (its stack pointer saved). */
static inline int cpy_frame_depth(Frame *f) { return FRAME_TOP(f) - cpy_frame_code(f)->co_nlocalsplus; }
static inline void cpy_frame_set_depth(Frame *f, int depth) { FRAME_SET_TOP(f, cpy_frame_code(f)->co_nlocalsplus + depth); }
/* The operand stack owns what it holds: constants may be there whose references are their code's. */
static inline void cpy_own_stack(Frame *f)
{
    for (int i = cpy_frame_code(f)->co_nlocalsplus; SLOT_UNCOUNTED && i < FRAME_TOP(f); i++)
        slot_own(&cpy_slots(f)[i]);
}
/* The collector reads a generator's operand stack unless the frame is executing: what lies in memory then is not the stack. */
static inline void cpy_frame_set_executing(Frame *f) { FRAME_SET_EXECUTING(f); }
static inline GenObj *cpy_generator_of(Frame *f) { return (GenObj *)((char *)f - offsetof(GenObj, frame)); }
static inline Frame *cpy_generator_frame(PyObject *gen) { return (Frame *)&((GenObj *)gen)->frame; }
/* The reference is the frame's; the frame is not executing. */
static inline void cpy_push(Frame *f, PyObject *o)
{
    int top = FRAME_TOP(f);
    slot_give(&cpy_slots(f)[top], (Obj *)o);
    FRAME_SET_TOP(f, top + 1);
}
