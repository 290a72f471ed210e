"""An uncaught error of a module-level loop, chained, with notes."""
values = [1, 2, 3] * 30 + ["x"]
total = 0
try:
    for v in values:
        total += v
except TypeError as e:
    e.add_note(f"total was {total}")
    for k in range(100):
        d = {"a": 1}
        if k == 80:
            d["missing"]
