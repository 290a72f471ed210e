/* On and off. All of it needs the GIL. */
#pragma once
#include "../cpython/cpy.h"

int attach_init(void);                  /* once, at import; -1 with an exception. Decides whether the JIT can run here */
int attach_enable(void);                /* no effect when it is on or cannot be; -1 with an exception */
void attach_disable(void);
int attach_replace_own_jit(void);       /* CPython's own JIT was on and ours is to run: theirs is off now */
int attach_is_enabled(void);              /* and nothing keeps it from compiling */
const char *attach_unavailable(void);   /* why the JIT cannot run here; NULL: it can */
const char *attach_off_reason(void);    /* why nothing is being compiled; NULL: it is on */
