/* CPython 3.15: as 3.14, and what GET_ITER leaves on the stack are two values: for a list, tuple, str or bytes the object itself and the
 * index that comes next. */
#pragma once
#include "version_314.h"

#undef FRAME_BOTTOM
#define FRAME_BOTTOM(ts) ((ts)->base_frame)
#undef MAIN_HAS_CACHED
#define MAIN_HAS_CACHED 0
#undef PUBLISHED_FROM_315
#define PUBLISHED_FROM_315(d, same) \
    same((d)->thread_state.base_frame, PyThreadState, base_frame, "thread state.base_frame")

#undef CONSTANTS_ARE_LENT
#define CONSTANTS_ARE_LENT 1
#include "internal/pycore_lazyimportobject.h"
#undef LAZY_IMPORT
#define LAZY_IMPORT (&PyLazyImport_Type)
#undef IMPORT_NAME_FLAGS
#define IMPORT_NAME_FLAGS 2                     /* 1: lazy, 2: at once */
#undef IMPORT_OF_NAME
#define IMPORT_OF_NAME(ts, f, name, from, level, flags) \
    ((flags) & 2 ? _PyEval_ImportName(ts, (f)->f_builtins, (f)->f_globals, (f)->f_locals, name, from, level) \
                 : _PyEval_LazyImportName(ts, (f)->f_builtins, (f)->f_globals, (f)->f_locals, name, from, level, (flags) & 1))
#undef IMPORT_FROM_MODULE
#define IMPORT_FROM_MODULE(ts, f, module, name) \
    (PyLazyImport_CheckExact(module) ? _PyEval_LazyImportFrom(ts, f, module, name) : _PyEval_ImportFrom(ts, module, name))
#undef LOCAL_EVENTS
#define LOCAL_EVENTS _PY_MONITORING_UNGROUPED_EVENTS
#undef UNPACKED_ARE_BORROWED
#define UNPACKED_ARE_BORROWED 1
#undef RESUME_UNITS
#define RESUME_UNITS 2
#undef ITER_SLOTS
#define ITER_SLOTS 2

#undef RELEASES_BINARY
#define RELEASES_BINARY(raised) DOWN
#undef RELEASES_SUBSCR
#define RELEASES_SUBSCR(container, key, raised) DOWN
#undef RELEASES_SLICE
#define RELEASES_SLICE DOWN
#undef RELEASES_OLD_ITEM_FIRST
#define RELEASES_OLD_ITEM_FIRST 1
#undef RELEASES_CALLABLE_FIRST
#define RELEASES_CALLABLE_FIRST(is_fast, takes_one, raised) ((is_fast) && !(takes_one) && !(raised))
#undef STORES_AS_DICT
#define STORES_AS_DICT(type) \
    ((type)->tp_as_mapping && (type)->tp_as_mapping->mp_ass_subscript == PyDict_Type.tp_as_mapping->mp_ass_subscript)
#undef BOOL_ERROR
#define BOOL_ERROR(self, result) PyErr_Format(PyExc_TypeError, "%T.__bool__() must return a bool, not %T", self, result)
#undef MERGE_KEYWORDS
#define MERGE_KEYWORDS(dict, mapping, twice) _PyDict_MergeUniq(dict, mapping, twice)
#undef KEYWORDS_ERROR
#define KEYWORDS_ERROR(ts, callable, mapping, twice) _PyEval_FormatKwargsError(ts, callable, mapping, twice)
