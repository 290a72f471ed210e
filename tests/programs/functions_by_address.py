"""Where a function has died an object of another sort stands, which has in it whatever a trace could take for that function, but its type."""
import builtins
import ctypes
import mmap
import sys

SLOTS = "a b c d e f g h i j k l m n o p".split()        # as large as a function


class Other:
    __slots__ = SLOTS

    def __call__(self, x):
        return -x


def make():
    def f(x):
        return x + 1
    return f


def turns(n):
    total = 0
    for i in range(n):
        total += f(i)
    return total


def object_at(low):
    """An object at an address with these low 32 bits: how a function's version looks in a slot. It lives for ever."""
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
    hint = 0x110000000000 + (low & ~0xffff)
    page = libc.mmap(hint, 0x20000, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
    if page != hint:
        return None
    address = page + (low & 0xffff)
    header = (ctypes.c_ssize_t * 2).from_address(address)
    header[0], header[1] = 0x3fffffff, id(object)
    return ctypes.cast(address, ctypes.py_object).value


def replaced():
    """f is an Other now, at the address of the function that it was."""
    global f
    where, size = id(f), sys.getsizeof(f)
    version = (ctypes.c_uint64 * 16).from_address(where + 16)[15] & 0xffffffff
    held = object_at(version)
    f = None
    others = []
    while len(others) < 500 and (not others or id(others[-1]) != where):
        others.append(Other())
    other = others[-1]
    other.a, other.b, other.p = globals(), vars(builtins), held
    f = other
    return size == sys.getsizeof(Other()), version != 0


f = make()
print(turns(200))
print(replaced())
print(turns(200))
