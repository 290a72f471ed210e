/* Attributes of objects and classes. */
#define FIELD(type, a, offset) (*(type *)((char *)(a) + (offset)))

uop(GUARD_VERSION) { ALIVE(a); if (unlikely(((TypeObj *)a->type)->version_tag != (uint32_t)version)) EXIT(); }
uop(GUARD_CLASS) { ALIVE(c); if (unlikely(((TypeObj *)c)->version_tag != (uint32_t)version)) EXIT(); }
uop(GUARD_BYTE) { ALIVE(a); if (unlikely(!FIELD(uint8_t, a, offset))) EXIT(); }
uop(GUARD_NO_FIELD) { ALIVE(a); if (unlikely(FIELD(Obj *, a, offset) != 0)) EXIT(); }
uop(GUARD_SHARED) { if (unlikely(((DictKeys *)POINTER(keys))->version != (uint32_t)version)) EXIT(); }
uop(LOAD_FIELD)
{
    ALIVE(a);
    Obj *v = FIELD(Obj *, a, offset);
    if (unlikely(!v)) EXIT();
    ALIVE(v);
    RESULT(v);
}
uop(NEW_FIELD)
{
    ALIVE(a); ALIVE(v);
    values_add(&FIELD(Obj *, a, offset), i, v);
}
uop(SWAP_FIELD)
{
    ALIVE(a); ALIVE(v);
    Obj *old = FIELD(Obj *, a, offset);
    ALIVE_OR_NULL(old);
    FIELD(Obj *, a, offset) = v;
    RESULT(old);
}
