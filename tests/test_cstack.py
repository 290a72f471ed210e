"""How much C stack is left: stacks of other people, limits that change, children. Threads with small stacks: tests/programs/small_stacks.py."""

import shutil
import subprocess
import sys
import sysconfig

import pytest
import runner

pytestmark = [pytest.mark.skipif(not shutil.which("gcc"), reason="no gcc"), pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's stacks")]

# call(function, size): calls it on a stack of its own of `size` bytes, below which there is nothing.
EXTENSION = """
#include <Python.h>
#include <sys/mman.h>
#include <ucontext.h>

static ucontext_t here, there;
static PyObject *function, *result;

static void start(void) { result = PyObject_CallNoArgs(function); }

static PyObject *call(PyObject *self, PyObject *args)
{
    int size;
    if (!PyArg_ParseTuple(args, "Oi", &function, &size))
        return NULL;
    char *stack = mmap(NULL, size + 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(stack + 4096, size, PROT_READ | PROT_WRITE);
    getcontext(&there);
    there.uc_stack.ss_sp = stack + 4096;
    there.uc_stack.ss_size = size;
    there.uc_link = &here;
    makecontext(&there, start, 0);
    swapcontext(&here, &there);
    munmap(stack, size + 4096);
    return result;
}

static PyMethodDef methods[] = {{"call", call, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "other_stack", NULL, -1, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_other_stack(void) { return PyModule_Create(&module); }
"""

WALK = """
import sys
sys.setrecursionlimit(100_000)
def walk(d):
    s = 0
    for i in range(60):
        s += i
        if i == 58 and d: s += walk2(d - 1)
    for i in range(2): s ^= i
    return s
def walk2(d):
    s = 0
    for i in range(60):
        s -= i
        if i == 58 and d: s += walk(d - 1)
    for i in range(2): s ^= i
    return s
def entries():
    return sys.modules["copypatch"].stats()["entries"] if "copypatch" in sys.modules else 0
for turn in range(30): walk(20)
"""


def both(folder, program, copypatch=1, **environment):
    path = folder / "program.py"
    path.write_text(WALK + program)
    done = runner.run((["-m", "copypatch"] if copypatch else []) + [path], PYTHONPATH=str(folder), **{"COPYPATCH_EAGER": "1", "COPYPATCH_FUNCTIONS": "0"} | environment)
    assert done.status == 0, done
    return done.stdout


def test_other_stacks(tmp_path):
    (tmp_path / "other_stack.c").write_text(EXTENSION)
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-I", sysconfig.get_path("include"), tmp_path / "other_stack.c", "-o", tmp_path / "other_stack.so"],
                   check=True)
    program = """
import other_stack
for size in 24 << 10, 48 << 10, 1 << 20:
    before = entries()
    print(other_stack.call(lambda: walk(3000), size), entries() - before)
before = entries()
print(walk(10), entries() > before)
"""
    assert both(tmp_path, program) == "1771 0\n1771 0\n1771 0\n1771 True\n" == both(tmp_path, program, copypatch=0).replace("False", "True")


@pytest.mark.parametrize("mode", [{}, {"COPYPATCH_STRESS": "exit:3"}, {"COPYPATCH_INTERPRET": "1"}])
def test_main_stack_that_is_made_smaller(tmp_path, mode):
    program = """
import resource
before = entries()
for size in 4 << 20, 1 << 20, 512 << 10, 300 << 10:
    resource.setrlimit(resource.RLIMIT_STACK, (size, resource.getrlimit(resource.RLIMIT_STACK)[1]))
    print(walk(200), walk(5000), walk(50000))
print(entries() > before)
"""
    assert both(tmp_path, program, **mode) == "1771 1771 1771\n" * 4 + "True\n"


def test_children(tmp_path):
    program = """
import os, threading
def child():
    if pid := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    else:
        before = entries()
        good = walk(10) == walk(5000) == 1771 and entries() > before
        os._exit(not good)
child()
threading.stack_size(256 << 10)
thread = threading.Thread(target=child)
thread.start()
thread.join()
"""
    assert both(tmp_path, program, PYTHONWARNINGS="ignore") == "0\n0\n"
