/* suspended.c: the frames of generators that are followed into (followed.c), as those see them who know of slots only.
 *
 * Their slots lie in the generator, not in the thread's frames. What is read there stays there, and what is taken leaves NULL, as the
 * interpreter would. */
#include "recorder.h"
#include <stddef.h>

int64_t rec_suspended_place(const RecFrame *f, const Slot *s)
{
    return (int64_t)(offsetof(GenObj, frame) + offsetof(FrameHead, slot) + (size_t)(s - f->slots) * sizeof(FrameSlot));
}

void rec_load_suspended(Recorder *R, RecFrame *f, Slot *s)
{
    int64_t at = rec_suspended_place(f, s);
    int is_local = s < f->slots + f->n_locals;
    if (FRAME_TAGS_INTS && !is_local && slot_has_int(&cpy_slots(cpy_generator_frame(rec_object(R, f->func)))[s - f->slots])) {
        Ref v = rec_emit(R, UOP_GEN_TAGGED, f->func, REF_NONE, REF_NONE, at);
        *s = (Slot){.ref = rec_emit(R, UOP_SINK_TAGGED, v, REF_NONE, REF_NONE, 0), .own = OWN_BORROWED};
        return;
    }
    s->ref = rec_emit(R, is_local ? UOP_GEN_SLOT : UOP_GEN_STACK, f->func, REF_NONE, REF_NONE, at);
    R->keeper[s->ref] = KEPT_BY_SLOTS;
    if (FRAME_TAGS_INTS && !is_local && !rec_object(R, s->ref) && !R->closed)
        rec_emit(R, UOP_GUARD_NULL, s->ref, REF_NONE, REF_NONE, 0);
}

Ref rec_take_suspended(Recorder *R, RecFrame *f, int i)
{
    return rec_emit(R, UOP_SWAP_GEN_SLOT, f->func, rec_const(R, NULL), REF_NONE, rec_suspended_place(f, &f->slots[i]));
}

/* ---- not this way ---- */

#define MAX_TURNS 3         /* in loops of its own, between two yields */

static void not_followed(Recorder *R, AbortReason why)
{
    int any = 0;
    for (int i = 1; i < R->n_frames; i++)
        if (R->frames[i].stand) {
            R->frames[i].info->no_inline = 1;
            any = 1;
        }
    if (!any)
        return;
    R->learned = 1;
    rec_abort(R, why);
}

void rec_not_followed(Recorder *R) { not_followed(R, ABORT_CALL); }

int rec_goes_round(Recorder *R)
{
    RecFrame *f = TOP_FRAME(R);
    if (f->stand && ++f->turns > MAX_TURNS)
        not_followed(R, ABORT_INNER_LOOP);
    return f->stand != NULL;
}
