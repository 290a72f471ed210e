"""Building and scanning strings."""


def concat(n):
    s = ""
    for i in range(n):
        s += chr(97 + i % 26)
        s = s + "-"
    return len(s), s[-20:]


def aliased(n):
    """In-place concatenation must not change another name's string."""
    s = "x"
    keep = []
    for i in range(n):
        t = s
        s += "y"
        if i % 10 == 0:
            keep.append(t)
        if t == s:
            return "wrong"
    return [len(k) for k in keep]


def join(n):
    parts = []
    for i in range(n):
        parts.append(str(i))
        parts.append(",")
    return "".join(parts)[-30:]


def count_words(text):
    words = {}
    w = ""
    for c in text + " ":
        if c.isalpha():
            w += c.lower()
        elif w:
            words[w] = words.get(w, 0) + 1
            w = ""
    return sorted(words.items(), key=lambda p: (-p[1], p[0]))[:5]


def reverse(s):
    out = ""
    for c in s:
        out = c + out
    return out


def caesar(s, k):
    out = []
    for c in s:
        if "a" <= c <= "z":
            out.append(chr((ord(c) - 97 + k) % 26 + 97))
        else:
            out.append(c)
    return "".join(out)


def palindromes(n):
    c = 0
    for i in range(n):
        s = str(i)
        if s == s[::-1]:
            c += 1
    return c


def methods(n):
    out = []
    for i in range(n):
        s = f" Item {i} of {n} "
        out.append(s.strip().upper().replace("ITEM", "it").split()[1].zfill(4) + str(s.find("of")) + str(s.count(" ")) + str(s.startswith(" I")) + s.title()[3:6])
    return out[7], out[-1], len(out)


def distance(a, b):
    prev = list(range(len(b) + 1))
    for i, x in enumerate(a):
        cur = [i + 1]
        for j, y in enumerate(b):
            cur.append(min(prev[j] + (x != y), prev[j + 1] + 1, cur[j] + 1))
        prev = cur
    return prev[-1]


def compare(n):
    words = ["pear", "apple", "fig", "apple", ""]
    k = 0
    for i in range(n):
        a, b = words[i % 5], words[i * 3 % 5]
        k = (k * 3 + (a < b) + 2 * (a == b) + 4 * (a >= b) + (a != "fig")) % 100003
    return k


TEXT = "The quick brown fox jumps over the lazy dog. The dog sleeps; the fox does not! " * 5
print(concat(100), aliased(100), join(80), count_words(TEXT), reverse(TEXT)[:20], caesar(TEXT, 3)[:30], palindromes(500))
print(methods(60), distance("kitten sitting on a mitten", "sitting kitten in a kitchen"), compare(100))
