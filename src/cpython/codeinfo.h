/* What we keep per code object, in its co_extra: the base bytecode, heat, and its loops. Freed with the code object. */
#pragma once
#include "cpy.h"

struct Trace;

/* One loop header: the target of a backward jump. */
typedef struct {
    int32_t unit;               /* code unit index */
    int32_t end;                /* that of the last backward jump to it: the end of its body */
    uint32_t count;             /* turns counted since armed; restarts after a failed recording */
    struct Trace *root;         /* its root trace, valid or not; owned through `executor`; NULL: none */
    PyObject *executor;         /* owned; the executor of root */
    uint32_t entries;           /* of the trace, since it was made */
    struct {                    /* what the entries since the judge looked last were worth, and what they cost (attach/judge.c) */
        int64_t gained, paid;   /* ns */
        uint32_t entries;
        int n_traces;           /* of the tree, when it looked */
        uint8_t looks;
    } balance;
    uint32_t failed_at;         /* the bytecode where the last recording that came to nothing ended; as Uop.where */
    uint8_t failures;           /* recordings that came to nothing */
    uint8_t retries;            /* recordings that an unlucky turn spoilt */
    uint8_t disabled;           /* no recording starts here any more */
} LoopHeader;

typedef struct CodeInfo {
    PyCodeObject *code;         /* borrowed: lives in its co_extra */
    PyObject *bytes;            /* owned: co_code, base opcodes and no instrumentation */
    const uint8_t *units;       /* its content: opcode, oparg pairs */
    LoopHeader *loops;
    int32_t n_loops;
    double heat;                /* seconds of CPU time attributed by the sampler */
    struct CodeInfo *before, *after;    /* the list of armed ones: codeinfo_armed */
    uint8_t armed;              /* our local events are set */
    uint8_t has_loop;           /* contains a backward jump */
    uint8_t no_inline;          /* a recording found out that its calls cannot be followed into */
} CodeInfo;

extern CodeInfo *codeinfo_armed;                        /* first of the armed ones, whose code is alive: it takes itself out when it dies */
void codeinfo_set_armed(CodeInfo *info, int armed);
int codeinfo_init(void);                                /* once per process; -1 with an exception */
CodeInfo *codeinfo_get(PyCodeObject *code);             /* made when missing; NULL with no exception set when memory runs out */
CodeInfo *codeinfo_peek(PyCodeObject *code);            /* NULL when there is none */
LoopHeader *codeinfo_loop(CodeInfo *info, int32_t unit);  /* NULL when unit is no target of a backward jump */
