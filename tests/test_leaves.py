"""A leaf runs no Python code: tools/leaves.py on CPython's source. It has to be there (tools/cpython-source fetches it, make leaves does that)."""

import os
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools"))

import leaves  # noqa: E402

SOURCE = os.environ.get("CPYTHON_SOURCE", os.path.join(os.environ.get("TMPDIR", "/tmp"), "cpython-3.13-source"))
REACHED = os.path.join(ROOT, "tests", "leaves.txt")

pytestmark = pytest.mark.skipif(not os.path.exists(os.path.join(SOURCE, "Objects", "longobject.c")), reason="no source of CPython 3.13: tools/cpython-source")


@pytest.fixture(scope="module")
def source():
    return leaves.read_source(SOURCE)


def test_every_leaf(source):
    """Nothing forbidden is reached, every excuse is needed; and what is reached is what was looked at (make leaves writes it anew)."""
    wrong, lines = leaves.prove(source)
    assert wrong == []
    with open(REACHED) as f:
        looked_at = f.read().splitlines()
    if looked_at[0] == lines[0]:        # of the same patch release
        assert lines == looked_at


@pytest.mark.parametrize("line, reached", [
    ('SLOT(int, nb_multiply, long_mul, ANY)', "SIGCHECK -> PyErr_CheckSignals"),
    ('SLOT(int, nb_floor_divide, long_div, ANY)', "PyErr_CheckSignals"),
    ('SLOT(int, nb_true_divide, long_true_divide, ANY)', "PyErr_CheckSignals"),
    ('SLOT(int, nb_power, long_pow, ANY)', "PyErr_CheckSignals"),
    ('SLOT(int, tp_repr, long_to_decimal_string, ANY)', "PyErr_CheckSignals"),
    ('SLOT(str, nb_remainder, unicode_mod, ANY)', "PyObject_Str"),
    ('SLOT(float, nb_add, float_sub_, ANY)', "float.nb_add is not float_sub_"),
    ('SLOT(float, nb_add, float_sub, OTHER)', "float_sub: does not begin with CHECK_BINOP"),
    ('METHOD(str, "join", unicode_join, "sx")', "PySequence_Fast"),
    ('METHOD(str, "encode", unicode_encode, "s|ss")', "PyCodec"),
    ('METHOD(str, "format", do_string_format, "s|x*")', "PyObject_Format"),
    ('METHOD(int, "as_integer_ratio", int_as_integer_ratio_, "i")', "no such function"),
    ('BUILTIN(math, "factorial", math_factorial, "i")', "PyNumber_Multiply"),
    ('BUILTIN(math, "comb", math_comb, "ii")', "unresolved"),
    ('BUILTIN(math, "prod", math_prod, "x")', "PyObject_GetIter"),
    ('BUILTIN(math, "isqrt", math_isqrt, "i")', "unresolved"),
    ('BUILTIN(builtins, "repr", builtin_repr, "x")', "PyObject_Repr"),
    ('FUNCTION(PyLong_FromUnicodeObject, "s")', "%R in"),
    ('FUNCTION(PyObject_Str, "x")', "PyErr_CheckSignals"),
    ('FUNCTION(PyFloat_FromString, "s")', "%R in"),
    ('FUNCTION(_PyLong_GCD, "ii")', "PyErr_CheckSignals"),
    ('FUNCTION(PyErr_WarnEx, "ii")', "warn_unicode"),
    ('FUNCTION(set_add, "ox")', "tp_hash"),
    ('FUNCTION(_Py_read, "i")', "PyEval_SaveThread"),
    ('EXCUSE(long_add, x_mul, "nobody needs this one")', "an excuse that nobody needs"),
])
def test_what_is_no_leaf(source, line, reached):
    """Without this the proof could be empty."""
    with open(leaves.TABLE) as f:
        table = f.read().replace("\nEXCUSE(", "\n" + line + "\nEXCUSE(", 1)
    wrong, _ = leaves.prove(source, table, only_added=line)
    assert any(reached in w for w in wrong), wrong


def test_an_excuse_has_a_reason():
    with pytest.raises(leaves.Wrong, match="without a reason"):
        leaves.read_table('EXCUSE(a, b, "")')


def test_forbidden_by_full_name_only(source):
    """A wildcard does not excuse what runs code."""
    walk = leaves.Walk(source, [leaves.Excuse("*", "Py*", "all of it"), leaves.Excuse("f", "PyErr_CheckSignals", "looked at")])
    assert walk.is_excused("g", "PyLong_FromLong") and not walk.is_excused("g", "PyErr_CheckSignals") and walk.is_excused("f", "PyErr_CheckSignals")
