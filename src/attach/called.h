/* Functions that C calls and that have native code. */
#pragma once
#include "../cpython/codeinfo.h"

/* Once per process, when native code can be made. */
void called_set_up(void);

/* A frame of the function starts. If it is C that has called it, other calls of that sort shall come to its native code: when there is
 * some, they do from now on. */
void called_from_c(CodeInfo *info, Frame *frame);
