/* Runs a program as `python` itself would. */
#pragma once
#include "cpy.h"

/* kind 'f': the script (or folder or zip file with a __main__.py) `what`; 'm': the module `what`; 'c': the source text `what`;
 * '-': standard input. sys.argv, sys.path and sys.modules["__main__"] are prepared. extra: for 'f' what goes before sys.path when
 * it is a plain script, or None; for 'c' called as extra(code, what) before it runs. Exceptions are printed as Python prints them.
 * Returns the exit status; -1 with SystemExit set when the program raised it. */
int run_main(int kind, PyObject *what, PyObject *extra);
