"""Sorting with key functions, and a quicksort written in Python."""


class Item:
    def __init__(self, a, b):
        self.a = a
        self.b = b


def quick(l, lo, hi):
    while lo < hi:
        p = l[(lo + hi) // 2]
        i, j = lo, hi
        while i <= j:
            while l[i] < p:
                i += 1
            while l[j] > p:
                j -= 1
            if i <= j:
                l[i], l[j] = l[j], l[i]
                i += 1
                j -= 1
        quick(l, lo, j)
        lo = i


def numbers(n):
    x = 99
    out = []
    for _ in range(n):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        out.append(x >> 5)
    return out


def digit_sum(x):
    s = 0
    while x:
        s += x % 10
        x //= 10
    return s


l = numbers(200000)
m = l[:]
quick(m, 0, len(m) - 1)
print(m == sorted(l), m[1000])
items = [Item(x % 1000, x) for x in l]
items.sort(key=lambda i: (i.a, -i.b))
print(items[0].b, items[-1].b)
print(sorted(l[:100000], key=digit_sum)[::20000], sorted(l, key=lambda x: x * 7 % 1009)[::50000])
