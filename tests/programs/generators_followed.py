"""Generators that a loop goes over and that are followed into: pipelines of them, what they hold when somebody looks, how they end, raise, and are left."""

import sys
import traceback


def numbers(n):
    for i in range(n):
        yield i


def scaled(items, factor):
    for x in items:
        yield x * factor


def kept(items, modulus):
    for x in items:
        if x % modulus:
            yield x


def differences(items):
    last = 0
    for x in items:
        yield x - last
        last = x


# ---- pipelines ----

def pipeline(n):
    total = 0
    for x in differences(kept(scaled(numbers(n), 3), 5)):
        total += x & 1023
    return total


def twice_the_same(n, factor):
    total = 0
    for x in scaled(scaled(scaled(numbers(n), factor), 2), 3):
        total += x
    return total


def by_c(n):
    return sum(scaled(kept(numbers(n), 3), 2)), max(differences(scaled(numbers(n), 7))), list(scaled(kept(numbers(30), 2), 5))


def expressions(n):
    total = 0
    for x in (y + 1 for y in (z * 2 for z in range(n) if z % 3)):
        total ^= x
    return total


print(pipeline(3000), twice_the_same(2000, 5), twice_the_same(2000, 0.5), by_c(2000), expressions(3000))


# ---- what they hold ----

def remembers(items):
    """Its variables are of all sorts, and change."""
    before = None
    text = ""
    count = 0.0
    for x in items:
        pair = (x, before)
        yield pair
        before = x
        count += 0.5
        text = "even" if x % 2 == 0 else "odd"
    yield text, count


def look(n):
    g = remembers(numbers(n))
    seen = []
    for i, pair in enumerate(g):
        if i % 97 == 50:
            seen.append((pair, sorted((k, v) for k, v in g.gi_frame.f_locals.items() if k != "items"), g.gi_running, g.gi_frame.f_lineno))
    return seen, g.gi_frame


def look_without_enumerate(n):
    g = remembers(numbers(n))
    seen, i = [], 0
    for pair in g:
        i += 1
        if i % 97 == 50:
            seen.append((pair, sorted((k, v) for k, v in g.gi_frame.f_locals.items() if k != "items"), g.gi_running, g.gi_frame.f_lineno))
    return seen, g.gi_frame


print(look(400))
print(look_without_enumerate(400))


class Thing:
    log = []

    def __init__(self, n):
        self.n = n

    def __del__(self):
        Thing.log.append(self.n)


def things(n):
    for i in range(n):
        thing = Thing(i)
        yield i
        held = thing
        yield held.n * 2
        del held


def deaths(n):
    Thing.log.clear()
    out = []
    for x in things(n):
        out.append((x, len(Thing.log)))
    return out[-6:], len(out), Thing.log[:5], Thing.log[-3:]


print(deaths(300))


def carried(items):
    """Stored objects whose deaths can be seen, without calls in its body."""
    last = None
    for x in items:
        last = x
        yield 1


def deaths_carried(n):
    Thing.log.clear()
    marks, i = [], 0
    things = [Thing(i) for i in range(n)]
    for one in carried(things):
        things[i] = None
        i += one
        if i % 50 == 0:
            marks.append((i, len(Thing.log)))
    return marks, Thing.log == sorted(Thing.log), len(Thing.log)


print(deaths_carried(300))


def same_object(items):
    for x in items:
        y = x * 1000003
        yield y
        if y is not None and y > 5:
            seen = y
        yield y


def identity(n):
    same = other = 0
    before = None
    for y in same_object(numbers(n)):
        if y is before:
            same += 1
        else:
            other += 1
        before = y
    return same, other


print(identity(500))


def unbinds(items):
    for x in items:
        y = x
        yield y
        del y
        if x % 100 == 77:
            try:
                y
            except UnboundLocalError:
                yield -1


print(sum(unbinds(numbers(500))))


def kinds(n):
    """The type of a variable changes."""
    for i in range(n):
        v = i
        yield v
        v = i + 0.5
        yield v
        v = str(i)
        yield len(v)
        v = None
        yield i if v is None else 0
        v = i << 70
        yield v >> 69
        v = i > 10
        yield v


print(sum(kinds(400)))


# ---- over what they go ----

def over(sequence):
    for x in sequence:
        yield x


def several(n):
    total, text = 0, []
    for x in over([1, 2, 3] * n):
        total += x
    for x in over((1, 2.5, 3) * n):
        total += x
    for c in over("abcd" * n):
        text.append(c)
    for b in over(b"abcd" * n):
        total += b
    for k in over(dict.fromkeys(range(n * 3))):
        total += k
    for a, b in over(list(zip(range(n * 3), range(n * 3)))):
        total += a * b
    for a in over({1, 2, 3}):
        total += a
    for x in over(over(over([5] * 3 * n))):
        total += x
    return total, "".join(text)[-5:]


print(several(300))


def nested(n, m):
    for i in range(n):
        for k in range(m):
            yield i * k
        yield -1


def two_loops(n):
    total = 0
    for x in nested(n, 5):
        total += x
    for x in nested(n, 0):
        total += x
    for x in nested(20, n):
        total -= x
    return total


print(two_loops(300))


def rarely(items, modulus):
    for x in items:
        if x % modulus == 0:
            yield x


print(sum(x for x in rarely(numbers(5000), 50)), sum(rarely(rarely(numbers(20000), 7), 11)))


def inner_functions(items):
    def half(x):
        return x / 2

    total = 0

    def count():
        nonlocal total
        total += 1
        return total
    for x in items:
        yield half(x) + count()


def closures(n):
    total = 0.0
    for x in inner_functions(numbers(n)):
        total += x
    return total


print(closures(800))


# ---- created in the loop ----

def short_ones(n):
    total = 0
    for i in range(n):
        for x in scaled(numbers(3), i):
            total += x
    return total


def middling_ones(n):
    total = 0
    for i in range(n):
        for x in scaled(kept(numbers(120), 4), i):
            total += x
    return total


print(short_ones(500), middling_ones(60))


# ---- left, closed, shared ----

def leave_early(n):
    g = numbers(n)
    s = scaled(g, 2)
    total = 0
    for x in s:
        total += x
        if x > 600:
            break
    rest = next(s), next(g), g.gi_frame.f_locals["i"]
    s.close()
    try:
        next(s)
    except StopIteration:
        rest += "ended",
    for x in g:
        total += x
    return total, rest, g.gi_frame


print(leave_early(1000))


def shared(n):
    g = numbers(n)
    a, b = scaled(g, 1), scaled(g, 100)
    total = []
    for x in a:
        y = next(b, 0)
        if x % 100 == 0:
            total.append((x, y))
    return total[-4:]


print(shared(1000))


def also_advances(g):
    for x in g:
        yield x


def advanced_inside(n):
    g = numbers(n)
    out = 0
    for x in also_advances(g):
        for y in g:
            out += x * y
            break
    return out


print(advanced_inside(1000))


def itself():
    g = None

    def me():
        yield 0
        i = 0
        while i < 300:
            i += 1
            yield i
        for x in g:
            yield x
    g = me()
    total = 0
    try:
        for x in g:
            total += x
    except ValueError as e:
        return total, str(e)


print(itself())


# ---- raising ----

def reciprocal(items):
    for x in items:
        yield 1000 // (x - 700)


def guarded(items):
    try:
        for x in items:
            yield x
    except ZeroDivisionError as e:
        yield str(e)
    finally:
        yield "finally"


def raised_inside(n):
    total, rest = 0, []
    for x in guarded(reciprocal(numbers(n))):
        if isinstance(x, str):
            rest.append(x)
        else:
            total += x
    return total, rest


print(raised_inside(1000))


def uncaught(n):
    total = 0
    for x in scaled(reciprocal(numbers(n)), 2):
        total += x
    return total


try:
    uncaught(1000)
except ZeroDivisionError:
    print([(f.name, f.line) for f in traceback.extract_tb(sys.exc_info()[2])])


def consumer_raises(n):
    g = scaled(numbers(n), 1)
    try:
        for x in g:
            if 1000 // (x - 700) == 10 ** 9:
                print("never")
    except ZeroDivisionError as e:
        return str(e), next(g), g.gi_frame.f_locals["x"], sys.exc_info()[0].__name__


print(consumer_raises(1000))


def in_handlers(n):
    for i in range(n):
        try:
            yield i // (i % 3)
        except ZeroDivisionError:
            yield sys.exception().args
            yield -1


def handled(n):
    numbers_seen, others = 0, 0
    for x in in_handlers(n):
        if isinstance(x, tuple):
            others += len(x)
            assert sys.exception() is None
        else:
            numbers_seen += x
    return numbers_seen, others


print(handled(600))


def stops(items):
    for x in items:
        if x == 500:
            raise StopIteration(x)
        yield x


def turned_into(n):
    total = 0
    try:
        for x in stops(numbers(n)):
            total += x
    except RuntimeError as e:
        return total, str(e), type(e.__cause__).__name__


print(turned_into(1000))


# ---- who looks ----

def depth():
    n, f = 0, sys._getframe()
    while f:
        n += 1
        f = f.f_back
    return n


def looks_back(items):
    for x in items:
        if x % 400 == 399:
            yield depth(), sys._getframe(1).f_code.co_name, sys._getframe().f_lineno
        else:
            yield x


def looked_at(n):
    out, total = [], 0
    for x in scaled(looks_back(numbers(n)), 1):
        if isinstance(x, tuple):
            out.append(x)
        else:
            total += x
    return total, [tuple(o[1:]) for o in out], len({o[0] for o in out})


print(looked_at(1300))


def receives(n):
    got = 0
    for i in range(n):
        v = yield i
        if v is not None:
            got += v
    yield got


def sends(n):
    g = receives(n)
    total = 0
    for x in g:
        total += x
        if x % 300 == 299:
            total += g.send(5)
    return total


print(sends(1000))


def negated(items, factor):
    for x in items:
        yield -x


def rebound(n):
    """The function gets other code while its generators run."""
    total = 0
    g = scaled(numbers(n), 2)
    for x in g:
        total += x
        if x == 1000:
            scaled.__code__ = negated.__code__
    for x in scaled(numbers(n), 2):
        total += x
    return total


old = scaled.__code__
print(rebound(1000))
scaled.__code__ = old


# ---- delegation ----

def delegates(n):
    a = yield from scaled(numbers(n), 2)
    b = yield from range(n)
    c = yield from [1, 2, 3] * n
    d = yield from (1.5, 2, 3) * n
    e = yield from "abc" * n
    f = yield from {i: 1 for i in range(n)}
    g = yield from returning(n)
    yield a, b, c, d, e, f, g


def returning(n):
    for i in range(n):
        yield i
    return "returned", n


def further(n):
    got = yield from delegates(n)
    yield got
    yield from delegates(n // 2)


def delegated(n):
    total, rest = 0, []
    for x in further(n):
        if isinstance(x, (int, float)):
            total += x
        else:
            rest.append(x)
    return total, len(rest), rest[-3:]


print(delegated(200))


def delegated_plain(n):
    total = 0
    for x in returned_through(n):
        total += x
    return total


def returned_through(n):
    x = yield from returning(n)
    yield len(x)
    yield from []
    yield from ()
    for k in range(n):
        yield from range(k % 4)
        yield from [k] * (k % 3)


print(delegated_plain(1000))


def who_delegates(n):
    g = returned_through(n)
    out, i = [], 0
    for x in g:
        i += 1
        if i % 211 == 0:
            inner = g.gi_yieldfrom
            out.append((x, type(inner).__name__, g.gi_frame.f_lineno, getattr(inner, "gi_frame", None) and inner.gi_frame.f_locals["i"]))
    return out


print(who_delegates(500))


def catches(n):
    try:
        yield from reciprocal(numbers(n))
    except ZeroDivisionError as e:
        yield str(e)
    yield from reciprocal(numbers(n))


def raises_through(n):
    total, out = 0, []
    try:
        for x in catches(n):
            if isinstance(x, str):
                out.append(x)
            else:
                total += x
    except ZeroDivisionError as e:
        out.append([f.name for f in traceback.extract_tb(e.__traceback__)])
    return total, out


print(raises_through(1000))


def sent_through(n):
    g = outer_receives(n)
    total = 0
    for x in g:
        total += x
        if x % 300 == 299:
            total += g.send(7)
        if x == 900:
            try:
                g.throw(KeyError("thrown"))
            except KeyError as e:
                total += len(e.args)
    return total, g.gi_frame


def outer_receives(n):
    yield from receives(n)


print(sent_through(1500))


def inner_advanced(n):
    """Who is delegated to is advanced by another, too."""
    inner = numbers(n)

    def outer():
        yield from inner
    total = 0
    for x in outer():
        total += x * next(inner, 1)
    return total


print(inner_advanced(1000))


def left_and_closed(n):
    log = []

    def inner():
        try:
            for i in range(n):
                yield i
        finally:
            log.append("inner")

    def outer():
        try:
            yield from inner()
        finally:
            log.append("outer")
    g = outer()
    for x in g:
        if x == n // 2:
            break
    g.close()
    for x in outer():
        if x == n // 2:
            return log
    return None


print(left_and_closed(1000))


class Node:
    def __init__(self, left, key, right):
        self.left, self.key, self.right = left, key, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.key
        if self.right:
            yield from self.right


def build(low, high):
    if low >= high:
        return None
    middle = (low + high) // 2
    return Node(build(low, middle), middle, build(middle + 1, high))


def walked(n):
    total = 0
    for x in build(0, n):
        total = total * 3 + x & 0xFFFFFF
    return total


print(walked(700))


def at_either(items, log):
    """Yields of its own and those of whom it delegates to take turns: how it is closed says which it stands at."""
    for x in items:
        b = Named("variable", log)
        yield x
        yield from (x,)
        yield x


class Named:
    def __init__(self, name, log):
        self.name, self.log = name, log

    def __del__(self):
        self.log.append(self.name)


def closes(n, log):
    try:
        for i in range(n):
            yield i
    except GeneratorExit:
        log.append("iterated over")
        raise


def closed_at(n):
    out = []
    for stop in n, n + 1, n + 2:
        log = []
        g = at_either(closes(1000, log), log)
        i = 0
        for x in g:
            i += 1
            if i == stop:
                break
        log.append(g.gi_yieldfrom is not None)
        del g
        out.append(log[-3:])
    return out


print(closed_at(300))


def own(n, values):
    for i in range(n):
        yield i
        yield from values
        yield i


def left_at(stop):
    g, i = own(1000, (1, 2)), 0
    for x in g:
        i += 1
        if i == stop:
            break
    return x, g.gi_yieldfrom is not None, g.gi_suspended


print([left_at(stop) for stop in range(400, 409)])
