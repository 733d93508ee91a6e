/* The roles desk: who holds what. Nobody gives to themselves, nobody takes the last who may give,
 * and people are found by their exact phone alone. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ground/audit/audit.h"
#include "ground/people/inside.h"
#include "ground/places/places.h"

SHAPE_DEFINE(people_lookup, PEOPLE_LOOKUP_FIELDS);
SHAPE_DEFINE(people_grant_card, PEOPLE_GRANT_CARD_FIELDS);
SHAPE_DEFINE_PAGE(people_grant_card);
SHAPE_DEFINE(people_found, PEOPLE_FOUND_FIELDS);
SHAPE_DEFINE_PAGE(people_found);
SHAPE_DEFINE(people_role_card, PEOPLE_ROLE_CARD_FIELDS);
SHAPE_DEFINE_PAGE(people_role_card);
SHAPE_DEFINE(people_role_draft, PEOPLE_ROLE_DRAFT_FIELDS);
SHAPE_DEFINE(people_grant_draft, PEOPLE_GRANT_DRAFT_FIELDS);
SHAPE_DEFINE(people_grants_query, PEOPLE_GRANTS_QUERY_FIELDS);

const struct fact people_organisation_asked = {"people_organisation_asked"};

/* ---- grants as they are shown ---- */

#define PEOPLE_GRANT_ROW_FIELDS(F, S)                                                              \
    F(S, ID, person_id)                                                                            \
    F(S, TEXT, role)                                                                               \
    F(S, ENUM, scope, people_scope)                                                                \
    F(S, ID, scope_id)                                                                             \
    F(S, TIME, given_at)                                                                           \
    F(S, TEXT, phone_sealed)                                                                       \
    F(S, TEXT, name_sealed)                                                                        \
    F(S, INT, master_id)                                                                           \
    F(S, TEXT, wrapped)
SHAPE_DECLARE(people_grant_row, PEOPLE_GRANT_ROW_FIELDS);
SHAPE_DEFINE(people_grant_row, PEOPLE_GRANT_ROW_FIELDS);

#define GRANT_COLUMNS                                                                              \
    "SELECT g.person_id, g.role, g.scope, g.scope_id, g.given_at, p.phone_sealed, "                \
    "p.name_sealed, k.master_id, k.wrapped FROM people_grant g "                                   \
    "JOIN people_person p ON p.id = g.person_id JOIN people_key k ON k.person_id = g.person_id "
#define GRANT_ORDER " ORDER BY g.person_id, g.role, g.scope, g.scope_id LIMIT "

/* A grant's name in addresses: "123.seller_keeper.organisation.45". */
struct grant_key {
    int64_t person_id;
    struct text role;
    enum people_scope scope;
    int64_t scope_id;
};

static struct text write_key(struct arena *arena, const struct people_grant_row *row) {
    struct text scope = shape_enum_text(&people_scope_enum, row->scope);
    return text_format(arena, "%lld.%.*s.%.*s.%lld", (long long)row->person_id,
                       (int)row->role.length, row->role.bytes, (int)scope.length, scope.bytes,
                       (long long)row->scope_id);
}

static bool read_key(struct text whole, struct grant_key *ret_key) {
    struct text parts[4];
    size_t from = 0;
    unsigned scope;
    for (size_t i = 0; i < 4; i++) {
        size_t end = text_find(whole, TEXT("."), from);
        if ((end == SIZE_MAX) != (i == 3)) return false;
        parts[i] = text_slice(whole, from, end);
        from = end + 1;
    }
    ret_key->role = parts[1];
    if (!text_to_int64(parts[0], &ret_key->person_id) ||
        !text_to_int64(parts[3], &ret_key->scope_id) ||
        !shape_enum_find(&people_scope_enum, parts[2], &scope))
        return false;
    ret_key->scope = (enum people_scope)scope;
    return ret_key->person_id > 0 && ret_key->scope_id >= 0;
}

static void mask(struct request *q, int64_t person_id, const struct people_grant_row *row,
                 struct people_grant_card *card) {
    struct people_key key;
    struct text phone = {0}, name = {0};
    if (people_key_open(q, person_id, row->master_id, row->wrapped, &key)) {
        (void)people_open_with(q, &key, PEOPLE_PHONE_LABEL, row->phone_sealed, &phone);
        (void)people_open_with(q, &key, PEOPLE_NAME_LABEL, row->name_sealed, &name);
    }
    people_key_close(&key);
    card->phone_masked = people_mask_phone(q->arena, phone);
    card->name_masked = people_mask_name(q->arena, name);
}

static struct people_grant_card show(struct request *q, const struct people_grant_row *row) {
    struct people_grant_card card = {.key = write_key(q->arena, row),
                                     .person_id = row->person_id,
                                     .role = row->role,
                                     .scope = row->scope,
                                     .scope_id = row->scope_id,
                                     .given_at = row->given_at};
    mask(q, row->person_id, row, &card);
    return card;
}

static refusal list(struct request *q, const struct people_grants_query *query,
                    const struct grant_key *after, struct people_grant_row_list *ret_rows) {
    int64_t rows = query->limit + 1;
    struct text scope = shape_enum_text(&people_scope_enum, after->scope);
    if (query->organisation_id)
        return db_rows(
            q->db,
            SQL("ittiii", GRANT_COLUMNS
                "WHERE g.scope = 'organisation' AND g.scope_id = $5 AND "
                "(g.person_id, g.role, g.scope, g.scope_id) > ($1, $2, $3, $4)" GRANT_ORDER "$6"),
            PARAMS(after->person_id, after->role, scope, after->scope_id, query->organisation_id,
                   rows),
            &people_grant_row_shape, ret_rows);
    if (query->role.length)
        return db_rows(
            q->db,
            SQL("ittiti", GRANT_COLUMNS
                "WHERE g.role = $5 AND "
                "(g.person_id, g.role, g.scope, g.scope_id) > ($1, $2, $3, $4)" GRANT_ORDER "$6"),
            PARAMS(after->person_id, after->role, scope, after->scope_id, query->role, rows),
            &people_grant_row_shape, ret_rows);
    return db_rows(q->db,
                   SQL("ittii", GRANT_COLUMNS "WHERE (g.person_id, g.role, g.scope, g.scope_id) > "
                                              "($1, $2, $3, $4)" GRANT_ORDER "$5"),
                   PARAMS(after->person_id, after->role, scope, after->scope_id, rows),
                   &people_grant_row_shape, ret_rows);
}

/* ---- how far the giver reaches ---- */

/* An organisation with its place; organisation_id 0 when nobody knows it. */
static refusal find_organisation(struct request *q, int64_t organisation_id,
                                 struct owner *ret_owner) {
    struct people_organisation asked = {organisation_id, ret_owner};
    *ret_owner = (struct owner){0};
    if (organisation_id == 0) return NULL;
    return request_announce(q, &people_organisation_asked, &asked);
}

/* Who may give everything, everywhere. */
static bool reaches_all(const struct request *q) {
    return request_reaches(q, PERMISSION_grant, (struct owner){0});
}

/* Within a county one may say who keeps a seller there, and nothing else: an office is given by
 * whoever answers for the whole house. */
static bool reaches(const struct request *q, const struct grant_key *grant,
                    const struct owner *organisation) {
    if (reaches_all(q)) return true;
    return grant->scope == PEOPLE_ORGANISATION && text_is(grant->role, "seller_keeper") &&
           organisation->organisation_id && request_reaches(q, PERMISSION_grant, *organisation);
}

refusal people_grants(struct request *q, const struct people_grants_query *query,
                      struct people_grant_card_page *ret_page) {
    struct grant_key after = {.role = TEXT("")};
    struct people_grant_row_list rows;
    struct owner organisation;
    if (query->after.length && !read_key(query->after, &after))
        return refuse(q, BAD_INPUT, "after", "不是列表给出的位置", "not a key of the list");
    if (query->role.length && query->organisation_id)
        return refuse(q, BAD_INPUT, "role", "按角色查和按店查只能选一样",
                      "ask by role or by seller, not both");
    TRY(find_organisation(q, query->organisation_id, &organisation));
    if (!reaches_all(q) &&
        !(organisation.organisation_id && request_reaches(q, PERMISSION_grant, organisation)))
        return refuse(q, NOT_FOUND, "", "没有找到", "not found");
    TRY(list(q, query, &after, &rows));
    bool more = rows.count > (size_t)query->limit;
    if (more) rows.count = (size_t)query->limit;
    ret_page->items.items = arena_new(q->arena, struct people_grant_card, rows.count + 1);
    ret_page->items.count = rows.count;
    for (size_t i = 0; i < rows.count; i++) ret_page->items.items[i] = show(q, &rows.items[i]);
    if (more) ret_page->next = ret_page->items.items[rows.count - 1].key;
    return NULL;
}

/* ---- finding a person ---- */

/* The row of a living person in the columns of a grant's. */
static refusal read_person(struct request *q, int64_t person_id, struct people_grant_row *ret_row,
                           bool *ret_found) {
    return db_row(q->db,
                  SQL("i", "SELECT p.id AS person_id, p.made_at AS given_at, p.phone_sealed, "
                           "p.name_sealed, k.master_id, k.wrapped FROM people_person p "
                           "JOIN people_key k ON k.person_id = p.id "
                           "WHERE p.id = $1 AND p.closed_at = 0"),
                  PARAMS(person_id), &people_grant_row_shape, ret_row, ret_found);
}

static refusal read_grants(struct request *q, int64_t person_id,
                           struct people_grant_card_list *ret_grants) {
    struct people_grant_row_list rows;
    TRY(db_rows(q->db, SQL("ii", GRANT_COLUMNS "WHERE g.person_id = $1" GRANT_ORDER "$2"),
                PARAMS(person_id, (int64_t)PEOPLE_GRANTS_MAX), &people_grant_row_shape, &rows));
    ret_grants->items = arena_new(q->arena, struct people_grant_card, rows.count + 1);
    ret_grants->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) ret_grants->items[i] = show(q, &rows.items[i]);
    return NULL;
}

/* The phone comes in a body, so that no log of addresses holds it. Every look is counted and
 * audited, also one that finds nobody. */
refusal people_look_up(struct request *q, const struct people_lookup *lookup,
                       struct people_found_page *ret_page) {
    struct text phone;
    int64_t wait_ms = 0, person_id = 0;
    bool found = false;
    if (!people_read_phone(q->arena, lookup->phone, &phone))
        return refuse(q, BAD_INPUT, "phone", "请填 11 位手机号",
                      "must be a mobile number of 11 digits");
    struct bytes officer = people_tries_person(q, q->who->person_id);
    TRY(people_tries_wait(q, &people_limit_look_up, officer, &wait_ms));
    if (wait_ms > 0) return people_tries_refuse(q, wait_ms);
    TRY(people_tries_add(q, &people_limit_look_up, officer, NULL));
    TRY(people_find(q, people_phone_index(q, phone), &person_id));
    TRY(audit_write(q, &(struct audit_act){.action = "people.look_up",
                                           .subject = "person",
                                           .subject_id = person_id}));
    if (person_id == 0) return NULL;
    struct people_grant_row row = {0};
    TRY(read_person(q, person_id, &row, &found));
    if (!found) return NULL;
    struct people_grant_card masked = {0};
    struct people_found *person = arena_new(q->arena, struct people_found, 1);
    mask(q, person_id, &row, &masked);
    *person = (struct people_found){.id = person_id,
                                    .name_masked = masked.name_masked,
                                    .phone_masked = masked.phone_masked,
                                    .created_at = row.given_at};
    /* What else somebody holds is for whoever answers for the whole house. */
    if (reaches_all(q)) TRY(read_grants(q, person_id, &person->grants));
    ret_page->items = (struct people_found_list){person, 1};
    return NULL;
}

/* ---- giving and taking ---- */

static refusal refuse_last(struct request *q) {
    int64_t left = 0;
    TRY(db_int(q->db,
               SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_grant g JOIN people_role r "
                       "ON r.role = g.role AND r.permission = 'grant' WHERE g.scope = 'all'"),
               NO_PARAMS, &left, NULL));
    if (left > 0) return NULL;
    return refuse(q, WRONG_STATE, "", "这样就没有人能给别人角色了，请先让另一个人也能",
                  "nobody could give roles any more: let somebody else do so first");
}

static bool scope_fits(const struct people_grant_draft *draft, const struct owner *organisation) {
    struct place place;
    switch (draft->scope) {
    case PEOPLE_OWN:
    case PEOPLE_ALL: return draft->scope_id == 0;
    case PEOPLE_ORGANISATION: return organisation->organisation_id != 0;
    case PEOPLE_COUNTY: return places_find(draft->scope_id, &place) && place.level <= PLACE_COUNTY;
    }
    return false;
}

static refusal check_scope(struct request *q, const struct people_grant_draft *draft,
                           const struct owner *organisation) {
    if (scope_fits(draft, organisation)) return NULL;
    return refuse(q, BAD_INPUT, "scope_id", "范围不对：店要填店的编号，县要填 12 位代码，别的不填",
                  "a seller's id for organisation, a 12-digit code for county, else nothing");
}

refusal people_grant_give(struct request *q, const struct people_grant_draft *draft,
                          struct people_grant_card *ret_grant) {
    struct owner organisation;
    struct people_grant_row row = {0};
    bool found = false;
    const struct grant_key key = {draft->person_id, draft->role, draft->scope, draft->scope_id};
    TRY(find_organisation(q, draft->scope == PEOPLE_ORGANISATION ? draft->scope_id : 0,
                          &organisation));
    if (!reaches(q, &key, &organisation))
        return refuse(q, NOT_FOUND, "scope_id", "没有找到", "not found");
    TRY(check_scope(q, draft, &organisation));
    if (draft->person_id == q->who->person_id)
        return refuse(q, WRONG_STATE, "person_id", "不能给自己，请另一位有权的人来给",
                      "nobody gives to themselves: ask another who may");
    TRY(read_person(q, draft->person_id, &row, &found));
    if (!found) return refuse(q, NOT_FOUND, "person_id", "没有这个人", "there is no such person");
    if (text_is(draft->role, "buyer"))
        return refuse(q, WRONG_STATE, "role", "人人都是买家，不用给", "everybody is a buyer");
    TRY(people_give_role(q, draft->person_id, text_terminated(q->arena, draft->role),
                         (enum scope)draft->scope, draft->scope_id));
    row.role = draft->role;
    row.scope = draft->scope;
    row.scope_id = draft->scope_id;
    row.given_at = q->now;
    *ret_grant = show(q, &row);
    return NULL;
}

refusal people_grant_take(struct request *q, struct text words) {
    struct grant_key key;
    struct owner organisation;
    int64_t held = 0;
    if (!read_key(words, &key)) return refuse(q, NOT_FOUND, "key", "没有找到", "not found");
    TRY(find_organisation(q, key.scope == PEOPLE_ORGANISATION ? key.scope_id : 0, &organisation));
    TRY(db_int(q->db,
               SQL("itti", "SELECT 1 FROM people_grant WHERE person_id = $1 AND role = $2 "
                           "AND scope = $3 AND scope_id = $4"),
               PARAMS(key.person_id, key.role, shape_enum_text(&people_scope_enum, key.scope),
                      key.scope_id),
               &held, NULL));
    if (!held || !reaches(q, &key, &organisation))
        return refuse(q, NOT_FOUND, "key", "没有找到", "not found");
    TRY(people_take_role(q, key.person_id, text_terminated(q->arena, key.role),
                         (enum scope)key.scope, key.scope_id));
    return refuse_last(q);
}

/* ---- roles ---- */

#define PEOPLE_ROLE_ROW_FIELDS(F, S) F(S, TEXT, role) F(S, TEXT, permission)
SHAPE_DECLARE(people_role_row, PEOPLE_ROLE_ROW_FIELDS);
SHAPE_DEFINE(people_role_row, PEOPLE_ROLE_ROW_FIELDS);

enum { ROLE_ROWS_MAX = PEOPLE_ROLES_MAX * 30 };

static struct people_role_card begin_role(struct arena *arena, struct text name, size_t room) {
    return (struct people_role_card){.name = name,
                                     .permissions = {arena_new(arena, struct text, room), 0},
                                     .is_everybodys = text_is(name, "buyer")};
}

refusal people_roles(struct request *q, struct people_role_card_page *ret_page) {
    struct people_role_row_list rows;
    TRY(db_rows(q->db,
                SQL("i", "SELECT role, permission FROM people_role ORDER BY role, permission "
                         "LIMIT $1"),
                PARAMS((int64_t)ROLE_ROWS_MAX), &people_role_row_shape, &rows));
    struct people_role_card *roles = arena_new(q->arena, struct people_role_card, rows.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        if (count == 0 || !text_equal(roles[count - 1].name, rows.items[i].role))
            roles[count++] = begin_role(q->arena, rows.items[i].role, rows.count - i);
        struct text_list *permissions = &roles[count - 1].permissions;
        permissions->items[permissions->count++] = rows.items[i].permission;
    }
    ret_page->items = (struct people_role_card_list){roles, count};
    return NULL;
}

static bool is_role_name(struct text name) {
    bool fits = name.length >= 3 && name.length <= 40 && name.bytes[0] != '_';
    for (size_t i = 0; i < name.length; i++)
        fits = fits && ((name.bytes[i] >= 'a' && name.bytes[i] <= 'z') || name.bytes[i] == '_');
    return fits;
}

static refusal check_permissions(struct request *q, const struct people_role_draft *draft) {
    for (size_t i = 0; i < draft->permissions.count; i++) {
        struct text word = draft->permissions.items[i];
        enum permission permission;
        bool known = people_find_permission(word, &permission) && permission != PERMISSION_buy &&
                     permission != PERMISSION_account;
        for (size_t j = 0; j < i && known; j++)
            known = !text_equal(word, draft->permissions.items[j]);
        if (known) continue;
        return refuse(q, BAD_INPUT, "permissions", "第 %d 项不是能给的权限，或者写了两遍",
                      "number %d is no permission to give, or is there twice", (int)i + 1);
    }
    return NULL;
}

static struct text permission_words(struct arena *arena, const struct text_list *permissions) {
    struct buffer words = buffer_make(arena, 2000);
    buffer_add_literal(&words, "{\"permissions\":[");
    for (size_t i = 0; i < permissions->count; i++)
        buffer_add_format(&words, "%s\"%.*s\"", i ? "," : "", (int)permissions->items[i].length,
                          permissions->items[i].bytes);
    buffer_add_literal(&words, "]}");
    assert(!words.overflowed);
    return buffer_text(&words);
}

static refusal write_role(struct request *q, struct text name,
                          const struct people_role_draft *draft) {
    TRY(db_run(q->db, SQL("t", "DELETE FROM people_role WHERE role = $1"), PARAMS(name), NULL));
    for (size_t i = 0; i < draft->permissions.count; i++) /* at most as many as there are words */
        TRY(db_run(q->db, SQL("tt", "INSERT INTO people_role (role, permission) VALUES ($1, $2)"),
                   PARAMS(name, draft->permissions.items[i]), NULL));
    return refuse_last(q);
}

static refusal refuse_own(struct request *q, struct text name) {
    int64_t held = 0;
    TRY(db_int(q->db,
               SQL("it", "SELECT 1 FROM people_grant WHERE person_id = $1 AND role = $2 LIMIT 1"),
               PARAMS(q->who->person_id, name), &held, NULL));
    if (!held) return NULL;
    return refuse(q, WRONG_STATE, "name", "您自己担任这个角色，请另一位有权的人来改",
                  "you hold this role yourself: ask another who may");
}

refusal people_role_put(struct request *q, struct text name, const struct people_role_draft *draft,
                        struct people_role_card *ret_role) {
    struct people_role_card_page all = {0};
    struct text before = {0};
    if (!reaches_all(q)) return refuse(q, NOT_FOUND, "", "没有找到", "not found");
    if (!is_role_name(name))
        return refuse(q, BAD_INPUT, "name", "角色名用小写字母和下划线，3 到 40 个",
                      "3 to 40 small letters and underscores");
    if (text_is(name, "buyer"))
        return refuse(q, WRONG_STATE, "name", "买家是人人都有的，不能改",
                      "buyer is everybody's and stays as it is");
    TRY(check_permissions(q, draft));
    TRY(refuse_own(q, name));
    TRY(people_roles(q, &all));
    for (size_t i = 0; i < all.items.count; i++)
        if (text_equal(all.items.items[i].name, name))
            before = permission_words(q->arena, &all.items.items[i].permissions);
    if (before.length == 0 && all.items.count >= PEOPLE_ROLES_MAX)
        return refuse(q, CONFLICT, "name", "最多 %d 个角色", "at most %d roles", PEOPLE_ROLES_MAX);
    TRY(write_role(q, name, draft));
    ret_role->name = name;
    ret_role->permissions = draft->permissions;
    return audit_write(q,
                       &(struct audit_act){.action = "people.role",
                                           .subject = "role",
                                           .subject_id = 0,
                                           .before = before,
                                           .after = permission_words(q->arena, &draft->permissions),
                                           .reason = name});
}

/* ---- the first who may give ---- */

enum { PLACE_CODE_DIGITS = 12, ROLE_NAMES_BYTES_MAX = 2000 };

static refusal read_reach(struct request *q, struct text reach,
                          struct people_grant_draft *ret_draft) {
    struct owner organisation;
    ret_draft->scope = PEOPLE_ALL;
    if (text_is(reach, "all")) return NULL;
    bool is_number = text_to_int64(reach, &ret_draft->scope_id) && ret_draft->scope_id > 0;
    bool is_place = reach.length == PLACE_CODE_DIGITS;
    ret_draft->scope = is_place ? PEOPLE_COUNTY : PEOPLE_ORGANISATION;
    TRY(find_organisation(q, is_number && !is_place ? ret_draft->scope_id : 0, &organisation));
    if (is_number && scope_fits(ret_draft, &organisation)) return NULL;
    return refuse(q, BAD_INPUT, "reach",
                  "%.*s 不是范围：写 all，或者一家店的编号，或者省、市、县的 12 位代码",
                  "%.*s is no reach: it is \"all\", the id of a seller, or the 12-digit code of a "
                  "province, city or county",
                  (int)reach.length, reach.bytes);
}

/* An unknown one is answered with those that there are. */
static refusal check_role(struct request *q, struct text role) {
    struct people_role_card_page roles = {0};
    struct buffer names = buffer_make(q->arena, ROLE_NAMES_BYTES_MAX);
    TRY(people_roles(q, &roles));
    for (size_t i = 0; i < roles.items.count; i++) {
        const struct people_role_card *one = &roles.items.items[i];
        if (one->is_everybodys) continue;
        if (text_equal(one->name, role)) return NULL;
        buffer_add_format(&names, "%s%.*s", names.length ? ", " : "", (int)one->name.length,
                          one->name.bytes);
    }
    struct text known = buffer_text(&names);
    return refuse(q, NOT_FOUND, "role", "没有这个角色，有的是：%.*s",
                  "there is no such role; there are: %.*s", (int)known.length, known.bytes);
}

refusal people_appoint(struct request *q, const struct people_appointment *appointment,
                       int64_t *ret_person_id) {
    struct text phone;
    struct people_grant_draft draft = {.role = appointment->role};
    if (!people_read_phone(q->arena, appointment->phone, &phone))
        return refuse(q, BAD_INPUT, "phone", "请填 11 位手机号",
                      "the phone must be a mobile number of 11 digits");
    TRY(check_role(q, draft.role));
    TRY(read_reach(q, appointment->reach, &draft));
    TRY(people_find(q, people_phone_index(q, phone), &draft.person_id));
    if (draft.person_id == 0)
        return refuse(q, NOT_FOUND, "phone", "这个手机号还没有登录过，请先在商城里登录一次",
                      "nobody has logged in with this phone yet: log in to the shop once, then "
                      "give the role");
    TRY(people_give_role(q, draft.person_id, text_terminated(q->arena, draft.role),
                         (enum scope)draft.scope, draft.scope_id));
    *ret_person_id = draft.person_id;
    return NULL;
}
