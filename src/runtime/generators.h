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

/* gen delegates to another generator, and that perhaps to one more: all are resumed; the native code where the innermost goes on. NULL, and nothing
 * done, where it does not delegate or there is none. S->result: what is sent. */
void *gen_descend(State *S, GenObj *gen, Site *site);
/* The innermost has yielded S->result, and is unlinked: so do those that delegate to it; S->result is what has become of that. 0 with an exception. */
int gen_ascend(State *S);
/* The current frame, a generator's, has returned S->result, and is released as the interpreter does; the result is kept if its caller asks for it. */
void gen_end(State *S);
/* Likewise, where others delegate to it, which go on: to a yield, or to the end of all; S->result is what has become of that. 0 with an exception. */
int gen_end_delegate(State *S);
