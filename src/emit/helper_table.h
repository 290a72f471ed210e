/* Helper functions by the number that HOLE_HELPER has: their order in runtime.def. */
#pragma once

typedef struct { const char *name; void *address; } Helper;

extern const Helper helper_table[];
extern const int helper_count;
