/* What we keep per code object: the base bytecode, heat, its loops and its entry. Freed when the code object dies. Needs the GIL of the
 * main interpreter. */
#pragma once
#include "codetable.h"

struct Trace;

/* Where a root trace begins: a loop's header, which is the target of a backward jump, or the entry of a function, or where a generator is
 * resumed. */
typedef struct {
    int32_t unit;               /* code unit index; entry, resume: behind its RESUME */
    int32_t end;                /* loop: that of the last backward jump to it, the end of its body; entry, resume: -1 */
    int32_t count;              /* turns, calls or resumptions, counted since armed; after a failed recording so many less, perhaps below 0,
                                 * that it is not tried again at once */
    struct Trace *root;         /* its root trace, valid or not; owned through `executor`; NULL: none */
    PyObject *executor;         /* owned; the executor of root */
    uint64_t since;             /* ns: when it was counted, or its balance looked at; 0: not yet */
    uint64_t inside;            /* ns, in native code that was entered here since then, about */
    int32_t counted_from;       /* count, at the first of that */
    uint32_t entries;           /* of the trace, since it was made */
    struct {                    /* what the entries since the judge looked last were worth, and what they cost (attach/judge.c) */
        int64_t gained, paid;   /* ns */
        int64_t work;           /* bytecodes run in them */
        uint32_t entries;
        int n_traces;           /* of the tree, when it looked */
        uint8_t looks;
    } balance;
    uint32_t failed_at;         /* the bytecode where the last recording that came to nothing ended; as Uop.where */
    uint8_t failures;           /* recordings that came to nothing */
    uint8_t retries;            /* recordings that an unlucky turn spoilt */
    uint8_t disabled;           /* no recording starts here any more */
    uint8_t unworthy;           /* ... because entering it from the interpreter would not have paid */
    uint8_t few;                /* loop: recordings found it left in its first turns; those of the code around it record its turns like
                                 * other code */
    uint8_t makes_instances;    /* loop: what its variables hold at its header is made: it could not be kept as it was */
    uint8_t asleep;             /* counts no turns until the sampler meets its code again (heat.c) */
    uint8_t naps, dreams;       /* times that it was found entered too seldom; samples that did not wake it, since the last */
    uint8_t closed;             /* entering from the interpreter does not pay; other traces may link to the root */
} Header;

typedef struct CodeInfo {
    PyCodeObject *code;         /* borrowed: it goes when the code object does */
    uint32_t version;           /* the code object's co_version */
    int32_t n_loops;
    Header *loops, *recent; /* ascending by unit; the one that was asked for last */
    PyObject *bytes;            /* owned: co_code, base opcodes and no instrumentation */
    const uint8_t *units;       /* its content: opcode, oparg pairs */
    Header entry;               /* unit -1: none, no root can begin there (module level) */
    int32_t beginning;          /* of a generator or coroutine: where one stands that has been made and not begun; -1: it is something
                                 * else */
    int32_t n_resumes;
    Header *resumes;            /* of a generator or coroutine: behind the RESUME of each yield, ascending by unit; `entry` is its first
                                 * one */
    double heat, entry_heat;    /* seconds of CPU time attributed by the sampler: to the loops, to the function */
    PyObject **retired;         /* owned executors that were given up: others of this code may link to them */
    int32_t n_retired;
    struct CodeInfo *before, *after;    /* the list of armed ones: codeinfo_armed */
    uint8_t armed;              /* our local events that are set: ARMED_* */
    uint8_t first_watched_by_us;        /* it had no local events, of any tool, before ours */
    uint8_t has_loop;           /* contains a backward jump */
    uint8_t looked_at;          /* code that its frames call makes frame objects for them now and then (greenlet does at each switch) */
    uint8_t catches;            /* exceptions are caught in its traces, whose tracebacks have frame objects */
    uint8_t followed;           /* traces of others follow into it */
    uint8_t raised;             /* recordings that followed into it and came to nothing because it caught something */
    uint8_t no_inline;          /* a recording found out that its calls cannot be followed into */
    uint8_t recursive;          /* it has been seen below itself on the stack */
    struct {                    /* to its native code for C that calls its functions (attach/called.c) */
        uint8_t wanted;         /* C calls them */
        uint8_t closed;         /* it does not pay */
        uint8_t spread;         /* calls of another sort that came to it */
        uint16_t calls;         /* of the trial */
        uint64_t ns[2];         /* what they took, without it and with it */
        int32_t gain;           /* ns a call, as the trial has found */
    } door;
    uint32_t invoked_version;   /* of the functions that they call so: it says that they have this code */
    uint32_t resumed_version;   /* of the functions of the generators that they resume so */
    Resumed resumed;            /* for traces that resume its generators; behind a guard as `invoked`; .code NULL: none does. `entry`, then
                                 * `resumes` */
    Invoked invoked;            /* for traces that call it, who look at it behind a guard that finds the code alive; .code NULL: none
                                 * does */
} CodeInfo;

enum { ARMED_LOOPS = 1, ARMED_ENTRY = 2 };

/* No loop's. */
static inline int header_is_entry(const Header *h) { return h->end < 0; }

extern CodeInfo *codeinfo_armed;                        /* first of the armed ones, whose code is alive: it takes itself out when it dies */
void codeinfo_set_armed(CodeInfo *info, int armed);
CodeInfo *codeinfo_get(PyCodeObject *code);             /* made when missing; NULL when memory runs out, or see codeinfo_problem(); keeps an
                                                         * exception that is set, and sets none */
void codeinfo_retire(CodeInfo *info, Header *h);     /* its root is given up; the executor lives as long as the code */
Header *codeinfo_header_of(CodeInfo *info, const struct Trace *root);   /* the one that has it; NULL: none any more */
/* The Invoked for calls of func, whose code is info's, with an argument for each parameter; NULL: it is called in another way. */
Invoked *codeinfo_invoke(CodeInfo *info, PyFunctionObject *func);
int codeinfo_may_invoke(const CodeInfo *info);      /* there can be one */
/* The Resumed for generators or coroutines of func, whose code is info's; NULL: they are resumed in another way. */
Resumed *codeinfo_resume(CodeInfo *info, PyFunctionObject *func);
/* The entry of the function, or a resume, whose RESUME stands at `unit`; NULL: there is none. */
Header *codeinfo_entry_at(CodeInfo *info, int32_t unit);
/* Headers of the code, numbered: the entry, resumes, loops. NULL: no more. */
Header *codeinfo_header(CodeInfo *info, int i);
/* Where native callers find the code of an entry or resume; NULL: nobody calls it natively. */
void **codeinfo_native_entry(CodeInfo *info, const Header *h);
int codeinfo_has_loop(PyCodeObject *code);              /* contains a backward jump; nothing is kept for it */
int codeinfo_in_loop(const CodeInfo *info, int32_t unit);   /* between a header and the last jump back to it */
Header *codeinfo_find_loop(CodeInfo *info, int32_t unit);
size_t codeinfo_memory(void);                           /* bytes of heap that all of them take */
const char *codeinfo_problem(void);                     /* why none can be made; NULL: they can */

/* A new code object, equal to info's, whose creation nobody is told of; NULL with an exception. */
PyObject *codeinfo_copy(CodeInfo *info);

/* From now on `created` is called for each new code object, before anybody runs it; NULL: not any more. -1 with an exception. */
int codeinfo_watch_created(void (*created)(PyCodeObject *code));

/* The interpreter has not run it yet, as far as can be known: RESUME turns into RESUME_CHECK when it has. */
int codeinfo_is_new(const CodeInfo *info);

/* NULL when there is none. */
static inline CodeInfo *codeinfo_peek(PyCodeObject *code)
{
    CodeInfo *info = codetable_find(code);
    return info && info->version == code->co_version ? info : NULL;
}

/* The function's code, where that has native code for calls of this function; NULL: it has none, or not for its namespaces. */
static inline CodeInfo *codeinfo_native(const PyFunctionObject *func)
{
    CodeInfo *info = codeinfo_peek((PyCodeObject *)func->func_code);
    const Invoked *v = info ? &info->invoked : NULL;
    return v && v->entry && (PyObject *)v->globals == func->func_globals && (PyObject *)v->builtins == func->func_builtins ? info : NULL;
}

/* NULL when unit is no target of a backward jump. */
static inline Header *codeinfo_loop(CodeInfo *info, int32_t unit)
{
    Header *recent = info->recent;
    return recent && recent->unit == unit ? recent : codeinfo_find_loop(info, unit);
}
