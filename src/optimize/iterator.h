/* The iterator whose fields the loop keeps in registers: Loop.iterator. */
#pragma once
#include "turn.h"

void iterator_find(Loop *l);            /* in the recorded turn */
int iterator_open(Loop *l);             /* at the header, before LOOP. 0: it cannot be done */
Ref iterator_sink(Loop *l, Ref at);     /* the iterator, whose last value, or index, is `at` */
int iterator_next(Loop *l, Ref r);      /* copies recorded uop r if it is the one that takes a value, in the loop; 0: it is not */
void iterator_close(Loop *l);           /* no loop: the slot is in memory, as before */
