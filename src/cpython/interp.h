/* Fields of the interpreter state, found where this interpreter has them.
 *
 * In 3.14.5 the collector's state, which lies before all that is read here, has grown by a word. Where sysdict is, in front of them, the
 * interpreter publishes: by how much that differs from what we were compiled for all of them have moved. layout_check() compares them with
 * what the interpreter says in other ways. */
#pragma once
#include "version.h"
#include "internal/pycore_runtime.h"

#define CPY_INTERP_MOVED ((ptrdiff_t)_PyRuntime.debug_offsets.interpreter_state.sysdict - (ptrdiff_t)offsetof(PyInterpreterState, sysdict))

/* The address of a field behind sysdict. */
#define CPY_INTERP(interp, field) ((__typeof__(&(interp)->field))((char *)&(interp)->field + CPY_INTERP_MOVED))
