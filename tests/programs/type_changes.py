"""Variables whose type changes in mid-loop: int to float, to str, to big, to None, and back."""


def int_to_float(n):
    x = 0
    for i in range(n):
        x = x + 1
        if i == n // 2:
            x = x * 1.0
    return x


def to_float_and_back(n):
    x = 0
    types = []
    for i in range(n):
        if i % 30 == 0:
            x = float(x)
        elif i % 30 == 15:
            x = int(x)
        x += 1
        types.append(type(x).__name__)
    return x, types.count("int"), types.count("float")


def to_str(n):
    x = 1
    for i in range(n):
        x = x + x if i < 10 or i % 40 else str(x)[:3]
        if isinstance(x, str) and len(x) > 1000:
            x = 2
    return x


def list_of_everything(n):
    items = [1, 2.0, True, 2**70, 3 + 1j]
    out = []
    for i in range(n):
        a = items[i % 5]
        b = items[i // 5 % 5]
        out.append(a + b)
        out.append(a * b - a)
        out.append(a == b)
    return out[:15], len(out), repr(sum(out))


def add(a, b):
    return a + b


def polymorphic(n):
    s = []
    for i in range(n):
        a = [i, i * 0.5, str(i), [i], (i,)][i % 5]
        s.append(add(a, a))
    return s[:5], s[-5:], len(s)


def none_or_int(n):
    best = None
    for i in range(n):
        v = (i * 7919) % 1009
        if best is None or v > best:
            best = v
    return best


def int_bool(n):
    flag = False
    c = 0
    for i in range(n):
        flag = flag ^ (i % 3 == 0)
        c += flag
        if i == 60:
            flag = 5
        if i == 70:
            flag = flag > 3
    return c, flag


def small_big_small(n):
    x = 1
    seen = 0
    for i in range(n):
        x = x * 3 + 1
        if x > 2**80:
            x = x % 1000
            seen += 1
    return x, seen


def float_int_index(n):
    l = list(range(10))
    e = s = 0
    k = 0
    for i in range(n):
        try:
            s += l[k]
        except TypeError:
            e += 1
            k = 0
        k = (k + 1) % 10
        if i % 25 == 24:
            k = 1.0
    return s, e


print(int_to_float(100), to_float_and_back(200), to_str(100), none_or_int(200), int_bool(100), small_big_small(300), float_int_index(120))
print(list_of_everything(75))
print(polymorphic(60))
