"""Loops 2, 3 and 4 deep, with breaks out and values carried across levels."""


def two(n, m):
    s = 0
    for i in range(n):
        for j in range(m):
            s += i * j
    return s


def two_float(n, m):
    s = 0.0
    for i in range(n):
        t = 1.5
        for j in range(m):
            t = t * 0.9 + i
            s += t
    return s


def three(n):
    c = 0
    for i in range(n):
        for j in range(i, n):
            for k in range(j, n):
                if i * i + j * j == k * k:
                    c += 1
    return c


def four(n):
    s = 0
    for a in range(n):
        for b in range(n):
            for c in range(n):
                for d in range(n):
                    if d > c:
                        break
                    s = (s * 3 + a - b + c * d) % 10007
    return s


def inner_while(n):
    total = 0
    for i in range(1, n):
        x = i
        while x != 1:
            x = 3 * x + 1 if x % 2 else x // 2
            total += 1
    return total


def break_outer(n):
    found = None
    for i in range(n):
        for j in range(n):
            if i * j == 221 and i > 1 and j > 1:
                found = i, j
                break
        else:
            continue
        break
    return found


def empty_inner(n):
    s = 0
    for i in range(n):
        for j in range(i - n + 10):
            s += 1
        for j in []:
            s += 100
        for j in (7,):
            s += j
    return s


def triangle(n):
    out = []
    for i in range(n):
        row = 0
        j = 0
        while j <= i:
            row += j
            j += 1
        out.append(row)
    return sum(out)


def inner_first(n):
    s = 0
    i = 0
    while i < n:
        while i % 10:
            i += 1
            s += 1
        i += 1
        s += 100
    return s


print(two(40, 60), repr(two_float(30, 60)), three(30), four(9))
print(inner_while(60), break_outer(30), empty_inner(60), triangle(60), inner_first(500))
