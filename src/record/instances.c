/* instances.c: instances that are not made as long as nobody needs them.
 *
 *     def __add__(self, o):
 *         return Vector(self.x + o.x, self.y + o.y)
 *
 * Much of what object-oriented code makes is gone again before anybody but the code that is followed into has seen it. Such an instance is a value of the
 * trace only: SINK_NEW, and for each attribute that is stored a SINK_SET of the one before; slots hold the newest. Its attributes are numbers, not made
 * yet themselves, or constants; its death is nothing that anybody could notice. What is read of it is known. Exits make it (execute/restore.c).
 *
 * It becomes real with all others when somebody needs one of them (rec_settle), before arbitrary code runs, and at the headers of loops. A number is one
 * object wherever it lies: where it is made, the instances that have it are. Frames of generators have none. */
#include "recorder.h"
#include "functions.h"
#include "../cpython/attributes.h"
#include "../cpython/call.h"
#include "../cpython/death.h"

/* ---- which ---- */

int rec_is_instance(const Recorder *R, Ref ref) { return ref != REF_NONE && !IS_CONST(ref) && ir_is_instance(R->t->uops[ref].op); }

static int may_be_put_off(const Recorder *R, PyTypeObject *type)
{
    for (int i = 0; i < R->n_frames; i++)
        if (R->frames[i].stand)
            return 0;
    return R->b.fold && R->prefix.snap < 0 && !R->behind_raise && cpy_class_dies_quietly(type);
}

Operand rec_new_instance(Recorder *R, Ref class)
{
    Operand args[] = {operand(class, OWN_BORROWED)};
    PyTypeObject *type = (PyTypeObject *)rec_object(R, class);
    if (may_be_put_off(R, type)) {
        R->closed = 1;
        return operand(rec_emit(R, UOP_SINK_NEW, class, REF_NONE, REF_NONE, 0), OWN_BORROWED);
    }
    Operand made = rec_call_fn(R, UOP_LEAF1, 1, args, (void *)cpy_new_instance);
    builder_set_type(&R->b, made.ref, type);
    return made;
}

/* ---- its attributes ---- */

static const Uop *setting(const Recorder *R, Ref ref) { return R->t->uops[ref].op == UOP_SINK_SET ? &R->t->uops[ref] : NULL; }

static Ref class_of(const Recorder *R, Ref ref)
{
    for (const Uop *u; (u = setting(R, ref));)
        ref = u->a;
    return R->t->uops[ref].a;
}

/* What lies at the offset; REF_NONE: nothing. */
static Ref attribute_at(const Recorder *R, Ref ref, int offset)
{
    for (const Uop *u; (u = setting(R, ref)); ref = u->a)
        if (ir_place_offset(u->imm) == offset)
            return u->b;
    return REF_NONE;
}

static int has_attribute(const Recorder *R, Ref ref, Ref value)
{
    for (const Uop *u; (u = setting(R, ref)); ref = u->a)
        if (u->b == value)
            return 1;
    return 0;
}

/* Its places in the order in which they were first set. */
static int places(const Recorder *R, Ref ref, int64_t *out)
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

/* An object laid out as it would be now, so that it can be asked where attributes are: new reference, NULL: no memory. Nobody else sees it. */
static PyObject *likeness(const Recorder *R, Ref ref)
{
    int64_t place[MAX_ATTRIBUTES];
    PyTypeObject *type = (PyTypeObject *)R->t->consts[~class_of(R, ref)].v.o;
    PyObject *o = (PyObject *)h_new_object((Obj *)type);
    if (!o)
        return NULL;
    PyObject_GC_UnTrack(o);
    for (int i = 0, n = places(R, ref, place); i < n; i++) {
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
        rec_emit(R, UOP_GUARD_CLASS, class_of(R, ref), REF_NONE, REF_NONE, version);
    else
        rec_emit(R, UOP_GUARD_VERSION, ref, REF_NONE, REF_NONE, version);
}

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
    rec_push_ref(R, attribute_at(R, v.ref, a.field), OWN_BORROWED);
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
    if (R->general || (!is_number && !is_constant) || n == MAX_ATTRIBUTES || !find(R, v.ref, name, cpy_find_place, &a) || a.field > UINT16_MAX)
        return 0;
    rec_guard_version(R, v.ref, a.version);
    R->closed = 1;
    Ref set = rec_emit(R, UOP_SINK_SET, v.ref, value.ref, REF_NONE, ir_place(a.field, a.has_index ? a.index : -1));
    replace(R, v.ref, set);
    rec_pop(R);
    rec_release(R, rec_pop(R));
    return 1;
}

/* ---- making them ---- */

Made *rec_made_of(Recorder *R, Ref sunk)
{
    for (int i = 0; i < R->n_made; i++)
        if (R->made[i].sunk == sunk)
            return &R->made[i];
    return NULL;
}

/* Which of the instances it is. */
static Ref base_of(const Recorder *R, Ref ref)
{
    for (const Uop *u; (u = setting(R, ref));)
        ref = u->a;
    return ref;
}

/* The instances have the object now that the number has become: exits that come before they are made find one. */
static void renew(Recorder *R, Ref number, Ref real)
{
    int64_t place[MAX_ATTRIBUTES];
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < rec_slots_in_use(R, i); k++) {
            Ref old = R->frames[i].slots[k].ref;
            if (!rec_is_instance(R, old) || !has_attribute(R, old, number))
                continue;
            Ref new = base_of(R, old);
            for (int j = 0, n = places(R, old, place); j < n; j++) {
                Ref value = attribute_at(R, old, ir_place_offset(place[j]));
                new = rec_emit(R, UOP_SINK_SET, new, value == number ? real : value, REF_NONE, place[j]);
            }
            replace(R, old, new);
        }
}

void rec_note_made(Recorder *R, Ref sunk, Operand real)
{
    if (R->n_made == MAX_MADE)
        rec_abort(R, ABORT_TOO_LONG);
    int unowned = real.own == OWN_TRACE;
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < rec_slots_in_use(R, i); k++)
            unowned &= R->frames[i].slots[k].ref != real.ref;
    R->made[R->n_made++] = (Made){sunk, real.ref, unowned};
    if (!rec_is_instance(R, sunk))
        renew(R, sunk, real.ref);
}

static int is_attribute(const Recorder *R, Ref value)
{
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < rec_slots_in_use(R, i); k++)
            if (rec_is_instance(R, R->frames[i].slots[k].ref) && has_attribute(R, R->frames[i].slots[k].ref, value))
                return 1;
    return 0;
}

int rec_is_instance_or_part(const Recorder *R, Ref sunk)
{
    return R->has_instances && (rec_is_instance(R, sunk) || is_attribute(R, sunk));
}

/* The number, made: its reference, if no slot has it, is in the queue of what an exit releases. */
static Ref make_attribute(Recorder *R, Ref value)
{
    if (!builder_is_sunk(&R->b, value))
        return value;
    if (!rec_made_of(R, value))
        rec_real(R, operand(value, OWN_BORROWED));
    const Made *made = rec_made_of(R, value);
    if (made->unowned)
        rec_release(R, operand(made->real, OWN_TRACE));
    R->snap = -1;
    return made->real;
}

/* The trace has a reference to it that nobody else has yet: that is taken. */
static int take_unowned(Recorder *R, Ref real)
{
    for (int i = 0; i < R->n_made; i++)
        if (R->made[i].real == real && R->made[i].unowned) {
            R->made[i].unowned = 0;
            return 1;
        }
    return 0;
}

static Ref make_instance(Recorder *R, Ref ref)
{
    int64_t place[MAX_ATTRIBUTES];
    Ref value[MAX_ATTRIBUTES];
    int n = places(R, ref, place), n_drops = R->n_drops;
    for (int i = 0; i < n; i++)
        value[i] = make_attribute(R, attribute_at(R, ref, ir_place_offset(place[i])));
    Ref o = rec_emit(R, UOP_NEW_OBJECT, class_of(R, ref), REF_NONE, REF_NONE, 0);
    R->n_drops = n_drops;
    for (int i = 0; i < n; i++) {
        if (!take_unowned(R, value[i]))
            rec_emit(R, UOP_INCREF, value[i], REF_NONE, REF_NONE, 0);
        if (ir_place_number(place[i]) >= 0)
            rec_emit(R, UOP_NEW_FIELD, o, value[i], rec_int(R, ir_place_number(place[i])), ir_place_offset(place[i]));
        else {
            Ref nothing = rec_emit(R, UOP_SWAP_FIELD, o, value[i], REF_NONE, ir_place_offset(place[i]));
            builder_set_type(&R->b, nothing, &PyFloat_Type);
            rec_emit(R, UOP_DECREF_LEAF, nothing, REF_NONE, REF_NONE, 0);
        }
        if (!IS_CONST(value[i])) {
            R->keeper[value[i]] = KEPT_BY_HEAP;
            R->container[value[i]] = o;
        }
    }
    return o;
}

/* Locals of the entry frame that hold it will be written: what is sunk and may lie there is made, for others that hold it. */
static void before_replacing(Recorder *R, Ref ref)
{
    for (int k = 0; k < R->frames[0].n_locals; k++)
        if (R->frames[0].slots[k].ref == ref)
            rec_before_overwrite(R, k);
}

/* alone: one that no slot holds any more, or REF_NONE. */
static void settle(Recorder *R, Ref alone)
{
    R->settling = 1;
    R->n_made = 0;
    for (int i = 0; i < R->n_frames; i++)
        for (int k = 0; k < rec_slots_in_use(R, i); k++) {
            Ref ref = R->frames[i].slots[k].ref;
            if (!rec_is_instance(R, ref))
                continue;
            before_replacing(R, ref);
            Ref o = make_instance(R, R->frames[i].slots[k].ref);
            rec_replace_sunk(R, R->frames[i].slots[k].ref, o);
            rec_note_made(R, base_of(R, ref), operand(o, OWN_BORROWED));
        }
    if (rec_is_instance(R, alone) && !rec_made_of(R, base_of(R, alone)))
        rec_note_made(R, base_of(R, alone), operand(make_instance(R, alone), OWN_TRACE));
    R->settling = R->has_instances = 0;
    R->snap = -1;
}

int rec_goes_round_with_instances(Recorder *R, const Header *h)
{
    const RecFrame *f = &R->frames[0];
    if (R->n_frames > 1 || h != R->loop || h->makes_instances || R->escaped || !R->b.fold)
        return 0;
    for (int k = f->n_locals; k < f->n_locals + f->depth; k++)
        if (rec_is_instance(R, f->slots[k].ref))
            return 0;
    return 1;
}

void rec_settle(Recorder *R)
{
    if (R->has_instances)
        settle(R, REF_NONE);
}

Operand rec_real_instance(Recorder *R, Ref sunk)
{
    settle(R, sunk);
    Made *made = rec_made_of(R, rec_is_instance(R, sunk) ? base_of(R, sunk) : sunk);
    if (!made)      /* a number that no instance had in the end */
        return operand(REF_NONE, OWN_NULL);
    if (made->unowned)
        return operand(made->real, OWN_TRACE);
    RecFrame *f = TOP_FRAME(R);
    for (int k = f->n_locals + f->depth; k < rec_slots_in_use(R, R->n_frames - 1); k++)
        if (f->slots[k].ref == made->real && f->slots[k].own == OWN_TRACE)
            return operand(made->real, OWN_TRACE);
    return operand(made->real, OWN_BORROWED);
}

/* ---- instructions that go on without making them ---- */

static int is_on_top(Recorder *R, int n)
{
    Operand v;
    for (int i = 0; i < n && i < TOP_FRAME(R)->depth; i++)
        if (rec_is_instance(R, rec_peek(R, i, &v)->ref))
            return 1;
    return 0;
}

static int calls_python(Recorder *R, int n)
{
    Operand callable;
    PyObject *o = rec_object(R, rec_peek(R, n + 1, &callable)->ref);
    return o && (PyFunction_Check(o) || (Py_IS_TYPE(o, &PyType_Type) && ((PyTypeObject *)o)->tp_flags & Py_TPFLAGS_HEAPTYPE));
}

int rec_with_instances(Recorder *R, int op, int arg)
{
    int keeps = 0;
    switch (op) {
    case NOP: case CACHE: case RESUME: case LOAD_FAST: case LOAD_FAST_LOAD_FAST: case LOAD_FAST_CHECK: case STORE_FAST: case STORE_FAST_STORE_FAST:
    case STORE_FAST_LOAD_FAST: case LOAD_CONST: case LOAD_SMALL_INT: case LOAD_GLOBAL: case PUSH_NULL: case POP_TOP: case COPY: case SWAP: case JUMP_FORWARD:
    case JUMP_BACKWARD:     /* to a header: it is seen to there */
        keeps = 1;
        break;
    case RETURN_CONST:
        keeps = R->n_frames > 1;
        break;
    case RETURN_VALUE:
        keeps = R->n_frames > 1;
        break;
    case LOAD_ATTR:
        if (is_on_top(R, 1) && rec_load_of_instance(R, rec_name(R, arg >> 1), arg & 1))
            return 1;
        keeps = !is_on_top(R, 1);
        break;
    case STORE_ATTR:
        if (is_on_top(R, 1) && rec_store_to_instance(R, rec_name(R, arg)))
            return 1;
        keeps = !is_on_top(R, 2);
        break;
    case TO_BOOL: case UNARY_NOT: case POP_JUMP_IF_TRUE: case POP_JUMP_IF_FALSE: case POP_JUMP_IF_NONE: case POP_JUMP_IF_NOT_NONE:
        keeps = !is_on_top(R, 1);
        break;
    case UNARY_NEGATIVE:
        if (is_on_top(R, 1) && rec_unary_method(R, "__neg__"))
            return 1;
        keeps = !is_on_top(R, 1);
        break;
    case BINARY_OP:
        if (is_on_top(R, 2) && rec_binary_method(R, arg))
            return 1;
        keeps = !is_on_top(R, 2);
        break;
    case COMPARE_OP:
        if (is_on_top(R, 2) && rec_compare_method(R, arg >> 5, arg & 16))
            return 1;
        keeps = !is_on_top(R, 2);
        break;
    case IS_OP:
        keeps = !is_on_top(R, 2);
        break;
    case CALL:
        keeps = !is_on_top(R, arg + 2) || calls_python(R, arg);
        break;
    }
    if (!keeps)
        rec_settle(R);
    return 0;
}
