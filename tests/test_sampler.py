"""What looking for hot code costs, and that it finds: wake-ups, clocks, threads, processes that wait."""

import os
import platform
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from test_attach import COUNT, out

# The thread that samples, and how often it slept: each wake-up is a voluntary context switch.
WAKE_UPS = """
        import os
        def wake_ups():
            for task in os.listdir("/proc/self/task"):
                with open(f"/proc/self/task/{task}/comm") as file:
                    if file.read() != "copypatch\\n": continue
                with open(f"/proc/self/task/{task}/status") as file:
                    return next(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))
"""


def test_process_time_is_exact():
    """No timer runs on the CPU clock of the process: that would make it move at the kernel's ticks."""
    assert out("""
        copypatch.enable()
        busy(.05)
        times = [time.process_time_ns() for _ in range(20_000)]
        print(len(set(times)) > 19_000, armed() > 0)
    """) == ["True True"]


def test_few_wake_ups_while_nothing_is_found():
    """At most ten a second, by the wall clock (which is CPU time where nobody else wants the CPU); some more at first."""
    woken, seconds, samples, cost = map(float, out(WAKE_UPS + """
        import zlib
        data = bytes(100_000)
        copypatch.enable()
        busy(.2)
        def c_calls(seconds):
            end = time.process_time() + seconds
            while time.process_time() < end: zlib.crc32(data)
        c_calls(.7)
        before, start = wake_ups(), time.perf_counter()
        c_calls(4)
        print(wake_ups() - before, time.perf_counter() - start, copypatch.stats()["samples"], copypatch.stats()["sampler_ns"] / 1e9 / time.process_time())
    """)[0].split())
    assert woken / seconds <= 10.5 and samples > 10 and cost < .005


IDLE = """
        import os, threading, queue, socket
        copypatch.enable()
        busy(.2)
        def wait_for_event(): threading.Event().wait()
        def wait_for_item(): queue.Queue().get()
        def wait_for_bytes(): pair = socket.socketpair(); pair[0].recv(1)
        def wait_for_lock():
            lock = threading.Lock(); lock.acquire(); lock.acquire()
        def work(): busy(.05)
        for f in wait_for_event, wait_for_item, wait_for_bytes, wait_for_lock: threading.Thread(target=f, daemon=True).start()
        worker = threading.Thread(target=work); worker.start(); worker.join()
        print("idle", flush=True)
        os.read(0, 1)
        os._exit(0)
"""


def switches(pid):
    """{name of a thread: its voluntary context switches}, seen from outside: whoever looks from inside is not idle."""
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        status = dict(line.split(":\t", 1) for line in (task / "status").read_text().splitlines() if ":\t" in line)
        found[f"{status['Name']} {task.name}"] = int(status["voluntary_ctxt_switches"])
    return found


def test_an_idle_process_is_not_woken():
    """Not once, when it has come to rest: with threads that wait in several ways, and one that has been busy before."""
    program = subprocess.Popen([sys.executable, "-c", COUNT + textwrap.dedent(IDLE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout.readline() == "idle\n"
        time.sleep(.7)
        before = switches(program.pid)
        time.sleep(1.5)
        after = switches(program.pid)
    finally:
        program.communicate("x")
    assert after == before and sum(name.startswith("copypatch ") for name in after) == 1 and len(after) == 6


@pytest.mark.parametrize("before", ["time.sleep(.8)", "c_calls(.8)", "[time.sleep(.01) for _ in range(60)]"])
def test_a_thread_that_begins_to_burn_is_sampled_soon(before):
    """Within a tenth of a second of CPU time, and some for compiling it."""
    found = min(float(line) for _ in range(3) for line in out(f"""
        import threading, zlib
        data = bytes(100_000)
        def c_calls(seconds):
            end = time.process_time() + seconds
            while time.process_time() < end: zlib.crc32(data)
        def worker_loop(n):
            i = 0
            while i < n: i += 1
        def work():
            start = time.perf_counter()
            while not copypatch._copypatch.executors(worker_loop) and time.perf_counter() < start + 5: worker_loop(1000)
            print(time.perf_counter() - start)
        copypatch.enable()
        {before}
        t = threading.Thread(target=work); t.start(); t.join()
    """))
    assert found < .15


@pytest.mark.parametrize("waits", [.0198, .02, .0202, .0204, .0206, .0208])
def test_bursts_of_work_are_sampled(waits):
    """A process that mostly waits, and does its work in short bursts, of whatever period: samples must not keep step with them."""
    assert out(f"""
        copypatch.enable()
        def request(n):
            i = 0
            while i < n: i += 1
        end = time.perf_counter() + 10
        while not copypatch.executors(request) and time.perf_counter() < end:
            stop = time.thread_time() + .003
            while time.thread_time() < stop: request(300)
            time.sleep({waits})
        print(len(copypatch.executors(request)))
    """) == ["1"]


def test_a_thread_that_waits_in_native_code_stops_nothing():
    """It waits in a call of a compiled loop; loops that get hot meanwhile are found."""
    assert out("""
        import threading
        r, w = os.pipe()
        lines = []
        def reader(pipe):
            for line in pipe: lines.append(line)
        copypatch.enable()
        thread = threading.Thread(target=reader, args=(os.fdopen(r, "rb"),), daemon=True); thread.start()
        with os.fdopen(w, "wb") as pipe:
            end = time.perf_counter() + 5
            while not copypatch.executors(reader) and time.perf_counter() < end: pipe.write(b"line\\n" * 20_000); pipe.flush()
            while len(lines) % 20_000: time.sleep(.01)
            print(len(copypatch.executors(reader)))
            busy(.3)
            print(len(copypatch.executors(hot)))
            sys.stdout.flush(); os._exit(0)
    """.replace("import threading", "import threading, os"), COPYPATCH_FUNCTIONS="0") == ["1", "1"]      # loops: `hot` may get a root at its entry as well


NO_THREAD = """
        import os, resource, copypatch._inside
        resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
        if os.getuid() == 0: os.setgroups([]); os.setresuid(65534, 65534, 65534)
"""


def test_where_no_thread_can_be_made():
    assert out(NO_THREAD + """
        copypatch.enable(); busy(.1)
        print(copypatch.is_enabled(), copypatch.stats()["off_reason"], armed())
        copypatch.disable()
        print(copypatch.is_enabled(), copypatch.stats()["off_reason"])
        copypatch.enable(); copypatch.enable()
        print(copypatch.is_enabled(), copypatch.stats()["off_reason"])
    """) == ["False no thread can be made that looks for hot code 0", "False not enabled", "False no thread can be made that looks for hot code"]


def test_where_a_thread_can_be_made_again():
    assert out("""
        import os, resource
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (1 << 20, hard))
        copypatch.enable()
        off = copypatch.is_enabled()
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        copypatch.enable(); busy(.1)
        print(off, copypatch.is_enabled(), armed() > 0)
    """) == ["False True True"]


def test_eager_mode_needs_no_thread():
    assert out(NO_THREAD + """
        copypatch.enable(); hot(100)
        print(copypatch.is_enabled(), len(copypatch.executors(hot)), os.listdir("/proc/self/task").__len__())
    """, COPYPATCH_EAGER="1") == ["True 1 1"]


# glibc 2.32 and later say whether they take their short ways.
ALONE = """
        import ctypes, os, threading
        def is_alone(): return ctypes.c_char.in_dll(ctypes.CDLL(None), "__libc_single_threaded").value == b"\\x01"
        def seccomp():      # of our thread; [] once it has ended, a moment after who waits for that goes on
            for _ in range(50):
                time.sleep(.01)
                tasks = os.listdir("/proc/self/task")
                if len(tasks) == 1 or copypatch.is_enabled(): break
            found = []
            for task in tasks:
                try:
                    with open(f"/proc/self/task/{task}/status") as file: status = file.read()
                except OSError: continue        # it ends just now
                if status.startswith("Name:\\tcopypatch\\n"): found.append(int(status.partition("\\nSeccomp:")[2].split()[0]))
            return found
"""


@pytest.fixture
def short_ways():
    if platform.machine() not in ("x86_64", "aarch64") or platform.libc_ver()[0] != "glibc" or tuple(map(int, platform.libc_ver()[1].split("."))) < (2, 32):
        pytest.skip("the C library does not say whether the process has one thread only")


def test_the_c_library_takes_its_short_ways(short_ways):
    """malloc() takes no lock in a process that has no thread of its own."""
    assert out(ALONE + """
        copypatch.enable(); busy(.1)
        print(is_alone(), armed() > 0, len(seccomp()))
        copypatch.disable()
        print(is_alone(), len(seccomp()), flush=True)
        copypatch.enable()
        pid = os.fork()
        if pid == 0:
            busy(.1)
            print(is_alone(), len(seccomp()), flush=True)
            os._exit(0)
        os.waitpid(pid, 0)
        threading.Thread(target=busy, args=(.1,)).start()
        print(is_alone(), len(seccomp()))
    """) == ["True True 1", "True 0", "True 1", "False 1"]


def test_where_there_are_threads_before(short_ways):
    assert out(ALONE + """
        lock = threading.Lock(); lock.acquire()
        threading.Thread(target=lock.acquire, daemon=True).start()
        copypatch.enable(); busy(.1)
        print(is_alone(), armed() > 0, seccomp())
    """) == ["False True [0]"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to lose")
def test_a_thread_keeps_no_rights(short_ways):
    """setuid() does not reach a thread that the C library does not know."""
    assert out(ALONE + """
        copypatch.enable(); busy(.1)
        print(seccomp(), armed() > 0)
        copypatch.disable()
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        copypatch.enable(); busy(.05)
        print(seccomp())
    """) == ["[2] True", "[0]"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to lose")
def test_rights_are_given_up_while_it_is_on():
    """What a server does once it has its socket: the thread, which has what it had, goes on; so do others, and children."""
    assert out("""
        import os, subprocess, threading
        copypatch.enable()
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        busy(.1)
        print(os.getuid(), copypatch.is_enabled(), armed() > 0)
        t = threading.Thread(target=hot, args=(100,)); t.start(); t.join()
        print(subprocess.run(["/bin/true"]).returncode)
        pid = os.fork()
        if pid == 0:
            hot(100)
            os._exit(7)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    """) == ["65534 True True", "0", "7"]


@pytest.mark.parametrize("threads", [0, 3])
def test_starting_and_stopping(threads):
    """The thread ends each time, whatever it was about."""
    assert out(f"""
        import os, threading
        done = False
        def work():
            while not done: hot(5)
        workers = [threading.Thread(target=work) for _ in range({threads})]
        for worker in workers: worker.start()
        for i in range(300):
            copypatch.enable()
            busy(.0001 * (i % 60) if not {threads} else 0)
            copypatch.disable()
        done = True
        for worker in workers: worker.join()
        for _ in range(50):
            time.sleep(.01)
            tasks = os.listdir("/proc/self/task")
            if len(tasks) == 1: break
        print(len(tasks))
    """) == ["1"]


# Nothing to find: C functions that C calls, and functions that are made, called twice and forgotten.
NOTHING = """
import sys, zlib
n = int(sys.argv[1])
data = bytes(2000)
list(map(zlib.adler32, [data] * (n * 200)))
def cold(i):
    scope = {}
    exec(f"def f(a, b=2):\\n x = a + b\\n return x * {i}\\nf(3)\\nf(4)", scope)
list(map(cold, range(n)))
"""


@pytest.mark.skipif(not shutil.which("valgrind"), reason="valgrind is not installed")
def test_instructions_where_nothing_is_to_be_found(tmp_path):
    """Counted by callgrind, without what starting takes: at most 1.003 times those of stock Python. Samples come by the wall clock: on a busy machine more
    of them fall into as many instructions, so the least of three counts."""
    program = tmp_path / "nothing.py"
    program.write_text(NOTHING)

    def instructions(*command):
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={tmp_path}/out", sys.executable, *command],
                              capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        return int(next(line for line in done.stderr.splitlines() if "Collected" in line).split()[-1])

    def of_work(*how):
        nothing, some = (instructions(*how, str(program), n) for n in ("0", "150"))
        return some - nothing

    stock, ratios = of_work(), []
    while len(ratios) < 3 and (not ratios or min(ratios) > 1.003):
        ratios.append(of_work("-m", "copypatch") / stock)
    assert min(ratios) <= 1.003, ratios
