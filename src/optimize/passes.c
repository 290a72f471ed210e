/* passes.c: text -> one pass -> text, for tests/pass/.
 *
 *     build, build_plain   every uop through the builder, as the recorder gives them; without folding
 *     loop                 the built text is a recording that came back to its header in the state of its last snapshot: opt_loop
 *     dce                  opt_dce
 *     print, verify        nothing; what ir_verify says
 *
 * What goes into dce, and whatever comes out, is verified. */
#include "optimize.h"
#include "passes.h"
#include "../ir/config.h"
#include "../ir/text.h"
#include "../ir/verify.h"
#include <stdlib.h>
#include <string.h>

/* ---- a text through the builder ---- */

typedef struct { const Trace *from; Builder b; Trace *t; Ref *map; int32_t *snaps; int32_t snap; } Rebuild;

static Ref mapped(Rebuild *r, Ref ref)
{
    if (ref == REF_NONE)
        return REF_NONE;
    if (!IS_CONST(ref))
        return r->map[ref];
    return trace_const_copy(r->t, &r->from->consts[~ref]);
}

/* The builder asks: the snapshot of the uop in hand, each copied once. */
static int32_t copy_snapshot(void *arg)
{
    Rebuild *r = arg;
    if (r->snap < 0 || r->snaps[r->snap] >= 0)
        return r->snap < 0 ? SNAP_NONE : r->snaps[r->snap];
    const Snapshot *s = &r->from->snaps[r->snap];
    int32_t snap = trace_add_snapshot(r->t);
    for (int i = 0; i < s->n_frames; i++) {
        SnapFrame f = r->from->snap_frames[s->first_frame + i];
        f.func = mapped(r, f.func);
        trace_add_snap_frame(r->t, f);
    }
    for (int i = 0; i < s->n_slots; i++) {
        SnapSlot slot = r->from->snap_slots[s->first_slot + i];
        slot.ref = mapped(r, slot.ref);
        trace_add_snap_slot(r->t, slot);
    }
    return r->snaps[r->snap] = snap;
}

static void rebuild_uop(Rebuild *r, Ref ref)
{
    const Trace *from = r->from;
    const Uop *u = &from->uops[ref];
    Trace *t = r->t;
    r->snap = u->snap;
    int64_t imm = u->imm == (int64_t)(uintptr_t)from ? (int64_t)(uintptr_t)t
                  : u->imm == (int64_t)(uintptr_t)&from->valid ? (int64_t)(uintptr_t)&t->valid : u->imm;
    if (!(uop_info[u->op].effects & EFFECT_META)) {
        r->map[ref] = build(&r->b, (UopCode)u->op, mapped(r, u->a), mapped(r, u->b), mapped(r, u->c), imm, SNAP_AUTO);
        return;
    }
    r->map[ref] = trace_append(t, (UopCode)u->op, mapped(r, u->a), u->b == REF_NONE || u->b < ref ? mapped(r, u->b) : u->b, REF_NONE, imm,
                               copy_snapshot(r));
    if (u->op == UOP_START)
        t->start = r->map[ref];
    else if (u->op == UOP_LOOP)
        t->loop = r->map[ref];
}

/* 0 when memory runs out. The builder's facts stay for the caller. A guard that cannot hold ends it there, in EXIT. */
static int rebuild(Rebuild *r)
{
    const Trace *from = r->from;
    Trace *t = r->t = trace_new(from->code);
    r->map = malloc(sizeof(Ref) * (size_t)(from->n_uops + 1));
    r->snaps = malloc(sizeof(int32_t) * (size_t)(from->n_snaps + 1));
    if (!t || !r->map || !r->snaps || builder_init(&r->b, t, config.max_trace))
        return 0;
    for (int i = 0; i < from->n_uops; i++)
        r->map[i] = REF_NONE;
    for (int i = 0; i < from->n_snaps; i++)
        r->snaps[i] = -1;
    for (int i = 0; from->n_classes && i < from->n_consts; i++)
        if (from->consts[i].is_class)
            mapped(r, ~i);
    r->b.arg = r;
    r->b.snapshot = copy_snapshot;
    t->parent = from->parent;
    t->root = from->root == from ? t : from->root;
    t->header = from->header;
    t->n_bytecodes = from->n_bytecodes;
    for (int i = 0; i < from->n_entry; i++)
        trace_add_entry(t, from->entry[i]);
    Ref ref = 0;
    for (; ref < from->n_uops && !r->b.contradiction && !r->b.failed; ref++)
        rebuild_uop(r, ref);
    if (r->b.contradiction)
        trace_append(t, UOP_EXIT, REF_NONE, REF_NONE, REF_NONE, 0, copy_snapshot(r));
    for (int i = t->loop + 1; t->loop != REF_NONE && i < t->n_uops; i++)
        if ((t->uops[i].op == UOP_PHI_OBJ || t->uops[i].op == UOP_PHI_INT || t->uops[i].op == UOP_PHI_FLOAT) && t->uops[i].b >= i)
            t->uops[i].b = mapped(r, t->uops[i].b);
    for (int i = 0; i < from->n_link_args && !r->b.contradiction; i++)
        trace_add_link_arg(t, mapped(r, from->link_args[i]));
    return !r->b.failed && !t->failed;
}

static void end_rebuild(Rebuild *r)
{
    builder_free(&r->b);
    free(r->map);
    free(r->snaps);
}

/* ---- the passes ---- */

static Trace *pass_build(const Trace *from, int fold)
{
    Rebuild r = {.from = from};
    int before = config.optimize;
    config.optimize = fold;
    int good = rebuild(&r);
    config.optimize = before;
    end_rebuild(&r);
    if (good)
        return r.t;
    trace_free(r.t);
    return NULL;
}

#define MAX_TEXT_SLOTS 64

/* Who owns what at the header, from the snapshot taken there: what it does not mention is in memory. */
static int slots_of(const Trace *t, int32_t snap, Slot *slots)
{
    static const uint8_t own[] = {[HOW_OWNED] = OWN_TRACE, [HOW_BORROWED] = OWN_BORROWED, [HOW_LENT] = OWN_BORROWED,
                                  [HOW_MEMORY] = OWN_MEMORY, [HOW_KEEP] = OWN_BORROWED, [HOW_NULL] = OWN_NULL};
    const Snapshot *s = &t->snaps[snap];
    const SnapFrame *at = &t->snap_frames[s->first_frame];
    int n = at->code->co_nlocalsplus + at->depth;
    for (int i = 0; i < MAX_TEXT_SLOTS; i++)
        slots[i] = (Slot){.ref = REF_NONE, .own = OWN_MEMORY};
    for (int i = 0; i < s->n_slots; i++) {
        const SnapSlot *slot = &t->snap_slots[s->first_slot + i];
        if (slot->how != HOW_DROP && slot->slot >= 0 && slot->slot < MAX_TEXT_SLOTS)
            slots[slot->slot] = (Slot){.ref = slot->ref, .own = own[slot->how], .written = slot->how == HOW_MEMORY};
    }
    return n;
}

static int at_most(const Trace *t, int slots)
{
    for (int i = 0; i < t->n_uops; i++)
        if (uop_info[t->uops[i].op].imm == IMM_SLOT && t->uops[i].imm >= slots)
            return 0;
    return 1;
}

static Trace *pass_loop(const Trace *from, const Parsed *facts, const char **why)
{
    Rebuild r = {.from = from};
    Slot slots[MAX_TEXT_SLOTS];
    Trace *t = NULL;
    AbortReason reason;
    *why = "a recording has a START with a snapshot";
    if (from->n_snaps > 0 && from->start != REF_NONE && from->uops[from->start].snap >= 0 && rebuild(&r)) {
        r.snap = from->n_snaps - 1;
        Recording recording = {.end = RECORD_LOOP, .trace = r.t, .builder = &r.b, .slots = slots, .snap = copy_snapshot(&r)};
        recording.n_slots = slots_of(r.t, recording.snap, slots);
        for (int i = 0; i < facts->n_types; i++)
            builder_set_type(&r.b, mapped(&r, facts->types[i].ref), facts->types[i].type);
        for (int i = 0; i < r.t->n_uops; i++)
            recording.escaped |= (uop_info[r.t->uops[i].op].effects & EFFECT_ESCAPE) != 0;
        int fits = recording.n_slots <= MAX_TEXT_SLOTS && at_most(r.t, MAX_TEXT_SLOTS);
        if (fits)
            t = opt_loop(&recording, &reason);
        *why = !fits ? "too many slots" : t ? NULL : abort_name[reason];
    }
    end_rebuild(&r);
    trace_free(r.t);
    return t;
}

/* ---- text in, text out ---- */

static PyObject *printed(const Trace *t, const char *title)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return PyErr_NoMemory();
    ir_print(out, t, title);
    const char *why;
    Ref where;
    if (!ir_verify(t, &why, &where))
        fprintf(out, "wrong: %s: %s\n", where == REF_NONE ? "trace" : uop_info[t->uops[where].op].name, why);
    fclose(out);
    PyObject *result = PyUnicode_FromStringAndSize(text, (Py_ssize_t)size);
    free(text);
    return result;
}

static Trace *parse(const char *text, Parsed *p)
{
    Trace *t = ir_parse(text, p);
    if (!t)
        PyErr_Format(PyExc_ValueError, "line %d: %s", p->line, p->reason);
    return t;
}

PyObject *pass_print(const char *text)
{
    Parsed p;
    Trace *t = parse(text, &p);
    if (!t)
        return NULL;
    char *buffer = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&buffer, &size);
    if (out) {
        ir_print(out, t, p.title);
        fclose(out);
    }
    trace_free(t);
    PyObject *result = buffer ? PyUnicode_FromStringAndSize(buffer, (Py_ssize_t)size) : PyErr_NoMemory();
    free(buffer);
    return result;
}

PyObject *pass_verify(const char *text)
{
    Parsed p;
    Trace *t = parse(text, &p);
    if (!t)
        return NULL;
    const char *why;
    Ref where;
    PyObject *result = ir_verify(t, &why, &where) ? Py_NewRef(Py_None)
                       : where == REF_NONE ? PyUnicode_FromString(why)
                       : PyUnicode_FromFormat("%%%d %s: %s", where, uop_info[t->uops[where].op].name, why);
    trace_free(t);
    return result;
}

PyObject *pass_run(const char *name, const char *text)
{
    Parsed p;
    Trace *from = parse(text, &p), *t = NULL;
    if (!from)
        return NULL;
    const char *why = "no memory";
    Ref where;
    PyObject *result = NULL;
    if (strcmp(name, "dce") == 0 && !ir_verify(from, &why, &where)) {
        PyErr_Format(PyExc_ValueError, "input: %s: %s", where == REF_NONE ? "trace" : uop_info[from->uops[where].op].name, why);
        trace_free(from);
        return NULL;
    }
    if (strcmp(name, "dce") == 0)
        opt_dce(t = from);
    else if (strcmp(name, "build") == 0 || strcmp(name, "build_plain") == 0)
        t = pass_build(from, name[5] == 0);
    else if (strcmp(name, "loop") == 0)
        t = pass_loop(from, &p, &why);
    else
        why = "no such pass: build, build_plain, loop or dce";
    if (t)
        result = printed(t, name);
    else
        PyErr_SetString(PyExc_ValueError, why);
    if (t != from)
        trace_free(t);
    trace_free(from);
    return result;
}
