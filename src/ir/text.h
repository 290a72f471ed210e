/* Traces as text: docs/ir.md has the grammar. Printing what was parsed gives the same text again. */
#pragma once
#include <stdio.h>
#include "ir.h"

void ir_print(FILE *out, const Trace *t, const char *title);
/* The same; behind uop `mark` stands a remark. */
void ir_print_marked(FILE *out, const Trace *t, const char *title, Ref mark, const char *remark);
/* Uops `from` to `to` - 1 only, a line each, with `before` in front. */
void ir_print_uops(FILE *out, const Trace *t, Ref from, Ref to, const char *before);

/* Calls visit for each uop that is not dead, with its text, without its result; stops when it answers other than 0, with that. Safe at any
 * time, whatever has become of the functions and classes that the trace was made of: what it does not own has only a number. */
int ir_each_uop(const Trace *t, int (*visit)(void *arg, Ref ref, const char *text), void *arg);

/* What a text says beside the trace. */
typedef struct { Ref ref; PyTypeObject *type; } ParsedType;
typedef struct {
    int line;                   /* of the error; 0: none */
    char reason[160];
    char title[64];
    ParsedType types[64]; int n_types;      /* facts about a recording, for the loop pass */
} Parsed;

/* NULL and p->line, p->reason when the text cannot be read. Every object, type and placeholder of the text is a constant of the
 * trace: they live as long as it does. It can be optimized and verified, not executed. Runs Python code. */
Trace *ir_parse(const char *text, Parsed *p);
