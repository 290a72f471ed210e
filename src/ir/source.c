/* source.c: uop -> function, file, line
 *
 * A uop carries the number of a code object in its trace and a code unit, in 32 bits. Line tables are read when somebody asks: a
 * trace pays for a comparison per recorded bytecode. The trace owns what the answer is made of but not the code objects, which own it:
 * names and lines can be read for as long as the trace lives, whatever became of the functions it went through. */
#include "names.h"
#include "source.h"
#include "../cpython/lines.h"
#include <stdlib.h>

#define UNIT_BITS 24
#define MAX_UNIT (1u << UNIT_BITS)
#define MAX_SOURCES 255         /* `where` has 8 bits for them; 0 means unknown */

/* Of this very code: another that has been at its address had another line table, which the source owns, or other sizes. */
static int is_of(const Source *s, const PyCodeObject *code)
{
    return s->code == code && s->lines == code->co_linetable && s->n_locals == code->co_nlocalsplus && s->n_stack == code->co_stacksize &&
           s->n_units == Py_SIZE(code);
}

static int source_number(Trace *t, PyCodeObject *code)
{
    for (int i = t->n_sources; i-- > 0;)
        if (is_of(&t->sources[i], code))
            return i;
    if (t->n_sources == MAX_SOURCES)
        return -1;
    if (t->n_sources == t->cap_sources) {
        int cap = t->cap_sources ? t->cap_sources * 4 : 2;
        Source *bigger = realloc(t->sources, sizeof *bigger * (size_t)cap);
        if (!bigger)
            return -1;
        t->sources = bigger;
        t->cap_sources = cap;
    }
    t->sources[t->n_sources] = (Source){code, Py_NewRef(code->co_filename), Py_NewRef(code->co_name), Py_NewRef(code->co_qualname),
                                        Py_NewRef(code->co_linetable), code->co_firstlineno, code->co_nlocalsplus, code->co_stacksize,
                                        (int)Py_SIZE(code)};
    return t->n_sources++;
}

void source_at(Trace *t, PyCodeObject *code, int unit)
{
    int number = source_number(t, code);
    t->where = number < 0 || unit < 0 || (unsigned)unit >= MAX_UNIT ? 0 : (uint32_t)(number + 1) << UNIT_BITS | (uint32_t)unit;
}

const Source *source_of_code(const Trace *t, const PyCodeObject *code)
{
    for (int i = t->n_sources; i-- > 0;)
        if (t->sources[i].code == code)
            return &t->sources[i];
    return NULL;
}

void source_move(Trace *t, Trace *from)
{
    t->sources = from->sources;
    t->n_sources = from->n_sources;
    t->cap_sources = from->cap_sources;
    from->sources = NULL;
    from->n_sources = from->cap_sources = 0;
}

void source_clear(Trace *t)
{
    for (int i = 0; i < t->n_sources; i++) {
        Py_DECREF(t->sources[i].filename);
        Py_DECREF(t->sources[i].name);
        Py_DECREF(t->sources[i].qualname);
        Py_DECREF(t->sources[i].lines);
    }
    free(t->sources);
    t->sources = NULL;
    t->n_sources = t->cap_sources = 0;
}

const Source *source_unit(const Trace *t, uint32_t where, int *unit)
{
    uint32_t number = where >> UNIT_BITS;
    *unit = (int)(where & (MAX_UNIT - 1));
    return number && number <= (uint32_t)t->n_sources ? &t->sources[number - 1] : NULL;
}

const Source *source_of(const Trace *t, uint32_t where, int *line)
{
    int unit;
    const Source *s = source_unit(t, where, &unit);
    *line = s ? cpy_line((const uint8_t *)PyBytes_AS_STRING(s->lines), PyBytes_GET_SIZE(s->lines), s->first_line, unit) : 0;
    return s;
}

void source_place(const Trace *t, uint32_t where, char *text, size_t size)
{
    int line = 0;
    const Source *s = source_of(t, where, &line);
    snprintf(text, size, "%s:%s:%d", s ? name_utf8(s->qualname) : "?", s ? name_utf8(s->filename) : "?", line);
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = '?';
}

void source_name(const Trace *t, char *text, size_t size)
{
    source_place(t, t->start == REF_NONE ? 0 : t->uops[t->start].where, text, size);
}
