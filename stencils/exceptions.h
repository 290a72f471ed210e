/* Exceptions that are caught in a trace. */
uop(CATCH) { ALIVE_OR_NULL(exc); Obj *r = h_catch(S, exc); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(RAISE_OUT)
{
    ALIVE(exc);
    void *on = h_raise_out(S, exc);
    if (unlikely(!on)) EXIT();
    AWAY(on);
}
uop(RERAISE_OUT)
{
    ALIVE(exc);
    void *on = h_reraise_out(S, exc);
    if (unlikely(!on)) EXIT();
    AWAY(on);
}
uop(PUSH_EXC)
{
    ALIVE(exc);
    HandledError *handled = *S->handled;
    Obj *before = handled->value;
    incref(exc);
    handled->value = exc;
    RESULT(before ? before : S->none);
}
uop(POP_EXC)
{
    ALIVE(exc);
    HandledError *handled = *S->handled;
    Obj *before = handled->value;
    handled->value = exc == S->none ? 0 : exc;
    RESULT(before);
}
