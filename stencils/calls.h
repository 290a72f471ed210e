/* Calls of C functions by address, and of any callable. */
uop(ARG) { S->args[n].o = a; }
uop(CALL1) { Obj *r = ((Obj *(*)(Obj *))POINTER(fn))(a); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(CALL2) { Obj *r = ((Obj *(*)(Obj *, Obj *))POINTER(fn))(a, b); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(CALL3) { Obj *r = ((Obj *(*)(Obj *, Obj *, Obj *))POINTER(fn))(a, b, c); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(CALL1I) { int r = ((int (*)(Obj *))POINTER(fn))(a); if (unlikely(r < 0)) EXIT(); RESULT(r); }
uop(CALL2I) { int r = ((int (*)(Obj *, Obj *))POINTER(fn))(a, b); if (unlikely(r < 0)) EXIT(); RESULT(r); }
uop(CALL3I) { int r = ((int (*)(Obj *, Obj *, Obj *))POINTER(fn))(a, b, c); if (unlikely(r < 0)) EXIT(); RESULT(r); }
uop(LEAF1) { Obj *r = ((Obj *(*)(Obj *))POINTER(fn))(a); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(LEAF2) { Obj *r = ((Obj *(*)(Obj *, Obj *))POINTER(fn))(a, b); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(LEAF3) { Obj *r = ((Obj *(*)(Obj *, Obj *, Obj *))POINTER(fn))(a, b, c); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(LEAF1I) { int r = ((int (*)(Obj *))POINTER(fn))(a); if (unlikely(r < 0)) EXIT(); RESULT(r); }
uop(LEAF2I) { int r = ((int (*)(Obj *, Obj *))POINTER(fn))(a, b); if (unlikely(r < 0)) EXIT(); RESULT(r); }
uop(LEAF3I) { int r = ((int (*)(Obj *, Obj *, Obj *))POINTER(fn))(a, b, c); if (unlikely(r < 0)) EXIT(); RESULT(r); }
uop(APPEND_STR) { Obj *r = h_append_str(a, b); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(NEXT)
{
    Obj *r = ((Obj *(*)(Obj *))POINTER(fn))(it);
    if (unlikely(!r) && unlikely(h_check_result(r))) EXIT();
    RESULT(r);
}
uop(LEAF_NEXT)
{
    Obj *r = ((Obj *(*)(Obj *))POINTER(fn))(it);
    if (unlikely(!r) && unlikely(h_check_result(r))) EXIT();
    RESULT(r);
}
uop(VECTORCALL) { Obj *r = h_vectorcall(callable, S->args, nargs); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(LEAF_VECTORCALL) { Obj *r = h_vectorcall(callable, S->args, nargs); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(NEW_TUPLE) { Obj *r = h_new_tuple(S->args, n); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(NEW_RANGE_ITER) { Obj *r = h_new_range_iter(a, b, step); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(NEW_LIST) { Obj *r = h_new_list(S->args, n); if (unlikely(!r)) EXIT(); RESULT(r); }
