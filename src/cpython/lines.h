/* Line numbers, from co_linetable alone: the code object itself may be gone. */
#pragma once
#include "cpy.h"

/* The line of code unit `unit`; 0 when it has none. */
int cpy_line(const uint8_t *table, Py_ssize_t size, int first_line, int unit);
