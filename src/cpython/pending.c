/* pending.c: a function -> the interpreter's queue of pending calls.
 *
 * What Py_AddPendingCall() does, in two ways other: who holds a lock is not waited for (that would need a thread state, or CPython would
 * take the one of the thread whose thread-local storage this one shares), and the GIL's mutex is left alone in a process of one thread,
 * where the C library locks it without atomic instructions, as nobody else can be there. */
#include "pending.h"
#include <pthread.h>
#include "internal/pycore_ceval.h"
#include "internal/pycore_interp.h"

int cpy_is_permanent(PyThreadState *ts)
{
    uintptr_t interp = (uintptr_t)ts->interp, at = (uintptr_t)ts;
    return at > interp && at < interp + sizeof *ts->interp;
}

/* 1: function is in the queue. */
static int queue_call(struct _pending_calls *p, int (*function)(void *))
{
    uint8_t bits = _Py_UNLOCKED;
    if (!_Py_atomic_compare_exchange_uint8(&p->mutex._bits, &bits, _Py_LOCKED))
        return 0;
    int room = p->npending < p->max;
    if (room) {
        p->calls[p->next] = (struct _pending_call){.func = function};
        p->next = (p->next + 1) % PENDINGCALLSARRAYSIZE;
        _Py_atomic_add_int32(&p->npending, 1);
    }
    PyMutex_Unlock(&p->mutex);
    return room;
}

int cpy_post_call(PyInterpreterState *interp, PyThreadState *only, int (*function)(void *))
{
    struct _gil_runtime_state *gil = interp->ceval.gil;
    if (only) {
        int posted = queue_call(&interp->ceval.pending, function);
        if (posted)
            _Py_set_eval_breaker_bit(only, _PY_CALLS_TO_DO_BIT);
        return posted;
    }
    if (pthread_mutex_trylock(&gil->mutex) != 0)
        return 0;
    int posted = queue_call(&interp->ceval.pending, function);
    /* Without a holder: who takes the GIL next looks into the queue. */
    PyThreadState *holder = posted && _Py_atomic_load_int_relaxed(&gil->locked) ? _Py_atomic_load_ptr_relaxed(&gil->last_holder) : NULL;
    if (holder && holder->interp == interp)
        _Py_set_eval_breaker_bit(holder, _PY_CALLS_TO_DO_BIT);
    pthread_mutex_unlock(&gil->mutex);
    return posted;
}
