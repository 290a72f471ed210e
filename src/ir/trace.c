/* trace.c: the buffers of a trace.
 *
 * Growable arrays, nothing shared, freed as a whole. Whatever the trace refers to by name (object constants, code objects of
 * snapshots) it owns; a finished trace is immutable but for exit counters and links. */
#include "ir.h"
#include "config.h"
#include "source.h"

Config config = {
    .optimize = 1, .native = 1, .gdb = -1, .alias = 1, .code_limit = 64u << 20, .loop_threshold = 400, .exit_threshold = 40, .max_trace = 4000,
#ifdef COPYPATCH_DEBUG
    .verify = 1,
#endif
};

const UopInfo uop_info[UOP_COUNT] = { UOP_TABLE };

/* Makes room for one more element of `size` bytes. */
static int grow(void **array, int32_t n, int32_t *cap, size_t size)
{
    if (n < *cap)
        return 0;
    int32_t bigger = *cap ? *cap * 2 : 32;
    void *moved = PyMem_RawRealloc(*array, (size_t)bigger * size);
    if (!moved)
        return -1;
    *array = moved;
    *cap = bigger;
    return 0;
}
#define GROW(array, n, cap) grow((void **)&(array), (n), &(cap), sizeof *(array))

Trace *trace_new(PyCodeObject *code)
{
    Trace *t = PyMem_RawCalloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->code = code;
    t->root = t;
    t->start = t->loop = REF_NONE;
    t->valid = 1;
    return t;
}

/* Functions, classes, modules and dicts are borrowed: owning them would close a cycle (they own the code that owns the executor), and whoever
 * uses one has guarded by identity that a living owner still has it: the entry frame its globals, a dict value its function. */
static int is_owned(const Const *k)
{
    PyObject *o = (PyObject *)k->v.o;
    return k->kind == KIND_OBJ && o && !PyFunction_Check(o) && !PyModule_Check(o) && !PyDict_Check(o) &&
           !(PyType_Check(o) && ((PyTypeObject *)o)->tp_flags & Py_TPFLAGS_HEAPTYPE);
}

void trace_free(Trace *t)
{
    if (!t)
        return;
    for (int i = 0; i < t->n_consts; i++)
        if (t->consts[i].owned)
            Py_DECREF((PyObject *)t->consts[i].v.o);
    source_clear(t);
    PyMem_RawFree(t->uops);
    PyMem_RawFree(t->consts);
    PyMem_RawFree(t->snaps);
    PyMem_RawFree(t->snap_frames);
    PyMem_RawFree(t->snap_slots);
    PyMem_RawFree(t->link_args);
    PyMem_RawFree(t->entry);
    PyMem_RawFree(t->exits);
    PyMem_RawFree(t->live);
    PyMem_RawFree(t->param_locs);
    PyMem_RawFree(t->marks);
    PyMem_RawFree(t->param_types);
    PyMem_RawFree(t);
}

Ref trace_append(Trace *t, UopCode op, Ref a, Ref b, Ref c, int64_t imm, int32_t snap)
{
    if (GROW(t->uops, t->n_uops, t->cap_uops))
        return REF_NONE;
    t->uops[t->n_uops] = (Uop){.op = op, .a = a, .b = b, .c = c, .imm = imm, .snap = snap, .exit = -1, .chain = REF_NONE, .where = t->where};
    return t->n_uops++;
}

static Ref add_const(Trace *t, Const k)
{
    for (int i = 0; i < t->n_consts; i++)
        if (t->consts[i].kind == k.kind && t->consts[i].v.i == k.v.i)
            return ~i;
    if (GROW(t->consts, t->n_consts, t->cap_consts))
        return REF_NONE;
    k.owned = (uint8_t)is_owned(&k);
    if (k.owned)
        Py_INCREF((PyObject *)k.v.o);
    t->consts[t->n_consts] = k;
    return ~t->n_consts++;
}

Ref trace_const_obj(Trace *t, PyObject *o) { return add_const(t, (Const){.kind = KIND_OBJ, .v.o = (Obj *)o}); }
Ref trace_const_int(Trace *t, int64_t v) { return add_const(t, (Const){.kind = KIND_INT, .v.i = v}); }
Ref trace_const_float(Trace *t, double v) { return add_const(t, (Const){.kind = KIND_FLOAT, .v.f = v}); }

int32_t trace_add_snapshot(Trace *t)
{
    if (GROW(t->snaps, t->n_snaps, t->cap_snaps))
        return -1;
    t->snaps[t->n_snaps] = (Snapshot){.first_frame = t->n_snap_frames, .first_slot = t->n_snap_slots};
    return t->n_snaps++;
}

int trace_add_snap_frame(Trace *t, SnapFrame frame)
{
    if (GROW(t->snap_frames, t->n_snap_frames, t->cap_snap_frames))
        return -1;
    t->snap_frames[t->n_snap_frames++] = frame;
    t->snaps[t->n_snaps - 1].n_frames++;
    return 0;
}

int trace_add_snap_slot(Trace *t, SnapSlot slot)
{
    if (GROW(t->snap_slots, t->n_snap_slots, t->cap_snap_slots))
        return -1;
    t->snap_slots[t->n_snap_slots++] = slot;
    t->snaps[t->n_snaps - 1].n_slots++;
    return 0;
}

int trace_add_link_arg(Trace *t, Ref ref)
{
    if (GROW(t->link_args, t->n_link_args, t->cap_link_args))
        return -1;
    t->link_args[t->n_link_args++] = ref;
    return 0;
}

int trace_add_entry(Trace *t, EntrySlot e)
{
    if (GROW(t->entry, t->n_entry, t->cap_entry))
        return -1;
    t->entry[t->n_entry++] = e;
    return 0;
}

/* ---- leaves ---- */

#define MAX_LEAVES 512
typedef struct { const Trace *t; Ref seen[MAX_LEAVES]; int n; void (*visit)(void *, Ref); void *arg; } Leaves;

static void leaf(Leaves *l, Ref ref)
{
    if (ref == REF_NONE || IS_CONST(ref))
        return;
    const Uop *u = &l->t->uops[ref];
    const UopInfo *info = &uop_info[u->op];
    if (info->effects & EFFECT_SUNK) {
        leaf(l, u->a);
        if (info->n_operands > 1)
            leaf(l, u->b);
        return;
    }
    for (int i = 0; i < l->n; i++)
        if (l->seen[i] == ref)
            return;
    if (l->n < MAX_LEAVES)
        l->seen[l->n++] = ref;
    l->visit(l->arg, ref);
}

void trace_snapshot_leaves(const Trace *t, const Snapshot *s, void (*visit)(void *arg, Ref ref), void *arg)
{
    Leaves l;
    l.t = t; l.n = 0; l.visit = visit; l.arg = arg;
    for (int i = 0; i < s->n_frames; i++)
        leaf(&l, t->snap_frames[s->first_frame + i].func);
    for (int i = 0; i < s->n_slots; i++)
        if (t->snap_slots[s->first_slot + i].how != HOW_PLACED)
            leaf(&l, t->snap_slots[s->first_slot + i].ref);
}

int trace_make_exits(Trace *t)
{
    int n = 0;
    for (int i = 0; i < t->n_uops; i++)
        if (!t->uops[i].dead && t->uops[i].snap >= 0)
            t->uops[i].exit = n++;
    t->exits = PyMem_RawCalloc(n ? n : 1, sizeof *t->exits);
    if (!t->exits)
        return -1;
    t->n_exits = n;
    for (int i = 0; i < t->n_uops; i++) {
        Uop *u = &t->uops[i];
        if (u->dead || u->exit < 0)
            continue;
        t->exits[u->exit] = (Exit){.trace = t, .snap = u->snap, .uop = i, .error = uop_info[u->op].exit == EXIT_ERROR};
    }
    return 0;
}
