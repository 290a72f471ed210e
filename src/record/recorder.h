/* Inside of src/record: the recorder's state and the operations its rec_* functions are made of.
 *
 * An instruction is recorded in this order, and only in this order:
 *   1. look at the operands (rec_peek), guard what is assumed of them: a guard that fails retries the whole instruction
 *   2. make sunk operands real, bring locals to memory if arbitrary code may run
 *   3. pop the operands, effects
 *   4. push the result, queue what is to be released (rec_release)
 *   5. rec_finish(): validity is checked after an escape, queued references are released, at the boundary behind the instruction */
#pragma once
#include "record.h"
#include "../cpython/general.h"
#include "../cpython/opcodes.h"
#include "../cpython/steady.h"
#include "../ir/instance.h"
#include "../ir/room.h"
#include <setjmp.h>
#include <stdatomic.h>

#define MAX_SLOTS 1024      /* of all frames */
#define MAX_DROPS (MAX_SLOTS + 64)      /* an inlined function that returns releases all its locals */
#define MANY 2              /* side traces one upon the other from an instruction, behind which the next records its general form */
#define MAX_ASSUMED 256     /* names whose values a trace takes for constant */
#define MAX_MADE 64         /* instances and their attributes that are made together */
#define MAX_INNER 128       /* slots of a callee whose loop can be closed inside a trace */
#define MAX_SNAP_SLOTS (128 << 10)      /* at a boundary: room.c has twice as much, and more */

typedef struct { Ref ref; uint8_t own, lent; } Operand;     /* as Slot */
static inline Operand operand(Ref ref, Own own) { return (Operand){ref, (uint8_t)own, 0}; }

typedef struct {
    PyCodeObject *code;         /* borrowed: from the running frame; inlined frames: from the function, or their own frame while it is
                                 * real */
    CodeInfo *info;             /* lives as long as code */
    PyObject *globals, *builtins;   /* borrowed from the frame or function */
    Ref func;                   /* inlined frames: the function */
    PyFunctionObject *function; /* inlined frames: the same, concrete; borrowed from whom a guard has just found to have it, and the frame
                                 * while it is real */
    Slot *slots;                /* localsplus */
    int n_locals;               /* co_nlocalsplus */
    int depth;                  /* operand stack */
    int ip;                     /* code unit of the instruction that is recorded (callers: of their CALL) */
    int next;                   /* code unit behind it */
    Continuation continuation;  /* inlined frames: what the caller does with what it gives. CONT_INIT: an __init__, what it initializes lies
                                 * on its caller's stack */
    const Stand *stand;         /* a generator's that is followed into (followed.c): where its own frame stands meanwhile; `func` is the
                                 * generator. NULL: it is no such frame */
    int top;                    /* the same: values that the operand stack in memory has */
    int turns;                  /* the same: of loops in it, since it was resumed */
    int escapes;                /* inlined frames: how often arbitrary code has run in it or below */
} RecFrame;

/* What keeps a borrowed object alive beside slots that own it. */
typedef enum { KEPT_BY_SLOTS, KEPT_BY_HEAP, KEPT_BY_TUPLE,
               KEPT_BY_FUNCTION,    /* of an inlined frame: it lives as long as the frame, its last reference only goes in an exit */
             } Keeper;

#define MAX_ARGUMENTS 256           /* of a function that is followed into */

/* Arguments to parameters: argument i of n is for parameter[i], keyword-only ones behind the others, or TO_REST, TO_NAMES; given:
 * whether a parameter has one. rest, names: the function has *args, **names, which get n_rest, n_names of them; by_name: the names of
 * the last arguments, borrowed; NULL: there are none. */
typedef struct { int n, rest, n_rest, names, n_names; PyObject *by_name; uint8_t parameter[MAX_ARGUMENTS], given[MAX_ARGUMENTS]; } Binding;
enum { TO_REST = 254, TO_NAMES };

/* What has become of a sunk object; unowned: nobody has its reference yet. */
typedef struct { Ref sunk, real; int unowned; } Made;

/* A call whose beginning is recorded as if nothing had happened yet: prefix.c. */
typedef struct {
    int32_t snap;               /* the boundary in front of the CALL, where guards lead meanwhile; -1: there is none */
    PyFunctionObject *fn;       /* borrowed from the caller's stack, where it lies */
    Invoked *invoked;           /* its code's */
    Binding binding;
    int below, length;          /* as rec_follow(); instructions so far */
    Ref first;                  /* its first uop */
    int depth, start_depth, current_ip, lends, n_bytecodes, work, branches;     /* as they were at the CALL */
} Prefix;

typedef struct Recorder {
    Recording out;              /* first: who has the one has the other */
    struct Recorder *before, *after;    /* the list of those that are on, or of those that wait for use */
    uint64_t thread;            /* id of ts, which no other thread ever has */
    Header *loop;               /* root: its loop's header, or its function's entry; NULL: side */
    const Exit *exit;           /* side: where it begins */
    int learned;                /* a function is not followed into any more */
    int overtaken;              /* somebody else has taken its place: it ends as soon as it can */
    int asked;                  /* how often it was in the way of another recording of the same */
    atomic_int abandoned;       /* its C stack is gone. Set without the GIL */

    Trace *t;
    State *S;
    PyThreadState *ts;
    Frame *frame;               /* the entry frame */
    Ref heap_write;             /* the last uop that wrote the heap: what was loaded before may not be there any more */
    int n_frames;
    int n_frames_given;         /* those that were there at the beginning; what it follows into stands behind them */
    int32_t snap;               /* snapshot of the boundary before the current instruction; -1: not made yet */
    int start_depth;            /* of the innermost frame at that boundary */
    int closed;                 /* an effect has happened in this instruction: no retry any more */
    int escaped_now;            /* this instruction ran arbitrary code */
    int invoked;                /* that was an INVOKE, or nothing was */
    int only_died;              /* that was when something died, or nothing was */
    int pushed;                 /* the inlined frames are real: from before arbitrary code runs until what it did has been checked */
    int escaped;                /* any did */
    int epoch;                  /* how often any did */
    int calm_in;                /* epoch in which GUARD_CALM stands already; 0: none */
    int n_assumed;              /* of .assumed */
    int result_left;            /* side: on top lies what the INVOKE has given, or the like: SINK_RESULT, not taken yet */
    Continuation pending;       /* CONT_NEXT, CONT_SENT: the top value is what an iterator gave, not tested yet. Else CONT_PUSH */
    int current_ip;             /* code unit of the instruction being recorded, for tracebacks */
    RecordEnd end;
    AbortReason abort;
    int raised;
    int behind_raise;           /* the instruction has raised: the rest of it is appended, but not executed, and values are dummies; then
                                 * the trace ends */
    int32_t raised_snap;        /* the state to raise in */
    int32_t final_snap;         /* the state in which it stopped */
    int n_drops;
    int n_bytecodes, n_counted; /* recorded; of these, there is a COUNT_ONE behind: COPYPATCH_COUNT=bytecodes */
    int lends;                  /* the current instruction pushes what the stack owns no reference of: Instruction.lends */
    int work;                   /* of these, ran no arbitrary code; since the last WORK */
    int branches;               /* conditional jumps */
    const Header *stopped_at;   /* INNER_LOOP: the loop */
    int general;                /* the first instruction sees something else every time: its general form is recorded */
    int inner_loops;            /* passes over other loop headers */
    Header *inner;          /* loop in an inlined callee that the trace ends in: LOOP has been placed, NULL: none */
    int inner_frames;           /* n_frames there */
    int unrolled;               /* headers passed because the types did not fit their traces */
    int from_link;              /* side trace of a LINK whose target became invalid: may link at once */
    int peeled;                 /* turns of loops that have few */
    int came_back;              /* the instruction before was a backward jump */
    int abort_opcode;
    uint64_t program_ns;        /* spent in uops that run the program's own code */
    Prefix prefix;
    int has_instances;          /* some slot may hold an instance not made yet: instances.c */
    int settling, n_made;       /* they are being made: .made */
    int dumped;                 /* uops that DUMP_UOPS has printed */

    /* From here on kept from one recording to the next, or filled as far as it is used. */
    Room room;
    Value *vals;
    uint8_t *keeper;            /* by uop index: Keeper */
    Ref *container;             /* by uop index: the object that holds it, or REF_NONE */
    int32_t cap;
    jmp_buf stop;               /* rec_stop(): out of the middle of an instruction */
    Builder b;
    RecFrame frames[MAX_FRAMES];
    Slot slots[MAX_SLOTS];
    Operand drops[MAX_DROPS];
    Made made[MAX_MADE];
    SteadyMark assumed[MAX_ASSUMED];    /* what the trace takes for constant */
    Slot inner_slots[MAX_INNER];    /* the callee's slots at LOOP */
    Slot inner_below[MAX_SLOTS];    /* the slots of the frames below, there */
} Recorder;

int rec_is_overtaken(const Recorder *R);    /* what it records has been recorded meanwhile, or is by another */

static inline int rec_behind_prefix(const CodeInfo *info, int unit)     /* of the opcode itself: behind its EXTENDED_ARGs */
{
    return cpy_fetch(info->units, unit).at;
}

#define TOP_FRAME(R) (&(R)->frames[(R)->n_frames - 1])
/* The instruction behind the one that is recorded. */
static inline Instruction rec_next_instruction(const Recorder *R) { return cpy_fetch(TOP_FRAME(R)->info->units, TOP_FRAME(R)->next); }

/* By file. Each calls only files whose sections stand above its own, here and in functions.h; those of instructions come behind all of
 * them. */

/* ---- state.c: uops, snapshots, what is counted ---- */
_Noreturn void rec_abort(Recorder *R, AbortReason why);      /* ends the recording before the current instruction */
_Noreturn void rec_stop(Recorder *R, RecordEnd end, AbortReason why, int32_t snap);
Ref rec_emit(Recorder *R, UopCode op, Ref a, Ref b, Ref c, int64_t imm);               /* guards retry this instruction */
Ref rec_emit_snap(Recorder *R, UopCode op, Ref a, Ref b, Ref c, int64_t imm, int32_t snap);
Ref rec_append(Recorder *R, UopCode op, Ref a, int64_t imm, int32_t snap);              /* structure, not executed */
Ref rec_const(Recorder *R, PyObject *o);                /* like rec_emit(), never REF_NONE */
Ref rec_int(Recorder *R, int64_t v);
Ref rec_tuple_at(Recorder *R, Ref tuple, Py_ssize_t i);  /* TUPLE_AT: that the tuple has more than i is known */
int32_t rec_snapshot(Recorder *R);                      /* the state as it is now, drops included; ip = the frame's next */
int32_t rec_snapshot_raise(Recorder *R);                /* the state as it is now, to raise in at this instruction */
int32_t rec_snapshot_next(Recorder *R);                 /* the same, at a FOR_ITER whose value lies untested on top (CONT_NEXT) */
int32_t rec_snapshot_sent(Recorder *R);                 /* the same, at a SEND (CONT_SENT) */
void rec_count_bytecodes(Recorder *R, int more);        /* COPYPATCH_COUNT=bytecodes: those since the last time, and so many that end the
                                                         * trace */
void rec_count(Recorder *R);                            /* WORK, for what has been recorded since the last one */
void rec_note_raised(Recorder *R);                      /* what has been raised is not recorded: whose handler catches it? That function is called the
                                                         * next time, and has traces of its own */
void rec_note_looked_at(Recorder *R, int n);            /* asked of the n innermost frames */
void rec_init_builder(Recorder *R);

/* ---- state.c: concrete values ---- */
PyObject *rec_object(Recorder *R, Ref ref);             /* the object, borrowed; NULL for a sunk one or NULL */
Value rec_value(Recorder *R, Ref ref);
PyTypeObject *rec_type(Recorder *R, Ref ref);           /* its type, guarded or not */
PyTypeObject *rec_guard_type(Recorder *R, Ref ref);     /* its type, guarded */
int rec_guard_exact(Recorder *R, Ref ref, PyTypeObject *type);  /* 1 and guarded when it is of that type, else 0 */
int rec_unbox_int(Recorder *R, Ref ref, Ref *out);      /* 1 when an exact int (or bool) that fits int64; guarded */
int rec_unbox_float(Recorder *R, Ref ref, Ref *out);    /* 1 when an exact float; guarded */

/* ---- suspended.c: frames of generators that are followed into ---- */
int64_t rec_suspended_place(const RecFrame *f, const Slot *s);  /* where a slot lies in the generator, in bytes */
void rec_load_suspended(Recorder *R, RecFrame *f, Slot *s);     /* a slot that is in memory */
Ref rec_take_suspended(Recorder *R, RecFrame *f, int i);        /* local i is in memory: that is emptied, the reference is the trace's. May
                                                                 * be NULL */
/* Gives up: none of the generators whose frames are there is followed into any more. Nothing, where there are none. */
void rec_not_followed(Recorder *R);
int rec_goes_round(Recorder *R);        /* back at a loop's header: 1, the frame is a generator's, and it may go round */

/* ---- slots.c: the operand stack, ownership ---- */
int rec_slots_in_use(const Recorder *R, int i);         /* of frame i, with those of operands that the instruction has popped */
int rec_n_holders(const Recorder *R, Ref ref);          /* slots that hold it */
/* ref is an int object not made yet that one operand holds and nothing else: nobody can see which object it is. */
int rec_is_temporary(Recorder *R, Ref ref);
Operand *rec_peek(Recorder *R, int n, Operand *out);    /* n-th from the top, 0 the top */
Operand rec_pop(Recorder *R);
void rec_drop(Recorder *R, int n);                      /* pops n values and releases them, the lowest first */
void rec_drop_in(Recorder *R, int order, int n);        /* the same, UP or DOWN */
void rec_push(Recorder *R, Operand v);                  /* a result, though it may be an operand's object: the interpreter has a reference
                                                         * to it */
void rec_push_same(Recorder *R, Operand v);             /* lent if v is */
void rec_push_ref(Recorder *R, Ref ref, Own own);
void rec_release(Recorder *R, Operand v);               /* queue: released by rec_finish */
/* Where the trace comes to, the constant is the object that it was when it was recorded; of others only the address is. lasting: wherever
 * it comes to. */
void rec_prove(Recorder *R, Ref constant, int lasting);
int rec_is_proven(Recorder *R, Ref constant);
int rec_is_kept(Recorder *R, Ref constant);             /* lives as long as the trace does */
void rec_protect_heap(Recorder *R);                     /* before heap writes: borrowed values get references of their own */
void rec_protect_slot(Recorder *R, Slot *dying);        /* before a slot gives up its reference */
void rec_own_slot(Recorder *R, Slot *s);                /* a borrowed value gets a reference of its own */
void rec_own_borrowers(Recorder *R, Ref ref);           /* the same of every slot that borrows this one, popped operands' too, if nobody
                                                         * else keeps it alive */
void rec_hold(Recorder *R, int n);                      /* the n-th value from the top gets a reference of its own: arbitrary code might
                                                         * release its owner */
int rec_hold_popped(Recorder *R, Ref ref);              /* the same for an operand popped in this instruction; 0: it is none */

/* ---- instances.c: instances that are not made yet ---- */
int rec_is_instance(const Recorder *R, Ref ref);
void rec_guard_version(Recorder *R, Ref ref, uint32_t version);     /* its class's, whether it is made or not */
void rec_replace(Recorder *R, Ref old, Ref new);         /* in all slots */
/* LOAD_ATTR, STORE_ATTR of the one on top. 0: not done. */
int rec_load_of_instance(Recorder *R, PyObject *name, int method);
int rec_store_to_instance(Recorder *R, PyObject *name);

/* ---- real.c: sunk values are made ---- */
Operand rec_real(Recorder *R, Operand v);               /* in every slot that holds it */
Ref rec_own(Recorder *R, Operand v);                    /* makes the reference the trace's, to give away; real, not sunk */
Ref rec_steal(Recorder *R, int n);                      /* the n-th value from the top, real and owned by its stack slot: popping it gives
                                                         * it away */
/* Before the memory of local i of the entry frame changes: whatever sunk object may be there is made, for the other slots that hold it. */
void rec_before_overwrite(Recorder *R, int i);
void rec_settle(Recorder *R);                           /* makes all instances */

/* ---- locals.c ---- */
Operand rec_local(Recorder *R, int i);                  /* what local i holds; REF_NONE: NULL */
void rec_before_store(Recorder *R, int i, int n);       /* guards that a local needs before value n of the stack is stored to it */
void rec_set_local(Recorder *R, int i, Operand v);      /* store, the old value released */
void rec_to_memory(Recorder *R, int i);                 /* at a boundary: slot i of the entry frame is in memory */

/* ---- escapes.c: around arbitrary code, and the end of an instruction ---- */
void rec_release_now(Recorder *R, int dies);            /* what is in the queue, in the middle of an instruction; dies: may, behind
                                                         * rec_before_escape() */
void rec_has_escaped(Recorder *R);                      /* this instruction ran arbitrary code */
void rec_before_escape(Recorder *R);                    /* locals to memory, instr_ptr stored, borrowed values protected */
void rec_before_end(Recorder *R);                       /* the same where a generator's frame is on top, which ends, and under it the entry
                                                         * frame */
void rec_finish(Recorder *R);
_Noreturn void rec_end_behind_raise(Recorder *R);       /* behind rec_finish() */

/* ---- call_c.c: calls of C functions ---- */
/* CALLn, LEAFn or the like of operands popped already: made real, released in their order (by the uop itself, where it may run arbitrary
 * code). */
Operand rec_call_fn(Recorder *R, UopCode op, int n, Operand *args, void *fn);
/* CALL_GIVEN of the n values on top, which are popped, and of n_more others: the result, which is the trace's. */
Ref rec_call_given(Recorder *R, int n, const Ref *more, int n_more, General *fn);
Ref rec_call_popped(Recorder *R, Operand *args, int n, General *fn);    /* the same of operands popped behind rec_before_escape() */
void rec_by_number(Recorder *R, int n, int arg, General *fn);   /* CALL_GIVEN of the n values on top and a number: the result is pushed */
void rec_forget(Recorder *R, Ref none);                 /* such a result that is None, of what pushes nothing */
Ref rec_small_int(Recorder *R, int n);                  /* n as a constant; aborts where it is none of the interpreter's own */

/* ---- names.c ---- */
/* A name of the current frame's code. */
static inline PyObject *rec_name(const Recorder *R, int i) { return PyTuple_GET_ITEM(TOP_FRAME(R)->code->co_names, i); }
/* Stands for a module until it is read (CPython 3.15). */
static inline int rec_is_lazy(PyObject *o) { return LAZY_IMPORT && Py_IS_TYPE(o, LAZY_IMPORT); }
int rec_is_folded(PyObject *o);                         /* of a kind that names hardly ever lose: guarded by identity */
void rec_guard_keys(Recorder *R, PyObject *dict, uint32_t version);
Ref rec_steady(Recorder *R, PyObject *dict, PyObject *name, PyObject *value);      /* its value, taken for constant without a guard;
                                                                                    * REF_NONE: guard it */
Ref rec_value_at(Recorder *R, PyObject **address);      /* what a dict keeps there; its keys are guarded */

/* ---- dicts.c; 0: not done. Of values on top, as the instructions find them; `get`: the method, n arguments with the dict, `below` values
 * under them ---- */
int rec_dict_item(Recorder *R);
int rec_dict_store(Recorder *R);
int rec_dict_contains(Recorder *R, int invert);
int rec_dict_get(Recorder *R, PyObject *method, int n, int below);
int rec_dict_merge(Recorder *R, Operand d);             /* of the top value into d, which has been made for the arguments of a call */
/* d, an exact dict that somebody keeps, has these keys, a tuple of str, in this order: guarded; its values, borrowed from it. */
void rec_dict_values(Recorder *R, Ref d, PyObject *names, Ref *values);

/* ---- inner_loop.c ---- */
void rec_inner_loop(Recorder *R, Header *h);            /* back at the header of a loop in an inlined callee */
void rec_must_not_leave(Recorder *R);                   /* the innermost frame returns, or something else is come to: aborts when that is
                                                         * out of a loop being made */

/* ---- text.c ---- */
/* str(x), repr(x) or the text in an f-string of the top value, with `below` values under it popped too; the result pushed. */
typedef enum { TEXT_STR, TEXT_REPR, TEXT_FORMAT } TextOf;
void rec_text(Recorder *R, TextOf what, int below);
int rec_parse(Recorder *R, PyTypeObject *type);         /* int(s), float(s) of a str: as below */

/* ---- arith.c, attributes.c, iterate.c: of the values on top, the arguments of a call with the callable and NULL below them: recorded, the
 * result pushed; 0: not done ---- */
int rec_power(Recorder *R, int n);                      /* pow(a, b), pow(a, b, m) of ints */
int rec_divmod(Recorder *R);                            /* of two ints */
int rec_gcd(Recorder *R);
int rec_bool(Recorder *R);                              /* bool(x) */
int rec_getattr(Recorder *R, int n);
int rec_hasattr(Recorder *R);
void rec_type_of(Recorder *R);                          /* type(x) */
int rec_range_loop(Recorder *R, int n);
/* attributes.c: pushes what the module on top has under the name, and leaves it there; 0: not done. */
int rec_from_module(Recorder *R, PyObject *name);
/* calls.c: n below the top lies an object, guarded not to be NULL; 0: NULL, guarded likewise. */
int rec_has_self_below(Recorder *R, int n);

/* ---- one function per bytecode, by subject ---- */
int rec_arith(Recorder *R, int op, int arg);            /* 1 when the opcode is theirs */
int rec_compare(Recorder *R, int op, int arg);
int rec_containers(Recorder *R, int op, int arg);
int rec_iterate(Recorder *R, int op, int arg);
int rec_names(Recorder *R, int op, int arg);
int rec_attributes(Recorder *R, int op, int arg);
int rec_calls(Recorder *R, int op, int arg);
int rec_returns(Recorder *R, int op, int arg);
int rec_control(Recorder *R, int op, int arg);
int rec_general(Recorder *R, int op, int arg);
int rec_generators(Recorder *R, int op, int arg);
int rec_exceptions(Recorder *R, int op, int arg);

/* ---- for recorder.c alone ---- */
/* with_instances.c: the instruction goes on with such operands, or (0, to be recorded) all instances are made first. 1: it has been
 * recorded. */
int rec_with_instances(Recorder *R, int op, int arg);
void rec_at_header(Recorder *R);                        /* control.c: at a boundary: closes or links the trace at a loop header */
void rec_continue_next(Recorder *R);                    /* a side trace of a CONT_NEXT exit begins */
void rec_continue_sent(Recorder *R);                    /* of a CONT_SENT exit */
void rec_continue_caught(Recorder *R);                  /* of one that an exception is raised at: exit_is_caught() */
