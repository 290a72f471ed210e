"""Text built, cut up, counted and put together again."""


def make(n):
    words = ["stencil", "hole", "patch", "trace", "guard", "exit", "snapshot", "uop", "spill", "side"]
    x = 1
    out = []
    for i in range(n):
        x = (x * 1103515245 + 12345) % 2147483648
        w = words[x >> 16 & 7]
        out.append(w.capitalize() if x & 1024 else w + ("," if x & 2048 else ""))
    return " ".join(out)


def letters(text):
    n = {}
    for c in text:
        if c.isalpha():
            c = c.lower()
            n[c] = n.get(c, 0) + 1
    return sorted(n.items())


def caesar(text, k):
    out = []
    for c in text:
        o = ord(c)
        if 97 <= o <= 122:
            out.append(chr((o - 97 + k) % 26 + 97))
        else:
            out.append(c)
    return "".join(out)


def squeeze(text):
    out = ""
    last = ""
    for c in text:
        if c != last and c not in "aeiou":
            out += c
        last = c
    return out


text = make(450000)
print(letters(text)[:5])
print(sum(map(ord, caesar(text, 3)[::1001])), len(squeeze(text)))
print(len({w.strip(",").lower() for w in text.split()}))
