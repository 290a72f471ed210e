"""markdown (with extensions) and mistune: the same text, two parsers."""
import hashlib

import markdown
import mistune

SECTION = """
## Section {n} *with* `code`

A paragraph with **strong *nested* text**, a [link](https://example.org/{n} "title"), an ![image](a{n}.png), <b>html</b> & an auto <https://x.y/{n}>.
Second line with two spaces at its end  
and a footnote[^{n}]. ~~gone~~ \\*escaped\\*

- one
- two
    - inner {n}
    - inner

      paragraph
1. first
2. second

> quote of {n}
> > deeper

| a | b | c |
|---|:-:|--:|
| 1 | `x` | {n} |
| 2 | *y* | z |

```python
def f{n}(x): return x < {n}
```

    indented code

Term
:   definition

[^{n}]: The note.

***
"""
text = "# Title\n\n[TOC]\n" + "".join(SECTION.format(n=n) for n in range(90))
html = markdown.markdown(text, extensions=["extra", "toc", "sane_lists", "admonition"])
print(len(html), hashlib.sha256(html.encode()).hexdigest())
for _ in range(24):
    html = mistune.create_markdown(plugins=["strikethrough", "footnotes", "table", "def_list", "url"])(text)
print(len(html), hashlib.sha256(html.encode()).hexdigest())
