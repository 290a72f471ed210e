"""Coroutines and generators that nobody but an await or a yield from resumes."""

class Later:
    def __await__(self):
        got = yield 1
        return got or 0

async def leaf(n):
    s = 0
    for i in range(n % 7):
        s += i * n
    return s

async def middle(n):
    a = await leaf(n)
    if n % 5 == 0:
        a += await Later()
    if n % 97 == 0:
        raise ValueError(n)
    return a + 1

async def top(n):
    s = 0
    for i in range(n):
        try:
            s += await middle(i)
        except ValueError as e:
            s -= e.args[0]
            del e
    return s

def run(c):
    sent = None
    k = 0
    while True:
        try:
            c.send(sent)
        except StopIteration as e:
            return e.value, k
        k += 1
        sent = k % 3

def inner(n):
    x = 0
    while x < n:
        got = yield x
        x += 1 if got is None else 2
    return x

def outer(n):
    t = 0
    for i in range(n):
        t += yield from inner(i % 9)
    return t

def drive(n):
    g = outer(n)
    s = 0
    while True:
        try:
            s += next(g)
        except StopIteration as e:
            return s, e.value

for r in range(6):
    print(run(top(3000)), drive(2500))
c = top(50)
c.send(None)
try:
    c.throw(KeyError("x"))
except KeyError as e:
    print("key", e, e.__traceback__.tb_next.tb_lineno, c.cr_frame)
c = top(50); c.send(None); c.close()
g = outer(20); next(g); g.close()
