# A side trace begins with the release of what a variable held: nothing, another time.


def unbound(a):
    li0 = [3, 3, 1]
    lx0 = [1, 2.25, 8.0]
    for i2, e1 in zip(range(3), li0):
        for i3 in range(9223372036854775807, 9223372036854775808):
            pass
        for e4 in lx0 * 1:
            pass
    return i2, e1, i3, e4


for a in (2, 3, 7):
    print(unbound(a))


def cell(n):
    """The variable of an inner function, deleted and set again."""
    def get():
        return x
    k = 0
    for i in range(n):
        x = i * 0.5 + 1000.0
        if i % 7 == 6:
            k += get()
            del x
    return k


print(cell(300))
