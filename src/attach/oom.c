/* oom.c: COPYPATCH_STRESS=oom:N, every Nth of this extension's own requests for memory fails, from when it has been enabled on.
 *
 * Whatever becomes of a trace then, the program must not notice. Objects of Python's come from elsewhere, and are not concerned
 * (tests/test_memory_error.py has those). The linker leads our calls here, --wrap in meson.build; what must not fail (restore.c: MUST) asks
 * again. */
#include "../ir/config.h"
#include "attach.h"
#include <stdlib.h>
#include <sys/mman.h>

static int fails(void)
{
    static int n;
    return config.stress_oom && attach_is_enabled() && __atomic_add_fetch(&n, 1, __ATOMIC_RELAXED) % config.stress_oom == 0;
}

#define FAILING(type, name, none, parameters, arguments) \
    type __real_##name parameters; \
    type __wrap_##name parameters; \
    type __wrap_##name parameters { return fails() ? none : __real_##name arguments; }

FAILING(void *, malloc, NULL, (size_t n), (n))
FAILING(void *, calloc, NULL, (size_t n, size_t size), (n, size))
FAILING(void *, realloc, NULL, (void *p, size_t n), (p, n))
FAILING(void *, mmap, MAP_FAILED, (void *p, size_t n, int protection, int flags, int file, off_t from),
        (p, n, protection, flags, file, from))
