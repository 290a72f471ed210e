"""Every float operator; exact results."""


def run(n):
    a = 1.0
    b = 0.5
    for i in range(n):
        a = a + b * 1.25
        b = b - a / 1024.0
        a = a * 0.999
        if a > 100.0:
            a = -a
    return a, b


def unary(n):
    s = 0.0
    x = -3.25
    for i in range(n):
        s += -x + abs(x) + +x
        x += 0.125
    return s


def divide(n):
    s = 0.0
    x = 1.0
    while x < n:
        s += 1.0 / x
        x += 1.0
    return s


def inplace(n):
    x = 0.1
    for i in range(n):
        x += 0.1
        x *= 1.0001
        x -= 0.05
        x /= 1.00001
    return x


def sums(n):
    s = 0.0
    for i in range(n):
        s += 0.1
    return s, s == n * 0.1


print(run(1000))
print(unary(100))
print(divide(500))
print(inplace(500))
print(sums(1000))
