/* What a generator that was resumed has given. */
#pragma once
#include "../ir/ir.h"

/* S->result is the result, whose reference is consumed: what it has yielded, or what it has returned, which is kept for who asks for it (sends), else
 * released, and NULL stands for it. May run Python code. */
void h_keep_result(State *S, Obj *result, int returned, int64_t sends);
