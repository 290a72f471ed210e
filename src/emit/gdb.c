/* gdb.c: native code -> a small ELF file in memory, for gdb.
 *
 * GDB's JIT interface: a list of object files, and a function that is called when it changes, in which gdb has a breakpoint. Both are
 * found by their names. The object has a symbol, unwind information, and the lines of the Python source (DWARF 4): `bt` shows the trace
 * by name and line and everything below it.
 *
 * It costs some microseconds and a few hundred bytes a trace, and much more while gdb reads it, so it is done only when asked for
 * (COPYPATCH_GDB=1) or when a debugger is attached at the time of the first trace. */
#include "gdb.h"
#include "../ir/config.h"
#include "arch.h"
#include "map.h"
#include "unwind.h"
#include <elf.h>
#include <stdlib.h>
#include <string.h>

/* ---- gdb's side: names, types and values are its own ---- */

typedef struct Entry { struct Entry *next, *prev; const void *object; uint64_t size; } Entry;
enum { NO_ACTION, REGISTER, UNREGISTER };

/* Seen by name in this library, but never replaced by those of another. */
#define FOR_GDB __attribute__((visibility("protected"), used))
FOR_GDB struct { uint32_t version, action; Entry *relevant, *first; } __jit_debug_descriptor = {1, NO_ACTION, NULL, NULL};
FOR_GDB __attribute__((noinline)) void __jit_debug_register_code(void) { __asm__ volatile("" ::: "memory"); }

static void tell(Entry *e, uint32_t action)
{
    __jit_debug_descriptor.relevant = e;
    __jit_debug_descriptor.action = action;
    __jit_debug_register_code();
    __jit_debug_descriptor.action = NO_ACTION;
}

static int has_debugger(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    int pid = 0;
    while (f && !pid && fgets(line, sizeof line, f))
        if (strncmp(line, "TracerPid:", 10) == 0)
            pid = atoi(line + 10);
    if (f)
        fclose(f);
    return pid != 0;
}

int gdb_is_wanted(void)
{
    if (config.gdb < 0)
        config.gdb = has_debugger();
    return config.gdb;
}

/* ---- bytes ---- */

typedef struct { uint8_t *p; size_t n, cap; int failed; } Bytes;

static void put(Bytes *b, const void *from, size_t n)
{
    if (b->n + n > b->cap && !b->failed) {
        size_t cap = 2 * (b->n + n) + 1024;
        uint8_t *bigger = realloc(b->p, cap);
        if (bigger) {
            b->p = bigger;
            b->cap = cap;
        } else
            b->failed = 1;
    }
    if (b->failed)
        return;
    if (n)
        memcpy(b->p + b->n, from, n);
    b->n += n;
}

static void put8(Bytes *b, uint8_t v) { put(b, &v, 1); }
static void put16(Bytes *b, uint16_t v) { put(b, &v, 2); }
static void put32(Bytes *b, uint32_t v) { put(b, &v, 4); }
static void put64(Bytes *b, uint64_t v) { put(b, &v, 8); }
static void put_text(Bytes *b, const char *text) { put(b, text, strlen(text) + 1); }

static void put_uleb(Bytes *b, uint64_t v)
{
    for (; v >= 128; v >>= 7)
        put8(b, (uint8_t)(v | 128));
    put8(b, (uint8_t)v);
}

static void put_sleb(Bytes *b, int64_t v)
{
    for (; v < -64 || v > 63; v >>= 7)
        put8(b, (uint8_t)(v | 128));
    put8(b, (uint8_t)v & 127);
}

static void set32(Bytes *b, size_t at, uint32_t v)
{
    if (!b->failed)
        memcpy(b->p + at, &v, 4);
}

/* ---- DWARF: one compilation unit, one function, its lines ---- */

static const uint8_t abbreviations[] = {
    1, 0x11, 1,     /* compile_unit with children: */
    0x03, 0x08, 0x13, 0x0b, 0x11, 0x01, 0x12, 0x07, 0x10, 0x17, 0, 0,      /* name, language, low_pc, size, stmt_list */
    2, 0x2e, 0,     /* subprogram: */
    0x03, 0x08, 0x11, 0x01, 0x12, 0x07, 0, 0,                              /* name, low_pc, size */
    0,
};

static void put_info(Bytes *b, const char *file, const char *name, uint64_t start, uint64_t size)
{
    size_t from = b->n;
    put32(b, 0);
    put16(b, 4);
    put32(b, 0);
    put8(b, 8);
    put8(b, 1);
    put_text(b, file);
    put8(b, 0x02);      /* C: there is none with names that Python's look like */
    put64(b, start);
    put64(b, size);
    put32(b, 0);
    put8(b, 2);
    put_text(b, name);
    put64(b, start);
    put64(b, size);
    put8(b, 0);
    set32(b, from, (uint32_t)(b->n - from - 4));
}

typedef struct { Bytes files, program; const Source *seen[255]; int n_files, file, line; uint32_t offset; } LineTable;

static const char *file_of(const Source *source)
{
    const char *name = PyUnicode_AsUTF8(source->filename);
    PyErr_Clear();
    return name && *name ? name : "?";
}

static void add_line(void *arg, uint32_t offset, const Source *source, int line)
{
    LineTable *l = arg;
    int file = 0;
    while (file < l->n_files && strcmp(file_of(l->seen[file]), file_of(source)) != 0)
        file++;
    if (file == l->n_files) {
        if (file == 255)
            return;
        l->seen[l->n_files++] = source;
        put_text(&l->files, file_of(source));
        put(&l->files, "\0\0\0", 3);        /* folder, time, size: not known */
    }
    Bytes *p = &l->program;
    if (file + 1 != l->file) {
        put8(p, 4);     /* set_file */
        put_uleb(p, (uint64_t)(l->file = file + 1));
    }
    put8(p, 2);         /* advance_pc */
    put_uleb(p, offset - l->offset);
    put8(p, 3);         /* advance_line */
    put_sleb(p, line - l->line);
    put8(p, 1);         /* copy */
    l->offset = offset;
    l->line = line;
}

static void put_lines(Bytes *b, const Trace *t, uint64_t start, uint64_t size)
{
    LineTable l = {.file = 1, .line = 1};
    if (t)
        map_lines(t, add_line, &l);
    static const uint8_t head[] = {1, 1, 1, (uint8_t)-5, 14, 10, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0};   /* standard opcodes only, no folders */
    size_t from = b->n;
    put32(b, 0);
    put16(b, 4);
    put32(b, (uint32_t)(sizeof head + l.files.n + 1));
    put(b, head, sizeof head);
    put(b, l.files.p, l.files.n);
    put8(b, 0);
    put(b, "\0\11\2", 3);       /* set_address */
    put64(b, start);
    put(b, l.program.p, l.program.n);
    put8(b, 2);
    put_uleb(b, size - l.offset);
    put(b, "\0\1\1", 3);        /* end_sequence */
    set32(b, from, (uint32_t)(b->n - from - 4));
    b->failed |= l.files.failed | l.program.failed;
    free(l.files.p);
    free(l.program.p);
}

/* ---- ELF ---- */

enum { NONE, TEXT, EH_FRAME, INFO, ABBREV, LINE, SYMTAB, STRTAB, N_SECTIONS };
static const char section_names[] = "\0.text\0.eh_frame\0.debug_info\0.debug_abbrev\0.debug_line\0.symtab\0.strtab";

static void align8(Bytes *b)
{
    while (b->n & 7 && !b->failed)
        put8(b, 0);
}

/* The contents of the sections, behind the headers. */
static void put_sections(Bytes *b, Elf64_Shdr section[N_SECTIONS], const uint8_t *start, size_t size, const char *name, const Trace *t)
{
    static const uint32_t types[N_SECTIONS] = {0, SHT_NOBITS, SHT_PROGBITS, SHT_PROGBITS, SHT_PROGBITS, SHT_PROGBITS, SHT_SYMTAB, SHT_STRTAB};
    const char *section_name = section_names;
    uint64_t address = (uintptr_t)start;
    uint8_t table[UNWIND_MAX] = {0};
    int line;
    const Source *source = t && t->n_uops ? source_of(t, t->uops[t->start].where, &line) : NULL;
    for (int i = 0; i < N_SECTIONS; i++) {
        align8(b);
        section[i] = (Elf64_Shdr){.sh_name = (uint32_t)(section_name - section_names), .sh_type = types[i], .sh_offset = b->n, .sh_addralign = 8};
        section_name += strlen(section_name) + 1;
        switch (i) {
        case TEXT:
            section[i].sh_flags = SHF_ALLOC | SHF_EXECINSTR;
            section[i].sh_addr = address;
            section[i].sh_size = size;
            continue;
        case EH_FRAME: put(b, table, unwind_table(table, 0, 0, 0, NULL)); break;      /* its room: it depends on its place */
        case INFO: put_info(b, source ? file_of(source) : "copypatch", name, address, size); break;
        case ABBREV: put(b, abbreviations, sizeof abbreviations); break;
        case LINE: put_lines(b, t, address, size); break;
        case SYMTAB: {
            Elf64_Sym symbols[2] = {{0}, {.st_name = sizeof section_names, .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), .st_shndx = TEXT, .st_size = size}};
            put(b, symbols, sizeof symbols);
            section[i].sh_link = STRTAB;
            section[i].sh_info = 1;
            section[i].sh_entsize = sizeof *symbols;
            break;
        }
        case STRTAB:
            put(b, section_names, sizeof section_names);
            put_text(b, name);
            break;
        default: break;
        }
        section[i].sh_size = b->n - section[i].sh_offset;
    }
}

/* The object, malloc()ed; NULL without memory. */
static uint8_t *make_object(const uint8_t *start, size_t size, const char *name, const Trace *t, size_t *n)
{
    struct { Elf64_Ehdr head; Elf64_Shdr section[N_SECTIONS]; } h = {0};
    Bytes b = {0};
    put(&b, &h, sizeof h);
    put_sections(&b, h.section, start, size, name, t);
    if (b.failed) {
        free(b.p);
        return NULL;
    }
    h.head = (Elf64_Ehdr){.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT}, .e_type = ET_REL,
                          .e_machine = arch_elf_machine, .e_version = EV_CURRENT, .e_shoff = sizeof h.head, .e_ehsize = sizeof h.head,
                          .e_shentsize = sizeof *h.section, .e_shnum = N_SECTIONS, .e_shstrndx = STRTAB};
    uint8_t *table = b.p + h.section[EH_FRAME].sh_offset;
    h.section[EH_FRAME].sh_addr = (uintptr_t)table;
    h.section[EH_FRAME].sh_flags = SHF_ALLOC;
    if (h.section[EH_FRAME].sh_size)
        unwind_table(table, (uintptr_t)table, (uintptr_t)start, size, NULL);
    memcpy(b.p, &h, sizeof h);
    *n = b.n;
    return b.p;
}

void *gdb_announce(const uint8_t *start, size_t size, const char *name, const Trace *t)
{
    if (!gdb_is_wanted())
        return NULL;
    PyObject *pending = PyErr_GetRaisedException();
    Entry *e = malloc(sizeof *e);
    size_t n = 0;
    uint8_t *object = e ? make_object(start, size, name, t, &n) : NULL;
    PyErr_SetRaisedException(pending);
    if (!object) {
        free(e);
        return NULL;
    }
    *e = (Entry){.next = __jit_debug_descriptor.first, .object = object, .size = n};
    if (e->next)
        e->next->prev = e;
    __jit_debug_descriptor.first = e;
    tell(e, REGISTER);
    return e;
}

void gdb_withdraw(void *announced)
{
    Entry *e = announced;
    if (!e)
        return;
    if (e->next)
        e->next->prev = e->prev;
    if (e->prev)
        e->prev->next = e->next;
    else
        __jit_debug_descriptor.first = e->next;
    tell(e, UNREGISTER);
    free((void *)e->object);
    free(e);
}
