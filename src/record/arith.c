/* arith.c: BINARY_OP, UNARY_*, COMPARE_OP, IS_OP, CONTAINS_OP, TO_BOOL.
 *
 * Ints that fit int64 and floats are unboxed and computed in registers; the result is a sunk object. Everything else is called, by
 * the function CPython calls. */
#include "functions.h"
#include "leaves.h"
#include "opcode.h"

static Ref emit2(Recorder *R, UopCode op, Ref a, Ref b) { return rec_emit(R, op, a, b, REF_NONE, 0); }
static Ref emit1(Recorder *R, UopCode op, Ref a) { return rec_emit(R, op, a, REF_NONE, REF_NONE, 0); }

static void push_int(Recorder *R, Ref v) { rec_push_ref(R, emit1(R, UOP_SINK_INT, v), OWN_BORROWED); }
static void push_float(Recorder *R, Ref v) { rec_push_ref(R, emit1(R, UOP_SINK_FLOAT, v), OWN_BORROWED); }
static void push_bool(Recorder *R, Ref v) { rec_push_ref(R, emit1(R, UOP_BOOL_OBJ, v), OWN_BORROWED); }

/* Calls fn on operands already popped, pushes the result. leaf: for operands of these types no Python code runs. */
static void call_operator(Recorder *R, int n, Operand *args, void *fn, int leaf)
{
    leaf = leaf && !R->general;
    for (int i = 0; leaf && i < n; i++)
        rec_guard_type(R, args[i].ref);
    rec_push(R, rec_call_fn(R, n == 1 ? (leaf ? UOP_LEAF1 : UOP_CALL1) : (leaf ? UOP_LEAF2 : UOP_CALL2), n, args, fn));
}

/* ---- binary operators ---- */

static const int plain_op[] = {     /* NB_* with the inplace ones mapped to the plain */
    [NB_ADD] = NB_ADD, [NB_AND] = NB_AND, [NB_FLOOR_DIVIDE] = NB_FLOOR_DIVIDE, [NB_LSHIFT] = NB_LSHIFT,
    [NB_MATRIX_MULTIPLY] = NB_MATRIX_MULTIPLY, [NB_MULTIPLY] = NB_MULTIPLY, [NB_REMAINDER] = NB_REMAINDER, [NB_OR] = NB_OR,
    [NB_POWER] = NB_POWER, [NB_RSHIFT] = NB_RSHIFT, [NB_SUBTRACT] = NB_SUBTRACT, [NB_TRUE_DIVIDE] = NB_TRUE_DIVIDE, [NB_XOR] = NB_XOR,
    [NB_INPLACE_ADD] = NB_ADD, [NB_INPLACE_AND] = NB_AND, [NB_INPLACE_FLOOR_DIVIDE] = NB_FLOOR_DIVIDE, [NB_INPLACE_LSHIFT] = NB_LSHIFT,
    [NB_INPLACE_MATRIX_MULTIPLY] = NB_MATRIX_MULTIPLY, [NB_INPLACE_MULTIPLY] = NB_MULTIPLY, [NB_INPLACE_REMAINDER] = NB_REMAINDER,
    [NB_INPLACE_OR] = NB_OR, [NB_INPLACE_POWER] = NB_POWER, [NB_INPLACE_RSHIFT] = NB_RSHIFT, [NB_INPLACE_SUBTRACT] = NB_SUBTRACT,
    [NB_INPLACE_TRUE_DIVIDE] = NB_TRUE_DIVIDE, [NB_INPLACE_XOR] = NB_XOR,
};

/* a op b on int64 whose exact result does not fit: the object stays sunk, what its low 64 bits are is known to the consumer (see
 * big_and). */
static void push_big(Recorder *R, UopCode sink, Ref a, Ref b) { rec_push_ref(R, emit2(R, sink, a, b), OWN_BORROWED); }

#define ONE_DIGIT (1LL << 30)       /* CPython's ints below have one digit */

/* x % y with a y of several digits may be the object x itself. Guards that it is a new one: 1. 0: it may be x. */
static int is_new_remainder(Recorder *R, Ref a, Ref b)
{
    int64_t x = rec_value(R, a).i, y = rec_value(R, b).i;
    Operand left;
    rec_peek(R, 1, &left);
    if (rec_is_temporary(R, left.ref))
        return 1;
    if (y > -ONE_DIGIT && y < ONE_DIGIT) {
        rec_emit(R, UOP_GUARD_LT_INT, b, rec_int(R, ONE_DIGIT), REF_NONE, 0);
        rec_emit(R, UOP_GUARD_GT_INT, b, rec_int(R, -ONE_DIGIT), REF_NONE, 0);
        return 1;
    }
    if (y < 0 || x < y)
        return 0;
    rec_emit(R, UOP_GUARD_GE_INT, a, b, REF_NONE, 0);
    rec_emit(R, UOP_GUARD_GT_INT, b, rec_int(R, 0), REF_NONE, 0);
    return 1;
}

/* x >> 0 of a negative x of several digits is x itself. As above. */
static int is_new_shifted(Recorder *R, Ref a, Ref b)
{
    int64_t x = rec_value(R, a).i, y = rec_value(R, b).i;
    Operand left;
    rec_peek(R, 1, &left);
    if (rec_is_temporary(R, left.ref))
        return 1;
    if (y > 0)
        rec_emit(R, UOP_GUARD_GT_INT, b, rec_int(R, 0), REF_NONE, 0);
    else if (x > -ONE_DIGIT)
        rec_emit(R, UOP_GUARD_GT_INT, a, rec_int(R, -ONE_DIGIT), REF_NONE, 0);
    return y > 0 || x > -ONE_DIGIT;
}

/* a ** b, pow(a, b). What is raised to 1 is the object itself. REF_NONE: not of ints that fit. */
static Ref power(Recorder *R, Ref a, Ref b)
{
    int64_t y = rec_value(R, b).i;
    if (y < 2 || h_pow_int(rec_value(R, a).i, y) == INT64_MIN)
        return REF_NONE;
    if (!IS_CONST(b))
        rec_emit(R, UOP_GUARD_GT_INT, b, rec_int(R, 1), REF_NONE, 0);
    return emit2(R, UOP_POW_INT, a, b);
}

static int int_binary(Recorder *R, int op, Ref a, Ref b)
{
    int64_t x = rec_value(R, a).i, y = rec_value(R, b).i, r;
    switch (op) {
    case NB_ADD:
        if (__builtin_add_overflow(x, y, &r)) {
            rec_drop(R, 2);
            push_big(R, UOP_SINK_ADD, a, b);
            return 1;
        }
        a = emit2(R, UOP_ADD_INT, a, b);
        break;
    case NB_SUBTRACT:
        if (__builtin_sub_overflow(x, y, &r)) {
            rec_drop(R, 2);
            push_big(R, UOP_SINK_SUB, a, b);
            return 1;
        }
        a = emit2(R, UOP_SUB_INT, a, b);
        break;
    case NB_MULTIPLY:
        if (__builtin_mul_overflow(x, y, &r)) {
            rec_drop(R, 2);
            push_big(R, UOP_SINK_MUL, a, b);
            return 1;
        }
        a = emit2(R, UOP_MUL_INT, a, b);
        break;
    case NB_FLOOR_DIVIDE:
        if (y == 0 || (y == -1 && x == INT64_MIN))
            return 0;
        a = emit2(R, UOP_FLOORDIV_INT, a, b);
        break;
    case NB_REMAINDER:
        if (y == 0 || !is_new_remainder(R, a, b))
            return 0;
        a = emit2(R, UOP_MOD_INT, a, b);
        break;
    case NB_POWER:
        a = power(R, a, b);
        if (a == REF_NONE)
            return 0;
        break;
    case NB_TRUE_DIVIDE:
        if (y == 0 || x > 1LL << 53 || x < -(1LL << 53) || y > 1LL << 53 || y < -(1LL << 53))
            return 0;
        a = emit2(R, UOP_TRUEDIV_INT, a, b);
        rec_drop(R, 2);
        push_float(R, a);
        return 1;
    case NB_AND: a = emit2(R, UOP_AND_INT, a, b); break;
    case NB_OR: a = emit2(R, UOP_OR_INT, a, b); break;
    case NB_XOR: a = emit2(R, UOP_XOR_INT, a, b); break;
    case NB_LSHIFT:
        if (y < 0 || y > 62 || ((int64_t)((uint64_t)x << y) >> y) != x)
            return 0;
        a = emit2(R, UOP_LSHIFT_INT, a, b);
        break;
    case NB_RSHIFT:
        if (y < 0 || !is_new_shifted(R, a, b))
            return 0;
        a = emit2(R, UOP_RSHIFT_INT, a, b);
        break;
    default:
        return 0;
    }
    rec_drop(R, 2);
    push_int(R, a);
    return 1;
}

static int float_binary(Recorder *R, int op, Ref a, Ref b)
{
    double x = rec_value(R, a).f, y = rec_value(R, b).f;
    switch (op) {
    case NB_ADD: a = emit2(R, UOP_ADD_FLOAT, a, b); break;
    case NB_SUBTRACT: a = emit2(R, UOP_SUB_FLOAT, a, b); break;
    case NB_MULTIPLY: a = emit2(R, UOP_MUL_FLOAT, a, b); break;
    case NB_TRUE_DIVIDE:
        if (y == 0.0)
            return 0;
        a = emit2(R, UOP_DIV_FLOAT, a, b);
        break;
    case NB_REMAINDER:
        if (y == 0.0)
            return 0;
        a = emit2(R, UOP_MOD_FLOAT, a, b);
        break;
    case NB_FLOOR_DIVIDE:
        if (y == 0.0)
            return 0;
        a = emit2(R, UOP_FLOORDIV_FLOAT, a, b);
        break;
    case NB_POWER: {
        if (!(x > 0.0) || x - x != 0.0 || y - y != 0.0)
            return 0;
        double r = __builtin_pow(x, y);
        if (r - r != 0.0 || r == 0.0)
            return 0;
        a = emit2(R, UOP_POW_FLOAT, a, b);
        break;
    }
    default:
        return 0;
    }
    rec_drop(R, 2);
    push_float(R, a);
    return 1;
}

/* An int or float operand as a float, as float's operators convert it. */
static int as_float(Recorder *R, Ref ref, Ref *out)
{
    Ref i;
    if (rec_unbox_float(R, ref, out))
        return 1;
    if (!rec_unbox_int(R, ref, &i))
        return 0;
    *out = emit1(R, UOP_INT_TO_FLOAT, i);
    return 1;
}

/* The low 64 bits of an int object, exact or a sunk sum or product. 0: not such a thing. */
static int low_bits(Recorder *R, Ref ref, Ref *out)
{
    if (builder_is_sunk(&R->b, ref)) {
        const Uop u = R->t->uops[ref];
        UopCode op = u.op == UOP_SINK_ADD ? UOP_ADD_WRAP : u.op == UOP_SINK_SUB ? UOP_SUB_WRAP
                   : u.op == UOP_SINK_MUL ? UOP_MUL_WRAP : UOP_COUNT;
        if (op != UOP_COUNT) {
            *out = emit2(R, op, u.a, u.b);
            return 1;
        }
    }
    return rec_unbox_int(R, ref, out);
}

static int is_sunk_big(Recorder *R, Ref ref) { return builder_is_sunk(&R->b, ref) && builder_content(&R->b, ref) == REF_NONE; }

/* big & mask with 0 <= mask: only the low 63 bits matter, so wrapping arithmetic will do. */
static int big_and(Recorder *R, Ref a, Ref b)
{
    Ref low, mask;
    if (is_sunk_big(R, b)) {
        Ref other = a;
        a = b;
        b = other;
    }
    if (!is_sunk_big(R, a) || !rec_unbox_int(R, b, &mask) || !IS_CONST(mask) || rec_value(R, mask).i < 0)
        return 0;
    low_bits(R, a, &low);
    Ref r = emit2(R, UOP_AND_INT, low, mask);
    rec_drop(R, 2);
    push_int(R, r);
    return 1;
}

/* Another slot than local s and the left operand on the stack borrows the object, under the name that s or the operand has for it. */
static int is_borrowed_elsewhere(Recorder *R, const Slot *s)
{
    const RecFrame *top = TOP_FRAME(R);
    const Slot *left = &top->slots[top->n_locals + top->depth - 2];
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < R->frames[i].n_locals + R->frames[i].depth; k++) {
            const Slot *o = &R->frames[i].slots[k];
            if (o != s && o != left && (o->ref == s->ref || o->ref == left->ref) && o->own == OWN_BORROWED)
                return 1;
        }
    return 0;
}

/* s = s + t, the sum stored to where s came from: CPython lets go of the variable first, so that the string can grow in place. */
static int append_string(Recorder *R, Operand *ops)
{
    RecFrame *f = TOP_FRAME(R);
    Instruction next = rec_next_instruction(R);
    if (next.op != STORE_FAST || next.at != f->next)
        return 0;
    int i = next.arg;
    Slot *s = &f->slots[i];
    if ((s->own != OWN_MEMORY || f->stand) && s->own != OWN_TRACE)
        return 0;
    Ref local = rec_local(R, i).ref;
    if (local != ops[0].ref && (builder_is_sunk(&R->b, local) || rec_object(R, local) != rec_object(R, ops[0].ref)))
        return 0;
    if (is_borrowed_elsewhere(R, s))
        return 0;
    if (local != ops[0].ref) {
        rec_emit(R, UOP_GUARD_SAME, local, ops[0].ref, REF_NONE, 0);
        rec_hold(R, 1);
    }
    rec_guard_type(R, ops[0].ref);
    rec_guard_type(R, ops[1].ref);
    rec_hold(R, 0);         /* s + s */
    rec_protect_heap(R);
    R->closed = 1;
    if (R->n_frames == 1) {
        local = rec_emit(R, UOP_TAKE_SLOT, REF_NONE, REF_NONE, REF_NONE, i);
        *s = (Slot){.ref = rec_const(R, NULL), .own = OWN_MEMORY, .written = 1};
    } else
        *s = (Slot){.ref = REF_NONE, .own = OWN_NULL};
    Operand right = rec_pop(R), left = rec_pop(R);
    if (left.own == OWN_TRACE)  /* something has run since it was loaded: `s += f()`. The local's reference is another one */
        rec_emit(R, UOP_DECREF_LEAF, left.ref, REF_NONE, REF_NONE, 0);
    rec_release(R, right);      /* if it raises, too */
    Ref r = rec_emit_snap(R, UOP_APPEND_STR, local, right.ref, REF_NONE, 0, rec_snapshot_raise(R));
    builder_set_type(&R->b, r, &PyUnicode_Type);
    rec_push_ref(R, r, OWN_TRACE);
    return 1;
}

static void binary_op(Recorder *R, int arg)
{
    Operand ops[2];
    rec_peek(R, 1, &ops[0]);
    rec_peek(R, 0, &ops[1]);
    int op = plain_op[arg];
    PyTypeObject *left = rec_type(R, ops[0].ref), *right = rec_type(R, ops[1].ref);
    Ref a, b;
    if (R->general)
        ;       /* called, whatever they are */
    else if (left != &PyFloat_Type && right != &PyFloat_Type) {
        if (rec_unbox_int(R, ops[0].ref, &a) && rec_unbox_int(R, ops[1].ref, &b)) {
            int both_bool = left == &PyBool_Type && right == &PyBool_Type && (op == NB_AND || op == NB_OR || op == NB_XOR);
            if (both_bool) {
                Ref r = emit2(R, op == NB_AND ? UOP_AND_INT : op == NB_OR ? UOP_OR_INT : UOP_XOR_INT, a, b);
                rec_drop(R, 2);
                push_bool(R, r);
                return;
            }
            if (int_binary(R, op, a, b))
                return;
        }
        if (op == NB_AND && left == &PyLong_Type && right == &PyLong_Type && big_and(R, ops[0].ref, ops[1].ref))
            return;
    } else if (as_float(R, ops[0].ref, &a) && as_float(R, ops[1].ref, &b) && float_binary(R, op, a, b))
        return;
    if (op == NB_ADD && left == &PyUnicode_Type && right == &PyUnicode_Type && append_string(R, ops))
        return;
    if (rec_binary_method(R, arg))
        return;
    rec_pop(R), rec_pop(R);
    call_operator(R, 2, ops, (void *)_PyEval_BinaryOps[arg], leaf_binary(op, left, right));
}

/* ---- the same by calls ---- */

#define BELOW 2     /* the callable, and NULL */

/* Argument k of n, on top of the stack, as an int64; bools are left alone. */
static int int_argument(Recorder *R, int n, int k, Ref *out)
{
    Operand v;
    rec_peek(R, n - 1 - k, &v);
    return rec_type(R, v.ref) == &PyLong_Type && rec_unbox_int(R, v.ref, out);
}

int rec_power(Recorder *R, int n)
{
    Ref a, b, m, r;
    if (!int_argument(R, n, 0, &a) || !int_argument(R, n, 1, &b))
        return 0;
    if (n == 2)
        r = power(R, a, b);
    else {
        if (!int_argument(R, n, 2, &m) || rec_value(R, b).i < 2 || rec_value(R, m).i <= 0)
            return 0;
        if (!IS_CONST(b))
            rec_emit(R, UOP_GUARD_GT_INT, b, rec_int(R, 1), REF_NONE, 0);
        r = rec_emit(R, UOP_POWMOD_INT, a, b, m, 0);
    }
    if (r == REF_NONE)
        return 0;
    rec_drop(R, n + BELOW);
    push_int(R, r);
    return 1;
}

int rec_gcd(Recorder *R)
{
    Ref a, b;
    if (!int_argument(R, 2, 0, &a) || !int_argument(R, 2, 1, &b) || h_gcd(rec_value(R, a).i, rec_value(R, b).i) == INT64_MIN)
        return 0;
    Ref r = emit2(R, UOP_GCD_INT, a, b);
    rec_drop(R, 2 + BELOW);
    push_int(R, r);
    return 1;
}

int rec_divmod(Recorder *R)
{
    Ref a, b, part[2];
    if (!int_argument(R, 2, 0, &a) || !int_argument(R, 2, 1, &b))
        return 0;
    int64_t y = rec_value(R, b).i;
    if (y == 0 || (y == -1 && rec_value(R, a).i == INT64_MIN) || !is_new_remainder(R, a, b))
        return 0;
    part[0] = emit2(R, UOP_FLOORDIV_INT, a, b);
    part[1] = emit2(R, UOP_MOD_INT, a, b);
    for (int i = 0; i < 2; i++) {
        part[i] = emit1(R, UOP_NEW_INT, part[i]);
        rec_release(R, operand(part[i], OWN_TRACE));      /* where it leaves from here on, they are dropped */
        R->snap = -1;
    }
    for (int i = 0; i < 2; i++)
        rec_emit(R, UOP_ARG, part[i], REF_NONE, REF_NONE, i);
    Ref pair = rec_emit(R, UOP_NEW_TUPLE, REF_NONE, REF_NONE, REF_NONE, 2);
    R->closed = 1;
    rec_drop(R, 2 + BELOW);
    rec_push_ref(R, pair, OWN_TRACE);
    return 1;
}

/* ---- unary operators and truth ---- */

static void unary(Recorder *R, int op)
{
    Operand v;
    rec_peek(R, 0, &v);
    Ref a;
    if (op == UNARY_NOT) {
        rec_unbox_int(R, v.ref, &a);
        a = emit1(R, UOP_NOT, a);
        rec_drop(R, 1);
        push_bool(R, a);
        return;
    }
    if (op == UNARY_NEGATIVE && rec_unbox_float(R, v.ref, &a)) {
        a = emit1(R, UOP_NEG_FLOAT, a);
        rec_drop(R, 1);
        push_float(R, a);
        return;
    }
    if (rec_type(R, v.ref) == &PyLong_Type && rec_unbox_int(R, v.ref, &a) && rec_value(R, a).i != INT64_MIN) {
        a = emit1(R, op == UNARY_NEGATIVE ? UOP_NEG_INT : UOP_INVERT_INT, a);
        rec_drop(R, 1);
        push_int(R, a);
        return;
    }
    if (rec_unary_method(R, op == UNARY_NEGATIVE ? "__neg__" : "__invert__"))
        return;
    int leaf = leaf_unary(op, rec_type(R, v.ref));
    rec_pop(R);
    call_operator(R, 1, &v, op == UNARY_NEGATIVE ? (void *)PyNumber_Negative : (void *)PyNumber_Invert, leaf);
}

static Ref dropped(Recorder *R, Ref truth)
{
    rec_drop(R, 1);
    return truth;
}

/* An instance of a class without __bool__ and __len__: guarded to be of one. */
static int is_always_true(Recorder *R, Ref ref, PyTypeObject *type)
{
    if (R->general || !(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || !PyUnstable_Type_AssignVersionTag(type) ||
        (type->tp_as_number && type->tp_as_number->nb_bool) || (type->tp_as_mapping && type->tp_as_mapping->mp_length) ||
        (type->tp_as_sequence && type->tp_as_sequence->sq_length))
        return 0;
    rec_emit(R, UOP_GUARD_VERSION, ref, REF_NONE, REF_NONE, type->tp_version_tag);
    return 1;
}

/* The truth of v, the top value, as an int64 ref; v popped and released. */
static Ref truth(Recorder *R, Operand *v)
{
    Ref a;
    PyTypeObject *type = rec_type(R, v->ref);
    if (rec_unbox_int(R, v->ref, &a))
        return dropped(R, type == &PyBool_Type ? a : rec_emit(R, UOP_NE_INT, a, rec_int(R, 0), REF_NONE, 0));
    if (rec_unbox_float(R, v->ref, &a))
        return dropped(R, emit1(R, UOP_BOOL_FLOAT, a));
    if (type == Py_TYPE(Py_None)) {
        rec_guard_type(R, v->ref);
        return dropped(R, rec_int(R, 0));
    }
    if (type == &PyList_Type || type == &PyTuple_Type) {
        rec_guard_type(R, v->ref);
        Ref n = emit1(R, type == &PyList_Type ? UOP_LIST_LEN : UOP_TUPLE_LEN, v->ref);
        return dropped(R, rec_emit(R, UOP_NE_INT, n, rec_int(R, 0), REF_NONE, 0));
    }
    if (is_always_true(R, v->ref, type))
        return dropped(R, rec_int(R, 1));
    Ref given = rec_bool_method(R);
    if (given != REF_NONE)
        return given;
    UopCode op = UOP_CALL1I;
    if (leaf_truth(type)) {
        rec_guard_type(R, v->ref);
        op = UOP_LEAF1I;
    }
    rec_pop(R);
    return rec_call_fn(R, op, 1, v, (void *)PyObject_IsTrue).ref;
}

/* The conditional jump right behind the instruction, or -1. */
static int jump_behind(Recorder *R)
{
    int op = rec_next_instruction(R).op;
    return op == POP_JUMP_IF_TRUE || op == POP_JUMP_IF_FALSE ? op : -1;
}

/* Instead of pushing a bool: guards that the condition is as it was, and goes where the jump behind goes. */
static void push_condition(Recorder *R, Ref condition) { push_bool(R, condition); }

/* ---- comparisons ---- */

static const UopCode int_compare[] = {UOP_LT_INT, UOP_LE_INT, UOP_EQ_INT, UOP_NE_INT, UOP_GT_INT, UOP_GE_INT};      /* Py_LT.. */
static const UopCode float_compare[] = {UOP_LT_FLOAT, UOP_LE_FLOAT, UOP_EQ_FLOAT, UOP_NE_FLOAT, UOP_GT_FLOAT, UOP_GE_FLOAT};
static const UopCode int_guard[] = {
    UOP_GUARD_LT_INT, UOP_GUARD_LE_INT, UOP_GUARD_EQ_INT, UOP_GUARD_NE_INT, UOP_GUARD_GT_INT, UOP_GUARD_GE_INT};
static const int int_opposite[] = {Py_GE, Py_GT, Py_NE, Py_EQ, Py_LE, Py_LT};
static const UopCode float_guard[] = {
    UOP_GUARD_LT_FLOAT, UOP_GUARD_LE_FLOAT, UOP_GUARD_EQ_FLOAT, UOP_GUARD_NE_FLOAT, UOP_GUARD_GT_FLOAT, UOP_GUARD_GE_FLOAT};
static const UopCode float_guard_not[] = {
    UOP_GUARD_NLT_FLOAT, UOP_GUARD_NLE_FLOAT, UOP_GUARD_NE_FLOAT, UOP_GUARD_EQ_FLOAT, UOP_GUARD_NGT_FLOAT, UOP_GUARD_NGE_FLOAT};

static int int_holds(int op, int64_t x, int64_t y)
{
    return op == Py_LT ? x < y : op == Py_LE ? x <= y : op == Py_EQ ? x == y : op == Py_NE ? x != y : op == Py_GT ? x > y : x >= y;
}
static int float_holds(int op, double x, double y)
{
    return op == Py_LT ? x < y : op == Py_LE ? x <= y : op == Py_EQ ? x == y : op == Py_NE ? x != y : op == Py_GT ? x > y : x >= y;
}

/* Compares and branches at once when a conditional jump follows, else pushes the bool. Operands still on the stack. */
static void compare_numbers(Recorder *R, int op, Ref a, Ref b, int is_float)
{
    int jump = jump_behind(R);
    if (jump < 0) {
        Ref r = emit2(R, is_float ? float_compare[op] : int_compare[op], a, b);
        rec_drop(R, 2);
        push_condition(R, r);
        return;
    }
    Value x = rec_value(R, a), y = rec_value(R, b);
    int holds = is_float ? float_holds(op, x.f, y.f) : int_holds(op, x.i, y.i);
    if (is_float)
        emit2(R, holds ? float_guard[op] : float_guard_not[op], a, b);
    else
        emit2(R, int_guard[holds ? op : int_opposite[op]], a, b);
    rec_drop(R, 2);
    rec_push_ref(R, rec_const(R, holds ? Py_True : Py_False), OWN_BORROWED);
}

/* int against float compares exactly: only ints that are exact doubles may be converted. */
static int exact_float(Recorder *R, Ref ref, Ref *out)
{
    Ref i;
    if (rec_unbox_float(R, ref, out))
        return 1;
    if (!rec_unbox_int(R, ref, &i))
        return 0;
    int64_t v = rec_value(R, i).i;
    if (v > 1LL << 53 || v < -(1LL << 53))
        return 0;
    *out = emit1(R, UOP_INT_TO_FLOAT_EXACT, i);
    return 1;
}

static PyObject *compare_lt(PyObject *a, PyObject *b) { return PyObject_RichCompare(a, b, Py_LT); }
static PyObject *compare_le(PyObject *a, PyObject *b) { return PyObject_RichCompare(a, b, Py_LE); }
static PyObject *compare_eq(PyObject *a, PyObject *b) { return PyObject_RichCompare(a, b, Py_EQ); }
static PyObject *compare_ne(PyObject *a, PyObject *b) { return PyObject_RichCompare(a, b, Py_NE); }
static PyObject *compare_gt(PyObject *a, PyObject *b) { return PyObject_RichCompare(a, b, Py_GT); }
static PyObject *compare_ge(PyObject *a, PyObject *b) { return PyObject_RichCompare(a, b, Py_GE); }
static PyObject *(*const compare_fn[])(PyObject *, PyObject *) = {compare_lt, compare_le, compare_eq, compare_ne, compare_gt, compare_ge};

/* COMPARE_OP with the flag that wants a bool: compare, then truth, in one call. */
static PyObject *as_bool(PyObject *r)
{
    if (!r || PyBool_Check(r))
        return r;
    int truth = PyObject_IsTrue(r);
    Py_DECREF(r);
    return truth < 0 ? NULL : PyBool_FromLong(truth);
}
static PyObject *test_lt(PyObject *a, PyObject *b) { return as_bool(PyObject_RichCompare(a, b, Py_LT)); }
static PyObject *test_le(PyObject *a, PyObject *b) { return as_bool(PyObject_RichCompare(a, b, Py_LE)); }
static PyObject *test_eq(PyObject *a, PyObject *b) { return as_bool(PyObject_RichCompare(a, b, Py_EQ)); }
static PyObject *test_ne(PyObject *a, PyObject *b) { return as_bool(PyObject_RichCompare(a, b, Py_NE)); }
static PyObject *test_gt(PyObject *a, PyObject *b) { return as_bool(PyObject_RichCompare(a, b, Py_GT)); }
static PyObject *test_ge(PyObject *a, PyObject *b) { return as_bool(PyObject_RichCompare(a, b, Py_GE)); }
static PyObject *(*const test_fn[])(PyObject *, PyObject *) = {test_lt, test_le, test_eq, test_ne, test_gt, test_ge};

/* The type's == asks whether they are the same object, while it has the version that is guarded. */
static int compares_identity(PyTypeObject *type)
{
    return type->tp_richcompare == PyBaseObject_Type.tp_richcompare &&
           (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || PyUnstable_Type_AssignVersionTag(type));
}

static void guard_compares_identity(Recorder *R, Ref o, PyTypeObject *type)
{
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE)
        rec_emit(R, UOP_GUARD_VERSION, o, REF_NONE, REF_NONE, type->tp_version_tag);
    else
        rec_guard_type(R, o);
}

/* == and != of two str, or of two objects whose classes do not define it. */
static int compare_objects(Recorder *R, int op, const Operand *ops, PyTypeObject *left, PyTypeObject *right)
{
    Ref r;
    if (op != Py_EQ && op != Py_NE)
        return 0;
    if (left == &PyUnicode_Type && right == &PyUnicode_Type) {
        rec_guard_type(R, ops[0].ref);
        rec_guard_type(R, ops[1].ref);
        r = emit2(R, UOP_STR_EQ, ops[0].ref, ops[1].ref);
    } else if (compares_identity(left) && compares_identity(right)) {
        guard_compares_identity(R, ops[0].ref, left);
        guard_compares_identity(R, ops[1].ref, right);
        r = emit2(R, UOP_IS, ops[0].ref, ops[1].ref);
    } else
        return 0;
    if (op == Py_NE)
        r = emit1(R, UOP_NOT, r);
    rec_drop_in(R, RELEASES_COMPARE, 2);
    push_condition(R, r);
    return 1;
}

static void compare_op(Recorder *R, int arg)
{
    Operand ops[2];
    rec_peek(R, 1, &ops[0]);
    rec_peek(R, 0, &ops[1]);
    int op = arg >> 5;
    PyTypeObject *left = rec_type(R, ops[0].ref), *right = rec_type(R, ops[1].ref);
    Ref a, b;
    if (R->general)
        ;       /* called, whatever they are */
    else if (left == &PyFloat_Type || right == &PyFloat_Type) {
        if (exact_float(R, ops[0].ref, &a) && exact_float(R, ops[1].ref, &b)) {
            compare_numbers(R, op, a, b, 1);
            return;
        }
    } else if (rec_unbox_int(R, ops[0].ref, &a) && rec_unbox_int(R, ops[1].ref, &b)) {
        compare_numbers(R, op, a, b, 0);
        return;
    }
    if (!R->general && compare_objects(R, op, ops, left, right))
        return;
    if (rec_compare_method(R, op, arg & 16))
        return;
    rec_pop(R), rec_pop(R);
    if (leaf_compare(left, right) && !R->general)
        call_operator(R, 2, ops, (void *)(arg & 16 ? test_fn : compare_fn)[op], 1);
    else
        rec_push(R, rec_call_fn(R, UOP_COMPARE, 2, ops, (void *)(intptr_t)(op | (arg & 16))));
}

static void is_op(Recorder *R, int invert)
{
    Operand a, b;
    rec_peek(R, 1, &a);
    rec_peek(R, 0, &b);
    Ref r;
    int sunk_a = builder_is_sunk(&R->b, a.ref), sunk_b = builder_is_sunk(&R->b, b.ref);
    if (sunk_a && !sunk_b && builder_type(&R->b, b.ref) && builder_type(&R->b, a.ref) != builder_type(&R->b, b.ref))
        r = rec_int(R, 0);
    else if (sunk_a || sunk_b) {
        /* small ints are shared objects: make them and look. The one may displace the other. */
        rec_real(R, a);
        rec_peek(R, 0, &b);
        rec_real(R, b);
        rec_peek(R, 1, &a);
        rec_peek(R, 0, &b);
        r = emit2(R, UOP_IS, a.ref, b.ref);
    } else {
        PyObject *k = rec_object(R, IS_CONST(b.ref) ? b.ref : a.ref);
        if (IS_CONST(b.ref) && jump_behind(R) >= 0) {       /* x is None, then a branch */
            int holds = rec_object(R, a.ref) == k;
            rec_emit(R, holds ? UOP_GUARD_IS : UOP_GUARD_IS_NOT, a.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)k);
            r = rec_int(R, holds);
        } else
            r = emit2(R, UOP_IS, a.ref, b.ref);
    }
    if (invert)
        r = emit1(R, UOP_NOT, r);
    rec_drop_in(R, RELEASES_COMPARE, 2);
    push_bool(R, r);
}

static int is_in_dict(PyObject *item, PyObject *dict) { return PyDict_Contains(dict, item); }
static int is_in(PyObject *item, PyObject *container) { return PySequence_Contains(container, item); }

/* Of a tuple of constants all of which are leaves, like the value looked for: comparing them runs no code. */
static int is_among_constants(Recorder *R, Ref v, Ref tuple)
{
    PyObject *o = IS_CONST(tuple) ? rec_object(R, tuple) : NULL;
    if (!o || !PyTuple_CheckExact(o) || !cpy_is_leaf_type(rec_type(R, v)))
        return 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(o); i++)
        if (!cpy_is_leaf_type(Py_TYPE(PyTuple_GET_ITEM(o, i))))
            return 0;
    return 1;
}

static void contains_op(Recorder *R, int invert)
{
    Operand args[2];
    if (rec_dict_contains(R, invert))
        return;
    if (rec_contains_method(R)) {
        if (invert) {
            Operand found = rec_pop(R);
            push_bool(R, emit1(R, UOP_NOT, emit1(R, UOP_UNBOX_BOOL, found.ref)));
            rec_release(R, found);
        }
        return;
    }
    rec_peek(R, 1, &args[0]);
    rec_peek(R, 0, &args[1]);
    int leaf = leaf_contains(rec_type(R, args[1].ref), rec_type(R, args[0].ref)) || is_among_constants(R, args[0].ref, args[1].ref);
    if (leaf) {
        rec_guard_type(R, args[0].ref);
        rec_guard_type(R, args[1].ref);
    }
    int in_dict = !R->general && rec_guard_exact(R, args[1].ref, &PyDict_Type);
    rec_pop(R), rec_pop(R);
    Ref r = rec_call_fn(R, leaf ? UOP_LEAF2I : UOP_CALL2I, 2, args, in_dict ? (void *)is_in_dict : (void *)is_in).ref;
    if (invert)
        r = emit1(R, UOP_NOT, r);
    push_bool(R, r);
}

int rec_bool(Recorder *R)
{
    Operand v;
    rec_peek(R, 0, &v);
    Ref r = truth(R, &v);       /* takes the value off */
    rec_drop(R, BELOW);
    push_bool(R, r);
    return 1;
}

/* A bool out of nowhere, and the next instruction branches on it. */
static int tests_bool(Recorder *R, Ref ref)
{
    int next = rec_next_instruction(R).op;
    return (next == POP_JUMP_IF_TRUE || next == POP_JUMP_IF_FALSE) && !builder_type(&R->b, ref) && rec_type(R, ref) == &PyBool_Type;
}

int rec_arith(Recorder *R, int op, int arg)
{
    switch (op) {
    case BINARY_OP:
        binary_op(R, arg);
        return 1;
    case UNARY_NEGATIVE: case UNARY_NOT: case UNARY_INVERT:
        unary(R, op);
        return 1;
    case TO_BOOL: {
        Operand v;
        rec_peek(R, 0, &v);
        if (tests_bool(R, v.ref)) {     /* one guard for the type and the branch that follows */
            PyObject *o = rec_object(R, v.ref);
            rec_emit(R, UOP_GUARD_IS, v.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)o);
            rec_drop(R, 1);
            rec_push_ref(R, rec_const(R, o), OWN_BORROWED);
            return 1;
        }
        if (rec_guard_exact(R, v.ref, &PyBool_Type)) {
            R->closed = 1;
            return 1;
        }
        push_bool(R, truth(R, &v));
        return 1;
    }
    default:
        return 0;
    }
}

int rec_compare(Recorder *R, int op, int arg)
{
    switch (op) {
    case COMPARE_OP:
        compare_op(R, arg);
        return 1;
    case IS_OP:
        is_op(R, arg);
        return 1;
    case CONTAINS_OP:
        contains_op(R, arg);
        return 1;
    default:
        return 0;
    }
}
