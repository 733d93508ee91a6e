/* Persons, roles, and who a token belongs to. */
#include "ground/people/inside.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "ground/audit/audit.h"
#include "ground/jobs/jobs.h"

SHAPE_ENUM_DEFINE(people_language, PEOPLE_LANGUAGES);
SHAPE_DEFINE(people_reach, PEOPLE_REACH_FIELDS);
SHAPE_DEFINE(people_person, PEOPLE_PERSON_FIELDS);
SHAPE_DEFINE(people_draft, PEOPLE_DRAFT_FIELDS);

SHAPE_ENUM_DEFINE(people_scope, PEOPLE_SCOPES);
static_assert((int)PEOPLE_OWN == SCOPE_OWN && (int)PEOPLE_ORGANISATION == SCOPE_ORGANISATION &&
                  (int)PEOPLE_COUNTY == SCOPE_COUNTY && (int)PEOPLE_ALL == SCOPE_ALL,
              "the words stand in the order of enum scope");

/* ---- phones ---- */

struct text people_mask_phone(struct arena *arena, struct text phone) {
    if (phone.length != 11) return TEXT("***");
    return text_format(arena, "%.3s****%.4s", phone.bytes, phone.bytes + 7);
}

/* The first character, and nothing of how long the rest is. */
struct text people_mask_name(struct arena *arena, struct text name) {
    size_t at = 0;
    if (name.length == 0) return TEXT("");
    (void)text_next(name, &at);
    return text_format(arena, "%.*s*", (int)at, name.bytes);
}

/* The digit at *AT, also full-width, which Chinese keyboards write; -1 for what may stand between
 * digits, -2 for anything else. */
static int phone_digit(struct text written, size_t *at) {
    uint32_t point = text_next(written, at);
    if (point >= '0' && point <= '9') return (int)(point - '0');
    if (point >= 0xFF10 && point <= 0xFF19) return (int)(point - 0xFF10);
    bool between = point == ' ' || point == '-' || point == '(' || point == ')' || point == 0xA0 ||
                   point == 0x3000 || (point >= 0x2010 && point <= 0x2015) || point == 0xFF0D ||
                   point == 0xFF08 || point == 0xFF09;
    return between ? -1 : -2;
}

bool people_read_phone(struct arena *arena, struct text written, struct text *ret_phone) {
    struct text whole = text_trim(written);
    char digits[20];
    size_t count = 0;
    size_t at = 0;
    if (text_starts(whole, TEXT("+")) || text_starts(whole, TEXT("＋")))
        (void)text_next(whole, &at);
    while (at < whole.length) {
        int digit = phone_digit(whole, &at);
        if (digit == -2 || count == sizeof(digits)) return false;
        if (digit >= 0) digits[count++] = (char)('0' + digit);
    }
    const char *from = digits;
    if (count == 15 && memcmp(digits, "0086", 4) == 0)
        from += 4;
    else if (count == 13 && memcmp(digits, "86", 2) == 0)
        from += 2;
    else if (count != 11)
        return false;
    if (from[0] != '1' || from[1] < '3') return false;
    *ret_phone = text_copy(arena, (struct text){from, 11});
    return true;
}

struct bytes people_phone_index(struct request *q, struct text phone) {
    unsigned char *index = arena_take_raw(q->arena, KEYRING_HASH_BYTES);
    keyring_hash(q->app->keyring, "phone", people_bytes(phone), index);
    return (struct bytes){index, KEYRING_HASH_BYTES};
}

/* ---- persons ---- */

refusal people_find(struct request *q, struct bytes phone_index, int64_t *ret_person_id) {
    *ret_person_id = 0;
    return db_int(q->db, SQL("b", "SELECT person_id FROM people_phone WHERE phone_index = $1"),
                  PARAMS(phone_index), ret_person_id, NULL);
}

refusal people_insert(struct request *q, const struct people_new *new_person,
                      int64_t *ret_person_id, bool *ret_new) {
    int64_t id = request_new_id(q);
    int64_t changed = 0;
    struct bytes index = people_phone_index(q, new_person->phone);
    /* The phone comes first: whoever has it is the person, so two first log-ins make one account.
     */
    TRY(db_run(q->db,
               SQL("bi", "INSERT INTO people_phone (phone_index, person_id) VALUES ($1, $2) "
                         "ON CONFLICT (phone_index) DO NOTHING"),
               PARAMS(index, id), &changed));
    *ret_new = changed == 1;
    if (!*ret_new) return people_find(q, index, ret_person_id);
    struct people_key key = {.person_id = id};
    q->app->random(q->app, key.bytes, sizeof(key.bytes));
    struct keyring_wrapped wrapped = keyring_wrap(q->app, q->arena, id, key.bytes);
    struct bytes phone = people_seal_with(q, &key, PEOPLE_PHONE_LABEL, new_person->phone);
    struct bytes name = people_seal_with(q, &key, PEOPLE_NAME_LABEL, new_person->name);
    sodium_memzero(&key, sizeof(key));
    TRY(db_run(q->db,
               SQL("iibi", "INSERT INTO people_key (person_id, master_id, wrapped, made_at, "
                           "destroyed_at) VALUES ($1, $2, $3, $4, 0)"),
               PARAMS(id, wrapped.master_id, wrapped.wrapped, q->now), NULL));
    TRY(db_run(
        q->db,
        SQL("ibbbti",
            "INSERT INTO people_person (id, phone_index, phone_sealed, name_sealed, language, "
            "password_hash, default_address_id, made_at, closed_at) "
            "VALUES ($1, $2, $3, $4, 'zh', $5, 0, $6, 0)"),
        PARAMS(id, index, phone, name, new_person->password_hash, q->now), NULL));
    *ret_person_id = id;
    return NULL;
}

#define PEOPLE_ROW_FIELDS(F, S)                                                                    \
    F(S, TEXT, phone_index)                                                                        \
    F(S, TEXT, phone_sealed)                                                                       \
    F(S, TEXT, name_sealed)                                                                        \
    F(S, ENUM, language, people_language)                                                          \
    F(S, TEXT, password_hash)                                                                      \
    F(S, TIME, made_at)                                                                            \
    F(S, TIME, phone_change_at)                                                                    \
    F(S, INT, master_id)                                                                           \
    F(S, TEXT, wrapped)
SHAPE_DECLARE(people_row, PEOPLE_ROW_FIELDS);
SHAPE_DEFINE(people_row, PEOPLE_ROW_FIELDS);

/* The row of a living account and its key at hand. */
static refusal read_person(struct request *q, int64_t person_id, struct people_row *ret_row,
                           struct people_key *ret_key) {
    bool found = false;
    TRY(db_row(q->db,
               SQL("i", "SELECT p.phone_index, p.phone_sealed, p.name_sealed, p.language, "
                        "p.password_hash, p.made_at, c.due_at AS phone_change_at, k.master_id, "
                        "k.wrapped FROM people_person p JOIN people_key k ON k.person_id = p.id "
                        "LEFT JOIN people_phone_change c ON c.person_id = p.id "
                        "WHERE p.id = $1 AND p.closed_at = 0"),
               PARAMS(person_id), &people_row_shape, ret_row, &found));
    if (!found || !people_key_open(q, person_id, ret_row->master_id, ret_row->wrapped, ret_key))
        return refuse(q, NOT_FOUND, "", "没有这个账号", "no such account");
    return NULL;
}

#define PEOPLE_ROLE_HELD_FIELDS(F, S)                                                              \
    F(S, TEXT, role)                                                                               \
    F(S, OBJECT, reach, people_reach)
SHAPE_DECLARE(people_role_held, PEOPLE_ROLE_HELD_FIELDS);
SHAPE_DEFINE(people_role_held, PEOPLE_ROLE_HELD_FIELDS);

/* Two roles may allow the same as far: it is said once. */
static bool has_reach(const struct people_reach_list *grants, const struct people_reach *reach) {
    for (size_t i = 0; i < grants->count; i++) {
        const struct people_reach *one = &grants->items[i];
        if (one->scope == reach->scope && one->scope_id == reach->scope_id &&
            text_equal(one->permission, reach->permission))
            return true;
    }
    return false;
}

/* HELD comes by role, then by reach. */
static void add_roles(struct arena *arena, const struct people_role_held_list *held,
                      struct people_person *person) {
    person->roles.items = arena_new(arena, struct text, held->count + 1);
    person->organisation_ids.items = arena_new(arena, int64_t, held->count + 1);
    person->grants.items = arena_new(arena, struct people_reach, held->count + 1);
    person->roles.items[person->roles.count++] = TEXT("buyer");
    for (size_t i = 0; i < held->count; i++) {
        const struct people_role_held *one = &held->items[i];
        struct text newest = person->roles.items[person->roles.count - 1];
        if (!text_equal(one->role, newest)) person->roles.items[person->roles.count++] = one->role;
        if (has_reach(&person->grants, &one->reach)) continue;
        person->grants.items[person->grants.count++] = one->reach;
        if (one->reach.scope == PEOPLE_ORGANISATION && text_is(one->reach.permission, "sell"))
            person->organisation_ids.items[person->organisation_ids.count++] = one->reach.scope_id;
    }
}

refusal people_person_of(struct request *q, int64_t person_id, struct people_person *ret_person) {
    struct people_row row = {0};
    struct people_key key;
    TRY(read_person(q, person_id, &row, &key));
    struct text phone = {0};
    *ret_person = (struct people_person){.id = person_id,
                                         .language = row.language,
                                         .has_password = row.password_hash.length > 0,
                                         .created_at = row.made_at,
                                         .phone_change_at = row.phone_change_at};
    bool opened = people_open_with(q, &key, PEOPLE_PHONE_LABEL, row.phone_sealed, &phone) &&
                  people_open_with(q, &key, PEOPLE_NAME_LABEL, row.name_sealed, &ret_person->name);
    sodium_memzero(&key, sizeof(key));
    if (!opened)
        return refuse(q, NOT_FOUND, "", "这些资料已经打不开了",
                      "this data can no longer be opened");
    ret_person->phone_masked = people_mask_phone(q->arena, phone);
    struct people_role_held_list held;
    TRY(db_rows(q->db,
                SQL("ii", "SELECT g.role, r.permission AS \"reach.permission\", "
                          "g.scope AS \"reach.scope\", g.scope_id AS \"reach.scope_id\" "
                          "FROM people_grant g JOIN people_role r ON r.role = g.role "
                          "WHERE g.person_id = $1 "
                          "ORDER BY g.role, g.scope, g.scope_id, r.permission LIMIT $2"),
                PARAMS(person_id, (int64_t)PEOPLE_GRANTS_MAX * PERMISSION_COUNT),
                &people_role_held_shape, &held));
    add_roles(q->arena, &held, ret_person);
    return NULL;
}

refusal people_contact_of(struct request *q, int64_t person_id,
                          struct people_contact *ret_contact) {
    struct people_row row = {0};
    struct people_key key;
    TRY(read_person(q, person_id, &row, &key));
    bool opened =
        people_open_with(q, &key, PEOPLE_PHONE_LABEL, row.phone_sealed, &ret_contact->phone);
    sodium_memzero(&key, sizeof(key));
    if (!opened)
        return refuse(q, NOT_FOUND, "", "这些资料已经打不开了",
                      "this data can no longer be opened");
    ret_contact->phone_index = people_bytes(row.phone_index);
    ret_contact->password_hash = row.password_hash;
    return NULL;
}

refusal people_change(struct request *q, const struct people_draft *draft) {
    struct text name = text_trim(draft->name);
    if (name.length == 0 || text_find(name, TEXT("\n"), 0) != SIZE_MAX)
        return refuse(q, BAD_INPUT, "name", "请写一个名字，写在一行里", "write a name on one line");
    struct bytes sealed;
    TRY(people_seal(q, q->who->person_id, PEOPLE_NAME_LABEL, name, &sealed));
    return db_run(
        q->db,
        SQL("ibt", "UPDATE people_person SET name_sealed = $2, language = $3 "
                   "WHERE id = $1 AND closed_at = 0"),
        PARAMS(q->who->person_id, sealed, shape_enum_text(&people_language_enum, draft->language)),
        NULL);
}

/* ---- roles ---- */

static struct text grant_words(struct arena *arena, const char *role, enum scope scope,
                               int64_t scope_id) {
    struct text reach = shape_enum_text(&people_scope_enum, (unsigned)scope);
    return text_format(arena, "{\"role\":\"%s\",\"scope\":\"%.*s\",\"scope_id\":\"%lld\"}", role,
                       (int)reach.length, reach.bytes, (long long)scope_id);
}

#define PEOPLE_ROOM_LEFT_FIELDS(F, S) F(S, INT, permissions) F(S, INT, grants)
SHAPE_DECLARE(people_room_left, PEOPLE_ROOM_LEFT_FIELDS);
SHAPE_DEFINE(people_room_left, PEOPLE_ROOM_LEFT_FIELDS);

refusal people_give_role(struct request *q, int64_t person_id, const char *role, enum scope scope,
                         int64_t scope_id) {
    struct people_room_left room = {0};
    bool found = false;
    int64_t changed = 0;
    TRY(db_row(q->db,
               SQL("ti",
                   "SELECT (SELECT CAST(count(*) AS BIGINT) FROM people_role WHERE role = $1) "
                   "AS permissions, (SELECT CAST(count(*) AS BIGINT) FROM people_grant "
                   "WHERE person_id = $2) AS grants"),
               PARAMS(role, person_id), &people_room_left_shape, &room, &found));
    if (room.permissions == 0)
        return refuse(q, NOT_FOUND, "role", "没有叫 %s 的角色", "there is no role %s", role);
    if (room.grants >= PEOPLE_GRANTS_MAX)
        return refuse(q, CONFLICT, "role", "一个人最多担任 %d 项", "at most %d grants a person",
                      PEOPLE_GRANTS_MAX);
    TRY(db_run(q->db,
               SQL("ittii", "INSERT INTO people_grant (person_id, role, scope, scope_id, given_at) "
                            "VALUES ($1, $2, $3, $4, $5) "
                            "ON CONFLICT (person_id, role, scope, scope_id) DO NOTHING"),
               PARAMS(person_id, role, shape_enum_text(&people_scope_enum, (unsigned)scope),
                      scope_id, q->now),
               &changed));
    if (changed == 0) return NULL;
    return audit_write(q,
                       &(struct audit_act){.action = "people.give_role",
                                           .subject = "person",
                                           .subject_id = person_id,
                                           .after = grant_words(q->arena, role, scope, scope_id)});
}

refusal people_take_role(struct request *q, int64_t person_id, const char *role, enum scope scope,
                         int64_t scope_id) {
    int64_t changed = 0;
    TRY(db_run(
        q->db,
        SQL("itti", "DELETE FROM people_grant WHERE person_id = $1 AND role = $2 "
                    "AND scope = $3 AND scope_id = $4"),
        PARAMS(person_id, role, shape_enum_text(&people_scope_enum, (unsigned)scope), scope_id),
        &changed));
    if (changed == 0) return NULL;
    return audit_write(q,
                       &(struct audit_act){.action = "people.take_role",
                                           .subject = "person",
                                           .subject_id = person_id,
                                           .before = grant_words(q->arena, role, scope, scope_id)});
}

static const char *const permission_words[PERMISSION_COUNT] = {
#define X(name, about) [PERMISSION_##name] = #name,
    PERMISSIONS(X)
#undef X
};

bool people_find_permission(struct text word, enum permission *ret_permission) {
    for (unsigned i = 0; i < PERMISSION_COUNT; i++)
        if (text_is(word, permission_words[i])) {
            *ret_permission = (enum permission)i;
            return true;
        }
    return false;
}

struct text people_permission_text(enum permission permission) {
    return text_of(permission_words[permission]);
}

/* ---- who is it ---- */

#define PEOPLE_PASS_FIELDS(F, S)                                                                   \
    F(S, ID, session_id)                                                                           \
    F(S, TIME, used_at)                                                                            \
    F(S, TEXT, permission)                                                                         \
    F(S, ENUM, scope, people_scope)                                                                \
    F(S, ID, scope_id)
SHAPE_DECLARE(people_pass, PEOPLE_PASS_FIELDS);
SHAPE_DEFINE(people_pass, PEOPLE_PASS_FIELDS);

static void fill_principal(struct arena *arena, const struct people_pass_list *passes,
                           struct principal *who) {
    struct grant *grants = arena_new(arena, struct grant, passes->count);
    for (size_t i = 0; i < passes->count; i++) {
        const struct people_pass *pass = &passes->items[i];
        /* A permission that a newer release brought is none here: an older node grants less, never
         * more. */
        enum permission permission;
        if (!people_find_permission(pass->permission, &permission)) continue;
        grants[who->grant_count++] =
            (struct grant){permission, (enum scope)pass->scope, pass->scope_id};
    }
    who->grants = grants;
    who->session_id = passes->items[0].session_id;
}

refusal people_principal_of(struct request *q, int64_t person_id, struct principal *ret_who) {
    struct people_pass_list passes;
    struct principal who = {0};
    TRY(db_rows(q->db,
                SQL("ii",
                    "SELECT CAST(0 AS BIGINT) AS session_id, p.made_at AS used_at, r.permission, "
                    "'own' AS scope, CAST(0 AS BIGINT) AS scope_id FROM people_person p "
                    "JOIN people_role r ON r.role = 'buyer' "
                    "WHERE p.id = $1 AND p.closed_at = 0 "
                    "UNION ALL "
                    "SELECT CAST(0 AS BIGINT), p.made_at, r.permission, g.scope, g.scope_id "
                    "FROM people_person p JOIN people_grant g ON g.person_id = p.id "
                    "JOIN people_role r ON r.role = g.role "
                    "WHERE p.id = $1 AND p.closed_at = 0 LIMIT $2"),
                PARAMS(person_id, (int64_t)PEOPLE_GRANTS_MAX * PERMISSION_COUNT + PERMISSION_COUNT),
                &people_pass_shape, &passes));
    if (passes.count) {
        who.person_id = person_id;
        fill_principal(q->arena, &passes, &who);
    }
    *ret_who = who;
    return NULL;
}

/* A token is base64 of the person's id and 256 random bits: the id leads to the person's own rows,
 * the hash of all of it must be among the sessions there. One statement, on every request. */
refusal people_authenticate(struct request *q, struct text token, struct principal *ret_who) {
    *ret_who = (struct principal){0};
    unsigned char bytes[PEOPLE_TOKEN_BYTES];
    unsigned char hash[KEYRING_HASH_BYTES];
    size_t length = 0;
    if (token.length == 0 || token.length > 64 ||
        sodium_base642bin(bytes, sizeof(bytes), token.bytes, token.length, NULL, &length, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        length != PEOPLE_TOKEN_BYTES)
        return NULL;
    uint64_t person_id = 0;
    for (int i = 0; i < 8; i++) person_id = person_id << 8 | bytes[i];
    if (person_id == 0 || person_id > INT64_MAX) return NULL;
    keyring_hash(q->app->keyring, "session", (struct bytes){bytes, sizeof(bytes)}, hash);
    struct bytes token_hash = {hash, sizeof(hash)};
    struct people_pass_list passes;
    TRY(db_rows(
        q->db,
        SQL("ibii",
            "SELECT s.id AS session_id, s.used_at, r.permission, 'own' AS scope, "
            "CAST(0 AS BIGINT) AS scope_id FROM people_session s "
            "JOIN people_role r ON r.role = 'buyer' "
            "WHERE s.person_id = $1 AND s.token_hash = $2 AND s.expires_at > $3 "
            "UNION ALL "
            "SELECT s.id, s.used_at, r.permission, g.scope, g.scope_id FROM people_session s "
            "JOIN people_grant g ON g.person_id = s.person_id "
            "JOIN people_role r ON r.role = g.role "
            "WHERE s.person_id = $1 AND s.token_hash = $2 AND s.expires_at > $3 LIMIT $4"),
        PARAMS((int64_t)person_id, token_hash, q->now,
               (int64_t)PEOPLE_GRANTS_MAX * PERMISSION_COUNT + PERMISSION_COUNT),
        &people_pass_shape, &passes));
    if (passes.count == 0) return NULL;
    ret_who->person_id = (int64_t)person_id;
    ret_who->touch_due = q->now.ms - passes.items[0].used_at.ms >= PEOPLE_TOUCH_MS;
    fill_principal(q->arena, &passes, ret_who);
    return NULL;
}

refusal people_touch(struct request *q) {
    if (!q->who || !q->who->session_id) return NULL;
    return db_run(q->db,
                  SQL("iiiii", "UPDATE people_session SET used_at = $3, expires_at = "
                               "CASE WHEN ends_at < $4 THEN ends_at ELSE $4 END "
                               "WHERE person_id = $1 AND id = $2 AND used_at <= $5"),
                  PARAMS(q->who->person_id, q->who->session_id, q->now,
                         instant_after(q->now, (int64_t)PEOPLE_IDLE_DAYS * DAY_MS),
                         instant_after(q->now, -PEOPLE_TOUCH_MS)),
                  NULL);
}

/* ---- for the demo and tests ---- */

refusal people_make(struct request *q, struct text phone, struct text name, struct text password,
                    int64_t *ret_person_id) {
    struct people_new new_person = {.phone = phone, .name = name};
    assert(phone.length == 11);
    if (password.length) {
        new_person.password_hash = keyring_password_hash(q->app->keyring, q->arena, password);
        if (!new_person.password_hash.length) return problem_wait(q->arena, PROBLEM_BUSY, 1);
    }
    bool is_new;
    return people_insert(q, &new_person, ret_person_id, &is_new);
}

/* ---- start ---- */

#define PEOPLE_MARK_FIELDS(F, S) F(S, TEXT, name) F(S, TEXT, mark)
SHAPE_DECLARE(people_mark, PEOPLE_MARK_FIELDS);
SHAPE_DEFINE(people_mark, PEOPLE_MARK_FIELDS);

/* What start asks the database: whether it was written with these keys. */
struct agreement {
    bool read_only;
    bool agrees;
};

static bool mark_is_ours(const struct people_mark *row, const struct keyring_mark *marks,
                         size_t count) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(row->name, marks[i].name)) {
            struct text mark = {(const char *)marks[i].mark.data, marks[i].mark.length};
            return text_equal(row->mark, mark);
        }
    return false;
}

static refusal agree_keys(struct request *q, void *context) {
    struct agreement *agreement = context;
    struct keyring_mark marks[KEYRING_MARKS_MAX];
    size_t count = keyring_marks(q->app->keyring, q->arena, marks);
    struct people_mark_list rows;
    agreement->agrees = true;
    TRY(db_rows(q->db, SQL("", "SELECT name, mark FROM people_keyring ORDER BY name LIMIT 40"),
                NO_PARAMS, &people_mark_shape, &rows));
    for (size_t i = 0; i < rows.count; i++)
        if (!mark_is_ours(&rows.items[i], marks, count)) agreement->agrees = false;
    if (agreement->read_only || !agreement->agrees || rows.count == count) return NULL;
    for (size_t i = 0; i < count; i++) /* a handful of keys, at start */
        TRY(db_run(q->db,
                   SQL("tb", "INSERT INTO people_keyring (name, mark) VALUES ($1, $2) "
                             "ON CONFLICT (name) DO NOTHING"),
                   PARAMS(marks[i].name, marks[i].mark), NULL));
    return NULL;
}

static void keyed_hash(const struct app *app, const char *label, struct bytes clear,
                       unsigned char *ret_hash) {
    keyring_hash(app->keyring, label, clear, ret_hash);
}

bool people_start(struct app *app, struct arena *arena, bool read_only, struct text *ret_error) {
    if (!app->keyring && !keyring_load(app, !read_only, arena, &app->keyring, ret_error))
        return false;
    struct agreement agreement = {.read_only = read_only};
    refusal refused = road_work(app, arena, !read_only, agree_keys, &agreement);
    if (refused || !agreement.agrees) {
        *ret_error =
            refused ? TEXT("the database does not answer")
                    : TEXT("the key file keys/master.key belongs to another database: "
                           "put this database's own key file there, as the last rotation left it");
        people_stop(app);
        return false;
    }
    if (!app->sms) app->sms = sms_local_make(arena, app->demo);
    if (!app->authenticate) app->authenticate = people_authenticate;
    if (!app->touch) app->touch = people_touch;
    if (!app->keyed_hash) app->keyed_hash = keyed_hash;
    return true;
}

void people_stop(struct app *app) {
    keyring_close(app->keyring);
    app->keyring = NULL;
}
