"""Real greenlet and gevent: programs of tests/greenlets/ as on stock Python, a million switches, and greenlets that wait stop nobody."""

import functools
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import runner

PROGRAMS = Path(__file__).parent / "greenlets"
NEEDS = {"switches": "greenlet", "ends": "greenlet", "recursion": "greenlet", "cooperative": "gevent"}
MODES = runner.usable(runner.FAST_MODES)


@functools.cache
def is_there(module):
    return not subprocess.run([sys.executable, "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode


def needs(module):
    if not is_there(module):
        pytest.skip(f"{module} is not installed for this version (tools/setup-tests)")


@functools.cache
def stock(name, rounds):
    return runner.run([str(PROGRAMS / f"{name}.py"), str(rounds)])


def compare(name, rounds, mode):
    needs(NEEDS[name])
    ours = runner.run(["-m", "copypatch", str(PROGRAMS / f"{name}.py"), str(rounds)], COPYPATCH_EAGER="1", **runner.MODES[mode])
    text = runner.difference(ours, stock(name, rounds))
    assert text is None, f"{name} in mode {mode}:\n{text}"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NEEDS)
def test_as_on_stock(name, mode):
    compare(name, 3, mode)


@pytest.mark.parametrize("mode", [m for m in MODES if m in ("jit", "jit-exit3", "interpreter")][:2])
def test_a_million_switches(mode):
    compare("switches", 230 if mode == "jit" else 60, mode)
    compare("ends", 30, mode)
    compare("cooperative", 20, mode)


def python(code):
    env = runner.environment(COPYPATCH_EAGER="1", COPYPATCH_FUNCTIONS="0")
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], text=True, capture_output=True, timeout=100, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


COMMON = """
import copypatch, gc, sys, threading, types
from greenlet import getcurrent, greenlet
switch = getcurrent().switch
waiting = []
def work(n):
    s = 0
    for i in range(n):
        if i == 2 and waiting:
            switch()
        s = s * 3 + i & 0xFFFF
    return s
def fresh(): return types.FunctionType(work.__code__.replace(), globals())
def has(f): return len(copypatch.executors(f))
def hot(n):
    s = 0
    for i in range(n):
        s = s * 3 + i & 0xFFFF
    return s
copypatch.enable()
"""


@pytest.mark.parametrize("where", ["run", "recorded"])
def test_200_that_wait_stop_nobody(where):
    needs("greenlet")
    assert python(COMMON + f"""
recorded = {where!r} == "recorded"
if not recorded:
    work(60)
    assert has(work)
waiting.append(1)
functions = [fresh() if recorded else work for _ in range(200)]
group = [greenlet(f) for f in functions]
for g in group: g.switch(5)
print(hot(60), has(hot))
waiting.clear()
print(set(g.switch() for g in group) == {{work(5)}}, all(g.dead for g in group))
""") == [str(expected(60)), "1", "True", "True"]


def test_is_active_is_about_the_greenlet_that_asks():
    needs("greenlet")
    assert python(COMMON + """
active = copypatch.is_active
def asks():
    l = []
    for i in range(60):
        l.append(active())
        switch()
    return l
g = greenlet(asks)
others = []
def go_on():        # no loop, which would be active itself
    seen = g.switch()
    others.append(active())
    return seen if g.dead else go_on()
print(go_on()[-1], any(others))
""") == ["True", "False"]


def test_left_behind_in_a_recording():
    """Its thread ends, it never goes on: the loop is recorded by others all the same."""
    needs("greenlet")
    assert python(COMMON + """
def thread():
    global switch
    switch = getcurrent().switch
    g = greenlet(work)
    group.append(g)
    g.switch(5)
group = []
waiting.append(1)
t = threading.Thread(target=thread)
t.start()
t.join()
waiting.clear()
print(work(60), has(work))
group.clear()
gc.collect()
print(work(60), has(work))
""") == [str(expected(60)), "1"] * 2


def expected(n):
    s = 0
    for i in range(n):
        s = s * 3 + i & 0xFFFF
    return s
