/* Every bound of the house in one table: an input without a limit is a bug. Units stand last. */
#ifndef KERNEL_BASE_LIMITS_H
#define KERNEL_BASE_LIMITS_H

enum {
    LIMIT_BODY_BYTES = 256 * 1024,        /* a JSON request body */
    LIMIT_RAW_BYTES = 12 * 1024 * 1024,   /* a body of bytes: a picture */
    LIMIT_HEAD_BYTES = 16 * 1024,         /* request line and headers */
    LIMIT_PATH_BYTES = 1024,              /* the raw path with its query */
    LIMIT_QUERY_PAIRS = 24,               /* name=value pairs in a query */
    LIMIT_JSON_DEPTH = 12,                /* nesting of a JSON body */
    LIMIT_JSON_VALUES = 20 * 1000,        /* values in a JSON text */
    LIMIT_FAULTS = 32,                    /* faults named in one answer */
    LIMIT_LIST_ROWS = 50,                 /* rows of one page of a list */
    LIMIT_ARENA_BYTES = 16 * 1024 * 1024, /* memory of one request */
    LIMIT_REPLY_BYTES = 8 * 1024 * 1024,  /* a JSON reply */
    LIMIT_STATEMENTS = 400,               /* statements of one request */
    LIMIT_PARAMETERS = 64,                /* parameters of one statement, columns of a table */
    LIMIT_WRITE_BATCH = 256,              /* requests in one group commit */
    LIMIT_WRITE_QUEUE = 8192,  /* requests waiting for the writer: more are shed by 503 */
    LIMIT_CONNECTIONS = 4096,  /* connections of one loop */
    LIMIT_STREAMS = 1024,      /* event streams of one loop */
    LIMIT_HEAD_MS = 10 * 1000, /* time for a request head to arrive */
    LIMIT_BODY_MS = 60 * 1000, /* time for a request body to arrive */
    LIMIT_RAW_MS = 180 * 1000, /* time for a picture to arrive from a village */
    LIMIT_IDEMPOTENCY_MS = 24 * 3600 * 1000 /* how long a key remembers its reply */
};

#endif
