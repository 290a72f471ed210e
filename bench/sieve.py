"""Sieve of Eratosthenes over a list of bools; stores into a list."""


def sieve(n):
    flags = [True] * n
    flags[0] = flags[1] = False
    i = 2
    while i * i < n:
        if flags[i]:
            j = i * i
            while j < n:
                flags[j] = False
                j += i
        i += 1
    count = 0
    total = 0
    for i in range(n):
        if flags[i]:
            count += 1
            total += i
    return count, total


for _ in range(6):
    result = sieve(1600000)
print(result)
