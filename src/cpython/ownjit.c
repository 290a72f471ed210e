/* CPython's own JIT -> off
 *
 * Its switch is read when an instruction is specialized: a loop that has been run a few times says in its jump that it is counted for
 * compiling. So the switch is turned, what is compiled is given up by the interpreter's own function, and those instructions are made what
 * they are specialized to when the switch is off. */
#include "ownjit.h"
#include "cpy.h"
#include "interp.h"
#include "layout.h"
#include "opcode.h"

/* `site` is being imported: a sitecustomize or a .pth file runs. The interpreter reads PYTHON_JIT after that. */
static int is_starting(void)
{
    PyObject *modules = PySys_GetObject("modules"), *site = modules && PyDict_Check(modules) ? PyDict_GetItemString(modules, "site") : NULL;
    PyObject *spec = site ? PyObject_GetAttrString(site, "__spec__") : NULL,
        *now = spec ? PyObject_GetAttrString(spec, "_initializing") : NULL;
    int starting = now == Py_True;
    PyErr_Clear();
    Py_XDECREF(spec);
    Py_XDECREF(now);
    return starting;
}

static int will_be_on(void)
{
    const char *text = _Py_GetConfig()->use_environment ? getenv("PYTHON_JIT") : NULL;
    if (!text || !*text || strcmp(text, "0") == 0 || !is_starting())
        return 0;
    PyObject *module = PySys_GetObject("_jit"), *there = module ? PyObject_CallMethod(module, "is_available", NULL) : NULL;
    int on = there == Py_True;
    PyErr_Clear();
    Py_XDECREF(there);
    return on;
}

int own_jit_is_on(void)
{
    _Bool *own = OWN_JIT(PyInterpreterState_Main());
    return layout_fits() && own && (*own || will_be_on());
}

#ifdef JUMP_BACKWARD_JIT
static int without_jit(int op)
{
    switch (op) {
    case JUMP_BACKWARD_JIT: return JUMP_BACKWARD_NO_JIT;
#ifdef RESUME_CHECK_JIT
    case RESUME_CHECK_JIT: return RESUME_CHECK;
#endif
    default: return op;
    }
}

/* This code object, and those in its constants. An instruction's caches come behind it, which may look like any instruction. */
static void respecialize(PyCodeObject *code)
{
    uint8_t *units = (uint8_t *)cpy_code_start(code);
    PyObject *bytes = PyCode_GetCode(code);
    const uint8_t *base = bytes ? (const uint8_t *)PyBytes_AS_STRING(bytes) : NULL;
    for (int i = 0; base && i < cpy_code_units(code); i++)
        if (base[2 * i] == JUMP_BACKWARD || base[2 * i] == RESUME)
            units[2 * i] = (uint8_t)without_jit(units[2 * i]);
    Py_XDECREF(bytes);
    PyErr_Clear();
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(code->co_consts); i++)
        if (PyCode_Check(PyTuple_GET_ITEM(code->co_consts, i)))
            respecialize((PyCodeObject *)PyTuple_GET_ITEM(code->co_consts, i));
}

/* Must not make or free objects that the collector tracks. */
static int respecialize_function(PyObject *o, void *unused)
{
    (void)unused;
    if (PyFunction_Check(o))
        respecialize((PyCodeObject *)((PyFunctionObject *)o)->func_code);
    return 1;
}

void own_jit_switch_off(void)
{
    if (!own_jit_is_on())
        return;
    *OWN_JIT(PyInterpreterState_Main()) = 0;
    Py_XDECREF(PyObject_CallMethod(PyImport_AddModule("sys"), "_clear_internal_caches", NULL));
    PyErr_Clear();
    for (Frame *frame = cpy_frame(PyThreadState_Get()); frame; frame = frame->previous)
        if (cpy_frame_is_python(frame))
            respecialize(cpy_frame_code(frame));
    PyUnstable_GC_VisitObjects(respecialize_function, NULL);
}
#else
void own_jit_switch_off(void) { }
#endif
