/* The versions of CPython that this can be compiled for, and what sets them apart: nothing else asks for one, but the object layouts of
 * stencils/abi.h. What version_313.h does not say of a name, is here:
 *
 * FRAME_OBJECT(ref)        the object that a frame's f_executable, f_funcobj refers to
 * FRAME_OWNED_BY_C         owners from here on stand for no Python code
 * FRAME_TOP(f)             values in its slots, locals included; FRAME_SET_TOP; FRAME_SET_EXECUTING: memory does not have the operand stack
 * FRAME_BOTTOM(ts)         where a thread's chain of frames ends
 * MAIN_HAS_CACHED          a script has __cached__, None
 * OWN_JIT(interp)          the switch of CPython's own JIT, or NULL; PYTHON_JIT_IS_OURS: where that variable is not read for it
 * PUBLISHED(d, same)       more that the interpreter says of its layouts: same(published offset, type, field, name)
 * LAYOUT                   which of stencils/abi.h's
 * RELEASES_...             the order in which an instruction lets go of what it took from the stack, by the type of its operands as far
 *                          as that matters: UP, the deepest first, or DOWN; silent when wrong. Derived from stock by
 *                          tests/release_order.py. */
#pragma once
#define UP 0
#define DOWN 1
#define PY_SSIZE_T_CLEAN
#ifndef Py_BUILD_CORE
#define Py_BUILD_CORE 1
#endif
#include <Python.h>
#if PY_VERSION_HEX >= 0x030F0000
#include "version_315.h"
#elif PY_VERSION_HEX >= 0x030E0000
#include "version_314.h"
#else
#include "version_313.h"
#endif
#include "internal/pycore_frame.h"
#include "internal/pycore_code.h"
#include "internal/pycore_ceval.h"
#include "internal/pycore_pystate.h"
#include "internal/pycore_interp.h"
#include "internal/pycore_dict.h"
#include "internal/pycore_list.h"
#include "internal/pycore_long.h"
#include "internal/pycore_range.h"
#include "internal/pycore_tuple.h"
#include "internal/pycore_unicodeobject.h"
#include "opcode.h"
