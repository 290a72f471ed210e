/* stencils/abi.h and Python.h -> do they agree?
 *
 * Stencils are freestanding and know object layouts from one header of ours. Here the compiler compares each with the real one, and
 * layout_check() compares what we were compiled for with the interpreter that loads us: 3.13 publishes its own offsets for debuggers
 * (_Py_DebugOffsets), and a few live objects are looked at. A list of patch releases would be either too strict or wrong.
 *
 * One build serves every release of a version: a structure may have grown at its end (3.13.5: interpreter state, 3.13.18: thread state),
 * and in the interpreter and runtime states anything may have moved that we do not use. What we do use there lies far behind what is
 * published. In the interpreter state it is looked for as far from the last that is published as in our headers (interp.h), and everywhere
 * it is compared with what the interpreter itself says of it: the names of monitoring tools, a watcher of dicts, constants, the handler of
 * SIGINT, the allocator of objects, the evaluator of frames. */
#include "cpy.h"
#include "interp.h"
#include "iterators.h"
#include "layout.h"
#include "opcodes.h"
#include "internal/pycore_moduleobject.h"
#include "internal/pycore_runtime.h"
#include <dlfcn.h>
#include <signal.h>

#define N_TOOL_IDS 6            /* that sys.monitoring gives out */

static int fits;

#define SAME(ours, field, theirs, real)                                                                                     \
    static_assert(offsetof(ours, field) == offsetof(theirs, real), #ours "." #field " is not " #theirs "." #real);              \
    static_assert(sizeof(((ours *)0)->field) == sizeof(((theirs *)0)->real), #ours "." #field " differs in size")

static_assert(ABI_LAYOUT == LAYOUT, "compiled with the objects of another version: -DABI_LAYOUT");
static_assert(sizeof(FrameSlot) == sizeof(((Frame *)0)->localsplus[0]), "FrameSlot");
SAME(Obj, refcnt, PyObject, ob_refcnt);
SAME(Obj, type, PyObject, ob_type);
SAME(FloatObj, value, PyFloatObject, ob_fval);
SAME(IntObj, tag, PyLongObject, long_value.lv_tag);
static_assert(offsetof(IntObj, digit) == offsetof(PyLongObject, long_value.ob_digit), "IntObj.digit");
static_assert(sizeof(digit) == sizeof(uint32_t) && PyLong_SHIFT == 30, "digits of 30 bits");
static_assert(_PyLong_NON_SIZE_BITS == 3, "IntObj.tag: digits << 3 | sign");
static_assert(sizeof(SmallInt) == sizeof(PyLongObject) && N_SMALL_NEGATIVE <= _PY_NSMALLNEGINTS && N_SMALL <= _PY_NSMALLPOSINTS,
              "SmallInt");
SAME(ListObj, size, PyListObject, ob_base.ob_size);
SAME(ListObj, item, PyListObject, ob_item);
SAME(TupleObj, size, PyTupleObject, ob_base.ob_size);
SAME(TupleObj, item, PyTupleObject, ob_item);
SAME(BytesObj, item, PyBytesObject, ob_sval);
SAME(BytesObj, size, PyBytesObject, ob_base.ob_size);
SAME(TupleObj, size, PyASCIIObject, length);    /* TUPLE_LEN */
SAME(RangeIter, start, _PyRangeIterObject, start);
SAME(RangeIter, step, _PyRangeIterObject, step);
SAME(RangeIter, left, _PyRangeIterObject, len);
SAME(ValuesHead, capacity, PyDictValues, capacity);
SAME(ValuesHead, size, PyDictValues, size);
SAME(ValuesHead, valid, PyDictValues, valid);
_Static_assert(sizeof(ValuesHead) == offsetof(PyDictValues, values), "inline values");
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
SAME(DictObj, version_tag, PyDictObject, DICT_VERSION_TAG);
SAME(DictObj, keys, PyDictObject, ma_keys);
SAME(FunctionObj, version, PyFunctionObject, func_version);
SAME(FunctionObj, fields[FUNC_GLOBALS], PyFunctionObject, func_globals);
SAME(FunctionObj, fields[FUNC_BUILTINS], PyFunctionObject, func_builtins);
SAME(FunctionObj, fields[FUNC_DEFAULTS], PyFunctionObject, func_defaults);
SAME(FunctionObj, fields[FUNC_KEYWORD_DEFAULTS], PyFunctionObject, func_kwdefaults);
SAME(FunctionObj, fields[FUNC_CLOSURE], PyFunctionObject, func_closure);
SAME(ModuleObj, dict, PyModuleObject, md_dict);
SAME(TypeObj, version_tag, PyTypeObject, tp_version_tag);
SAME(CodeObj, numbers[CODE_FLAGS], PyCodeObject, co_flags);
static_assert(CODE_OPTIMIZED == CO_OPTIMIZED, "co_flags");
SAME(BuiltinObj, ml, PyCFunctionObject, m_ml);
SAME(FrameHead, executable, Frame, f_executable);
SAME(FrameHead, previous, Frame, previous);
SAME(FrameHead, function, Frame, f_funcobj);
SAME(FrameHead, globals, Frame, f_globals);
SAME(FrameHead, builtins, Frame, f_builtins);
SAME(FrameHead, locals, Frame, f_locals);
SAME(FrameHead, frame_object, Frame, frame_obj);
SAME(FrameHead, ip, Frame, instr_ptr);
SAME(FrameHead, top, Frame, FRAME_TOP_FIELD);
SAME(FrameHead, return_offset, Frame, return_offset);
SAME(FrameHead, owner, Frame, owner);
SAME(FrameHead, slot, Frame, localsplus);
SAME(HandledError, value, _PyErr_StackItem, exc_value);
SAME(HandledError, previous, _PyErr_StackItem, previous_item);
SAME(GenObj, error, PyGenObject, gi_exc_state);
SAME(GenObj, state, PyGenObject, gi_frame_state);
static_assert(offsetof(GenObj, frame) == offsetof(PyGenObject, gi_iframe), "GenObj.frame");
static_assert(FRAME_OWNED_BY_GENERATOR == 1 && FRAME_CREATED < FRAME_EXECUTING && FRAME_SUSPENDED_YIELD_FROM < FRAME_EXECUTING,
              "GenObj.state");
static_assert(FRAME_OWNED_BY_THREAD == 0 && sizeof(((PyThreadState *)0)->py_recursion_remaining) == sizeof(int32_t), "INVOKE");

static const char *odd_offset(void)
{
    const _Py_DebugOffsets *d = &_PyRuntime.debug_offsets;
    const struct { uint64_t theirs, ours; const char *what; } offsets[] = {
        { d->interpreter_frame.size, sizeof(Frame), "frame" },
        { d->interpreter_frame.previous, offsetof(Frame, previous), "frame.previous" },
        { d->interpreter_frame.executable, offsetof(Frame, f_executable), "frame.f_executable" },
        { d->interpreter_frame.instr_ptr, offsetof(Frame, instr_ptr), "frame.instr_ptr" },
        { d->interpreter_frame.localsplus, offsetof(Frame, localsplus), "frame.localsplus" },
        { d->interpreter_frame.owner, offsetof(Frame, owner), "frame.owner" },
        { d->thread_state.next, offsetof(PyThreadState, next), "thread state.next" },
        { d->thread_state.interp, offsetof(PyThreadState, interp), "thread state.interp" },
        { d->thread_state.current_frame, offsetof(PyThreadState, current_frame), "thread state.current_frame" },
        { d->thread_state.thread_id, offsetof(PyThreadState, thread_id), "thread state.thread_id" },
        { d->thread_state.datastack_chunk, offsetof(PyThreadState, datastack_chunk), "thread state.datastack_chunk" },
        { d->code_object.localsplusnames, offsetof(PyCodeObject, co_localsplusnames), "code.co_localsplusnames" },
        { d->code_object.linetable, offsetof(PyCodeObject, co_linetable), "code.co_linetable" },
        { d->code_object.co_code_adaptive, offsetof(PyCodeObject, co_code_adaptive), "code.co_code_adaptive" },
        { d->pyobject.ob_type, offsetof(PyObject, ob_type), "object.ob_type" },
        { d->type_object.tp_flags, offsetof(PyTypeObject, tp_flags), "type.tp_flags" },
        { d->tuple_object.ob_item, offsetof(PyTupleObject, ob_item), "tuple.ob_item" },
        { d->list_object.ob_item, offsetof(PyListObject, ob_item), "list.ob_item" },
        { d->dict_object.ma_keys, offsetof(PyDictObject, ma_keys), "dict.ma_keys" },
        { d->float_object.ob_fval, offsetof(PyFloatObject, ob_fval), "float.ob_fval" },
        { d->long_object.lv_tag, offsetof(PyLongObject, long_value.lv_tag), "int.lv_tag" },
        { d->long_object.ob_digit, offsetof(PyLongObject, long_value.ob_digit), "int.ob_digit" },
#define PUBLISHED_AS(theirs, type, field, what) { theirs, offsetof(type, field), what },
        PUBLISHED(d, PUBLISHED_AS)
    };
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
        if (offsets[i].theirs != offsets[i].ours)
            return offsets[i].what;
    if (d->thread_state.size < sizeof(PyThreadState))
        return "thread state";
    uint64_t end = offsetof(PyInterpreterState, monitoring_tool_names) + sizeof((PyInterpreterState *)0)->monitoring_tool_names;
    if (d->interpreter_state.sysdict > d->interpreter_state.size || (int64_t)d->interpreter_state.size < (int64_t)end + CPY_INTERP_MOVED ||
        CPY_INTERP_MOVED % 8)
        return "interpreter state";
    return NULL;
}

/* sys.monitoring's own word on who has tool id `tool`, compared with where we believe it to be. */
static int tool_name_fits(PyObject *monitoring, int tool)
{
    PyObject *name = PyObject_CallMethod(monitoring, "get_tool", "i", tool),
        *ours = (*CPY_INTERP(PyInterpreterState_Get(), monitoring_tool_names))[tool];
    int same = name && name == (ours ? ours : Py_None);
    Py_XDECREF(name);
    return same;
}

/* The tools' names lie just behind the events of the interpreter (monitors), which we read. A free id is taken for a moment, so that
 * there is a name to find. It is given back by hand: from 3.14 on free_tool_id() makes all code be instrumented anew, at its next call,
 * with 128 bytes for each code object that stay. */
static const char *odd_monitoring(void)
{
    PyObject *monitoring = PySys_GetObject("monitoring"), *name = PyUnicode_FromString("copypatch");
    int good = monitoring && name, taken = -1;
    for (int tool = 0; good && taken < 0 && tool < N_TOOL_IDS; tool++) {
        PyObject *done = PyObject_CallMethod(monitoring, "use_tool_id", "iO", tool, name);
        if (done)
            taken = tool;
        PyErr_Clear();
        Py_XDECREF(done);
    }
    for (int tool = 0; good && tool < N_TOOL_IDS; tool++)
        good = tool_name_fits(monitoring, tool);
    if (taken >= 0 && good)
        Py_CLEAR((*CPY_INTERP(PyInterpreterState_Get(), monitoring_tool_names))[taken]);
    else if (taken >= 0)
        Py_XDECREF(PyObject_CallMethod(monitoring, "free_tool_id", "i", taken));
    PyErr_Clear();
    Py_XDECREF(name);
    return good ? NULL : "interpreter state.monitors";
}

static int no_watcher(PyDict_WatchEvent event, PyObject *dict, PyObject *key, PyObject *value)
{
    (void)event; (void)dict; (void)key; (void)value;
    return 0;
}

/* A watcher is there for a moment. When there is room for none, the other fields have to do. */
static const char *odd_dict_state(void)
{
    int id = PyDict_AddWatcher(no_watcher);
    int good = id < 0 || CPY_INTERP(PyInterpreterState_Get(), dict_state)->watchers[id] == no_watcher;
    if (id >= 0)
        PyDict_ClearWatcher(id);
    PyErr_Clear();
    return good ? NULL : "interpreter state.dict_state";
}

/* sys._jit.is_enabled() or, where there is no such thing, no. */
static const char *odd_own_jit(void)
{
    _Bool *ours = OWN_JIT(PyInterpreterState_Get());
    PyObject *module = PySys_GetObject("_jit");
    PyObject *on = ours && module ? PyObject_CallMethod(module, "is_enabled", NULL) : NULL;
    int theirs = on == Py_True;
    PyErr_Clear();
    Py_XDECREF(on);
    return ours && *(unsigned char *)ours != theirs ? "interpreter state.jit" : NULL;
}

static const char *odd_constants(void)
{
    PyObject *first = cpy_common_constant(0);
    return first && first != PyExc_AssertionError ? "interpreter state.common_consts" : NULL;
}

static const char *odd_allocators(void)
{
    PyMemAllocatorEx theirs;
    PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, &theirs);
    return memcmp(&theirs, &_PyRuntime.allocators.standard.obj, sizeof theirs) ? "runtime state.allocators" : NULL;
}

static PyObject *no_evaluator(PyThreadState *ts, struct _PyInterpreterFrame *frame, int thrown)
{
    (void)ts; (void)frame; (void)thrown;
    return NULL;
}

/* Another one is there for a moment, in which no frame is evaluated. */
static const char *odd_evaluator(void)
{
    PyInterpreterState *interp = PyInterpreterState_Get();
    _PyFrameEvalFunction *at = CPY_INTERP(interp, eval_frame), now = _PyInterpreterState_GetEvalFrameFunc(interp);
    if (now != _PyEval_EvalFrameDefault)
        return *at == now ? NULL : "interpreter state.eval_frame";
    _PyInterpreterState_SetEvalFrameFunc(interp, no_evaluator);
    int good = *at == no_evaluator;
    _PyInterpreterState_SetEvalFrameFunc(interp, now);
    return good ? NULL : "interpreter state.eval_frame";
}

static const char *odd_signals(void)
{
    PyObject *module = PyImport_ImportModule("_signal");
    PyObject *handler = module ? PyObject_CallMethod(module, "getsignal", "i", SIGINT) : NULL,
        *ours = _PyRuntime.signals.handlers[SIGINT].func;
    int same = handler && handler == (ours ? ours : Py_None);
    PyErr_Clear();
    Py_XDECREF(handler);
    Py_XDECREF(module);
    return same ? NULL : "runtime state.signals";
}

/* The current frame and a few objects, seen through our eyes. */
static const char *odd_object(void)
{
    PyThreadState *ts = PyThreadState_Get();
    Frame *frame = cpy_frame(ts);
    if (frame && cpy_frame_is_python(frame)) {
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

/* There is one object of each, in an array. */
static const char *odd_small_ints(void)
{
    PyObject *zero = PyLong_FromLong(0);
    int good = zero != NULL;
    for (long v = -N_SMALL_NEGATIVE; good && v < N_SMALL; v++) {
        PyObject *o = PyLong_FromLong(v);
        good = (char *)o == (char *)zero + v * (long)sizeof(SmallInt);
        Py_XDECREF(o);
    }
    cpy_small_ints = zero;
    Py_XDECREF(zero);
    return good ? NULL : "small ints";
}

const char *layout_check(void)
{
    static char why[160];
    if (Py_Version >> 16 != PY_VERSION_HEX >> 16) {
        snprintf(why, sizeof why, "this build of copypatch is for CPython %d.%d, not %lu.%lu", PY_MAJOR_VERSION, PY_MINOR_VERSION,
                 Py_Version >> 24, Py_Version >> 16 & 255);
        return why;
    }
    if (dlsym(RTLD_DEFAULT, "_Py_stackref_create"))
        return "builds of Python with Py_STACKREF_DEBUG are not supported";
    if (_PyRuntime.debug_offsets.free_threaded)
        return "free-threaded builds of Python are not supported yet";
    if (PyInterpreterState_Get() != PyInterpreterState_Main())
        return "subinterpreters are not supported yet";
    const char *odd = odd_offset();
    const char *(*const looks[])(void) = {
        odd_object, cpy_odd_iterator, odd_monitoring, odd_dict_state, odd_constants, odd_own_jit, odd_signals, odd_allocators,
        odd_evaluator, odd_small_ints,
    };
    for (size_t i = 0; !odd && i < sizeof looks / sizeof *looks; i++)
        odd = looks[i]();
    if (odd) {
        snprintf(why, sizeof why, "this Python was built differently than expected (%s)", odd);
        return why;
    }
    fits = 1;
    return NULL;
}

int layout_fits(void) { return fits; }
