/* What a generator that was resumed has given. */
#pragma once
#include "../ir/ir.h"

/* S->result is the result, whose reference is consumed: what it has yielded, or what it has returned, which is kept for who asks for it
 * (sends), else released, and NULL stands for it. May run Python code. */
void h_keep_result(State *S, Obj *result, int returned, int64_t sends);

/* The frame that was called or resumed natively, the current one and complete, is run by the interpreter to its return or yield, and, where
 * that is the end of a generator, so are those that delegate to it: new reference, or NULL with an exception. The caller's frame is current
 * then. *returned: a generator is at its end. */
PyObject *h_run_callee(State *S, Frame *frame, int *returned);
/* So many that are suspended delegate, each to the next, beginning with gen. */
int h_delegates(const GenObj *gen);
