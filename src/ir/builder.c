/* builder.c: uops -> fewer uops, while they are appended.
 *
 * Folding while building, as LuaJIT does, instead of passes over finished traces: each uop is looked at once, when its operands are
 * at hand, and what is never appended costs nothing afterwards. The loop pass sends the trace through here a second time, with the
 * loop's values substituted: what was learned in the first turn removes the guards of the second.
 *
 * Rules:
 *  1. A uop is merged with an equal one before it if it is PURE, or READ with no WRITE to its class of memory between. SET_FLOAT
 *     writes a list's items: it changes what is in an object that only the list holds.
 *  2. A type known of an object of a static type stays known; of a class (trace_is_class(): its __class__ can be assigned) until the next
 *     escape. Who guards by a class makes it a constant first: a later pass may find it dead.
 *  3. Float operations are folded on constants by the same machine operation that would execute them; nothing is reassociated.
 *  4. A guard that is known to hold is dropped; one that is known to fail sets `contradiction` (the builder's user gives up). */
#include "builder.h"
#include "room.h"
#include "recording.h"
#include <stddef.h>
#include <string.h>

#define FEW_BITS 5              /* of a hash, in the beginning: most traces are small */
#define ALL_BITS 9

/* Buffers of builders before, at most as many as there are builders at a time: the recorder's and the loop pass's. */
static struct { PyTypeObject **types; int32_t cap; } spare[2];
static int n_spare;

/* Room for the types of n uops. */
static int have_types(Builder *b, int32_t n)
{
    if (n <= b->cap_types)
        return 0;
    int32_t cap = b->cap_types ? b->cap_types * 2 : 512;
    while (cap < n)
        cap *= 2;
    PyTypeObject **moved = room_grow(b->room, b->types, sizeof *b->types * (size_t)b->n_types, sizeof *b->types * (size_t)cap);
    if (!moved)
        return -1;
    b->types = moved;
    b->cap_types = cap;
    return 0;
}

int builder_init(Builder *b, Trace *t, int32_t limit)
{
    memset(b, 0, offsetof(Builder, heads));
    b->t = t;
    b->room = t->room;
    b->limit = limit;
    b->fold = (uint8_t)config.optimize;
    b->escape = -1;
    b->hash_bits = FEW_BITS;
    for (int i = 0; i < 1 << FEW_BITS; i++)
        b->heads[i] = REF_NONE;
    if (n_spare) {      /* its content is not looked at */
        b->types = spare[--n_spare].types;
        b->cap_types = spare[n_spare].cap;
    }
    return have_types(b, limit < 512 ? limit : 512);
}

void builder_free(Builder *b)
{
    if (n_spare < 2 && b->types && !room_is_borrowed(b->room, b->types)) {
        spare[n_spare].types = b->types;
        spare[n_spare++].cap = b->cap_types;
    } else
        room_free(b->room, b->types);
    b->types = NULL;
    b->cap_types = 0;
}

PyTypeObject *builder_type(const Builder *b, Ref ref)
{
    if (ref == REF_NONE)
        return NULL;
    if (IS_CONST(ref)) {
        const Const *k = &b->t->consts[~ref];
        return k->kind == KIND_OBJ ? k->type : NULL;
    }
    return ref < b->n_types ? b->types[ref] : NULL;
}

void builder_set_type(Builder *b, Ref ref, PyTypeObject *type)
{
    if (ref == REF_NONE || IS_CONST(ref))
        return;
    if (have_types(b, ref + 1)) {
        b->t->failed = 1;       /* others rely on it: a guard of a sunk object's type must fall away */
        return;
    }
    while (b->n_types <= ref)
        b->types[b->n_types++] = NULL;
    b->types[ref] = type;
    if (trace_is_class(b->t, type))
        b->heap_types = 1;
}

static void forget_heap_types(Builder *b)
{
    if (!b->heap_types)
        return;
    for (int i = 0; i < b->n_types; i++)
        if (b->types[i] && trace_is_class(b->t, b->types[i]))
            b->types[i] = NULL;
    b->heap_types = 0;
}

static unsigned hash(const Builder *b, const Uop *u)
{
    uint64_t h = (uint64_t)u->op * 0x9e3779b97f4a7c15u;
    h = (h ^ (uint32_t)u->a) * 0x9e3779b97f4a7c15u;
    h = (h ^ (uint32_t)u->b) * 0x9e3779b97f4a7c15u;
    h = (h ^ (uint32_t)u->c ^ (uint64_t)u->imm) * 0x9e3779b97f4a7c15u;
    return (unsigned)(h >> (64 - b->hash_bits));
}

/* List items; cells; dict values; lengths, keys, versions; attributes of instances; classes, which only arbitrary code changes; frames of
 * generators (suspended.c). */
enum { MEM_ITEMS, MEM_CELLS, MEM_WORDS, MEM_SHAPES, MEM_FIELDS, MEM_CLASSES, MEM_SUSPENDED };
#define ALL_MEMORY ((1u << N_MEMORY) - 1)
static_assert(MEM_SUSPENDED + 1 == N_MEMORY, "builder.h");

static int class_read(UopCode op)
{
    switch (op) {
    case UOP_LIST_ITEM: return MEM_ITEMS;
    case UOP_LOAD_CELL: return MEM_CELLS;
    case UOP_LOAD_WORD: return MEM_WORDS;
    case UOP_LOAD_FIELD: case UOP_GUARD_NO_FIELD: return MEM_FIELDS;
    case UOP_GUARD_VERSION: case UOP_GUARD_CLASS: case UOP_GUARD_BYTE: case UOP_GUARD_FUNC: return MEM_CLASSES;
    case UOP_GUARD_STANDS: case UOP_GEN_SLOT: case UOP_GEN_STACK: case UOP_GEN_TAGGED: case UOP_GEN_FUNCTION: return MEM_SUSPENDED;
    default: return MEM_SHAPES;
    }
}

unsigned builder_writes(UopCode op)
{
    if (!(uop_info[op].effects & EFFECT_WRITE) || ir_writes_generator(op))     /* those one by one: builder_is_outdated() */
        return 0;
    switch (op) {
    case UOP_LIST_SWAP: case UOP_SET_FLOAT: return 1u << MEM_ITEMS;
    case UOP_SWAP_CELL: return 1u << MEM_CELLS;
    case UOP_STORE_WORD: return 1u << MEM_WORDS;
    case UOP_SWAP_FIELD: case UOP_NEW_FIELD: return 1u << MEM_FIELDS;
    case UOP_DICT_SWAP: return ALL_MEMORY;      /* an instance's dict, too, whose values may move out of the instance */
    default: return uop_info[op].effects & EFFECT_ESCAPE ? ALL_MEMORY : ALL_MEMORY & ~(1u << MEM_CLASSES | 1u << MEM_SUSPENDED);
    }
}

void builder_forget(Builder *b, unsigned classes)
{
    for (int i = 0; i < N_MEMORY; i++)
        if (classes & 1u << i)
            b->barrier[i] = b->t->n_uops;
}

static int mergeable(const Builder *b, UopCode op)
{
    return (uop_info[op].effects & (EFFECT_PURE | EFFECT_READ)) && op != UOP_GUARD_TYPE && (b->fold || op == UOP_UNBOX_FLOAT);
}

/* Makes uop ref one that others may be merged with. h: its hash. */
static void enter(Builder *b, Ref ref, unsigned h)
{
    b->t->uops[ref].chain = b->heads[h];
    b->heads[h] = ref;
    if (++b->n_hashed <= 2 << b->hash_bits || b->hash_bits == ALL_BITS)
        return;
    b->hash_bits += 2;
    b->n_hashed = 0;
    for (int i = 0; i < 1 << b->hash_bits; i++)
        b->heads[i] = REF_NONE;
    for (Ref r = 0; r <= ref; r++)
        if (mergeable(b, b->t->uops[r].op))
            enter(b, r, hash(b, &b->t->uops[r]));
}

int builder_teaches_type(const Uop *u)
{
    return u->op == UOP_GUARD_TYPE || (u->op == UOP_GUARD_IS && ((PyObject *)u->imm == Py_True || (PyObject *)u->imm == Py_False));
}

void builder_rollback(Builder *b, int32_t n_uops, int32_t n_snaps, int32_t n_snap_frames, int32_t n_snap_slots)
{
    Trace *t = b->t;
    for (int i = 0; i < 1 << b->hash_bits; i++)
        while (b->heads[i] >= n_uops)
            b->heads[i] = t->uops[b->heads[i]].chain;
    for (int i = n_uops; i < t->n_uops; i++)
        if (builder_teaches_type(&t->uops[i]) && !IS_CONST(t->uops[i].a) && t->uops[i].a < b->n_types)
            b->types[t->uops[i].a] = NULL;      /* it was not known, or there would be no guard */
    if (b->n_types > n_uops)
        b->n_types = n_uops;
    t->n_snap_frames = n_snap_frames;
    t->n_uops = n_uops;
    t->n_snaps = n_snaps;
    t->n_snap_slots = n_snap_slots;
    for (int i = 0; i < N_MEMORY; i++)
        if (b->barrier[i] > n_uops)
            b->barrier[i] = n_uops;
    b->contradiction = b->failed = 0;
    builder_forget_generators(b, n_uops);
}

/* ---- folding ---- */

static int const_int(const Builder *b, Ref r, int64_t *v)
{
    if (r == REF_NONE || !IS_CONST(r) || b->t->consts[~r].kind != KIND_INT)
        return 0;
    *v = b->t->consts[~r].v.i;
    return 1;
}
static int const_float(const Builder *b, Ref r, double *v)
{
    if (r == REF_NONE || !IS_CONST(r) || b->t->consts[~r].kind != KIND_FLOAT)
        return 0;
    *v = b->t->consts[~r].v.f;
    return 1;
}
/* Whose identity is known. Only an owned one may be looked at. */
static PyObject *const_obj(const Builder *b, Ref r)
{
    return r != REF_NONE && IS_CONST(r) && b->t->consts[~r].kind == KIND_OBJ ? (PyObject *)b->t->consts[~r].v.o : NULL;
}
static int is_null_const(const Builder *b, Ref r)
{
    return r != REF_NONE && IS_CONST(r) && b->t->consts[~r].kind == KIND_OBJ && !b->t->consts[~r].v.o;
}

const Uop *builder_number(const Builder *b, Ref ref)
{
    for (Ref r = b->t->n_uops - 1; r > ref && ref >= 0; r--)
        if (b->t->uops[r].op == UOP_GUARD_NUMBER && b->t->uops[r].a == ref)
            return &b->t->uops[r];
    return NULL;
}

int builder_is_harmless(const Builder *b, Ref ref)
{
    PyTypeObject *type = builder_type(b, ref);
    return type ? cpy_is_leaf_type(type) : builder_number(b, ref) != NULL;
}

Ref builder_content(const Builder *b, Ref ref)
{
    if (ref == REF_NONE || IS_CONST(ref))
        return REF_NONE;
    const Uop *u = &b->t->uops[ref];
    switch (u->op) {
    case UOP_SINK_FLOAT: case UOP_SINK_INT: case UOP_NEW_FLOAT: case UOP_NEW_INT:
    case UOP_SINK_SLOT_FLOAT: case UOP_SINK_SLOT_INT: case UOP_KEEP_FLOAT: case UOP_KEEP_INT:
    case UOP_STORE_FLOAT: case UOP_STORE_INT:
    case UOP_SINK_RANGE: case UOP_SINK_INDEX: case UOP_SINK_TAGGED:
        return u->a;
    case UOP_STORE_GEN_INT: case UOP_STORE_GEN_FLOAT:
        return u->b;
    default:
        return REF_NONE;
    }
}

#define DROP REF_NONE       /* the uop is not needed and has no result */
typedef enum { KEPT, FOLDED } Folded;

static Folded fold_guard(Builder *b, int holds)
{
    if (!holds)
        b->contradiction = 1;
    return FOLDED;
}

static int compare_int(UopCode op, int64_t x, int64_t y)
{
    switch (op) {
    case UOP_LT_INT: case UOP_GUARD_LT_INT: return x < y;
    case UOP_LE_INT: case UOP_GUARD_LE_INT: return x <= y;
    case UOP_GT_INT: case UOP_GUARD_GT_INT: return x > y;
    case UOP_GE_INT: case UOP_GUARD_GE_INT: return x >= y;
    case UOP_EQ_INT: case UOP_GUARD_EQ_INT: return x == y;
    default: return x != y;
    }
}

/* The comparison that holds for (b, a) when `op` holds for (a, b). */
static UopCode swapped(UopCode op)
{
    switch (op) {
    case UOP_LT_INT: return UOP_GT_INT;
    case UOP_LE_INT: return UOP_GE_INT;
    case UOP_GT_INT: return UOP_LT_INT;
    case UOP_GE_INT: return UOP_LE_INT;
    case UOP_GUARD_LT_INT: return UOP_GUARD_GT_INT;
    case UOP_GUARD_LE_INT: return UOP_GUARD_GE_INT;
    case UOP_GUARD_GT_INT: return UOP_GUARD_LT_INT;
    case UOP_GUARD_GE_INT: return UOP_GUARD_LE_INT;
    default: return op;     /* commutative */
    }
}

/* int64 arithmetic on two constants; 0 when it would leave. */
static int fold_int(UopCode op, int64_t x, int64_t y, int64_t *r)
{
    switch (op) {
    case UOP_ADD_INT: return !__builtin_add_overflow(x, y, r);
    case UOP_SUB_INT: return !__builtin_sub_overflow(x, y, r);
    case UOP_MUL_INT: return !__builtin_mul_overflow(x, y, r);
    case UOP_ADD_WRAP: *r = (int64_t)((uint64_t)x + (uint64_t)y); return 1;
    case UOP_SUB_WRAP: *r = (int64_t)((uint64_t)x - (uint64_t)y); return 1;
    case UOP_MUL_WRAP: *r = (int64_t)((uint64_t)x * (uint64_t)y); return 1;
    case UOP_AND_INT: *r = x & y; return 1;
    case UOP_OR_INT: *r = x | y; return 1;
    case UOP_XOR_INT: *r = x ^ y; return 1;
    case UOP_RSHIFT_INT: if (y < 0) return 0; *r = x >> (y > 63 ? 63 : y); return 1;
    case UOP_MIN_INT: *r = y < x ? y : x; return 1;
    case UOP_MAX_INT: *r = y > x ? y : x; return 1;
    case UOP_LT_INT: case UOP_LE_INT: case UOP_GT_INT: case UOP_GE_INT: case UOP_EQ_INT: case UOP_NE_INT:
        *r = compare_int(op, x, y); return 1;
    default: return 0;
    }
}

static int is_commutative_int(UopCode op)
{
    switch (op) {
    case UOP_ADD_INT: case UOP_MUL_INT: case UOP_ADD_WRAP: case UOP_MUL_WRAP: case UOP_AND_INT: case UOP_OR_INT: case UOP_XOR_INT:
    case UOP_MIN_INT: case UOP_MAX_INT: case UOP_EQ_INT: case UOP_NE_INT: case UOP_GUARD_EQ_INT: case UOP_GUARD_NE_INT:
        return 1;
    default:
        return swapped(op) != op;
    }
}

static Folded fold_ints(Builder *b, Uop *u, Ref *result)
{
    int64_t x = 0, y = 0, r;
    int cx = const_int(b, u->a, &x), cy = const_int(b, u->b, &y);
    if (u->op >= UOP_GUARD_LT_INT && u->op <= UOP_GUARD_NE_INT) {
        if (cx && cy)
            return fold_guard(b, compare_int(u->op, x, y));
        if (u->a == u->b)
            return fold_guard(b, compare_int(u->op, 0, 0));
    }
    if (cx && cy && fold_int(u->op, x, y, &r)) {
        *result = trace_const_int(b->t, r);
        return FOLDED;
    }
    if (cx && !cy && is_commutative_int(u->op)) {
        Ref other = u->a;
        u->a = u->b;
        u->b = other;
        u->op = swapped(u->op);
        y = x;
        cy = 1;
    }
    if (!cy)
        return KEPT;
    switch (u->op) {
    case UOP_ADD_INT: case UOP_SUB_INT: case UOP_ADD_WRAP: case UOP_SUB_WRAP: case UOP_OR_INT: case UOP_XOR_INT:
    case UOP_LSHIFT_INT: case UOP_RSHIFT_INT:
        if (y == 0) { *result = u->a; return FOLDED; }
        break;
    case UOP_MUL_INT: case UOP_MUL_WRAP:
        if (y == 1) { *result = u->a; return FOLDED; }
        break;
    case UOP_FLOORDIV_INT:
        if (y > 0 && (y & (y - 1)) == 0) {      /* rounds down, as an arithmetic shift does */
            u->op = UOP_DIV_POW2;
            u->imm = __builtin_ctzll((uint64_t)y);
            u->b = REF_NONE;
            u->snap = SNAP_NONE;
            if (u->imm == 0) { *result = u->a; return FOLDED; }
        }
        break;
    case UOP_MOD_INT:
        if (y > 0 && (y & (y - 1)) == 0) {
            u->op = UOP_AND_INT;
            u->b = trace_const_int(b->t, y - 1);
            u->snap = SNAP_NONE;
        }
        break;
    default:
        break;
    }
    return KEPT;
}

static Folded fold_floats(Builder *b, const Uop *u, Ref *result)
{
    double x, y;
    if (!const_float(b, u->a, &x))
        return KEPT;
    if (u->op == UOP_NEG_FLOAT) { *result = trace_const_float(b->t, -x); return FOLDED; }
    if (u->op == UOP_ABS_FLOAT) { *result = trace_const_float(b->t, __builtin_fabs(x)); return FOLDED; }
    if (!const_float(b, u->b, &y))
        return KEPT;
    switch (u->op) {
    case UOP_ADD_FLOAT: *result = trace_const_float(b->t, x + y); return FOLDED;
    case UOP_SUB_FLOAT: *result = trace_const_float(b->t, x - y); return FOLDED;
    case UOP_MUL_FLOAT: *result = trace_const_float(b->t, x * y); return FOLDED;
    case UOP_GUARD_LT_FLOAT: return fold_guard(b, x < y);
    case UOP_GUARD_LE_FLOAT: return fold_guard(b, x <= y);
    case UOP_GUARD_GT_FLOAT: return fold_guard(b, x > y);
    case UOP_GUARD_GE_FLOAT: return fold_guard(b, x >= y);
    case UOP_GUARD_EQ_FLOAT: return fold_guard(b, x == y);
    case UOP_GUARD_NE_FLOAT: return fold_guard(b, x != y);
    case UOP_GUARD_NLT_FLOAT: return fold_guard(b, !(x < y));
    case UOP_GUARD_NLE_FLOAT: return fold_guard(b, !(x <= y));
    case UOP_GUARD_NGT_FLOAT: return fold_guard(b, !(x > y));
    case UOP_GUARD_NGE_FLOAT: return fold_guard(b, !(x >= y));
    default: return KEPT;
    }
}

/* The value of an int object that fits int64. */
static int int_value(PyObject *o, int64_t *v)
{
    int overflow;
    long long x = PyLong_AsLongLongAndOverflow(o, &overflow);
    *v = x;
    return !overflow;
}

static int is_int(const Builder *b, Ref r) { return builder_type(b, r) == &PyLong_Type || builder_type(b, r) == &PyBool_Type; }

/* What must be folded even with the optimizer off: a sunk object cannot be looked into, and boxes made here are known. */
static Folded fold_boxes(Builder *b, const Uop *u, Ref *result)
{
    PyObject *k = const_obj(b, u->a);
    int64_t v;
    switch (u->op) {
    case UOP_UNBOX_FLOAT:
        if (k && builder_type(b, u->a) == &PyFloat_Type) { *result = trace_const_float(b->t, PyFloat_AS_DOUBLE(k)); return FOLDED; }
        *result = builder_content(b, u->a);
        return *result != REF_NONE && ref_kind(b->t, *result) == KIND_FLOAT ? FOLDED : KEPT;
    case UOP_UNBOX_INT:
        if (k && is_int(b, u->a) && int_value(k, &v)) { *result = trace_const_int(b->t, v); return FOLDED; }
        if (!IS_CONST(u->a) && b->t->uops[u->a].op == UOP_BOOL_OBJ) { *result = b->t->uops[u->a].a; return FOLDED; }
        *result = builder_content(b, u->a);
        return *result != REF_NONE && ref_kind(b->t, *result) == KIND_INT ? FOLDED : KEPT;
    case UOP_UNBOX_BOOL:
        if (k) { *result = trace_const_int(b->t, k == Py_True); return FOLDED; }
        if (!IS_CONST(u->a) && b->t->uops[u->a].op == UOP_BOOL_OBJ) { *result = b->t->uops[u->a].a; return FOLDED; }
        return KEPT;
    case UOP_GUARD_TYPE: {
        PyTypeObject *type = builder_type(b, u->a);
        if (type)
            return fold_guard(b, type == (PyTypeObject *)u->imm);
        return KEPT;
    }
    case UOP_GUARD_NUMBER: {
        PyTypeObject *type = builder_type(b, u->a);
        return type ? fold_guard(b, type == &PyLong_Type || type == &PyFloat_Type) : is_null_const(b, u->a) ? FOLDED : KEPT;
    }
    case UOP_GUARD_NOT_NULL:
        return builder_type(b, u->a) ? FOLDED : is_null_const(b, u->a) ? fold_guard(b, 0) : KEPT;
    case UOP_DECREF: case UOP_DECREF_LEAF: case UOP_DECREF_QUIET: case UOP_DECREF_CALL: case UOP_INCREF: case UOP_GUARD_OUTLIVES:
        if (is_null_const(b, u->a) || (k && b->t->consts[~u->a].immortal))
            return FOLDED;
        return builder_type(b, u->a) == &PyBool_Type ? FOLDED : KEPT;
    default:
        return KEPT;
    }
}

static Folded fold(Builder *b, Uop *u, Ref *result)
{
    *result = REF_NONE;
    if (fold_boxes(b, u, result) == FOLDED)
        return FOLDED;
    if (!b->fold)
        return KEPT;
    PyObject *k = const_obj(b, u->a), *k2 = const_obj(b, u->b);
    int64_t v;
    switch (u->op) {
    case UOP_GUARD_IS: return k ? fold_guard(b, k == (PyObject *)u->imm) : KEPT;
    case UOP_GUARD_IS_NOT: return k ? fold_guard(b, k != (PyObject *)u->imm) : KEPT;
    case UOP_GUARD_SAME: return u->a == u->b ? FOLDED : k && k2 ? fold_guard(b, k == k2) : KEPT;
    case UOP_GUARD_DIFFERENT: return k && k2 ? fold_guard(b, k != k2) : KEPT;
    case UOP_GUARD_TRUE: return const_int(b, u->a, &v) ? fold_guard(b, v != 0) : KEPT;
    case UOP_GUARD_FALSE: return const_int(b, u->a, &v) ? fold_guard(b, v == 0) : KEPT;
    case UOP_GUARD_STANDS: {
        int stands = builder_stands(b, u->a, u->imm, b->barrier[MEM_SUSPENDED]);
        return stands ? fold_guard(b, stands > 0) : KEPT;
    }
    case UOP_NOT: if (const_int(b, u->a, &v)) { *result = trace_const_int(b->t, !v); return FOLDED; } return KEPT;
    case UOP_INVERT_INT: if (const_int(b, u->a, &v)) { *result = trace_const_int(b->t, ~v); return FOLDED; } return KEPT;
    case UOP_NEG_INT: if (const_int(b, u->a, &v) && v != INT64_MIN) { *result = trace_const_int(b->t, -v); return FOLDED; } return KEPT;
    case UOP_BOOL_OBJ: if (const_int(b, u->a, &v)) { *result = trace_const_obj(b->t, v ? Py_True : Py_False); return FOLDED; } return KEPT;
    case UOP_INT_TO_FLOAT: case UOP_INT_TO_FLOAT_EXACT:
        if (const_int(b, u->a, &v) && v >= -(1LL << 53) && v <= 1LL << 53) { *result = trace_const_float(b->t, (double)v); return FOLDED; }
        return KEPT;
    case UOP_TUPLE_LEN:
        if (k && builder_type(b, u->a) == &PyTuple_Type) {
            *result = trace_const_int(b->t, PyTuple_GET_SIZE(k));
            return FOLDED;
        }
        return KEPT;
    case UOP_TUPLE_ITEM:
        if (k && builder_type(b, u->a) == &PyTuple_Type && const_int(b, u->b, &v) && v >= 0 && v < PyTuple_GET_SIZE(k)) {
            *result = trace_const_obj(b->t, PyTuple_GET_ITEM(k, v));
            return FOLDED;
        }
        return KEPT;
    case UOP_TUPLE_AT:
        v = (u->imm - (int64_t)offsetof(PyTupleObject, ob_item)) / (int64_t)sizeof(PyObject *);
        if (k && builder_type(b, u->a) == &PyTuple_Type && v < PyTuple_GET_SIZE(k)) {
            *result = trace_const_obj(b->t, PyTuple_GET_ITEM(k, v));
            return FOLDED;
        }
        return KEPT;    /* of a shorter constant: behind a guard that never holds */
    default:
        break;
    }
    if (uop_info[u->op].operand[0] == KIND_INT && uop_info[u->op].n_operands == 2 && (uop_info[u->op].effects & EFFECT_PURE))
        return fold_ints(b, u, result);
    if (uop_info[u->op].operand[0] == KIND_FLOAT && (uop_info[u->op].effects & EFFECT_PURE))
        return fold_floats(b, u, result);
    return KEPT;
}

/* ---- appending ---- */

static Ref merge(const Builder *b, const Uop *u, unsigned h)
{
    int is_read = uop_info[u->op].effects & EFFECT_READ;
    Ref oldest = is_read ? b->barrier[class_read(u->op)] : 0;
    for (Ref r = b->heads[h]; r >= oldest && r >= 0; r = b->t->uops[r].chain) {
        const Uop *o = &b->t->uops[r];
        if (o->op == u->op && o->a == u->a && o->b == u->b && o->c == u->c && o->imm == u->imm)
            return is_read && class_read(u->op) == MEM_SUSPENDED && builder_is_outdated(b, u, r) ? REF_NONE : r;
    }
    return REF_NONE;
}

static PyTypeObject *type_of_result(const Uop *u)
{
    switch (u->op) {
    case UOP_SINK_FLOAT: case UOP_NEW_FLOAT: case UOP_SINK_SLOT_FLOAT: case UOP_KEEP_FLOAT:
    case UOP_STORE_FLOAT: case UOP_STORE_GEN_FLOAT: return &PyFloat_Type;
    case UOP_SINK_INT: case UOP_NEW_INT: case UOP_SINK_SLOT_INT: case UOP_KEEP_INT: case UOP_STORE_INT: case UOP_STORE_GEN_INT:
    case UOP_SINK_ADD: case UOP_SINK_SUB: case UOP_SINK_MUL:
    case UOP_NEW_ADD: case UOP_NEW_SUB: case UOP_NEW_MUL: return &PyLong_Type;
    case UOP_STR_INT: case UOP_STR_FLOAT: case UOP_NEW_STRING: return &PyUnicode_Type;
    case UOP_BOOL_OBJ: return &PyBool_Type;
    case UOP_NEW_TUPLE: return &PyTuple_Type;
    case UOP_NEW_LIST: return &PyList_Type;
    case UOP_NEW_DICT: return &PyDict_Type;
    default: return NULL;
    }
}

static int has_failed(Builder *b) { return b->failed |= (uint8_t)b->t->failed; }

Ref build(Builder *b, UopCode op, Ref a, Ref b_, Ref c, int64_t imm, int32_t snap)
{
    if (has_failed(b))
        return REF_NONE;
    Uop u = {.op = (uint16_t)op, .a = a, .b = b_, .c = c, .imm = imm, .snap = snap};
    Ref result;
    if (fold(b, &u, &result) == FOLDED)
        return has_failed(b) ? REF_NONE : result;
    const UopInfo *info = &uop_info[u.op];
    unsigned h = 0;
    int merges = mergeable(b, u.op);
    if (merges) {
        h = hash(b, &u);
        Ref same = merge(b, &u, h);
        if (same != REF_NONE)
            return same;
    }
    if (b->t->n_uops >= b->limit) {
        b->failed = 1;
        return REF_NONE;
    }
    if (info->exit == EXIT_NONE)
        u.snap = SNAP_NONE;
    else if (u.snap == SNAP_AUTO)
        u.snap = b->snapshot(b->arg);
    Ref ref = trace_append(b->t, u.op, u.a, u.b, u.c, u.imm, u.snap);
    if (has_failed(b))          /* also that of an operand or of the snapshot */
        return REF_NONE;
    if (merges)
        enter(b, ref, h);
    PyTypeObject *type = u.op == UOP_GEN_SLOT ? builder_stored_type(b, &u)
                       : u.op == UOP_SINK_NEW || u.op == UOP_NEW_OBJECT ? (PyTypeObject *)const_obj(b, u.a)
                       : u.op == UOP_SINK_SET ? builder_type(b, u.a) : type_of_result(&u);
    if (type)
        builder_set_type(b, ref, type);
    if (builder_teaches_type(&u))
        builder_set_type(b, u.a, u.op == UOP_GUARD_TYPE ? (PyTypeObject *)u.imm : Py_TYPE((PyObject *)u.imm));
    builder_forget(b, builder_writes(u.op));
    if (info->effects & EFFECT_ESCAPE) {
        b->escape = ref;
        forget_heap_types(b);
    }
    if (b->appended)
        b->appended(b->arg, ref);
    return info->result == KIND_NONE ? REF_NONE : ref;
}
