"""Methods of list, str, dict, set, bytes: results, errors, bound methods kept."""


def lists(n):
    l = []
    for i in range(n):
        l.append(i)
        l.insert(0, -i)
        if i % 4 == 0:
            l.pop()
        if i % 7 == 0:
            l.extend((1, 2))
            l.reverse()
        if i % 9 == 0:
            l.remove(l[len(l) // 2])
    l.sort()
    return len(l), l[:5], l.count(1), l.index(2), sum(l)


def stack(n):
    s = []
    push, pop = s.append, s.pop
    t = 0
    for i in range(n):
        push(i)
        push(i * 2)
        t += pop()
        if i % 3 == 0:
            t -= pop()
    return t, len(s)


def queue_like(n):
    from collections import deque
    d = deque([0])
    seen = {0}
    while d:
        x = d.popleft()
        for y in (x * 2 + 1, x * 3):
            if y < n and y not in seen:
                seen.add(y)
                d.append(y)
    return len(seen), max(seen)


def dicts(n):
    d = {}
    for i in range(n):
        d.setdefault(i % 10, []).append(i)
        d.update({"last": i})
        if i % 13 == 0:
            d.pop("last")
        if i % 20 == 19:
            d.popitem()
    return {k: v if isinstance(v, int) else len(v) for k, v in d.items()}, d.get("nope"), d.get(3)[:2]


def sets(n):
    a, b = set(), {1, 2, 3}
    c = 0
    for i in range(n):
        a.add(i % 30)
        a.discard(i % 11)
        c += len(a & b) + len(a | b) + len(a ^ b) - len(b - a) + a.issubset(b) + a.isdisjoint(b)
    return sorted(a), c


def errors(n):
    seen = {}
    for i in range(n):
        try:
            [lambda: [].pop(), lambda: [1].remove(2), lambda: {}.pop(1), lambda: set().pop(), lambda: "a".index("b"), lambda: [].nope(), lambda: "a".join([1]), lambda: [1].append(), lambda: {}.popitem(), lambda: (1,).index(5)][i % 10]()
        except Exception as e:
            k = f"{type(e).__name__}: {e}"
            seen[k] = seen.get(k, 0) + 1
    return seen


def unbound(n):
    l = []
    for i in range(n):
        list.append(l, i)
        str.upper("a")
        dict.get({}, 1)
    return len(l)


print(lists(80), stack(100), queue_like(500))
print(dicts(90), sets(100), unbound(60))
for k, v in errors(60).items():
    print(v, k)
