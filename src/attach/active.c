/* active.c: frame -> does compiled code run it, or has it called what does?
 *
 * Activations of native code begin and end in any order: other threads and greenlets run meanwhile, some never come back. So it is no
 * count, but a set of frames, in the heap. It is small, and who leaves is mostly among those that came last. The set is looked at and
 * changed with the GIL. A thread that ends in mid-call is unwound without it: what it leaves is put on a list, and goes from the set when
 * that is next looked at. */
#include "active.h"
#include "../execute/call.h"
#include <stdatomic.h>
#include <stdlib.h>

static Active *set;
static int n_set, cap_set;

typedef struct Ended {
    Active active;
    struct Ended *next;
} Ended;
static _Atomic(Ended *) ended;

static void take_out(PyThreadState *ts, const Frame *frame)
{
    for (int i = n_set; i-- > 0;)
        if (set[i].frame == frame && set[i].ts == ts) {
            set[i] = set[--n_set];
            break;
        }
}

static void take_out_ended(void)
{
    if (!atomic_load_explicit(&ended, memory_order_relaxed))
        return;
    for (Ended *e = atomic_exchange(&ended, NULL); e;) {
        Ended *next = e->next;
        take_out(e->active.ts, e->active.frame);
        free(e);
        e = next;
    }
}

Active active_begin(PyThreadState *ts, const Frame *frame)
{
    take_out_ended();
    if (n_set == cap_set) {
        int cap = cap_set ? cap_set * 2 : 32;
        Active *more = realloc(set, sizeof *more * (size_t)cap);
        if (!more)
            return (Active){ts, NULL};
        set = more;
        cap_set = cap;
    }
    return set[n_set++] = (Active){ts, frame};
}

void active_leave(Active *a)
{
    if (a->frame)
        take_out(a->ts, a->frame);
    a->frame = NULL;
}

void active_end(Active *a)
{
    if (!a->frame)
        return;
    if (PyThreadState_GetUnchecked() == a->ts) {
        active_leave(a);
        return;
    }
    Ended *e = malloc(sizeof *e);
    if (!e)
        return;
    e->active = *a;
    e->next = atomic_load(&ended);
    while (!atomic_compare_exchange_weak(&ended, &e->next, e)) {}
}

static int is_in(PyThreadState *ts, const Frame *frame)
{
    for (int i = 0; i < n_set; i++)
        if (set[i].frame == frame && set[i].ts == ts)
            return 1;
    return 0;
}

int active_below(PyThreadState *ts, const Frame *frame)
{
    take_out_ended();
    for (; frame; frame = frame->previous)
        if (is_in(ts, frame) || call_has_begun(ts, frame))
            return 1;
    return 0;
}
