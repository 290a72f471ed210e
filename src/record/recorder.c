/* recorder.c: bytecode -> uops, each executed as it is recorded.
 *
 * A recording is the trace's first execution: it starts where the interpreter stands (a loop header) or where a trace was left (an
 * exit, with the values still at hand), reads the base bytecode, looks at the concrete operands, appends uops, and has the uop
 * interpreter execute each at once. Nothing is guessed, and no instrumentation is switched for it. The alternative, watching the
 * interpreter execute (INSTRUCTION events) needs no execution of our own but cannot start in mid-air and de-specializes what it
 * watches.
 *
 * Wherever it stops, the state is given back by a snapshot, as at any exit; a recording that comes to nothing costs time only. */
#include "functions.h"
#include "../interpret/interpret.h"
#include "../cpython/opcodes.h"
#include "../ir/names.h"
#include "../ir/room.h"
#include "../ir/source.h"
#include "opcode.h"
#include "../ir/text.h"
#include <stdlib.h>
#include <string.h>

#define LONG_WAY 150        /* bytecodes */

static int prepare(Recorder *R, PyThreadState *ts, Frame *frame, State *S, PyCodeObject *code)
{
    if (room_have(&R->room))
        return -1;
    if (R->cap < config.max_trace + 1) {
        size_t n = (size_t)config.max_trace + 1;
        free(R->vals);         /* nothing is in them */
        free(R->keeper);
        free(R->container);
        R->vals = malloc(sizeof *R->vals * n);
        R->keeper = malloc(n);
        R->container = malloc(sizeof *R->container * n);
        R->cap = R->vals && R->keeper && R->container ? (int32_t)n : 0;
        if (!R->cap)
            return -1;
    }
    R->ts = ts;
    R->frame = frame;
    R->S = S;
    R->prefix.snap = -1;
    R->epoch = 1;
    R->t = R->out.trace = trace_new(code);
    if (!R->t)
        return -1;
    R->t->room = &R->room;
    if (builder_init(&R->b, R->t, config.max_trace))
        return -1;
    rec_init_builder(R);
    return 0;
}

static int enter_frame(Recorder *R, int ip, int depth)
{
    RecFrame *f = &R->frames[0];
    PyCodeObject *code = cpy_frame_code(R->frame);
    CodeInfo *info = codeinfo_get(code);
    if (!info || code->co_nlocalsplus + code->co_stacksize >= MAX_SLOTS / 2)
        return -1;
    *f = (RecFrame){.code = code, .info = info, .globals = R->frame->f_globals, .builtins = R->frame->f_builtins, .func = REF_NONE,
                    .slots = R->slots, .n_locals = code->co_nlocalsplus, .depth = depth, .ip = ip, .next = ip};
    for (int i = 0; i < f->n_locals + depth; i++)
        f->slots[i] = (Slot){.ref = REF_NONE, .own = OWN_MEMORY};
    R->t->globals = f->globals;
    R->t->own_locals = (uint8_t)cpy_has_own_locals(R->frame);
    R->t->builtins = f->builtins;
    R->n_frames = R->n_frames_given = 1;
    R->start_depth = depth;
    return 0;
}

static void record_one(Recorder *R)
{
    RecFrame *f = TOP_FRAME(R);
    Instruction i = cpy_fetch(f->info->units, f->ip);
    int ip = i.at, op = i.op, arg = i.arg;
    if (config.dump & DUMP_BYTECODE)
        fprintf(stderr, "bytecode: %*s%s@%d %s %d\n", 2 * (R->n_frames - 1), "", name_utf8(f->code->co_qualname), ip, cpy_opcode_name(op),
                arg);
    R->current_ip = ip;
    R->abort_opcode = op;
    source_at(R->t, f->code, ip);
    f->next = i.next;
    R->lends = i.lends;
    R->closed = 0;
    R->start_depth = f->depth;
    if (R->t->n_uops + 300 > config.max_trace || R->t->n_snap_slots > MAX_SNAP_SLOTS || R->room.borrowed)
        rec_abort(R, ABORT_TOO_LONG);
    int instead = R->prefix.snap >= 0 && !rec_prefix_goes_on(R, op, arg);
    instead = instead || (R->has_instances && rec_with_instances(R, op, arg));
    if (instead || rec_control(R, op, arg) || rec_names(R, op, arg) || rec_attributes(R, op, arg) || rec_arith(R, op, arg) ||
        rec_compare(R, op, arg) || rec_containers(R, op, arg) || rec_iterate(R, op, arg) || rec_calls(R, op, arg) ||
        rec_returns(R, op, arg) || rec_generators(R, op, arg) || rec_exceptions(R, op, arg) || rec_general(R, op, arg)) {
        R->n_bytecodes++;
        R->work += !R->escaped_now;
        R->general = 0;
        rec_finish(R);
        if (R->behind_raise)
            rec_end_behind_raise(R);
        return;
    }
    if (R->n_frames == 1) {
        if (config.dump & DUMP_ABORTS) {
            char place[1000];
            source_place(R->t, R->t->where, place, sizeof place);
            fprintf(stderr, "interpreted: %s: %s\n", place, cpy_opcode_name(op));
        }
        rec_end_before(R);
    }
    rec_abort(R, ABORT_OPCODE);
}

static void dump_new_uops(Recorder *R)
{
    if (config.dump & DUMP_UOPS)
        ir_print_uops(stderr, R->t, R->dumped, R->t->n_uops, "    ");
    R->dumped = R->t->n_uops;
}

/* The final state has what a SEND has given, and nobody has taken: new reference. NULL: it has not. */
static PyObject *result_left(Recorder *R)
{
    const Snapshot *s = &R->t->snaps[R->final_snap];
    for (int i = 0; i < s->n_slots; i++) {
        Ref ref = R->t->snap_slots[s->first_slot + i].ref;
        if (ref != REF_NONE && !IS_CONST(ref) && R->t->uops[ref].op == UOP_SINK_RESULT)
            return (PyObject *)h_take_result(R->S);
    }
    return NULL;
}

static int hand_over(Recorder *R, int n_slots)
{
    R->out = (Recording){.end = R->end, .abort = R->abort, .trace = R->t, .vals = R->vals, .snap = R->final_snap, .raised = R->raised,
                         .result = result_left(R), .slots = R->slots, .n_slots = n_slots, .escaped = R->escaped, .builder = &R->b,
                         .abort_opcode = R->abort_opcode, .program_ns = R->program_ns, .work = R->work, .branches = R->branches,
                         .learned = R->learned, .inner = R->stopped_at};
    return 0;
}

/* A long way through a function is hardly ever gone again as a whole: the trace ends, and what it leads to is the interpreter's. What it
 * has followed into without an end is called the next time. */
static void check_length(Recorder *R)
{
    if (!R->t->root->is_entry || R->n_bytecodes < LONG_WAY)
        return;
    if (R->n_frames == 1)
        rec_end_before(R);
    else if (R->n_bytecodes >= 2 * LONG_WAY) {
        R->frames[1].info->no_inline = R->learned = 1;
        rec_abort(R, ABORT_TOO_LONG);
    }
}

static int run(Recorder *R)
{
    R->dumped = 0;
    if (setjmp(R->stop) == 0)
        for (;;) {
            rec_count_bytecodes(R, 0);
            rec_at_header(R);
            check_length(R);
            R->came_back = 0;
            record_one(R);
            dump_new_uops(R);
        }
    dump_new_uops(R);
    R->t->n_bytecodes = R->n_bytecodes;
    return hand_over(R, R->frames[0].n_locals + R->frames[0].depth);
}

int record_root(Recording *r, PyThreadState *ts, Frame *frame, State *S, CodeInfo *info)
{
    Recorder *R = (Recorder *)r;
    if (prepare(R, ts, frame, S, info->code))
        return -1;
    R->t->header = R->loop->unit;
    R->t->is_entry = header_is_entry(R->loop);
    if (enter_frame(R, R->loop->unit, cpy_frame_depth(frame)))
        return -1;
    source_at(R->t, info->code, R->loop->unit);
    R->t->start = trace_append(R->t, UOP_START, REF_NONE, REF_NONE, REF_NONE, 0, SNAP_NONE);
    if (R->t->failed)
        return -1;
    cpy_frame_set_executing(frame);
    R->t->uops[R->t->start].snap = R->b.snapshot(R);
    return run(R);
}

/* ---- side traces ---- */

typedef struct { Recorder *R; const Trace *parent; const Value *leaves; Ref *map; int n; } Arrive;

/* The exact type a parent's ref was known to have at its exit. */
static PyTypeObject *parent_type(const Trace *t, Ref ref, Ref before)
{
    PyTypeObject *type = NULL;
    switch (t->uops[ref].op) {
    case UOP_NEW_FLOAT: case UOP_KEEP_FLOAT: case UOP_STORE_FLOAT: case UOP_STORE_GEN_FLOAT: return &PyFloat_Type;
    case UOP_NEW_INT: case UOP_KEEP_INT: case UOP_STORE_INT: case UOP_STORE_GEN_INT:
    case UOP_NEW_ADD: case UOP_NEW_SUB: case UOP_NEW_MUL: return &PyLong_Type;
    case UOP_STR_INT: case UOP_STR_FLOAT: case UOP_NEW_STRING: return &PyUnicode_Type;
    case UOP_BOOL_OBJ: return &PyBool_Type;
    case UOP_NEW_TUPLE: return &PyTuple_Type;
    case UOP_NEW_LIST: return &PyList_Type;
    case UOP_NEW_DICT: return &PyDict_Type;
    default: break;
    }
    for (Ref r = ref + 1; r < before; r++)
        if (t->uops[r].op == UOP_GUARD_TYPE && t->uops[r].a == ref && !t->uops[r].dead) {
            type = (PyTypeObject *)t->uops[r].imm;
            if (trace_is_class(t, type))
                type = NULL;
        }
    return type;
}

static void arrive(void *arg, Ref ref)
{
    Arrive *a = arg;
    Recorder *R = a->R;
    Kind kind = ref_kind(a->parent, ref);
    UopCode op = kind == KIND_OBJ ? UOP_PARAM_OBJ : kind == KIND_INT ? UOP_PARAM_INT : UOP_PARAM_FLOAT;
    Ref p = trace_append(R->t, op, REF_NONE, REF_NONE, REF_NONE, a->n, SNAP_NONE);
    if (p == REF_NONE)
        return;
    R->vals[p] = a->leaves[a->n];
    R->keeper[p] = KEPT_BY_SLOTS;       /* of what is borrowed: by a local in memory or by the heap, the snapshot does not say which */
    R->container[p] = REF_NONE;
    a->map[ref] = p;
    a->n++;
}

/* The side trace's ref for a ref of the parent's snapshot. */
static Ref arrived(Recorder *R, const Trace *parent, Ref *map, Ref ref)
{
    if (ref == REF_NONE)
        return REF_NONE;
    if (IS_CONST(ref))
        return trace_const_copy(R->t, &parent->consts[~ref]);
    if (map[ref] != REF_NONE)
        return map[ref];
    const Uop u = parent->uops[ref];    /* sunk */
    Ref a = arrived(R, parent, map, u.a), b = uop_info[u.op].n_operands > 1 ? arrived(R, parent, map, u.b) : REF_NONE;
    return map[ref] = build(&R->b, u.op, a, b, REF_NONE, u.imm, SNAP_NONE);
}

/* The local of the entry frame that is known to hold at e what the parent has loaded from it; -1: none. */
static int still_holds(const Trace *parent, Ref ref, const Exit *e)
{
    const Uop *load = &parent->uops[ref];
    int is_param = load->op == UOP_PARAM_OBJ && parent->param_facts;
    int64_t slot = load->op == UOP_LOAD_SLOT ? load->imm : is_param ? parent->param_facts[load->imm].held_by - 1 : -1;
    if (slot < 0 || slot >= parent->code->co_nlocalsplus || parent->loop != REF_NONE)
        return -1;
    for (Ref r = ref + 1; r <= e->uop; r++) {
        const Uop *u = &parent->uops[r];
        int effects = uop_info[u->op].effects;
        if ((effects & EFFECT_ESCAPE) || ((effects & EFFECT_SLOT) && u->imm == slot && u->op != UOP_LOAD_SLOT))
            return -1;
    }
    return (int)slot;
}

static int rebuild(Recorder *R, Exit *e, const Value *leaves)
{
    const Trace *parent = e->trace;
    const Snapshot *s = &parent->snaps[e->snap];
    const SnapFrame *sf = &parent->snap_frames[s->first_frame];
    Ref *map = malloc(sizeof *map * (parent->n_uops + 1));
    if (!map)
        return -1;
    for (int i = 0; i < parent->n_uops; i++)
        map[i] = REF_NONE;
    Arrive a = {R, parent, leaves, map, 0};
    trace_snapshot_leaves(parent, s, arrive, &a);
    R->t->start = trace_append(R->t, UOP_START, REF_NONE, REF_NONE, REF_NONE, 0, SNAP_NONE);
    R->t->param_facts = calloc(a.n + 1, sizeof *R->t->param_facts);
    if (R->t->failed || !R->t->param_facts) {
        free(map);
        return -1;
    }
    for (int i = 0; i < parent->n_uops; i++)
        if (map[i] != REF_NONE && ref_kind(parent, i) == KIND_OBJ) {
            PyTypeObject *type = parent_type(parent, i, e->uop);
            if (parent->uops[i].op == UOP_PARAM_OBJ && !type && parent->param_facts)
                type = parent->param_facts[parent->uops[i].imm].type;
            if (type)
                builder_set_type(&R->b, map[i], type);
            int local = still_holds(parent, i, e);
            if (local >= 0)
                R->frames[0].slots[local].ref = map[i];
            R->t->param_facts[R->t->uops[map[i]].imm] = (ParamFact){type, local + 1};
        }
    for (int i = 1; i < s->n_frames; i++) {
        RecFrame *below = &R->frames[i - 1], *f = &R->frames[i];
        CodeInfo *info = codeinfo_get(sf[i].code);
        Ref func = arrived(R, parent, map, sf[i].func);
        if (!info || func == REF_NONE) {
            free(map);
            return -1;
        }
        const Stand *stand = sf[i].stand < 0 ? NULL : &info->resumed.stand[sf[i].stand];
        PyFunctionObject *fn = stand ? cpy_frame_function(cpy_generator_frame(rec_object(R, func)))
                                     : (PyFunctionObject *)rec_object(R, func);
        *f = (RecFrame){.code = sf[i].code, .info = info, .globals = fn->func_globals, .builtins = fn->func_builtins, .func = func,
                        .function = fn, .slots = below->slots + below->n_locals + below->code->co_stacksize, .stand = stand,
                        .n_locals = sf[i].code->co_nlocalsplus, .depth = sf[i].depth, .ip = sf[i].ip, .next = sf[i].ip,
                        .continuation = (Continuation)sf[i - 1].continuation};
        for (int k = 0; k < f->n_locals + f->depth; k++)
            f->slots[k] = (Slot){.ref = REF_NONE, .own = stand ? OWN_MEMORY : OWN_NULL};
        if (stand) {
            f->top = cpy_frame_depth(cpy_generator_frame(rec_object(R, func)));
            builder_know_generator(&R->b, func, stand->of);
        }
        /* Where the caller goes on: behind its CALL. */
        below->next = cpy_fetch(below->info->units, below->ip).next;
        R->n_frames++;
    }
    for (int i = 0; i < s->n_slots; i++) {
        const SnapSlot *slot = &parent->snap_slots[s->first_slot + i];
        if (slot->how == HOW_MEMORY) {
            R->frames[slot->frame].slots[slot->slot].written = 1;
            continue;
        }
        UopCode op = slot->ref == REF_NONE || IS_CONST(slot->ref) ? UOP_COUNT : parent->uops[slot->ref].op;
        if (op == UOP_SINK_RANGE || op == UOP_SINK_INDEX) {     /* written here, at once: what follows finds it in memory */
            Ref it = arrived(R, parent, map, parent->uops[slot->ref].a);
            build(&R->b, op == UOP_SINK_RANGE ? UOP_RANGE_SYNC : UOP_INDEX_SYNC, it, REF_NONE, REF_NONE, slot->slot, SNAP_NONE);
            continue;
        }
        /* Taken first of all, as long as it is there; and what the INVOKE may have done is still to be checked (rec_finish). */
        if (op == UOP_SINK_RESULT) {
            R->invoked = R->result_left = 1;
            Ref result = build(&R->b, UOP_SINK_RESULT, REF_NONE, REF_NONE, REF_NONE, 0, SNAP_NONE);
            R->frames[slot->frame].slots[slot->slot] = (Slot){.ref = result, .own = OWN_BORROWED};
            continue;
        }
        Ref ref = arrived(R, parent, map, slot->ref);
        if (slot->how == HOW_DROP) {
            R->drops[R->n_drops++] = operand(ref, OWN_TRACE);
            continue;
        }
        Own own = slot->how == HOW_NULL ? OWN_NULL : slot->how == HOW_OWNED ? OWN_TRACE : OWN_BORROWED;
        R->frames[slot->frame].slots[slot->slot] = (Slot){.ref = ref, .own = (uint8_t)own, .lent = slot->how == HOW_LENT};
    }
    free(map);
    R->n_frames_given = R->n_frames;
    R->start_depth = TOP_FRAME(R)->depth;
    return R->b.failed || R->t->failed ? -1 : 0;
}

/* What may have run arbitrary code stands in front of the exit, and the check of what it may have done behind it. */
static int is_unchecked(const Exit *e)
{
    const Trace *t = e->trace;
    for (Ref r = e->uop - 1; r > t->start; r--) {
        const Uop *u = &t->uops[r];
        if (u->dead)
            continue;
        if (ir_checks_valid(u->op))
            return 0;
        if (uop_info[u->op].effects & EFFECT_ESCAPE)
            return 1;
    }
    return t->parent && is_unchecked(t->parent);
}

/* 0: it stopped in the first step already. */
static int begin_side(Recorder *R, Continuation pending, int drop_ip)
{
    if (setjmp(R->stop) != 0)
        return 0;
    if (is_unchecked(R->exit))
        rec_has_escaped(R);
    if (R->exit->error)
        rec_continue_caught(R);
    else if (pending == CONT_NEXT)
        rec_continue_next(R);
    else if (pending == CONT_SENT)
        rec_continue_sent(R);
    else {
        TOP_FRAME(R)->next = TOP_FRAME(R)->ip;
        R->current_ip = drop_ip < 0 ? TOP_FRAME(R)->ip : drop_ip;
        if (R->result_left)
            rec_take_pushed(R, rec_snapshot);
    }
    rec_finish(R);      /* what the parent's exit had still to check, and to release */
    return 1;
}

int record_side(Recording *r, PyThreadState *ts, Frame *frame, State *S, const Value *leaves)
{
    Recorder *R = (Recorder *)r;
    Exit *e = (Exit *)R->exit;
    const Trace *parent = e->trace;
    const Snapshot *s = &parent->snaps[e->snap];
    const SnapFrame *top = &parent->snap_frames[s->first_frame + s->n_frames - 1], *entry = &parent->snap_frames[s->first_frame];
    if (prepare(R, ts, frame, S, parent->code))
        return -1;
    R->t->parent = e;
    R->from_link = parent->uops[e->uop].op == UOP_LINK;
    R->general = trace_same_place(e) >= MANY;
    R->t->root = parent->root;
    R->t->header = parent->root->header;
    for (int i = 0; i < s->n_frames; i++)
        source_at(R->t, parent->snap_frames[s->first_frame + i].code, top->ip);     /* the last one stays */
    if (enter_frame(R, entry->ip, entry->depth) || rebuild(R, e, leaves))
        return -1;
    return begin_side(R, top->continuation, top->drop_ip) ? run(R) : hand_over(R, 0);
}
