"""Trees of objects, built and walked by functions and methods that call themselves; permutations; queens."""


class Node:
    __slots__ = "left", "right", "value"

    def __init__(self, left, right, value):
        self.left = left
        self.right = right
        self.value = value

    def depth(self):
        if self.left is None:
            return 1
        return 1 + max(self.left.depth(), self.right.depth())


def build(depth):
    if depth == 0:
        return Node(None, None, 1)
    return Node(build(depth - 1), build(depth - 1), depth)


def total(node):
    if node.left is None:
        return node.value
    return total(node.left) + total(node.right) + node.value


def permutations(items, k):
    if k == len(items):
        return items[0] * items[-1]
    n = 0
    for i in range(k, len(items)):
        items[k], items[i] = items[i], items[k]
        n += permutations(items, k + 1)
        items[k], items[i] = items[i], items[k]
    return n


def queens(n, row, columns, left, right):
    if row == n:
        return 1
    found = 0
    for column in range(n):
        bit = 1 << column
        if not columns & bit and not left & 1 << row + column and not right & 1 << row - column + n:
            found += queens(n, row + 1, columns | bit, left | 1 << row + column, right | 1 << row - column + n)
    return found


tree = build(14)
print(sum(total(tree) for _ in range(25)), tree.depth(), sum(total(build(12)) for _ in range(30)), permutations(list(range(9)), 0), queens(8, 0, 0, 0, 0))
