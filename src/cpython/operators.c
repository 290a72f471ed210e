/* operators.c: what operators do around the Python methods that they call (see operators.h). */
#include "operators.h"
#include "opcodes.h"

#define OPERATORS(_) \
    _(NB_ADD, add, "+") _(NB_AND, and, "&") _(NB_FLOOR_DIVIDE, floordiv, "//") _(NB_LSHIFT, lshift, "<<") _(NB_MATRIX_MULTIPLY, matmul, "@") \
    _(NB_MULTIPLY, mul, "*") _(NB_REMAINDER, mod, "%%") _(NB_OR, or, "|") _(NB_RSHIFT, rshift, ">>") _(NB_SUBTRACT, sub, "-") \
    _(NB_TRUE_DIVIDE, truediv, "/") _(NB_XOR, xor, "^")

static PyObject *unsupported(PyObject *a, PyObject *b, const char *text)
{
    return PyErr_Format(PyExc_TypeError, text, Py_TYPE(a)->tp_name, Py_TYPE(b)->tp_name);
}
#define TEXT(symbol) "unsupported operand type(s) for " symbol ": '%.100s' and '%.100s'"
#define DEFINE(n, name, symbol) \
    static PyObject *no_##name(PyObject *a, PyObject *b) { return unsupported(a, b, TEXT(symbol)); } \
    static PyObject *no_##name##_r(PyObject *b, PyObject *a) { return unsupported(a, b, TEXT(symbol)); } \
    static PyObject *no_i##name(PyObject *a, PyObject *b) { return unsupported(a, b, TEXT(symbol "=")); } \
    static PyObject *no_i##name##_r(PyObject *b, PyObject *a) { return unsupported(a, b, TEXT(symbol "=")); }
OPERATORS(DEFINE)

static const Operator operators[] = {
#define LINE(n, name, symbol) [n] = {"__" #name "__", "__r" #name "__", "__i" #name "__", {no_##name, no_##name##_r}, {no_i##name, no_i##name##_r}},
    OPERATORS(LINE)
};
#define N_OPERATORS (sizeof operators / sizeof *operators)

/* From NB_INPLACE_ADD on they come in the same order. */
const Operator *cpy_operator(int arg)
{
    size_t n = (size_t)(arg >= NB_INPLACE_ADD ? arg - NB_INPLACE_ADD : arg);
    return n < N_OPERATORS && operators[n].name ? &operators[n] : NULL;
}

static PyObject *compare_on(PyObject *a, PyObject *b, int op)
{
    static const char *const symbols[] = {"<", "<=", "==", "!=", ">", ">="};
    richcmpfunc reflected = Py_TYPE(b)->tp_richcompare;
    PyObject *r = reflected ? reflected(b, a, _Py_SwappedOp[op]) : NULL;
    if (reflected && r != Py_NotImplemented)
        return r;
    Py_XDECREF(r);
    if (op == Py_EQ || op == Py_NE)
        return PyBool_FromLong((a == b) == (op == Py_EQ));
    return PyErr_Format(PyExc_TypeError, "'%s' not supported between instances of '%.100s' and '%.100s'", symbols[op], Py_TYPE(a)->tp_name,
                        Py_TYPE(b)->tp_name);
}
static PyObject *lt_on(PyObject *a, PyObject *b) { return compare_on(a, b, Py_LT); }
static PyObject *le_on(PyObject *a, PyObject *b) { return compare_on(a, b, Py_LE); }
static PyObject *eq_on(PyObject *a, PyObject *b) { return compare_on(a, b, Py_EQ); }
static PyObject *ne_on(PyObject *a, PyObject *b) { return compare_on(a, b, Py_NE); }
static PyObject *gt_on(PyObject *a, PyObject *b) { return compare_on(a, b, Py_GT); }
static PyObject *ge_on(PyObject *a, PyObject *b) { return compare_on(a, b, Py_GE); }

Binary cpy_compare_on(int op)
{
    static const Binary on[] = {lt_on, le_on, eq_on, ne_on, gt_on, ge_on};
    return on[op];
}

int cpy_operands(int opcode) { return opcode == BINARY_OP || opcode == COMPARE_OP ? 2 : 1; }

int cpy_operator_releases(int opcode, int raised)
{
    (void)raised;
    return opcode == BINARY_OP ? RELEASES_BINARY(raised) : RELEASES_COMPARE;
}

static PyObject *truth(PyObject *result)
{
    int is = PyBool_Check(result) ? result == Py_True : PyObject_IsTrue(result);
    Py_DECREF(result);
    return is < 0 ? NULL : PyBool_FromLong(is);
}

PyObject *cpy_operator_result(int opcode, int arg, PyObject *left, PyObject *right, PyObject *result)
{
    int is_comparison = opcode == COMPARE_OP;
    if (result == Py_NotImplemented && (is_comparison || opcode == BINARY_OP)) {
        Py_DECREF(result);
        const Operator *o = is_comparison ? NULL : cpy_operator(arg);
        result = is_comparison ? compare_on(left, right, arg >> 5) : (arg >= NB_INPLACE_ADD ? o->in_place_fall_back : o->fall_back)[0](left, right);
    }
    return result && is_comparison && arg & 16 ? truth(result) : result;
}
