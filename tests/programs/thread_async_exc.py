"""An exception sent into another thread's hot loop arrives."""
import ctypes
import threading


class Stop(Exception):
    pass


def spin(state):
    state.append("running")
    n = 0
    try:
        while True:
            n += 1
    except Stop:
        state.append("stopped")


state = []
t = threading.Thread(target=spin, args=(state,))
t.start()
while not state:
    pass
assert ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(t.ident), ctypes.py_object(Stop)) == 1
t.join(20)
print(state, t.is_alive())
