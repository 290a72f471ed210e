/* live.c: the recordings that are on.
 *
 * A recording waits whenever the code that it calls runs: other threads, greenlets and that code itself begin others meanwhile, in any
 * order and ending in any order. So each is an object of its own in the heap, in a list; the rules are in record.h. What a recording is
 * about is asked of that list: a mark on the loop header would stay for ever when a recording never ends, as in a greenlet that its thread
 * has not outlived. */
#include "recorder.h"
#include "../ir/config.h"
#include <stddef.h>
#include <stdlib.h>

enum {
    MAX_IN_THREAD = 8,      /* on at a time */
    MAX_WAITING = 256,      /* with the overtaken ones, which hold memory until they go on: some 30 KB each */
    MAX_IDLE = 2,           /* kept for the next */
    PATIENCE = 512,         /* turns beyond the thresholds below, before the recording of a header or exit that waits is overtaken */
    AT_LEAST = 8,           /* times that it has to get hot again for that */
};

static Recorder *live, *idle;
static int n_idle;

static void take_out(Recorder **list, Recorder *R)
{
    if (R->after)
        R->after->before = R->before;
    if (R->before)
        R->before->after = R->after;
    else
        *list = R->after;
}

static void put_in(Recorder **list, Recorder *R)
{
    R->before = NULL;
    R->after = *list;
    if (R->after)
        R->after->before = R;
    *list = R;
}

static Recorder *new_recorder(void)
{
    Recorder *R = idle;
    if (!R)
        return calloc(1, sizeof *R);
    take_out(&idle, R);
    n_idle--;
    memset(R, 0, offsetof(Recorder, room));
    return R;
}

void record_set_up(void)
{
    Recorder *R = idle ? NULL : malloc(sizeof *R);
    if (!R)
        return;
    memset(R, 0, sizeof *R);        /* its pages are there now */
    put_in(&idle, R);
    n_idle++;
}

void record_overtake_all(void)
{
    for (Recorder *R = live; R; R = R->after)
        R->overtaken = 1;
}

int record_assume(const Recording *r, Trace *root)
{
    const Recorder *R = (const Recorder *)r;
    if (R->overtaken)
        return -1;
    for (int i = 0; i < R->n_assumed; i++)
        if (steady_use(&R->assumed[i], root, &root->steady))
            return -1;
    return 0;
}

static void free_recorder(Recorder *R)
{
    take_out(&live, R);
    Trace *t = R->out.trace;
    R->out.trace = NULL;
    for (int i = 0; i < R->n_assumed; i++)
        steady_release(&R->assumed[i]);
    if (R->b.types)
        builder_free(&R->b);
    trace_free(t);          /* its arrays may lie in the room */
    if (n_idle < MAX_IDLE) {
        put_in(&idle, R);
        n_idle++;
        return;
    }
    room_end(&R->room);
    free(R->vals);
    free(R->keeper);
    free(R->container);
    free(R);
}

/* Its thread has ended: nobody will go on in it. */
static int is_orphan(const Recorder *R, PyThreadState *ts)
{
    if (R->thread == ts->id)
        return 0;
    for (PyThreadState *other = PyInterpreterState_ThreadHead(ts->interp); other; other = PyThreadState_Next(other))
        if (other->id == R->thread)
            return 0;
    return 1;
}

static void sweep(PyThreadState *ts)
{
    for (Recorder *R = live, *next; R; R = next) {
        next = R->after;
        if (atomic_load(&R->abandoned) || is_orphan(R, ts))
            free_recorder(R);
    }
}

/* Somebody else records the same, and has not been at it for too long. */
static int is_taken(const Header *loop, const Exit *e)
{
    for (Recorder *R = live; R; R = R->after) {
        if (R->overtaken || (loop ? R->loop != loop : R->exit != e))
            continue;
        if (++R->asked < AT_LEAST + PATIENCE / (loop ? (int)config.loop_threshold : 1))
            return 1;
        R->overtaken = 1;
    }
    return 0;
}

/* Room for one more in this thread: the list has the newest first. 0: there is none. */
static int make_room(PyThreadState *ts)
{
    int waiting = 0, on = 0;
    Recorder *oldest = NULL;
    for (Recorder *R = live; R; R = R->after) {
        if (R->thread != ts->id)
            continue;
        waiting++;
        if (!R->overtaken) {
            on++;
            oldest = R;
        }
    }
    if (waiting >= MAX_WAITING)
        return 0;
    if (on >= MAX_IN_THREAD)
        oldest->overtaken = 1;
    return 1;
}

Recording *record_begin(PyThreadState *ts, Header *loop, const Exit *e)
{
    if (loop)               /* what goes with a recording's trace may run code: not while the values of an exit are in the air */
        sweep(ts);
    if (is_taken(loop, e) || !make_room(ts))
        return NULL;
    Recorder *R = new_recorder();
    if (!R)
        return NULL;
    R->ts = ts;
    R->thread = ts->id;
    R->loop = loop;
    R->exit = e;
    R->snap = R->heap_write = -1;
    put_in(&live, R);
    return &R->out;
}

void record_end(Recording *r) { free_recorder((Recorder *)r); }
void record_abandon(Recording *r) { atomic_store(&((Recorder *)r)->abandoned, 1); }

int rec_is_overtaken(const Recorder *R) { return R->overtaken || (R->loop && R->loop->root) || (R->exit && R->exit->side); }
