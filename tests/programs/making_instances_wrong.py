"""Classes called with too few or too many arguments, again and again: which dies first, the arguments or the new instance, differs by version, and by whether the
call is the first of its place."""

from collections import Counter

died = []


class Named:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        died.append(self.name)


class Two:
    def __init__(self, left, right):
        pass

    def __del__(self):
        died.append("new")


class Slots(Two):
    __slots__ = "left", "right"

    def __init__(self, left, right="default"):
        pass


class Any(Two):
    def __init__(self, *arguments, key):
        pass


def few():
    try:
        Two(Named("a"))
    except TypeError as e:
        return str(e)


def many():
    try:
        Two(Named("a"), Named("b"), Named("c"))
    except TypeError as e:
        return str(e)


def slots():
    try:
        Slots(Named("a"), Named("b"), Named("c"))
    except TypeError as e:
        return str(e)


def key():
    try:
        Any(Named("a"), Named("b"))
    except TypeError as e:
        return str(e)


def default():
    Slots(Named("a"))


def main():
    for function in few, many, slots, key, default:
        seen = Counter()
        for turn in range(600):
            died.clear()
            said = function()
            if turn > 9:        # the first calls of a place are not yet the specialized instruction's
                seen[said, *died] += 1
        print(function.__name__, dict(seen))


main()
