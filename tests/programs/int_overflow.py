"""Values that cross 2**31, 2**62, 2**63 and 2**64 in mid-loop, and come back."""


def double(n):
    x = 1
    out = []
    for i in range(n):
        x = x + x
        out.append(x)
    return out[-1], sum(out), out[29:33], out[60:66]


def fact(n):
    r = 1
    for i in range(2, n):
        r *= i
    return r


def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def down(n):
    x = 0
    for i in range(n):
        x = x - (1 << 58)
    return x


def up_and_down(n):
    x = 2**63 - 50
    seen = []
    for i in range(n):
        if i % 100 < 60:
            x += 1
        else:
            x -= 1
        if i % 20 == 0:
            seen.append(x)
    return seen


def negate(n):
    x = -2**63
    out = []
    for i in range(n):
        out.append(-x)
        out.append(abs(x))
        x += 1
    return out[0], out[1], out[2], out[-1]


def mul_edge(n):
    out = []
    for i in range(n):
        out.append((2**32 + i) * (2**31 - 50 + i))
    return out[0], out[49], out[50], out[51], out[-1], sum(out)


def div_edge(n):
    r = []
    for i in range(n):
        x = -2**63 + (i & 1)
        r.append(x // -1)
        r.append(x % -1)
    return r[:4], sum(r)


print(double(130))
print(fact(60))
print(fib(200))
print(down(100))
print(up_and_down(400))
print(negate(80))
print(mul_edge(100))
print(div_edge(60))
