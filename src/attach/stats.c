/* stats.c: the counters. */
#include "stats.h"

Stats stats;
