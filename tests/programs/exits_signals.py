# A signal handler raises while compiled loops run and leave: its exception arrives, each time, and arithmetic goes on right.
import signal
import time

raised = caught = wrong = 0


class Tick(Exception):
    pass


def on(number, frame):
    global raised
    raised += 1
    raise Tick


SOURCE = """
def f(p, n, k):
    x = 1
    for i in range(n):
        p = (x | 1 << 62) * 6364136223846793005
        if i % 3 == k:
            i = 0
        x = p & 0x7fffffffffffffff
        p = 0
    return x

def g(x, n):
    for i in range(n):
        x = h(x + 0.5, i)
    return x

def h(x, i):
    if i % 7 == 5:
        return float(str(x))
    return x
"""

signal.signal(signal.SIGALRM, on)
for turn in range(300):
    names = {}
    exec(SOURCE, names)
    f, g = names["f"], names["g"]
    f(0, 1000, -1)
    if not turn:
        expected = {q: f(0, 60, q) for q in range(3)} | {3: g(0.0, 60)}
    results = []
    try:
        signal.setitimer(signal.ITIMER_REAL, 3e-5 + turn % 50 * 2e-6)
        for q in range(20):
            results.append((q % 3, f(0, 60, q % 3)))
            results.append((3, g(0.0, 60)))
        for q in range(50):
            time.sleep(0.0005)
    except Tick:
        caught += 1
    signal.setitimer(signal.ITIMER_REAL, 0)
    for key, result in results:
        wrong += expected[key] != result
print(raised - caught, "exceptions lost,", wrong, "results wrong,", raised > 0)
print(expected)
