"""More values at an exit, in the frame that was entered and in one that was followed into, than any fixed number would do: 560 floats."""

CALLER, CALLEE = 250, 310

SOURCE = f"""
def callee(x, above):
    {"; ".join(f"b{k} = x + {k}.25" for k in range(CALLEE))}
    if x > above:
        b0 = b0 + 1000.0
    return {" + ".join(f"b{k}" for k in range(CALLEE))}

def caller(n, above):
    {" = ".join(f"a{k}" for k in range(CALLER))} = 0.5
    {"; ".join(f"a{k} = {k}.5" for k in range(CALLER))}
    total = 0.0
    for i in range(n):
        {"; ".join(f"a{k} = a{k} + 0.125" for k in range(CALLER))}
        total = total + callee(a0, above)
    return total, [{", ".join(f"a{k}" for k in range(CALLER))}]
"""

names = {}
exec(SOURCE, names)
for above in 1e9, 10.0, 0.0:
    total, floats = names["caller"](160, above)
    print(total, len(floats), sum(floats), floats[0], floats[-1])
