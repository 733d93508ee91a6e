/* Reading applications: one, one's own, and what a desk has to look at. */
#include "ground/files/files.h"
#include "ground/people/people.h"
#include "kernel/base/json.h"
#include "market/onboarding/inside.h"

SHAPE_ENUM_DEFINE(onboarding_state, ONBOARDING_STATES);
SHAPE_ENUM_DEFINE(onboarding_step_kind, ONBOARDING_STEP_KINDS);
SHAPE_DEFINE(onboarding_step, ONBOARDING_STEP_FIELDS);
SHAPE_DEFINE(onboarding_application, ONBOARDING_APPLICATION_FIELDS);
SHAPE_DEFINE(onboarding_contact, ONBOARDING_CONTACT_FIELDS);
SHAPE_DEFINE(onboarding_row, ONBOARDING_ROW_FIELDS);
SHAPE_DEFINE(onboarding_card, ONBOARDING_CARD_FIELDS);
SHAPE_DEFINE_PAGE(onboarding_card);
SHAPE_DEFINE(onboarding_list_query, ONBOARDING_LIST_QUERY_FIELDS);

/* ---- documents as a row keeps them ---- */

struct text onboarding_join_documents(struct arena *arena,
                                      const struct onboarding_document_list *documents) {
    struct buffer joined = buffer_make(arena, LIMIT_BODY_BYTES);
    for (size_t i = 0; i < documents->count; i++) {
        if (i) buffer_add_char(&joined, '\x1e');
        buffer_add_text(&joined,
                        shape_enum_text(&onboarding_document_kind_enum, documents->items[i].kind));
        buffer_add_char(&joined, '\x1e');
        buffer_add_text(&joined, documents->items[i].address);
    }
    return buffer_text(&joined);
}

struct onboarding_document_list onboarding_split_documents(struct arena *arena,
                                                           const struct text_list *papers) {
    struct onboarding_document_list documents = {
        arena_new(arena, struct onboarding_document, papers->count / 2), papers->count / 2};
    for (size_t i = 0; i < documents.count; i++) {
        unsigned kind = ONBOARDING_OTHER;
        shape_enum_find(&onboarding_document_kind_enum, papers->items[i * 2], &kind);
        documents.items[i] = (struct onboarding_document){kind, papers->items[i * 2 + 1]};
    }
    return documents;
}

/* ---- who may ---- */

/* A grant of the whole house is not the county's: what the county says is the county's word. */
bool onboarding_is_county(const struct request *q, int64_t place_code) {
    for (size_t i = 0; i < q->who->grant_count; i++) {
        const struct grant *grant = &q->who->grants[i];
        if (grant->permission == PERMISSION_review && grant->scope == SCOPE_COUNTY &&
            place_code >= grant->scope_id && place_code <= places_last_code(grant->scope_id))
            return true;
    }
    return false;
}

bool onboarding_is_platform(const struct request *q) {
    return request_reaches(q, PERMISSION_review, (struct owner){0});
}

bool onboarding_waits(enum onboarding_state state) {
    return state == ONBOARDING_SUBMITTED || state == ONBOARDING_RECOMMENDED;
}

refusal onboarding_row_of(struct request *q, int64_t id, struct onboarding_row *ret_row) {
    struct onboarding_row row;
    bool found;
    TRY(db_row(q->db,
               SQL("i",
                   "SELECT application_id AS \"shown.id\", state AS \"shown.state\","
                   " kind AS \"shown.kind\", name AS \"shown.name\", summary AS \"shown.summary\","
                   " place_code AS \"shown.place_code\", goods_words AS \"shown.goods_text\","
                   " credit_code AS \"shown.credit_code\", makes_food AS \"shown.makes_food\","
                   " food_licence AS \"shown.food_licence\", reason AS \"shown.reason\","
                   " seller_id AS \"shown.seller_id\", made_at AS \"shown.made_at\","
                   " changed_at AS \"shown.changed_at\","
                   " submitted_at AS \"shown.submitted_at\", person_id, documents AS papers,"
                   " contact, declared_version FROM onboarding_application"
                   " WHERE application_id = $1"),
               PARAMS(id), &onboarding_row_shape, &row, &found));
    bool own = found && row.person_id == q->who->person_id;
    bool desk =
        found && row.shown.submitted_at.ms > 0 &&
        request_reaches(q, PERMISSION_review, (struct owner){.place_code = row.shown.place_code});
    if (!own && !desk)
        return refuse(q, NOT_FOUND, "id", "没有这份申请", "there is no such application");
    row.shown.documents = onboarding_split_documents(q->arena, &row.papers);
    row.shown.declared = row.declared_version.length > 0;
    *ret_row = row;
    return NULL;
}

refusal onboarding_open_contact(struct request *q, const struct onboarding_row *row,
                                struct onboarding_contact *ret_contact) {
    struct text clear;
    const struct bytes sealed = {(const unsigned char *)row->contact.bytes, row->contact.length};
    refusal refused = people_open(q, row->person_id, ONBOARDING_CONTACT_LABEL, sealed, &clear);
    /* Who closed the account took the key along. */
    if (refused && refused->kind == PROBLEM_NOT_FOUND) {
        *ret_contact = (struct onboarding_contact){0};
        return NULL;
    }
    TRY(refused);
    return shape_read_json(&onboarding_contact_shape, q->arena, json_read(q->arena, clear, NULL),
                           ret_contact);
}

/* ---- one ---- */

/* Papers are private: the applicant, and who reviews while there is something to review, get a link
 * to each that ends soon. Others read that the application was there, without its papers. */
static void link_documents(struct request *q, bool is_shown,
                           struct onboarding_document_list *documents) {
    if (!is_shown) documents->count = 0;
    for (size_t i = 0; i < documents->count; i++)
        if (files_is_address(documents->items[i].address))
            documents->items[i].address = files_link(q, documents->items[i].address);
}

static struct text mask_name(struct arena *arena, struct text name) {
    size_t first = 0;
    if (name.length == 0) return name;
    text_next(name, &first);
    return text_format(arena, "%.*s**", (int)first, name.bytes);
}

static void note_may(struct request *q, const struct onboarding_row *row,
                     struct onboarding_application *reply) {
    bool own = row->person_id == q->who->person_id;
    enum onboarding_state state = reply->state;
    bool with_applicant = state == ONBOARDING_DRAFT || state == ONBOARDING_REFUSED;
    bool waits = onboarding_waits(state);
    const struct {
        const char *word;
        bool may;
    } all[] = {
        {"edit", own && with_applicant},
        {"submit", own && with_applicant},
        {"withdraw", own && (with_applicant || waits)},
        {"recommend",
         !own && state == ONBOARDING_SUBMITTED && onboarding_is_county(q, reply->place_code)},
        {"decide", !own && state == ONBOARDING_RECOMMENDED && onboarding_is_platform(q)},
        {"see_contact", !own && waits &&
                            request_reaches(q, PERMISSION_unmask,
                                            (struct owner){.place_code = reply->place_code})},
    };
    enum { ALL = sizeof(all) / sizeof(all[0]) };
    reply->may = (struct text_list){arena_new(q->arena, struct text, ALL), 0};
    for (size_t i = 0; i < ALL; i++)
        if (all[i].may) reply->may.items[reply->may.count++] = text_of(all[i].word);
}

#define STEP_ROW_FIELDS(F, S)                                                                      \
    F(S, OBJECT, step, onboarding_step)                                                            \
    F(S, TEXTS, papers)
SHAPE_DECLARE(onboarding_step_row, STEP_ROW_FIELDS);
SHAPE_DEFINE(onboarding_step_row, STEP_ROW_FIELDS);

static refusal read_steps(struct request *q, int64_t id, struct onboarding_step_list *ret_steps) {
    struct onboarding_step_row_list rows;
    TRY(db_rows(q->db,
                SQL("ii", "SELECT kind AS \"step.kind\", words AS \"step.words\","
                          " at AS \"step.at\", documents AS papers FROM onboarding_step"
                          " WHERE application_id = $1 ORDER BY step_id DESC LIMIT $2"),
                PARAMS(id, (int64_t)ONBOARDING_STEPS_SHOWN), &onboarding_step_row_shape, &rows));
    ret_steps->items = arena_new(q->arena, struct onboarding_step, rows.count);
    ret_steps->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        ret_steps->items[i] = rows.items[i].step;
        ret_steps->items[i].documents = onboarding_split_documents(q->arena, &rows.items[i].papers);
    }
    return NULL;
}

refusal onboarding_read(struct request *q, int64_t id, struct onboarding_application *ret_reply) {
    struct onboarding_row row;
    struct onboarding_contact contact;
    TRY(onboarding_row_of(q, id, &row));
    TRY(onboarding_open_contact(q, &row, &contact));
    struct onboarding_application reply = row.shown;
    bool own = row.person_id == q->who->person_id;
    reply.contact_name = own ? contact.name : mask_name(q->arena, contact.name);
    reply.contact_phone = own || contact.phone.length == 0
                              ? contact.phone
                              : people_mask_phone(q->arena, contact.phone);
    reply.kind_name = catalog_seller_kind_name(reply.kind);
    reply.origin = places_origin_of(q->arena, reply.place_code);
    note_may(q, &row, &reply);
    TRY(read_steps(q, id, &reply.steps));
    bool is_shown = own || onboarding_waits(reply.state);
    link_documents(q, is_shown, &reply.documents);
    for (size_t i = 0; i < reply.steps.count; i++)
        link_documents(q, is_shown, &reply.steps.items[i].documents);
    *ret_reply = reply;
    return NULL;
}

/* ---- lists ---- */

#define ONBOARDING_CARD_ROW_FIELDS(F, S)                                                           \
    F(S, OBJECT, card, onboarding_card)                                                            \
    F(S, ID, place_code)
SHAPE_DECLARE(onboarding_card_row, ONBOARDING_CARD_ROW_FIELDS);
SHAPE_DEFINE(onboarding_card_row, ONBOARDING_CARD_ROW_FIELDS);

#define CARD_COLUMNS                                                                               \
    "SELECT application_id AS \"card.id\", state AS \"card.state\", kind AS \"card.kind\","        \
    " name AS \"card.name\", goods_words AS \"card.goods_text\", reason AS \"card.reason\","       \
    " seller_id AS \"card.seller_id\", changed_at AS \"card.changed_at\","                         \
    " submitted_at AS \"card.submitted_at\", place_code FROM onboarding_application"

static refusal list_own(struct request *q, const struct onboarding_list_query *query,
                        struct catalog_key after, struct onboarding_card_row_list *ret_rows) {
    int64_t before_id = after.id ? after.id : INT64_MAX;
    return db_rows(q->db,
                   SQL("iii", CARD_COLUMNS " WHERE person_id = $1 AND application_id < $2"
                                           " ORDER BY application_id DESC LIMIT $3"),
                   PARAMS(q->who->person_id, before_id, query->limit + 1),
                   &onboarding_card_row_shape, ret_rows);
}

static refusal list_desk(struct request *q, const struct onboarding_list_query *query,
                         struct catalog_key after, struct onboarding_card_row_list *ret_rows) {
    struct text state = query->state.length ? query->state : TEXT("submitted");
    struct places_reach reach;
    unsigned known;
    if (!shape_enum_find(&onboarding_state_enum, state, &known) || known == ONBOARDING_DRAFT)
        return refuse(q, BAD_INPUT, "state", "没有这种状态", "there is no such state");
    TRY(places_reach_of(q, PERMISSION_review, query->place, &reach));
    return db_rows(q->db,
                   SQL("tiiiiiiiiiii", CARD_COLUMNS
                       " WHERE state = $1 AND (submitted_at, application_id) > ($2, $3)"
                       " AND submitted_at > 0 AND (place_code BETWEEN $4 AND $5"
                       " OR place_code BETWEEN $6 AND $7 OR place_code BETWEEN $8 AND $9"
                       " OR place_code BETWEEN $10 AND $11)"
                       " ORDER BY submitted_at, application_id LIMIT $12"),
                   PARAMS(state, after.key, after.id, reach.first[0], reach.last[0], reach.first[1],
                          reach.last[1], reach.first[2], reach.last[2], reach.first[3],
                          reach.last[3], query->limit + 1),
                   &onboarding_card_row_shape, ret_rows);
}

refusal onboarding_list(struct request *q, const struct onboarding_list_query *query,
                        struct onboarding_card_page *ret_page) {
    struct catalog_key after = {0};
    struct onboarding_card_row_list rows = {0};
    TRY(catalog_key_read(q, query->after, &after));
    TRY(query->desk ? list_desk(q, query, after, &rows) : list_own(q, query, after, &rows));
    if (rows.count > (size_t)query->limit) {
        const struct onboarding_card *last = &rows.items[--rows.count - 1].card;
        ret_page->next = catalog_key_write(
            q->arena, (struct catalog_key){query->desk ? last->submitted_at.ms : 0, last->id});
    }
    ret_page->items.items = arena_new(q->arena, struct onboarding_card, rows.count);
    ret_page->items.count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        struct onboarding_card card = rows.items[i].card;
        card.kind_name = catalog_seller_kind_name(card.kind);
        card.origin_name = places_origin_of(q->arena, rows.items[i].place_code).short_name;
        ret_page->items.items[i] = card;
    }
    return NULL;
}

enum { COUNT_MAX = 1000 };

refusal onboarding_count_waiting(struct request *q, int64_t place_code, int64_t *ret_count) {
    const int64_t last = places_last_code(place_code);
    const char *state = place_code ? "submitted" : "recommended";
    return db_int(q->db,
                  SQL("tiii", "SELECT count(*) FROM (SELECT application_id"
                              " FROM onboarding_application WHERE state = $1"
                              " AND place_code BETWEEN $2 AND $3 LIMIT $4) AS waiting"),
                  PARAMS(state, place_code, last, (int64_t)COUNT_MAX), ret_count, NULL);
}
