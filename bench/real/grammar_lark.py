"""lark: JSON by LALR with a contextual lexer and a transformer, expressions by Earley."""
import json

from lark import Lark, Transformer, v_args

JSON = r"""
    ?start: value
    ?value: object | array | string | SIGNED_NUMBER -> number | "true" -> true | "false" -> false | "null" -> null
    array: "[" [value ("," value)*] "]"
    object: "{" [pair ("," pair)*] "}"
    pair: string ":" value
    string: ESCAPED_STRING
    %import common.ESCAPED_STRING
    %import common.SIGNED_NUMBER
    %import common.WS
    %ignore WS
"""
SUM = """
    start: term (("+" | "-") term)*
    term: factor (("*" | "/") factor)*
    factor: NAME | NUMBER | "(" start ")" | NAME "(" start ("," start)* ")"
    %import common.CNAME -> NAME
    %import common.NUMBER
    %import common.WS
    %ignore WS
"""


class Values(Transformer):
    @v_args(inline=True)
    def string(self, s):
        return s[1:-1]

    array = list
    pair = tuple
    object = lambda self, pairs: dict(filter(None, pairs))
    number = v_args(inline=True)(float)
    null = lambda self, _: None
    true = lambda self, _: True
    false = lambda self, _: False


data = [{"id": i, "name": f"name {i}", "tags": ["a", "b", str(i)], "size": i / 4, "ok": i % 2 == 0, "none": None, "inner": {"x": [[1, 2], [3, {}]]}} for i in range(2700)]
parser = Lark(JSON, parser="lalr", lexer="contextual")
tree = parser.parse(json.dumps(data))
print(sum(1 for _ in tree.iter_subtrees()), Values().transform(tree)[3])
earley = Lark(SUM, parser="earley")
for n in range(19):
    tree = earley.parse(f"a * (b + {n}) - f(x, y * {n}) / (1 + " + " + ".join(f"v{i} * {i}" for i in range(n + 2)) + ")")
    print(len(tree.pretty()))
