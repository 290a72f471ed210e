/* What has to be undone when a function is left: by return, by a C++ exception or by the end of the thread, which unwind this stack too. */
#pragma once

#define AT_END(function) __attribute__((cleanup(function)))

/* What needs much of the C stack returns before a frame is given back: that runs inlined frames to their end, which may nest. */
#define OWN_FRAME __attribute__((noinline))
