/* functions.c: how plain Python functions are called: arguments bound to parameters, what is guarded, and the two ways.
 *
 * One is followed into: the callee gets a virtual frame, whose slots are values of the trace. Or it is called natively, by INVOKE
 * (stencils/calls.h), to whose RETURN a trace of the function itself comes; then its beginning may be part of the caller's trace
 * nonetheless: prefix.c. Which way is for callers to say: python_calls.c, construct.c, operators.c. */
#include "functions.h"
#include "../cpython/globals.h"
#include "../cpython/parameters.h"
#include "../cpython/watch.h"
#include <string.h>

#define ENTERED 14                  /* bytecodes: what the interpreter does to enter a function and to come back, beyond their number */

/* ---- binding ---- */

int rec_bind(PyFunctionObject *fn, int n, PyObject *names, Binding *b)
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

int rec_can_inline(Recorder *R, PyFunctionObject *fn)
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
void rec_guard_function(Recorder *R, Ref f, PyFunctionObject *fn)
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

int rec_looks_up_defaults(const Recorder *R, Ref f, const PyFunctionObject *fn, const Binding *b)
{
    const PyCodeObject *code = (PyCodeObject *)fn->func_code;
    uint32_t version;
    for (int p = code->co_argcount; p < cpy_n_named(code); p++)
        if (!b->given[p] && !keyword_default_at(R, f, fn, p, &version))
            return 1;
    return 0;
}

void rec_default_values(Recorder *R, Ref f, PyFunctionObject *fn, const Binding *b, Operand *args)
{
    const PyCodeObject *code = (PyCodeObject *)fn->func_code;
    positional_defaults(R, f, fn, b, args);
    for (int p = code->co_argcount; p < cpy_n_named(code); p++)
        if (!b->given[p])
            args[p] = operand(keyword_default_value(R, f, fn, p), OWN_BORROWED);
}

int rec_is_general(const Binding *b) { return b->rest || b->names; }

int rec_fits(const PyFunctionObject *fn, const Binding *b)
{
    return cpy_n_named((PyCodeObject *)fn->func_code) + b->n_rest + b->n_names < N_ARGS && 2 * b->n_names <= N_ARGS;
}

void rec_push_frame(Recorder *R, Ref func, PyFunctionObject *fn, const Operand *args)
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

void rec_add_general(Recorder *R, const PyFunctionObject *fn, const Binding *b, const Ref *more, Operand *args)
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
    rec_default_values(R, callee.ref, fn, b, args);
    if (rec_is_general(b)) {
        Ref more[N_ARGS];
        peek_more(R, b, more);
        rec_add_general(R, fn, b, more, args);
    }
    pop_arguments(R, b, args);
    for (int i = 0; i < below; i++)
        rec_release(R, rec_pop(R));
    R->closed = 1;
    rec_push_frame(R, callee.ref, fn, args);
}

int rec_may_enter(Recorder *R, PyFunctionObject *fn, int n)
{
    Binding b;
    return rec_bind(fn, n, NULL, &b) && !rec_is_general(&b) && rec_can_inline(R, fn);
}

void rec_enter(Recorder *R, Ref f, PyFunctionObject *fn, int n)
{
    Binding b;
    rec_bind(fn, n, NULL, &b);
    rec_guard_function(R, f, fn);
    rec_follow(R, operand(f, OWN_BORROWED), fn, &b, 0);
}

int rec_enter_operator(Recorder *R, PyFunctionObject *fn, int n, int reflected)
{
    Operand args[MAX_ARGUMENTS], v;
    Binding b;
    if (!rec_bind(fn, n, NULL, &b) || rec_is_general(&b) || !rec_can_inline(R, fn))
        return 0;
    Ref f = rec_const(R, (PyObject *)fn);
    rec_guard_function(R, f, fn);
    rec_default_values(R, f, fn, &b, args);
    for (int i = 0; i < n; i++)
        args[b.parameter[i]] = operand(rec_peek(R, reflected ? i : n - 1 - i, &v)->ref, OWN_BORROWED);
    R->closed = 1;
    rec_push_frame(R, f, fn, args);
    TOP_FRAME(R)->continuation = CONT_OPERATOR;
    return 1;
}

/* ---- calls that stay native ---- */

Invoked *rec_invoked_of(Recorder *R, PyFunctionObject *fn)
{
    PyCodeObject *code = (PyCodeObject *)fn->func_code;
    if (!config.functions || fn->func_version < FIRST_FUNCTION_VERSION || cpy_watched_by_others(code) ||
        code->_co_instrumentation_version != R->S->calm)
        return NULL;
    CodeInfo *info = codeinfo_get(code);
    return info ? codeinfo_invoke(info, fn) : NULL;
}

void rec_guard_invoked(Recorder *R, Ref function, PyFunctionObject *fn, const Invoked *invoked)
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
    UopCode take = any ? UOP_TAKE_RESULT : h_take_number(R->S, RAW_INT) ? UOP_TAKE_INT
                 : h_take_number(R->S, RAW_FLOAT) ? UOP_TAKE_FLOAT : UOP_TAKE_RESULT;
    R->result_left = 0;
    if (take == UOP_TAKE_RESULT) {
        PyObject *o = (PyObject *)R->S->result.o;
        /* Somebody else has it, now: who gives it may give a number another time. */
        if (!any && o && (PyLong_CheckExact(o) || PyFloat_CheckExact(o)))
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

void rec_take_object(Recorder *R)
{
    rec_push_result(R);
    R->result_left = 0;
    Ref object = rec_emit(R, UOP_TAKE_RESULT, REF_NONE, REF_NONE, REF_NONE, 0);
    TOP_FRAME(R)->depth--;
    rec_push_ref(R, object, OWN_TRACE);
}

/* The callee polls where the interpreter would, at its beginning. */
void rec_invoke_with(Recorder *R, Ref callable, Invoked *invoked, const Binding *b, const Operand *args)
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
    rec_default_values(R, callable.ref, fn, b, args);
    for (int i = 0; i < b->n + below; i++)
        rec_steal(R, i);
    rec_before_escape(R);
    peek_more(R, b, more);
    rec_add_general(R, fn, b, more, args);
    pop_arguments(R, b, args);
    for (int i = 0; i < below; i++)
        callable = rec_pop(R);
    rec_invoke_with(R, callable.ref, invoked, b, args);
}

Invoked *rec_invocable(Recorder *R, PyFunctionObject *fn, int n, PyObject *names, int general, Binding *b, Operand *args)
{
    if (n > N_ARGS || !rec_bind(fn, n, names, b) || (rec_is_general(b) && !general) || !rec_fits(fn, b))
        return NULL;
    Invoked *invoked = rec_invoked_of(R, fn);
    if (!invoked)
        return NULL;
    Ref function = rec_const(R, (PyObject *)fn);
    rec_guard_invoked(R, function, fn, invoked);
    rec_default_values(R, function, fn, b, args);
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
