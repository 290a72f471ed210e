/* Memory for native code: W^X at all times, no address is ever writable and executable. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* `size` bytes, 16-aligned. The code will run at the address returned; until memory_seal() it is to be written at *write, which may be
 * another. NULL and *reason when there are none. Between the two calls no native code may run (the GIL is held). */
uint8_t *memory_take(size_t size, uint8_t **write, const char **reason);
/* Makes a range executable; what was taken beyond `used` bytes is given back. -1: cannot be made executable (the range is freed). */
int memory_seal(uint8_t *p, size_t taken, size_t used);
/* Code that is there is to be written anew, as after memory_take(), until what is written is sealed. -1: it cannot be: a fork has shared it
 * since, or there is no alias, and code that is in use would not be executable meanwhile, or, if that fails, any more. */
int memory_reopen(uint8_t *p, uint8_t **write);
void memory_free(uint8_t *p, size_t size);
size_t memory_used(void);
