/* notes.c: recordings that came to nothing -> counts by place and reason.
 *
 * With -v only: finding a line takes as long as a short recording does. Texts are ours, so that nothing of the program is kept alive. */
#include "notes.h"
#include <stdlib.h>
#include <string.h>

#define MOST 1000       /* different ones; what comes later is not noted */

typedef struct { char *text; uint64_t n; } Note;

int notes_wanted;
static Note notes[MOST];
static int n_notes;

void notes_add(const char *text)
{
    int i = 0;
    while (i < n_notes && strcmp(notes[i].text, text) != 0)
        i++;
    if (i == MOST)
        return;
    if (i == n_notes) {
        char *copy = strdup(text);
        if (!copy)
            return;
        notes[n_notes++].text = copy;
    }
    notes[i].n++;
}

PyObject *notes_list(void)
{
    PyObject *list = PyList_New(0);
    for (int i = 0; list && i < n_notes; i++) {
        PyObject *note = Py_BuildValue("(KN)", (unsigned long long)notes[i].n,
                                       PyUnicode_DecodeUTF8(notes[i].text, (Py_ssize_t)strlen(notes[i].text), "replace"));
        if (!note || PyList_Append(list, note) < 0)
            Py_CLEAR(list);
        Py_XDECREF(note);
    }
    return list;
}
