/* double arithmetic, bit for bit as CPython: no contraction, no reassociation. */
uop(ADD_FLOAT) { RESULT(a + b); }
uop(SUB_FLOAT) { RESULT(a - b); }
uop(MUL_FLOAT) { RESULT(a * b); }
uop(DIV_FLOAT) { if (unlikely(b == 0.0)) EXIT(); RESULT(a / b); }
uop(NEG_FLOAT) { RESULT(-a); }
uop(ABS_FLOAT) { RESULT(__builtin_fabs(a)); }
uop(SQRT_FLOAT) { if (unlikely(!(a >= 0.0))) EXIT(); RESULT(__builtin_sqrt(a)); }
uop(MOD_FLOAT) { if (unlikely(b == 0.0)) EXIT(); RESULT(h_mod_float(a, b)); }
uop(FLOORDIV_FLOAT) { if (unlikely(b == 0.0)) EXIT(); RESULT(h_floordiv_float(a, b)); }
/* x - x is 0 for a finite x only */
uop(POW_FLOAT)
{
    if (unlikely(!(a > 0.0)) || unlikely(a - a != 0.0) || unlikely(b - b != 0.0)) EXIT();
    double r = h_pow_float(a, b);
    if (unlikely(r - r != 0.0) || unlikely(r == 0.0)) EXIT();
    RESULT(r);
}
uop(CALL_FLOAT)
{
    if (unlikely(a - a != 0.0)) EXIT();
    double r = ((double (*)(double))POINTER(fn))(a);
    if (unlikely(r - r != 0.0)) EXIT();
    RESULT(r);
}
uop(INT_TO_FLOAT) { RESULT((double)a); }
uop(INT_TO_FLOAT_EXACT)
{
    if (unlikely((uint64_t)a + (1ull << 53) > 1ull << 54)) EXIT();
    RESULT((double)a);
}
uop(TRUEDIV_INT)
{
    if (unlikely(b == 0) || unlikely((uint64_t)a + (1ull << 53) > 1ull << 54) || unlikely((uint64_t)b + (1ull << 53) > 1ull << 54)) EXIT();
    RESULT((double)a / (double)b);
}
uop(FLOAT_TO_INT) { if (unlikely(!(a > -9.2e18 && a < 9.2e18))) EXIT(); RESULT((int64_t)a); }
uop(BOOL_FLOAT) { RESULT(a != 0.0); }
uop(LT_FLOAT) { RESULT(a < b); }
uop(LE_FLOAT) { RESULT(a <= b); }
uop(GT_FLOAT) { RESULT(a > b); }
uop(GE_FLOAT) { RESULT(a >= b); }
uop(EQ_FLOAT) { RESULT(a == b); }
uop(NE_FLOAT) { RESULT(a != b); }
uop(GUARD_LT_FLOAT) { if (unlikely(!(a < b))) EXIT(); }
uop(GUARD_LE_FLOAT) { if (unlikely(!(a <= b))) EXIT(); }
uop(GUARD_GT_FLOAT) { if (unlikely(!(a > b))) EXIT(); }
uop(GUARD_GE_FLOAT) { if (unlikely(!(a >= b))) EXIT(); }
uop(GUARD_EQ_FLOAT) { if (unlikely(!(a == b))) EXIT(); }
uop(GUARD_NE_FLOAT) { if (unlikely(a == b)) EXIT(); }
uop(GUARD_NLT_FLOAT) { if (unlikely(a < b)) EXIT(); }
uop(GUARD_NLE_FLOAT) { if (unlikely(a <= b)) EXIT(); }
uop(GUARD_NGT_FLOAT) { if (unlikely(a > b)) EXIT(); }
uop(GUARD_NGE_FLOAT) { if (unlikely(a >= b)) EXIT(); }
