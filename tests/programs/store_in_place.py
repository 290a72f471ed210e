# Objects made at the end of a side trace, in the memory of the local that alone holds them: written anew if nobody else has them.


def totals(n, seen):
    count = total = 0
    mean = 0.0
    for i in range(n):
        if i % 3 == 0:
            count += 1
            total += i * 1000003
            mean += total / 7.0
        if i % 10 == 0:
            seen.append(count)      # held by the list from here on: not to be written
            seen.append(total)
            seen.append(mean)
    return count, total, mean


seen = []
for _ in range(4):
    print(totals(400, seen))
print(len(seen), sum(seen), seen[:12], seen[-3:])


def small_ints(n):
    """Ints up to 256 are shared objects."""
    a = 1000
    same = 0
    for i in range(n):
        if i % 3 == 0:
            a = a - 10 if a > -40 else 1000
        elif i % 3 == 1:
            same += a is (a + 0) if -5 <= a <= 256 else 0
    return a, same


print(small_ints(800))


def digits(n):
    """From one digit to three and back, both signs, past 64 bits."""
    a, out = 1, []
    for i in range(n):
        if i % 2:
            a = a * 1000 if i % 16 < 12 else a // -1000000
        else:
            pass
        if i % 23 == 0:
            out.append(a)
    return out


print(digits(300))


def shared(n):
    """Two names for one object, then one of them changes."""
    a = b = 1000
    x = y = 0.5
    for i in range(n):
        if i % 3 == 0:
            a = b = a + 1
            x = y = x + 1.0
        elif i % 3 == 1:
            b = b + 1
            y = y + 1.0
    return a, b, x, y, a is b, x is y


print(shared(300), shared(301), shared(302))


def argument(n, a):
    """The caller has a reference, and so has the tuple of constants."""
    c = 123456789
    for i in range(n):
        if i % 3 == 0:
            a += 1
            c += 1
    return a, c


big = 10 ** 6
for _ in range(3):
    print(argument(200, big), big)


def becomes(n):
    """A local that held something else before."""
    out = []
    for what in ("text", None, 1.5, [1], 10 ** 30):
        v = what
        k = 0
        for i in range(n):
            if i % 3 == 0:
                k += 1000
                v = k
        out.append(v)
    return out


print(becomes(200))
