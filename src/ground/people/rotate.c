/* Rotating the master key: a new one in the key file, then every person's data key under it, a
 * bounded piece a transaction. A data key is whole under one master key or the other at any moment,
 * so whatever kills it leaves nothing that does not open; it goes on from where it was. */
#include <sodium.h>

#include "ground/audit/audit.h"
#include "ground/people/inside.h"

SHAPE_DEFINE(people_wrapping, PEOPLE_WRAPPING_FIELDS);

#define PEOPLE_OLD_KEY_FIELDS(F, S) F(S, ID, person_id) F(S, INT, master_id) F(S, TEXT, wrapped)
SHAPE_DECLARE(people_old_key, PEOPLE_OLD_KEY_FIELDS);
SHAPE_DEFINE(people_old_key, PEOPLE_OLD_KEY_FIELDS);

static refusal rewrap(struct request *q, const struct people_old_key *old) {
    struct people_key key;
    if (!people_key_open(q, old->person_id, old->master_id, old->wrapped, &key))
        return refuse(q, INTERNAL, "", "%lld 的钥匙打不开",
                      "the data key of person %lld does not open", (long long)old->person_id);
    struct keyring_wrapped fresh = keyring_wrap(q->app, q->arena, old->person_id, key.bytes);
    people_key_close(&key);
    /* A key that was destroyed or wrapped anew meanwhile stays as it is. */
    return db_run(q->db,
                  SQL("iiib", "UPDATE people_key SET master_id = $3, wrapped = $4 "
                              "WHERE person_id = $1 AND master_id = $2 AND destroyed_at = 0"),
                  PARAMS(old->person_id, old->master_id, fresh.master_id, fresh.wrapped), NULL);
}

refusal people_rewrap(struct request *q, int64_t *ret_count) {
    struct people_old_key_list old;
    TRY(db_rows(q->db,
                SQL("ii", "SELECT person_id, master_id, wrapped FROM people_key "
                          "WHERE master_id < $1 AND destroyed_at = 0 "
                          "ORDER BY master_id, person_id LIMIT $2"),
                PARAMS(keyring_newest(q->app->keyring), (int64_t)PEOPLE_REWRAP_ROWS),
                &people_old_key_shape, &old));
    for (size_t i = 0; i < old.count; i++) TRY(rewrap(q, &old.items[i]));
    *ret_count = (int64_t)old.count;
    return NULL;
}

refusal people_wrappings(struct request *q, struct people_wrapping *ret_wrapping) {
    bool found = false;
    return db_row(q->db,
                  SQL("i", "SELECT CAST(COALESCE(sum(CASE WHEN master_id < $1 THEN 1 ELSE 0 END), "
                           "0) AS BIGINT) AS left, COALESCE(min(master_id), 0) AS oldest_id "
                           "FROM people_key WHERE destroyed_at = 0"),
                  PARAMS(keyring_newest(q->app->keyring)), &people_wrapping_shape, ret_wrapping,
                  &found);
}

static refusal read_wrappings(struct request *q, void *context) {
    return people_wrappings(q, context);
}

static refusal rewrap_piece(struct request *q, void *context) { return people_rewrap(q, context); }

static refusal note_rotation(struct request *q, void *context) {
    (void)context;
    return audit_write(q, &(struct audit_act){
                              .action = "people.rotate_keys", .subject = "house", .subject_id = 0});
}

static bool add_key(struct app *app, struct arena *arena, struct text *ret_error) {
    if (!keyring_add_master(app, arena, ret_error)) return false;
    people_stop(app);
    if (!people_start(app, arena, false, ret_error)) return false;
    if (!road_work(app, arena, true, note_rotation, NULL)) return true;
    *ret_error = TEXT("the database does not answer");
    return false;
}

bool people_rotate_keys(struct app *app, struct arena *arena, void (*told)(int64_t left),
                        struct text *ret_error) {
    struct people_wrapping wrapping = {0};
    *ret_error = TEXT("the database does not answer");
    if (road_work(app, arena, false, read_wrappings, &wrapping)) return false;
    if (wrapping.left == 0 && !add_key(app, arena, ret_error)) return false;
    for (int64_t count = 1; count > 0;) {
        struct arena scratch = {0};
        refusal refused = road_work(app, &scratch, true, rewrap_piece, &count);
        if (!refused && told) refused = road_work(app, &scratch, false, read_wrappings, &wrapping);
        /* What a database that fails refuses with says nothing of its own. */
        if (refused && refused->fault_count) *ret_error = text_copy(arena, refused->faults[0].en);
        arena_free(&scratch);
        if (refused) return false;
        if (told) told(wrapping.left);
    }
    return true;
}

/* The marks go first: a key without a mark is marked again at the next start, a mark without its
 * key would keep the house shut. */
static refusal drop_marks(struct request *q, void *context) {
    const struct people_wrapping *wrapping = context;
    for (int64_t id = 1; id < wrapping->oldest_id; id++) { /* a handful, by a command */
        if (!keyring_has(q->app->keyring, id)) continue;
        TRY(db_run(q->db, SQL("t", "DELETE FROM people_keyring WHERE name = $1"),
                   PARAMS(text_format(q->arena, "master %lld", (long long)id)), NULL));
    }
    return audit_write(q, &(struct audit_act){
                              .action = "people.retire_keys", .subject = "house", .subject_id = 0});
}

bool people_retire_keys(struct app *app, struct arena *arena, int64_t *ret_count,
                        struct text *ret_error) {
    struct people_wrapping wrapping = {0};
    *ret_count = 0;
    *ret_error = TEXT("the database does not answer");
    if (road_work(app, arena, false, read_wrappings, &wrapping)) return false;
    if (wrapping.oldest_id == 0) wrapping.oldest_id = keyring_newest(app->keyring);
    if (road_work(app, arena, true, drop_marks, &wrapping)) return false;
    if (!keyring_retire(app, arena, wrapping.oldest_id, ret_count, ret_error)) return false;
    people_stop(app);
    return people_start(app, arena, false, ret_error);
}
