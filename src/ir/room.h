/* Memory for a trace while it is recorded, which nobody has to ask whether it was there. */
#pragma once
#include <stddef.h>

/* One recording's. Zeroed: nothing is kept back. */
typedef struct Room {
    char *arena;
    size_t used;
    int borrowed;           /* since room_have(): what is being recorded has to end at the next instruction */
} Room;

/* Before a recording, when no array lies in it: -1 when there is not even what is kept back for it. */
int room_have(Room *r);
void room_end(Room *r);             /* gives it back to the system */

/* Room for `size` bytes in place of `old`, with its first old_size bytes. When memory runs out it is what r (or NULL) has kept back;
 * NULL when that is used up too. */
void *room_grow(Room *r, void *old, size_t old_size, size_t size);
void room_free(const Room *r, void *p);
int room_is_borrowed(const Room *r, const void *p);
