# Somebody begins to evaluate frames in another way (PEP 523), within loops that are compiled: it sees every call.
try:
    import _testinternalcapi as internal
except ImportError:     # a Python without its tests
    internal = None

def inner(x): return x + 1
class C:
    def m(self, x): return x * 2
    def __getitem__(self, i): return i
def calls(i, o): return inner(i) + o.m(i) + o[i]
def nested(i, o):
    t = 0
    for k in range(6): t += inner(k) + o.m(i)
    return t
def run(n, f):
    seen = []; o = C(); t = 0; log = []
    for i in range(n):
        if i == n // 2: internal.set_eval_frame_record(seen)
        t += f(i, o)
        if i == n // 2 + 20: internal.set_eval_frame_default()
        if i == n // 2 + 30: log.append(len(seen))
    return t, log, len(seen), seen[:8]
if internal:
    for f in calls, nested:
        print(run(100, f), run(400, f), run(100, f))
