/* Memory kept back for what must not fail: giving a frame back to the interpreter when all other memory is gone. */
#pragma once

int reserve_fill(void);             /* all of it is there then: 0; -1: no memory */
int reserve_release(void);          /* gives a part back to the system. 1: now what has failed may be tried again; 0: none is left */

#define RESERVE_BLOCKS 8
extern int reserve_blocks;          /* there now */

/* Before anything is entered that has to give a frame back in the end. 0, or -1. */
static inline int reserve_have(void) { return reserve_blocks == RESERVE_BLOCKS ? 0 : reserve_fill(); }

/* What `make` makes; with memory from the reserve when there is no other. For what runs no code and fails for lack of memory only. No
 * exception is set before, nor behind it. What has been taken is put back at once where that is possible: many recordings and exits can end
 * one behind the other without anything being entered in between, as where an exception goes through a deep recursion. */
#define MUST(make) \
    ({ \
        __typeof__(make) made_ = (make); \
        if (!made_) { \
            while (must_have_memory() && !(made_ = (make))) ; \
            reserve_fill(); \
        } \
        made_; \
    })
int must_have_memory(void);             /* 1: try again */
