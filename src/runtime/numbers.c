/* numbers.c: ints of any size from int64 operands, powers, divisors: what CPython computes, without what its own functions do besides.
 *
 * In 3.13 multiplying, dividing, raising ints of several digits polls for signals in each round: handlers and the collector run, any Python
 * code. A helper runs none, so none of these calls such a function: digits are computed here, and the object is made by _PyLong_New(),
 * which allocates and no more (tools/leaves.py looks at that). */
#include "../cpython/cpy.h"
#include "../ir/ir.h"

#define BIG_DIGITS 5        /* of 30 bits: 128 are enough for a sum, a difference and a product of int64 */

typedef struct { int negative; uint32_t digit[BIG_DIGITS]; } Big;

static uint64_t magnitude(int64_t v) { return v < 0 ? 0 - (uint64_t)v : (uint64_t)v; }

static void split(uint64_t v, uint32_t *d)
{
    for (int i = 0; i < 3; i++, v >>= PyLong_SHIFT)
        d[i] = (uint32_t)(v & PyLong_MASK);
}

/* Small ints are shared objects: those come from PyLong_FromLong(). */
static Obj *new_big(const Big *b)
{
    int n = BIG_DIGITS;
    while (n && !b->digit[n - 1])
        n--;
    if (n <= 1)
        return h_new_int(b->negative ? -(int64_t)b->digit[0] : (int64_t)b->digit[0]);
    PyLongObject *o = _PyLong_New(n);
    if (!o) {
        PyErr_Clear();
        return NULL;
    }
    memcpy(o->long_value.ob_digit, b->digit, sizeof *b->digit * (size_t)n);
    _PyLong_SetSignAndDigitCount(o, b->negative ? -1 : 1, n);
    return (Obj *)o;
}

/* The sum of two magnitudes has up to 65 bits, their difference has the sign of the larger. */
static Obj *sum(int a_negative, uint64_t a, int b_negative, uint64_t b)
{
    Big r = {.negative = a_negative};
    uint32_t x[3], y[3];
    if (a_negative == b_negative) {
        split(a, x);
        split(b, y);
        uint64_t carry = 0;
        for (int i = 0; i < BIG_DIGITS; i++, carry >>= PyLong_SHIFT) {
            carry += i < 3 ? (uint64_t)x[i] + y[i] : 0;
            r.digit[i] = (uint32_t)(carry & PyLong_MASK);
        }
    } else {
        r.negative = a < b ? b_negative : a_negative;
        split(a < b ? b - a : a - b, r.digit);
    }
    return new_big(&r);
}

Obj *h_big_add(int64_t a, int64_t b) { return sum(a < 0, magnitude(a), b < 0, magnitude(b)); }
Obj *h_big_sub(int64_t a, int64_t b) { return sum(a < 0, magnitude(a), b >= 0, magnitude(b)); }

Obj *h_big_mul(int64_t a, int64_t b)
{
    Big r = {.negative = (a < 0) != (b < 0)};
    uint32_t x[3], y[3], all[6] = {0};
    split(magnitude(a), x);
    split(magnitude(b), y);
    for (int i = 0; i < 3; i++) {
        uint64_t carry = 0;
        for (int k = 0; k < 3; k++, carry >>= PyLong_SHIFT) {
            carry += all[i + k] + (uint64_t)x[i] * y[k];
            all[i + k] = (uint32_t)(carry & PyLong_MASK);
        }
        all[i + 3] = (uint32_t)carry;
    }
    memcpy(r.digit, all, sizeof r.digit);       /* 2**126 at most: the sixth is 0 */
    return new_big(&r);
}

int64_t h_pow_int(int64_t a, int64_t b)
{
    if (b < 0)
        return INT64_MIN;
    int64_t r = 1;
    for (;;) {
        if ((b & 1) && __builtin_mul_overflow(r, a, &r))
            return INT64_MIN;
        if (!(b >>= 1))
            return r;
        if (__builtin_mul_overflow(a, a, &a))
            return INT64_MIN;
    }
}

/* a * b modulo m, all below 2**63 */
static uint64_t mulmod(uint64_t a, uint64_t b, uint64_t m)
{
#ifdef __SIZEOF_INT128__
    return (uint64_t)((unsigned __int128)a * b % m);
#else
    uint64_t r = 0;
    for (; b; b >>= 1, a = a < m - a ? a + a : a - (m - a))
        if (b & 1)
            r = r < m - a ? r + a : r - (m - a);
    return r;
#endif
}

int64_t h_powmod(int64_t a, int64_t b, int64_t m)
{
    if (b < 0 || m <= 0)
        return INT64_MIN;
    int64_t rest = h_remainder(a, m);
    uint64_t base = (uint64_t)(rest < 0 ? rest + m : rest), r = m == 1 ? 0 : 1;
    for (; b; b >>= 1) {
        if (b & 1)
            r = mulmod(r, base, (uint64_t)m);
        base = mulmod(base, base, (uint64_t)m);
    }
    return (int64_t)r;
}

int64_t h_gcd(int64_t a, int64_t b)
{
    uint64_t x = magnitude(a), y = magnitude(b);
    if ((x | y) >> 60)          /* of three digits: an operand itself may be the result */
        return INT64_MIN;
    while (y) {
        uint64_t rest = x % y;
        x = y;
        y = rest;
    }
    return (int64_t)x;
}
