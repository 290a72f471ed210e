/* a sample -> heat of code objects -> arming
 *
 * The innermost frame gets the heat; its callers some of it: a function called in a hot loop has hot callers, and what is called from many
 * places may be hot alone. Loops are heated by frames that are in one, or on the way to it; the entry of a function by all of its frames.
 * Frames of short functions without a loop are only looked through: entering them costs more than it saves; nothing is kept for their code.
 * But where one is below itself on the stack, native code that is entered once calls it many times; and where C calls one, its door is
 * cheap (called.c).
 *
 * Headers that sleep, for want of credit or of luck, are woken when their code is met again, and there is credit. */
#include "heat.h"
#include "arming.h"
#include "judge.h"

#define WARM 0.0018             /* seconds of heat at which code is armed: the first sample, mostly */
#define ENTERED 8               /* a frame before its first loop heats it that much less: samples are taken at entries of functions above
                                 * all */
#define IN_LOOP 4               /* a frame in a loop heats its entry that much less */
#define LONG 80                 /* code units of a function that may be worth to be entered */
#define DEPTH 16                /* frames looked at */
#define CALLERS 3               /* frames that a sample heats, each half as much as the one before */
#define CYCLE 6                 /* frames below that are looked at for the same code */

int heat_is_of_interest(PyCodeObject *code)
{
    return codeinfo_has_loop(code) || (cpy_code_units(code) >= LONG &&
                                       (code->co_flags & (CO_OPTIMIZED | CO_ANY_GENERATOR)) == CO_OPTIMIZED);
}

static int is_recursive(const Frame *frame)
{
    PyCodeObject *code = cpy_frame_code(frame);
    const Frame *f = frame->previous;
    if ((code->co_flags & (CO_OPTIMIZED | CO_ANY_GENERATOR)) != CO_OPTIMIZED)
        return 0;
    for (int n = 0; f && n < CYCLE; f = f->previous, n++)
        if (cpy_frame_is_python(f) && cpy_frame_code(f) == code)
            return 1;
    return 0;
}

static int wake_header(Header *h)
{
    int slept = h->asleep && (!h->naps || ++h->dreams >= 1 << h->naps);
    if (slept)
        h->asleep = 0;
    return slept;
}

static int wake(CodeInfo *info)
{
    int woken = 0;
    Header *h;
    for (int i = 0; (h = codeinfo_header(info, i)); i++)
        woken |= wake_header(h);
    if (woken)
        arming_again(info);
    return woken;
}

static int heat(CodeInfo *info, double loops, double entry)
{
    int armed = info->armed;
    info->heat += loops;
    info->entry_heat += entry;
    int what = (info->heat >= WARM ? ARMED_LOOPS : 0) | (info->entry_heat >= WARM ? ARMED_ENTRY : 0);
    if (!(what || armed) || !judge_may_record())
        return 0;
    if (what & ~armed)
        arming_arm(info, what);
    return wake(info) || info->armed != armed;
}

int heat_sample(PyThreadState *ts, double seconds)
{
    int found = 0, heated = 0;
    Frame *frame = cpy_frame(ts);
    for (int depth = 0; frame && depth < DEPTH && heated < CALLERS; frame = frame->previous, depth++) {
        if (!cpy_frame_is_python(frame) || !PyCode_Check(cpy_frame_code(frame)))
            continue;
        int recursive = is_recursive(frame);
        if (!recursive && !cpy_frame_is_called_by_c(frame) && !heat_is_of_interest(cpy_frame_code(frame)))
            continue;
        CodeInfo *info = codeinfo_get(cpy_frame_code(frame));
        if (!info)
            continue;
        info->recursive |= recursive;
        int32_t at = cpy_frame_ip(frame);
        int in_loop = codeinfo_in_loop(info, at), before_loop = info->has_loop && at < info->loops[0].unit;
        found |= heat(info, in_loop ? seconds : before_loop ? seconds / ENTERED : 0, in_loop ? seconds / IN_LOOP : seconds);
        seconds /= 2;
        heated++;
    }
    return found;
}
