/* exceptions.c: raising, and handlers.
 *
 * What is raised and caught in the entry frame is control flow: the trace goes on at the handler. An exit that an exception is raised at,
 * when it is hot, gets a side trace that begins with CATCH. What leaves the frame ends the trace: it goes to the native caller by RAISE_OUT, where
 * nothing on the operand stack has to be released before; else it is the interpreter's, and the trace ends in front of it.
 *
 * A traceback has the frame's frame object, through which anybody may write variables, as long as it lives. So traces of code that catches
 * bear frame objects: behind each escape locals are loaded anew (CHECK_LOOKED). */
#include "functions.h"
#include "../cpython/general.h"

/* The stack of the frame is unwound to its handler for what was raised; on that lies lasti, if it is asked for, and exc, which is the
 * trace's. */
static void go_to_handler(Recorder *R, const ExceptionEntry *e, int lasti, Ref exc)
{
    RecFrame *f = TOP_FRAME(R);
    R->closed = 1;
    while (f->depth > e->depth) {
        const Slot *s = &f->slots[f->n_locals + f->depth - 1];
        /* It may be a tagged int or NULL now, an object another time: nothing can be guarded any more. */
        if (FRAME_TAGS_INTS && s->own == OWN_MEMORY && s->ref == REF_NONE) {
            Ref old = rec_emit(R, UOP_SWAP_SLOT, rec_const(R, NULL), REF_NONE, REF_NONE, s - R->slots);
            f->depth--;
            rec_release(R, operand(old, OWN_TRACE));
        } else
            rec_release(R, rec_pop(R));
    }
    if (e->lasti)
        rec_push_ref(R, rec_emit(R, FRAME_TAGS_INTS ? UOP_SINK_TAGGED : UOP_SINK_INT, rec_int(R, lasti), REF_NONE, REF_NONE, 0),
                     OWN_BORROWED);
    rec_push_ref(R, exc, OWN_TRACE);
    f->next = e->target;
}

/* Bytecodes: what it costs more than in the interpreter: the frame object is let go, and made again the next time. */
#define CAUGHT 20

static Ref catch(Recorder *R, Ref exc)
{
    R->work -= CAUGHT;
    R->frames[0].info->catches = 1;
    return rec_emit_snap(R, UOP_CATCH, exc, REF_NONE, REF_NONE, 0, rec_snapshot_raise(R));
}

void rec_continue_caught(Recorder *R)
{
    RecFrame *f = TOP_FRAME(R);
    ExceptionEntry e;
    R->current_ip = rec_behind_prefix(f->info, f->ip);
    cpy_find_handler(f->code, R->current_ip, &e);
    rec_emit(R, UOP_SET_IP, REF_NONE, REF_NONE, REF_NONE, (int64_t)(uintptr_t)(cpy_code_start(f->code) + R->current_ip));
    go_to_handler(R, &e, R->current_ip, catch(R, rec_const(R, NULL)));
    rec_has_escaped(R);        /* what has raised it may have run anything */
}

/* What is raised here leaves the entry frame, which native code may have called. The n values on top of its stack go with it; the others are no objects
 * that have been made: nothing has to be released. */
static int may_raise_out(const Recorder *R, int n)
{
    const RecFrame *f = &R->frames[0];
    if (R->n_frames > 1 || R->inner || R->prefix.snap >= 0 || R->behind_raise || !config.functions || !(f->code->co_flags & CO_OPTIMIZED) || f->code->co_flags & CO_ANY_GENERATOR)
        return 0;
    if (R->loop ? !header_is_entry(R->loop) : !rec_is_worth_ending(R))
        return 0;
    for (int i = 0; i < f->depth - n; i++) {
        const Slot *s = &f->slots[f->n_locals + i];
        if (s->own != OWN_NULL && !(s->own == OWN_BORROWED && builder_is_sunk(&R->b, s->ref)))
            return 0;
    }
    return 1;
}

/* The exception has been raised, here too; the trace is done with it. */
static _Noreturn void end_raising_out(Recorder *R, Ref exc)
{
    R->raised_snap = rec_snapshot_raise(R);
    PyErr_SetRaisedException(rec_object(R, exc));
    R->raised = R->behind_raise = 1;
    rec_count_bytecodes(R, 1);
    rec_count(R);
    rec_append(R, UOP_RAISE_OUT, exc, 0, R->raised_snap);
    rec_stop(R, RECORD_LINK, ABORT_NONE, R->raised_snap);
}

/* RAISE_VARARGS, of n values on top: 1 where a handler of the entry frame catches it. */
static int raise_varargs(Recorder *R, int n)
{
    ExceptionEntry e;
    if (!n || R->n_frames > 1)
        return 0;
    if (!cpy_find_handler(TOP_FRAME(R)->code, R->current_ip, &e)) {
        if (!may_raise_out(R, n))
            return 0;
        end_raising_out(R, rec_call_given(R, n, NULL, 0, cpy_raise));
    }
    Ref exc = catch(R, rec_call_given(R, n, NULL, 0, cpy_raise));
    go_to_handler(R, &e, R->current_ip, exc);
    return 1;
}

/* The number that a handler was given as lasti; -1: it is not known. */
static int known_lasti(Recorder *R, Ref ref)
{
    Ref content = builder_content(&R->b, ref);
    return content != REF_NONE && IS_CONST(content) ? (int)rec_value(R, content).i : -1;
}

/* RERAISE: on top an exception, n values below it. */
static int reraise(Recorder *R, int n)
{
    ExceptionEntry e;
    Operand v;
    int lasti = R->current_ip;
    if (R->n_frames > 1)
        return 0;
    int caught = cpy_find_handler(TOP_FRAME(R)->code, R->current_ip, &e);
    if (!caught && !may_raise_out(R, 1))
        return 0;
    if (n) {
        rec_peek(R, n, &v);
        lasti = v.ref == REF_NONE ? -1 : known_lasti(R, v.ref);
    }
    if (lasti < 0)
        return 0;
    if (!caught) {
        rec_steal(R, 0);
        rec_before_escape(R);       /* who finds the frame in the traceback looks at its variables */
        rec_emit(R, UOP_SET_IP, REF_NONE, REF_NONE, REF_NONE, (int64_t)(uintptr_t)(cpy_code_start(TOP_FRAME(R)->code) + lasti));
        rec_end_in(R, UOP_RERAISE_OUT, rec_steal(R, 0), 0);
    }
    Ref exc = rec_steal(R, 0);
    rec_pop(R);
    R->current_ip = lasti;      /* what is on the stack dies there */
    go_to_handler(R, &e, lasti, exc);
    return 1;
}

/* Whether the exception is one of the class: guarded. -1: not done. */
static int is_one_of(Recorder *R, Ref exc, PyObject *class)
{
    PyObject *o = rec_object(R, exc);
    if (!o || !PyExceptionClass_Check(class) || !PyExceptionInstance_Check(o))
        return -1;
    PyTypeObject *type = Py_TYPE(o);
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE))
        rec_guard_type(R, exc);
    else if (PyUnstable_Type_AssignVersionTag(type))
        rec_emit(R, UOP_GUARD_VERSION, exc, REF_NONE, REF_NONE, type->tp_version_tag);
    else
        return -1;
    return PyType_IsSubtype(type, (PyTypeObject *)class);
}

/* except CLASS: */
static int match_class(Recorder *R)
{
    Operand exc, class;
    rec_peek(R, 1, &exc);
    rec_peek(R, 0, &class);
    PyObject *c = rec_object(R, class.ref);
    int is = c && IS_CONST(class.ref) ? is_one_of(R, exc.ref, c) : -1;
    if (is < 0)
        return 0;
    R->closed = 1;
    rec_release(R, rec_pop(R));
    rec_push_ref(R, rec_const(R, is ? Py_True : Py_False), OWN_BORROWED);
    return 1;
}

/* END_ASYNC_FOR: on top an exception, below it the iterator. */
static int end_async_for(Recorder *R)
{
    Operand exc;
    rec_peek(R, 0, &exc);
    int is = is_one_of(R, exc.ref, PyExc_StopAsyncIteration);
    if (is < 0)
        return 0;
    if (!is)
        return reraise(R, 0);
    R->closed = 1;
    rec_drop(R, 2);
    return 1;
}

/* CHECK_EG_MATCH: two values become what is left of the first, and what matches. */
static void match_group(Recorder *R)
{
    Ref rest = rec_call_given(R, 2, NULL, 0, cpy_eg_match), matching = rec_emit(R, UOP_TAKE_ARG, REF_NONE, REF_NONE, REF_NONE, 0);
    rec_push_ref(R, rest, OWN_TRACE);
    rec_push_ref(R, matching, OWN_TRACE);
}

static void match(Recorder *R)
{
    Operand exc;
    if (match_class(R))
        return;
    rec_peek(R, 1, &exc);
    Ref more = exc.ref, r = rec_call_given(R, 1, &more, 1, cpy_exc_match);
    builder_set_type(&R->b, r, &PyBool_Type);
    rec_push_ref(R, r, OWN_TRACE);
}

static void push_exc_info(Recorder *R)
{
    Operand exc = rec_pop(R);
    R->closed = 1;
    rec_push_ref(R, rec_emit(R, UOP_PUSH_EXC, exc.ref, REF_NONE, REF_NONE, 0), OWN_TRACE);
    rec_push(R, exc);
}

static void pop_except(Recorder *R)
{
    Ref before = rec_steal(R, 0);
    rec_pop(R);
    R->closed = 1;
    rec_release(R, operand(rec_emit(R, UOP_POP_EXC, before, REF_NONE, REF_NONE, 0), OWN_TRACE));
}

/* The exit function of a `with`, below it lasti and what was handled before, above them the exception. */
static void with_except_start(Recorder *R)
{
    Operand exc, exit, self;
    int has_self = WITH_EXCEPT_HAS_SELF && rec_has_self_below(R, WITH_EXCEPT_EXIT - 1);
    rec_peek(R, 0, &exc);
    rec_peek(R, WITH_EXCEPT_EXIT, &exit);
    rec_peek(R, WITH_EXCEPT_EXIT - 1, &self);
    Ref more[] = {exit.ref, exc.ref, self.ref};
    rec_push_ref(R, rec_call_given(R, 0, more, has_self ? 3 : 2, cpy_with_except), OWN_TRACE);
}

int rec_exceptions(Recorder *R, int op, int arg)
{
    switch (op) {
    case RAISE_VARARGS: return raise_varargs(R, arg);
    case RERAISE: return reraise(R, arg);
    case PUSH_EXC_INFO: push_exc_info(R); return 1;
    case POP_EXCEPT: pop_except(R); return 1;
    case CHECK_EXC_MATCH: match(R); return 1;
    case CHECK_EG_MATCH: match_group(R); return 1;
    case END_ASYNC_FOR: return end_async_for(R);
    case WITH_EXCEPT_START: with_except_start(R); return 1;
    default: return 0;
    }
}
