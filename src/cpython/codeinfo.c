/* code object -> CodeInfo
 *
 * Kept in a table (codetable.c) from which a code watcher takes it when the code object dies: code objects look as without us.
 *
 *  1. Made on first demand: cold code costs nothing. The watcher is there while the table has entries, or somebody wants to hear of new
 *     code objects; a program without hot code has none. Where CPython has no watcher left, no CodeInfo is made, and codeinfo_problem()
 *     says so.
 *  2. The loop headers are found once, in the base bytecode (no specialization, no instrumentation), ascending; so is the entry: behind the
 *     RESUME that a PY_START event belongs to.
 *  3. Code without monitoring events has none: it is CPython's own, in read-only memory (the frame between a class call and __init__).
 *  4. Main interpreter only; its code objects die in it. Should one die where its watcher does not hear of it (the interpreter's very end,
 *     when all watchers are gone), its address may come back: code objects have a number of their own, co_version, which tells them
 *     apart. */
#include "codeinfo.h"
#include "opcodes.h"
#include "parameters.h"
#include <stdlib.h>

CodeInfo *codeinfo_armed;
static int watcher = -1;
static const char *problem;
static void (*on_created)(PyCodeObject *code);

const char *codeinfo_problem(void) { return problem; }

void codeinfo_set_armed(CodeInfo *info, int armed)
{
    int was = info->armed;
    info->armed = (uint8_t)armed;
    if (!was == !armed)
        return;
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

/* Can run Python code: what traces own is released. */
static void codeinfo_free(CodeInfo *info)
{
    codeinfo_set_armed(info, 0);
    for (int i = 0; i < info->n_loops; i++)
        Py_CLEAR(info->loops[i].executor);
    Py_CLEAR(info->entry.executor);
    for (int i = 0; i < info->n_resumes; i++)
        Py_CLEAR(info->resumes[i].executor);
    for (int i = 0; i < info->n_retired; i++)
        Py_CLEAR(info->retired[i]);
    free(info->retired);
    free(info->resumes);
    free(info->resumed.point);
    free(info->resumed.stand);
    Py_CLEAR(info->bytes);
    free(info->loops);
    free(info);
}

/* ---- the watcher ---- */

static void unwatch_if_idle(void)
{
    if (watcher < 0 || codetable.n || on_created)
        return;
    PyCode_ClearWatcher(watcher);
    PyErr_Clear();
    watcher = -1;
}

/* DESTROY: the code object is whole yet, and alive for the time of the call. CREATE: it is complete, and nobody runs it. */
static int code_event(PyCodeEvent event, PyCodeObject *code)
{
    CodeInfo *info = event == PY_CODE_EVENT_DESTROY ? codetable_find(code) : NULL;
    if (!info && !(event == PY_CODE_EVENT_CREATE && on_created))
        return 0;
    PyObject *exception = PyErr_GetRaisedException();
    if (!info)
        on_created(code);
    for (; info; info = codetable_find(code)) {     /* again: for what is released a new one may have been made */
        codetable_remove(code);
        codeinfo_free(info);
    }
    unwatch_if_idle();
    PyErr_SetRaisedException(exception);
    return 0;
}

/* 0, or -1 with an exception. */
static int watch(void)
{
    if (watcher < 0)
        watcher = PyCode_AddWatcher(code_event);
    problem = watcher < 0 ? "no code watcher is free" : NULL;
    return watcher < 0 ? -1 : 0;
}

int codeinfo_watch_created(void (*created)(PyCodeObject *code))
{
    on_created = created;
    if (created && watch() < 0) {
        on_created = NULL;
        return -1;
    }
    unwatch_if_idle();
    return 0;
}

PyObject *codeinfo_copy(CodeInfo *info)
{
    PyCodeObject *c = info->code, *copy = NULL;
    PyObject *variables = PyCode_GetVarnames(c), *cells = variables ? PyCode_GetCellvars(c) : NULL,
        *free_variables = cells ? PyCode_GetFreevars(c) : NULL;
    void (*created)(PyCodeObject *code) = on_created;
    on_created = NULL;
    if (free_variables)
        copy = PyUnstable_Code_NewWithPosOnlyArgs(c->co_argcount, c->co_posonlyargcount, c->co_kwonlyargcount, c->co_nlocals,
            c->co_stacksize, c->co_flags,
            info->bytes, c->co_consts, c->co_names, variables, free_variables, cells, c->co_filename, c->co_name, c->co_qualname,
            c->co_firstlineno, c->co_linetable, c->co_exceptiontable);
    on_created = created;
    Py_XDECREF(variables);
    Py_XDECREF(cells);
    Py_XDECREF(free_variables);
    return (PyObject *)copy;
}

/* ---- loops ---- */

/* Where the backward jump at `unit` goes to. Jumps count from behind their cache entries. */
static int32_t jump_target(int32_t unit, uint32_t oparg) { return unit + 2 - (int32_t)oparg; }

/* Calls visit for each backward jump of a loop (not for those of `yield from` and `await`, each turn of which yields), in their order: its
 * target and the jump itself. Cache entries are zero in base bytecode, which is an opcode of no interest, so it is enough to go unit by
 * unit. */
static void each_target(const uint8_t *units, int32_t n_units, void (*visit)(void *arg, int32_t unit, int32_t jump), void *arg)
{
    uint32_t prefix = 0;
    for (int32_t i = 0; i < n_units; i++) {
        int opcode = units[2 * i];
        uint32_t oparg = prefix << 8 | units[2 * i + 1];
        prefix = opcode == EXTENDED_ARG ? oparg : 0;
        if (opcode == JUMP_BACKWARD)
            visit(arg, jump_target(i, oparg), i);
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
    memmove(&info->loops[at + 1], &info->loops[at], (size_t)(info->n_loops - at) * sizeof(Header));
    info->loops[at] = (Header){ .unit = unit, .end = jump };
    info->n_loops++;
}

static int is_generator(const PyCodeObject *code) { return (code->co_flags & CO_ANY_GENERATOR) != 0; }

/* What of a function comes behind the making of its cells. NOP: it is no function. */
static Instruction behind_cells(const PyCodeObject *code, const uint8_t *units, int32_t n_units)
{
    Instruction i = {.op = NOP};
    if (!(code->co_flags & CO_OPTIMIZED))
        return i;
    do
        i = cpy_fetch(units, i.next);
    while ((i.op == COPY_FREE_VARS || i.op == MAKE_CELL) && i.next < n_units);
    return i;
}

/* Where a generator stands that has been made and not begun: code unit of a POP_TOP, behind it RESUME. -1: it is something else. */
static int32_t find_beginning(const PyCodeObject *code, const uint8_t *units, int32_t n_units)
{
    Instruction i = is_generator(code) ? behind_cells(code, units, n_units) : (Instruction){.op = NOP};
    if (i.op != RETURN_GENERATOR)
        return -1;
    int32_t at = i.next;
    i = cpy_fetch(units, at);
    return i.op == POP_TOP && cpy_fetch(units, i.next).op == RESUME ? at : -1;
}

/* The yields, or (delegates) those of `yield from` and `await`: calls visit with the code unit of the RESUME behind each. */
static void each_resume(const uint8_t *units, int32_t n_units, int delegates, void (*visit)(void *arg, int32_t unit), void *arg)
{
    for (int32_t at = 0; at < n_units;) {
        Instruction i = cpy_fetch(units, at);
        at = i.next;
        if (i.op == YIELD_VALUE && (i.arg != 0) == delegates && at < n_units && cpy_fetch(units, at).op == RESUME)
            visit(arg, at);
    }
}

static int32_t n_units(const CodeInfo *info) { return (int32_t)(PyBytes_GET_SIZE(info->bytes) / 2); }

static void count_resume(void *arg, int32_t unit) { (void)unit; ++*(int32_t *)arg; }

static void add_resume(void *arg, int32_t unit)
{
    CodeInfo *info = arg;
    info->resumes[info->n_resumes++] = (Header){.unit = cpy_fetch(info->units, unit).next, .end = -1};
}

/* Code unit behind it; -1: there is none. */
static int32_t find_entry(const PyCodeObject *code, const uint8_t *units, int32_t n_units, int32_t beginning)
{
    Instruction i = beginning < 0 ? behind_cells(code, units, n_units) : cpy_fetch(units, cpy_fetch(units, beginning).next);
    return i.op == RESUME ? i.next : -1;
}

int codeinfo_is_new(const CodeInfo *info)
{
    const Header *h = &info->entry;
    if ((info->armed & ARMED_ENTRY) && !h->count && !h->root && !h->failures && !h->retries && !h->disabled && !h->closed)
        return 1;
    Instruction i = behind_cells(info->code, info->units, (int32_t)(PyBytes_GET_SIZE(info->bytes) / 2));
    return i.op == RESUME && _PyCode_CODE(info->code)[i.at].op.code == RESUME;
}

/* NULL: no memory, an exception may be set. */
static CodeInfo *codeinfo_new(PyCodeObject *code)
{
    CodeInfo *info = calloc(1, sizeof *info);
    if (!info)
        return NULL;
    info->code = code;
    info->version = code->co_version;
    info->bytes = PyCode_GetCode(code);
    if (!info->bytes)
        goto fail;
    info->units = (const uint8_t *)PyBytes_AS_STRING(info->bytes);
    int32_t n_units = (int32_t)(PyBytes_GET_SIZE(info->bytes) / 2), n_jumps = 0;
    each_target(info->units, n_units, count_one, &n_jumps);
    info->beginning = find_beginning(code, info->units, n_units);
    info->entry = (Header){.unit = find_entry(code, info->units, n_units, info->beginning), .end = -1};
    int32_t n_resumes = 0;
    if (is_generator(code) && info->entry.unit >= 0)
        each_resume(info->units, n_units, 0, count_resume, &n_resumes);
    if (n_resumes) {
        info->resumes = calloc((size_t)n_resumes, sizeof(Header));
        if (!info->resumes)
            goto fail;
        each_resume(info->units, n_units, 0, add_resume, info);
    }
    if (n_jumps) {
        info->has_loop = 1;
        info->loops = info->recent = calloc((size_t)n_jumps, sizeof(Header));
        if (!info->loops)
            goto fail;
        each_target(info->units, n_units, add_loop, info);
    }
    if (watch() < 0 || codetable_add(code, info) < 0)
        goto fail;
    return info;
fail:
    codeinfo_free(info);
    unwatch_if_idle();
    return NULL;
}

CodeInfo *codeinfo_get(PyCodeObject *code)
{
    if (code->co_flags & CO_NO_MONITORING_EVENTS)
        return NULL;
    CodeInfo *info = codetable_find(code);
    if (info && info->version != code->co_version) {
        codetable_remove(code);
        codeinfo_free(info);
        info = NULL;
    }
    if (info)
        return info;
    PyObject *exception = PyErr_GetRaisedException();
    info = codeinfo_new(code);
    PyErr_SetRaisedException(exception);
    return info;
}

size_t codeinfo_memory(void)
{
    size_t size = codetable.slots ? (codetable.mask + 1) * sizeof *codetable.slots : 0;
    for (size_t i = 0; codetable.slots && i <= codetable.mask; i++) {
        const CodeInfo *info = codetable.slots[i].info;
        if (!info)
            continue;
        size += sizeof *info + (size_t)(info->n_loops + info->n_resumes) * sizeof(Header) + (size_t)info->n_retired * sizeof *info->retired;
        size += sizeof(PyBytesObject) + (size_t)PyBytes_GET_SIZE(info->bytes);
        size += info->resumed.point ? ((size_t)info->n_resumes + 2) * sizeof *info->resumed.point : 0;
    }
    return size;
}

/* The slots of variables that are cells of the code's own. 0: they are too far up. */
static int cell_slots(const PyCodeObject *code, uint64_t *cells)
{
    *cells = 0;
    for (int i = 0; code->co_ncellvars && i < code->co_nlocalsplus; i++)
        if (_PyLocals_GetKind(code->co_localspluskinds, i) & CO_FAST_CELL) {
            if (i >= 64)
                return 0;
            *cells |= 1ull << i;
        }
    return 1;
}

int codeinfo_may_invoke(const CodeInfo *info)
{
    const PyCodeObject *code = info->code;
    uint64_t cells;
    return info->entry.unit >= 0 && !is_generator(code) && cell_slots(code, &cells) && cpy_n_parameters(code) <= N_ARGS;
}

Invoked *codeinfo_invoke(CodeInfo *info, PyFunctionObject *func)
{
    PyCodeObject *code = info->code;
    Invoked *v = &info->invoked;
    if (v->code)
        return (PyObject *)v->globals == func->func_globals && (PyObject *)v->builtins == func->func_builtins &&
            info->invoked_version == func->func_version ? v : NULL;
    if (!codeinfo_may_invoke(info))
        return NULL;
    int n_args = cpy_n_parameters(code);
    *v = (Invoked){.code = (Obj *)code, .ip = cpy_code_start(code) + info->entry.unit, .n_args = n_args,
                   .n_empty = code->co_nlocalsplus - n_args - code->co_nfreevars,
                   .n_free = code->co_nfreevars, .n_words = code->co_framesize, .globals = (Obj *)func->func_globals,
                   .builtins = (Obj *)func->func_builtins};
    cell_slots(code, &v->cells);
    info->invoked_version = func->func_version;
    return v;
}

void codeinfo_retire(CodeInfo *info, Header *h)
{
    PyObject **more = realloc(info->retired, sizeof *more * (size_t)(info->n_retired + 1));
    if (more) {     /* else it lives for ever */
        info->retired = more;
        info->retired[info->n_retired++] = h->executor;
    }
    h->executor = NULL;
    h->root = NULL;
}

static void add_stand(void *arg, int32_t unit)
{
    Stand **next = arg;
    (*next)->ip = cpy_code_start((PyCodeObject *)(*next)->of->code) + unit;
    ++*next;
}

/* The frame of one that is suspended stands in front of the RESUME of `entry` or `resumes`, whose POP_TOP, if it has not begun, it has not
 * executed. */
Resumed *codeinfo_resume(CodeInfo *info, PyFunctionObject *func)
{
    PyCodeObject *code = info->code;
    Resumed *v = &info->resumed;
    if (v->code)
        return (PyObject *)v->globals == func->func_globals && (PyObject *)v->builtins == func->func_builtins &&
            info->resumed_version == func->func_version ? v : NULL;
    int32_t n_delegating = 0;
    each_resume(info->units, n_units(info), 1, count_resume, &n_delegating);
    ResumePoint *point = info->beginning < 0 ? NULL : calloc((size_t)info->n_resumes + 2, sizeof *point);
    Stand *stand = calloc((size_t)(info->n_resumes + n_delegating + 1), sizeof *stand), *next = stand;
    if (!point || !stand) {
        free(point);
        free(stand);
        return NULL;
    }
    point[0].ip = cpy_code_start(code) + info->beginning;
    for (int i = 0; i < info->n_resumes; i++)
        point[i + 1].ip = cpy_code_start(code) + info->resumes[i].unit - RESUME_UNITS;
    for (int i = 0; i < info->n_resumes + n_delegating; i++)
        stand[i] = (Stand){.of = v, .state = i < info->n_resumes ? FRAME_SUSPENDED : FRAME_SUSPENDED_YIELD_FROM};
    *v = (Resumed){.code = (Obj *)code, .globals = (Obj *)func->func_globals, .builtins = (Obj *)func->func_builtins,
                   .point = point, .stand = stand};
    each_resume(info->units, n_units(info), 0, add_stand, &next);
    each_resume(info->units, n_units(info), 1, add_stand, &next);
    info->resumed_version = func->func_version;
    return v;
}

Header *codeinfo_entry_at(CodeInfo *info, int32_t unit)
{
    unit += RESUME_UNITS;
    if (info->entry.unit == unit)
        return &info->entry;
    for (int i = 0; i < info->n_resumes; i++)
        if (info->resumes[i].unit == unit)
            return &info->resumes[i];
    return NULL;
}

Header *codeinfo_header(CodeInfo *info, int i)
{
    int loop = i - 1 - info->n_resumes;
    return i == 0 ? &info->entry : loop < 0 ? &info->resumes[i - 1] : loop < info->n_loops ? &info->loops[loop] : NULL;
}

void **codeinfo_native_entry(CodeInfo *info, const Header *h)
{
    if (!header_is_entry(h))
        return NULL;
    if (info->resumed.code)
        return &info->resumed.point[h == &info->entry ? 0 : h - info->resumes + 1].entry;
    return info->invoked.code ? &info->invoked.entry : NULL;
}

Header *codeinfo_header_of(CodeInfo *info, const struct Trace *root)
{
    Header *h = NULL;
    for (int i = 0; (h = codeinfo_header(info, i)) && h->root != root; i++)
        ;
    return h;
}

int codeinfo_has_loop(PyCodeObject *code)
{
    /* Most samples see the same frames. A code object's version is its own, also when another has its address later. */
    static struct { PyCodeObject *code; uint32_t version; int has_loop; } seen[256];
    CodeInfo *info = codeinfo_peek(code);
    if (info || code->co_flags & CO_NO_MONITORING_EVENTS)
        return info && info->has_loop;
    unsigned at = ((uintptr_t)code >> 4 ^ (uintptr_t)code >> 12) % (sizeof seen / sizeof *seen);
    if (seen[at].code == code && seen[at].version == code->co_version)
        return seen[at].has_loop;
    PyObject *exception = PyErr_GetRaisedException(), *bytes = PyCode_GetCode(code);
    int32_t n_jumps = 0;
    if (bytes)
        each_target((const uint8_t *)PyBytes_AS_STRING(bytes), (int32_t)(PyBytes_GET_SIZE(bytes) / 2), count_one, &n_jumps);
    Py_XDECREF(bytes);
    PyErr_SetRaisedException(exception);
    if (bytes) {
        seen[at].code = code;
        seen[at].version = code->co_version;
        seen[at].has_loop = n_jumps > 0;
    }
    return n_jumps > 0;
}

int codeinfo_in_loop(const CodeInfo *info, int32_t unit)
{
    for (int i = 0; i < info->n_loops && info->loops[i].unit <= unit; i++)
        if (unit <= info->loops[i].end)
            return 1;
    return 0;
}

Header *codeinfo_find_loop(CodeInfo *info, int32_t unit)
{
    int from = 0, to = info->n_loops;
    while (from < to) {
        int middle = (from + to) / 2;
        if (info->loops[middle].unit < unit)
            from = middle + 1;
        else
            to = middle;
    }
    if (from == info->n_loops || info->loops[from].unit != unit)
        return NULL;
    return info->recent = &info->loops[from];
}
