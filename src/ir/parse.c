/* parse.c: text -> trace, for tests of passes.
 *
 * The inverse of text.c, line by line. What the text only describes becomes a placeholder: objects, the code objects of snapshots,
 * the targets of links, addresses. All of them are constants of the trace, so that it lives alone. The first error ends it, by
 * longjmp: a parser that tests feed needs no recovery. */
#include "names.h"
#include "text.h"
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TOKEN 200
#define MAX_CODES 16
#define MAX_OBJECTS 256
#define MAX_PARAMS 512
#define MAX_TRACES 8
#define ROOT (MAX_TRACES - 1)

typedef struct {
    Trace *t;
    Parsed *out;
    const char *at;                 /* in the line */
    char token[MAX_TOKEN];
    int line;
    struct { char label[64]; PyCodeObject *code; } codes[MAX_CODES];    /* [0]: the entry frame's */
    int n_codes, awaits_entry_code; /* the head has named it, its `code` line is to come */
    PyObject *kept;                 /* list of every object of the text; borrowed from the constants */
    PyObject *objects[MAX_OBJECTS]; /* objN; borrowed */
    Trace *traces[MAX_TRACES];      /* traceN; [ROOT]: of a side trace */
    jmp_buf stop;
} Parser;

_Noreturn __attribute__((format(printf, 2, 3))) static void fail(Parser *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(p->out->reason, sizeof p->out->reason, format, args);
    va_end(args);
    p->out->line = p->line;
    PyErr_Clear();
    longjmp(p->stop, 1);
}

/* ---- tokens ---- */

static void skip_blanks(Parser *p)
{
    while (*p->at == ' ' || *p->at == '\t')
        p->at++;
}
static int at_end(Parser *p) { skip_blanks(p); return *p->at == 0 || *p->at == '\n'; }

/* The next word; blanks in quotes and brackets are part of it. Empty at the end of the line. */
static const char *next(Parser *p)
{
    skip_blanks(p);
    int n = 0, depth = 0;
    char quote = 0;
    for (; *p->at && *p->at != '\n'; p->at++) {
        char c = *p->at;
        if (quote) {
            if (c == '\\' && p->at[1] && n < MAX_TOKEN - 2)
                p->token[n++] = *p->at++;
            else if (c == quote)
                quote = 0;
            c = *p->at;
        } else if ((c == '\'' || c == '"') && (n == 0 || strchr(":(, b", p->token[n - 1])))
            quote = c;
        else if (strchr("([<", c))
            depth++;
        else if (strchr(")]>", c))
            depth--;
        else if ((c == ' ' || c == '\t') && depth <= 0)
            break;
        if (n == MAX_TOKEN - 1)
            fail(p, "a word is too long");
        p->token[n++] = c;
    }
    p->token[n] = 0;
    return p->token;
}

static int is_next(Parser *p, const char *word)
{
    const char *before = p->at;
    if (strcmp(next(p), word) == 0)
        return 1;
    p->at = before;
    return 0;
}

static void expect(Parser *p, const char *word)
{
    if (!is_next(p, word))
        fail(p, "expected `%s`, found `%.40s`", word, next(p));
}

static int64_t to_int(Parser *p, const char *text)
{
    char *end;
    int64_t v = strtoll(text, &end, 10);
    if (end == text || (*end && strcmp(end, ",") != 0 && strcmp(end, ":") != 0))
        fail(p, "expected a number, found `%.40s`", text);
    return v;
}
static int64_t next_int(Parser *p) { return to_int(p, next(p)); }

static int one_of(Parser *p, const char *word, const char *const *words, int n, const char *what)
{
    for (int i = 0; i < n; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    fail(p, "unknown %s `%.40s`", what, word);
}

/* ---- objects ---- */

/* The constant of a new reference. A trace borrows some constants; a list among its constants owns them all. */
static Ref keep(Parser *p, PyObject *o)
{
    if (!p->kept) {
        PyObject *kept = PyList_New(0);
        if (!kept || trace_const_obj(p->t, kept) == REF_NONE)
            fail(p, "no memory");
        p->kept = kept;
        Py_DECREF(kept);
    }
    Ref ref = trace_const_obj(p->t, o);
    int kept = ref != REF_NONE && (!o || PyList_Append(p->kept, o) == 0);
    Py_XDECREF(o);
    if (!kept)
        fail(p, "no memory");
    return ref;
}

/* Equal literals are one object: that of the constant that prints so. */
static Ref find_named(Parser *p, const char *text)
{
    char name[MAX_TOKEN];
    for (int i = 0; i < p->t->n_consts; i++)
        if (p->t->consts[i].kind == KIND_OBJ && name_object((PyObject *)p->t->consts[i].v.o, name, sizeof name) && strcmp(name, text) == 0)
            return ~i;
    return REF_NONE;
}

static Ref parse_object(Parser *p, const char *text)
{
    Ref ref = find_named(p, text);
    if (ref != REF_NONE)
        return ref;
    int is_null, n, end = 0;
    PyObject *o = name_to_object(text, &is_null);
    if (o || is_null)
        return keep(p, o);
    if (sscanf(text, "obj%d%n", &n, &end) != 1 || n < 0 || n >= MAX_OBJECTS || (text[end] && text[end] != '<'))
        fail(p, "expected an object, found `%.60s`", text);
    if (p->objects[n])
        return trace_const_obj(p->t, p->objects[n]);
    char description[MAX_TOKEN];
    snprintf(description, sizeof description, "%s", text[end] ? text + end + 1 : "object");
    if (text[end])
        description[strlen(description) - 1] = 0;
    o = name_placeholder(description);
    if (!o)
        fail(p, "obj%d cannot be made", n);
    p->objects[n] = o;
    return keep(p, o);
}

static void *object_word(Parser *p, const char *text)
{
    Ref ref = parse_object(p, text);
    return p->t->consts[~ref].v.o;
}

static PyTypeObject *type_word(Parser *p, const char *text)
{
    PyObject *o = object_word(p, text);
    if (!o || !PyType_Check(o))
        fail(p, "`%.60s` is not a type", text);
    return (PyTypeObject *)o;
}

static Ref number_ref(Parser *p, const char *text)
{
    if (strncmp(text, "bits:", 5) == 0) {
        Value v = {.i = (int64_t)strtoull(text + 5, NULL, 16)};
        return trace_const_float(p->t, v.f);
    }
    if (!strpbrk(text, ".eEni"))
        return trace_const_int(p->t, to_int(p, text));
    double v = PyOS_string_to_double(text, NULL, NULL);
    if (PyErr_Occurred())
        fail(p, "expected a number, found `%.40s`", text);
    return trace_const_float(p->t, strcmp(text, "nan") == 0 ? Py_NAN : v);
}

static Ref ref(Parser *p)
{
    const char *text = next(p);
    if (strcmp(text, "-") == 0)
        return REF_NONE;
    if (*text == '%')
        return (Ref)to_int(p, text + 1);
    if (strchr("0123456789-", *text) || strcmp(text, "inf") == 0 || strcmp(text, "nan") == 0 || strncmp(text, "bits:", 5) == 0)
        return number_ref(p, text);
    return parse_object(p, text);
}

/* ---- codes and traces that stand for others ---- */

static PyCodeObject *make_code(Parser *p, const char *name, int slots, int stack, int units)
{
    if (slots < 0 || slots > 5000 || stack < 0 || stack > 5000 || units < 1 || units > 1000000)
        fail(p, "no such code object");
    PyObject *plain = (PyObject *)PyCode_NewEmpty("text", name, 1), *replace = PyObject_GetAttrString(plain, "replace"),
        *names = PyTuple_New(slots);
    for (int i = 0; names && i < slots; i++)
        PyTuple_SET_ITEM(names, i, PyUnicode_FromFormat("v%d", i));
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, units * 2);
    memset(PyBytes_AS_STRING(bytes), 0, (size_t)units * 2);
    for (int i = 0; i < units; i++)
        PyBytes_AS_STRING(bytes)[i * 2] = 30;       /* NOP */
    PyObject *none = PyTuple_New(0), *wanted = Py_BuildValue("{sNsisisN}", "co_varnames", names, "co_nlocals", slots, "co_stacksize", stack,
                                                             "co_code", bytes);
    PyObject *code = wanted ? PyObject_Call(replace, none, wanted) : NULL;
    Py_XDECREF(none);
    Py_XDECREF(wanted);
    Py_XDECREF(replace);
    Py_XDECREF(plain);
    if (!code)
        fail(p, "the code object of %s cannot be made", name);
    keep(p, code);
    return (PyCodeObject *)code;
}

/* By label; one with room for everything when no line described it. */
static PyCodeObject *code_of(Parser *p, const char *label, int slots, int stack, int units)
{
    for (int i = 0; i < p->n_codes; i++)
        if (strcmp(p->codes[i].label, label) == 0)
            return p->codes[i].code;
    if (p->n_codes == MAX_CODES || strlen(label) >= sizeof p->codes[0].label)
        fail(p, "too many code objects");
    char name[64];
    snprintf(name, sizeof name, "%s", label);
    char *number = strrchr(name, '~');
    if (number)
        *number = 0;
    PyCodeObject *code = make_code(p, name, slots, stack, units);
    strcpy(p->codes[p->n_codes].label, label);
    p->codes[p->n_codes++].code = code;
    if (!p->t->code)
        p->t->code = code;
    return code;
}

static PyCodeObject *any_code(Parser *p, const char *label) { return code_of(p, label, 16, 16, 200); }
static PyCodeObject *entry_code(Parser *p) { return any_code(p, p->n_codes ? p->codes[0].label : "f"); }

static void free_trace(PyObject *capsule) { trace_free(PyCapsule_GetPointer(capsule, NULL)); }

static Trace *other_trace(Parser *p, int n)
{
    if (n < 0 || n >= MAX_TRACES)
        fail(p, "no such trace");
    if (!p->traces[n]) {
        Trace *t = trace_new(NULL);
        PyObject *capsule = t ? PyCapsule_New(t, NULL, free_trace) : NULL;
        if (!capsule)
            fail(p, "no memory");
        keep(p, capsule);
        p->traces[n] = t;
    }
    return p->traces[n];
}

/* ---- uops ---- */

static void *function_word(Parser *p, const char *text)
{
    int n;
    void *fn = strncmp(text, "fn:", 3) == 0 ? name_to_function(text + 3) : NULL;
    if (!fn && sscanf(text, "fn%d", &n) == 1)
        fn = (void *)(uintptr_t)(0x20000000 + n * 16);
    if (!fn)
        fail(p, "unknown C function `%.40s`", text);
    return fn;
}

static int64_t word(Parser *p, UopCode op)
{
    const char *text = next(p);
    void *w = NULL;
    int n;
    if (op == UOP_GUARD_TYPE || op == UOP_GUARD_NOT_TYPE)
        w = type_word(p, text);
    else if (op == UOP_GUARD_IS || op == UOP_GUARD_IS_NOT)
        w = object_word(p, text);
    else if (op == UOP_LINK)
        w = strcmp(text, "self") == 0 ? p->t : strcmp(text, "root") == 0 ? p->t->root
            : sscanf(text, "trace%d", &n) == 1 && n < ROOT ? other_trace(p, n) : NULL;
    else if (ir_checks_valid(op) && strcmp(text, "valid") == 0)
        w = &p->t->root->valid;
    else if (op == UOP_SET_IP && sscanf(text, "ip:%d", &n) == 1)
        w = cpy_code_start(entry_code(p)) + n;
    else if ((op == UOP_NEXT || op == UOP_LEAF_NEXT) && strncmp(text, "next:", 5) == 0) {
        char name[MAX_TOKEN];
        snprintf(name, sizeof name, "type:%.*s", MAX_TOKEN - 6, text + 5);
        w = (void *)type_word(p, name)->tp_iternext;
    } else if (ir_calls_any(op))
        return to_int(p, text);
    else if (sscanf(text, "word%d", &n) == 1)
        w = (void *)(uintptr_t)(0x10000000 + n * 16);
    else
        w = function_word(p, text);
    if (!w)
        fail(p, "unknown word `%.40s`", text);
    return (int64_t)(uintptr_t)w;
}

static void uop_behind_name(Parser *p, const char *name)
{
    Trace *t = p->t;
    int op = 0;
    while (op < UOP_COUNT && strcmp(uop_info[op].name, name) != 0)
        op++;
    if (op == UOP_COUNT)
        fail(p, "unknown uop `%.40s`", name);
    const UopInfo *info = &uop_info[op];
    Ref operand[3] = {REF_NONE, REF_NONE, REF_NONE};
    for (int i = 0; i < info->n_operands; i++) {
        if (at_end(p))
            fail(p, "%s needs %d operands", name, info->n_operands);
        operand[i] = ref(p);
    }
    int64_t imm = 0;
    if (info->imm == IMM_SLOT)
        expect(p, "slot");
    if (info->imm == IMM_SLOT || info->imm == IMM_IMM)
        imm = next_int(p);
    else if (info->imm == IMM_WORD)
        imm = word(p, (UopCode)op);
    int32_t snap = -1;
    if (!at_end(p) && *p->at == '?')
        snap = (int32_t)to_int(p, next(p) + 1);
    int dead = is_next(p, "dead");
    if (!at_end(p))
        fail(p, "too much behind %s: `%.40s`", info->name, next(p));
    if (op <= UOP_PARAM_FLOAT && t->n_uops >= MAX_PARAMS)
        fail(p, "too many parameters");
    if (info->imm == IMM_SLOT && (imm < 0 || imm >= entry_code(p)->co_nlocalsplus + entry_code(p)->co_stacksize))
        fail(p, "the entry frame has no slot %lld", (long long)imm);
    Ref r = trace_append(t, (UopCode)op, operand[0], operand[1], operand[2], imm, snap);
    if (r == REF_NONE)
        fail(p, "no memory");
    t->uops[r].dead = (uint8_t)dead;
    if (op == UOP_START && t->start == REF_NONE)
        t->start = r;
    if (op == UOP_LOOP && t->loop == REF_NONE)
        t->loop = r;
}

static void numbered_uop(Parser *p, const char *first)
{
    char name[MAX_TOKEN];
    if (*first == '%') {
        int64_t n = to_int(p, first + 1);
        if (n != p->t->n_uops)
            fail(p, "this is uop %%%d, not %%%lld", p->t->n_uops, (long long)n);
        expect(p, "=");
        first = next(p);
    }
    snprintf(name, sizeof name, "%s", first);
    uop_behind_name(p, name);
}

/* ---- snapshots ---- */

/* ` drops@IP`, or -1. */
static int drop_ip(Parser *p)
{
    const char *before = p->at, *word = next(p);
    int ip, end = 0;
    if (sscanf(word, "drops@%d%n", &ip, &end) == 1 && !word[end])
        return ip;
    p->at = before;
    return -1;
}

static void snap_frame(Parser *p, const char *text)
{
    char label[MAX_TOKEN];
    snprintf(label, sizeof label, "%s", text);
    char *at = strrchr(label, '@');
    int ip, depth, end = 0;
    if (!at || sscanf(at, "@%d+%d%n", &ip, &depth, &end) != 2 || at[end])
        fail(p, "expected NAME@IP+DEPTH, found `%.60s`", text);
    *at = 0;
    PyCodeObject *code = any_code(p, label);
    SnapFrame f = {.code = code, .func = REF_NONE, .ip = ip, .drop_ip = -1, .depth = (int16_t)depth, .stand = -1,
                   .n_locals = (int16_t)code->co_nlocalsplus, .n_stack = (int16_t)code->co_stacksize};
    if (is_next(p, "of"))
        f.func = ref(p);
    if (is_next(p, "suspended"))
        f.stand = (int16_t)to_int(p, next(p));
    static const char *const on[] = {[CONT_INIT] = "init", [CONT_ITEM] = "item", [CONT_GIVEN] = "given",
                                     [CONT_OPERATOR] = "operator", [CONT_CONSTRUCT] = "construct", [CONT_SENT] = "sent", [CONT_NEXT] = "next"};
    for (int i = CONT_INIT; i <= CONT_NEXT && f.continuation == CONT_PUSH; i++)
        f.continuation = is_next(p, on[i]) ? (uint8_t)i : CONT_PUSH;
    f.real = (uint8_t)is_next(p, "real");
    f.drop_ip = drop_ip(p);
    if (trace_add_snap_frame(p->t, f))
        fail(p, "no memory");
}

static void snap_slot(Parser *p, const char *text)
{
    static const char *const how[] = {"owned", "borrowed", "lent", "memory", "keep", "null", "placed", "drop"};
    int frame, slot;
    if (sscanf(text, "[%d.%d]", &frame, &slot) != 2)
        fail(p, "expected [FRAME.SLOT], found `%.40s`", text);
    Ref r = ref(p);
    int way = one_of(p, next(p), how, sizeof how / sizeof *how, "way of a slot");
    if (trace_add_snap_slot(p->t, (SnapSlot){.ref = r, .slot = (int16_t)slot, .frame = (uint8_t)frame, .how = (uint8_t)way}))
        fail(p, "no memory");
}

static void snapshot(Parser *p, const char *first)
{
    int64_t n = to_int(p, first + 1);
    if (n != p->t->n_snaps)
        fail(p, "this is snapshot ?%d, not ?%lld", p->t->n_snaps, (long long)n);
    if (trace_add_snapshot(p->t) < 0)
        fail(p, "no memory");
    while (!at_end(p)) {
        char text[MAX_TOKEN];
        strcpy(text, next(p));
        if (*text == '[')
            snap_slot(p, text);
        else
            snap_frame(p, text);
    }
}

/* ---- the other lines ---- */

/* -- TITLE: NAME, root, header 4, 10 bytecodes, 12 uops */
static void head(Parser *p)
{
    const char *end = strchr(p->at, '\n'), *colon = strstr(p->at, ": ");
    char line[400];
    snprintf(line, sizeof line, "%.*s", end ? (int)(end - p->at) : (int)strlen(p->at), p->at);
    char *root = strstr(line, ", root, "), *side = strstr(line, ", side trace, ");
    if (!colon || (!root && !side) || (end && colon > end))
        fail(p, "expected `-- TITLE: NAME, root|side trace, header N, N bytecodes, N uops`");
    snprintf(p->out->title, sizeof p->out->title, "%.*s", (int)(colon - p->at), p->at);
    int uops;
    char *name = line + (colon - p->at) + 2, *rest = (root ? root : side) + (root ? 8 : 14);
    if (sscanf(rest, "header %d, %d bytecodes, %d uops", &p->t->header, &p->t->n_bytecodes, &uops) != 3)
        fail(p, "expected `header N, N bytecodes, N uops`");
    *(root ? root : side) = 0;
    if (side) {
        static Exit somewhere;      /* nothing looks into it but for its trace: none */
        p->t->parent = &somewhere;
        p->t->root = other_trace(p, ROOT);
    }
    char *last = strrchr(name, '.');
    any_code(p, last ? last + 1 : name);
    p->codes[0].code->co_qualname = (Py_DECREF(p->codes[0].code->co_qualname), PyUnicode_FromString(name));
    p->awaits_entry_code = 1;
    p->at = end ? end : p->at + strlen(p->at);
}

/* code NAME: 5 slots, 4 stack, 30 units. The first is the entry frame's: the head's, made anew. */
static void code_line(Parser *p)
{
    char label[MAX_TOKEN];
    strcpy(label, next(p));
    char *colon = strrchr(label, ':');
    if (!colon || colon[1])
        fail(p, "expected `code NAME: N slots, N stack, N units`");
    *colon = 0;
    int slots = (int)next_int(p);
    expect(p, "slots,");
    int stack = (int)next_int(p);
    expect(p, "stack,");
    int units = (int)next_int(p);
    expect(p, "units");
    if (!p->awaits_entry_code) {
        code_of(p, label, slots, stack, units);
        return;
    }
    p->awaits_entry_code = 0;
    if (strlen(label) >= sizeof p->codes[0].label)
        fail(p, "the name is too long");
    strcpy(p->codes[0].label, label);
    PyCodeObject *code = make_code(p, label, slots, stack, units);
    Py_SETREF(code->co_qualname, Py_NewRef(p->codes[0].code->co_qualname));
    p->codes[0].code = p->t->code = code;
}

static void entry_line(Parser *p)
{
    static const char *const kinds[] = {"int", "float"};
    if (next_int(p) != p->t->n_entry)
        fail(p, "this is entry %d", p->t->n_entry);
    expect(p, "slot");
    int slot = (int)next_int(p);
    int kind = one_of(p, next(p), kinds, 2, "kind");
    trace_add_entry(p->t, (EntrySlot){.slot = (int16_t)slot, .kind = kind ? KIND_FLOAT : KIND_INT});
}

static void param_line(Parser *p)
{
    int64_t n = next_int(p);
    if (n < 0 || n >= MAX_PARAMS)
        fail(p, "no such parameter");
    if (!p->t->param_facts)
        p->t->param_facts = calloc(MAX_PARAMS, sizeof *p->t->param_facts);
    while (!at_end(p)) {
        const char *word = next(p);
        if (strcmp(word, "slot") == 0)
            p->t->param_facts[n].held_by = 1 + (int)next_int(p);
        else
            p->t->param_facts[n].type = type_word(p, word);
    }
}

static void link_line(Parser *p)
{
    while (!at_end(p))
        trace_add_link_arg(p->t, ref(p));
}

/* A fact about a recording: type %3 type:float */
static void type_line(Parser *p)
{
    if (p->out->n_types == 64)
        fail(p, "too many types");
    Ref r = ref(p);
    p->out->types[p->out->n_types++] = (ParsedType){r, type_word(p, next(p))};
}

static void line(Parser *p)
{
    char first[MAX_TOKEN];
    if (at_end(p) || *p->at == '#')
        return;
    strcpy(first, next(p));
    if (strcmp(first, "--") == 0) {
        skip_blanks(p);
        head(p);
        return;
    }
    if (*first == '?')
        snapshot(p, first);
    else if (strcmp(first, "code") == 0)
        code_line(p);
    else if (strcmp(first, "entry") == 0)
        entry_line(p);
    else if (strcmp(first, "param") == 0)
        param_line(p);
    else if (strcmp(first, "link:") == 0)
        link_line(p);
    else if (strcmp(first, "type") == 0)
        type_line(p);
    else
        numbered_uop(p, first);
    if (!at_end(p))
        fail(p, "too much on the line: `%.60s`", next(p));
}

static int good_ref(const Trace *t, Ref r) { return r == REF_NONE || IS_CONST(r) || r < t->n_uops; }

/* Every number names something: whoever reads the trace may rely on that. What else must hold is the verifier's. */
static void check_numbers(Parser *p)
{
    const Trace *t = p->t;
    int good = 1;
    for (int i = 0; i < t->n_uops; i++) {
        const Uop *u = &t->uops[i];
        if (u->snap >= t->n_snaps)
            fail(p, "uop %%%d (%s): there is no snapshot ?%d", i, uop_info[u->op].name, u->snap);
        if (!good_ref(t, u->a) || !good_ref(t, u->b) || !good_ref(t, u->c))
            fail(p, "uop %%%d (%s): there is no such operand", i, uop_info[u->op].name);
    }
    for (int i = 0; i < t->n_snap_slots; i++)
        good &= good_ref(t, t->snap_slots[i].ref);
    for (int i = 0; i < t->n_snap_frames; i++)
        good &= good_ref(t, t->snap_frames[i].func);
    for (int i = 0; i < t->n_link_args; i++)
        good &= good_ref(t, t->link_args[i]);
    for (int i = 0; i < p->out->n_types; i++)
        good &= good_ref(t, p->out->types[i].ref);
    if (!good)
        fail(p, "a snapshot, link argument or fact names a uop that does not exist");
}

/* A link's target that is only named takes what it is given. */
static void shape_targets(Parser *p)
{
    Trace *t = p->t;
    const Uop *last = t->n_uops ? &t->uops[t->n_uops - 1] : NULL;
    Trace *target = last && last->op == UOP_LINK ? (Trace *)(uintptr_t)last->imm : NULL;
    for (int i = 0; target && target != t && i < t->n_link_args; i++)
        trace_add_entry(target, (EntrySlot){
            .slot = (int16_t)i, .kind = (uint8_t)(t->link_args[i] == REF_NONE ? KIND_INT : ref_kind(t, t->link_args[i]))});
}

Trace *ir_parse(const char *text, Parsed *out)
{
    memset(out, 0, sizeof *out);
    strcpy(out->title, "text");
    Parser *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->out = out;
    p->line = 1;
    p->t = trace_new(NULL);
    Trace *t = NULL;
    if (p->t && setjmp(p->stop) == 0) {
        for (const char *start = text; *start; p->line++) {
            const char *end = strchr(start, '\n');
            p->at = start;
            line(p);
            start = end ? end + 1 : start + strlen(start);
        }
        if (p->t->failed)
            fail(p, "no memory");
        entry_code(p);
        check_numbers(p);
        shape_targets(p);
        t = p->t;
    }
    if (!t) {
        trace_free(p->t);
        if (!out->line)
            out->line = 1;
    }
    free(p);
    return t;
}
