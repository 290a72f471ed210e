/* All uop bodies, in the order of uops.def. Needs abi.h and uops_gen.h before it. */
#pragma once
#include "slots.h"
#include "ints.h"
#include "floats.h"
#include "objects.h"
#include "text.h"
#include "containers.h"
#include "attributes.h"
#include "calls.h"
#include "generators.h"
#include "exceptions.h"
