/* Sealing: each person's own data key, and what is kept under it. */
#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "ground/people/inside.h"

#define PEOPLE_KEY_ROW_FIELDS(F, S)                                                                \
    F(S, INT, master_id)                                                                           \
    F(S, TEXT, wrapped)                                                                            \
    F(S, TIME, destroyed_at)
SHAPE_DECLARE(people_key_row, PEOPLE_KEY_ROW_FIELDS);
SHAPE_DEFINE(people_key_row, PEOPLE_KEY_ROW_FIELDS);

/* Ciphertext belongs to a person and a label: moved to another row it does not open. */
static struct bytes seal_about(struct arena *arena, int64_t person_id, const char *label) {
    size_t length = strlen(label);
    unsigned char *about = arena_take_raw(arena, 8 + length);
    for (int i = 0; i < 8; i++) about[i] = (unsigned char)((uint64_t)person_id >> (56 - 8 * i));
    memcpy(about + 8, label, length);
    return (struct bytes){about, 8 + length};
}

bool people_key_open(struct request *q, int64_t person_id, int64_t master_id, struct text wrapped,
                     struct people_key *ret_key) {
    struct keyring_wrapped row = {master_id, people_bytes(wrapped)};
    ret_key->person_id = person_id;
    return keyring_unwrap(q->app->keyring, person_id, &row, ret_key->bytes);
}

struct bytes people_seal_with(struct request *q, const struct people_key *key, const char *label,
                              struct text clear) {
    return keyring_seal(q->app, q->arena, key->bytes, seal_about(q->arena, key->person_id, label),
                        people_bytes(clear));
}

bool people_open_with(struct request *q, const struct people_key *key, const char *label,
                      struct text sealed, struct text *ret_clear) {
    struct bytes clear;
    if (!keyring_unseal(q->arena, key->bytes, seal_about(q->arena, key->person_id, label),
                        people_bytes(sealed), &clear))
        return false;
    *ret_clear = (struct text){(const char *)clear.data, clear.length};
    return true;
}

static refusal read_key(struct request *q, int64_t person_id, struct people_key_row *ret_row,
                        bool *ret_found) {
    return db_row(q->db,
                  SQL("i", "SELECT master_id, wrapped, destroyed_at FROM people_key "
                           "WHERE person_id = $1"),
                  PARAMS(person_id), &people_key_row_shape, ret_row, ret_found);
}

/* Two requests may both make the first key of a person: one of them is kept, and both go on with
 * that one. */
static refusal make_key(struct request *q, int64_t person_id) {
    unsigned char key[KEYRING_KEY_BYTES];
    q->app->random(q->app, key, sizeof(key));
    struct keyring_wrapped row = keyring_wrap(q->app, q->arena, person_id, key);
    sodium_memzero(key, sizeof(key));
    return db_run(q->db,
                  SQL("iibi", "INSERT INTO people_key (person_id, master_id, wrapped, made_at, "
                              "destroyed_at) VALUES ($1, $2, $3, $4, 0) "
                              "ON CONFLICT (person_id) DO NOTHING"),
                  PARAMS(person_id, row.master_id, row.wrapped, q->now), NULL);
}

refusal people_key_of(struct request *q, int64_t person_id, struct people_key *ret_key) {
    assert(person_id > 0);
    struct people_key_row row = {0};
    bool found = false;
    TRY(read_key(q, person_id, &row, &found));
    if (!found) {
        TRY(make_key(q, person_id));
        TRY(read_key(q, person_id, &row, &found));
    }
    if (!found || row.destroyed_at.ms ||
        !people_key_open(q, person_id, row.master_id, row.wrapped, ret_key))
        return refuse(q, NOT_FOUND, "", "这些资料已经打不开了",
                      "this data can no longer be opened");
    return NULL;
}

refusal people_key_with(struct request *q, int64_t person_id, struct people_key *ret_key) {
    struct people_key_row row = {0};
    bool found = false;
    TRY(read_key(q, person_id, &row, &found));
    if (found && row.destroyed_at.ms == 0 &&
        people_key_open(q, person_id, row.master_id, row.wrapped, ret_key))
        return NULL;
    return refuse(q, NOT_FOUND, "", "这些资料已经打不开了", "this data can no longer be opened");
}

void people_key_close(struct people_key *key) { sodium_memzero(key, sizeof(*key)); }

refusal people_key_destroy(struct request *q, int64_t person_id) {
    struct bytes nothing = {(const unsigned char *)"", 0};
    return db_run(q->db,
                  SQL("iib", "UPDATE people_key SET wrapped = $3, destroyed_at = $2 "
                             "WHERE person_id = $1"),
                  PARAMS(person_id, q->now, nothing), NULL);
}

refusal people_seal(struct request *q, int64_t person_id, const char *label, struct text clear,
                    struct bytes *ret_sealed) {
    struct people_key key;
    TRY(people_key_of(q, person_id, &key));
    *ret_sealed = people_seal_with(q, &key, label, clear);
    sodium_memzero(&key, sizeof(key));
    return NULL;
}

refusal people_open(struct request *q, int64_t person_id, const char *label, struct bytes sealed,
                    struct text *ret_clear) {
    struct people_key_row row = {0};
    struct people_key key;
    bool found = false;
    TRY(read_key(q, person_id, &row, &found));
    struct text boxed = {(const char *)sealed.data, sealed.length};
    bool opened = found && !row.destroyed_at.ms &&
                  people_key_open(q, person_id, row.master_id, row.wrapped, &key) &&
                  people_open_with(q, &key, label, boxed, ret_clear);
    sodium_memzero(&key, sizeof(key));
    if (opened) return NULL;
    return refuse(q, NOT_FOUND, "", "这些资料已经打不开了", "this data can no longer be opened");
}
