/* stencils.c: the stencils of the target that this program is for. */
#include "stencil.h"
#include STENCILS
