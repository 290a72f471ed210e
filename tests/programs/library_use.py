"""Code of the standard library in hot loops: decimal, fractions, json, re, itertools, statistics, datetime, dataclasses, enum, copy, io, random."""
import copy
import dataclasses
import datetime
import enum
import fractions
import functools
import heapq
import io
import itertools
import json
import operator
import random
import re
import statistics
import textwrap
from decimal import Decimal, getcontext


def decimals(n):
    getcontext().prec = 30
    s = Decimal(0)
    for i in range(1, n):
        s += Decimal(1) / Decimal(i)
    return s


def fracs(n):
    s = fractions.Fraction(0)
    for i in range(1, n):
        s += fractions.Fraction(1, i * (i + 1))
    return s


def jsons(n):
    s = 0
    for i in range(n):
        o = json.loads(json.dumps({"a": [i, i * 0.5, None, True], "b": {"c": str(i)}}, indent=1))
        s += o["a"][0] + len(o["b"]["c"])
    return s


def regexes(n):
    p = re.compile(r"(\w+)=(\d+)")
    s = 0
    for i in range(n):
        for m in p.finditer(f"a={i} bb={i * 2}, c=x"):
            s += int(m[2]) * len(m[1])
        s += len(re.sub("[aeiou]", lambda m: m[0].upper(), "education"))
    return s


class Shape(enum.Enum):
    A = 1
    B = 2


class Flag(enum.IntFlag):
    X = 1
    Y = 2


@dataclasses.dataclass(order=True, frozen=True)
class P:
    x: int
    y: float = 0.5


def misc(n):
    s = 0
    ps = []
    for i in range(n):
        s += Shape(i % 2 + 1).value + (Flag.X | Flag.Y if i % 2 else Flag.X)
        ps.append(P(i * 7 % 13))
        try:
            ps[-1].x = 1
        except dataclasses.FrozenInstanceError:
            s += 1
        s += copy.deepcopy([i, [i]])[1][0]
        s += (datetime.date(2024, 1, 1) + datetime.timedelta(days=i)).day
    ps.sort()
    return s, ps[0], ps[-1], dataclasses.replace(ps[3], y=2.0)


def iters(n):
    s = 0
    for a, b in itertools.pairwise(range(n)):
        s += a * b
    for k, g in itertools.groupby(range(n), lambda x: x // 7):
        s += k * len(list(g))
    for c in itertools.combinations(range(8), 3):
        s += c[1]
    for x in itertools.accumulate(range(n), operator.mul, initial=1):
        s ^= x
    for x in itertools.takewhile(lambda v: v < 70, itertools.count()):
        s += x
    s += functools.reduce(lambda a, b: a * 3 + b, range(n)) % 1000
    return s, heapq.nsmallest(3, [5, 1, 4, 2] * 20)


print(decimals(60), fracs(60), jsons(50), regexes(50))
print(misc(60), iters(60))
r = random.Random(5)
print([r.randint(0, 99) for _ in range(60)][-5:], sum(r.random() for _ in range(60)), r.sample(range(100), 5))
print(statistics.fmean([i * 0.1 for i in range(70)]), statistics.stdev(range(60)), textwrap.fill("word " * 60, 50)[-30:])
out = io.StringIO()
for i in range(100):
    print(i, i * 0.5, sep=":", end=" ", file=out)
print(len(out.getvalue()))
