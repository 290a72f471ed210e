"""Functions with a loop, called from hot loops: the loop is closed inside the caller's trace."""
import traceback


def escape(cr, ci, limit):
    zr = zi = 0.0
    n = 0
    while n < limit and zr * zr + zi * zi <= 4.0:
        zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
        n += 1
    return n


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def early(l, x):
    for i in range(len(l)):
        if l[i] == x:
            return i
    return -1


def total(l, flag):
    s = 0
    seen = None
    for v in l:
        if v % 7 == 3:
            continue
        if flag and v > 900:
            seen = v
            break
        s += v * 0.5
    else:
        s = -s
    return s, seen


def shared(n):
    x = y = n * 1.5
    k = 0
    while k < 6:
        y = x
        x = x + 1.0
        k += 1
    z = y
    return x, y, z is y, x is y


def last_object(l):
    r = None
    for o in l:
        r = o
    return r


def two(n, m):
    s = 0
    for i in range(n):
        s += i
    for j in range(m):
        s -= j * 2
    return s


def inner_raise(n, bad):
    s = 1
    for i in range(n):
        s += 100 // (bad - i)
    return s


def big(n):
    x = 1
    for i in range(n):
        x = x * 1000003
    return x


def nested_call(n):
    s = 0
    for i in range(n):
        s += gcd(i * 6, 84)
    return s


def drive(n):
    log = []
    a = b = c = 0
    for i in range(n):
        a += escape(i / n * 3.0 - 2.0, 0.3, 60)
        b += gcd(i * 36, 1260)
        c += early([5, 3, i % 11, 8], i % 13)
    log.append((a, b, c))
    objects = ["a", 2, 3.5, None, (1,)]
    for i in range(n):
        t = total(range(i % 5, 1000, 97), i % 2)
        s = shared(i)
        o = last_object(objects[:i % 6])
        w = two(i % 4, i % 3)
        g = big(i % 9)
        m = nested_call(i % 6)
        if i % 20 == 0:
            log.append((t, s, o, w, g, m))
    return log


def raising(n):
    out = []
    for i in range(n):
        try:
            out.append(inner_raise(9, 4 + i % 12))
        except ZeroDivisionError as e:
            if i > n - 12:
                out.append(traceback.format_exc().replace(__file__, "FILE"))
    return out[-30:]


print(drive(150))
print(raising(120))
