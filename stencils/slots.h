/* Frame slots and what belongs to the frame. */
#define SLOT(n) ((FrameSlot *)((char *)S->base + (n)))

uop(LOAD_SLOT) { ASSUME(slot_has_int(SLOT(n)) || !slot_object(SLOT(n)) || obj_alive(slot_object(SLOT(n)))); RESULT(slot_object(SLOT(n))); }
uop(LOAD_TAGGED) { if (unlikely(!slot_has_int(SLOT(n)))) EXIT(); RESULT(slot_int(SLOT(n))); }
uop(STORE_TAGGED) { slot_give_int(SLOT(n), (intptr_t)a); }
uop(STORE_SLOT) { ALIVE_OR_NULL(a); slot_give(SLOT(n), a); }
uop(CLEAR_SLOT) { slot_clear(SLOT(n)); }
uop(SWAP_SLOT) { ALIVE_OR_NULL(a); Obj *old = slot_owned(SLOT(n)); slot_give(SLOT(n), a); RESULT(old); }
uop(TAKE_SLOT)
{
    Obj *old = slot_object(SLOT(n));
    ALIVE_OR_NULL(old);
    slot_own(SLOT(n));
    slot_clear(SLOT(n));
    RESULT(old);
}
uop(KEEP_FLOAT)
{
    ALIVE_OR_NULL(slot_object(SLOT(n)));
    Obj *o = slot_object(SLOT(n));
    if (!o) {
        o = h_store_float(S, SLOT(n), a);
        if (unlikely(!o)) EXIT();
    }
    RESULT(o);
}
uop(KEEP_INT)
{
    ALIVE_OR_NULL(slot_object(SLOT(n)));
    Obj *o = slot_object(SLOT(n));
    if (!o) {
        o = h_store_int(S, SLOT(n), a);
        if (unlikely(!o)) EXIT();
    }
    RESULT(o);
}
uop(STORE_FLOAT) { ALIVE_OR_NULL(slot_object(SLOT(n))); Obj *o = h_store_float(S, SLOT(n), a); if (unlikely(!o)) EXIT(); RESULT(o); }
uop(STORE_INT) { ALIVE_OR_NULL(slot_object(SLOT(n))); Obj *o = h_store_int(S, SLOT(n), a); if (unlikely(!o)) EXIT(); RESULT(o); }
uop(DROP_STALE)
{
    ALIVE_OR_NULL(slot_object(SLOT(n))); ASSUME(S->n_trash >= 0 && S->n_trash <= N_TRASH);
    Obj *o = slot_owned(SLOT(n));
    if (unlikely(o != 0)) {
        if (!is_immortal(o)) {
            if (o->refcnt > 1)
                o->refcnt--;
            else {
                if (S->n_trash == N_TRASH) EXIT();
                S->trash[S->n_trash++] = o;
            }
        }
    }
    slot_clear(SLOT(n));
}
uop(SET_IP) { *S->ip = POINTER(ip); }
uop(PUSH_FRAME) { ALIVE(func); ALIVE(code); h_push_frame(S, func, code, unit); }
uop(CHECK_FRAMES) { if (unlikely(!h_frames_untouched(S, n))) EXIT(); }
uop(POP_FRAMES) { h_pop_frames(S, n); }
uop(POLL) { if (unlikely(*S->breaker != S->calm)) EXIT(); }
/* What an escape may change, all but frame objects: not 0 when it has. One branch for all of it. */
#define INSTRUMENTED() ((*S->breaker ^ S->calm) >> 8 | ((uintptr_t)*S->allocator ^ (uintptr_t)S->calm_allocator) | \
                        ((uintptr_t)*S->evaluator ^ (uintptr_t)S->calm_evaluator))
#define WATCHED() ((eight_bytes(S->events) | eight_bytes(S->events + N_LOCAL_EVENTS - 8)) & S->other_tools)

uop(CHECK_INVOKED)
{
    if (likely(S->quiet != 0)) return;
    S->escapes++;
    if (unlikely(*(int *)POINTER(flag) == 0) || unlikely(((uintptr_t)*S->frame_object | INSTRUMENTED() | WATCHED()) != 0)) EXIT();
}
uop(CHECK_VALID) { S->escapes++; if (unlikely(*(int *)POINTER(flag) == 0) || unlikely(((uintptr_t)*S->frame_object | INSTRUMENTED() | WATCHED()) != 0)) EXIT(); }
uop(CHECK_DIED)
{
    if (likely(S->died == 0)) return;
    S->died = 0;
    S->escapes++;
    if (*(int *)POINTER(flag) == 0 || ((uintptr_t)*S->frame_object | INSTRUMENTED() | WATCHED()) != 0) EXIT();
}
uop(WORK) { S->work += n; }
uop(CHECK_LOOKED)
{
    S->escapes++;
    if (unlikely(*(int *)POINTER(flag) == 0) || (*S->frame_object != 0 && !h_let_go(S)) || unlikely((INSTRUMENTED() | WATCHED()) != 0)) EXIT();
}
uop(STRESS)
{
    if (--S->stress_left == 0) {
        S->stress_left = S->stress_every;
        EXIT();
    }
}
