"""What a cell holds, kept by a local after the cell was stored to."""


def f(n):
    x0 = 1
    x1 = 1.0
    l = [8.0]

    def peek():
        return x1
    for i in range(0, 4, 2):
        x1 = v = l[0] = x1 + 4.5
        l = [1 for q in range(4)]
    for e in range(n):
        v = 1
        x0, x1 = (x1, x0)
    return x0, x1, v, peek()


def g(n):
    a, b, l = 0.5, [1.5], [2.5, 3.5]

    def swap():
        nonlocal a
        a, b[0] = b[0], a
        return a
    for i in range(n):
        k = l[i % 2]
        l[i % 2] = a
        a = k
        k, l[0] = l[0], k
        if i % 3 == 0:
            swap()
    return a, b, l


for k in range(6):
    print(f(5 + k), g(40 + k))
