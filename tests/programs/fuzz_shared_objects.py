"""One object in several places: assignment chains, swaps through locals and cells, links between loops."""


def chain_with_item():
    x = 1.25
    items = [-2.25, 8.0]
    for _ in range(60):
        x = v = items[0] = x
        x = 0.5 + len(items)
    print(x, v, items, v is items[0], x is v)


def chain_before_item():
    x, v, w = 0.5, 0, 0
    items = [1.0] * 4
    for i in range(60):
        x = x + 0.25
        v = w = items[i & 3] = x
        if i % 20 == 7:
            print(v is w, w is x, items[i & 3] is x, items)
    print(x, v, w, items)


def swap_behind_loop():
    for k in range(60):
        a, b, v = 3.0 + k, -3.5, 0.0
        for i in range(5):
            v = a // -0.75
        else:
            a, b = b, a
        if k % 15 == 3:
            print(a, b, v)


def swap_ints_behind_loop():
    out = []
    for k in range(60):
        m, n, r = k + 1000, -k, 0
        w = 0
        while w < 6:
            w += 1
            r += m + n
        m, n = n, m
        out.append((m, n, r))
    print(out[::7])


def rotate_behind_loop():
    for k in range(60):
        a, b, c, v = k + 0.5, k + 0.25, k + 0.125, 0.0
        for i in range(4):
            v = v + a * b - c
        a, b, c = b, c, a
        if k % 15 == 5:
            print(a, b, c, v)


def home_overwritten(strings):
    for k in range(60):
        a, v = k + 0.5, 0.0
        for i in range(4):
            v = v + a
        b = a
        a = strings[k % 3]
        if k % 15 == 5:
            print(a, b, v)


def swap_with_cell(b):
    def peek():
        return v

    v = b
    u = 2.5
    for i in range(61):
        u, v = v, u
    else:
        x = 1.5 - len(str(b))
    print(u, v, peek(), x)


def swap_list_values(b):
    def peek():
        return v

    v = 1
    u = 1.5 + b
    for e in [1e10, 2.25, 8.0]:
        u, v = v, u
    else:
        e = 1.5 - e
    print(u, v, peek(), e)


def swap_with_subtraction():
    n0, n2, x2 = 1, 3, 1.0

    def peek():
        return n3, x2

    for e in (2,) * 60:
        n0 -= 1 if -4.75 != x2 else 1
        n0, n2 = n2, n0
        n3 = n0
    print(n0, n2, n3, peek())


def same_after_link():
    same = 0
    for k in range(60):
        a = k + 0.5
        b = a
        for i in range(4):
            v = a + b
        same += a is b
        if k % 2:
            a = b = v + 1.0
            for i in range(3):
                v = a - b
            same += a is b
    print(same, a, b, v)


def same_argument_twice():
    total = 0
    for i in range(1000, 1060):
        total += max(i, i, 3) + min(i, 70000, i) + divmod(i, i)[0]
        pair = (i, i, total, total)
        total += (pair[0] is pair[1]) + (pair[2] is pair[3]) + (pair[0] is i)
        rows = [total, (total, i), total]
    print(total, pair, rows, rows[0] is rows[2], rows[1][0] is total)


def true_in_list():
    items = [-1]
    for i in range(4611686018427387901, 4611686018427387961):
        v = None in items
        n = v = items[i % 1] = 1
    print(i, v, n, items)


chain_with_item()
chain_before_item()
same_argument_twice()
true_in_list()
swap_behind_loop()
swap_ints_behind_loop()
rotate_behind_loop()
home_overwritten(["x", None, (1, 2)])
for n in range(3):
    swap_with_cell(n)
    swap_with_cell(n + 0.5)
for n in range(4):
    swap_list_values(n)
swap_with_subtraction()
same_after_link()
