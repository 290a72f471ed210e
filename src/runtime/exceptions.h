/* Who watches what is raised. */
#pragma once
#include "../ir/ir.h"

/* Somebody who watches all code, or the frame's, may have begun since native code was entered: what is raised in the frame is the
 * interpreter's affair. */
int h_is_watched(const State *S, Frame *frame);
