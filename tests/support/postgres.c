#include "support/postgres.h"

#include <assert.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool run_at(const char *url, const char *command) {
    PGconn *connection = PQconnectdb(url);
    PGresult *result = PQexec(connection, command);
    bool fine = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!fine) fprintf(stderr, "%.80s: %s\n", command, PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
    return fine;
}

bool postgres_run(const char *command) { return run_at(getenv("XJ_TEST_POSTGRES"), command); }

bool postgres_remember(const char *url) {
    return run_at(
        url,
        "CREATE SCHEMA remembered;"
        "CREATE FUNCTION remembered.shape() RETURNS text LANGUAGE sql AS $f$"
        "  SELECT md5(string_agg(x, ',' ORDER BY x)) FROM ("
        "    SELECT concat('k', oid) AS x FROM pg_constraint"
        "    WHERE connamespace = 'public'::regnamespace"
        "    UNION ALL SELECT concat('t', tgrelid, tgname) FROM pg_trigger WHERE NOT tgisinternal"
        "    UNION ALL SELECT concat('r', oid, ':', relnatts) FROM pg_class"
        "    WHERE relnamespace = 'public'::regnamespace) every $f$;"
        "CREATE VIEW remembered.filled AS SELECT CAST(oid AS regclass) AS name, relname,"
        "  pg_relation_size(oid) AS size_bytes FROM pg_class"
        "  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        "  AND pg_relation_size(oid) > 0;"
        "DO $$ DECLARE t record; BEGIN"
        "  FOR t IN SELECT * FROM remembered.filled LOOP"
        "    EXECUTE format('CREATE TABLE remembered.%I AS TABLE %s', t.relname, t.name);"
        "  END LOOP;"
        "END $$;"
        "CREATE TABLE remembered.\"what it was\" AS SELECT remembered.shape() AS shape");
}

bool postgres_restore(const char *url) {
    /* As a replica, rows go without asking foreign keys and triggers. */
    return run_at(
        url,
        "DO $$ DECLARE t record; BEGIN"
        "  IF remembered.shape() <> (SELECT shape FROM remembered.\"what it was\") THEN"
        "    RAISE EXCEPTION 'the tables themselves have changed';"
        "  END IF;"
        "  PERFORM set_config('session_replication_role', 'replica', true);"
        "  FOR t IN SELECT * FROM remembered.filled LOOP"
        "    IF t.size_bytes > 1000000 THEN EXECUTE format('TRUNCATE %s CASCADE', t.name);"
        "    ELSE EXECUTE format('DELETE FROM %s', t.name);"
        "    END IF;"
        "  END LOOP;"
        "  FOR t IN SELECT relname FROM pg_class WHERE relkind = 'r'"
        "    AND relnamespace = 'remembered'::regnamespace AND relname <> 'what it was' LOOP"
        "    EXECUTE format('INSERT INTO public.%I TABLE remembered.%I', t.relname, t.relname);"
        "  END LOOP;"
        "END $$");
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
