/* Next uses, last uses and wishes. */
#pragma once
#include "places.h"

/* Fills next, last and hint of every value, the leaves of every snapshot, and the calls. */
void uses_find(Ra *ra);
