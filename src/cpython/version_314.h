/* CPython 3.14: frames hold tagged references, tuples their hash; the C stack is measured. */
#pragma once
#include "internal/pycore_frame.h"
#include "internal/pycore_interpframe.h"
#include "internal/pycore_stackref.h"
#include "internal/pycore_instruments.h"
#include "internal/pycore_ceval.h"
#include "internal/pycore_interpolation.h"
#include "internal/pycore_template.h"

#define LAYOUT 314
#define FRAME_OBJECT(ref) PyStackRef_AsPyObjectBorrow(ref)
#define FRAME_REF_NEW(o) PyStackRef_FromPyObjectNew(o)
#define FRAME_REF_CLOSE(ref) PyStackRef_CLOSE(ref)
#define CONSTANTS_ARE_LENT 0
#define FRAME_TAGS_INTS 1
#define FRAME_OWNED_BY_C FRAME_OWNED_BY_INTERPRETER
#define FRAME_TOP_FIELD stackpointer
#define FRAME_TOP(f) ((int)((f)->stackpointer - (f)->localsplus))
#define FRAME_SET_TOP(f, n) ((f)->stackpointer = (f)->localsplus + (n))
#define FRAME_SET_EXECUTING(f) FRAME_SET_TOP(f, cpy_frame_code(f)->co_nlocalsplus)      /* the collector walks up to it */
#define FRAME_INIT(f) ((f)->visited = 0)
#define FRAME_BOTTOM(ts) ((struct _PyInterpreterFrame *)NULL)
#define FRAME_OBJECT_KEEPS(o) ((o)->f_overwritten_fast_locals != NULL)

static inline _PyInterpreterFrame *FRAME_FOR_CALL(PyThreadState *ts, PyFunctionObject *func, PyObject *locals, PyObject **args, size_t n,
                                                  PyObject *names)
{
    _PyStackRef *refs = (_PyStackRef *)args;    /* written over them */
    for (size_t i = 0; i < n; i++)
        refs[i] = PyStackRef_FromPyObjectSteal(args[i]);
    size_t positional = n - (names ? (size_t)PyTuple_GET_SIZE(names) : 0);
    return _PyEvalFramePushAndInit(ts, PyStackRef_FromPyObjectSteal((PyObject *)func), locals, refs, positional, names, NULL);
}

#define FUNCTION_ATTRIBUTE(f, flag) ((PyObject **)((char *)(f) + _Py_FunctionAttributeOffsets[flag]))
#define UNPACK_ITERABLE(ts, iterable, before, after, places, top) \
    _PyEval_UnpackIterableStackRef(ts, iterable, before, after, (_PyStackRef *)(places) + (top))
#define MERGE_KEYWORDS(dict, mapping, twice) ((void)(twice), _PyDict_MergeEx(dict, mapping, 2))
#define KEYWORDS_ERROR(ts, callable, mapping, twice) _PyEval_FormatKwargsError(ts, callable, mapping)
#define CALL_EX_HAS_DICT(arg) 1

#define MAIN_HAS_CACHED 1
#define OWN_JIT(interp) CPY_INTERP(interp, jit)
#define PYTHON_JIT_IS_OURS 0
#define PUBLISHED(d, same) \
    same((d)->interpreter_frame.stackpointer, Frame, stackpointer, "frame.stackpointer") \
    same((d)->gen_object.gi_iframe, PyGenObject, gi_iframe, "generator.gi_iframe") \
    same((d)->gen_object.gi_frame_state, PyGenObject, gi_frame_state, "generator.gi_frame_state") \
    same((d)->debugger_support.eval_breaker, PyThreadState, eval_breaker, "thread state.eval_breaker") \
    PUBLISHED_FROM_315(d, same)
#define PUBLISHED_FROM_315(d, same)

#define WATCHED_CODE_IS_NOT_SENT 0

#define LAZY_IMPORT ((PyTypeObject *)NULL)
#define DICTS_ARE_UNTRACKED 0
#define DICT_VERSION_TAG _ma_watcher_tag
#define FIRST_FUNCTION_VERSION 2
#define LOCAL_EVENTS _PY_MONITORING_LOCAL_EVENTS

#define FOR_ITER_POPS 0
#define FOR_ITER_SKIPS 1
#define ITER_SLOTS 1

#define AWAITABLE_OF(ts, o, arg) _PyEval_GetAwaitable(o, arg)
#define NEXT_AWAITABLE_OF(o) _PyEval_GetANext(o)
#define EXCEPTION_GROUP_MATCH(exc, type, matching, rest) \
    _PyEval_ExceptionGroupMatch(PyThreadState_Get()->current_frame, exc, type, matching, rest)
#define IMPORT_NAME_FLAGS 0
#define IMPORT_OF_NAME(ts, f, name, from, level, flags) ((void)(flags), _PyEval_ImportName(ts, f, name, from, level))
#define IMPORT_FROM_MODULE(ts, f, module, name) ((void)(f), _PyEval_ImportFrom(ts, module, name))
#define VALUE_OF_NAME(ts, f, name, missing) _PyEval_LoadName(ts, f, name)
static inline PyObject *VALUE_OF_GLOBAL(PyObject *globals, PyObject *builtins, PyObject *name, PyObject *(*missing)(PyObject *name))
{
    _PyStackRef found = PyStackRef_NULL;
    (void)missing;
    _PyEval_LoadGlobalStackRef(globals, builtins, name, &found);
    return PyStackRef_IsNull(found) ? NULL : PyStackRef_AsPyObjectSteal(found);
}

#define WITH_EXCEPT_EXIT 4
#define WITH_EXCEPT_HAS_SELF 1
#define CALL_COPIES_OPERANDS 1
#define UNPACKED_ARE_BORROWED 0
#define RESUME_UNITS 1

#define C_RECURSION_COUNTED 0
#define c_recursion_left(ts) 0
#define c_recursion_set(ts, n) ((void)(n))
#define C_RECURSION_OF_FRAME 0
#define C_RECURSION_LIMIT 0

#define RELEASES_BINARY(raised) ((raised) ? DOWN : UP)
#define RELEASES_SUBSCR(container, key, raised) \
    ((raised) || PyDict_CheckExact(container) || (PyList_CheckExact(container) && PySlice_Check(key)) ? DOWN : UP)
#define RELEASES_COMPARE DOWN
#define RELEASES_BEFORE_LOAD 0
#define RELEASES_INPUTS DOWN
#define RELEASES_STORE_SUBSCR DOWN
#define RELEASES_STORE_ATTR DOWN
#define RELEASES_FORMAT DOWN
#define RELEASES_SLICE UP
#define RELEASES_OLD_ITEM_FIRST 0
#define RELEASES_LOCALS DOWN
#define RELEASES_ARGUMENTS DOWN
#define RELEASES_CALLABLE_FIRST(is_fast, takes_one, raised) 0
#define STORES_AS_DICT(type) ((type) == &PyDict_Type)
#define ENTERED_CLASS 0ul
#define ENTERS_WITH_ANY_NUMBER 1
#define BOOL_ERROR(self, result) PyErr_Format(PyExc_TypeError, "__bool__ should return bool, returned %s", Py_TYPE(result)->tp_name)
