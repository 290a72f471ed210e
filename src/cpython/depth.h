/* How many values lie on the operand stack. */
#pragma once
#include "codeinfo.h"

/* Before the instruction at a code unit of info's code is executed; -1: it cannot be told. */
int depth_before(const CodeInfo *info, int32_t unit);
