/* a sample -> heat of code objects -> arming
 *
 * The innermost frame that is in a loop gets the heat; its callers some of it: a function called in a hot loop has hot callers, and an inner loop
 * may be too short to matter alone. Frames that are in none are only looked through; nothing is kept for code without loops. */
#include "heat.h"
#include "arming.h"

#define WARM 0.0018             /* seconds of heat at which code is armed: the first sample, mostly */
#define ENTERED 8               /* a frame before its first loop is heated that much less: samples are taken at entries of functions above all */
#define DEPTH 16                /* frames looked at */
#define CALLERS 3               /* frames with loops that a sample heats, each half as much as the one before */

static int heat(CodeInfo *info, double seconds)
{
    int armed = info->armed;
    info->heat += seconds;
    if (info->heat >= WARM)
        arming_arm(info);
    return info->armed && !armed;
}

int heat_sample(PyThreadState *ts, double seconds)
{
    int found = 0, heated = 0;
    Frame *frame = cpy_frame(ts);
    for (int depth = 0; frame && depth < DEPTH && heated < CALLERS; frame = frame->previous, depth++) {
        if (!cpy_frame_is_python(frame) || !PyCode_Check(cpy_frame_code(frame)) || !codeinfo_has_loop(cpy_frame_code(frame)))
            continue;
        CodeInfo *info = codeinfo_get(cpy_frame_code(frame));
        if (!info)
            continue;
        int32_t at = cpy_frame_ip(frame);
        int is_entered = at < info->loops[0].unit;
        if (!is_entered && !codeinfo_in_loop(info, at))
            continue;
        found |= heat(info, is_entered ? seconds / ENTERED : seconds);
        seconds /= 2;
        heated++;
    }
    return found;
}
