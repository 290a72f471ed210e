/* CPython 3.15: as 3.14, and what GET_ITER leaves on the stack are two values: for a list, tuple, str or bytes the object itself and the index that comes next. */
#pragma once
#include "version_314.h"

#undef FRAME_BOTTOM
#define FRAME_BOTTOM(ts) ((ts)->base_frame)
#undef MAIN_HAS_CACHED
#define MAIN_HAS_CACHED 0
#undef PUBLISHED_FROM_315
#define PUBLISHED_FROM_315(d, same) \
    same((d)->thread_state.base_frame, PyThreadState, base_frame, "thread state.base_frame")

#undef LOCAL_EVENTS
#define LOCAL_EVENTS _PY_MONITORING_UNGROUPED_EVENTS
#undef ITER_SLOTS
#define ITER_SLOTS 2
