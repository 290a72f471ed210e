/* CPython 3.13. */
#pragma once
#include "internal/pycore_ceval.h"
#include "internal/pycore_genobject.h"
#include "internal/pycore_pyerrors.h"
#include "internal/pycore_frame.h"

#define LAYOUT 313
#define FRAME_OBJECT(ref) (ref)
#define FRAME_REF_NEW(o) Py_NewRef(o)
#define FRAME_REF_CLOSE(ref) Py_DECREF(ref)
#define CONSTANTS_ARE_LENT 0                    /* LOAD_CONST pushes no reference of its own */
#define FRAME_TAGS_INTS 0                       /* ints that only the interpreter sees are no objects */
#define FRAME_OWNED_BY_C FRAME_OWNED_BY_CSTACK
#define FRAME_TOP_FIELD stacktop
#define FRAME_TOP(f) ((f)->stacktop)
#define FRAME_SET_TOP(f, n) ((f)->stacktop = (n))
#define FRAME_SET_EXECUTING(f) ((f)->stacktop = -1)
#define FRAME_INIT(f) ((void)(f))               /* what a new frame has that earlier versions do not */
#define FRAME_BOTTOM(ts) ((Frame *)NULL)
#define FRAME_OBJECT_KEEPS(o) 0                 /* a frame object holds more than its frame shows */

/* A new frame for a call, not linked; NULL with an exception. func, locals and args, n with those by name, are consumed in any case. */
#define FRAME_FOR_CALL(ts, func, locals, args, n, names) \
    _PyEvalFramePushAndInit(ts, func, locals, args, (n) - ((names) ? PyTuple_GET_SIZE(names) : 0), names)

/* What SET_FUNCTION_ATTRIBUTE sets. */
#define FUNCTION_ATTRIBUTE(f, flag) \
    ((flag) == 0x08 ? &(f)->func_closure : (flag) == 0x04 ? &(f)->func_annotations \
     : (flag) == 0x02 ? &(f)->func_kwdefaults : &(f)->func_defaults)
/* An iterable's values to the places below `top`, downwards; 0 with an exception. */
#define UNPACK_ITERABLE(ts, iterable, before, after, places, top) \
    _PyEval_UnpackIterable(ts, iterable, before, after, (PyObject **)(places) + (top))
/* All of a mapping into the dict of keyword arguments; -1 with an exception, which KEYWORDS_ERROR then puts in terms of the call. *twice:
 * the name that was there before, if the version tells; a new reference. */
#define MERGE_KEYWORDS(dict, mapping, twice) ((void)(twice), _PyDict_MergeEx(dict, mapping, 2))
#define KEYWORDS_ERROR(ts, callable, mapping, twice) _PyEval_FormatKwargsError(ts, callable, mapping)
#define CALL_EX_HAS_DICT(arg) ((arg) & 1)       /* CALL_FUNCTION_EX has a place on the stack for it */

#define MAIN_HAS_CACHED 1
#define OWN_JIT(interp) ((_Bool *)NULL)         /* an experiment that no release has, but for builds made for it */
#define PYTHON_JIT_IS_OURS 1
#define PUBLISHED(d, same)

#define WATCHED_CODE_IS_NOT_SENT 1              /* _interpreters refuses code with monitoring data */

#define LAZY_IMPORT ((PyTypeObject *)NULL)      /* the type of what stands for a module in a namespace until it is read */
#define DICTS_ARE_UNTRACKED 1                   /* as long as they hold nothing that the collector looks into */
#define DICT_VERSION_TAG ma_version_tag
#define FIRST_FUNCTION_VERSION 1                /* of a function: smaller ones say nothing */
#define LOCAL_EVENTS _PY_MONITORING_LOCAL_EVENTS        /* bytes */

/* FOR_ITER at its end: takes the iterator from the stack, and goes on so many units behind its target. */
#define FOR_ITER_POPS 1
#define FOR_ITER_SKIPS 2
#define ITER_SLOTS 1                            /* what GET_ITER leaves */

/* What GET_AWAITABLE and GET_ANEXT push; NULL with an exception. */
static inline PyObject *AWAITABLE_OF(PyThreadState *ts, PyObject *o, int arg)
{
    PyObject *it = _PyCoro_GetAwaitableIter(o), *busy = it && PyCoro_CheckExact(it) ? _PyGen_yf((PyGenObject *)it) : NULL;
    if (!it)
        _PyEval_FormatAwaitableError(ts, Py_TYPE(o), arg);
    if (busy) {
        Py_DECREF(busy);
        Py_CLEAR(it);
        PyErr_SetString(PyExc_RuntimeError, "coroutine is being awaited already");
    }
    return it;
}
static inline PyObject *NEXT_AWAITABLE_OF(PyObject *o)
{
    unaryfunc next = Py_TYPE(o)->tp_as_async ? Py_TYPE(o)->tp_as_async->am_anext : NULL;
    if (!next)
        return PyErr_Format(PyExc_TypeError, "'async for' requires an iterator with __anext__ method, got %.100s", Py_TYPE(o)->tp_name);
    PyObject *given = next(o);
    if (!given || PyAsyncGen_CheckExact(o))
        return given;
    PyObject *it = _PyCoro_GetAwaitableIter(given);
    if (!it)
        _PyErr_FormatFromCause(PyExc_TypeError, "'async for' received an invalid object from __anext__: %.100s", Py_TYPE(given)->tp_name);
    Py_DECREF(given);
    return it;
}

/* What IMPORT_NAME, LOAD_NAME and LOAD_GLOBAL push; NULL with an exception. missing: raises NameError. IMPORT_NAME_FLAGS: bits of its
 * argument below the name; IMPORT_FROM_MODULE: what IMPORT_FROM pushes, where the interpreter has a function for it. */
#define IMPORT_NAME_FLAGS 0
static inline PyObject *IMPORT_OF_NAME(PyThreadState *ts, struct _PyInterpreterFrame *f, PyObject *name, PyObject *from, PyObject *level,
                                       int flags)
{
    static PyObject *interned;
    PyObject *import = NULL, *module = NULL, *args[] = {name, f->f_globals, f->f_locals ? f->f_locals : Py_None, from, level};
    (void)ts, (void)flags;
    if ((!interned && !(interned = PyUnicode_InternFromString("__import__"))) ||
        PyMapping_GetOptionalItem(f->f_builtins, interned, &import) < 0)
        return NULL;
    if (!import)
        PyErr_SetString(PyExc_ImportError, "__import__ not found");
    else if (PyCFunction_CheckExact(import) && strcmp(((PyCFunctionObject *)import)->m_ml->ml_name, "__import__") == 0)
        module = PyImport_ImportModuleLevelObject(name, args[1], args[2], from, PyLong_AsInt(level));
    else
        module = PyObject_Vectorcall(import, args, 5, NULL);
    Py_XDECREF(import);
    return module;
}
static inline PyObject *VALUE_OF_NAME(PyThreadState *ts, struct _PyInterpreterFrame *f, PyObject *name,
                                      PyObject *(*missing)(PyObject *name))
{
    PyObject *found = NULL;
    (void)ts;
    if (PyMapping_GetOptionalItem(f->f_locals, name, &found) || PyDict_GetItemRef(f->f_globals, name, &found) ||
        PyMapping_GetOptionalItem(f->f_builtins, name, &found))
        return found;
    return missing(name);
}
/* In globals, then builtins, which are a dict but for a mapping of the program's. */
static inline PyObject *VALUE_OF_GLOBAL(PyObject *globals, PyObject *builtins, PyObject *name, PyObject *(*missing)(PyObject *name))
{
    PyObject *found = NULL;
    int plain = PyDict_CheckExact(globals) && PyDict_CheckExact(builtins);
    if (plain ? PyDict_GetItemRef(globals, name, &found) : PyMapping_GetOptionalItem(globals, name, &found))
        return found;
    return PyMapping_GetOptionalItem(builtins, name, &found) ? found : missing(name);
}

#define WITH_EXCEPT_EXIT 3                      /* WITH_EXCEPT_START: so far below the exception lies the exit function; HAS_SELF: above
                                                 * that its self, or NULL */
#define WITH_EXCEPT_HAS_SELF 0
#define EXCEPTION_GROUP_MATCH(exc, type, matching, rest) _PyEval_ExceptionGroupMatch(exc, type, matching, rest)
#define CALL_COPIES_OPERANDS 0                  /* what CALL hands to C in place of its operands */
#define UNPACKED_ARE_BORROWED 0                 /* of what PyObject_Call() makes from a tuple and a dict, the arguments by position */
#define RESUME_UNITS 1                          /* code units of RESUME and its cache entries */

/* The C stack that is left is counted, in calls. */
#define C_RECURSION_COUNTED 1
#define c_recursion_left(ts) ((ts)->c_recursion_remaining)
#define c_recursion_set(ts, n) ((ts)->c_recursion_remaining = (n))
#define C_RECURSION_LIMIT Py_C_RECURSION_LIMIT
#define C_RECURSION_OF_FRAME 2                  /* what _PyEval_EvalFrameDefault() takes */

#define RELEASES_BEFORE_LOAD 1                  /* STORE_FAST_LOAD_FAST: what was in the local */
#define RELEASES_INPUTS UP                      /* by what has no order of its own */
#define RELEASES_BINARY(raised) UP
#define RELEASES_SUBSCR(container, key, raised) UP
#define RELEASES_COMPARE UP                     /* CONTAINS_OP, IS_OP and DELETE_SUBSCR too */
#define RELEASES_STORE_SUBSCR UP                /* of a dict: always key, value, container */
#define RELEASES_STORE_ATTR UP                  /* value and owner, unless the value is put where another was */
#define RELEASES_FORMAT UP                      /* a value and its format specification */
#define RELEASES_SLICE UP                       /* of start and stop; the container behind them */
#define RELEASES_OLD_ITEM_FIRST 1               /* list[i] = v: what was there before the list */
#define RELEASES_LOCALS UP                      /* at return */
#define RELEASES_ARGUMENTS UP                   /* self among them */
/* The callable before them, not behind. By its own instruction: what CALL_BUILTIN_FAST and the like, _O among them, are for. */
#define RELEASES_CALLABLE_FIRST(is_fast, takes_one, raised) (!(is_fast))
#define STORES_AS_DICT(type) ((type) == &PyDict_Type)       /* STORE_SUBSCR_DICT is for it */
#define ENTERED_CLASS Py_TPFLAGS_INLINE_VALUES  /* flags of a class whose __init__ CALL_ALLOC_AND_ENTER_INIT enters */
#define ENTERS_WITH_ANY_NUMBER 0                /* of arguments: those that it lacks, or has too many of, are the frame's affair */
#define BOOL_ERROR(self, result) PyErr_Format(PyExc_TypeError, "__bool__ should return bool, returned %s", Py_TYPE(result)->tp_name)
