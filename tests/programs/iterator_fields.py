# The fields of a loop's iterator are in registers while the loop runs: whoever comes next has to find them right.
import sys


def ends(n, step):
    """The loop's end, and what the variable is behind it."""
    s = 0
    for i in range(5, n, step):
        s += i
    return s, i


print(ends(200, 1), ends(200, 7), ends(201, 7), ends(-300, -3), ends(-301, -3), ends(6, 1), ends(10 ** 6, 9999))


def side_exits(n):
    """Exits in the middle of the turn, each of several ways."""
    out = [0, 0, 0, 0]
    for i in range(n):
        if i % 3 == 0:
            out[0] += i
        elif i % 5 == 0:
            out[1] -= i
        elif i % 7 == 0:
            continue
        else:
            out[2] ^= i
        out[3] += 1
    else:
        out.append(i)
    return out


print(side_exits(500), side_exits(501))


def left(n):
    """break, and another loop over the same iterator: nobody may have got a value twice, or lost one."""
    it = iter(range(n))
    seen = []
    for k in (60, 120, 130):
        for i in it:
            seen.append(i)
            if i == k:
                break
    seen.append(-1)
    for i in it:
        seen.append(i)
    return sum(seen), len(seen), seen[55:65], list(it)


print(left(200), left(130))


def advanced(n):
    """The iterator is advanced in the turn as well."""
    it = iter(range(n))
    s = 0
    for i in it:
        s += i * next(it, -5)
    other = iter(list(range(n)))
    for x in other:
        s += x
        for y in other:
            s -= y
            break
    return s


print(advanced(300), advanced(301))


def shared(n):
    """Two loops and zip with one iterator, and an iterator that is in a list too."""
    it = iter(range(n))
    out = 0
    for a, b in zip(it, it):
        out += a * b
    kept = [iter(range(n))]
    for i in kept[0]:
        out += i
        if i == 70:
            out += sum(kept[0])
    return out


print(shared(200))


def later_alone(n):
    """Entered with an iterator of its own, with a shared one, and again."""
    def loop(it):
        s = 0
        for i in it:
            s += i
        return s
    it = iter(range(n))
    return loop(range(n)), loop(it), list(it), loop(range(n, 0, -1)), loop(iter(range(0, n, 3)))


for _ in range(6):
    print(later_alone(120))


def steps(n):
    """The same loop with other steps: what was taken for granted does not hold."""
    s = []
    for step in (1, 1, 1, 2, -1, 5, 1 << 33, -(1 << 40), 3):
        t = k = 0
        for i in range(0, n * step, step):
            t += i
            k += 1
        s.append((t, k, i))
    return s


print(steps(90))


def far(n):
    """Near the ends of what int64 holds."""
    out = []
    for r in (range(2 ** 63 - 1 - n, 2 ** 63 - 1), range(-2 ** 63 + n, -2 ** 63, -1), range(2 ** 63 - n, 2 ** 63 + n), range(-2 ** 63, 2 ** 63 - 1, 2 ** 62 // 30)):
        last = k = 0
        for i in r:
            k += 1
            last = i
        out.append((k, last))
    return out


print(far(100))


def overflow(n):
    x = 1
    for i in range(n):
        x = x * 3 + i
        if x > 1 << 200:
            x = 1
    return x, i


print(overflow(300))


def raised(l, n):
    """An exception in the turn, and the loop gone on with."""
    bad = 0
    it = iter(l)
    done = False
    while not done:
        try:
            for x in it:
                if x % n == 0:
                    bad += 1 // (x - x)
                bad += 2
            done = True
        except ZeroDivisionError:
            bad += 1000
    return bad


print(raised(list(range(1, 150)), 40), raised(tuple(range(1, 150)), 10), raised(range(1, 150), 71))


def in_function(n):
    try:
        for i in range(n):
            if i == 150:
                raise KeyError(i)
    except KeyError as e:
        return e.args, e.__traceback__.tb_lineno - in_function.__code__.co_firstlineno
    return i


print(in_function(100), in_function(200))


def lists(n):
    """The list changes under its iterator."""
    out = []
    l = list(range(n))
    for x in l:
        if x == 70:
            l.append(1000)
        if x == 1000:
            del l[100:]
    out.append((len(l), x))
    l = list(range(n))
    for x in l:
        if x == 80:
            l.clear()
    out.append((len(l), x))
    l = list(range(n))
    count = 0
    for x in l:
        count += 1
        l.pop()
    out.append((len(l), count, x))
    l = [1]
    for x in l:
        if len(l) < n:
            l.append(x + 1)
    out.append((len(l), x))
    return out


print(lists(120))


def items(n):
    """Items of several types, from a list and from a tuple."""
    l = [i if i % 10 else i * 0.5 if i % 20 else "text" for i in range(n)]
    out = []
    for seq in (l, tuple(l), l[:1], ()):
        k = s = 0
        for x in seq:
            if x == "text":
                k += 1
            else:
                s += x
        out.append((k, s))
    return out


print(items(150))


class Dies:
    def __del__(self):
        print("gone")


def list_dies(n):
    """The list has no other owner than its iterator: it dies at the loop's end."""
    k = 0
    for x in [Dies()] + [1] * n:
        k += 1
    del x
    print("behind", k)
    for x in [1] * n + [Dies()]:
        if k > 190:
            break
        k += 1
    del x
    print("behind", k)


list_dies(100)


def nested(n):
    s = 0
    for i in range(n):
        for j in range(i):
            if j % 7 == 3:
                s += i
            elif (i + j) % 11 == 5:
                break
        for k in (i, j if i else 0, s):
            s ^= k
    return s


print(nested(90))


def generator(n):
    for i in range(n):
        yield i
        for k in range(n):
            if k == 50 + i % 3:
                yield k


print(sum(generator(80)))


def frames(n):
    """Somebody looks at the frame."""
    f = sys._getframe()
    out = 0
    for i in range(n):
        if i % 64 == 63:
            out += f.f_locals["i"] + len(f.f_locals)
    return out


print(frames(300))
