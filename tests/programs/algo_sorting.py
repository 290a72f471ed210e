"""Bubble, insertion, quick, merge, heap and shell sort; sort() with keys, cmp, errors, stability."""
import functools


def data(n):
    x = 12345
    out = []
    for _ in range(n):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        out.append(x % 1000)
    return out


def bubble(l):
    n = len(l)
    for i in range(n):
        swapped = False
        for j in range(n - 1 - i):
            if l[j] > l[j + 1]:
                l[j], l[j + 1] = l[j + 1], l[j]
                swapped = True
        if not swapped:
            break
    return l


def insertion(l):
    for i in range(1, len(l)):
        x = l[i]
        j = i - 1
        while j >= 0 and l[j] > x:
            l[j + 1] = l[j]
            j -= 1
        l[j + 1] = x
    return l


def quick(l):
    if len(l) < 2:
        return l
    p = l[len(l) // 2]
    return quick([x for x in l if x < p]) + [x for x in l if x == p] + quick([x for x in l if x > p])


def merge(l):
    if len(l) < 2:
        return l
    m = len(l) // 2
    a, b = merge(l[:m]), merge(l[m:])
    out = []
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out.append(a[i])
            i += 1
        else:
            out.append(b[j])
            j += 1
    return out + a[i:] + b[j:]


def heap(l):
    def down(i, n):
        while True:
            c = 2 * i + 1
            if c >= n:
                return
            if c + 1 < n and l[c + 1] > l[c]:
                c += 1
            if l[i] >= l[c]:
                return
            l[i], l[c] = l[c], l[i]
            i = c
    for i in range(len(l) // 2, -1, -1):
        down(i, len(l))
    for n in range(len(l) - 1, 0, -1):
        l[0], l[n] = l[n], l[0]
        down(0, n)
    return l


def shell(l):
    gap = len(l) // 2
    while gap:
        for i in range(gap, len(l)):
            t = l[i]
            j = i
            while j >= gap and l[j - gap] > t:
                l[j] = l[j - gap]
                j -= gap
            l[j] = t
        gap //= 2
    return l


def key(x):
    return x % 10, -x


want = sorted(data(100))
for f in (bubble, insertion, quick, merge, heap, shell):
    print(f.__name__, f(data(100)) == want)
print(sorted(data(60), key=key)[:8], sorted(data(60), key=lambda x: str(x), reverse=True)[:5], sorted(data(60), key=functools.cmp_to_key(lambda a, b: b - a))[:5])
print(sorted([x * 0.5 for x in data(60)])[:4], sorted(map(str, data(60)))[:4], max(data(80), key=key), min(data(80), key=key))
for i in range(60):
    try:
        sorted(data(20), key=lambda x: 1 // (x % 7))
    except ZeroDivisionError as e:
        m = str(e)
    try:
        l = [3, 1, 2]
        l.sort(key=lambda x: l.append(x) or x)
    except ValueError as e:
        m2 = str(e)
print(m, m2)
