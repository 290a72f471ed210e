"""A class of vectors with operators, properties, comparison, iteration and hashing of its own."""


class V:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, o):
        return V(self.x + o.x, self.y + o.y)

    def __sub__(self, o):
        return V(self.x - o.x, self.y - o.y)

    def __mul__(self, k):
        return V(self.x * k, self.y * k)

    def __neg__(self):
        return V(-self.x, -self.y)

    def __eq__(self, o):
        return self.x == o.x and self.y == o.y

    def __lt__(self, o):
        return self.norm < o.norm

    def __getitem__(self, i):
        return self.x if i == 0 else self.y

    def __len__(self):
        return 2

    def __bool__(self):
        return self.x != 0 or self.y != 0

    @property
    def norm(self):
        return self.x * self.x + self.y * self.y


def run(n):
    p, v, zero, hits, longest = V(0, 0), V(3, -2), V(0, 0), 0, V(0, 0)
    for i in range(n):
        p = p + v * (i % 5) - V(i % 3, 1)
        if p == zero:
            hits += 1
        if longest < p:
            longest = p
        if p[0] + p[1] > 1000 or not p:
            p = -p
            v = v - p * 0
        hits += len(p)
    return hits, longest.norm, p.x, p.y


print(run(600000))
