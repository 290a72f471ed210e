/* Native code announced to gdb and other debuggers. */
#pragma once
#include "../ir/ir.h"

/* Somebody wants to know: asked for, or a debugger is there. */
int gdb_is_wanted(void);
/* Announces code under a name. t: the trace whose lines it has, or NULL. NULL: nobody wants to know, or no memory. */
void *gdb_announce(const uint8_t *start, size_t size, const char *name, const Trace *t);
void gdb_withdraw(void *announced);     /* before the code goes; NULL is allowed */
