# Loops of few turns: where a recording begins is often their last turn, or a break.


def short(n):
    out = 0
    for i in range(n):
        for j in range(i % 3):
            out += i * j
        for x in (1, 2)[:i % 2 + 1]:
            out -= x
        k = i % 4
        while k:
            k -= 1
            out ^= k
    return out


print(short(400))


def always_one(n):
    """The inner loop never comes to a second turn, or is left by break each time."""
    out = 0.0
    for i in range(n):
        for j in range(1):
            out += i
        for j in range(100):
            out -= j
            if j == 1:
                break
        while True:
            out *= 0.5
            if i >= 0:
                break
    return out


print(always_one(300))


def triangle(n):
    """As n-body: the inner loop gets shorter, to nothing."""
    out = []
    for step in range(n):
        s = 0.0
        for i in range(5):
            for j in range(i + 1, 5):
                d = i - j * 0.5
                s += d * d
                e = d - s
        out.append((s, e, d))
        for x in out[-3:]:
            s -= x[0]
    return out[-1], s, sum(e for _, e, _ in out)


print(triangle(200))


def returned(n):
    for i in range(n):
        for j in range(3):
            if i * j == 150:
                return i, j
    return None


print(returned(300), returned(40))
