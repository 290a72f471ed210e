/* Who else watches a code object (sys.monitoring). */
#pragma once
#include "cpy.h"

extern int cpy_own_tool;                /* our tool id; -1: none claimed */
int cpy_watched_by_others(PyCodeObject *code);      /* another tool has local events on it */
const void *cpy_local_events(PyCodeObject *code);   /* 10 bytes, tools per local event; stays valid; NULL: none were ever set */
/* Tools per global event, _PY_MONITORING_UNGROUPED_EVENTS bytes. */
static inline const uint8_t *cpy_global_events(PyThreadState *ts) { return ts->interp->monitors.tools; }
