/* What pays, and what is given up. */
#pragma once
#include "../cpython/codeinfo.h"
#include "../ir/recording.h"

/* There is credit for another recording; it grows with CPU time (ns, of the process: the sampler says how much it has used) and with what
 * traces gain. */
int judge_may_record(void);
void judge_time_used(uint64_t ns);

int judge_wants_side_trace(Exit *e);      /* just taken, and counted: it is to be recorded on from there */

/* Whose code the uop, an INVOKE or the like, calls or resumes natively; NULL: it is none, or that code has died. */
CodeInfo *judge_callee(const Uop *u);

/* h's loop or function has been recorded to its end: entering it would pay; and what becomes of h where it would not. `lacking`: some of
 * what it calls has no native code yet. */
int judge_is_worth_it(const Header *h, const Recording *r);
void judge_not_worth_it(Header *h, const Recording *r, int lacking);

/* A recording came to nothing. `r`: how it ended; NULL: what was recorded could not be made a trace. */
void judge_failed_header(Header *h, const Recording *r);
void judge_failed_exit(Exit *e, const Recording *r);

/* h begins to count; and, when it has counted enough to be recorded: it is entered so seldom that native code would not be in the caches.
 * Then it sleeps. */
void judge_counts(Header *h);
int judge_is_too_cold(const CodeInfo *info, Header *h);
/* h's trace is entered, left: what the first gave is given to the second. */
uint64_t judge_enters(const Header *h);
void judge_was_inside(Header *h, uint64_t since);

/* h counts no turns until the sampler meets its code again and wakes it. */
void judge_sleep(Header *h);

/* h's trace was entered, and left at e (counted there already); `work`: bytecodes that State.work has counted. e NULL: it could not be
 * entered now. The trace may be given up: then h has none any more. It stays alive with its executor, which links may still hold. */
void judge_left(Header *h, Exit *e, int64_t work);
/* The same of a frame that native code has called. */
void judge_left_callee(Exit *e);

/* C has called a function of the code natively. */
void judge_called(const CodeInfo *info);
/* Is the door to native code of functions that C calls on trial? Then some calls do not come to it: the next one does, or does not. What it
 * took, ns. */
int judge_tries(const CodeInfo *info);
int judge_next_is_native(const CodeInfo *info);
void judge_took(CodeInfo *info, int natively, uint64_t ns);

/* Something has changed that the tree of `root`, a Trace, has taken for constant (cpython/steady.h): nobody enters it any more. Runs no
 * code. */
void judge_changed(void *root);
/* Somebody else wants to hear what happens in the code: traces and recordings that it may be a part of are given up, which here are all. */
void judge_watched(PyCodeObject *code);

/* COPYPATCH_STRESS=invalid:N: has a trace been left so often, one that belongs to the code of some frame of the thread is given up. */
void judge_stress(void);
