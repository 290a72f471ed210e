/* opcodes.c: CPython's own tables, of which this file has a private copy (the header defines them where it is asked to). */
#define Py_BUILD_CORE 1
#include <Python.h>
#define NEED_OPCODE_METADATA
#define _PyOpcode_opcode_metadata copypatch_opcode_metadata
#define _PyOpcode_macro_expansion copypatch_macro_expansion
#define _PyOpcode_OpName copypatch_opcode_names
#define _PyOpcode_Caches copypatch_opcode_caches
#define _PyOpcode_Deopt copypatch_opcode_deopt
#include "internal/pycore_opcode_metadata.h"
#include "opcodes.h"

int cpy_caches(int op) { return copypatch_opcode_caches[op]; }
const char *cpy_opcode_name(int op) { return op >= 0 && op < 256 && copypatch_opcode_names[op] ? copypatch_opcode_names[op] : "?"; }
