/* inner_loop.c: a loop in an inlined callee, closed inside the trace.
 *
 * A callee's loop has a root trace of its own, but that one lives in the callee's own frame, and ours is virtual. So the trace that
 * followed the call ends in the loop itself:
 *
 *     caller's code, call, first turn | LOOP, PHI*, second turn, JUMP_LOOP
 *
 * The first turn is recorded with what the caller passed (often constants); back at the header the slots that hold ints or floats are
 * made PHIs, and the second turn is recorded with these. Nothing is copied, so nothing that the first turn knew of the values can slip
 * into the loop; what it knew of memory is forgotten, as the turn to come may write. Exits of the loop lead on through the return into
 * the caller, and by side traces back to the caller's loop.
 *
 * Only the callee's own slots can change from turn to turn: no other frame's code runs. Those that hold objects must come back as
 * they were. What is borrowed gets a reference of its own before the loop, lest the turn take one each time it comes round. */
#include "recorder.h"
#include <string.h>

/* A slot whose value may vary: its content, or REF_NONE. Small ints are shared objects: made again, they are the same. */
static Ref varying(Recorder *R, const Slot *s)
{
    if (s->ref == REF_NONE)
        return REF_NONE;
    if (builder_is_sunk(&R->b, s->ref))
        return builder_content(&R->b, s->ref);
    PyObject *o = IS_CONST(s->ref) ? rec_object(R, s->ref) : NULL;
    if (!o || !PyLong_CheckExact(o) || !_PyLong_IsCompact((PyLongObject *)o))
        return REF_NONE;
    Py_ssize_t v = _PyLong_CompactValue((PyLongObject *)o);
    return v >= -_PY_NSMALLNEGINTS && v < _PY_NSMALLPOSINTS ? rec_int(R, v) : REF_NONE;
}

/* A frame below holds the same sunk object: it stays that one, and may not vary. */
static int is_held_below(Recorder *R, Ref ref)
{
    for (int i = 0; i < R->n_frames - 1; i++)
        for (int k = 0; k < R->frames[i].n_locals + R->frames[i].depth; k++)
            if (R->frames[i].slots[k].ref == ref)
                return 1;
    return 0;
}

/* What a slot that held `was` becomes when its content is the PHI. */
static UopCode sink_of(Recorder *R, Ref was, Ref phi)
{
    if (!IS_CONST(was) && R->t->uops[was].op == UOP_SINK_TAGGED)
        return UOP_SINK_TAGGED;
    return ref_kind(R->t, phi) == KIND_FLOAT ? UOP_SINK_FLOAT : UOP_SINK_INT;
}

static int n_slots(Recorder *R) { return TOP_FRAME(R)->n_locals + TOP_FRAME(R)->depth; }

static void own_borrowed(Recorder *R)
{
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < R->frames[i].n_locals + R->frames[i].depth; k++) {
            Slot *s = &R->frames[i].slots[k];
            if (s->own != OWN_BORROWED || s->ref == REF_NONE || builder_is_sunk(&R->b, s->ref) ||
                (IS_CONST(s->ref) && rec_is_kept(R, s->ref)))
                continue;
            rec_emit(R, UOP_INCREF, s->ref, REF_NONE, REF_NONE, 0);
            s->own = OWN_TRACE;
            R->snap = -1;
        }
}

static int below(Recorder *R) { return (int)(TOP_FRAME(R)->slots - R->slots); }

static void open_loop(Recorder *R, Header *h)
{
    own_borrowed(R);
    memcpy(R->inner_below, R->slots, sizeof *R->slots * (size_t)below(R));
    Slot *slots = TOP_FRAME(R)->slots;
    int n = n_slots(R);
    Ref sunk[MAX_INNER], was[MAX_INNER];
    if (n > MAX_INNER)
        rec_abort(R, ABORT_STACK);
    rec_count(R);
    R->t->loop = rec_append(R, UOP_LOOP, REF_NONE, 0, SNAP_NONE);
    for (int i = 0; i < n; i++) {
        Ref content = varying(R, &slots[i]);
        was[i] = slots[i].ref;
        sunk[i] = REF_NONE;
        if (content == REF_NONE || (builder_is_sunk(&R->b, was[i]) && is_held_below(R, was[i])))
            continue;
        int first = 0;      /* slots that share an object share a PHI */
        while (first < i && (was[first] != was[i] || sunk[first] == REF_NONE))
            first++;
        if (first < i) {
            sunk[i] = sunk[first];
            continue;
        }
        int is_float = ref_kind(R->t, content) == KIND_FLOAT;
        sunk[i] = rec_append(R, is_float ? UOP_PHI_FLOAT : UOP_PHI_INT, content, 0, SNAP_NONE);
        R->vals[sunk[i]] = rec_value(R, content);
    }
    for (int i = 0; i < n; i++) {
        if (sunk[i] == REF_NONE)
            continue;
        int first = 0;
        while (was[first] != was[i] || sunk[first] == REF_NONE)
            first++;
        slots[i].own = OWN_BORROWED;
        slots[i].ref = first < i ? slots[first].ref : rec_emit(R, sink_of(R, was[i], sunk[i]), sunk[i], REF_NONE, REF_NONE, 0);
    }
    builder_forget(&R->b, ~0u);
    R->snap = -1;
    R->inner = h;
    R->inner_frames = R->n_frames;
    for (int i = 0; i < n; i++)
        R->inner_slots[i] = slots[i];
}

/* The PHI of a slot at LOOP, or NULL: it may not vary. */
static Uop *phi_of(Recorder *R, const Slot *head)
{
    if (head->ref == REF_NONE || !builder_is_sunk(&R->b, head->ref))
        return NULL;
    Ref content = builder_content(&R->b, head->ref);
    return content > R->t->loop && !IS_CONST(content) ? &R->t->uops[content] : NULL;
}

static void close_loop(Recorder *R)
{
    const Slot *slots = TOP_FRAME(R)->slots;
    int n = n_slots(R);
    for (int i = 0; i < R->n_frames - 1; i++)
        for (int k = 0; k < R->frames[i].n_locals + R->frames[i].depth; k++) {
            const Slot *s = &R->frames[i].slots[k], *head = &R->inner_below[s - R->slots];
            if (s->own != head->own || (s->ref != head->ref && s->own != OWN_MEMORY))
                rec_abort(R, ABORT_UNSTABLE);
        }
    for (int i = 0; i < n; i++) {
        const Slot *head = &R->inner_slots[i], *s = &slots[i];
        Uop *phi = phi_of(R, head);
        if (!phi) {
            if (s->ref != head->ref || s->own != head->own)
                rec_abort(R, ABORT_UNSTABLE);
            continue;
        }
        Ref content = varying(R, s);
        if (content == REF_NONE || ref_kind(R->t, content) != ref_kind(R->t, phi->a) || (phi->b != REF_NONE && phi->b != content))
            rec_abort(R, ABORT_UNSTABLE);
        phi->b = content;
    }
    for (int i = 0; i < n; i++)     /* one object in two slots at the end, and only then, is one at the head */
        for (int k = i + 1; k < n; k++)
            if ((phi_of(R, &R->inner_slots[i]) || phi_of(R, &R->inner_slots[k])) &&
                (slots[i].ref == slots[k].ref) != (R->inner_slots[i].ref == R->inner_slots[k].ref))
                rec_abort(R, ABORT_UNSTABLE);
    rec_count(R);
    R->snap = -1;
    int32_t snap = R->b.snapshot(R);
    rec_append(R, UOP_JUMP_LOOP, REF_NONE, 0, SNAP_NONE);
    rec_stop(R, RECORD_LINK, ABORT_NONE, snap);
}

/* The loop is left in the turn that was to become the loop. */
void rec_must_not_leave(Recorder *R)
{
    if (!R->inner)
        return;
    /* A loop that follows into what it calls is never made here, and one that is known to have few turns had too many to record them all:
     * its function is called. */
    if (R->n_frames > R->inner_frames || R->inner->few)
        R->frames[R->inner_frames - 1].info->no_inline = R->learned = 1;
    /* What it calls returns: that is no loop to be made here either, but says nothing of its turns. */
    R->inner->few |= R->n_frames <= R->inner_frames;
    rec_abort(R, ABORT_LEFT_LOOP);
}

void rec_inner_loop(Recorder *R, Header *h)
{
    if (!R->inner)
        open_loop(R, h);
    else if (R->inner == h && R->inner_frames == R->n_frames)
        close_loop(R);
    else
        rec_abort(R, ABORT_INNER_LOOP);
}
