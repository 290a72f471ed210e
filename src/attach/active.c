/* active.c: frame -> does compiled code run it, or has it called what does?
 *
 * Activations of native code begin and end in any order: other threads and greenlets run meanwhile, some never come back. So it is no count, but
 * a set of frames, in the heap. It is small, and who leaves is mostly among those that came last. */
#include "active.h"

static Active *set;
static int n_set, cap_set;

Active active_begin(PyThreadState *ts, const Frame *frame)
{
    if (n_set == cap_set) {
        int cap = cap_set ? cap_set * 2 : 32;
        Active *more = PyMem_RawRealloc(set, sizeof *more * (size_t)cap);
        if (!more)
            return (Active){ts, NULL};
        set = more;
        cap_set = cap;
    }
    return set[n_set++] = (Active){ts, frame};
}

void active_end(Active *a)
{
    if (!a->frame || PyThreadState_GetUnchecked() != a->ts)     /* the thread ends while the interpreter does: who holds the GIL is somebody else */
        return;
    for (int i = n_set; i-- > 0;)
        if (set[i].frame == a->frame && set[i].ts == a->ts) {
            set[i] = set[--n_set];
            return;
        }
}

static int is_in(const Frame *frame)
{
    for (int i = 0; i < n_set; i++)
        if (set[i].frame == frame)
            return 1;
    return 0;
}

int active_below(const Frame *frame)
{
    for (; frame; frame = frame->previous)
        if (is_in(frame))
            return 1;
    return 0;
}
