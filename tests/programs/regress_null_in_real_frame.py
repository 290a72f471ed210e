# A frame made real for arbitrary code and left there: the NULL that the stack holds beside a callable is not what memory happened to hold.
import sys, signal
n = 0
def custom(a, b):
    global n
    n += 1
def custom2(a, b):
    pass
def cycle(k):
    for i in range(k):
        for handler in [custom, signal.SIG_IGN, custom2]:
            signal.signal(signal.SIGUSR1, handler)
            signal.raise_signal(signal.SIGUSR1)
for i in range(5):
    cycle(300)
    print(n, sys.getrefcount(custom), sys.getrefcount(custom2))
