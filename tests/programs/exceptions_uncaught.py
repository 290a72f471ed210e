"""An uncaught exception in an inlined callee ends the program: traceback and exit code."""


def inner(x):
    return 1000 // (120 - x)


def work(n):
    s = 0
    for i in range(n):
        s += inner(i)
    return s


print(work(100))
print(work(200))
