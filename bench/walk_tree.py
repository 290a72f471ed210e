"""Recursive generators: a tree that is walked by `yield from`."""


class Node:
    __slots__ = "left", "key", "right"

    def __init__(self, left, key, right):
        self.left = left
        self.key = key
        self.right = right


def build(low, high):
    if low >= high:
        return None
    middle = (low + high) // 2
    return Node(build(low, middle), middle, build(middle + 1, high))


def walk(node):
    if node is not None:
        yield from walk(node.left)
        yield node.key
        yield from walk(node.right)


def main(n, rounds):
    tree = build(0, n)
    total = 0
    for _ in range(rounds):
        for key in walk(tree):
            total += key
    return total


print(main(2000, 800))
