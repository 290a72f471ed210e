/* stencils.c: the stencils of this build's target, and the helper functions that they call. */
#include "stencil.h"
#include "helper_table.h"
#include "stencils.h"       /* made: the one of this machine */

const Helper helper_table[] = {
#include "helpers_gen.h"
};
const int helper_count = sizeof helper_table / sizeof *helper_table;
