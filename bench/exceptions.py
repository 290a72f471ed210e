"""Exceptions that are caught every few turns: raised by builtins, and by a function."""


class TooLarge(Exception):
    def __init__(self, value):
        self.value = value


def checked(x):
    if x > 900:
        raise TooLarge(x)
    return x


def main(n):
    total = missing = large = 0
    table = {i: i * 2 for i in range(0, 1024, 3)}
    for i in range(n):
        try:
            total += table[i & 1023]
        except KeyError:
            missing += 1
        try:
            total += checked(i * 7 & 1023)
        except TooLarge as e:
            large += e.value & 3
    return total, missing, large


print(main(700_000))
