/* text.c: trace -> text, for dumps and goldens. No addresses: objects are printed by what they are. */
#include "text.h"

static void print_object(FILE *out, PyObject *o)
{
    if (!o)
        fputs("NULL", out);
    else if (PyLong_Check(o) || PyFloat_Check(o) || PyUnicode_Check(o) || o == Py_None) {
        PyObject *r = PyObject_Repr(o);
        const char *text = r ? PyUnicode_AsUTF8(r) : NULL;
        fputs(text ? text : "?", out);
        PyErr_Clear();
        Py_XDECREF(r);
    } else if (PyType_Check(o))
        fprintf(out, "type:%s", ((PyTypeObject *)o)->tp_name);
    else if (PyFunction_Check(o))
        fprintf(out, "function:%s", PyUnicode_AsUTF8(((PyFunctionObject *)o)->func_qualname));
    else
        fprintf(out, "<%s>", Py_TYPE(o)->tp_name);
}

static void print_ref(FILE *out, const Trace *t, Ref ref)
{
    if (ref == REF_NONE) {
        fputs("-", out);
        return;
    }
    if (!IS_CONST(ref)) {
        fprintf(out, "%%%d", ref);
        return;
    }
    const Const *k = &t->consts[~ref];
    if (k->kind == KIND_INT)
        fprintf(out, "%lld", (long long)k->v.i);
    else if (k->kind == KIND_FLOAT)
        fprintf(out, "%.17g", k->v.f);
    else
        print_object(out, (PyObject *)k->v.o);
}

void ir_print_uop(FILE *out, const Trace *t, Ref ref)
{
    const Uop *u = &t->uops[ref];
    const UopInfo *info = &uop_info[u->op];
    if (info->result != KIND_NONE)
        fprintf(out, "%%%-4d = ", ref);
    else
        fputs("        ", out);
    fprintf(out, "%-16s", info->name);
    Ref operand[3] = {u->a, u->b, u->c};
    for (int i = 0; i < info->n_operands; i++) {
        fputc(' ', out);
        print_ref(out, t, operand[i]);
    }
    if (u->op == UOP_GUARD_TYPE)
        fprintf(out, " %s", ((PyTypeObject *)u->imm)->tp_name);
    else if (u->op == UOP_GUARD_IS || u->op == UOP_GUARD_IS_NOT) {
        fputc(' ', out);
        print_object(out, (PyObject *)u->imm);
    } else if (info->imm == IMM_SLOT)
        fprintf(out, " slot %lld", (long long)u->imm);
    else if (info->imm == IMM_IMM)
        fprintf(out, " %lld", (long long)u->imm);
    else if (info->imm == IMM_WORD)
        fputs(" ...", out);
    if (u->snap >= 0)
        fprintf(out, "   ?%d", u->snap);
    if (u->dead)
        fputs("   dead", out);
}

static void print_snapshot(FILE *out, const Trace *t, int index)
{
    static const char *const how[] = {"owned", "borrowed", "memory", "keep", "null", "drop"};
    const Snapshot *s = &t->snaps[index];
    fprintf(out, "  ?%d:", index);
    for (int i = 0; i < s->n_frames; i++) {
        const SnapFrame *f = &t->snap_frames[s->first_frame + i];
        fprintf(out, " %s@%d+%d%s", PyUnicode_AsUTF8(f->code->co_name), f->ip, f->depth, f->continuation == CONT_NEXT ? " next" : "");
    }
    for (int i = 0; i < s->n_slots; i++) {
        const SnapSlot *slot = &t->snap_slots[s->first_slot + i];
        fprintf(out, "  [%d.%d] ", slot->frame, slot->slot);
        print_ref(out, t, slot->ref);
        fprintf(out, " %s", how[slot->how]);
    }
    fputc('\n', out);
}

void ir_print(FILE *out, const Trace *t, const char *title)
{
    fprintf(out, "-- %s: %s, %s, header %d, %d bytecodes, %d uops\n", title, PyUnicode_AsUTF8(t->code->co_qualname),
            t->parent ? "side trace" : "root", t->header, t->n_bytecodes, t->n_uops);
    for (int i = 0; i < t->n_entry; i++)
        fprintf(out, "  entry %d: slot %d %s\n", i, t->entry[i].slot, t->entry[i].kind == KIND_FLOAT ? "float" : "int");
    for (Ref r = 0; r < t->n_uops; r++) {
        ir_print_uop(out, t, r);
        fputc('\n', out);
    }
    if (t->n_link_args) {
        fputs("  link:", out);
        for (int i = 0; i < t->n_link_args; i++) {
            fputc(' ', out);
            print_ref(out, t, t->link_args[i]);
        }
        fputc('\n', out);
    }
    for (int i = 0; i < t->n_snaps; i++)
        print_snapshot(out, t, i);
}
