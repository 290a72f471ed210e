/* int64 arithmetic with Python's meaning: what does not fit leaves. */
uop(ADD_INT) { int64_t r; if (unlikely(__builtin_add_overflow(a, b, &r))) EXIT(); RESULT(r); }
uop(SUB_INT) { int64_t r; if (unlikely(__builtin_sub_overflow(a, b, &r))) EXIT(); RESULT(r); }
uop(MUL_INT) { int64_t r; if (unlikely(__builtin_mul_overflow(a, b, &r))) EXIT(); RESULT(r); }
uop(ADD_WRAP) { RESULT((int64_t)((uint64_t)a + (uint64_t)b)); }
uop(SUB_WRAP) { RESULT((int64_t)((uint64_t)a - (uint64_t)b)); }
uop(MUL_WRAP) { RESULT((int64_t)((uint64_t)a * (uint64_t)b)); }

#define INT64_MIN_ (-__INT64_MAX__ - 1)

uop(FLOORDIV_INT)
{
    if (unlikely(b == 0) || unlikely(b == -1 && a == INT64_MIN_)) EXIT();
    int64_t q;
    if (likely(((uint64_t)(a | b) >> 32) == 0))
        q = (int64_t)((uint32_t)a / (uint32_t)b);
    else {
        q = DIVIDE(a, b);
        q -= (REMAINDER(a, b) != 0) & ((a ^ b) < 0);
    }
    RESULT(q);
}
uop(MOD_INT)
{
    if (unlikely(b == 0)) EXIT();
    int64_t r;
    if (likely(((uint64_t)(a | b) >> 32) == 0))
        r = (int64_t)((uint32_t)a % (uint32_t)b);
    else if (b == -1)
        r = 0;
    else {
        r = REMAINDER(a, b);
        if (r != 0 && (r ^ b) < 0)
            r += b;
    }
    RESULT(r);
}
uop(DIV_POW2) { ASSUME(shift >= 0 && shift < 64); RESULT(a >> (shift & 63)); }
uop(AND_INT) { RESULT(a & b); }
uop(OR_INT) { RESULT(a | b); }
uop(XOR_INT) { RESULT(a ^ b); }
uop(LSHIFT_INT)
{
    if (unlikely((uint64_t)b > 62)) EXIT();
    int64_t r = (int64_t)((uint64_t)a << b);
    if (unlikely(r >> b != a)) EXIT();
    RESULT(r);
}
uop(RSHIFT_INT) { if (unlikely(b < 0)) EXIT(); RESULT(a >> (b > 63 ? 63 : b)); }
uop(NEG_INT) { if (unlikely(a == INT64_MIN_)) EXIT(); RESULT(-a); }
uop(INVERT_INT) { RESULT(~a); }
uop(ABS_INT) { if (unlikely(a == INT64_MIN_)) EXIT(); RESULT(a < 0 ? -a : a); }
uop(POW_INT) { int64_t r = h_pow_int(a, b); if (unlikely(r == INT64_MIN_)) EXIT(); RESULT(r); }
uop(POWMOD_INT) { int64_t r = h_powmod(a, b, m); if (unlikely(r == INT64_MIN_)) EXIT(); RESULT(r); }
uop(GCD_INT) { int64_t r = h_gcd(a, b); if (unlikely(r == INT64_MIN_)) EXIT(); RESULT(r); }
uop(MIN_INT) { RESULT(b < a ? b : a); }
uop(MAX_INT) { RESULT(b > a ? b : a); }
uop(LT_INT) { RESULT(a < b); }
uop(LE_INT) { RESULT(a <= b); }
uop(GT_INT) { RESULT(a > b); }
uop(GE_INT) { RESULT(a >= b); }
uop(EQ_INT) { RESULT(a == b); }
uop(NE_INT) { RESULT(a != b); }
uop(GUARD_LT_INT) { if (unlikely(!(a < b))) EXIT(); }
uop(GUARD_LE_INT) { if (unlikely(!(a <= b))) EXIT(); }
uop(GUARD_GT_INT) { if (unlikely(!(a > b))) EXIT(); }
uop(GUARD_GE_INT) { if (unlikely(!(a >= b))) EXIT(); }
uop(GUARD_EQ_INT) { if (unlikely(!(a == b))) EXIT(); }
uop(GUARD_NE_INT) { if (unlikely(!(a != b))) EXIT(); }
uop(GUARD_TRUE) { if (unlikely(a == 0)) EXIT(); }
uop(GUARD_FALSE) { if (unlikely(a != 0)) EXIT(); }
uop(NOT) { RESULT(a == 0); }
