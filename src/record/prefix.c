/* prefix.c: the beginning of a function, in its caller's trace.
 *
 *     def fib(n):
 *         if n < 2:
 *             return n
 *         return fib(n - 1) + fib(n - 2)
 *
 * Half of the calls of a function that calls itself end at once. So one that is called natively is followed into first, as long as it does
 * nothing but look at its arguments, at fields of theirs, and compute with numbers. What returns then has been inlined, without a frame.
 * Where it goes on, what its arguments are is known, and it is called.
 *
 * All that is recorded on the way can be executed again: the guards lead in front of the CALL, not into the callee. From there a side trace
 * goes the other way. */
#include "functions.h"
#include "../cpython/attributes.h"
#include "../ir/source.h"
#include "opcode.h"

#define LONGEST 12          /* instructions of a prefix */

/* ---- can it return so? ---- */

/* Of the instructions from unit on some way leads to a return, by nothing but what is_harmless(). */
static int returns_early(const uint8_t *units, int unit, int left)
{
    while (left-- > 0) {
        Instruction i = cpy_fetch(units, unit);
        unit = i.next;
        switch (i.op) {
        case RETURN_VALUE: case RETURN_CONST:
            return 1;
        case JUMP_FORWARD:
            unit += i.arg;
            break;
        case POP_JUMP_IF_TRUE: case POP_JUMP_IF_FALSE: case POP_JUMP_IF_NONE: case POP_JUMP_IF_NOT_NONE:
            if (returns_early(units, unit + i.arg, left))
                return 1;
            break;
        case RESUME: case NOP: case CACHE: case LOAD_FAST: case LOAD_FAST_LOAD_FAST: case LOAD_CONST: case LOAD_SMALL_INT:
        case COMPARE_OP: case IS_OP: case TO_BOOL: case UNARY_NOT: case BINARY_OP: case LOAD_ATTR:
            break;
        default:
            return 0;
        }
    }
    return 0;
}

int rec_begin_prefix(Recorder *R, Operand callable, PyFunctionObject *fn, Invoked *invoked, const Binding *b, int below)
{
    CodeInfo *info = codeinfo_get((PyCodeObject *)fn->func_code);
    RecFrame *f = TOP_FRAME(R);
    PyCodeObject *code = (PyCodeObject *)fn->func_code;
    if (R->general || callable.own != OWN_BORROWED || R->n_frames == MAX_FRAMES || !info || !returns_early(info->units, 0, LONGEST))
        return 0;
    if (f->slots + f->n_locals + f->code->co_stacksize + code->co_nlocalsplus + code->co_stacksize >= R->slots + MAX_SLOTS - 8)
        return 0;
    Prefix *p = &R->prefix;
    *p = (Prefix){.fn = fn, .invoked = invoked, .binding = *b, .below = below, .depth = f->depth, .start_depth = R->start_depth,
                  .current_ip = R->current_ip, .lends = R->lends, .n_bytecodes = R->n_bytecodes, .work = R->work,
                  .branches = R->branches, .snap = -1};
    p->snap = R->b.snapshot(R);
    p->first = R->t->n_uops;
    rec_follow(R, callable, fn, b, below);
    return 1;
}

/* ---- does it? ---- */

/* An int or float whose value the trace has in a register, or gets there. */
static PyTypeObject *number(Recorder *R, int n, int64_t *i)
{
    Operand v;
    rec_peek(R, n, &v);
    PyTypeObject *type = rec_type(R, v.ref);
    int overflow = 0;
    *i = 0;
    if (v.own != OWN_BORROWED || (type != &PyLong_Type && type != &PyFloat_Type))
        return NULL;
    if (type == &PyFloat_Type)
        return type;
    if (!builder_is_sunk(&R->b, v.ref))
        *i = PyLong_AsLongLongAndOverflow(rec_object(R, v.ref), &overflow);
    else if (builder_content(&R->b, v.ref) != REF_NONE)
        *i = rec_value(R, builder_content(&R->b, v.ref)).i;
    else
        return NULL;
    return overflow ? NULL : type;
}

static int is_arithmetic(Recorder *R, int op)
{
    int64_t a, b, r;
    PyTypeObject *left = number(R, 1, &a), *right = number(R, 0, &b);
    if (!left || left != right)
        return 0;
    return op == NB_ADD ? !__builtin_add_overflow(a, b, &r) : op == NB_SUBTRACT && !__builtin_sub_overflow(a, b, &r);
}

static int is_bound(const Recorder *R, int i) { return TOP_FRAME(R)->slots[i].own != OWN_NULL; }

/* It lies in the object. */
static int is_field(Recorder *R, PyObject *name)
{
    Operand v;
    Attribute a;
    rec_peek(R, 0, &v);
    PyObject *o = rec_object(R, v.ref);
    return v.own == OWN_BORROWED && o && !PyType_Check(o) && !PyModule_Check(o) && cpy_find_attribute(o, name, &a) && a.present;
}

/* Recorded without any effect: no reference is taken or given up, nothing made, no code run that is not ours. */
static int is_harmless(Recorder *R, int op, int arg)
{
    Operand v, w;
    int64_t i;
    switch (op) {
    case RESUME:
        return !TOP_FRAME(R)->code->co_ncellvars;
    case NOP: case CACHE: case LOAD_CONST: case LOAD_SMALL_INT: case JUMP_FORWARD:
        return 1;
    case LOAD_FAST:
        return is_bound(R, arg);
    case LOAD_FAST_LOAD_FAST:
        return is_bound(R, arg >> 4) && is_bound(R, arg & 15);
    case COMPARE_OP: {
        PyTypeObject *type = number(R, 0, &i);
        return type && number(R, 1, &i) == type;
    }
    case BINARY_OP:
        return is_arithmetic(R, arg);
    case LOAD_ATTR:
        return !(arg & 1) && is_field(R, rec_name(R, arg >> 1));
    case IS_OP:
        rec_peek(R, 0, &v);
        rec_peek(R, 1, &w);
        return v.own == OWN_BORROWED && w.own == OWN_BORROWED && !builder_is_sunk(&R->b, v.ref) && !builder_is_sunk(&R->b, w.ref);
    case TO_BOOL:
        rec_peek(R, 0, &v);
        return v.own == OWN_BORROWED && (number(R, 0, &i) || rec_type(R, v.ref) == &PyBool_Type);
    case UNARY_NOT: case POP_JUMP_IF_TRUE: case POP_JUMP_IF_FALSE:
        rec_peek(R, 0, &v);
        return v.own == OWN_BORROWED && rec_type(R, v.ref) == &PyBool_Type;
    case POP_JUMP_IF_NONE: case POP_JUMP_IF_NOT_NONE:
        rec_peek(R, 0, &v);
        return v.own == OWN_BORROWED;
    default:
        return 0;
    }
}

/* All of it can be executed again. */
static void check_harmless(const Recorder *R)
{
#ifdef COPYPATCH_DEBUG
    for (Ref r = R->prefix.first; r < R->t->n_uops; r++)
        if (uop_info[R->t->uops[r].op].effects & ~(EFFECT_PURE | EFFECT_READ | EFFECT_SLOT | EFFECT_SUNK))
            Py_FatalError("copypatch: recorder: an effect in front of a call");
#else
    (void)R;
#endif
}

/* Back in front of the CALL: as nothing has happened, what is known of the frames there still holds. */
static void call_after_all(Recorder *R)
{
    const Prefix *p = &R->prefix;
    check_harmless(R);
    R->n_frames--;
    RecFrame *f = TOP_FRAME(R);
    f->depth = p->depth;
    R->start_depth = p->start_depth;
    R->current_ip = p->current_ip;
    R->lends = p->lends;
    R->n_bytecodes = p->n_bytecodes;
    R->work = p->work;
    R->branches = p->branches;
    R->snap = p->snap;
    R->closed = 0;
    R->prefix.snap = -1;
    source_at(R->t, f->code, R->current_ip);
    rec_invoke(R, p->fn, p->invoked, &p->binding, p->below);
}

int rec_prefix_goes_on(Recorder *R, int op, int arg)
{
    if (op == RETURN_VALUE || op == RETURN_CONST) {     /* inlined: from here on all is as if it had been followed into */
        check_harmless(R);
        R->prefix.snap = -1;
        R->snap = -1;
        return 1;
    }
    if (R->prefix.length++ < LONGEST && is_harmless(R, op, arg))
        return 1;
    call_after_all(R);
    return 0;
}
