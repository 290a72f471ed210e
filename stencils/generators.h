/* Generators and coroutines that are resumed natively (src/runtime/frames.c). */
#if ABI_LAYOUT >= 314
#define FRAME_TOP_IS(f, n) ((f)->top = (f)->slot + (n))
#else
#define FRAME_TOP_IS(f, n) ((f)->top = (int32_t)(n))
#endif

uop(NEW_GEN) { ALIVE(f); ASSUME(n >= 0 && n <= N_ARGS); Obj *r = h_new_gen(S, f, n); if (unlikely(!r)) EXIT(); RESULT(r); }

uop(GEN_FUNCTION)
{
    ALIVE(g);
    GenObj *gen = (GenObj *)g;
    if (unlikely(gen->state >= S->executing)) EXIT();
    RESULT(slot_object(&gen->frame.function));
}

uop(GUARD_STATE) { ALIVE(g); if (unlikely(((GenObj *)g)->state != state)) EXIT(); }

uop(GUARD_RESUME)
{
    ALIVE(g);
    const Resumed *v = POINTER(resumed);
    const FrameHead *f = &((GenObj *)g)->frame;
    if (unlikely(slot_object(&f->executable) != v->code) || unlikely(f->globals != v->globals) || unlikely(f->builtins != v->builtins)) EXIT();
    if (!may_go_on(S)) EXIT();
}

/* ---- one that is followed into: its frame stays as it is while it runs, but for the variables ---- */

uop(GUARD_STANDS)
{
    ALIVE(g);
    const Stand *p = POINTER(stand);
    const GenObj *gen = (GenObj *)g;
    const FrameHead *f = &gen->frame;
    if (unlikely(f->ip != p->ip) || unlikely(gen->state >= S->executing) || unlikely(f->frame_object != 0)) EXIT();
    if (unlikely(f->globals != p->of->globals) || unlikely(f->builtins != p->of->builtins)) EXIT();
}
#define GEN_AT(g, at) ((FrameSlot *)((char *)(g) + (at)))
uop(GEN_SLOT) { ALIVE(g); RESULT(slot_object(GEN_AT(g, at))); }
uop(GEN_STACK) { ALIVE(g); RESULT(slot_object(GEN_AT(g, at))); }
uop(GEN_TAGGED) { ALIVE(g); if (unlikely(!slot_has_int(GEN_AT(g, at)))) EXIT(); RESULT(slot_int(GEN_AT(g, at))); }
uop(SWAP_GEN_SLOT) { ALIVE(g); ALIVE_OR_NULL(a); Obj *old = slot_owned(GEN_AT(g, at)); slot_give(GEN_AT(g, at), a); RESULT(old); }
uop(STORE_GEN_SLOT) { ALIVE(g); ALIVE_OR_NULL(a); slot_give(GEN_AT(g, at), a); }
uop(STORE_GEN_TAGGED) { ALIVE(g); slot_give_int(GEN_AT(g, at), (intptr_t)a); }
uop(STORE_GEN_INT)
{
    ALIVE(g);
    Obj *o = store_int(S, GEN_AT(g, at), a);
    if (unlikely(!o)) EXIT();
    RESULT(o);
}
uop(STORE_GEN_FLOAT)
{
    ALIVE(g);
    Obj *o = store_float(S, GEN_AT(g, at), a);
    if (unlikely(!o)) EXIT();
    RESULT(o);
}
uop(GEN_STANDS)
{
    ALIVE(g);
    const Stand *p = POINTER(stand);
    ((GenObj *)g)->frame.ip = p->ip;
    ((GenObj *)g)->state = (int8_t)p->state;
}
uop(GEN_TOP) { ALIVE(g); FRAME_TOP_IS(&((GenObj *)g)->frame, n); }

uop(END_GEN) { ALIVE(g); h_end_followed(S, g); }

uop(RESUME_GEN)
{
    ALIVE(g);
#ifdef COPYPATCH_HOSTED
    if (unlikely(!h_resume(S, g))) EXIT();
    (void)resumed, (void)away_;
#else
    void *on = h_enter_gen(S, g, POINTER(resumed));
    if (unlikely(!on)) EXIT();
    AWAY(on);
#endif
}

uop(SEND_GEN)
{
    ALIVE(g);
    ALIVE(v);
#ifdef COPYPATCH_HOSTED
    if (unlikely(!h_send(S, g, v))) EXIT();
    (void)resumed, (void)away_;
#else
    void *on = h_send_gen(S, g, v, POINTER(resumed));
    if (unlikely(!on)) EXIT();
    AWAY(on);
#endif
}

uop(SEND) { ALIVE(receiver); ALIVE(v); if (unlikely(!h_send(S, receiver, v))) EXIT(); }
uop(GUARD_YIELDED) { if (unlikely(S->returned != 0)) EXIT(); }
uop(GUARD_RETURNED) { if (S->returned == 0) EXIT(); }

uop(YIELD)
{
    ALIVE(a);
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_OBJECT;
    S->result.o = a;
    AWAY(h_suspend(S, n));
}
uop(YIELD_INT)
{
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_INT;
    S->result.i = a;
    AWAY(h_suspend(S, n));
}
uop(YIELD_FLOAT)
{
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_FLOAT;
    S->result.f = a;
    AWAY(h_suspend(S, n));
}

uop(YIELD_RESULT)
{
    if (!CAN_RETURN()) EXIT();
    AWAY(h_suspend(S, n));
}

/* The current frame, a generator's, ends: the generator keeps nothing. */
uop(RETURN_GEN)
{
    ALIVE(a);
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_OBJECT;
    S->result.o = a;
    AWAY(h_return_gen(S));
}
