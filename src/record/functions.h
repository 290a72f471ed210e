/* Inside of src/record: calls of plain Python functions, from how they begin to how they return; generators likewise. Arguments are the top
 * values, in order; `below` values under them, the callable among them, are popped too. */
#pragma once
#include "recorder.h"

/* ---- functions.c: binding. names: a tuple of str, of the last arguments, or NULL ---- */

/* 0: the call is an error, or it is not that simple. */
int rec_bind(PyFunctionObject *fn, int n, PyObject *names, Binding *b);
int rec_is_general(const Binding *b);           /* it has *args or **names */
/* All have a place among the arguments of one call, those for *args and **names too: the interpreter, when it is called, gets them one
 * by one. */
int rec_fits(const PyFunctionObject *fn, const Binding *b);
/* Values for the parameters that no argument is given for, to where they belong in args. f: the function. */
void rec_default_values(Recorder *R, Ref f, PyFunctionObject *fn, const Binding *b, Operand *args);
int rec_looks_up_defaults(const Recorder *R, Ref f, const PyFunctionObject *fn, const Binding *b);     /* in a dict made anew each time */
/* What *args and **names get of these objects, if they are there. Before anything of the call leaves the stack; no guard comes behind
 * it. */
void rec_add_general(Recorder *R, const PyFunctionObject *fn, const Binding *b, const Ref *more, Operand *args);

/* ---- functions.c: followed into ---- */

int rec_can_inline(Recorder *R, PyFunctionObject *fn);
void rec_guard_function(Recorder *R, Ref f, PyFunctionObject *fn);      /* f is fn, in its namespaces */
void rec_push_frame(Recorder *R, Ref func, PyFunctionObject *fn, const Operand *args);

/* Its frame is entered: what is recorded next is the callee's. That it is fn, in its namespaces, is guarded before;
 * that nobody watches its code, we are told. */
void rec_follow(Recorder *R, Operand callable, PyFunctionObject *fn, const Binding *b, int below);
/* fn, called with the n arguments on top, can be followed into; and is: its frame is entered, f (a function, whatever else) is guarded to
 * be fn. */
int rec_may_enter(Recorder *R, PyFunctionObject *fn, int n);
void rec_enter(Recorder *R, Ref f, PyFunctionObject *fn, int n);
/* Of what C code calls, whose caller's stack keeps the arguments meanwhile (operators.c): it is followed into, the arguments on top, the
 * last one self if it is reflected: they stay there until it returns (CONT_OPERATOR). 0: not done. */
int rec_enter_operator(Recorder *R, PyFunctionObject *fn, int n, int reflected);

/* ---- functions.c: called natively ---- */

Invoked *rec_invoked_of(Recorder *R, PyFunctionObject *fn);     /* it can be; NULL: not so */
void rec_guard_invoked(Recorder *R, Ref function, PyFunctionObject *fn, const Invoked *invoked);
/* Behind that guard; the result is pushed. */
void rec_invoke(Recorder *R, PyFunctionObject *fn, Invoked *invoked, const Binding *b, int below);
/* The same behind rec_before_escape(), what is on the stack popped. args: for each of the callee's first slots, references of the trace's
 * but where no argument is given for it. */
void rec_invoke_with(Recorder *R, Ref callable, Invoked *invoked, const Binding *b, const Operand *args);

/* Of what C code calls, whose caller's stack keeps the arguments meanwhile: fn can be called natively with n arguments by position and the
 * last ones by names, and is guarded to be what it is; *b says which parameters they are for, args gets the values of the others; general:
 * it may take *args and **names, which are still to be made. NULL: not so, nothing has been guarded. */
Invoked *rec_invocable(Recorder *R, PyFunctionObject *fn, int n, PyObject *names, int general, Binding *b, Operand *args);

/* It is called with args, whose references are taken anew, but those of *args and **names. When it raises, what is in the queue is
 * released: rec_release(). Its result is taken next. */
void rec_invoke_given(Recorder *R, PyFunctionObject *fn, Invoked *invoked, const Operand *args);
void rec_take_result(Recorder *R);      /* pushed */
void rec_take_object(Recorder *R);      /* the same, of what may give now a number and now something else */
/* The same in two steps: it is on the stack, not taken; then it is taken: as an object, 0, or as a number, 1: where another time it is
 * none, a snapshot tells. */
void rec_push_result(Recorder *R);
int rec_take_pushed(Recorder *R, int32_t (*snapshot)(Recorder *R));

/* ---- prefix.c ---- */

/* Instead of rec_invoke(): it is followed into as far as nothing happens there, up to its return, perhaps. 0: not done. */
int rec_begin_prefix(Recorder *R, Operand callable, PyFunctionObject *fn, Invoked *invoked, const Binding *b, int below);

/* Such a function comes to an instruction. 0: it goes too far, and what has been recorded instead is the CALL. */
int rec_prefix_goes_on(Recorder *R, int op, int arg);

/* ---- python_calls.c ---- */

/* fn, n arguments (self among them), the last ones by the names, if any: followed into, or called natively. 0: not done, nothing has been
 * guarded. */
int rec_call_plain(Recorder *R, Operand callable, PyObject *object, int n, int below, PyObject *names);

/* A plain function is called with a tuple of n items: value number `at`, the callable two below; at 1: and with a dict that has these
 * names, a tuple of str, or NULL. Fewer than N_ARGS in all. 0: not done. */
int rec_call_spread(Recorder *R, int at, int n, PyObject *names);

/* ---- construct.c ---- */

/* A class whose instances object.__new__() makes and a Python __init__ initializes, with n arguments: that is followed into. 0: not
 * done. */
int rec_enter_init(Recorder *R, PyObject *object, int n);

/* Any other class whose instances object.__new__() makes, and a Python __init__ initializes, which is followed into or called natively;
 * names: as above. 0: not done. */
int rec_construct(Recorder *R, PyObject *object, int n, PyObject *names);

/* ---- operators.c: by special methods that are called natively. The operands are on top, the result is pushed. 0: not done ---- */

int rec_binary_method(Recorder *R, int arg);
int rec_compare_method(Recorder *R, int op, int tested);      /* tested: its truth is pushed, a bool */
int rec_unary_method(Recorder *R, const char *name);
int rec_contains_method(Recorder *R);           /* of an item, and the container above it; a bool */
Ref rec_bool_method(Recorder *R);               /* nothing pushed: its truth as a number, or REF_NONE */

/* ---- resume.c ---- */

Resumed *rec_resumable(Recorder *R, PyObject *gen);     /* the generator can be resumed natively */
void rec_guard_resumed(Recorder *R, Ref gen, const Resumed *resumed);
/* A suspended generator, exactly of that type, which has been guarded, is resumed natively; its value is taken next. 0: not done, nothing
 * has been guarded. */
int rec_next_of_generator(Recorder *R, Ref gen);

/* ---- followed.c ---- */

/* A suspended generator, exactly of that type, which has been guarded, is followed into: what is recorded next is its. how: CONT_ITEM,
 * FOR_ITER, or CONT_GIVEN, SEND, whose value, None, is on top and popped. 0: not done, nothing has been guarded. */
int rec_follow_generator(Recorder *R, Ref gen, Continuation how);
/* YIELD_VALUE of such a generator: its consumer goes on. */
void rec_yield_item(Recorder *R);
/* It returns the value, popped: its consumer's loop ends. */
void rec_end_followed(Recorder *R, Operand value);
/* A number that is yielded, on top, and lies in a variable that is not read again: it becomes two objects, of which one is never made.
 * Nobody compares them. */
void rec_part_with(Recorder *R, Ref value);

/* ---- iterate.c ---- */

int rec_get_iter(Recorder *R);      /* GET_ITER; 1 */
/* An iterator over a range, list or tuple, which is advanced without a call. */
int rec_is_direct(Recorder *R, Ref it);
/* Its next item, pushed, in place of the n values on top; its type has been guarded. 0: it is at its end, and they are popped. */
int rec_next_direct(Recorder *R, Operand it, int n);

/* ---- returns.c ---- */

/* The trace ends in a return or yield of the entry frame: not worth it where it is short, and nobody has called or resumed that
 * natively. */
int rec_is_worth_ending(const Recorder *R);
_Noreturn void rec_end_in(Recorder *R, UopCode op, Ref value, int64_t imm);
/* The instruction, of the entry frame, is the interpreter's: the trace ends in front of it. Returns where that is no good. */
void rec_end_before(Recorder *R);
