/* co_linetable, code unit -> line
 *
 * An entry begins with a byte that has bit 7 set: four bits of form, three bits of length - 1 in code units. What its other bytes say
 * of lines is a difference to the entry before; columns are skipped (Objects/locations.md of CPython). */
#include "lines.h"

enum { FORM_ONE_LINE = 10, FORM_NO_COLUMNS = 13, FORM_LONG = 14, FORM_NONE = 15 };

static int signed_varint(const uint8_t *p, const uint8_t *end)
{
    unsigned v = 0;
    for (int shift = 0; p < end && shift < 30; shift += 6, p++) {
        v |= (unsigned)(*p & 63) << shift;
        if (!(*p & 64))
            break;
    }
    return v & 1 ? -(int)(v >> 1) : (int)(v >> 1);
}

int cpy_line(const uint8_t *table, Py_ssize_t size, int first_line, int unit)
{
    const uint8_t *p = table, *end = table + size;
    int line = first_line;
    while (p < end) {
        int form = *p >> 3 & 15, length = (*p & 7) + 1;
        p++;
        if (form == FORM_LONG || form == FORM_NO_COLUMNS)
            line += signed_varint(p, end);
        else if (form >= FORM_ONE_LINE && form < FORM_NO_COLUMNS)
            line += form - FORM_ONE_LINE;
        if (unit < length)
            return form == FORM_NONE ? 0 : line;
        unit -= length;
        while (p < end && !(*p & 128))
            p++;
    }
    return 0;
}
