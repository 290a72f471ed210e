"""sympy: expansion, factoring, derivatives, integrals, equations, matrices, series. Immutable trees, dunder methods, caches."""
import sympy as sp

x, y, z = sp.symbols("x y z")
print(sp.expand((x + 2 * y - z) ** 7).coeff(x, 3))
print(sp.factor(sp.expand((x - 1) * (x + 3) ** 2 * (x ** 2 + 1))))
print(sp.diff(sp.sin(x ** 2) * sp.exp(-x) / (1 + x ** 2), x, 2))
print(sp.integrate(x ** 2 * sp.exp(x) + x * sp.cos(x), x))
print(sp.solve([x + y + z - 6, x - y + 2 * z - 5, 3 * x + y - z - 2], [x, y, z]), sp.solve(x ** 4 - 5 * x ** 2 + 4, x))
print(sp.Matrix(4, 4, lambda i, j: x ** i + j).det(), sp.Matrix([[2, 1, 0], [1, 3, 1], [0, 1, 4]]).inv())
print(sp.series(sp.tan(x), x, 0, 8))
print(sp.simplify((sp.sin(x) ** 2 + sp.cos(x) ** 2) * (x ** 2 - 1) / (x - 1)))
print(sp.gcd(sp.expand((x + y) ** 5 * (x - y)), sp.expand((x + y) ** 3)))
