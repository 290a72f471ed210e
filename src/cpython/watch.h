/* Who else watches a code object (sys.monitoring). */
#pragma once
#include "cpy.h"

extern int cpy_own_tool;                /* our tool id; -1: none claimed */
int cpy_watched_by_others(PyCodeObject *code);      /* another tool has local events on it */
const void *cpy_local_events(PyCodeObject *code);   /* 10 bytes, tools per local event; stays valid; NULL: none were ever set */
