/* uop body -> C function of one stencil.
 *
 * The generator (tools/stencils) writes a file of lines such as
 *
 *     STENCIL_EXIT(ADD_INT__r7, body_ADD_INT(S, g1, g1, &result_int, &leave), , (S, g0, result_int, g2, ...), (S, g0, g1, ...))
 *
 * one per choice of registers, behind `#define PARAMETERS State *S, int64_t g0, ..., double f7`, other lines that depend on the target
 * (Machine and Target of tools/stencils) and an include of this file. Registers are the arguments of a `preserve_none` function, so clang passes them on where they are; on a target without registers
 * enough they are S->g[0] and so on, stored by what stands between the two commas above. The stencil goes on by a tail call of _CONTINUE with the result in its place, and leaves by a tail call of _EXIT with every register as it was.
 * What a C call loses is passed on as an uninitialised local: clang then has nothing to save. */
#include "abi.h"
#include "uops_gen.h"
#include "bodies.h"

_Static_assert(N_G == EXPECTED_N_G && N_F == EXPECTED_N_F, "abi.h and tools/stencils/targets.py disagree about the registers");

#define GO __attribute__((musttail)) return

/* What a register holds that nobody may read any more: anything; in debug stencils something that is no object and no likely number. */
#ifdef COPYPATCH_DEBUG
#define LOST_G = 0x5ca1ab1d
#define LOST_F = -0x1.5ca1ab1ep+1000
#else
#define LOST_G
#define LOST_F
#endif

/* Symbols that no object file defines: each reference to one becomes a hole (HOLE_IMM for _IMM and so on).
 * The target says how: NUMBER is for symbols whose "address" is any number, NEAR for those that are placed near the code. */
#define SYMBOL(name) __asm__(PREFIX name)
extern CONVENTION void _CONTINUE(PARAMETERS) SYMBOL("_CONTINUE");
extern CONVENTION void _EXIT(PARAMETERS) SYMBOL("_EXIT");
extern CONVENTION void _TARGET(PARAMETERS) SYMBOL("_TARGET");
extern NUMBER char _IMM[];
extern NEAR const uint64_t _WORD;
extern NEAR const double word_float SYMBOL("_WORD");

/* A 32-bit number that is known when the trace is compiled. clang believes that addresses lie in 0..2**31 and are not NULL, so it
 * must not see where the number comes from: an empty asm hides it. The optimizer of the assembly folds it into its user again. */
#define IMM ({ intptr_t imm_ = (intptr_t)_IMM; __asm__("" : "+r"(imm_)); (int64_t)imm_; })
#define IMM_PLAIN ((int64_t)(intptr_t)_IMM)     /* where nothing is computed with it */
#define IMM_OFFSET IMM_PLAIN                    /* a byte offset: becomes a displacement */
#define WORD _WORD                              /* 64 bits, in a data word near the code */
#define WORD_FLOAT word_float
#define AT_OFFSET(like) (*(__typeof__(like) *)((char *)S + IMM_OFFSET))

#define OBJ(x) ((Obj *)(intptr_t)(x))
#define INTEGER(o) ((int64_t)(intptr_t)(o))

#define FUNCTION(NAME) \
    CONVENTION void NAME(PARAMETERS) SYMBOL(#NAME); \
    CONVENTION void NAME(PARAMETERS)

#define STENCIL_(NAME, DO, STORE, CONTINUE_WITH, LEAVE) \
    FUNCTION(NAME) { \
        Obj *result_obj; int64_t result_int, lost_g LOST_G; double result_float, lost_f LOST_F; int leave = 0; \
        DO; \
        LEAVE \
        STORE \
        GO _CONTINUE CONTINUE_WITH; \
    }
#define STENCIL(NAME, DO, STORE, CONTINUE_WITH, EXIT_WITH) STENCIL_(NAME, DO, STORE, CONTINUE_WITH, )
#define STENCIL_EXIT(NAME, DO, STORE, CONTINUE_WITH, EXIT_WITH) STENCIL_(NAME, DO, STORE, CONTINUE_WITH, if (unlikely(leave)) GO _EXIT EXIT_WITH;)
/* One that goes on at another place, if it says so. */
#define STENCIL_AWAY(NAME, DO, STORE, CONTINUE_WITH, EXIT_WITH) \
    FUNCTION(NAME) { \
        int64_t lost_g LOST_G; double lost_f LOST_F; int leave = 0; void *away = 0; \
        DO; \
        if (unlikely(leave)) GO _EXIT EXIT_WITH; \
        STORE \
        if (away) GO ((CONVENTION void (*)(PARAMETERS))away) CONTINUE_WITH; \
        GO _CONTINUE CONTINUE_WITH; \
    }
