"""Loop conditions of every kind, counters up and down, floats as counters, comparisons against constants and variables."""


def run(n):
    out = []
    i = 0
    while i < n:
        i += 1
    out.append(i)
    while i > 0:
        i -= 3
    out.append(i)
    while i != 120:
        i += 2 if i % 2 == 0 else 1
    out.append(i)
    while i >= -5:
        i = i - 1
    out.append(i)
    while not i == 100:
        i += 1
    out.append(i)
    x = 0.0
    while x <= 10.0:
        x += 0.1
    out.append(x)
    while not x < -1.0:
        x -= 0.3
    out.append(x)
    while x < n and i > 3:
        x *= -1.1
        x += 2
        i -= 1
    out.append((x, i))
    while 0 < i + 70 <= 100 or x < 5:
        i -= 1
        x += 0.2
    out.append((x, i))
    s = "a" * n
    while s:
        s = s[1:]
    while len(s) < 60:
        s += "b"
    out.append(len(s))
    k = 1
    while k < 2**100:
        k <<= 1
    out.append(k)
    while k:
        k >>= 1
    out.append(k)
    return out


print(run(100))
