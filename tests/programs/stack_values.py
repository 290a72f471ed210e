"""Hot loops entered with values on the operand stack: loops in comprehensions, nested for iterators, with blocks, handlers."""


def for_in_for_in_for(n):
    s = 0
    for a in [1, 2, 3]:
        for b in (1.5, 2.5):
            for c in {"x": 1, "y": 2}:
                for d in range(n):
                    s += a * b + d
                    if d > 50 and c == "y":
                        break
    return s


def loop_in_handler(n):
    s = 0
    for k in range(5):
        try:
            raise ValueError(k)
        except ValueError as e:
            for i in range(n):
                s += i
                if i == 60 and k == 3:
                    break
            s += e.args[0]
    return s


class W:
    def __enter__(self):
        return 2

    def __exit__(self, *a):
        return True


def loop_in_with(n):
    s = 0
    for k in range(4):
        with W() as w, W() as v:
            for i in range(n):
                s += w * i
                if i == 70:
                    raise KeyError
            s += 10 ** 9
    return s


def return_from_depth(n):
    for a in range(3):
        for b in [1, 2]:
            with W():
                for i in range(n):
                    if i == 80:
                        return a, b, i


def comprehension_on_stack(n):
    return [1, sum([i * 2 for i in range(n)]), {"k": [j for j in range(n) if j % 31 == 0]}, (max([k * -1 for k in range(n)]),)]


def call_arguments(n):
    def f(*a, **k):
        return len(a), sum(map(sum, a)), sorted(k)
    return f([i for i in range(n)], *[[1, 2], (3,)], x=[i for i in range(n)], **{"y": [i for i in range(n)]})


def try_in_loop_in_try(n):
    log = []
    try:
        for i in range(n):
            try:
                for j in range(60):
                    if i == 2 and j == 55:
                        raise KeyError((i, j))
                    if j == 58:
                        raise IndexError
            except IndexError:
                log.append(i)
    except KeyError as e:
        log.append(e.args)
    return log


print(for_in_for_in_for(70), loop_in_handler(80), loop_in_with(100), return_from_depth(100), comprehension_on_stack(80), call_arguments(60), try_in_loop_in_try(5))
