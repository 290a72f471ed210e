"""Functions made anew at the address of dead ones: the same code, another closure, other defaults."""


def closure(first, value):
    def get(k):
        return cell

    cell = first
    for i in range(40):
        got = get(value)
        cell = value
    return got, cell, got is cell


def defaults(value):
    def get(k=value):
        return k

    for i in range(40):
        got = get()
    return got


def defaults_and_closure(value):
    def get(k=[value]):
        return k, cell

    cell = 0
    for i in range(40):
        k, c = get()
        cell = i + value
    return k, c


for n in range(8):
    print(closure(-4.0, n + 0.5), defaults(n * 1.5), defaults((n,)), defaults_and_closure(n))
