"""Longest Collatz chain: int arithmetic, an unpredictable branch."""


def main(n):
    best = start = total = 0
    for i in range(1, n):
        x = i
        c = 0
        while x != 1:
            if x % 2 == 0:
                x //= 2
            else:
                x = 3 * x + 1
            c += 1
        total += c
        if c > best:
            best, start = c, i
    return best, start, total


print(main(130000))
