/* text.c: numbers to str and back, and one character of a str.
 *
 * str(), repr() and int() of CPython poll for signals, for every operand or for large ones, and their errors show the operand by its
 * repr(): any Python code may run. These are for exact ints that fit int64, floats, and plain str; they run none, and what they do not
 * handle they leave to the interpreter. */
#include "../cpython/cpy.h"
#include "../ir/ir.h"
#include <math.h>

#define MAX_DIGITS 18       /* every number of so many digits fits int64 */
#define MAX_FLOAT_TEXT 60

Obj *h_str_int(int64_t v)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
                                "4950515253545556575859606162636465666768697071727374757677787980818283848586878889909192939495969798" "99";
    char text[20], *p = text + sizeof text;
    uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    for (; rest >= 10; rest /= 100)
        memcpy(p -= 2, pairs + 2 * (rest % 100), 2);
    if (rest || p == text + sizeof text)
        *--p = (char)('0' + rest);
    if (v < 0)
        *--p = '-';
    Py_ssize_t n = text + sizeof text - p;
    PyObject *o = PyUnicode_New(n, 127);        /* not the shared object of one character: str() gives a new one */
    if (!o)
        PyErr_Clear();
    else
        memcpy(PyUnicode_1BYTE_DATA(o), p, (size_t)n);
    return (Obj *)o;
}

Obj *h_str_float(double v)
{
    char *text = PyOS_double_to_string(v, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    size_t n = text ? strlen(text) : 0;
    PyObject *o = text ? PyUnicode_New((Py_ssize_t)n, 127) : NULL;
    if (o)
        memcpy(PyUnicode_1BYTE_DATA(o), text, n);
    else
        PyErr_Clear();
    PyMem_Free(text);
    return (Obj *)o;
}

Obj *h_str_item(Obj *s, int64_t i)
{
    PyObject *o = (PyObject *)s;
    if ((uint64_t)i >= (uint64_t)PyUnicode_GET_LENGTH(o))
        return NULL;
    PyObject *item = PyUnicode_FromOrdinal((int)PyUnicode_READ_CHAR(o, i));     /* below 256 the shared object */
    if (!item)
        PyErr_Clear();
    return (Obj *)item;
}

static int is_space(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* The text of an ASCII str without spaces around. 0: it is none, or has nothing else. */
static int plain_text(PyObject *s, const unsigned char **from, const unsigned char **to)
{
    if (!PyUnicode_IS_ASCII(s))
        return 0;
    *from = PyUnicode_1BYTE_DATA(s);
    *to = *from + PyUnicode_GET_LENGTH(s);
    while (*from < *to && is_space(**from))
        ++*from;
    while (*from < *to && is_space((*to)[-1]))
        --*to;
    return *from < *to;
}

int64_t h_parse_int(Obj *s)
{
    const unsigned char *p, *end;
    if (!plain_text((PyObject *)s, &p, &end))
        return INT64_MIN;
    int negative = *p == '-';
    p += negative || *p == '+';
    if (p == end || end - p > MAX_DIGITS)
        return INT64_MIN;
    int64_t v = 0;
    for (; p < end; p++) {
        unsigned digit = *p - '0';
        if (digit > 9)
            return INT64_MIN;
        v = v * 10 + digit;
    }
    return negative ? -v : v;
}

double h_parse_float(Obj *s)
{
    const unsigned char *p, *end;
    if (!plain_text((PyObject *)s, &p, &end) || end - p > MAX_FLOAT_TEXT || memchr(p, '_', (size_t)(end - p)))
        return NAN;
    char text[MAX_FLOAT_TEXT + 1], *behind;
    memcpy(text, p, (size_t)(end - p));
    text[end - p] = 0;
    double v = PyOS_string_to_double(text, &behind, NULL);
    if (PyErr_Occurred())
        PyErr_Clear();
    return behind == text + (end - p) ? v : NAN;
}
