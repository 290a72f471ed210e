"""sys.exit in a hot loop, with a finally and atexit; the exit code is the argument."""
import atexit
import sys


def work(n):
    s = 0
    try:
        for i in range(n):
            s += i
            if i == 150:
                sys.exit(7)
    finally:
        print("finally", s)


atexit.register(print, "atexit")
work(200)
