# Every sort of instruction with a number as its operand that has not been made an object yet; errors by their texts.
def ff(*a, **k): return (a, k)
class X:
    def __enter__(self): return 1
    def __exit__(self, *a): return False
tests = """
a, b = n
a, *b = n
[*n]
{*n}
{**n}
ff(**n)
ff(*(1,), **n)
ff(*[1], *n)
n.x = 1
n.x
del n.x
n.real
n.bit_length()
n.is_integer()
n[0]
n[0:1]
n[0] = 1
n[0:1] = []
del n[0]
1 in n
n in [1, n]
n in {1: 2}
n in 'abc'
for q in n: pass
[q for q in n]
with n: pass
n()
n(1)
n(k=1)
n(**{'a': 1}, **{'b': 1})
f'{n}'
f'{n!r:>{10}}'
f'{n:x}'
f'{n:{n}}'
-n
~n
not n
n is None
n is n
n == n
n < 'a'
n @ n
super(X, n).x
isinstance(n, n)
isinstance(n, (int, n))
isinstance(n, int)
len(n)
match n:#            case [a, b]: pass#            case {'k': v}: pass#            case X(): pass#            case int(q): r = q
class Y(n): pass
lambda q=n: q
{n: n, **{}}
{n, *()}
(n, *())
slice(n, n, n)
[0, 1, 2][n:n]
'abc'[n]
[1,2][n]
import math; math.gcd(n, 4)
round(n, 1)
max(n, 5, 7)
abs(n)
str(n)
divmod(n, 7)
pow(n, 2)
pow(n, 2, 7)
range(n)
for q in range(n, n + 2): r = q
int(n); float(n); bool(n); complex(n)
hash(n)
print(n, end='')
getattr(n, 'real')
{}.get(n)
{'a': 1}.get('a', n) is n
{'a': 1}.get('b', n) is n
[].append(n)
{}.setdefault(n, n)
[n].index(n)
(n, n)[0] is (n, n)[1]
n.__class__
n.__add__(n)
type(n)
del n
""".strip().split('\n')
for expr in ("i + 1000", "i * 1.5", "(i + 1) << 62", "i"):
  for t in tests:
    t = t.replace('#', '\n')
    simple = '\n' not in t and not t.startswith(('for', 'with', 'class', 'match', 'import', 'a,', 'n.', 'del', 'n[', 'int(')) 
    for wrap in (0, 1):
        body = t.replace("n", "n")
        if wrap:
            src = "def g(i):\n    n = %s\n    try:\n        %s\n    except Exception as e: return type(e).__name__ + str(e)\n    return None\ndef f(k):\n    o = []\n    for i in range(k):\n        o.append(g(i))\n    return o\n" % (expr, t.replace('\n            ', '\n            '))
        else:
            src = "def f(k):\n    o = []\n    for i in range(k):\n        try:\n            n = %s\n            %s\n        except Exception as e: o.append(type(e).__name__ + str(e))\n    return o\n" % (expr, t.replace('\n            ', '\n                '))
        ns = {'ff': ff, 'X': X, 'print': lambda *a, **k: None}
        try: exec(src, ns)
        except SyntaxError as e: print('syntax', t, e); continue
        print(expr, repr(t), wrap, flush=True)
        r = ns['f'](6)
        print(r)
    # the operand directly
    if simple:
        import re
        src = "def f(k):\n    o = []\n    for i in range(k):\n        try:\n            o.append(str(%s))\n        except Exception as e: o.append(type(e).__name__ + str(e))\n    return o\n" % re.sub(r'\bn\b', '(' + expr + ')', t)
        ns = {'ff': ff, 'X': X, 'print': lambda *a, **k: None}
        try: exec(src, ns)
        except SyntaxError as e: continue
        print(expr, repr(t), 'direct', flush=True)
        r = ns['f'](6)
        print([re.sub('0x[0-9a-f]+', '', str(x)) for x in r])
