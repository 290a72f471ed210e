# Sites that see another type, callable or container every time: the general form is recorded there. Results, exceptions, deaths as ever.
import fractions, operator, re


class Money:
    def __init__(self, n): self.n = n
    def __add__(self, other): return Money(self.n + (other.n if isinstance(other, Money) else other))
    def __radd__(self, other): return Money(other + self.n)
    def __lt__(self, other): return self.n < (other.n if isinstance(other, Money) else other)
    def __gt__(self, other): return self.n > (other.n if isinstance(other, Money) else other)
    def __getitem__(self, i): return self.n * i
    def __repr__(self): return f"Money({self.n})"


class Text(str):
    pass


def add(values, n):
    out = []
    for i in range(n):
        for v in values:
            out.append(v + v)
    return out[-len(values):]


def less(values, n):
    count = 0
    for i in range(n):
        for v in values:
            if v < v:
                count += 100
            if v == v:
                count += 1
    return count


def item(containers, n):
    out = 0
    for i in range(n):
        for c in containers:
            out += len(repr(c[i & 1]))
    return out


def call(callables, n):
    out = 0
    for i in range(n):
        for f in callables:
            out += f(i)
    return out


def call_raises(callables, n):
    seen = []
    for i in range(n):
        for f in callables:
            try:
                f(i)
            except (ValueError, TypeError, ZeroDivisionError) as e:
                seen.append(type(e).__name__ + str(e)[:20])
    return sorted(set(seen)), len(seen)


def rebound(n):
    global step
    total = 0
    for i in range(n):
        step = steps[i % len(steps)]
        total += step(i)
    return total


values = [1, 2.5, "a", b"b", (1,), [2], fractions.Fraction(1, 3), Money(4), 3j, True, Text("t"), 10 ** 30]
print(add(values, 60))
print(less([1, 2.5, "a", b"b", (1,), [2], fractions.Fraction(1, 3), True, Text("t"), 10 ** 30], 60))
print(item([[1, 2], (3, 4), "ab", b"cd", {0: "x", 1: "y"}, range(9), Money(2), memoryview(b"xy"), bytearray(b"zz"), Text("uv")], 60))
functions = [eval(f"lambda x, d={k}: x + d") for k in range(12)]
print(call(functions, 60))


def nested(k):
    def inner(x):
        return x * k
    return inner


class Callable:
    @staticmethod
    def static(x): return x - 3


print(call([nested(k) for k in range(12)], 60))
print(call([abs, int, float, operator.neg, operator.index, Callable.static, (5).__add__, (6).__mul__, [1, 2, 3].count, bool, round], 60))
print(call([f.__add__ for f in range(30)], 60))
lex = [re.compile(c).match for c in "abcdefghijkl"]


def scan(text):
    n = 0
    for pos in range(len(text)):
        for match in lex:
            if match(text, pos):
                n += 1
    return n


print(scan("the quick brown fox jumps over the lazy dog" * 4))


def fail(kind):
    def f(x):
        if x % 3 == 0:
            raise kind(f"bad {x % 5}")
        return x // (x % 7)
    return f


print(call_raises([fail(k) for k in (ValueError, TypeError)] + [fail(ValueError) for _ in range(8)] + [len, ord, int], 60))
steps = functions
print(rebound(900))
