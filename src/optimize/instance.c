/* instance.c: what a turn asks of an instance that the turn before has not made. Its class is guarded, its attributes are known. */
#include "turn.h"

int loop_instance(Loop *l, Ref r)
{
    const Uop *u = &l->from->uops[r];
    Ref instance = loop_mapped(l, u->a), class = instance_class(l->t, instance);
    switch (u->op) {
    case UOP_GUARD_VERSION:
        build(&l->b, UOP_GUARD_CLASS, class, REF_NONE, REF_NONE, u->imm, SNAP_AUTO);
        return 1;
    case UOP_GUARD_BYTE:        /* its values are inside of it */
        return 1;
    case UOP_GUARD_NO_FIELD:
        return instance_attribute(l->t, instance, (int)u->imm) == REF_NONE;
    case UOP_LOAD_FIELD:
        l->map[r] = u->imm == (int64_t)offsetof(PyObject, ob_type) ? class : instance_attribute(l->t, instance, (int)u->imm);
        return l->map[r] != REF_NONE;
    default:
        return 0;
    }
}
