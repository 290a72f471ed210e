/* Frame slots and what belongs to the frame. */
#define SLOT(n) (*(Obj **)((char *)S->base + (n)))

uop(LOAD_SLOT) { ALIVE_OR_NULL(SLOT(n)); RESULT(SLOT(n)); }
uop(STORE_SLOT) { ALIVE_OR_NULL(a); SLOT(n) = a; }
uop(CLEAR_SLOT) { SLOT(n) = 0; }
uop(SWAP_SLOT) { ALIVE_OR_NULL(a); Obj *old = SLOT(n); SLOT(n) = a; RESULT(old); }
uop(TAKE_SLOT) { ALIVE_OR_NULL(SLOT(n)); Obj *old = SLOT(n); SLOT(n) = 0; RESULT(old); }
uop(KEEP_FLOAT)
{
    ALIVE_OR_NULL(SLOT(n));
    Obj *o = SLOT(n);
    if (!o) {
        o = h_store_float(S, &SLOT(n), a);
        if (unlikely(!o)) EXIT();
    }
    RESULT(o);
}
uop(KEEP_INT)
{
    ALIVE_OR_NULL(SLOT(n));
    Obj *o = SLOT(n);
    if (!o) {
        o = h_store_int(S, &SLOT(n), a);
        if (unlikely(!o)) EXIT();
    }
    RESULT(o);
}
uop(STORE_FLOAT) { ALIVE_OR_NULL(SLOT(n)); Obj *o = h_store_float(S, &SLOT(n), a); if (unlikely(!o)) EXIT(); RESULT(o); }
uop(STORE_INT) { ALIVE_OR_NULL(SLOT(n)); Obj *o = h_store_int(S, &SLOT(n), a); if (unlikely(!o)) EXIT(); RESULT(o); }
uop(DROP_STALE)
{
    ALIVE_OR_NULL(SLOT(n)); ASSUME(S->n_trash >= 0 && S->n_trash <= N_TRASH);
    Obj *o = SLOT(n);
    if (unlikely(o != 0)) {
        if (!is_immortal(o)) {
            if (o->refcnt > 1)
                o->refcnt--;
            else {
                if (S->n_trash == N_TRASH) EXIT();
                S->trash[S->n_trash++] = o;
            }
        }
        SLOT(n) = 0;
    }
}
uop(SET_IP) { *S->ip = POINTER(ip); }
uop(PUSH_FRAME) { ALIVE(func); ALIVE(code); h_push_frame(S, func, code, unit); }
uop(CHECK_FRAMES) { if (unlikely(!h_frames_untouched(S, n))) EXIT(); }
uop(POP_FRAMES) { h_pop_frames(S, n); }
uop(POLL) { if (unlikely(*S->breaker != S->calm)) EXIT(); }
uop(CHECK_VALID)
{
    if (unlikely(*(int *)POINTER(flag) == 0) || unlikely(*S->frame_object != 0) || unlikely((*S->breaker ^ S->calm) >> 8)) EXIT();
    if (unlikely(S->events[0] != S->calm_events) || unlikely(*(const uint16_t *)&S->events[1] != S->calm_more_events)) EXIT();
    if (unlikely(*S->allocator != S->calm_allocator)) EXIT();
}
uop(WORK) { ASSUME(n > 0); S->work += n; }
uop(CHECK_LOOKED)
{
    if (unlikely(*(int *)POINTER(flag) == 0) || (*S->frame_object != 0 && !h_let_go(S)) || unlikely((*S->breaker ^ S->calm) >> 8)) EXIT();
    if (unlikely(S->events[0] != S->calm_events) || unlikely(*(const uint16_t *)&S->events[1] != S->calm_more_events)) EXIT();
    if (unlikely(*S->allocator != S->calm_allocator)) EXIT();
}
uop(STRESS)
{
    if (--S->stress_left == 0) {
        S->stress_left = S->stress_every;
        EXIT();
    }
}
