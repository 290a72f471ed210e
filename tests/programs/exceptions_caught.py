"""Exceptions raised in a loop body and caught in the same frame: by type, by tuple, else, nested, as."""


def simple(n):
    c = 0
    for i in range(n):
        try:
            if i % 3 == 0:
                raise ValueError(i)
            c += 1
        except ValueError as e:
            c += e.args[0] * 10
    return c


def kinds(n):
    out = []
    for i in range(n):
        try:
            if i % 5 == 0:
                1 / 0
            elif i % 5 == 1:
                [][1]
            elif i % 5 == 2:
                {}["k"]
            elif i % 5 == 3:
                int("z")
        except (IndexError, KeyError) as e:
            out.append(type(e).__name__)
        except ArithmeticError:
            out.append("arith")
        except Exception as e:
            out.append(str(e))
        else:
            out.append("else")
    return out[:10], len(out)


def nested(n):
    s = 0
    for i in range(n):
        try:
            try:
                if i % 4 == 0:
                    raise KeyError(i)
                if i % 4 == 1:
                    raise TypeError(i)
                s += 1
            except KeyError:
                s += 10
                if i % 8 == 0:
                    raise ValueError from None
        except (TypeError, ValueError) as e:
            s += 100 + len(e.args)
    return s


def context(n):
    out = []
    for i in range(n):
        try:
            try:
                raise KeyError(i)
            except KeyError:
                raise ValueError(i)
        except ValueError as e:
            out.append((repr(e), repr(e.__context__), e.__cause__))
    return out[0], out[-1], len(out)


def cause(n):
    out = 0
    for i in range(n):
        try:
            try:
                [].pop()
            except IndexError as e:
                raise RuntimeError("outer") from e
        except RuntimeError as e:
            out += isinstance(e.__cause__, IndexError) and e.__cause__ is e.__context__
    return out


def rare(n):
    """The exception comes long after the loop is hot."""
    s = 0
    l = [1] * (n - 5)
    for i in range(n):
        try:
            s += l[i]
        except IndexError:
            s += 1000
    return s


def around(n):
    """The handler is outside of the loop."""
    s = 0
    try:
        for i in range(n):
            s += 100 // (70 - i)
    except ZeroDivisionError:
        return "caught", i, s
    return s


def stack_depth(n):
    """The exception comes with values on the stack."""
    out = []
    for i in range(n):
        try:
            out.append((1, [2, i, (3, {"k": 10 // (i % 5)})], f"{i}{20 // (i % 3)}"))
        except ZeroDivisionError:
            out.append(i)
    return out[:8], len(out)


class Mine(Exception):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b


def custom(n):
    s = 0
    for i in range(n):
        try:
            raise Mine(i, b=i * 2)
        except Mine as m:
            s += m.b + m.args[0]
    return s


def groups(n):
    s = 0
    for i in range(n):
        try:
            raise ExceptionGroup("g", [ValueError(i), TypeError(i)])
        except* ValueError as g:
            s += g.exceptions[0].args[0]
        except* TypeError:
            s += 1
    return s


print(simple(100), kinds(60), nested(80), context(60), cause(60), rare(100), around(100))
print(stack_depth(60), custom(60), groups(60))
