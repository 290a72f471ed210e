# Threads with small C stacks, and recursion through compiled loops, inlined calls, handlers and C functions: none needs more than on stock.
import threading


def walk(d):
    s = 0
    for i in range(60):
        s += i
        if i == 58 and d:
            s += walk2(d - 1)
    for i in range(2):
        s ^= i
    return s


def walk2(d):
    s = 0
    for i in range(60):
        s -= i
        if i == 58 and d:
            s += walk(d - 1)
    for i in range(2):
        s ^= i
    return s


def inner(x, d, k):
    y = x * 2
    if x == k:
        return y + down(d - 1) if d else y // (k - k)
    return y


def down(d):
    s = 0
    for i in range(20):
        s += inner(i, d, 17)
    return s


def caught(d):
    try:
        return down(d)
    except ZeroDivisionError as error:
        n = 0
        tb = error.__traceback__
        while tb:
            n += 1
            tb = tb.tb_next
        return n


def endless(d):
    for i in range(20):
        if i == 18:
            depths.append(d)
            return endless(d + 1)


depths = []


def limit():
    depths.clear()
    try:
        endless(0)
    except RecursionError:
        return len(depths)


class Equal:
    def __init__(self, d):
        self.d = d

    def __eq__(self, other):
        for i in range(20):
            if i == 18:
                return self.d == 0 or Equal(self.d - 1) == Equal(0)


def keyed(d):
    s = 0
    for i in range(20):
        if i == 18 and d:
            s += sorted([d - 1], key=keyed)[0] + 1
    return s


def work(depths, through_c):
    for depth in depths:
        print(depth, walk(depth), caught(depth // 2))
    print(limit())
    print(keyed(through_c // 4), Equal(through_c) == Equal(1))


for turn in range(30):
    walk(30)
    caught(3)
    keyed(3)
    Equal(3) == Equal(0)
for size, through_c in (64, 12), (96, 20), (128, 30), (256, 80), (512, 200), (1024, 400):
    print(size)
    threading.stack_size(size << 10)
    thread = threading.Thread(target=work, args=((10, 40, 190, 900), through_c))
    thread.start()
    thread.join()
