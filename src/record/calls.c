/* calls.c: CALL and its like. A few builtins have uops of their own; plain Python functions: python_calls.c, classes: construct.c; the
 * rest is called. */
#include "functions.h"
#include "leaves.h"
#include "../cpython/call.h"
#include "../cpython/parameters.h"
#include <math.h>
#include <string.h>

#define CALLABLE(n) ((n) + 1)       /* stack: callable, self or NULL, n arguments */
#define NEW_INTERPRETER 13          /* bytecodes: what it costs more to call a function from C than from the interpreter */

/* ---- builtins ---- */

static const struct { const char *name; double (*fn)(double); } math_functions[] = {
    {"sin", sin}, {"cos", cos}, {"tan", tan}, {"atan", atan}, {"exp", exp}, {"asin", asin}, {"acos", acos}, {"sinh", sinh},
    {"cosh", cosh}, {"tanh", tanh}, {"asinh", asinh},
};

static void push_float(Recorder *R, int pops, Ref v)
{
    rec_drop(R, pops);
    rec_push_ref(R, rec_emit(R, UOP_SINK_FLOAT, v, REF_NONE, REF_NONE, 0), OWN_BORROWED);
}
static void push_int(Recorder *R, int pops, Ref v)
{
    rec_drop(R, pops);
    rec_push_ref(R, rec_emit(R, UOP_SINK_INT, v, REF_NONE, REF_NONE, 0), OWN_BORROWED);
}

/* math.floor(x) and its like, round(x), of a float x: an int. 0: not done. */
static int call_rounding(Recorder *R, double (*fn)(double))
{
    Operand x;
    Ref a;
    rec_peek(R, 0, &x);
    if (!rec_unbox_float(R, x.ref, &a))
        return 0;
    double v = rec_value(R, a).f;
    if (!(v > -9.2e18 && v < 9.2e18))
        return 0;
    if (fn)
        a = rec_emit(R, UOP_CALL_FLOAT, a, REF_NONE, REF_NONE, (int64_t)(uintptr_t)(void *)fn);
    push_int(R, 3, rec_emit(R, UOP_FLOAT_TO_INT, a, REF_NONE, REF_NONE, 0));
    return 1;
}

/* math.f(x) for a float x: 1 when recorded. */
static int call_math(Recorder *R, const char *name)
{
    Operand x;
    Ref a;
    rec_peek(R, 0, &x);
    if (rec_type(R, x.ref) != &PyFloat_Type || !rec_unbox_float(R, x.ref, &a))
        return 0;
    if (strcmp(name, "floor") == 0 || strcmp(name, "ceil") == 0 || strcmp(name, "trunc") == 0)
        return call_rounding(R, *name == 'f' ? floor : *name == 'c' ? ceil : NULL);
    double v = rec_value(R, a).f;
    if (strcmp(name, "sqrt") == 0 && v >= 0.0) {
        push_float(R, 3, rec_emit(R, UOP_SQRT_FLOAT, a, REF_NONE, REF_NONE, 0));
        return 1;
    }
    if (strcmp(name, "fabs") == 0) {
        push_float(R, 3, rec_emit(R, UOP_ABS_FLOAT, a, REF_NONE, REF_NONE, 0));
        return 1;
    }
    for (size_t i = 0; i < sizeof math_functions / sizeof *math_functions; i++)
        if (strcmp(name, math_functions[i].name) == 0 && isfinite(v) && isfinite(math_functions[i].fn(v))) {
            push_float(R, 3, rec_emit(R, UOP_CALL_FLOAT, a, REF_NONE, REF_NONE, (int64_t)(uintptr_t)(void *)math_functions[i].fn));
            return 1;
        }
    return 0;
}

/* min(a, b), max(a, b) of two ints or two floats: one of the two objects, by a guard on the comparison. */
static int call_min_max(Recorder *R, int is_max)
{
    Operand x, y;
    Ref a, b;
    rec_peek(R, 1, &x);
    rec_peek(R, 0, &y);
    int second;
    if (rec_type(R, x.ref) == &PyFloat_Type && rec_type(R, y.ref) == &PyFloat_Type) {
        rec_unbox_float(R, x.ref, &a);
        rec_unbox_float(R, y.ref, &b);
        double u = rec_value(R, a).f, v = rec_value(R, b).f;
        second = is_max ? v > u : v < u;
        UopCode op = is_max ? (second ? UOP_GUARD_GT_FLOAT : UOP_GUARD_NGT_FLOAT) : (second ? UOP_GUARD_LT_FLOAT : UOP_GUARD_NLT_FLOAT);
        rec_emit(R, op, b, a, REF_NONE, 0);
    } else if (rec_type(R, x.ref) == &PyLong_Type && rec_type(R, y.ref) == &PyLong_Type && rec_unbox_int(R, x.ref, &a) &&
               rec_unbox_int(R, y.ref, &b)) {
        int64_t u = rec_value(R, a).i, v = rec_value(R, b).i;
        second = is_max ? v > u : v < u;
        UopCode op = is_max ? (second ? UOP_GUARD_GT_INT : UOP_GUARD_LE_INT) : (second ? UOP_GUARD_LT_INT : UOP_GUARD_GE_INT);
        rec_emit(R, op, b, a, REF_NONE, 0);
    } else
        return 0;
    y = rec_pop(R);
    x = rec_pop(R);
    rec_drop(R, 2);
    rec_push(R, second ? y : x);
    rec_release(R, second ? x : y);
    return 1;
}

static PyObject *length_of(PyObject *o) { return PyLong_FromSsize_t(PyDict_CheckExact(o) ? PyDict_GET_SIZE(o) : PySet_GET_SIZE(o)); }

static int call_len(Recorder *R)
{
    Operand v;
    rec_peek(R, 0, &v);
    PyTypeObject *type = rec_type(R, v.ref);
    if (type == &PyDict_Type || type == &PySet_Type || type == &PyFrozenSet_Type) {
        rec_guard_type(R, v.ref);
        v = rec_pop(R);
        Operand n = rec_call_fn(R, UOP_LEAF1, 1, &v, (void *)length_of);
        builder_set_type(&R->b, n.ref, &PyLong_Type);
        rec_drop(R, 2);
        rec_push(R, n);
        return 1;
    }
    if (type != &PyList_Type && type != &PyTuple_Type && type != &PyUnicode_Type && type != &PyBytes_Type)
        return 0;
    rec_guard_type(R, v.ref);
    push_int(R, 3, rec_emit(R, type == &PyList_Type ? UOP_LIST_LEN : UOP_TUPLE_LEN, v.ref, REF_NONE, REF_NONE, 0));
    return 1;
}

/* What isinstance(an object of type, c) says without asking anybody, c a class: 1, 0; -1: somebody is asked. */
static int is_instance(PyTypeObject *type, PyObject *c)
{
    if ((PyObject *)type == c)
        return 1;
    if (!Py_IS_TYPE(c, &PyType_Type))
        return -1;
    if (PyType_IsSubtype(type, (PyTypeObject *)c))
        return 1;
    /* The object's own word counts as well, but it says the same when object's __class__ gives it. */
    PyObject *name = PyUnicode_InternFromString("__class__"), *found = name ? _PyType_Lookup(type, name) : NULL;
    PyObject *plain = name ? _PyType_Lookup(&PyBaseObject_Type, name) : NULL;
    Py_XDECREF(name);
    PyErr_Clear();
    return found && found == plain && type->tp_getattro == PyObject_GenericGetAttr ? 0 : -1;
}

/* A class that somebody keeps is what it was: another one may have come to its address. 0: that cannot be had. */
static int guard_class(Recorder *R, Ref class, PyObject *c)
{
    if (!(((PyTypeObject *)c)->tp_flags & Py_TPFLAGS_HEAPTYPE))
        return 1;
    if (!PyUnstable_Type_AssignVersionTag((PyTypeObject *)c))
        return 0;
    rec_emit(R, UOP_GUARD_CLASS, class, REF_NONE, REF_NONE, ((PyTypeObject *)c)->tp_version_tag);
    return 1;
}

/* is_instance() of class c, guarded as far as that is concerned. */
static int is_instance_of(Recorder *R, PyTypeObject *type, Ref class)
{
    PyObject *c = rec_object(R, class);
    int is = c && PyType_Check(c) ? is_instance(type, c) : -1;
    return is >= 0 && guard_class(R, class, c) ? is : -1;
}

/* The same of a tuple of constants that has just been built. */
static int is_instance_of_any(Recorder *R, PyTypeObject *type, Ref tuple)
{
    int is = 0, n = (int)R->t->uops[tuple].imm;
    for (int i = 0; i < n && !is; i++) {
        const Uop *arg = &R->t->uops[tuple - n + i];
        is = arg->op == UOP_ARG && arg->imm == i && IS_CONST(arg->a) ? is_instance_of(R, type, arg->a) : -1;
    }
    return is;
}

/* A tuple of classes that lives elsewhere is asked: as a constant it would keep its classes alive. */
static int call_isinstance(Recorder *R)
{
    Operand o, c;
    rec_peek(R, 1, &o);
    rec_peek(R, 0, &c);
    PyTypeObject *type = rec_type(R, o.ref);
    PyObject *class = rec_object(R, c.ref);
    int is_built = !IS_CONST(c.ref) && R->t->uops[c.ref].op == UOP_NEW_TUPLE;
    if (R->general || !class || !(is_built || PyType_Check(class)))
        return 0;
    if (!IS_CONST(c.ref) && !is_built) {
        rec_emit(R, UOP_GUARD_IS, c.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)class);
        rec_const(R, class);
    }
    int is = is_built ? is_instance_of_any(R, type, c.ref) : is_instance_of(R, type, c.ref);
    if (is < 0 || (type->tp_flags & Py_TPFLAGS_HEAPTYPE && !PyUnstable_Type_AssignVersionTag(type)))
        return 0;
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE)       /* it may get other bases */
        rec_emit(R, UOP_GUARD_VERSION, o.ref, REF_NONE, REF_NONE, type->tp_version_tag);
    else
        rec_guard_type(R, o.ref);
    R->closed = 1;
    rec_drop_in(R, RELEASES_ARGUMENTS, 2);
    rec_drop(R, 2);
    rec_push_ref(R, rec_const(R, is ? Py_True : Py_False), OWN_BORROWED);
    return 1;
}

static int call_abs(Recorder *R)
{
    Operand v;
    Ref a;
    rec_peek(R, 0, &v);
    if (rec_unbox_float(R, v.ref, &a)) {
        push_float(R, 3, rec_emit(R, UOP_ABS_FLOAT, a, REF_NONE, REF_NONE, 0));
        return 1;
    }
    if (rec_type(R, v.ref) == &PyLong_Type && rec_unbox_int(R, v.ref, &a) && rec_value(R, a).i != INT64_MIN) {
        if (rec_is_temporary(R, v.ref)) {
            push_int(R, 3, rec_emit(R, UOP_ABS_INT, a, REF_NONE, REF_NONE, 0));
            return 1;
        }
        int negative = rec_value(R, a).i < 0;       /* of what is not, abs() is the object itself */
        rec_emit(R, negative ? UOP_GUARD_LT_INT : UOP_GUARD_GE_INT, a, rec_int(R, 0), REF_NONE, 0);
        if (negative) {
            push_int(R, 3, rec_emit(R, UOP_NEG_INT, a, REF_NONE, REF_NONE, 0));
            return 1;
        }
        v = rec_pop(R);
        rec_drop(R, 2);
        rec_push(R, v);
        return 1;
    }
    return 0;
}

/* int(x), float(x), bool(x), str(x) */
static int call_conversion(Recorder *R, PyTypeObject *type)
{
    Operand v;
    Ref a;
    rec_peek(R, 0, &v);
    PyTypeObject *from = rec_type(R, v.ref);
    if (type == &PyBool_Type)
        return rec_bool(R);
    if (type == &PyUnicode_Type && cpy_is_leaf_type(from)) {
        rec_text(R, TEXT_STR, 2);
        return 1;
    }
    if (from == &PyUnicode_Type && (type == &PyLong_Type || type == &PyFloat_Type))
        return rec_parse(R, type);
    if (type == &PyLong_Type && from == &PyBool_Type && rec_unbox_int(R, v.ref, &a)) {
        push_int(R, 3, a);
        return 1;
    }
    if (type == &PyFloat_Type && (from == &PyLong_Type || from == &PyBool_Type) && rec_unbox_int(R, v.ref, &a)) {
        push_float(R, 3, rec_emit(R, UOP_INT_TO_FLOAT, a, REF_NONE, REF_NONE, 0));
        return 1;
    }
    if (type == &PyLong_Type && from == &PyFloat_Type) {
        rec_unbox_float(R, v.ref, &a);
        double x = rec_value(R, a).f;
        if (x > -9.2e18 && x < 9.2e18) {
            push_int(R, 3, rec_emit(R, UOP_FLOAT_TO_INT, a, REF_NONE, REF_NONE, 0));
            return 1;
        }
    }
    if (from == type && (type == &PyFloat_Type || type == &PyLong_Type)) {      /* the same object */
        rec_guard_type(R, v.ref);
        v = rec_pop(R);
        rec_drop(R, 2);
        rec_push(R, v);
        return 1;
    }
    return 0;
}

static int call_repr(Recorder *R)
{
    Operand v;
    rec_peek(R, 0, &v);
    if (!cpy_is_leaf_type(rec_type(R, v.ref)))
        return 0;
    rec_text(R, TEXT_REPR, 2);
    return 1;
}

/* Sees how many references the interpreter's stack holds, of which ours holds fewer. */
static int counts_references(PyObject *callable)
{
    return PyCFunction_CheckExact(callable) && leaf_is_from((PyCFunctionObject *)callable, "sys") &&
           strcmp(((PyCFunctionObject *)callable)->m_ml->ml_name, "getrefcount") == 0;
}

/* As PyList_Append, the list released behind the value. */
static int append_to(PyObject *value, PyObject *list) { return PyList_Append(list, value); }

/* list.append(x). CALL_LIST_APPEND, which is there where the result is dropped, gives the value to the list; otherwise the list goes
 * first, in 3.13. */
static void call_append(Recorder *R, int below)
{
    int given = RELEASES_ARGUMENTS == DOWN || rec_next_instruction(R).op == POP_TOP;
    Operand pair[2];
    rec_peek(R, 1, &pair[given]);
    rec_guard_type(R, pair[given].ref);
    pair[!given] = rec_pop(R);
    pair[given] = rec_pop(R);
    rec_drop(R, below);
    rec_call_fn(R, UOP_LEAF2I, 2, pair, given ? (void *)append_to : (void *)PyList_Append);
    rec_push_ref(R, rec_const(R, Py_None), OWN_BORROWED);
}

/* Callable and n arguments (self included) are the top values, with NULL for self among them or not: the lowest is number n + below - 1.
 * names: of the last ones, or REF_NONE. Arbitrary code runs; the references are the call's. */
static void call_giving(Recorder *R, int n, int below, Ref names)
{
    Operand args[N_ARGS], callable = operand(REF_NONE, OWN_NULL);
    if (n > N_ARGS)
        rec_abort(R, ABORT_CALL);
    for (int i = 0; i < n + below; i++)
        rec_steal(R, i);
    rec_before_escape(R);
    for (int i = n - 1; i >= 0; i--)
        args[i] = rec_pop(R);
    for (int i = 0; i < below; i++)
        callable = rec_pop(R);
    PyObject *object = rec_object(R, callable.ref);
    for (int i = 0; i < n; i++)
        rec_emit(R, UOP_GIVE, args[i].ref, REF_NONE, REF_NONE, i);
    if (object && config.functions && (PyFunction_Check(object) || PyMethod_Check(object))) {
        PyObject *function = PyMethod_Check(object) ? PyMethod_GET_FUNCTION(object) : object;
        if (PyFunction_Check(function))
            rec_invoked_of(R, (PyFunctionObject *)function);        /* from now on; what it will be another time is not known */
        rec_emit_snap(R, names == REF_NONE ? UOP_INVOKE_ANY : UOP_INVOKE_KW, callable.ref, names, REF_NONE, n, rec_snapshot_raise(R));
        R->closed = 1;
        R->invoked = 1;
        rec_take_object(R);
        return;
    }
    if (object && cpy_entered_init(R->ts, object, (size_t)n))
        R->work -= NEW_INTERPRETER;
    Ref r = rec_emit_snap(R, names == REF_NONE ? UOP_VECTORCALL : UOP_CALL_KW, callable.ref, names, REF_NONE, n, rec_snapshot_raise(R));
    R->closed = 1;
    rec_push_ref(R, r, OWN_TRACE);
}

/* The keys of a dict of arguments by name, which are str, as a constant of the trace; borrowed, NULL: it is something else. */
static PyObject *names_of(Recorder *R, PyObject *dict)
{
    if (!cpy_is_str_dict(dict))
        return NULL;
    PyObject *list = PyDict_Keys(dict), *names = list ? PyList_AsTuple(list) : NULL;
    if (names)
        rec_const(R, names);        /* keeps it */
    Py_XDECREF(names);
    Py_XDECREF(list);
    PyErr_Clear();
    return names;
}

/* The same of a plain function, a tuple and perhaps a dict: what is in them are the arguments. 0: not done. */
static int call_spread(Recorder *R, int has_place, Operand iterable)
{
    Operand callable, dict = operand(REF_NONE, OWN_NULL);
    rec_peek(R, has_place + 2, &callable);
    if (has_place)
        rec_peek(R, 0, &dict);
    PyObject *function = rec_object(R, callable.ref), *tuple = rec_object(R, iterable.ref), *names = NULL;
    if (R->general || !function || !PyFunction_Check(function) || !tuple || !PyTuple_CheckExact(tuple))
        return 0;
    if (dict.ref != REF_NONE && !(names = names_of(R, rec_object(R, dict.ref))))
        return 0;
    if (PyTuple_GET_SIZE(tuple) + (names ? PyTuple_GET_SIZE(names) : 0) >= N_ARGS)
        return 0;
    return rec_call_spread(R, has_place, (int)PyTuple_GET_SIZE(tuple), names);
}

/* CALL_FUNCTION_EX: callable, NULL, an iterable and, if there is a place for it, a dict or NULL. */
static void call_ex(Recorder *R, int has_place)
{
    Operand dict = {0}, iterable, args[3];
    rec_peek(R, has_place, &iterable);
    if (call_spread(R, has_place, iterable))
        return;
    PyTypeObject *type = rec_type(R, iterable.ref);
    PyObject *object = rec_object(R, iterable.ref);
    if (!type->tp_iter && !(object && PySequence_Check(object)))
        rec_abort(R, ABORT_CALL);       /* an error, which says what was called */
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE))
        rec_guard_type(R, iterable.ref);
    else if (PyUnstable_Type_AssignVersionTag(type))        /* it may lose its __iter__ */
        rec_emit(R, UOP_GUARD_VERSION, iterable.ref, REF_NONE, REF_NONE, type->tp_version_tag);
    else
        rec_abort(R, ABORT_CALL);
    if (has_place)
        rec_peek(R, 0, &dict);
    int has_dict = has_place && dict.ref != REF_NONE;
    if (has_dict && !rec_guard_exact(R, dict.ref, &PyDict_Type))
        rec_abort(R, ABORT_CALL);
    if (has_dict)
        rec_steal(R, 0);
    rec_steal(R, has_place);
    rec_steal(R, has_place + 2);
    R->work -= NEW_INTERPRETER;
    rec_before_escape(R);
    if (has_place)
        args[2] = rec_pop(R);
    args[1] = rec_pop(R);
    rec_pop(R);
    args[0] = rec_pop(R);
    rec_push_ref(R, rec_call_popped(R, args, 2 + has_dict, cpy_call_ex), OWN_TRACE);
}

/* Any callable by vectorcall. n values on the stack are its arguments (self included), `below` under them are popped too. object: what is
 * called, guarded; NULL: whatever it is. */
static void call_any(Recorder *R, Operand callable, PyObject *object, int n, int below)
{
    if (n > N_ARGS)
        rec_abort(R, ABORT_CALL);
    Operand args[N_ARGS];
    PyTypeObject *types[N_ARGS];
    types[0] = NULL;
    for (int i = 0; i < n; i++) {
        rec_peek(R, n - 1 - i, &args[i]);
        types[i] = rec_type(R, args[i].ref);
    }
    int leaf = object && !R->general && leaf_call(object, n, types);
    /* list.append(x) */
    if (n == 2 && object && Py_IS_TYPE(object, &PyMethodDescr_Type) && PyDescr_TYPE(object) == &PyList_Type &&
        rec_type(R, args[0].ref) == &PyList_Type && PyUnicode_CompareWithASCIIString(PyDescr_NAME(object), "append") == 0) {
        call_append(R, below);
        return;
    }
    if (!leaf && object && rec_dict_get(R, object, n, below))
        return;
    if (!leaf) {
        call_giving(R, n, below, REF_NONE);
        return;
    }
    for (int i = 0; i < n; i++) {
        rec_guard_type(R, args[i].ref);
        rec_peek(R, n - 1 - i, &args[i]);       /* the same object as one before is real by now */
        if (builder_is_sunk(&R->b, args[i].ref))
            rec_real(R, args[i]);
    }
    for (int i = 0; i < n; i++)
        rec_peek(R, n - 1 - i, &args[i]);
    rec_protect_heap(R);
    for (int i = 0; i < n; i++)
        rec_emit(R, UOP_ARG, args[i].ref, REF_NONE, REF_NONE, i);
    Ref r = rec_emit(R, UOP_LEAF_VECTORCALL, callable.ref, REF_NONE, REF_NONE, n);
    R->closed = 1;
    rec_drop(R, n + below);
    rec_push_ref(R, r, OWN_TRACE);
}

/* Is the value below n arguments self, or NULL? */
int rec_has_self_below(Recorder *R, int n)
{
    Operand self;
    rec_peek(R, n, &self);
    int op = self.ref == REF_NONE || IS_CONST(self.ref) ? UOP_COUNT : R->t->uops[self.ref].op;
    if (op != UOP_LOAD_SLOT && op != UOP_TAKE_ARG && op != UOP_PARAM_OBJ)
        return self.ref != REF_NONE;
    int there = rec_object(R, self.ref) != NULL;        /* not known when the code was compiled */
    rec_emit(R, there ? UOP_GUARD_NOT_NULL : UOP_GUARD_NULL, self.ref, REF_NONE, REF_NONE, 0);
    return there;
}

/* The names are the top value. */
static void call_kw(Recorder *R, int n)
{
    Operand names, callable;
    rec_peek(R, 0, &names);
    rec_peek(R, CALLABLE(n) + 1, &callable);
    PyObject *object = rec_object(R, callable.ref);
    if (!IS_CONST(names.ref) || !object || n >= N_ARGS)
        rec_abort(R, ABORT_CALL);
    int has_self = rec_has_self_below(R, n + 1), is_plain = PyFunction_Check(object) && !(R->general && !IS_CONST(callable.ref));
    if (is_plain && !IS_CONST(callable.ref))
        rec_guard_type(R, callable.ref);
    rec_pop(R);
    if (is_plain && rec_call_plain(R, callable, object, n + has_self, 2 - has_self, rec_object(R, names.ref)))
        return;
    if (PyType_Check(object) && IS_CONST(callable.ref) && !has_self && !R->general && rec_construct(R, object, n, rec_object(R, names.ref)))
        return;
    call_giving(R, n + has_self, 2 - has_self, names.ref);
}

/* A bound method of a Python function, which somebody else has: its function and self take the places of itself and NULL, as the
 * interpreter does it. 0: not done. */
static int call_bound(Recorder *R, Operand callable, PyObject *method, int n)
{
    PyObject *function = PyMethod_GET_FUNCTION(method);
    if (callable.own == OWN_TRACE || IS_CONST(callable.ref) || !PyFunction_Check(function) || n >= N_ARGS)
        return 0;
    R->b.snapshot(R);           /* as the stack is now */
    rec_guard_type(R, callable.ref);
    Ref f = rec_emit(R, UOP_LOAD_FIELD, callable.ref, REF_NONE, REF_NONE, offsetof(PyMethodObject, im_func));
    Ref self = rec_emit(R, UOP_LOAD_FIELD, callable.ref, REF_NONE, REF_NONE, offsetof(PyMethodObject, im_self));
    rec_guard_type(R, f);
    RecFrame *frame = TOP_FRAME(R);
    Slot *place = &frame->slots[frame->n_locals + frame->depth - n - 2], before[2] = {place[0], place[1]};
    place[0] = (Slot){.ref = f, .own = OWN_BORROWED};
    place[1] = (Slot){.ref = self, .own = OWN_BORROWED};
    if (rec_call_plain(R, operand(f, OWN_BORROWED), function, n + 1, 1, NULL))
        return 1;
    place[0] = before[0];
    place[1] = before[1];
    return 0;
}

static void call(Recorder *R, int n)
{
    Operand callable;
    rec_peek(R, CALLABLE(n), &callable);
    PyObject *object = rec_object(R, callable.ref);
    if (!object)
        rec_abort(R, ABORT_CALL);
    int has_self = rec_has_self_below(R, n);
    if (has_self && Py_IS_TYPE(object, &PyMethod_Type)) {       /* not taken apart: __exit__ is called so */
        rec_push_ref(R, rec_call_given(R, n + 2, NULL, 0, cpy_call_as_is), OWN_TRACE);
        return;
    }
    if (!has_self && !R->general && Py_IS_TYPE(object, &PyMethod_Type) && call_bound(R, callable, object, n))
        return;
    /* What is called has to be known: guarded by identity when it is not a constant, unless it is another one every time. */
    if (!IS_CONST(callable.ref)) {
        if (R->general || (!PyFunction_Check(object) && !PyCFunction_Check(object) && !PyType_Check(object))) {
            call_any(R, callable, NULL, n + has_self, 2 - has_self);
            return;
        }
        if (PyCFunction_Check(object) && PyCFunction_GET_SELF(object) && !PyModule_Check(PyCFunction_GET_SELF(object))) {
            /* a bound method, made anew each time: what it does is known, not what it is bound to */
            rec_guard_type(R, callable.ref);
            rec_emit(R, UOP_GUARD_ML, callable.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)((PyCFunctionObject *)object)->m_ml);
            call_any(R, callable, object, n + has_self, 2 - has_self);
            return;
        }
        if (PyFunction_Check(object))       /* made anew, perhaps, by the same `def`: its code has to be the same, no more */
            rec_guard_type(R, callable.ref);
        else {
            rec_emit(R, UOP_GUARD_IS, callable.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)object);
            rec_const(R, object);       /* keeps it alive: its address is in the trace */
        }
    }
    if (PyFunction_Check(object)) {
        if (rec_call_plain(R, callable, object, n + has_self, 2 - has_self, NULL))
            return;
        call_giving(R, n + has_self, 2 - has_self, REF_NONE);
        return;
    }
    if (!has_self && !R->general) {
        if (PyCFunction_CheckExact(object)) {
            PyCFunctionObject *fn = (PyCFunctionObject *)object;
            const char *name = fn->m_ml->ml_name;
            if (leaf_is_from(fn, "builtins")) {
                if (n == 1 && strcmp(name, "len") == 0 && call_len(R))
                    return;
                if (n == 1 && strcmp(name, "abs") == 0 && call_abs(R))
                    return;
                if (n == 2 && strcmp(name, "isinstance") == 0 && call_isinstance(R))
                    return;
                if ((n == 2 || n == 3) && strcmp(name, "getattr") == 0 && rec_getattr(R, n))
                    return;
                if (n == 2 && strcmp(name, "hasattr") == 0 && rec_hasattr(R))
                    return;
                if (n == 2 && (strcmp(name, "min") == 0 || strcmp(name, "max") == 0) && call_min_max(R, name[1] == 'a'))
                    return;
                if (n == 2 && strcmp(name, "divmod") == 0 && rec_divmod(R))
                    return;
                if ((n == 2 || n == 3) && strcmp(name, "pow") == 0 && rec_power(R, n))
                    return;
                if (n == 1 && strcmp(name, "round") == 0 && call_rounding(R, rint))
                    return;
                if (n == 1 && strcmp(name, "repr") == 0 && call_repr(R))
                    return;
            } else if (leaf_is_from(fn, "math") && ((n == 1 && call_math(R, name)) || (n == 2 && strcmp(name, "gcd") == 0 && rec_gcd(R))))
                return;
        } else if (object == (PyObject *)&PyRange_Type && rec_range_loop(R, n))
            return;
        else if (n == 1 && object == (PyObject *)&PyType_Type) {
            rec_type_of(R);
            return;
        }
        else if (n == 1 && PyType_Check(object) && call_conversion(R, (PyTypeObject *)object))
            return;
        else if (PyType_Check(object) && n < MAX_ARGUMENTS && (rec_enter_init(R, object, n) || rec_construct(R, object, n, NULL)))
            return;
    }
    if (counts_references(object))
        rec_abort(R, ABORT_REFCOUNT);
    call_any(R, callable, object, n + has_self, 2 - has_self);
}

int rec_calls(Recorder *R, int op, int arg)
{
    switch (op) {
    case PUSH_NULL:
        rec_push_ref(R, REF_NONE, OWN_NULL);
        return 1;
    case CALL:
        call(R, arg);
        return 1;
    case CALL_KW:
        call_kw(R, arg);
        return 1;
    case CALL_FUNCTION_EX:
        call_ex(R, CALL_EX_HAS_DICT(arg));
        return 1;
    default:
        return 0;
    }
}
