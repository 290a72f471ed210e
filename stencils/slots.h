/* Frame slots and what belongs to the frame. */
#define SLOT(n) ((FrameSlot *)((char *)S->base + (n)))

#define FRAME() ((FrameHead *)((char *)S->base - __builtin_offsetof(FrameHead, slot)))

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
/* The slot has an object of that type that nobody else has. */
INLINE int is_own(const FrameSlot *slot, const void *type)
{
    const Obj *o = slot_owned(slot);
    return likely(o != 0) && likely(only_one(o)) && likely(o->type == type);
}
/* An object of the number there; NULL: no memory. */
INLINE Obj *store_float(State *S, FrameSlot *slot, double a)
{
    if (!is_own(slot, S->float_type)) return h_store_float(S, slot, a);
    Obj *o = slot_owned(slot);
    ((FloatObj *)o)->value = a;
    return o;
}
INLINE Obj *store_int(State *S, FrameSlot *slot, int64_t a)
{
    int fits = likely((uint64_t)a - N_SMALL < ((uint64_t)1 << 30) - N_SMALL);       /* one digit, and none of those that all share */
    if (!is_own(slot, S->int_type) || !fits)
        return h_store_int(S, slot, a);
    Obj *o = slot_owned(slot);
    ((IntObj *)o)->tag = ONE_DIGIT_TAG;
    ((IntObj *)o)->digit[0] = (uint32_t)a;
    return o;
}
uop(STORE_FLOAT)
{
    ALIVE_OR_NULL(slot_object(SLOT(n)));
    Obj *o = store_float(S, SLOT(n), a);
    if (unlikely(!o)) EXIT();
    RESULT(o);
}
uop(STORE_INT)
{
    ALIVE_OR_NULL(slot_object(SLOT(n)));
    Obj *o = store_int(S, SLOT(n), a);
    if (unlikely(!o)) EXIT();
    RESULT(o);
}
uop(DROP_STALE)
{
    ALIVE_OR_NULL(slot_object(SLOT(n))); ASSUME(S->n_trash >= 0 && S->n_trash <= N_TRASH);
    Obj *o = slot_owned(SLOT(n));
    if (unlikely(o != 0)) {
        if (!is_immortal(o)) {
            if (!only_one(o))
                decref(o);
            else {
                if (S->n_trash == N_TRASH) EXIT();
                S->trash[S->n_trash++] = o;
            }
        }
    }
    slot_clear(SLOT(n));
}
uop(SET_IP) { FRAME()->ip = POINTER(ip); }
uop(PUSH_FRAME) { ALIVE(func); ALIVE(code); h_push_frame(S, func, code, unit); }
uop(CHECK_FRAMES) { if (unlikely(!h_frames_untouched(S, n))) EXIT(); }
uop(POP_FRAMES) { h_pop_frames(S, n); }
uop(POLL) { if (unlikely(*S->breaker != S->calm)) EXIT(); }
uop(CHECK_INVOKED)
{
    if (likely(S->loud == 0)) return;
    if (unlikely(!h_valid(S, POINTER(flag)))) EXIT();
    if (S->record == 0) S->loud = 0;
}
uop(CHECK_VALID) { if (unlikely(!h_valid(S, POINTER(flag)))) EXIT(); }
uop(CHECK_DIED)
{
    if (likely(S->died == 0)) return;
    S->died = 0;
    if (unlikely(!h_valid(S, POINTER(flag)))) EXIT();
}
uop(WORK) { S->work += n; }
uop(COUNT_ONE) { ++*(int64_t *)POINTER(address); }
uop(CHECK_LOOKED) { if (unlikely(!h_valid_looked_at(S, POINTER(flag)))) EXIT(); }
uop(STRESS)
{
    if (--S->stress_left == 0) {
        S->stress_left = S->stress_every;
        EXIT();
    }
}
