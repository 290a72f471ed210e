"""sympy: expansion, factoring, derivatives, integrals, equations, matrices, series. Immutable trees, dunder methods, caches."""
import sympy as sp

x, y, z = sp.symbols("x y z")
for k in (1, 2, 3, 4, 5):
    print(sp.expand((x + 2 * y - k * z) ** 7).coeff(x, 3))
    print(sp.factor(sp.expand((x - k) * (x + 3) ** 2 * (x ** 2 + 1))))
    print(sp.diff(sp.sin(k * x ** 2) * sp.exp(-x) / (1 + x ** 2), x, 2))
    print(sp.integrate(k * x ** 2 * sp.exp(k * x) + x * sp.cos(x), x))
    print(sp.solve([x + y + z - 6 * k, x - y + 2 * z - 5, 3 * x + y - z - 2], [x, y, z]), sp.solve(x ** 4 - 5 * x ** 2 + 4 * k, x))
    print(sp.Matrix(4, 4, lambda i, j: x ** i + k * j).det(), sp.Matrix([[2, 1, 0], [1, 3, 1], [0, 1, 4]]).inv())
    print(sp.series(sp.tan(k * x), x, 0, 8))
    print(sp.simplify((sp.sin(x) ** 2 + sp.cos(x) ** 2) * (x ** 2 - k ** 2) / (x - k)))
    print(sp.gcd(sp.expand((x + y) ** 5 * (x - k * y)), sp.expand((x + y) ** 3)))
