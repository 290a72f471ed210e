# A product beyond 64 bits is made by an exit: what the collector and its callback's compiled loop do meanwhile disturbs no other value.
import gc


def other(n):
    a = b = c = d = e = f = g = h = j = k = l = m = 1
    for i in range(n):
        a += 1; b += a; c += b & 1; d ^= c; e += d & 3; f -= e; g += 5; h += g & 7; j -= h; k ^= j; l += k & 1; m -= l
        b &= 65535
    return a, b, c, d, e, f, g, h, j, k, l, m


def callback(phase, info):
    other(40)


def hot(p, n, k, d=0, e=0, f=0, g=0):
    seed = 12345
    bad = 0
    big = []
    for i in range(n):
        d = i * 5
        e = i * 0.25
        f = i ^ 3
        g = d + f
        big.append([i])
        p = (seed | 1 << 62) * 6364136223846793005
        if i % 97 == k:
            bad += d != i * 5 or e != i * 0.25 or f != i ^ 3 or g != d + f
        seed = p & 0x7fffffffffffffff
        p = 0
    return seed, bad


def use(p, d, l, k):
    t = d * 3
    if d % 97 == k:
        return l[0] + t
    return (p & 0x7fffffffffffffff) ^ t


def inlined(n, k, lists):
    seed = 12345
    big = []
    for i in range(n):
        big.append([i])
        seed = use((seed | 1 << 62) * 6364136223846793005, i, lists[i & 1], k)
    return seed


lists = [[1, 2], [3, 4]]
other(1000)
print(hot(0, 1000, -1), inlined(1000, -1, lists))
gc.callbacks.append(callback)
gc.set_threshold(1)
print(hot(0, 1000, 5), hot(0, 1000, 7))
print(inlined(1000, 5, lists), inlined(1000, 7, lists))
