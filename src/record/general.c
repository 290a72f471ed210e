/* general.c: instructions that are done by a call which may run anything (cpython/general.h).
 *
 * Everything is in memory before, nothing is known behind; in between the interpreter's own function works. */
#include "recorder.h"
#include "../cpython/general.h"

static void push_new(Recorder *R, Ref r) { rec_push_ref(R, r, OWN_TRACE); }

/* The n values on top and a name. */
static Ref by_name(Recorder *R, int n, PyObject *name, General *fn)
{
    Ref more = rec_const(R, name);
    return rec_call_given(R, n, &more, 1, fn);
}

/* What is updated stays on the stack, arg values below the one that is popped. */
static void update(Recorder *R, int arg, PyTypeObject *type, General *fn)
{
    Operand container;
    rec_peek(R, arg, &container);
    if (!rec_guard_exact(R, container.ref, type))
        rec_abort(R, ABORT_OPCODE);
    rec_forget(R, rec_call_given(R, 1, &container.ref, 1, fn));
}

/* DICT_MERGE: the keyword arguments of a call; what can go wrong with them is said in terms of that. */
static void merge(Recorder *R, int arg)
{
    Operand dict, callable;
    rec_peek(R, arg, &dict);
    rec_peek(R, arg + 3, &callable);
    if (!rec_guard_exact(R, dict.ref, &PyDict_Type))
        rec_abort(R, ABORT_OPCODE);
    if (rec_dict_merge(R, dict))
        return;
    callable = rec_real(R, callable);
    Ref more[] = {dict.ref, callable.ref};
    rec_forget(R, rec_call_given(R, 1, more, 2, cpy_merge_dict));
}

/* The first of n values is to be on top. */
static void unpack(Recorder *R, const Ref *more, int n_more, int n, General *fn)
{
    if (n > N_ARGS)
        rec_abort(R, ABORT_STACK);
    Ref values[N_ARGS], none = rec_call_given(R, 1, more, n_more, fn);
    for (int i = 0; i < n; i++)
        values[i] = rec_emit(R, UOP_TAKE_ARG, REF_NONE, REF_NONE, REF_NONE, i);
    for (int i = n; i-- > 0;)
        push_new(R, values[i]);
    rec_forget(R, none);
}

static PyObject *is_mapping(PyObject *o) { return Py_NewRef(Py_TYPE(o)->tp_flags & Py_TPFLAGS_MAPPING ? Py_True : Py_False); }
static PyObject *is_sequence(PyObject *o) { return Py_NewRef(Py_TYPE(o)->tp_flags & Py_TPFLAGS_SEQUENCE ? Py_True : Py_False); }

static void test_type(Recorder *R, int mapping)
{
    Operand v;
    rec_peek(R, 0, &v);
    v.own = OWN_BORROWED;
    Operand r = rec_call_fn(R, UOP_LEAF1, 1, &v, mapping ? (void *)is_mapping : (void *)is_sequence);
    builder_set_type(&R->b, r.ref, &PyBool_Type);
    rec_push(R, r);
}

/* ---- super() ---- */

/* The function that super(class, self).name finds behind class in the order of self's classes; borrowed, NULL: another way. */
static PyObject *super_function(PyTypeObject *class, PyTypeObject *type, PyObject *name)
{
    PyObject *mro = type->tp_mro;
    Py_ssize_t i = 0, n = mro ? PyTuple_GET_SIZE(mro) : 0;
    while (i < n && PyTuple_GET_ITEM(mro, i) != (PyObject *)class)
        i++;
    while (++i < n) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        PyObject *found = base->tp_flags & Py_TPFLAGS_HEAPTYPE && base->tp_dict ? PyDict_GetItemWithError(base->tp_dict, name) : NULL;
        if (found)
            return PyFunction_Check(found) ? found : NULL;
        if (!(base->tp_flags & Py_TPFLAGS_HEAPTYPE) && base != &PyBaseObject_Type)
            return NULL;
    }
    return NULL;
}

static int super_method(Recorder *R, PyObject *name)
{
    Operand super, class, self;
    rec_peek(R, 2, &super);
    rec_peek(R, 1, &class);
    rec_peek(R, 0, &self);
    PyObject *o = rec_object(R, self.ref), *c = rec_object(R, class.ref);
    if (R->general || !o || !c || rec_object(R, super.ref) != (PyObject *)&PySuper_Type || !PyType_Check(c) || PyType_Check(o))
        return 0;
    PyTypeObject *type = Py_TYPE(o);
    int is_plain = type->tp_getattro == PyObject_GenericGetAttr && PyUnstable_Type_AssignVersionTag(type);
    PyObject *function = is_plain ? super_function((PyTypeObject *)c, type, name) : NULL;
    PyErr_Clear();
    if (!function)
        return 0;
    if (!IS_CONST(super.ref))
        rec_emit(R, UOP_GUARD_IS, super.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)&PySuper_Type);
    if (!IS_CONST(class.ref)) {
        rec_emit(R, UOP_GUARD_IS, class.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)c);
        rec_const(R, c);
    }
    rec_emit(R, UOP_GUARD_VERSION, self.ref, REF_NONE, REF_NONE, type->tp_version_tag);
    self = rec_pop(R);
    rec_drop(R, 2);
    rec_push_ref(R, rec_const(R, function), OWN_BORROWED);
    rec_push_same(R, self);
    return 1;
}

static void load_super_attr(Recorder *R, int arg)
{
    PyObject *name = rec_name(R, arg >> 2);
    int method = arg & 1;
    if (method && super_method(R, name))
        return;
    Ref more[] = {rec_const(R, name), rec_const(R, Py_None)};
    push_new(R, rec_call_given(R, 3, more, 1 + (arg >> 1 & 1), cpy_super_attr));
    if (method)
        rec_push_ref(R, REF_NONE, OWN_NULL);
}

/* ---- functions ---- */

static void make_function(Recorder *R)
{
    Ref globals = rec_const(R, TOP_FRAME(R)->globals), r = rec_call_given(R, 1, &globals, 1, cpy_make_function);
    builder_set_type(&R->b, r, &PyFunction_Type);
    push_new(R, r);
}

/* Of a function that is followed into: a frame of the interpreter's has made its cells when a trace begins in it. */
static int make_cell(Recorder *R, int i)
{
    Slot *s = &TOP_FRAME(R)->slots[i];
    if (R->n_frames == 1)
        return 0;
    if (s->own != OWN_NULL)
        rec_real(R, operand(s->ref, s->own));       /* the slot has it then */
    rec_protect_heap(R);
    Operand content = s->own == OWN_NULL ? operand(rec_const(R, NULL), OWN_BORROWED) : operand(s->ref, s->own);
    Operand cell = rec_call_fn(R, UOP_LEAF1, 1, &content, (void *)PyCell_New);
    builder_set_type(&R->b, cell.ref, &PyCell_Type);
    *s = (Slot){.ref = cell.ref, .own = OWN_TRACE};
    return 1;
}

/* ---- imports ---- */

static int import_from(Recorder *R, PyObject *name)
{
    Operand module;
    if (rec_from_module(R, name))
        return 1;
    if (!cpy_import_from)
        return 0;
    rec_peek(R, 0, &module);
    Ref more[] = {module.ref, rec_const(R, name)};
    push_new(R, rec_call_given(R, 0, more, 2, cpy_import_from));
    return 1;
}

/* ---- the opcodes ---- */

int rec_general(Recorder *R, int op, int arg)
{
    RecFrame *f = TOP_FRAME(R);
    Operand v, w;
    switch (op) {
    case LOAD_SUPER_ATTR: load_super_attr(R, arg); return 1;
    case MAKE_FUNCTION: make_function(R); return 1;
    case SET_FUNCTION_ATTRIBUTE: rec_by_number(R, 2, arg, cpy_set_function_attribute); return 1;
    case MAKE_CELL: return make_cell(R, arg);
    case BUILD_MAP: push_new(R, rec_call_given(R, 2 * arg, NULL, 0, cpy_build_map)); return 1;
    case BUILD_CONST_KEY_MAP: push_new(R, rec_call_given(R, arg + 1, NULL, 0, cpy_build_const_key_map)); return 1;
    case BUILD_SET: push_new(R, rec_call_given(R, arg, NULL, 0, cpy_build_set)); return 1;
    case SET_UPDATE: update(R, arg, &PySet_Type, cpy_update_set); return 1;
    case DICT_UPDATE: update(R, arg, &PyDict_Type, cpy_update_dict); return 1;
    case LIST_EXTEND: update(R, arg, &PyList_Type, cpy_extend_list); return 1;
    case DICT_MERGE: merge(R, arg); return 1;
    case STORE_SLICE: rec_forget(R, rec_call_given(R, 4, NULL, 0, cpy_store_slice)); return 1;
    case UNPACK_SEQUENCE: {
        Ref n = rec_small_int(R, arg);
        unpack(R, &n, 1, arg, cpy_unpack);
        return 1;
    }
    case UNPACK_EX: {
        Ref more[] = {rec_small_int(R, arg & 0xff), rec_small_int(R, arg >> 8)};
        unpack(R, more, 2, (arg & 0xff) + 1 + (arg >> 8), cpy_unpack_ex);
        return 1;
    }
    case BEFORE_WITH: case BEFORE_ASYNC_WITH: {
        Ref entered = rec_call_given(R, 1, NULL, 0, op == BEFORE_WITH ? cpy_before_with : cpy_before_async_with);
        push_new(R, rec_emit(R, UOP_TAKE_ARG, REF_NONE, REF_NONE, REF_NONE, 0));
        push_new(R, entered);
        return 1;
    }
    case LOAD_SPECIAL: {
        Ref which = rec_small_int(R, arg), method = rec_call_given(R, 1, &which, 1, cpy_load_special);
        push_new(R, method);
        push_new(R, rec_emit(R, UOP_TAKE_ARG, REF_NONE, REF_NONE, REF_NONE, 0));
        return 1;
    }
    case GET_LEN:
        rec_peek(R, 0, &v);
        v = rec_real(R, v);
        push_new(R, rec_call_given(R, 0, &v.ref, 1, cpy_length));
        return 1;
    case MATCH_MAPPING: test_type(R, 1); return 1;
    case MATCH_SEQUENCE: test_type(R, 0); return 1;
    case MATCH_CLASS: rec_by_number(R, 3, arg, cpy_match_class); return 1;
    case MATCH_KEYS: {
        rec_peek(R, 1, &v);
        rec_peek(R, 0, &w);
        Ref more[] = {rec_real(R, v).ref, w.ref};
        push_new(R, rec_call_given(R, 0, more, 2, cpy_match_keys));
        return 1;
    }
    case CALL_INTRINSIC_1: rec_by_number(R, 1, arg, cpy_intrinsic_1); return 1;
    case CALL_INTRINSIC_2: rec_by_number(R, 2, arg, cpy_intrinsic_2); return 1;
    case IMPORT_FROM: return import_from(R, rec_name(R, arg));
    case IMPORT_NAME: {
        Ref more[] = {rec_const(R, rec_name(R, arg >> IMPORT_NAME_FLAGS)), rec_small_int(R, arg & ((1 << IMPORT_NAME_FLAGS) - 1))};
        push_new(R, rec_call_given(R, 2, more, 2, cpy_import_name));
        return 1;
    }
    case BUILD_TEMPLATE: push_new(R, rec_call_given(R, 2, NULL, 0, cpy_build_template)); return 1;
    case BUILD_INTERPOLATION: rec_by_number(R, 2 + (arg & 1), arg >> 2, cpy_build_interpolation); return 1;
    /* What names.c cannot find quickly. */
    case LOAD_NAME: push_new(R, by_name(R, 0, rec_name(R, arg), cpy_load_name)); return 1;
    case STORE_NAME: rec_forget(R, by_name(R, 1, rec_name(R, arg), cpy_store_name)); return 1;
    case DELETE_NAME: rec_forget(R, by_name(R, 0, rec_name(R, arg), cpy_delete_name)); return 1;
    case LOAD_FROM_DICT_OR_GLOBALS: push_new(R, by_name(R, 1, rec_name(R, arg), cpy_load_from_dict_or_globals)); return 1;
    case LOAD_LOCALS: push_new(R, rec_call_given(R, 0, NULL, 0, cpy_load_locals)); return 1;
    case LOAD_BUILD_CLASS: push_new(R, rec_call_given(R, 0, NULL, 0, cpy_load_build_class)); return 1;
    case LOAD_GLOBAL: {
        Ref more[] = {rec_const(R, f->globals), rec_const(R, f->builtins), rec_const(R, rec_name(R, arg >> 1))};
        push_new(R, rec_call_given(R, 0, more, 3, cpy_load_global));
        if (arg & 1)
            rec_push_ref(R, REF_NONE, OWN_NULL);
        return 1;
    }
    default:
        return 0;
    }
}
