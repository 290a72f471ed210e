/* How much is left of the C stack. */
#pragma once
#include "cpy.h"

/* 1: what nests on the C stack may begin. 0: too little is left of this thread's stack, or of its C recursion limit; or the stack pointer
 * is in another stack (of a signal handler, a coroutine of C), whose end nobody knows. */
int cstack_has_room(PyThreadState *ts);
/* The address lies on this thread's stack, or nobody knows where that is. */
int cstack_has(PyThreadState *ts, const void *address);
