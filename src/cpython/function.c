/* function.c: the field `vectorcall` of functions, and whose arguments come that way.
 *
 *  1. PyFunction_SetVectorcall() would take the function's version away, which specialized instructions look at: for them nothing is to
 *     change, they push a frame. C comes by the field; and so does an instruction that is not specialized, when it finds there what it does
 *     not know. Then it lets go of the arguments behind the call, and not into the callee's frame: who takes them from its stack leaves
 *     something immortal in their place. (From 3.14 on it has self elsewhere: that one lives until the call is over.)
 *  2. CALL_FUNCTION_EX has a tuple there, and a dict. The same, with what is in them. What it has made the tuple from, if it was none, may
 *     be gone, but stands on the stack still, and the tuple is nowhere: then it keeps a reference to each of its items until the callee
 *     returns.
 *  3. Code can run at an instruction whose call is over: signal handlers, what dies with the operands. What stands on the stack then is
 *     stale. So nothing is taken for an operand that is not the very argument. */
#include "function.h"
#include "cstack.h"
#include "depth.h"
#include "opcodes.h"
#include <sys/mman.h>
#include <unistd.h>

vectorcallfunc cpy_door;

vectorcallfunc cpy_plain_vectorcall(void)
{
    static vectorcallfunc plain;
    if (plain)
        return plain;
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *code = (PyObject *)PyCode_NewEmpty("", "", 0), *globals = PyDict_New(),
        *func = code && globals ? PyFunction_New(code, globals) : NULL;
    if (func)
        plain = ((PyFunctionObject *)func)->vectorcall;
    Py_XDECREF(func);
    Py_XDECREF(globals);
    Py_XDECREF(code);
    PyErr_SetRaisedException(raised);
    return plain;
}

void cpy_open_door(PyFunctionObject *func)
{
    if (cpy_door && func->vectorcall == cpy_plain_vectorcall())
        func->vectorcall = cpy_door;
}

void cpy_close_door(PyFunctionObject *func)
{
    if (func->vectorcall == cpy_door && cpy_door)
        func->vectorcall = cpy_plain_vectorcall();
}

/* ---- new functions ---- */

static void (*on_created)(PyFunctionObject *func);

static int function_event(PyFunction_WatchEvent event, PyFunctionObject *func, PyObject *unused)
{
    (void)unused;
    if (event == PyFunction_EVENT_CREATE)
        on_created(func);
    return 0;
}

/* The last id that is free: programs get those that they get without us. */
void cpy_watch_functions(void (*created)(PyFunctionObject *func))
{
    int ids[FUNC_MAX_WATCHERS], n = 0;
    if (on_created)
        return;
    on_created = created;
    PyObject *raised = PyErr_GetRaisedException();
    while (n < FUNC_MAX_WATCHERS && (ids[n] = PyFunction_AddWatcher(function_event)) >= 0)
        n++;
    for (int i = 0; i < n - 1; i++)
        PyFunction_ClearWatcher(ids[i]);
    PyErr_Clear();
    PyErr_SetRaisedException(raised);
}

/* ---- whose arguments ---- */

/* Of what a frame has called: where the first argument lies if that was by CALL or CALL_KW with n of them. */
static FrameSlot *first_operand(Frame *frame, PyObject *const *args, size_t n)
{
#if CALL_COPIES_OPERANDS
    (void)args;
    int kw = cpy_base_op(frame->instr_ptr->op.code) == CALL_KW;
    return cpy_slots(frame) + FRAME_TOP(frame) - kw - (int)n;
#else
    PyObject *const *stack = (PyObject *const *)cpy_slots(frame) + cpy_frame_code(frame)->co_nlocalsplus;
    return args > stack && args + n <= stack + cpy_frame_code(frame)->co_stacksize ? (FrameSlot *)args : NULL;
#endif
}

FrameSlot *cpy_find_operands(Frame *frame, PyObject *callable, PyObject *const *args, size_t n, size_t *kept)
{
    if (!cpy_frame_is_python(frame))
        return NULL;
    int op = cpy_base_op(frame->instr_ptr->op.code);
    if (op != CALL && op != CALL_KW)
        return NULL;
    size_t arg = frame->instr_ptr->op.arg;
    FrameSlot *first = n == arg || n == arg + 1 ? first_operand(frame, args, n) : NULL;
    if (!first || first - cpy_slots(frame) < cpy_frame_code(frame)->co_nlocalsplus + (n == arg ? 2 : 1))
        return NULL;
    const Obj *before = slot_object(first - 1);
    *kept = CALL_COPIES_OPERANDS && n != arg;
    for (size_t i = 0; CALL_COPIES_OPERANDS && i < n; i++)      /* behind the call, where signals are handled, it stands at the instruction
                                                                 * still */
        if ((PyObject *)slot_object(first + i) != args[i])
            return NULL;
    return (PyObject *)(n == arg ? slot_object(first - 2) : before) == callable && (n != arg || !before) ? first : NULL;
}

/* It stands, or has stood, somewhere on the operand stack. */
static int is_on_stack(Frame *frame, const void *o)
{
    PyCodeObject *code = cpy_frame_code(frame);
    for (int i = code->co_nlocalsplus; i < code->co_nlocalsplus + code->co_stacksize; i++)
        if (cpy_slot(frame, i) == o)
            return 1;
    return 0;
}

/* Nobody else has what is there. */
static int is_alone(const FrameSlot *slot) { return slot_owned(slot) && only_one(slot_owned(slot)); }

/* args are the items of a tuple: they do not lie on the C stack, and what is in front of them says so. */
static PyObject *tuple_of(PyThreadState *ts, PyObject *const *args, size_t n)
{
    PyObject *tuple = (PyObject *)((char *)args - offsetof(PyTupleObject, ob_item));
    return !cstack_has(ts, args) && PyTuple_CheckExact(tuple) && (size_t)Py_SIZE(tuple) == n ? tuple : NULL;
}

/* An object stands there, or did: its first `size` bytes can be read. */
static int is_mapped(const PyObject *o, size_t size)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), first = (uintptr_t)o & -page, end = (uintptr_t)o + size;
    unsigned char there[2];
    return o && (uintptr_t)o % sizeof o == 0 && end - first <= 2 * page && mincore((void *)first, end - first, there) == 0;
}

/* The tuple on the stack that arguments by position, n of them, were taken from; NULL: what stands there is something else, and perhaps
 * gone. */
static PyObject *tuple_at(const FrameSlot *slot, PyObject *const *args, size_t n)
{
    PyObject *o = (PyObject *)slot_object(slot);
    return is_mapped(o, offsetof(PyTupleObject, ob_item) + n * sizeof *args) && PyTuple_CheckExact(o) && (size_t)Py_SIZE(o) == n &&
           memcmp(((PyTupleObject *)o)->ob_item, args, n * sizeof *args) == 0 ? o : NULL;
}

/* The same of the dict that arguments by name were taken from, which nobody else has: CALL_FUNCTION_EX is given a new one. */
static PyObject *dict_at(const FrameSlot *slot, PyObject *const *args, PyObject *names)
{
    PyObject *o = (PyObject *)slot_object(slot), *key, *value;
    Py_ssize_t n = PyTuple_GET_SIZE(names), i = 0, at = 0;
    if (!is_mapped(o, sizeof(PyDictObject)) || !PyDict_CheckExact(o) || !is_alone(slot) || PyDict_GET_SIZE(o) != n)
        return NULL;
    while (i < n && PyDict_Next(o, &at, &key, &value) && key == PyTuple_GET_ITEM(names, i) && value == args[i])
        i++;
    return i == n ? o : NULL;
}

int cpy_spread_of_call(PyThreadState *ts, PyObject *callable, PyObject *const *args, size_t n, PyObject *names, PyObject **tuple,
                       PyObject **dict)
{
    Frame *frame = cpy_frame(ts);
    if (!frame || !n || n > N_ARGS || !cpy_frame_is_python(frame) || cpy_base_op(frame->instr_ptr->op.code) != CALL_FUNCTION_EX ||
        !is_on_stack(frame, callable))
        return 0;
    int has_dict = CALL_EX_HAS_DICT(frame->instr_ptr->op.arg);
    size_t positional = n - (names ? (size_t)PyTuple_GET_SIZE(names) : 0);
#if CALL_COPIES_OPERANDS
    int depth = cpy_frame_depth(frame);
#else
    const CodeInfo *info = codeinfo_get(cpy_frame_code(frame));
    int depth = info ? depth_before(info, cpy_frame_ip(frame)) : -1;
#endif
    const FrameSlot *first = cpy_slots(frame) + cpy_frame_code(frame)->co_nlocalsplus + depth - 3 - has_dict;
    if (depth < 3 + has_dict || (PyObject *)slot_object(first) != callable)
        return 0;
    PyObject *given = names ? tuple_at(first + 2, args, positional) : tuple_of(ts, args, n);
    *dict = names && has_dict ? dict_at(first + 3, args + positional, names) : NULL;
    if (names ? !*dict : !given)
        return 0;
    int on_stack = given == (PyObject *)slot_object(first + 2);
    *tuple = given && (on_stack ? is_alone(first + 2) : only_one((Obj *)given)) ? given : NULL;
    return 1;
}
