# An iterator over a str or bytes is the last that has it: at its end an instance of a subclass dies, at the FOR_ITER.
import sys

log = []


class S(str):
    def __del__(self):
        f = sys._getframe(1)
        log.append((f.f_lasti, f.f_lineno - f.f_code.co_firstlineno, f.f_locals.get("n")))


class B(bytes):
    __del__ = S.__del__


def over_str(n):
    total = 0
    for c in S("ab" * 30):
        total += ord(c)
    return total


def over_wide(n):
    total = 0
    for c in S("aä" * 30):
        total += ord(c)
    return total


def over_bytes(n):
    total = 0
    for c in B(b"ab" * 30):
        total += c
    return total


def shared(n):
    total = 0
    for text in ["abc" * 9, S("abc" * 9), b"abc" * 9, B(b"abc" * 9), "aä" * 9] * 3:
        it = iter(text)
        text = None
        for c in it:
            total += c if type(c) is int else ord(c)
        it = None
    return total


for f in over_str, over_wide, over_bytes, shared:
    results = [f(k) for k in range(40)]
    print(f.__name__, set(results), len(log), sorted(set(log))[:5], len(set(log)))
    log.clear()
