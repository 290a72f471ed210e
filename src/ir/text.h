/* Traces as text: one uop per line, `%n = NAME operands imm -> exit`, snapshots below. */
#pragma once
#include <stdio.h>
#include "ir.h"
void ir_print(FILE *out, const Trace *t, const char *title);
void ir_print_uop(FILE *out, const Trace *t, Ref ref);
