"""The C stack, walked from below by an unwinder (glibc's backtrace): the frames under a trace are found as those under the interpreter."""
import ctypes

walk = ctypes.CDLL(None).backtrace
buffers, sizes = [(ctypes.c_void_p * 500)()], [500]     # called by way of builtins, which loops are compiled with


def depths(n):
    found = []
    for i in range(n):
        found.append(sum(map(walk, buffers, sizes)))
    return found


def sums(n):
    total = 0.0
    for i in range(n):
        total += i * 0.5
        if i > 60:
            total += sum(map(walk, buffers, sizes)) - plain
    return total


plain = depths(1)[0]
print(plain > 8)
# give and take the few C functions that are not on the way each time
print([all(plain - 5 < d < plain + 40 for d in depths(100)) for k in range(3)])
print([100 * 99 / 4 - 5 * 40 < sums(100) < 100 * 99 / 4 + 40 * 40 for k in range(3)])
