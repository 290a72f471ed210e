/* none.c: the emitter of builds without native code (-Djit=interpreter).
 *
 * Takes the place of all other files of this folder, so such a build needs no stencils and no clang. Traces run in the uop interpreter,
 * as they do where native code turns out to be impossible at run time. */
#include "emit.h"
#include "helper_table.h"
#include "map.h"
#include "show.h"

int emit_available(void) { return 0; }
size_t emit_bytes_used(void) { return 0; }

int emit_trace(Trace *t, const char **reason)
{
    (void)t;
    *reason = "this build has no native code";
    return -1;
}

/* Nothing below is reached with a trace that has native code: there is none. */
void emit_free(Trace *t) { (void)t; }
void *emit_way_out(void) { return NULL; }
void emit_run(State *S, void *entry) { (void)S; (void)entry; }
void emit_link_exit(Exit *e, Trace *side) { (void)e; (void)side; }
size_t emit_offset(Loc loc) { (void)loc; return 0; }
const char *map_what(uint16_t what) { (void)what; return ""; }
uint32_t map_data(const Trace *t) { (void)t; return 0; }
uint32_t map_end(const Trace *t) { (void)t; return 0; }
const Helper helper_table[1];
const int helper_count = 0;
PyObject *show_tables(void) { return PyDict_New(); }
PyObject *show_stencil(const char *name, int number, int constant) { (void)name; (void)number; (void)constant; Py_RETURN_NONE; }
