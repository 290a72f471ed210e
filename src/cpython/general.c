/* general.c: instructions as functions. What each does, in which order and with which error texts, is CPython's (Python/bytecodes.c). */
#include "general.h"
#include "call.h"
#include "frame.h"
#include "opcodes.h"
#include "internal/pycore_function.h"
#include "internal/pycore_intrinsics.h"
#include "internal/pycore_object.h"
#include "internal/pycore_setobject.h"

/* As DECREF_INPUTS. */
static void release(PyObject **o, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++)
        Py_XDECREF(o[RELEASES_INPUTS == UP ? i : n - 1 - i]);
}

static PyObject *released(PyObject *result, PyObject **o, Py_ssize_t n)
{
    release(o, n);
    return result;
}

static PyObject *done(int failed, PyObject **o, Py_ssize_t n) { return released(failed ? NULL : Py_NewRef(Py_None), o, n); }

static int number(PyObject *o) { return (int)_PyLong_CompactValue((PyLongObject *)o); }

/* ---- calls ---- */

PyObject *cpy_call_ex(PyObject **o, Py_ssize_t n)
{
    if (!PyTuple_CheckExact(o[1])) {
        PyObject *tuple = PySequence_Tuple(o[1]);
        if (!tuple) {
            for (Py_ssize_t i = n; i-- > 0;)    /* they lie on the stack, which is unwound */
                Py_XDECREF(o[i]);
            return NULL;
        }
        Py_SETREF(o[1], tuple);
    }
    return cpy_call_tuple(o[0], o[1], n > 2 ? o[2] : NULL);
}

PyObject *cpy_super_attr(PyObject **o, Py_ssize_t n)
{
    PyObject *found = NULL;
    if (o[0] == (PyObject *)&PySuper_Type && PyType_Check(o[1]))
        found = _PySuper_Lookup((PyTypeObject *)o[1], o[2], o[3], NULL);
    else {
        PyObject *super = PyObject_Vectorcall(o[0], o + 1, n > 4 ? 2 : 0, NULL);
        release(o, 3);
        found = super ? PyObject_GetAttr(super, o[3]) : NULL;
        Py_XDECREF(super);
        return released(found, o + 3, n - 3);
    }
    release(o, 3);
    return released(found, o + 3, n - 3);
}

PyObject *cpy_set_in_dict(PyObject **o, Py_ssize_t n)
{
    PyObject *dict = Py_TYPE(o[1])->tp_flags & Py_TPFLAGS_MANAGED_DICT ? (PyObject *)_PyObject_GetManagedDict(o[1]) : NULL;
    PyObject *old = dict && PyDict_CheckExact(dict) && DK_IS_UNICODE(((PyDictObject *)dict)->ma_keys)
        ? Py_XNewRef(PyDict_GetItemWithError(dict, o[2])) : NULL;
    int failed = PyErr_Occurred() || PyObject_SetAttr(o[1], o[2], o[0]) < 0;
    PyObject *none = done(failed, o, n);
    Py_XDECREF(old);
    return none;
}

/* ---- functions ---- */

PyObject *cpy_make_function(PyObject **o, Py_ssize_t n)
{
    PyObject *function = PyFunction_New(o[0], o[1]);
    if (function)
        _PyFunction_SetVersion((PyFunctionObject *)function, ((PyCodeObject *)o[0])->co_version);
    return released(function, o, n);
}

PyObject *cpy_set_function_attribute(PyObject **o, Py_ssize_t n)
{
    (void)n;
    PyFunctionObject *f = (PyFunctionObject *)o[1];
    *FUNCTION_ATTRIBUTE(f, number(o[2])) = o[0];
    return o[1];
}

/* ---- containers ---- */

/* Arrays of operands go from their end. */
static PyObject *released_down(PyObject *result, PyObject **o, Py_ssize_t n)
{
    while (n-- > 0)
        Py_DECREF(o[n]);
    return result;
}

PyObject *cpy_build_map(PyObject **o, Py_ssize_t n) { return released_down(_PyDict_FromItems(o, 2, o + 1, 2, n / 2), o, n); }

PyObject *cpy_build_const_key_map(PyObject **o, Py_ssize_t n)
{
    PyObject *map = _PyDict_FromItems(&PyTuple_GET_ITEM(o[n - 1], 0), 1, o, 1, n - 1);
    return released_down(map, o, n);
}

PyObject *cpy_length(PyObject **o, Py_ssize_t n)
{
    Py_ssize_t length = PyObject_Length(o[0]);
    return released(length < 0 ? NULL : PyLong_FromSsize_t(length), o, n);
}

PyObject *cpy_build_set(PyObject **o, Py_ssize_t n)
{
    PyObject *set = PySet_New(NULL);
    int failed = !set;
    for (Py_ssize_t i = 0; i < n; i++) {
        failed = failed || PySet_Add(set, o[i]) < 0;
        Py_DECREF(o[i]);
    }
    if (failed)
        Py_CLEAR(set);
    return set;
}

PyObject *cpy_update_set(PyObject **o, Py_ssize_t n) { return done(_PySet_Update(o[1], o[0]) < 0, o, n); }

PyObject *cpy_update_dict(PyObject **o, Py_ssize_t n)
{
    int failed = PyDict_Update(o[1], o[0]) < 0;
    if (failed && PyErr_ExceptionMatches(PyExc_AttributeError))
        PyErr_Format(PyExc_TypeError, "'%.200s' object is not a mapping", Py_TYPE(o[0])->tp_name);
    return done(failed, o, n);
}

/* Keyword arguments: none may be there twice. */
PyObject *cpy_merge_dict(PyObject **o, Py_ssize_t n)
{
    PyObject *twice = NULL;
    int failed = MERGE_KEYWORDS(o[1], o[0], &twice) < 0;
    if (failed)
        KEYWORDS_ERROR(PyThreadState_Get(), o[2], o[0], twice);
    Py_XDECREF(twice);
    return done(failed, o, n);
}

PyObject *cpy_extend_list(PyObject **o, Py_ssize_t n)
{
    PyObject *none = _PyList_Extend((PyListObject *)o[1], o[0]);
    if (!none && PyErr_ExceptionMatches(PyExc_TypeError) && !Py_TYPE(o[0])->tp_iter && !PySequence_Check(o[0]))
        PyErr_Format(PyExc_TypeError, "Value after * must be an iterable, not %.200s", Py_TYPE(o[0])->tp_name);
    return released(none, o, n);
}

PyObject *cpy_store_slice(PyObject **o, Py_ssize_t n)
{
    PyObject *slice = PySlice_New(o[2], o[3], NULL);
    release(o + 2, 2);
    int failed = !slice || PyObject_SetItem(o[1], slice, o[0]) < 0;
    Py_XDECREF(slice);
    return done(failed, o, n - 2);
}

/* after -1: no starred target. Leaves the values, the first one first. */
static PyObject *unpack(PyObject **o, Py_ssize_t n_operands, int before, int after)
{
    FrameSlot places[N_ARGS + 1];
    int n = before + (after < 0 ? 0 : 1 + after);
    int failed = !UNPACK_ITERABLE(PyThreadState_Get(), o[0], before, after, places, n);
    release(o, n_operands);
    if (failed)
        return NULL;
    for (int i = 0; i < n; i++) {
        slot_own(&places[n - 1 - i]);
        o[i] = (PyObject *)slot_object(&places[n - 1 - i]);
    }
    return Py_NewRef(Py_None);
}

PyObject *cpy_unpack(PyObject **o, Py_ssize_t n) { return unpack(o, n, number(o[1]), -1); }
PyObject *cpy_unpack_ex(PyObject **o, Py_ssize_t n) { return unpack(o, n, number(o[1]), number(o[2])); }

/* ---- with ---- */

#ifdef BEFORE_WITH
#define NO_MANAGER "'%.200s' object does not support the context manager protocol"

static PyObject *special(PyObject *o, PyObject **interned, const char *name, const char *missing)
{
    if (!*interned && !(*interned = PyUnicode_InternFromString(name)))
        return NULL;
    PyObject *found = _PyObject_LookupSpecial(o, *interned);
    if (!found && !PyErr_Occurred())
        PyErr_Format(PyExc_TypeError, missing, Py_TYPE(o)->tp_name);
    return found;
}

/* The two methods of a protocol, their names interned for good, and what is said where one is missing. */
typedef struct {
    const char *enter, *exit, *no_enter, *no_exit;
    PyObject *interned[2];
} Manager;

/* o[0] becomes its exit method, ready to be called. */
static PyObject *enter_manager(Manager *m, PyObject **o, Py_ssize_t n)
{
    PyObject *enter = special(o[0], &m->interned[0], m->enter, m->no_enter);
    PyObject *exit = enter ? special(o[0], &m->interned[1], m->exit, m->no_exit) : NULL;
    release(o, n);
    PyObject *entered = exit ? PyObject_CallNoArgs(enter) : NULL;
    Py_XDECREF(enter);
    if (!entered)
        Py_CLEAR(exit);
    o[0] = exit;
    return entered;
}

static PyObject *before_with(PyObject **o, Py_ssize_t n)
{
    static Manager m = {"__enter__", "__exit__", NO_MANAGER, NO_MANAGER " (missed __exit__ method)", {NULL, NULL}};
    return enter_manager(&m, o, n);
}
#define NO_ASYNC_MANAGER "'%.200s' object does not support the asynchronous context manager protocol"


static PyObject *before_async_with(PyObject **o, Py_ssize_t n)
{
    static Manager m = {"__aenter__", "__aexit__", NO_ASYNC_MANAGER, NO_ASYNC_MANAGER " (missed __aexit__ method)", {NULL, NULL}};
    return enter_manager(&m, o, n);
}
General *const cpy_before_with = before_with, *const cpy_before_async_with = before_async_with, *const cpy_load_special = NULL;
#else
static PyObject *load_special(PyObject **o, Py_ssize_t n)
{
    (void)n;
    int which = number(o[1]);
    const _Py_SpecialMethod *special = &_Py_SpecialMethods[which];
    FrameSlot pair[2];
    slot_clear(&pair[0]);
    slot_give(&pair[1], (Obj *)o[0]);
    int found = _PyObject_LookupSpecialMethod(special->name, (_PyStackRef *)pair);
    if (found == 0)
        PyErr_Format(PyExc_TypeError, _PyEval_SpecialMethodCanSuggest(o[0], which) ? special->error_suggestion : special->error, o[0]);
    slot_own(&pair[0]);
    if (found <= 0) {
        Py_DECREF(o[0]);
        return NULL;
    }
    slot_own(&pair[1]);
    o[0] = (PyObject *)slot_object(&pair[1]);
    return (PyObject *)slot_object(&pair[0]);
}
General *const cpy_before_with = NULL, *const cpy_before_async_with = NULL, *const cpy_load_special = load_special;
#endif

/* ---- match ---- */

PyObject *cpy_match_class(PyObject **o, Py_ssize_t n)
{
    PyObject *attributes = _PyEval_MatchClass(PyThreadState_Get(), o[0], o[1], number(o[3]), o[2]);
    if (!attributes && !PyErr_Occurred())
        attributes = Py_NewRef(Py_None);
    return released(attributes, o, n);
}

PyObject *cpy_match_keys(PyObject **o, Py_ssize_t n) { return released(_PyEval_MatchKeys(PyThreadState_Get(), o[0], o[1]), o, n); }

/* ---- intrinsics ---- */

PyObject *cpy_intrinsic_1(PyObject **o, Py_ssize_t n)
{
    return released(_PyIntrinsics_UnaryFunctions[number(o[1])].func(PyThreadState_Get(), o[0]), o, n);
}

PyObject *cpy_intrinsic_2(PyObject **o, Py_ssize_t n)
{
    return released(_PyIntrinsics_BinaryFunctions[number(o[2])].func(PyThreadState_Get(), o[0], o[1]), o, n);
}

/* ---- names ---- */

static PyObject *no_name(PyObject *name)
{
    _PyEval_FormatExcCheckArg(PyThreadState_Get(), PyExc_NameError, "name '%.200s' is not defined", name);
    return NULL;
}

PyObject *cpy_import_name(PyObject **o, Py_ssize_t n)
{
    PyThreadState *ts = PyThreadState_Get();
    return released(IMPORT_OF_NAME(ts, cpy_frame(ts), o[2], o[1], o[0], number(o[3])), o, n);
}

#ifdef IMPORT_FROM_MODULE
static PyObject *import_from(PyObject **o, Py_ssize_t n)
{
    PyThreadState *ts = PyThreadState_Get();
    return released(IMPORT_FROM_MODULE(ts, cpy_frame(ts), o[0], o[1]), o, n);
}
General *const cpy_import_from = import_from;
#else
General *const cpy_import_from = NULL;
#endif

PyObject *cpy_load_name(PyObject **o, Py_ssize_t n)
{
    PyThreadState *ts = PyThreadState_Get();
    return released(VALUE_OF_NAME(ts, cpy_frame(ts), o[0], no_name), o, n);
}

PyObject *cpy_store_name(PyObject **o, Py_ssize_t n)
{
    PyObject *locals = cpy_frame(PyThreadState_Get())->f_locals;
    return done((PyDict_CheckExact(locals) ? PyDict_SetItem(locals, o[1], o[0]) : PyObject_SetItem(locals, o[1], o[0])) < 0, o, n);
}

PyObject *cpy_delete_name(PyObject **o, Py_ssize_t n)
{
    int failed = PyObject_DelItem(cpy_frame(PyThreadState_Get())->f_locals, o[0]) < 0;
    if (failed)
        no_name(o[0]);
    return done(failed, o, n);
}

PyObject *cpy_load_locals(PyObject **o, Py_ssize_t n)
{
    (void)o, (void)n;
    return Py_NewRef(cpy_frame(PyThreadState_Get())->f_locals);
}

PyObject *cpy_load_build_class(PyObject **o, Py_ssize_t n)
{
    (void)o, (void)n;
    PyObject *found = NULL, *name = PyUnicode_InternFromString("__build_class__");
    if (name && PyMapping_GetOptionalItem(cpy_frame(PyThreadState_Get())->f_builtins, name, &found) == 0)
        PyErr_SetString(PyExc_NameError, "__build_class__ not found");
    Py_XDECREF(name);
    return found;
}

PyObject *cpy_empty_cell(PyObject **o, Py_ssize_t n) { return done(PyCell_Set(o[0], NULL) < 0, o, n); }

PyObject *cpy_delete_global(PyObject **o, Py_ssize_t n)
{
    int found = PyDict_Pop(o[0], o[1], NULL);
    if (found == 0)
        no_name(o[1]);
    return done(found <= 0, o, n);
}

PyObject *cpy_load_global(PyObject **o, Py_ssize_t n) { return released(VALUE_OF_GLOBAL(o[0], o[1], o[2], no_name), o, n); }

PyObject *cpy_load_from_dict_or_globals(PyObject **o, Py_ssize_t n)
{
    const Frame *frame = cpy_frame(PyThreadState_Get());
    PyObject *found;
    if (PyMapping_GetOptionalItem(o[0], o[1], &found) == 0)
        found = VALUE_OF_GLOBAL(frame->f_globals, frame->f_builtins, o[1], no_name);
    return released(found, o, n);
}

PyObject *cpy_load_from_dict_or_cell(PyObject **o, Py_ssize_t n)
{
    int is_free = Py_IsTrue(o[3]);
    PyObject *found, *error = is_free ? PyExc_NameError : PyExc_UnboundLocalError;
    const char *text = is_free ? "cannot access free variable '%s' where it is not associated with a value in enclosing scope"
                               : "cannot access local variable '%s' where it is not associated with a value";
    if (PyMapping_GetOptionalItem(o[0], o[2], &found) == 0 && !(found = PyCell_Get(o[1])))
        _PyEval_FormatExcCheckArg(PyThreadState_Get(), error, text, o[2]);
    return released(found, o, n);
}

/* ---- template strings ---- */

#ifdef BUILD_TEMPLATE
static PyObject *build_template(PyObject **o, Py_ssize_t n) { return released(_PyTemplate_Build(o[0], o[1]), o, n); }

static PyObject *build_interpolation(PyObject **o, Py_ssize_t n)
{
    PyObject *none = n > 3 ? NULL : PyUnicode_New(0, 0);
    PyObject *made = n > 3 || none ? _PyInterpolation_Build(o[0], o[1], number(o[n - 1]), n > 3 ? o[2] : none) : NULL;
    Py_XDECREF(none);
    return released(made, o, n);
}
General *const cpy_build_template = build_template, *const cpy_build_interpolation = build_interpolation;
#else
General *const cpy_build_template = NULL, *const cpy_build_interpolation = NULL;
#endif

/* ---- exceptions ---- */

/* What `raise exc` or `raise exc from cause` sets. Consumes nothing. */
static void set_raised(PyObject *exc, PyObject *cause)
{
    PyObject *value = PyExceptionClass_Check(exc) ? PyObject_CallNoArgs(exc) : Py_NewRef(exc), *fixed = NULL;
    if (value && PyExceptionClass_Check(exc) && !PyExceptionInstance_Check(value))
        PyErr_Format(PyExc_TypeError, "calling %R should have returned an instance of BaseException, not %R", exc, Py_TYPE(value));
    else if (value && !PyExceptionInstance_Check(value))
        PyErr_SetString(PyExc_TypeError, "exceptions must derive from BaseException");
    else if (value && cause && PyExceptionClass_Check(cause) && !(fixed = PyObject_CallNoArgs(cause)))
        ;
    else if (value && fixed && !PyExceptionInstance_Check(fixed))
        PyErr_Format(PyExc_TypeError, "calling %R should have returned an instance of BaseException, not %R", cause, Py_TYPE(fixed));
    else if (value && cause && !fixed && !Py_IsNone(cause) && !PyExceptionInstance_Check(cause))
        PyErr_SetString(PyExc_TypeError, "exception causes must derive from BaseException");
    else if (value) {
        if (cause)
            PyException_SetCause(value, fixed ? Py_NewRef(fixed) : Py_IsNone(cause) ? NULL : Py_NewRef(cause));
        PyErr_SetObject(PyExceptionClass_Check(exc) ? exc : (PyObject *)Py_TYPE(value), value);
    }
    Py_XDECREF(fixed);
    Py_XDECREF(value);
}

PyObject *cpy_raise(PyObject **o, Py_ssize_t n)
{
    set_raised(o[0], n > 1 ? o[1] : NULL);
    PyObject *raised = PyErr_GetRaisedException();
    for (Py_ssize_t i = 0; i < n; i++)
        Py_DECREF(o[i]);
    return raised;
}

PyObject *cpy_exc_match(PyObject **o, Py_ssize_t n)
{
    PyThreadState *ts = PyThreadState_Get();
    int bad = _PyEval_CheckExceptTypeValid(ts, o[0]) < 0;
    PyObject *result = bad ? NULL : PyBool_FromLong(PyErr_GivenExceptionMatches(o[1], o[0]));
    return released(result, o, n);
}

PyObject *cpy_with_except(PyObject **o, Py_ssize_t n)
{
    PyObject *traceback = PyException_GetTraceback(o[1]);
    PyObject *args[] = {NULL, n > 2 ? o[2] : NULL, (PyObject *)Py_TYPE(o[1]), o[1], traceback ? traceback : Py_None};
    PyObject *result = n > 2 ? PyObject_Vectorcall(o[0], args + 1, 4 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL)
                             : PyObject_Vectorcall(o[0], args + 2, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    Py_XDECREF(traceback);
    return released(result, o, n);
}

PyObject *cpy_eg_match(PyObject **o, Py_ssize_t n)
{
    PyThreadState *ts = PyThreadState_Get();
    PyObject *matching = NULL, *rest = NULL;
    int failed = _PyEval_CheckExceptStarTypeValid(ts, o[1]) < 0 || EXCEPTION_GROUP_MATCH(o[0], o[1], &matching, &rest) < 0 || !matching;
    release(o, n);
    if (failed)
        return NULL;
    if (!Py_IsNone(matching))
        PyErr_SetHandledException(matching);
    o[0] = matching;
    return rest;
}

/* ---- await, async for ---- */

PyObject *cpy_get_awaitable(PyObject **o, Py_ssize_t n) { return released(AWAITABLE_OF(PyThreadState_Get(), o[0], number(o[1])), o, n); }
PyObject *cpy_get_anext(PyObject **o, Py_ssize_t n) { return released(NEXT_AWAITABLE_OF(o[0]), o, n); }

PyObject *cpy_get_aiter(PyObject **o, Py_ssize_t n)
{
    PyTypeObject *type = Py_TYPE(o[0]);
    unaryfunc get = type->tp_as_async ? type->tp_as_async->am_aiter : NULL;
    PyObject *it = get ? get(o[0]) : PyErr_Format(PyExc_TypeError, "'async for' requires an object with __aiter__ method, got %.100s",
                                                  type->tp_name);
    release(o, n);
    if (it && !(Py_TYPE(it)->tp_as_async && Py_TYPE(it)->tp_as_async->am_anext)) {
        PyErr_Format(PyExc_TypeError, "'async for' received an object from __aiter__ that does not implement __anext__: %.100s",
                     Py_TYPE(it)->tp_name);
        Py_CLEAR(it);
    }
    return it;
}
