/* code object -> CodeInfo
 *
 * Kept in the code object's co_extra, so it lives and dies with it and is found without a table of ours. (A dictionary keyed by
 * code objects would compare them by value: equal code objects of different functions would share their counters.)
 *
 *  1. Made on first demand: cold code costs nothing.
 *  2. The loop headers are found once, in the base bytecode (no specialization, no instrumentation), ascending.
 *  3. Code without monitoring events has none: it is CPython's own, in read-only memory (the frame between a class call and __init__).
 *  4. Main interpreter only: the co_extra index belongs to one interpreter. */
#include "codeinfo.h"

static Py_ssize_t extra_index = -1;

/* Runs when the code object dies, also while the interpreter ends. */
CodeInfo *codeinfo_armed;

void codeinfo_set_armed(CodeInfo *info, int armed)
{
    if (info->armed == armed)
        return;
    info->armed = (uint8_t)armed;
    if (armed) {
        info->before = NULL;
        info->after = codeinfo_armed;
        if (info->after)
            info->after->before = info;
        codeinfo_armed = info;
        return;
    }
    if (info->after)
        info->after->before = info->before;
    if (info->before)
        info->before->after = info->after;
    else
        codeinfo_armed = info->after;
}

static void codeinfo_free(void *memory)
{
    CodeInfo *info = memory;
    if (!info)
        return;
    codeinfo_set_armed(info, 0);
    for (int i = 0; i < info->n_loops; i++)
        Py_CLEAR(info->loops[i].executor);
    for (int i = 0; i < info->n_retired; i++)
        Py_CLEAR(info->retired[i]);
    PyMem_RawFree(info->retired);
    Py_CLEAR(info->bytes);
    PyMem_RawFree(info->loops);
    PyMem_RawFree(info);
}

int codeinfo_init(void)
{
    if (extra_index >= 0)
        return 0;
    extra_index = PyUnstable_Eval_RequestCodeExtraIndex(codeinfo_free);
    if (extra_index < 0) {
        PyErr_SetString(PyExc_RuntimeError, "copypatch: no co_extra index is left");
        return -1;
    }
    return 0;
}

/* Where the backward jump at `unit` goes to. Jumps count from behind their cache entries. */
static int32_t jump_target(int opcode, int32_t unit, uint32_t oparg)
{
    return unit + 1 + (opcode == JUMP_BACKWARD) - (int32_t)oparg;
}

/* Calls visit for each backward jump, in their order: its target and the jump itself. Cache entries are zero in base bytecode, which is
 * an opcode of no interest, so it is enough to go unit by unit. */
static void each_target(const uint8_t *units, int32_t n_units, void (*visit)(void *arg, int32_t unit, int32_t jump), void *arg)
{
    uint32_t prefix = 0;
    for (int32_t i = 0; i < n_units; i++) {
        int opcode = units[2 * i];
        uint32_t oparg = prefix << 8 | units[2 * i + 1];
        prefix = opcode == EXTENDED_ARG ? oparg : 0;
        if (opcode == JUMP_BACKWARD || opcode == JUMP_BACKWARD_NO_INTERRUPT)
            visit(arg, jump_target(opcode, i, oparg), i);
    }
}

static void count_one(void *arg, int32_t unit, int32_t jump) { (void)unit; (void)jump; ++*(int32_t *)arg; }

/* Insertion into the sorted array; several jumps may have one target (`continue`). */
static void add_loop(void *arg, int32_t unit, int32_t jump)
{
    CodeInfo *info = arg;
    int at = info->n_loops;
    while (at > 0 && info->loops[at - 1].unit > unit)
        at--;
    if (at > 0 && info->loops[at - 1].unit == unit) {
        info->loops[at - 1].end = jump;
        return;
    }
    memmove(&info->loops[at + 1], &info->loops[at], (size_t)(info->n_loops - at) * sizeof(LoopHeader));
    info->loops[at] = (LoopHeader){ .unit = unit, .end = jump };
    info->n_loops++;
}

static CodeInfo *codeinfo_new(PyCodeObject *code)
{
    CodeInfo *info = PyMem_RawCalloc(1, sizeof *info);
    if (!info)
        return NULL;
    info->code = code;
    info->bytes = PyCode_GetCode(code);
    if (!info->bytes)
        goto fail;
    info->units = (const uint8_t *)PyBytes_AS_STRING(info->bytes);
    int32_t n_units = (int32_t)(PyBytes_GET_SIZE(info->bytes) / 2), n_jumps = 0;
    each_target(info->units, n_units, count_one, &n_jumps);
    if (n_jumps) {
        info->has_loop = 1;
        info->loops = PyMem_RawCalloc((size_t)n_jumps, sizeof(LoopHeader));
        if (!info->loops)
            goto fail;
        each_target(info->units, n_units, add_loop, info);
    }
    if (PyUnstable_Code_SetExtra((PyObject *)code, extra_index, info) < 0)
        goto fail;
    return info;
fail:
    PyErr_Clear();
    codeinfo_free(info);
    return NULL;
}

CodeInfo *codeinfo_peek(PyCodeObject *code)
{
    void *info = NULL;
    if (extra_index < 0 || PyUnstable_Code_GetExtra((PyObject *)code, extra_index, &info) < 0)
        return NULL;
    return info;
}

CodeInfo *codeinfo_get(PyCodeObject *code)
{
    if (extra_index < 0 || code->co_flags & CO_NO_MONITORING_EVENTS)
        return NULL;
    CodeInfo *info = codeinfo_peek(code);
    return info ? info : codeinfo_new(code);
}

void codeinfo_retire(CodeInfo *info, LoopHeader *loop)
{
    PyObject **more = PyMem_RawRealloc(info->retired, sizeof *more * (size_t)(info->n_retired + 1));
    if (more) {     /* else it lives for ever */
        info->retired = more;
        info->retired[info->n_retired++] = loop->executor;
    }
    loop->executor = NULL;
    loop->root = NULL;
}

LoopHeader *codeinfo_loop(CodeInfo *info, int32_t unit)
{
    for (int i = 0; i < info->n_loops; i++)
        if (info->loops[i].unit >= unit)
            return info->loops[i].unit == unit ? &info->loops[i] : NULL;
    return NULL;
}
