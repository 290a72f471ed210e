"""pycparser: C parsed, visited, and generated again."""
import hashlib

from pycparser import c_ast, c_generator, c_parser

FUNCTION = """
typedef struct node{n} {{ int key; struct node{n} *left, *right; double w[{n} + 1]; }} Node{n};
static const unsigned char table{n}[] = {{ 1, 2, 0x3f, 'a', {n} }};
int find{n}(Node{n} *t, int key, int (*less)(const void *, const void *)) {{
    int depth = 0;
    for (int i = 0; t != 0 && i < 100; i++) {{
        if (t->key == key) return depth << 2 | table{n}[i % sizeof table{n}];
        else if (less((void *) &t->key, &key) > 0) t = t->left;
        else {{ t = t->right; depth += t ? 1 : -1; }}
        switch (depth & 3) {{ case 0: t->w[0] += 1.5e3; break; case 1: goto out; default: do depth--; while (depth > 5); }}
    }}
out:
    return ~depth;
}}
"""


class Counter(c_ast.NodeVisitor):
    def __init__(self):
        self.count = {}

    def generic_visit(self, node):
        name = type(node).__name__
        self.count[name] = self.count.get(name, 0) + 1
        super().generic_visit(node)


tree = c_parser.CParser().parse("".join(FUNCTION.format(n=n) for n in range(560)))
counter = Counter()
counter.visit(tree)
text = c_generator.CGenerator().visit(tree)
print(sorted(counter.count.items()), hashlib.sha256(text.encode()).hexdigest())
