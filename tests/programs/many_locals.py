"""More values live at once than there are registers; long bodies; many constants."""


def floats(n):
    a = b = c = d = e = f = g = h = i = j = k = l = m = o = p = q = 0.5
    for t in range(n):
        a = b * 1.01 + c
        b = c * 0.99 - d
        c = d * 1.02 + e * 0.5
        d = e - f * 0.25
        e = f + g * 0.125
        f = g * h
        g = h - i * 0.1
        h = i + j * 0.01
        i = j * 0.9
        j = k + l * 0.001
        k = l - m
        l = m * 0.3 + o
        m = o - p * 0.7
        o = p * 0.8
        p = q + a * 1e-6
        q = a * 1e-3
    return a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q


def ints(n):
    a = b = c = d = e = f = g = h = i = j = k = l = 1
    for t in range(n):
        a, b, c, d, e, f, g, h, i, j, k, l = (l + t) % 1009, a + 1, b ^ t, c + a, d - b, e % 997, f + g, g & 1023, h | 1, i % 641, j + k, k % 53
    return a, b, c, d, e, f, g, h, i, j, k, l


def mixed(n):
    out = []
    a, x, s, t, l = 1, 0.5, "s", (1, 2), [0]
    for i in range(n):
        u = a + i
        v = x * 2.0
        w = u * v
        y = w - x
        z = y / (u + 1)
        a = u % 101
        x = z + v * 0.25
        l[0] = x
        if i % 9 == 0:
            out.append((a, u, v, w, y, z, s, t))
    return out[0], out[-1], len(out), l


def deep_expression(n):
    s = 0
    for i in range(n):
        s += ((((i + 1) * (i + 2)) - ((i + 3) * (i + 4))) * (((i + 5) * (i + 6)) - ((i + 7) * (i + 8)))) % (((i + 9) * (i + 10)) + ((i + 11) * (i + 12)))
        s += (i * (i + (i * (i + (i * (i + (i * (i + (i * (i + 1))))))))))
    return s


print(floats(100), ints(200))
print(mixed(90))
print(deep_expression(80))
