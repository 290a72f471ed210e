/* recording.c: names of abort reasons. */
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
