/* Unwind information (DWARF's .eh_frame) for native code: for C++ exceptions, pthread_exit(), backtrace(), gdb and perf. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define UNWIND_MAX 192          /* bytes of one table at most */

/* The .eh_frame of code at start, written to `out`, to be read at address `at`: one CIE, one FDE, the end mark. *fde: where in it the FDE
 * begins (NULL: not asked for). -> its size; 0: the frame of this machine's shim is not known. */
size_t unwind_table(uint8_t out[UNWIND_MAX], uint64_t at, uint64_t start, uint64_t size, size_t *fde);

/* Bytes to be left free behind each piece of code: perf maps a table there. */
size_t unwind_room(void);

/* C's unwinder knows this code from now on, for ever. Without libgcc nothing happens. */
void unwind_register(const uint8_t *start, size_t size);
