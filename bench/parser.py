"""A recursive-descent parser, a class with a method per rule, that computes what it reads."""


class Parser:
    def __init__(self, text):
        self.text = text
        self.pos = 0
        self.names = {"x": 3, "y": 5}

    def peek(self):
        return self.text[self.pos] if self.pos < len(self.text) else ""

    def advance(self):
        c = self.text[self.pos]
        self.pos += 1
        return c

    def accept(self, c):
        if self.peek() == c:
            self.pos += 1
            return True
        return False

    def expression(self):
        v = self.term()
        while True:
            if self.accept("+"):
                v = v + self.term()
            elif self.accept("-"):
                v = v - self.term()
            else:
                return v

    def term(self):
        v = self.factor()
        while self.accept("*"):
            v = v * self.factor() % 1000003
        return v

    def factor(self):
        if self.accept("("):
            v = self.expression()
            if not self.accept(")"):
                raise SyntaxError(self.pos)
            return v
        if self.accept("-"):
            return -self.factor()
        c = self.peek()
        if "0" <= c <= "9":
            return self.number()
        return self.names[self.advance()]

    def number(self):
        v = 0
        while "0" <= self.peek() <= "9":
            v = v * 10 + ord(self.advance()) - 48
        return v


text = "+".join(f"({i}*(x-{i % 7})+y*-{i * 3})*(2+({i}-x))" for i in range(60))
total = 0
for turn in range(1000):
    total += Parser(text).expression()
print(total)
