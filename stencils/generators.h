/* Generators and coroutines that are resumed natively.
 *
 *     RESUME_GEN ── record, the generator's own frame linked ──► behind its yield ... YIELD ── frame unlinked, record goes ──► behind RESUME_GEN
 *
 * One that delegates (`yield from`, `await`) to another is not gone through: h_descend() links the frames of all in between, and the innermost is gone on with; its YIELD
 * comes straight back.
 *
 * As calls.h, but the frame is the generator's, and its slots stay in it. What the interpreter keeps is kept as it does: the state, the frame that it was
 * resumed from, the exception that is handled, the depth of recursion. */
#if ABI_LAYOUT >= 314
#define FRAME_TOP_IS(f, n) ((f)->top = (f)->slot + (n))
#define TOP_SLOT(f) ((f)->top)
#define SET_EXECUTING(f, n_locals) ((f)->top = (f)->slot + (n_locals))      /* the collector walks up to it */
#else
#define FRAME_TOP_IS(f, n) ((f)->top = (int32_t)(n))
#define TOP_SLOT(f) (&(f)->slot[(f)->top])
#define SET_EXECUTING(f, n_locals) ((f)->top = -1)
#endif
#define GENERATOR_OF(f) ((GenObj *)((char *)(f) - __builtin_offsetof(GenObj, frame)))

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

/* The native code for where the generator stands; NULL: the interpreter has to go on there. */
INLINE void *resume_entry(const GenObj *gen, const ResumePoint *p)
{
    void *ip = gen->frame.ip;
    if (unlikely(gen->frame.frame_object != 0)) return 0;
    FEW for (; p->ip; p++)
        if (p->ip == ip)
            return p->entry;
    return 0;
}

#ifndef COPYPATCH_HOSTED
/* What is computed from it is computed here, not before, and kept in a register: stencils have no stack. */
#define ANEW(p) __asm__("" : "+r"(p))

/* sends: S->result is sent, else None. NULL: no native code is there. */
INLINE void *resume(State *S, GenObj *gen, Site *site, int sends)
{
    intptr_t in_new_chunk = 0;
    CallRecord *r;
    void *entry;
    intptr_t size;
    for (;;) {
        entry = resume_entry(gen, site->resumed->point);
        if (unlikely(!entry) || (sends && unlikely(gen->frame.ip == site->resumed->point->ip) && S->result.o != S->none)) return 0;
        r = *S->stack_top;
        size = (intptr_t)(__builtin_offsetof(CallRecord, spill) + (uintptr_t)site->n_spill * sizeof(Value));
        if (likely((uintptr_t)r + size < (uintptr_t)*S->stack_limit) || in_new_chunk)
            break;
        h_new_chunk(S, size);
        in_new_chunk = 1;       /* all else is looked up anew: few values live across the call */
    }
    keep_caller(S, r, site, size, in_new_chunk);
    ANEW(gen);
    FrameHead *f = &gen->frame;
    Resumed *v = site->resumed;
    if (f->ip != v->point->ip)
        slot_give(TOP_SLOT(f), sends ? S->result.o : S->none);
    SET_EXECUTING(f, v->n_locals);
    HandledError **handled = S->handled;
    gen->error.previous = *handled;
    *handled = &gen->error;
    gen->state = (int8_t)S->executing;
    enter_callee(S, r, f);
    return entry;
}
#endif

uop(RESUME_GEN)
{
    ALIVE(g);
#ifdef COPYPATCH_HOSTED
    if (unlikely(!h_resume(S, g))) EXIT();
    (void)resumed, (void)away_;
#else
    Site *site = POINTER(resumed);
    void *entry = resume(S, (GenObj *)g, site, 0);
    if (unlikely(!entry)) entry = h_descend(S, g, site);
    if (unlikely(!entry)) {
        if (unlikely(!h_resume(S, g))) EXIT();
        return;
    }
    AWAY(entry);
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
    Site *site = POINTER(resumed);
    S->result.o = v;            /* not a register: there are not enough */
    void *entry = resume(S, (GenObj *)g, site, 1);
    if (unlikely(!entry)) entry = h_descend(S, g, site);
    if (unlikely(!entry)) {
        if (unlikely(!h_send(S, g, S->result.o))) EXIT();
        return;
    }
    AWAY(entry);
#endif
}

uop(SEND) { ALIVE(receiver); ALIVE(v); if (unlikely(!h_send(S, receiver, v))) EXIT(); }
uop(GUARD_YIELDED) { if (unlikely(S->returned != 0)) EXIT(); }
uop(GUARD_RETURNED) { if (S->returned == 0) EXIT(); }

/* An exception is set: on by the exit of the site. */
INLINE void *raise_in_caller(State *S)
{
    S->exit = S->record->site->error;
    back_to_caller(S);
    return *(void **)S->exit;
}

/* Suspends the current frame, a generator's. n: slots in use; bits 16 and up: GenObj.state. The code to go on with. */
INLINE void *suspend(State *S, int64_t n)
{
    FrameHead *f = FRAME();
    GenObj *gen = GENERATOR_OF(f);
    gen->state = (int8_t)(n >> 16);
    FRAME_TOP_IS(f, n & 0xffff);
    *S->handled = gen->error.previous;
    gen->error.previous = 0;
    *S->current = f->previous;
    f->previous = 0;
    ++*S->depth;
    S->returned = 0;
    if (unlikely(S->record->delegates != 0) && unlikely(!h_ascend(S))) return raise_in_caller(S);
    return back_to_caller(S);
}

uop(YIELD)
{
    ALIVE(a);
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_OBJECT;
    S->result.o = a;
    AWAY(suspend(S, n));
}
uop(YIELD_INT)
{
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_INT;
    S->result.i = a;
    AWAY(suspend(S, n));
}
uop(YIELD_FLOAT)
{
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_FLOAT;
    S->result.f = a;
    AWAY(suspend(S, n));
}

uop(YIELD_RESULT)
{
    if (!CAN_RETURN()) EXIT();
    AWAY(suspend(S, n));
}

/* The current frame, a generator's, ends: the generator keeps nothing. */
uop(RETURN_GEN)
{
    ALIVE(a);
    if (!CAN_RETURN()) EXIT();
    S->raw = RAW_OBJECT;
    S->result.o = a;
    if (unlikely(S->record->delegates != 0)) {
        if (likely(h_end_delegate(S))) AWAY(back_to_caller(S));
        AWAY(raise_in_caller(S));
    }
    h_end_generator(S);
    AWAY(back_to_caller(S));
}
