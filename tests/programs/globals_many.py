"""global statements in functions, global floats and ints as accumulators, del of globals."""
total = 0
fsum = 0.0
items = []
flag = False


def accumulate(n):
    global total, fsum
    for i in range(n):
        total += i
        fsum += i * 0.25
        items.append(total)
    return total


def toggle(n):
    global flag
    c = 0
    for i in range(n):
        if flag:
            c += 1
        flag = not flag
    return c


def reader():
    return total + fsum


def callee_changes(n):
    global total
    out = 0.0
    for i in range(n):
        bump()
        out += total + reader()
        total = total - 1
    return out


def bump():
    global total
    total += 3


def makes_new(n):
    for i in range(n):
        globals()[f"g{i}"] = i
        if i > 50:
            total_now = g50 + total
    return total_now


def many_reads(n):
    s = 0
    for i in range(n):
        s += A + B * C - D
        s ^= E
    return s


A, B, C, D, E = 1, 2, 3, 4.0, 5
try:
    many_reads(100)
except TypeError as e:
    print(e)
D = 4
print(accumulate(100), toggle(101), callee_changes(80), makes_new(70), many_reads(100), fsum, len(items))
for i in range(100):
    total = total + i
    exec("fsum = fsum * 0.5 + i")
print(total, fsum)
