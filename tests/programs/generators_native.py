"""Generators whose code and consumers are hot: values of all kinds, pipelines, try around yields, send, throw, close, recursion, iteration from C."""
import functools
import itertools
import sys
import traceback

# ---- stages ----


def ints(n):
    i = 0
    while i < n:
        yield i
        i += 1


def floats(n):
    x = 0.5
    for i in range(n):
        yield x
        x = x * 1.0625 + i


def bigs(n):
    x = 1 << 60
    for i in range(n):
        yield x
        x = x + (x >> 1) if i % 7 else (1 << 61) + i


def strs(n):
    s = ""
    for i in range(n):
        s = s[-5:] + chr(97 + i % 26)
        yield s


def nones(n):
    for i in range(n):
        yield None if i % 3 else i


def mapped(it):
    for x in it:
        yield x + x


def passed(it):
    for x in it:
        yield x


def odd_places(it):
    odd = False
    for x in it:
        if odd:
            yield x
        odd = not odd


def numbered(it):
    i = 0
    for x in it:
        yield i, x
        i += 1


def pipeline(n):
    s = 0
    for x in mapped(passed(odd_places(ints(n)))):
        s += x
    f = 0.0
    for x in mapped(passed(odd_places(floats(n)))):
        f += x
    b = 0
    for x in mapped(passed(odd_places(bigs(n)))):
        b += x
    t = ""
    for x in mapped(passed(odd_places(strs(n)))):
        t = x + t[:20]
    return s, f, b, t


def with_nones(n):
    found = 0
    for x in passed(passed(nones(n))):
        if x is None:
            found += 1
        else:
            found += x
    return found


def of_tuples(n):
    s = 0
    for i, x in numbered(mapped(ints(n))):
        s += i * x
    for i, (j, x) in numbered(numbered(floats(n))):
        s += i + j + x
    return s


def limits(n):
    out = []
    for start in (2 ** 29, 2 ** 30 - 3, 2 ** 31, 2 ** 62, 2 ** 63 - 40, -2 ** 63 + 40):
        def around(n):
            x = start
            d = 1 if start > 0 else -1
            for _ in range(n):
                yield x
                x += d
        s = 0
        for x in passed(around(n)):
            s += x
        out.append(s)
    return out


def mixed_types(n):
    """One generator function, other types each time."""
    out = []
    for make in (ints, floats, strs, bigs, nones, ints, strs):
        last = None
        count = 0
        for x in passed(make(n)):
            last = x
            count += 1
        out.append((count, last))
    return out


def types_change_within(n):
    def changing(n):
        for i in range(n):
            if i % 40 < 20:
                yield i
            elif i % 40 < 30:
                yield i * 0.5
            else:
                yield str(i)
    counts = {}
    for x in passed(changing(n)):
        counts[type(x).__name__] = counts.get(type(x).__name__, 0) + 1
    return counts


# ---- objects that die ----


class Mortal:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("dies", self.name, end="; ")


def mortals(n):
    for i in range(n):
        yield Mortal(i)


def mortals_kept(n):
    for i in range(n):
        m = Mortal(i)
        yield m


def deaths(n):
    for m in passed(mortals(n)):
        if m.name % 8 == 0:
            print("at", m.name, end="; ")
    print("end")
    del m
    for m in passed(mortals_kept(n)):
        if m.name % 8 == 0:
            print("at", m.name, end="; ")
    print("end")
    del m
    print()
    for i, m in enumerate(mortals(n)):
        if i == n - 3:
            break
    print("left")
    del m
    print("deleted")


def generators_die(n):
    """Each generator ends or is dropped with an object in its frame."""
    def holding(m, k):
        for i in range(k):
            yield i
        m.name = "end " + m.name
    s = 0
    for i in range(n):
        for x in holding(Mortal(str(i)), 3):
            s += x
            if i % 3 == 0:
                break
    print(s)


# ---- try, with ----


log = []


class Context:
    def __init__(self, swallow):
        self.swallow = swallow

    def __enter__(self):
        log.append("enter")
        return self

    def __exit__(self, kind, value, tb):
        log.append(kind and kind.__name__)
        return self.swallow and kind is not None and issubclass(kind, self.swallow)


def guarded(n):
    try:
        for i in range(n):
            try:
                yield i
                yield -i
            except KeyError as e:
                log.append(("caught", e.args[0]))
                yield "after"
            else:
                if i % 16 == 0:
                    log.append("else")
            finally:
                if i % 16 == 0:
                    log.append("finally")
    finally:
        log.append("outer finally")


def with_inside(n):
    with Context(None):
        for i in range(n):
            with Context(ValueError) as c:
                if i % 5 == 4:
                    raise ValueError(i)
                yield i
                if i % 7 == 6:
                    raise ValueError(i)


def show_log():
    counts = {}
    for x in log:
        counts[x] = counts.get(x, 0) + 1
    print(len(log), log[:3], log[-3:], sorted((str(k), v) for k, v in counts.items())[:12])
    log.clear()


def tries(n):
    s = 0
    for x in guarded(n):
        s += x
    print(s)
    show_log()
    s = 0
    for x in with_inside(n):
        s += x
    print(s)
    show_log()
    g = guarded(n)
    for x in g:
        if x == n // 2:
            break
    print(g.throw(KeyError("k1")))
    for x in g:
        if x == n - 5:
            break
    show_log()
    print(g.throw(KeyError("k2")))
    g.close()
    show_log()
    for x in g:
        print("never")


def breaks(n):
    """The consumer breaks, and the generator is dropped or closed."""
    s = 0
    for i in range(n):
        for x in guarded(5):
            s += x
            if x == i % 6:
                break
    print(s)
    show_log()
    for i in range(n):
        g = with_inside(5)
        for x in g:
            s += x
            if x == i % 6:
                break
        g.close()
    print(s)
    show_log()


def several_yields(n):
    a = b = 0
    while a < n:
        yield a
        a += 1
        yield a, b
        if a % 3 == 0:
            yield "three"
        for k in range(a % 4):
            yield k * 0.5
        b += a


def use_several(n):
    s, t = 0, []
    for x in several_yields(n):
        if type(x) is tuple:
            s += x[1]
        elif type(x) is str:
            t.append(x)
        else:
            s += x
    return s, len(t)


def nested_loops(n):
    def triangle(n):
        for i in range(n):
            for j in range(i):
                for k in range(j % 3):
                    yield i * j + k
    s = 0
    for x in triangle(n):
        for y in ints(x % 4):
            for z in floats(y):
                s += z
            s += y
        s += x
    return s


# ---- closures, cells, arguments ----


def closures(n):
    total = 0

    def adding(n, step=2, *, scale=3):
        nonlocal total
        for i in range(0, n * step, step):
            total += i
            yield total * scale

    s = 0
    for x in adding(n):
        s += x
    for x in adding(n, 1, scale=0.5):
        s += x
        total -= 1

    def own_cell(n):
        c = 0

        def bump(d):
            nonlocal c
            c += d
            return c
        for i in range(n):
            yield bump
            if c > 100:
                c = -i
    for f in own_cell(n):
        s += f(3)
    return s, total


def variadic(*args, **kw):
    for a in args:
        yield a
    for k in kw:
        yield kw[k]


def arguments(n):
    s = 0
    for i in range(n):
        for x in variadic(i, 2, 3, a=4, b=i * 0.5):
            s += x
    return s


class Tree:
    def __init__(self, left, value, right):
        self.left, self.value, self.right = left, value, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            for x in self.right:
                yield x

    def walk(self):
        if self.left is not None:
            yield from self.left.walk()
        yield self.value
        if self.right is not None:
            yield from self.right.walk()


def make_tree(a, b):
    if a >= b:
        return None
    m = (a + b) // 2
    return Tree(make_tree(a, m), m, make_tree(m + 1, b))


def trees(n):
    t = make_tree(0, n)
    s = 0
    for _ in range(4):
        for x in t:
            s = s * 3 % 1000003 + x
        for x in t.walk():
            s = s * 3 % 1000003 + x
    deep = None
    for i in range(50):
        deep = Tree(deep, i, None) if i % 3 else Tree(None, i, deep)
    for _ in range(6):
        for x in deep.walk():
            s = s * 3 % 1000003 + x
        for x in deep:
            s = s * 3 % 1000003 + x
    return s, list(deep)[:8], sum(deep.walk())


def hanoi(n, a, b, c):
    if n:
        yield from hanoi(n - 1, a, c, b)
        yield a, c
        yield from hanoi(n - 1, b, a, c)


def permutations(l):
    if len(l) <= 1:
        yield l
        return
    for p in permutations(l[1:]):
        for i in range(len(l)):
            yield p[:i] + l[:1] + p[i:]


def recursions():
    s = 0
    for i, (a, b) in enumerate(hanoi(8, 0, 1, 2)):
        s += i * (a * 3 + b)
    t = ""
    for p in permutations("abcde"):
        t = t[-30:] + p[0] + p[-1]
    return s, t


# ---- send, throw, values of yield from ----


def averaging():
    total, n, avg = 0, 0, None
    while True:
        v = yield avg
        total += v
        n += 1
        avg = total / n


def sends(n):
    g = averaging()
    next(g)
    out = 0
    for i in range(n):
        out += g.send(i)
    for i in range(n):
        out += g.send(i * 0.5)
    try:
        g.send("no")
    except TypeError as e:
        print("TypeError", e.__traceback__.tb_next.tb_lineno - averaging.__code__.co_firstlineno)
    try:
        g.send(1)
    except StopIteration as e:
        print("ended", e.value)
    g = averaging()
    try:
        g.send(1)
    except TypeError as e:
        print(e)
    return out


def relay(n):
    """Sent values through two yield from, then the value returned."""
    def inner(n):
        s = 0
        for i in range(n):
            s += yield i
        return s

    def middle(n):
        r = yield from inner(n)
        return r + 1

    def outer(n):
        total = 0
        while True:
            total += yield from middle(n)
            if total > 5000:
                return total
    g = outer(7)
    x = next(g)
    count = 0
    try:
        while True:
            x = g.send(x + n)
            count += 1
    except StopIteration as e:
        return count, e.value


def hot_throws(n):
    def swallowing():
        hits = 0
        while True:
            try:
                x = yield hits
            except ValueError as e:
                hits += e.args[0]
            except GeneratorExit:
                log.append(hits)
                return
            else:
                if x is None:
                    hits += 1

    def through():
        yield from swallowing()
    s = 0
    for make in (swallowing, through):
        g = make()
        for x in g:
            s += x
            if x > n * 4:
                break
            if x % 3 == 0:
                s += g.throw(ValueError(2))
        g.close()
    print(s, log)
    log.clear()


def returned_values(n):
    def counting(n):
        for i in range(n):
            yield i
        return [n]

    def chain(n):
        rs = []
        for i in range(n):
            r = yield from counting(i % 5)
            rs.append(r[0])
            rs.append((yield from ()))
            rs.append((yield from [i]))
            rs.append((yield from iter(range(2))))
        return rs
    g = chain(n)
    s = 0
    while True:
        try:
            s += next(g)
        except StopIteration as e:
            return s, e.value[:12], len(e.value)


# ---- from C ----


def from_c(n):
    out = []
    for _ in range(4):
        out.append(sum(mapped(ints(n))))
        out.append(sum(floats(n)))
        out.append(len(list(passed(bigs(n)))))
        out.append(max(zip(ints(n), strs(n))))
        out.append(sum(map(lambda a, b: a * b, ints(n), mapped(ints(n)))))
        out.append(any(x > n - 3 for x in ints(n)))
        out.append(all(x < n - 3 for x in ints(n)))
        out.append(sorted(strs(n))[:2])
        out.append(" ".join(passed(strs(n)))[-17:])
        out.append(next(ints(0), "default"))
        out.append(next(ints(n), "default"))
        out.append(list(enumerate(floats(n)))[-1])
        out.append(max(mapped(floats(n))) > min(bigs(n)))
        out.append(dict(numbered(strs(5))))
        out.append(sorted(set(x % 7 for x in ints(n))))
        out.append(n - 1 in passed(ints(n)))
        out.append(functools.reduce(lambda a, b: (a * 31 + b) % 10007, ints(n)))
        out.append(list(itertools.islice(odd_places(ints(n)), 3, 9, 2)))
        a, *b, c = ints(6)
        out.append((a, b, c))
        out.append([*ints(3), *floats(2)])
        out.append(list(filter(None, nones(12))))
        a, b, c = ints(3)
        out.append(a + b + c)
        out.append(bytes(ints(9)))
    assert out[:23] == out[23:46] == out[69:]
    for x in out[:23]:
        print(x, end=" | ")
    print()


def mixed_ways(n):
    """One generator resumed from compiled code, from the interpreter and from C in turn."""
    g = mapped(ints(n * 20))
    s = 0
    for x in g:
        s += x + next(g)
        s += sum(itertools.islice(g, 3))
        for y in g:
            s += y
            if y % 10 == 0:
                break
        z = [g.send(None), g.__next__()]
        s += z[0] * z[1]
        if x > n * 10:
            break
    return s, next(g)


def expressions(n):
    l = list(range(n))
    s = 0
    for x in (a * 2 for a in l if a % 3):
        s += x
    for x in (a + b for a in range(n // 4) for b in range(a) if (a ^ b) & 1):
        s += x
    for x in (y * 0.5 for y in (z + 1 for z in (w for w in ints(n)))):
        s += x
    k = 0
    for x in (k + a for a in l):
        k += 1
        s += x
    return s


def two_loops(n):
    g = passed(ints(n))
    s = t = 0
    for x in g:
        s += x
        if x == n // 3:
            break
    for x in g:
        t += x
        if x == n // 2:
            break
    for x in g:
        s -= x
    for x in g:
        print("never")
    print(list(g), next(g, "none"))
    for i in range(n):
        for x in g:
            print("never")
    return s, t


def alternating(n):
    a, b = ints(n), floats(n)
    s = 0
    for x in a:
        for y in b:
            s += x * y
            break
        else:
            s += 1
    return s


def same_loop_other_generators(n):
    s = 0
    for i in range(n):
        g = (ints, floats, odd, (i,).__iter__)[i % 4] if i > n // 2 else ints
        for x in g(6) if i % 4 != 3 or i <= n // 2 else g():
            s += x
    return s


def odd(n):
    for i in range(n):
        if i & 1:
            yield i


def already_executing(n):
    def me(n):
        for i in range(n):
            if i % 25 == 24:
                try:
                    for x in g:
                        print("never")
                except ValueError as e:
                    log.append(str(e))
                try:
                    next(g)
                except ValueError as e:
                    log.append(str(e))
                try:
                    g.close()
                except ValueError as e:
                    log.append(str(e))
            yield i

    def me_from(n):
        for i in range(n):
            yield i
        yield from h
    g = me(n)
    s = 0
    for x in g:
        s += x
    print(s)
    show_log()
    h = me_from(n)
    try:
        for x in h:
            s += x
    except ValueError as e:
        print(s, e)
    print(list(h))


# ---- exceptions ----


def raising(n, kind):
    for i in range(n):
        if i == n - 2:
            raise kind(i)
        yield i


def lines(e, base):
    """Functions and lines of a traceback, lines relative to that of each function."""
    out = []
    tb = e.__traceback__
    while tb:
        code = tb.tb_frame.f_code
        out.append((code.co_name, tb.tb_lineno - code.co_firstlineno))
        tb = tb.tb_next
    return out


def raised_inside(n):
    for i in range(6):
        try:
            for x in mapped(passed(raising(n, KeyError))):
                pass
        except KeyError as e:
            seen = x, e.args, lines(e, 0)
    print(seen)

    def catching(it):
        it = iter(it)
        while True:
            try:
                for x in it:
                    yield x
                return
            except ZeroDivisionError as e:
                yield lines(e, 0)
                yield str(e)

    def dividing(n):
        for i in range(n):
            yield 100 // (n - 5 - i)
    for i in range(6):
        got = []
        for x in passed(catching(passed(dividing(n)))):
            got.append(x)
    print(got[-4:])
    for i in range(6):
        try:
            for x in passed(raising(n, ValueError)):
                y = x * 2
        except ValueError:
            text = traceback.format_exc()
    print([l for l in text.splitlines() if "^" not in l and "~" not in l and not l.startswith("  File")], y)


def raised_in_consumer(n):
    for i in range(6):
        g = guarded(n)
        try:
            for x in g:
                if x == n - 4:
                    x.missing
        except AttributeError as e:
            seen = lines(e, 0), x
        del g
    print(seen)
    show_log()


def stop_iteration_inside(n):
    def stopping(n):
        for i in range(n):
            yield i
        raise StopIteration(n)

    def next_of_empty(n):
        it = iter(range(n))
        while True:
            yield next(it)
    for make in (stopping, next_of_empty):
        for _ in range(5):
            s = 0
            try:
                for x in passed(make(n)):
                    s += x
            except RuntimeError as e:
                seen = str(e), type(e.__cause__), e.__cause__.value, e.__cause__ is e.__context__, lines(e, 0)
        print(s, seen)

    def returning(n):
        for i in range(n):
            if i == n - 1:
                return StopIteration(3)
            yield i
    for _ in range(5):
        for x in returning(n):
            pass
    g = returning(2)
    next(g)
    try:
        next(g)
    except StopIteration as e:
        print(repr(e.value))


def deep_chain(n):
    yield n
    yield from deep_chain(n + 1)


def deep_for(n):
    yield n
    for x in deep_for(n + 1):
        yield x


def too_deep():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(150)
    try:
        for make in (deep_chain, deep_for):
            for _ in range(3):
                top = -1
                try:
                    for x in make(0):
                        top = x
                except RecursionError as e:
                    print("RecursionError", top, len(lines(e, 0)))
        print(sum(ints(10)))
    finally:
        sys.setrecursionlimit(limit)


def finally_after_error(n):
    def cleaning(n):
        try:
            for i in range(n):
                yield i
        finally:
            log.append("cleaned")
            yield "more"
    out = []
    for _ in range(5):
        g = cleaning(n)
        try:
            for x in g:
                if x == n - 2:
                    out.append(g.throw(KeyError("thrown")))
        except KeyError as e:
            out.append(e.args[0])
        try:
            g = cleaning(n)
            for x in g:
                if x == 3:
                    g.close()
        except RuntimeError as e:
            out.append(str(e))
    print(out)
    show_log()


# ---- identity, references ----


def identities(n):
    things = [object(), 1 << 70, 300 * n, 2.5, "text", None, (), 7, -(1 << 62)]
    things = things * (n // len(things) + 1)

    def giving(l):
        for x in l:
            yield x
    same = 0
    for x, y in zip(things, passed(giving(things))):
        same += x is y
    i = 0
    for x in mapped_same(giving(things)):
        same += x is things[i]
        i += 1
    a = b = None

    def twice(n):
        for i in range(n):
            v = i * 1000
            yield v
            yield v
            f = i + 0.25
            yield f
            yield f
    k = pairs = 0
    for x in passed(twice(n)):
        if k % 2:
            pairs += x is a
        a = x
        k += 1
    return same, len(things), pairs, k


def mapped_same(it):
    for x in it:
        y = x
        yield y


def references(n):
    o = object()
    before = sys.getrefcount(o)

    def giving(n):
        for _ in range(n):
            yield o
    counts = set()
    for x in passed(giving(n)):
        counts.add(sys.getrefcount(o) - before)
    del x
    for i in range(n):
        g = passed(giving(4))
        for x in g:
            break
        del g, x
    after = sys.getrefcount(o)
    for x in mapped_same(giving(n)):
        counts.add(sys.getrefcount(x) - before)
    return len(counts) <= 3, after - before


def main():
    for n in (30, 100):
        for f in (pipeline, with_nones, of_tuples, limits, mixed_types, types_change_within, use_several, nested_loops, closures, arguments, trees, sends, relay,
                  returned_values, mixed_ways, expressions, two_loops, alternating, same_loop_other_generators, identities, references):
            print(f.__name__, f(n))
        for f in (tries, breaks, hot_throws, from_c, already_executing, raised_inside, raised_in_consumer, stop_iteration_inside, finally_after_error):
            print(f.__name__)
            f(n)
    deaths(20)
    generators_die(30)
    print(recursions())
    too_deep()


main()
