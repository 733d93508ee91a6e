/* Databases of the PostgreSQL server that XJ_TEST_POSTGRES names
 * ("postgresql:///postgres?host=/run/x&user=postgres"). */
#ifndef TESTS_SUPPORT_POSTGRES_H
#define TESTS_SUPPORT_POSTGRES_H

#include <stdbool.h>
#include <stddef.h>

/* Runs one command on the server's own database; prints what goes wrong. */
bool postgres_run(const char *command);
/* Notes what the tables of the database at URL hold and are ... */
bool postgres_remember(const char *url);
/* ... and gives the same database, or a copy of it, that content again. False when its tables are
 * no longer what they were, or when rows are locked. */
bool postgres_restore(const char *url);
/* The server's URL with another database in it. */
void postgres_url(char *url, size_t size, const char *database);
/* A fresh database with our encoding and collation; its URL. */
void postgres_make_database(char *url, size_t size);
void postgres_drop_database(const char *url);

#endif
