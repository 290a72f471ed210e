/* show.c: the tables of stencils -> Python objects. Names are those of the generator: ADD_INT, EMIT_MOVE_G. */
#include "show.h"
#include "helper_table.h"
#include "plan.h"

#define N_TABLES (UOP_COUNT + EMIT_COUNT)

/* The table of that index, with its name; NULL: a uop without a body. */
static const StencilSet *table(int i, char name[64])
{
    const StencilSet *set = i < UOP_COUNT ? &uop_stencils[i] : &emit_stencils[i - UOP_COUNT];
    if (i < UOP_COUNT)
        snprintf(name, 64, "%s", uop_info[i].name);
    else {
        snprintf(name, 64, "EMIT_%s", emit_names[i - UOP_COUNT]);
        for (char *c = name; *c; c++)
            *c = Py_TOUPPER(*c);
    }
    return set->n_registers ? set : NULL;
}

PyObject *show_tables(void)
{
    PyObject *tables = PyDict_New();
    char name[64];
    for (int i = 0; tables && i < N_TABLES; i++) {
        const StencilSet *set = table(i, name);
        PyObject *sizes = set ? Py_BuildValue("(ii)", set->n_registers, set->n_constant) : NULL;
        if (set && (!sizes || PyDict_SetItemString(tables, name, sizes) < 0))
            Py_CLEAR(tables);
        Py_XDECREF(sizes);
    }
    return tables;
}

static PyObject *hole(const Hole *h)
{
    static const char *const kinds[256] = {[PATCH_ABS32] = "ABS32", [PATCH_ABS32S] = "ABS32S", [PATCH_ABS64] = "ABS64", [PATCH_REL32] = "REL32",
                                           [PATCH_X86_GOT] = "X86_GOT",
                                           [PATCH_A64_BRANCH26] = "A64_BRANCH26", [PATCH_A64_BRANCH19] = "A64_BRANCH19",
                                           [PATCH_A64_BRANCH14] = "A64_BRANCH14", [PATCH_A64_PAGE21] = "A64_PAGE21",
                                           [PATCH_A64_LO12] = "A64_LO12", [PATCH_A64_GOT] = "A64_GOT", [PATCH_A64_LOAD] = "A64_LOAD"};
    static const char *const values[] = {"IMM", "WORD", "CONTINUE", "EXIT", "TARGET", "HELPER", "DATA"};
    char kind[16];
    snprintf(kind, sizeof kind, "%d", h->kind);
    return Py_BuildValue("(isszi)", h->offset, kinds[h->kind] ? kinds[h->kind] : kind, values[h->value],
                         h->value == HOLE_HELPER ? helper_table[h->symbol].name : NULL, h->addend);
}

PyObject *show_stencil(const char *name, int number, int constant)
{
    char own[64];
    const StencilSet *set = NULL;
    for (int i = 0; i < N_TABLES && !set; i++)
        if ((set = table(i, own)) && strcmp(own, name) != 0)
            set = NULL;
    if (!set || number < 0 || number >= (constant ? set->n_constant : set->n_registers))
        Py_RETURN_NONE;
    const Stencil *s = &(constant ? set->constant : set->registers)[number];
    PyObject *holes = PyList_New(s->n_holes);
    for (int k = 0; holes && k < s->n_holes; k++) {
        PyObject *h = hole(stencil_hole(s, k));
        if (!h)
            Py_CLEAR(holes);
        else
            PyList_SET_ITEM(holes, k, h);
    }
    return holes ? Py_BuildValue("(y#Ny#)", (const char *)stencil_code(s), (Py_ssize_t)s->size, holes, (const char *)stencil_data(s), (Py_ssize_t)s->data_size) : NULL;
}
