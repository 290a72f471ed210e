"""bytearray, bytes, memoryview, array, struct in hot loops."""
import array
import struct


def bytearrays(n):
    b = bytearray(n)
    for i in range(n):
        b[i] = i * 7 % 256
        b[-1] ^= i & 255
    s = 0
    for x in b:
        s = (s * 31 + x) % 65521
    b += b"tail"
    del b[0]
    return s, len(b), b[-4:]


def errors(n):
    b = bytearray(4)
    seen = {}
    for i in range(n):
        try:
            b[i % 6] = i * 40
            r = "ok"
        except (IndexError, ValueError) as e:
            r = str(e)
        try:
            b"abc"[0] = 1
        except TypeError as e:
            r += str(e)
        seen[r] = seen.get(r, 0) + 1
    return seen


def views(n):
    b = bytearray(range(200))
    m = memoryview(b)
    s = 0
    for i in range(n):
        m[i % 200] = (m[i % 200] + m[-1 - i % 200]) % 256
        s += m[i % 100:i % 100 + 5][2]
    e = 0
    for i in range(60):
        try:
            b.append(1)
        except BufferError:
            e += 1
    m.release()
    return s, e, sum(b)


def arrays(n):
    a = array.array("d", [0.0]) * n
    k = array.array("i", range(n))
    for i in range(n):
        a[i] = i * 0.5 + a[i - 1]
        k[i] += k[i - 1]
    try:
        for i in range(100):
            k[0] = 2 ** (i % 40)
    except OverflowError as e:
        return a[-1], k[-1], i, str(e)


def crc(data):
    c = 0xFFFFFFFF
    for x in data:
        c ^= x
        for _ in range(8):
            c = c >> 1 ^ (0xEDB88320 if c & 1 else 0)
    return c ^ 0xFFFFFFFF


def structs(n):
    s = 0
    for i in range(n):
        a, b = struct.unpack("<If", struct.pack("<If", i, i * 0.5))
        s += a + b
        s += int.from_bytes(i.to_bytes(4, "big"), "little") % 1000
    return s


print(bytearrays(200), errors(60), views(300), arrays(100), hex(crc(b"copy and patch" * 3)), structs(80))
