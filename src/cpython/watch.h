/* Who else watches a code object (sys.monitoring). */
#pragma once
#include "cpy.h"

extern int cpy_own_tool;                /* our tool id; -1: none claimed */
int cpy_watched_by_others(PyCodeObject *code);      /* another tool has local events on it */
const void *cpy_local_events(PyCodeObject *code);   /* 10 bytes, tools per local event; stays valid; NULL: none were ever set */
/* Bits of tools other than ours in an array of n (8 to 16) bytes, one per event. */
static inline int cpy_others_in(const uint8_t *tools, int n)
{
    uint64_t first, last;       /* they overlap */
    memcpy(&first, tools, sizeof first);
    memcpy(&last, tools + n - (int)sizeof last, sizeof last);
    return ((first | last) & ~(cpy_own_tool >= 0 ? 0x0101010101010101u << cpy_own_tool : 0)) != 0;
}

/* Tools per global event, _PY_MONITORING_UNGROUPED_EVENTS bytes. */
static inline const uint8_t *cpy_global_events(PyThreadState *ts) { return ts->interp->monitors.tools; }
