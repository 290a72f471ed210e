"""Counting and grouping in dicts: int, str and tuple keys."""


def count(n):
    c = {}
    x = 7
    for i in range(n):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        k = (x >> 8) % 5003
        if k in c:
            c[k] += 1
        else:
            c[k] = 1
    return len(c), max(c.values())


def words(n):
    names = ["w%d" % (i * i % 977) for i in range(2000)]
    c = {}
    for i in range(n):
        w = names[i % 2000]
        c[w] = c.get(w, 0) + i
    best = ""
    for w, k in c.items():
        if best == "" or k > c[best]:
            best = w
    return len(c), best, c[best]


def grid(n):
    seen = {}
    x = y = 0
    for i in range(n):
        d = (i * i + i // 7) & 3
        if d == 0:
            x += 1
        elif d == 1:
            y += 1
        elif d == 2:
            x -= 1
        else:
            y -= 1
        k = (x % 100, y % 100)
        seen[k] = seen.get(k, 0) + 1
    return len(seen)


print(count(2500000), words(1800000), grid(900000))
