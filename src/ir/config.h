/* Switches, read from the environment once, when the extension is imported (attach/config.c). */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum {  /* COPYPATCH_DUMP=name,name */
    DUMP_BYTECODE = 1, DUMP_IR = 2, DUMP_PASSES = 4, DUMP_REGISTERS = 8, DUMP_CODE = 16, DUMP_EXITS = 32, DUMP_ABORTS = 64,
    DUMP_TRACES = 128, DUMP_UOPS = 256,
};

enum { COUNT_RUNS = 1, COUNT_BYTECODES = 2 };  /* COPYPATCH_COUNT=name,name */

enum { PERF_OFF, PERF_MAP, PERF_DUMP };

typedef struct {
    int optimize;               /* 0: traces run unoptimized (PYTHON_UOPS_OPTIMIZE=0) */
    int native;                 /* 0: traces run in the uop interpreter (COPYPATCH_INTERPRET=1) */
    int eager;                  /* COPYPATCH_EAGER=1: no sampler, everything armed, thresholds of 2 */
    int functions;              /* 0: traces begin at loops only (COPYPATCH_FUNCTIONS=0) */
    int retire;                 /* 0: traces stay, whether they pay or not (COPYPATCH_RETIRE=0) */
    int stress_exit;            /* COPYPATCH_STRESS=exit:N; 0: off */
    int stress_invalid;         /* ... invalid:N: every Nth time that a trace is left, the trace at one of the headers of who runs is given
                                 * up; 0: off */
    int stress_oom;             /* ... oom:N: every Nth request of ours for memory fails; 0: off */
    uint64_t stress_random;     /* ... ra:SEED: registers at random; 0: off */
    int tiny;                   /* ... tiny: small limits, below and elsewhere */
    int max_spill;              /* places for values that are in no register: up to N_SPILL */
    int max_tree;               /* traces of one root */
    unsigned count;             /* COUNT_*: native code counts what it does */
    int verify;                 /* ir_verify between passes (debug builds, or COPYPATCH_VERIFY=1) */
    unsigned dump;              /* DUMP_* */
    int perf;                   /* PERF_*: what Python itself does for Linux perf */
    int gdb;                    /* debuggers are told of traces (COPYPATCH_GDB=1); -1: not decided yet, if one is attached at the first
                                 * trace */
    int alias;                  /* 0: code memory is mapped once, its pages change their protection (COPYPATCH_ALIAS=0) */
    size_t code_limit;          /* bytes of native code (COPYPATCH_CODE_LIMIT) */
    uint32_t loop_threshold;    /* turns of an armed loop before it is recorded */
    uint32_t exit_threshold;    /* times an exit is taken before a side trace is recorded */
    int max_trace;              /* uops in one recording */
} Config;

extern Config config;           /* ir/trace.c has the defaults */
