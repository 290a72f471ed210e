/* recording.c: names of abort reasons, and the types that are harmless. */
#include "recording.h"

const char *const abort_text[ABORT_COUNT] = {
#define ABORT(NAME, text) text,
#include "aborts.def"
#undef ABORT
};
const char *const abort_name[ABORT_COUNT] = {
#define ABORT(NAME, text) #NAME,
#include "aborts.def"
#undef ABORT
};

int ir_is_leaf_type(PyTypeObject *type)
{
    return type == &PyFloat_Type || type == &PyLong_Type || type == &PyUnicode_Type || type == &PyBool_Type || type == &PyBytes_Type ||
           type == Py_TYPE(Py_None) || type == &PyComplex_Type || type == &PyRange_Type || type == &PyRangeIter_Type;
}
