/* leaves.c: an operation and the exact types of its operands -> may a LEAF uop do it?
 *
 * The object protocol looks for a function in slots of the operands' types; when each that it may come to is in leaves.def, so is the
 * operation. An empty slot is passed over by the protocol, so it is here. What is not in the table is called by an escape. */
#include "leaves.h"
#include "opcode.h"
#include <string.h>

typedef enum { ANY, OTHER, SAME } When;

#define SLOTS(X) \
    X(tp_as_number, PyNumberMethods, nb_add) X(tp_as_number, PyNumberMethods, nb_subtract) X(tp_as_number, PyNumberMethods, nb_multiply) \
    X(tp_as_number, PyNumberMethods, nb_true_divide) X(tp_as_number, PyNumberMethods, nb_floor_divide) \
    X(tp_as_number, PyNumberMethods, nb_remainder) X(tp_as_number, PyNumberMethods, nb_divmod) X(tp_as_number, PyNumberMethods, nb_power) \
    X(tp_as_number, PyNumberMethods, nb_and) X(tp_as_number, PyNumberMethods, nb_or) X(tp_as_number, PyNumberMethods, nb_xor) \
    X(tp_as_number, PyNumberMethods, nb_lshift) X(tp_as_number, PyNumberMethods, nb_rshift) \
    X(tp_as_number, PyNumberMethods, nb_matrix_multiply) \
    X(tp_as_number, PyNumberMethods, nb_negative) X(tp_as_number, PyNumberMethods, nb_invert) \
    X(tp_as_number, PyNumberMethods, nb_absolute) X(tp_as_number, PyNumberMethods, nb_bool) \
    X(tp_as_sequence, PySequenceMethods, sq_concat) X(tp_as_sequence, PySequenceMethods, sq_repeat) \
    X(tp_as_sequence, PySequenceMethods, sq_contains) X(tp_as_sequence, PySequenceMethods, sq_length) \
    X(tp_as_mapping, PyMappingMethods, mp_subscript) X(tp_as_mapping, PyMappingMethods, mp_length)

typedef enum {
#define X(suite, methods, slot) SLOT_##slot,
    SLOTS(X)
#undef X
    SLOT_tp_richcompare, SLOT_tp_hash, SLOT_tp_repr, SLOT_tp_iter,
} Slot;

static void *slot_function(PyTypeObject *type, Slot slot)
{
    switch (slot) {
#define X(suite, methods, name) case SLOT_##name: return type->suite ? (void *)type->suite->name : NULL;
    SLOTS(X)
#undef X
    case SLOT_tp_richcompare: return (void *)type->tp_richcompare;
    case SLOT_tp_hash: return (void *)type->tp_hash;
    case SLOT_tp_repr: return (void *)type->tp_repr;
    case SLOT_tp_iter: return (void *)type->tp_iter;
    }
    return NULL;
}

#define T_int &PyLong_Type
#define T_bool &PyBool_Type
#define T_float &PyFloat_Type
#define T_complex &PyComplex_Type
#define T_str &PyUnicode_Type
#define T_bytes &PyBytes_Type
#define T_none &_PyNone_Type
#define T_list &PyList_Type
#define T_tuple &PyTuple_Type
#define T_range &PyRange_Type
#define T_dict &PyDict_Type
#define T_set &PySet_Type

static const struct { PyTypeObject *type; Slot slot; When when; } slots[] = {
#define SLOT(type, name, function, when) {T_##type, SLOT_##name, when},
#include "leaves.def"
};
static const struct { PyTypeObject *type; const char *name, *operands; } methods[] = {
#define METHOD(type, name, function, operands) {T_##type, name, operands},
#include "leaves.def"
};
static const struct { const char *module, *name, *operands; } builtins[] = {
#define BUILTIN(module, name, function, operands) {#module, name, operands},
#include "leaves.def"
};
static const char *const nexts[] = {
#define NEXT(type, function) type,
#include "leaves.def"
};

#define COUNT(a) (sizeof a / sizeof *a)

static PyTypeObject *family(PyTypeObject *type) { return type == &PyBool_Type ? &PyLong_Type : type; }

/* What the slot of `type` holds is a leaf, `other` being the type of the other operand. */
static int listed(PyTypeObject *type, Slot slot, PyTypeObject *other)
{
    for (size_t i = 0; i < COUNT(slots); i++)
        if (slots[i].type == type && slots[i].slot == slot)
            return slots[i].when == ANY || (slots[i].when == SAME ? type == other : family(type) != family(other));
    return 0;
}

static int passed(PyTypeObject *type, Slot slot, PyTypeObject *other) { return !slot_function(type, slot) || listed(type, slot, other); }

/* Types that have lines in the table: of others nothing is known. */
static int is_known(PyTypeObject *type)
{
    for (size_t i = 0; i < COUNT(slots); i++)
        if (slots[i].type == type)
            return 1;
    return 0;
}

static int both(Slot slot, PyTypeObject *left, PyTypeObject *right)
{
    return is_known(left) && is_known(right) && passed(left, slot, right) && passed(right, slot, left);
}

/* ---- operators ---- */

static const int number_slot[] = {
    [NB_ADD] = SLOT_nb_add, [NB_AND] = SLOT_nb_and, [NB_FLOOR_DIVIDE] = SLOT_nb_floor_divide, [NB_LSHIFT] = SLOT_nb_lshift,
    [NB_MATRIX_MULTIPLY] = SLOT_nb_matrix_multiply, [NB_MULTIPLY] = SLOT_nb_multiply, [NB_REMAINDER] = SLOT_nb_remainder,
    [NB_OR] = SLOT_nb_or,
    [NB_POWER] = SLOT_nb_power, [NB_RSHIFT] = SLOT_nb_rshift, [NB_SUBTRACT] = SLOT_nb_subtract, [NB_TRUE_DIVIDE] = SLOT_nb_true_divide,
    [NB_XOR] = SLOT_nb_xor,
};

int leaf_binary(int op, PyTypeObject *left, PyTypeObject *right)
{
    if (!both((Slot)number_slot[op], left, right))
        return 0;
    if (op == NB_ADD)
        return passed(left, SLOT_sq_concat, right);
    if (op == NB_MULTIPLY)
        return passed(left, SLOT_sq_repeat, right) && passed(right, SLOT_sq_repeat, left);
    return 1;
}

int leaf_unary(int op, PyTypeObject *type) { return listed(type, op == UNARY_NEGATIVE ? SLOT_nb_negative : SLOT_nb_invert, type); }
int leaf_compare(PyTypeObject *left, PyTypeObject *right) { return both(SLOT_tp_richcompare, left, right); }
int leaf_subscript(PyTypeObject *type, PyTypeObject *index)
{
    return family(index) == &PyLong_Type && listed(type, SLOT_mp_subscript, index);
}
int leaf_contains(PyTypeObject *type, PyTypeObject *item) { return listed(type, SLOT_sq_contains, item); }
int leaf_iter(PyTypeObject *type) { return listed(type, SLOT_tp_iter, type); }
int leaf_repr(PyTypeObject *type) { return listed(type, SLOT_tp_repr, type); }

int leaf_truth(PyTypeObject *type)
{
    static const Slot order[] = {SLOT_nb_bool, SLOT_mp_length, SLOT_sq_length};
    for (size_t i = 0; i < COUNT(order); i++)
        if (slot_function(type, order[i]))
            return listed(type, order[i], type);
    return 0;
}

int leaf_next(PyTypeObject *type)
{
    for (size_t i = 0; i < COUNT(nexts) && !(type->tp_flags & Py_TPFLAGS_HEAPTYPE); i++)
        if (strcmp(type->tp_name, nexts[i]) == 0)
            return 1;
    return 0;
}

/* ---- calls ---- */

static int is_of(PyTypeObject *type, char letter)
{
    switch (letter) {
    case 'i': return type == &PyLong_Type;
    case 'b': return type == &PyBool_Type;
    case 'f': return type == &PyFloat_Type;
    case 's': return type == &PyUnicode_Type;
    case 'y': return type == &PyBytes_Type;
    case 'c': return type == &PyComplex_Type;
    case 'N': return type == &_PyNone_Type;
    case 'n': return is_of(type, 'i') || is_of(type, 'b') || is_of(type, 'f');
    default: return is_of(type, 'n') || is_of(type, 's') || is_of(type, 'y') || is_of(type, 'c') || is_of(type, 'N');      /* x */
    }
}

static int fit(const char *operands, int n, PyTypeObject *const *types)
{
    int optional = 0;
    for (int i = 0; i < n; i++) {
        if (*operands == '|') {
            optional = 1;
            operands++;
        }
        if (!*operands || !is_of(types[i], *operands))
            return 0;
        if (operands[1] != '*')
            operands++;
    }
    return optional || !*operands || *operands == '|' || operands[1] == '*';
}

int leaf_is_from(PyCFunctionObject *fn, const char *module)
{
    if (!fn->m_self || !PyModule_CheckExact(fn->m_self) || !fn->m_module || !PyUnicode_CheckExact(fn->m_module))
        return 0;
    const PyModuleDef *def = PyModule_GetDef(fn->m_self);
    return def && strcmp(def->m_name, module) == 0 && PyUnicode_CompareWithASCIIString(fn->m_module, module) == 0;
}

static int leaf_method(PyMethodDescrObject *method, int n, PyTypeObject *const *types)
{
    PyTypeObject *type = PyDescr_TYPE(method);
    for (size_t i = 0; i < COUNT(methods); i++)
        if (methods[i].type == type && strcmp(methods[i].name, method->d_method->ml_name) == 0 && fit(methods[i].operands, n, types))
            return 1;
    return 0;
}

static int leaf_builtin(PyCFunctionObject *fn, int n, PyTypeObject *const *types)
{
    for (size_t i = 0; i < COUNT(builtins); i++)
        if (strcmp(builtins[i].name, fn->m_ml->ml_name) == 0 && fit(builtins[i].operands, n, types) && leaf_is_from(fn, builtins[i].module))
            return 1;
    return 0;
}

int leaf_call(PyObject *callable, int n, PyTypeObject *const *types)
{
    if (Py_IS_TYPE(callable, &PyMethodDescr_Type))
        return leaf_method((PyMethodDescrObject *)callable, n, types);
    if (PyCFunction_CheckExact(callable))
        return leaf_builtin((PyCFunctionObject *)callable, n, types);
    return 0;
}
