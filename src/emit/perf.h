/* Native code announced to Linux perf. */
#pragma once
#include "../ir/ir.h"

/* Announces code under a name. t: the trace whose lines it has, or NULL. Nothing happens unless Python runs with perf support. */
void perf_announce(const uint8_t *start, size_t size, const char *name, const Trace *t);
/* 1: memory once announced must not be used for other code. */
int perf_keeps(void);
/* 1, once: the process has been forked, and code must not go where the parent's may go too. */
int perf_forked(void);
