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

int rec_is_instance(const Recorder *R, Ref ref) { return instance_is(R->t, ref); }

/* An object laid out as it would be now, so that it can be asked where attributes are: new reference, NULL: no memory. Nobody else sees
 * it. */
static PyObject *likeness(const Recorder *R, Ref ref)
{
    int64_t place[MAX_ATTRIBUTES];
    PyTypeObject *type = (PyTypeObject *)R->t->consts[~instance_class(R->t, ref)].v.o;
    PyObject *o = (PyObject *)h_new_object((Obj *)type);
    if (!o)
        return NULL;
    if (PyType_IS_GC(type))
        PyObject_GC_UnTrack(o);
    for (int i = 0, n = instance_places(R->t, ref, place); i < n; i++) {
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
        rec_emit(R, UOP_GUARD_CLASS, instance_class(R->t, ref), REF_NONE, REF_NONE, version);
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
    rec_push_ref(R, instance_attribute(R->t, v.ref, a.field), OWN_BORROWED);
    if (method)
        rec_push_ref(R, REF_NONE, OWN_NULL);
    return 1;
}

void rec_replace(Recorder *R, Ref old, Ref new)
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
    for (Ref r = v.ref; R->t->uops[r].op == UOP_SINK_SET; r = R->t->uops[r].a)
        n++;
    if (R->general || (!is_number && !is_constant) || n == MAX_ATTRIBUTES)
        return 0;
    if (!find(R, v.ref, name, cpy_find_place, &a) || a.field > UINT16_MAX)
        return 0;
    rec_guard_version(R, v.ref, a.version);
    R->closed = 1;
    Ref set = rec_emit(R, UOP_SINK_SET, v.ref, value.ref, REF_NONE, ir_place(a.field, a.has_index ? a.index : -1));
    rec_replace(R, v.ref, set);
    rec_pop(R);
    rec_release(R, rec_pop(R));
    return 1;
}
