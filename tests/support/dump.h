/* What a house's database holds, table by table, read beside the program: to prove that something
 * changed nothing. */
#ifndef TESTS_SUPPORT_DUMP_H
#define TESTS_SUPPORT_DUMP_H

#include "support/house.h"

/* A line for each table: its name, how many rows it has, and a hash of all of them. */
struct text dump_make(struct house *house);
/* The names of the tables that differ between two dumps, with a space behind each; empty when none
 * does. */
struct text dump_changes(struct arena *arena, struct text before, struct text after);

#endif
