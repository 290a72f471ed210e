# tracemalloc: each allocation on its line, with the traceback that it has on stock, whenever tracing begins and ends.
import collections
import tracemalloc


def pair(i):
    return (i * 1000, i + 1000)


def hot(n, start=-1, stop=-1):
    kept = []
    for i in range(n):
        if i == start:
            tracemalloc.start(5)
        kept.append(str(i + 1000))
        kept.append(pair(i))
        kept.append(i * 0.5)
        if i == stop:
            snapshots.append(tracemalloc.take_snapshot())
            tracemalloc.stop()
    return kept


def begin(i, at):
    if i == at:
        tracemalloc.start(5)
    return (i * 2000, i)


def hot_inlined(n, at):
    kept = []
    for i in range(n):
        kept.append(begin(i, at))
        kept.append(i * 0.25)
    return kept


def show(snapshot, what):
    counts = collections.Counter()
    for trace in snapshot.traces:
        lines = tuple(f.lineno for f in trace.traceback if f.filename == __file__)
        counts[lines] += 1
    # to the nearest ten: numbers that CPython keeps for reuse (3.14: ints too) are no allocations, and unboxed ones are not made at all
    print(what, *(f"{k}:{round(v, -1)}" for k, v in sorted(counts.items()) if v > 20))


snapshots = []
hot(300)                        # compiled, nothing is traced
tracemalloc.start(5)
kept = hot(300)
show(tracemalloc.take_snapshot(), "from the start")
tracemalloc.stop()
kept = hot(300, 100)            # begins in the middle of a hot loop
show(tracemalloc.take_snapshot(), "from the middle")
tracemalloc.stop()
kept = hot(300, 100, 200)       # and ends in it
show(snapshots[0], "in the middle")
tracemalloc.start(5)
kept = hot(300, -1, 250)
show(snapshots[1], "to the middle")
hot_inlined(300, -1)
kept = hot_inlined(300, 100)    # begins in a followed function
show(tracemalloc.take_snapshot(), "in a callee")
tracemalloc.stop()
print(len(hot(300)), tracemalloc.is_tracing())
