"""Several recordings at once: threads, nested ones, ones that wait for ever. Each ends in a trace, or stands in nobody's way.

A recorded turn is held by `meet`, which the loop calls in the turn that is recorded: in eager mode the third.
"""

import subprocess
import sys
import textwrap

import pytest

import runner

COMMON = """
import copypatch, sys, threading, time
copypatch.enable()
def aborts(reason):
    return copypatch.stats()["aborts_by_reason"].get(reason, 0)
def has(f):
    return len(copypatch.executors(f))
def long():                 # two loops: called by a recording, not followed into
    for _ in (): pass
    for _ in (): pass
def make(meet, turns=4):    # 4 turns: one chance to record, the third
    space = {"meet": meet}
    exec('''
def loop(n):
    s = 0
    for i in range(n):
        meet(i)
        s = s * 3 + i & 0xFFFF
    return s
''', space)
    return space["loop"]
def expected(n):
    s = 0
    for i in range(n):
        s = s * 3 + i & 0xFFFF
    return s
def calls(f):               # what a recording calls and does not follow into
    def meet(i):
        for _ in (): pass
        for _ in (): pass
        if i == 2:
            f()
    return meet
"""


def python(code, eager=True):
    env = runner.environment(**({"COPYPATCH_EAGER": "1", "COPYPATCH_FUNCTIONS": "0"} if eager else {}))
    done = subprocess.run([sys.executable, "-c", COMMON + textwrap.dedent(code)], text=True, capture_output=True, timeout=100, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_two_threads_at_once():
    assert python("""
        both = threading.Barrier(2)
        def meet(i):
            for _ in (): pass
            for _ in (): pass
            if i == 2:
                both.wait(20)
                both.wait(20)
        loops, results = [make(meet) for _ in range(2)], []
        threads = [threading.Thread(target=lambda f=f: results.append(f(4))) for f in loops]
        for t in threads: t.start()
        for t in threads: t.join()
        print(*map(has, loops), results == [expected(4)] * 2)
    """) == ["1", "1", "True"]


def test_three_nested():
    assert python("""
        a = make(calls(lambda: None))
        b = make(calls(lambda: results.append(a(4))))
        c = make(calls(lambda: results.append(b(4))))
        results = []
        results.append(c(4))
        print(*map(has, (a, b, c)), results == [expected(4)] * 3)
    """) == ["1", "1", "1", "True"]


def test_deeper_than_there_is_room_for():
    """At most 8 in a thread: the outer ones are overtaken, and record another time. What they compute is right all the same."""
    assert python("""
        loops, results = [make(calls(lambda: None))], []
        for k in range(12):
            loops.append(make(calls(lambda f=loops[-1]: results.append(f(4)))))
        results.append(loops[-1](4))
        print(results == [expected(4)] * 13, sum(map(has, loops)), aborts("another recording of it was quicker"))
        results.clear()
        results.append(loops[-1](4))
        print(results == [expected(4)] * 13, sum(map(has, loops)))
    """) == ["True", "8", "5", "True", "13"]


def test_the_first_that_finishes_wins():
    """The loop is recorded, and compiled, by code that its own recording calls."""
    assert python("""
        def again():
            if not nested:
                nested.append(1)
                results.append(f(2000))
        results, nested = [], []
        f = make(calls(again))
        results.append(f(60))
        print(results == [expected(2000), expected(60)], has(f), aborts("another recording of it was quicker"))
    """) == ["True", "1", "1"]


def test_one_that_waits_for_ever_stops_nobody():
    """A thread waits in the recorded turn of the very loop that others run: it is overtaken, and goes on all the same when it can."""
    assert python("""
        silent, waits = threading.Event(), threading.Event()
        def wait():
            if not waits.is_set():
                waits.set()
                silent.wait(60)
        results = []
        f = make(calls(wait))
        t = threading.Thread(target=lambda: results.append(f(40)))
        t.start()
        waits.wait(20)
        other = make(calls(lambda: None))
        print(other(60) == expected(60), has(other))
        print(f(2000) == expected(2000), has(f))
        silent.set()
        t.join()
        print(results == [expected(40)], has(f), aborts("another recording of it was quicker"))
    """) == ["True", "1", "True", "1", "True", "1", "1"]


@pytest.mark.parametrize("where", ["run", "recorded"])
def test_250_threads_that_wait_in_compiled_loops(where):
    """Hot code is compiled while they wait."""
    assert python(f"""
        threading.stack_size(256 << 10)
        silent, arrived = threading.Event(), threading.Semaphore(0)
        def wait():
            arrived.release()
            silent.wait(60)
        waiting = []
        loops = [make(calls(lambda: waiting and wait())) for _ in range(250)] if {where!r} == "recorded" else [make(calls(lambda: waiting and wait()))] * 250
        if {where!r} == "run":
            loops[0](60)
            assert has(loops[0])
        waiting.append(1)
        results = []
        threads = [threading.Thread(target=lambda f=f: results.append(f(5))) for f in loops]
        for t in threads: t.start()
        for t in threads: arrived.acquire()
        def hot(n):
            s = 0
            for i in range(n):
                s = (s * 3 + i) & 0xffffff
            return s
        end = time.monotonic() + 20
        while not has(hot) and time.monotonic() < end:
            hot(200_000)
        print(has(hot))
        silent.set()
        for t in threads: t.join()
        print(results == [expected(5)] * 250)
    """) == ["1", "True"]


def test_is_active_says_who_runs():
    """True in a loop that native code runs or a recording, in what it follows into and what it calls; other threads do not count."""
    assert python("""
        active = copypatch.is_active
        def inlined():
            return active()
        def called():
            for _ in (): pass
            for _ in (): pass
            return active()
        def loop(n, f):
            l = []
            for i in range(n):
                l.append(f())
            return l
        print(*(sum(loop(50, f)) > 20 for f in (active, inlined, called)))
        waits, silent = threading.Event(), threading.Event()
        def wait():
            waits.set()
            silent.wait(20)
        f = make(calls(wait))
        t = threading.Thread(target=f, args=(4,))
        t.start()
        waits.wait(20)
        print(active(), called())
        silent.set()
        t.join()
        print(active())
    """) == ["True", "True", "True", "False", "False", "False"]
