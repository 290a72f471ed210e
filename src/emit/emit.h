/* Trace -> native code: registers, stencils, copy and patch. Machine-dependent parts stand in emit/arch_*. */
#pragma once
#include "../ir/ir.h"

/* Compiles a finished trace (trace_make_exits() done). Sets code_start, code_size, native_entry, native_link, param_locs, the
 * `loc` of its entry slots, and for each exit first_live, n_live and target. 0; -1 and *reason (static text) when it cannot be
 * done, the trace unchanged. For a side trace, t->parent's live values say where each PARAM arrives. */
int emit_trace(Trace *t, const char **reason);
void emit_free(Trace *t);               /* releases its native code */
int emit_available(void);               /* 1: this build has stencils for this machine and memory can be made executable */
size_t emit_bytes_used(void);           /* native code alive, bytes */

/* Where native code comes back to who has entered it, without an exit: State.exit is what it was. NULL: there is no native code. */
void *emit_way_out(void);
/* Runs native code at entry until an exit; S->exit is then the Exit taken and S->g, S->f, S->spill hold the values. */
void emit_run(State *S, void *entry);
/* Where in the State a value lies then: byte offset. */
size_t emit_offset(Loc loc);
/* Hangs a compiled side trace on an exit (a data word: no code is rewritten). */
void emit_link_exit(Exit *e, Trace *side);
