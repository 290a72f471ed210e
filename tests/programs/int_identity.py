# Which operations on ints give back an operand itself, and not an equal int: that can be asked with `is`.
import math
VALUES = [0, 1, 5, 256, 257, 1000, 1023, 1024, 1025, -5, -6, -1000, 2**30 - 1, 2**30, 2**30 + 5, -2**30 + 1, -2**30, -2**30 - 7, 2**31, 2**60 - 1, 2**60, 2**61, -2**60, -2**61,
          2**62, 2**63 - 1, -2**63]
def new(v): return int(str(v))
pairs = [(new(x), new(y)) for x in VALUES for y in VALUES]
by = [(new(x), new(y)) for x in VALUES for y in (0, 0, 1, 3, 31)]
nonzero = [(x, y) for x, y in pairs if y]
small = [(x, y) for x, y in by if abs(x) < 2**20 and y < 4]
def note(kept, i, r, a, b):
    if r is a or r is b: kept.append((i, r is a))
def mod(l):
    k = []; i = 0
    for a, b in l: note(k, i, a % b, a, b); i += 1
    return k
def floordiv(l):
    k = []; i = 0
    for a, b in l: note(k, i, a // b, a, b); i += 1
    return k
def shifts(l):
    k = []; i = 0
    for a, b in l: note(k, i, a >> b, a, b); note(k, -i, a << b, a, b); i += 1
    return k
def shift_zero(l):
    k = []; i = 0; zero = 0
    for a, b in l: note(k, i, a >> 0, a, None); note(k, -i, a >> zero, a, None); i += 1
    return k
def bits(l):
    k = []; i = 0
    for a, b in l: note(k, i, a & b, a, b); note(k, i, a | b, a, b); note(k, -i, a ^ b, a, b); i += 1
    return k
def sums(l):
    k = []; i = 0
    for a, b in l: note(k, i, a + b, a, b); note(k, -i, a - b, a, b); note(k, i, a * b, a, b); i += 1
    return k
def powers(l):
    k = []; i = 0
    for a, b in l: note(k, i, a ** b, a, b); note(k, -i, pow(a, 1, 2**61), a, b); i += 1
    return k
def gcds(l):
    k = []; i = 0
    for a, b in l: note(k, i, math.gcd(a, b), a, b); i += 1
    return k
def divmods(l):
    k = []; i = 0
    for a, b in l:
        q, r = divmod(a, b)
        note(k, i, q, a, b); note(k, -i, r, a, b); i += 1
    return k
def single(l):
    k = []; i = 0
    for a, b in l: note(k, i, +a, a, None); note(k, i, abs(a), a, None); note(k, i, int(a), a, None); note(k, i, -(-a), a, None); note(k, i, ~~a, a, None); note(k, i, round(a), a, None); i += 1
    return k
# One kind of operands at a time, too: then it is they that the trace is made for.
def runs(f, l):
    r = [f(l)]
    for a, b in l[::7]: r.append(f([(a, b)] * 5 + [(new(a + (b == 0)), b)]))
    return r
for f, l in (mod, nonzero), (floordiv, nonzero), (shifts, by), (shift_zero, by), (bits, pairs), (sums, pairs), (powers, small), (gcds, pairs), (divmods, nonzero), (single, pairs):
    print(f.__name__, runs(f, l))
