"""pow and ** with ints, negative exponents, mod, zero and errors."""


def ints(n):
    out = []
    for i in range(n):
        out.append(i ** 2)
        out.append((-i) ** 3)
        out.append(2 ** (i % 80))
    return sum(out), out[-3:]


def negative(n):
    out = []
    for i in range(n):
        try:
            out.append((i % 5) ** -1)
        except ZeroDivisionError as e:
            out.append(str(e))
    return out[:6]


def modular(n):
    s = 0
    for i in range(n):
        s += pow(3, i, 1000007)
        s ^= pow(i, 2, 97)
    return s


def inverse(n):
    out = []
    for i in range(n):
        try:
            out.append(pow(i % 10, -1, 10))
        except ValueError as e:
            out.append(str(e))
    return out[:10]


def square_sum(n):
    s = 0
    i = 0
    while i < n:
        s += i ** 2 - i ** 0 + i ** 1
        i += 1
    return s


print(ints(120))
print(negative(80))
print(modular(120))
print(inverse(100))
print(square_sum(200))
