# Calls that give back an operand itself: what lies on the stack is a reference of its own, whatever becomes of the variable meanwhile.
def same(n):
    x = 1
    m = 0.5
    out = []
    for e in range(n):
        w = 0.0
        while w < 3:
            w += 1
            x, k, m = (min(x, x), w, m - x)
            x += 3.0 / -0.5
        x, y = (max(x, x), abs(x))
        x += 0.25
        out.append((x, y, k, m))
    return out


def kept(n):
    x = 0.5
    s = "a"
    out = []
    for i in range(n):
        a, x = float(x), x + 1.0
        b, x = min(x, 1e9), x * 0.75
        c, s = str(s), s + "b"
        d, x = max(x, -1.0), x - 0.125
        out.append((a, b, c[-3:], len(s), d))
    return out


def show(variables):        # looks at all of them: none is only in a register
    print(' '.join([repr(v) for v in variables]))


def mixed(a, b, c):
    n0 = 1
    x0 = 1
    x1 = 3.0
    m0 = 1
    v0 = 1
    li0 = [3, 18446744073709551616, 9, -1]
    for e1 in li0:
        w3 = 0.0
        while w3 < 3:
            w3 += 1
            x0, n1, m0 = (min(x0, x0), n0, m0 - x1)
            x0 += x1 / -0.5
        for i4 in range(1):
            m0 = abs((19 & 65535) << (n0 & 63))
            n0 = v1 = li0[n1 % 3] = n1 - i4 + (n1 - n0)
        show((n0, n1, x0, x1, m0, v0, v1, li0))


mixed(3, 1, 1)
mixed(10, -0.0, True)
for n in 3, 40, 40:
    print(same(n)[-4:], kept(n)[-3:])
