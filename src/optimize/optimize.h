/* Finished recordings -> traces ready to be executed. */
#pragma once
#include "../ir/recording.h"

/* Makes the trace of a root recording (RECORD_LOOP): its entry slots, first turn, peeled loop. The recording's own trace stays the
 * caller's. NULL and *why when it cannot be done. */
Trace *optimize_root(const Recording *r, AbortReason *why);
/* The same for a recording that is complete as it is (RECORD_LINK): its own trace, finished in place. -1: no memory. */
int optimize_side(Trace *t);

/* dce.c: marks uops that nothing needs. requires: a complete trace; keeps: everything else. */
void opt_dce(Trace *t);
/* loop.c */
Trace *opt_loop(const Recording *r, AbortReason *why);
