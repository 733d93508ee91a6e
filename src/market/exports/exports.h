/* Exports: what a list of the desk shows, as a sheet: the same filters, the same reach, no more of
 * a person than the list tells. */
#ifndef MARKET_EXPORTS_EXPORTS_H
#define MARKET_EXPORTS_EXPORTS_H

#include "kernel/http/route.h"

extern const struct room exports_room;

#endif
