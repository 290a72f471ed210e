"""assert in hot loops, __debug__, warnings."""
import warnings


def checked(n):
    s = 0
    for i in range(n):
        assert i >= 0
        assert isinstance(i, int), "never"
        if __debug__:
            s += i
    return s


def failing(n):
    c = 0
    text = None
    for i in range(n):
        try:
            assert i % 10, f"tenth {i}"
        except AssertionError as e:
            c += 1
            text = str(e)
    return c, text


def warned(n):
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter("always")
        for i in range(n):
            if i % 20 == 0:
                warnings.warn(f"w{i}")
    return len(w), str(w[-1].message), w[0].lineno - warned.__code__.co_firstlineno


print(checked(100), failing(100), warned(100))
