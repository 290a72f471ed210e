/* trace.c: the buffers of a trace.
 *
 * Growable arrays while it is built, nothing shared. A trace that is finished (trace_make_exits) moves into one block of the size it
 * needs, and its arrays wait for the next one: a trace costs one allocation, not a dozen that grow. Whatever the trace refers to by name
 * (object constants, code objects of snapshots) it owns; a finished trace is immutable but for exit counters and links. */
#include "ir.h"
#include "config.h"
#include "room.h"
#include "source.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

Config config = {
    .optimize = 1, .native = 1, .functions = 1, .retire = 1, .gdb = -1, .alias = 1, .code_limit = 64u << 20, .loop_threshold = 128,
    .exit_threshold = 40, .max_trace = 4000, .max_spill = N_SPILL, .max_tree = 200,
#ifdef COPYPATCH_DEBUG
    .verify = 1,
#endif
};

const UopInfo uop_info[UOP_COUNT] = { UOP_TABLE };

/* Makes room for one more element of `size` bytes. Once there was none, nothing more is appended: a trace never has holes. */
static int grow(Trace *t, void **array, int32_t n, int32_t *cap, size_t size)
{
    if (t->failed)
        return -1;
    if (n < *cap)
        return 0;
    int32_t bigger = *cap ? *cap * 2 : 32;
    void *moved = room_grow(t->room, *array, (size_t)n * size, (size_t)bigger * size);
    if (!moved) {
        t->failed = 1;
        return -1;
    }
    *array = moved;
    *cap = bigger;
    return 0;
}
#define GROW(array, n, cap) grow(t, (void **)&(array), (n), &(cap), sizeof *(array))

/* ---- from one trace to the next ---- */

#define ARRAY(name) {offsetof(Trace, name), offsetof(Trace, n_##name), offsetof(Trace, cap_##name), sizeof *((Trace *)0)->name}
static const struct { uint16_t array, n, cap, size; } arrays[] = {
    ARRAY(uops), ARRAY(consts), ARRAY(snaps), ARRAY(snap_frames), ARRAY(snap_slots), ARRAY(link_args), ARRAY(entry),
};
enum { N_ARRAYS = sizeof arrays / sizeof *arrays, N_SPARE = 2 /* a recording and what the optimizer makes of it */,
       KEEP = 128 << 10 /* bytes */ };
#define PLACE(t, k, field, type) (*(type *)((char *)(t) + arrays[k].field))

typedef struct { void *array; int32_t cap; } Buffer;
static Buffer spare[N_SPARE][N_ARRAYS];
static int n_spare;

static void take_buffers(Trace *t)
{
    if (!n_spare)
        return;
    n_spare--;
    for (int k = 0; k < N_ARRAYS; k++) {
        PLACE(t, k, array, void *) = spare[n_spare][k].array;
        PLACE(t, k, cap, int32_t) = spare[n_spare][k].cap;
    }
}

static void give_buffers(Trace *t)
{
    int keep = n_spare < N_SPARE;
    for (int k = 0; k < N_ARRAYS; k++) {
        Buffer b = {PLACE(t, k, array, void *), PLACE(t, k, cap, int32_t)};
        if (!keep || (size_t)b.cap * arrays[k].size > KEEP || room_is_borrowed(t->room, b.array)) {
            room_free(t->room, b.array);
            b = (Buffer){NULL, 0};
        }
        if (keep)
            spare[n_spare][k] = b;
    }
    n_spare += keep;
}

static size_t rounded(size_t size) { return (size + 7) & ~(size_t)7; }

/* The arrays, and room for n exits, as one block. -1 when memory runs out. */
static int settle(Trace *t, int32_t n_exits)
{
    size_t size = rounded((size_t)n_exits * sizeof *t->exits);
    for (int k = 0; k < N_ARRAYS; k++)
        size += rounded((size_t)PLACE(t, k, n, int32_t) * arrays[k].size);
    char *p = malloc(size ? size : 1);
    if (!p)
        return -1;
    Trace built = *t;
    t->block = p;
    t->exits = (Exit *)p;
    t->n_exits = n_exits;
    p += rounded((size_t)n_exits * sizeof *t->exits);
    for (int k = 0; k < N_ARRAYS; k++) {
        int32_t n = PLACE(t, k, n, int32_t);
        if (n)
            memcpy(p, PLACE(t, k, array, void *), (size_t)n * arrays[k].size);
        PLACE(t, k, array, void *) = p;
        PLACE(t, k, cap, int32_t) = n;
        p += rounded((size_t)n * arrays[k].size);
    }
    give_buffers(&built);
    t->room = NULL;
    return 0;
}

Trace *trace_new(PyCodeObject *code)
{
    Trace *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    take_buffers(t);
    t->code = code;
    t->root = t;
    t->start = t->loop = REF_NONE;
    t->valid = 1;
    return t;
}

static int is_class(PyObject *o) { return PyType_Check(o) && ((PyTypeObject *)o)->tp_flags & Py_TPFLAGS_HEAPTYPE; }

/* Functions, classes, modules, dicts and code are borrowed: owning them would close a cycle (they own the code that owns the executor) or
 * put off a death that can be seen, and whoever uses one has guarded that a living owner still has it: the entry frame its globals, a dict
 * value its function, a function of that version its code. */
static int is_owned(PyObject *o)
{
    return !PyFunction_Check(o) && !PyModule_Check(o) && !PyDict_Check(o) && !PyCode_Check(o) && !is_class(o);
}

/* Of what is not owned, to be shown when it is gone. */
static PyObject *name_of(PyObject *o)
{
    PyObject *name = PyFunction_Check(o) ? ((PyFunctionObject *)o)->func_qualname : PyCode_Check(o) ? ((PyCodeObject *)o)->co_qualname
                     : is_class(o) ? ((PyHeapTypeObject *)o)->ht_qualname : NULL;
    return name && PyUnicode_CheckExact(name) ? Py_NewRef(name) : NULL;
}

static void release_const(const Const *k)
{
    if (k->owned)
        Py_DECREF((PyObject *)k->v.o);
    Py_XDECREF(k->name);
}

void trace_free(Trace *t)
{
    if (!t)
        return;
    for (int i = 0; i < t->n_consts; i++)
        release_const(&t->consts[i]);
    source_clear(t);
    for (int i = 0; i < t->n_exits; i++)
        free(t->exits[i].prepared);
    if (t->block)
        free(t->block);
    else
        give_buffers(t);
    free(t->live);
    free(t->param_facts);
    free(t);
}

Ref trace_append(Trace *t, UopCode op, Ref a, Ref b, Ref c, int64_t imm, int32_t snap)
{
    if (GROW(t->uops, t->n_uops, t->cap_uops))
        return REF_NONE;
    t->uops[t->n_uops] = (Uop){.op = op, .a = a, .b = b, .c = c, .imm = imm, .snap = snap, .exit = -1, .chain = REF_NONE,
                               .where = t->where};
    return t->n_uops++;
}

/* Where one has died another may stand, of another sort: a constant of its own. */
static int is_same(const Const *a, const Const *b)
{
    return a->v.i == b->v.i && a->kind == b->kind && a->owned == b->owned && a->type == b->type && a->is_class == b->is_class;
}

static Ref add_const(Trace *t, Const k)
{
    for (int i = 0; i < t->n_consts; i++)
        if (is_same(&t->consts[i], &k))
            return ~i;
    if (GROW(t->consts, t->n_consts, t->cap_consts))
        return REF_NONE;
    if (k.owned)
        Py_INCREF((PyObject *)k.v.o);
    Py_XINCREF(k.name);
    t->n_classes += k.is_class;
    t->consts[t->n_consts] = k;
    return ~t->n_consts++;
}

Ref trace_const_obj(Trace *t, PyObject *o)
{
    Const k = {.kind = KIND_OBJ, .v.o = (Obj *)o};
    if (!o)
        return add_const(t, k);
    k.owned = (uint8_t)is_owned(o);
    k.immortal = (uint8_t)_Py_IsImmortal(o);
    k.is_class = (uint8_t)is_class(o);
    if (!is_class((PyObject *)Py_TYPE(o)) && !PyModule_Check(o))        /* a module's __class__ can be assigned */
        k.type = Py_TYPE(o);
    k.name = k.owned ? NULL : name_of(o);
    Ref ref = add_const(t, k);
    Py_XDECREF(k.name);
    return ref;
}

Ref trace_const_copy(Trace *t, const Const *k)
{
    Const copy = *k;
    copy.proven = 0;
    return add_const(t, copy);
}

int trace_is_class(const Trace *t, const PyTypeObject *type)
{
    for (int i = 0; t->n_classes && i < t->n_consts; i++)
        if (t->consts[i].is_class && t->consts[i].v.o == (const Obj *)type)
            return 1;
    return 0;
}

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

int32_t trace_max_leaves(const Trace *t, const Snapshot *s)
{
    int32_t n = s->n_frames + 4 * s->n_slots;
    for (int i = 0; i < s->n_slots; i++) {
        Ref ref = t->snap_slots[s->first_slot + i].ref;
        if (!IS_CONST(ref) && ir_is_instance(t->uops[ref].op))
            n += 2 * (MAX_ATTRIBUTES + 1);
    }
    return n;
}

static int32_t add_leaf(const Trace *t, Ref ref, Ref *out, int32_t n)
{
    if (IS_CONST(ref))          /* REF_NONE too */
        return n;
    const UopInfo *info = &uop_info[t->uops[ref].op];
    if (info->effects & EFFECT_SUNK) {
        n = add_leaf(t, t->uops[ref].a, out, n);
        return info->n_operands > 1 ? add_leaf(t, t->uops[ref].b, out, n) : n;
    }
    for (int32_t i = 0; i < n; i++)
        if (out[i] == ref)
            return n;
    out[n] = ref;
    return n + 1;
}

int32_t trace_leaves(const Trace *t, const Snapshot *s, Ref *out)
{
    int32_t n = 0;
    for (int i = 1; i < s->n_frames; i++)       /* the entry frame has no function */
        n = add_leaf(t, t->snap_frames[s->first_frame + i].func, out, n);
    for (const SnapSlot *slot = &t->snap_slots[s->first_slot], *end = slot + s->n_slots; slot < end; slot++)
        if (slot->how != HOW_PLACED)
            n = add_leaf(t, slot->ref, out, n);
    return n;
}

void trace_snapshot_leaves(const Trace *t, const Snapshot *s, void (*visit)(void *arg, Ref ref), void *arg)
{
    Ref leaves[trace_max_leaves(t, s) + 1];
    int32_t n = trace_leaves(t, s, leaves);
    for (int32_t i = 0; i < n; i++)
        visit(arg, leaves[i]);
}

int trace_make_exits(Trace *t)
{
    int n = 0;
    if (t->failed)
        return -1;
    for (int i = 0; i < t->n_uops; i++)
        if (!t->uops[i].dead && t->uops[i].snap >= 0)
            t->uops[i].exit = n++;
    if (settle(t, n))
        return -1;
    int segment = 0, end = 0;       /* of uops up to a WORK, which says what all of them are worth */
    for (int i = 0; i < t->n_uops; i++) {
        Uop *u = &t->uops[i];
        if (i == end) {
            segment = i;
            while (++end < t->n_uops && t->uops[end].op != UOP_WORK)
                ;
        }
        if (u->dead || u->exit < 0)
            continue;
        int64_t work = end < t->n_uops ? t->uops[end].imm * (i - segment) / (end - segment) : 0;
        work = work < INT16_MIN ? INT16_MIN : work > INT16_MAX ? INT16_MAX : work;
        t->exits[u->exit] = (Exit){.trace = t, .snap = u->snap, .uop = i, .error = uop_info[u->op].exit == EXIT_ERROR,
                                   .work = (int16_t)work};
    }
    return 0;
}

int trace_same_place(const Exit *e)
{
    const SnapFrame *here = exit_place(e);
    int same = 0;
    for (const Exit *p = e->trace->parent; p; p = p->trace->parent)
        same += exit_place(p)->code == here->code && exit_place(p)->ip == here->ip;
    return same;
}
