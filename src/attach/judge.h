/* What pays, and what is given up. */
#pragma once
#include "../cpython/codeinfo.h"
#include "../ir/recording.h"

int judge_wants_side_trace(const Exit *e);      /* just taken, and counted: it is to be recorded on from there */

/* A recording came to nothing. `r`: how it ended; NULL: what was recorded could not be made a trace. */
void judge_failed_header(LoopHeader *loop, const Recording *r);
void judge_failed_exit(Exit *e, const Recording *r);

/* loop's trace was entered, and left at e (counted there already); `work`: bytecodes that State.work has counted. e NULL: it could not be entered now. The
 * trace may be given up: then loop has none any more. It stays alive with its executor, which links may still hold. */
void judge_left(LoopHeader *loop, const Exit *e, int64_t work);
