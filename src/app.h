/* The house's settings and seams: everything from outside that the program depends on, in one
 * struct made by main.c. */
#ifndef APP_H
#define APP_H

#include "kernel/http/route.h"

struct gateway;    /* market/pay/gateway.h */
struct sms;        /* ground/people/sms.h */
struct keyring;    /* ground/people/keyring.h */
struct file_store; /* ground/files/store.h */
struct server;
struct jobs_runner; /* ground/jobs/jobs.h */

struct app {
    /* settings: command line over environment over xiangji.conf over these defaults */
    const char *data_folder;    /* DATA, ./data */
    const char *database_url;   /* DATABASE_URL, sqlite:DATA/xiangji.db */
    int port;                   /* PORT, 8080; 0 picks one */
    const char *listen_address; /* LISTEN, 127.0.0.1 .. 0.0.0.0, or unix:PATH */
    const char *public_url;  /* PUBLIC_URL: the origin that pages are served from; empty: taken from
                                the Host header */
    const char *sandbox_url; /* SANDBOX_URL: where the sandbox cashier listens */
    const char *sandbox_secret; /* SANDBOX_SECRET: what the sandbox signs with */
    const char
        *files_url; /* FILES_URL: where pictures lie, folder:DATA/files or s3+http(s)://... */
    const char *files_region; /* FILES_REGION, FILES_KEY_ID, FILES_SECRET: of an S3 store */
    const char *files_key_id;
    const char *files_secret;
    int loop_count;   /* LOOPS: HTTP loops, default 1 on up to two cores */
    int worker_count; /* WORKERS: PostgreSQL connections or slow-work threads, default 8 */
    bool behind_tls;  /* BEHIND_TLS: a proxy speaks TLS for us: __Host- cookies, X-Forwarded-For is
                         believed */
    bool webhooks_allow_local; /* WEBHOOKS_ALLOW_LOCAL: webhooks may go to this machine too, in the
                                  demo */
    bool is_patient;           /* `import`: the database lets a statement run as long as it takes */
    bool demo; /* the demo's log-ins are printed and codes are shown by the local SMS double */

    /* seams */
    struct instant (*clock)(const struct app *app);
    void (*random)(const struct app *app, void *bytes, size_t length);
    void *seam; /* what the test's clock and random need */
    struct ids *ids;
    struct store *store;
    struct server *server;
    struct jobs_runner *jobs; /* of `serve`: a job asked for now is looked for soon */
    const struct gateway *gateway;
    const struct sms *sms;
    const struct keyring *keyring;
    const struct file_store *files;
    /* A hash of CLEAR under the house's key, 32 bytes; LABEL keeps uses apart. ground/people fills
     * it in, for rooms below it. */
    void (*keyed_hash)(const struct app *app, const char *label, struct bytes clear,
                       unsigned char *ret_hash);

    /* What a room adds to /metrics; set by `serve`, NULL where nobody does. */
    void (*write_metrics)(const struct app *app, struct buffer *buffer);

    /* Who a session token belongs to: ground/people fills it in. *RET_WHO is zeroed when the
     * token is unknown or over. */
    refusal (*authenticate)(struct request *q, struct text token, struct principal *ret_who);
    /* Notes the last use of the session of q->who, in the write transaction of q
     * (who->touch_due). NULL where nobody does. */
    refusal (*touch)(struct request *q);
};

static inline struct instant app_now(const struct app *app) { return app->clock(app); }

/* Starts the libraries and fills in the clock and the randomness: for who needs no database. */
bool app_prepare(struct app *app, struct text *ret_error);

/* Opens what the settings name: the data folder, the store (its schemas are brought up to date),
 * the keys, the gateways; fills in the seams that are still NULL. READ_ONLY is for `check` and
 * `backup`. False with a sentence in *ret_error. The HTTP server and the jobs' runner are
 * started by `serve` alone. What it makes lives in ARENA until app_close. */
bool app_open(struct app *app, struct arena *arena, bool read_only, struct text *ret_error);
void app_close(struct app *app);

/* Makes one folder, private to its owner; fine when it is there already. */
bool app_make_folder(const char *path);

#endif
