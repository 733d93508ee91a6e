/* The address book: one sealed row an address, one default a person. */
#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "ground/people/inside.h"
#include "ground/places/places.h"

SHAPE_DEFINE(people_address, PEOPLE_ADDRESS_FIELDS);
SHAPE_DEFINE_PAGE(people_address);
SHAPE_DEFINE(people_address_draft, PEOPLE_ADDRESS_DRAFT_FIELDS);

static const char address_label[] = "people.address";

/* Who receives, where and under which number is one ciphertext: fields joined by U+001F, which no
 * input may hold. */
enum { ADDRESS_PARTS = 4 };
static const struct text part_separator = {"\x1f", 1};

static struct text join_parts(struct arena *arena, const struct text *parts) {
    struct buffer buffer = buffer_make(arena, 4096);
    for (size_t i = 0; i < ADDRESS_PARTS; i++) {
        if (i) buffer_add_text(&buffer, part_separator);
        buffer_add_text(&buffer, parts[i]);
    }
    assert(!buffer.overflowed);
    return buffer_text(&buffer);
}

static bool split_parts(struct text joined, struct text *ret_parts) {
    size_t from = 0;
    for (size_t i = 0; i < ADDRESS_PARTS; i++) {
        size_t end = text_find(joined, part_separator, from);
        if ((end == SIZE_MAX) != (i == ADDRESS_PARTS - 1)) return false;
        ret_parts[i] = text_slice(joined, from, end);
        from = end + 1;
    }
    return true;
}

#define PEOPLE_ADDRESS_ROW_FIELDS(F, S)                                                            \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, sealed)                                                                             \
    F(S, ID, default_address_id)                                                                   \
    F(S, INT, master_id)                                                                           \
    F(S, TEXT, wrapped)
SHAPE_DECLARE(people_address_row, PEOPLE_ADDRESS_ROW_FIELDS);
SHAPE_DEFINE(people_address_row, PEOPLE_ADDRESS_ROW_FIELDS);

static refusal open_row(struct request *q, const struct people_key *key,
                        const struct people_address_row *row, struct people_address *ret_address) {
    struct text joined, parts[ADDRESS_PARTS];
    int64_t code = 0;
    if (!people_open_with(q, key, address_label, row->sealed, &joined) ||
        !split_parts(joined, parts) || !places_read_code(parts[2], &code))
        return refuse(q, NOT_FOUND, "", "这些资料已经打不开了",
                      "this data can no longer be opened");
    *ret_address = (struct people_address){.id = row->id,
                                           .name = parts[0],
                                           .phone = parts[1],
                                           .place_code = parts[2],
                                           .place_names = places_names(q->arena, code),
                                           .street = parts[3],
                                           .is_default = row->id == row->default_address_id};
    return NULL;
}

static refusal open_key(struct request *q, int64_t person_id, const struct people_address_row *row,
                        struct people_key *ret_key) {
    if (people_key_open(q, person_id, row->master_id, row->wrapped, ret_key)) return NULL;
    return refuse(q, NOT_FOUND, "", "这些资料已经打不开了", "this data can no longer be opened");
}

refusal people_address_with_key(struct request *q, int64_t person_id, int64_t address_id,
                                struct people_address *ret_address, struct people_key *ret_key) {
    struct people_address_row row = {0};
    bool found = false;
    TRY(db_row(q->db,
               SQL("ii", "SELECT a.id, a.sealed, p.default_address_id, k.master_id, k.wrapped "
                         "FROM people_person p JOIN people_key k ON k.person_id = p.id "
                         "JOIN people_address a ON a.person_id = p.id WHERE p.id = $1 "
                         "AND a.id = CASE WHEN $2 = 0 THEN p.default_address_id ELSE $2 END"),
               PARAMS(person_id, address_id), &people_address_row_shape, &row, &found));
    if (!found && address_id == 0)
        return refuse(q, NOT_FOUND, "address_id", "还没有默认的收货地址，请先加一个",
                      "there is no default address yet");
    if (!found) return refuse(q, NOT_FOUND, "address_id", "没有这个地址", "no such address");
    TRY(open_key(q, person_id, &row, ret_key));
    refusal refused = open_row(q, ret_key, &row, ret_address);
    if (refused) people_key_close(ret_key);
    return refused;
}

refusal people_address_of(struct request *q, int64_t person_id, int64_t address_id,
                          struct people_address *ret_address) {
    struct people_key key;
    TRY(people_address_with_key(q, person_id, address_id, ret_address, &key));
    people_key_close(&key);
    return NULL;
}

/* The default first, then the newest: a book holds PEOPLE_ADDRESSES_MAX, which is one page. */
refusal people_addresses(struct request *q, struct people_address_page *ret_page) {
    struct people_address_row_list rows;
    struct people_key key;
    int64_t person_id = q->who->person_id;
    TRY(db_rows(q->db,
                SQL("ii", "SELECT a.id, a.sealed, p.default_address_id, k.master_id, k.wrapped "
                          "FROM people_person p JOIN people_key k ON k.person_id = p.id "
                          "JOIN people_address a ON a.person_id = p.id WHERE p.id = $1 "
                          "ORDER BY CASE WHEN a.id = p.default_address_id THEN 0 ELSE 1 END, "
                          "a.id DESC LIMIT $2"),
                PARAMS(person_id, (int64_t)PEOPLE_ADDRESSES_MAX), &people_address_row_shape,
                &rows));
    ret_page->items.items = arena_new(q->arena, struct people_address, rows.count + 1);
    ret_page->items.count = rows.count;
    if (rows.count == 0) return NULL;
    TRY(open_key(q, person_id, &rows.items[0], &key));
    refusal refused = NULL;
    for (size_t i = 0; i < rows.count && !refused; i++)
        refused = open_row(q, &key, &rows.items[i], &ret_page->items.items[i]);
    sodium_memzero(&key, sizeof(key));
    return refused;
}

/* ---- drafts ---- */

struct draft_faults {
    struct problem problem;
    struct fault items[ADDRESS_PARTS];
};

static void add_fault(struct draft_faults *faults, const char *field, const char *zh,
                      const char *en) {
    assert(faults->problem.fault_count < ADDRESS_PARTS);
    faults->items[faults->problem.fault_count++] =
        (struct fault){text_of(field), text_of(zh), text_of(en)};
}

static struct text one_line(struct arena *arena, struct text whole) {
    struct text trimmed = text_copy(arena, text_trim(whole));
    char *bytes = (char *)(uintptr_t)trimmed.bytes;
    for (size_t i = 0; i < trimmed.length; i++)
        if (bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t') bytes[i] = ' ';
    return trimmed;
}

/* The draft as it is kept; every fault is named at once. */
static refusal read_draft(struct request *q, const struct people_address_draft *draft,
                          struct people_address *ret_address) {
    struct draft_faults *faults = arena_new(q->arena, struct draft_faults, 1);
    struct place place;
    int64_t code = 0;
    *ret_address = (struct people_address){.name = one_line(q->arena, draft->name),
                                           .place_code = draft->place_code,
                                           .street = one_line(q->arena, draft->street)};
    if (ret_address->name.length == 0)
        add_fault(faults, "name", "请填收货人的名字", "who receives?");
    if (!people_read_phone(q->arena, draft->phone, &ret_address->phone))
        add_fault(faults, "phone", "请填 11 位手机号", "must be a mobile number of 11 digits");
    if (!places_read_code(draft->place_code, &code) || !places_find(code, &place) ||
        (place.level != PLACE_COUNTY && place.level != PLACE_TOWN))
        add_fault(faults, "place_code", "请选到县（区）或乡镇（街道）",
                  "choose a county or a town");
    if (ret_address->street.length == 0)
        add_fault(faults, "street", "请填村、路和门牌", "which street or village, which number?");
    if (faults->problem.fault_count) {
        faults->problem.kind = PROBLEM_BAD_INPUT;
        faults->problem.faults = faults->items;
        return &faults->problem;
    }
    ret_address->place_names = places_names(q->arena, code);
    return NULL;
}

static refusal refuse_full_book(struct request *q) {
    int64_t count = 0;
    TRY(db_int(q->db,
               SQL("i", "SELECT CAST(count(*) AS BIGINT) FROM people_address WHERE person_id = $1"),
               PARAMS(q->who->person_id), &count, NULL));
    if (count < PEOPLE_ADDRESSES_MAX) return NULL;
    return refuse(q, CONFLICT, "", "地址簿最多存 %d 个地址，请先删一个",
                  "the address book holds %d addresses: delete one first", PEOPLE_ADDRESSES_MAX);
}

static refusal store_address(struct request *q, int64_t address_id, struct bytes sealed) {
    int64_t changed = 0;
    TRY(db_run(q->db,
               SQL("iibi", "UPDATE people_address SET sealed = $3, changed_at = $4 "
                           "WHERE person_id = $1 AND id = $2"),
               PARAMS(q->who->person_id, address_id, sealed, q->now), &changed));
    return changed ? NULL : refuse(q, NOT_FOUND, "id", "没有这个地址", "no such address");
}

static refusal insert_address(struct request *q, struct bytes sealed, int64_t *ret_address_id) {
    TRY(refuse_full_book(q));
    *ret_address_id = request_new_id(q);
    return db_run(q->db,
                  SQL("iibi",
                      "INSERT INTO people_address (person_id, id, sealed, made_at, changed_at) "
                      "VALUES ($1, $2, $3, $4, $4)"),
                  PARAMS(q->who->person_id, *ret_address_id, sealed, q->now), NULL);
}

refusal people_address_put(struct request *q, int64_t address_id,
                           const struct people_address_draft *draft,
                           struct people_address *ret_address) {
    struct bytes sealed;
    int64_t default_id = 0;
    TRY(read_draft(q, draft, ret_address));
    const struct text parts[ADDRESS_PARTS] = {ret_address->name, ret_address->phone,
                                              ret_address->place_code, ret_address->street};
    TRY(people_seal(q, q->who->person_id, address_label, join_parts(q->arena, parts), &sealed));
    if (address_id)
        TRY(store_address(q, address_id, sealed));
    else
        TRY(insert_address(q, sealed, &address_id));
    /* There is one default whenever there is an address: the first is it, and it only moves. */
    TRY(db_int(q->db,
               SQL("iii", "UPDATE people_person SET default_address_id = CASE WHEN $3 = 1 OR "
                          "default_address_id = 0 THEN $2 ELSE default_address_id END "
                          "WHERE id = $1 RETURNING default_address_id"),
               PARAMS(q->who->person_id, address_id, draft->is_default), &default_id, NULL));
    ret_address->id = address_id;
    ret_address->is_default = default_id == address_id;
    return NULL;
}

refusal people_address_delete(struct request *q, int64_t address_id) {
    int64_t changed = 0;
    TRY(db_run(q->db, SQL("ii", "DELETE FROM people_address WHERE person_id = $1 AND id = $2"),
               PARAMS(q->who->person_id, address_id), &changed));
    if (changed == 0) return refuse(q, NOT_FOUND, "id", "没有这个地址", "no such address");
    return db_run(q->db,
                  SQL("ii",
                      "UPDATE people_person SET default_address_id = COALESCE((SELECT max(id) "
                      "FROM people_address WHERE person_id = $1), 0) "
                      "WHERE id = $1 AND default_address_id = $2"),
                  PARAMS(q->who->person_id, address_id), NULL);
}
