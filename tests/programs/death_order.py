# Objects die when, in the order, and at the line where the interpreter lets them die: every instruction with dying operands.
import itertools
import operator
import sys

log = []
looking = [False]


class T:
    """Says when it dies, and what its killer's frame looks like."""

    def __init__(self, name):
        self.name = name

    name = "?"

    def __del__(self):
        if looking[0]:
            f = sys._getframe(1)
            log.append(f"{self.name}@{f.f_code.co_name}:{(f.f_lineno or 0) - f.f_code.co_firstlineno}:{f.f_lasti}")
        else:       # nobody makes a frame object: native code goes on
            log.append(self.name)

    def __lt__(self, other): return B(f"{self.name}<{other.name}")
    def __eq__(self, other): return True
    def __add__(self, other): return (self.name,)
    def __neg__(self): return 1
    def __invert__(self): return 2
    def __contains__(self, other): return True
    def __setitem__(self, k, v): pass
    def __delitem__(self, k): pass
    def __bool__(self): return True
    def __iter__(self): return iter(())


class H(T):
    def __hash__(self): return 1


class G(T):
    def __getitem__(self, k):
        self = None
        log.append("in_getitem")
        k = None
        return 1


class C:
    def __init__(self, n): self.left = n
    def __iter__(self): return self

    def __next__(self):
        if not self.left:
            raise StopIteration
        self.left -= 1
        return T(self.left)


changed = {}


def two():
    for _ in (): pass
    for _ in (): pass
    changed.clear()
    changed.update({"a": T(1), "b": T(2), "c": T(3)})
    return changed


class L(list):
    def __getitem__(self, k): return list.__getitem__(self, k)


class B:
    def __init__(self, name): self.name = name

    def __bool__(self):
        log.append("bool")
        return True

    def __del__(self): log.append("~" + self.name)


def made(cls):      # a function that is called, not followed into: it has two loops
    def make(*names):
        for _ in (): pass
        for _ in (): pass
        return cls(*names)
    return make


mk, mkh, mkg = made(T), made(H), made(G)
ls = made(lambda *names: [T(x) for x in names])
lsub = made(lambda *names: L(T(x) for x in names))
tu = made(lambda *names: tuple([T(x) for x in names]))
di = made(lambda k, v: {H(k): T(v)})
method = made(lambda n, name: getattr([T(n)], name))


def called(p, q):
    for _ in (): pass
    for _ in (): pass
    r = mk(3)
    p = None
    q = mk(4)
    r = 5
    return p


def followed(p, q):
    r = mk(3)
    s = mk(4)
    return p


def followed2(p, q):
    r = mk(3)
    p = None
    q = mk(4)
    r = 5
    return p


def outer(p, q):
    followed(mk(5), p)
    return q


BODIES = """
is_: x = mk(1) is mk(2)
is_not: x = mk(1) is not mk(2)
add: mk(1) + mk(2)
add_int: mk(1) + 5
lt: mk(1) < mk(2)
lt_if: if mk(1) < mk(2): pass
eq: mk(1) == mk(2)
neg: -mk(1)
inv: ~mk(1)
not_: not mk(1)
contains: mk(1) in mk(2)
not_contains: mk(1) not in mk(2)
setitem: mk(1)[mk(2)] = mk(3)
set_list: ls(1, 2)[0] = mk(3)
set_list_neg: ls(1, 2)[-1] = mk(3)
set_dict: di(1, 2)[mkh(3)] = mk(4)
set_dict_new: {}[mkh(3)] = mk(4)
delitem: del mk(1)[mk(2)]
del_dict: del di(1, 2)[mkh(3)]
getitem: mkg(1)[mk(2)]
get_list: ls(1, 2)[0]
get_list_sub: lsub(1, 2)[0]
get_tuple: tu(1, 2)[1]
get_dict: di(1, 2)[mkh(3)]
slice_: mkg(1)[mk(2):mk(3)]
slice_list: ls(1, 2)[0:1]
unpack: a, b = tu(1, 2)
unpack_list: a, b, c = ls(1, 2, 3)
call_fast: isinstance(mk(1), T)
call_o: repr(mk(1))
call_2: operator.is_(mk(1), mk(2))
call_3: operator.setitem(mk(1), mk(2), mk(3))
call_max: max(mk(1), mk(2))
call_method: method(1, 'append')(mk(2))
call_method_2: method(1, 'insert')(0, mk(2))
call_method_0: method(1, 'copy')()
call_method_index: method(1, 'index')(mk(2))
list_append: ls(1, 2).append(mk(3))
list_append_value: x = ls(1, 2).append(mk(3))
list_insert: ls(1, 2).insert(0, mk(3))
list_index: ls(1, 2).index(mk(3))
dict_get: di(1, 2).get(mkh(3), mk(4))
dict_pop: di(1, 2).pop(mkh(3), mk(4))
dict_setdefault: {}.setdefault(mkh(3), mk(4))
type_1: type(mk(1))
tuple_: tuple((mk(1), mk(2)))
list_: list((mk(1), mk(2)))
str_: str(mk(1)) and 0
range_: range(3) == mk(1)
build: (mk(1), mk(2))
build_list: [mk(1), mk(2)]
listcomp: [mk(k) for k in (1, 2)]
extend: [mk(1), *tu(2, 3)]
iter_: for k in mk(1): pass
iter_list: for k in ls(1, 2): pass
iter_tuple: for k in tu(1, 2): pass
iter_dict: for k in di(1, 2): pass
iter_values: for k in di(1, 2).values(): k = None
iter_items: for k in di(1, 2).items(): k = None
iter_items_2: for k, v in di(1, 2).items(): k = v = None
iter_changed: for k, v in two().items(): changed[k] = None; v = None; log.append("turn")
iter_set: for k in {mkh(1)}: k = None
iter_range: for k in range(2): mk(k)
iter_zip: for k in zip(ls(1, 2), tu(3, 4)): k = None
iter_enumerate: for k in enumerate(ls(1, 2)): k = None
iter_reversed: for k in reversed(ls(1, 2)): k = None
iter_map: for k in map(type, ls(1, 2)): k = None
iter_kept: for k in iter(tu(1, 2)): k = mk(3)
iter_own: for k in C(2): k = None
pop_top: mk(1)
fstring: f'{mk(1) and 5}{mk(2) and 6}'
local: a = mk(1); a = mk(2); a = None
local2: a, b = mk(1), mk(2); a, b = mk(3), mk(4)
cond: mk(1) and mk(2) or mk(3)
none: if mk(1) is None: pass
chain: mk(1) < mk(2) < mk(3)
ternary: (mk(1) if mk(2) else mk(3))
global_: global gl; gl = mk(1)
followed: followed(mk(1), mk(2))
followed2: followed2(mk(1), mk(2))
nested: outer(mk(1), mk(2))
called: called(mk(1), mk(2))
slot: fixed[0] = mk(1)
slot2: fixed[-1] = mk(1); fixed[1] = None
"""

RAISING = """
r_add: mk(1) - mk(2)
r_lt: mk(1) > mk(2)
r_getitem: mk(1)[mk(2)]
r_setitem: 5 .__class__[mk(2)] = mk(1)
r_slice: mk(3)[mk(1):mk(2)]
r_dict: {}[mk(1)] = mk(2)
r_dict_get: {}[mk(1)]
r_dict2: di(1, 2)[mk(3)] = mk(4)
r_del: del di(1, 2)[mk(3)]
r_contains: mk(1) in 5
r_contains2: mk(1) in {}
r_call: operator.sub(mk(1), mk(2))
r_call_o: abs(mk(1))
r_isinstance: isinstance(mk(1), mk(2))
r_method: method(1, 'index')(mk(2), mk(3), mk(4))
r_insert: ls(1, 2).insert(mk(3), mk(4))
r_stack: (mk(1), mk(2), mk(3) - mk(4))
r_len: len(mk(1))
r_args: mkargs(mk(1), mk(2))
r_args2: mk(mk(1), mk(2))
r_unpack: a, b = tu(1, 2, 3)
r_neg: (mk(1), +mk(2))
"""


def mkargs(a):
    for _ in (): pass
    for _ in (): pass


def deref(n):
    x = None
    def g():
        nonlocal x
        x = None
    for i in range(n):
        x = mk(1)
        x = mk(2)
        log.append('|')


def run(name, function):
    """Prints what each turn logged, equal ones behind one another once. The first turns are not looked at: not specialized yet."""
    for looking[0] in False, True:
        log.clear()
        function(40 - 20 * looking[0])
        turns = [turn.split() for turn in " ".join(map(str, log)).split("|")][6:-1]
        seen = [f"{len(list(group))} times {' '.join(turn)}" for turn, group in itertools.groupby(turns)]
        print(name, *seen[:5], len(seen))


fixed = [None, None]
for line in BODIES.strip().splitlines():
    name, body = line.split(": ", 1)
    head = ""
    if body.startswith("global gl; "):
        head, body = "    global gl\n", body[11:]
    exec(f"def {name}(n):\n{head}    for i in range(n):\n        {body}\n        log.append('|')\n", globals(), scope := {})
    run(name, scope[name])
for line in RAISING.strip().splitlines():
    name, body = line.split(": ", 1)
    exec(f"def {name}(n):\n    for i in range(n):\n        try:\n            {body}\n        except Exception as e:\n            log.append(type(e).__name__)\n        log.append('|')\n",
         globals(), scope := {})
    run(name, scope[name])
run("deref", deref)


def flat(n):
    x = y = None
    for i in range(n):
        x = mk(1)
        y = mk(2)
        log.append('|')


run("flat", flat)
T.__del__ = lambda self: None
