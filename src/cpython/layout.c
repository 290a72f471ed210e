/* stencils/abi.h and Python.h -> do they agree?
 *
 * Stencils are freestanding and know object layouts from one header of ours. Here the compiler compares each with the real one, and
 * layout_check() compares what we were compiled for with the interpreter that loads us: 3.13 publishes its own offsets for debuggers
 * (_Py_DebugOffsets), and a few live objects are looked at. A list of patch releases would be either too strict or wrong. */
#include "cpy.h"
#include "layout.h"
#include "internal/pycore_list.h"
#include "internal/pycore_moduleobject.h"
#include "internal/pycore_range.h"
#include "internal/pycore_runtime.h"
#include "internal/pycore_tuple.h"
#define COPYPATCH_HOSTED
#include "../../stencils/abi.h"

#define SAME(ours, field, theirs, real)                                                                                     \
    static_assert(offsetof(ours, field) == offsetof(theirs, real), #ours "." #field " is not " #theirs "." #real);              \
    static_assert(sizeof(((ours *)0)->field) == sizeof(((theirs *)0)->real), #ours "." #field " differs in size")

SAME(Obj, refcnt, PyObject, ob_refcnt);
SAME(Obj, type, PyObject, ob_type);
SAME(FloatObj, value, PyFloatObject, ob_fval);
SAME(IntObj, tag, PyLongObject, long_value.lv_tag);
static_assert(offsetof(IntObj, digit) == offsetof(PyLongObject, long_value.ob_digit), "IntObj.digit");
static_assert(sizeof(digit) == sizeof(uint32_t) && PyLong_SHIFT == 30, "digits of 30 bits");
static_assert(_PyLong_NON_SIZE_BITS == 3, "IntObj.tag: digits << 3 | sign");
SAME(ListObj, size, PyListObject, ob_base.ob_size);
SAME(ListObj, item, PyListObject, ob_item);
SAME(TupleObj, size, PyTupleObject, ob_base.ob_size);
SAME(TupleObj, item, PyTupleObject, ob_item);
SAME(RangeIter, start, _PyRangeIterObject, start);
SAME(RangeIter, step, _PyRangeIterObject, step);
SAME(RangeIter, left, _PyRangeIterObject, len);
SAME(ListIter, index, _PyListIterObject, it_index);
SAME(ListIter, list, _PyListIterObject, it_seq);
SAME(TupleIter, index, _PyTupleIterObject, it_index);
SAME(TupleIter, tuple, _PyTupleIterObject, it_seq);
SAME(CellObj, content, PyCellObject, ob_ref);
SAME(DictKeys, refcnt, PyDictKeysObject, dk_refcnt);
SAME(DictKeys, log2_size, PyDictKeysObject, dk_log2_size);
SAME(DictKeys, log2_index_bytes, PyDictKeysObject, dk_log2_index_bytes);
SAME(DictKeys, kind, PyDictKeysObject, dk_kind);
SAME(DictKeys, version, PyDictKeysObject, dk_version);
SAME(DictObj, used, PyDictObject, ma_used);
SAME(DictObj, version_tag, PyDictObject, ma_version_tag);
SAME(DictObj, keys, PyDictObject, ma_keys);
SAME(FunctionObj, version, PyFunctionObject, func_version);
SAME(FunctionObj, fields[FUNC_GLOBALS], PyFunctionObject, func_globals);
SAME(FunctionObj, fields[FUNC_BUILTINS], PyFunctionObject, func_builtins);
SAME(FunctionObj, fields[FUNC_DEFAULTS], PyFunctionObject, func_defaults);
SAME(FunctionObj, fields[FUNC_CLOSURE], PyFunctionObject, func_closure);
SAME(ModuleObj, dict, PyModuleObject, md_dict);
SAME(CodeObj, local_events, PyCodeObject, _co_monitoring);
static_assert(offsetof(_PyCoMonitoringData, local_monitors.tools) == 0 && _PY_MONITORING_LOCAL_EVENTS == N_LOCAL_EVENTS, "CodeObj.local_events");
SAME(BuiltinObj, ml, PyCFunctionObject, m_ml);

static const char *odd_offset(void)
{
    const _Py_DebugOffsets *d = &_PyRuntime.debug_offsets;
    const struct { uint64_t theirs, ours; const char *what; } offsets[] = {
        { d->interpreter_frame.previous, offsetof(Frame, previous), "frame.previous" },
        { d->interpreter_frame.executable, offsetof(Frame, f_executable), "frame.f_executable" },
        { d->interpreter_frame.instr_ptr, offsetof(Frame, instr_ptr), "frame.instr_ptr" },
        { d->interpreter_frame.localsplus, offsetof(Frame, localsplus), "frame.localsplus" },
        { d->interpreter_frame.owner, offsetof(Frame, owner), "frame.owner" },
        { d->thread_state.size, sizeof(PyThreadState), "thread state" },
        { d->thread_state.current_frame, offsetof(PyThreadState, current_frame), "thread state.current_frame" },
        { d->thread_state.interp, offsetof(PyThreadState, interp), "thread state.interp" },
        { d->interpreter_state.size, sizeof(PyInterpreterState), "interpreter state" },
        { d->code_object.co_code_adaptive, offsetof(PyCodeObject, co_code_adaptive), "code.co_code_adaptive" },
        { d->pyobject.ob_type, offsetof(PyObject, ob_type), "object.ob_type" },
        { d->tuple_object.ob_item, offsetof(PyTupleObject, ob_item), "tuple.ob_item" },
        { d->list_object.ob_item, offsetof(PyListObject, ob_item), "list.ob_item" },
        { d->dict_object.ma_keys, offsetof(PyDictObject, ma_keys), "dict.ma_keys" },
        { d->float_object.ob_fval, offsetof(PyFloatObject, ob_fval), "float.ob_fval" },
        { d->long_object.lv_tag, offsetof(PyLongObject, long_value.lv_tag), "int.lv_tag" },
        { d->long_object.ob_digit, offsetof(PyLongObject, long_value.ob_digit), "int.ob_digit" },
    };
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
        if (offsets[i].theirs != offsets[i].ours)
            return offsets[i].what;
    return NULL;
}

/* The current frame and a few objects, seen through our eyes. */
static const char *odd_object(void)
{
    PyThreadState *ts = PyThreadState_Get();
    Frame *frame = cpy_frame(ts);
    if (frame && frame->owner != FRAME_OWNED_BY_CSTACK) {
        PyCodeObject *code = cpy_frame_code(frame);
        if (!PyCode_Check(code) || cpy_frame_ip(frame) < 0 || cpy_frame_ip(frame) >= cpy_code_units(code))
            return "the current frame";
    }
    const char *odd = NULL;
    PyObject *big = PyLong_FromLongLong(-(5LL << 30 | 7)), *real = PyFloat_FromDouble(2.5), *list = PyList_New(1);
    if (!big || !real || !list)
        odd = "no memory";
    else {
        const IntObj *i = (IntObj *)big;
        const ListObj *l = (ListObj *)list;
        if (i->tag != (2 << 3 | 2) || i->digit[0] != 7 || i->digit[1] != 5)
            odd = "int";
        else if (((FloatObj *)real)->value != 2.5)
            odd = "float";
        else if (l->size != 1 || l->item != (Obj **)((PyListObject *)list)->ob_item)
            odd = "list";
        else if (!is_immortal((Obj *)Py_None) || is_immortal((Obj *)list))
            odd = "reference counts";
    }
    PyErr_Clear();
    Py_XDECREF(big);
    Py_XDECREF(real);
    Py_XDECREF(list);
    return odd;
}

const char *layout_check(void)
{
    static char why[160];
    if (Py_Version >> 16 != PY_VERSION_HEX >> 16) {
        snprintf(why, sizeof why, "this build of copypatch is for CPython %d.%d, not %lu.%lu", PY_MAJOR_VERSION, PY_MINOR_VERSION,
                 Py_Version >> 24, Py_Version >> 16 & 255);
        return why;
    }
    if (_PyRuntime.debug_offsets.free_threaded)
        return "free-threaded builds of Python are not supported yet";
    if (PyInterpreterState_Get() != PyInterpreterState_Main())
        return "subinterpreters are not supported yet";
    const char *odd = odd_offset();
    if (!odd)
        odd = odd_object();
    if (odd) {
        snprintf(why, sizeof why, "this Python was built differently than expected (%s)", odd);
        return why;
    }
    return NULL;
}
