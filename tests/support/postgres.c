#include "support/postgres.h"

#include <assert.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool postgres_run(const char *command) {
    PGconn *connection = PQconnectdb(getenv("XJ_TEST_POSTGRES"));
    PGresult *result = PQexec(connection, command);
    bool fine = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!fine) fprintf(stderr, "%s: %s\n", command, PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
    return fine;
}

/* The part between the last '/' of the authority and '?' is the database. */
static const char *database_part(const char *server, const char **ret_query) {
    const char *authority = strstr(server, "://");
    assert(authority);
    const char *slash = strchr(authority + 3, '/');
    assert(slash);
    *ret_query = strchr(slash, '?');
    return slash + 1;
}

void postgres_url(char *url, size_t size, const char *database) {
    const char *server = getenv("XJ_TEST_POSTGRES"), *query;
    assert(server);
    const char *part = database_part(server, &query);
    snprintf(url, size, "%.*s%s%s", (int)(part - server), server, database, query ? query : "");
}

void postgres_make_database(char *url, size_t size) {
    static int number;
    char name[64], command[256];
    snprintf(name, sizeof(name), "xjo_%d_%d", (int)getpid(), number++);
    snprintf(command, sizeof(command),
             "CREATE DATABASE %s ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' TEMPLATE "
             "template0",
             name);
    bool made = postgres_run(command);
    assert(made);
    postgres_url(url, size, name);
}

void postgres_drop_database(const char *url) {
    char command[256];
    const char *query;
    const char *part = database_part(url, &query);
    int length = query ? (int)(query - part) : (int)strlen(part);
    snprintf(command, sizeof(command), "DROP DATABASE IF EXISTS %.*s WITH (FORCE)", length, part);
    postgres_run(command);
}
