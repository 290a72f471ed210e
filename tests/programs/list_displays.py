"""List displays of constants in hot loops; lists changed after they were made."""


def f(n):
    out = []
    for i in range(n):
        l = [1, 2, 3]
        l[i % 3] = i * 0.5
        m = [*l, i, *(4, 5)]
        m.append(l[0])
        out.append(sum(l) + len(m))
        k = [1.5, "a", None, 2**70]
        k[0] = k
        l += [7, 8, 9]
        if i % 25 == 0:
            out.append((l, m, k[1:]))
    return out


print(f(120))
