"""A bytecode interpreter whose registers and stack are attributes of self."""

PUSH, LOAD, STORE, ADD, SUB, MUL, LESS, JUMP, JUMP_IF_NOT, CALL, RETURN, PRINT = range(12)


class Machine:
    def __init__(self, code):
        self.code = code
        self.stack = []
        self.frames = []
        self.slots = [0] * 8
        self.pc = 0
        self.steps = 0
        self.out = []

    def push(self, v):
        self.stack.append(v)

    def pop(self):
        return self.stack.pop()

    def step(self):
        op, arg = self.code[self.pc]
        self.pc += 1
        self.steps += 1
        if op == PUSH:
            self.push(arg)
        elif op == LOAD:
            self.push(self.slots[arg])
        elif op == STORE:
            self.slots[arg] = self.pop()
        elif op == ADD:
            b = self.pop()
            self.push(self.pop() + b)
        elif op == SUB:
            b = self.pop()
            self.push(self.pop() - b)
        elif op == MUL:
            b = self.pop()
            self.push(self.pop() * b % 1000003)
        elif op == LESS:
            b = self.pop()
            self.push(self.pop() < b)
        elif op == JUMP:
            self.pc = arg
        elif op == JUMP_IF_NOT:
            if not self.pop():
                self.pc = arg
        elif op == CALL:
            self.frames.append((self.pc, self.slots))
            self.slots = self.slots[:]
            self.pc = arg
        elif op == RETURN:
            if not self.frames:
                return False
            self.pc, self.slots = self.frames.pop()
        elif op == PRINT:
            self.out.append(self.pop())
        return True

    def run(self):
        while self.step():
            pass
        return self.out


CODE = [(PUSH, 0), (STORE, 0), (PUSH, 1), (STORE, 1),
        (LOAD, 0), (PUSH, 160000), (LESS, 0), (JUMP_IF_NOT, 18),
        (LOAD, 1), (LOAD, 0), (CALL, 20), (ADD, 0), (PUSH, 7), (MUL, 0), (STORE, 1),
        (LOAD, 0), (PUSH, 1), (JUMP, 26),
        (LOAD, 1), (JUMP, 29),
        (STORE, 2), (LOAD, 2), (LOAD, 2), (MUL, 0), (PUSH, 3), (RETURN, 0),
        (ADD, 0), (STORE, 0), (JUMP, 4),
        (PRINT, 0), (RETURN, 0)]
CODE[24] = (PUSH, 3)
CODE[25:26] = [(ADD, 0), (RETURN, 0)]
# the insertion has moved what follows
CODE[17] = (JUMP, 27)
CODE[19] = (JUMP, 30)
m = Machine(CODE)
print(m.run(), m.steps)
