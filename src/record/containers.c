/* containers.c: subscripts, item assignment, unpacking, building.
 *
 * Lists and tuples with int subscripts are read and written directly; a float stored where a float lies that nobody else holds is
 * written into that very object. Everything else is called. */
#include "leaves.h"
#include "functions.h"
#include "../cpython/call.h"

static int is_number(PyTypeObject *t) { return t == &PyLong_Type || t == &PyBool_Type; }

/* The subscript as a non-negative int64 ref for a container of the given length; 0: out of range or not an int. */
static int normal_index(Recorder *R, Ref index, Ref container, PyTypeObject *type, Ref *out)
{
    Ref i;
    if (!is_number(rec_type(R, index)) || !rec_unbox_int(R, index, &i))
        return 0;
    Py_ssize_t size = Py_SIZE(rec_object(R, container));
    int64_t v = rec_value(R, i).i;
    if (v < 0) {
        if (v + size < 0)
            return 0;
        if (!IS_CONST(i))
            rec_emit(R, UOP_GUARD_LT_INT, i, rec_int(R, 0), REF_NONE, 0);
        Ref n = rec_emit(R, type == &PyList_Type ? UOP_LIST_LEN : UOP_TUPLE_LEN, container, REF_NONE, REF_NONE, 0);
        i = rec_emit(R, UOP_ADD_INT, n, i, REF_NONE, 0);
    } else if (v >= size)
        return 0;
    *out = i;
    return 1;
}

static void call_and_push(Recorder *R, UopCode op, int n, Operand *args, void *fn)
{
    rec_push(R, rec_call_fn(R, op, n, args, fn));
}

/* container[key] by a __getitem__ in Python, which is followed into. 0: not done. */
static int enter_getitem(Recorder *R, Operand container, PyTypeObject *type)
{
    PyFunctionObject *fn = R->general ? NULL : cpy_entered_getitem(R->ts, type);
    if (!fn || !rec_may_enter(R, fn, 2) || !PyUnstable_Type_AssignVersionTag(type))
        return 0;
    rec_emit(R, UOP_GUARD_VERSION, container.ref, REF_NONE, REF_NONE, type->tp_version_tag);
    rec_enter(R, rec_const(R, (PyObject *)fn), fn, 2);
    return 1;
}

static void binary_subscr(Recorder *R)
{
    Operand args[2];
    rec_peek(R, 1, &args[0]);
    rec_peek(R, 0, &args[1]);
    PyTypeObject *type = rec_type(R, args[0].ref);
    Ref i;
    if (!R->general && (type == &PyList_Type || type == &PyTuple_Type) && is_number(rec_type(R, args[1].ref))) {
        rec_guard_type(R, args[0].ref);
        if (normal_index(R, args[1].ref, args[0].ref, type, &i)) {
            Ref item = rec_emit(R, type == &PyList_Type ? UOP_LIST_ITEM : UOP_TUPLE_ITEM, args[0].ref, i, REF_NONE, 0);
            rec_pop(R), rec_pop(R);
            if (args[0].own == OWN_TRACE && !IS_CONST(item)) {      /* the container dies with this instruction */
                rec_emit(R, UOP_INCREF, item, REF_NONE, REF_NONE, 0);
                rec_push_ref(R, item, OWN_TRACE);
            } else
                rec_push_ref(R, item, OWN_BORROWED);
            rec_release(R, args[0]);
            rec_release(R, args[1]);
            return;
        }
    }
    if (rec_dict_item(R) || enter_getitem(R, args[0], type))
        return;
    int leaf = !R->general && leaf_subscript(type, rec_type(R, args[1].ref));
    if (leaf) {
        rec_guard_type(R, args[0].ref);
        rec_guard_type(R, args[1].ref);
    }
    rec_pop(R), rec_pop(R);
    if (leaf)
        call_and_push(R, UOP_LEAF2, 2, args, (void *)PyObject_GetItem);
    else
        call_and_push(R, UOP_SUBSCR, 2, args, NULL);
}

/* An int that fits int64. */
static int is_negative(Recorder *R, Ref index)
{
    Ref i;
    return rec_unbox_int(R, index, &i) && rec_value(R, i).i < 0;
}

/* Some slot other than the n-th from the top holds the same object: it may not be written into a list's own float. */
static int is_shared(Recorder *R, int n)
{
    RecFrame *top = TOP_FRAME(R);
    Slot *own = &top->slots[top->n_locals + top->depth - 1 - n];
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < R->frames[i].n_locals + R->frames[i].depth; k++)
            if (&R->frames[i].slots[k] != own && R->frames[i].slots[k].ref == own->ref)
                return 1;
    return 0;
}

/* As PyObject_SetItem, the operands in the order in which they are released. */
static int set_item(PyObject *v, PyObject *container, PyObject *index) { return PyObject_SetItem(container, index, v); }
static int set_item_down(PyObject *index, PyObject *container, PyObject *v) { return PyObject_SetItem(container, index, v); }
static int set_dict_item(PyObject *key, PyObject *v, PyObject *dict) { return PyDict_SetItem(dict, key, v); }

/* STORE_SUBSCR_DICT gives key and value to the dict and lets go of it last. */
static int guard_stores_as_dict(Recorder *R, Ref container)
{
    PyTypeObject *type = rec_type(R, container);
    if (R->general || !STORES_AS_DICT(type) || (type != &PyDict_Type && !PyUnstable_Type_AssignVersionTag(type)))
        return 0;
    if (type == &PyDict_Type)
        rec_guard_type(R, container);
    else
        rec_emit(R, UOP_GUARD_VERSION, container, REF_NONE, REF_NONE, type->tp_version_tag);
    return 1;
}

static void store_subscr(Recorder *R)
{
    Operand index, container, v;
    rec_peek(R, 0, &index);
    rec_peek(R, 1, &container);
    rec_peek(R, 2, &v);
    Ref i, value;
    if (rec_type(R, container.ref) == &PyList_Type && is_number(rec_type(R, index.ref))) {
        rec_guard_type(R, container.ref);
        int specialized = rec_type(R, index.ref) == &PyLong_Type && !is_negative(R, index.ref);     /* STORE_SUBSCR_LIST_INT */
        /* Else the list dies, and the value behind it. */
        int in_order = RELEASES_STORE_SUBSCR == UP || specialized || container.own != OWN_TRACE;
        if (in_order && normal_index(R, index.ref, container.ref, &PyList_Type, &i)) {
            PyListObject *list = (PyListObject *)rec_object(R, container.ref);
            PyObject *old = list->ob_item[rec_value(R, i).i];
            if (builder_is_sunk(&R->b, v.ref) && !is_shared(R, 2) && rec_type(R, v.ref) == &PyFloat_Type && PyFloat_CheckExact(old) &&
                Py_REFCNT(old) == 1) {
                rec_unbox_float(R, v.ref, &value);
                Ref item = rec_emit(R, UOP_LIST_ITEM, container.ref, i, REF_NONE, 0);
                rec_guard_type(R, item);
                rec_protect_heap(R);
                if (Py_REFCNT(old) == 1) {      /* none of our own values is that object */
                    rec_emit(R, UOP_SET_FLOAT, item, value, REF_NONE, 0);
                    R->closed = 1;
                    rec_drop(R, 3);
                    return;
                }
            }
            /* What is known of the old item decides how it is released. An immortal one needs no more than a look at its count. */
            int leaf = cpy_is_leaf_type(Py_TYPE(old)) && !_Py_IsImmortal(old);
            if (leaf) {
                Ref item = rec_emit(R, UOP_LIST_ITEM, container.ref, i, REF_NONE, 0);
                rec_guard_type(R, item);
            }
            rec_protect_heap(R);
            Ref given = rec_steal(R, 2);
            Ref item = rec_emit(R, UOP_LIST_SWAP, container.ref, i, given, 0);
            R->closed = 1;
            if (leaf)
                builder_set_type(&R->b, item, Py_TYPE(old));
            int old_first = RELEASES_OLD_ITEM_FIRST || !specialized;
            if (old_first)
                rec_release(R, operand(item, OWN_TRACE));
            rec_drop(R, 2);
            if (!old_first)
                rec_release(R, operand(item, OWN_TRACE));
            rec_pop(R);
            return;
        }
    }
    if (rec_dict_store(R))
        return;
    int is_dict = guard_stores_as_dict(R, container.ref);
    int up = RELEASES_STORE_SUBSCR == UP;
    Operand args[3] = {up ? v : index, container, up ? index : v}, of_dict[3] = {index, v, container};
    rec_pop(R), rec_pop(R), rec_pop(R);
    void *set = is_dict ? (void *)set_dict_item : up ? (void *)set_item : (void *)set_item_down;
    rec_call_fn(R, UOP_CALL3I, 3, is_dict ? of_dict : args, set);
}

static void delete_subscr(Recorder *R)
{
    Operand args[2];
    rec_peek(R, 1, &args[0]);
    rec_peek(R, 0, &args[1]);
    rec_pop(R), rec_pop(R);
    rec_call_fn(R, UOP_CALL2I, 2, args, (void *)PyObject_DelItem);
}

/* container[start:stop], as BINARY_SLICE does it: the slice has start and stop, and goes before the container */
static PyObject *get_slice(PyObject *start, PyObject *stop, PyObject *container)
{
    PyObject *slice = PySlice_New(start, stop, NULL);
    if (!slice)
        return NULL;
    PyObject *r = PyObject_GetItem(container, slice);
    Py_DECREF(slice);
    return r;
}

static PyObject *get_slice_down(PyObject *stop, PyObject *start, PyObject *container) { return get_slice(start, stop, container); }

static void binary_slice(Recorder *R)
{
    Operand args[3];
    int up = RELEASES_SLICE == UP;
    rec_peek(R, 2, &args[2]);
    rec_peek(R, 1, &args[up ? 0 : 1]);
    rec_peek(R, 0, &args[up ? 1 : 0]);
    rec_pop(R), rec_pop(R), rec_pop(R);
    call_and_push(R, UOP_CALL3, 3, args, up ? (void *)get_slice : (void *)get_slice_down);
}

/* ---- unpacking and building ---- */

static int unpack_sequence(Recorder *R, int n)
{
    Operand v;
    rec_peek(R, 0, &v);
    PyTypeObject *type = rec_type(R, v.ref);
    if (R->general || (type != &PyTuple_Type && type != &PyList_Type) || Py_SIZE(rec_object(R, v.ref)) != n)
        return 0;
    if (R->t->n_uops + 2 * n + 100 > config.max_trace)
        rec_abort(R, ABORT_TOO_LONG);
    rec_guard_type(R, v.ref);
    int list = type == &PyList_Type;
    Ref size = rec_emit(R, list ? UOP_LIST_LEN : UOP_TUPLE_LEN, v.ref, REF_NONE, REF_NONE, 0);
    rec_emit(R, UOP_GUARD_EQ_INT, size, rec_int(R, n), REF_NONE, 0);
    Ref items[256];
    if (n > 256)
        rec_abort(R, ABORT_STACK);
    for (int i = 0; i < n; i++)
        items[i] = list ? rec_emit(R, UOP_LIST_ITEM, v.ref, rec_int(R, i), REF_NONE, 0) : rec_tuple_at(R, v.ref, i);
    rec_pop(R);
    for (int i = n - 1; i >= 0; i--) {
        if (v.own == OWN_TRACE)
            rec_emit(R, UOP_INCREF, items[i], REF_NONE, REF_NONE, 0);
        rec_push_ref(R, items[i], v.own == OWN_TRACE ? OWN_TRACE : OWN_BORROWED);
    }
    rec_release(R, v);
    return 1;
}

static void build_sequence(Recorder *R, UopCode op, int n)
{
    if (n > N_ARGS)
        rec_abort(R, ABORT_OPCODE);
    Operand args[N_ARGS];
    for (int i = 0; i < n; i++) {
        rec_peek(R, n - 1 - i, &args[i]);
        if (builder_is_sunk(&R->b, args[i].ref)) {
            rec_real(R, args[i]);
            rec_peek(R, n - 1 - i, &args[i]);
        }
    }
    for (int i = 0; i < n; i++)
        rec_emit(R, UOP_ARG, args[i].ref, REF_NONE, REF_NONE, i);
    Ref r = rec_emit(R, op, REF_NONE, REF_NONE, REF_NONE, n);
    R->closed = 1;
    for (int i = n - 1; i >= 0; i--)
        args[i] = rec_pop(R);
    rec_push_ref(R, r, OWN_TRACE);
    for (int i = 0; i < n; i++)
        rec_release(R, args[i]);
}

/* Of a type whose hash and == run no Python code. Not bytes: compared with what is none they may warn (python -b). */
static int is_plain_key(const PyTypeObject *type)
{
    return type == &PyUnicode_Type || type == &PyLong_Type || type == &PyFloat_Type || type == &PyBool_Type || type == Py_TYPE(Py_None);
}

static PyObject *new_dict(PyObject *unused) { (void)unused; return PyDict_New(); }
static PyObject *new_set(PyObject *unused) { (void)unused; return PySet_New(NULL); }

static void build_empty(Recorder *R, int is_set)
{
    Operand none = operand(rec_const(R, Py_None), OWN_BORROWED);
    rec_push(R, rec_call_fn(R, UOP_LEAF1, 1, &none, is_set ? (void *)new_set : (void *)new_dict));
}

/* Operand i of n items, keys and values in turn. keys: the constant tuple of the keys, which is the top value; NULL: they are on the
 * stack, too. */
static void item_part(Recorder *R, int n, PyObject *keys, int i, Operand *out)
{
    if (!keys)
        rec_peek(R, 2 * n - 1 - i, out);
    else if (i % 2)
        rec_peek(R, n - i / 2, out);
    else
        *out = operand(rec_const(R, PyTuple_GET_ITEM(keys, i / 2)), OWN_BORROWED);
}

/* 0: the keys' hash and == may run Python code. */
static int build_map(Recorder *R, int n, PyObject *keys)
{
    Operand v;
    if (2 * n > N_ARGS)
        rec_abort(R, ABORT_OPCODE);
    for (int i = 0; i < 2 * n; i += 2) {
        item_part(R, n, keys, i, &v);
        if (!is_plain_key(rec_type(R, v.ref)))
            return 0;
    }
    for (int i = 0; i < 2 * n; i++) {
        item_part(R, n, keys, i, &v);
        if (i % 2 == 0)
            rec_guard_type(R, v.ref);
        rec_real(R, v);
    }
    for (int i = 0; i < 2 * n; i++) {
        item_part(R, n, keys, i, &v);       /* as it is, now that all are real */
        rec_emit(R, UOP_ARG, v.ref, REF_NONE, REF_NONE, i);
    }
    Ref r = rec_emit(R, UOP_NEW_DICT, REF_NONE, REF_NONE, REF_NONE, 2 * n);
    R->closed = 1;
    rec_drop_in(R, DOWN, keys ? 1 + n : 2 * n);
    rec_push_ref(R, r, OWN_TRACE);
    return 1;
}

/* Parts of an f-string. */
static int build_string(Recorder *R, int n)
{
    Operand args[N_ARGS];
    if (n > N_ARGS)
        return 0;
    for (int i = 0; i < n; i++) {
        rec_peek(R, n - 1 - i, &args[i]);
        if (!rec_guard_exact(R, args[i].ref, &PyUnicode_Type))
            return 0;
    }
    for (int i = 0; i < n; i++)
        rec_emit(R, UOP_ARG, args[i].ref, REF_NONE, REF_NONE, i);
    Ref r = rec_emit(R, UOP_NEW_STRING, REF_NONE, REF_NONE, REF_NONE, n);
    R->closed = 1;
    rec_drop(R, n);
    rec_push_ref(R, r, OWN_TRACE);
    return 1;
}

static PyObject *format_up(PyObject *value, PyObject *spec, PyObject *unused) { (void)unused; return PyObject_Format(value, spec); }
static PyObject *format_down(PyObject *spec, PyObject *value, PyObject *unused) { (void)unused; return PyObject_Format(value, spec); }

static void format_with_spec(Recorder *R)
{
    Operand args[3];
    int up = RELEASES_FORMAT == UP;
    rec_peek(R, 1, &args[up ? 0 : 1]);
    rec_peek(R, 0, &args[up ? 1 : 0]);
    args[2] = operand(rec_const(R, Py_None), OWN_BORROWED);
    rec_pop(R), rec_pop(R);
    call_and_push(R, UOP_CALL3, 3, args, up ? (void *)format_up : (void *)format_down);
}

static PyObject *new_slice(PyObject *start, PyObject *stop) { return PySlice_New(start, stop, NULL); }

static void build_slice(Recorder *R, int n)
{
    Operand args[3];
    for (int i = 0; i < n; i++)
        rec_peek(R, n - 1 - i, &args[i]);
    for (int i = 0; i < n; i++)
        rec_pop(R);
    call_and_push(R, n == 2 ? UOP_LEAF2 : UOP_LEAF3, n, args, n == 2 ? (void *)new_slice : (void *)PySlice_New);
}

static int add_to_map(PyObject *key, PyObject *value, PyObject *dict) { return PyDict_SetItem(dict, key, value); }
static int add_to_set(PyObject *value, PyObject *set) { return PySet_Add(set, value); }

/* MAP_ADD, SET_ADD: of a comprehension. What it is made in stays where it is. */
static void add_to(Recorder *R, int arg, int is_map)
{
    int n = 1 + is_map;
    Operand args[3];
    rec_peek(R, arg + is_map, &args[n]);
    if (!rec_guard_exact(R, args[n].ref, is_map ? &PyDict_Type : &PySet_Type))
        rec_abort(R, ABORT_OPCODE);
    for (int i = 0; i < n; i++)
        rec_peek(R, n - 1 - i, &args[i]);
    for (int i = 0; i < n; i++)
        rec_pop(R);
    args[n].own = OWN_BORROWED;
    rec_call_fn(R, is_map ? UOP_CALL3I : UOP_CALL2I, n + 1, args, is_map ? (void *)add_to_map : (void *)add_to_set);
}

static void list_append(Recorder *R, int arg)
{
    Operand args[2];
    rec_peek(R, arg, &args[0]);         /* counted with the value on the stack */
    rec_peek(R, 0, &args[1]);
    if (!rec_guard_exact(R, args[0].ref, &PyList_Type))
        rec_abort(R, ABORT_OPCODE);
    rec_pop(R);
    args[0].own = OWN_BORROWED;         /* stays on the stack */
    rec_call_fn(R, UOP_LEAF2I, 2, args, (void *)PyList_Append);
}

/* list += a tuple or list, at its end: no Python code runs. */
static int extend_list(PyObject *list, PyObject *items)
{
    PyObject *none = _PyList_Extend((PyListObject *)list, items);
    Py_XDECREF(none);
    return none ? 0 : -1;
}

/* LIST_EXTEND: a list display of constants, mostly. */
static int list_extend(Recorder *R, int arg)
{
    Operand args[2];
    rec_peek(R, arg, &args[0]);
    rec_peek(R, 0, &args[1]);
    PyTypeObject *type = rec_type(R, args[1].ref);
    if ((type != &PyTuple_Type && type != &PyList_Type) || !rec_guard_exact(R, args[0].ref, &PyList_Type))
        return 0;
    rec_guard_type(R, args[1].ref);
    rec_pop(R);
    args[0].own = OWN_BORROWED;         /* stays on the stack */
    rec_call_fn(R, UOP_LEAF2I, 2, args, (void *)extend_list);
    return 1;
}

int rec_containers(Recorder *R, int op, int arg)
{
    Operand v;
    switch (op) {
    case BINARY_SUBSCR: binary_subscr(R); return 1;
    case STORE_SUBSCR: store_subscr(R); return 1;
    case DELETE_SUBSCR: delete_subscr(R); return 1;
    case BINARY_SLICE: binary_slice(R); return 1;
    case UNPACK_SEQUENCE: return unpack_sequence(R, arg);
    case BUILD_TUPLE:
        if (arg == 0) {
            PyObject *empty = PyTuple_New(0);
            rec_push_ref(R, rec_const(R, empty), OWN_BORROWED);
            Py_XDECREF(empty);
            return 1;
        }
        build_sequence(R, UOP_NEW_TUPLE, arg);
        return 1;
    case BUILD_LIST: build_sequence(R, UOP_NEW_LIST, arg); return 1;
    case BUILD_MAP:
        if (arg)
            return build_map(R, arg, NULL);
        build_empty(R, 0);
        return 1;
    case BUILD_CONST_KEY_MAP:
        rec_peek(R, 0, &v);
        if (!IS_CONST(v.ref))
            return 0;
        return build_map(R, arg, rec_object(R, v.ref));
    case BUILD_SET:
        if (arg)
            return 0;
        build_empty(R, 1);
        return 1;
    case BUILD_SLICE: build_slice(R, arg); return 1;
    case MAP_ADD: add_to(R, arg, 1); return 1;
    case SET_ADD: add_to(R, arg, 0); return 1;
    case LIST_APPEND: list_append(R, arg); return 1;
    case LIST_EXTEND: return list_extend(R, arg);
    case GET_LEN: {
        rec_peek(R, 0, &v);
        v.own = OWN_BORROWED;
        Ref n;
        if (rec_guard_exact(R, v.ref, &PyList_Type))
            n = rec_emit(R, UOP_LIST_LEN, v.ref, REF_NONE, REF_NONE, 0);
        else if (rec_guard_exact(R, v.ref, &PyTuple_Type))
            n = rec_emit(R, UOP_TUPLE_LEN, v.ref, REF_NONE, REF_NONE, 0);
        else
            return 0;
        rec_push_ref(R, rec_emit(R, UOP_SINK_INT, n, REF_NONE, REF_NONE, 0), OWN_BORROWED);
        return 1;
    }
    case FORMAT_SIMPLE:
        rec_text(R, TEXT_FORMAT, 0);
        return 1;
    case FORMAT_WITH_SPEC: format_with_spec(R); return 1;
    case CONVERT_VALUE:
        if (arg == FVC_ASCII) {
            v = rec_pop(R);
            call_and_push(R, UOP_CALL1, 1, &v, (void *)PyObject_ASCII);
            return 1;
        }
        rec_text(R, arg == FVC_REPR ? TEXT_REPR : TEXT_STR, 0);
        return 1;
    case BUILD_STRING:
        return build_string(R, arg);
    default:
        return 0;
    }
}
