"""math.* on good arguments, unboxed floats all the way."""
import math
from math import sin, cos, sqrt, exp, log


def trig(n):
    s = 0.0
    for i in range(n):
        x = i * 0.1
        s += sin(x) * cos(x) + math.tan(x) / 100 + math.atan2(x, 2.0) + math.hypot(x, 1.0)
    return s


def roots(n):
    s = 0.0
    for i in range(n):
        s += sqrt(i) + math.sqrt(i * 0.5) + exp(-i * 0.01) + log(i + 1.0) + math.log2(i + 1) + math.log10(i + 0.5)
    return s


def misc(n):
    s = 0.0
    k = 0
    for i in range(n):
        x = i * 1.7 - 50
        s += math.fabs(x) + math.copysign(1.5, x) + math.fmod(x, 3.0) + math.pow(1.01, i) + math.degrees(x) + math.erf(x)
        k += math.floor(x) + math.ceil(x) + math.gcd(i, 36) + math.isqrt(i * i + 1) + math.isnan(x) + math.isinf(x) + math.isfinite(x)
        m, e = math.frexp(x)
        s += math.ldexp(m, e % 5)
        f, w = math.modf(x)
        s += f * w
    return s, k


def sums(n):
    v = [i * 0.1 for i in range(n)]
    return math.fsum(v), sum(v), math.prod(range(1, 25)), math.dist((0, 0), (3, 4)), math.comb(50, 25)


print(repr(trig(300)))
print(repr(roots(200)))
print(misc(150))
print(sums(100))
print(math.pi, math.tau, math.e)
