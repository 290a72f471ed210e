/* What a recording hands over: to the optimizer, and to who gives its state back. Made by src/record. */
#pragma once
#include "builder.h"
#include "../cpython/codeinfo.h"
#include "../cpython/death.h"

typedef enum {
#define ABORT(NAME, text) ABORT_##NAME,
#include "aborts.def"
#undef ABORT
    ABORT_COUNT
} AbortReason;
extern const char *const abort_text[ABORT_COUNT];
extern const char *const abort_name[ABORT_COUNT];

typedef enum {
    RECORD_LOOP,        /* a root came back to its header: optimize/ makes the loop of it */
    RECORD_LINK,        /* the trace ends in LINK, or in EXIT where its function returns: complete */
    RECORD_ABORT,       /* nothing came of it: see .abort */
} RecordEnd;

/* What a slot of the entry frame holds at the end of a recording. */
typedef enum { OWN_NULL, OWN_MEMORY, OWN_TRACE, OWN_BORROWED } Own;
typedef struct {
    Ref ref;            /* REF_NONE: NULL, or in memory and not loaded */
    uint8_t own;        /* Own */
    uint8_t written;    /* memory was written in this trace */
    uint8_t lent;       /* OWN_BORROWED: the interpreter has no reference of its own there either (Instruction.lends) */
} Slot;

typedef struct {
    RecordEnd end;
    AbortReason abort;
    int abort_opcode;       /* ABORT_OPCODE: which */
    Trace *trace;           /* the recorded uops; the caller's (trace_free) */
    const Value *vals;      /* what each uop gave */
    int32_t snap;           /* the state in which the recording stopped, to be given back to the interpreter */
    int raised;             /* an exception is set: raise it in that state */
    PyObject *result;       /* what of that state is SINK_RESULT: a new reference, for who gives it back; NULL: there is none */
    const Slot *slots;      /* RECORD_LOOP: the entry frame's slots at the header, n_slots of them */
    int n_slots;
    int escaped;            /* the trace contains an ESCAPE */
    int work;               /* bytecodes of the turn that ran no arbitrary code */
    int learned;            /* a function that could not be followed into will be called the next time */
    int branches;           /* conditional jumps on the way to where it stopped */
    const Header *inner;    /* INNER_LOOP: whose; else NULL */
    uint64_t program_ns;    /* of the time it took: in the program's own code and the C functions that it calls */
    Builder *builder;       /* facts about the trace's refs */
} Recording;

