OUT, RUN_UP = '/tmp/h2/tmpwzmrjt5v', 0.3

import runpy, signal, sys
from copypatch import _copypatch
path = sys.argv[1]
counted = []
def note(*args): counted.append(_copypatch.stats()["native_bytecodes"])
signal.signal(signal.SIGPROF, note)
signal.setitimer(signal.ITIMER_PROF, RUN_UP)
sys.argv = sys.argv[1:]
sys.path[0] = path.rpartition("/")[0]
try:
    runpy.run_path(path, run_name="__main__")
finally:
    note()
    with open(OUT, "w") as file: print(counted[0], counted[-1], file=file)
