# Numbers not made yet ("sunk") that share a local's memory, are displaced by the making of others, or are held in two places: the objects are the same ones
# as in the interpreter, none is made twice, none is freed while somebody has it, and a local that was deleted stays so.


def deleted_and_kept(n, l):
    x = l[0]
    s = 0.0
    hits = unbound = 0
    for i in range(n):
        s += x
        if i % 5 == 4:
            y = x
            del x
            hits += y is l[0]
            try:
                x
            except UnboundLocalError:
                unbound += 1
            x = y
    return hits, unbound, x is l[0]


def cleared_by_comprehension(n, l):
    x = l[0]
    s = 0.0
    hits = 0
    for i in range(n):
        s += x
        if i % 5 == 4:
            [x for x in l]
            hits += x is l[0]
    return hits, x is l[0]


def unbound_at_exit(n, k):
    x = 0.5
    s = 0.0
    for i in range(n):
        s += x
        del x
        if i % 50 == 49:
            try:
                print(x)
            except UnboundLocalError:
                print("unbound", i)
        if i == k:
            try:
                return "bound", x
            except UnboundLocalError:
                return "unbound", i
        x = i * 0.5
    return s


def cleared_at_exit(n):
    x = 5
    s = 0
    for i in range(n):
        s += x
        [x for x in (1, 2)]
        del x
        if i % 50 == 49:
            print("x" in locals())
        x = i
    return s


def not_called_inline(*args, **names):
    return unbound_at_exit(*args)


print(deleted_and_kept(200, [1.5]), cleared_by_comprehension(200, [1.5]))
print(unbound_at_exit(400, 1000), cleared_at_exit(400))
print({not_called_inline(49, 1 + i % 3) for i in range(50)})


def two_names(n):
    a = 0.5
    b = 0.25
    x, y, z, w, v, u = 1.5, 2.5, 3.5, 4.5, 5.5, 6.5
    for i in range(n):
        a = b = a + b * 0.5
        u = v
        v = w
        w = z
        z = y
        y = x
        x = x + 1.0
    return a is b, (x, y, z, w, v, u)


def two_names_of_ints(n):
    a, b = 1000, 70000
    x, y, z, w, v, u = 1.5, 2.5, 3.5, 4.5, 5.5, 6.5
    k = 0
    for i in range(n):
        a = b = (a ^ b) + 1000
        u = v
        v = w
        w = z
        z = y
        y = x
        x = x + 1.0
        if i % 10 == 9:
            k += a is b
    return k


print([two_names(n) for n in (50, 51, 52, 53, 100)], two_names_of_ints(100))


def another_is_made(n):
    x = 0.5
    s = 0.0
    hits = 0
    d = {}
    l = []
    for i in range(n):
        s += x
        if i % 5 == 4:
            y = x
            x = x + 1.0
            hits += x is y
            d[x] = y
            c = complex(x, y)
            l.append((x, y))
            t = x, y
            z = x in (y, 3)
            v = f"{x} {y}"
            q = (x, (x := x + 1.0), x)
    return hits, d, c, l[-3:], t, z, v, q


def another_int_is_made(n):
    x = 70000
    s = 0
    l = []
    for i in range(n):
        s += x
        if i % 5 == 4:
            y = x
            x = x + 1000
            l.append([x, y, x is y])
            q = [x, (x := x + 1000), x]
            l.append(q)
    return l[-4:]


print(another_is_made(200), another_int_is_made(100))


def powers(n):      # of a negative number: complex, by a call
    x = -8.0
    s = 0.0
    for i in range(n):
        s += x
        if i % 5 == 4:
            z = x ** (x := x - 1.0)
            s += z
            x = x + 1.0
    return s, x, z


def left_displaces_right(n):
    x = -8.0
    s = 0.0
    z = 0
    for i in range(n):
        s += x
        if i % 5 == 4:
            y = x
            z = (x := x - 1.0) ** y
            x = x + 1.0
    return s, x, z


def right_displaces_left(n):
    x = -8.0
    s = 0.0
    z = 0
    for i in range(n):
        s += x
        if i % 5 == 4:
            z = x ** (x := x - 1.0)
            x = x + 1.0
    return s, x, z


def everywhere(n):
    import math
    x = -8.0
    s = 0.0
    for i in range(n):
        s += x
        if i % 5 == 4:
            l = [x, (x := x - 1.0), x]
            t = (x, (x := x - 1.0), x)
            u = x in (x := x + 2.0, 3)
            b = x is (x := x - 0.0)
            v = f"{x}{(x := x * 1.0)}{x}"
            d = {x: (x := x + 0.5), x: x}
            z = complex(x, (x := x + 0.25))
            m = max(x, (x := x + 0.25), x)
            q = math.hypot(x, (x := x - 0.75))
            w = math.fmod(x, (x := x - 0.0))
            k = l[:]
            k[0] = x
            k[1] = (x := x - 0.0)
            s += sum(l) + sum(t) + q + w + m
    return s, x, l, t, u, b, v, d, z, m, q, w, k


try:
    print(powers(300))
except TypeError as e:
    print(e)
print(left_displaces_right(300), right_displaces_left(300), everywhere(300))


def counts(x, n):
    i = 0
    while i < n:
        i += 1
    return x


def keeps(n, x, l):
    for k in range(n):
        pass
    l.append(x)


def same_object_in_both(start, step):
    bad = 0
    for i in range(200):
        x = i * step + start
        bad += counts(x, 20) is not x
        l = []
        keeps(10, x, l)
        bad += l[0] is not x
    return bad


print(same_object_in_both(0, 1.5), same_object_in_both(1000, 1))
