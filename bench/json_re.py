"""json and re, all in C: nothing to win, and nothing to lose."""
import json
import re

DATA = {"items": [{"id": i, "name": f"item {i}", "price": i * 1.25, "tags": ["a", "b", str(i)], "none": None} for i in range(800)]}
text = json.dumps(DATA)
pattern = re.compile(r'"name": "item (\d+)", "price": (\d+\.\d+)')
total = 0
for _ in range(250):
    data = json.loads(text)
    total += len(json.dumps(data, sort_keys=True))
    total += sum(1 for m in pattern.finditer(text))
    total += len(re.sub(r"\d+", "#", text))
print(total, len(text))
