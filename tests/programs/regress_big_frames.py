"""More locals, operands and references to release than an instruction usually has."""
names = [f'a{i}' for i in range(100)]
src = 'def g(x):\n' + ''.join(f'    {n} = [x]\n' for n in names) + '    return x\n'
exec(src)
def f():
    s = 0
    for i in range(50):
        s += g(i)
    return s
print(f())
src = 'def h(' + ', '.join(names) + '):\n    return a0\n'
exec(src)
exec('def f2():\n    s = 0\n    for i in range(50):\n        s += h(' + ', '.join('[i]' for n in names) + ')[0]\n    return s\n')
print(f2())
for n in (3, 60, 70, 130, 200, 250):
    names = ', '.join(f'v{i}' for i in range(n))
    src = f'''
def f():
    s = 0
    for k in range(40):
        {names} = list(range(k, k + {n}))
        s += v0 + v{n-1}
    return s
def g():
    s = 0
    for k in range(40):
        {names} = tuple([k] * {n})
        s += v0 + v{n-1}
    return s
def h(t):
    s = 0
    for k in range(40):
        {names} = t
        [{names}] = {names}
        s += v0 + v{n-1}
    return s
'''
    exec(src)
    print(n, f(), g(), h(tuple(range(n))), h([object] + [1.5] * (n - 1)) if 0 else h([0.5] * n))
for n in (20, 100, 200, 250, 400):
    body = ''.join(f'        v{i} = v{i} + {i}.5\n' for i in range(n))
    init = ''.join(f'    v{i} = 0.0\n' for i in range(n))
    tot = ' + '.join(f'v{i}' for i in range(n))
    src = f'''
def f(call):
{init}
    for k in range(30):
{body}
        call(k)
    return {tot}
def g(lst):
{init}
    for k in range(30):
{body}
        if k == 17:
            lst.append(v3)
    return {tot}
'''
    exec(src)
    out = []
    print(n, f(out.append), f(abs), g(out), len(out))
