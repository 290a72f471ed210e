/* functions.c: calls of plain Python functions, and returning.
 *
 * One is followed into: the callee gets a virtual frame, whose slots are values of the trace. Or it is called natively, by INVOKE (stencils/calls.h), to whose
 * RETURN a trace of the function itself comes; then its beginning may be part of the caller's trace nonetheless: prefix.c. */
#include "functions.h"
#include "../cpython/attributes.h"
#include "../cpython/call.h"
#include "../cpython/globals.h"
#include "../cpython/operators.h"
#include "../cpython/parameters.h"
#include "../cpython/watch.h"
#include <string.h>

#define SHORT 8                     /* bytecodes: the interpreter is as quick */
#define ENTERED 14                  /* bytecodes: what the interpreter does to enter a function and to come back, beyond their number */

/* ---- Python functions ---- */

/* names: a tuple of str, or NULL. 0: the call is an error, or it is not that simple. */
static int bind(PyFunctionObject *fn, int n, PyObject *names, Binding *b)
{
    PyCodeObject *code = (PyCodeObject *)fn->func_code;
    int by_position = n - (names ? (int)PyTuple_GET_SIZE(names) : 0), n_params = cpy_n_named(code);
    Py_ssize_t defaults = fn->func_defaults ? PyTuple_GET_SIZE(fn->func_defaults) : 0;
    b->rest = (code->co_flags & CO_VARARGS) != 0;
    b->n_rest = by_position > code->co_argcount ? by_position - code->co_argcount : 0;
    b->names = (code->co_flags & CO_VARKEYWORDS) != 0;
    b->n_names = 0;
    b->by_name = names;
    if (n > MAX_ARGUMENTS || n_params >= TO_REST || (b->n_rest && !b->rest))
        return 0;
    b->n = n;
    memset(b->given, 0, (size_t)n_params);
    for (int i = 0; i < n; i++) {
        int p = i >= by_position ? cpy_parameter(code, PyTuple_GET_ITEM(names, i - by_position)) : i < code->co_argcount ? i : TO_REST;
        if (p == NO_PARAMETER && b->names) {
            p = TO_NAMES;
            b->n_names++;
        }
        if (p < 0 || (p < n_params && b->given[p]))
            return 0;
        b->parameter[i] = (uint8_t)p;
        if (p < n_params)
            b->given[p] = 1;
    }
    for (int p = 0; p < n_params; p++)
        if (!b->given[p] && (p < code->co_argcount ? p < code->co_argcount - defaults : !cpy_keyword_default(fn, p)))
            return 0;
    return 1;
}

static int can_inline(Recorder *R, PyFunctionObject *fn)
{
    PyCodeObject *code = (PyCodeObject *)fn->func_code;
    for (int i = 0; i < R->n_frames; i++)
        if (R->frames[i].code == code) {
            R->frames[i].info->recursive = 1;
            return 0;
        }
    if (R->n_frames == MAX_FRAMES || R->ts->py_recursion_remaining <= MAX_FRAMES)
        return 0;
    if ((code->co_flags & CO_ANY_GENERATOR) || !(code->co_flags & CO_OPTIMIZED) || fn->func_version < FIRST_FUNCTION_VERSION)
        return 0;
    CodeInfo *info = codeinfo_get(code);
    if (cpy_watched_by_others(code))
        return 0;
    if (code->_co_instrumentation_version != R->S->calm)        /* the interpreter will see to that when it calls it */
        rec_abort(R, ABORT_FRAME_OBJECT);
    if (info && info->recursive && config.functions)        /* followed into, its first call would be more than it is worth */
        return 0;
    /* The first execution of an instruction, which is not specialized then, is the interpreter's. One loop can be closed inside the trace:
     * inner_loop.c. */
    if (!info || info->no_inline || codeinfo_is_new(info) || info->looked_at || info->n_loops > 1)
        return 0;
    RecFrame *f = TOP_FRAME(R);
    return (f->slots + f->n_locals + f->depth + code->co_nlocalsplus + code->co_stacksize) < R->slots + MAX_SLOTS - 8;
}

static Ref field(Recorder *R, Ref f, int n) { return rec_emit(R, UOP_FUNC_FIELD, f, REF_NONE, REF_NONE, n); }

/* The version says which code the function has, no more: functions that the same `def` made, at other times or in other namespaces,
 * share it, and one may stand at the address where another has died. So what a trace takes from the function is guarded or read anew. */
static void guard_function(Recorder *R, Ref f, PyFunctionObject *fn)
{
    rec_emit(R, UOP_GUARD_FUNC, f, REF_NONE, REF_NONE, fn->func_version);
    if (!rec_is_proven(R, f)) {
        rec_emit(R, UOP_GUARD_IS, field(R, f, FUNC_GLOBALS), REF_NONE, REF_NONE, (int64_t)(uintptr_t)fn->func_globals);
        rec_emit(R, UOP_GUARD_IS, field(R, f, FUNC_BUILTINS), REF_NONE, REF_NONE, (int64_t)(uintptr_t)fn->func_builtins);
    }
}

/* They are constants of the trace when the function is, and keeping them alive cannot be noticed. How many there are comes with the
 * function's version. */
static void positional_defaults(Recorder *R, Ref f, PyFunctionObject *fn, const Binding *b, Operand *args)
{
    PyCodeObject *code = (PyCodeObject *)fn->func_code;
    if (!memchr(b->given, 0, (size_t)code->co_argcount))
        return;
    PyObject *defaults = fn->func_defaults;
    Py_ssize_t count = PyTuple_GET_SIZE(defaults), skip = count - code->co_argcount;
    int constant = IS_CONST(f);
    for (Py_ssize_t i = 0; i < count; i++)
        constant = constant && cpy_is_leaf_type(Py_TYPE(PyTuple_GET_ITEM(defaults, i)));
    Ref tuple = field(R, f, FUNC_DEFAULTS);
    if (constant) {
        rec_emit(R, UOP_GUARD_IS, tuple, REF_NONE, REF_NONE, (int64_t)(uintptr_t)defaults);
        tuple = rec_const(R, defaults);
    }
    for (int i = 0; i < code->co_argcount; i++)
        if (!b->given[i])
            args[i] = operand(constant ? rec_const(R, PyTuple_GET_ITEM(defaults, skip + i))
                                     : rec_emit(R, UOP_TUPLE_ITEM, tuple, rec_int(R, skip + i), REF_NONE, 0), OWN_BORROWED);
}

/* Where the default of a keyword-only parameter lies; NULL: it has to be looked up, in a dict that is made anew with each function. */
static PyObject **keyword_default_at(const Recorder *R, Ref f, const PyFunctionObject *fn, int p, uint32_t *version)
{
    PyObject *name = cpy_parameter_name((PyCodeObject *)fn->func_code, p);
    PyObject **address = IS_CONST(f) && !R->general ? cpy_dict_value(fn->func_kwdefaults, name, version) : NULL;
    return address && *version ? address : NULL;
}

/* The version of a function says that it has the dict, not what is in it. */
static Ref keyword_default_value(Recorder *R, Ref f, PyFunctionObject *fn, int p)
{
    PyObject *dict = fn->func_kwdefaults, *name = cpy_parameter_name((PyCodeObject *)fn->func_code, p);
    uint32_t version;
    PyObject **address = keyword_default_at(R, f, fn, p, &version);
    Ref d = field(R, f, FUNC_KEYWORD_DEFAULTS);
    if (!address) {
        rec_guard_type(R, d);
        Ref v = rec_emit(R, UOP_DICT_GET, d, rec_const(R, name), rec_const(R, NULL), 0);
        rec_emit(R, UOP_DECREF_LEAF, v, REF_NONE, REF_NONE, 0);     /* the dict has it */
        R->keeper[v] = KEPT_BY_HEAP;
        R->container[v] = d;
        return v;
    }
    rec_emit(R, UOP_GUARD_IS, d, REF_NONE, REF_NONE, (int64_t)(uintptr_t)dict);
    rec_guard_keys(R, dict, version);
    Ref v = rec_value_at(R, address);
    PyObject *o = *address;
    if (IS_CONST(v) || !cpy_is_leaf_type(Py_TYPE(o)) || !_Py_IsImmortal(o))
        return v;
    rec_emit(R, UOP_GUARD_IS, v, REF_NONE, REF_NONE, (int64_t)(uintptr_t)o);
    return rec_const(R, o);
}

static int looks_up_defaults(const Recorder *R, Ref f, const PyFunctionObject *fn, const Binding *b)
{
    const PyCodeObject *code = (PyCodeObject *)fn->func_code;
    uint32_t version;
    for (int p = code->co_argcount; p < cpy_n_named(code); p++)
        if (!b->given[p] && !keyword_default_at(R, f, fn, p, &version))
            return 1;
    return 0;
}

/* Values for the parameters that no argument is given for. */
static void default_values(Recorder *R, Ref f, PyFunctionObject *fn, const Binding *b, Operand *args)
{
    const PyCodeObject *code = (PyCodeObject *)fn->func_code;
    positional_defaults(R, f, fn, b, args);
    for (int p = code->co_argcount; p < cpy_n_named(code); p++)
        if (!b->given[p])
            args[p] = operand(keyword_default_value(R, f, fn, p), OWN_BORROWED);
}

static int is_general(const Binding *b) { return b->rest || b->names; }

/* All have a place among the arguments of one call, those for *args and **names too: the interpreter, when it is called, gets them one
 * by one. */
static int fits(const PyFunctionObject *fn, const Binding *b)
{
    return cpy_n_named((PyCodeObject *)fn->func_code) + b->n_rest + b->n_names < N_ARGS && 2 * b->n_names <= N_ARGS;
}

static void push_frame(Recorder *R, Ref func, PyFunctionObject *fn, const Operand *args)
{
    RecFrame *caller = TOP_FRAME(R), *f = &R->frames[R->n_frames];
    PyCodeObject *code = (PyCodeObject *)fn->func_code;
    *f = (RecFrame){.code = code, .info = codeinfo_get(code), .globals = fn->func_globals, .builtins = fn->func_builtins,
                    .func = func, .function = fn, .slots = caller->slots + caller->n_locals + caller->code->co_stacksize,
                    .n_locals = code->co_nlocalsplus};
    for (int i = 0; i < f->n_locals; i++) {
        if (i < cpy_n_parameters(code))
            f->slots[i] = (Slot){.ref = args[i].ref, .own = args[i].own, .lent = args[i].own == OWN_BORROWED && args[i].lent};
        else
            f->slots[i] = (Slot){.ref = REF_NONE, .own = OWN_NULL};
    }
    f->info->followed = 1;
    R->n_frames++;
    R->current_ip = 0;
    R->work += ENTERED;
}

/* The tuple for *args, of n objects. */
static Operand rest_tuple(Recorder *R, const Ref *item, int n)
{
    if (!n) {
        PyObject *empty = PyTuple_New(0);
        Ref tuple = rec_const(R, empty);
        Py_XDECREF(empty);
        return operand(tuple, OWN_BORROWED);
    }
    for (int i = 0; i < n; i++)
        rec_emit(R, UOP_ARG, item[i], REF_NONE, REF_NONE, i);
    return operand(rec_emit_snap(R, UOP_NEW_TUPLE, REF_NONE, REF_NONE, REF_NONE, n, rec_snapshot_raise(R)), OWN_TRACE);
}

/* The dict for **names, of these objects. */
static Operand names_dict(Recorder *R, const Binding *b, const Ref *item)
{
    int first_name = b->n - (b->by_name ? (int)PyTuple_GET_SIZE(b->by_name) : 0), k = 0;
    for (int i = first_name; i < b->n; i++)
        if (b->parameter[i] == TO_NAMES) {
            rec_emit(R, UOP_ARG, rec_const(R, PyTuple_GET_ITEM(b->by_name, i - first_name)), REF_NONE, REF_NONE, 2 * k);
            rec_emit(R, UOP_ARG, item[k], REF_NONE, REF_NONE, 2 * k + 1);
            k++;
        }
    return operand(rec_emit_snap(R, UOP_NEW_DICT, REF_NONE, REF_NONE, REF_NONE, 2 * k, rec_snapshot_raise(R)), OWN_TRACE);
}

/* What *args and **names get of these objects, if they are there. Before anything of the call leaves the stack; no guard comes behind
 * it. */
static void add_general(Recorder *R, const PyFunctionObject *fn, const Binding *b, const Ref *more, Operand *args)
{
    int n_drops = R->n_drops;
    Operand *next = &args[cpy_n_named((PyCodeObject *)fn->func_code)];
    if (b->rest) {
        *next = rest_tuple(R, more, b->n_rest);
        rec_release(R, *next++);    /* if there is no memory for the dict */
    }
    if (b->names)
        *next = names_dict(R, b, more + b->n_rest);
    R->n_drops = n_drops;
}

/* The arguments on the stack that *args and **names get, made real. */
static void peek_more(Recorder *R, const Binding *b, Ref *more)
{
    Operand v;
    for (int i = 0; i < b->n; i++)
        if (b->parameter[i] >= TO_REST && builder_is_sunk(&R->b, rec_peek(R, b->n - 1 - i, &v)->ref))
            rec_real(R, v);
    for (int i = 0; i < b->n; i++)
        if (b->parameter[i] >= TO_REST)
            *more++ = rec_peek(R, b->n - 1 - i, &v)->ref;
}

/* All are taken from the stack; the tuple and the dict have theirs, too. */
static void pop_arguments(Recorder *R, const Binding *b, Operand *args)
{
    for (int i = b->n; i-- > 0;) {
        Operand v = rec_pop(R);
        if (b->parameter[i] < TO_REST)
            args[b->parameter[i]] = v;
        else if (v.own == OWN_TRACE)
            rec_emit(R, UOP_DECREF_LEAF, v.ref, REF_NONE, REF_NONE, 0);
    }
}

void rec_follow(Recorder *R, Operand callee, PyFunctionObject *fn, const Binding *b, int below)
{
    Operand args[MAX_ARGUMENTS];
    default_values(R, callee.ref, fn, b, args);
    if (is_general(b)) {
        Ref more[N_ARGS];
        peek_more(R, b, more);
        add_general(R, fn, b, more, args);
    }
    pop_arguments(R, b, args);
    for (int i = 0; i < below; i++)
        rec_release(R, rec_pop(R));
    R->closed = 1;
    push_frame(R, callee.ref, fn, args);
}

int rec_may_enter(Recorder *R, PyFunctionObject *fn, int n)
{
    Binding b;
    return bind(fn, n, NULL, &b) && !is_general(&b) && can_inline(R, fn);
}

void rec_enter(Recorder *R, Ref f, PyFunctionObject *fn, int n)
{
    Binding b;
    bind(fn, n, NULL, &b);
    guard_function(R, f, fn);
    rec_follow(R, operand(f, OWN_BORROWED), fn, &b, 0);
}

int rec_enter_operator(Recorder *R, PyFunctionObject *fn, int n, int reflected)
{
    Operand args[MAX_ARGUMENTS], v;
    Binding b;
    if (!bind(fn, n, NULL, &b) || is_general(&b) || !can_inline(R, fn))
        return 0;
    Ref f = rec_const(R, (PyObject *)fn);
    guard_function(R, f, fn);
    default_values(R, f, fn, &b, args);
    for (int i = 0; i < n; i++)
        args[b.parameter[i]] = operand(rec_peek(R, reflected ? i : n - 1 - i, &v)->ref, OWN_BORROWED);
    R->closed = 1;
    push_frame(R, f, fn, args);
    TOP_FRAME(R)->continuation = CONT_OPERATOR;
    return 1;
}

/* A class whose instances object.__new__() makes and a Python __init__ initializes, with n arguments: that is followed into. 0: not done. */
int rec_enter_init(Recorder *R, PyObject *object, int n)
{
    Operand args[MAX_ARGUMENTS];
    PyFunctionObject *init = cpy_entered_init(R->ts, object, (size_t)n);
    PyTypeObject *type = (PyTypeObject *)object;
    Binding b;
    if (!init || !bind(init, n + 1, NULL, &b) || is_general(&b) || !can_inline(R, init) || !PyUnstable_Type_AssignVersionTag(type))
        return 0;
    Ref c = rec_const(R, object), func = rec_const(R, (PyObject *)init);
    rec_emit(R, UOP_GUARD_CLASS, c, REF_NONE, REF_NONE, type->tp_version_tag);
    guard_function(R, func, init);
    Operand self = rec_new_instance(R, c);
    for (int i = n; i > 0; i--)
        args[i] = rec_pop(R);
    rec_pop(R);         /* NULL */
    rec_release(R, rec_pop(R));
    rec_push(R, self);
    args[0] = operand(self.ref, OWN_BORROWED);
    push_frame(R, func, init, args);
    TOP_FRAME(R)->continuation = CONT_INIT;
    return 1;
}

/* ---- returning ---- */

/* The function returns to whom has called it natively. depth: of the stack, with the value. */
static int may_return(Recorder *R, int depth)
{
    RecFrame *f = TOP_FRAME(R);
    if (!config.functions || !(f->code->co_flags & CO_OPTIMIZED) || f->depth != depth)
        return 0;
    return R->loop ? header_is_entry(R->loop) : rec_is_worth_ending(R);
}

int rec_is_worth_ending(const Recorder *R) { return R->n_bytecodes >= SHORT || R->frames[0].info->invoked.code || R->frames[0].info->resumed.code; }

_Noreturn void rec_end_in(Recorder *R, UopCode op, Ref value, int64_t imm)
{
    R->snap = -1;
    rec_count_bytecodes(R, 1);
    rec_count(R);
    int32_t snap = R->b.snapshot(R);
    rec_append(R, op, value, imm, snap);
    rec_stop(R, RECORD_LINK, ABORT_NONE, snap);
}

/* An object, whose reference goes with it. */
static _Noreturn void end_returning(Recorder *R, Ref value)
{
    const RecFrame *f = TOP_FRAME(R);
    if (f->code->co_flags & CO_ANY_GENERATOR)
        rec_end_in(R, UOP_RETURN_GEN, value, 0);
    rec_end_in(R, UOP_RETURN, value, f->n_locals);
}

/* RETURN_VALUE of the entry frame. */
static void return_value(Recorder *R)
{
    Operand v;
    if (!may_return(R, 1))
        return;
    rec_peek(R, 0, &v);
    int op = IS_CONST(v.ref) ? UOP_COUNT : R->t->uops[v.ref].op;
    const RecFrame *f = TOP_FRAME(R);
    if ((op == UOP_SINK_INT || op == UOP_SINK_FLOAT) && !(f->code->co_flags & CO_ANY_GENERATOR))    /* there is no object: nobody can tell it from one that is made later */
        rec_end_in(R, op == UOP_SINK_INT ? UOP_RETURN_INT : UOP_RETURN_FLOAT, builder_content(&R->b, v.ref), f->n_locals);
    end_returning(R, rec_steal(R, 0));
}

static void return_const(Recorder *R, Ref value)
{
    if (!may_return(R, 0))
        return;
    rec_emit(R, UOP_INCREF, value, REF_NONE, REF_NONE, 0);
    if (!_Py_IsImmortal(rec_object(R, value)))
        rec_release(R, operand(value, OWN_TRACE));      /* where it is the interpreter that returns it */
    end_returning(R, value);
}

void rec_end_before(Recorder *R)
{
    if (R->loop ? !header_is_entry(R->loop) : R->n_bytecodes < SHORT)       /* not the turn to make a loop of; not worth a trace */
        return;
    rec_count(R);
    int32_t snap = R->b.snapshot(R);
    rec_append(R, UOP_EXIT, REF_NONE, 0, snap);
    rec_stop(R, RECORD_LINK, ABORT_NONE, snap);
}

static void leave(Recorder *R)
{
    rec_end_before(R);
    rec_abort(R, ABORT_RETURN);
}

/* The instruction in which the frame calls the one above it. */
static Instruction calling(const RecFrame *f) { return cpy_fetch(f->info->units, f->ip); }

/* What a method gives is what the operator gives: else it is called, next time. */
static void guard_operator_result(Recorder *R, Instruction i, Ref value)
{
    int tested = i.op == COMPARE_OP && i.arg & 16;
    if (rec_object(R, value) == Py_NotImplemented || (tested && rec_type(R, value) != &PyBool_Type))
        rec_abort(R, ABORT_OPCODE);
    if (tested)
        rec_guard_type(R, value);
    else if (!IS_CONST(value) && !builder_type(&R->b, value))
        rec_emit(R, UOP_GUARD_IS_NOT, value, REF_NONE, REF_NONE, (int64_t)(uintptr_t)Py_NotImplemented);
}

void rec_return(Recorder *R, Operand value)
{
    RecFrame *f = TOP_FRAME(R);
    Continuation continuation = f->continuation;
    int is_init = continuation == CONT_INIT || continuation == CONT_CONSTRUCT;
    if (f->stand) {
        rec_end_followed(R, value);
        return;
    }
    rec_must_not_leave(R);
    if (is_init && !(IS_CONST(value.ref) && rec_object(R, value.ref) == Py_None))
        rec_abort(R, ABORT_OPCODE);     /* an error, but for what nobody writes */
    Instruction call = calling(f - 1);
    if (continuation == CONT_OPERATOR)
        guard_operator_result(R, call, value.ref);
    R->closed = 1;
    /* What the callee owned goes; the value, if it was borrowed from there, gets a reference of its own first. */
    Slot keep = {.ref = value.ref, .own = value.own};
    if (value.own == OWN_BORROWED && !IS_CONST(value.ref) && !builder_is_sunk(&R->b, value.ref)) {
        rec_emit(R, UOP_INCREF, value.ref, REF_NONE, REF_NONE, 0);
        keep.own = OWN_TRACE;
    }
    int n = f->n_locals + f->depth;
    for (int i = 0; i < n; i++) {
        const Slot *s = &f->slots[RELEASES_LOCALS == UP ? i : n - 1 - i];
        rec_release(R, operand(s->ref, s->own));
    }
    R->n_frames--;
    R->current_ip = rec_behind_prefix(TOP_FRAME(R)->info, TOP_FRAME(R)->ip);    /* the CALL, while what the callee held is released */
    if (continuation == CONT_CONSTRUCT)
        rec_drop_in(R, RELEASES_ARGUMENTS, call.arg + 1);       /* the instance stays */
    if (continuation == CONT_OPERATOR)
        rec_drop_in(R, cpy_operator_releases(call.op, 0), cpy_operands(call.op));
    if (!is_init)
        rec_push_ref(R, keep.ref, keep.own);
}

/* ---- calls that stay native ---- */

static Invoked *invocable(Recorder *R, PyFunctionObject *fn)
{
    PyCodeObject *code = (PyCodeObject *)fn->func_code;
    if (!config.functions || fn->func_version < FIRST_FUNCTION_VERSION || cpy_watched_by_others(code) ||
        code->_co_instrumentation_version != R->S->calm)
        return NULL;
    CodeInfo *info = codeinfo_get(code);
    return info ? codeinfo_invoke(info, fn) : NULL;
}

static void guard_invoked(Recorder *R, Ref function, PyFunctionObject *fn, const Invoked *invoked)
{
    rec_emit(R, UOP_GUARD_FUNC, function, REF_NONE, REF_NONE, fn->func_version);
    if (!rec_is_proven(R, function)) {
        rec_emit(R, UOP_GUARD_INVOKE, function, REF_NONE, REF_NONE, (int64_t)(uintptr_t)invoked);
        return;
    }
    if (R->calm_in != R->epoch)
        rec_emit(R, UOP_GUARD_CALM, REF_NONE, REF_NONE, REF_NONE, 0);
    R->calm_in = R->epoch;
}

void rec_push_result(Recorder *R) { rec_push_ref(R, rec_emit(R, UOP_SINK_RESULT, REF_NONE, REF_NONE, REF_NONE, 0), OWN_BORROWED); }

/* As a number, where nobody can tell it from one that is made anew. */
int rec_take_pushed(Recorder *R, int32_t (*snapshot)(Recorder *R))
{
    int any = R->general && R->result_left;      /* now this and now that */
    UopCode take = any ? UOP_TAKE_RESULT : h_take_number(R->S, RAW_INT) ? UOP_TAKE_INT : h_take_number(R->S, RAW_FLOAT) ? UOP_TAKE_FLOAT : UOP_TAKE_RESULT;
    R->result_left = 0;
    if (take == UOP_TAKE_RESULT) {
        PyObject *o = (PyObject *)R->S->result.o;
        if (!any && o && (PyLong_CheckExact(o) || PyFloat_CheckExact(o)))      /* somebody else has it, now: who gives it may give a number another time */
            rec_emit_snap(R, UOP_GUARD_BOXED, REF_NONE, REF_NONE, REF_NONE, 0, snapshot(R));
        Ref object = rec_emit(R, take, REF_NONE, REF_NONE, REF_NONE, 0);
        TOP_FRAME(R)->depth--;
        rec_push_ref(R, object, OWN_TRACE);
        return 0;
    }
    Ref number = rec_emit_snap(R, take, REF_NONE, REF_NONE, REF_NONE, 0, snapshot(R));
    TOP_FRAME(R)->depth--;
    rec_push_ref(R, rec_emit(R, take == UOP_TAKE_INT ? UOP_SINK_INT : UOP_SINK_FLOAT, number, REF_NONE, REF_NONE, 0), OWN_BORROWED);
    return 1;
}

void rec_take_result(Recorder *R)
{
    rec_push_result(R);
    rec_take_pushed(R, rec_snapshot);
}

/* args: for each of the callee's first slots, references of the trace's but where no argument is given for it. The callee polls where the interpreter would,
 * at its beginning. */
static void invoke(Recorder *R, Ref callable, Invoked *invoked, const Binding *b, const Operand *args)
{
    int n = (int)invoked->n_args;
    for (int i = 0; i < n - b->rest - b->names; i++)
        if (!b->given[i])
            rec_emit(R, UOP_INCREF, args[i].ref, REF_NONE, REF_NONE, 0);
    for (int i = 0; i < n; i++)
        rec_emit(R, UOP_GIVE, args[i].ref, REF_NONE, REF_NONE, i);
    rec_emit_snap(R, UOP_INVOKE, callable, REF_NONE, REF_NONE, (int64_t)(uintptr_t)invoked, rec_snapshot_raise(R));
    R->closed = 1;
    R->invoked = 1;
    rec_take_result(R);
}

void rec_invoke(Recorder *R, PyFunctionObject *fn, Invoked *invoked, const Binding *b, int below)
{
    Operand args[N_ARGS], callable = operand(REF_NONE, OWN_NULL);
    Ref more[N_ARGS];
    rec_peek(R, b->n + below - 1, &callable);
    default_values(R, callable.ref, fn, b, args);
    for (int i = 0; i < b->n + below; i++)
        rec_steal(R, i);
    rec_before_escape(R);
    peek_more(R, b, more);
    add_general(R, fn, b, more, args);
    pop_arguments(R, b, args);
    for (int i = 0; i < below; i++)
        callable = rec_pop(R);
    invoke(R, callable.ref, invoked, b, args);
}

/* Its call makes a generator or coroutine, and does nothing else. */
static int makes_generator(const PyFunctionObject *fn)
{
    PyCodeObject *code = (PyCodeObject *)fn->func_code;
    int refused = CO_VARARGS | CO_VARKEYWORDS | CO_ASYNC_GENERATOR;
    if (!(code->co_flags & (CO_GENERATOR | CO_COROUTINE)) || (code->co_flags & refused) || code->co_ncellvars ||
        cpy_n_named(code) > N_ARGS || fn->func_version < FIRST_FUNCTION_VERSION)
        return 0;
    CodeInfo *info = codeinfo_get(code);
    return info && info->beginning >= 0;
}

/* With args, and the defaults of parameters that nothing is given for. */
static Ref new_generator(Recorder *R, Ref callable, PyFunctionObject *fn, const Binding *b, Operand *args)
{
    const PyCodeObject *code = (PyCodeObject *)fn->func_code;
    default_values(R, callable, fn, b, args);
    for (int i = 0; i < cpy_n_named(code); i++)
        rec_emit(R, UOP_ARG, args[i].ref, REF_NONE, REF_NONE, i);
    Ref gen = rec_emit(R, UOP_NEW_GEN, callable, REF_NONE, REF_NONE, cpy_n_named(code));
    builder_set_type(&R->b, gen, code->co_flags & CO_COROUTINE ? &PyCoro_Type : &PyGen_Type);
    R->closed = 1;
    return gen;
}

/* The tuple and the dict go before the callee begins: what is in them has references of its own by then. */
static void invoke_spread(Recorder *R, PyFunctionObject *fn, Invoked *invoked, const Binding *b, int at, const Ref *item)
{
    Operand args[N_ARGS], callable;
    Ref more[N_ARGS], *next = more;
    rec_peek(R, at + 2, &callable);
    default_values(R, callable.ref, fn, b, args);
    for (int i = 0; i <= at; i++)
        rec_steal(R, i);
    rec_steal(R, at + 2);
    rec_before_escape(R);
    for (int i = 0; i < b->n; i++)
        if (b->parameter[i] >= TO_REST)
            *next++ = item[i];
    add_general(R, fn, b, more, args);
    for (int i = 0; i < b->n; i++)
        if (b->parameter[i] < TO_REST) {
            rec_emit(R, UOP_INCREF, item[i], REF_NONE, REF_NONE, 0);
            args[b->parameter[i]].ref = item[i];
        }
    for (int i = 0; i <= at; i++) {
        Operand v = rec_pop(R);
        if (v.ref != REF_NONE)
            rec_emit(R, UOP_DECREF_LEAF, v.ref, REF_NONE, REF_NONE, 0);
    }
    rec_pop(R);
    callable = rec_pop(R);
    invoke(R, callable.ref, invoked, b, args);
}

/* The same of one that is followed into. */
static void follow_spread(Recorder *R, Operand callable, PyFunctionObject *fn, const Binding *b, int at, const Ref *item)
{
    RecFrame *f = TOP_FRAME(R);
    Operand tuple, dict = operand(REF_NONE, OWN_NULL);
    rec_peek(R, at, &tuple);
    if (at)
        rec_peek(R, 0, &dict);
    R->b.snapshot(R);           /* as the stack is now; no slot gets an owner until it has changed */
    f->depth -= at + 1;
    for (int i = 0; i < b->n; i++)
        f->slots[f->n_locals + f->depth++] = (Slot){.ref = item[i], .own = OWN_BORROWED};
    rec_follow(R, operand(callable.ref, OWN_BORROWED), fn, b, 2);
    rec_release(R, tuple);
    for (int i = 0; b->by_name && i < b->n; i++)
        if (i >= b->n - PyTuple_GET_SIZE(b->by_name))
            rec_own_slot(R, &TOP_FRAME(R)->slots[b->parameter[i]]);
    if (dict.ref != REF_NONE && dict.own == OWN_TRACE)
        rec_emit(R, UOP_DECREF_LEAF, dict.ref, REF_NONE, REF_NONE, 0);
}

/* The same of one that makes a generator, which has references of its own to what is in the tuple and the dict. */
static void generator_spread(Recorder *R, Operand callable, PyFunctionObject *fn, const Binding *b, int at, const Ref *item)
{
    Operand args[N_ARGS];
    for (int i = 0; i < b->n; i++)
        args[b->parameter[i]] = operand(item[i], OWN_BORROWED);
    Ref gen = new_generator(R, callable.ref, fn, b, args);
    for (int i = 0; i <= at; i++) {
        Operand v = rec_pop(R);
        if (v.ref != REF_NONE && v.own == OWN_TRACE)
            rec_emit(R, UOP_DECREF_LEAF, v.ref, REF_NONE, REF_NONE, 0);
    }
    rec_pop(R);
    rec_release(R, rec_pop(R));
    rec_push_ref(R, gen, OWN_TRACE);
}

int rec_call_spread(Recorder *R, int at, int n, PyObject *names)
{
    Operand callable, tuple, dict = operand(REF_NONE, OWN_NULL);
    RecFrame *f = TOP_FRAME(R);
    if (at)
        rec_peek(R, 0, &dict);
    rec_peek(R, at, &tuple);
    rec_peek(R, at + 2, &callable);
    PyFunctionObject *fn = (PyFunctionObject *)rec_object(R, callable.ref);
    Binding b;
    Ref item[N_ARGS];
    int n_all = n + (names ? (int)PyTuple_GET_SIZE(names) : 0);
    if ((callable.own == OWN_TRACE && Py_REFCNT(fn) == 1) || !bind(fn, n_all, names, &b))        /* it dies */
        return 0;
    int generator = makes_generator(fn), inlined = !generator && !is_general(&b) && can_inline(R, fn);
    Invoked *invoked = generator || inlined || !fits(fn, &b) ? NULL : invocable(R, fn);
    if ((!generator && !inlined && !invoked) || f->slots + f->n_locals + f->depth + n_all >= R->slots + MAX_SLOTS - 8)
        return 0;
    Operand null;
    rec_peek(R, at + 1, &null);     /* loaded, and guarded, before anything is made */
    if (dict.ref != REF_NONE)
        rec_guard_type(R, dict.ref);
    rec_guard_type(R, tuple.ref);
    rec_emit(R, UOP_GUARD_EQ_INT, rec_emit(R, UOP_TUPLE_LEN, tuple.ref, REF_NONE, REF_NONE, 0), rec_int(R, n), REF_NONE, 0);
    if (!IS_CONST(callable.ref))
        rec_guard_type(R, callable.ref);
    for (int i = 0; i < n; i++)
        item[i] = rec_tuple_at(R, tuple.ref, i);
    if (dict.ref != REF_NONE)
        rec_dict_values(R, dict.ref, names, item + n);
    if (invoked) {
        guard_invoked(R, callable.ref, fn, invoked);
        invoke_spread(R, fn, invoked, &b, at, item);
    } else {
        guard_function(R, callable.ref, fn);
        (generator ? generator_spread : follow_spread)(R, callable, fn, &b, at, item);
    }
    return 1;
}

Invoked *rec_invocable(Recorder *R, PyFunctionObject *fn, int n, PyObject *names, int general, Binding *b, Operand *args)
{
    Invoked *invoked = n <= N_ARGS && bind(fn, n, names, b) && (!is_general(b) || general) && fits(fn, b) ? invocable(R, fn) : NULL;
    if (!invoked)
        return NULL;
    Ref function = rec_const(R, (PyObject *)fn);
    guard_invoked(R, function, fn, invoked);
    default_values(R, function, fn, b, args);
    return invoked;
}

void rec_invoke_given(Recorder *R, PyFunctionObject *fn, Invoked *invoked, const Operand *args)
{
    const PyCodeObject *code = (PyCodeObject *)fn->func_code;
    Ref function = rec_const(R, (PyObject *)fn);
    for (int i = 0; i < invoked->n_args; i++) {
        if (i < cpy_n_named(code))
            rec_emit(R, UOP_INCREF, args[i].ref, REF_NONE, REF_NONE, 0);
        rec_emit(R, UOP_GIVE, args[i].ref, REF_NONE, REF_NONE, i);
    }
    rec_emit(R, UOP_INCREF, function, REF_NONE, REF_NONE, 0);
    rec_emit_snap(R, UOP_INVOKE, function, REF_NONE, REF_NONE, (int64_t)(uintptr_t)invoked, rec_snapshot_raise(R));
    R->closed = 1;
    R->invoked = 1;
}

/* As CALL does it behind the call, whether that has raised or not: it has no instruction of its own for this. */
static void release_call(Recorder *R, int n)
{
    Operand callable;
    int first = RELEASES_CALLABLE_FIRST(0, 0, 1);
    rec_peek(R, n + 1, &callable);
    if (first)
        rec_release(R, callable);
    rec_drop_in(R, RELEASES_ARGUMENTS, n);
    rec_pop(R);         /* NULL */
    rec_pop(R);
    if (!first)
        rec_release(R, callable);
}

/* Another reference, which is released behind the call. */
static void keep_more(Recorder *R, Ref ref)
{
    rec_emit(R, UOP_INCREF, ref, REF_NONE, REF_NONE, 0);
    rec_release(R, operand(ref, OWN_TRACE));
}

/* The instance lies below the class and the arguments until __init__ has returned. 0: not done. */
static int follow_construction(Recorder *R, PyObject *object, PyFunctionObject *init, int n, PyObject *names)
{
    Operand args[MAX_ARGUMENTS], callable;
    Binding b;
    if (!bind(init, n + 1, names, &b) || is_general(&b) || !can_inline(R, init))
        return 0;
    Ref c = rec_const(R, object), func = rec_const(R, (PyObject *)init);
    rec_emit(R, UOP_GUARD_CLASS, c, REF_NONE, REF_NONE, ((PyTypeObject *)object)->tp_version_tag);
    guard_function(R, func, init);
    default_values(R, func, init, &b, args);
    for (int i = 1; i <= n; i++)
        args[b.parameter[i]] = operand(rec_peek(R, n - i, &callable)->ref, OWN_BORROWED);
    Operand self = rec_new_instance(R, c);
    rec_peek(R, n + 1, &callable);
    RecFrame *f = TOP_FRAME(R);
    Slot *s = &f->slots[f->n_locals + f->depth - n - 2];
    s[1] = (Slot){.ref = callable.ref, .own = callable.own};
    s[0] = (Slot){.ref = self.ref, .own = self.own};
    args[0] = operand(self.ref, OWN_BORROWED);
    push_frame(R, func, init, args);
    TOP_FRAME(R)->continuation = CONT_CONSTRUCT;
    return 1;
}

/* As type.__call__() does it in C: the caller keeps the callable and the arguments until it returns, and a tuple and a dict keep the
 * arguments, too; but who has lent them keeps them in the caller's place. Where there are names an array has references besides. */
int rec_construct(Recorder *R, PyObject *object, int n, PyObject *names)
{
    PyFunctionObject *init = cpy_init(R->ts, object);
    PyTypeObject *type = (PyTypeObject *)object;
    Binding b;
    Operand args[N_ARGS], kept[N_ARGS];
    Ref more[N_ARGS], *next = more;
    int first_in_array = !names ? n : UNPACKED_ARE_BORROWED ? n - (int)PyTuple_GET_SIZE(names) : -1;
    if (!init || n >= N_ARGS || (!names && cpy_entered_init(R->ts, object, (size_t)n)) || !PyUnstable_Type_AssignVersionTag(type))
        return 0;
    if (follow_construction(R, object, init, n, names))
        return 1;
    Ref class = rec_const(R, object);
    rec_emit(R, UOP_GUARD_CLASS, class, REF_NONE, REF_NONE, type->tp_version_tag);
    Invoked *invoked = rec_invocable(R, init, n + 1, names, 1, &b, args);
    if (!invoked)
        return 0;
    for (int i = 0; i < n; i++) {
        rec_peek(R, n - 1 - i, &kept[i]);
        rec_steal(R, n - 1 - i);
    }
    rec_before_escape(R);
    Ref self = rec_emit_snap(R, UOP_LEAF1, class, REF_NONE, REF_NONE, (int64_t)(uintptr_t)(void *)cpy_new_instance, rec_snapshot_raise(R));
    R->closed = 1;
    builder_set_type(&R->b, self, type);
    args[0] = operand(self, OWN_BORROWED);
    for (int i = 0; i < n; i++) {
        int lent = kept[i].lent;
        rec_peek(R, n - 1 - i, &kept[i]);       /* real by now */
        kept[i].lent = (uint8_t)lent;
        if (b.parameter[i + 1] < TO_REST)
            args[b.parameter[i + 1]] = kept[i];
        else
            *next++ = kept[i].ref;
    }
    /* In the queue: what __init__ returns, the instance, the array's, the tuple's, the stack's. The instance is its user's in the end. */
    rec_release(R, operand(self, OWN_TRACE));
    add_general(R, init, &b, more, args);
    if (first_in_array < 0)
        keep_more(R, self);
    for (int i = first_in_array < 0 ? 0 : first_in_array; i < n; i++)
        keep_more(R, kept[i].ref);
    for (int i = 0; i < n; i++)
        if (!kept[i].lent)
            keep_more(R, kept[i].ref);
    release_call(R, n);
    rec_invoke_given(R, init, invoked, args);
    Ref none = rec_emit(R, UOP_TAKE_RESULT, REF_NONE, REF_NONE, REF_NONE, 0);
    memmove(R->drops + 1, R->drops, sizeof *R->drops * (size_t)R->n_drops++);
    R->drops[0] = operand(none, OWN_TRACE);
    rec_emit_snap(R, UOP_LEAF1I, none, REF_NONE, REF_NONE, (int64_t)(uintptr_t)(void *)cpy_check_init, rec_snapshot_raise(R));
    memmove(R->drops + 1, R->drops + 2, sizeof *R->drops * (size_t)(--R->n_drops - 1));
    rec_push(R, operand(self, OWN_TRACE));
    return 1;
}

static void make_generator(Recorder *R, Operand callable, PyFunctionObject *fn, const Binding *b, int below)
{
    Operand args[N_ARGS];
    guard_function(R, callable.ref, fn);
    for (int i = 0; i < b->n; i++) {
        Operand v;
        rec_peek(R, i, &v);
        if (v.ref != REF_NONE && builder_is_sunk(&R->b, v.ref))
            rec_real(R, v);
    }
    for (int i = 0; i < b->n; i++)
        rec_peek(R, b->n - 1 - i, &args[b->parameter[i]]);
    Ref gen = new_generator(R, callable.ref, fn, b, args);
    for (int i = 0; i < b->n; i++)
        rec_release(R, rec_pop(R));
    for (int i = 0; i < below; i++)
        rec_release(R, rec_pop(R));
    rec_push_ref(R, gen, OWN_TRACE);
}

int rec_call_plain(Recorder *R, Operand callable, PyObject *object, int n, int below, PyObject *names)
{
    PyFunctionObject *fn = (PyFunctionObject *)object;
    Binding b;
    if ((callable.own == OWN_TRACE && Py_REFCNT(object) == 1) || !bind(fn, n, names, &b))     /* it dies */
        return 0;
    if (makes_generator(fn)) {
        make_generator(R, callable, fn, &b, below);
        return 1;
    }
    if ((!is_general(&b) || fits(fn, &b)) && can_inline(R, fn)) {
        guard_function(R, callable.ref, fn);
        rec_follow(R, operand(callable.ref, OWN_BORROWED), fn, &b, below);
        return 1;
    }
    rec_settle(R);
    rec_peek(R, n + below - 1, &callable);
    Invoked *invoked = fits(fn, &b) ? invocable(R, fn) : NULL;
    if (!invoked)
        return 0;
    guard_invoked(R, callable.ref, fn, invoked);
    if (is_general(&b) || looks_up_defaults(R, callable.ref, fn, &b) || !rec_begin_prefix(R, callable, fn, invoked, &b, below))
        rec_invoke(R, fn, invoked, &b, below);
    return 1;
}

int rec_functions(Recorder *R, int op, int arg)
{
    switch (op) {
    case RETURN_VALUE:
        if (R->n_frames == 1) {
            return_value(R);
            leave(R);
        }
        rec_return(R, rec_pop(R));
        return 1;
    case RETURN_CONST: {
        Ref value = rec_const(R, PyTuple_GET_ITEM(TOP_FRAME(R)->code->co_consts, arg));
        if (R->n_frames == 1) {
            return_const(R, value);
            leave(R);
        }
        rec_return(R, operand(value, OWN_BORROWED));
        return 1;
    }
    case COPY_FREE_VARS: {
        RecFrame *f = TOP_FRAME(R);
        if (arg > 256 || R->t->n_uops + arg + 300 > config.max_trace)
            rec_abort(R, ABORT_TOO_LONG);
        Ref closure = field(R, f->func, FUNC_CLOSURE), cells[256];
        int first = f->n_locals - arg;
        for (int i = 0; i < arg; i++) {
            cells[i] = rec_tuple_at(R, closure, i);
            builder_set_type(&R->b, cells[i], &PyCell_Type);
        }
        for (int i = 0; i < arg; i++)
            f->slots[first + i] = (Slot){.ref = cells[i], .own = OWN_BORROWED};
        R->closed = 1;
        return 1;
    }
    default:
        return 0;
    }
}
