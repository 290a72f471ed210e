/* What is where in the native code of a trace: for dumps, disassembly, perf and gdb. */
#pragma once
#include "../ir/source.h"
#include "plan.h"

/* CodeMark.what: the code of a Step, or one of these. */
enum { MARK_PADDING = STEP_EMIT + EMIT_COUNT, MARK_TRAMPOLINES, MARK_DATA, MARK_WORDS };

/* One mark per step that has code, per exit stub, and per part behind them: at most so many. */
size_t map_size(const Plan *plan, const Code *code);
/* Fills them in; how many there are. */
int32_t map_make(const Trace *t, const Plan *plan, const Code *code, CodeMark *marks);
/* "ADD_INT", "move_g", "exit stub", ...; static text */
const char *map_what(uint16_t what);
/* From there on it is data; where it ends. */
uint32_t map_data(const Trace *t);
uint32_t map_end(const Trace *t);

/* The lines of the Python source in the order of the code: calls visit once per stretch of code of one line. `offset` ascends. */
void map_lines(const Trace *t, void (*visit)(void *arg, uint32_t offset, const Source *source, int line), void *arg);
