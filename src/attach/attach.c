/* copypatch.enable(): self-check -> sampler or eager arming -> fork and exit hooks
 *
 * The JIT can be on in the main interpreter of a Python that passes the self-check, nowhere else; importing works everywhere. */
#include "attach.h"
#include "../cpython/codeinfo.h"
#include "../cpython/cstack.h"
#include "../cpython/layout.h"
#include "../cpython/ownjit.h"
#include "../cpython/steady.h"
#include "../cpython/watch.h"
#include "../emit/emit.h"
#include "../execute/call.h"
#include "../ir/clock.h"
#include "../record/record.h"
#include "arming.h"
#include "called.h"
#include "config.h"
#include "events.h"
#include "judge.h"
#include "sampler.h"
#include "stats.h"
#include "warm.h"

static const char *unavailable = "copypatch is not initialized";
static int enabled, hooked, exiting;
static const char *untold;      /* why we would not be told of others' local events; NULL: we are */

static const char *other_jit(void) { return own_jit_is_on() ? "CPython's own JIT is on (PYTHON_JIT=1)" : NULL; }

const char *attach_unavailable(void) { return unavailable ? unavailable : other_jit(); }

/* Why nothing is compiled although it was enabled. */
static const char *problem(void)
{
    const char *reason = arming_problem();
    return reason ? reason : sampler_problem();
}

int attach_is_enabled(void) { return enabled && !problem(); }

const char *attach_off_reason(void)
{
    const char *reason = unavailable ? unavailable : config_off_reason();
    if (!reason)
        reason = other_jit();
    if (!reason)
        reason = untold;
    return reason ? reason : enabled ? problem() : "not enabled";
}

int attach_init(void)
{
    unavailable = layout_check();
    config_read();
    steady_tell(judge_changed);
    return 0;
}

int attach_replace_own_jit(void)
{
    if (unavailable || config_off_reason() || !own_jit_is_on())
        return 0;
    own_jit_switch_off();
    return 1;
}

/* ---- hooks ---- */

static PyObject *before_fork(PyObject *self, PyObject *unused)
{
    (void)self; (void)unused;
    sampler_stop();
    Py_RETURN_NONE;
}

static PyObject *after_fork(PyObject *self, PyObject *unused)
{
    (void)self; (void)unused;
    if (enabled && !exiting && !config.eager)
        sampler_start_later();
    Py_RETURN_NONE;
}

/* Native code may still run in other atexit callbacks and in destructors; only new code is not looked for any more. */
static PyObject *at_exit(PyObject *self, PyObject *unused)
{
    (void)self; (void)unused;
    exiting = 1;
    sampler_stop();
    Py_RETURN_NONE;
}

static PyMethodDef hooks[] = {
    { "before_fork", before_fork, METH_NOARGS, NULL },
    { "after_fork", after_fork, METH_NOARGS, NULL },
    { "at_exit", at_exit, METH_NOARGS, NULL },
};

/* MODULE.NAME(*args, **kwargs); takes over args and kwargs; 0, or -1 with an exception. */
static int call(const char *module, const char *name, PyObject *args, PyObject *kwargs)
{
    PyObject *m = PyImport_ImportModule(module), *function = m ? PyObject_GetAttrString(m, name) : NULL;
    PyObject *result = function && args ? PyObject_Call(function, args, kwargs) : NULL;
    Py_XDECREF(m);
    Py_XDECREF(function);
    Py_XDECREF(args);
    Py_XDECREF(kwargs);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

static int add_hooks(void)
{
    PyObject *f[3] = { 0 };
    int ok = 1;
    for (int i = 0; i < 3; i++)
        ok = (f[i] = PyCFunction_New(&hooks[i], NULL)) && ok;
    ok = ok && call("os", "register_at_fork", PyTuple_New(0),
                    Py_BuildValue("{sOsOsO}", "before", f[0], "after_in_parent", f[1], "after_in_child", f[1])) == 0;
    ok = ok && call("atexit", "register", PyTuple_Pack(1, f[2]), NULL) == 0;
    for (int i = 0; i < 3; i++)
        Py_XDECREF(f[i]);
    return ok ? 0 : -1;
}

/* ---- on and off ---- */

/* Once per process, before anything is recorded: pages are mapped, code memory with the shim in it. */
static void set_up(void)
{
    if (stats.setup_ns)
        return;
    uint64_t start = clock_ns(), begun = clock_thread_ns();
    warm_pages();
    cstack_has_room(PyThreadState_Get());       /* finding the bounds of a stack takes a while */
    record_set_up();
    if (config.native && emit_available()) {
        call_set_up();
        called_set_up();
    }
    stats.setup_ns = clock_ns() - start;
    stats_pause(clock_thread_ns() - begun);
}

int attach_enable(void)
{
    if (attach_unavailable() || config_off_reason() || PyInterpreterState_Get() != PyInterpreterState_Main())
        return 0;
    if (enabled && !problem())
        return 0;
    attach_disable();           /* asked again: what was missing may be there now */
    untold = cpy_tell_local_events(judge_watched);
    if (untold)
        return 0;
    if (!hooked && add_hooks() < 0)
        return -1;
    hooked = 1;
    PyObject *jump = events_jump_callback(), *start = jump ? events_start_callback() : NULL;
    if (start)
        arming_start(jump, start, set_up);
    Py_XDECREF(jump);
    Py_XDECREF(start);
    if (!start)
        return -1;
    enabled = 1;
    if (config.eager && arming_start_eager() < 0) {
        attach_disable();
        return -1;
    }
    if (!config.eager && !exiting)
        sampler_start();
    return 0;
}

void attach_disable(void)
{
    if (!enabled)
        return;
    enabled = 0;
    sampler_stop();
    arming_stop();
}
