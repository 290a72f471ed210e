# A function whose frame once had a frame object (a caught exception) runs in traces again when nobody holds that any more.
import sys
def main(n):
    d = {}
    missed = 0
    for i in range(n):
        k = i % 50
        try:
            d[k] += 1
        except KeyError:
            d[k] = 1
            missed += 1
    return missed, sum(d.values())
print(main(20000))
def kept(n):
    d = {}
    hold = None
    for i in range(n):
        try:
            d[i % 10] += 1
        except KeyError as e:
            d[i % 10] = 1
            if i == 5: hold = e
    return hold.__traceback__.tb_frame.f_locals['i'], sum(d.values())
print(kept(3000))
def traced(n):
    f = sys._getframe()
    f.f_trace_lines = False
    del f
    l = {}
    for i in range(n):
        l[i & 7] = i
    return sys._getframe().f_trace_lines
print(traced(3000))
