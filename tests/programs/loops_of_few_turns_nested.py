# Nested loops of few turns, in callees and in themselves: the outer one is come back to while the inner one is being made.
def nested(rows, k):
    t = 0
    for row in rows:
        for x in row:
            t += x * k
    return t
def whiles(n, k):
    t = 0
    while n > 0:
        m = n
        while m > 1:
            t += m * k
            m -= 1
        n -= 1
    return t
def same(xs, k):
    t = 0
    for a in xs:
        for b in xs:
            t += a * b + k
    return t
def ranges(n, k):
    t = 0.0
    for i in range(n):
        for j in range(i + 1):
            t += i * j * 0.5 + k
    return t
def search(rows, k):
    for row in rows:
        for x in row:
            if x == k % 5:
                break
        else:
            continue
        return x, len(row)
    return None
R = [[[1]], [[2], []], [[3, 4], [5]], [[], [1, 2, 3]], [[1]], [[7], [8], [9]], [[0] * 9, [1]], [[1], [2] * 6]]
def outer(n):
    out = [0] * 5
    for i in range(n):
        out[0] += nested(R[i & 7], i)
        out[1] += whiles(i & 3, i)
        out[2] += same([1, 2, 3][:1 + i % 3], i)
        out[3] += ranges(1 + i % 4, i)
        out[4] += len(search(R[i * 5 & 7], i) or ())
    return out
def one(f, args, n):
    t = 0
    for i in range(n):
        t += f(args[i % len(args)], i)
    return t
for _ in range(3):
    print(outer(200), one(nested, R, 300), one(whiles, [0, 1, 2, 1, 3, 1], 300), one(same, [[1], [2], [1, 2], [3], [1, 2, 3, 4]], 300), one(ranges, [1, 2, 1, 3, 1], 300))
