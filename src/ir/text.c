/* text.c: trace -> text, for dumps and goldens.
 *
 * No addresses: what has a name is printed by name (names.c), the rest is numbered as it appears. So the text depends on what the
 * trace says only, and parse.c makes of it a trace that prints the same.
 *
 * What the trace does not own may be gone: it is shown by what the trace says of it, and not looked at. */
#include "names.h"
#include "source.h"
#include "text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The things of one sort that have only numbers. */
typedef struct { const void **seen; int n, cap; } Numbers;

typedef struct {
    FILE *out;
    const Trace *t;
    Numbers objects, words, functions, traces, codes;
    int entry_may_be_gone;  /* the entry frame's code may be */
} Printer;

/* Its number; -1 when memory runs out. */
static int number(Numbers *n, const void *what)
{
    for (int i = 0; i < n->n; i++)
        if (n->seen[i] == what)
            return i;
    if (n->n == n->cap) {
        int cap = n->cap ? n->cap * 2 : 16;
        const void **seen = realloc(n->seen, sizeof *seen * (size_t)cap);
        if (!seen)
            return -1;
        n->seen = seen;
        n->cap = cap;
    }
    n->seen[n->n] = what;
    return n->n++;
}

/* The constant that says most of an object. */
static const Const *const_of(const Trace *t, PyObject *o)
{
    const Const *found = NULL;
    for (int i = 0; i < t->n_consts; i++)
        if (t->consts[i].kind == KIND_OBJ && (PyObject *)t->consts[i].v.o == o && (!found || t->consts[i].owned))
            found = &t->consts[i];
    return found;
}

static void print_object(Printer *p, PyObject *o)
{
    char text[128] = "";
    const Const *k = const_of(p->t, o);
    int alive = !o || o == Py_None || o == Py_True || o == Py_False || (k && k->owned) || name_is_builtin_type(o);
    if (alive && name_object(o, text, sizeof text)) {
        fputs(text, p->out);
        return;
    }
    if (alive)
        name_describe(o, text, sizeof text);
    else if (k)
        name_const(k, text, sizeof text);
    fprintf(p->out, *text ? "obj%d<%s>" : "obj%d", number(&p->objects, o), text);
}

static void print_float(FILE *out, double v)
{
    Value bits = {.f = v}, nan = {.f = Py_NAN};
    if (isnan(v) && bits.i != nan.i) {
        fprintf(out, "bits:0x%llx", (unsigned long long)bits.i);
        return;
    }
    char *text = PyOS_double_to_string(v, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    fputs(text ? text : "?", out);
    PyMem_Free(text);
}

static void print_ref(Printer *p, Ref ref)
{
    if (ref == REF_NONE) {
        fputc('-', p->out);
        return;
    }
    if (!IS_CONST(ref)) {
        fprintf(p->out, "%%%d", ref);
        return;
    }
    const Const *k = &p->t->consts[~ref];
    if (k->kind == KIND_INT)
        fprintf(p->out, "%lld", (long long)k->v.i);
    else if (k->kind == KIND_FLOAT)
        print_float(p->out, k->v.f);
    else
        print_object(p, (PyObject *)k->v.o);
}

/* ---- codes ---- */

/* What is known of a code object: that the trace has gone through, or of a trace that has been read (parse.c), which owns it. */
static Source source_for(const Printer *p, const PyCodeObject *code)
{
    const Source *s = source_of_code(p->t, code);
    if (s)
        return *s;
    if (p->t->n_sources && code != p->t->code)
        return (Source){.code = code};
    return (Source){.code = code, .name = code->co_name, .n_locals = code->co_nlocalsplus, .n_stack = code->co_stacksize,
                    .n_units = (int)Py_SIZE(code)};
}

/* The code's name; with a number behind when an earlier one has the same. */
static void print_code(Printer *p, const PyCodeObject *code)
{
    char name[64];
    snprintf(name, sizeof name, "%s", name_utf8(source_for(p, code).name));
    for (char *c = name; *c; c++)
        if ((unsigned char)*c <= ' ' || strchr(",:@~", *c))
            *c = '_';
    int same = 0;
    for (int i = 0; i < p->codes.n && p->codes.seen[i] != code; i++)
        same += strcmp(name_utf8(source_for(p, p->codes.seen[i]).name), name_utf8(source_for(p, code).name)) == 0;
    fputs(name, p->out);
    if (same)
        fprintf(p->out, "~%d", same);
}

static void print_codes(Printer *p)
{
    number(&p->codes, p->t->code);
    for (int i = 0; i < p->t->n_snap_frames; i++)
        number(&p->codes, p->t->snap_frames[i].code);
    for (int i = 0; i < p->codes.n; i++) {
        const PyCodeObject *code = p->codes.seen[i];
        fputs("  code ", p->out);
        print_code(p, code);
        Source s = source_for(p, code);
        fprintf(p->out, ": %d slots, %d stack, %d units\n", s.n_locals, s.n_stack, s.n_units);
    }
}

/* ---- uops ---- */

static void print_function(Printer *p, void *fn)
{
    const char *name = name_function(fn);
    if (name)
        fprintf(p->out, " fn:%s", name);
    else
        fprintf(p->out, " fn%d", number(&p->functions, fn));
}

static void print_word(Printer *p, const Uop *u)
{
    void *word = (void *)(uintptr_t)u->imm;
    switch (u->op) {
    case UOP_GUARD_TYPE: case UOP_GUARD_NOT_TYPE: case UOP_GUARD_IS: case UOP_GUARD_IS_NOT:
        fputc(' ', p->out);
        print_object(p, word);
        return;
    case UOP_LINK:
        if (word == p->t)
            fputs(" self", p->out);
        else if (word == p->t->root)
            fputs(" root", p->out);
        else
            fprintf(p->out, " trace%d", number(&p->traces, word));
        return;
    case UOP_CHECK_VALID: case UOP_CHECK_INVOKED: case UOP_CHECK_DIED: case UOP_CHECK_LOOKED:
        if (word == &p->t->root->valid || word == &p->t->valid) {
            fputs(" valid", p->out);
            return;
        }
        break;
    case UOP_SET_IP: {
        Py_ssize_t at = p->entry_may_be_gone ? -1 : (_Py_CODEUNIT *)word - cpy_code_start(p->t->code);
        if (at >= 0 && at < Py_SIZE(p->t->code)) {
            fprintf(p->out, " ip:%d", (int)at);
            return;
        }
        break;
    }
    case UOP_NEXT: case UOP_LEAF_NEXT: {
        PyTypeObject *type = name_iternext(word);
        if (type)
            fprintf(p->out, " next:%s", type->tp_name);
        else
            print_function(p, word);
        return;
    }
    case UOP_INVOKE_ANY: case UOP_INVOKE_KW:
        fprintf(p->out, " %lld", (long long)u->imm);
        return;
    case UOP_LOAD_WORD: case UOP_STORE_WORD:
        break;
    default:
        print_function(p, word);
        return;
    }
    fprintf(p->out, " word%d", number(&p->words, word));
}

static void print_operation(Printer *p, Ref ref)
{
    const Uop *u = &p->t->uops[ref];
    const UopInfo *info = &uop_info[u->op];
    fprintf(p->out, info->n_operands || info->imm ? "%-16s" : "%s", info->name);
    Ref operand[3] = {u->a, u->b, u->c};
    for (int i = 0; i < info->n_operands; i++) {
        fputc(' ', p->out);
        print_ref(p, operand[i]);
    }
    if (info->imm == IMM_SLOT)
        fprintf(p->out, " slot %lld", (long long)u->imm);
    else if (info->imm == IMM_IMM)
        fprintf(p->out, " %lld", (long long)u->imm);
    else if (info->imm == IMM_WORD)
        print_word(p, u);
}

static void print_uop(Printer *p, Ref ref)
{
    const Uop *u = &p->t->uops[ref];
    if (uop_info[u->op].result != KIND_NONE)
        fprintf(p->out, "%%%-4d = ", ref);
    else
        fputs("        ", p->out);
    print_operation(p, ref);
    if (u->snap >= 0)
        fprintf(p->out, "   ?%d", u->snap);
    if (u->dead)
        fputs("   dead", p->out);
}

/* ---- snapshots ---- */

static void print_snapshot(Printer *p, int index)
{
    static const char *const how[] = {"owned", "borrowed", "lent", "memory", "keep", "null", "placed", "drop"};
    const Snapshot *s = &p->t->snaps[index];
    fprintf(p->out, "  ?%d:", index);
    for (int i = 0; i < s->n_frames; i++) {
        const SnapFrame *f = &p->t->snap_frames[s->first_frame + i];
        fputc(' ', p->out);
        print_code(p, f->code);
        fprintf(p->out, "@%d+%d", f->ip, f->depth);
        if (f->func != REF_NONE) {
            fputs(" of ", p->out);
            print_ref(p, f->func);
        }
        if (f->stand >= 0)
            fprintf(p->out, " suspended %d", f->stand);
        static const char *const on[] = {[CONT_PUSH] = "", [CONT_INIT] = " init", [CONT_ITEM] = " item", [CONT_GIVEN] = " given",
                                         [CONT_OPERATOR] = " operator", [CONT_CONSTRUCT] = " construct",
                                         [CONT_SENT] = " sent", [CONT_NEXT] = " next"};
        fputs(on[f->continuation], p->out);
        fputs(f->real ? " real" : "", p->out);
        if (f->drop_ip >= 0)
            fprintf(p->out, " drops@%d", f->drop_ip);
    }
    for (int i = 0; i < s->n_slots; i++) {
        const SnapSlot *slot = &p->t->snap_slots[s->first_slot + i];
        fprintf(p->out, "  [%d.%d] ", slot->frame, slot->slot);
        print_ref(p, slot->ref);
        fprintf(p->out, " %s", how[slot->how]);
    }
    fputc('\n', p->out);
}

/* ---- the whole ---- */

static void print_head(Printer *p, const char *title)
{
    const Trace *t = p->t;
    fprintf(p->out, "-- %s: %s, %s, header %d, %d bytecodes, %d uops\n", title, name_utf8(t->code->co_qualname),
            t->parent ? "side trace" : "root", t->header, t->n_bytecodes, t->n_uops);
    print_codes(p);
    for (int i = 0; i < t->n_entry; i++)
        fprintf(p->out, "  entry %d: slot %d %s\n", i, t->entry[i].slot, t->entry[i].kind == KIND_FLOAT ? "float" : "int");
    for (int i = 0; t->param_facts && i < t->n_uops && t->uops[i].op <= UOP_PARAM_FLOAT; i++) {
        const ParamFact *fact = &t->param_facts[i];
        if (!fact->type && !fact->held_by)
            continue;
        fprintf(p->out, "  param %d:", i);
        if (fact->type) {
            fputc(' ', p->out);
            print_object(p, (PyObject *)fact->type);
        }
        if (fact->held_by)
            fprintf(p->out, " slot %d", fact->held_by - 1);
        fputc('\n', p->out);
    }
}

static void end_printer(Printer *p)
{
    Numbers *all[] = {&p->objects, &p->words, &p->functions, &p->traces, &p->codes};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]->seen);
}

void ir_print_marked(FILE *out, const Trace *t, const char *title, Ref mark, const char *remark)
{
    Printer p = {.out = out, .t = t};
    print_head(&p, title);
    for (Ref r = 0; r < t->n_uops; r++) {
        print_uop(&p, r);
        if (r == mark)
            fprintf(out, "      <==== %s", remark);
        fputc('\n', out);
    }
    if (t->n_link_args) {
        fputs("  link:", out);
        for (int i = 0; i < t->n_link_args; i++) {
            fputc(' ', out);
            print_ref(&p, t->link_args[i]);
        }
        fputc('\n', out);
    }
    for (int i = 0; i < t->n_snaps; i++)
        print_snapshot(&p, i);
    end_printer(&p);
}

void ir_print_uops(FILE *out, const Trace *t, Ref from, Ref to, const char *before)
{
    Printer p = {.out = out, .t = t};
    for (Ref r = from; r < to; r++) {
        fputs(before, out);
        print_uop(&p, r);
        fputc('\n', out);
    }
    end_printer(&p);
}

void ir_print(FILE *out, const Trace *t, const char *title) { ir_print_marked(out, t, title, REF_NONE, NULL); }

int ir_each_uop(const Trace *t, int (*visit)(void *arg, Ref ref, const char *text), void *arg)
{
    Printer p = {.t = t, .entry_may_be_gone = 1};
    int failed = 0;
    for (Ref r = 0; r < t->n_uops && !failed; r++) {
        if (t->uops[r].dead)
            continue;
        char *text = NULL;
        size_t size = 0;
        p.out = open_memstream(&text, &size);
        if (p.out) {
            print_operation(&p, r);
            fclose(p.out);
        }
        failed = visit(arg, r, text ? text : "?");
        free(text);
    }
    end_printer(&p);
    return failed;
}
