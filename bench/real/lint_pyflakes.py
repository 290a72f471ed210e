"""pyflakes and pycodestyle: Python sources checked: visitors over ast, scopes, regular expressions on logical lines."""
import ast
from pathlib import Path

import pycodestyle
import pyflakes
from pyflakes.checker import Checker

found = []
sources = [p.read_text() for p in sorted(Path(pyflakes.__file__).parent.glob("*.py"))] + [Path(pycodestyle.__file__).read_text()]
for n, source in enumerate(sources * 12):
    checker = Checker(ast.parse(source), f"file{n}")
    found += [(type(m).__name__, m.lineno) for m in checker.messages]


class Count(pycodestyle.BaseReport):
    def error(self, line, offset, text, check):
        code = super().error(line, offset, text, check)
        found.append((code, line))
        return code


style = pycodestyle.StyleGuide(reporter=Count, max_line_length=50, select=["E", "W"])
for n, source in enumerate(sources[:3] * 3):
    style.input_file(f"file{n}", lines=source.splitlines(True)[:620])
print(len(found), found[:3], found[-3:])
