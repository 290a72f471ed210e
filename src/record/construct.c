/* construct.c: classes whose instances object.__new__() makes and a Python __init__ initializes are called.
 *
 * The interpreter enters __init__ itself where the class is simple; else type.__call__() calls it from C, and keeps the arguments
 * meanwhile. Either way it is followed into, if it can be, and the instance is perhaps not made (instances.c); else, in the second case,
 * it is called natively. */
#include "functions.h"
#include "../cpython/attributes.h"
#include "../cpython/call.h"
#include "../cpython/death.h"
#include <string.h>

/* ---- the instance ---- */

static int may_be_put_off(const Recorder *R, PyTypeObject *type)
{
    for (int i = 0; i < R->n_frames; i++)
        if (R->frames[i].stand)
            return 0;
    return R->b.fold && R->prefix.snap < 0 && !R->behind_raise && cpy_class_dies_quietly(type);
}

/* As object.__new__() makes it, perhaps not made yet; an effect. */
static Operand new_instance(Recorder *R, Ref class)
{
    Operand args[] = {operand(class, OWN_BORROWED)};
    PyTypeObject *type = (PyTypeObject *)rec_object(R, class);
    if (may_be_put_off(R, type)) {
        R->closed = 1;
        return operand(rec_emit(R, UOP_SINK_NEW, class, REF_NONE, REF_NONE, 0), OWN_BORROWED);
    }
    Operand made = rec_call_fn(R, UOP_LEAF1, 1, args, (void *)cpy_new_instance);
    builder_set_type(&R->b, made.ref, type);
    return made;
}

/* ---- as the interpreter calls it ---- */

int rec_enter_init(Recorder *R, PyObject *object, int n)
{
    Operand args[MAX_ARGUMENTS];
    PyFunctionObject *init = cpy_entered_init(R->ts, object, (size_t)n);
    PyTypeObject *type = (PyTypeObject *)object;
    Binding b;
    if (!init || !rec_bind(init, n + 1, NULL, &b) || rec_is_general(&b) || !rec_can_inline(R, init) ||
        !PyUnstable_Type_AssignVersionTag(type))
        return 0;
    Ref c = rec_const(R, object), func = rec_const(R, (PyObject *)init);
    rec_emit(R, UOP_GUARD_CLASS, c, REF_NONE, REF_NONE, type->tp_version_tag);
    rec_guard_function(R, func, init);
    Operand self = new_instance(R, c);
    for (int i = n; i > 0; i--)
        args[i] = rec_pop(R);
    rec_pop(R);         /* NULL */
    rec_release(R, rec_pop(R));
    rec_push(R, self);
    args[0] = operand(self.ref, OWN_BORROWED);
    rec_push_frame(R, func, init, args);
    TOP_FRAME(R)->continuation = CONT_INIT;
    return 1;
}

/* ---- as type.__call__() does ---- */

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
    if (!rec_bind(init, n + 1, names, &b) || rec_is_general(&b) || !rec_can_inline(R, init))
        return 0;
    Ref c = rec_const(R, object), func = rec_const(R, (PyObject *)init);
    rec_emit(R, UOP_GUARD_CLASS, c, REF_NONE, REF_NONE, ((PyTypeObject *)object)->tp_version_tag);
    rec_guard_function(R, func, init);
    rec_default_values(R, func, init, &b, args);
    for (int i = 1; i <= n; i++)
        args[b.parameter[i]] = operand(rec_peek(R, n - i, &callable)->ref, OWN_BORROWED);
    Operand self = new_instance(R, c);
    rec_peek(R, n + 1, &callable);
    RecFrame *f = TOP_FRAME(R);
    Slot *s = &f->slots[f->n_locals + f->depth - n - 2];
    s[1] = (Slot){.ref = callable.ref, .own = callable.own};
    s[0] = (Slot){.ref = self.ref, .own = self.own};
    args[0] = operand(self.ref, OWN_BORROWED);
    rec_push_frame(R, func, init, args);
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
    rec_add_general(R, init, &b, more, args);
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
