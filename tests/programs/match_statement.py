"""match: literals, captures, guards, sequences, mappings, classes, or-patterns, wildcards."""
from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int


class Color:
    RED = "red"
    BLUE = "blue"


def kind(v):
    match v:
        case 0:
            return "zero"
        case 1 | 2:
            return "small"
        case int(n) if n > 50:
            return f"big {n}"
        case int():
            return "int"
        case float(f):
            return f"float {f}"
        case Color.RED:
            return "red constant"
        case "a" | "b" as s:
            return f"letter {s}"
        case str():
            return "str"
        case None | True | False:
            return "single"
        case []:
            return "empty"
        case [x]:
            return f"one {x}"
        case [x, y, *rest]:
            return f"{x} {y} {len(rest)}"
        case {"k": k, **more}:
            return f"k {k} {sorted(more)}"
        case {}:
            return "dict"
        case Point(x=0, y=y):
            return f"on y {y}"
        case Point(x, y) if x == y:
            return "diagonal"
        case Point():
            return "point"
        case _:
            return "other"


VALUES = [0, 1, 2, 10, 99, 1.5, "red", "a", "b", "zz", None, True, [], [1], (1, 2), [1, 2, 3, 4], {"k": 1, "z": 2}, {}, {"q": 1}, Point(0, 5), Point(3, 3), Point(1, 2), object, {1}]


def run(n):
    out = []
    for i in range(n):
        out.append(kind(VALUES[i % len(VALUES)]))
    return out[:24], len(out)


def machine(n):
    """An interpreter of small programs."""
    code = [("push", 0), ("push", 0), ("label",), ("inc", 0), ("add", 0, 1), ("jlt", 0, n, 2), ("halt",)]
    regs = [0, 0]
    pc = steps = 0
    while True:
        steps += 1
        match code[pc]:
            case ("push", v):
                pass
            case ("label",):
                pass
            case ("inc", r):
                regs[r] += 1
            case ("add", a, b):
                regs[b] += regs[a]
            case ("jlt", r, limit, to) if regs[r] < limit:
                pc = to
                continue
            case ("jlt", *_):
                pass
            case ("halt",):
                return regs, steps
        pc += 1


print(run(96))
print(machine(100))
