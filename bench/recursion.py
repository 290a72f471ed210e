"""Functions that call themselves, with ints: Fibonacci, Takeuchi, Ackermann."""
import sys


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def tak(x, y, z):
    if y >= x:
        return z
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))


def ack(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ack(m - 1, 1)
    return ack(m - 1, ack(m, n - 1))


sys.setrecursionlimit(10_000)
print(fib(31), tak(22, 14, 7), ack(3, 7))
