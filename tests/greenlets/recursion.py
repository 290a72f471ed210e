"""Greenlets that switch, and are abandoned, deep in functions that call themselves natively."""
import sys

import greenlet


def deep(n, tag):
    if n == 0:
        out.append(main.switch(tag))
        return 1
    r = deep(n - 1, tag) + 1
    if n % 3 == 0:
        main.switch(tag)
    return r


main = greenlet.getcurrent()
out = []
total = 0
for k in range(30 * int(sys.argv[1])):
    alive = [greenlet.greenlet(lambda d=d: deep(d, d)) for d in (3, 11, 40, 7)]
    while alive:
        for g in list(alive):
            total += g.switch()
            if g.dead:
                alive.remove(g)
print(total, len(out))
for k in range(20 * int(sys.argv[1])):
    g = greenlet.greenlet(lambda: deep(20 + k % 5, k))
    g.switch()
    del g
print(len(out))
