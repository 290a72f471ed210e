/* with_instances.c: while there are instances that are not made yet (instances.c): which instructions go on with them, and before which all
 * are made.
 *
 * An instruction that is not listed here makes them. One that is must not need the object of such a value that it looks at or keeps. */
#include "functions.h"

static int is_on_top(Recorder *R, int n)
{
    Operand v;
    for (int i = 0; i < n && i < TOP_FRAME(R)->depth; i++)
        if (rec_is_instance(R, rec_peek(R, i, &v)->ref))
            return 1;
    return 0;
}

static int calls_python(Recorder *R, int n)
{
    Operand callable;
    PyObject *o = rec_object(R, rec_peek(R, n + 1, &callable)->ref);
    return o && (PyFunction_Check(o) || (Py_IS_TYPE(o, &PyType_Type) && ((PyTypeObject *)o)->tp_flags & Py_TPFLAGS_HEAPTYPE));
}

int rec_with_instances(Recorder *R, int op, int arg)
{
    int keeps = 0;
    switch (op) {
    case NOP: case CACHE: case RESUME: case LOAD_FAST: case LOAD_FAST_LOAD_FAST: case LOAD_FAST_CHECK: case STORE_FAST:
    case STORE_FAST_STORE_FAST: case STORE_FAST_LOAD_FAST: case LOAD_CONST: case LOAD_SMALL_INT: case LOAD_GLOBAL: case PUSH_NULL:
    case POP_TOP: case COPY: case SWAP: case JUMP_FORWARD:
    case JUMP_BACKWARD:     /* to a header: it is seen to there */
        keeps = 1;
        break;
    case RETURN_CONST: case RETURN_VALUE:
        keeps = R->n_frames > 1;
        break;
    case LOAD_ATTR:
        if (is_on_top(R, 1) && rec_load_of_instance(R, rec_name(R, arg >> 1), arg & 1))
            return 1;
        keeps = !is_on_top(R, 1);
        break;
    case STORE_ATTR:
        if (is_on_top(R, 1) && rec_store_to_instance(R, rec_name(R, arg)))
            return 1;
        keeps = !is_on_top(R, 2);
        break;
    case TO_BOOL: case UNARY_NOT: case POP_JUMP_IF_TRUE: case POP_JUMP_IF_FALSE: case POP_JUMP_IF_NONE: case POP_JUMP_IF_NOT_NONE:
        keeps = !is_on_top(R, 1);
        break;
    case UNARY_NEGATIVE:
        if (is_on_top(R, 1) && rec_unary_method(R, "__neg__"))
            return 1;
        keeps = !is_on_top(R, 1);
        break;
    case BINARY_OP:
        if (is_on_top(R, 2) && rec_binary_method(R, arg))
            return 1;
        keeps = !is_on_top(R, 2);
        break;
    case COMPARE_OP:
        if (is_on_top(R, 2) && rec_compare_method(R, arg >> 5, arg & 16))
            return 1;
        keeps = !is_on_top(R, 2);
        break;
    case IS_OP:
        keeps = !is_on_top(R, 2);
        break;
    case CALL:
        keeps = !is_on_top(R, arg + 2) || calls_python(R, arg);
        break;
    }
    if (!keeps)
        rec_settle(R);
    return 0;
}
