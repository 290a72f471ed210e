/* test_emit.c: random traces, natively and in the uop interpreter: same exit, same values, same memory.
 *
 *     test_emit [seed [count]]     random traces: roots, loops, side traces, links, stress; each plan goes through ra_check()
 *                                  as well, but with COPYPATCH_VERIFY=0
 *     test_emit bench              cost of emit_trace() per uop
 *     test_emit show seed          one trace with its registers
 *     test_emit loop               a plain loop with its registers
 *
 * All objects that the traces see are float objects (but for the containers and the like, constants, and objects that one uop makes
 * for the next): so every uop on objects may be applied to every object. None of them is freed: what runs here leaks. But
 * reference counts change, and must agree as well. */
#include "../../src/emit/arch.h"
#include "../../src/emit/emit.h"
#include "../../src/emit/memory.h"
#include "../../src/emit/patch.h"
#include "../../src/emit/registers.h"
#include "../../src/interpret/interpret.h"
#include "../../src/ir/config.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <math.h>

#define N_SLOTS 64
enum { FIRST_OBJ_SLOT = 32, FIRST_FLOAT_SLOT = 48, FIRST_INT_SLOT = 56 };      /* 16 never NULL, 8 and 8 NULL at first */
static PyCodeObject *code;
static PyObject *list, *tuple, *objects[16], *builtin_max;
static uint64_t seed;
static int recent_only;                     /* as in real traces: most values die young */

static uint32_t rnd(uint32_t n)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(seed >> 33) % n;
}

/* ---- C functions that traces call ---- */

static Obj *first(Obj *a) { return a; }
static Obj *smaller(Obj *a, Obj *b) { return ((FloatObj *)b)->value < ((FloatObj *)a)->value ? b : a; }
static Obj *middle(Obj *a, Obj *b, Obj *c) { return smaller(smaller(a, b), c); }
static int is_negative(Obj *a) { return ((FloatObj *)a)->value < 0; }
static int is_less(Obj *a, Obj *b) { return ((FloatObj *)a)->value < ((FloatObj *)b)->value; }
static int sign_of_product(Obj *a, Obj *b, Obj *c) { return is_negative(a) ^ is_negative(b) ^ is_negative(c); }
static Obj *unless_large(Obj *a) { return ((FloatObj *)a)->value > 100 ? NULL : a; }
static int error_if_large(Obj *a) { return ((FloatObj *)a)->value > 100 ? -1 : 3; }

/* ---- what traces find in memory beside slots, list and tuple ---- */

static struct Things {
    RangeIter tank;             /* see fuel() */
    ListIter list_iter;
    TupleIter tuple_iter;
    CellObj cell;
    DictObj dict;
    DictKeys keys;
    FunctionObj function;
    ModuleObj module;
    BuiltinObj builtin;
    CodeObj code;
    Obj *word;
    int flag;
} things;
#define IMMORTAL 0xffffffff
#define THING(x) ((PyObject *)&things.x)

static void reset_things(void)
{
    memset(&things, 0, sizeof things);
    things.tank = (RangeIter){.base = {IMMORTAL, &PyRangeIter_Type}, .start = -5, .step = 3, .left = 300};
    things.list_iter = (ListIter){{IMMORTAL, &PyListIter_Type}, 0, (ListObj *)list};
    things.tuple_iter = (TupleIter){{IMMORTAL, &PyTupleIter_Type}, 3, (TupleObj *)tuple};
    things.cell = (CellObj){{IMMORTAL, &PyCell_Type}, (Obj *)objects[3]};
    things.keys = (DictKeys){.refcnt = 1, .version = 0x90000001u};
    things.dict = (DictObj){{IMMORTAL, &PyDict_Type}, 1, DICT_VERSION_STEP, &things.keys};
    things.function = (FunctionObj){.base = {IMMORTAL, &PyFunction_Type}, .version = 77};
    things.function.fields[FUNC_DEFAULTS] = objects[4];
    things.function.fields[FUNC_CLOSURE] = objects[5];
    things.module = (ModuleObj){{IMMORTAL, &PyModule_Type}, &things.dict.base};
    things.builtin = (BuiltinObj){{IMMORTAL, &PyCFunction_Type}, &things.keys};
    things.word = (Obj *)objects[6];
    things.flag = 1;
}

/* ---- making traces ---- */

typedef struct { Trace *t; Ref all[3][4096]; int n[3]; int snapshot_size; int32_t shared; } Gen;   /* by kind - 1 */

static void have(Gen *g, Ref r)
{
    Kind k = ref_kind(g->t, r);
    if (k && g->n[k - 1] < 4096)
        g->all[k - 1][g->n[k - 1]++] = r;
}

static Ref a_constant(Gen *g, Kind k)
{
    static const double floats[] = {0.0, -0.0, 1.0, 2.5, -3.75, 1e10, 1e-5};
    static const int64_t ints[] = {0, 1, -1, 7, 100, -12345, INT32_MAX, INT32_MIN, 1ll << 40, -(1ll << 33), INT64_MAX};
    if (k == KIND_FLOAT) return trace_const_float(g->t, floats[rnd(7)]);
    if (k == KIND_INT) return trace_const_int(g->t, ints[rnd(11)]);
    return trace_const_obj(g->t, objects[rnd(16)]);
}

static Ref pick(Gen *g, Kind k, int const_percent)
{
    int n = g->n[k - 1];
    if (!n || rnd(100) < (uint32_t)const_percent)
        return a_constant(g, k);
    if (recent_only || rnd(2))
        return g->all[k - 1][n - 1 - rnd(n < 6 ? n : 6)];
    return g->all[k - 1][rnd(n)];
}

static int32_t snapshot(Gen *g)
{
    if (g->shared >= 0 && rnd(3))
        return g->shared;
    int n = rnd(g->snapshot_size + 1);
    Ref refs[64];
    for (int i = 0; i < n; i++) {
        refs[i] = pick(g, (Kind)(KIND_OBJ + rnd(3)), 5);
        Kind k = ref_kind(g->t, refs[i]);
        if (rnd(4) == 0 && k == KIND_FLOAT)
            refs[i] = trace_append(g->t, rnd(2) ? UOP_SINK_FLOAT : UOP_SINK_SLOT_FLOAT, refs[i], REF_NONE, REF_NONE, i, -1);
        else if (rnd(4) == 0 && k == KIND_INT)
            refs[i] = rnd(2) ? trace_append(g->t, (UopCode)(UOP_SINK_ADD + rnd(3)), refs[i], pick(g, KIND_INT, 5), REF_NONE, 0, -1)
                             : trace_append(g->t, rnd(2) ? UOP_SINK_INT : UOP_SINK_SLOT_INT, refs[i], REF_NONE, REF_NONE, i, -1);
    }
    int32_t s = trace_add_snapshot(g->t);
    for (int i = 0; i < n; i++)
        trace_add_snap_slot(g->t, (SnapSlot){.ref = refs[i], .slot = (int16_t)i, .how = HOW_BORROWED});
    return g->shared = s;
}

/* The result is for the caller alone: it may be NULL, or is no float object. */
static Ref add_own(Gen *g, UopCode op, Ref a, Ref b, Ref c, int64_t imm)
{
    int32_t snap = uop_info[op].exit != EXIT_NONE ? snapshot(g) : -1;
    return trace_append(g->t, op, a, b, c, imm, snap);
}

static Ref add(Gen *g, UopCode op, Ref a, Ref b, Ref c, int64_t imm)
{
    Ref r = add_own(g, op, a, b, c, imm);
    if (uop_info[op].result)
        have(g, r);
    return r;
}

static Ref add0(Gen *g, UopCode op, int64_t imm) { return add(g, op, REF_NONE, REF_NONE, REF_NONE, imm); }
static Ref add1(Gen *g, UopCode op, Ref a, int64_t imm) { return add(g, op, a, REF_NONE, REF_NONE, imm); }
static Ref own1(Gen *g, UopCode op, Ref a, int64_t imm) { return add_own(g, op, a, REF_NONE, REF_NONE, imm); }
static Ref an_object(Gen *g) { return pick(g, KIND_OBJ, 20); }

/* What may be NULL, after LOAD_SLOT and its like. */
static void maybe_null(Gen *g, Ref r)
{
    switch (rnd(8)) {
    case 0: own1(g, UOP_GUARD_NULL, r, 0); return;
    case 1: own1(g, UOP_DECREF, r, 0); return;
    case 2: return;
    default:
        own1(g, UOP_GUARD_NOT_NULL, r, 0);
        have(g, r);
    }
}

/* Slots that may be NULL: the float slots hold floats, the int slots ints. */
static void slot_uop(Gen *g)
{
    int f = FIRST_FLOAT_SLOT + (int)rnd(8), i = FIRST_INT_SLOT + (int)rnd(8);
    switch (rnd(12)) {
    case 10: add1(g, UOP_UNBOX_FLOAT, own1(g, UOP_STORE_FLOAT, pick(g, KIND_FLOAT, 10), f), 0); return;
    case 11: add1(g, UOP_UNBOX_INT, own1(g, UOP_STORE_INT, pick(g, KIND_INT, 10), i), 0); return;
    case 0: add0(g, UOP_DROP_STALE, f); return;
    case 1: add0(g, UOP_DROP_STALE, i); return;
    case 2: add0(g, UOP_CLEAR_SLOT, rnd(2) ? f : i); return;
    case 3: maybe_null(g, own1(g, UOP_LOAD_SLOT, REF_NONE, f)); return;
    case 4: maybe_null(g, own1(g, UOP_TAKE_SLOT, REF_NONE, f)); return;
    case 5: maybe_null(g, own1(g, UOP_SWAP_SLOT, an_object(g), f)); return;
    case 6: add1(g, UOP_STORE_SLOT, an_object(g), f); return;
    case 7: add1(g, UOP_KEEP_FLOAT, pick(g, KIND_FLOAT, 10), f); return;
    default: add1(g, UOP_UNBOX_INT, own1(g, UOP_KEEP_INT, pick(g, KIND_INT, 10), i), 0); return;
    }
}

static void object_uop(Gen *g)
{
    int wrong = rnd(40) == 0;
    switch (rnd(16)) {
    case 0: own1(g, UOP_DECREF_LEAF + rnd(2), own1(g, UOP_NEW_FLOAT, pick(g, KIND_FLOAT, 10), 0), 0); return;
    case 1: add1(g, UOP_UNBOX_INT, own1(g, UOP_NEW_INT, pick(g, KIND_INT, 10), 0), 0); return;
    case 2: add1(g, UOP_DECREF, an_object(g), 0); return;
    case 3: add(g, UOP_SET_FLOAT, an_object(g), pick(g, KIND_FLOAT, 0), REF_NONE, 0); return;
    case 4: add1(g, UOP_UNBOX_BOOL, add1(g, UOP_BOOL_OBJ, pick(g, KIND_INT, 0), 0), 0); return;
    case 5: add1(g, UOP_GUARD_IS_NOT, an_object(g), (intptr_t)objects[rnd(16)]); return;
    case 6: {
        Ref k = trace_const_obj(g->t, objects[rnd(16)]);
        add1(g, UOP_GUARD_IS, k, (intptr_t)objects[wrong ? rnd(16) : 0]);
        add(g, UOP_GUARD_SAME, k, wrong ? an_object(g) : k, REF_NONE, 0);
        return;
    }
    case 7:
        add1(g, UOP_GUARD_SHARED, trace_const_int(g->t, (intptr_t)&things.keys), rnd(40) ? 0x90000001u : 5);
        add1(g, UOP_GUARD_KEYS, trace_const_obj(g->t, THING(dict)), wrong ? 5 : 0x90000001u); return;
    case 8: add1(g, UOP_DICT_LEN, trace_const_obj(g->t, THING(dict)), 0); add1(g, UOP_GUARD_KEYS_AT, trace_const_obj(g->t, THING(dict)), (intptr_t)&things.keys + wrong); return;
    case 9: add0(g, UOP_LOAD_WORD, (intptr_t)&things.word); return;
    case 10: add(g, UOP_STORE_WORD, trace_const_obj(g->t, THING(dict)), an_object(g), REF_NONE, (intptr_t)&things.word); return;
    case 11: add1(g, UOP_GUARD_UNWATCHED, trace_const_obj(g->t, THING(dict)), 0x7f); return;
    case 12: {
        Ref f = trace_const_obj(g->t, THING(function));
        add1(g, UOP_GUARD_FUNC, f, 77 + wrong);
        add1(g, UOP_FUNC_FIELD, f, rnd(2) ? FUNC_DEFAULTS : FUNC_CLOSURE);
        return;
    }
    case 13: add1(g, UOP_GUARD_MODULE, trace_const_obj(g->t, THING(module)), (intptr_t)&things.dict + wrong); return;
    case 14: add1(g, UOP_GUARD_ML, trace_const_obj(g->t, THING(builtin)), (intptr_t)&things.keys + wrong); return;
    default:
        if (rnd(2))
            add0(g, rnd(2) ? UOP_CHECK_VALID : UOP_CHECK_LOOKED, (intptr_t)&things.flag);
        else
            add0(g, UOP_SET_IP, (intptr_t)&things.keys + rnd(100));
    }
}

/* With a reference to give away. */
static Ref given(Gen *g, Ref ref)
{
    trace_append(g->t, UOP_INCREF, ref, REF_NONE, REF_NONE, 0, -1);
    return ref;
}

static void container_uop(Gen *g)
{
    Ref l = trace_const_obj(g->t, THING(list_iter)), t = trace_const_obj(g->t, THING(tuple_iter)), cell = trace_const_obj(g->t, THING(cell));
    int content = (int)offsetof(CellObj, content);
    switch (rnd(12)) {
    case 0: add1(g, UOP_LIST_LEN, trace_const_obj(g->t, list), 0); return;
    case 1: add1(g, UOP_TUPLE_LEN, trace_const_obj(g->t, tuple), 0); return;
    case 2: add1(g, UOP_LIST_NEXT, l, 0); return;
    case 3: add1(g, UOP_TUPLE_NEXT, t, 0); return;
    case 4: break;
    case 5: add1(g, UOP_LOAD_CELL, cell, 0); return;
    case 6: add(g, UOP_SWAP_CELL, cell, an_object(g), REF_NONE, 0); return;
    case 7: add1(g, UOP_LOAD_FIELD, cell, content); return;
    case 8: add(g, UOP_SWAP_FIELD, cell, an_object(g), REF_NONE, content); return;
    case 9: add1(g, rnd(2) ? UOP_GUARD_NO_FIELD : UOP_GUARD_BYTE, cell, content); return;
    default: {
        int n = 2 + (int)rnd(3);
        int what = (int)rnd(6);
        for (int k = 0; k < n; k++)
            add1(g, what ? UOP_ARG : UOP_GIVE, what ? an_object(g) : given(g, an_object(g)), k);
        if (what < 2)
            add1(g, what ? UOP_LEAF_VECTORCALL : UOP_VECTORCALL, what ? trace_const_obj(g->t, builtin_max) : given(g, trace_const_obj(g->t, builtin_max)), n);
        else {
            int is_list = rnd(2);
            Ref made = own1(g, is_list ? UOP_NEW_LIST : UOP_NEW_TUPLE, REF_NONE, n);
            add(g, is_list ? UOP_LIST_ITEM : UOP_TUPLE_ITEM, made, trace_const_int(g->t, rnd((uint32_t)n)), REF_NONE, 0);
            add1(g, is_list ? UOP_LIST_LEN : UOP_TUPLE_LEN, made, 0);
        }
        return;
    }
    }
    switch (rnd(3)) {           /* these leave mostly */
    case 0: add1(g, UOP_LIST_END, l, 0); return;
    case 1: add1(g, UOP_TUPLE_END, t, 0); return;
    default: add1(g, UOP_GUARD_RANGE_END, trace_const_obj(g->t, THING(tank)), 0); return;
    }
}

static void random_uop(Gen *g)
{
    static const UopCode plain[] = {
        UOP_ADD_WRAP, UOP_SUB_WRAP, UOP_MUL_WRAP, UOP_AND_INT, UOP_OR_INT, UOP_XOR_INT, UOP_MIN_INT, UOP_MAX_INT, UOP_ADD_INT, UOP_SUB_INT,
        UOP_LT_INT, UOP_LE_INT, UOP_GT_INT, UOP_EQ_INT, UOP_NE_INT, UOP_NOT, UOP_INVERT_INT, UOP_ADD_WRAP, UOP_ABS_INT, UOP_NEG_INT,
        UOP_GUARD_NE_INT, UOP_GUARD_LE_INT, UOP_RSHIFT_INT, UOP_LSHIFT_INT, UOP_FLOORDIV_INT, UOP_MOD_INT, UOP_MUL_INT, UOP_TRUEDIV_INT, UOP_POW_INT, UOP_GCD_INT,
        UOP_ADD_FLOAT, UOP_SUB_FLOAT, UOP_MUL_FLOAT, UOP_DIV_FLOAT, UOP_NEG_FLOAT, UOP_ABS_FLOAT, UOP_ADD_FLOAT, UOP_SUB_FLOAT, UOP_MUL_FLOAT,
        UOP_MOD_FLOAT, UOP_FLOORDIV_FLOAT, UOP_POW_FLOAT, UOP_SQRT_FLOAT, UOP_INT_TO_FLOAT, UOP_INT_TO_FLOAT_EXACT, UOP_FLOAT_TO_INT, UOP_BOOL_FLOAT,
        UOP_LT_FLOAT, UOP_GE_FLOAT, UOP_EQ_FLOAT, UOP_GUARD_NLT_FLOAT, UOP_GUARD_NE_FLOAT, UOP_NEW_FLOAT, UOP_UNBOX_FLOAT, UOP_UNBOX_FLOAT,
        UOP_IS, UOP_GUARD_NOT_NULL, UOP_INCREF, UOP_POLL, UOP_GUARD_DIFFERENT, UOP_GE_INT, UOP_LE_FLOAT, UOP_GT_FLOAT, UOP_NE_FLOAT,
        UOP_GUARD_NLE_FLOAT, UOP_GUARD_NGT_FLOAT, UOP_GUARD_NGE_FLOAT, UOP_GUARD_LT_INT, UOP_GUARD_GE_INT, UOP_GUARD_LE_FLOAT, UOP_GUARD_GT_FLOAT,
    };
    int consumed;
    switch (rnd(20)) {
    case 0: have(g, trace_append(g->t, UOP_LOAD_SLOT, REF_NONE, REF_NONE, REF_NONE, FIRST_OBJ_SLOT + rnd(16), -1)); return;
    case 1: add(g, rnd(2) ? UOP_STORE_SLOT : UOP_SWAP_SLOT, pick(g, KIND_OBJ, 20), REF_NONE, REF_NONE, FIRST_OBJ_SLOT + rnd(16)); return;
    case 2: {
        Ref i = rnd(3) ? add(g, UOP_AND_INT, pick(g, KIND_INT, 5), trace_const_int(g->t, 7), REF_NONE, 0) : trace_const_int(g->t, rnd(8));
        if (rnd(2))
            add(g, UOP_LIST_ITEM, trace_const_obj(g->t, list), i, REF_NONE, 0);
        else
            add(g, UOP_TUPLE_ITEM, trace_const_obj(g->t, tuple), i, REF_NONE, 0);
        return;
    }
    case 3: {
        Ref i = add(g, UOP_AND_INT, pick(g, KIND_INT, 5), trace_const_int(g->t, 7), REF_NONE, 0);
        add(g, UOP_LIST_SWAP, trace_const_obj(g->t, list), i, pick(g, KIND_OBJ, 20), 0);
        return;
    }
    case 4:
        switch (rnd(12)) {
        case 0: add(g, UOP_LEAF1, pick(g, KIND_OBJ, 20), REF_NONE, REF_NONE, (intptr_t)first); return;
        case 1: add(g, UOP_CALL2, given(g, pick(g, KIND_OBJ, 20)), given(g, pick(g, KIND_OBJ, 20)), REF_NONE, (intptr_t)smaller); return;
        case 2: add(g, UOP_LEAF3, pick(g, KIND_OBJ, 20), pick(g, KIND_OBJ, 20), pick(g, KIND_OBJ, 20), (intptr_t)middle); return;
        case 3: add(g, UOP_CALL1I, given(g, pick(g, KIND_OBJ, 20)), REF_NONE, REF_NONE, (intptr_t)is_negative); return;
        case 4:
            consumed = (int)rnd(2);
            add1(g, consumed ? UOP_CALL1 : UOP_LEAF1, consumed ? given(g, an_object(g)) : an_object(g), (intptr_t)unless_large);
            return;
        case 5: add1(g, UOP_LEAF1I, an_object(g), (intptr_t)error_if_large); return;
        case 6:
            if (rnd(2))
                add(g, UOP_CALL2I, given(g, an_object(g)), given(g, an_object(g)), REF_NONE, (intptr_t)is_less);
            else
                add(g, UOP_LEAF2I, an_object(g), an_object(g), REF_NONE, (intptr_t)is_less);
            return;
        case 7:
            if (rnd(2))
                add(g, UOP_CALL3I, given(g, an_object(g)), given(g, an_object(g)), given(g, an_object(g)), (intptr_t)sign_of_product);
            else
                add(g, UOP_LEAF3I, an_object(g), an_object(g), an_object(g), (intptr_t)sign_of_product);
            return;
        case 8: add(g, UOP_LEAF2, an_object(g), an_object(g), REF_NONE, (intptr_t)smaller); return;
        case 9: add(g, UOP_CALL3, given(g, an_object(g)), given(g, an_object(g)), given(g, an_object(g)), (intptr_t)middle); return;
        case 10: maybe_null(g, own1(g, rnd(2) ? UOP_NEXT : UOP_LEAF_NEXT, an_object(g), (intptr_t)unless_large)); return;
        default: add(g, UOP_CALL_FLOAT, pick(g, KIND_FLOAT, 20), REF_NONE, REF_NONE, (intptr_t)(double (*)(double))sin); return;
        }
    case 5: add(g, UOP_DIV_POW2, pick(g, KIND_INT, 10), REF_NONE, REF_NONE, rnd(64)); return;
    case 6: add(g, UOP_GUARD_TYPE, pick(g, KIND_OBJ, 10), REF_NONE, REF_NONE, (intptr_t)&PyFloat_Type); return;
    case 7: slot_uop(g); return;
    case 8: slot_uop(g); return;
    case 9: object_uop(g); return;
    case 10: container_uop(g); return;
    default: {
        UopCode op = plain[rnd(sizeof plain / sizeof *plain)];
        const UopInfo *info = &uop_info[op];
        if ((info->effects & EFFECT_CALL) && rnd(3))
            return;
        Ref v[3] = {REF_NONE, REF_NONE, REF_NONE};
        for (int k = 0; k < info->n_operands; k++)
            v[k] = k && rnd(12) == 0 && info->operand[k] == info->operand[k - 1] ? v[k - 1] : pick(g, (Kind)info->operand[k], k ? 30 : 8);
        add(g, op, v[0], v[1], v[2], 0);
    }
    }
}

static void begin_trace(Gen *g, int is_root)
{
    memset(g, 0, sizeof *g);
    g->t = trace_new(code);
    g->shared = -1;
    g->snapshot_size = rnd(3) ? rnd(8) : rnd(40);
    if (!is_root)
        return;
    int n = rnd(4) == 0 ? rnd(30) : rnd(8);
    for (int i = 0; i < n; i++) {
        Kind k = rnd(2) ? KIND_INT : KIND_FLOAT;
        have(g, trace_append(g->t, k == KIND_INT ? UOP_PARAM_INT : UOP_PARAM_FLOAT, REF_NONE, REF_NONE, REF_NONE, i, -1));
        trace_add_entry(g->t, (EntrySlot){.slot = (int16_t)i, .kind = (uint8_t)k});
    }
}

static void start(Gen *g)
{
    int32_t empty = trace_add_snapshot(g->t);
    g->t->start = trace_append(g->t, UOP_START, REF_NONE, REF_NONE, REF_NONE, 0, empty);
}

static void link_to(Gen *g, Trace *target)
{
    for (Ref i = 0; i < target->start; i++)
        if (target->uops[i].op == UOP_PARAM_INT || target->uops[i].op == UOP_PARAM_FLOAT || target->uops[i].op == UOP_PARAM_OBJ)
            trace_add_link_arg(g->t, pick(g, ref_kind(target, i), 15));
    int32_t snap = snapshot(g);
    trace_append(g->t, UOP_LINK, REF_NONE, REF_NONE, REF_NONE, (intptr_t)target, snap);
}

static void end_exit(Gen *g)
{
    int32_t snap = snapshot(g);
    trace_append(g->t, UOP_EXIT, REF_NONE, REF_NONE, REF_NONE, 0, snap);
}

/* Every way round takes a value from this iterator, whose end no side trace continues. */
static void fuel(Gen *g) { add1(g, UOP_RANGE_NEXT, trace_const_obj(g->t, THING(tank)), 0); }

static void loop(Gen *g, int size)
{
    g->t->loop = trace_append(g->t, UOP_LOOP, REF_NONE, REF_NONE, REF_NONE, 0, -1);
    g->shared = -1;
    int n = rnd(4) == 0 ? rnd(24) : rnd(5);
    Ref phi[24], left[24];
    Kind kinds[24];
    for (int i = 0; i < n; i++) {
        kinds[i] = (Kind)(KIND_OBJ + rnd(3));
        left[i] = i && rnd(8) == 0 ? left[i - 1] : pick(g, kinds[i], 10);
        if (ref_kind(g->t, left[i]) != kinds[i])
            left[i] = pick(g, kinds[i], 10);
    }
    for (int i = 0; i < n; i++)
        phi[i] = trace_append(g->t, (UopCode)(UOP_PHI_OBJ + kinds[i] - KIND_OBJ), left[i], REF_NONE, REF_NONE, 0, -1);
    for (int i = 0; i < n; i++)
        have(g, phi[i]);
    for (int i = rnd(size); i > 0; i--)
        random_uop(g);
    fuel(g);
    for (int i = 0; i < n; i++) {
        int j = rnd(n);
        g->t->uops[phi[i]].b = rnd(4) == 0 && kinds[j] == kinds[i] ? phi[j] : pick(g, kinds[i], 8);
    }
    trace_append(g->t, UOP_JUMP_LOOP, REF_NONE, REF_NONE, REF_NONE, 0, -1);
}

static Trace *random_root(int size)
{
    static Gen g_;
    Gen *g = &g_;
    begin_trace(g, 1);
    start(g);
    for (int i = rnd(size); i > 0; i--)
        random_uop(g);
    if (rnd(3) == 0) {
        fuel(g);
        if (rnd(2))
            link_to(g, g->t);
        else
            end_exit(g);
    }
    else
        loop(g, size);
    trace_make_exits(g->t);
    return g->t;
}

static void param_of_leaf(void *arg, Ref ref)
{
    Gen **gs = arg;
    Kind k = ref_kind(gs[1]->t, ref);
    have(gs[0], trace_append(gs[0]->t, (UopCode)(UOP_PARAM_OBJ + k - KIND_OBJ), REF_NONE, REF_NONE, REF_NONE, gs[0]->t->n_uops, -1));
}

static Trace *random_side(Exit *e, Trace *root, int size)
{
    static Gen g_;
    Gen *g = &g_, parent = {.t = e->trace}, *both[2] = {g, &parent};
    begin_trace(g, 0);
    trace_snapshot_leaves(e->trace, &e->trace->snaps[e->snap], param_of_leaf, both);
    g->t->parent = e;
    g->t->root = root;
    start(g);
    for (int i = rnd(size); i > 0; i--)
        random_uop(g);
    fuel(g);
    if (rnd(8) == 0)
        loop(g, size);
    else if (rnd(3))
        link_to(g, root);
    else
        end_exit(g);
    trace_make_exits(g->t);
    return g->t;
}

/* ---- running ---- */

static union { FrameHead head; struct { char before[offsetof(FrameHead, slot)]; Obj *slots[N_SLOTS]; }; } frame;
static Obj *items[8];
static void *nothing;
static uintptr_t breaker;

/* Between runs nothing releases the last reference of what the next trace has for a constant. */
static void set_counts(int64_t count)
{
    for (int i = 2; i < 16; i++)
        ((Obj *)objects[i])->refcnt = count + i;
    for (int i = 0; i < 2; i++)
        ((Obj *)objects[i])->refcnt = IMMORTAL;
    ((Obj *)list)->refcnt = ((Obj *)tuple)->refcnt = count + 1;
}

static double object_value(int i) { return i * 1.5 - 4; }

/* As state_init(). What it does not set is garbage. */
static void reset(State *S)
{
    memset(S, 0x5a, sizeof *S);
    reset_things();
    set_counts(2);
    for (int i = 0; i < 16; i++)
        ((FloatObj *)objects[i])->value = object_value(i);
    for (int i = 0; i < 8; i++)
        ((ListObj *)list)->item[i] = items[i];
    for (int i = 0; i < 16; i++)
        frame.slots[FIRST_OBJ_SLOT + i] = (Obj *)objects[i];
    for (int i = FIRST_FLOAT_SLOT; i < N_SLOTS; i++)
        frame.slots[i] = NULL;
    S->base = (FrameSlot *)frame.slots;
    frame.head.ip = frame.head.frame_object = NULL;
    frame.head.executable.bits = (uintptr_t)&things.code;
    S->allocator = (void *const *)&nothing;
    S->calm_allocator = NULL;
    S->evaluator = S->allocator;
    S->calm_evaluator = NULL;
    S->breaker = &breaker;
    S->calm = breaker;
    S->small_ints = (char *)PyLong_FromLong(0);
    S->true_object = (Obj *)objects[0];
    S->false_object = (Obj *)objects[1];
    S->module_type = &PyModule_Type;
    S->int_type = &PyLong_Type;
    S->float_type = &PyFloat_Type;
    S->loud = 0;
    S->exit = NULL;
    S->n_trash = 0;
    S->stress_left = S->stress_every = config.stress_exit;
}

static int same(Kind k, Value x, Value y)
{
    if (k == KIND_OBJ) {
        if (x.o == y.o)
            return 1;
        if (!x.o || !y.o || x.o->type != y.o->type || x.o->refcnt != y.o->refcnt)
            return 0;
        if (x.o->type == &PyLong_Type)
            return PyObject_RichCompareBool((PyObject *)x.o, (PyObject *)y.o, Py_EQ) == 1;
        if (x.o->type != &PyFloat_Type)
            return 0;
        x.f = ((FloatObj *)x.o)->value;
        y.f = ((FloatObj *)y.o)->value;
        k = KIND_FLOAT;
    }
    return x.i == y.i || (k == KIND_FLOAT && isnan(x.f) && isnan(y.f));
}

static long n_run, n_sides, n_refused, n_far, n_trashed;

static int run_both(Trace *root, Exit **taken)
{
    static Value *vals;
    static int32_t cap;
    static State S;
    for (int i = 0; i < root->n_entry; i++)
        frame.slots[i] = (Obj *)(root->entry[i].kind == KIND_FLOAT ? (rnd(8) ? PyFloat_FromDouble(rnd(1000) / 8.0 - 30) : PyLong_FromLong(3))
                                                             : PyLong_FromLongLong(rnd(3) ? (int64_t)rnd(2000) - 500 : (int64_t)seed));
    uint64_t keep = seed;
    reset(&S);
    Exit *e = interp_run(&S, root, &vals, &cap);
    PyErr_Clear();
    Obj *after[N_SLOTS], *list_after[8], *trash_after[N_TRASH];
    int64_t n_trash = S.n_trash;
    struct Things things_after = things;
    FrameHead head_after = frame.head;
    FloatObj objects_after[16];
    for (int i = 0; i < 16; i++)
        objects_after[i] = *(FloatObj *)objects[i];
    memcpy(trash_after, S.trash, sizeof trash_after);
    memcpy(after, frame.slots, sizeof frame.slots);
    memcpy(list_after, ((ListObj *)list)->item, sizeof list_after);
    seed = keep;
    reset(&S);
    emit_run(&S, root->native_entry);
    PyErr_Clear();
    *taken = e;
    FloatObj objects_now[16];
    for (int i = 0; i < 16; i++)
        objects_now[i] = *(FloatObj *)objects[i];
    set_counts(1 << 20);
    Exit *got = S.exit;
    if (got != e) {
        printf("left through exit of uop %d (%s) of %p, not of uop %d (%s) of %p\n", got->uop, uop_info[got->trace->uops[got->uop].op].name,
               (void *)got->trace, e->uop, uop_info[e->trace->uops[e->uop].op].name, (void *)e->trace);
        return -1;
    }
    for (int k = 0; k < got->n_live; k++) {
        Live l = e->trace->live[e->first_live + k];
        Value v = *(const Value *)((const char *)&S + emit_offset(l.loc));
        if (!same(ref_kind(e->trace, l.ref), v, vals[l.ref])) {
            printf("value %d (%s) at the exit of uop %d: %llx, not %llx\n", l.ref, uop_info[e->trace->uops[l.ref].op].name, e->uop, (long long)v.i,
                   (long long)vals[l.ref].i);
            return -1;
        }
    }
    for (int i = 0; i < N_SLOTS; i++)
        if (!same(KIND_OBJ, (Value){.o = after[i]}, (Value){.o = frame.slots[i]}))
            return printf("slot %d\n", i), -1;
    for (int i = 0; i < 8; i++)
        if (!same(KIND_OBJ, (Value){.o = list_after[i]}, (Value){.o = ((ListObj *)list)->item[i]}))
            return printf("list item %d\n", i), -1;
    for (int i = 0; i < 16; i++)
        if (objects_after[i].base.refcnt != objects_now[i].base.refcnt ||
            !same(KIND_FLOAT, (Value){.f = objects_after[i].value}, (Value){.f = objects_now[i].value}))
            return printf("object %d\n", i), -1;
    if (n_trash != S.n_trash)
        return printf("%d objects to release, not %d\n", (int)S.n_trash, (int)n_trash), -1;
    for (int i = 0; i < n_trash; i++)
        if (!same(KIND_OBJ, (Value){.o = trash_after[i]}, (Value){.o = S.trash[i]}))
            return printf("object to release %d\n", i), -1;
    n_trashed += n_trash;
    if (!same(KIND_OBJ, (Value){.o = things_after.cell.content}, (Value){.o = things.cell.content}) ||
        !same(KIND_OBJ, (Value){.o = things_after.word}, (Value){.o = things.word}))
        return printf("cell or dict value\n"), -1;
    things_after.cell.content = things.cell.content;
    things_after.word = things.word;
    if (memcmp(&things_after, &things, sizeof things) || memcmp(&head_after, &frame.head, offsetof(FrameHead, slot)))
        return printf("iterators, dict, instruction pointer\n"), -1;
    return 0;
}

static int one(uint64_t s)
{
    seed = s * 7919 + 13;
    for (int i = 0; i < 7; i++)
        rnd(2);
    config.stress_exit = rnd(3) == 0 ? 0 : rnd(4) ? 1 + rnd(400) : 1 + rnd(20);
    Trace *root = random_root(rnd(5) ? 30 : 150), *traces[16] = {root};
    int n = 1, failed = 0;
    const char *reason;
    if (emit_trace(root, &reason)) {
        n_refused++;
        failed = strcmp(reason, "out of spill places") != 0;
        if (failed)
            printf("refused: %s\n", reason);
    }
    else
        for (int turn = 0; turn < 10 && !failed; turn++) {
            Exit *e;
            root->valid = rnd(8) != 0;      /* an invalid root: its links leave */
            failed = run_both(root, &e);
            n_run++;
            n_far += e->trace != root;
            if (failed || n >= 12 || e->side || e->uop == e->trace->start || e->trace->uops[e->uop].op == UOP_RANGE_NEXT || rnd(3) == 0)
                continue;
            Trace *side = random_side(e, root, 30);
            traces[n++] = side;
            if (emit_trace(side, &reason)) {
                failed = strcmp(reason, "out of spill places") != 0;
                if (failed)
                    printf("side trace refused: %s\n", reason);
                continue;
            }
            e->side = side;
            emit_link_exit(e, side);
            n_sides++;
        }
    for (int k = 0; k < n; k++) {
        emit_free(traces[k]);
        if (!failed)
            trace_free(traces[k]);
    }
    return failed;
}

/* ---- cost ---- */

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static void bench(void)
{
    config.stress_exit = 0;
    config.verify = 0;
    recent_only = 1;
    for (int size = 16; size <= 2000; size *= 5) {
        double best = 1e18, allocate = 1e18;
        long uops = 0, steps = 0, bytes = 0;
        static Plan plan;
        seed = 5;
        Trace *t;
        do
            t = random_root(size);
        while (t->n_uops < size * 2 || ra_allocate(t, &plan));
        const char *reason;
        for (int k = 0; k < 200; k++) {
            double t0 = now();
            int failed = emit_trace(t, &reason);
            double t1 = now();
            ra_allocate(t, &plan);
            double t2 = now();
            if (failed) {
                printf("refused: %s\n", reason);
                break;
            }
            best = t1 - t0 < best ? t1 - t0 : best;
            allocate = t2 - t1 < allocate ? t2 - t1 : allocate;
            uops = t->n_uops;
            steps = plan.n_steps;
            bytes = (long)t->code_size;
            emit_free(t);
        }
        printf("%5ld uops %5ld stencils %6ld bytes: %7.1f us, %5.0f ns per uop, of which registers %5.0f ns\n", uops, steps, bytes, best / 1e3,
               best / uops, allocate / uops);
        fflush(stdout);
    }
}

/* A plain loop as the optimizer leaves it: while i < n: s = s + x * 0.5; x = -x; i = i + 1. */
static void show_loop(void)
{
    static Gen gen;
    Gen *g = &gen;
    g->t = trace_new(code);
    g->shared = -1;
    Trace *t = g->t;
    Ref p[4];
    for (int i = 0; i < 4; i++) {
        int is_float = i < 2;
        p[i] = trace_append(t, is_float ? UOP_PARAM_FLOAT : UOP_PARAM_INT, REF_NONE, REF_NONE, REF_NONE, i, -1);
        trace_add_entry(t, (EntrySlot){.slot = (int16_t)i, .kind = is_float ? KIND_FLOAT : KIND_INT});
    }
    start(g);
    int32_t none = trace_add_snapshot(t);
    t->loop = trace_append(t, UOP_LOOP, REF_NONE, REF_NONE, REF_NONE, 0, -1);
    Ref s = trace_append(t, UOP_PHI_FLOAT, p[0], REF_NONE, REF_NONE, 0, -1), x = trace_append(t, UOP_PHI_FLOAT, p[1], REF_NONE, REF_NONE, 0, -1);
    Ref i = trace_append(t, UOP_PHI_INT, p[2], REF_NONE, REF_NONE, 0, -1);
    int32_t snap = trace_add_snapshot(t);
    trace_add_snap_slot(t, (SnapSlot){.ref = s, .slot = 0});
    trace_add_snap_slot(t, (SnapSlot){.ref = x, .slot = 1});
    trace_add_snap_slot(t, (SnapSlot){.ref = i, .slot = 2});
    trace_append(t, UOP_GUARD_LT_INT, i, p[3], REF_NONE, 0, snap);
    Ref half = trace_append(t, UOP_MUL_FLOAT, x, trace_const_float(t, 0.5), REF_NONE, 0, -1);
    Ref sum = trace_append(t, UOP_ADD_FLOAT, s, half, REF_NONE, 0, -1);
    Ref minus = trace_append(t, UOP_NEG_FLOAT, x, REF_NONE, REF_NONE, 0, -1);
    Ref next = trace_append(t, UOP_ADD_INT, i, trace_const_int(t, 1), REF_NONE, 0, snap);
    trace_append(t, UOP_POLL, REF_NONE, REF_NONE, REF_NONE, 0, none);
    t->uops[s].b = sum;
    t->uops[x].b = minus;
    t->uops[i].b = next;
    trace_append(t, UOP_JUMP_LOOP, REF_NONE, REF_NONE, REF_NONE, 0, -1);
    trace_make_exits(t);
    config.dump = DUMP_REGISTERS;
    const char *reason = "";
    if (emit_trace(t, &reason))
        printf("refused: %s\n", reason);
}

/* No page is writable and executable. */
static int check_maps(void)
{
    char line[512];
    int bad = 0;
    FILE *f = fopen("/proc/self/maps", "r");
    while (f && fgets(line, sizeof line, f))
        if (strstr(line, " rwx")) {
            printf("writable and executable: %s", line);
            bad = 1;
        }
    if (f)
        fclose(f);
    return bad;
}

/* Code memory runs out: refused, nothing lost, and all is well when some is free again. */
static int check_limit(void)
{
    size_t limit = config.code_limit, before = emit_bytes_used();
    const char *reason = "";
    seed = 11;
    config.stress_exit = 0;
    Trace *t = random_root(30);
    config.code_limit = before + 64;
    int wrong = emit_trace(t, &reason) == 0 || strcmp(reason, "code memory limit reached") || t->code_start || emit_bytes_used() != before;
    config.code_limit = limit;
    wrong |= emit_trace(t, &reason) != 0 || emit_bytes_used() == before;
    emit_free(t);
    wrong |= emit_bytes_used() != before || t->native_link != NULL;
    trace_free(t);
    if (wrong)
        printf("code limit: %s\n", reason);
    return wrong;
}

/* Does it have a number that stands in the code itself, where there is no room for more than 32 bits? */
static int has_number(const Stencil *s)
{
    for (int k = 0; s && k < s->n_holes; k++)
        if (stencil_hole(s, k)->value == HOLE_IMM && arch_word_kind(stencil_hole(s, k)->kind) == (HoleKind)stencil_hole(s, k)->kind)
            return 1;
    return 0;
}

/* A number that does not fit its hole: the trace is refused by name, nothing of it is left. */
static int check_misfit(void)
{
    size_t before = emit_bytes_used();
    int verify = config.verify, tried = 0, wrong = 0;
    config.verify = 0;
    if (!has_number(emit_stencils[EMIT_CONST_G].registers))     /* this machine loads numbers that do not fit from memory */
        tried = 20;
    for (seed = 1; tried < 20 && !wrong;) {
        Trace *t = random_root(30);
        Uop *u = t->uops, *end = t->uops + t->n_uops;
        while (u < end && (uop_info[u->op].imm != IMM_IMM || u->dead || !has_number(uop_stencils[u->op].registers)))
            u++;
        if (u < end) {
            const char *reason = "";
            tried++;
            u->imm = 1ll << 40;
            wrong = !emit_trace(t, &reason) || strcmp(reason, "a value does not fit its hole") || t->code_start || emit_bytes_used() != before;
            if (wrong)
                printf("misfit: %s in %s\n", reason, uop_info[u->op].name);
        }
        trace_free(t);
    }
    config.verify = verify;
    return wrong;
}

/* A guard that is too far from its exit stub (conditional jumps of some machines reach 1 MB): the same. */
static int check_reach(void)
{
    enum { N = 300000 };
    static Exit exit;
    const Stencil *guard = &uop_stencils[UOP_GUARD_TRUE].registers[0];
    Plan plan = {.steps = calloc(N, sizeof(Step)), .n_steps = N};
    for (int k = 0; plan.steps && k < N; k++)
        plan.steps[k] = (Step){.stencil = guard, .code = UOP_GUARD_TRUE, .uop = -1, .word = -1};
    size_t before = emit_bytes_used();
    uint8_t scratch[64] = {0};
    const Hole *h = stencil_hole(guard, 0);
    memcpy(scratch, stencil_code(guard), guard->size);
    int fits = !arch_patch(scratch + h->offset, 0, (HoleKind)h->kind, (int64_t)N * guard->size);
    Code code;
    const char *reason = "";
    int made = plan.steps && !patch_write(&plan, &exit, 1, &code, &reason);
    int wrong = !plan.steps || h->value != HOLE_EXIT || made != fits || (!made && strcmp(reason, "a value does not fit its hole"));
    if (made)
        memory_free(code.start, code.size);
    wrong |= emit_bytes_used() != before;
    if (wrong)
        printf("reach: %s\n", reason);
    free(plan.steps);
    return wrong;
}

/* A plan with one register changed must not pass ra_check(), or the change must not matter (the other register holds the same value). */
static int check_checker(void)
{
    static Plan plan;
    int caught = 0, missed = 0;
    for (seed = 1; caught + missed < 2000;) {
        Trace *t = random_root(30);
        if (!ra_allocate(t, &plan) && plan.n_steps) {
            Step *s = &plan.steps[rnd(plan.n_steps)];
            int32_t end = plan.entry > plan.start ? plan.entry : plan.n_steps;
            const StencilSet *set = s->code & STEP_EMIT ? &emit_stencils[s->code - STEP_EMIT] : &uop_stencils[s->code];
            int n = s->constant ? set->n_constant : set->n_registers;
            if (s - plan.steps < end && n > 1) {
                s->number = (uint16_t)((s->number + 1 + rnd(n - 1)) % n);
                if (ra_check(t, &plan))
                    caught++;
                else
                    missed++;
            }
        }
        trace_free(t);
    }
    printf("checker: %d of %d changed plans found wrong\n", caught, caught + missed);
    return missed > caught / 4;
}

int main(int argc, char **argv)
{
    Py_Initialize();
    code = PyCode_NewEmpty("test", "test", 1);
    list = PyList_New(8);
    tuple = PyTuple_New(8);
    for (int i = 0; i < 16; i++)
        objects[i] = PyFloat_FromDouble(object_value(i));
    for (int i = 0; i < 8; i++) {
        items[i] = (Obj *)Py_NewRef(objects[i]);
        PyList_SET_ITEM(list, i, (PyObject *)items[i]);
        PyTuple_SET_ITEM(tuple, i, Py_NewRef(objects[15 - i]));
    }
    PyGC_Disable();             /* it would not like our reference counts */
    builtin_max = PyDict_GetItemString(PyEval_GetBuiltins(), "max");
    reset_things();
    set_counts(1 << 20);
    const char *verify = getenv("COPYPATCH_VERIFY");
    config.verify = !verify || strcmp(verify, "0");
    if (!emit_available()) {
        printf("no native code here\n");
        return 1;
    }
    if (argc > 1 && !strcmp(argv[1], "bench")) {
        bench();
        return 0;
    }
    if (argc > 1 && !strcmp(argv[1], "loop")) {
        show_loop();
        return 0;
    }
    if (argc > 2 && !strcmp(argv[1], "show")) {
        config.dump = DUMP_REGISTERS;
        return one(strtoull(argv[2], NULL, 0));
    }
    uint64_t from = argc > 1 ? strtoull(argv[1], NULL, 0) : 1, count = argc > 2 ? strtoull(argv[2], NULL, 0) : 20000;
    int failures = 0;
    size_t before = emit_bytes_used();
    for (uint64_t s = from; s < from + count && failures < 10; s++)
        if (one(s)) {
            printf("  seed %llu\n", (unsigned long long)s);
            failures++;
        }
    printf("%ld runs, %ld side traces (%ld runs ended in one), %ld refused, %ld objects to release, %zu bytes left, %d failures\n", n_run, n_sides, n_far,
           n_refused, n_trashed, emit_bytes_used() - before, failures);
    return failures != 0 || emit_bytes_used() != before || check_limit() || check_misfit() || check_reach() || check_maps() || check_checker();
}
