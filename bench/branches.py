"""An interpreter of bytecode in Python: long if chains, many paths."""


def run(code, n):
    stack = []
    reg = [0] * 8
    reg[0] = n
    pc = steps = 0
    while True:
        op, arg = code[pc]
        pc += 1
        steps += 1
        if op == 0:
            stack.append(arg)
        elif op == 1:
            stack.append(reg[arg])
        elif op == 2:
            reg[arg] = stack.pop()
        elif op == 3:
            b = stack.pop()
            stack[-1] = stack[-1] + b
        elif op == 4:
            b = stack.pop()
            stack[-1] = stack[-1] - b
        elif op == 5:
            b = stack.pop()
            stack[-1] = stack[-1] * b % 65537
        elif op == 6:
            if stack.pop():
                pc = arg
        elif op == 7:
            pc = arg
        else:
            return reg[1], steps


# r1 = 1; while r0: r1 = r1 * 3 + r0; r0 -= 1
CODE = [(0, 1), (2, 1), (1, 0), (6, 5), (8, 0), (1, 1), (0, 3), (5, 0), (1, 0), (3, 0), (2, 1), (1, 0), (0, 1), (4, 0), (2, 0), (7, 2)]
print(run(CODE, 500000))
