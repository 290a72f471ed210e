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

/* ---- calls that stay native (src/runtime/frames.c) ---- */

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

uop(INVOKE)
{
    ALIVE(callable);
#ifdef COPYPATCH_HOSTED
    if (unlikely(!h_invoke(S, callable, POINTER(invoked)))) EXIT();
    (void)away_;
#else
    void *on = h_enter(S, callable, POINTER(invoked));
    if (unlikely(!on)) EXIT();
    AWAY(on);
#endif
}

uop(INVOKE_ANY)
{
    ALIVE(callable);
#ifdef COPYPATCH_HOSTED
    if (unlikely(!h_call_any(S, callable, 0, nargs))) EXIT();
    (void)away_;
#else
    void *on = h_enter_any(S, callable, 0, POINTER(nargs));
    if (unlikely(!on)) EXIT();
    AWAY(on);
#endif
}

uop(INVOKE_KW)
{
    ALIVE(callable);
    ALIVE(names);
#ifdef COPYPATCH_HOSTED
    if (unlikely(!h_call_any(S, callable, names, nargs))) EXIT();
    (void)away_;
#else
    void *on = h_enter_any(S, callable, names, POINTER(nargs));
    if (unlikely(!on)) EXIT();
    AWAY(on);
#endif
}

#define CAN_RETURN() (likely(S->record != 0) && likely(FRAME()->frame_object == 0))

uop(RETURN)
{
    ALIVE(a);
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_OBJECT;
    S->result.o = a;
    AWAY(h_leave(S, locals));
}
uop(RETURN_INT)
{
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_INT;
    S->result.i = a;
    AWAY(h_leave(S, locals));
}
uop(RETURN_FLOAT)
{
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_FLOAT;
    S->result.f = a;
    AWAY(h_leave(S, locals));
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
