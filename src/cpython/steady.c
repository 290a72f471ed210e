/* steady.c: what programs hardly ever rebind (functions, classes, modules, settings) is taken for constant, at no cost where it is used.
 *
 * A dict that holds such a name is watched (PyDict_Watch): CPython calls us before it changes, and whoever has taken the value for constant
 * is told at once. Compiled code looks behind all that may run code of the program whether it has been told (CHECK_VALID). Three things
 * must hold:
 *
 *  1. compiled code that writes a dict's value in place, which calls nobody, says so before (steady_written);
 *  2. a key that is no exact str, or a dict that is emptied, filled or freed, changes all names;
 *  3. what changes often is guarded by who uses it: a name is given up after few changes, a dict after many events.
 *
 * Needs the GIL of the main interpreter. */
#include "steady.h"
#include "watch.h"
#include <stdlib.h>

#define MOST_CHANGES 3          /* of a name, before it is given up */
#define MOST_EVENTS 20000       /* of a dict: some 10 ns each */
#define ASKED_BEFORE 2          /* a number or text is taken for steady when it has been asked for so often: it may be a counter */

enum { N_DICTS = 256, N_NAMES = 16 };

typedef struct Watched {
    PyObject *dict;             /* an address: it says when it goes */
    struct Watched *next;
    int events, given_up;
    Steady *name[N_NAMES];      /* by hash */
} Watched;

struct Steady {
    Watched *in;                /* NULL: the dict is gone */
    Steady *next;
    PyObject *name;             /* owned: an exact str */
    PyObject *value;            /* an address; NULL: nothing stands there */
    unsigned changes;
    int asked, written, marks;
    SteadyUse *uses;
};

struct SteadyUse {
    Steady *steady;
    void *owner;
    SteadyUse **owners;         /* the owner's list */
    SteadyUse *before, *after;  /* in that of the steady */
    SteadyUse *next;            /* in that of the owner */
};

static Watched *dicts[N_DICTS];
static int watcher = -1, no_watcher;
static void (*tell)(void *owner);

void steady_tell(void (*changed)(void *owner)) { tell = changed; }

unsigned steady_other_watchers(void) { return DICT_WATCHER_MASK & ~(watcher >= 0 ? 1u << watcher : 0); }

static Watched **place_of(const PyObject *dict)
{
    Watched **w = &dicts[((uintptr_t)dict >> 4 ^ (uintptr_t)dict >> 12) % N_DICTS];
    while (*w && (*w)->dict != dict)
        w = &(*w)->next;
    return w;
}

static int same_name(PyObject *a, PyObject *b) { return a == b || (PyObject_Hash(a) == PyObject_Hash(b) && PyUnicode_Compare(a, b) == 0); }

static Steady **place_in(Watched *w, PyObject *name)
{
    Steady **s = &w->name[(size_t)PyObject_Hash(name) % N_NAMES];
    while (*s && !same_name((*s)->name, name))
        s = &(*s)->next;
    return s;
}

/* ---- who uses what ---- */

void steady_forget(SteadyUse **uses)
{
    SteadyUse *next;
    for (SteadyUse *use = *uses; use; use = next) {
        next = use->next;
        if (use->after)
            use->after->before = use->before;
        if (use->before)
            use->before->after = use->after;
        else
            use->steady->uses = use->after;
        free(use);
    }
    *uses = NULL;
}

int steady_use(const SteadyMark *mark, void *owner, SteadyUse **uses)
{
    Steady *s = mark->steady;
    if (s->changes != mark->changes || !s->in)
        return -1;
    for (const SteadyUse *use = *uses; use; use = use->next)
        if (use->steady == s)
            return 0;
    SteadyUse *use = malloc(sizeof *use);
    if (!use)
        return -1;
    *use = (SteadyUse){.steady = s, .owner = owner, .owners = uses, .after = s->uses, .next = *uses};
    if (s->uses)
        s->uses->before = use;
    s->uses = *uses = use;
    return 0;
}

static void has_changed(Steady *s, PyObject *value)
{
    s->value = value;
    s->changes++;
    while (s->uses) {
        void *owner = s->uses->owner;
        steady_forget(s->uses->owners);
        tell(owner);
    }
}

static void free_if_unused(Steady *s)
{
    if (s->in || s->marks)
        return;
    Py_DECREF(s->name);
    free(s);
}

void steady_release(SteadyMark *mark)
{
    mark->steady->marks--;
    free_if_unused(mark->steady);
}

/* ---- dicts ---- */

static void all_changed(Watched *w)
{
    for (int i = 0; i < N_NAMES; i++)
        for (Steady *s = w->name[i]; s; s = s->next)
            has_changed(s, NULL);
}

/* The dict goes. */
static void forget_dict(Watched **place)
{
    Watched *w = *place;
    *place = w->next;
    for (int i = 0; i < N_NAMES; i++) {
        Steady *next;
        for (Steady *s = w->name[i]; s; s = next) {
            next = s->next;
            s->in = NULL;
            free_if_unused(s);
        }
    }
    free(w);
}

/* Before it happens. */
static int event(PyDict_WatchEvent what, PyObject *dict, PyObject *key, PyObject *value)
{
    Watched **place = place_of(dict), *w = *place;
    if (!w || w->given_up)
        return 0;
    int one = (what == PyDict_EVENT_ADDED || what == PyDict_EVENT_MODIFIED || what == PyDict_EVENT_DELETED) && PyUnicode_CheckExact(key);
    if (!one || ++w->events > MOST_EVENTS)
        all_changed(w);
    if (one) {
        Steady *s = *place_in(w, key);
        PyObject *next = what == PyDict_EVENT_DELETED ? NULL : value;
        if (s && s->value != next)
            has_changed(s, next);
    }
    if (what == PyDict_EVENT_DEALLOCATED)
        forget_dict(place);
    else if (w->events > MOST_EVENTS) {
        w->given_up = 1;
        PyDict_Unwatch(watcher, dict);
    }
    return 0;
}

static int have_watcher(void)
{
    if (watcher < 0 && !no_watcher) {
        watcher = cpy_add_dict_watcher(event);
        no_watcher = watcher < 0;
    }
    return watcher >= 0;
}

static Watched *watch(PyObject *dict)
{
    Watched **place = place_of(dict);
    if (*place)
        return *place;
    Watched *w = have_watcher() ? calloc(1, sizeof *w) : NULL;
    if (!w)
        return NULL;
    if (PyDict_Watch(watcher, dict) < 0) {
        PyErr_Clear();
        free(w);
        return NULL;
    }
    w->dict = dict;
    return *place = w;
}

static Steady *steady_at(PyObject *dict, PyObject *name)
{
    Watched *w = watch(dict);
    if (!w)
        return NULL;
    Steady **place = place_in(w, name);
    if (!*place && (*place = calloc(1, sizeof **place)))
        **place = (Steady){.in = w, .name = Py_NewRef(name)};
    return *place;
}

int steady_find(PyObject *dict, PyObject *name, PyObject *value, SteadyMark *mark)
{
    if (!PyDict_CheckExact(dict) || !PyUnicode_CheckExact(name))
        return 0;
    Steady *s = steady_at(dict, name);
    if (!s || s->in->given_up || s->written || s->changes > MOST_CHANGES)
        return 0;
    if (!s->asked || s->value != value) {       /* nobody uses it yet, and what it was before did not count */
        s->value = value;
        s->asked = 0;
    }
    s->asked += s->asked < ASKED_BEFORE;
    int lasts = !value || PyFunction_Check(value) || PyType_Check(value) || PyModule_Check(value) || PyCFunction_Check(value);
    if (!lasts && s->asked < ASKED_BEFORE)
        return 0;
    s->marks++;
    *mark = (SteadyMark){s, s->changes};
    return 1;
}

int steady_written(PyObject *dict, PyObject *name)
{
    if (!have_watcher())        /* nothing ever is */
        return 1;
    Steady *s = steady_at(dict, name);
    if (s && !s->written) {
        s->written = 1;
        has_changed(s, s->value);
    }
    return s != NULL;
}

size_t steady_memory(void)
{
    size_t size = 0;
    for (int i = 0; i < N_DICTS; i++)
        for (const Watched *w = dicts[i]; w; w = w->next) {
            size += sizeof *w;
            for (int k = 0; k < N_NAMES; k++)
                for (const Steady *s = w->name[k]; s; s = s->next) {
                    size += sizeof *s;
                    for (const SteadyUse *use = s->uses; use; use = use->after)
                        size += sizeof *use;
                }
        }
    return size;
}
