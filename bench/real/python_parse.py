"""parso: the sources of a package as concrete syntax trees, names collected, a part parsed again as an editor does."""
from pathlib import Path

import parso
import pyflakes

grammar = parso.load_grammar()
count = {}


def walk(node):
    count[node.type] = count.get(node.type, 0) + 1
    for child in getattr(node, "children", ()):
        walk(child)


for path in sorted(Path(pyflakes.__file__).parent.glob("*.py")):
    source = path.read_text()[:80_000]
    module = grammar.parse(source)
    assert module.get_code() == source
    walk(module)
    lines = source.splitlines(True)
    for at in range(len(lines)):
        walk(grammar.parse("".join(lines[at:at + 12])))
print(sorted(count.items()))
