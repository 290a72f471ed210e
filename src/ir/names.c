/* names.c: addresses <-> names, for the text form of traces.
 *
 * A dump without addresses can be compared, and one that parses back can be a test. Everything well known has a name; the rest is
 * numbered by the printer in the order it appears, with a description that the parser keeps but does not understand. */
#include "names.h"
#include <math.h>
#include <string.h>

/* ---- types ---- */

/* Those that the module builtins does not show. */
static PyTypeObject *const hidden_types[] = {
    &PyRangeIter_Type, &PyLongRangeIter_Type, &PyListIter_Type, &PyListRevIter_Type, &PyTupleIter_Type, &PyUnicodeIter_Type,
    &PyBytesIter_Type, &PyDictIterKey_Type, &PyDictIterValue_Type, &PyDictIterItem_Type, &PySetIter_Type, &PyGen_Type, &PyCell_Type,
    &PyFunction_Type, &PyCFunction_Type, &PyMethod_Type, &PyMethodDescr_Type, &PyModule_Type, &PyCode_Type, &PyCapsule_Type,
};

static PyTypeObject *type_of_name(const char *name)
{
    if (strcmp(name, "NoneType") == 0)
        return Py_TYPE(Py_None);
    for (size_t i = 0; i < sizeof hidden_types / sizeof *hidden_types; i++)
        if (strcmp(hidden_types[i]->tp_name, name) == 0)
            return hidden_types[i];
    PyObject *builtins = PyEval_GetBuiltins(), *o = builtins ? PyDict_GetItemString(builtins, name) : NULL;
    return o && PyType_Check(o) && !(((PyTypeObject *)o)->tp_flags & Py_TPFLAGS_HEAPTYPE) ? (PyTypeObject *)o : NULL;
}

int name_is_builtin_type(const PyObject *o)
{
    if (o == (PyObject *)Py_TYPE(Py_None))
        return 1;
    for (size_t i = 0; i < sizeof hidden_types / sizeof *hidden_types; i++)
        if (o == (PyObject *)hidden_types[i])
            return 1;
    PyObject *builtins = PyEval_GetBuiltins(), *key, *value;
    Py_ssize_t at = 0;
    while (builtins && PyDict_Next(builtins, &at, &key, &value))
        if (o == value)
            return PyType_Check(value) && !(((PyTypeObject *)value)->tp_flags & Py_TPFLAGS_HEAPTYPE);
    return 0;
}

PyTypeObject *name_iternext(void *fn)
{
    for (size_t i = 0; i < sizeof hidden_types / sizeof *hidden_types; i++)
        if ((void *)hidden_types[i]->tp_iternext == fn)
            return hidden_types[i];
    static const char *const visible[] = {"enumerate", "zip", "map", "filter", "reversed"};
    for (size_t i = 0; i < sizeof visible / sizeof *visible; i++) {
        PyTypeObject *type = type_of_name(visible[i]);
        if (type && (void *)type->tp_iternext == fn)
            return type;
    }
    return NULL;
}

/* ---- objects ---- */

/* A literal can be written for it, and doing so runs no Python code. */
static int is_plain(PyObject *o, int depth)
{
    if (PyFloat_CheckExact(o))
        return isfinite(PyFloat_AS_DOUBLE(o));
    if (PyTuple_CheckExact(o) && depth < 4) {
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(o); i++)
            if (!is_plain(PyTuple_GET_ITEM(o, i), depth + 1))
                return 0;
        return PyTuple_GET_SIZE(o) < 20;
    }
    return PyLong_CheckExact(o) || PyUnicode_CheckExact(o) || PyBytes_CheckExact(o) || PyBool_Check(o) || o == Py_None;
}

int name_object(PyObject *o, char *text, size_t size)
{
    const char *word = !o ? "NULL" : o == Py_None ? "None" : o == Py_True ? "True" : o == Py_False ? "False" : NULL;
    if (word) {
        snprintf(text, size, "%s", word);
        return 1;
    }
    if (PyType_Check(o)) {
        snprintf(text, size, "type:%s", ((PyTypeObject *)o)->tp_name);
        return type_of_name(((PyTypeObject *)o)->tp_name) == (PyTypeObject *)o;
    }
    if (!is_plain(o, 0))
        return 0;
    PyObject *raised = PyErr_GetRaisedException(), *repr = PyObject_ASCII(o);
    Py_ssize_t n = 0;
    const char *literal = repr ? PyUnicode_AsUTF8AndSize(repr, &n) : NULL;
    int fits = literal && n < 70 && (size_t)n + 5 < size;
    if (fits)
        snprintf(text, size, "obj:%s", literal);
    PyErr_SetRaisedException(raised);
    Py_XDECREF(repr);
    return fits;
}

PyObject *name_to_object(const char *text, int *is_null)
{
    *is_null = strcmp(text, "NULL") == 0;
    if (*is_null)
        return NULL;
    if (strcmp(text, "None") == 0)
        Py_RETURN_NONE;
    if (strcmp(text, "True") == 0)
        Py_RETURN_TRUE;
    if (strcmp(text, "False") == 0)
        Py_RETURN_FALSE;
    if (strncmp(text, "type:", 5) == 0)
        return Py_XNewRef((PyObject *)type_of_name(text + 5));
    if (strncmp(text, "obj:", 4) != 0)
        return NULL;
    PyObject *ast = PyImport_ImportModule("ast"), *o = ast ? PyObject_CallMethod(ast, "literal_eval", "s", text + 4) : NULL;
    Py_XDECREF(ast);
    PyErr_Clear();
    return o;
}

/* ---- placeholders ---- */

typedef struct { PyObject_HEAD char description[100]; } Placeholder;
static PyTypeObject Placeholder_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "copypatch.Placeholder",
    .tp_basicsize = sizeof(Placeholder),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_doc = "Stands for an object that a trace's text cannot name.",
};

PyObject *name_placeholder(const char *description)
{
    if (strcmp(description, "list") == 0)
        return PyList_New(0);
    if (strcmp(description, "dict") == 0)
        return PyDict_New();
    if (strcmp(description, "object") == 0)
        return PyObject_CallNoArgs((PyObject *)&PyBaseObject_Type);
    if (strncmp(description, "type:", 5) == 0)
        return PyObject_CallFunction((PyObject *)&PyType_Type, "s(){}", description + 5);
    if (PyType_Ready(&Placeholder_Type) < 0)
        return NULL;
    Placeholder *p = PyObject_New(Placeholder, &Placeholder_Type);
    if (p)
        snprintf(p->description, sizeof p->description, "%s", description);
    return (PyObject *)p;
}

const char *name_utf8(PyObject *text)
{
    PyObject *raised = PyErr_GetRaisedException();
    const char *bytes = text && PyUnicode_Check(text) ? PyUnicode_AsUTF8(text) : NULL;
    PyErr_SetRaisedException(raised);
    return bytes ? bytes : "?";
}

/* No blanks, no brackets but pairs of them. */
static void tidy(char *text)
{
    int open = 0, balanced = 1;
    for (char *c = text; *c; c++) {
        if ((unsigned char)*c <= ' ' || (unsigned char)*c > '~')
            *c = '_';
        open += (*c == '<') - (*c == '>');
        balanced &= open >= 0;
    }
    for (char *c = text; *c && (open || !balanced); c++)
        if (*c == '<' || *c == '>')
            *c = '_';
}

void name_describe(PyObject *o, char *text, size_t size)
{
    if (Py_IS_TYPE(o, &Placeholder_Type))
        snprintf(text, size, "%s", ((Placeholder *)o)->description);
    else if (PyType_Check(o))
        snprintf(text, size, "type:%s", ((PyTypeObject *)o)->tp_name);
    else if (PyFunction_Check(o))
        snprintf(text, size, "function:%s", name_utf8(((PyFunctionObject *)o)->func_qualname));
    else if (PyCFunction_Check(o))
        snprintf(text, size, "builtin:%s", ((PyCFunctionObject *)o)->m_ml->ml_name);
    else if (Py_IS_TYPE(o, &PyMethodDescr_Type))
        snprintf(text, size, "method_descriptor:%s.%s", PyDescr_TYPE(o)->tp_name, name_utf8(PyDescr_NAME(o)));
    else if (PyModule_CheckExact(o))
        snprintf(text, size, "module:%s", name_utf8(PyDict_GetItemString(PyModule_GetDict(o), "__name__")));
    else
        snprintf(text, size, "%s", Py_TYPE(o)->tp_name);
    if (strlen(text) > 90)
        text[90] = 0;
    tidy(text);
}

void name_const(const Const *k, char *text, size_t size)
{
    const char *name = name_utf8(k->name);
    if (k->type == &PyFunction_Type)
        snprintf(text, size, "function:%s", name);
    else if (k->is_class)
        snprintf(text, size, "type:%s", name);
    else
        snprintf(text, size, "%s", k->type ? k->type->tp_name : "module");
    if (strlen(text) > 90)
        text[90] = 0;
    tidy(text);
}

/* ---- C functions ---- */

#define FUNCTIONS(F) \
    F(PyNumber_Add) F(PyNumber_Subtract) F(PyNumber_Multiply) F(PyNumber_MatrixMultiply) F(PyNumber_TrueDivide) F(PyNumber_FloorDivide) \
    F(PyNumber_Remainder) F(PyNumber_And) F(PyNumber_Or) F(PyNumber_Xor) F(PyNumber_Lshift) F(PyNumber_Rshift) \
    F(PyNumber_InPlaceAdd) F(PyNumber_InPlaceSubtract) F(PyNumber_InPlaceMultiply) F(PyNumber_InPlaceMatrixMultiply) \
    F(PyNumber_InPlaceTrueDivide) F(PyNumber_InPlaceFloorDivide) F(PyNumber_InPlaceRemainder) F(PyNumber_InPlaceAnd) \
    F(PyNumber_InPlaceOr) F(PyNumber_InPlaceXor) F(PyNumber_InPlaceLshift) F(PyNumber_InPlaceRshift) \
    F(PyNumber_Negative) F(PyNumber_Positive) F(PyNumber_Invert) F(PyNumber_Absolute) F(PyNumber_Long) F(PyNumber_Float) \
    F(PyObject_GetItem) F(PyObject_SetItem) F(PyObject_DelItem) F(PyObject_GetIter) F(PyObject_IsTrue) F(PyObject_Str) F(PyObject_Repr) \
    F(PyObject_GetAttr) F(PyObject_SetAttr) F(PyObject_Not) F(PyObject_Size) F(PyObject_Format) F(PySequence_Contains) \
    F(PyList_Append) F(PyDict_SetItem) F(PyDict_GetItem) F(PySet_Add) F(PyUnicode_Concat) F(PyUnicode_Append) \
    F(sin) F(cos) F(tan) F(asin) F(acos) F(atan) F(sinh) F(cosh) F(tanh) F(asinh) F(exp) F(log) F(floor) F(ceil)

typedef struct { const char *name; void *fn; } Function;

static const Function *functions(void)
{
#define F(name) {#name, (void *)name},
    static const Function all[] = { FUNCTIONS(F) {NULL, NULL} };
#undef F
    return all;
}

const char *name_function(void *fn)
{
    const Function *f = functions();
    while (f->name && f->fn != fn)
        f++;
    return f->name;
}

void *name_to_function(const char *name)
{
    const Function *f = functions();
    while (f->name && strcmp(f->name, name) != 0)
        f++;
    return f->fn;
}
