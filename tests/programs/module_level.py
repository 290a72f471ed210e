"""Hot loops at module level: globals as loop variables, new names appearing, names deleted."""
total = 0
for i in range(500):
    total += i * 2
print(total, i)

x = 0.5
while x < 1000.0:
    x = x * 1.01 + 0.1
print(x)

for i in range(100):
    globals()["name%d" % i] = i
print(name50 + name99, len([k for k in globals() if k.startswith("name")]))

for i in range(60):
    del globals()["name%d" % i]
    if i > 55:
        fresh = i
print(fresh, "name10" in globals(), name70)

data = [3, 1, 2] * 40
for j in range(len(data)):
    for k in range(j):
        if data[k] > data[j]:
            data[k], data[j] = data[j], data[k]
print(data[:3], data[50], data[-1])

s = 0
for i in range(100):
    def f(a, b=i):
        return a + b
    s += f(1)
print(s)

acc = []
for i in range(70):
    if i % 2:
        continue
    if i > 60:
        break
    acc.append(i)
else:
    acc.append("else")
print(acc[-2:], i)

for i in range(80):
    try:
        s += undefined
    except NameError as e:
        message = str(e)
        if i == 50:
            undefined = 1
print(message, s)


class Scope:
    t = 0
    for q in range(100):
        t += q
    del q


print(Scope.t, hasattr(Scope, "q"))

import sys
ns = {"__name__": "inner"}
exec("n = 0\nfor i in range(200):\n    n += i\n    if i == 150:\n        m = n\n", ns)
print(ns["n"], ns["m"])
print([k for k in dir() if not k.startswith("_") and not k.startswith("name")])
