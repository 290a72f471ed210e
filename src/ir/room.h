/* Memory for traces while they are built, which nobody has to ask whether it was there. */
#pragma once
#include <stddef.h>

/* Before a recording, when no trace is being built: -1 when there is not even what is kept back for it. */
int room_have(void);

/* Room for `size` bytes in place of `old`, with its first old_size bytes. When memory runs out it is what was kept back (room_borrowed);
 * NULL when that is used up too. */
void *room_grow(void *old, size_t old_size, size_t size);
void room_free(void *p);
int room_is_borrowed(const void *p);

extern int room_borrowed;           /* since room_have(): what is being recorded has to end at the next instruction */
