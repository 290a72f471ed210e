/* Which bytecode a uop was recorded for, and its place in the Python source. */
#pragma once
#include "ir.h"

/* From here on, uops appended to t belong to this code unit. */
void source_at(Trace *t, PyCodeObject *code, int unit);
/* t gets the sources of `from`, so that `where` of its uops means the same there. `from` has none any more. */
void source_move(Trace *t, Trace *from);
void source_clear(Trace *t);
/* What the trace knows of a code object that it went through, which may be gone; NULL: nothing. */
const Source *source_of_code(const Trace *t, const PyCodeObject *code);

/* The source of a uop; NULL: not known. *line: 0 when it has none. */
const Source *source_of(const Trace *t, uint32_t where, int *line);
/* The same, and the code unit. */
const Source *source_unit(const Trace *t, uint32_t where, int *unit);
/* FUNCTION:FILE:LINE of a uop, without control characters; cut off where `size` ends. */
void source_place(const Trace *t, uint32_t where, char *text, size_t size);
/* ... of the one that the trace begins with. */
void source_name(const Trace *t, char *text, size_t size);
