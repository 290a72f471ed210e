/* locals.c: local variables: loaded, stored, and brought to memory.
 *
 * Memory of the entry frame drops the old object there and then, as CPython does; only an int or float may stay, stale, where a sunk value
 * has taken its place (slots.c). What depends on the old value is guarded before (rec_before_store()), while the instruction can still be
 * tried again. Locals of inlined frames are values of the trace, those of generators as suspended.c has them. */
#include "recorder.h"

Operand rec_local(Recorder *R, int i)
{
    Slot *s = &TOP_FRAME(R)->slots[i];
    if (s->own == OWN_MEMORY && s->ref == REF_NONE) {
        if (TOP_FRAME(R)->stand)
            rec_load_suspended(R, TOP_FRAME(R), s);
        else
            s->ref = rec_emit(R, UOP_LOAD_SLOT, REF_NONE, REF_NONE, REF_NONE, i);
    }
    if (s->own == OWN_NULL)
        return operand(REF_NONE, OWN_NULL);
    return operand(s->ref, OWN_BORROWED);
}

/* What memory of local s holds is an int, float or the like: it may stay there, stale. */
static int stale_is_harmless(Recorder *R, const Slot *s) { return s->ref != REF_NONE && builder_is_harmless(&R->b, s->ref); }

/* Guards that a local of the entry frame needs before it is overwritten by value n of the stack. */
void rec_before_store(Recorder *R, int i, int n)
{
    Slot *s = &TOP_FRAME(R)->slots[i];
    Operand v;
    rec_peek(R, n, &v);
    if (R->n_frames == 1 && !builder_is_sunk(&R->b, v.ref))
        rec_before_overwrite(R, i);
    if ((R->n_frames > 1 && !TOP_FRAME(R)->stand) || s->own != OWN_MEMORY)
        return;
    rec_local(R, i);
    PyObject *old = rec_object(R, s->ref);
    if (!old || !cpy_is_leaf_type(Py_TYPE(old)) || stale_is_harmless(R, s))
        return;
    if (PyLong_CheckExact(old) || PyFloat_CheckExact(old)) {        /* nobody asks which: it may be the other, or unbound, another time */
        rec_emit(R, UOP_GUARD_NUMBER, s->ref, REF_NONE, REF_NONE, PyFloat_CheckExact(old) ? KIND_FLOAT : KIND_INT);
        return;
    }
    rec_emit(R, UOP_GUARD_NOT_NULL, s->ref, REF_NONE, REF_NONE, 0);
    rec_guard_type(R, s->ref);
}

void rec_set_local(Recorder *R, int i, Operand v)
{
    Slot *s = &TOP_FRAME(R)->slots[i];
    if (R->n_frames > 1) {
        rec_protect_slot(R, s);
        R->closed = 1;
        if (s->own == OWN_MEMORY && !stale_is_harmless(R, s))
            rec_release(R, operand(rec_take_suspended(R, TOP_FRAME(R), i), OWN_TRACE));
        rec_release(R, operand(s->ref, s->own));
        /* Never lent: what is stored to a local was not pushed by an instruction that lends. */
        *s = (Slot){.ref = v.ref, .own = v.own};
        return;
    }
    /* What matters of the type of what is released is that it is harmless: then it may be called float. */
    PyTypeObject *type = s->ref == REF_NONE ? NULL : stale_is_harmless(R, s) ? &PyFloat_Type : builder_type(&R->b, s->ref);
    int was_sunk = s->own != OWN_MEMORY;    /* then memory holds an int, a float or NULL */
    if (v.ref != REF_NONE && builder_is_sunk(&R->b, v.ref)) {
        rec_protect_slot(R, s);
        R->closed = 1;
        uint8_t written = s->written;
        if (!was_sunk && !stale_is_harmless(R, s)) {
            Ref old = rec_emit(R, UOP_TAKE_SLOT, REF_NONE, REF_NONE, REF_NONE, i);
            rec_release(R, operand(old, OWN_TRACE));
            written = 1;
        }
        *s = (Slot){.ref = v.ref, .own = OWN_BORROWED, .written = written};
        return;
    }
    Ref ref = v.ref == REF_NONE ? REF_NONE : rec_own(R, v);
    rec_protect_slot(R, s);
    R->closed = 1;
    Ref old = ref == REF_NONE ? rec_emit(R, UOP_TAKE_SLOT, REF_NONE, REF_NONE, REF_NONE, i)
                              : rec_emit(R, UOP_SWAP_SLOT, ref, REF_NONE, REF_NONE, i);
    if (was_sunk)
        builder_set_type(&R->b, old, &PyFloat_Type);    /* or int, or NULL: what matters is that its release is harmless */
    else if (type)
        builder_set_type(&R->b, old, type);
    rec_release(R, operand(old, OWN_TRACE));
    *s = (Slot){.ref = ref, .own = OWN_MEMORY, .written = 1};
    if (ref == REF_NONE)
        *s = (Slot){.ref = rec_const(R, NULL), .own = OWN_MEMORY, .written = 1};
}

/* Brings slot i of the entry frame to memory. At a boundary. */
void rec_to_memory(Recorder *R, int i)
{
    RecFrame *f = &R->frames[0];
    Slot *s = &f->slots[i];
    if (s->own == OWN_MEMORY)
        return;
    if (s->ref != REF_NONE && !IS_CONST(s->ref) && R->t->uops[s->ref].op == UOP_SINK_TAGGED) {
        rec_emit(R, UOP_STORE_TAGGED, builder_content(&R->b, s->ref), REF_NONE, REF_NONE, i);
        *s = (Slot){.ref = REF_NONE, .own = OWN_MEMORY, .written = 1};
        R->snap = -1;
        return;
    }
    rec_before_overwrite(R, i);
    if (s->own == OWN_MEMORY)
        return;
    if (s->own == OWN_NULL) {
        rec_emit(R, UOP_CLEAR_SLOT, REF_NONE, REF_NONE, REF_NONE, i);
        *s = (Slot){.ref = rec_const(R, NULL), .own = OWN_MEMORY, .written = 1};
        R->snap = -1;
        return;
    }
    if (builder_is_sunk(&R->b, s->ref)) {
        rec_real(R, operand(s->ref, OWN_BORROWED));
        if (s->own == OWN_MEMORY)
            return;
    }
    if (s->own == OWN_BORROWED)
        rec_emit(R, UOP_INCREF, s->ref, REF_NONE, REF_NONE, 0);
    if (i < f->n_locals) {
        Ref old = rec_emit(R, UOP_SWAP_SLOT, s->ref, REF_NONE, REF_NONE, i);
        builder_set_type(&R->b, old, &PyFloat_Type);
        rec_emit(R, UOP_DECREF_LEAF, old, REF_NONE, REF_NONE, 0);
    } else
        rec_emit(R, UOP_STORE_SLOT, s->ref, REF_NONE, REF_NONE, i);
    s->own = OWN_MEMORY;
    s->written = 1;
    R->snap = -1;
}
