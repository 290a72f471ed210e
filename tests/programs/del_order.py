"""Objects with __del__ are released exactly where CPython releases them."""

log = []


class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        log.append(self.n)


def use(d):
    log.append(("use", d.n))
    return d.n


def rebind(n):
    x = None
    for i in range(n):
        x = D(i)
        log.append(("made", i))
    log.append("end")


def temporaries(n):
    for i in range(n):
        log.append(D(i).n + 1000)
        use(D(i))
        D(i)


def containers(n):
    for i in range(n):
        l = [D((i, 0)), D((i, 1))]
        t = (D((i, 2)), l)
        l = None
        log.append("list let go")
        del t
        d = {"k": D((i, 3))}
        d["k"] = D((i, 4))
        log.append("replaced")
        d.clear()
        log.append("cleared")


def overwrite_item(n):
    l = [None]
    for i in range(n):
        l[0] = D(i)
        log.append("stored")


def attribute(n):
    class H:
        pass
    h = H()
    for i in range(n):
        h.d = D(i)
        log.append("set")


def arguments(n):
    def f(d):
        d = None
        log.append("rebound in callee")
        return 1

    def g(d):
        return 2
    for i in range(n):
        f(D(i))
        g(D(-i))
        log.append("after")


def return_value(n):
    def f(i):
        return D(i)
    for i in range(n):
        f(i)
        log.append("dropped")
        y = f(i + 0.5)
    log.append("out")


def conditional(n):
    keep = []
    for i in range(n):
        x = D(i)
        if i % 10 == 0:
            keep.append(x)
    log.append("kept %d" % len(keep))
    del x
    log.append("x gone")
    del keep[:]
    log.append("keep gone")


def swapping(n):
    a, b = D("a"), D("b")
    for i in range(n):
        a, b = b, a
        if i % 20 == 19:
            a = D(i)
            log.append("replaced")


def in_expression(n):
    class A(D):
        def __add__(self, o):
            log.append("add")
            return A(self.n + o.n)

        def __lt__(self, o):
            return self.n < o.n

        def __bool__(self):
            return self.n % 2 == 0
    for i in range(n):
        s = A(1) + A(2) + A(3)
        log.append("sum")
        if A(i) < A(5):
            log.append("less")
        if A(i):
            log.append("true")


def exception(n):
    def f(i):
        d = D(i)
        raise ValueError
    for i in range(n):
        try:
            f(i)
        except ValueError as e:
            log.append("handler")
        log.append("after")


def loop_variable(n):
    for d in (D(i) for i in range(n)):
        log.append("body")
    for d in [D(i) for i in range(5)]:
        pass
    log.append("still one")


for f, n in ((rebind, 80), (temporaries, 60), (containers, 60), (overwrite_item, 60), (attribute, 60), (arguments, 60), (return_value, 60), (conditional, 60), (swapping, 100),
             (in_expression, 60), (exception, 60), (loop_variable, 60)):
    log.clear()
    f(n)
    print(f.__name__, len(log), log)
