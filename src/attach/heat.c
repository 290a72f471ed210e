/* a sample -> heat of code objects -> arming
 *
 * The innermost frame with a loop gets the heat; its callers some of it: a function called in a hot loop has hot callers, and an inner loop
 * may be too short to matter alone. Code without loops is only looked through: nothing is kept for it. */
#include "heat.h"
#include "arming.h"

#define WARM 0.0018             /* seconds of heat at which code is armed: the first sample, mostly */
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
        found |= info && heat(info, seconds);
        seconds /= 2;
        heated++;
    }
    return found;
}
