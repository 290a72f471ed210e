"""Product of matrices as nested lists: floats, then ints."""


def matmul(a, b):
    n, m, p = len(a), len(b), len(b[0])
    c = []
    for i in range(n):
        ai = a[i]
        row = [0] * p
        for j in range(p):
            s = 0
            for k in range(m):
                s += ai[k] * b[k][j]
            row[j] = s
        c.append(row)
    return c


def make(n, f):
    return [[f(i, j) for j in range(n)] for i in range(n)]


n = 230
a = make(n, lambda i, j: (i - j) * (i + j) / n / n)
b = matmul(a, a)
print(b[n // 2][n // 2], sum(map(sum, b)))
k = make(200, lambda i, j: (i * 7 + j * 3) % 11)
print(sum(map(sum, matmul(k, k))))
