"""mpmath: floating point of many digits in Python: constants, functions, integrals, roots, linear algebra."""
from mpmath import findroot, gamma, lu_solve, matrix, mp, mpf, nsum, pi, polyroots, quad, sin, zeta

mp.dps = 50
print(+pi, zeta(3), gamma(mpf(1) / 3))
print(quad(lambda x: sin(x) * x ** 2, [0, 1, pi]))
print(findroot(lambda x: x ** 3 - 2 * x - 5, 2))
print([str(r)[:30] for r in polyroots([1, -6, 11, -6, 3, 2], maxsteps=200, extraprec=200)])
print(nsum(lambda n: 1 / (n ** 2 + 1), [0, mp.inf]))
A = matrix(14, 14)
for i in range(14):
    for j in range(14):
        A[i, j] = mpf(1) / (i + 2 * j + 1) + (i == j)
print(lu_solve(A, matrix(list(range(14))))[3])
total = mpf(0)
for n in range(1, 100_000):
    total += mp.sqrt(n) / (n + mp.log(n))
print(total)
