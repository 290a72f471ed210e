# The collector runs whenever it can, and its callback runs another compiled loop: no exit is disturbed. The functions are made anew in each
# round and run first on a way that leaves nowhere, so that the exits taken then go to the interpreter.
import gc

SOURCE = '''
def big(n, when, p=0, q=0, r=0, d=0, e=0, f=0, g=0, h=0):       # products, sums and differences beyond 64 bits that exits make
    seed = 12345
    out = []
    junk = []
    for i in range(n):
        d = i * 5
        e = i * 0.25
        f = i ^ 3
        g = d + f
        h = g * 3
        junk.append([i]); junk.append([i, i])
        p = (seed | 1 << 62) * 6364136223846793005
        q = (seed | 1 << 62) + (d | 1 << 62)
        r = (-5 - d) - (seed | 1 << 62)
        if i % 97 == when:
            out.append((d, e, f, g, h, i))
            out.append((p, q, r))
        seed = (p & 0x7fffffffffffffff) ^ (q & 0x3fffffffffffffff) ^ (r & 0xfffffff)
        p = q = r = 0
    return seed, d, e, f, g, h, out

def use(p, d, l, when):
    t = d * 3
    u = t * 0.5
    if d % 97 == when:
        return l[0] + t + int(u)
    return (p & 0x7fffffffffffffff) ^ t

def inlined(n, when):                   # the same in an inlined call, with objects at hand
    lists = [[1, 2], [3, 4]]
    seed = 12345
    junk = []
    for i in range(n):
        junk.append([i]); junk.append([i, i])
        seed = use((seed | 1 << 62) * 6364136223846793005, i, lists[i & 1], when)
    return seed

class Noted:
    def __init__(self, i):
        self.i = i
    def __del__(self):
        other(self.i % 5 + 40)
        noted.append(self.i)
noted = []

def dropped(n, when):                   # the last reference to an object goes with the exit
    x = 0.5
    total = 0
    o = p = None
    for i in range(n):
        x = x * 0.75 + i
        total += i * 3
        if i % 97 == when:
            o = Noted(i)
            p = [o, x, total]
            o = None
            p = x
    return x, total, noted

def fails(i, x, when):
    y = x * 2.0
    if i % 97 == when:
        raise ValueError(i, y)
    return i + int(y)

def raising(n, when):                   # an exception out of an inlined call, with a handler
    total = 0
    x = 1.5
    lines = []
    for i in range(n):
        x += 0.25
        try:
            total += fails(i, x, when)
        except ValueError as error:
            tb = error.__traceback__
            lines.append((error.args, tb.tb_lineno, tb.tb_next.tb_lineno))
    return total, x, lines

def ending(n, when):                    # iterators that end
    total = 0
    x = 0.5
    for i in range(n):
        x += i * 0.5
        for a in (1, 2, 3)[:3 if i % 97 == when else 1]:
            total += a * i
        for b in [i, i + 1][:2 if i % 97 == when else 1]:
            total -= b
        for c in range(5 if i % 97 == when else 2):
            total += c
    return total, x

def shared(n, when):                    # slots that share a value, and change places
    a = b = c = 0
    x = y = 0.0
    out = []
    for i in range(n):
        a, b, c = i * 7777, a, b
        x, y = a * 0.5, x
        z = x
        if i % 97 == when:
            out.append((a, b, c, x, y))
            a, b = c, a
            out.append((a is c, z is x, y))
    return a, b, c, x, y, out

def other(n):
    a = b = c = d = e = f = g = h = j = k = l = m = 1
    for i in range(n):
        a += 1; b += a; c += b & 1; d ^= c; e += d & 3; f -= e; g += 5; h += g & 7; j -= h; k ^= j; l += k & 1; m -= l
        b &= 65535
    return a, b, c, d, e, f, g, h, j, k, l, m
'''
calls = 0


def callback(phase, info):
    global calls
    calls += 1
    names["other"](40)


gc.callbacks.append(callback)
for when in range(3, 17, 2):
    gc.set_threshold(0)
    names = {}
    exec(SOURCE, names)
    names["other"](200)
    for kind in "big", "inlined", "dropped", "raising", "ending", "shared":
        gc.set_threshold(0)
        names[kind](150, -1)
        gc.set_threshold(1)
        print(kind, names[kind](when + 30, when), names[kind](97 + when + 2, when))
gc.set_threshold(1000)
gc.callbacks.remove(callback)
print(calls > 100)
