"""A tracing, copy-and-patch JIT compiler for stock CPython.

    python -m copypatch script.py        runs a program with it
    copypatch.enable()                   switches it on in a program that is running

Importing changes nothing. On an interpreter that is not supported, importing and every function here still work; the JIT stays off and
`why_unavailable()` says why.
"""

__version__ = "0.1.0"
__all__ = ["enable", "disable", "is_enabled", "is_active", "is_available", "why_unavailable", "stats", "executors"]

try:
    from . import _copypatch
except ImportError as error:
    _copypatch = None
    from . import _elsewhere
    _missing = _elsewhere.why(error)


def enable():
    """Start compiling hot code. No effect when the JIT is on, is not available (CPython's own is on, for example), or is switched off by COPYPATCH=0."""
    if _copypatch:
        _copypatch.enable()


def disable():
    """Stop: compiled code is not entered any more, no code is watched, and the sys.monitoring tool id is given back."""
    if _copypatch:
        _copypatch.disable()


def is_enabled():
    """True after enable() took effect. Where it could not (no sys.monitoring tool id, no thread), stats()["off_reason"] says why."""
    return _copypatch is not None and _copypatch.is_enabled()


def is_active():
    """True when compiled code runs the function that asks, or a caller of it (or a recording does). Other threads and greenlets do not count."""
    return _copypatch is not None and _copypatch.is_active()


def is_available():
    """True when this interpreter is supported."""
    return _copypatch is not None and _copypatch.is_available()


def why_unavailable():
    """A text that says why is_available() is false; None when it is true."""
    return _copypatch.why_unavailable() if _copypatch else _missing


def stats():
    """What the JIT has done so far, as a dict.

    off_reason          why nothing is being compiled; None when the JIT is on
    samples             looks at what the program is doing, by a thread named copypatch
    sampler_ns          CPU time that these have cost
    armed               code objects whose loops are counted
    events              turns of loops and calls of functions that were counted, or led into compiled code
    traces, side_traces compiled so far
    aborts              recordings that came to nothing, and aborts_by_reason
    entries, exits      of compiled code
    recorded_bytecodes  aborted_bytecodes of them in recordings that came to nothing
    emitted_uops        that became native code
    setup_ns            spent once, when the first code is armed: pages are mapped, code memory is found
    record_ns, optimize_ns, emit_ns                 time of each stage, aborted recordings included
    us_per_bytecode     all stages together per recorded bytecode; by stage: record_us_per_bytecode, optimize_us_per_bytecode, emit_us_per_bytecode
    emit_us_per_uop
    code_bytes          of native code that there is
    metadata_bytes      of heap for what is kept beside it: uops, snapshots, exits and places of each trace, what is known of code objects
    copies_per_bytecode in how many traces a bytecode stands, on average over those that stand in any (with a uop; one in a trace counts once); None: no traces
    native_share        of the CPU time of the process, in native code and C functions that it called, as the samples found it: each stands for the time since the
                        one before, and counts as native when native code ran as it was asked for. Python code that the interpreter runs for such a
                        C function does not count. Ten samples a second: of a short run it says little; and a program that makes many system calls is often
                        sampled at their ends, where processors are scarce. None: no samples
    native_samples      how many samples each 50 ms of CPU time had, for the first 2 s, and how many of these were native: [[3, 0], [2, 1], ...]
    first_native_s      CPU time that the process had used when its first native code was there; None: there was none yet
    longest_pause_ns    for which we have held the program up at one time: by a recording and what was made of it (what the recorded program took is none), set-up, a
                        sample. Of CPU time: who else had the processor meanwhile does not count
    few_runs            share of traces, of those that there are, that ran fewer than 500 times, turns of their loops included. Traces count that only when they are
                        told to (COPYPATCH_COUNT=runs): else None
    native_bytecodes    executed by native code (COPYPATCH_COUNT=bytecodes, which makes it slow); else None
    gained_ns, paid_ns  estimates by which traces are judged: what bytecodes run natively have saved, what entering and leaving has cost
    """
    return _copypatch.stats() if _copypatch else {"off_reason": _missing}


def executors(code=None):
    """The compiled loops of a function or code object, or all there are: a list of executors, oldest first.

    An executor has a `code` object, is `valid` or not, and its `traces`, the root and its side traces, have `uops`, `exits` with counts, machine code in
    `jit_code`, and a `disassembly()`. Of itself, as a sequence, it is the names of its root's uops.
    """
    found = _copypatch.executors(code) if _copypatch else []
    if not found:
        return found
    from . import _inside
    return _inside.executors(found)
