/* The execution state and the object layouts that uop bodies see.
 *
 * Freestanding: no system header, no Python.h, so that every target's stencils compile on one machine without its SDK.
 * src/cpython/layout.c compares each layout with the real one by static assertions.
 *
 * A body is written once:
 *
 *     uop(ADD_INT) { int64_t r; if (__builtin_add_overflow(a, b, &r)) EXIT(); RESULT(r); }
 *
 * Its parameters are the operands named in uops.def (SIGNATURE_ADD_INT, made from the declaration), so a body that drifts from its
 * declaration does not compile: EXIT() needs an exit, RESULT() a result. The uop interpreter calls body_ADD_INT(), the stencil
 * template wraps it once per choice of registers. Nothing may have happened before EXIT() of a `guard` exit. */
#pragma once

/* Whose objects and frames: 313, those of CPython 3.13; 314, those of 3.14 and 3.15. */
#ifndef ABI_LAYOUT
#define ABI_LAYOUT 313
#endif

#ifndef COPYPATCH_HOSTED          /* the uop interpreter has the real <stdint.h> */
typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef short int16_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef unsigned int uint32_t;
#if defined(__LP64__) && !defined(__APPLE__)
typedef long int64_t;
typedef unsigned long uint64_t;
#else
typedef long long int64_t;
typedef unsigned long long uint64_t;
#endif
typedef __UINTPTR_TYPE__ uintptr_t;
typedef __INTPTR_TYPE__ intptr_t;
#endif

/* C's long: 32 bits on Windows. Who runs Windows' stencils elsewhere (tests) defines ABI_LONG_32. For i686 they also compile with
 * -malign-double: Windows aligns 8-byte members to 8 bytes. */
#if defined(ABI_LONG_32) || defined(_WIN32) || __SIZEOF_POINTER__ == 4
typedef int32_t Long;
typedef uint32_t LongBits;
#else
typedef int64_t Long;
typedef uint64_t LongBits;
#endif

/* Registers of the emitter. i686 has too few: there they are places in the State. */
#if defined(__i386__) || defined(_M_IX86)
#define N_G 4
#define N_F 4
#else
#define N_G 6           /* integer and object registers */
#define N_F 8           /* float registers */
#endif
#define N_SPILL 64      /* spill places of an activation; even: calls save two at a time */
#define N_ARGS 64       /* arguments of one call */
#define N_TRASH 32      /* ints and floats waiting to be released */

#define INLINE static inline __attribute__((always_inline))

typedef struct Obj {
#if ABI_LAYOUT >= 314 && __SIZEOF_POINTER__ == 8
    uint32_t refcnt;                        /* see incref() */
    uint16_t overflow, flags;
#else
    intptr_t refcnt;                        /* see incref() */
#endif
    void *type;
} Obj;

typedef struct { uintptr_t bits; } FrameSlot;   /* of localsplus: see slot_object() */

typedef union Value {
    struct Obj *o;
    int64_t i;
    double f;
} Value;

/* A frame of the interpreter's. */
typedef struct FrameHead {
    FrameSlot executable;                   /* the code */
    struct FrameHead *previous;
    FrameSlot function;
    Obj *globals, *builtins, *locals, *frame_object;
    void *ip;
#if ABI_LAYOUT >= 314
    FrameSlot *top;                         /* of the operand stack; here: the collector walks up to it */
    uint16_t return_offset;
    uint8_t owner, visited;
#else
    int32_t top;                            /* -1: executing */
    uint16_t return_offset;
    uint8_t owner;
#endif
    FrameSlot slot[1];                      /* locals, operand stack */
} FrameHead;

/* An exception that is handled, and what was before it. */
typedef struct HandledError { Obj *value; struct HandledError *previous; } HandledError;

/* A generator or coroutine, with its frame. */
typedef struct { Obj base; void *head[3]; HandledError error; void *origin; char flags[3]; int8_t state; FrameHead frame; } GenObj;

/* A function's code that traces call without the interpreter: INVOKE. */
typedef struct {
    void *entry;                            /* its native code; NULL: there is none now, the interpreter is called */
    Obj *code;                              /* borrowed: a guard finds it alive */
    void *ip;                               /* where a frame of it begins */
    intptr_t n_args, n_empty, n_free, n_words;      /* its slots: parameters, *args and **names among them, those that hold nothing at the beginning, variables of its closure; words of a frame */
    Obj *globals, *builtins;                /* borrowed: the namespaces of the functions that are called so */
    uint64_t cells;                         /* bit n: slot n is a cell's, that the callee makes around what it holds, or around nothing */
} Invoked;

/* Where a generator may stand when it is resumed. */
typedef struct {
    void *ip;                               /* NULL: behind the last one */
    void *entry;                            /* the native code from there; NULL: there is none now, the interpreter goes on there */
} ResumePoint;

/* Where a generator stands while it is suspended: at a yield, or where it delegates. */
typedef struct {
    void *ip;                               /* NULL: behind the last one */
    struct Resumed *of;                     /* its code */
    intptr_t state;                         /* GenObj.state there */
} Stand;

/* The code of generators or coroutines that traces resume without the interpreter: RESUME_GEN. */
typedef struct Resumed {
    Obj *code;                              /* borrowed: a guard finds it alive */
    Obj *globals, *builtins;                /* borrowed: the namespaces that all of them have */
    ResumePoint *point;                     /* the first: not begun yet; those where it delegates are not among them */
    Stand *stand;                           /* all but that */
} Resumed;

/* One INVOKE, INVOKE_ANY or RESUME_GEN of a trace. */
typedef struct {
    Invoked *invoked;                       /* the one or the other */
    void *back;                             /* the code behind it */
    intptr_t n_spill;                       /* of the spill places so many may be in use there */
    void *error;                            /* the Exit to leave by when the callee raises; its first word is where that leads, with nothing in registers */
    Resumed *resumed;
    intptr_t n_given;                       /* arguments of whatever is called */
    intptr_t sends;                         /* what the generator returns is asked for */
} Site;

/* What comes back when a callee returns that native code has called: its caller's activation. On the thread's data stack, right before the callee's frame. */
typedef struct CallRecord {
    struct CallRecord *before;                  /* its caller's own; NULL: that was entered from C */
    Site *site;
    FrameSlot *base;                        /* as in the State */
    uintptr_t in_new_chunk;                 /* of the data stack, which goes with it */
    uintptr_t delegates;                    /* generators between the caller and the callee, each of which delegates to the next: where they stand lies behind the spill places */
    Value spill[1];                         /* Site.n_spill; then a void * for each of the delegates, the outermost first */
} CallRecord;

#define INVOKE_DEPTH 8          /* calls that are left for inlined frames and the interpreter when there are none for native ones */
enum { N_SMALL_NEGATIVE = 5, N_SMALL = 257 };      /* ints of which there is one object each: from -5, up to 256 */
enum { RAW_OBJECT, RAW_INT, RAW_FLOAT };    /* State.raw */

/* One activation of native code or of the uop interpreter; lives on the C stack of who enters a trace. */
typedef struct State {
    void *thread;                           /* the PyThreadState */
    FrameSlot *base;                        /* localsplus of the entry frame; slots are counted from here */
    uintptr_t *breaker;                     /* the thread's eval_breaker word */
    uintptr_t calm;                         /* its value with nothing to do, captured at entry */
    void *const *allocator; const void *calm_allocator;     /* of objects: where it stands, and what stood there at entry */
    void *const *evaluator; const void *calm_evaluator;     /* of frames (PEP 523); likewise */
    Obj *true_object, *false_object;        /* borrowed, immortal */
    void *module_type;                      /* PyModule_Type */
    void *top;                              /* the activation's innermost frame: the thread's current one, but behind a call that a C++ exception has gone through */
    void *exit;                             /* which exit was taken: set by the exit stub */
    int64_t stress_left, stress_every;      /* COPYPATCH_STRESS=exit:N; 0: off */
    int64_t work;                           /* bytecodes executed: WORK */
    int64_t died;                           /* the DECREF_CALL before this CHECK_DIED has released the last reference to something */
    int64_t n_trash;                        /* owned references, released by state_clear() */
    Obj *trash[N_TRASH];
    Value before_args;                      /* a callee may use it: CPython's PY_VECTORCALL_ARGUMENTS_OFFSET */
    Value args[N_ARGS];                     /* arguments of the next call, borrowed */
    Value spill[N_SPILL];
    Value g[N_G], f[N_F];                   /* the registers at an exit */
    /* Of native calls. Behind the rest: in front of args and spill they cost a program of many branches 40 %. */
    void **stack_top, **stack_limit;        /* where the thread keeps those of its data stack (void **) */
    FrameHead **current;                    /* ... and its current frame */
    int32_t *depth;                         /* ... and how much deeper Python calls may go */
    CallRecord *record;                         /* where the current frame's RETURN goes; NULL: to the interpreter */
    Value result;                           /* what the last INVOKE has given, until it is taken: an object, whose reference is the trace's, or */
    int64_t raw;                            /* ... the number in one that is not made yet: RAW_* */
    int64_t loud;                           /* arbitrary code may have run since the last check of a frame that nobody called natively */
    Obj *not_implemented;                   /* borrowed, immortal */
    char *small_ints;                       /* the int objects of -5 to 256, SmallInt by SmallInt; here: 0 */
    HandledError **handled;                 /* where the thread keeps the exception that it handles */
    int64_t executing;                      /* GenObj.state of one that runs; what is less can be resumed */
    int64_t returned;                       /* the generator that was resumed last has returned; else it has yielded */
    Obj *none;                              /* borrowed, immortal */
    void *int_type, *float_type;            /* PyLong_Type, PyFloat_Type */
} State;

typedef struct { Obj base; double value; } FloatObj;
typedef struct { Obj base; uintptr_t tag; uint32_t digit[3]; } IntObj;  /* tag: digits << 3 | sign (0 +, 1 zero, 2 -); digits of 30 bits */
#define ONE_DIGIT_TAG 8         /* from 1 to 2**30 - 1 */
typedef struct { Obj base; uintptr_t tag; uint32_t digit[1]; } SmallInt;   /* one of State.small_ints */
typedef struct { Obj base; intptr_t size; Obj **item; } ListObj;
#if ABI_LAYOUT >= 314
typedef struct { Obj base; intptr_t size, hash; Obj *item[1]; } TupleObj;
#else
typedef struct { Obj base; intptr_t size; Obj *item[1]; } TupleObj;
#endif
typedef struct { Obj base; intptr_t size, hash; uint8_t item[1]; } BytesObj;
typedef struct { Obj base; Long start, step, left; } RangeIter;
/* In front of an object's inline values; behind them, a byte each, their numbers in the order in which they were set. */
typedef struct { _Alignas(void *) uint8_t capacity; uint8_t size, embedded, valid; } ValuesHead;
typedef struct { Obj base; uint8_t capacity, size, embedded, valid; Obj *item[3]; } ValuesObj;      /* one with two of them and no more (tests) */
typedef struct { Obj base; intptr_t index; ListObj *list; } ListIter;
typedef struct { Obj base; intptr_t index; TupleObj *tuple; } TupleIter;
typedef struct { Obj base; Obj *content; } CellObj;
typedef struct { intptr_t refcnt; uint8_t log2_size, log2_index_bytes, kind; uint32_t version; } DictKeys;
#if ABI_LAYOUT >= 314
#define DICT_VERSION_STEP 0         /* no version any more */
#define N_FUNCTION_FIELDS 16
#else
#define DICT_VERSION_STEP (1 << 12)
#define N_FUNCTION_FIELDS 15
#endif
typedef struct { Obj base; intptr_t used; uint64_t version_tag; DictKeys *keys; } DictObj;
typedef struct { Obj base; void *fields[N_FUNCTION_FIELDS]; uint32_t version; } FunctionObj;
/* indices of FunctionObj.fields */
enum { FUNC_GLOBALS = 0, FUNC_BUILTINS = 1, FUNC_DEFAULTS = 5, FUNC_KEYWORD_DEFAULTS = 6, FUNC_CLOSURE = 7 };
typedef struct { Obj base; intptr_t size; void *slots[45]; uint32_t version_tag; } TypeObj;
enum { CODE_FLAGS = 0, CODE_OPTIMIZED = 1 };     /* index of CodeObj.numbers; a bit there */
typedef struct { Obj base; void *head[4]; int32_t numbers[12]; } CodeObj;
typedef struct { Obj base; Obj *dict; } ModuleObj;
typedef struct { Obj base; void *ml; } BuiltinObj;

#define DICT_REFUSES 1          /* h_dict_swap(): no object */

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define uop(NAME) INLINE void body_##NAME(SIGNATURE_##NAME)
#define RESULT(x) do { *result_ = (x); } while (0)
#define EXIT() do { *exit_ = 1; return; } while (0)
#define AWAY(code) do { *away_ = (code); return; } while (0)

/* Eight bytes from anywhere. */

#define POINTER(word) ((void *)(uintptr_t)(word))   /* an address given as a `word` operand */

/* a / b and a % b of int64: without 64-bit registers compilers call their run-time library, which stencils do not have. */
#if __SIZEOF_POINTER__ == 8
#define DIVIDE(a, b) ((a) / (b))
#define REMAINDER(a, b) ((a) % (b))
#else
#define DIVIDE(a, b) h_divide(a, b)
#define REMAINDER(a, b) h_remainder(a, b)
#endif

/* Reference counts as in Include/object.h (3.14: refcount.h). incref() passes by what is immortal; decref(), which says whether some are left, is for other objects.
 * In 3.13 CPython writes the low half of the count when it takes a reference, and reads all of it when it lets one go: who does both at once waits for ten cycles. */
#if ABI_LAYOUT >= 314 && __SIZEOF_POINTER__ == 8
INLINE int is_immortal(Obj *o) { return (int32_t)o->refcnt < 0; }
INLINE void incref(Obj *o) { if (o->refcnt < 0xc0000000u) o->refcnt++; }
#elif ABI_LAYOUT >= 314
INLINE int is_immortal(Obj *o) { return o->refcnt >= 1 << 30; }
INLINE void incref(Obj *o) { if (!is_immortal(o)) o->refcnt++; }
#elif __SIZEOF_POINTER__ == 8
INLINE int is_immortal(Obj *o) { return (int32_t)o->refcnt < 0; }
INLINE void incref(Obj *o)
{
    uint32_t count = *(uint32_t *)&o->refcnt + 1;       /* the low half, little endian */
    if (count != 0)
        *(uint32_t *)&o->refcnt = count;
}
#else
INLINE int is_immortal(Obj *o) { return o->refcnt == 0x3fffffff; }
INLINE void incref(Obj *o) { if (!is_immortal(o)) o->refcnt++; }
#endif
INLINE int only_one(const Obj *o) { return o->refcnt == 1; }
INLINE int decref(Obj *o) { return --o->refcnt != 0; }

/* A slot of a frame: 3.13 has a pointer there, NULL or owning a reference. From 3.14 on bit 0 says that no reference is owned: that of an
 * immortal object always (the interpreter compares whole words), that of one which a caller's local or the code's constants keep alive,
 * and NULL, which is 1. With bit 1 it is no object but an int, shifted left by two. */
#if ABI_LAYOUT >= 314
#define SLOT_UNCOUNTED 1
#define SLOT_NULL 1
#if __SIZEOF_POINTER__ == 8
#define SLOT_TAG(o) ((o)->flags & 1u)       /* of a reference that is the slot's */
#else
#define SLOT_TAG(o) ((uintptr_t)is_immortal(o))
#endif
#else
#define SLOT_UNCOUNTED 0
#define SLOT_NULL 0
#define SLOT_TAG(o) 0
#endif
#define SLOT_INT_TAG 3

/* What is there; NULL: nothing. Borrowed. */
INLINE Obj *slot_object(const FrameSlot *slot) { return (Obj *)(slot->bits & ~(uintptr_t)SLOT_UNCOUNTED); }
/* The object whose reference the slot owns; NULL: none. */
INLINE Obj *slot_owned(const FrameSlot *slot) { return slot->bits & SLOT_UNCOUNTED ? 0 : (Obj *)slot->bits; }
/* The reference is the slot's from now on; o may be NULL. What was there is forgotten. */
INLINE void slot_give(FrameSlot *slot, Obj *o) { slot->bits = o ? (uintptr_t)o | SLOT_TAG(o) : SLOT_NULL; }
/* The slot has no reference to o. */
INLINE void slot_lend(FrameSlot *slot, Obj *o) { slot->bits = (uintptr_t)o | SLOT_UNCOUNTED; }
INLINE void slot_give_int(FrameSlot *slot, intptr_t v) { slot->bits = (uintptr_t)v << 2 | SLOT_INT_TAG; }
INLINE int slot_has_int(const FrameSlot *slot) { return (slot->bits & SLOT_INT_TAG) == SLOT_INT_TAG; }
INLINE int64_t slot_int(const FrameSlot *slot) { return (intptr_t)slot->bits >> 2; }
/* What is there is the slot's from now on. */
INLINE void slot_own(FrameSlot *slot)
{
    Obj *o = slot_object(slot);
    if (SLOT_UNCOUNTED && o && !slot_has_int(slot) && slot_owned(slot) != o) {
        incref(o);
        slot_give(slot, o);
    }
}
INLINE void slot_clear(FrameSlot *slot) { slot->bits = SLOT_NULL; }

/* What a body takes for granted, because a guard before it, the recorder or its declaration says so. Stencils made with build.py --debug and
 * the uop interpreter of a debug build check it and trap: a wrong trace stops where it goes wrong. */
#ifdef COPYPATCH_DEBUG
#define ASSUME(x) do { if (unlikely(!(x))) __builtin_trap(); } while (0)
#else
#define ASSUME(x) ((void)sizeof(x))
#endif

/* An object that is not freed: then there would be a pointer (above 2**46) or nothing where its reference count was. */
INLINE int obj_alive(const Obj *o)
{
#if ABI_LAYOUT >= 314
    return o && ((uintptr_t)o & (sizeof(void *) - 1)) == 0 && o->refcnt != 0;
#else
    return o && ((uintptr_t)o & (sizeof(void *) - 1)) == 0 && (uint64_t)o->refcnt - 1 < (uint64_t)1 << 46;
#endif
}
#define ALIVE(o) ASSUME(obj_alive((Obj *)(o)))
#define ALIVE_OR_NULL(o) ASSUME(!(o) || obj_alive((Obj *)(o)))

/* The iterator has given `last` last; it may have been told so before. */
INLINE void range_sync(RangeIter *it, int64_t last)
{
    LongBits next = (LongBits)last + (LongBits)it->step, distance = next - (LongBits)it->start;
    if (likely(it->step == 1))
        it->left -= (Long)distance;
    else if (it->step > 0)
        it->left -= (Long)(distance / (LongBits)it->step);
    else
        it->left -= (Long)((0 - distance) / (0 - (LongBits)it->step));
    it->start = (Long)next;
}

/* The value where nothing was: number i of an object's inline values, at *field, and noted as the newest of them. The reference is the object's. */
INLINE void values_add(Obj **field, int64_t i, Obj *value)
{
    Obj **item = field - i;
    ValuesHead *head = (ValuesHead *)item - 1;
    ASSUME(i >= 0 && i < head->capacity && head->size < head->capacity && !item[i]);
    item[i] = value;
    ((uint8_t *)(item + head->capacity))[head->size++] = (uint8_t)i;
}
