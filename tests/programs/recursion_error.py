"""RecursionError out of hot loops at the same depth, and going on afterwards."""
import sys

sys.setrecursionlimit(400)


def down(n):
    return down(n + 1)


def loop_down(n):
    d = 0
    for i in range(2):
        d = max(d, loop_down(n + 1))
    return d


deepest = 0


def count():
    global deepest
    deepest += 1
    for i in range(3):
        count()


def helper(x):
    return x + 1


def near_the_edge(n):
    """A hot loop with an inlined call in each of the last frames before the limit."""
    s = 0
    for i in range(60):
        s = helper(s)
    try:
        return near_the_edge(n + 1)
    except RecursionError:
        return n, s


def run(n):
    c = 0
    for i in range(n):
        try:
            down(0)
        except RecursionError as e:
            c += 1
            text = str(e)
    return c, text


print(run(60))
try:
    loop_down(0)
except RecursionError as e:
    print(e)
try:
    count()
except RecursionError as e:
    print(e, deepest)
d, s = near_the_edge(0)
print(s)
print(d)
