/* References, types, identity, boxes. */
uop(INCREF) { ALIVE(a); incref(a); }
uop(DECREF)
{
    ALIVE_OR_NULL(a);
    if (unlikely(a == 0) || is_immortal(a)) return;
    if (unlikely(only_one(a))) EXIT();
    decref(a);
}
uop(GUARD_OUTLIVES) { ALIVE_OR_NULL(a); if (likely(a != 0) && !is_immortal(a) && unlikely(only_one(a))) EXIT(); }
uop(DECREF_LEAF)
{
    ALIVE_OR_NULL(a);
    if (unlikely(a == 0) || is_immortal(a)) return;
    if (!decref(a))
        h_dealloc(a);
}
uop(DECREF_QUIET)
{
    ALIVE_OR_NULL(a);
    if (unlikely(a == 0) || is_immortal(a)) return;
    if (!only_one(a))
        decref(a);
    else if (unlikely(!h_die_quietly(a)))
        EXIT();
}
uop(DECREF_CALL)
{
    ALIVE_OR_NULL(a);
    if (unlikely(a == 0) || is_immortal(a)) return;
    if (!decref(a)) {
        h_dealloc(a);
        S->died = 1;
    }
}
uop(GUARD_NOT_TYPE) { ALIVE(a); if (unlikely(a->type == POINTER(type))) EXIT(); }
uop(GUARD_TYPE) { ALIVE(a); if (unlikely(a->type != POINTER(type))) EXIT(); }
uop(GUARD_IS) { if (unlikely(a != (Obj *)POINTER(k))) EXIT(); }
uop(GUARD_IS_NOT) { if (unlikely(a == (Obj *)POINTER(k))) EXIT(); }
uop(GUARD_SAME) { if (unlikely(a != b)) EXIT(); }
uop(GUARD_NUMBER) { (void)kind; ALIVE_OR_NULL(a); if (unlikely(a != 0) && unlikely(a->type != S->int_type) && unlikely(a->type != S->float_type)) EXIT(); }
uop(GUARD_DIFFERENT) { if (unlikely(a == b)) EXIT(); }
uop(GUARD_NULL) { if (unlikely(a != 0)) EXIT(); }
uop(GUARD_NOT_NULL) { if (unlikely(a == 0)) EXIT(); }
uop(IS) { RESULT(a == b); }
uop(BOOL_OBJ) { RESULT(a ? S->true_object : S->false_object); }
uop(UNBOX_BOOL) { ASSUME(a == S->true_object || a == S->false_object); RESULT(a == S->true_object); }
uop(UNBOX_FLOAT) { ALIVE(a); RESULT(((FloatObj *)a)->value); }
uop(UNBOX_INT)
{
    IntObj *o = (IntObj *)a;
    ALIVE(a);
    ASSUME((o->tag & 3) != 3 && o->digit[0] >> 30 == 0 && (o->tag >> 3 < 2 || o->digit[1] >> 30 == 0));
    if (likely(o->tag == ONE_DIGIT_TAG)) {
        RESULT(o->digit[0]);
        return;
    }
    uint64_t digits = o->tag >> 3, magnitude;
    int64_t sign = 1 - (int64_t)(o->tag & 3);
    if (likely(digits <= 1))
        magnitude = o->digit[0];
    else {
        if (digits > 3) EXIT();
        magnitude = o->digit[0] | (uint64_t)o->digit[1] << 30;
        if (digits == 3) {
            if (o->digit[2] > 7) EXIT();
            magnitude |= (uint64_t)o->digit[2] << 60;
        }
        if (magnitude >> 63) EXIT();
    }
    RESULT((int64_t)magnitude * sign);
}
uop(NEW_OBJECT) { ALIVE(c); Obj *o = h_new_object(c); if (unlikely(!o)) EXIT(); RESULT(o); }
uop(NEW_FLOAT) { Obj *o = h_new_float(a); if (unlikely(!o)) EXIT(); RESULT(o); }
uop(NEW_INT)
{
    if (likely((uint64_t)a + N_SMALL_NEGATIVE < N_SMALL_NEGATIVE + N_SMALL)) {
        RESULT((Obj *)(S->small_ints + a * (int64_t)sizeof(SmallInt)));     /* immortal */
        return;
    }
    Obj *o = h_new_int(a); if (unlikely(!o)) EXIT(); RESULT(o);
}
uop(NEW_ADD) { Obj *o = h_big_add(a, b); if (unlikely(!o)) EXIT(); RESULT(o); }
uop(NEW_SUB) { Obj *o = h_big_sub(a, b); if (unlikely(!o)) EXIT(); RESULT(o); }
uop(NEW_MUL) { Obj *o = h_big_mul(a, b); if (unlikely(!o)) EXIT(); RESULT(o); }
uop(SET_FLOAT) { ALIVE(a); if (unlikely(!only_one(a))) EXIT(); ((FloatObj *)a)->value = v; }
uop(GUARD_FUNC) { ALIVE(f); if (unlikely(((FunctionObj *)f)->version != (uint32_t)version)) EXIT(); }
uop(GUARD_KEYS) { ALIVE(dict); if (unlikely(((DictObj *)dict)->keys->version != (uint32_t)version)) EXIT(); }
uop(GUARD_KEYS_AT) { ALIVE(dict); if (unlikely(((DictObj *)dict)->keys != (DictKeys *)POINTER(keys))) EXIT(); }
uop(FUNC_FIELD) { ALIVE(f); RESULT(((FunctionObj *)f)->fields[n]); }
uop(GUARD_MODULE)
{
    ALIVE(m);
    if (unlikely(m->type != S->module_type) || unlikely(((ModuleObj *)m)->dict != (Obj *)POINTER(dict))) EXIT();
}
uop(GUARD_ML) { ALIVE(f); if (unlikely(((BuiltinObj *)f)->ml != POINTER(ml))) EXIT(); }
uop(LOAD_WORD) { Obj *o = *(Obj **)POINTER(address); if (unlikely(!o)) EXIT(); ALIVE(o); RESULT(o); }
uop(GUARD_UNWATCHED) { ALIVE(dict); if (unlikely(((DictObj *)dict)->version_tag & others)) EXIT(); }
uop(STORE_WORD)
{
    ALIVE(dict); ALIVE(v);
    Obj *old = *(Obj **)POINTER(address);
    *(Obj **)POINTER(address) = v;
    ((DictObj *)dict)->version_tag += DICT_VERSION_STEP;
    RESULT(old);
}
uop(LOAD_CELL) { ALIVE(cell); Obj *o = ((CellObj *)cell)->content; if (unlikely(!o)) EXIT(); RESULT(o); }
uop(SWAP_CELL) { ALIVE(cell); ALIVE_OR_NULL(v); Obj *old = ((CellObj *)cell)->content; ((CellObj *)cell)->content = v; RESULT(old); }
