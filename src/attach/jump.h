/* The JUMP callback: loop entry. */
#pragma once
#include "../cpython/codeinfo.h"

PyObject *jump_callback_new(void);      /* new reference: the function that sys.monitoring calls; NULL with an exception */
