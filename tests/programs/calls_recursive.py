"""Recursion, mutual recursion, recursion from a loop, deep but legal."""
import sys


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def ack(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ack(m - 1, 1)
    return ack(m - 1, ack(m, n - 1))


def hanoi(n, a, b, c, moves):
    if n:
        hanoi(n - 1, a, c, b, moves)
        moves.append((a, c))
        hanoi(n - 1, b, a, c, moves)


def depth(n):
    """A loop at every level."""
    s = 0
    for i in range(3):
        s += i
    return s + (depth(n - 1) if n else 0)


def looped(n):
    s = 0
    for i in range(n):
        s += fib(i % 9) + even(i % 20)
    return s


def permutations(l):
    if len(l) <= 1:
        return [l]
    out = []
    for i in range(len(l)):
        for p in permutations(l[:i] + l[i + 1:]):
            out.append([l[i]] + p)
    return out


print(fib(14), even(300), odd(301), ack(2, 6), looped(100), depth(300))
m = []
hanoi(7, "a", "b", "c", m)
print(len(m), m[-1], len(permutations([1, 2, 3, 4, 5])))
sys.setrecursionlimit(6000)
print(depth(5000))
