/* operators.c: a + b, a < b, -a, a in b, the truth of objects whose classes say in Python what that is. The interpreter calls the method
 * from C, through the class's slot, which is always the same one where the class has a function under the name; here it is called
 * natively. The stack keeps the operands until it has returned.
 *
 * Two operands of an arithmetic operator must be of one class, or the other one of a type of CPython's that knows nothing of such classes:
 * then there is no other method to ask. A comparison asks the other one in the end. */
#include "functions.h"
#include "../cpython/call.h"
#include "../cpython/operators.h"
#include "opcode.h"

static PyFunctionObject *method(Recorder *R, PyTypeObject *type, const char *name)
{
    PyObject *text = PyUnicode_InternFromString(name);
    PyFunctionObject *found = text ? cpy_special(R->ts, type, text) : NULL;
    Py_XDECREF(text);
    PyErr_Clear();
    return found;
}

static int has(PyTypeObject *type, const char *name)
{
    PyObject *text = PyUnicode_InternFromString(name), *found = text ? _PyType_Lookup(type, text) : Py_None;
    Py_XDECREF(text);
    PyErr_Clear();
    return found != NULL;
}

/* Its operators give up on instances of classes made in Python that do not derive from it, having asked nobody. */
static int knows_no_classes(PyTypeObject *type)
{
    return type == &PyLong_Type || type == &PyFloat_Type || type == &PyBool_Type || type == Py_TYPE(Py_None);
}
/* What its method refuses would be tried as a concatenation or repetition. Of a class. */
static int is_sequence(const PyTypeObject *type) { return type->tp_as_sequence->sq_concat || type->tp_as_sequence->sq_repeat; }
static int is_number_too(PyTypeObject *type) { return PyType_IsSubtype(type, &PyLong_Type) || PyType_IsSubtype(type, &PyFloat_Type); }

/* ---- calling ---- */

static void guard_operand(Recorder *R, const Operand *o)
{
    PyTypeObject *type = rec_type(R, o->ref);
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE)
        rec_guard_version(R, o->ref, type->tp_version_tag);
    else
        rec_guard_type(R, o->ref);
}

/* fn of the n operands on top, the last one first if it is reflected. */
static int call_method(Recorder *R, PyFunctionObject *fn, int n, int reflected, int order, int order_raised, Binary fall_back, int tested)
{
    Operand on_stack[2], args[N_ARGS];
    Binding b;
    for (int i = 0; i < n; i++)
        guard_operand(R, rec_peek(R, n - 1 - i, &on_stack[i]));
    if ((fall_back || !tested) && rec_enter_operator(R, fn, n, reflected))     /* CONTAINS_OP has more to do with what it gives */
        return 1;
    Invoked *invoked = rec_invocable(R, fn, n, NULL, 0, &b, args);
    if (!invoked)
        return 0;
    for (int i = 0; i < n; i++)
        rec_steal(R, i);
    rec_before_escape(R);
    for (int i = 0; i < n; i++)
        rec_peek(R, n - 1 - i, &on_stack[i]);
    for (int i = 0; i < n; i++)
        args[b.parameter[i]] = on_stack[reflected ? n - 1 - i : i];
    rec_drop_in(R, order_raised, n);
    rec_invoke_given(R, fn, invoked, args);
    if (fall_back)
        rec_emit_snap(R, UOP_FALL_BACK, args[0].ref, args[1].ref, REF_NONE, (int64_t)(uintptr_t)(void *)fall_back, rec_snapshot_raise(R));
    if (tested)
        rec_emit_snap(R, UOP_TEST_RESULT, REF_NONE, REF_NONE, REF_NONE, 0, rec_snapshot_raise(R));
    R->n_drops = 0;
    for (int i = 0; i < n; i++)
        rec_release(R, on_stack[order == UP ? i : n - 1 - i]);
    if (!tested) {
        rec_take_result(R);
        return 1;
    }
    Ref truth = rec_emit(R, UOP_TAKE_RESULT, REF_NONE, REF_NONE, REF_NONE, 0);
    builder_set_type(&R->b, truth, &PyBool_Type);
    rec_push_ref(R, truth, OWN_TRACE);
    return 1;
}

/* ---- operators ---- */

int rec_binary_method(Recorder *R, int arg)
{
    Operand a, b;
    rec_peek(R, 1, &a);
    rec_peek(R, 0, &b);
    const Operator *o = cpy_operator(arg);
    PyTypeObject *left = rec_type(R, a.ref), *right = rec_type(R, b.ref);
    int in_place = arg >= NB_INPLACE_ADD;
    if (!o || R->general)
        return 0;
    const Binary *fall_back = in_place ? o->in_place_fall_back : o->fall_back;
    PyFunctionObject *fn = method(R, left, o->name);
    int is_alone = left == right || knows_no_classes(right);
    if (fn && is_alone && !(in_place && has(left, o->in_place)) && !is_sequence(left) && !is_number_too(left))
        return call_method(R, fn, 2, 0, RELEASES_BINARY(0), RELEASES_BINARY(1), fall_back[0], 0);
    if (!knows_no_classes(left) || is_number_too(right) || !(fn = method(R, right, o->reflected)) || is_sequence(right))
        return 0;
    return call_method(R, fn, 2, 1, RELEASES_BINARY(0), RELEASES_BINARY(1), fall_back[1], 0);
}

int rec_compare_method(Recorder *R, int op, int tested)
{
    static const char *const names[] = {"__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"};
    Operand a, b;
    rec_peek(R, 1, &a);
    rec_peek(R, 0, &b);
    PyTypeObject *left = rec_type(R, a.ref), *right = rec_type(R, b.ref);
    if (R->general || (left != right && PyType_IsSubtype(right, left)))         /* that would be asked first */
        return 0;
    /* They would die behind the comparison and before the result is tested, if that is no bool. */
    if (tested && (a.own != OWN_BORROWED || b.own != OWN_BORROWED))
        return 0;
    PyFunctionObject *fn = method(R, left, names[op]);
    return fn && call_method(R, fn, 2, 0, RELEASES_COMPARE, RELEASES_COMPARE, cpy_compare_on(op), tested);
}

int rec_contains_method(Recorder *R)
{
    Operand container;
    rec_peek(R, 0, &container);
    PyFunctionObject *fn = R->general ? NULL : method(R, rec_type(R, container.ref), "__contains__");
    return fn && call_method(R, fn, 2, 1, RELEASES_COMPARE, RELEASES_COMPARE, NULL, 1);
}

Ref rec_bool_method(Recorder *R)
{
    Operand v, args[N_ARGS];
    Binding b;
    rec_peek(R, 0, &v);
    PyFunctionObject *fn = R->general ? NULL : method(R, rec_type(R, v.ref), "__bool__");
    if (!fn)
        return REF_NONE;
    guard_operand(R, &v);
    Invoked *invoked = rec_invocable(R, fn, 1, NULL, 0, &b, args);
    if (!invoked)
        return REF_NONE;
    rec_steal(R, 0);
    rec_before_escape(R);
    args[0] = rec_pop(R);
    rec_release(R, args[0]);
    rec_invoke_given(R, fn, invoked, args);
    Ref result = rec_emit(R, UOP_TAKE_RESULT, REF_NONE, REF_NONE, REF_NONE, 0);
    R->drops[1] = R->drops[0];      /* what it has returned goes before the object */
    R->drops[0] = operand(result, OWN_TRACE);
    R->n_drops = 2;
    return rec_emit_snap(R, UOP_LEAF2I, result, args[0].ref, REF_NONE, (int64_t)(uintptr_t)(void *)cpy_check_bool, rec_snapshot_raise(R));
}

int rec_unary_method(Recorder *R, const char *name)
{
    Operand v;
    rec_peek(R, 0, &v);
    PyFunctionObject *fn = R->general ? NULL : method(R, rec_type(R, v.ref), name);
    return fn && call_method(R, fn, 1, 0, UP, UP, NULL, 0);
}
