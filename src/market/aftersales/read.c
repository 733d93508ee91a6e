/* Reading cases: one with its timeline and what the reader can do, and lists by key. */
#include "ground/files/files.h"
#include "ground/people/people.h"
#include "market/aftersales/inside.h"

SHAPE_DEFINE(aftersales_line, AFTERSALES_LINE_FIELDS);
SHAPE_DEFINE(aftersales_event, AFTERSALES_EVENT_FIELDS);
SHAPE_DEFINE(aftersales_case, AFTERSALES_CASE_FIELDS);
SHAPE_DEFINE(aftersales_card, AFTERSALES_CARD_FIELDS);
SHAPE_DEFINE_PAGE(aftersales_card);
SHAPE_DEFINE(aftersales_query, AFTERSALES_QUERY_FIELDS);
SHAPE_DEFINE(aftersales_waiting, AFTERSALES_WAITING_FIELDS);

#define SHOWN_FIELDS(F, S)                                                                         \
    F(S, OBJECT, shown, aftersales_case)                                                           \
    F(S, ID, answered_by)                                                                          \
    F(S, TEXT, return_to)
SHAPE_DECLARE(aftersales_shown, SHOWN_FIELDS);
SHAPE_DEFINE(aftersales_shown, SHOWN_FIELDS);

static struct text number_of(struct request *q, int64_t case_id) {
    return text_format(q->arena, "SH%lld", (long long)case_id);
}

/* ---- pictures ---- */

#define PICTURE_FIELDS(F, S) F(S, TEXT, address)
SHAPE_DECLARE(aftersales_picture, PICTURE_FIELDS);
SHAPE_DEFINE(aftersales_picture, PICTURE_FIELDS);

struct text aftersales_link(struct request *q, struct text address) {
    return files_is_address(address) ? files_link(q, address) : address;
}

refusal aftersales_pictures_of(struct request *q, int64_t document_id,
                               struct text_list *ret_pictures) {
    struct aftersales_picture_list rows = {0};
    TRY(db_rows(q->db,
                SQL("i", "SELECT address FROM aftersales_picture WHERE document_id = $1"
                         " ORDER BY number LIMIT 9"),
                PARAMS(document_id), &aftersales_picture_shape, &rows));
    *ret_pictures = (struct text_list){arena_new(q->arena, struct text, rows.count + 1), 0};
    for (size_t i = 0; i < rows.count; i++)
        ret_pictures->items[ret_pictures->count++] = aftersales_link(q, rows.items[i].address);
    return NULL;
}

/* ---- one case ---- */

static const struct title {
    const char *kind;
    const char *zh;
    const char *en;
} titles[] = {
    {"opened", "买家提了售后", "The buyer asked"},
    {"agreed", "卖家同意了", "The seller agreed"},
    {"agreed_by_silence", "卖家没有按时答复，按同意办", "No answer in time: it counts as agreed"},
    {"unanswered", "没有按时答复，转给平台判定", "No answer in time: it goes to arbitration"},
    {"offered", "卖家提了另一个办法", "The seller offers something else"},
    {"refused", "卖家没有同意", "The seller refused"},
    {"accepted", "买家接受了", "The buyer accepted"},
    {"appealed", "买家请平台来判", "The buyer asked for arbitration"},
    {"address", "卖家写了寄回的地址", "The seller wrote where to send it"},
    {"sent_back", "买家寄回来了", "The buyer sent it back"},
    {"checked", "卖家收到退回的东西，验过了", "The seller received and checked it"},
    {"checked_by_silence", "卖家没有按时验收，按收到办",
     "Not checked in time: it counts as received"},
    {"disputed", "东西有不对的地方，转给平台判定", "Something is wrong with it: arbitration"},
    {"sent_anew", "卖家补寄了", "The replacement was sent"},
    {"arrived", "买家收到补寄的了", "The replacement arrived"},
    {"arrived_by_silence", "补寄的按收到办", "The replacement counts as arrived"},
    {"decided", "平台判定了", "It was decided"},
    {"overdue", "判定超过了时间，已经提醒我们的人", "The decision is late; our people were told"},
    {"withdrawn", "买家撤回了", "The buyer withdrew"},
    {"lapsed", "没有按时接着办，关了", "Closed: nobody went on in time"},
};

static void dress_events(struct request *q, struct aftersales_event_list *events) {
    for (size_t i = 0; i < events->count; i++)
        for (size_t j = 0; j < sizeof(titles) / sizeof(titles[0]); j++)
            if (text_is(events->items[i].kind, titles[j].kind))
                events->items[i].title = text_of(q->english ? titles[j].en : titles[j].zh);
}

/* Who sees it, and as whom: the auditor reads with the eyes of the desk. */
static refusal find_party(struct request *q, const struct aftersales_row *row,
                          enum aftersales_actor *ret_party) {
    for (enum aftersales_actor actor = AFTERSALES_BUYER; actor <= AFTERSALES_DESK; actor++)
        if (aftersales_is_party(q, row, actor)) {
            *ret_party = actor;
            return NULL;
        }
    if (!request_reaches(q, PERMISSION_audit, (struct owner){0}))
        return refuse(q, NOT_FOUND, "id", "没有这件售后", "there is no such case");
    *ret_party = AFTERSALES_SYSTEM;
    return NULL;
}

static refusal read_parts(struct request *q, const struct aftersales_shown *row,
                          struct aftersales_case *shown) {
    struct orders_claim claim = {0};
    TRY(db_rows(q->db,
                SQL("i", "SELECT line_no, goods_id, sku_id, title, options_text, picture, count,"
                         " bad_count, of_count, claimed_fen, shelf_count, lost_count"
                         " FROM aftersales_line WHERE case_id = $1 ORDER BY line_no LIMIT 20"),
                PARAMS(shown->id), &aftersales_line_shape, &shown->lines));
    TRY(db_rows(q->db,
                SQL("i", "SELECT at, kind, actor, amount_fen, words AS text FROM aftersales_event"
                         " WHERE case_id = $1 ORDER BY event_id DESC LIMIT 40"),
                PARAMS(shown->id), &aftersales_event_shape, &shown->events));
    dress_events(q, &shown->events);
    TRY(aftersales_pictures_of(q, shown->id, &shown->pictures));
    TRY(orders_claim_of(q, shown->order_id, &claim));
    shown->left_fen = aftersales_left_of(&claim);
    bool a_side = shown->party == AFTERSALES_BUYER || shown->party == AFTERSALES_SELLER;
    if (!a_side || row->return_to.length == 0) return NULL;
    const struct bytes sealed = {(const unsigned char *)row->return_to.bytes,
                                 row->return_to.length};
    refusal refused =
        people_open(q, row->answered_by, "aftersales.return_to", sealed, &shown->return_to);
    /* Who wrote the address closed the account and took the key along. */
    return refused && refused->kind == PROBLEM_NOT_FOUND ? NULL : refused;
}

refusal aftersales_read(struct request *q, int64_t case_id, struct aftersales_case *ret_case) {
    struct aftersales_row rules = {0};
    struct aftersales_shown row = {0};
    enum aftersales_actor party = AFTERSALES_SYSTEM;
    bool found;
    TRY(aftersales_row_of(q, case_id, &rules));
    TRY(find_party(q, &rules, &party));
    TRY(db_row(
        q->db,
        SQL("i",
            "SELECT id AS \"shown.id\", order_id AS \"shown.order_id\","
            " seller_id AS \"shown.seller_id\", seller_name AS \"shown.seller_name\","
            " kind AS \"shown.kind\", reason AS \"shown.reason\", state AS \"shown.state\","
            " outcome AS \"shown.outcome\", is_late AS \"shown.is_late\","
            " is_lawful AS \"shown.is_lawful\", is_overdue AS \"shown.is_overdue\","
            " asked_fen AS \"shown.asked_fen\", offered_fen AS \"shown.offered_fen\","
            " refunded_fen AS \"shown.refunded_fen\", bearer AS \"shown.bearer\","
            " words AS \"shown.words\", return_carrier AS \"shown.return_carrier\","
            " return_tracking AS \"shown.return_tracking\", new_carrier AS \"shown.new_carrier\","
            " new_tracking AS \"shown.new_tracking\", opened_at AS \"shown.opened_at\","
            " due_at AS \"shown.due_at\", closed_at AS \"shown.closed_at\", answered_by, return_to"
            " FROM aftersales_case WHERE id = $1"),
        PARAMS(case_id), &aftersales_shown_shape, &row, &found));
    struct aftersales_case *shown = &row.shown;
    shown->party = party;
    TRY(read_parts(q, &row, shown));
    shown->number = number_of(q, case_id);
    shown->order_number = orders_number(q->arena, shown->order_id);
    shown->server_at = q->now;
    shown->may = aftersales_deeds(q->arena, &rules, party);
    *ret_case = *shown;
    return NULL;
}

/* ---- lists ---- */

refusal aftersales_reach_of(struct request *q, struct text place,
                            struct aftersales_reach *ret_reach) {
    struct aftersales_reach reach = {0};
    size_t count = 0;
    int64_t code = 0;
    for (size_t i = 0; i < AFTERSALES_RANGES; i++) reach.last[i] = reach.first[i] = -1;
    if (place.length) {
        if (!places_read_code(place, &code))
            return refuse(q, BAD_INPUT, "place", "地区代码是 2、4、6、9 或 12 位数字",
                          "a place code has 2, 4, 6, 9 or 12 digits");
        if (request_reaches(q, PERMISSION_serve, (struct owner){.place_code = code})) {
            reach.first[0] = code;
            reach.last[0] = places_last_code(code);
            count = 1;
        }
    }
    for (size_t i = 0; !place.length && i < q->who->grant_count; i++) {
        const struct grant *grant = &q->who->grants[i];
        if (grant->permission != PERMISSION_serve) continue;
        if (grant->scope == SCOPE_ALL) {
            reach.first[0] = 0;
            reach.last[0] = PLACES_LAST_CODE;
            count = 1;
            break;
        }
        if (grant->scope != SCOPE_COUNTY || count == AFTERSALES_RANGES) continue;
        reach.first[count] = grant->scope_id;
        reach.last[count++] = places_last_code(grant->scope_id);
    }
    if (count == 0)
        return refuse(q, NOT_FOUND, "desk", "没有归您处理的地方",
                      "there is no place that you serve");
    *ret_reach = reach;
    return NULL;
}

bool aftersales_cut(size_t *count, int64_t limit) {
    if (*count <= (size_t)limit) return false;
    *count = (size_t)limit;
    return true;
}

struct text aftersales_next(struct request *q, int64_t last_id) {
    return text_format(q->arena, "%lld", (long long)last_id);
}

#define CARD_COLUMNS                                                                               \
    "SELECT id, order_id, seller_id, seller_name, kind, reason, state, outcome, is_late,"          \
    " is_overdue, title, picture, piece_count, asked_fen, offered_fen, refunded_fen, opened_at,"   \
    " due_at FROM aftersales_case"

static refusal check_words(struct request *q, const struct aftersales_query *query) {
    unsigned known;
    bool active = text_is(query->state, "active") && !query->desk;
    if (query->state.length && !active &&
        !shape_enum_find(&aftersales_state_enum, query->state, &known))
        return refuse(q, BAD_INPUT, "state", "没有这种状态", "there is no such state");
    if (query->kind.length && !shape_enum_find(&aftersales_kind_enum, query->kind, &known))
        return refuse(q, BAD_INPUT, "kind", "没有这种售后", "there is no such kind");
    return NULL;
}

/* At the desk one state at a time, on its index; arbitration when none is named. */
static refusal list_desk(struct request *q, const struct aftersales_query *query, int64_t before_id,
                         struct aftersales_card_list *ret_cards) {
    struct aftersales_reach reach = {0};
    struct text state = query->state.length ? query->state : TEXT("arbitration");
    TRY(aftersales_reach_of(q, query->place, &reach));
    return db_rows(q->db,
                   SQL("tiiiiiiiiti", CARD_COLUMNS
                       " WHERE state = $1 AND id < $2 AND (place_code BETWEEN $3 AND $4"
                       " OR place_code BETWEEN $5 AND $6 OR place_code BETWEEN $7 AND $8)"
                       " AND ($9 = 0 OR seller_id = $9) AND ($10 = '' OR kind = $10)"
                       " ORDER BY id DESC LIMIT $11"),
                   PARAMS(state, before_id, reach.first[0], reach.last[0], reach.first[1],
                          reach.last[1], reach.first[2], reach.last[2], query->seller, query->kind,
                          query->limit + 1),
                   &aftersales_card_shape, ret_cards);
}

static refusal list_of_seller(struct request *q, const struct aftersales_query *query,
                              int64_t before_id, struct aftersales_card_list *ret_cards) {
    const struct owner owner = {.organisation_id = query->seller};
    if (!aftersales_keeps(q, query->seller) || !request_reaches(q, PERMISSION_serve, owner))
        return refuse(q, NOT_FOUND, "seller", "没有这家店", "there is no such seller");
    return db_rows(q->db,
                   SQL("iitti", CARD_COLUMNS
                       " WHERE seller_id = $1 AND id < $2 AND ($3 = '' OR state = $3"
                       " OR ($3 = 'active' AND state <> 'closed')) AND ($4 = '' OR kind = $4)"
                       " ORDER BY id DESC LIMIT $5"),
                   PARAMS(query->seller, before_id, query->state, query->kind, query->limit + 1),
                   &aftersales_card_shape, ret_cards);
}

static refusal list_of_buyer(struct request *q, const struct aftersales_query *query,
                             int64_t before_id, struct aftersales_card_list *ret_cards) {
    return db_rows(q->db,
                   SQL("iittii", CARD_COLUMNS
                       " WHERE buyer_id = $1 AND id < $2 AND ($3 = '' OR state = $3"
                       " OR ($3 = 'active' AND state <> 'closed')) AND ($4 = '' OR kind = $4)"
                       " AND ($5 = 0 OR order_id = $5) ORDER BY id DESC LIMIT $6"),
                   PARAMS(q->who->person_id, before_id, query->state, query->kind, query->order,
                          query->limit + 1),
                   &aftersales_card_shape, ret_cards);
}

refusal aftersales_list(struct request *q, const struct aftersales_query *query,
                        struct aftersales_card_page *ret_page) {
    int64_t before_id = query->after ? query->after : INT64_MAX;
    struct aftersales_card_list cards = {0};
    TRY(check_words(q, query));
    if (query->desk)
        TRY(list_desk(q, query, before_id, &cards));
    else if (query->seller)
        TRY(list_of_seller(q, query, before_id, &cards));
    else
        TRY(list_of_buyer(q, query, before_id, &cards));
    if (aftersales_cut(&cards.count, query->limit))
        ret_page->next = aftersales_next(q, cards.items[cards.count - 1].id);
    for (size_t i = 0; i < cards.count; i++) {
        cards.items[i].number = number_of(q, cards.items[i].id);
        cards.items[i].server_at = q->now;
    }
    ret_page->items = cards;
    return NULL;
}

/* ---- what waits ---- */

#define UP_TO(limit, rows) "(SELECT count(*) FROM (" rows " LIMIT " limit ") AS waiting)"
#define DESK_CASES                                                                                 \
    "SELECT id FROM aftersales_case WHERE state = 'arbitration' AND place_code BETWEEN $1 AND $2"
#define DESK_COMPLAINTS                                                                            \
    "SELECT id FROM aftersales_complaint WHERE state = 'open' AND place_code BETWEEN $1 AND $2"
#define SELLER_CASES                                                                               \
    "SELECT id FROM aftersales_case WHERE seller_id = $1 AND state <> 'closed'"                    \
    " AND (state = 'open' OR state = 'returned' OR state = 'replacing')"
#define SELLER_INVOICES "SELECT id FROM aftersales_invoice WHERE seller_id = $1 AND state = 'asked'"

refusal aftersales_count_desk(struct request *q, int64_t place_code,
                              struct aftersales_waiting *ret_waiting) {
    const int64_t last = places_last_code(place_code);
    bool found;
    return db_row(q->db,
                  SQL("iii", "SELECT " UP_TO("$3", DESK_CASES) " AS case_count, " UP_TO(
                                 "$3", DESK_COMPLAINTS) " AS other_count"),
                  PARAMS(place_code, last, (int64_t)AFTERSALES_COUNT_MAX),
                  &aftersales_waiting_shape, ret_waiting, &found);
}

refusal aftersales_count_seller(struct request *q, int64_t seller_id,
                                struct aftersales_waiting *ret_waiting) {
    bool found;
    return db_row(q->db,
                  SQL("ii", "SELECT " UP_TO("$2", SELLER_CASES) " AS case_count, " UP_TO(
                                "$2", SELLER_INVOICES) " AS other_count"),
                  PARAMS(seller_id, (int64_t)AFTERSALES_COUNT_MAX), &aftersales_waiting_shape,
                  ret_waiting, &found);
}
