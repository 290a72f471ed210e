/* names.c: constants, locals, cells, globals, names.
 *
 * What a program hardly ever rebinds (functions, classes, modules, settings) is a constant of the trace: who rebinds it ends that
 * (cpython/steady.h). Any other global is read from where its dict keeps it, guarded by the version of the dict's keys; a function, class
 * or module there is guarded by identity, so that everything behind it can be folded; a hot guard of that kind that fails gets a side
 * trace like any other. */
#include "recorder.h"
#include "../cpython/globals.h"

int rec_is_folded(PyObject *o)
{
    if (PyCFunction_Check(o))       /* a bound method would keep alive what it is bound to */
        return !PyCFunction_GET_SELF(o) || PyModule_Check(PyCFunction_GET_SELF(o));
    return PyFunction_Check(o) || PyType_Check(o) || PyModule_Check(o);
}

/* Assumed once. 0: it cannot be. */
static int assume(Recorder *R, PyObject *dict, PyObject *name, PyObject *value)
{
    SteadyMark mark;
    if (R->n_assumed == MAX_ASSUMED || !steady_find(dict, name, value, &mark))
        return 0;
    for (int i = 0; i < R->n_assumed; i++)
        if (R->assumed[i].steady == mark.steady) {
            int same = R->assumed[i].changes == mark.changes;
            steady_release(&mark);
            return same;
        }
    R->assumed[R->n_assumed++] = mark;
    return 1;
}

/* Of numbers and texts those that are immortal: a reference of the trace's own would be seen, by who counts them. */
Ref rec_steady(Recorder *R, PyObject *dict, PyObject *name, PyObject *value)
{
    if (!(rec_is_folded(value) || (cpy_is_leaf_type(Py_TYPE(value)) && _Py_IsImmortal(value))) || !assume(R, dict, name, value))
        return REF_NONE;
    Ref constant = rec_const(R, value);
    rec_prove(R, constant, 1);
    return constant;
}

/* The value at `address` of a dict's keys object, as a ref; folded to a constant when it is of a kind that stays. A constant that the
 * trace does not own may have died, and an object of any sort have come to its address: what identity does not say, its type does, asked
 * of the value. */
Ref rec_value_at(Recorder *R, PyObject **address)
{
    PyObject *o = *address;
    if (rec_is_lazy(o))         /* whoever reads it imports */
        rec_abort(R, ABORT_OPCODE);
    Ref v = rec_emit(R, UOP_LOAD_WORD, REF_NONE, REF_NONE, REF_NONE, (int64_t)(uintptr_t)address);
    if (!rec_is_folded(o) || R->general) {
        if (LAZY_IMPORT && !builder_type(&R->b, v))
            rec_emit(R, UOP_GUARD_NOT_TYPE, v, REF_NONE, REF_NONE, (int64_t)(uintptr_t)LAZY_IMPORT);
        return v;
    }
    Ref constant = rec_const(R, o);
    if (builder_type(&R->b, constant) && !rec_is_kept(R, constant))
        rec_guard_type(R, v);
    rec_emit(R, UOP_GUARD_IS, v, REF_NONE, REF_NONE, (int64_t)(uintptr_t)o);
    return constant;
}

void rec_guard_keys(Recorder *R, PyObject *dict, uint32_t version)
{
    rec_emit(R, UOP_GUARD_KEYS_AT, rec_const(R, dict), REF_NONE, REF_NONE, (int64_t)(uintptr_t)((PyDictObject *)dict)->ma_keys);
    rec_emit(R, UOP_GUARD_KEYS, rec_const(R, dict), REF_NONE, REF_NONE, version);
}

/* The global or builtin `name`; REF_NONE when it cannot be found this way. */
static Ref global(Recorder *R, PyObject *name)
{
    RecFrame *f = TOP_FRAME(R);
    uint32_t version;
    PyObject **address = cpy_dict_value(f->globals, name, &version);
    if (!version)
        return REF_NONE;
    Ref v = address && *address ? rec_steady(R, f->globals, name, *address) : REF_NONE;
    if (v != REF_NONE)
        return v;
    if (R->general || (address && *address && rec_is_lazy(*address)))
        return REF_NONE;
    if (address) {
        rec_guard_keys(R, f->globals, version);
        return *address ? rec_value_at(R, address) : REF_NONE;      /* deleted: its entry is still there */
    }
    uint32_t builtins_version;
    address = cpy_dict_value(f->builtins, name, &builtins_version);
    if (!builtins_version || !address || !*address)
        return REF_NONE;
    v = assume(R, f->globals, name, NULL) ? rec_steady(R, f->builtins, name, *address) : REF_NONE;
    if (v != REF_NONE)
        return v;
    rec_guard_keys(R, f->globals, version);
    rec_guard_keys(R, f->builtins, builtins_version);
    return rec_value_at(R, address);
}

static int load_global(Recorder *R, PyObject *name)
{
    Ref v = global(R, name);
    if (v != REF_NONE)
        rec_push_ref(R, v, OWN_BORROWED);
    return v != REF_NONE;
}

static int build_class(Recorder *R)
{
    PyObject *name = PyUnicode_InternFromString("__build_class__");
    uint32_t version = 0;
    PyObject *builtins = TOP_FRAME(R)->builtins, **address = name ? cpy_dict_value(builtins, name, &version) : NULL;
    Py_XDECREF(name);
    PyErr_Clear();
    if (!version || !address || !*address)
        return 0;
    rec_guard_keys(R, builtins, version);
    rec_push_ref(R, rec_value_at(R, address), OWN_BORROWED);
    return 1;
}

/* The collector looks into a dict from the first value on that it looks into itself: 3.13. */
static int track(PyObject *dict, PyObject *v)
{
    if (PyObject_IS_GC(v) && (!PyTuple_CheckExact(v) || PyObject_GC_IsTracked(v)) && !PyObject_GC_IsTracked(dict))
        PyObject_GC_Track(dict);
    return 0;
}

static void store_global(Recorder *R, PyObject *name)
{
    RecFrame *f = TOP_FRAME(R);
    Operand v;
    rec_peek(R, 0, &v);
    uint32_t version;
    PyObject **address = cpy_dict_value(f->globals, name, &version);
    PyDictObject *dict = (PyDictObject *)f->globals;
    if (version && address && *address && !R->general && !(dict->DICT_VERSION_TAG & steady_other_watchers()) &&
        steady_written(f->globals, name)) {
        PyObject *old = *address;
        rec_guard_keys(R, f->globals, version);
        rec_emit(R, UOP_GUARD_UNWATCHED, rec_const(R, f->globals), REF_NONE, REF_NONE, steady_other_watchers());
        Ref before = rec_emit(R, UOP_LOAD_WORD, REF_NONE, REF_NONE, REF_NONE, (int64_t)(uintptr_t)address);
        if (cpy_is_leaf_type(Py_TYPE(old)))
            rec_guard_type(R, before);
        PyTypeObject *type = builder_type(&R->b, v.ref);
        if (DICTS_ARE_UNTRACKED && !(type && cpy_is_leaf_type(type))) {
            Operand args[] = {operand(rec_const(R, f->globals), OWN_BORROWED), operand(v.ref, OWN_BORROWED)};
            rec_call_fn(R, UOP_LEAF2I, 2, args, (void *)track);
        }
        rec_protect_heap(R);
        Ref given = rec_steal(R, 0);
        Ref gone = rec_emit(R, UOP_STORE_WORD, rec_const(R, f->globals), given, REF_NONE, (int64_t)(uintptr_t)address);
        R->closed = 1;
        if (cpy_is_leaf_type(Py_TYPE(old)))
            builder_set_type(&R->b, gone, Py_TYPE(old));
        rec_pop(R);
        rec_release(R, operand(gone, OWN_TRACE));
        return;
    }
    Operand args[3] = {operand(rec_const(R, f->globals), OWN_BORROWED), operand(rec_const(R, name), OWN_BORROWED), v};
    rec_pop(R);
    rec_call_fn(R, UOP_CALL3I, 3, args, (void *)PyDict_SetItem);
}

static void delete_global(Recorder *R, PyObject *name)
{
    Ref more[] = {rec_const(R, TOP_FRAME(R)->globals), rec_const(R, name)};
    rec_forget(R, rec_call_given(R, 0, more, 2, cpy_delete_global));
}

/* ---- cells ---- */

static Ref cell(Recorder *R, int i)
{
    Operand c = rec_local(R, i);
    if (c.ref == REF_NONE || !rec_object(R, c.ref) || !PyCell_Check(rec_object(R, c.ref)))
        rec_abort(R, ABORT_OPCODE);
    rec_guard_type(R, c.ref);
    return c.ref;
}

static void load_deref(Recorder *R, int i)
{
    Ref c = cell(R, i);
    if (!PyCell_GET(rec_object(R, c)))
        rec_abort(R, ABORT_UNBOUND);
    rec_push_ref(R, rec_emit(R, UOP_LOAD_CELL, c, REF_NONE, REF_NONE, 0), OWN_BORROWED);
}

/* In a class body: in a dict, its namespace, or in the cell. */
static void load_from_dict_or_deref(Recorder *R, int i)
{
    PyCodeObject *code = TOP_FRAME(R)->code;
    PyObject *is_free = i >= code->co_nlocalsplus - code->co_nfreevars ? Py_True : Py_False;
    Ref more[] = {cell(R, i), rec_const(R, PyTuple_GET_ITEM(code->co_localsplusnames, i)), rec_const(R, is_free)};
    rec_push_ref(R, rec_call_given(R, 1, more, 3, cpy_load_from_dict_or_cell), OWN_TRACE);
}

static void store_deref(Recorder *R, int i)
{
    Ref c = cell(R, i);
    PyObject *old = PyCell_GET(rec_object(R, c));
    if (old && cpy_is_leaf_type(Py_TYPE(old)))
        rec_guard_type(R, rec_emit(R, UOP_LOAD_CELL, c, REF_NONE, REF_NONE, 0));
    rec_protect_heap(R);
    Ref given = rec_steal(R, 0);
    Ref gone = rec_emit(R, UOP_SWAP_CELL, c, given, REF_NONE, 0);
    R->closed = 1;
    if (old && cpy_is_leaf_type(Py_TYPE(old)))
        builder_set_type(&R->b, gone, Py_TYPE(old));
    rec_pop(R);
    rec_release(R, operand(gone, OWN_TRACE));
}

/* Of a function that is followed into: its closure's cells. */
static void copy_free_vars(Recorder *R, int arg)
{
    RecFrame *f = TOP_FRAME(R);
    if (arg > 256 || R->t->n_uops + arg + 300 > config.max_trace)
        rec_abort(R, ABORT_TOO_LONG);
    Ref closure = rec_emit(R, UOP_FUNC_FIELD, f->func, REF_NONE, REF_NONE, FUNC_CLOSURE);
    Ref cells[256];
    int first = f->n_locals - arg;
    for (int i = 0; i < arg; i++) {
        cells[i] = rec_tuple_at(R, closure, i);
        builder_set_type(&R->b, cells[i], &PyCell_Type);
    }
    for (int i = 0; i < arg; i++)
        f->slots[first + i] = (Slot){.ref = cells[i], .own = OWN_BORROWED};
    R->closed = 1;
}

/* ---- the opcodes ---- */

static int is_bound(Recorder *R, Operand v) { return v.ref != REF_NONE && (builder_is_sunk(&R->b, v.ref) || rec_object(R, v.ref)); }

static void guard_bound(Recorder *R, Operand v)
{
    if (!builder_is_sunk(&R->b, v.ref) && !IS_CONST(v.ref))
        rec_emit(R, UOP_GUARD_NOT_NULL, v.ref, REF_NONE, REF_NONE, 0);
}

static void load_fast(Recorder *R, int i)
{
    Operand v = rec_local(R, i);
    if (!is_bound(R, v))
        rec_abort(R, ABORT_UNBOUND);
    v.lent = (uint8_t)R->lends;
    rec_push_same(R, v);
}

/* A local of the entry frame is about to be emptied: its memory may be the home of a sunk object, which is made before. */
static void before_clear(Recorder *R, int i)
{
    if (R->n_frames > 1)
        return;
    Operand v = rec_local(R, i);
    if (builder_is_sunk(&R->b, v.ref) && (R->t->uops[v.ref].op == UOP_SINK_SLOT_INT || R->t->uops[v.ref].op == UOP_SINK_SLOT_FLOAT))
        rec_real(R, v);
    rec_before_overwrite(R, i);
}

static void store_fast(Recorder *R, int i)
{
    Operand v = rec_pop(R);
    rec_set_local(R, i, v);
}

/* Of an instruction that has another part behind the store: what was in the local may die in between, and whoever that calls sees it half
 * done. */
typedef enum { LATER, OUTLIVES, DIES } InBetween;

static InBetween in_between(Recorder *R, int i)
{
    const Slot *s = &TOP_FRAME(R)->slots[i];
    if (R->n_frames > 1 || s->own != OWN_MEMORY || (s->ref != REF_NONE && IS_CONST(s->ref)))
        return LATER;
    Ref was = rec_local(R, i).ref;
    if (builder_is_harmless(&R->b, was))
        return LATER;
    PyObject *o = rec_object(R, was);
    if (o && !_Py_IsImmortal(o) && Py_REFCNT(o) == 1) {
        rec_before_escape(R);       /* everything is in memory then */
        return DIES;
    }
    if (o && cpy_is_leaf_type(Py_TYPE(o))) {
        rec_guard_type(R, was);
        return LATER;
    }
    rec_emit(R, UOP_GUARD_OUTLIVES, was, REF_NONE, REF_NONE, 0);
    return OUTLIVES;
}

static void store_fast_and_release(Recorder *R, int i, InBetween when)
{
    store_fast(R, i);
    if (when != LATER)
        rec_release_now(R, when == DIES);
}

int rec_names(Recorder *R, int op, int arg)
{
    RecFrame *f = TOP_FRAME(R);
    Operand v;
    switch (op) {
    case LOAD_CONST:
        rec_push_same(R, (Operand){rec_const(R, PyTuple_GET_ITEM(f->code->co_consts, arg)), OWN_BORROWED, (uint8_t)R->lends});
        return 1;
    case LOAD_SMALL_INT:
        rec_push_ref(R, rec_const(R, (PyObject *)&_PyLong_SMALL_INTS[_PY_NSMALLNEGINTS + arg]), OWN_BORROWED);
        return 1;
    case LOAD_ASSERTION_ERROR:
        rec_push_ref(R, rec_const(R, PyExc_AssertionError), OWN_BORROWED);
        return 1;
    case LOAD_BUILD_CLASS:
        return build_class(R);
    case LOAD_COMMON_CONSTANT: {
        PyObject *o = cpy_common_constant(arg);
        if (!o)
            return 0;
        rec_push_ref(R, rec_const(R, o), OWN_BORROWED);
        return 1;
    }
    case LOAD_FAST:
        load_fast(R, arg);
        return 1;
    case LOAD_FAST_CHECK:
        v = rec_local(R, arg);
        if (!is_bound(R, v))
            rec_abort(R, ABORT_UNBOUND);
        guard_bound(R, v);
        rec_push(R, v);
        return 1;
    case LOAD_FAST_LOAD_FAST:
        rec_local(R, arg >> 4), rec_local(R, arg & 15);
        load_fast(R, arg >> 4), load_fast(R, arg & 15);
        return 1;
    case STORE_FAST:
        rec_before_store(R, arg, 0);
        store_fast(R, arg);
        return 1;
    case STORE_FAST_LOAD_FAST:
        rec_before_store(R, arg >> 4, 0);
        rec_local(R, arg & 15);
        store_fast_and_release(R, arg >> 4, RELEASES_BEFORE_LOAD ? in_between(R, arg >> 4) : LATER);
        load_fast(R, arg & 15);
        return 1;
    case STORE_FAST_STORE_FAST:
        for (int k = 0; k < 2; k++)     /* the one may make the other's value real */
            rec_before_store(R, arg >> 4, 0), rec_before_store(R, arg & 15, 1);
        rec_peek(R, 1, &v);
        store_fast_and_release(R, arg >> 4, in_between(R, arg >> 4));
        store_fast(R, arg & 15);
        return 1;
    case LOAD_FAST_AND_CLEAR: {
        v = rec_local(R, arg);
        if (!is_bound(R, v)) {
            if (v.ref != REF_NONE)
                rec_emit(R, UOP_GUARD_NULL, v.ref, REF_NONE, REF_NONE, 0);
            rec_push_ref(R, REF_NONE, OWN_NULL);
            return 1;
        }
        guard_bound(R, v);
        before_clear(R, arg);
        v = rec_local(R, arg);
        if (!builder_is_sunk(&R->b, v.ref))
            v = operand(rec_own(R, v), OWN_TRACE);
        rec_push(R, v);
        rec_set_local(R, arg, operand(REF_NONE, OWN_NULL));
        return 1;
    }
    case DELETE_FAST:
        v = rec_local(R, arg);
        if (!is_bound(R, v))
            rec_abort(R, ABORT_UNBOUND);
        guard_bound(R, v);
        before_clear(R, arg);
        rec_set_local(R, arg, operand(REF_NONE, OWN_NULL));
        return 1;
    case DELETE_DEREF: {
        Ref c = cell(R, arg);
        if (!PyCell_GET(rec_object(R, c)))
            rec_abort(R, ABORT_UNBOUND);
        rec_emit(R, UOP_LOAD_CELL, c, REF_NONE, REF_NONE, 0);
        rec_forget(R, rec_call_given(R, 0, &c, 1, cpy_empty_cell));
        return 1;
    }
    case DELETE_NAME:
        if (R->t->own_locals || !PyDict_CheckExact(f->globals))
            return 0;
        delete_global(R, rec_name(R, arg));
        return 1;
    case DELETE_GLOBAL:
        delete_global(R, rec_name(R, arg));
        return 1;
    case COPY_FREE_VARS:
        copy_free_vars(R, arg);
        return 1;
    case LOAD_DEREF:
        load_deref(R, arg);
        return 1;
    case STORE_DEREF:
        store_deref(R, arg);
        return 1;
    case LOAD_GLOBAL:
        if (!load_global(R, rec_name(R, arg >> 1)))
            return 0;
        if (arg & 1)
            rec_push_ref(R, REF_NONE, OWN_NULL);
        return 1;
    case LOAD_NAME:
        return !R->t->own_locals && load_global(R, rec_name(R, arg));
    case LOAD_FROM_DICT_OR_DEREF:
        load_from_dict_or_deref(R, arg);
        return 1;
    case STORE_NAME:
        if (R->t->own_locals || !PyDict_CheckExact(f->globals))
            return 0;
        store_global(R, rec_name(R, arg));
        return 1;
    case STORE_GLOBAL:
        store_global(R, rec_name(R, arg));
        return 1;
    default:
        return 0;
    }
}
