/* globals.c: direct addresses of dict values, places of keys.
 *
 * A dict whose keys are all str keeps its values in its keys object, in order of insertion; a version number on that object, handed
 * out on demand, is reset by CPython on any change of the keys. CPython's own specializer works the same way and shares the number. */
#include "globals.h"
#include "interp.h"

uint32_t cpy_keys_version(PyDictKeysObject *keys)
{
    if (keys->dk_version)
        return keys->dk_version;
    struct _Py_dict_state *state = CPY_INTERP(PyInterpreterState_Get(), dict_state);
    if (state->next_keys_version == 0)
        return 0;
    return keys->dk_version = state->next_keys_version++;
}

static Py_ssize_t index_at(PyDictKeysObject *keys, size_t i)
{
    int log2_bytes = keys->dk_log2_index_bytes - keys->dk_log2_size;
    switch (log2_bytes) {
    case 0: return ((int8_t *)keys->dk_indices)[i];
    case 1: return ((int16_t *)keys->dk_indices)[i];
    case 2: return ((int32_t *)keys->dk_indices)[i];
    default: return (Py_ssize_t)((int64_t *)keys->dk_indices)[i];
    }
}

Py_ssize_t cpy_find_key(PyDictKeysObject *keys, PyObject *name)
{
    Py_hash_t hash = PyObject_Hash(name);
    size_t mask = ((size_t)1 << keys->dk_log2_size) - 1, perturb = (size_t)hash, i = perturb & mask;
    PyDictUnicodeEntry *entries = DK_UNICODE_ENTRIES(keys);
    for (;;) {
        Py_ssize_t at = index_at(keys, i);
        if (at == DKIX_EMPTY)
            return -1;
        if (at >= 0 && (entries[at].me_key == name || PyUnicode_Compare(entries[at].me_key, name) == 0))
            return at;
        perturb >>= 5;
        i = (i * 5 + perturb + 1) & mask;
    }
}

PyObject **cpy_dict_value(PyObject *dict, PyObject *name, uint32_t *version)
{
    *version = 0;
    if (!PyDict_CheckExact(dict) || !PyUnicode_CheckExact(name))
        return NULL;
    PyDictObject *d = (PyDictObject *)dict;
    PyDictKeysObject *keys = d->ma_keys;
    if (d->ma_values || keys->dk_kind != DICT_KEYS_UNICODE)
        return NULL;
    *version = cpy_keys_version(keys);
    Py_ssize_t at = cpy_find_key(keys, name);
    return at < 0 ? NULL : &DK_UNICODE_ENTRIES(keys)[at].me_value;
}
