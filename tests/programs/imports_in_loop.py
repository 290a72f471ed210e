"""import statements and module attributes in hot loops."""
import sys


def run(n):
    s = 0
    for i in range(n):
        import math
        from math import sqrt as r, floor
        import os.path
        s += floor(r(i)) + math.ceil(0.5) + len(os.path.basename("a/b"))
    return s


def failing(n):
    seen = set()
    for i in range(n):
        try:
            import no_such_module_at_all
        except ImportError as e:
            seen.add(str(e))
        try:
            from math import nothing
        except ImportError as e:
            seen.add(str(e)[:35])
    return sorted(seen)


def attribute_of_module(n):
    m = sys.modules[__name__]
    m.counter = 0
    for i in range(n):
        m.counter += i
    return counter


print(run(80), failing(60), attribute_of_module(100))
