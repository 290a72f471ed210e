"""SystemExit with a text from an inlined callee: text on stderr, exit code 1."""


def check(x):
    if x > 120:
        raise SystemExit(f"too much: {x}")
    return x


t = 0
for i in range(200):
    t += check(i)
