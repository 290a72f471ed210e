/* attributes.c: LOAD_ATTR, STORE_ATTR, DELETE_ATTR.
 *
 * An attribute is looked up when it is recorded, and the trace guards what makes the lookup come out so: the version tag of the object's
 * class (cpython/attributes.h), whether the values inside the object count, whether the instance has something that hides what the class
 * has. What cannot be guarded so cheaply, and what is another every time, is the interpreter's general form: a call that may run
 * anything. */
#include "functions.h"
#include "../cpython/attributes.h"
#include "../cpython/call.h"
#include "../cpython/general.h"
#include "../cpython/globals.h"

/* In the place of the owner: what was found, and for a call of a method what is behind it on the stack: self or NULL. */
static void push_found(Recorder *R, int method, Ref found, Own own)
{
    Operand owner = rec_pop(R);
    rec_push_ref(R, found, own);
    if (method)
        rec_push_ref(R, REF_NONE, OWN_NULL);
    rec_release(R, owner);
}

static void push_method(Recorder *R, Ref function)
{
    Operand self = rec_pop(R);
    rec_push_ref(R, function, OWN_BORROWED);
    rec_push_same(R, self);
}

static Ref module_value(Recorder *R, PyObject *dict, PyObject *name, PyObject **address, uint32_t version)
{
    Ref v = rec_steady(R, dict, name, *address);
    if (v != REF_NONE)
        return v;
    rec_guard_keys(R, dict, version);
    return rec_value_at(R, address);
}

static int load_from_module(Recorder *R, Operand v, PyObject *module, PyObject *name, int method)
{
    PyObject *dict = PyModule_GetDict(module);
    uint32_t version;
    PyObject **address = cpy_dict_value(dict, name, &version);
    if (!version || !address || !*address || rec_is_lazy(*address))
        return 0;
    rec_emit(R, UOP_GUARD_MODULE, v.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)dict);    /* __class__ can be assigned */
    push_found(R, method, module_value(R, dict, name, address, version), OWN_BORROWED);
    return 1;
}

int rec_from_module(Recorder *R, PyObject *name)
{
    Operand v;
    rec_peek(R, 0, &v);
    PyObject *module = rec_object(R, v.ref), *dict = module && Py_IS_TYPE(module, &PyModule_Type) ? PyModule_GetDict(module) : NULL;
    uint32_t version = 0;
    PyObject **address = dict ? cpy_dict_value(dict, name, &version) : NULL;
    if (!version || !address || !*address || rec_is_lazy(*address))
        return 0;
    rec_emit(R, UOP_GUARD_MODULE, v.ref, REF_NONE, REF_NONE, (int64_t)(uintptr_t)dict);
    rec_push_ref(R, module_value(R, dict, name, address, version), OWN_BORROWED);
    return 1;
}

/* The value that class c, whose version has been guarded, has under the name; REF_NONE: not to be had. */
static Ref class_value(Recorder *R, PyTypeObject *c, PyObject *name, PyObject *value)
{
    int is_static = cpy_is_method_of_c(value) && !(PyDescr_TYPE(value)->tp_flags & Py_TPFLAGS_HEAPTYPE);
    if (is_static || rec_is_folded(value) || cpy_is_leaf_type(Py_TYPE(value)))
        return rec_const(R, value);
    PyObject **address = cpy_class_value(c, name, value);
    return address ? rec_emit(R, UOP_LOAD_WORD, REF_NONE, REF_NONE, REF_NONE, (int64_t)(uintptr_t)address) : REF_NONE;
}

/* The function that a classmethod binds, and the class, of whose version the guard stands: as if the method had been made and taken apart
 * again. */
static void push_class_method(Recorder *R, PyObject **function, Ref class)
{
    Ref f = rec_value_at(R, function);      /* classmethod.__init__() may give it another one */
    Operand owner = rec_pop(R);
    rec_emit(R, UOP_INCREF, class, REF_NONE, REF_NONE, 0);
    rec_push_ref(R, f, OWN_BORROWED);
    rec_push_ref(R, class, OWN_TRACE);
    rec_release(R, owner);
}

static int load_from_class(Recorder *R, Operand v, PyTypeObject *c, PyObject *name, int method)
{
    uint32_t version;
    PyObject **function = method ? cpy_class_method(c, name, &version) : NULL;
    if (function) {
        rec_guard_type(R, v.ref);
        rec_emit(R, UOP_GUARD_CLASS, v.ref, REF_NONE, REF_NONE, version);
        push_class_method(R, function, v.ref);
        return 1;
    }
    PyObject *value = cpy_class_attribute(c, name, &version);
    if (!value)
        return 0;
    rec_guard_type(R, v.ref);
    rec_emit(R, UOP_GUARD_CLASS, v.ref, REF_NONE, REF_NONE, version);
    Ref found = class_value(R, c, name, value);
    if (found == REF_NONE)
        return 0;
    push_found(R, method, found, OWN_BORROWED);
    return 1;
}

static void guard_places(Recorder *R, Ref o, const Attribute *a)
{
    rec_guard_version(R, o, a->version);
    if (a->valid)
        rec_emit(R, UOP_GUARD_BYTE, o, REF_NONE, REF_NONE, a->valid);
}

/* Nothing in the instance hides what the class has. */
static void guard_absence(Recorder *R, Ref o, const Attribute *a)
{
    if (a->field)
        rec_emit(R, UOP_GUARD_NO_FIELD, o, REF_NONE, REF_NONE, a->field);
    else if (a->keys)
        rec_emit(R, UOP_GUARD_SHARED, rec_int(R, (int64_t)(uintptr_t)a->keys), REF_NONE, REF_NONE, a->keys_version);
    else if (a->dict)
        rec_emit(R, UOP_GUARD_NO_FIELD, o, REF_NONE, REF_NONE, a->dict);
}

static int load_from_instance(Recorder *R, Operand v, PyObject *o, PyObject *name, int method)
{
    Attribute a;
    if (!cpy_find_attribute(o, name, &a))
        return 0;
    if (a.present) {
        guard_places(R, v.ref, &a);
        push_found(R, method, rec_emit(R, UOP_LOAD_FIELD, v.ref, REF_NONE, REF_NONE, a.field), OWN_BORROWED);
        return 1;
    }
    int binds = Py_TYPE(a.descr)->tp_descr_get != NULL;
    PyObject **function = method ? cpy_classmethod_function(a.descr) : NULL;
    if (function) {
        guard_places(R, v.ref, &a);
        guard_absence(R, v.ref, &a);
        push_class_method(R, function, rec_emit(R, UOP_LOAD_FIELD, v.ref, REF_NONE, REF_NONE, offsetof(PyObject, ob_type)));
        return 1;
    }
    if (binds && !(method && (PyFunction_Check(a.descr) || Py_IS_TYPE(a.descr, &PyMethodDescr_Type))))
        return 0;
    guard_places(R, v.ref, &a);
    guard_absence(R, v.ref, &a);
    if (binds) {
        Ref method_of_class = rec_const(R, a.descr);
        rec_prove(R, method_of_class, 0);       /* its class has it still */
        push_method(R, method_of_class);
        return 1;
    }
    Ref found = class_value(R, Py_TYPE(o), name, a.descr);
    if (found == REF_NONE)
        return 0;
    push_found(R, method, found, OWN_BORROWED);
    return 1;
}

/* ---- getattr(), hasattr(), type() ---- */

/* n arguments, and two values below them, give way to what has been found. */
static void replace_call(Recorder *R, int n, Ref found, Own own)
{
    R->closed = 1;
    rec_drop_in(R, RELEASES_ARGUMENTS, n);
    rec_drop(R, 2);
    rec_push_ref(R, found, own);
}

/* The object and the name that such a call of n arguments is about; NULL: the name may be another the next time, or what is looked up is a
 * class's or module's. */
static PyObject *asked_for(Recorder *R, int n, Operand *v, PyObject **name)
{
    Operand text;
    rec_peek(R, n - 1, v);
    rec_peek(R, n - 2, &text);
    PyObject *o = rec_object(R, v->ref);
    *name = IS_CONST(text.ref) ? rec_object(R, text.ref) : NULL;
    return o && *name && PyUnicode_CheckExact(*name) && PyUnicode_CHECK_INTERNED(*name) ? o : NULL;
}

int rec_getattr(Recorder *R, int n)
{
    Operand v;
    PyObject *name, *o = asked_for(R, n, &v, &name);
    Attribute a;
    if (!o || R->general)
        return 0;
    if (cpy_find_attribute(o, name, &a) && a.present) {
        guard_places(R, v.ref, &a);
        replace_call(R, n, rec_emit(R, UOP_LOAD_FIELD, v.ref, REF_NONE, REF_NONE, a.field), OWN_BORROWED);
        return 1;
    }
    if (n != 3 || !cpy_lacks_attribute(o, name, &a))
        return 0;
    guard_places(R, v.ref, &a);
    guard_absence(R, v.ref, &a);
    v = rec_pop(R);
    R->closed = 1;
    rec_drop_in(R, RELEASES_ARGUMENTS, 2);
    rec_drop(R, 2);
    rec_push(R, v);
    return 1;
}

/* The class gives it, and nothing of the program's runs for that. */
static int is_found_quietly(const PyObject *descr)
{
    return !Py_TYPE(descr)->tp_descr_get || PyFunction_Check(descr) || Py_IS_TYPE(descr, &PyMethodDescr_Type);
}

int rec_hasattr(Recorder *R)
{
    Operand v;
    PyObject *name, *o = asked_for(R, 2, &v, &name);
    Attribute a;
    if (!o || R->general)
        return 0;
    int lacks = cpy_lacks_attribute(o, name, &a);
    if (!lacks && !(cpy_find_attribute(o, name, &a) && a.descr && is_found_quietly(a.descr)))
        return 0;
    if (lacks) {
        guard_places(R, v.ref, &a);
        guard_absence(R, v.ref, &a);
    } else
        rec_emit(R, UOP_GUARD_VERSION, v.ref, REF_NONE, REF_NONE, a.version);
    replace_call(R, 2, rec_const(R, lacks ? Py_False : Py_True), OWN_BORROWED);
    return 1;
}

/* The type of a value, n + 1 values on top of the stack giving way. */
static void push_type(Recorder *R, Operand v, int below)
{
    PyTypeObject *type = builder_type(&R->b, v.ref);
    Ref found = type && !(type->tp_flags & Py_TPFLAGS_HEAPTYPE) ? rec_const(R, (PyObject *)type)
              : rec_emit(R, UOP_LOAD_FIELD, v.ref, REF_NONE, REF_NONE, offsetof(PyObject, ob_type));
    v = rec_pop(R);
    R->closed = 1;
    if (below)
        rec_drop(R, below);
    rec_push_ref(R, found, OWN_BORROWED);
    rec_release(R, v);
}

void rec_type_of(Recorder *R)
{
    Operand v;
    rec_peek(R, 0, &v);
    push_type(R, v, 2);
}

/* o.__class__, where that is object's. */
static int load_class(Recorder *R, Operand v, PyTypeObject *type, PyObject *name)
{
    static PyObject *text;
    if (type->tp_getattro != PyObject_GenericGetAttr || !PyUnicode_EqualToUTF8(name, "__class__") ||
        cpy_lookup(type, &text, "__class__") != cpy_lookup(&PyBaseObject_Type, &text, "__class__"))
        return 0;
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE))
        rec_guard_type(R, v.ref);
    else if (PyUnstable_Type_AssignVersionTag(type))
        rec_emit(R, UOP_GUARD_VERSION, v.ref, REF_NONE, REF_NONE, type->tp_version_tag);
    else
        return 0;
    push_type(R, v, 0);
    return 1;
}

/* ---- loads ---- */

/* A method of a builtin type, of a value that may be sunk. */
static int load_builtin_method(Recorder *R, Operand v, PyTypeObject *type, PyObject *name)
{
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE || type->tp_getattro != PyObject_GenericGetAttr || type->tp_dictoffset)
        return 0;
    PyObject *descr = _PyType_Lookup(type, name);
    if (!descr || !Py_IS_TYPE(descr, &PyMethodDescr_Type))
        return 0;
    rec_guard_type(R, v.ref);
    push_method(R, rec_const(R, descr));
    return 1;
}

/* A property whose getter the interpreter's instruction enters, and hands the owner to. */
static int load_from_property(Recorder *R, Operand v, PyTypeObject *type, PyObject *name)
{
    PyObject **getter = cpy_getter(type, name);
    if (!getter)
        return 0;
    PyFunctionObject *fn = (PyFunctionObject *)*getter;
    if (!R->general && rec_may_enter(R, fn, 1) && PyUnstable_Type_AssignVersionTag(type)) {
        rec_emit(R, UOP_GUARD_VERSION, v.ref, REF_NONE, REF_NONE, type->tp_version_tag);
        Ref f = rec_value_at(R, getter);        /* property.__init__() may give it another one */
        rec_guard_type(R, f);
        rec_enter(R, f, fn, 1);
        return 1;
    }
    Ref text = rec_const(R, name);
    rec_push_ref(R, rec_call_given(R, 1, &text, 1, cpy_get_attr), OWN_TRACE);
    return 1;
}

static void get_method(Recorder *R, PyObject *name)
{
    rec_steal(R, 0);
    rec_before_escape(R);
    Operand owner = rec_pop(R);
    Ref method = rec_emit_snap(R, UOP_GET_METHOD, owner.ref, rec_const(R, name), REF_NONE, 0, rec_snapshot_raise(R));
    R->closed = 1;
    rec_push_ref(R, method, OWN_TRACE);
    rec_push_ref(R, rec_emit(R, UOP_TAKE_ARG, REF_NONE, REF_NONE, REF_NONE, 0), OWN_TRACE);
}

static void load_attr(Recorder *R, int arg)
{
    int method = arg & 1;
    PyObject *name = rec_name(R, arg >> 1);
    Operand v;
    rec_peek(R, 0, &v);
    PyTypeObject *type = rec_type(R, v.ref);
    PyObject *o = rec_object(R, v.ref);
    if (type == &PyModule_Type && o && load_from_module(R, v, o, name, method))
        return;
    /* From 3.14 on, an instruction that knew it with another class does not notice. */
    if (o && PyModule_Check(o) && type != &PyModule_Type)
        rec_abort(R, ABORT_OPCODE);
    if (method && load_builtin_method(R, v, type, name))
        return;
    if (o && !R->general && (PyType_Check(o) ? load_from_class(R, v, (PyTypeObject *)o, name, method)
                                             : load_from_instance(R, v, o, name, method)))
        return;
    if (!method && (load_class(R, v, type, name) || load_from_property(R, v, type, name)))
        return;
    if (method)
        get_method(R, name);
    else if (type->tp_getattro == PyObject_GenericGetAttr) {
        Operand args[2] = {v, operand(rec_const(R, name), OWN_BORROWED)};
        rec_pop(R);
        rec_push(R, rec_call_fn(R, UOP_CALL2, 2, args, (void *)PyObject_GetAttr));
    } else {
        Ref text = rec_const(R, name);
        rec_push_ref(R, rec_call_given(R, 1, &text, 1, cpy_get_attr), OWN_TRACE);
    }
}

/* ---- stores ---- */

static int set_value_first(PyObject *value, PyObject *o, PyObject *name) { return PyObject_SetAttr(o, name, value); }
static int set_owner_first(PyObject *o, PyObject *value, PyObject *name) { return PyObject_SetAttr(o, name, value); }

/* STORE_ATTR_WITH_HINT lets go of what the object's dict had last. */
static int goes_last(PyObject *o)
{
    return !RELEASES_OLD_ITEM_FIRST && o && Py_TYPE(o)->tp_flags & Py_TPFLAGS_MANAGED_DICT &&
           Py_TYPE(o)->tp_setattro == PyObject_GenericSetAttr && _PyObject_GetManagedDict(o);
}

/* o.name = v, where its place is known. */
static int store_in_place(Recorder *R, Operand v, PyObject *o, PyObject *name)
{
    Attribute a;
    if (!cpy_find_place(o, name, &a))
        return 0;
    guard_places(R, v.ref, &a);
    if (!a.is_slot)
        rec_emit(R, UOP_GUARD_NO_FIELD, v.ref, REF_NONE, REF_NONE, a.dict);
    if (!a.present) {
        rec_emit(R, UOP_GUARD_NO_FIELD, v.ref, REF_NONE, REF_NONE, a.field);
        rec_protect_heap(R);
        Ref given = rec_steal(R, 1);
        if (a.has_index)
            rec_emit(R, UOP_NEW_FIELD, v.ref, given, rec_int(R, a.index), a.field);
        else {
            Ref nothing = rec_emit(R, UOP_SWAP_FIELD, v.ref, given, REF_NONE, a.field);
            builder_set_type(&R->b, nothing, Py_TYPE(Py_None));
            rec_release(R, operand(nothing, OWN_TRACE));
        }
        R->closed = 1;
        rec_drop(R, 1);
        rec_pop(R);
        return 1;
    }
    Ref before = rec_emit(R, UOP_LOAD_FIELD, v.ref, REF_NONE, REF_NONE, a.field);
    PyObject *old = rec_object(R, before);
    int leaf = cpy_is_leaf_type(Py_TYPE(old)) && !_Py_IsImmortal(old);
    if (leaf)
        rec_guard_type(R, before);
    rec_protect_heap(R);
    Ref given = rec_steal(R, 1);
    Ref gone = rec_emit(R, UOP_SWAP_FIELD, v.ref, given, REF_NONE, a.field);
    R->closed = 1;
    if (leaf)
        builder_set_type(&R->b, gone, Py_TYPE(old));
    if (RELEASES_OLD_ITEM_FIRST)
        rec_release(R, operand(gone, OWN_TRACE));
    rec_drop(R, 1);
    if (!RELEASES_OLD_ITEM_FIRST)
        rec_release(R, operand(gone, OWN_TRACE));
    rec_pop(R);
    return 1;
}

static void store_attr(Recorder *R, PyObject *name)
{
    Operand owner, value;
    rec_peek(R, 0, &owner);
    rec_peek(R, 1, &value);
    PyObject *o = rec_object(R, owner.ref);
    if (o && !R->general && store_in_place(R, owner, o, name))
        return;
    if (goes_last(o)) {
        Ref text = rec_const(R, name);
        rec_forget(R, rec_call_given(R, 2, &text, 1, cpy_set_in_dict));
        return;
    }
    int value_first = RELEASES_STORE_ATTR == UP;
    Operand args[3] = {value_first ? value : owner, value_first ? owner : value, operand(rec_const(R, name), OWN_BORROWED)};
    rec_pop(R), rec_pop(R);
    rec_call_fn(R, UOP_CALL3I, 3, args, value_first ? (void *)set_value_first : (void *)set_owner_first);
}

int rec_attributes(Recorder *R, int op, int arg)
{
    switch (op) {
    case LOAD_ATTR:
        load_attr(R, arg);
        return 1;
    case STORE_ATTR:
        store_attr(R, rec_name(R, arg));
        return 1;
    case DELETE_ATTR: {
        Operand args[2];
        rec_peek(R, 0, &args[0]);
        args[1] = operand(rec_const(R, rec_name(R, arg)), OWN_BORROWED);
        rec_pop(R);
        rec_call_fn(R, UOP_CALL2I, 2, args, (void *)PyObject_DelAttr);
        return 1;
    }
    default:
        return 0;
    }
}
