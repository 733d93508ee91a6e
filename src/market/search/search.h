/* Search: goods by words with filters and sorts, suggestions while one types, help when nothing is
 * found. Stands above catalog and hears of every goods that changes. */
#ifndef MARKET_SEARCH_SEARCH_H
#define MARKET_SEARCH_SEARCH_H

#include "market/catalog/catalog.h"

/* The words shown before one types, in order, replacing those before; at most SEARCH_POPULAR_MAX,
 * each once. */
enum { SEARCH_POPULAR_MAX = 20 };
refusal search_put_popular(struct request *q, const struct text_list *words);

extern const struct room search_room;

#endif
