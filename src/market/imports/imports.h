/* Imports: a seller's sheet becomes listings. One row is one SKU, rows of the same number (货号)
 * are one goods. Nothing is on sale by an import: what it makes goes the way of every listing. */
#ifndef MARKET_IMPORTS_IMPORTS_H
#define MARKET_IMPORTS_IMPORTS_H

#include "market/listings/listings.h"

#define IMPORTS_KINDS(X) X(IMPORTS_GOODS, "goods")
SHAPE_ENUM_DECLARE(imports_kind, IMPORTS_KINDS);

#define IMPORTS_MODES(X)                                                                           \
    X(IMPORTS_DRY_RUN, "dry_run")                                                                  \
    X(IMPORTS_ALL_OR_NOTHING, "all_or_nothing")                                                    \
    X(IMPORTS_SKIP_BAD, "skip_bad")
SHAPE_ENUM_DECLARE(imports_mode, IMPORTS_MODES);

#define IMPORTS_STATES(X)                                                                          \
    X(IMPORTS_CHECKING, "checking")                                                                \
    X(IMPORTS_CHECKED, "checked")                                                                  \
    X(IMPORTS_RUNNING, "running")                                                                  \
    X(IMPORTS_SUBMITTING, "submitting")                                                            \
    X(IMPORTS_UNDOING, "undoing")                                                                  \
    X(IMPORTS_DONE, "done")                                                                        \
    X(IMPORTS_UNDONE, "undone")                                                                    \
    X(IMPORTS_FAILED, "failed")
SHAPE_ENUM_DECLARE(imports_state, IMPORTS_STATES);

extern const struct room imports_room;

#endif
