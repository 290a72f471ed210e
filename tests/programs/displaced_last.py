"""A float not made yet is stored over a local whose object another one holds, before arbitrary code runs. Both objects are made; should the
second of them fail, the first must not be lost. (Found by random programs, with exits forced at every guard.)"""


def add(a, b):
    return a + (b & 7)


def work(n0, x0, x1=-2.5, v1=1.5):
    t0 = n0, x0, 1
    for w1 in range(60):
        x0 = -x1 % 3
    for w2 in range(4, 0, -1):
        if x1 == x0:
            if v1 != w2:
                for i3 in range(15):
                    x0 = min(x0, x1) * add(x0, i3)
                    x1 = x0
                v1 = t0
        x1, v0 = x1, x0
        x0 = min(abs(x1), x0 + x1)
    return x0, x1, v0, v1, w1, w2


print(work(7, 3))
