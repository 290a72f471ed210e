# What an iterator gives is tested for its end before it is tested for its truth, though a bool is never NULL.
def counts(k):
    n = 0
    for x in map(bool, [1] * k + [0, 1, 1]):
        if x:
            n += 1
        else:
            n += 100
    return n


def identity(items):
    n = 0
    for x in iter(items.pop, None):
        if x is True:
            n += 1
        elif x is False:
            n += 10
    return n


def all_of(l, n):
    return [all(d < n for d in l) for k in range(3)], [any(d == n for d in l) for k in range(3)]


print([counts(k) for k in (5, 50, 60, 0, 1)])
print([identity([None] + [True] * k + [False, True]) for k in (5, 50, 60, 0, 1)])
print([all_of(range(k), 4) for k in range(8)])
