/* Moves that happen at once. */
#pragma once
#include "places.h"

typedef struct { Place to, from; int32_t value; } Move;         /* from PLACE_NONE: the constant `value` */
/* `to` distinct; `to` and `from` may overlap. Registers that are no `to` are lost. */
void moves_run(Ra *ra, const Move *moves, int n);
