/* Calls of C functions by address, and of any callable. */
uop(ARG) { ASSUME(n >= 0 && n < N_ARGS); ALIVE_OR_NULL(a); S->args[n].o = a; }
uop(GIVE) { ASSUME(n >= 0 && n < N_ARGS); ALIVE_OR_NULL(a); S->args[n].o = a; }
uop(CALL1) { ALIVE_OR_NULL(a); Obj *r = h_call1(a, POINTER(fn)); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(CALL2) { ALIVE_OR_NULL(a); ALIVE_OR_NULL(b); Obj *r = h_call2(a, b, POINTER(fn)); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(CALL3) { ALIVE_OR_NULL(a); ALIVE_OR_NULL(b); ALIVE_OR_NULL(c); Obj *r = h_call3(a, b, c, POINTER(fn)); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(CALL1I) { ALIVE_OR_NULL(a); int r = h_call1i(a, POINTER(fn)); if (unlikely(r < 0)) EXIT(); RESULT(r); }
uop(CALL2I) { ALIVE_OR_NULL(a); ALIVE_OR_NULL(b); int r = h_call2i(a, b, POINTER(fn)); if (unlikely(r < 0)) EXIT(); RESULT(r); }
uop(CALL3I) { ALIVE_OR_NULL(a); ALIVE_OR_NULL(b); ALIVE_OR_NULL(c); int r = h_call3i(a, b, c, POINTER(fn)); if (unlikely(r < 0)) EXIT(); RESULT(r); }
uop(LEAF1) { ALIVE_OR_NULL(a); Obj *r = ((Obj *(*)(Obj *))POINTER(fn))(a); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(LEAF2) { ALIVE_OR_NULL(a); ALIVE_OR_NULL(b); Obj *r = ((Obj *(*)(Obj *, Obj *))POINTER(fn))(a, b); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(LEAF3) { ALIVE_OR_NULL(a); ALIVE_OR_NULL(b); ALIVE_OR_NULL(c); Obj *r = ((Obj *(*)(Obj *, Obj *, Obj *))POINTER(fn))(a, b, c); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(LEAF1I) { ALIVE_OR_NULL(a); int r = ((int (*)(Obj *))POINTER(fn))(a); if (unlikely(r < 0)) EXIT(); RESULT(r); }
uop(LEAF2I) { ALIVE_OR_NULL(a); ALIVE_OR_NULL(b); int r = ((int (*)(Obj *, Obj *))POINTER(fn))(a, b); if (unlikely(r < 0)) EXIT(); RESULT(r); }
uop(LEAF3I) { ALIVE_OR_NULL(a); ALIVE_OR_NULL(b); ALIVE_OR_NULL(c); int r = ((int (*)(Obj *, Obj *, Obj *))POINTER(fn))(a, b, c); if (unlikely(r < 0)) EXIT(); RESULT(r); }
uop(APPEND_STR) { ALIVE(a); ALIVE(b); Obj *r = h_append_str(a, b); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(NEXT)
{
    ALIVE(it);
    Obj *r = ((Obj *(*)(Obj *))POINTER(fn))(it);
    if (unlikely(!r) && unlikely(h_check_result(r))) EXIT();
    RESULT(r);
}
uop(LEAF_NEXT)
{
    ALIVE(it);
    Obj *r = ((Obj *(*)(Obj *))POINTER(fn))(it);
    if (unlikely(!r) && unlikely(h_check_result(r))) EXIT();
    RESULT(r);
}
uop(QUIET_NEXT) { ALIVE(it); Obj *r = h_quiet_next(it); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(VECTORCALL) { ALIVE(callable); Obj *r = h_vectorcall(callable, S->args, nargs); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(CALL_KW) { ALIVE(callable); ALIVE(names); Obj *r = h_call_kw(callable, names, S->args, nargs); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(CALL_GIVEN) { ASSUME(n >= 0 && n <= N_ARGS); Obj *r = h_given(S->args, n, POINTER(fn)); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(GET_METHOD) { ALIVE(owner); ALIVE(name); Obj *r = h_get_method(S, owner, name); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(TAKE_ARG) { ASSUME(n >= 0 && n < N_ARGS); ALIVE_OR_NULL(S->args[n].o); RESULT(S->args[n].o); }
uop(COMPARE) { ALIVE(a); ALIVE(b); Obj *r = h_compare(a, b, op); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(SUBSCR) { ALIVE(a); ALIVE(b); Obj *r = h_subscr(S, a, b); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(LEAF_VECTORCALL) { ALIVE(callable); Obj *r = h_leaf_vectorcall(callable, S->args, nargs); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(NEW_TUPLE) { Obj *r = h_new_tuple(S->args, n); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(NEW_RANGE_ITER) { Obj *r = h_new_range_iter(a, b, step); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(NEW_LIST) { Obj *r = h_new_list(S->args, n); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(NEW_DICT) { Obj *r = h_new_dict(S->args, n); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(NEW_STRING) { Obj *r = h_new_string(S->args, n); if (unlikely(!r)) EXIT(); RESULT(r); }

/* ---- calls that stay native ----
 *
 *     INVOKE ── record, frame ──► callee's START ... RETURN ── frame and record go ──► behind INVOKE
 *
 * No C stack is used. The State is the callee's until it returns: what of it is the caller's lies in the record. */
/* Loops over a few things, most often none, one or two. */
#ifdef __clang__
#define FEW _Pragma("clang loop vectorize(disable) unroll(disable)")
#else
#define FEW
#endif
INLINE void copy_few(Value *to, const Value *from, intptr_t n)
{
    if (n <= 0) return;
    to[0] = from[0];
    if (likely(n == 1)) return;
    to[1] = from[1];
    FEW for (intptr_t k = 2; k < n; k++)
        to[k] = from[k];
}

INLINE void drop(State *S, Obj *o)
{
    ASSUME(((uintptr_t)o & (sizeof(void *) - 1)) == 0 && (!o || o->refcnt != 0));     /* not ALIVE(): its numbers would take registers that there are not */
    if (unlikely(o == 0) || is_immortal(o)) return;
    if (!decref(o))
        h_drop(S, o);
}

/* The frame, not linked yet: the callable's reference and those of the arguments are its own. */
INLINE void fill_frame(State *S, FrameHead *f, const Invoked *v, Obj *callable)
{
    intptr_t n_args = v->n_args, n_empty = v->n_empty, n_free = v->n_free;
    Obj *code = v->code;
    incref(code);
    slot_give(&f->executable, code);
    slot_give(&f->function, callable);
    f->globals = v->globals;
    f->builtins = v->builtins;
    f->locals = f->frame_object = 0;
    f->ip = v->ip;
#if ABI_LAYOUT >= 314
    f->top = f->slot + (n_args + n_empty + n_free);
    f->return_offset = 0;
    f->owner = f->visited = 0;
#else
    f->top = -1;
    f->return_offset = 0;
    f->owner = 0;
#endif
    FrameSlot *slot = f->slot;
    Value *arg = S->args;
    if (ABI_LAYOUT < 314 && likely(n_args > 0)) {
        slot_give(slot++, arg++->o);
        n_args--;
    }
    FEW for (; n_args > 0; n_args--)
        slot_give(slot++, arg++->o);
    FEW for (; n_empty > 0; n_empty--)
        slot_clear(slot++);
    if (likely(n_free == 0)) return;
    Obj **cell = ((TupleObj *)((FunctionObj *)callable)->fields[FUNC_CLOSURE])->item;
    FEW for (; n_free > 0; n_free--) {
        incref(*cell);
        slot_give(slot++, *cell++);
    }
}

/* What of the State is the caller's, in a record of `size` bytes, the frame behind it included. */
INLINE void keep_caller(State *S, CallRecord *r, Site *site, intptr_t size, intptr_t in_new_chunk)
{
    *S->stack_top = (char *)r + size;
    r->before = S->record;
    r->site = site;
    r->base = S->base;
    r->in_new_chunk = in_new_chunk;
    r->delegates = 0;
    copy_few(r->spill, S->spill, site->n_spill);
}

INLINE void enter_callee(State *S, CallRecord *r, FrameHead *f)
{
    FrameHead **current = S->current;       /* what is stored through may be anything, but not these */
    f->previous = *current;
    *current = f;
    --*S->depth;
    S->top = f;
    S->base = f->slot;
    S->record = r;
}

/* The State is the caller's again: the code to go on with. */
INLINE void *back_to_caller(State *S)
{
    CallRecord *r = S->record;
    Site *site = r->site;
    copy_few(S->spill, r->spill, site->n_spill);
    S->record = r->before;
    S->base = r->base;
    S->top = *S->current;
    if (unlikely(r->in_new_chunk))
        h_end_chunk(S, r);
    else
        *S->stack_top = r;
    void *back = site->back;
    if (!back) __builtin_unreachable();
    return back;
}

/* Nothing asks for the interpreter's attention, the recursion limit is not near. */
INLINE int may_go_on(State *S) { return likely(*S->breaker == S->calm) && likely(*S->depth > INVOKE_DEPTH); }

uop(GUARD_CALM) { if (!may_go_on(S)) EXIT(); }
uop(GUARD_INVOKE)
{
    ALIVE(f);
    const Invoked *v = POINTER(invoked);
    const FunctionObj *function = (FunctionObj *)f;
    if (unlikely(function->fields[FUNC_GLOBALS] != v->globals) || unlikely(function->fields[FUNC_BUILTINS] != v->builtins))
        EXIT();
    if (!may_go_on(S)) EXIT();
}

/* Bytes of a record and a frame. */
#define INVOKE_SIZE(site, v) ((intptr_t)(__builtin_offsetof(CallRecord, spill) + (uintptr_t)(site)->n_spill * sizeof(Value) + (uintptr_t)(v)->n_words * sizeof(void *)))

uop(INVOKE)
{
    ALIVE(callable);
#ifdef COPYPATCH_HOSTED
    if (unlikely(!h_invoke(S, callable, POINTER(invoked)))) EXIT();
    (void)away_;
#else
    Site *site = POINTER(invoked);
    Invoked *v = site->invoked;
    void *entry = v->entry;
    if (unlikely(!entry)) {
        if (unlikely(!h_invoke(S, callable, v))) EXIT();
        return;
    }
    CallRecord *r = *S->stack_top;
    intptr_t size = INVOKE_SIZE(site, v), in_new_chunk = 0;
    if (unlikely((uintptr_t)r + size >= (uintptr_t)*S->stack_limit)) {
        r = h_new_chunk(S, size);
        v = site->invoked;          /* looked up anew: few values live across the call */
        entry = v->entry;
        size = INVOKE_SIZE(site, v);
        in_new_chunk = 1;
    }
    keep_caller(S, r, site, size, in_new_chunk);
    FrameHead *f = (FrameHead *)(r->spill + site->n_spill);
    fill_frame(S, f, v, callable);
    enter_callee(S, r, f);
    AWAY(entry);
#endif
}

/* The current frame's locals, function and code are released: what dies sees its caller. Then it is gone. The code to go on with. */
INLINE void *leave_frame(State *S, intptr_t n_locals)
{
    *S->current = FRAME()->previous;
    ++*S->depth;
    /* Few values live across the calls: stencils have no stack. */
#if ABI_LAYOUT >= 314
    FEW for (intptr_t k = n_locals; k-- > 0;)
        drop(S, slot_owned(&S->base[k]));
#else
    if (n_locals > 0) {
        drop(S, slot_owned(&S->base[0]));
        if (n_locals > 1) {
            drop(S, slot_owned(&S->base[1]));
            FEW for (intptr_t k = 2; k < n_locals; k++)
                drop(S, slot_owned(&S->base[k]));
        }
    }
#endif
    drop(S, slot_owned(&FRAME()->function));
    drop(S, slot_owned(&FRAME()->executable));
    return back_to_caller(S);
}
#define CAN_RETURN() (likely(S->record != 0) && likely(FRAME()->frame_object == 0))

uop(RETURN)
{
    ALIVE(a);
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_OBJECT;
    S->result.o = a;
    AWAY(leave_frame(S, locals));
}
uop(RETURN_INT)
{
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_INT;
    S->result.i = a;
    AWAY(leave_frame(S, locals));
}
uop(RETURN_FLOAT)
{
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_FLOAT;
    S->result.f = a;
    AWAY(leave_frame(S, locals));
}
uop(FALL_BACK)
{
    ALIVE(a);
    ALIVE(b);
    if (likely(S->result.o != S->not_implemented) || unlikely(S->raw != RAW_OBJECT)) return;
    if (unlikely(!h_fall_back(S, a, b, POINTER(fn)))) EXIT();
}
uop(TEST_RESULT)
{
    if ((likely(S->result.o == S->true_object) || likely(S->result.o == S->false_object)) && likely(S->raw == RAW_OBJECT)) return;
    if (unlikely(!h_test_result(S))) EXIT();
}
uop(TAKE_RESULT) { RESULT(likely(S->raw == RAW_OBJECT) ? S->result.o : h_take_result(S)); }
uop(GUARD_BOXED) { if (unlikely(S->raw != RAW_OBJECT)) EXIT(); }
uop(TAKE_INT)
{
    if (S->raw != RAW_INT) {
        IntObj *o = (IntObj *)S->result.o;
        uintptr_t at = (uintptr_t)o - ((uintptr_t)S->small_ints - N_SMALL_NEGATIVE * sizeof(SmallInt));
        if (likely(at < (N_SMALL_NEGATIVE + N_SMALL) * sizeof(SmallInt))) {
            S->raw = RAW_INT;
            S->result.i = (int64_t)(at / sizeof(SmallInt)) - N_SMALL_NEGATIVE;
        } else if (!h_take_number(S, RAW_INT)) EXIT();
    }
    RESULT(S->result.i);
}
uop(TAKE_FLOAT) { if (unlikely(S->raw != RAW_FLOAT) && !h_take_number(S, RAW_FLOAT)) EXIT(); RESULT(S->result.f); }
