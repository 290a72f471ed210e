/* What pays, and what is given up. */
#pragma once
#include "../cpython/codeinfo.h"
#include "../ir/ir.h"

int judge_wants_side_trace(const Exit *e);      /* just taken, and counted: it is to be recorded on from there */
void judge_failed_header(LoopHeader *loop);     /* a recording of it came to nothing */
void judge_failed_exit(Exit *e);
/* Entered, and left at e: when it was refused by the types of the variables too often, another root will be recorded. The old one stays alive with its
 * executor, which links may still hold. */
void judge_refused(LoopHeader *loop, const Exit *e);
void judge_retire_if_useless(LoopHeader *loop); /* to be asked every JUDGE_WINDOW entries */
#define JUDGE_WINDOW 4096
#define JUDGE_RETRIES 40        /* recordings that a header or exit loses to an unlucky turn before they count */
