/* What must hold of a complete trace between passes: the rules at the head of ir.h and docs/ir.md. */
#pragma once
#include "ir.h"

/* 1 when all holds. 0: *why says what does not (static text), *where the uop, or REF_NONE when it is about no uop. */
int ir_verify(const Trace *t, const char **why, Ref *where);
/* Prints the trace with the culprit marked and ends the process when something does not hold after `pass`. */
void ir_verify_or_die(const Trace *t, const char *pass);
