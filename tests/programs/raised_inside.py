"""Functions that catch what they themselves raise, called in loops and functions that would follow into them; frames that others keep."""
import sys
class Item:
    def __init__(self, n): self.n = n
def attribute(o, name):
    try:
        return getattr(o, name)
    except AttributeError:
        pass
    try:
        return o[name]
    except (TypeError, LookupError):
        return None
def deeper(o, name):
    x = attribute(o, name)
    return 0 if x is None else x + 1
def total(rows, n):
    s = 0
    for i in range(n):
        row = rows[i % len(rows)]
        s += deeper(row, "n") + deeper(row, "m")
    return s
rows = [{"n": 3}, {"n": 4, "m": 10}, {"m": 1}]
print(total(rows, 900), total(rows + [Item(7), 5], 900))
def seldom(d, k, log):
    try:
        return d[k]
    except KeyError as e:
        log.append((str(e), sys.exception() is e, e.__traceback__.tb_lineno))
        return -1
def often(d, n):
    log = []
    return sum(seldom(d, i % 50, log) for i in range(n)), len(log), log[:2]
print(often({i: i for i in range(49)}, 1500))
def own(k):
    try:
        return 10 // k
    except ZeroDivisionError:
        return 0
    finally:
        k += 1
def sums(n):
    s = 0
    for i in range(n):
        s += own(i % 3)
    return s
print(sums(900))

# A frame that somebody has, and reads when it has returned: numbers that were never made are there.
kept = []
def keep(): kept.append(sys._getframe(1))
def numbers(a, b):
    keep()
    c = a * 1000 + b
    d = c + .5
    e = c
    return c
def again(n):
    s = 0
    for i in range(n):
        s += numbers(i, 3)
    return s
print(again(400))
print(all(f.f_locals == {"a": i, "b": 3, "c": i * 1000 + 3, "d": i * 1000 + 3.5, "e": i * 1000 + 3} for i, f in enumerate(kept)), len(kept))
print(all(f.f_locals["c"] is f.f_locals["e"] for f in kept))
kept.clear()
def sometimes(a):
    c = a * 3
    if a % 7 == 0: keep()
    d = c * c
    return d
print(sum(map(sometimes, range(700))), [f.f_locals["d"] for f in kept[:4]], [f.f_locals["c"] for f in kept[-2:]])
def made(x):        # what it returns is a variable too, and an argument
    y = x * 1.5
    z = y
    return z
print(sum(made(i) for i in range(500)), sorted(range(300), key=lambda k: -(k % 17) * 1000 - k)[:3])
