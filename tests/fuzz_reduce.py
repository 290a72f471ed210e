"""A failing program -> a small one that fails in the same way, for fuzz.py."""

import ast
import time


class Reducer:
    """Delta debugging on the syntax tree: fewer statements, then smaller expressions, as long as the difference stays of its kind."""

    def __init__(self, text, fails, seconds):
        self.tree, self.fails, self.end = ast.parse(text), fails, time.monotonic() + seconds
        self.best = text

    def holds(self):
        if time.monotonic() > self.end:
            return False
        try:
            text = ast.unparse(ast.fix_missing_locations(self.tree)) + "\n"
            compile(text, "x", "exec")
        except Exception:
            return False
        if text == self.best:
            return True
        if not self.fails(text):
            return False
        self.best = text
        return True

    def blocks(self):
        for node in ast.walk(self.tree):
            for field in ("body", "orelse", "finalbody", "handlers"):
                block = getattr(node, field, None)
                if isinstance(block, list) and block:
                    yield node, field

    def remove_statements(self):
        changed = False
        for node, field in list(self.blocks()):
            size = len(getattr(node, field))
            while size:
                i = 0
                while i < len(getattr(node, field)):
                    block = getattr(node, field)
                    rest = block[:i] + block[i + size:]
                    if not rest and field == "body" and not isinstance(node, ast.Module):
                        rest = [ast.Pass()]
                    if len(block) == 1 and isinstance(block[0], ast.Pass):
                        break
                    setattr(node, field, rest)
                    if self.holds():
                        changed = True
                    else:
                        setattr(node, field, block)
                        i += size
                size //= 2
        return changed

    def unwrap(self):
        """Compound statements -> their bodies."""
        changed = False
        for node, field in list(self.blocks()):
            i = 0
            while i < len(getattr(node, field)):
                block = getattr(node, field)
                inner = getattr(block[i], "body", None)
                if isinstance(inner, list) and not isinstance(block[i], (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler)):
                    setattr(node, field, block[:i] + inner + block[i + 1:])
                    if self.holds():
                        changed = True
                        continue
                    setattr(node, field, block)
                i += 1
        return changed

    def smaller(self, e):
        if isinstance(e, ast.BinOp):
            yield from (e.left, e.right)
        elif isinstance(e, ast.UnaryOp):
            yield e.operand
        elif isinstance(e, ast.IfExp):
            yield from (e.body, e.orelse)
        elif isinstance(e, ast.BoolOp):
            yield from e.values
        elif isinstance(e, (ast.Call, ast.Tuple, ast.List)):
            elements = e.args if isinstance(e, ast.Call) else e.elts
            if isinstance(getattr(e, "ctx", None), ast.Store):
                return
            if not isinstance(e, ast.Call):
                for i in range(len(elements)):
                    yield type(e)(elts=elements[:i] + elements[i + 1:], ctx=ast.Load())
            yield from elements
        elif isinstance(e, ast.Compare):
            if len(e.ops) > 1:
                yield ast.Compare(e.left, e.ops[:-1], e.comparators[:-1])
                yield ast.Compare(e.comparators[0], e.ops[1:], e.comparators[1:])
        elif isinstance(e, ast.ListComp):
            yield ast.List(elts=[], ctx=ast.Load())
        if not isinstance(e, ast.Constant) and not isinstance(getattr(e, "ctx", None), ast.Store):
            yield ast.Constant(1)
            yield ast.Constant(1.5)
        elif isinstance(e, ast.Constant) and type(e.value) is int and e.value > 8:
            yield from (ast.Constant(v) for v in (3, e.value // 2) if v < e.value)

    def shrink_expressions(self):
        changed = False
        for node in list(ast.walk(self.tree)):
            for field, value in ast.iter_fields(node):
                slots = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
                for i, e in slots:
                    if not isinstance(e, ast.expr):
                        continue
                    again = True
                    while again:
                        again = False
                        for small in self.smaller(e):
                            self.put(node, field, i, small)
                            if self.holds():
                                e, again, changed = small, not isinstance(small, ast.Constant), True
                                break
                            self.put(node, field, i, e)
        return changed

    def put(self, node, field, i, e):
        if i is None:
            setattr(node, field, e)
        else:
            getattr(node, field)[i] = e

    def reduce(self):
        while self.remove_statements() | self.unwrap() and time.monotonic() < self.end:
            pass
        while self.shrink_expressions() | self.remove_statements() | self.unwrap() and time.monotonic() < self.end:
            pass
        return self.best
