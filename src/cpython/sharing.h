/* Functions that other interpreters are to run. */
#pragma once

/* From now on they may be armed. Once per process; needs the GIL of the main interpreter. No exception set. */
void sharing_prepare(void);
