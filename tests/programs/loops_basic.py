"""while, for, else, break, continue in every combination."""


def while_else(n, stop):
    i = 0
    while i < n:
        if i == stop:
            r = "break"
            break
        i += 1
    else:
        r = "else"
    return r, i


def for_else(n, stop):
    for i in range(n):
        if i == stop:
            break
    else:
        return "else", i
    return "break", i


def continues(n):
    s = 0
    for i in range(n):
        if i % 2:
            continue
        if i % 3 == 0:
            continue
        s += i
    i = 0
    while i < n:
        i += 1
        if i % 5:
            continue
        s += 1000
    return s


def forever(n):
    i = 0
    while True:
        i += 1
        if i > n:
            return i
        if i % 2:
            continue
        i += 1


def empty(n):
    for i in range(n):
        pass
    for _ in range(n):
        ...
    while n:
        n -= 1
    return i, n


def loop_var_after(n):
    for i in range(n):
        i = i * 2
    return i


def zero_turns():
    for i in range(0):
        pass
    else:
        i = "else"
    return i


def rare_branch(n):
    rare = often = 0
    for i in range(n):
        if i % 97 == 96:
            rare += i
        elif i % 31 == 7:
            rare -= i
        else:
            often += 1
    return rare, often


print(while_else(100, 500), while_else(100, 70))
print(for_else(100, 500), for_else(100, 70))
print(continues(300), forever(200), empty(90), loop_var_after(80), zero_turns(), rare_branch(1000))
