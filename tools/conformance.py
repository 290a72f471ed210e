"""conformance.py [NAME...]: files of CPython's own test suite, on stock and under copypatch in eager mode. Each has to end alike:
the same exit status, and the same result of every test in it. COPYPATCH_* variables of the caller apply (COPYPATCH_STRESS=exit:3)."""

import os
import re
import subprocess
import sys
import time

NAMES = """test_grammar test_int test_float test_long test_math test_list test_tuple test_dict test_range test_iter test_builtin test_compare
    test_unpack test_exceptions test_traceback test_sys test_monitoring test_sys_settrace test_threading test_signal""".split()


def run(name, jit):
    """-> (exit status, {test: result}, output, seconds)"""
    command = [sys.executable, *(["-m", "copypatch"] if jit else []), "-m", "test", "-v", name]
    environment = {**os.environ, "COPYPATCH_EAGER": "1", "COPYPATCH": str(int(jit)), "PYTHONUNBUFFERED": "1"}
    start = time.time()
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, timeout=1200, errors="replace")
        status, text = done.returncode, done.stdout
    except subprocess.TimeoutExpired as error:
        status, text = "timeout", (error.stdout or b"").decode(errors="replace")
    results = {}
    for line in text.splitlines():
        if match := re.match(r"(test\w*) \(([\w.]+)\)", line):
            test = match[2]
        if match := re.search(r"(?:^|\.\.\. )(ok|FAIL|ERROR|skipped .*|expected failure|unexpected success)$", line):
            results[locals().get("test")] = match[1]
    return status, results, text, time.time() - start


def main():
    bad = 0
    for name in sys.argv[1:] or NAMES:
        stock, ours = run(name, False), run(name, True)
        differ = sorted(str(t) for t in stock[1].keys() | ours[1].keys() if stock[1].get(t) != ours[1].get(t))
        same = stock[0] == ours[0] and not differ
        bad += not same
        print(f"{'same  ' if same else 'DIFFER'} {name}: {len(stock[1])} tests, exit {stock[0]} and {ours[0]}, {stock[3]:.1f} s and {ours[3]:.1f} s", flush=True)
        for test in differ[:20]:
            print(f"         {test}: {stock[1].get(test)} on stock, {ours[1].get(test)} under copypatch")
        if not same:
            os.makedirs("build/conformance", exist_ok=True)
            with open(f"build/conformance/{name}.txt", "w") as file:
                file.write(ours[2])
            print(f"         output: build/conformance/{name}.txt")
    print("all end alike" if not bad else f"{bad} differ")
    sys.exit(bad != 0)


if __name__ == "__main__":
    main()
