/* iterate.c: GET_ITER, FOR_ITER, END_FOR.
 *
 * Iterators over range, list and tuple are advanced directly; other builtin ones by their tp_iternext. From CPython 3.15 on two values are
 * on the stack: the iterator and NULL above it, or a list, tuple, str or bytes itself and an index, a tagged int. That is not written back
 * where it was read, but from turn to turn is what any sunk slot is: a value in a register (SINK_TAGGED). */
#include "functions.h"
#include "leaves.h"
#include "../cpython/iterators.h"
#include "../cpython/opcodes.h"
#include <string.h>

/* Bytecodes: what it costs more than FOR_ITER_GEN; natively, and a number comes, it is as quick. */
#define RESUMED_FROM_C 15
#define RESUMED 4

/* From 3.15 on GET_ITER stands for more than loops. */
static int is_plain_get_iter(int op, int arg) { return op == GET_ITER && (ITER_SLOTS == 1 || arg == 0); }

static void push_iterator(Recorder *R, Operand it)
{
    rec_push(R, it);
    if (ITER_SLOTS > 1)
        rec_push_ref(R, REF_NONE, OWN_NULL);
}

static void push_index(Recorder *R, Ref at) { rec_push_ref(R, rec_emit(R, UOP_SINK_TAGGED, at, REF_NONE, REF_NONE, 0), OWN_BORROWED); }

int rec_get_iter(Recorder *R)
{
    Operand v;
    rec_peek(R, 0, &v);
    PyTypeObject *type = rec_type(R, v.ref);
    if (cpy_iterates_by_index(type)) {
        rec_guard_type(R, v.ref);
        push_index(R, rec_int(R, 0));
        return 1;
    }
    int leaf = leaf_iter(type);
    if (leaf)
        rec_guard_type(R, v.ref);
    rec_pop(R);
    Operand it = rec_call_fn(R, leaf ? UOP_LEAF1 : UOP_CALL1, 1, &v, (void *)PyObject_GetIter);
    PyTypeObject *made = type == &PyList_Type ? &PyListIter_Type : type == &PyTuple_Type ? &PyTupleIter_Type : NULL;
    if (made)
        builder_set_type(&R->b, it.ref, made);
    push_iterator(R, it);
    return 1;
}

/* for ... in range(...): the call and the GET_ITER behind it at once, when the arguments are ints. n arguments on the stack, below them
 * NULL and `range`, which has been guarded. 0: not done. */
int rec_range_loop(Recorder *R, int n)
{
    RecFrame *f = TOP_FRAME(R);
    Instruction behind = rec_next_instruction(R);
    Ref arg[3];
    if (n < 1 || n > 3 || !is_plain_get_iter(behind.op, behind.arg))
        return 0;
    for (int i = 0; i < n; i++) {
        Operand v;
        rec_peek(R, n - 1 - i, &v);
        if (rec_type(R, v.ref) != &PyLong_Type || !rec_unbox_int(R, v.ref, &arg[i]))
            return 0;
    }
    Ref start = n == 1 ? rec_int(R, 0) : arg[0], stop = arg[n > 1];
    int64_t step = n == 3 ? rec_value(R, arg[2]).i : 1;
    Obj *possible = step && step == (int32_t)step ? h_new_range_iter(rec_value(R, start).i, rec_value(R, stop).i, step) : NULL;
    if (!possible)
        return 0;
    Py_DECREF((PyObject *)possible);
    if (n == 3)
        rec_emit(R, UOP_GUARD_EQ_INT, arg[2], rec_int(R, step), REF_NONE, 0);
    Ref it = rec_emit(R, UOP_NEW_RANGE_ITER, start, stop, REF_NONE, step);
    builder_set_type(&R->b, it, &PyRangeIter_Type);
    R->closed = 1;
    rec_drop(R, n + 2);
    push_iterator(R, operand(it, OWN_TRACE));
    f->next = behind.next;
    R->n_bytecodes++;
    return 1;
}

static int is_exhausted(PyTypeObject *type, PyObject *it)
{
    if (type == &PyRangeIter_Type)
        return ((_PyRangeIterObject *)it)->len <= 0;
    if (type == &PyListIter_Type) {
        _PyListIterObject *l = (_PyListIterObject *)it;
        return !l->it_seq || l->it_index >= PyList_GET_SIZE(l->it_seq);
    }
    _PyTupleIterObject *t = (_PyTupleIterObject *)it;
    return !t->it_seq || t->it_index >= PyTuple_GET_SIZE((PyObject *)t->it_seq);
}

/* The iterator is at its end: popped and released, or left to POP_ITER. */
static void leave_loop(Recorder *R, int arg)
{
    TOP_FRAME(R)->next += arg + FOR_ITER_SKIPS;
    R->closed = 1;
    if (FOR_ITER_POPS)
        rec_release(R, rec_pop(R));
}

/* The list or tuple of an iterator at its end would die with it: whatever that runs, the iterator's own function has to do it. */
static int sequence_dies(PyTypeObject *type, PyObject *it)
{
    if (type == &PyRangeIter_Type)
        return 0;
    PyObject *seq = type == &PyListIter_Type ? (PyObject *)((_PyListIterObject *)it)->it_seq
                                             : (PyObject *)((_PyTupleIterObject *)it)->it_seq;
    return seq && Py_REFCNT(seq) == 1;
}

/* Nobody but the entry frame's stack, in memory, has the iterator: its fields can wait while a loop runs (optimize/iterator.c). */
static int is_alone(Recorder *R)
{
    const RecFrame *f = TOP_FRAME(R);
    const Slot *s = &f->slots[f->n_locals + f->depth - ITER_SLOTS];
    return R->n_frames == 1 && s->own == OWN_MEMORY && Py_REFCNT(rec_object(R, s->ref)) == 1;
}

/* The hint of RANGE_NEXT and its like. */
static int64_t hint(Recorder *R, PyTypeObject *type, PyObject *it)
{
    if (!is_alone(R))
        return 0;
    int64_t step = type == &PyRangeIter_Type ? ((_PyRangeIterObject *)it)->step : 1;
    return step == (int32_t)step ? step : 0;
}

int rec_is_direct(Recorder *R, Ref it)
{
    PyTypeObject *type = rec_type(R, it);
    if (type != &PyRangeIter_Type && type != &PyListIter_Type && type != &PyTupleIter_Type)
        return 0;
    PyObject *object = rec_object(R, it);
    return !is_exhausted(type, object) || !sequence_dies(type, object);
}

int rec_next_direct(Recorder *R, Operand it, int n)
{
    PyObject *object = rec_object(R, it.ref);
    PyTypeObject *type = Py_TYPE(object);
    int which = type == &PyRangeIter_Type ? 0 : type == &PyListIter_Type ? 1 : 2, ended = is_exhausted(type, object);
    static const UopCode next[] = {UOP_RANGE_NEXT, UOP_LIST_NEXT, UOP_TUPLE_NEXT};
    static const UopCode end[] = {UOP_GUARD_RANGE_END, UOP_LIST_END, UOP_TUPLE_END};
    Ref v = rec_emit(R, ended ? end[which] : next[which], it.ref, REF_NONE, REF_NONE, ended || n ? 0 : hint(R, type, object));
    R->closed = 1;
    rec_drop(R, n);
    if (ended)
        return 0;
    if (which == 0)
        rec_push_ref(R, rec_emit(R, UOP_SINK_INT, v, REF_NONE, REF_NONE, 0), OWN_BORROWED);
    else
        rec_push_ref(R, v, OWN_BORROWED);
    return 1;
}

/* A list, tuple, str or bytes, guarded to be that; its index lies on top. */
static void next_by_index(Recorder *R, PyTypeObject *type, Operand object, int arg)
{
    Operand index;
    rec_peek(R, 0, &index);
    Ref at = builder_content(&R->b, index.ref), v;
    int64_t i = rec_value(R, at).i, n = PyObject_Size(rec_object(R, object.ref));
    if (i < 0)
        rec_abort(R, ABORT_UNSTABLE);       /* a list was at its end before */
    if (i >= n) {
        Ref len = rec_emit(R, type == &PyList_Type ? UOP_LIST_LEN : UOP_TUPLE_LEN, object.ref, REF_NONE, REF_NONE, 0);
        rec_emit(R, UOP_GUARD_GE_INT, at, len, REF_NONE, 0);
        leave_loop(R, arg);
        return;
    }
    UopCode op = type == &PyList_Type ? UOP_LIST_ITEM : type == &PyTuple_Type ? UOP_TUPLE_ITEM
               : type == &PyUnicode_Type ? UOP_STR_ITEM : UOP_BYTES_ITEM;
    v = rec_emit(R, op, object.ref, at, REF_NONE, 0);
    if (op == UOP_STR_ITEM)
        builder_set_type(&R->b, v, &PyUnicode_Type);
    else if (op == UOP_BYTES_ITEM)
        v = rec_emit(R, UOP_SINK_INT, v, REF_NONE, REF_NONE, 0);
    at = rec_emit(R, UOP_ADD_WRAP, at, rec_int(R, 1), REF_NONE, 0);
    TOP_FRAME(R)->depth--;
    push_index(R, at);
    rec_push_ref(R, v, op == UOP_STR_ITEM ? OWN_TRACE : OWN_BORROWED);
}

/* The value that an iterator gave lies on top, NULL at the end. */
static void test_next(Recorder *R, Ref v, int arg)
{
    RecFrame *f = TOP_FRAME(R);
    int32_t snap = rec_snapshot_next(R);
    if (rec_object(R, v)) {
        rec_emit_snap(R, UOP_GUARD_NOT_NULL, v, REF_NONE, REF_NONE, 0, snap);
        return;
    }
    rec_emit_snap(R, UOP_GUARD_NULL, v, REF_NONE, REF_NONE, 0, snap);
    f->depth--;
    leave_loop(R, arg);
}

/* What a generator that was resumed natively gives: as a number, if it may. */
static void take_next(Recorder *R, int arg)
{
    const RecFrame *f = TOP_FRAME(R);
    rec_push_result(R);
    if (rec_take_pushed(R, rec_snapshot_next))
        return;
    R->work -= RESUMED;
    test_next(R, f->slots[f->n_locals + f->depth - 1].ref, arg);
}

/* __next__ of a class can be assigned. */
static PyObject *next_by_slot(PyObject *it) { return Py_TYPE(it)->tp_iternext(it); }

/* At its end an iterator over a str or bytes lets go of it: a subclass's instance may have a __del__. 1: it is none, and guarded. */
static int guard_text(Recorder *R, Ref it)
{
    PyObject *object = rec_object(R, it), *text = cpy_text_of(object);
    if (Py_REFCNT(object) != 1 || !text || !(PyUnicode_CheckExact(text) || PyBytes_CheckExact(text)))
        return 0;
    rec_guard_type(R, rec_emit(R, UOP_ITER_SEQUENCE, it, REF_NONE, REF_NONE, 0));
    return 1;
}

static void for_iter(Recorder *R, int arg)
{
    Operand it;
    rec_peek(R, ITER_SLOTS - 1, &it);
    PyTypeObject *type = rec_type(R, it.ref);
    PyObject *object = rec_object(R, it.ref);
    rec_guard_type(R, it.ref);
    if (cpy_iterates_by_index(type)) {
        next_by_index(R, type, it, arg);
        return;
    }
    if (rec_is_direct(R, it.ref)) {
        if (!rec_next_direct(R, it, 0))
            leave_loop(R, arg);
        return;
    }
    if (type == &PyGen_Type && rec_follow_generator(R, it.ref, CONT_ITEM))
        return;
    if (type == &PyGen_Type && rec_next_of_generator(R, it.ref)) {
        take_next(R, arg);
        return;
    }
    if (type == &PyGen_Type)
        R->work -= RESUMED_FROM_C;
    int leaf = leaf_next(type) && (!cpy_holds_text(type) || guard_text(R, it.ref));
    if (leaf || (cpy_has_quiet_next(type) && cpy_is_quiet(object)))
        rec_protect_heap(R);
    else
        rec_before_escape(R);
    if (!R->escaped_now && !leaf) {     /* there is a value, and nothing is released for it */
        Ref v = rec_emit(R, UOP_QUIET_NEXT, it.ref, REF_NONE, REF_NONE, 0);
        R->closed = 1;
        rec_push_ref(R, v, OWN_TRACE);
        return;
    }
    iternextfunc next = type->tp_flags & Py_TPFLAGS_HEAPTYPE ? next_by_slot : type->tp_iternext;
    Ref v = rec_emit(R, leaf ? UOP_LEAF_NEXT : UOP_NEXT, it.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)(void *)next);
    R->closed = 1;
    rec_push_ref(R, v, OWN_TRACE);
    test_next(R, v, arg);
}

void rec_continue_next(Recorder *R)
{
    RecFrame *f = TOP_FRAME(R);
    Instruction i = cpy_fetch(f->info->units, f->ip);   /* FOR_ITER */
    R->current_ip = i.at;
    f->next = i.next;
    R->closed = 1;
    if (!R->result_left || !rec_take_pushed(R, rec_snapshot_next))
        test_next(R, f->slots[f->n_locals + f->depth - 1].ref, i.arg);
}

int rec_iterate(Recorder *R, int op, int arg)
{
    switch (op) {
    case GET_ITER:
        if (!is_plain_get_iter(op, arg))
            return 0;
        return rec_get_iter(R);
    case FOR_ITER:
        for_iter(R, arg);
        return 1;
    case POP_ITER:
        TOP_FRAME(R)->depth -= ITER_SLOTS - 1;      /* an index or NULL */
        rec_drop(R, 1);
        R->closed = 1;
        return 1;
    case END_FOR:
        rec_drop(R, 1);
        R->closed = 1;
        return 1;
    default:
        return 0;
    }
}
