/* The callbacks of our events: a jump back to a loop's header, a function that starts. */
#pragma once
#include "../cpython/codeinfo.h"

/* New references: the functions that sys.monitoring calls; NULL with an exception. */
PyObject *events_jump_callback(void);
PyObject *events_start_callback(void);
