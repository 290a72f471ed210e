/* Bytecode as data. */
#pragma once
/* Inline cache entries (code units) behind an instruction with base opcode op. */
int cpy_caches(int op);
/* Name of a base opcode. */
const char *cpy_opcode_name(int op);
