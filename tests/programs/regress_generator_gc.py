"""The collector looks at a generator while its loop runs compiled."""
import gc
def gen(data):
    s = 0
    for i in range(60):
        for j in [i, i + 1, [i]]:
            if j == 3:
                s += 1
        for j in data:
            s += j
        gc.collect()
        yield s
def gen2(data):
    s = 0
    for i in range(60):
        for j in iter([[i], [i], [i]]):
            s += 1
        for j in iter([[i], [i], [i]]):
            s += 1
        gc.collect()
        if i % 20 == 19:
            yield s
print(sum(gen([1, 2, 3])), sum(gen((1.5, 2))))
print(sum(gen2([1, 2, 3])), sum(gen2((1.5, 2))))
