/* CPython's own JIT: in most builds of 3.14 and later, off unless PYTHON_JIT=1 is set. Both at a time do not go: code that it has compiled
 * may not get events (3.15 dies of it, with any tool of sys.monitoring), and it compiles what we have armed. */
#pragma once

int own_jit_is_on(void);                /* or will be, when the interpreter has started */
/* Switches it off for good: what it has compiled is not entered any more, nothing is compiled. No trace of ours may be running. */
void own_jit_switch_off(void);
