"""Ints that cross 64 bits in the middle of a loop, and loop variables that are beyond from the start."""


def falls_out():
    n = 4611686018427387903
    for w in range(6):
        s = n
        for i in range(30):
            s += ~n
        print(s)


def climbs_out():
    for start in (2**62, 2**63 - 3, -2**63 + 5, 2**64):
        s = start
        for i in range(60):
            s = s + s - start + i
        print(s)


def multiplies_out():
    for k in range(60):
        p = k + 1
        for i in range(9):
            p = p * -1009
        if k % 11 == 3:
            print(p)


def beyond_from_the_start():
    total = 0
    for i in range(9223372036854775805, 9223372036854775865):
        for k in range(3, 3, 2):
            total += 1
    print(i, total)


def big_in_list(n):
    items = [3, 1]
    for e in "abcdefgh" * 8:
        m = v = items[1] = 1 + n
        for i in range(3, 3):
            total = i
    print(m, v, items, m is v, v is items[1])


falls_out()
climbs_out()
multiplies_out()
beyond_from_the_start()
big_in_list(17592186044416)
big_in_list(2**63 - 1)
