/* called.c: C calls a function ── its `vectorcall` ──► native code
 *
 * sorted(key=f), map(f, ...), an operator that a class defines, a callback: a quarter of all calls. The interpreter would be entered anew
 * for each of them, and its event be sent; through the field `vectorcall` (cpython/function.h) native code is called instead, at a third of
 * that.
 *
 *     function starts, called from C ──► called_from_c(): its code is wanted; when there is some, the door is opened
 *     C calls ──► door() ── arguments as the code expects them ──► driver_call()
 *                    └─ no code, other arguments, somebody watches ──► as without us
 *
 *  1. The door is a matter of the function, what it leads to one of its code: new functions of the code get it when they are made.
 *  2. The interpreter comes here too, by a CALL that is not specialized, where it would not have used C stack. Where little of that is left
 *     the door is closed, for good: it pushes a frame the next time. */
#include "called.h"
#include "../cpython/call.h"
#include "../cpython/cstack.h"
#include "../cpython/function.h"
#include "../cpython/parameters.h"
#include "../cpython/watch.h"
#include "../ir/clock.h"
#include "../ir/config.h"
#include "arming.h"
#include "compile.h"
#include "driver.h"
#include "heat.h"
#include "judge.h"

#define APART __attribute__((noinline))
#define SPREAD 8        /* calls by CALL_FUNCTION_EX before the door is closed */

/* The native code that calls of func may come to now; NULL: they go to the interpreter. */
static inline CodeInfo *native(PyThreadState *ts, const PyFunctionObject *func)
{
    CodeInfo *info = codeinfo_native(func);
    return info && !info->door.closed && driver_may_call(ts, info) ? info : NULL;
}

/* The last of n arguments by name. */
static inline size_t n_positional(size_t n, PyObject *names) { return n - (names ? (size_t)PyTuple_GET_SIZE(names) : 0); }

static int call_natively(PyThreadState *ts, PyFunctionObject *func, PyObject *const *args, size_t n, PyObject *names, PyObject **result)
{
    CodeInfo *info = native(ts, func);
    PyObject *arranged[N_ARGS];
    if (!info)
        return 0;
    if (!cpy_is_plain_call(func, n, names)) {
        if (!cpy_arrange(func, args, n_positional(n, names), names, arranged))
            return 0;
        for (size_t i = 0; i < n; i++)          /* not the last reference */
            Py_DECREF(args[i]);
        args = arranged;
    }
    *result = driver_call(ts, info, func, args, 1);
    Py_DECREF(func);
    return 1;
}

/* The interpreter's CALL: the operands are the callee's. */
static APART PyObject *call_with_operands(PyThreadState *ts, PyFunctionObject *func, FrameSlot *operands, size_t kept, size_t n,
                                          PyObject *names)
{
    PyObject *few[N_ARGS + 1], **array = n <= N_ARGS ? few : PyMem_New(PyObject *, n + 1), *result;
    if (!array)
        return PyErr_NoMemory();
    if (!cstack_has_room(ts))
        cpy_close_door(func);
    PyObject **args = array + 1;
    for (size_t i = 0; i < n; i++)
        args[i] = i < kept ? Py_NewRef((PyObject *)slot_object(&operands[i])) : cpy_take_operand(&operands[i]);
    Py_INCREF(func);
    if (!call_natively(ts, func, args, n, names, &result))
        result = cpy_call_in_frame(ts, func, args, n, names);
    if (array != few)
        PyMem_Free(array);
    return result;
}

/* In native code, as C calls: one of the levels of C recursion is taken, as the interpreter would. */
static inline PyObject *call_from_c(PyThreadState *ts, CodeInfo *info, PyFunctionObject *func, PyObject *const *args, int own)
{
    c_recursion_set(ts, c_recursion_left(ts) - C_RECURSION_OF_FRAME);
    PyObject *result = driver_call(ts, info, func, args, own);
    c_recursion_set(ts, c_recursion_left(ts) + C_RECURSION_OF_FRAME);
    return result;
}

/* A reference to something that has another: gone. What is left can be released once more. */
static inline void let_go(PyObject **place)
{
    Py_DECREF(*place);
    *place = Py_None;
}

/* The interpreter's CALL_FUNCTION_EX: what is in tuple and dict, if nobody else has them, is the callee's. (Where there are names, an array
 * has been made of both.) */
static APART PyObject *call_with_spread(PyThreadState *ts, PyFunctionObject *func, PyObject *tuple, PyObject *dict, PyObject *const *args,
                                        size_t n, PyObject *names)
{
    PyObject **own = PyMem_New(PyObject *, n + 1), *result;
    if (!own)
        return PyErr_NoMemory();
    CodeInfo *info = codeinfo_peek((PyCodeObject *)func->func_code);
    if (!info || ++info->door.spread >= SPREAD) {   /* where the interpreter calls it so this costs more than it saves, and takes C stack */
        if (info)
            info->door.closed = 1;
        cpy_close_door(func);
    }
    for (size_t i = 0; i < n; i++)
        own[i + 1] = Py_NewRef(args[i]);
    for (size_t i = UNPACKED_ARE_BORROWED ? n_positional(n, names) : 0; names && i < n; i++)
        let_go((PyObject **)&args[i]);
    for (Py_ssize_t i = 0; tuple && i < PyTuple_GET_SIZE(tuple); i++)
        let_go(&PyTuple_GET_ITEM(tuple, i));
    if (dict)
        PyDict_Clear(dict);
    Py_INCREF(func);
    if (!call_natively(ts, func, own + 1, n, names, &result))
        result = cpy_call_in_frame(ts, func, own + 1, n, names);
    PyMem_Free(own);
    return result;
}

/* Arguments that have to be arranged; info NULL: no native code, as without us. */
static APART PyObject *call_otherwise(PyThreadState *ts, CodeInfo *info, PyFunctionObject *func, PyObject *const *args, size_t nargs,
                                      PyObject *names)
{
    PyObject *arranged[N_ARGS];
    if (info && cpy_arrange(func, args, (size_t)PyVectorcall_NARGS(nargs), names, arranged))
        return call_from_c(ts, info, func, arranged, 1);
    if (!info && (arming_tool < 0 || ((info = codeinfo_peek((PyCodeObject *)func->func_code)) && info->door.closed)))
        cpy_close_door(func);
    return cpy_plain_vectorcall()((PyObject *)func, args, nargs, names);
}

static APART PyObject *call_on_trial(PyThreadState *ts, CodeInfo *info, PyFunctionObject *func, PyObject *const *args, size_t nargs,
                                     PyObject *names)
{
    int natively = judge_next_is_native(info);
    PyObject *code = Py_NewRef(info->code), *result;
    uint64_t start = clock_ns();
    result = natively ? call_otherwise(ts, info, func, args, nargs, names) : cpy_plain_vectorcall()((PyObject *)func, args, nargs, names);
    judge_took(info, natively, clock_ns() - start);
    Py_DECREF(code);
    return result;
}

static PyObject *door(PyObject *callable, PyObject *const *args, size_t nargs, PyObject *names)
{
    PyThreadState *ts = PyThreadState_Get();
    PyFunctionObject *func = (PyFunctionObject *)callable;
    size_t positional = (size_t)PyVectorcall_NARGS(nargs), n = positional + (names ? (size_t)PyTuple_GET_SIZE(names) : 0);
    size_t kept;
    FrameSlot *operands = cpy_operands_of_call(ts, callable, args, n, &kept);
    if (operands && !cpy_frames_evaluated_by_others(ts))
        return call_with_operands(ts, func, operands, kept, n, names);
    PyObject *tuple, *dict;
    int may_be_spread = names || !(nargs & PY_VECTORCALL_ARGUMENTS_OFFSET);
    if (may_be_spread && cpy_spread_of_call(ts, callable, args, n, names, &tuple, &dict) && !cpy_frames_evaluated_by_others(ts))
        return call_with_spread(ts, func, tuple, dict, args, n, names);
    CodeInfo *info = ts->current_frame ? native(ts, func) : NULL;
    if (info && judge_tries(info))
        return call_on_trial(ts, info, func, args, nargs, names);
    if (!info || !cpy_is_plain_call(func, positional, names))
        return call_otherwise(ts, info, func, args, nargs, names);
    return call_from_c(ts, info, func, args, 0);
}

/* Short functions are entered by nobody else: what they call is not worth the event. */
static void open_door(CodeInfo *info, PyFunctionObject *func)
{
    if (!info->invoked.entry || info->door.closed || arming_tool < 0)
        return;
    cpy_open_door(func);
    if (!heat_is_of_interest(info->code) && !info->recursive && !config.eager)
        info->entry.closed = 1;
}

static void created(PyFunctionObject *func)
{
    CodeInfo *info = codeinfo_peek((PyCodeObject *)func->func_code);
    if (info && info->door.wanted)
        open_door(info, func);
}

void called_from_c(CodeInfo *info, Frame *frame)
{
    if (!cpy_door || !cpy_frame_is_called_by_c(frame) || info->door.closed || !codeinfo_may_invoke(info))
        return;
    PyFunctionObject *func = cpy_frame_function(frame);
    info->door.wanted = 1;
    if (!codeinfo_invoke(info, func))
        return;
    if (!info->invoked.entry)           /* compiled before anybody wanted it so */
        compile_offer(info);
    open_door(info, func);
    cpy_watch_functions(created);
}

void called_set_up(void)
{
    cpy_door = door;
    cpy_call_natively = call_natively;
}
