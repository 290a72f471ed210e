/* perf.c: native code -> names, lines and unwinding for Linux perf.
 *
 * Python says what it wants (config.perf), and so it is for traces:
 *
 *   PERF_MAP    -X perf, PYTHONPERFSUPPORT=1: a line "address size name" in Python's own /tmp/perf-PID.map. perf reads it when it
 *               reports, so an address has one name for good: code memory is not used twice. Stacks are walked by frame pointers.
 *   PERF_DUMP   -X perf_jit, PYTHON_PERF_JIT_SUPPORT=1: records of what was where when, in a file jit-PID.dump, from which `perf inject
 *               --jit` makes a small ELF file for each trace, with unwind information and line numbers. perf finds the file because it is mapped
 *               executable. It knows it by its name, and Python writes one of that name itself: ours lies in a folder of its own.
 *
 * Stencils leave C's frame pointer alone, so stacks walked by it go through traces as well.
 *
 *  1. A record goes out with one write: nothing is lost or written twice when the process is forked or ends.
 *  2. A forked child has a map and a dump of its own. It shares none of its new code's chunks with its parent, whose names perf takes
 *     for all that was mapped before the fork. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "perf.h"
#include "../ir/clock.h"
#include "../ir/config.h"
#include "arch.h"
#include "map.h"
#include "unwind.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

int perf_keeps(void) { return config.perf == PERF_MAP; }

static pid_t owner;     /* the process whose code is announced */

int perf_forked(void)
{
    if (config.perf == PERF_OFF)
        return 0;
    pid_t before = owner;
    owner = getpid();
    return before && before != owner;
}

/* ---- jitdump: the format of tools/perf/Documentation/jitdump-specification.txt in Linux ---- */

enum { LOAD = 0, DEBUG_INFO = 2, UNWINDING_INFO = 4 };
typedef struct { uint32_t magic, version, size, machine, reserved, pid; uint64_t time, flags; } FileHeader;
typedef struct { uint32_t kind, size; uint64_t time; } Record;
typedef struct { Record r; uint32_t pid, tid; uint64_t vma, address, size, number; } CodeLoad;
typedef struct { Record r; uint64_t size, header_size, mapped; } Unwinding;
typedef struct { Record r; uint64_t address, n; } DebugInfo;
typedef struct { uint64_t address; int32_t line, discriminator; } Line;     /* and the file's name */
typedef struct { uint8_t version, pointer, count, table; int32_t eh_frame; uint32_t n; int32_t code, fde; } EhFrameHeader;

static int file = -1;
static pid_t file_owner;
static uint64_t n_loaded;

static void write_all(struct iovec *parts, int n)
{
    size_t size = 0;
    for (int i = 0; i < n; i++)
        size += parts[i].iov_len;
    if (file >= 0 && writev(file, parts, n) != (ssize_t)size) {
        fprintf(stderr, "copypatch: traces are not reported to perf any more: %s\n", errno ? strerror(errno) : "the disk is full");
        close(file);
        file = -1;
    }
}

static void complain(const char *what)
{
    fprintf(stderr, "copypatch: traces are not reported to perf: %s: %s\n", what, strerror(errno));
}

/* perf sees the mapping and nothing else of the file while it records. */
static void open_file(void)
{
    file_owner = getpid();
    const char *tmp = getenv("TMPDIR");
    char path[4096];
    if (snprintf(path, sizeof path - 32, "%s/copypatch-perf-XXXXXX", tmp && *tmp ? tmp : "/tmp") >= (int)sizeof path - 32 || !mkdtemp(path)) {
        complain(path);
        return;
    }
    snprintf(path + strlen(path), 32, "/jit-%d.dump", (int)file_owner);
    file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_APPEND, 0600);
    if (file < 0 || mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) == MAP_FAILED) {
        complain(path);
        close(file);
        file = -1;
        return;
    }
    FileHeader h = {.magic = 0x4a695444, .version = 1, .size = sizeof h, .machine = arch_elf_machine, .pid = (uint32_t)file_owner, .time = clock_ns()};
    write_all(&(struct iovec){&h, sizeof h}, 1);
}

static void write_unwinding(size_t size)
{
    uint8_t table[UNWIND_MAX];
    uint64_t behind = (size + 7) & ~(uint64_t)7;        /* where perf puts it, from the code's first byte */
    size_t fde, n = unwind_table(table, behind, 0, size, &fde);
    if (!n)
        return;
    EhFrameHeader header = {.version = 1, .pointer = 0x1b, .count = 0x03, .table = 0x3b, .n = 1,
                            .eh_frame = -(int32_t)(n + 4), .code = -(int32_t)(behind + n), .fde = (int32_t)fde - (int32_t)n};
    Unwinding u = {{UNWINDING_INFO, 0, clock_ns()}, n + sizeof header, sizeof header, (n + sizeof header + 15) & ~(uint64_t)15};
    static const char padding[8];
    size_t content = sizeof u + n + sizeof header, pad = -content & 7;
    u.r.size = (uint32_t)(content + pad);
    write_all((struct iovec[]){{&u, sizeof u}, {table, n}, {&header, sizeof header}, {(void *)padding, pad}}, 4);
}

/* ---- lines ---- */

typedef struct { uint8_t *bytes; size_t n, cap; uint64_t start, lines; } Buffer;

static void append_line(void *arg, uint32_t offset, const Source *source, int line)
{
    Buffer *b = arg;
    Line entry = {b->start + offset, line, 0};
    const char *name = PyUnicode_AsUTF8(source->filename);
    if (!name) {
        PyErr_Clear();
        return;
    }
    size_t length = strlen(name) + 1, need = b->n + sizeof entry + length;
    if (need > b->cap) {
        uint8_t *bigger = realloc(b->bytes, 2 * need);
        if (!bigger)
            return;
        b->bytes = bigger;
        b->cap = 2 * need;
    }
    memcpy(b->bytes + b->n, &entry, sizeof entry);
    memcpy(b->bytes + b->n + sizeof entry, name, length);
    b->n = need;
    b->lines++;
}

static void write_lines(const Trace *t, uint64_t start)
{
    Buffer b = {.start = start};
    map_lines(t, append_line, &b);
    DebugInfo l = {{DEBUG_INFO, (uint32_t)(sizeof l + b.n), clock_ns()}, start, b.lines};
    if (b.lines)
        write_all((struct iovec[]){{&l, sizeof l}, {b.bytes, b.n}}, 2);
    free(b.bytes);
}

static void dump(const uint8_t *start, size_t size, const char *name, const Trace *t)
{
    if (file_owner != getpid()) {
        if (file >= 0)
            close(file);
        file = -1;
        n_loaded = 0;
        open_file();
    }
    if (file < 0)
        return;
    if (t)
        write_lines(t, (uintptr_t)start);
    write_unwinding(size);
    size_t length = strlen(name) + 1;
    CodeLoad l = {{LOAD, (uint32_t)(sizeof l + length + size), clock_ns()}, (uint32_t)getpid(), (uint32_t)syscall(SYS_gettid),
              (uintptr_t)start, (uintptr_t)start, size, n_loaded++};
    write_all((struct iovec[]){{&l, sizeof l}, {(void *)name, length}, {(void *)start, size}}, 3);
}

void perf_announce(const uint8_t *start, size_t size, const char *name, const Trace *t)
{
    if (config.perf == PERF_OFF)
        return;
    PyObject *pending = PyErr_GetRaisedException();
    if (config.perf == PERF_MAP)
        PyUnstable_WritePerfMapEntry(start, (unsigned)size, name);
    else
        dump(start, size, name, t);
    PyErr_SetRaisedException(pending);
}
