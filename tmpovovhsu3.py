OUT, RUN_UP = '/tmp/h2/tmp5uxm03n3', 0.3

import runpy, sys
from copypatch import _copypatch
M, path = sys.monitoring, sys.argv[1]
M.use_tool_id(M.PROFILER_ID, "count")
for event in M.events.INSTRUCTION, M.events.PY_START, M.events.PY_RESUME:
    M.register_callback(M.PROFILER_ID, event, _copypatch._count)
sys.argv = sys.argv[1:]
sys.path[0] = path.rpartition("/")[0]
M.set_events(M.PROFILER_ID, M.events.INSTRUCTION | M.events.PY_START | M.events.PY_RESUME)
try:
    runpy.run_path(path, run_name="__main__")
finally:
    M.set_events(M.PROFILER_ID, 0)
    with open(OUT, "w") as file: print(_copypatch._counted(), file=file)
