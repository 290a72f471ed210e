/* watch.c: local events of code objects. */
#include "watch.h"
#include "internal/pycore_instruments.h"

int cpy_own_tool = -1;

_Static_assert(_PY_MONITORING_LOCAL_EVENTS == 10, "CHECK_VALID compares ten bytes");

int cpy_watched_by_others(PyCodeObject *code)
{
    const uint8_t *tools = cpy_local_events(code);
    int bits = 0;
    for (int i = 0; tools && i < _PY_MONITORING_LOCAL_EVENTS; i++)
        bits |= tools[i];
    return bits & ~(cpy_own_tool >= 0 ? 1 << cpy_own_tool : 0);
}

const void *cpy_local_events(PyCodeObject *code) { return code->_co_monitoring ? code->_co_monitoring->local_monitors.tools : NULL; }
