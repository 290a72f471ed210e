/* The intermediate representation: one trace, one linear buffer of SSA uops, constants apart, snapshots beside it.
 *
 *     TRACE (root)            TRACE (side)
 *       PARAM ...               PARAM ...        what the exit it hangs on had in its snapshot
 *       START                   START
 *       ... first turn          ...
 *       LOOP                    LINK target | EXIT | RETURN | a loop of its own, as on the left (record/inner_loop.c)
 *       PHI ...
 *       ... peeled turn
 *       JUMP_LOOP               (a root that is not peeled ends in LINK to itself)
 *
 * What must hold (ir_verify() checks it in debug builds, between passes):
 *  1. A Ref >= 0 is the index of a uop that stands before its user; only PHI.b may point forward. A Ref < 0 is constant ~ref.
 *  2. Operand and result kinds are those of uops.def.
 *  3. A uop that can leave has a snapshot; every ref in a snapshot stands before its uop.
 *  4. A sunk uop (SINK_*) is used by snapshots and other sunk uops only: who needs the object emits NEW_*.
 *  5. The parameters come first, START follows them; the trace ends in exactly one of JUMP_LOOP, LINK, EXIT and the RETURNs.
 *
 * A trace owns a reference to every object constant but those that is_owned() in trace.c names, and to nothing else. What it does not
 * own may be gone, also while it is being made: only who has guarded that the object is there looks at it. What stages want to know of a
 * constant stands beside it. */
#pragma once

#include "../cpython/cpy.h"
#define COPYPATCH_HOSTED
#include "../../stencils/abi.h"
#include "uops_gen.h"

typedef int32_t Ref;
#define REF_NONE INT32_MIN
#define IS_CONST(ref) ((ref) < 0)

typedef enum { KIND_NONE, KIND_OBJ, KIND_INT, KIND_FLOAT } Kind;
typedef enum { IMM_NONE, IMM_IMM, IMM_SLOT, IMM_WORD } ImmKind;
typedef enum { EXIT_NONE, EXIT_GUARD, EXIT_ERROR } ExitKind;

typedef struct {
    const char *name;
    uint8_t result;             /* Kind */
    uint8_t is_new;             /* the result's reference belongs to the trace */
    uint8_t n_operands;
    uint8_t operand[3];         /* Kind */
    uint8_t steal, const_ok;    /* bit i: operand i is consumed; may be a constant */
    uint8_t imm;                /* ImmKind */
    uint16_t effects;           /* EFFECT_* */
    uint8_t exit;               /* ExitKind */
} UopInfo;

extern const UopInfo uop_info[UOP_COUNT];

typedef struct {
    uint16_t op;                /* UopCode */
    uint8_t dead;               /* removed: no stage looks at it */
    uint8_t big;                /* LOAD_SLOT, when recorded: gave an int that does not fit int64 */
    Ref a, b, c;                /* operands; REF_NONE beyond n_operands */
    int32_t snap;               /* index of its snapshot; -1: cannot leave */
    int32_t exit;               /* index into Trace.exits, set when the trace is finished; -1: none */
    Ref chain;                  /* builder: the next older uop of the same hash, for merging */
    uint32_t where;             /* the bytecode that it was recorded for: source.h */
    int64_t imm;
} Uop;

/* SINK_SET: where an instance has an attribute: a field's offset in bytes, and, of an inline value, its number, of a slot -1. */
static inline int64_t ir_place(int offset, int number) { return offset | (int64_t)(number + 1) << 16; }
static inline int ir_place_offset(int64_t place) { return (int)(place & 0xffff); }
static inline int ir_place_number(int64_t place) { return (int)(place >> 16) - 1; }
/* An instance not made yet. */
static inline int ir_is_instance(int op) { return op == UOP_SINK_NEW || op == UOP_SINK_SET; }
#define MAX_ATTRIBUTES 12   /* SINK_SETs of one instance */

typedef struct {
    uint8_t kind;               /* Kind */
    uint8_t owned;              /* the trace has a reference; without one v.o is an address, no more */
    uint8_t immortal;
    uint8_t is_class;           /* a class that can die: no static type */
    int32_t proven;             /* in this recording: the object itself, not another that has come to its address: see rec_is_proven() */
    Value v;
    PyTypeObject *type;         /* objects: the exact type, when that is a static one that stays; else NULL */
    PyObject *name;             /* of what is not owned, for dumps: a str, owned; or NULL */
} Const;

#define MAX_FRAMES 8        /* of a trace: the entry frame and inlined calls */

/* ---- snapshots: interpreter state at an instruction boundary ---- */

typedef enum {
    HOW_OWNED,      /* the value; the trace's reference moves into the slot */
    HOW_BORROWED,   /* the value; the exit takes a new reference */
    HOW_LENT,       /* the value; the slot has no reference of its own, as the interpreter would leave it: a local's or a constant's keeps
                     * it alive */
    HOW_MEMORY,     /* the slot's memory already holds it (it was written in this trace) */
    HOW_KEEP,       /* a SINK_SLOT_* of this very slot: memory is right unless it holds NULL; then the value, made. A SINK_RANGE or
                     * SINK_INDEX of it: memory holds the iterator, whose fields are written */
    HOW_NULL,       /* NULL */
    HOW_PLACED,     /* a local of a real frame: memory already holds it, with the trace's reference (or what somebody has put in its
                     * place) */
    HOW_DROP,       /* not a slot: after the frames are rebuilt, the exit releases this owned value */
} SnapHow;

typedef struct {
    Ref ref;                    /* REF_NONE for HOW_MEMORY, HOW_NULL */
    int16_t slot;               /* in localsplus of its frame; -1 for HOW_DROP */
    uint8_t how;                /* SnapHow */
    uint8_t frame;              /* 0: the entry frame, then inlined ones outwards in */
} SnapSlot;

/* What a caller does with the value that an inlined callee returns. */
typedef enum {
    CONT_PUSH,          /* push it */
    CONT_INIT,          /* it is __init__'s: None, nothing is pushed, the object lies there already. Anything else: TypeError */
    CONT_ITEM,          /* it is a generator's that a FOR_ITER goes over: what it yields is pushed; when it returns the loop is left */
    CONT_GIVEN,         /* it is a generator's that a SEND delegates to: what it yields or returns is pushed */
    CONT_OPERATOR,      /* it is a method's that an operator calls, whose operands lie on the stack still: they go, what the operator makes of it is
                         * pushed */
    CONT_CONSTRUCT,     /* it is __init__'s, called from C: None. The object lies below the class and the arguments, which go. CONT_INIT else */
    CONT_SENT,          /* the innermost frame: its top value is what the receiver of the SEND at `ip` has given, or returned:
                         * State.returned */
    CONT_NEXT,          /* the innermost frame: its top value is what an iterator gave; NULL: exhausted, leave the loop of the FOR_ITER at
                         * `ip` */
} Continuation;

typedef struct {
    PyCodeObject *code;         /* borrowed: the entry frame's, or that of a function which a guard finds alive when the trace runs */
    Ref func;                   /* inlined frames: the function object, or the generator whose frame it is, borrowed; entry frame: REF_NONE */
    int32_t ip;                 /* index of the code unit to go on at (innermost) or behind whose call to go on (callers: the CALL) */
    int32_t drop_ip;            /* innermost: code unit that releases what the exit drops, before it goes on at `ip`; -1: at `ip` */
    int16_t depth;              /* values on its operand stack */
    uint8_t continuation;       /* Continuation */
    uint8_t real;               /* an inlined frame that is pushed: PUSH_FRAME */
    int16_t stand;              /* a generator's: the Stand (its number) where its own frame, which exits link, stands; else -1 */
    int16_t n_locals, n_stack;  /* co_nlocalsplus and co_stacksize of `code`, which may be gone when a pass looks */
} SnapFrame;

/* A slot of the entry frame, or of a generator's, that is not mentioned is as it was when the trace was entered, or what has been stored to
 * it since; every slot of an inlined function's is mentioned unless NULL. Either all inlined frames are real or none is. */
typedef struct {
    int32_t first_frame, n_frames;  /* in Trace.snap_frames; [0] is the entry frame */
    int32_t first_slot, n_slots;    /* in Trace.snap_slots */
} Snapshot;

/* ---- exits, links and the finished trace ---- */

typedef struct Trace Trace;

/* One way out of a finished trace. Native code knows its address: `target` first. */
typedef struct Exit {
    void *target;               /* native: where the exit stub jumps: the common exit, or the entry of the side trace */
    Trace *trace;               /* the trace it belongs to */
    Trace *side;                /* the side trace that continues here, or NULL; owned by the executor of `trace` */
    int32_t snap;               /* index of the snapshot */
    Ref uop;
    uint32_t count;             /* how often it was taken to the interpreter */
    uint8_t error;              /* an exception is set */
    uint8_t given_up;           /* no side trace will be recorded from here */
    uint8_t returns;            /* 1: it has been given up because its function returns soon; 2: it has been tried again where that is of
                                 * use to a native caller */
    uint8_t failures, retries;  /* recordings from here that came to nothing; of these, spoilt by an unlucky turn */
    uint8_t never;              /* it is of a sort from which there are no side traces */
    int16_t work;               /* WORK between the last such uop before it and itself, about; less than 0: it cost more than the
                                 * interpreter */
    uint16_t n_live;
    uint16_t cost;              /* ns: what is reckoned for leaving here (attach/judge.c); 0: not known */
    int32_t first_live;         /* in Trace.live: where its values are, see Live */
    uint32_t stub;              /* native: offset of its stub in the code; 0: none */
    struct Prepared *prepared;  /* how to leave here (execute/prepare.h), made when it is first done; NULL: not yet. Freed with the trace */
} Exit;

/* Where a value is in native code. */
typedef struct {
    uint8_t kind;               /* LOC_* */
    uint8_t index;              /* register or spill place */
} Loc;
enum { LOC_NONE, LOC_G, LOC_F, LOC_SPILL };

typedef struct { Ref ref; Loc loc; } Live;

/* The trace ends with it: nothing stands behind it. */
static inline int ir_yields(int op) { return op == UOP_YIELD || op == UOP_YIELD_INT || op == UOP_YIELD_FLOAT || op == UOP_YIELD_RESULT; }
static inline int ir_raises_out(int op) { return op == UOP_RAISE_OUT || op == UOP_RERAISE_OUT; }
static inline int ir_returns(int op)
{
    return ir_raises_out(op) || op == UOP_RETURN || op == UOP_RETURN_INT || op == UOP_RETURN_FLOAT || op == UOP_RETURN_GEN || ir_yields(op);
}
/* Its word is no address but the number of arguments. */
static inline int ir_calls_any(int op) { return op == UOP_INVOKE_ANY || op == UOP_INVOKE_KW; }
/* Has a Site. */
static inline int ir_calls_natively(int op) { return op == UOP_INVOKE || ir_calls_any(op) || op == UOP_RESUME_GEN || op == UOP_SEND_GEN; }
/* Writes the frame of a generator that is followed into, and nothing else. */
static inline int ir_writes_generator(int op)
{
    return op == UOP_SWAP_GEN_SLOT || op == UOP_STORE_GEN_SLOT || op == UOP_STORE_GEN_TAGGED || op == UOP_STORE_GEN_INT ||
           op == UOP_STORE_GEN_FLOAT || op == UOP_GEN_STANDS || op == UOP_GEN_TOP;
}
/* Leaves what is TAKEn behind it. */
static inline int ir_gives(int op) { return ir_calls_natively(op) || op == UOP_SEND || op == UOP_FALL_BACK || op == UOP_TEST_RESULT; }
/* Between an INVOKE and the check of what it may have done. */
static inline int ir_takes(int op)
{
    return op == UOP_TAKE_INT || op == UOP_TAKE_FLOAT || op == UOP_GUARD_BOXED || op == UOP_GUARD_YIELDED || op == UOP_GUARD_RETURNED;
}
static inline int ir_is_end(int op) { return op == UOP_JUMP_LOOP || op == UOP_LINK || op == UOP_EXIT || ir_returns(op); }

/* Link entry: what START expects. A slot of the entry frame that is not mentioned is in memory. */
typedef struct {
    int16_t slot;
    uint8_t kind;               /* KIND_FLOAT, KIND_INT: PARAM_* number n carries its value; memory holds its object or NULL */
    Loc loc;                    /* set by emit */
} EntrySlot;

/* One stretch of native code, up to the next mark. */
typedef struct {
    uint32_t offset;            /* in the trace's code */
    int32_t uop;                /* on whose behalf; -1: nobody's */
    uint16_t what;              /* emit/map.h */
} CodeMark;

/* What names and lines are read from, also when the code itself is gone. */
typedef struct {
    const PyCodeObject *code;               /* says which; may be gone */
    PyObject *filename, *name, *qualname, *lines;   /* owned: three str, and co_linetable, bytes */
    int first_line, n_locals, n_stack, n_units;
} Source;

/* What a side trace knows of a parameter. */
typedef struct {
    PyTypeObject *type;         /* exactly; static, or a class among the constants. NULL: not known */
    int held_by;                /* 1 + the local of the entry frame whose memory holds it at START; 0: not known */
} ParamFact;

struct Trace {
    Uop *uops; int32_t n_uops, cap_uops;
    Const *consts; int32_t n_consts, cap_consts;
    Snapshot *snaps; int32_t n_snaps, cap_snaps;
    SnapFrame *snap_frames; int32_t n_snap_frames, cap_snap_frames;
    SnapSlot *snap_slots; int32_t n_snap_slots, cap_snap_slots;
    Ref *link_args; int32_t n_link_args, cap_link_args;     /* LINK: the value for each parameter of the target, in order */
    Source *sources; int32_t n_sources, cap_sources;
    uint32_t where;             /* of uops appended now */
    struct Room *room;          /* while it is recorded: what its arrays grow in when memory runs out; NULL: nothing */
    int32_t n_classes;          /* constants that are classes */

    PyCodeObject *code;         /* the entry frame's code; borrowed: the executor hangs on it (a reference would be a cycle) */
    PyObject *globals, *builtins;   /* borrowed: the frame that enters must have the same */
    uint8_t own_locals;         /* cpy_has_own_locals() of the frame, and of whichever enters */
    int32_t header;             /* root: code unit index of the loop header, or of the function's entry, or behind a RESUME */
    uint8_t is_entry;           /* root: that of a function, or where a generator is resumed */
    Ref start, loop;            /* index of START; of LOOP or REF_NONE */
    Exit *parent;               /* side trace: the exit it continues; NULL: root */
    Trace *root;                /* the root of its tree (itself for a root) */
    EntrySlot *entry; int32_t n_entry, cap_entry;           /* root: one per PARAM */
    Exit *exits; int32_t n_exits;
    int64_t runs[2];            /* COPYPATCH_COUNT=runs: times it was entered; turns of its loop, but the first */
    void *block;                /* finished: holds the arrays above and the exits; NULL: they grow */
    Live *live; int32_t n_live; /* in a block of its own, with marks and param_locs behind it */
    ParamFact *param_facts;     /* side trace: by PARAM number; NULL: there are none */
    int32_t n_bytecodes;        /* recorded */
    int escapes;                /* root: some trace of the tree runs arbitrary code */
    int valid;                  /* 0: must not be entered any more; native code reads it */
    int failed;                 /* memory ran out while it was made: something is missing, and it comes to nothing */

    /* native code, set by emit; NULL when there is none */
    void *code_start; size_t code_size;
    CodeMark *marks; int32_t n_marks;       /* what is where in it, ascending */
    void *gdb;                  /* what debuggers have been told; NULL: nothing */
    void *native_entry;         /* root: entry from memory (loads, guards and unboxes the entry slots); side: unused */
    void *native_link;          /* START: entry of links, and of the parent's exit for a side trace */
    Loc *param_locs;            /* where each PARAM is expected at native_link */
    Site *sites;                /* one for each uop that ir_calls_natively(), in order */
    PyObject *executor;         /* borrowed: the executor that owns this trace */
    struct SteadyUse *steady;   /* root: the names whose values the tree takes for constant (cpython/steady.h); who frees it forgets them
                                 * first */
};

Trace *trace_new(PyCodeObject *code);
void trace_free(Trace *t);

/* Leaves where something asks for the interpreter's attention. */
static inline int ir_asks_for_calm(int op) { return op == UOP_POLL || op == UOP_GUARD_CALM || op == UOP_GUARD_INVOKE; }

/* Behind an escape: whether the trace is still what it was. */
static inline int ir_checks_valid(int op)
{
    return op == UOP_CHECK_VALID || op == UOP_CHECK_INVOKED || op == UOP_CHECK_DIED || op == UOP_CHECK_LOOKED;
}

static inline const Uop *uop_at(const Trace *t, Ref r) { return &t->uops[r]; }
static inline Kind ref_kind(const Trace *t, Ref r)
{
    return IS_CONST(r) ? (Kind)t->consts[~r].kind : (Kind)uop_info[t->uops[r].op].result;
}

/* Appending. Each returns -1 / REF_NONE with no exception set when memory runs out. Then `failed` is set, and nothing can be appended any
 * more: who appends may go on without looking, except where the result is used as an index, and asks once at the end. */
Ref trace_append(Trace *t, UopCode op, Ref a, Ref b, Ref c, int64_t imm, int32_t snap);
Ref trace_const_obj(Trace *t, PyObject *o);     /* takes its own reference; the same object gives the same ref */
Ref trace_const_int(Trace *t, int64_t v);
Ref trace_const_float(Trace *t, double v);      /* merged by bit pattern */
Ref trace_const_copy(Trace *t, const Const *k); /* another trace's: its object is not looked at */
int trace_is_class(const Trace *t, const PyTypeObject *type);   /* a class among the constants: it can die, and its instances' class can
                                                                 * change */
int32_t trace_add_snapshot(Trace *t);           /* starts a snapshot; frames and slots added next belong to it */
int trace_add_snap_frame(Trace *t, SnapFrame frame);
int trace_add_snap_slot(Trace *t, SnapSlot slot);
int trace_add_link_arg(Trace *t, Ref ref);
int trace_add_entry(Trace *t, EntrySlot e);

/* The leaf values (not constants, not sunk) that a snapshot needs, each once; their number. out: room for trace_max_leaves(). */
int32_t trace_leaves(const Trace *t, const Snapshot *s, Ref *out);
int32_t trace_max_leaves(const Trace *t, const Snapshot *s);
/* The same: calls visit(arg, ref). */
void trace_snapshot_leaves(const Trace *t, const Snapshot *s, void (*visit)(void *arg, Ref ref), void *arg);

/* Finishes a trace: numbers the exits, one Exit per uop that can leave. Nothing can be appended to it any more. -1 when memory runs out. */
int trace_make_exits(Trace *t);

/* Where an exit stands: the innermost frame of its snapshot. */
static inline const SnapFrame *exit_place(const Exit *e)
{
    const Snapshot *s = &e->trace->snaps[e->snap];
    return &e->trace->snap_frames[s->first_frame + s->n_frames - 1];
}
/* How many of the exits that the way to e's trace hangs on stand at the same instruction: what it sees is different every time. */
int trace_same_place(const Exit *e);
