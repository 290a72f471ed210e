/* Environment -> config (ir/config.h). */
#pragma once
#include "../ir/config.h"

void config_read(void);                 /* once, at import; warns on stderr about values it does not understand */
const char *config_off_reason(void);    /* why the environment says that the JIT stays off; NULL: it does not */
