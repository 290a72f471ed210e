/* Does this interpreter look as the one that we were compiled for? */
#pragma once

/* NULL: yes. Otherwise why not, as a text that ends a sentence like "the JIT is off: ..."; valid until the next call. */
const char *layout_check(void);
int layout_fits(void);          /* the last layout_check() said yes */
