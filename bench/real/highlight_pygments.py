"""pygments: Python, C, JSON, HTML and SQL highlighted as HTML and for terminals. Regular expressions in a table of states."""
import hashlib
from pathlib import Path

import pygments
from pygments import lexers
from pygments.formatters import HtmlFormatter, Terminal256Formatter

PYTHON = Path(pygments.__file__).with_name("lexer.py").read_text()[:15_000]
C = "".join(f"static int f{n}(const char *s, unsigned n) {{ /* {n} */ for (int i = 0; i < n; i++) if (s[i] == '\\n') return i * 0x{n:x} + 1.5e{n}; return -1; }}\n#define X{n} (1 << {n})\n" for n in range(70))
JSON = "[" + ",".join(f'{{"id": {n}, "name": "n{n}", "ok": true, "x": [1.5, null, "a\\u00e9"]}}' for n in range(120)) + "]"
HTML = "".join(f"<p class='c{n}' id=x{n}>text &amp; <b>bold {n}</b><script>var x = {n}; f(x);</script><style>a.b {{ color: #ff{n:04d} }}</style></p>\n" for n in range(40))
SQL = "".join(f"select a.x, count(*) from t{n} as a where a.y = 'it''s' and z in (1, 2, {n}) group by 1 -- c\n;" for n in range(90))
for name, text in (("python", PYTHON), ("c", C), ("json", JSON), ("html", HTML), ("sql", SQL)):
    lexer = lexers.get_lexer_by_name(name)
    for formatter in (HtmlFormatter(linenos=True), Terminal256Formatter()):
        for _ in range(12):
            out = pygments.highlight(text, lexer, formatter)
        print(name, len(out), hashlib.sha256(out.encode()).hexdigest())
