/* instances.c: instances that are not made as long as nobody needs them.
 *
 *     def __add__(self, o):
 *         return Vector(self.x + o.x, self.y + o.y)
 *
 * Much of what object-oriented code makes is gone again before anybody but the code that is followed into has seen it. Such an instance is
 * a value of the trace only: SINK_NEW, and for each attribute that is stored a SINK_SET of the one before; slots hold the newest. Its
 * attributes are numbers, not made yet themselves, or constants; its death is nothing that anybody could notice. What is read of it is
 * known. Exits make it (execute/restore.c).
 *
 * It becomes real with all others (real.c) when somebody needs one of them, before arbitrary code runs, and at the headers of loops.
 * Frames of generators have none. with_instances.c says which instructions go on with them, construct.c begins them. */
#include "recorder.h"
#include "../cpython/attributes.h"

int rec_is_instance(const Recorder *R, Ref ref) { return ref != REF_NONE && !IS_CONST(ref) && ir_is_instance(R->t->uops[ref].op); }

static const Uop *setting(const Recorder *R, Ref ref) { return R->t->uops[ref].op == UOP_SINK_SET ? &R->t->uops[ref] : NULL; }

Ref rec_class_of(const Recorder *R, Ref ref)
{
    for (const Uop *u; (u = setting(R, ref));)
        ref = u->a;
    return R->t->uops[ref].a;
}

Ref rec_attribute_at(const Recorder *R, Ref ref, int offset)
{
    for (const Uop *u; (u = setting(R, ref)); ref = u->a)
        if (ir_place_offset(u->imm) == offset)
            return u->b;
    return REF_NONE;
}

int rec_has_attribute(const Recorder *R, Ref ref, Ref value)
{
    for (const Uop *u; (u = setting(R, ref)); ref = u->a)
        if (u->b == value)
            return 1;
    return 0;
}

int rec_attribute_places(const Recorder *R, Ref ref, int64_t *out)
{
    int64_t newest_first[MAX_ATTRIBUTES];
    int n = 0, n_out = 0;
    for (const Uop *u; (u = setting(R, ref)); ref = u->a)
        newest_first[n++] = u->imm;
    while (n--) {
        int known = 0;
        for (int i = 0; i < n_out; i++)
            known |= out[i] == newest_first[n];
        if (!known)
            out[n_out++] = newest_first[n];
    }
    return n_out;
}

/* An object laid out as it would be now, so that it can be asked where attributes are: new reference, NULL: no memory. Nobody else sees
 * it. */
static PyObject *likeness(const Recorder *R, Ref ref)
{
    int64_t place[MAX_ATTRIBUTES];
    PyTypeObject *type = (PyTypeObject *)R->t->consts[~rec_class_of(R, ref)].v.o;
    PyObject *o = (PyObject *)h_new_object((Obj *)type);
    if (!o)
        return NULL;
    PyObject_GC_UnTrack(o);
    for (int i = 0, n = rec_attribute_places(R, ref, place); i < n; i++) {
        Obj **field = (Obj **)((char *)o + ir_place_offset(place[i]));
        if (ir_place_number(place[i]) < 0)
            *field = (Obj *)Py_None;        /* immortal */
        else
            values_add(field, ir_place_number(place[i]), (Obj *)Py_None);
    }
    return o;
}

static int find(const Recorder *R, Ref ref, PyObject *name, int (*look)(PyObject *, PyObject *, Attribute *), Attribute *a)
{
    PyObject *o = likeness(R, ref);
    int found = o && look(o, name, a);
    Py_XDECREF(o);
    return found;
}

void rec_guard_version(Recorder *R, Ref ref, uint32_t version)
{
    if (rec_is_instance(R, ref))
        rec_emit(R, UOP_GUARD_CLASS, rec_class_of(R, ref), REF_NONE, REF_NONE, version);
    else
        rec_emit(R, UOP_GUARD_VERSION, ref, REF_NONE, REF_NONE, version);
}

/* ---- LOAD_ATTR, STORE_ATTR ---- */

int rec_load_of_instance(Recorder *R, PyObject *name, int method)
{
    Operand v;
    Attribute a;
    rec_peek(R, 0, &v);
    if (R->general || !find(R, v.ref, name, cpy_find_attribute, &a))
        return 0;
    int is_method = method && !a.present && (PyFunction_Check(a.descr) || Py_IS_TYPE(a.descr, &PyMethodDescr_Type));
    if (!a.present && !is_method)
        return 0;
    rec_guard_version(R, v.ref, a.version);
    rec_pop(R);
    if (is_method) {
        Ref function = rec_const(R, a.descr);
        rec_prove(R, function, 0);
        rec_push_ref(R, function, OWN_BORROWED);
        rec_push_ref(R, v.ref, OWN_BORROWED);
        return 1;
    }
    rec_push_ref(R, rec_attribute_at(R, v.ref, a.field), OWN_BORROWED);
    if (method)
        rec_push_ref(R, REF_NONE, OWN_NULL);
    return 1;
}

static void replace(Recorder *R, Ref old, Ref new)
{
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < rec_slots_in_use(R, i); k++)
            if (R->frames[i].slots[k].ref == old)
                R->frames[i].slots[k].ref = new;
}

int rec_store_to_instance(Recorder *R, PyObject *name)
{
    Operand v, value;
    Attribute a;
    int n = 0;
    rec_peek(R, 0, &v);
    rec_peek(R, 1, &value);
    int is_number = builder_is_sunk(&R->b, value.ref) && builder_content(&R->b, value.ref) != REF_NONE && !rec_is_instance(R, value.ref);
    int is_constant = IS_CONST(value.ref) && rec_is_kept(R, value.ref) && rec_object(R, value.ref);
    for (Ref r = v.ref; setting(R, r); r = R->t->uops[r].a)
        n++;
    if (R->general || (!is_number && !is_constant) || n == MAX_ATTRIBUTES)
        return 0;
    if (!find(R, v.ref, name, cpy_find_place, &a) || a.field > UINT16_MAX)
        return 0;
    rec_guard_version(R, v.ref, a.version);
    R->closed = 1;
    Ref set = rec_emit(R, UOP_SINK_SET, v.ref, value.ref, REF_NONE, ir_place(a.field, a.has_index ? a.index : -1));
    replace(R, v.ref, set);
    rec_pop(R);
    rec_release(R, rec_pop(R));
    return 1;
}
