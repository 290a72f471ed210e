# Equal code in two namespaces, and in one with other builtins: a trace that was recorded in one does not link to a loop's trace that was recorded in the other.
import builtins

SRC = """
def loop(n):
    s = 0
    for i in range(n):
        s += G
    return s

def nested(m, n):
    s = 0
    for k in range(m):
        for i in range(n):
            s += G
    return s

def builtin(n):
    s = 0
    for i in range(n):
        s += len(T)
    return s
"""
code = compile(SRC, "shared", "exec")
A = {"G": 1, "T": (1,)}
B = {"G": 1000000, "T": (1,), "__builtins__": {**vars(builtins), "len": lambda x: 1000}}
exec(code, A)
exec(code, B)

for name, once, often in (("loop", (30000,), (10,)), ("nested", (1, 30000), (50, 2)), ("builtin", (30000,), (10,))):
    print(name, A[name](*once), sorted({B[name](*often) for i in range(5000)}), A[name](*often), B[name](*once))
