"""Code memory: never writable and executable at once, written through an alias or by changing protection, not shared after a fork."""

import os
import subprocess
import sys

import pytest
import runner

pytestmark = pytest.mark.skipif(bool(runner.why_not_native()), reason=str(runner.why_not_native()))

MAKE = """
import copypatch, gc, os
copypatch.enable()
def make(k, n=1):
    names = {}
    exec(f"def f(n):\\n s = 0\\n for i in range(n):\\n  s += i ^ {k}\\n return s\\n", names)
    return names["f"]
def expect(k, n):
    return sum(i ^ k for i in range(n))
def right(functions):
    return all(f(200) == results[k] for k, f in functions.items())
results = {k: sum(map(k.__xor__, range(200))) for k in range(300)}
def lines():
    with open("/proc/self/maps") as file:
        return [line.split() for line in file]
"""


def run(program, **environment):
    done = subprocess.run([sys.executable, "-c", MAKE + program], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "COPYPATCH_EAGER": "1", **environment})
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")


@pytest.mark.parametrize("alias", ["1", "0"])
def test_write_xor_execute(alias):
    out = run("""
before = {line[0] for line in lines()}
functions = {k: make(k) for k in range(50)}
print(right(functions), copypatch.stats()["code_bytes"] > 1000)
new = [line for line in lines() if line[0] not in before and len(line) == 5 or "/dev/zero" in line]
print(any("w" in line[1] and "x" in line[1] for line in lines()))
print(*sorted({line[1] for line in new if "x" in line[1] or "/dev/zero" in line}))
""", COPYPATCH_ALIAS=alias)
    assert out[:2] == ["True True", "False"]
    assert out[2] == ("r-xs rw-s" if alias == "1" else "r-xp"), out[2]


@pytest.mark.parametrize("alias", ["1", "0"])
def test_ranges_are_used_again(alias):
    out = run("""
def turn():
    functions = {k: make(k) for k in range(20)}
    return right(functions)
sizes = []
for _ in range(60):
    print(turn())
    gc.collect()
    sizes.append(copypatch.stats()["code_bytes"])
print(max(sizes[30:]) < 1.2 * max(sizes[:30]), sizes)
""", COPYPATCH_ALIAS=alias)
    assert out[:60] == ["True"] * 60 and out[60].startswith("True"), out[60]


@pytest.mark.parametrize("alias", ["1", "0"])
def test_fork(alias):
    """Both sides give their traces up and make new ones; neither finds the other's code where its own was."""
    out = run("""
kept = {k: make(k) for k in range(20)}
given_up = {k: make(k) for k in range(20, 40)}
print(right(kept), right(given_up))
def churn(functions, base):
    good = right(functions)
    functions.clear()
    gc.collect()
    for turn in range(5):
        functions.update((k, make(k)) for k in range(base, base + 20))
        good &= right(functions)
        functions.clear()
        gc.collect()
    return good
children = []
for generation in range(3):
    r, w = os.pipe()
    child = os.fork()
    if not child:
        good = churn(given_up, 100 + 20 * generation) and right(kept)
        os.write(w, b"!")
        os._exit(not (good and churn(kept, 200)))
    os.read(r, 1)               # the child has written code
    print(right(kept), churn({}, 240), right(kept))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(right(given_up), right(kept))
""", COPYPATCH_ALIAS=alias)
    assert out[:8] == ["True True", *["True True True", "0"] * 3, "True True"]


@pytest.mark.parametrize("alias", ["1", "0"])
def test_side_traces_of_code_that_a_fork_has_shared(alias):
    """An exit's stub becomes a jump to the side trace where it can still be written; where it cannot the way leads through memory."""
    out = run("""
def f(n, odd):
    s = 0
    for i in range(n):
        if i % 2 == odd: s += i
        else: s -= 1
    return s
def g(n, k):
    s = 0
    for i in range(n):
        if i < k: s += 1
        else: s += 3
    return s
def turn(): return f(300, 0), g(300, 1000), g(300, 0), g(300, 150)
print(g(300, 1000))
child = os.fork()
if not child:
    before = copypatch.stats()["side_traces"]
    good = [turn() for _ in range(5)] == [(22200, 300, 900, 600)] * 5
    os._exit(not (good and copypatch.stats()["side_traces"] > before))
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), *[turn() for _ in range(3)], copypatch.stats()["side_traces"] > 0)
""", COPYPATCH_ALIAS=alias)
    assert out[:2] == ["300", "0 " + "(22200, 300, 900, 600) " * 3 + "True"]
