"""Every instruction that the compiler makes is in a trace of some test program, but for those that are listed with a reason."""

import opcode
import re
import sys

import pytest
import runner

# Seen by no recording, or ending it.
WHY_NOT = {
    "CACHE": "no instruction", "RESERVED": "no instruction", "EXTENDED_ARG": "read with the instruction behind it",
    "INTERPRETER_EXIT": "the interpreter's own", "ENTER_EXECUTOR": "CPython's own JIT", "EXIT_INIT_CHECK": "the interpreter's own",
    "JUMP_BACKWARD_JIT": "CPython's own JIT", "JUMP_BACKWARD_NO_JIT": "CPython's own JIT", "TRACE_RECORD": "CPython's own JIT",
    "INSTRUMENTED_LINE": "no instruction", "NOT_TAKEN": "read as NOP",
    "SETUP_ANNOTATIONS": "at the beginning of modules and class bodies, where no trace begins",
    "RETURN_GENERATOR": "a call of the function makes the generator: NEW_GEN", "CLEANUP_THROW": "what throw() raises, which comes by the interpreter",
}
PROGRAMS = "every_opcode", "functions_entered", "algo_integer", "algo_numeric", "attributes", "calls_keywords", "displays", "comprehensions", "imports_in_loop", "generators_native", "coroutines_native", "exceptions_caught", "exceptions_finally", \
    "class_bodies", "template_strings"


def instructions():
    special = {name for names in opcode._specializations.values() for name in names}
    return {name for name, number in opcode.opmap.items() if number < 256 and not name.startswith("INSTRUMENTED") and name not in special}


@pytest.fixture(scope="module")
def recorded():
    seen = set()
    for name in PROGRAMS:
        done = runner.run(["-m", "copypatch", runner.TESTS / "programs" / f"{name}.py"], COPYPATCH_EAGER="1", COPYPATCH_DUMP="bytecode,aborts")
        assert done.status == 0, done.stderr[-500:]
        here = re.findall(r"^bytecode: .*@\d+ (\w+) -?\d+$", done.stderr, re.M)
        refused = re.findall(r"^interpreted: .* (\w+)$", done.stderr, re.M) + re.findall(r"^abort: .*:\d+ \w+: instruction not supported (\w+)", done.stderr, re.M)
        seen |= {op for op in set(here) if here.count(op) > refused.count(op)}
    return seen


def test_every_instruction_is_recorded(recorded):
    assert sorted(instructions() - recorded - set(WHY_NOT) - UNSEEN) == []


# Recorded under another name: cpy_fetch() gives it that of an earlier version. Or what only the specializing compiler of this version makes.
UNSEEN = {"END_FOR", "LOAD_FAST_BORROW", "LOAD_FAST_BORROW_LOAD_FAST_BORROW", "BINARY_OP"} if sys.version_info >= (3, 14) else {"END_FOR"}
