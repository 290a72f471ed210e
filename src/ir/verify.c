/* verify.c: does a trace keep the rules?
 *
 * One walk over the uops in order, as they would be executed. Beside the rules of form (ir.h) it follows references: for each object
 * how many of its references the trace holds at this point.
 *
 *     +1  a `new` result, an INCREF, an owned value of the parent's exit (side traces)
 *     -1  a `steal` operand
 *
 *  1. Nothing is given away that the trace does not hold.
 *  2. Where the trace can leave, the snapshot hands over exactly what it holds: owned slots and drops.
 *  3. At its end nothing is left; a turn of the loop leaves what it found.
 *
 * Not counted: NULL and immortal constants and bools, whose counting the builder leaves out; a value that is known to be NULL; what
 * comes from operand stack memory, which the trace owns only once it is popped, and then may count up to one. What keeps a borrowed
 * object alive cannot be seen here: the recorder knows it alone. */
#include "text.h"
#include "source.h"
#include "verify.h"
#include <setjmp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTED, UNCOUNTED, POPPED };    /* POPPED: from the operand stack's memory */

typedef struct {
    const Trace *t;
    Ref at;                     /* the uop in hand */
    int32_t n;                  /* values: uops, then constants */
    int32_t *held;              /* by value: references that the trace holds */
    int32_t *given;             /* by value: handed over by the snapshot in hand */
    int32_t *held_at_loop;
    int result_left;            /* of the last SEND or the like: nobody has taken it, and nothing else can have written it */
    uint8_t *counting;          /* by value */
    uint8_t *snap_checked;
    uint64_t args;              /* bit n: ARG n is there for the next call */
    char why[200];
    jmp_buf stop;
} Verify;

_Noreturn __attribute__((format(printf, 2, 3))) static void wrong(Verify *v, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(v->why, sizeof v->why, format, args);
    va_end(args);
    longjmp(v->stop, 1);
}
#define REQUIRE(v, condition, ...) do { if (!(condition)) wrong(v, __VA_ARGS__); } while (0)

static const char *const kind_name[] = {"nothing", "an object", "an int", "a float"};

static int is_phi(UopCode op) { return op == UOP_PHI_OBJ || op == UOP_PHI_INT || op == UOP_PHI_FLOAT; }
static int is_param(UopCode op) { return op == UOP_PARAM_OBJ || op == UOP_PARAM_INT || op == UOP_PARAM_FLOAT; }
static int is_sunk(const Verify *v, Ref ref) { return !IS_CONST(ref) && (uop_info[v->t->uops[ref].op].effects & EFFECT_SUNK); }
static int is_iterator_sunk(UopCode op) { return op == UOP_SINK_RANGE || op == UOP_SINK_INDEX; }
static int is_slot_sunk(UopCode op) { return op == UOP_SINK_SLOT_FLOAT || op == UOP_SINK_SLOT_INT || is_iterator_sunk(op); }
static int32_t value(const Verify *v, Ref ref) { return IS_CONST(ref) ? v->t->n_uops + ~ref : ref; }

/* ---- refs ---- */

/* Usable here: an existing, living value that stands before uop `before`. */
static void check_ref(Verify *v, Ref ref, Ref before, const char *what)
{
    REQUIRE(v, ref != REF_NONE, "%s is missing", what);
    if (IS_CONST(ref)) {
        REQUIRE(v, ~ref < v->t->n_consts, "%s: there is no such constant", what);
        return;
    }
    REQUIRE(v, ref < before, "%s: %%%d does not stand before its user", what, ref);
    REQUIRE(v, uop_info[v->t->uops[ref].op].result != KIND_NONE, "%s: %%%d has no result", what, ref);
    REQUIRE(v, !v->t->uops[ref].dead, "%s: %%%d is dead", what, ref);
}

static void check_kind(Verify *v, Ref ref, Kind kind, const char *what)
{
    Kind is = ref_kind(v->t, ref);
    REQUIRE(v, is == kind, "%s is %s, not %s", what, kind_name[is], kind_name[kind]);
}

static void check_operands(Verify *v, const Uop *u, const UopInfo *info)
{
    static const char *const names[] = {"operand a", "operand b", "operand c"};
    const Ref operand[3] = {u->a, u->b, u->c};
    for (int i = 0; i < 3; i++) {
        if (i >= info->n_operands) {
            REQUIRE(v, operand[i] == REF_NONE, "%s is one too many", names[i]);
            continue;
        }
        check_ref(v, operand[i], i == 1 && is_phi(u->op) ? v->t->n_uops : v->at, names[i]);
        check_kind(v, operand[i], (Kind)info->operand[i], names[i]);
        if (u->op != UOP_SINK_SET)
            REQUIRE(v, !is_sunk(v, operand[i]), "%s: %%%d is sunk, only snapshots may use it", names[i], operand[i]);
    }
    if (u->op == UOP_SINK_NEW || u->op == UOP_NEW_OBJECT)
        REQUIRE(v, IS_CONST(u->a), "the class of an instance is a constant");
    if (u->op == UOP_SINK_SET) {
        REQUIRE(v, !IS_CONST(u->a) && ir_is_instance(v->t->uops[u->a].op), "%%%d is no instance that is not made yet", u->a);
        REQUIRE(v, IS_CONST(u->b) || !ir_is_instance(v->t->uops[u->b].op), "an attribute that is an instance not made yet");
        int n = 1;
        for (Ref r = u->a; v->t->uops[r].op == UOP_SINK_SET; r = v->t->uops[r].a)
            n++;
        REQUIRE(v, n <= MAX_ATTRIBUTES, "%d attributes of an instance that is not made yet", n);
    }
}

static void check_imm(Verify *v, const Uop *u, const UopInfo *info)
{
    const PyCodeObject *code = v->t->code;
    switch (info->imm) {
    case IMM_SLOT:
        REQUIRE(v, u->imm >= 0 && u->imm < code->co_nlocalsplus + code->co_stacksize, "the entry frame has no slot %lld",
                (long long)u->imm);
        REQUIRE(v, (u->op != UOP_LOAD_TAGGED && u->op != UOP_STORE_TAGGED) || u->imm >= code->co_nlocalsplus,
                "tagged ints are on the operand stack");
        break;
    case IMM_IMM:
        REQUIRE(v, u->imm >= INT32_MIN && u->imm <= UINT32_MAX, "the number does not fit 32 bits");
        REQUIRE(v, u->op != UOP_DIV_POW2 || (u->imm >= 0 && u->imm < 63), "shift out of range");
        break;
    case IMM_WORD:
        REQUIRE(v, u->imm != 0 || ir_calls_any(u->op), "the word is NULL");
        break;
    default:
        break;
    }
}

/* ---- structure ---- */

static void check_place(Verify *v, const Uop *u)
{
    const Trace *t = v->t;
    if (is_param(u->op)) {
        REQUIRE(v, v->at < t->start, "a parameter behind START");
        REQUIRE(v, u->imm == v->at, "this is parameter number %d", v->at);
        if (!t->parent) {
            REQUIRE(v, v->at < t->n_entry, "a parameter without an entry slot");
            REQUIRE(v, t->entry[v->at].kind == uop_info[u->op].result, "the entry slot is of another kind");
        }
    } else
        REQUIRE(v, v->at >= t->start, "only parameters may stand before START");
    if (u->op == UOP_START)
        REQUIRE(v, v->at == t->start, "a second START");
    if (u->op == UOP_LOOP)
        REQUIRE(v, v->at == t->loop, "not the LOOP that the trace knows");
    if (is_phi(u->op)) {
        int before = v->at - 1;
        while (before >= 0 && is_phi(t->uops[before].op))
            before--;
        REQUIRE(v, before >= 0 && t->uops[before].op == UOP_LOOP, "a PHI must stand directly behind LOOP");
    }
    if (ir_is_end(u->op))
        REQUIRE(v, v->at == t->n_uops - 1, "a terminator in the middle");
    if (u->op == UOP_JUMP_LOOP)
        REQUIRE(v, t->loop != REF_NONE, "there is no LOOP to jump to");
}

static void check_whole(Verify *v)
{
    const Trace *t = v->t;
    REQUIRE(v, t->n_uops > 0, "no uops");
    REQUIRE(v, t->start >= 0 && t->start < t->n_uops && t->uops[t->start].op == UOP_START, "no START");
    REQUIRE(v, t->loop == REF_NONE || (t->loop > t->start && t->loop < t->n_uops && t->uops[t->loop].op == UOP_LOOP), "no LOOP");
    const Uop *last = &t->uops[t->n_uops - 1];
    v->at = t->n_uops - 1;
    REQUIRE(v, ir_is_end(last->op) && !last->dead, "the trace does not end in JUMP_LOOP, LINK, EXIT or RETURN");
    REQUIRE(v, t->loop == REF_NONE || last->op == UOP_JUMP_LOOP, "a LOOP but no JUMP_LOOP");
    REQUIRE(v, last->op == UOP_LINK || t->n_link_args == 0, "link arguments without a LINK");
    REQUIRE(v, !t->parent || t->n_entry == 0, "a side trace with entry slots");
    REQUIRE(v, t->parent || t->n_entry == t->start, "%d entry slots for %d parameters", t->n_entry, t->start);
    v->at = REF_NONE;
}

static void check_link(Verify *v, const Uop *u)
{
    const Trace *t = v->t, *target = (const Trace *)(uintptr_t)u->imm;
    REQUIRE(v, t->n_link_args == target->n_entry, "%d link arguments, the target has %d parameters", t->n_link_args, target->n_entry);
    for (int i = 0; i < t->n_link_args; i++) {
        char what[40];
        snprintf(what, sizeof what, "link argument %d", i);
        check_ref(v, t->link_args[i], v->at, what);
        check_kind(v, t->link_args[i], (Kind)target->entry[i].kind, what);
    }
}

/* ---- snapshots ---- */

static const Snapshot *start_snapshot(const Trace *t)
{
    t = t->root;
    return t->start >= 0 && t->start < t->n_uops && t->uops[t->start].snap >= 0 ? &t->snaps[t->uops[t->start].snap] : NULL;
}

/* Entry-frame stack slots that are not mentioned are as on entry: there must have been something. */
static void check_unmentioned(Verify *v, const Snapshot *s, const SnapFrame *entry)
{
    const Snapshot *start = start_snapshot(v->t);
    int known = start ? v->t->root->snap_frames[start->first_frame].depth : entry->depth;
    for (int k = known; k < entry->depth; k++) {
        int i = 0, slot = entry->code->co_nlocalsplus + k;
        while (i < s->n_slots && !(v->t->snap_slots[s->first_slot + i].frame == 0 && v->t->snap_slots[s->first_slot + i].slot == slot))
            i++;
        REQUIRE(v, i < s->n_slots, "snapshot: nothing says what is in stack slot %d", slot);
    }
}

/* Of code that may be gone: what the trace knows of it. One that has been read owns its code. */
static int n_units(const Verify *v, const PyCodeObject *code)
{
    const Source *s = source_of_code(v->t, code);
    return s ? s->n_units : v->t->n_sources && code != v->t->code ? INT_MAX : (int)Py_SIZE(code);
}

static void check_frames(Verify *v, const Snapshot *s)
{
    const SnapFrame *f = &v->t->snap_frames[s->first_frame];
    REQUIRE(v, s->n_frames > 0, "snapshot: no frames");
    REQUIRE(v, f->code == v->t->code && f->func == REF_NONE, "snapshot: the first frame is not the entry frame");
    for (int i = 0; i < s->n_frames; i++) {
        REQUIRE(v, f[i].ip >= 0 && f[i].ip < n_units(v, f[i].code), "snapshot: frame %d has no instruction %d", i, f[i].ip);
        REQUIRE(v, f[i].drop_ip >= -1 && f[i].drop_ip < n_units(v, f[i].code), "snapshot: frame %d has no instruction %d", i, f[i].drop_ip);
        REQUIRE(v, f[i].drop_ip < 0 || i == s->n_frames - 1, "snapshot: frame %d: only the innermost drops", i);
        REQUIRE(v, f[i].depth >= 0 && f[i].depth <= f[i].n_stack, "snapshot: frame %d cannot hold %d values", i, f[i].depth);
        REQUIRE(v, i == s->n_frames - 1 ? f[i].continuation == CONT_PUSH || f[i].continuation >= CONT_SENT : f[i].continuation < CONT_SENT,
                "snapshot: frame %d: CONT_NEXT and CONT_SENT are for the innermost, the others for a caller", i);
        REQUIRE(v, i == s->n_frames - 1 || (f[i].continuation == CONT_ITEM || f[i].continuation == CONT_GIVEN) == (f[i + 1].stand >= 0),
                "snapshot: frame %d: CONT_ITEM and CONT_GIVEN are for who resumes a generator", i);
        REQUIRE(v, f[i].stand < 0 || (i && !f[i].real), "snapshot: frame %d: a generator's is not the entry frame, nor pushed", i);
        if (i > 0) {
            REQUIRE(v, f[i].func != REF_NONE, "snapshot: frame %d has no function", i);
            REQUIRE(v, f[i].real == f[1].real, "snapshot: frame %d: some inlined frames are real, and some are not", i);
        }
    }
    check_unmentioned(v, s, f);
}

/* The reference is the exit's. */
static int hands_over(uint8_t how) { return how == HOW_OWNED || how == HOW_DROP || how == HOW_PLACED; }

static void check_slot_form(Verify *v, const Snapshot *s, const SnapSlot *slot)
{
    const SnapFrame *f = &v->t->snap_frames[s->first_frame];
    REQUIRE(v, slot->frame < s->n_frames, "snapshot: there is no frame %d", slot->frame);
    if (slot->how == HOW_DROP)
        REQUIRE(v, slot->slot == -1 && slot->frame == 0, "snapshot: a drop belongs to no slot");
    else
        REQUIRE(v, slot->slot >= 0 && slot->slot < f[slot->frame].n_locals + f[slot->frame].depth,
                "snapshot: frame %d has no slot %d", slot->frame, slot->slot);
    if (slot->how == HOW_MEMORY || slot->how == HOW_NULL)
        REQUIRE(v, slot->ref == REF_NONE, "snapshot: slot %d has a value, and none", slot->slot);
    if (slot->how == HOW_MEMORY || slot->how == HOW_KEEP)
        REQUIRE(v, slot->frame == 0, "snapshot: slot %d: inlined frames have no memory", slot->slot);
    if (slot->how == HOW_PLACED)
        REQUIRE(v, f[slot->frame].real && slot->slot < f[slot->frame].n_locals, "snapshot: slot %d.%d: placed in a frame that is not real",
                slot->frame, slot->slot);
    for (const SnapSlot *other = slot + 1; slot->how != HOW_DROP && other < &v->t->snap_slots[s->first_slot + s->n_slots]; other++)
        REQUIRE(v, other->slot != slot->slot || other->frame != slot->frame || other->how == HOW_DROP, "snapshot: slot %d.%d twice",
                slot->frame, slot->slot);
}

static void check_slot_value(Verify *v, const Snapshot *s, const SnapSlot *slot)
{
    char what[40];
    snprintf(what, sizeof what, "snapshot: slot %d.%d", slot->frame, slot->slot);
    check_ref(v, slot->ref, v->at, what);
    check_kind(v, slot->ref, KIND_OBJ, what);
    if (hands_over(slot->how))
        REQUIRE(v, !is_sunk(v, slot->ref), "%s: nobody owns a sunk object", what);
    if (slot->how == HOW_KEEP)
        REQUIRE(v, !IS_CONST(slot->ref) && is_slot_sunk(v->t->uops[slot->ref].op) && v->t->uops[slot->ref].imm == slot->slot,
                "%s: to keep is for a SINK_SLOT_*, SINK_RANGE or SINK_INDEX of this slot", what);
    if (is_sunk(v, slot->ref) && is_iterator_sunk(v->t->uops[slot->ref].op))
        REQUIRE(v, slot->how == HOW_KEEP, "%s: an iterator stays where it is", what);
    if (is_sunk(v, slot->ref) && v->t->uops[slot->ref].op == UOP_SINK_TAGGED)
        REQUIRE(v, slot->how == HOW_BORROWED && slot->slot >= v->t->snap_frames[s->first_frame + slot->frame].n_locals,
                "%s: a tagged int belongs to the operand stack", what);
    if (is_sunk(v, slot->ref) && v->t->uops[slot->ref].op == UOP_SINK_RESULT) {
        REQUIRE(v, slot->how == HOW_BORROWED && v->result_left, "%s: a result that is taken already", what);
        return;
    }
    /* A recipe's ingredients. */
    for (Ref ref = slot->ref; is_sunk(v, ref); ref = v->t->uops[ref].a) {
        const Uop *u = &v->t->uops[ref];
        check_ref(v, u->a, ref, what);
        if (uop_info[u->op].n_operands > 1)
            check_ref(v, u->b, ref, what);
    }
}

/* ---- references ---- */

static int is_held(const Verify *v, int32_t i) { return v->counting[i] == COUNTED && v->held[i] > 0; }

static void check_handed_over(Verify *v, const Snapshot *s)
{
    for (int i = 0; i < s->n_slots; i++) {
        const SnapSlot *slot = &v->t->snap_slots[s->first_slot + i];
        if (!hands_over(slot->how))
            continue;
        int32_t k = value(v, slot->ref);
        v->given[k]++;
        REQUIRE(v, v->counting[k] == UNCOUNTED || v->given[k] <= v->held[k],
                "snapshot: hands over a reference to %s%d that the trace does not hold",
                IS_CONST(slot->ref) ? "constant " : "%", IS_CONST(slot->ref) ? ~slot->ref : slot->ref);
    }
    for (int32_t k = 0; k < v->n; k++)
        if (is_held(v, k) && v->given[k] < v->held[k])
            wrong(v, "snapshot: a reference to %s%d is lost when the trace leaves here", k < v->t->n_uops ? "%" : "constant ",
                  k < v->t->n_uops ? k : k - v->t->n_uops);
    for (int i = 0; i < s->n_slots; i++)
        if (v->t->snap_slots[s->first_slot + i].ref != REF_NONE)
            v->given[value(v, v->t->snap_slots[s->first_slot + i].ref)] = 0;
}

static void check_snapshot(Verify *v, const Uop *u)
{
    REQUIRE(v, u->snap < v->t->n_snaps, "there is no snapshot ?%d", u->snap);
    const Snapshot *s = &v->t->snaps[u->snap];
    if (!v->snap_checked[u->snap]) {
        check_frames(v, s);
        for (int i = 0; i < s->n_slots; i++)
            check_slot_form(v, s, &v->t->snap_slots[s->first_slot + i]);
        v->snap_checked[u->snap] = 1;
    }
    for (int i = 1; i < s->n_frames; i++) {
        Ref func = v->t->snap_frames[s->first_frame + i].func;
        check_ref(v, func, v->at, "snapshot: function");
        check_kind(v, func, KIND_OBJ, "snapshot: function");
        REQUIRE(v, !is_sunk(v, func), "snapshot: function is sunk");
    }
    for (int i = 0; i < s->n_slots; i++) {
        const SnapSlot *slot = &v->t->snap_slots[s->first_slot + i];
        if (slot->how != HOW_MEMORY && slot->how != HOW_NULL)
            check_slot_value(v, s, slot);
    }
    check_handed_over(v, s);
}

static int is_bool_guard(const Uop *u)
{
    const void *imm = (const void *)(uintptr_t)u->imm;
    return u->op == UOP_UNBOX_BOOL || (u->op == UOP_GUARD_TYPE && imm == &PyBool_Type) ||
        (u->op == UOP_GUARD_IS && (imm == Py_True || imm == Py_False));
}

/* What lay where uop r stores was known to be a bool: then so is what it takes from there. */
static int replaces_uncounted(const Verify *v, Ref r)
{
    const Uop *u = &v->t->uops[r];
    UopCode load = u->op == UOP_LIST_SWAP ? UOP_LIST_ITEM : u->op == UOP_SWAP_CELL ? UOP_LOAD_CELL : u->op == UOP_STORE_WORD ? UOP_LOAD_WORD
                   : u->op == UOP_SWAP_FIELD ? UOP_LOAD_FIELD : u->op == UOP_SWAP_GEN_SLOT ? UOP_GEN_SLOT
                   : u->op == UOP_SWAP_SLOT || u->op == UOP_TAKE_SLOT ? UOP_LOAD_SLOT : UOP_COUNT;
    for (Ref k = r - 1; k >= 0 && load != UOP_COUNT; k--) {
        const Uop *o = &v->t->uops[k];
        int same = (load == UOP_LOAD_SLOT || load == UOP_LOAD_WORD || o->a == u->a) &&
            (load == UOP_LIST_ITEM ? o->b == u->b : o->imm == u->imm);
        Ref put = load == UOP_LIST_ITEM ? o->c : load == UOP_LOAD_SLOT ? o->a : o->b;
        if (load == UOP_LOAD_SLOT && o->op == UOP_PARAM_OBJ && v->t->param_facts && v->t->param_facts[k].held_by == u->imm + 1 &&
            v->counting[k] == UNCOUNTED)
            return 1;
        if (same && ((o->op == load && v->counting[k] == UNCOUNTED) ||
                     ((o->op == u->op || (load == UOP_LOAD_SLOT && (o->op == UOP_SWAP_SLOT || o->op == UOP_STORE_SLOT))) &&
                      put != REF_NONE && (IS_CONST(put) || put < k) && v->counting[value(v, put)] == UNCOUNTED)))
            return 1;
    }
    return 0;
}

/* Where counting cannot say anything, or starts with something. */
static void init_counts(Verify *v)
{
    const Trace *t = v->t;
    for (int i = 0; i < t->n_consts; i++) {
        const Const *k = &t->consts[i];
        if (k->kind != KIND_OBJ || !k->v.o || k->immortal)
            v->counting[t->n_uops + i] = UNCOUNTED;
    }
    for (Ref r = 0; r < t->n_uops; r++) {
        const Uop *u = &t->uops[r];
        if (u->op == UOP_BOOL_OBJ || (u->op == UOP_PARAM_OBJ && r < t->start && t->param_facts && t->param_facts[r].type == &PyBool_Type))
            v->counting[r] = UNCOUNTED;
        else if (u->op == UOP_TAKE_RESULT && r && t->uops[r - 1].op == UOP_TEST_RESULT)     /* a bool */
            v->counting[r] = UNCOUNTED;
        else if ((u->op == UOP_LOAD_SLOT && u->imm >= t->code->co_nlocalsplus) || u->op == UOP_GEN_STACK) {
            v->counting[r] = POPPED;
            v->held[r] = 1;
        } else if (is_bool_guard(u) && u->a != REF_NONE && !IS_CONST(u->a) && u->a < r)
            v->counting[u->a] = UNCOUNTED;
    }
    for (Ref r = 0; r < t->n_uops; r++)
        if (replaces_uncounted(v, r))
            v->counting[r] = UNCOUNTED;
}

typedef struct { Verify *v; int n; const Snapshot *s; const Trace *parent; } Arrived;

static void arrived(void *arg, Ref leaf)
{
    Arrived *a = arg;
    Ref param = a->n++;
    if (param >= a->v->t->start)
        return;
    for (int i = 0; i < a->s->n_slots; i++) {
        const SnapSlot *slot = &a->parent->snap_slots[a->s->first_slot + i];
        a->v->held[param] += slot->ref == leaf && (slot->how == HOW_OWNED || slot->how == HOW_DROP);
    }
}

static void constants_arrived(Verify *v, const Trace *parent, const Snapshot *s)
{
    for (int i = 0; i < s->n_slots; i++) {
        const SnapSlot *slot = &parent->snap_slots[s->first_slot + i];
        if (!IS_CONST(slot->ref) || slot->ref == REF_NONE || (slot->how != HOW_OWNED && slot->how != HOW_DROP))
            continue;
        for (int k = 0; k < v->t->n_consts; k++)
            if (v->t->consts[k].kind == KIND_OBJ && v->t->consts[k].v.o == parent->consts[~slot->ref].v.o)
                v->held[v->t->n_uops + k]++;
    }
}

/* A side trace holds what its parent's exit would have handed over. */
static void init_params(Verify *v)
{
    const Trace *t = v->t;
    const Trace *parent = t->parent ? t->parent->trace : NULL;
    if (!parent) {
        for (int32_t k = 0; t->parent && k < v->n; k++)     /* a text: nobody knows what it came with */
            if (k < t->start || k >= t->n_uops)
                v->counting[k] = UNCOUNTED;
        return;
    }
    Arrived a = {.v = v, .s = &parent->snaps[t->parent->snap], .parent = parent};
    trace_snapshot_leaves(parent, a.s, arrived, &a);
    constants_arrived(v, parent, a.s);
    v->at = t->start;
    REQUIRE(v, a.n == t->start, "%d parameters, the parent's exit has %d values", t->start, a.n);
}

static void consume(Verify *v, const Uop *u, const UopInfo *info)
{
    const Ref operand[3] = {u->a, u->b, u->c};
    for (int i = 0; i < info->n_operands; i++) {
        if (!(info->steal & 1 << i))
            continue;
        int32_t k = value(v, operand[i]);
        REQUIRE(v, v->held[k] > 0 || v->counting[k] == UNCOUNTED, "consumes a reference that the trace does not hold");
        v->held[k]--;
    }
}

static void produce(Verify *v, const Uop *u, const UopInfo *info)
{
    if (u->op == UOP_INCREF)
        v->held[value(v, u->a)]++;
    if (info->is_new)
        v->held[v->at]++;
    if (u->op == UOP_GUARD_NULL)
        v->counting[value(v, u->a)] = UNCOUNTED;
}

static void check_end(Verify *v, const Uop *u)
{
    for (int32_t k = 0; k < v->n; k++) {
        int32_t expected = u->op == UOP_JUMP_LOOP ? v->held_at_loop[k] : 0;
        int popped = v->counting[k] == POPPED && (u->op != UOP_JUMP_LOOP || k > v->t->loop);
        if (v->counting[k] == UNCOUNTED || v->held[k] == expected || popped || u->op == UOP_EXIT)
            continue;
        wrong(v, "%d references to %s%d are left over%s", v->held[k] - expected, k < v->t->n_uops ? "%" : "constant ",
              k < v->t->n_uops ? k : k - v->t->n_uops, u->op == UOP_JUMP_LOOP ? " in each turn" : "");
    }
}

/* Between what gives a result and what takes it. */
static int may_stand_before_taking(int op)
{
    return uop_info[op].effects & EFFECT_SUNK || op == UOP_GUARD_YIELDED || op == UOP_GUARD_RETURNED || op == UOP_GUARD_BOXED ||
        op == UOP_TAKE_RESULT || op == UOP_RANGE_SYNC || op == UOP_INDEX_SYNC;
}

static void check_arguments(Verify *v, const Uop *u)
{
    if (u->op == UOP_ARG || u->op == UOP_GIVE) {
        REQUIRE(v, u->imm >= 0 && u->imm < N_ARGS, "no such argument");
        v->args |= 1ull << u->imm;
    } else if (u->op == UOP_PUSH_FRAME) {
        const Const *code = IS_CONST(u->b) ? &v->t->consts[~u->b] : NULL;
        REQUIRE(v, code && code->type == &PyCode_Type, "pushes a frame of unknown code");
        const PyCodeObject *pushed = (const PyCodeObject *)code->v.o;
        const Source *s = source_of_code(v->t, pushed);
        int n = s ? s->n_locals : v->t->n_sources ? 0 : pushed->co_nlocalsplus;
        REQUIRE(v, n <= N_ARGS && u->imm >= 0 && u->imm < n_units(v, pushed), "no such frame");
        for (int i = 0; i < n; i++)
            REQUIRE(v, v->args >> i & 1, "there is no ARG %d", i);
        v->args = 0;
    } else if (u->op == UOP_CALL_GIVEN) {
        REQUIRE(v, IS_CONST(u->a) && v->t->consts[~u->a].v.i >= 0 && v->t->consts[~u->a].v.i <= N_ARGS,
                "a call with an unknown number of arguments");
        for (int i = 0; i < v->t->consts[~u->a].v.i; i++)
            REQUIRE(v, v->args >> i & 1, "there is no ARG %d", i);
        v->args = 0;
    } else if (u->op == UOP_RESUME_GEN || u->op == UOP_SEND_GEN) {
        REQUIRE(v, !v->args, "arguments for a generator");
    } else if (u->op == UOP_INVOKE) {
        REQUIRE(v, (v->args & (v->args + 1)) == 0, "an ARG is missing");        /* how many there are the Invoked says, which may be gone */
        v->args = 0;
    } else if (ir_calls_any(u->op)) {
        REQUIRE(v, u->imm >= 0 && u->imm <= N_ARGS, "too many arguments");
        for (int i = 0; i < u->imm; i++)
            REQUIRE(v, v->args >> i & 1, "there is no ARG %d", i);
        v->args = 0;
    } else if (u->op == UOP_TAKE_RESULT || ir_takes(u->op)) {
        Ref before = v->at - 1;
        while (before > v->t->start && (v->t->uops[before].dead || may_stand_before_taking(v->t->uops[before].op)))
            before--;
        int op = v->t->uops[before].op;
        REQUIRE(v, ir_gives(op) || (v->t->parent && before == v->t->start), "is not behind an INVOKE");
    } else if (u->op == UOP_FALL_BACK || u->op == UOP_TEST_RESULT) {
        int op = v->at ? v->t->uops[v->at - 1].op : UOP_COUNT;
        REQUIRE(v, op == UOP_INVOKE || (op == UOP_FALL_BACK && u->op == UOP_TEST_RESULT), "is not behind an INVOKE");
    } else if (u->op == UOP_TAKE_ARG) {
        int before = v->at ? v->t->uops[v->at - 1].op : UOP_COUNT;
        REQUIRE(v, u->imm >= 0 && u->imm < N_ARGS, "no such argument");
        int leaves = before == UOP_GET_METHOD || before == UOP_CALL_GIVEN || before == UOP_DICT_VALUES || before == UOP_TAKE_ARG;
        REQUIRE(v, leaves, "is not behind what leaves arguments");
    } else if (u->op == UOP_NEW_GEN || u->op == UOP_VECTORCALL || u->op == UOP_CALL_KW || u->op == UOP_LEAF_VECTORCALL ||
               u->op == UOP_NEW_TUPLE || u->op == UOP_NEW_LIST || u->op == UOP_NEW_DICT || u->op == UOP_NEW_STRING) {
        REQUIRE(v, u->imm >= 0 && u->imm <= N_ARGS, "too many arguments");
        for (int i = 0; i < u->imm; i++)
            REQUIRE(v, v->args >> i & 1, "there is no ARG %d", i);
        v->args = 0;
    }
}

/* ---- the walk ---- */

static void check_uop(Verify *v)
{
    const Uop *u = &v->t->uops[v->at];
    const UopInfo *info = &uop_info[u->op];
    check_operands(v, u, info);
    check_imm(v, u, info);
    check_place(v, u);
    if (info->exit != EXIT_NONE)
        REQUIRE(v, u->snap >= 0, "can leave, but has no snapshot");
    else
        REQUIRE(v, u->snap < 0 || u->op == UOP_START, "cannot leave, but has a snapshot");
    if (info->exit == EXIT_ERROR)       /* what it consumes is gone when it raises */
        consume(v, u, info);
    if (u->snap >= 0)
        check_snapshot(v, u);
    if (info->effects & EFFECT_ESCAPE || u->op == UOP_TAKE_RESULT || u->op == UOP_TAKE_INT || u->op == UOP_TAKE_FLOAT)
        v->result_left = ir_gives(u->op);
    check_arguments(v, u);
    if (info->exit != EXIT_ERROR)
        consume(v, u, info);
    produce(v, u, info);
    if (u->op == UOP_LINK)
        check_link(v, u);
    if (u->op == UOP_LOOP)
        memcpy(v->held_at_loop, v->held, sizeof *v->held * (size_t)v->n);
    if (ir_is_end(u->op))
        check_end(v, u);
}

static int check_all(Verify *v)
{
    if (setjmp(v->stop))
        return 0;
    for (v->at = 0; v->at < v->t->n_uops; v->at++)
        REQUIRE(v, v->t->uops[v->at].op < UOP_COUNT, "no such uop");
    v->at = REF_NONE;
    check_whole(v);
    init_counts(v);
    init_params(v);
    for (v->at = 0; v->at < v->t->n_uops; v->at++)
        if (!v->t->uops[v->at].dead)
            check_uop(v);
    return 1;
}

int ir_verify(const Trace *t, const char **why, Ref *where)
{
    static char text[200];      /* guarded by the GIL */
    size_t n = (size_t)(t->n_uops + t->n_consts), snaps = (size_t)t->n_snaps;
    Verify *v = calloc(1, sizeof *v + 3 * sizeof(int32_t) * n + n + snaps);
    if (!v)
        return 1;
    v->t = t;
    v->n = (int32_t)n;
    v->result_left = t->parent != NULL;
    v->held = (int32_t *)(v + 1);
    v->given = v->held + n;
    v->held_at_loop = v->given + n;
    v->counting = (uint8_t *)(v->held_at_loop + n);
    v->snap_checked = v->counting + n;
    int good = check_all(v);
    if (!good) {
        memcpy(text, v->why, sizeof text);
        *why = text;
        *where = v->at;
    }
    free(v);
    return good;
}

void ir_verify_or_die(const Trace *t, const char *pass)
{
    const char *why;
    Ref where;
    if (ir_verify(t, &why, &where))
        return;
    ir_print_marked(stderr, t, pass, where, why);
    fprintf(stderr, "copypatch: wrong after %s: %s%s\n", pass, where == REF_NONE ? "" : "the marked uop: ", why);
    fflush(stderr);
    Py_FatalError("copypatch: the verifier found a wrong trace");
}
