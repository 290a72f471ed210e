"""pyparsing: arithmetic by infix_notation, a configuration language, both evaluated by parse actions."""
import operator

import pyparsing as pp

pp.ParserElement.enable_packrat()
OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def fold(tokens):
    values = tokens[0]
    result = values[0]
    for op, value in zip(values[1::2], values[2::2]):
        result = OPERATORS[op](result, value)
    return result


number = pp.common.number()
name = pp.common.identifier.copy().set_parse_action(lambda t: len(t[0]))
expression = pp.infix_notation(number | name, [(pp.one_of("* /"), 2, pp.OpAssoc.LEFT, fold), (pp.one_of("+ -"), 2, pp.OpAssoc.LEFT, fold)])
total = 0
for n in range(900):
    total += expression.parse_string(f"({n} + 2) * (alpha - 3.5) / 7 + beta * ({n} - (4 + x)) - 2 * (1 + 1)", parse_all=True)[0]
print(round(total, 6))

value = pp.Forward()
key = pp.Word(pp.alphas + "_", pp.alphanums + "_-")
block = pp.Group(pp.Suppress("{") + pp.ZeroOrMore(pp.Group(key("key") + (pp.Suppress("=") + value("value") + pp.Suppress(";") | value("block")))) + pp.Suppress("}"))
value <<= block | pp.QuotedString('"') | number | pp.one_of("yes no") | pp.Group(pp.Suppress("[") + pp.DelimitedList(value) + pp.Suppress("]"))
text = "{" + "\n".join(f'server{n} {{ host = "h{n}.example"; port = {8000 + n}; on = yes; paths = ["/a", "/b/{n}"]; limits {{ cpu = {n}.5; mem = 512; }} }}' for n in range(600)) + "}"
parsed = block.parse_string(text, parse_all=True)[0]
print(len(parsed), parsed[7].as_list())
