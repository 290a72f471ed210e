"""Generators: a pipeline of five stages, one of which filters."""


def numbers(n):
    for i in range(n):
        yield i


def scaled(items, factor):
    for x in items:
        yield x * factor


def shifted(items, by):
    for x in items:
        yield x + by


def filtered(items, modulus):
    for x in items:
        if x % modulus:
            yield x


def differences(items):
    last = 0
    for x in items:
        yield x - last
        last = x


def main(n):
    total = 0
    for x in differences(filtered(shifted(scaled(numbers(n), 3), 7), 5)):
        total += x & 1023
    return total


print(main(2_000_000))
