/* made by tools/stencils/build.py; do not edit */
#if defined(__x86_64__) && defined(__linux__)
#include "stencils-x86_64-unknown-linux-gnu.h"
#elif defined(__x86_64__) && defined(__APPLE__)
#include "stencils-x86_64-apple-darwin.h"
#elif defined(_M_X64) || defined(__x86_64__) && defined(_WIN32)
#include "stencils-x86_64-pc-windows-msvc.h"
#elif defined(_M_IX86) || defined(__i386__) && defined(_WIN32)
#include "stencils-i686-pc-windows-msvc.h"
#else
#error "copypatch has no stencils for this machine"
#endif
