/* The edges of a trace: where it begins, turns and ends. */
#pragma once
#include "places.h"

void edge_params(Ra *ra);                                       /* PARAMs into their places */
void edge_loop(Ra *ra);
void edge_phi(Ra *ra);
void edge_open_loop(Ra *ra);                                    /* behind the PHIs: this is what JUMP_LOOP comes back to */
void edge_jump_loop(Ra *ra);
void edge_link(Ra *ra, const Uop *u);
void edge_entry(Ra *ra);                                        /* the entry from memory, behind everything else */
