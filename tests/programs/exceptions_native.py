"""Exceptions raised and caught in hot loops: by builtins and Python callees, all kinds of clauses, finally, with, groups, what is on the stack and what dies."""
import contextlib
import math

OUT = []


def report(f, *args):
    try:
        r = f(*args)
    except BaseException as e:
        r = f"raised {type(e).__name__}"
    print(f.__name__, *[str(a) for a in args if isinstance(a, int)], r)
    if OUT:
        print("   ", len(OUT), *OUT[:8], "...", *OUT[-4:])
        OUT.clear()


# ---- raised by builtins ----


def dict_key(n):
    d = {i: i for i in range(0, n, 3)}
    s = 0
    for i in range(n):
        try:
            s += d[i]
        except KeyError:
            s -= 1
    return s


def dict_key_str(n):
    d = {"a": 1, "b": 2, "c": 3}
    s = 0
    for i in range(n):
        try:
            s += d["abcd"[i & 3]]
        except KeyError as e:
            s += len(e.args[0]) * 100
    return s


def int_of_text(n):
    s = bad = 0
    for i in range(n):
        try:
            s += int("7" if i % 4 else "x")
        except ValueError:
            bad += 1
    return s, bad


def list_index(n):
    l = [3, 1, 2]
    s = bad = 0
    for i in range(n):
        try:
            s += l[i % 5]
        except IndexError:
            bad += i
    return s, bad


def list_dot_index(n):
    l = ["a", "b"]
    s = 0
    for i in range(n):
        try:
            s += l.index("abc"[i % 3])
        except ValueError:
            s += 1000
    return s


def tuple_index(n):
    t = (1, 2.5)
    s = 0.0
    for i in range(n):
        try:
            s += t[i % 3]
        except IndexError:
            s = -s
    return s


class Bare:
    pass


def attribute(n):
    o = Bare()
    s = 0
    for i in range(n):
        try:
            s += o.there
            del o.there
        except AttributeError as e:
            s += 100 if e.name == "there" else 1
            o.there = i
    return s


def next_of(n):
    s = 0
    for i in range(n):
        it = iter(range(i % 3))
        try:
            s += next(it)
            s += next(it)
        except StopIteration as e:
            s += 1000 if e.value is None else 0
    return s


def divide(n):
    x = 0.0
    bad = 0
    for i in range(n):
        try:
            x += 1.0 / (i % 4)
        except ZeroDivisionError:
            bad += 1
    return x, bad


def divide_int(n):
    x = bad = 0
    for i in range(n):
        try:
            x += 100 // (i % 4)
            x += 100 % (i % 5)
        except ZeroDivisionError:
            bad += 1
    return x, bad


def overflow(n):
    x = 0.0
    bad = 0
    for i in range(n):
        try:
            x = math.exp(i * 50)
        except OverflowError:
            bad += 1
        try:
            x = float(10 ** (i * 4))
        except OverflowError:
            bad += 1000
    return x, bad


def shift(n):
    s = bad = 0
    for i in range(n):
        try:
            s ^= 1 << (i % 5 - 1)
        except ValueError:
            bad += 1
    return s, bad


def domain(n):
    s = 0.0
    for i in range(n):
        try:
            s += math.sqrt(2 - i % 4)
        except ValueError:
            s += 100
    return s


def unpack(n):
    seqs = [(1, 2), (1, 2, 3), [4, 5], (1,), 7, "ab", range(2), {1: 2, 3: 4}]
    s = 0
    for i in range(n):
        try:
            a, b = seqs[i % 8]
            s += 1
        except ValueError:
            s += 100
        except TypeError:
            s += 10000
    return s


def unpack_star(n):
    s = 0
    for i in range(n):
        try:
            a, *b, c = range(i % 4)
            s += len(b)
        except ValueError:
            s += 100
    return s


def unbound_local(n):
    s = 0
    for i in range(n):
        if i % 3 == 0:
            x = i
        try:
            s += x
            del x
        except UnboundLocalError:
            s += 1000
    return s


def del_unbound(n):
    s = 0
    for i in range(n):
        try:
            if i % 2:
                x = i
            del x
            s += 1
        except UnboundLocalError:
            s += 1000
    return s


def free_unbound(n):
    def peek():
        return x
    s = 0
    for i in range(n):
        if i % 2:
            x = i
        try:
            s += peek()
            del x
        except NameError as e:
            s += 10000 if e.name == "x" else 1
    return s


def name_error(n):
    s = 0
    for i in range(n):
        try:
            s += MAYBE
        except NameError as e:
            s += 1000 if e.name == "MAYBE" else 1
        if i % 7 == 5:
            globals()["MAYBE"] = i
        elif i % 7 == 6:
            del globals()["MAYBE"]
    globals().pop("MAYBE", None)
    return s


def del_global(n):
    global MAYBE
    s = 0
    for i in range(n):
        try:
            if i % 3:
                MAYBE = i
            del MAYBE
        except NameError:
            s += 1
    return s


def type_error(n):
    vals = [1, 2.5, "x", None, (), True]
    s = 0
    for i in range(n):
        try:
            s += vals[i % 6]
        except TypeError:
            s += 1000
        try:
            s += vals[i % 6] < 3
        except TypeError:
            s += 0.25
        try:
            s += len(vals[i % 6])
        except TypeError:
            s += 0.125
        try:
            vals[i % 6]()
        except TypeError:
            s += 1
    return s


def unhashable(n):
    keys = [1, [], "a", {}]
    d = {1: 1, "a": 2}
    s = 0
    for i in range(n):
        try:
            s += d[keys[i & 3]]
        except TypeError:
            s += 100
        try:
            s += len({keys[i & 3], keys[0]})
        except TypeError:
            s += 1000
        try:
            s += len({keys[i & 3]: i})
        except TypeError:
            s += 10000
    return s


def iterate(n):
    vals = [(1, 2), 5, [3], None]
    s = 0
    for i in range(n):
        try:
            for x in vals[i & 3]:
                s += x
        except TypeError:
            s += 100
    return s


def store(n):
    l = [0, 0]
    t = (0, 0)
    s = 0
    for i in range(n):
        try:
            l[i % 3] = i
        except IndexError:
            s += 1
        try:
            (l if i & 1 else t)[0] = i
        except TypeError:
            s += 1000
        try:
            del l[2]
        except IndexError:
            s += 1000000
    return s, l


def remove(n):
    l = [1, 2, 3]
    se = {1, 2}
    s = 0
    for i in range(n):
        try:
            l.remove(i % 5)
            l.append(i % 5)
        except ValueError:
            s += 1
        try:
            se.remove(i % 3)
            se.add(i % 3)
        except KeyError:
            s += 1000
        try:
            [].pop()
        except IndexError:
            s += 1000000
    return s


def module_missing(n):
    s = 0
    for i in range(n):
        try:
            import no_such_module_at_all
        except ImportError:
            s += 1
        try:
            from math import no_such_name
        except ImportError as e:
            s += 1000 if e.name == "math" else 1
    return s


def first_never_then_always(n):
    d = dict.fromkeys(range(n // 2), 1)
    s = 0
    for i in range(n):
        try:
            s += d[i]
        except KeyError:
            s += 1000
    return s


def first_always_then_never(n):
    d = dict.fromkeys(range(n // 2, n), 1)
    s = 0
    for i in range(n):
        try:
            s += d[i]
        except KeyError:
            s += 1000
    return s


def now_and_then(n):
    s = 0
    for i in range(n):
        try:
            s += 100 // (i % 50)
        except ZeroDivisionError:
            s += 7
    return s


for f in (dict_key, dict_key_str, int_of_text, list_index, list_dot_index, tuple_index, attribute, next_of, divide, divide_int, overflow, shift, domain, unpack, unpack_star, unbound_local,
          del_unbound, free_unbound, name_error, del_global, type_error, unhashable, iterate, store, remove, module_missing, first_never_then_always, first_always_then_never, now_and_then):
    report(f, 120)
    report(f, 40)


# ---- raised by Python callees ----


def small(i):
    if i % 3 == 0:
        raise KeyError(i)
    return i


def always(i):
    raise ValueError(i)


def middle(i):
    x = i * 2
    return small(i) + x


def loops(i):
    s = 0
    for k in range(6):
        s += k
        if s > 9 and i & 1:
            raise OverflowError(s)
    return s


def recursive(i):
    if i <= 0:
        raise LookupError(i)
    return recursive(i - 1) + 1


def recursive_catching(i):
    if i <= 0:
        raise LookupError(i)
    try:
        return recursive_catching(i - 1) + 1
    except LookupError:
        if i & 1:
            raise
        return 10


def deeper(i, d):
    if d == 0:
        return 100 // (i % 3)
    return deeper(i, d - 1) + 1


class Thing:
    limit = 3

    def __init__(self, i):
        if i % 5 == 1:
            raise RuntimeError(i)
        self.i = i

    def method(self, k):
        if k % self.limit == 0:
            raise KeyError(k)
        return self.i + k

    @property
    def prop(self):
        if self.i & 1:
            raise AttributeError("prop")
        return self.i

    def __getattr__(self, name):
        if name == "missing":
            raise AttributeError(name)
        return 5

    def __getitem__(self, k):
        if k % 4 == 3:
            raise IndexError(k)
        return k

    def __setitem__(self, k, v):
        if k % 4 == 3:
            raise KeyError(k)

    def __add__(self, o):
        if o % 3 == 1:
            raise ArithmeticError(o)
        if o % 3 == 2:
            return NotImplemented
        return o

    def __lt__(self, o):
        return 1 // (o % 2) > 0

    def __bool__(self):
        if self.i % 6 == 0:
            raise ValueError("bool")
        return True

    def __len__(self):
        return -1

    def __contains__(self, k):
        if k & 1:
            raise KeyError(k)
        return False

    def __iter__(self):
        if self.i & 1:
            raise StopAsyncIteration
        return iter((1, 2))

    def __call__(self, k):
        return {1: 2}[k & 1]

    def __hash__(self):
        raise TypeError("hash")

    def __format__(self, spec):
        raise ValueError(spec)


def call_small(n):
    s = 0
    for i in range(n):
        try:
            s += small(i)
        except KeyError as e:
            s += e.args[0] * 1000
    return s


def call_always(n):
    s = 0
    for i in range(n):
        try:
            s += always(i)
        except ValueError as e:
            s += e.args[0]
    return s


def call_middle(n):
    s = t = 0
    for i in range(n):
        try:
            t += middle(i)
        except KeyError:
            s += t & 7
        else:
            s += 1
    return s, t


def call_loops(n):
    s = 0
    for i in range(n):
        try:
            s += loops(i)
        except OverflowError as e:
            s += e.args[0] * 100
    return s


def call_recursive(n):
    s = 0
    for i in range(n):
        try:
            s += recursive(i % 9)
        except LookupError:
            s += 1
        s += recursive_catching(i % 9 | 2) if i % 9 | 2 > 0 else 0
        try:
            s += deeper(i, i % 6)
        except ZeroDivisionError:
            s += 1000
    return s


def constructor(n):
    s = 0
    for i in range(n):
        try:
            s += Thing(i).i
        except RuntimeError as e:
            s += e.args[0] * 1000
    return s


def methods(n):
    o = Thing(10)
    s = 0
    for i in range(n):
        try:
            s += o.method(i)
        except KeyError:
            s += 1000
    return s


def properties(n):
    o = Thing(10)
    s = 0
    for i in range(n):
        o.i = i
        try:
            s += o.prop
        except AttributeError:
            s += 1000
        try:
            s += o.missing
        except AttributeError:
            s += 1000
        s += o.other
    return s


def subscripts(n):
    o = Thing(10)
    s = 0
    for i in range(n):
        try:
            s += o[i]
        except IndexError:
            s += 1000
        try:
            o[i] = 1
        except KeyError as e:
            s += e.args[0]
    return s


def operators(n):
    o = Thing(10)
    s = 0
    for i in range(n):
        try:
            s += o + i
        except ArithmeticError:
            s += 1000
        except TypeError:
            s += 10000
        try:
            if o < i:
                s += 1
        except ZeroDivisionError:
            s += 100000
        try:
            if i in o:
                s += 1
        except KeyError:
            s += 7
        o.i = i
        try:
            if o:
                s += 1
        except ValueError:
            s += 9
        try:
            s += len(o)
        except ValueError:
            s += 3
        try:
            for x in o:
                s += x
        except StopAsyncIteration:
            s += 77
        try:
            s += o(i)
        except KeyError:
            s += 55
        try:
            {}[o]
        except TypeError:
            s += 2
        try:
            s += len(f"{i}{o:a}")
        except ValueError as e:
            s += len(e.args[0])
    return s


def gen(n):
    for i in range(n):
        if i == 3:
            raise ValueError(i)
        yield i


def gen_catching(n):
    for i in range(n):
        try:
            yield small(i)
        except KeyError:
            yield -100


def generators(n):
    s = 0
    for i in range(n):
        try:
            for x in gen(i % 6):
                s += x
        except ValueError:
            s += 1000
        for x in gen_catching(i % 6):
            s += x
        g = gen_catching(5)
        s += next(g)
        try:
            s += next(g)
            s += g.throw(KeyError) if i & 1 else g.throw(ValueError)
        except ValueError:
            s += 50
        try:
            next(g)
        except StopIteration:
            s += 3
    return s


def callbacks(n):
    s = 0
    for i in range(n):
        try:
            s += sorted([i, i + 1, i + 2], key=small)[0]
        except KeyError as e:
            s += e.args[0] * 100
        try:
            s += sum(map(small, range(i % 3 + 1, 4)))
        except KeyError:
            s += 1
        try:
            s += max([1, 2, 3], key=lambda k: k // (i & 1))
        except ZeroDivisionError:
            s += 5
        try:
            s += len(list(filter(always, [1])))
        except ValueError:
            s += 11
    return s


def arguments(n):
    s = 0
    for i in range(n):
        try:
            if i % 3 == 0:
                small()
            elif i % 3 == 1:
                small(1, 2)
            else:
                small(j=3)
        except TypeError:
            s += 1
        try:
            middle(*(1,) * (i & 1))
        except TypeError:
            s += 1000
        try:
            small(**{"i": 1, "k": 2} if i & 1 else {"i": 2})
        except TypeError:
            s += 1000000
    return s


for f in (call_small, call_always, call_middle, call_loops, call_recursive, constructor, methods, properties, subscripts, operators, generators, callbacks, arguments):
    report(f, 100)
    report(f, 31)


# ---- clauses ----


class A(Exception):
    pass


class B(A):
    pass


class C(Exception):
    pass


KINDS = A, B, C, KeyError, ValueError, KeyboardInterrupt


def clauses(n):
    s = 0
    for i in range(n):
        try:
            if i % 8 < 6:
                raise KINDS[i % 8]
        except B:
            s += 1
        except (C, KeyError):
            s += 10
        except A:
            s += 100
        except Exception:
            s += 1000
        except:
            s += 10000
        else:
            s += 100000
        finally:
            s += 1000000
    return s


def passes_it(n):
    s = 0
    for i in range(n):
        try:
            try:
                raise KINDS[i % 4](i)
            except C:
                s += 1
            except (ValueError, OSError):
                s += 10
        except A as e:
            s += 100 if type(e) is A else 1000
        except LookupError:
            s += 10000
    return s


def computed(n):
    s = 0
    for i in range(n):
        wanted = (A, B, C, (A, C), ((B,), KeyError), ())[i % 6]
        try:
            try:
                raise KINDS[i % 4]
            except wanted:
                s += 1
        except Exception:
            s += 100
    return s


def which(i):
    OUT.append(i)
    return KINDS[i % 3]


def called_class(n):
    s = 0
    for i in range(n):
        try:
            raise KINDS[i % 2]
        except which(i + 1):
            s += 1
        except which(i):
            s += 100
        except A:
            s += 10000
    return s


def bad_class(n):
    s = 0
    for i in range(n):
        try:
            try:
                raise A
            except (i if i % 3 == 0 else (A, 5) if i % 3 == 1 else A):
                s += 1
        except TypeError as e:
            s += 100 if isinstance(e.__context__, A) else 0
    return s


def clause_raises(n):
    s = 0
    for i in range(n):
        try:
            try:
                raise A
            except [A][i & 1]:
                s += 1
        except IndexError as e:
            s += 100 if isinstance(e.__context__, A) else 0
    return s


def deep_nested(n):
    s = 0
    for i in range(n):
        try:
            try:
                try:
                    if i % 4 == 0:
                        raise A
                    if i % 4 == 1:
                        raise C
                    s += 1
                except A:
                    try:
                        raise B
                    except B:
                        s += 10
                        if i % 8 == 4:
                            raise C
                    s += 5
                finally:
                    try:
                        s += 100 // (i % 3)
                    except ZeroDivisionError:
                        s += 1000
            except C:
                s += 10000
        except ZeroDivisionError:
            s += 7
    return s


def finally_raises(n):
    s = 0
    for i in range(n):
        try:
            try:
                if i & 1:
                    raise A
                s += 1
            finally:
                s += 10
                if i & 2:
                    raise C(i)
                s += 100
        except A:
            s += 1000
        except C as e:
            s += 10000 if e.__context__ is None else 100000
    return s


def else_raises(n):
    s = 0
    for i in range(n):
        try:
            try:
                if i % 3 == 0:
                    raise A
            except A:
                s += 1
            else:
                if i % 3 == 1:
                    raise A
                s += 10
        except A:
            s += 100
    return s


def flow(i):
    try:
        if i % 7 == 0:
            return 1
        if i % 7 == 1:
            raise A
        for k in range(4):
            try:
                if k == i % 7:
                    break
                if k & 1:
                    continue
                if i % 7 == 6:
                    return 100
            finally:
                OUT.append(k)
        else:
            return 10
        return k
    except A:
        return 1000
    finally:
        OUT.append(i)
        if i % 14 == 13:
            raise C


def flows(n):
    s = 0
    for i in range(n):
        try:
            s += flow(i)
        except C:
            s += 10000
    return s


def loop_flow(n):
    s = 0
    i = -1
    while True:
        i += 1
        try:
            if i > n:
                break
            if i % 3 == 0:
                continue
            if i % 3 == 1:
                raise A
            s += 1
        except A:
            s += 100
            if i % 2:
                continue
            s += 10
        finally:
            s += 10000
    return s


def break_in_except(n):
    s = 0
    for i in range(n):
        for k in range(10):
            try:
                small(i + k)
            except KeyError:
                s += k
                break
        else:
            s += 1000
        for k in range(3):
            try:
                always(k)
            except ValueError:
                if k == i % 3:
                    break
                continue
            finally:
                s += 5
    return s


def return_in_except(n):
    def one(i):
        for k in range(i, i + 5):
            try:
                small(k)
            except KeyError as e:
                return e.args[0]
        return None
    s = 0
    for i in range(n):
        s += one(i)
    return s


def search(n):
    for i in range(n * 2):
        try:
            if i == n:
                always(i)
            small(i)
        except KeyError:
            pass
        except ValueError as e:
            return e.args


def unbound_after(n):
    s = 0
    for i in range(n):
        e = i
        try:
            if i & 1:
                raise A
        except A as e:
            s += 1
        try:
            s += e
        except UnboundLocalError:
            s += 1000
    return s


def deleted_in_handler(n):
    s = 0
    for i in range(n):
        try:
            raise A(i)
        except A as e:
            if i % 3 == 0:
                del e
            elif i % 3 == 1:
                e = i
            else:
                s += e.args[0]
        s += "e" in locals()
    return s


for f in (clauses, passes_it, computed, called_class, bad_class, clause_raises, deep_nested, finally_raises, else_raises, flows, loop_flow, break_in_except, return_in_except, search,
          unbound_after, deleted_in_handler):
    report(f, 120)
    report(f, 33)


# ---- what is raised ----


def again(n):
    s = 0
    for i in range(n):
        try:
            try:
                raise A(i)
            except A:
                if i % 3 == 0:
                    raise
                s += 1
        except A as e:
            s += e.args[0]
    return s


def again_by_name(n):
    s = 0
    for i in range(n):
        try:
            try:
                small(i)
            except KeyError as e:
                raise e
        except KeyError as e:
            s += e.args[0]
    return s


def nothing_to_raise(n):
    s = 0
    for i in range(n):
        try:
            raise
        except RuntimeError as e:
            s += len(e.args)
    return s


def raise_in_callee(n):
    def reraise():
        raise
    s = 0
    for i in range(n):
        try:
            try:
                raise A(i)
            except A:
                reraise()
        except A as e:
            s += e.args[0]
    return s


def causes(n):
    s = 0
    for i in range(n):
        try:
            try:
                raise A(i)
            except A as e:
                if i % 5 == 0:
                    raise C from e
                if i % 5 == 1:
                    raise C from None
                if i % 5 == 2:
                    raise C(i) from ValueError
                if i % 5 == 3:
                    raise C(i) from i
                raise C(i)
        except C as e:
            s += 1 if isinstance(e.__cause__, A) else 10 if isinstance(e.__cause__, ValueError) else 100
            s += 1000 * e.__suppress_context__
            s += 10000 * isinstance(e.__context__, A)
        except TypeError as e:
            s += 1000000
    return s


def bad_cause(n):
    s = 0
    for i in range(n):
        try:
            raise A from [1, int, Returns, "x"][i & 3]
        except TypeError as e:
            s += 1
        except A:
            s += 1000
    return s


KEPT = A("kept")


def kept(n):
    s = 0
    for i in range(n):
        KEPT.__traceback__ = None
        try:
            raise KEPT
        except A as e:
            s += e is KEPT
            s += 10 * (e.__traceback__.tb_next is None)
            s += 1000 * (e.__context__ is None)
    return s


class Returns(Exception):
    def __new__(cls, *args):
        return 5


class Raises(Exception):
    def __init__(self, *args):
        raise KeyError("init")


class Meta(type):
    def __call__(cls, *args):
        return C("meta")


class Odd(Exception, metaclass=Meta):
    pass


def not_exceptions(n):
    s = 0
    things = [1, "x", None, int, object(), Returns, Raises, Odd, A, A()]
    for i in range(n):
        try:
            raise things[i % 10]
        except TypeError:
            s += 1
        except KeyError:
            s += 1000
        except C:
            s += 100000
        except A:
            s += 10000000
    return s


class Rich(Exception):
    made = 0

    def __init__(self, code, *more, key=None):
        super().__init__(code, *more)
        Rich.made += 1
        self.code = code
        self.key = key

    def __str__(self):
        return f"<{self.code}:{self.key}>"

    def __eq__(self, o):
        return self.code == o.code

    def __hash__(self):
        return 1


class Slim(Exception):
    __slots__ = ("a",)

    def __init__(self, a):
        self.a = a


def rich(n):
    s = t = 0
    last = None
    for i in range(n):
        try:
            if i & 1:
                raise Rich(i % 4, i, key="k")
            raise Slim(i * 0.5)
        except Rich as e:
            s += len(str(e)) + e.code + len(e.args)
            if last is not None:
                s += 1000 * (last == e)
            last = e
        except Slim as e:
            t += e.a
    return s, t, Rich.made


class D1:
    pass


class D2(LookupError):
    pass


def bases_changed(n):
    class X(D2):
        pass

    class Y(D2):
        pass

    class Other(LookupError):
        pass
    s = 0
    for i in range(n):
        if i == n // 2:
            Y.__bases__ = (Other,)
        try:
            try:
                raise (X, Y)[i & 1]
            except D2:
                s += 1
        except Other:
            s += 1000
    return s


def class_changed(n):
    s = 0
    for i in range(n):
        e = B(i)
        if i > n // 2:
            e.__class__ = C
        try:
            raise e
        except A:
            s += 1
        except C:
            s += 1000
    return s


def rebound(n):
    global Rebound
    s = 0
    Rebound = A
    for i in range(n):
        if i == n // 2:
            Rebound = C
        try:
            try:
                raise B
            except Rebound:
                s += 1
        except B:
            s += 1000
    return s


class Pretends(type):
    def __instancecheck__(cls, o):
        raise SystemError

    def __subclasscheck__(cls, c):
        raise SystemError


class Never(Exception, metaclass=Pretends):
    pass


def no_hooks(n):
    s = 0
    for i in range(n):
        try:
            if i & 1:
                small(0)
            raise A
        except Never:
            s += 1
        except (Never, A):
            s += 1000
        except KeyError:
            s += 7
    return s


def asserts(n):
    s = 0
    for i in range(n):
        try:
            assert i % 3, i
            assert i % 5
            s += 1
        except AssertionError as e:
            s += 1000 * len(e.args)
    return s


def groups(n):
    s = 0
    for i in range(n):
        try:
            if i % 4 == 3:
                raise A
            raise ExceptionGroup("g", [KeyError(i), A(i), ExceptionGroup("h", [C(i)])][:i % 4 + 1])
        except* A as g:
            s += len(g.exceptions)
        except* (C, KeyError) as g:
            s += 100 * len(g.exceptions)
    return s


def groups_rest(n):
    s = 0
    for i in range(n):
        try:
            try:
                raise ExceptionGroup("g", [A(i), C(i)])
            except* A:
                s += 1
                if i & 1:
                    raise ValueError
        except ExceptionGroup as g:
            s += 100 * len(g.exceptions)
    return s


for f in (again, again_by_name, nothing_to_raise, raise_in_callee, causes, bad_cause, kept, not_exceptions, rich, bases_changed, class_changed, rebound, no_hooks, asserts, groups, groups_rest):
    report(f, 120)
    report(f, 33)


# ---- with ----


class Manager:
    def __init__(self, suppress):
        self.suppress = suppress
        self.seen = 0

    def __enter__(self):
        return self

    def __exit__(self, t, v, tb):
        self.seen += 1
        if t is not None:
            self.seen += 1000 * (type(v) is t) + 100000 * (tb is v.__traceback__)
        return self.suppress


class Changing:
    def __init__(self):
        self.i = 0

    def __enter__(self):
        self.i += 1
        if self.i % 11 == 0:
            raise C
        return self.i

    def __exit__(self, *args):
        if self.i % 7 == 0:
            raise KeyError(self.i)
        return (None, 1, "", [0], 0.5)[self.i % 5]


def with_suppressing(n):
    m = Manager(True)
    s = 0
    for i in range(n):
        with m:
            small(i)
            s += 1
    return s, m.seen


def with_passing(n):
    m = Manager(False)
    s = 0
    for i in range(n):
        try:
            with m as k:
                if i % 4 == 0:
                    raise A
                s += k is m
        except A:
            s += 1000
    return s, m.seen


def with_changing(n):
    m = Changing()
    s = 0
    for i in range(n):
        try:
            with m as k:
                s += k
                if i % 3:
                    raise A
                s += 1
        except A:
            s += 1000
        except KeyError as e:
            s += 100000 * (1 + (e.__context__ is None))
        except C:
            s += 10000000
    return s


def with_nested(n):
    a, b, c = Manager(False), Manager(True), Manager(False)
    s = 0
    for i in range(n):
        with a, b, c:
            s += 100 // (i % 3)
        with b:
            with c:
                if i % 5 == 0:
                    continue
                if i % 5 == 1:
                    raise A
                s += 1
            s += 10
    return s, a.seen, b.seen, c.seen


def with_suppress(n):
    d = {1: 2}
    s = 0
    for i in range(n):
        with contextlib.suppress(KeyError, IndexError):
            s += d[i & 1]
            s += [5][i & 1]
            s += 1000
    return s


@contextlib.contextmanager
def managed(log):
    log[0] += 1
    try:
        yield log
    except A:
        log[0] += 100
    finally:
        log[0] += 10000


def with_generator(n):
    log = [0]
    s = 0
    for i in range(n):
        try:
            with managed(log) as l:
                if i % 3 == 1:
                    raise A
                if i % 3 == 2:
                    raise C
                s += 1
        except C:
            s += 1000
    return s, log


def with_stack(n):
    s = 0
    m = Manager(False)
    def note(*a):
        nonlocal s
        s += len(a)
        return a and a[0] is A
    for i in range(n):
        try:
            with contextlib.ExitStack() as stack:
                stack.push(note)
                stack.enter_context(m)
                stack.callback(note, 1, 2)
                if i % 3 == 1:
                    raise A
                if i % 3 == 2:
                    raise C
        except C:
            s += 1000
    return s, m.seen


class NoExit:
    def __enter__(self):
        pass


def no_manager(n):
    s = 0
    for i in range(n):
        try:
            with (NoExit() if i & 1 else 5):
                s += 1
        except TypeError:
            s += 100
    return s


class ExitAttr:
    def __enter__(self):
        return 1
    __exit__ = staticmethod(lambda t, v, tb: t is A)


def with_static(n):
    s = 0
    o = ExitAttr()
    for i in range(n):
        try:
            with o as k:
                s += k
                raise A if i % 3 else C
        except C:
            s += 1000
    return s


for f in (with_suppressing, with_passing, with_changing, with_nested, with_suppress, with_generator, with_stack, no_manager, with_static):
    report(f, 120)
    report(f, 33)


# ---- comprehensions ----


def in_comprehension(n):
    s = 0
    for i in range(n):
        try:
            s += sum([small(k) for k in range(1, i % 5)])
        except KeyError:
            s += 1000
        try:
            s += len({k: 10 // (k - i % 5) for k in range(3)})
        except ZeroDivisionError:
            s += 100000
        try:
            s += sum(small(k) for k in (1, i % 3))
        except KeyError:
            s += 7
    return s


def comprehension_variable(n):
    k = 5
    s = 0
    for i in range(n):
        try:
            [10 // (k - i % 5) for k in range(4)]
        except ZeroDivisionError:
            s += 1000
        s += k
    return s


def cell_comprehension(n):
    s = 0
    for i in range(n):
        x = i
        try:
            s += [(lambda: x + y)() // (i % 3) for y in (1, 2)][0]
        except ZeroDivisionError:
            s += 1000
        s += x
    return s


# ---- what lies on the stack ----


def take(*args, **kwargs):
    return len(args) + len(kwargs)


def on_the_stack(n):
    s = 0
    o = Thing(2)
    for i in range(n):
        try:
            s += take(i, i * 0.5, [i], small(i), 3)
        except KeyError:
            s += 100
        try:
            s += len(f"{i}-{i * 2.5}-{small(i)}-{o.i}")
        except KeyError:
            s += 1000
        try:
            s += len([i, i + 1.5, str(i), small(i + 1)])
        except KeyError:
            s += 3
        try:
            s += len({i: 1, "k": small(i + 2)}) + len({i, small(i + 2)})
        except KeyError:
            s += 5
        try:
            s += i * 2 + (i + 1) * 3 + (i * i + (small(i) << 2))
        except KeyError:
            s += 9
        try:
            s += take(a=i, b=small(i), **{"c": i})
        except KeyError:
            s += 11
        try:
            s += take(*[i, 1], *(2, small(i)))
        except KeyError:
            s += 13
        try:
            o.i, o.k = i, small(i)
        except KeyError:
            s += 17
        try:
            if 0 <= i < small(i) < 100:
                s += 1
        except KeyError:
            s += 19
    return s


def iterators_on_the_stack(n):
    s = 0
    for i in range(n):
        try:
            for a in range(3):
                for b in [1, 2]:
                    for c in (5, 6.5):
                        for d in {"k": 1}.items():
                            s += a + b + c
                            s += 10 // (i % 3 - a)
        except ZeroDivisionError:
            s += 1000
        for a in range(3):
            try:
                for b in "xy":
                    for c in zip((1, 2), (3, 4)):
                        small(i + a + c[0])
            except KeyError:
                s += 7
                continue
            s += 1
    return s


def iterator_raises(n):
    s = 0
    for i in range(n):
        try:
            for x in map(small, (1, 2, i)):
                s += x
        except KeyError:
            s += 1000
        try:
            for x in enumerate(gen(i % 6)):
                s += x[1]
        except ValueError:
            s += 10000
        d = {1: 2, 3: 4}
        try:
            for k in d:
                if i & 1:
                    d[k + 10] = 1
                s += k
        except RuntimeError:
            s += 100000
    return s


# ---- numbers in variables ----


def numbers(n):
    a = 0
    x = 0.5
    big = 1 << 61
    t = None
    for i in range(n):
        a += 3
        x = x * 1.0625 + a
        big = big * 3 // 2 + i
        t = a, x
        try:
            a ^= i
            x -= 0.25
            big += 1
            if i % 3 == 0:
                raise A
            if i % 3 == 1:
                small(i - 1)
            t = x, a
            big -= 3
        except (A, KeyError):
            a += 1
            x += t[1]
            if x > 1e6:
                x = float(a)
        finally:
            if big > 1 << 200:
                big >>= 140
    return a, x, big, t


def numbers_identity(n):
    s = 0
    x = y = 1.5
    for i in range(n):
        x = i * 0.5
        y = x
        k = i * 1000
        m = k
        try:
            small(i)
            z = x + 1
        except KeyError:
            z = y
        s += (x is y) + 10 * (z is y) + 1000 * (k is m)
    return s


def overflow_in_try(n):
    a = (1 << 62) - 50
    s = 0
    for i in range(n):
        try:
            a += 1
            s += a // (i % 4)
            a += 1
        except ZeroDivisionError:
            a += a % 7
            s = -s
    return a, s


def changed_types(n):
    v = 0
    s = []
    for i in range(n):
        try:
            v = v + 1
            if i % 10 == 9:
                raise A
        except TypeError:
            v = 0
        except A:
            v = (2.5, "x", 1 << 70, None, True)[i // 10 % 5]
        s.append(type(v).__name__[0])
    return "".join(s)


for f in (in_comprehension, comprehension_variable, cell_comprehension, on_the_stack, iterators_on_the_stack, iterator_raises, numbers, numbers_identity, overflow_in_try, changed_types):
    report(f, 120)
    report(f, 33)


# ---- deaths ----


class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        OUT.append(self.name)


class DyingError(Exception):
    def __init__(self, name):
        self.name = name

    def __del__(self):
        OUT.append(self.name)


def dead_on_stack(n):
    s = 0
    for i in range(n):
        try:
            take(Dies(f"a{i}"), Dies(f"b{i}"), small(i), Dies(f"c{i}"))
            OUT.append("called")
        except KeyError:
            OUT.append("caught")
        try:
            [Dies(f"d{i}"), {Dies(f"e{i}"): small(i)}]
        except KeyError:
            OUT.append("caught2")
    return s


def dead_locals(n):
    x = None
    for i in range(n):
        try:
            x = Dies(f"x{i}")
            y = Dies(f"y{i}")
            small(i)
            y = None
        except KeyError:
            OUT.append("caught")
            x = None
            OUT.append("x gone")


def callee_locals(i):
    a = Dies(f"a{i}")
    b = Dies(f"b{i}")
    small(i)
    return 1


def dead_in_callee(n):
    for i in range(n):
        try:
            callee_locals(i)
            OUT.append("returned")
        except KeyError as e:
            OUT.append("caught")
        OUT.append("after")


def dead_exception(n):
    for i in range(n):
        try:
            raise DyingError(f"e{i}")
        except DyingError:
            OUT.append("caught")
        OUT.append("after")
        try:
            raise DyingError(f"f{i}")
        except DyingError as e:
            OUT.append("named")
            if i & 1:
                e = None
                OUT.append("none")
        OUT.append("after")


def dead_exception_nested(n):
    for i in range(n):
        try:
            try:
                raise DyingError(f"e{i}")
            except DyingError:
                raise DyingError(f"f{i}")
        except DyingError as e:
            OUT.append(e.name)
            e.__context__ = None
            OUT.append("context gone")
        OUT.append("after")


def dead_iterators(n):
    class It:
        def __init__(self, k):
            self.k = k

        def __iter__(self):
            return self

        def __next__(self):
            self.k -= 1
            if self.k < 0:
                raise StopIteration
            return self.k

        def __del__(self):
            OUT.append(f"it{self.k}")
    for i in range(n):
        try:
            for a in It(2):
                for b in It(3):
                    small(i + b)
        except KeyError:
            OUT.append("caught")


def dead_manager(n):
    class M(Dies):
        def __enter__(self):
            return Dies(self.name + "in")

        def __exit__(self, *a):
            OUT.append("exit")
            return True
    for i in range(n):
        with M(f"m{i}"), M(f"n{i}") as k:
            small(i)
            OUT.append("body")
        k = None


def cycle_in_handler(n):
    s = 0
    for i in range(n):
        o = Dies(f"o{i}")
        try:
            raise DyingError(f"e{i}")
        except DyingError as e:
            o.e = e
            if i % 3:
                o.e = None
            else:
                e.__traceback__ = None
        o = None
        OUT.append("next")
    return s


def raising_del(n):
    class R:
        def __del__(self):
            try:
                raise ValueError
            except ValueError:
                OUT.append("del")
    for i in range(n):
        try:
            x = R()
            x = None
            take(R(), small(i))
        except KeyError as e:
            OUT.append(type(e.__context__).__name__)


for f in (dead_on_stack, dead_locals, dead_in_callee, dead_exception, dead_exception_nested, dead_iterators, dead_manager, cycle_in_handler, raising_del):
    report(f, 60)
    report(f, 7)
