/* stencils.c: the stencils of this build's target, and the helper functions that they call. */
#include "stencil.h"
#include "stencils.h"
#include "stencils-x86_64-unknown-linux-gnu.h"

const Helper helper_table[] = {
#include "helpers_gen.h"
};
const int helper_count = sizeof helper_table / sizeof *helper_table;
