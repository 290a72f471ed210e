/* Which variables of a function are read later. */
#pragma once
#include "codeinfo.h"

/* 0: whatever way the code goes on from code unit `unit`, also by an exception, local i is written before it is read, or not read at all.
 * What reads it in another way (locals(), a frame object) is not seen. */
int liveness_is_read(const CodeInfo *info, int32_t unit, int i);
