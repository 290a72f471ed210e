/* The stencils around a trace: between C and the registers of stencils, and jumps of the emitter's own.
 *
 *     C: shim(S, entry) ──► stencils ──► exit stub ──► common exit ──ret──► C
 *
 * Where a stencil begins the stack is aligned for a call (x86-64: the stack pointer is a multiple of 16), and no stencil moves it: the
 * optimizer of the assembly takes out the `push; call; pop` that clang writes for functions entered by a call, and lowers the shim's
 * own call by 8 bytes to match. preserve_none saves next to nothing, so the shim saves all that C expects saved. Between the shim's
 * frame and a stencil's there is its return address only: where the stack pointer of a stencil is p, the shim's return address is at p. */

#define SHIM(NAME) \
    void NAME(State *S, void *entry) SYMBOL(#NAME); \
    void NAME(State *S, void *entry) \
    { \
        int64_t lost_g LOST_G; double lost_f LOST_F; \
        ((CONVENTION void (*)(PARAMETERS))entry) ALL_LOST; \
    }

#define EXIT_COMMON(NAME) FUNCTION(NAME) { STORE_ALL }

#define JUMP(NAME) FUNCTION(NAME) { GO _TARGET UNCHANGED; }

#define JUMP_VALID(NAME) \
    FUNCTION(NAME) \
    { \
        if (unlikely(*(int *)POINTER(WORD) == 0)) GO _EXIT UNCHANGED; \
        GO _CONTINUE UNCHANGED; \
    }

#define JUMP_INDIRECT(NAME) \
    FUNCTION(NAME) { GO (*(CONVENTION void (**)(PARAMETERS))POINTER(WORD)) UNCHANGED; }

/* The first field of an Exit is where to go. */
#define EXIT_STUB(NAME) \
    FUNCTION(NAME) \
    { \
        S->exit = POINTER(WORD); \
        GO (*(CONVENTION void (**)(PARAMETERS))S->exit) UNCHANGED; \
    }
