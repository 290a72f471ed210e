/* Instances that are not made yet: SINK_NEW, and a SINK_SET for each attribute (docs/ir.md). */
#pragma once
#include "ir.h"

static inline int instance_is(const Trace *t, Ref ref) { return ref != REF_NONE && !IS_CONST(ref) && ir_is_instance(t->uops[ref].op); }

Ref instance_base(const Trace *t, Ref ref);             /* its SINK_NEW */
Ref instance_class(const Trace *t, Ref ref);            /* a constant */
Ref instance_attribute(const Trace *t, Ref ref, int offset);    /* what lies there; REF_NONE: nothing */
int instance_has(const Trace *t, Ref ref, Ref value);   /* some attribute is that value */
/* The exit is taken when memory runs out for an instance some of whose attributes have been made: nothing goes on there. */
int instance_is_half_made(const Trace *t, const Snapshot *s);
/* Its places in the order in which they were set first, MAX_ATTRIBUTES at most; their number. */
int instance_places(const Trace *t, Ref ref, int64_t *out);
