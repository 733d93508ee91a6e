/* What a house's database holds, table by table, read beside the program: to prove that something
 * changed nothing, or that nothing lies there in clear. */
#ifndef TESTS_SUPPORT_DUMP_H
#define TESTS_SUPPORT_DUMP_H

#include "support/house.h"

/* A line for each table: its name, how many rows it has, and a hash of all of them. */
struct text dump_make(struct house *house);
/* The names of the tables that differ between two dumps, with a space behind each; empty when none
 * does. */
struct text dump_changes(struct arena *arena, struct text before, struct text after);

/* All bytes that the database holds: its files on SQLite, with what its log has, a dump on
 * PostgreSQL. In ARENA, whose bound must allow for it. */
struct text dump_bytes(struct house *house, struct arena *arena);
/* All bytes of a file. */
struct text dump_file(struct arena *arena, const char *path);
/* Fails the test when PLANTED stands in WHOLE, as it is or as hexadecimal digits. */
void dump_check_absent(struct arena *arena, struct text whole, struct text planted);

#endif
