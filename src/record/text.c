/* text.c: numbers to str and back.
 *
 * Ints that fit int64 and floats are converted by uops of their own; a few types by what their tp_repr holds, called directly. Everything
 * else is called by an escape: PyObject_Str() and PyObject_Repr() poll for signals, for every operand. */
#include "leaves.h"
#include "recorder.h"

/* The str of a number in a register, REF_NONE: v is none. str() and repr() of these are the same. */
static Ref number_text(Recorder *R, Operand v)
{
    Ref a;
    PyTypeObject *type = rec_type(R, v.ref);
    if (type == &PyFloat_Type && rec_unbox_float(R, v.ref, &a))
        return rec_emit(R, UOP_STR_FLOAT, a, REF_NONE, REF_NONE, 0);
    if (type == &PyLong_Type && rec_unbox_int(R, v.ref, &a))
        return rec_emit(R, UOP_STR_INT, a, REF_NONE, REF_NONE, 0);
    return REF_NONE;
}

/* Calls fn on the top value. */
static void call_on_top(Recorder *R, UopCode op, void *fn, int below)
{
    Operand v = rec_pop(R);
    Operand text = rec_call_fn(R, op, 1, &v, fn);
    rec_drop(R, below);
    rec_push(R, text);
}

static PyObject *format_simple(PyObject *v) { return PyObject_Format(v, NULL); }

void rec_text(Recorder *R, TextOf what, int below)
{
    static PyObject *(*const call[])(PyObject *) = {[TEXT_STR] = PyObject_Str, [TEXT_REPR] = PyObject_Repr, [TEXT_FORMAT] = format_simple};
    Operand v;
    rec_peek(R, 0, &v);
    if (R->general) {
        call_on_top(R, UOP_CALL1, (void *)call[what], below);
        return;
    }
    Ref text = number_text(R, v);
    if (text != REF_NONE) {
        R->closed = 1;
        rec_drop(R, 1 + below);
        rec_push_ref(R, text, OWN_TRACE);
        return;
    }
    PyTypeObject *type = rec_type(R, v.ref);
    if (type == &PyUnicode_Type && what != TEXT_REPR) {     /* the same object */
        rec_guard_type(R, v.ref);
        v = rec_pop(R);
        rec_drop(R, below);
        rec_push(R, v);
    } else if (leaf_repr(type) && (what == TEXT_REPR || type != &PyBytes_Type)) {       /* str() of bytes may warn */
        rec_guard_type(R, v.ref);
        call_on_top(R, UOP_LEAF1, (void *)type->tp_repr, below);
    } else
        call_on_top(R, UOP_CALL1, (void *)call[what], below);
}

int rec_parse(Recorder *R, PyTypeObject *type)
{
    Operand v;
    rec_peek(R, 0, &v);
    int is_float = type == &PyFloat_Type;
    Obj *s = (Obj *)rec_object(R, v.ref);
    double real = is_float ? h_parse_float(s) : 0.0;
    if (is_float ? real != real : h_parse_int(s) == INT64_MIN)
        return 0;
    rec_guard_type(R, v.ref);
    Ref a = rec_emit(R, is_float ? UOP_PARSE_FLOAT : UOP_PARSE_INT, v.ref, REF_NONE, REF_NONE, 0);
    rec_drop(R, 3);
    rec_push_ref(R, rec_emit(R, is_float ? UOP_SINK_FLOAT : UOP_SINK_INT, a, REF_NONE, REF_NONE, 0), OWN_BORROWED);
    return 1;
}
