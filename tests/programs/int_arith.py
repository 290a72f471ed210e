"""Every int operator on small ints, operands of both signs."""


def run(n):
    add = sub = mul = div = mod = 0
    for i in range(-n, n):
        b = i % 7 - 3 or 5
        add = add + i
        sub = sub - (i + b)
        mul = mul + i * b
        div = div + i // b
        mod = mod + i % b
    return add, sub, mul, div, mod


def inplace(n):
    x = 1
    for i in range(1, n):
        x += i
        x *= 3
        x -= i * i
        x //= 2
        x %= 100003
        x ^= i
        x |= 1
        x &= 0xFFFFF
    return x


def unary(n):
    s = t = u = 0
    for i in range(-n, n):
        s += -i
        t += ~i
        u += +i + abs(i)
    return s, t, u


def truediv(n):
    s = 0.0
    for i in range(1, n):
        s += i / (i + 1)
    return s


print(run(300))
print(inplace(500))
print(unary(200))
print(repr(truediv(400)))
