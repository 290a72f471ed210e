/* Memory kept back for what must not fail: giving a frame back to the interpreter when all other memory is gone. */
#pragma once

int reserve_add(int blocks);        /* so many blocks there are then: 0; -1: no memory */
int reserve_release(void);          /* gives one back to the system. 1: now what has failed may be tried again; 0: none is left */

extern int reserve_blocks;          /* there now */

/* Before anything is entered that has to give a frame back in the end; `depth`: how many such things are on the way. 0, or -1. */
static inline int reserve_have(int depth)
{
    int blocks = depth < 32 ? 1 + depth : 32;
    return reserve_blocks >= blocks ? 0 : reserve_add(blocks);
}
