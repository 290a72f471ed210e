/* Names in dicts whose values stay: what a trace takes for constant instead of guarding it. See steady.c. */
#pragma once
#include "cpy.h"

typedef struct Steady Steady;       /* what stands under one name in one dict, or that nothing does */
typedef struct SteadyUse SteadyUse; /* that somebody takes it for constant */

/* Nobody has been told of a change yet: the count of changes at a time tells another time whether there were any. */
typedef struct { Steady *steady; unsigned changes; } SteadyMark;

/* `value` (NULL: nothing) stands under `name` in `dict` now; may it be taken for constant? 1: *mark says what for, and holds it until it is
 * released. 0: it changes, or cannot be watched. No exception is set. */
int steady_find(PyObject *dict, PyObject *name, PyObject *value, SteadyMark *mark);
void steady_release(SteadyMark *mark);

/* From now on `owner` is told, by what steady_tell() has been given. *uses: its list, empty at first. -1: it has changed since it was
 * marked, or no memory. */
int steady_use(const SteadyMark *mark, void *owner, SteadyUse **uses);
void steady_forget(SteadyUse **uses);       /* the owner does not want to be told any more */

/* Compiled code is going to write the value in place, which tells nobody: it is not steady from now on. 0: no memory, it must not. */
int steady_written(PyObject *dict, PyObject *name);

size_t steady_memory(void);     /* bytes of heap that all of this takes */

/* Bits of the dict's tag that say that somebody watches it, without ours. */
unsigned steady_other_watchers(void);

/* What is called, once, when something has changed that `owner` uses; its list is empty then. It may run no code of the program. */
void steady_tell(void (*changed)(void *owner));
