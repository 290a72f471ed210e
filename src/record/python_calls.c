/* python_calls.c: instructions that call plain Python functions: those are followed into, or called natively, perhaps behind a prefix
 * (prefix.c). The arguments lie on the stack, or in a tuple and a dict there.
 *
 * A function that dies with its call is none for this: something has to keep it until the callee has begun. */
#include "functions.h"
#include "../cpython/parameters.h"

/* ---- generators ---- */

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
    rec_default_values(R, callable, fn, b, args);
    for (int i = 0; i < cpy_n_named(code); i++)
        rec_emit(R, UOP_ARG, args[i].ref, REF_NONE, REF_NONE, i);
    Ref gen = rec_emit(R, UOP_NEW_GEN, callable, REF_NONE, REF_NONE, cpy_n_named(code));
    builder_set_type(&R->b, gen, code->co_flags & CO_COROUTINE ? &PyCoro_Type : &PyGen_Type);
    R->closed = 1;
    return gen;
}

static void make_generator(Recorder *R, Operand callable, PyFunctionObject *fn, const Binding *b, int below)
{
    Operand args[N_ARGS];
    rec_guard_function(R, callable.ref, fn);
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

/* ---- arguments in a tuple and a dict ---- */

/* The tuple and the dict go before the callee begins: what is in them has references of its own by then. */
static void invoke_spread(Recorder *R, PyFunctionObject *fn, Invoked *invoked, const Binding *b, int at, const Ref *item)
{
    Operand args[N_ARGS], callable;
    Ref more[N_ARGS], *next = more;
    rec_peek(R, at + 2, &callable);
    rec_default_values(R, callable.ref, fn, b, args);
    for (int i = 0; i <= at; i++)
        rec_steal(R, i);
    rec_steal(R, at + 2);
    rec_before_escape(R);
    for (int i = 0; i < b->n; i++)
        if (b->parameter[i] >= TO_REST)
            *next++ = item[i];
    rec_add_general(R, fn, b, more, args);
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
    rec_invoke_with(R, callable.ref, invoked, b, args);
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
    if ((callable.own == OWN_TRACE && Py_REFCNT(fn) == 1) || !rec_bind(fn, n_all, names, &b))        /* it dies */
        return 0;
    int generator = makes_generator(fn), inlined = !generator && !rec_is_general(&b) && rec_can_inline(R, fn);
    Invoked *invoked = generator || inlined || !rec_fits(fn, &b) ? NULL : rec_invoked_of(R, fn);
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
        rec_guard_invoked(R, callable.ref, fn, invoked);
        invoke_spread(R, fn, invoked, &b, at, item);
    } else {
        rec_guard_function(R, callable.ref, fn);
        (generator ? generator_spread : follow_spread)(R, callable, fn, &b, at, item);
    }
    return 1;
}

/* ---- arguments on the stack ---- */

int rec_call_plain(Recorder *R, Operand callable, PyObject *object, int n, int below, PyObject *names)
{
    PyFunctionObject *fn = (PyFunctionObject *)object;
    Binding b;
    if ((callable.own == OWN_TRACE && Py_REFCNT(object) == 1) || !rec_bind(fn, n, names, &b))     /* it dies */
        return 0;
    if (makes_generator(fn)) {
        make_generator(R, callable, fn, &b, below);
        return 1;
    }
    if ((!rec_is_general(&b) || rec_fits(fn, &b)) && rec_can_inline(R, fn)) {
        rec_guard_function(R, callable.ref, fn);
        rec_follow(R, operand(callable.ref, OWN_BORROWED), fn, &b, below);
        return 1;
    }
    rec_settle(R);
    rec_peek(R, n + below - 1, &callable);
    Invoked *invoked = rec_fits(fn, &b) ? rec_invoked_of(R, fn) : NULL;
    if (!invoked)
        return 0;
    rec_guard_invoked(R, callable.ref, fn, invoked);
    if (rec_is_general(&b) || rec_looks_up_defaults(R, callable.ref, fn, &b) || !rec_begin_prefix(R, callable, fn, invoked, &b, below))
        rec_invoke(R, fn, invoked, &b, below);
    return 1;
}
