/* What has happened where, counted by its text: the work list of python -m copypatch -v. */
#pragma once
#include "../cpython/cpy.h"

extern int notes_wanted;            /* else nothing is noted */
void notes_add(const char *text);   /* once more */
PyObject *notes_list(void);         /* [(how often, text), ...]: new reference, or NULL with an exception */
