# A branch on a bool that comes from a list, a tuple, a cell, an attribute: one guard for its type and its value.


def branches(flags, n):
    out = [0] * 6
    for i in range(n):
        if flags[i]:
            out[0] += 1
        if not flags[i]:
            out[1] += 1
        while flags[i] and out[2] < i:
            out[2] += 1
        out[3] += flags[i] or 2
        out[4] += flags[i] and 3
        x = not flags[i]
        out[5] += 1 if x else 2
    return out, x


bools = [i % 7 == 3 or i % 11 == 5 for i in range(300)]
mixed = [(True, False, 1, 0, "", "x", None, [], 0.0, 2.5)[i % 10] for i in range(300)]
print(branches(bools, 300), branches(tuple(bools), 300))
for flags in (mixed, bools, [False] * 300, [True] * 300, [0] * 200 + [True] * 100):
    try:
        print(branches(flags, 300))
    except TypeError as e:
        print("TypeError", e)


class Truth:
    def __init__(self, i):
        self.i = i

    def __bool__(self):
        if self.i == 250:
            raise ValueError(self.i)
        return self.i % 3 == 0


def truths(l):
    k = 0
    for x in l:
        if x:
            k += 1
    return k


print(truths(bools), truths([Truth(i) if i % 50 == 49 else bools[i] for i in range(240)]))
try:
    truths(bools + [Truth(250)])
except ValueError as e:
    print("ValueError", e)


def cells(n):
    flag = False

    def get():
        return flag
    k = 0
    for i in range(n):
        if flag:
            k += 1
        if i % 9 == 8:
            flag = not flag
        if get():
            k += 10
    return k


print(cells(300))
