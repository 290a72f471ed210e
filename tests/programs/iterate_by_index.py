# Loops over lists, tuples, str and bytes: from CPython 3.15 on these lie on the stack themselves, with an index beside them.
import sys


class T:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("~" + self.name, end=" ")


def total(values):
    s = 0
    for x in values:
        s += x
    return s


def letters(values):
    s = []
    for c in values:
        if c > "c":
            s.append(c)
    return len(s), s[-3:]


print(total([1, 2, 3] * 40), total((1, 2.5, 3) * 40), total(b"abc\xff" * 40), total(range(100)), total({5: 1, 6: 2}), total(iter([7] * 30)),
      total(iter((7, 8) * 30)), total([]), total(()), total(b""))
print(letters("abcde" * 30), letters("äöü" * 30), letters("a€\U0001f600z" * 30), letters(["d", "a"] * 30), letters("x" for _ in range(60)))


class L(list):
    def __iter__(self):
        return iter([x * 10 for x in list.__iter__(self)])


class U(tuple):
    pass


for values in ([1] * 50, L([1] * 50), (1,) * 50, U((1,) * 50), "1" * 50, b"1" * 50, bytearray(b"1" * 50), {1: 1}, L([2] * 9)):
    print(type(values).__name__, total(map(int, values)) if isinstance(values, str) else total(values), end=" ")
print()


# the length changes in the turn
def grows(n):
    a = [0]
    for x in a:
        if x < n:
            a.append(x + 1)
    return len(a), a[-1]


def shrinks(n):
    a, seen = list(range(n)), []
    for x in a:
        seen.append(x)
        if x % 3 == 0:
            a.pop()
    return len(seen), seen[-1], len(a)


def cleared(n, at):
    a, s = list(range(n)), 0
    for x in a:
        s += x
        if x == at:
            a.clear()
            a.extend([5] * (at + 10))
    return s, len(a)


def emptied(n, at):
    a, s = list(range(n)), 0
    for x in a:
        s += x
        if x == at:
            del a[at - 5:]
    return s, len(a)


def replaced(n):
    a, s = list(range(n)), 0
    for x in a:
        s += x
        a[(x + 3) % n] = x // 2
        a = list(a) if x == 7 else a
    return s


print(grows(300), shrinks(200), cleared(100, 60), emptied(100, 50), replaced(150))


# the index at an exit, in inner loops and side traces
def exits(a, n):
    s, odd, late = 0, 0, 0
    for k in range(n):
        for x in a:
            if x & 1:
                odd += x
            elif x > 90:
                late += x * k
            else:
                s += x
        for x, y in zip(a, a):
            s += x - y
    return s, odd, late


def nested(rows, names):
    s, text = 0, ""
    for row in rows:
        for x in row:
            for c in names:
                if c == "b" and x == 2:
                    continue
                if x == 7:
                    break
                s += x
            else:
                s += 100
            text = c
        s -= len(row)
    return s, text


print(exits(list(range(100)), 30), exits(tuple(range(100)), 30), nested([[1, 2, 3], (7, 8), b"\x01\x02", range(3)] * 20, "abc"), nested([[1, 2]] * 40, ("b", "c")))


# which of the two it is beside an outer loop changes from call to call
def outer(over, inner, stop):
    s = 0
    for x in over:
        for y in inner:
            s += y
            if s == stop:
                break
        if s > stop + 1000:
            break
    return s


for over in (range(30), [1] * 30, (1,) * 30, "x" * 30, {i: i for i in range(30)}, (i for i in range(30))):
    for inner in ([1, 2, 3], range(4), b"abc"):
        print(outer(over, inner, 60), end=" ")
print()


# constants, which the code keeps
def constants(n):
    s = 0
    for i in range(n):
        for x in (1, 2.5, i):
            s += x
        for x in (1, 2, 3):
            for c in "ab":
                s += x * (c == "b")
        if i in (3, 60):
            for x in (10, 20):
                if x == 20:
                    break
    return s


before = sys.getrefcount(constants.__code__.co_consts)
print(constants(100), [constants(i) for i in range(8)], sys.getrefcount(constants.__code__.co_consts) - before)
for x in (1, 2, 3, 4, 5, 6, 7, 8, 9):
    for y in ("p", "q", "r"):
        print(x, y, end=" ")
print()


# functions with loops, followed into
def first(values, wanted):
    for i, x in enumerate(values):
        if x == wanted:
            return i
    return -1


def find(values, wanted):
    for x in values:
        if x == wanted:
            return x
    return None


def deepest(rows, wanted):
    for row in rows:
        for x in row:
            if x == wanted:
                return row
    return ()


def search(n):
    found = 0
    for i in range(n):
        found += first([5, 6, 7, 8], 5 + i % 5) + (find((1, 2, 3), i % 4) or 0) + len(deepest([[1, 2], [3, 4, i % 7]], i % 6)) + (find("abc", "b") == "b")
    return found


print(search(200))


# comprehensions and generators
def comprehensions(n):
    s = 0
    for i in range(n):
        s += sum([x * i for x in [1, 2, 3]]) + len({c for c in "hello"}) + len({b: 1 for b in b"abca"}) + max((x for x in (i, 4, 5)))
        s += len([x for row in [[1, 2], (3,)] for x in row if x != i % 4])
    return s


def gen(values):
    for x in values:
        yield x
    for c in "ab":
        yield len(c)
    yield from values


print(comprehensions(120), total(gen([1, 2, 3] * 20)), total(gen((1, 2))), total(gen(b"ab")))


# exceptions in the body
def raises(values):
    s = caught = 0
    for k in range(40):
        try:
            for x in values:
                s += 60 // (x - 3 + (k % 5 > 0) * 10)
        except ZeroDivisionError:
            caught += 1
        except TypeError:
            caught += 100
        else:
            s += 1
        finally:
            s += 2
    return s, caught


print(raises([1, 2, 3, 4]), raises((1, 3)), raises(b"\x01\x03"), raises("ab"))


# who dies when
def deaths(kind, n):
    for k in range(n):
        s = 0
        for x in kind(k):
            s += 1
            if s == 3 and k % 2:
                print("break", end=" ")
                break
        print(s, "end", k, end=" ")
        x = None
    print()


def two(k):
    return [T(f"a{k}"), T(f"b{k}")]


def four(k):
    return tuple(T(f"{i}{k}") for i in range(4))


deaths(two, 6)
deaths(four, 6)


def dropped(n):
    for k in range(n):
        a = [T(f"c{k}"), T(f"d{k}"), 1, 2, 3]
        for x in a:
            a = None
            if x == 2:
                x = 5
        print(k, end=" ")
    print()


dropped(5)


# the loop's own variable, and names that go
def names(n):
    s = 0
    for i in range(n):
        a = [i, i + 1, i + 2]
        for a in a:
            s += a
        for i in (i, a):
            s += i
        t = "xyz"
        for t in t:
            del t
    return s


print(names(100))


def while_in_for(values):
    s = 0
    for x in values:
        while x > 0:
            x -= 2
            s += x
        for _ in values:
            s += 1
    return s


print(while_in_for([5, 6, 7] * 10), while_in_for((9,) * 20), while_in_for(b"\x05\x09" * 10))


# one character of a str is the same object again, if it is one of the first 256
def identity(n):
    s = 0
    for _ in range(n):
        for a in "aé":
            for b in "éa":
                s += a is b
        for x in b"\x01\xff":
            s += x == 255
    return s


print(identity(60))


# with arguments of a call below it on the stack
def below(n):
    out = []
    for i in range(n):
        out.append(max(i, *[x + i for x in (1, 2, 3)], sum([y for y in [i, 2]])))
        out += ["".join([c for c in "ab"]).join([c for c in "xy" if i % 3])]
    return out[-4:], len(out)


print(below(90))
