/* What a node on PostgreSQL has to do with the other nodes: its leased number and their
 * notifications, on a connection and a thread of its own. */
#ifndef KERNEL_DB_POSTGRES_PEERS_H
#define KERNEL_DB_POSTGRES_PEERS_H

#include <libpq-fe.h>

#include "kernel/db/db_engine.h"

/* Connects as all connections of ours do, with their settings; NULL with PostgreSQL's words in
 * RET_WHY. */
PGconn *postgres_connect(const char *url, bool is_patient, char *ret_why, size_t why_size);

struct postgres_peers;

/* Leases a number and starts listening; NULL with a sentence in *ret_error. FOLDER (may be NULL)
 * keeps who held the number, under a lock: the next process there, on the same running machine,
 * gets the number of one that ended or was killed. Of several at a time one does. */
struct postgres_peers *postgres_peers_open(const char *url, const char *folder, struct arena *arena,
                                           struct text *ret_error);
void postgres_peers_close(struct postgres_peers *peers); /* NULL is fine */

uint32_t postgres_peers_node(const struct postgres_peers *peers);
/* How many nodes but NODE hold a lease; false when PostgreSQL at URL does not answer. */
bool postgres_peers_count(const char *url, uint32_t node, int64_t *ret_count);

/* False when the lease could not be renewed in time: no write may be committed then, because
 * another node may have the number and make the same ids. */
bool postgres_peers_lease_holds(const struct postgres_peers *peers);

void postgres_peers_notify(struct postgres_peers *peers, struct text message);
void postgres_peers_listen(struct postgres_peers *peers,
                           void (*heard)(void *context, struct text message), void *context);

#endif
