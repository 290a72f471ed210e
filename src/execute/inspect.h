/* What Python code can see of traces. */
#pragma once
#include "../ir/ir.h"

/* [(times taken to the interpreter, FUNCTION:FILE:LINE, name of the uop, no side trace will continue there), ...] of all traces. New
 * reference, or NULL. */
PyObject *inspect_exits(void);

/* A list with a tuple per trace, the root first; copypatch/_inside.py gives its parts names. New reference, or NULL with an exception.
 * Everything is copied: what becomes of the traces afterwards does not matter. */
PyObject *inspect_traces(const Trace *root, Trace *const *sides, int n_sides);
