/* What the rest of copypatch may know about CPython. PY_VERSION_HEX and CPython's internal headers appear in this folder only. */
#pragma once
#define PY_SSIZE_T_CLEAN
#ifndef Py_BUILD_CORE
#define Py_BUILD_CORE 1
#endif
#include <Python.h>
#include "internal/pycore_frame.h"
#include "internal/pycore_code.h"
#include "internal/pycore_ceval.h"
#include "internal/pycore_pystate.h"
#include "internal/pycore_interp.h"
#include "internal/pycore_dict.h"
#include "internal/pycore_long.h"
#include "internal/pycore_range.h"
#include "opcode_ids.h"

typedef _PyInterpreterFrame Frame;

/* PyThreadState_LeaveTracing() and EnterTracing() without the calls. */
static inline void cpy_leave_tracing(PyThreadState *ts) { ts->tracing--; }
static inline void cpy_enter_tracing(PyThreadState *ts) { ts->tracing++; }

/* The thread's current Python frame; borrowed. */
static inline Frame *cpy_frame(PyThreadState *ts) { return ts->current_frame; }
static inline PyCodeObject *cpy_frame_code(Frame *f) { return (PyCodeObject *)f->f_executable; }
static inline _Py_CODEUNIT *cpy_code_start(PyCodeObject *code) { return _PyCode_CODE(code); }
static inline int cpy_code_units(PyCodeObject *code) { return (int)Py_SIZE(code); }
/* Index of the code unit the frame is at. */
static inline int cpy_frame_ip(Frame *f) { return (int)(f->instr_ptr - _PyCode_CODE((PyCodeObject *)f->f_executable)); }
static inline void cpy_frame_set_ip(Frame *f, int unit) { f->instr_ptr = _PyCode_CODE((PyCodeObject *)f->f_executable) + unit; }
/* Values on the operand stack of a frame that is not executing (its stack pointer saved). */
static inline int cpy_frame_depth(Frame *f) { return f->stacktop - cpy_frame_code(f)->co_nlocalsplus; }
/* The collector reads a generator's operand stack unless the frame is executing: what lies in memory then is not the stack. */
static inline void cpy_frame_set_executing(Frame *f) { f->stacktop = -1; }
static inline void cpy_frame_set_depth(Frame *f, int depth) { f->stacktop = cpy_frame_code(f)->co_nlocalsplus + depth; }
