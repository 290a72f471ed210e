"""Operators on builtin types that warn: the line is that of the operator."""
import warnings


def invert(a):
    for i in range(50):
        pass
    else:
        v = 1 == ~a
    return v


def invert_in_loop(a):
    v = 0
    for i in range(50):
        v += 1
        v ^= ~a
    return v


with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    print([invert(a) for a in (6, 3, True, False, 5, True)], invert_in_loop(7), invert_in_loop(True))
print(len(seen), sorted({(w.category.__name__, w.lineno) for w in seen}))
