"""In which order the instructions of the running CPython (3.13 to 3.15) release their operands: derived by watching objects die.

    python tests/release_order.py            the table, one line a case (tests/release_order/3.*.txt are these of CPython 3.13, 3.14, 3.15)
    python tests/release_order.py NAME ...   only cases whose name begins so
    python tests/release_order.py -s NAME    with each case's statement

A line:

    case  INSTRUCTION  order [cold: order] [raising: order [cold: order]]

INSTRUCTION is what the interpreter made of it after WARM executions; `-`: it is not in the case's own code. `order`: the names of operands (those that the case's statement gives them) as they
die, and other events: `!` is where the exception handler is reached. A death is expected while the instruction is the one that the frame points to (f_lasti)
and that frame is the case's own; else `@` says where it was: `@POP_TOP`, `@callee.RETURN_VALUE`; `@?` where no line belongs to the instruction, `@caller` in
the function that called the case, `@OP'` at another instruction of that name. `cold`: the first execution, where it differs. `raising`: the warm instruction raises for once.

Cases are statements of a language of their own only as far as helpers are called that return operands whose last reference is on the stack then: t('a') makes
an object of a class of Python, i() an int, f a float, s a str, l a list, u a tuple, d a dict, e a set, q a deque (all of subclasses with __del__); pick(x, y, ...)
is x(...), and y(...) in the execution that is to raise; ix(x, y) likewise x or y.
"""
import collections
import dis
import functools
import gc
import operator
import sys
import time
import types

WARM = 300
BAD = False         # the execution that is to raise
LOOKING = False     # __del__ says where it is called from
log = []


class Boom(Exception):
    pass


def dies(name):
    if LOOKING:
        f = sys._getframe(2)
        log.append((name, f.f_code, f.f_lasti, f.f_lineno))
    else:
        log.append(name)


def event(name):
    log.append(name)


def fails():
    if BAD:
        raise Boom


class Named:
    def __del__(self): dies(self.name)


# What C calls lets go of its arguments before it raises: the traceback would keep them.

class T(Named):
    attribute = 7

    def __init__(self, name): self.name = name

    def two(self, other):
        del self, other
        fails()
        return 7

    __add__ = __sub__ = __mul__ = __pow__ = __and__ = __lt__ = __eq__ = __contains__ = two
    __iadd__ = two

    def __hash__(self): return sum(map(ord, self.name))     # the same in every run

    def one(self):
        del self
        fails()
        return 7

    __neg__ = __invert__ = __pos__ = one

    def __bool__(self):
        del self
        fails()
        return True

    def __index__(self):
        del self
        fails()
        return 1

    def __iter__(self):
        del self
        fails()
        return iter(())

    def __str__(self):
        del self
        fails()
        return "t"

    __repr__ = __str__

    def __format__(self, spec):
        del self, spec
        fails()
        return ""

    def __setitem__(self, k, v):
        del self, k, v
        fails()

    def __delitem__(self, k):
        del self, k
        fails()

    def __getattr__(self, name):
        del self
        fails()
        return 7

    def method(self, a):
        return 7

    @property
    def prop(self):
        fails()
        return 7


class Getitem(Named):       # followed into
    def __init__(self, name): self.name = name

    def __getitem__(self, k):
        fails()
        return 7


class GetitemDel(Named):
    def __init__(self, name): self.name = name

    def __getitem__(self, k):
        del k
        fails()
        event("in")
        del self
        return 7


class GetitemGeneral(Named):        # not followed into
    def __init__(self, name): self.name = name

    def __getitem__(*args):
        args = None
        fails()
        return 7


class GetitemStatic(Named):
    def __init__(self, name): self.name = name
    __getitem__ = staticmethod(lambda k: fails() or 7)


class Result:
    def __init__(self, name): self.name = name

    def __bool__(self):
        event("bool")
        fails()
        return True

    def __del__(self): dies(self.name)


class Rich(T):
    def two(self, other):
        del self, other
        return Result("result")

    __lt__ = __eq__ = __contains__ = two
    __hash__ = None


class Peek(Named):
    def __init__(self, name): self.name = name

    def __del__(self):      # what do the variables of who lets go of it hold already?
        held = sys._getframe(1).f_locals
        event(f"{self.name}({' '.join(k + '=' + str(getattr(v, 'name', v)) for k, v in sorted(held.items()) if k in ('x', 'y', 'z'))})")


class PeekGlobal(Peek):
    def __del__(self): event(f"{self.name}(G={G})")


def peeks():
    x, y, z = Peek("x"), Peek("y"), 7


class Poke(Named):
    def __init__(self, name): self.name = name

    def __del__(self):
        sys._getframe(1).f_locals["y"] = 9
        event(self.name)


class H(Named):
    def __init__(self, name): self.name = name
    def __hash__(self): return 1
    def __eq__(self, other): return True


class Plain(Named):
    pass


class Slots:
    __slots__ = "name", "x"
    def __del__(self): dies(self.name)


class Attribute(Named):
    def __init__(self, name): self.name = name

    def __setattr__(self, name, value):
        if name == "name":
            object.__setattr__(self, name, value)
            return
        del self, value
        fails()

    def __delattr__(self, name):
        del self
        fails()


class Greater(Named):
    def __init__(self, name): self.name = name
    def __gt__(self, other): return 7


class Property(Named):
    def __init__(self, name): self.name = name

    @property
    def prop(self):
        fails()
        return 7


class GetAttribute(Named):
    def __init__(self, name): object.__setattr__(self, "name", name)

    def __getattribute__(self, name):
        if name == "name":
            return object.__getattribute__(self, "name")
        del self
        fails()
        return 7


def subclass(base):
    return type(base.__name__.capitalize() + "Sub", (base, ), {"__del__": lambda self: dies(self.name)})


def maker(base):
    cls = subclass(base)

    def make(name, *args):
        o = cls(*args)
        o.name = name
        return o
    return make


def iterable(cls):
    make = maker(cls)
    return lambda name, *items: make(name, items)


i, f, s, b, partial = maker(int), maker(float), maker(str), maker(bytes), maker(functools.partial)
l, u, e, q = iterable(list), iterable(tuple), iterable(set), iterable(collections.deque)
dict_sub = maker(dict)
d = lambda name, *pairs: dict_sub(name, zip(pairs[::2], pairs[1::2]))


class NewEquals(int):       # an int whose comparison raises
    def __del__(self): dies(self.name)
    def __lt__(self, other): fails(); return True
    __eq__ = __gt__ = __lt__
    __hash__ = int.__hash__


def ie(name, v=1):
    o = NewEquals(v)
    o.name = name
    return o


def t(name): return T(name)
def h(name): return H(name)
def rich(name): return Rich(name)
def pick(good, bad, *args): return (bad if BAD else good)(*args)
def ix(good, bad): return bad if BAD else good


def boom():
    if BAD:
        raise Boom
    return 7


def plain(name, **attributes):
    o = Plain()
    o.name = name
    for key in attributes:
        setattr(o, key, attributes[key] and T(attributes[key]))
    return o


def dictful(name, **attributes):        # its attributes are in a dict
    o = Plain()
    o.__dict__
    o.__dict__ = {"name": name}
    for key in attributes:
        setattr(o, key, attributes[key] and T(attributes[key]))
    return o


def slots(name, **attributes):
    o = Slots()
    o.name = name
    for key in attributes:
        setattr(o, key, T(attributes[key]))
    return o


# ---- callables that die ----

def functions():
    def f0(): fails()
    def f1(a): fails()
    def f2(a, b): fails()
    def f3(a, b, c): fails()
    def f3default(a, b=7, c=7): fails()
    def fdefault(a, b, c=7): fails()
    def fargs(*args, **kwargs): fails()
    def fmixed(a, *args, k=7, **kwargs): fails()

    def flocals(a, b):
        c = t("c")
        d = t("d")
        fails()

    def fcells(a, b):
        c = t("c")
        d = t("d")
        e = t("e")
        fails()
        return lambda: (b, d) and 7

    def fdel(a, b):
        del b
        event("in")
        fails()

    def fset(a, b):
        b = a = None
        event("in")
        fails()

    def freturn(a, b):
        c = t("c")
        fails()
        return a

    def fframe(a, b):
        c = t("c")
        sys._getframe()
        fails()

    def fkept(a, b):
        global kept
        c = t("c")
        kept = sys._getframe()
        fails()

    def fstack(a, b):
        c = t("c")
        (t("s1"), t("s2"), boom())

    def fgen(a, b):
        c = t("c")
        yield 7
        fails()

    def fgen0(a, b):
        fails()
        yield 7
    return {f.__name__: f for f in list(locals().values())}


def fn(name, which="f2"):
    f = functions()[which]
    f.x = T(name)
    return f


def bound(name, self, which="f2"): return types.MethodType(fn(name, which), T(self))
def bound_builtin(self): return types.MethodType(operator.is_, T(self))
def free(name, cell):
    x = T(cell)
    def ffree(a, b):
        c = t("c")
        fails()
        x
    ffree.x = T(name)
    return ffree


kept = None


class Call(T):
    def __call__(self, a, b):
        del self, a, b
        fails()


class CallKeep(T):
    def __call__(self, a, b): fails()


class Methods(T):
    def m0(self): fails()
    def m2(self, a, b): fails()

    def m2del(self, a, b):
        del self
        event("in")
        fails()

    @staticmethod
    def st(a, b): fails()

    @classmethod
    def cm(cls, a, b): fails()


def methods(name): return Methods(name)
def call(name): return Call(name)
def call_keep(name): return CallKeep(name)


class NoInit:
    def __del__(self): dies("new")


class Init:
    def __init__(self, a, b): fails()
    def __del__(self): dies("new")


class InitDel:
    def __init__(self, a, b):
        del a, b
        event("in")
        fails()

    def __del__(self): dies("new")


class InitLocals:
    def __init__(self, a, b):
        c = t("c")
        fails()

    def __del__(self): dies("new")


class InitDefault:
    def __init__(self, a, b, c=7): fails()
    def __del__(self): dies("new")


class InitOther:
    def __init__(self, a, b): return ix(None, 7)
    def __del__(self): dies("new")


class New:
    def __new__(cls, a, b):
        del a, b
        fails()
        return object.__new__(cls)

    def __del__(self): dies("new")


class SlotInit:
    __slots__ = "a", "b"

    def __init__(self, a, b):
        self.a, self.b = a, b
        fails()

    def __del__(self): dies("new")


class It(T):
    def __init__(self, name, n=2):
        self.name, self.left = name, n

    def __iter__(self): return self

    def __next__(self):
        if not self.left:
            fails()
            raise StopIteration
        self.left -= 1
        return T(f"v{self.left}")


class ItRaises(It):
    def __next__(self):
        fails()
        return It.__next__(self)


def it(name, n=2): return It(name, n)
def it_raises(name, n=2): return ItRaises(name, n)


class Iterable(T):
    def __iter__(self):
        del self
        fails()
        return It("it")


def itb(name): return Iterable(name)


class Manager(T):
    def __enter__(self): return ix(7, 7)
    def __exit__(self, *a): return None


class ManagerTrue(Manager):
    def __exit__(self, a, b, c): return True


class ManagerEnter(Manager):
    def __enter__(self):
        del self
        fails()
        return T("entered")


class ManagerExit(Manager):
    def __exit__(self, *a):
        del self
        fails()


def manager(name, cls=Manager): return cls(name)


class Spec(Named):
    def __init__(self, name): self.name = name
    def __format__(self, spec): return s("spec", "")


class SpecX(Spec):
    def __format__(self, spec): return s("spec", "x")


def spec(name): return Spec(name)
def spec_x(name): return SpecX(name)


def gen(name, other):
    c = t("c")
    yield 7
    d = t("d")
    yield 8
    fails()


def gen_stack(name, other):
    c = t("c")
    (t("s1"), t("s2"), (yield 7), boom())


def gen_for(name, other):
    for k in It("it"):
        yield 7


def gen_from(sub):
    yield from sub


def gen_started(make, *args):
    g = make(*(T(a) for a in args))
    next(g)
    return g


class Exc(Exception):
    def __del__(self): dies(self.args[0])


class MatchArgs(T):
    __match_args__ = "x", "y"
    def __init__(self, name): self.name, self.x, self.y = name, T("x"), T("y")


def match_args(name): return MatchArgs(name)


def exact(*names): return [T(n) for n in names]
def exact_tuple(*names): return tuple([T(n) for n in names])


CASES = r"""
# ---- BINARY_OP ----
add_user | BINARY_OP | t('L') + t('R')
add_user_int | BINARY_OP | t('L') + 5
add_int_user | BINARY_OP | 5 + pick(i, t, 'R')
sub_user | BINARY_OP | t('L') - t('R')
pow_user | BINARY_OP | t('L') ** t('R')
add_int_sub | BINARY_OP | i('L', 3000) + pick(i, l, 'R')
add_float_sub | BINARY_OP | f('L', 3.0) + pick(f, l, 'R')
add_str_sub | BINARY_OP | s('L', 'x') + pick(s, l, 'R')
add_list_sub | BINARY_OP | l('L') + pick(l, u, 'R')
add_tuple_sub | BINARY_OP | u('L') + pick(u, l, 'R')
mul_str_sub | BINARY_OP | s('L', 'x') * pick(i, l, 'R')
mod_str_sub | BINARY_OP | s('L', ix('x', '%d')) % u('R')
mul_list_int | BINARY_OP | [t('L')] * 0
add_list | BINARY_OP | [t('L')] + [t('R')]
or_dict | BINARY_OP | {h('Lk'): t('Lv')}.__or__({h('Rk'): t('Rv')})
or_dict_op | BINARY_OP | {h('Lk'): t('Lv')}|{h('Rk'): t('Rv')}
and_set | BINARY_OP | {t('L')} & {t('R')}
sub_set | BINARY_OP | {t('L')} - pick(e, l, 'R')
iadd_user | BINARY_OP | x = t('L'); x += t('R')
iadd_item | BINARY_OP | [5, t('L')][ix(1, 1)] + t('R')
iadd_attr | BINARY_OP | plain('O', x='L').x += t('R')
iadd_list | BINARY_OP | x = l('L'); x += pick(l, i, 'R')
iadd_str_sub | BINARY_OP | x = s('L', 'a'); x += pick(s, l, 'R')
nested | BINARY_OP | t('L') + (t('M') + t('R'))
# ---- subscripts ----
sub_list_int | BINARY_SUBSCR/BINARY_OP | [t('C'), 5][ix(1, 9)]
sub_list_own_item | BINARY_SUBSCR/BINARY_OP | [t('C'), t('item')][ix(1, 9)]
sub_list_negative | BINARY_SUBSCR/BINARY_OP | [t('C'), 5][ix(-1, -9)]
sub_list_int_sub | BINARY_SUBSCR/BINARY_OP | [t('C'), 5][i('K', ix(1, 9))]
sub_list_index | BINARY_SUBSCR/BINARY_OP | [t('C'), 5][t('K')]
sub_listsub | BINARY_SUBSCR/BINARY_OP | l('C', 7, 8)[i('K', ix(1, 9))]
sub_list_slice | BINARY_SUBSCR/BINARY_OP | [t('C'), 5][slice(1, ix(2, 'x'))]
sub_list_slice_parts | BINARY_SUBSCR/BINARY_OP | [t('C'), 5][slice(i('A', 1), pick(i, l, 'B'))]
sub_tuple_int | BINARY_SUBSCR/BINARY_OP | (t('C'), 5)[ix(1, 9)]
sub_tuple_negative | BINARY_SUBSCR/BINARY_OP | (t('C'), 5)[ix(-1, -9)]
sub_tuple_int_sub | BINARY_SUBSCR/BINARY_OP | (t('C'), 5)[i('K', ix(1, 9))]
sub_tuplesub | BINARY_SUBSCR/BINARY_OP | u('C', 7, 8)[i('K', ix(1, 9))]
sub_str_int_sub | BINARY_SUBSCR/BINARY_OP | 'abc'[i('K', ix(1, 9))]
sub_strsub | BINARY_SUBSCR/BINARY_OP | s('C', 'abc')[i('K', ix(1, 9))]
sub_bytes | BINARY_SUBSCR/BINARY_OP | b('C', b'abc')[i('K', ix(1, 9))]
sub_dict | BINARY_SUBSCR/BINARY_OP | {7: t('C'), h('K1'): 5}[pick(h, l, 'K')]
sub_dict_own | BINARY_SUBSCR/BINARY_OP | {7: t('C'), h('K1'): t('item')}[pick(h, t, 'K')]
sub_dictsub | BINARY_SUBSCR/BINARY_OP | d('C', h('K1'), 5)[pick(h, t, 'K')]
sub_user_python | BINARY_SUBSCR/BINARY_OP | Getitem('C')[t('K')]
sub_user_python_del | BINARY_SUBSCR/BINARY_OP | GetitemDel('C')[t('K')]
sub_user_general | BINARY_SUBSCR/BINARY_OP | GetitemGeneral('C')[t('K')]
sub_user_static | BINARY_SUBSCR/BINARY_OP | GetitemStatic('C')[t('K')]
sub_deque | BINARY_SUBSCR/BINARY_OP | q('C', 7, 8)[i('K', ix(1, 9))]
sub_exact_deque | BINARY_SUBSCR/BINARY_OP | collections.deque((t('C'), 5))[i('K', ix(1, 9))]
sub_range | BINARY_SUBSCR/BINARY_OP | range(i('C', 3))[i('K', ix(1, 9))]
slice_user | BINARY_SLICE | Getitem('C')[t('A'):t('B')]
slice_list | BINARY_SLICE | [t('C')][i('A', 0):pick(i, l, 'B')]
slice_listsub | BINARY_SLICE | l('C', 7, 8)[i('A', 0):pick(i, l, 'B')]
slice_str | BINARY_SLICE | s('C', 'ab')[i('A', 0):pick(i, l, 'B')]
# ---- comparisons ----
lt_user | COMPARE_OP | t('L') < t('R')
lt_user_jump | COMPARE_OP | if t('L') < t('R'): 7
lt_user_not | COMPARE_OP | if not t('L') < t('R'): 7
lt_result | COMPARE_OP | rich('L') < rich('R')
lt_result_jump | COMPARE_OP | if rich('L') < rich('R'): 7
eq_user | COMPARE_OP | t('L') == t('R')
lt_reflected | COMPARE_OP | plain('L') < pick(Greater, plain, 'R')
eq_default | COMPARE_OP | plain('L') == plain('R')
lt_int_sub | COMPARE_OP | i('L', 3) < pick(i, l, 'R')
lt_int_sub_jump | COMPARE_OP | if i('L', 3) < pick(i, l, 'R'): 7
lt_int_int_sub | COMPARE_OP | 5 < pick(i, l, 'R')
lt_float_sub | COMPARE_OP | f('L', 3.0) < pick(f, l, 'R')
lt_str_sub | COMPARE_OP | s('L', 'a') < pick(s, l, 'R')
eq_str_sub | COMPARE_OP | s('L', 'a') == s('R', 'a')
lt_list | COMPARE_OP | [t('L')] < pick(exact, exact_tuple, 'R')
lt_tuple | COMPARE_OP | (t('L'), ) < pick(exact_tuple, exact, 'R')
chain | COMPARE_OP | t('A') < t('B') < t('C')
chain_jump | COMPARE_OP | if t('A') < t('B') < t('C'): 7
in_list | CONTAINS_OP | t('L') in [t('R')]
in_listsub | CONTAINS_OP | t('L') in l('R', 7)
in_tuple | CONTAINS_OP | t('L') in (t('R'), 5)
in_tuplesub | CONTAINS_OP | t('L') in u('R', 7)
in_set | CONTAINS_OP | pick(t, l, 'L') in {t('R')}
in_setsub | CONTAINS_OP | pick(t, l, 'L') in e('R')
in_dict | CONTAINS_OP | pick(t, l, 'L') in {t('R'): 5}
in_dictsub | CONTAINS_OP | pick(t, l, 'L') in d('R')
in_strsub | CONTAINS_OP | pick(s, i, 'L') in s('R', 'a')
in_user | CONTAINS_OP | t('L') in t('R')
not_in_user | CONTAINS_OP | t('L') not in t('R')
in_user_jump | CONTAINS_OP | if t('L') in t('R'): 7
in_result | CONTAINS_OP | rich('L') in rich('R')
in_iterator | CONTAINS_OP | t('L') in it('R')
is_ | IS_OP | t('L') is t('R')
is_not | IS_OP | t('L') is not t('R')
is_jump | IS_OP | if t('L') is t('R'): 7
is_none_jump | POP_JUMP_IF_NOT_NONE | if t('V') is None: 7
is_not_none_jump | POP_JUMP_IF_NONE | if t('V') is not None: 7
# ---- unary, truth ----
neg | UNARY_NEGATIVE | -t('V')
neg_int_sub | UNARY_NEGATIVE | -i('V', 5)
invert | UNARY_INVERT | ~t('V')
pos | CALL_INTRINSIC_1 | +t('V')
not_ | TO_BOOL | x = not t('V')
bool_jump | TO_BOOL | if t('V'): 7
bool_int_sub | TO_BOOL | if i('V', 1): 7
bool_list | TO_BOOL | if [t('V')]: 7
bool_listsub | TO_BOOL | if l('V', 1): 7
bool_plain | TO_BOOL | if plain('V'): 7
bool_str_sub | TO_BOOL | if s('V', 'a'): 7
and_or | TO_BOOL | t('A') and t('B')
# ---- storing items ----
set_user | STORE_SUBSCR | t('C')[t('K')] = t('V')
set_list | STORE_SUBSCR | [t('old'), t('C')][ix(0, 9)] = t('V')
set_list_negative | STORE_SUBSCR | [t('old'), t('C')][ix(-2, -9)] = t('V')
set_list_int_sub | STORE_SUBSCR | [t('old'), t('C')][i('K', ix(0, 9))] = t('V')
set_list_index | STORE_SUBSCR | [t('C'), t('old')][t('K')] = t('V')
set_listsub | STORE_SUBSCR | l('C', t('old'), 7)[i('K', ix(0, 9))] = t('V')
set_list_kept | STORE_SUBSCR | x = [t('old'), 7]; x[0] = t('V')
set_dict_new | STORE_SUBSCR | {7: t('C')}[pick(h, l, 'K')] = t('V')
set_dict_old | STORE_SUBSCR | {7: t('C'), h('K1'): t('old')}[pick(h, l, 'K')] = t('V')
set_dict_kept | STORE_SUBSCR | x = {h('K1'): t('old')}; x[pick(h, l, 'K')] = t('V')
set_dictsub_old | STORE_SUBSCR | d('C', h('K1'), t('old'))[pick(h, l, 'K')] = t('V')
set_deque | STORE_SUBSCR | q('C', t('old'), 7)[i('K', ix(0, 9))] = t('V')
del_user | DELETE_SUBSCR | del t('C')[t('K')]
del_list | DELETE_SUBSCR | del [t('old'), t('C')][i('K', ix(0, 9))]
del_listsub | DELETE_SUBSCR | del l('C', t('old'))[i('K', ix(0, 9))]
del_dict | DELETE_SUBSCR | del {7: t('C'), h('K1'): t('old')}[pick(h, t, 'K')]
del_dictsub | DELETE_SUBSCR | del d('C', h('K1'), t('old'))[pick(h, t, 'K')]
set_slice_user | STORE_SLICE | t('C')[t('A'):t('B')] = t('V')
set_slice_list | STORE_SLICE | [t('old'), t('C')][i('A', 0):i('B', 1)] = pick(l, i, 'V')
set_slice_listsub | STORE_SLICE | l('C', t('old'))[i('A', 0):i('B', 1)] = pick(l, i, 'V')
del_slice_list | DELETE_SUBSCR | del [t('old'), t('C')][i('A', 0):pick(i, l, 'B')]
# ---- attributes ----
attr_instance | LOAD_ATTR | plain('O', x='value').x
attr_instance_7 | LOAD_ATTR | pick(plain, t, 'O').name
attr_dict | LOAD_ATTR | dictful('O', x='value').x
attr_slot | LOAD_ATTR | slots('O', x='value').x
attr_class | LOAD_ATTR | t('O').attribute
attr_property | LOAD_ATTR | t('O').prop
attr_property_plain | LOAD_ATTR | Property('O').prop
attr_getattr | LOAD_ATTR | t('O').nothing
attr_getattribute | LOAD_ATTR | GetAttribute('O').x
attr_getset | LOAD_ATTR | t('O').__class__
attr_bound | LOAD_ATTR | t('O').method
attr_missing | LOAD_ATTR | pick(lambda n: plain(n, nothing='value'), plain, 'O').nothing
attr_method_getattr | LOAD_ATTR | pick(l, t, 'O').append(7)
attr_method_missing | LOAD_ATTR | pick(l, plain, 'O').append(7)
setattr_instance | STORE_ATTR | plain('O').x = t('V')
setattr_instance_old | STORE_ATTR | plain('O', x='old').x = t('V')
setattr_dict_old | STORE_ATTR | dictful('O', x='old').x = t('V')
setattr_slot_old | STORE_ATTR | slots('O', x='old').x = t('V')
setattr_kept_old | STORE_ATTR | x = plain('O', x='old'); x.x = t('V'); x = None
setattr_user | STORE_ATTR | Attribute('O').x = t('V')
setattr_raising | STORE_ATTR | pick(plain, slots, 'O').y = t('V')
delattr_instance | DELETE_ATTR | del plain('O', x='old').x
delattr_slot | DELETE_ATTR | del slots('O', x='old').x
delattr_user | DELETE_ATTR | del Attribute('O').x
delattr_raising | DELETE_ATTR | del pick(lambda n: plain(n, x='old'), slots, 'O').x
# ---- names ----
fast | STORE_FAST | a = t('old'); a = None
fast_value | STORE_FAST | a = t('old'); a = t('new')
fast_fast | STORE_FAST_STORE_FAST | a, b = t('a'), t('b'); a, b = 7, 8
fast_fast_new | STORE_FAST_STORE_FAST | a, b = t('a'), t('b'); a, b = t('A'), t('B')
fast_fast_unpack | STORE_FAST_STORE_FAST | a, b = t('a'), t('b'); a, b = ix((7, 8), (7, 8))
fast_fast_same | STORE_FAST_STORE_FAST | a, a = t('a'), t('b')
fast_load | STORE_FAST_LOAD_FAST | a = t('old'); a = 7; a
fast_load_method | STORE_FAST_LOAD_FAST | a = t('old'); a = [7]; a.append(8)
three_fast | STORE_FAST | a, b, c = t('a'), t('b'), t('c'); a, b, c = 7, 8, 9
fast_peek | STORE_FAST | x = Peek('old'); x = 7
fast_fast_peek | STORE_FAST_STORE_FAST | x, y = Peek('x'), Peek('y'); x, y = ix(7, 7), ix(8, 8)
fast_load_poke | STORE_FAST_LOAD_FAST | y = 8; x = Poke('old'); x = 7; y == 9 and event('new')
del_fast_peek | DELETE_FAST | x = Peek('old'); del x
return_peek | CALL | peeks()
deref_peek | STORE_DEREF | x = Peek('old'); g = lambda: x; x = 7
global_peek | STORE_GLOBAL | global G; G = PeekGlobal('old'); G = 7
list_peek | STORE_SUBSCR | global G; G = [PeekGlobal('old')]; G[0] = 7; G = 0
swap_fast | STORE_FAST_STORE_FAST | a, b = t('a'), t('b'); a, b = b, 7
multi_target | STORE_FAST | a = t('a'); b = t('b'); a = b = 7
del_fast | DELETE_FAST | a = t('old'); del a
global_ | STORE_GLOBAL | global G; G = t('old'); G = 7
del_global | DELETE_GLOBAL | global G; G = t('old'); del G
deref | STORE_DEREF | a = t('old'); g = lambda: a; a = 7
del_deref | DELETE_DEREF | a = t('old'); g = lambda: a; del a
for_target | STORE_FAST | k = t('old') // for k in 7, 8: pass
for_target_temps | STORE_FAST | for k in it('it'): pass
comprehension_target | STORE_FAST | x = [7 for k in it('it')]
with_target | STORE_FAST | x = t('old') // with manager('m', ManagerEnter) as x: 7
name_class | STORE_NAME | exec(NAME_CODE)
# ---- CALL ----
call_py0 | CALL | fn('F', 'f0')()
call_py1 | CALL | fn('F', 'f1')(t('a'))
call_py | CALL | fn('F')(t('a'), t('b'))
call_py3 | CALL | fn('F', 'f3')(t('a'), t('b'), t('c'))
call_py_default | CALL | fn('F', 'fdefault')(t('a'), t('b'))
call_py_args | CALL | fn('F', 'fargs')(t('a'), t('b'))
call_py_mixed | CALL | fn('F', 'fmixed')(t('a'), t('b'), t('c'))
call_py_locals | CALL | fn('F', 'flocals')(t('a'), t('b'))
call_py_cells | CALL | fn('F', 'fcells')(t('a'), t('b'))
call_py_free | CALL | free('F', 'x')(t('a'), t('b'))
call_py_del | CALL | fn('F', 'fdel')(t('a'), t('b'))
call_py_set | CALL | fn('F', 'fset')(t('a'), t('b'))
call_py_return_arg | CALL | fn('F', 'freturn')(t('a'), t('b'))
call_py_frame | CALL | fn('F', 'fframe')(t('a'), t('b'))
call_py_frame_kept | CALL | global kept; fn('F', 'fkept')(t('a'), t('b')); kept = None
call_py_stack | CALL | fn('F', 'fstack')(t('a'), t('b'))
call_py_wrong | CALL | fn('F', ix('f3', 'f2'))(t('a'), t('b'), t('c'))
call_py_wrong_few | CALL | fn('F', ix('f2', 'f3'))(t('a'), t('b'))
call_py_wrong_many | CALL | fn('F', ix('fargs', 'f2'))(t('a'), t('b'), t('c'), t('d'))
call_py_wrong_default | CALL | fn('F', ix('fdefault', 'f2'))(t('a'), t('b'), t('c'))
call_gen | CALL | fn('F', 'fgen')(t('a'), t('b'))
call_bound | CALL | bound('F', 'self', 'f3')(t('a'), t('b'))
call_bound0 | CALL | bound('F', 'self', 'f1')()
call_bound_default | CALL | bound('F', 'self', 'fdefault')(t('a'))
call_bound_args | CALL | bound('F', 'self', 'fargs')(t('a'), t('b'))
call_bound_builtin | CALL | bound_builtin('self')(pick(t, t, 'a'))
call_method0 | CALL | methods('self').m0()
call_method | CALL | methods('self').m2(t('a'), t('b'))
call_method_del | CALL | methods('self').m2del(t('a'), t('b'))
call_static | CALL | methods('self').st(t('a'), t('b'))
call_classmethod | CALL | methods('self').cm(t('a'), t('b'))
call_class_plain | CALL | NoInit()
call_class_plain_wrong | CALL | ix(New, NoInit)(t('a'), t('b'))
call_class_init | CALL | Init(t('a'), t('b'))
call_class_init_del | CALL | InitDel(t('a'), t('b'))
call_class_init_locals | CALL | InitLocals(t('a'), t('b'))
call_class_init_default | CALL | InitDefault(t('a'), t('b'))
call_class_init_slots | CALL | SlotInit(t('a'), t('b'))
call_class_init_returns | CALL | InitOther(t('a'), t('b'))
call_class_init_wrong | CALL | ix(InitDefault, Init)(t('a'), t('b'), t('c'))
call_class_new | CALL | New(t('a'), t('b'))
call_class_exception | CALL | Boom(t('a'), t('b'))
call_object | CALL | call('C')(t('a'), t('b'))
call_object_keep | CALL | call_keep('C')(t('a'), t('b'))
call_partial | CALL | partial('P', lambda x, y: fails(), t('p'))(t('a'))
call_partial_builtin | CALL | partial('P', operator.is_, t('p'))(t('a'))
call_not_callable | CALL | pick(call, i, 'C')(t('a'), t('b'))
call_noargs | CALL | getattr(l('C'), 'copy')()
call_noargs_wrong | CALL | getattr(l('C'), ix('count', 'copy'))(t('a'))
call_o | CALL | getattr(l('C'), 'count')(t('a'))
call_o_raising | CALL | getattr(l('C', 7), 'remove')(i('a', ix(7, 8)))
call_o_append | CALL | getattr(l('C'), 'append')(t('a'))
call_o_repr | CALL | repr(t('a'))
call_o_abs | CALL | abs(pick(i, l, 'a'))
call_o_id | CALL | id(t('a'))
call_fast | CALL | getattr(l('C', 5), 'index')(t('a'), i('b', ix(0, 9)))
call_fast1 | CALL | getattr(l('C', 5, 6), 'pop')(i('a', ix(0, 9)))
call_fast3 | CALL | getattr(l('C', 5), 'index')(t('a'), i('b', ix(0, 9)), i('c', 5))
call_fast_module | CALL | operator.is_(t('a'), t('b'))
call_fast_module_raising | CALL | operator.sub(t('a'), t('b'))
call_fast_setattr | CALL | setattr(plain('a'), pick(s, i, 'b', ix('x', 0)), t('c'))
call_fast_getattr | CALL | getattr(t('a'), pick(s, i, 'b', ix('name', 0)))
call_fast_next | CALL | next(pick(it, l, 'a'), t('b'))
call_fast_divmod | CALL | divmod(i('a', 5), pick(i, l, 'b', *ix((3, ), ())))
call_fastkw | CALL | getattr(s('C', 'a b'), 'split')(pick(s, i, 'a', ix(' ', 0)), i('b', 1))
call_fastkw_sorted | CALL | sorted(pick(l, i, 'a'))
call_fastkw_sum | CALL | sum(pick(l, i, 'a'), t('b'))
call_fastkw_max | CALL | max(t('a'), t('b'))
call_fastkw_min | CALL | min(ie('a'), ie('b'))
call_fastkw_pow | CALL | pow(i('a', 3), i('b', 3), pick(i, l, 'c', *ix((5, ), ())))
call_varargs | CALL | time.asctime(u('a', 2000, 1, 1, 1, 1, 1, 1, 1, ix(1, 'x')))
call_varargs_format | CALL | getattr(s('C', ix('{}{}', '{}{}{}')), 'format')(t('a'), t('b'))
call_varargs_update | CALL | getattr(d('C'), 'update')(pick(d, i, 'a'))
call_isinstance | CALL | isinstance(t('a'), pick(u, u, 'b', ix(int, 7)))
call_isinstance_class | CALL | isinstance(t('a'), ix(int, 7))
call_issubclass | CALL | issubclass(ix(int, 7), u('b', int))
call_len | CALL | len(pick(l, i, 'a'))
call_len_list | CALL | len([t('a')])
call_min_int | CALL | min(i('a', 3), pick(i, l, 'b'))
call_type | CALL | type(t('a'))
call_str | CALL | str(t('a'))
call_str_strsub | CALL | str(s('a', 'x'))
call_tuple | CALL | tuple(pick(l, i, 'a'))
call_tuple_iterator | CALL | tuple(it_raises('a'))
call_list | CALL | list(pick(l, i, 'a'))
call_set | CALL | set(pick(l, i, 'a'))
call_dict | CALL | dict(pick(d, i, 'a'))
call_int | CALL | int(pick(i, l, 'a'))
call_int_base | CALL | int(s('a', '12'), i('b', ix(10, 1)))
call_float | CALL | float(pick(f, l, 'a'))
call_bool | CALL | bool(t('a'))
call_range | CALL | range(i('a', 1), pick(i, l, 'b'))
call_zip | CALL | zip(l('a'), pick(l, i, 'b'))
call_enumerate | CALL | enumerate(pick(l, i, 'a'), i('b', 1))
call_complex | CALL | complex(f('a', 1.0), pick(f, l, 'b'))
call_bytes | CALL | bytes(pick(l, d, 'a', *ix((), ('x', 1))))
call_slice | CALL | slice(t('a'), t('b'))
call_deque | CALL | collections.deque(pick(l, i, 'a'), i('b', 3))
call_object_wrong | CALL | ix(list, object)(l('a'))
call_md_noargs | CALL | l('S').copy()
call_md_o | CALL | l('S').count(t('a'))
call_md_o_raising | CALL | l('S', ix(1, 2)).remove(i('a', 1))
call_md_append | CALL | [t('S')].append(t('a'))
call_md_append_value | CALL | x = [t('S')].append(t('a'))
call_md_append_sub | CALL | l('S').append(t('a'))
call_md_fast | CALL | l('S', 5).index(t('a'), i('b', ix(0, 9)))
call_md_fast3 | CALL | l('S', 5).index(t('a'), i('b', ix(0, 9)), i('c', 5))
call_md_fast_insert | CALL | l('S').insert(pick(i, l, 'a'), t('b'))
call_md_fast_exact | CALL | [t('S')].insert(pick(i, l, 'a'), t('b'))
call_md_fast_get | CALL | d('S').get(pick(h, l, 'a'), t('b'))
call_md_fast_get_exact | CALL | {7: t('S')}.get(pick(h, l, 'a'), t('b'))
call_md_fast_pop | CALL | {7: t('S'), h('k'): t('old')}.pop(pick(h, l, 'a'), t('b'))
call_md_fast_setdefault | CALL | {7: t('S')}.setdefault(pick(h, l, 'a'), t('b'))
call_md_fastkw | CALL | s('S', 'a b').split(pick(s, i, 'a', ix(' ', 0)), i('b', 1))
call_md_varargs | CALL | s('S', ix('{}{}', '{}{}{}')).format(t('a'), t('b'))
call_md_update | CALL | d('S').update(pick(d, i, 'a'))
call_md_extend | CALL | l('S').extend(pick(l, i, 'a'))
call_md_deque | CALL | q('S').append(t('a'))
call_md_unbound | CALL | list.count(l('S'), t('a'))
call_md_unbound_wrong | CALL | list.count(pick(l, i, 'S'), t('a'))
call_md_join | CALL | s('S', 'a').join(pick(l, i, 'a'))
call_wrapper | CALL | i('S', 1).__add__(i('a', 2))
call_wrapper_raising | CALL | l('S', 1).__getitem__(i('a', ix(0, 5)))
call_method_wrapper | CALL | getattr(l('S', 1), '__getitem__')(i('a', ix(0, 5)))
call_classmethod_c | CALL | dict.fromkeys(pick(l, i, 'a'), t('b'))
call_super | CALL | super(Methods, methods('self')).method(t('a'))
# ---- CALL_KW ----
kw_py | CALL_KW | fn('F')(t('a'), b=t('b'))
kw_py_swapped | CALL_KW | fn('F', 'f3')(t('a'), c=t('c'), b=t('b'))
kw_py_args | CALL_KW | fn('F', 'fargs')(t('a'), k=t('k'), j=t('j'))
kw_py_wrong | CALL_KW | fn('F', ix('f3', 'f2'))(t('a'), b=t('b'), c=t('c'))
kw_bound | CALL_KW | bound('F', 'self', 'f2')(b=t('b'))
kw_bound2 | CALL_KW | bound('F', 'self', 'f3default')(t('a'), c=t('b'))
kw_method | CALL_KW | methods('self').m2(t('a'), b=t('b'))
kw_class_init | CALL_KW | Init(t('a'), b=t('b'))
kw_object | CALL_KW | call('C')(t('a'), b=t('b'))
kw_partial | CALL_KW | partial('P', lambda x, y: fails(), t('p'))(y=t('a'))
kw_builtin | CALL_KW | max(pick(l, i, 'a', *ix((7, ), ())), default=t('b'))
kw_builtin_bound | CALL_KW | getattr(s('C', 'a b'), 'split')(pick(s, i, 'a', ix(' ', 0)), maxsplit=i('b', 1))
kw_builtin_sorted | CALL_KW | sorted(pick(l, i, 'a'), reverse=i('b', 0))
kw_class_builtin | CALL_KW | int(s('a', '12'), base=i('b', ix(10, 1)))
kw_class_dict | CALL_KW | dict(pick(d, i, 'a'), x=t('b'))
kw_md_fastkw | CALL_KW | s('S', 'a b').split(pick(s, i, 'a', ix(' ', 0)), maxsplit=i('b', 1))
kw_md_varargs | CALL_KW | s('S', ix('{}{x}', '{}{y}')).format(t('a'), x=t('b'))
kw_md_update | CALL_KW | d('S').update(pick(d, i, 'a'), x=t('b'))
# ---- CALL_FUNCTION_EX ----
ex_py | CALL_FUNCTION_EX | fn('F')(*exact_tuple('a', 'b'))
ex_py_list | CALL_FUNCTION_EX | fn('F')(*exact('a', 'b'))
ex_py_tuplesub | CALL_FUNCTION_EX | fn('F')(*u('A', t('a'), t('b')))
ex_py_iterable | CALL_FUNCTION_EX | fn('F')(*it('A'))
ex_py_mixed | CALL_FUNCTION_EX | fn('F')(t('a'), *exact_tuple('b'))
ex_py_kwargs | CALL_FUNCTION_EX | fn('F')(*exact_tuple('a'), **{'b': t('b')})
ex_py_dictsub | CALL_FUNCTION_EX | fn('F')(*exact_tuple('a'), **d('K', 'b', t('b')))
ex_py_args | CALL_FUNCTION_EX | fn('F', 'fargs')(*exact_tuple('a', 'b'), **{'k': t('k')})
ex_py_wrong | CALL_FUNCTION_EX | fn('F', ix('f3', 'f2'))(*exact_tuple('a', 'b', 'c'))
ex_bound | CALL_FUNCTION_EX | bound('F', 'self', 'f3')(*exact_tuple('a', 'b'))
ex_class_init | CALL_FUNCTION_EX | Init(*exact_tuple('a', 'b'))
ex_object | CALL_FUNCTION_EX | call('C')(*exact_tuple('a', 'b'))
ex_builtin | CALL_FUNCTION_EX | getattr(l('C', ix(5, 5)), 'index')(*(t('a'), i('b', ix(0, 9))))
ex_builtin_kwargs | CALL_FUNCTION_EX | getattr(s('C', 'a b'), 'split')(*(s('a', ' '), ), **{'maxsplit': pick(i, l, 'b')})
ex_not_iterable | CALL_FUNCTION_EX | fn('F', 'f0')(*pick(u, i, 'A'))
ex_bad_mapping | DICT_MERGE | fn('F', 'f0')(**pick(d, i, 'K'))
# ---- returning ----
return_from_loop | CALL | returns_from_loop(t('a'))
return_from_with | CALL | returns_from_with(t('a'))
return_from_finally | CALL | returns_from_finally(t('a'))
unwind_two | CALL | unwinds(fn('F', 'flocals'), t('A'))
# ---- unpacking, building ----
unpack_two_tuple | UNPACK_SEQUENCE | a, b = ix(exact_tuple, lambda x, y: (t('a'), ))('a', 'b'); a = None; b = None
unpack_tuple | UNPACK_SEQUENCE | a, b, c = ix(exact_tuple, lambda x, y, z: (t('a'), ))('a', 'b', 'c')
unpack_list | UNPACK_SEQUENCE | a, b, c = ix(exact, lambda x, y, z: [t('a')])('a', 'b', 'c')
unpack_tuplesub | UNPACK_SEQUENCE | a, b = u('U', *ix((7, 8), (7, )))
unpack_listsub | UNPACK_SEQUENCE | a, b = l('U', *ix((7, 8), (7, )))
unpack_too_many | UNPACK_SEQUENCE | a, b = u('U', *ix((7, 8), (7, 8, 9)))
unpack_iterator | UNPACK_SEQUENCE | a, b = it('U', ix(2, 1))
unpack_iterator_many | UNPACK_SEQUENCE | a, b = it('U', ix(2, 3))
unpack_iterable | UNPACK_SEQUENCE | a, b = itb('U')
unpack_not_iterable | UNPACK_SEQUENCE | a, b = pick(itb, i, 'U')
unpack_items | STORE_FAST | a = t('A'); b = t('B'); c = t('C'); a, b, c = exact_tuple('a', 'b', 'c')
unpack_ex | UNPACK_EX | a, *b, c = it('U', ix(3, 1))
unpack_ex_list | UNPACK_EX | a, *b, c = l('U', *ix((7, 8), (7, )))
unpack_ex_raises | UNPACK_EX | a, *b, c = pick(it, i, 'U')
build_set | BUILD_SET | {t('a'), pick(t, l, 'b'), t('c')}
build_set_equal | BUILD_SET | {h('a'), h('b'), h('c')}
build_map | BUILD_MAP | {t('ka'): t('va'), pick(t, l, 'kb'): t('vb'), t('kc'): t('vc')}
build_map_equal | BUILD_MAP | {h('ka'): t('va'), h('kb'): t('vb')}
build_string | BUILD_STRING | f"{t('a')}{t('b')}"
list_extend | LIST_EXTEND | [t('x'), *pick(l, i, 'V')]
list_extend_iter | LIST_EXTEND | [t('x'), *itb('V')]
set_update | SET_UPDATE | {t('x'), *pick(l, i, 'V')}
dict_update | DICT_UPDATE | {t('x'): 7, **pick(d, i, 'V')}
dict_update_equal | DICT_UPDATE | {h('k'): t('old'), **{h('K'): t('V')}}
set_add_equal | SET_ADD | {h(n) for n in ('a', 'b')}
set_add_unhashable | SET_ADD | {pick(t, l, n) for n in ('a', 'b')}
map_add_equal | MAP_ADD | {h('k' + n): t('v' + n) for n in ('a', 'b')}
map_add_unhashable | MAP_ADD | {pick(t, l, 'k' + n): t('v' + n) for n in ('a', 'b')}
list_append | LIST_APPEND | [t(n) for n in ('a', 'b')]
pop_top | POP_TOP | t('V')
# ---- formatting ----
format | FORMAT_SIMPLE | f"x{t('V')}"
format_str_sub | FORMAT_SIMPLE | f"x{s('V', 'a')}"
format_spec | FORMAT_WITH_SPEC | f"x{t('V'):{spec('S')}}"
format_spec_int | FORMAT_WITH_SPEC | f"x{pick(i, l, 'V'):{spec_x('S')}}"
convert | CONVERT_VALUE | f"x{t('V')!r}"
# ---- iteration ----
get_iter_list | GET_ITER | for k in l('L'): pass
get_iter_user | GET_ITER | for k in itb('V'): pass
get_iter_bad | GET_ITER | for k in pick(l, i, 'V'): pass
for_list | FOR_ITER | for k in exact('a', 'b'): k = None
for_list_sub | FOR_ITER | for k in l('L', t('a'), t('b')): k = None
for_list_iter | FOR_ITER | for k in iter(exact('a', 'b')): k = None
for_tuple | FOR_ITER | for k in exact_tuple('a', 'b'): k = None
for_tuple_sub | FOR_ITER | for k in u('U', t('a'), t('b')): k = None
for_tuple_iter | FOR_ITER | for k in iter(exact_tuple('a', 'b')): k = None
for_str_sub | FOR_ITER | for k in s('S', 'ab'): pass
for_dict | FOR_ITER | for k in {t('a'): t('va'), t('b'): t('vb')}: k = None
for_dict_items | FOR_ITER | for k in {t('a'): t('va'), t('b'): t('vb')}.items(): k = None
for_dict_unpacked | FOR_ITER | for k, v in {t('a'): t('va'), t('b'): t('vb')}.items(): k = v = None
for_dict_changed | FOR_ITER | x = {5: t('a')} // for k in x.values(): // ~~x[5 + BAD] = None; k = None
for_set | FOR_ITER | for k in {t('a')}: k = None
for_range | FOR_ITER | for k in range(i('N', 2)): pass
for_iterator | FOR_ITER | for k in it('it'): k = None
for_iterator_raises | FOR_ITER | for k in it_raises('it'): k = None
for_zip | FOR_ITER | for k in zip(exact('a', 'b'), l('Z', 7, 8)): k = None
for_enumerate | FOR_ITER | for k in enumerate(exact('a', 'b')): k = None
for_map | FOR_ITER | for k in map(type, exact('a', 'b')): k = None
for_gen | FOR_ITER | for k in gen(t('x'), t('y')): pass
for_gen_inner | FOR_ITER | for k in gen_for(t('x'), t('y')): pass
for_break_list | FOR_ITER | for k in exact('a', 'b'): k = None; break
for_break_tuple_sub | FOR_ITER | for k in u('U', t('a'), t('b')): k = None; break
for_break_it | FOR_ITER | for k in it('it'): k = None; break
for_break_gen | FOR_ITER | for k in gen(t('x'), t('y')): break
for_raise | CALL | for k in exact('a', 'b'): k = None; boom()
for_raise_nested | CALL | for k in it('outer', 1): // ~~for j in it('inner', 1): boom()
for_getitem | FOR_ITER | for k in Sequence('S'): pass
comp_list | FOR_ITER | [7 for k in exact('a', 'b')]
comp_it | FOR_ITER | [7 for k in it('it')]
comp_raises | CALL | [(t('s'), boom()) for k in exact('a', 'b')]
genexpr | CALL | list(k for k in exact('a', 'b'))
# ---- generators ----
gen_unstarted | POP_TOP | gen(t('x'), t('y'))
gen_suspended | POP_TOP | gen_started(gen, 'x', 'y')
gen_suspended_stack | POP_TOP | gen_started(gen_stack, 'x', 'y')
gen_suspended_for | POP_TOP | gen_started(gen_for, 'x', 'y')
gen_close | CALL | gen_started(gen, 'x', 'y').close()
gen_next_end | CALL | next(gen_started(gen_stack, 'x', 'y'), t('end'))
gen_send_end | CALL | gen_started(gen_stack, 'x', 'y').send(t('V'))
gen_throw | CALL | gen_started(gen_stack, 'x', 'y').throw(Boom)
gen_list | CALL | list(gen(t('x'), t('y')))
yield_from_it | SEND | for k in gen_from(it('it')): k = None
yield_from_list | SEND | for k in gen_from(exact('a', 'b')): k = None
yield_from_gen | SEND | for k in gen_from(gen(t('x'), t('y'))): k = None
# ---- with ----
with_ | CALL | with manager('m'): 7
with_two | CALL | with manager('m'), manager('n'): 7
with_as | CALL | with manager('m', ManagerEnter) as x: 7
with_enter_raises | BEFORE_WITH/CALL | with manager('m', ManagerEnter): 7
with_exit_raises | CALL | with manager('m', ManagerExit): 7
with_body_raises | CALL | with manager('m'): // ~~boom()
with_body_raises_stack | CALL | with manager('m'): // ~~(t('a'), boom())
with_swallows | CALL | with manager('m', ManagerTrue): // ~~(t('a'), boom()) // if BAD: raise Boom
with_not_manager | BEFORE_WITH/LOAD_SPECIAL | with pick(manager, i, 'm'): 7
# ---- exceptions ----
raise_stack | CALL | (t('a'), t('b'), boom())
raise_stack_args | CALL | fn('F', 'f3')(t('a'), t('b'), boom())
raise_stack_op | BINARY_OP | (t('a'), t('b'), t('L') - t('R'))
raise_stack_call_args | BINARY_OP | fn('F', 'f3')(t('a'), t('b'), t('L') - t('R'))
raise_method_args | CALL | methods('self').m2(t('a'), boom())
raise_instance | RAISE_VARARGS | if BAD: raise Boom(t('V'))
raise_from | RAISE_VARARGS | if BAD: raise Boom from Exc('cause')
raise_bad | RAISE_VARARGS | if BAD: raise t('V')
except_as | POP_EXCEPT | try: // ~~if 1: raise Exc('exc') // except Exc as x: 7
except_plain | POP_EXCEPT | try: // ~~if 1: raise Exc('exc') // except Exc: 7
except_nested | POP_EXCEPT | try: // ~~raise Exc('e1') // except Exc: // ~~try: // ~~~~raise Exc('e2') // ~~except Exc: 7
except_match | CHECK_EXC_MATCH | try: // ~~boom() // except pick(u, u, 'M', Boom): 7
except_not_match | CHECK_EXC_MATCH | try: // ~~boom() // except u('M', Exc): 7
finally_ | CALL | try: // ~~(t('a'), boom()) // finally: // ~~event('finally')
# ---- matching ----
match_class | MATCH_CLASS | match match_args('V'): // ~~case MatchArgs(7): 7
match_sequence | MATCH_SEQUENCE | match exact('a', 'b'): // ~~case [x]: 7
match_mapping | MATCH_KEYS | match {'k': t('v')}: // ~~case {'k': 7}: 7
super_attr | LOAD_SUPER_ATTR | SuperAttr('self').get()
"""

NAME_CODE = compile("a = t('old')\na = 7\ndel a\na = t('old2')\ndel a\n", "exec", "exec")
G = None


class Sequence(Named):
    def __init__(self, name): self.name = name

    def __getitem__(self, i):
        del self
        if i == 2:
            raise IndexError
        fails()
        return T(f"v{i}")


class SuperAttr(T):
    def get(self):
        super().method(t("a"))


def returns_from_loop(a):
    for k in It("it", 1):
        k = None
        return 7


def returns_from_with(a):
    with manager("m"):
        return t("r")


def returns_from_finally(a):
    try:
        return t("r")
    finally:
        b = t("b")
        b = None
        fails()


def unwinds(f, a):
    c = t("C")
    (t("S"), f(t("a"), t("b")))


# ---- running a case ----

@functools.cache
def base_names(code):
    return {x.offset: (x.opname, x.positions.lineno) for x in dis.get_instructions(code)}


class Case:
    def __init__(self, name, target, statement):
        self.name, self.statement = name, statement
        lines = []
        glob = ""
        if statement.startswith("global "):
            glob, statement = statement.split("; ", 1)
        for line in statement.split(" // "):
            lines.append("        " + line.replace("~~", "    "))
        first = 3 + bool(glob)
        self.source = f"def case():\n{'    ' + glob + chr(10) if glob else ''}    try:\n" + "\n".join(lines) + "\n    except Exception:\n        event('!')\n"
        self.lines = range(first, first + len(lines))
        self.wanted = target.split("/")
        self.make()

    def make(self):
        scope = {}
        exec(compile(self.source, "case", "exec"), globals(), scope)
        self.function = scope["case"]
        found = {}
        for offset, (op, line) in base_names(self.function.__code__).items():
            if line in self.lines:
                found[op] = offset
        self.wanted_name = next((op for op in self.wanted if op in found), None)
        self.target = found.get(self.wanted_name)

    def warm_name(self):
        if self.target is None:
            return "-"
        return {x.offset: x.opname for x in dis.get_instructions(self.function.__code__, adaptive=True)}[self.target]

    def once(self, looking, bad):
        global LOOKING, BAD
        log.clear()
        LOOKING, BAD = looking, bad
        try:
            self.function()
        except Boom:
            log.append("!!")
        LOOKING = BAD = False
        return list(log)

    def text(self, entry):
        if isinstance(entry, str):
            return entry
        name, code, lasti, lineno = entry
        own = code is self.function.__code__
        if code is Case.once.__code__:
            return f"{name}@caller"
        op = base_names(code).get(lasti, ("lasti %d" % lasti, None))[0]
        if own and lasti == self.target:
            return name if lineno is not None else f"{name}@?"
        where = op if own else f"{code.co_name}.{op}"
        if own and op == self.wanted_name:
            where += "'"        # another instruction of that name
        return f"{name}@{where}" + ("?" if lineno is None else "")

    def show(self, entries):
        return " ".join(map(self.text, entries)) or "-"

    @staticmethod
    def names(entries):
        return [x if isinstance(x, str) else x[0] for x in entries]

    def settled(self, bad):
        for _ in range(WARM):
            self.once(False, False)
        plain = self.once(False, bad)
        self.once(False, False)
        seen = self.once(True, bad)
        text = self.show(seen)
        if self.names(seen) != plain:
            text += f" (when nobody looks: {' '.join(plain) or '-'})"
        return text

    def line(self):
        cold = self.show(self.once(True, False))
        warm = self.settled(False)
        op = self.warm_name()
        out = f"{self.name:24} {op:40} {warm}"
        if cold != warm:
            out += f"    cold: {cold}"
        raising = self.settled(True)
        if "!" in raising.split():
            out += f"    raising: {raising}"
            self.make()
            cold = self.show(self.once(True, True))
            if cold != raising:
                out += f"    cold: {cold}"
        log.clear()
        gc.collect()
        if log:
            out += f"    (cycle: {' '.join(map(str, log))})"
        return out


def main(args):
    gc.disable()
    show = "-s" in args
    args = [a for a in args if a != "-s"]
    for line in CASES.strip().splitlines():
        if line.startswith("#"):
            if not args:
                print(line)
            continue
        name, target, statement = line.split(" | ", 2)
        if args and not name.startswith(tuple(args)):
            continue
        if show:
            print(f"# {statement}")
        print(Case(name, target, statement).line())


if __name__ == "__main__":
    main(sys.argv[1:])
