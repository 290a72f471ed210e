# Deaths in attribute accesses: what dies when, and what it sees.
import weakref, sys

log = []
class Loud:
    def __init__(self, name): self.name = name
    def __del__(self): log.append(self.name)
class Holder:
    def __init__(self, v): self.v = v
class Slots:
    __slots__ = "v", "__weakref__"
    def __init__(self, v): self.v = v
class Looks:
    def __init__(self, of): self.of = of
    def __del__(self): log.append(("sees", type(self.of.v).__name__))

def temporaries(n):
    for i in range(n):
        x = Holder(Loud(i)).v
        log.append("-")
        y = Holder(Loud("m%d" % i)).v.name
        log.append(y)
    return len(log)
def replaced(n):
    h = Holder(None); s = Slots(None)
    for i in range(n):
        h.v = Loud(("h", i))
        log.append("+")
        s.v = Loud(("s", i))
        h.v = i
        Holder(3).v = Loud(("t", i))
    return len(log)
def looked(n):
    h = Holder(None)
    for i in range(n):
        h.v = Looks(h)
        h.v = i
        h.v = None
def changes_class(n):
    class C:
        x = 1
        def __init__(self): self.v = None
    class Changer:
        def __del__(self): C.x += 1
    c = C(); t = 0
    for i in range(n):
        c.v = Changer() if i % 7 == 3 else i
        t += c.x
    return t
def drops_dict(n):
    class Dropper:
        def __init__(self, h): self.h = h
        def __del__(self): self.h.__dict__ = {"v": "new", "w": 1}
    t = []
    for i in range(n):
        h = Holder(0); h.w = 2
        h.v = Dropper(h) if i % 11 == 7 else i
        h.v = i
        t.append((h.v, h.w))
    return t[:30], len(t)
def linked(n):
    class Node:
        def __init__(self, next, v): self.next = next; self.v = v
    head = None
    for i in range(50): head = Node(head, i)
    t = 0
    for k in range(n):
        p = head
        while p is not None:
            t += p.v
            p.v = t % 97
            p = p.next
    return t
def weak(n):
    s = Slots(1); r = weakref.ref(s); t = 0
    for i in range(n):
        t += r().v
        s.v = i
        if i % 20 == 19: s = Slots(i); r = weakref.ref(s)
    return t
def counts(n):
    o = Loud("kept"); h = Holder(o); seen = set()
    for i in range(n):
        x = h.v
        seen.add(sys.getrefcount(o))
        h.v = x
    return sorted(seen)
def unset(n):
    r = []
    for i in range(n):
        s = Slots(i)
        if i % 5 == 4: del s.v
        try: r.append(s.v)
        except AttributeError as e: r.append(str(e))
    return r[:12], len(r)

print(temporaries(200)); print(log[:30]); log.clear()
print(replaced(200)); print(log[:30], len(log)); log.clear()
looked(200); print(log[:8], len(log)); log.clear()
print(changes_class(300), drops_dict(200), linked(60), weak(300), counts(100), unset(200))
