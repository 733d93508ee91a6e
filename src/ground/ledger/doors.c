/* The ledger has no address of its own: rooms show their own part of it. */
#include "ground/ledger/ledger.h"

const struct room ledger_room = {
    .name = "ledger",
    .schema = "src/ground/ledger/schema.sql",
    .check = ledger_check,
};
