"""tomlkit: a document parsed, edited with its comments kept, written again."""
import hashlib

import tomlkit

PART = """
# part {n}
[project.part{n}]
name = "part-{n}"   # its name
version = "1.{n}.0"
requires = ["a>=1", "b<{n}", 'c[x]']
numbers = [1, 2.5, 0x1F, 1_000]
when = 2024-01-02T03:04:05Z
[project.part{n}.tool]
table = {{ x = 1, y = "two", z = [true, false] }}
text = \"\"\"
several
lines \\u00e9\"\"\"
[[list]]
id = {n}
"""
document = tomlkit.parse("".join(PART.format(n=n) for n in range(900)))
for n, (name, part) in enumerate(document["project"].items()):
    part["version"] = f"2.{n}"
    part["requires"].append("new")
    part["tool"]["table"]["w"] = n
    if n % 3 == 0:
        part.remove("when")
text = tomlkit.dumps(document)
again = tomlkit.parse(text).unwrap()
print(len(text), len(again["list"]), again["project"]["part7"], hashlib.sha256(text.encode()).hexdigest())
