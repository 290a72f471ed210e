/* environment -> config
 *
 * Each switch has one line here. COPYPATCH_* is read on every version; the PYTHON_* names are those of CPython's own JIT, and like
 * all of Python's variables they are ignored under -E and -I. When both are given, COPYPATCH_* wins. PYTHON_JIT is read only where CPython
 * has no JIT that it switches on. A value that makes no sense is reported in one line and leaves the default. */
#include "../cpython/cpy.h"
#include "config.h"

#ifdef COPYPATCH_OFF    /* a build with jit=yes-off or interpreter-off */
#define OFF_BY_DEFAULT (PYTHON_JIT_IS_OURS ? OFF_UNLESS "PYTHON_JIT=1 or COPYPATCH=1 is set" : OFF_UNLESS "COPYPATCH=1 is set")
#define OFF_UNLESS "this build (jit=" COPYPATCH_JIT ") is off unless "
#else
#define OFF_BY_DEFAULT NULL
#endif

static const char *off_reason;

const char *config_off_reason(void) { return off_reason; }

static void complain(const char *name, const char *text, const char *expected)
{
    fprintf(stderr, "copypatch: %s=%s ignored: expected %s\n", name, text, expected);
}

/* NULL when unset, empty, or a PYTHON* variable that Python itself does not read now. */
static const char *variable(const char *name)
{
    const char *text = getenv(name);
    if (!text || !*text)
        return NULL;
    if (strncmp(name, "PYTHON", 6) == 0 && !_Py_GetConfig()->use_environment)
        return NULL;
    return text;
}

/* 0 or 1, or -1 when it says nothing. */
static int read_switch(const char *name)
{
    const char *text = variable(name);
    if (!text)
        return -1;
    if (strcmp(text, "0") == 0 || strcmp(text, "1") == 0)
        return *text == '1';
    complain(name, text, "0 or 1");
    return -1;
}

static void read_flag(const char *name, int *flag)
{
    int given = read_switch(name);
    if (given >= 0)
        *flag = given;
}

/* A number with an optional K, M or G. */
static void read_size(const char *name, size_t *size)
{
    const char *text = variable(name);
    if (!text)
        return;
    char *end;
    unsigned long long n = strtoull(text, &end, 10);
    int shift = *end == 'K' || *end == 'k' ? 10 : *end == 'M' || *end == 'm' ? 20 : *end == 'G' || *end == 'g' ? 30 : 0;
    if (end == text || *text == '-' || (shift ? end[1] : *end) || n > (SIZE_MAX >> shift))
        complain(name, text, "a size like 4000000, 512K or 64M");
    else
        *size = (size_t)n << shift;
}

/* PYTHON_OPT_DEBUG=0..5, by what each level adds. */
static void read_debug(const char *name, unsigned *dump)
{
    static const unsigned adds[] = { 0, DUMP_TRACES | DUMP_ABORTS, DUMP_BYTECODE | DUMP_UOPS, DUMP_PASSES, DUMP_REGISTERS, DUMP_CODE };
    const char *text = variable(name);
    if (!text)
        return;
    if (text[0] < '0' || text[0] > '5' || text[1]) {
        complain(name, text, "a number from 0 to 5");
        return;
    }
    *dump = 0;
    for (int level = 1; level <= text[0] - '0'; level++)
        *dump |= adds[level];
}

/* Calls word() for each part between commas; it says whether it knew it. */
static void read_words(const char *name, int (*word)(const char *text), const char *expected)
{
    const char *text = variable(name);
    if (!text)
        return;
    char copy[256];
    snprintf(copy, sizeof copy, "%s", text);
    for (char *rest, *part = strtok_r(copy, ",", &rest); part; part = strtok_r(NULL, ",", &rest))
        if (!word(part))
            complain(name, part, expected);
}

static int dump_word(const char *text)
{
    static const struct { const char *name; unsigned flag; } dumps[] = {
        { "bytecode", DUMP_BYTECODE }, { "ir", DUMP_IR }, { "passes", DUMP_PASSES }, { "registers", DUMP_REGISTERS },
        { "code", DUMP_CODE }, { "exits", DUMP_EXITS }, { "aborts", DUMP_ABORTS }, { "traces", DUMP_TRACES }, { "uops", DUMP_UOPS },
    };
    for (size_t i = 0; i < sizeof dumps / sizeof *dumps; i++)
        if (strcmp(text, dumps[i].name) == 0)
            return config.dump |= dumps[i].flag, 1;
    return 0;
}

static int count_word(const char *text)
{
    unsigned what = strcmp(text, "runs") == 0 ? COUNT_RUNS : strcmp(text, "bytecodes") == 0 ? COUNT_BYTECODES : 0;
    config.count |= what;
    return what != 0;
}

static int stress_word(const char *text)
{
    static const struct { const char *name; int *every; } counts[] = {
        {"exit", &config.stress_exit}, {"invalid", &config.stress_invalid}, {"oom", &config.stress_oom},
    };
    char name[16];
    int n = 1, end = 0;
    if (sscanf(text, "%15[a-z]%n:%d%n", name, &end, &n, &end) < 1 || text[end] || n < 1)
        return 0;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (strcmp(name, counts[i].name) == 0 && strchr(text, ':'))
            return *counts[i].every = n, 1;
    if (strcmp(name, "ra") == 0)
        return config.stress_random = (uint64_t)n, 1;
    if (strcmp(text, "tiny") != 0)
        return 0;
    config.tiny = 1;
    config.max_trace = 450;      /* a recording stops 300 uops before: no instruction takes more */
    config.max_spill = 6;
    config.max_tree = 6;
    return 1;
}

void config_read(void)
{
    int theirs = PYTHON_JIT_IS_OURS ? read_switch("PYTHON_JIT") : -1, ours = read_switch("COPYPATCH"), on = ours >= 0 ? ours : theirs;
    if (on == 0)
        off_reason = ours >= 0 ? "COPYPATCH=0 is set" : "PYTHON_JIT=0 is set";
    else if (on < 0)
        off_reason = OFF_BY_DEFAULT;

    read_flag("PYTHON_UOPS_OPTIMIZE", &config.optimize);
    read_flag("COPYPATCH_OPTIMIZE", &config.optimize);
    read_flag("COPYPATCH_VERIFY", &config.verify);
    read_flag("COPYPATCH_FUNCTIONS", &config.functions);
    read_flag("COPYPATCH_RETIRE", &config.retire);
    read_flag("COPYPATCH_ALIAS", &config.alias);
    read_size("COPYPATCH_CODE_LIMIT", &config.code_limit);
    read_debug("PYTHON_OPT_DEBUG", &config.dump);
    read_debug("COPYPATCH_DEBUG", &config.dump);
    read_words("COPYPATCH_DUMP", dump_word, "traces, aborts, bytecode, uops, passes, ir, registers, code or exits");
    read_words("COPYPATCH_COUNT", count_word, "runs or bytecodes");
    read_words("COPYPATCH_STRESS", stress_word, "exit:N, invalid:N, oom:N, ra, ra:SEED or tiny");
    read_flag("COPYPATCH_GDB", &config.gdb);
    config.perf = _Py_GetConfig()->perf_profiling;
    if (read_switch("COPYPATCH_INTERPRET") == 1)
        config.native = 0;
    if (read_switch("COPYPATCH_EAGER") == 1) {
        config.eager = 1;
        config.loop_threshold = config.exit_threshold = 2;
    }
}
