# Loops that turn once or twice a visit, in the code itself and in what it calls: their turns are recorded one after the other. Then some that turn often
# after all, are left by break, return and exceptions, change what they iterate over, nest.
class C:
    def __init__(self, name):
        self.name, self.n, self.f = name, 0, 0.5

    def hit(self, k):
        self.n += k
        self.f = self.f * 0.5 + k
        return self.n

    def __del__(self):
        gone.append(self.name)


gone = []


def turns(i):
    return i * 7 % 11 % 4


def each(objects, k):
    for o in objects:
        o.hit(k)


def first(objects, k):
    for o in objects:
        if o.hit(k) & 1:
            return o.name
    return None


def search(objects, k):
    for o in objects:
        for p in o.name:
            if p == k:
                break
        else:
            continue
        return p
    else:
        return "-"


def raises(objects, k):
    for o in objects:
        if k % 97 == 5:
            raise KeyError(o.name, k)
        o.hit(1)
    return k


def grows(l, k):
    for x in l:
        if x < k % 3:
            l.append(x + 1)
    return len(l)


def counted(n):
    t = 0.0
    while n > 0:
        t += n * 0.5
        n -= 1
    for i in range(n + 2):
        t -= i
    return t


def remade(n):
    made = None
    for i in range(n):
        made = C(f"{n}.{i}")
    return made.name if made else n


def pairs(d):
    t = 0
    for k, v in d.items():
        for x in v:
            t += x * k
    return t


def drained(g):
    t = 0
    for x in g:
        t = t * 3 + x
    return t


def outer(n, make, visit):
    out = []
    for i in range(n):
        try:
            out.append(visit(make(i), i))
        except (KeyError, RuntimeError) as e:
            out.append(repr(e))
    return out


def inline(n, lists):
    t, f = 0, 0.0
    for i in range(n):
        for x in lists[i % len(lists)]:
            t += x
            f += x * 0.25
            for y in lists[x % len(lists)]:
                if y == 3:
                    break
                t ^= y
        while t > 1000:
            t -= 999
        t += 1
    return t, f


objects = [[C(c) for c in "abcdefghijkl"[:n]] for n in range(5)]
fixed = {1: [1], 2: [], 5: [2, 3]}
for rounds in 60, 400:
    print([(o.name, o.n, o.f) for l in objects for o in l if outer(rounds, lambda i: objects[turns(i)], each)][-4:])
    for visit in first, search, raises:
        print(visit.__name__, outer(rounds, lambda i: objects[turns(i)], visit)[-7:])
    print(outer(rounds, lambda i: [0][:turns(i)], grows)[-9:])
    print(outer(rounds, turns, lambda n, i: counted(n))[-9:])
    print(outer(rounds, turns, lambda n, i: remade(n))[-9:], gone[-3:], len(gone))
    print(outer(rounds, lambda i: fixed, lambda d, i: pairs(d))[-3:])
    print(outer(rounds, lambda i: (k for k in range(turns(i))), lambda g, i: drained(g))[-9:])
    print(outer(rounds, lambda i: set(range(turns(i))), lambda g, i: drained(g))[-9:])
    print(inline(rounds, [[], [1], [2], [3, 4], [1], [2], [], [5]]))
    print(inline(rounds, [[1], [2, 1], [0] * 30, []]))
# after it has been taken for one of few turns
print(outer(50, lambda i: objects[4] * (i + 1), each)[-1], [(o.name, o.n) for o in objects[4]])
print(sum(outer(300, lambda i: 40 + turns(i), lambda n, i: counted(n))))


# A loop of no or one turn inside one of one or two: each is come back to by way of the other.
class A:
    __slots__ = ["a"]


class B(A):
    pass


class D(A):
    __slots__ = ["b"]


def state(o):
    found = getattr(o, "__dict__", {}).copy()
    for cls in type(o).__mro__:
        for slot in cls.__dict__.get("__slots__", ()):
            try:
                found[slot] = getattr(o, slot)
            except AttributeError:
                pass
    return found


def flat(lists):
    out = []
    for l in lists:
        for x in l:
            out.append(x)
    return out


a, b, d = A(), B(), D()
a.a = b.a = d.a = 1
for _ in range(30):
    last = state(a), state(b), state(d), flat([[1]]), flat([[2], [], [3]])
print(last)
