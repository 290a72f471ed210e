/* map.c: plan -> what is where in the code.
 *
 * The plan is used again for the next trace; this is what is kept of it. 12 bytes a step, a tenth of what the trace itself takes. */
#include "map.h"
#include "unwind.h"

size_t map_size(const Plan *plan, const Code *code) { return (size_t)(plan->n_steps + code->n_stubs + 4); }

int32_t map_make(const Trace *t, const Plan *plan, const Code *code, CodeMark *marks)
{
    CodeMark *m = marks;
    for (int32_t i = 0; i < plan->n_steps; i++) {
        const Step *s = &plan->steps[i];
        if (s->stencil->size)
            *m++ = (CodeMark){s->offset, s->uop, s->code};
    }
    uint32_t stub_size = code->n_stubs ? emit_stencils[EMIT_EXIT_STUB].registers[0].size : 0;
    for (int32_t k = 0; k < code->n_stubs; k++)
        *m++ = (CodeMark){code->stubs + (uint32_t)k * stub_size, t->exits[code->stub_exits[k]].uop, STEP_EMIT + EMIT_EXIT_STUB};
    if (code->stubs + (uint32_t)code->n_stubs * stub_size < code->trampolines)
        *m++ = (CodeMark){code->stubs + (uint32_t)code->n_stubs * stub_size, -1, MARK_PADDING};
    if (code->trampolines < code->data)
        *m++ = (CodeMark){code->trampolines, -1, MARK_TRAMPOLINES};
    if (code->data < code->words)
        *m++ = (CodeMark){code->data, -1, MARK_DATA};
    if (code->words < code->end)
        *m++ = (CodeMark){code->words, -1, MARK_WORDS};
    return (int32_t)(m - marks);
}

const char *map_what(uint16_t what)
{
    switch (what) {
    case MARK_PADDING: return "padding";
    case MARK_TRAMPOLINES: return "trampolines";
    case MARK_DATA: return "constants";
    case MARK_WORDS: return "words";
    default: return what & STEP_EMIT ? emit_names[what - STEP_EMIT] : uop_info[what].name;
    }
}

uint32_t map_data(const Trace *t)
{
    for (int32_t i = t->n_marks; i-- > 0;)
        if (t->marks[i].what != MARK_DATA && t->marks[i].what != MARK_WORDS)
            return i + 1 < t->n_marks ? t->marks[i + 1].offset : (uint32_t)t->code_size;
    return 0;
}

uint32_t map_end(const Trace *t) { return (uint32_t)(t->code_size - unwind_room()); }

void map_lines(const Trace *t, void (*visit)(void *arg, uint32_t offset, const Source *source, int line), void *arg)
{
    const Source *last = NULL;
    int last_line = 0;
    uint32_t last_where = 0;
    for (int32_t i = 0; i < t->n_marks && t->marks[i].what < MARK_PADDING; i++) {
        if (t->marks[i].uop < 0 || t->uops[t->marks[i].uop].where == last_where)
            continue;
        last_where = t->uops[t->marks[i].uop].where;
        int line;
        const Source *s = source_of(t, last_where, &line);
        if (!s || !line || (s == last && line == last_line))
            continue;
        visit(arg, t->marks[i].offset, s, line);
        last = s;
        last_line = line;
    }
}
