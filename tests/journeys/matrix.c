/* Who may do what: every route of the house, by every role, on what is one's own, on what belongs
 * to the same organisation or county, on another's, and on nothing. */
#include <stdio.h>
#include <string.h>

#include "ground/places/places.h"
#include "support/pictures.h"
#include "support/schema.h"
#include "support/story.h"

/* The columns of an entry. For what a person owns (an order, an address, a session): the caller's
 * own; one of a colleague in the same role, and of orders one that was sold by the seller that the
 * keeper here keeps, in the county operator's county; a stranger's; an id that nothing has. For
 * what a seller owns: that of home, of near, of away, of nobody. */
enum object { OWN, SAME, OTHER, NONE, OBJECTS };

struct cell;

/* One way to take a route. In TARGET and BODY "@" is the id of the object and "&" what MAKE says
 * beside it. MAY holds an entry for nobody, a buyer, the keeper, the county operator, the operator
 * and the auditor: one letter where the route has no object, else one for each column.
 *     2 done   4 refused by a rule, after permission   L log-in needed   F forbidden   N not found
 *     - not asked */
struct row {
    const char *key;
    void (*make)(struct cell *cell);
    const char *target;
    const char *body;
    const char *may[CAST_ROLES];
};

struct world {
    struct cast cast;
    struct cast_person persons[CAST_ROLES];
    struct cast_person colleagues[CAST_ROLES];
    struct cast_person stranger;
    struct schema schema;
    int64_t category_id;
    size_t wrong_count;
};

struct cell {
    struct world *world;
    const struct row *row;
    enum cast_role role;
    enum object object;
    struct cast_person who;
    struct text id;
    struct text beside;
    bool is_done; /* MAKE has sent the request itself */
    struct house_reply reply;
};

static const int64_t no_id = INT64_C(999999999999);

static struct text digits(struct cell *cell, int64_t id) {
    return text_format(cell->world->cast.house->arena, "%lld", (long long)id);
}

static const struct market *market_of(const struct cell *cell) {
    const struct cast *cast = &cell->world->cast;
    return cell->object == OWN ? &cast->home : cell->object == SAME ? &cast->near : &cast->away;
}

/* Whose thing it is. Nobody has nothing: there the stranger's stands for it. */
static const struct cast_person *owner_of(const struct cell *cell) {
    bool is_mine = cell->object == OWN && cell->role != CAST_NOBODY;
    bool is_colleagues = cell->object == SAME && cell->role != CAST_NOBODY;
    return is_mine         ? &cell->who
           : is_colleagues ? &cell->world->colleagues[cell->role]
                           : &cell->world->stranger;
}

static struct house_reply must(struct cell *cell, struct text token, const char *method,
                               const char *target, const char *body) {
    struct house_reply reply = house_call(cell->world->cast.house, token, method, target, body);
    if (reply.status / 100 != 2)
        test_fail(__FILE__, __LINE__, "%s %s: %d %.*s", method, target, reply.status,
                  (int)reply.body.length, reply.body.bytes ? reply.body.bytes : "");
    return reply;
}

#define words(...) cast_words(&cell->world->cast, __VA_ARGS__)

/* ---- what the cells are made of ---- */

static void make_person(struct cell *cell) {
    cell->who = cast_person(&cell->world->cast, cell->role);
}

static void make_phone(struct cell *cell) {
    cell->id = text_of(words("137%08lld", (long long)cell->world->cast.next_phone++));
}

/* The session that somebody comes with ends when another begins, so it is one of its own. */
static void make_login(struct cell *cell) {
    make_person(cell);
    make_phone(cell);
    const struct cast_person newcomer = {.phone = cell->id};
    cell->beside = cast_code(&cell->world->cast, &newcomer, "login");
}

static void make_code(struct cell *cell, const char *purpose) {
    make_person(cell);
    cell->id = TEXT("123456");
    if (cell->role != CAST_NOBODY) cell->id = cast_code(&cell->world->cast, &cell->who, purpose);
}
static void make_password_code(struct cell *cell) { make_code(cell, "password"); }
static void make_closure_code(struct cell *cell) { make_code(cell, "closure"); }

static void make_session(struct cell *cell) {
    make_person(cell);
    cell->id = digits(cell, no_id);
    if (cell->object == NONE) return;
    const struct cast_person *owner = owner_of(cell);
    house_person(cell->world->cast.house, owner->phone.bytes, NULL);
    struct house_reply list = must(cell, owner->token, "GET", "/api/sessions", NULL);
    size_t other = house_bool(&list, "items.0.is_current") ? 1 : 0;
    cell->id = house_text(&list, words("items.%zu.id", other));
}

static void make_address(struct cell *cell) {
    make_person(cell);
    cell->id = digits(cell, cell->object == NONE ? no_id : owner_of(cell)->address_id);
    cell->beside = digits(cell, cell->world->cast.home.sku_five);
}

/* Three copies a day: one that lies ready serves again. */
static void make_export(struct cell *cell) {
    make_person(cell);
    cell->id = digits(cell, no_id);
    if (cell->object == NONE) return;
    struct text token = owner_of(cell)->token;
    struct house_reply ready = must(cell, token, "GET", "/api/people/me/exports", NULL);
    if (house_count(&ready, "items") == 0)
        must(cell, token, "POST", "/api/people/me/exports", NULL);
    house_run_jobs(cell->world->cast.house);
    ready = must(cell, token, "GET", "/api/people/me/exports", NULL);
    cell->id = house_text(&ready, "items.0.id");
}

static void make_new_phone(struct cell *cell) {
    struct cast *cast = &cell->world->cast;
    struct text old_code = TEXT("123456"), new_code = TEXT("123456");
    make_person(cell);
    make_phone(cell);
    if (cell->role != CAST_NOBODY) {
        old_code = cast_code(cast, &cell->who, "phone");
        new_code = cast_new_phone_code(cast, &cell->who, cell->id);
    }
    cell->is_done = true;
    cell->reply =
        house_call(cast->house, cell->who.token, "PUT", "/api/people/me/phone",
                   words("{\"new_phone\":\"%.*s\",\"new_code\":\"%.*s\",\"old_code\":\"%.*s\"}",
                         (int)cell->id.length, cell->id.bytes, (int)new_code.length, new_code.bytes,
                         (int)old_code.length, old_code.bytes));
}

static void make_stranger(struct cell *cell) {
    cell->id = digits(cell, cell->world->stranger.id);
    cell->beside = cell->world->stranger.phone;
}

static void make_seller(struct cell *cell) {
    cell->id = digits(cell, cell->object == NONE ? no_id : market_of(cell)->seller_id);
    cell->beside = cell->object == OTHER ? TEXT("500236000000") : TEXT("141031000000");
}

static void make_seller_and_newcomer(struct cell *cell) {
    make_seller(cell);
    cell->beside = digits(cell, cast_newcomer(&cell->world->cast).id);
}

static void make_grant(struct cell *cell) {
    make_seller_and_newcomer(cell);
    struct text seller_id = cell->id;
    cell->id = TEXT("999999999999.seller_keeper.organisation.5");
    if (cell->object == NONE) return;
    struct house_reply given =
        must(cell, cell->world->persons[CAST_OPERATOR].token, "POST", "/api/grants",
             words("{\"person_id\":\"%.*s\",\"role\":\"seller_keeper\","
                   "\"scope\":\"organisation\",\"scope_id\":\"%.*s\"}",
                   (int)cell->beside.length, cell->beside.bytes, (int)seller_id.length,
                   seller_id.bytes));
    cell->id = house_text(&given, "key");
}

static void make_seller_and_category(struct cell *cell) {
    make_seller(cell);
    cell->beside = digits(cell, cell->world->category_id);
}

static void make_place(struct cell *cell) {
    static const char *const codes[OBJECTS] = {"141031100000", "141031000000", "500236000000",
                                               "990000000000"};
    cell->id = text_of(codes[cell->object]);
}

static void make_goods(struct cell *cell) {
    const struct market *market = market_of(cell);
    cell->id = digits(cell, cell->object == NONE ? no_id : market->goods_id);
    cell->beside = digits(cell, cell->object == NONE ? no_id : market->sku_five);
}

static void make_sku(struct cell *cell) {
    cell->id = digits(cell, cell->object == NONE ? no_id : market_of(cell)->sku_five);
}

static void make_category(struct cell *cell) {
    cell->id = digits(cell, cell->object == NONE ? no_id : cell->world->category_id);
}

static void make_section(struct cell *cell) {
    cell->id = cell->object == NONE ? TEXT("no-such") : TEXT("season");
    cell->beside = digits(cell, cell->world->cast.home.goods_id);
}

/* ---- pictures ---- */

static void make_upload(struct cell *cell) {
    struct house *house = cell->world->cast.house;
    cell->is_done = true;
    cell->reply = house_upload(house, cell->who.token, "/api/files?purpose=goods", "image/jpeg",
                               pictures_small(house->arena, 1));
}

/* A picture that the stranger uploaded: its hash, and the link that shows it. */
static void make_file_for(struct cell *cell, const char *target, unsigned seed) {
    struct house *house = cell->world->cast.house;
    struct text bytes = pictures_small(house->arena, seed);
    struct house_reply made =
        house_upload(house, cell->world->stranger.token, target, "image/jpeg", bytes);
    HOUSE_STATUS(&made, 201);
    struct text address = house_text(&made, "address");
    cell->id = text_slice(address, strlen("/files/"), address.length);
    if (cell->object == NONE) cell->id = text_of(words("%064d", 7));
    cell->beside = house_text(&made, "link");
}
static void make_file(struct cell *cell) { make_file_for(cell, "/api/files?purpose=goods", 2); }
static void make_private_file(struct cell *cell) {
    make_file_for(cell, "/api/files?purpose=evidence", 3);
}

static void make_paper_upload(struct cell *cell) {
    struct house *house = cell->world->cast.house;
    cell->is_done = true;
    cell->reply = house_upload(house, cell->who.token, "/api/files/papers", "application/pdf",
                               TEXT("%PDF-1.7 of a matrix"));
}

/* A paper of the keeper, by its address and by its link. */
static void make_paper(struct cell *cell) {
    struct house *house = cell->world->cast.house;
    struct house_reply made =
        house_upload(house, cell->world->cast.home.keeper, "/api/files/papers", "application/pdf",
                     TEXT("%PDF-1.7 of a keeper"));
    HOUSE_STATUS(&made, 201);
    cell->id = house_text(&made, "address");
    cell->beside = house_text(&made, "link");
}

/* ---- pictures ---- */

static void make_home(struct cell *cell) {
    cell->id = digits(cell, cell->world->cast.home.goods_id);
    cell->beside = digits(cell, cell->world->cast.home.sku_five);
}

/* ---- orders ---- */

static bool order_is_mine(const struct cell *cell) {
    return cell->object == OWN && cell->role != CAST_NOBODY;
}

static struct text buyer_of_order(const struct cell *cell) {
    return order_is_mine(cell) ? cell->who.token : cell->world->stranger.token;
}

/* Its buyer's own order comes from away, so that only buying it makes it one's own. */
static void make_unpaid(struct cell *cell) {
    const struct cast *cast = &cell->world->cast;
    cell->id = digits(cell, no_id);
    if (cell->object == NONE) return;
    const struct market *market = cell->object == SAME ? &cast->home : &cast->away;
    struct house_reply placed =
        market_order(cast->house, buyer_of_order(cell), market->sku_five, 1);
    cell->id = house_text(&placed, "orders.0.id");
}

static const char *order_at(struct cell *cell, const char *what) {
    return words("/api/orders/%.*s/%s", (int)cell->id.length, cell->id.bytes, what);
}

static void make_paid(struct cell *cell) {
    make_unpaid(cell);
    if (cell->object == NONE) return;
    struct house_reply asked =
        must(cell, buyer_of_order(cell), "POST", order_at(cell, "payments"), NULL);
    struct house_reply heard = cast_notice(&cell->world->cast, TEXT(""), house_text(&asked, "id"),
                                           house_int(&asked, "amount_fen"));
    HOUSE_STATUS(&heard, 204);
}

static void make_shipped(struct cell *cell) {
    const struct cast *cast = &cell->world->cast;
    make_paid(cell);
    if (cell->object == NONE) return;
    must(cell, cell->object == SAME ? cast->home.keeper : cast->away.keeper, "POST",
         order_at(cell, "shipment"), "{\"carrier\":\"邮政\",\"tracking_number\":\"77312004\"}");
}

static void make_payment(struct cell *cell) {
    make_unpaid(cell);
    if (cell->object == NONE) return;
    struct house_reply asked =
        must(cell, buyer_of_order(cell), "POST", order_at(cell, "payments"), NULL);
    cell->id = house_text(&asked, "id");
    cell->beside = digits(cell, house_int(&asked, "amount_fen"));
}

static void make_notice(struct cell *cell) {
    int64_t amount_fen = 0;
    make_payment(cell);
    text_to_int64(cell->beside, &amount_fen);
    cell->is_done = true;
    cell->reply = cast_notice(&cell->world->cast, cell->who.token, cell->id, amount_fen);
}

/* ---- after-sales ---- */

/* Of an order that arrived. One's own was sold by away, so that only buying it makes it one's own;
 * the same is of home. */
static void make_arrived(struct cell *cell) {
    make_shipped(cell);
    if (cell->object == NONE) return;
    must(cell, buyer_of_order(cell), "POST", order_at(cell, "receipt"), NULL);
}

static const char *case_at(struct cell *cell, const char *what) {
    return words("/api/cases/%.*s/%s", (int)cell->id.length, cell->id.bytes, what);
}

static void open_case(struct cell *cell, const char *kind) {
    make_arrived(cell);
    if (cell->object == NONE) return;
    struct house_reply made =
        must(cell, buyer_of_order(cell), "POST", "/api/cases",
             words("{\"order_id\":\"%.*s\",\"kind\":\"%s\",\"reason\":\"quality\","
                   "\"lines\":[{\"line_no\":1,\"count\":1}]}",
                   (int)cell->id.length, cell->id.bytes, kind));
    cell->id = house_text(&made, "id");
}

static struct text keeper_of_order(const struct cell *cell) {
    const struct cast *cast = &cell->world->cast;
    return cell->object == SAME ? cast->home.keeper : cast->away.keeper;
}

static void make_case(struct cell *cell) { open_case(cell, "return"); }

static void make_refused_case(struct cell *cell) {
    open_case(cell, "money");
    if (cell->object == NONE) return;
    must(cell, keeper_of_order(cell), "POST", case_at(cell, "answers"),
         "{\"choice\":\"refuse\",\"words\":\"是好的\"}");
}

static void make_argued_case(struct cell *cell) {
    make_refused_case(cell);
    if (cell->object == NONE) return;
    must(cell, buyer_of_order(cell), "POST", case_at(cell, "replies"), "{\"choice\":\"appeal\"}");
}

static void make_agreed_case(struct cell *cell) {
    open_case(cell, "return");
    if (cell->object == NONE) return;
    must(cell, keeper_of_order(cell), "POST", case_at(cell, "answers"),
         "{\"choice\":\"agree\",\"return_to\":\"上庄村 8 号 13900000001\"}");
}

static void make_returned_case(struct cell *cell) {
    make_agreed_case(cell);
    if (cell->object == NONE) return;
    must(cell, buyer_of_order(cell), "POST", case_at(cell, "shipments"),
         "{\"carrier\":\"邮政\",\"tracking_number\":\"99887766\"}");
}

static void make_complaint(struct cell *cell) {
    make_unpaid(cell);
    if (cell->object == NONE) return;
    struct house_reply made =
        must(cell, buyer_of_order(cell), "POST", "/api/complaints",
             words("{\"subject\":\"order\",\"subject_id\":\"%.*s\",\"words\":\"寄得太慢\"}",
                   (int)cell->id.length, cell->id.bytes));
    cell->id = house_text(&made, "id");
}

static void make_invoice(struct cell *cell) {
    make_arrived(cell);
    if (cell->object == NONE) return;
    struct house_reply made =
        must(cell, buyer_of_order(cell), "POST", "/api/invoices",
             words("{\"order_id\":\"%.*s\",\"type\":\"personal\",\"title\":\"刘敏\"}",
                   (int)cell->id.length, cell->id.bytes));
    cell->id = house_text(&made, "id");
}

/* ---- listings ---- */

static const char *listing_body(struct cell *cell) {
    return words("{\"goods\":{\"seller_id\":\"%lld\",\"category_id\":\"%lld\","
                 "\"place_code\":\"141031000000\",\"title\":\"苹果\","
                 "\"pictures\":[\"/img/apple.webp\"],\"piece_name\":\"箱\",\"skus\":["
                 "{\"price_fen\":100,\"net\":{\"amount\":\"5\",\"unit\":\"斤\"},"
                 "\"weight_g\":2600,\"return_policy\":\"fresh\"}]}}",
                 (long long)market_of(cell)->seller_id, (long long)cell->world->category_id);
}

static void make_listing(struct cell *cell) {
    cell->id = digits(cell, no_id);
    if (cell->object == NONE) return;
    struct house_reply made =
        must(cell, market_of(cell)->keeper, "POST", "/api/listings", listing_body(cell));
    cell->id = house_text(&made, "id");
}

static void make_listing_body(struct cell *cell) {
    make_listing(cell);
    cell->beside = text_of(listing_body(cell));
}

static void make_listing_in(struct cell *cell) {
    make_listing(cell);
    if (cell->object == NONE) return;
    must(cell, market_of(cell)->keeper, "POST",
         words("/api/listings/%.*s/submissions", (int)cell->id.length, cell->id.bytes), NULL);
}

/* What is decided on is what was read. */
static void make_listing_read(struct cell *cell) {
    make_listing_in(cell);
    cell->beside = text_of("2026-01-01T00:00:00.000Z");
    if (cell->object == NONE) return;
    struct house_reply read =
        must(cell, market_of(cell)->keeper, "GET",
             words("/api/listings/%.*s", (int)cell->id.length, cell->id.bytes), NULL);
    cell->beside = house_text(&read, "submitted_at");
}

/* ---- imports and exports ---- */

static struct house_reply send_sheet(struct cell *cell, struct text token) {
    struct house *house = cell->world->cast.house;
    struct text sheet =
        text_format(house->arena,
                    "货号,商品名称,分类,产地,计件名,价格(元),净含量,单位,毛重(克),退换\r\n"
                    "A1,苹果,%lld,141031000000,箱,1.00,5,斤,2600,鲜活易腐\r\n",
                    (long long)cell->world->category_id);
    return house_upload(house, token,
                        words("/api/imports?kind=goods&mode=dry_run&seller=%.*s",
                              (int)cell->id.length, cell->id.bytes),
                        "text/csv", sheet);
}

static void make_sending(struct cell *cell) {
    make_seller(cell);
    cell->is_done = true;
    cell->reply = send_sheet(cell, cell->who.token);
}

static void make_import(struct cell *cell) {
    make_seller(cell);
    if (cell->object == NONE) return;
    struct house_reply made = send_sheet(cell, market_of(cell)->keeper);
    HOUSE_STATUS(&made, 201);
    cell->id = house_text(&made, "id");
    struct house_reply errors =
        must(cell, market_of(cell)->keeper, "GET",
             words("/api/imports/%.*s/errors", (int)cell->id.length, cell->id.bytes), NULL);
    cell->beside = house_text(&errors, "link");
}

/* An export is the person's who asked for it, not the shop's. */
static void make_sheet(struct cell *cell) {
    make_seller(cell);
    if (cell->object == NONE) return;
    bool own = cell->object == OWN && cell->role == CAST_KEEPER;
    struct text asker = own ? cell->who.token : market_of(cell)->keeper;
    struct house_reply made =
        must(cell, asker, "POST", "/api/exports",
             words("{\"what\":\"goods\",\"format\":\"csv\",\"filters\":[{\"name\":\"seller\","
                   "\"value\":\"%.*s\"}]}",
                   (int)cell->id.length, cell->id.bytes));
    cell->id = house_text(&made, "id");
    /* Nobody may have many under way. */
    house_run_jobs(cell->world->cast.house);
    made = must(cell, asker, "GET",
                words("/api/exports/%.*s", (int)cell->id.length, cell->id.bytes), NULL);
    cell->beside = house_text(&made, "link");
}

/* ---- applications to sell ---- */

/* One's own and the same come from 隰县, another's from 奉节县. Each is of somebody new: nobody has
 * many under way. */
static void make_application(struct cell *cell) {
    struct cast *cast = &cell->world->cast;
    struct place town = {.code = INT64_C(141031100000)};
    make_person(cell);
    cell->id = digits(cell, no_id);
    if (cell->object == NONE) return;
    if (cell->object == OTHER) places_children(INT64_C(500236000000), 0, 1, &town);
    cell->beside = cell->object == OWN && cell->role != CAST_NOBODY ? cell->who.token
                                                                    : cast_newcomer(cast).token;
    struct house_reply made =
        must(cell, cell->beside, "POST", "/api/seller-applications",
             words("{\"kind\":\"household\",\"name\":\"老李家的梨\",\"place_code\":\"%lld\","
                   "\"goods_text\":\"梨\",\"contact_name\":\"李\",\"declared\":true,"
                   "\"contact_phone\":\"13900000021\",\"documents\":[{\"kind\":\"identity\","
                   "\"address\":\"/img/pear.webp\"}]}",
                   (long long)town.code));
    cell->id = house_text(&made, "id");
}

static const char *application_at(struct cell *cell, const char *what) {
    return words("/api/seller-applications/%.*s/%s", (int)cell->id.length, cell->id.bytes, what);
}

static void make_submitted(struct cell *cell) {
    make_application(cell);
    if (cell->object == NONE) return;
    must(cell, cell->beside, "POST", application_at(cell, "submissions"), NULL);
}

static void make_submitted_read(struct cell *cell) {
    make_submitted(cell);
    struct text token = cell->beside;
    cell->beside = text_of("2026-01-01T00:00:00.000Z");
    if (cell->object == NONE) return;
    struct house_reply read =
        must(cell, token, "GET",
             words("/api/seller-applications/%.*s", (int)cell->id.length, cell->id.bytes), NULL);
    cell->beside = house_text(&read, "submitted_at");
}

static void make_recommended(struct cell *cell) {
    make_submitted_read(cell);
    if (cell->object == NONE) return;
    must(cell, cell->world->colleagues[CAST_COUNTY_OPERATOR].token, "POST",
         application_at(cell, "recommendations"),
         words("{\"agreed\":true,\"submitted_at\":\"%.*s\"}", (int)cell->beside.length,
               cell->beside.bytes));
}

/* ---- webhooks ---- */

#define WEBHOOK_BODY                                                                               \
    "{\"url\":\"https://hooks.example.com/\",\"types\":[\"order.completed\"],\"about\":\"台账\"}"

/* An endpoint belongs to the house: it is there or it is not. */
static void make_endpoint(struct cell *cell) {
    cell->id = digits(cell, no_id);
    cell->beside = digits(cell, no_id);
    if (cell->object == NONE) return;
    struct text token = cell->world->colleagues[CAST_OPERATOR].token;
    struct house_reply list = must(cell, token, "GET", "/api/webhooks", NULL);
    for (size_t i = 0; i < house_count(&list, "items"); i++)
        must(
            cell, token, "DELETE",
            words("/api/webhooks/%s", text_terminated(cell->world->cast.house->arena,
                                                      house_text(&list, words("items.%zu.id", i)))),
            NULL);
    struct house_reply made = must(cell, token, "POST", "/api/webhooks", WEBHOOK_BODY);
    cell->id = house_text(&made, "id");
    struct house_reply sent =
        must(cell, token, "POST",
             words("/api/webhooks/%.*s/tests", (int)cell->id.length, cell->id.bytes), NULL);
    cell->beside = house_text(&sent, "id");
}

/* ---- messages ---- */

/* A message is its person's alone: what the county said of an application of that person. */
static void make_message(struct cell *cell) {
    make_person(cell);
    cell->id = digits(cell, no_id);
    if (cell->object == NONE) return;
    const struct cast_person *owner = owner_of(cell);
    struct text token = owner->token;
    struct house_reply made =
        must(cell, token, "POST", "/api/seller-applications",
             "{\"kind\":\"household\",\"name\":\"老李家的梨\",\"place_code\":\"141031100203\","
             "\"goods_text\":\"梨\",\"contact_name\":\"李\",\"declared\":true,"
             "\"contact_phone\":\"13900000021\",\"documents\":[{\"kind\":\"identity\","
             "\"address\":\"/img/pear.webp\"}]}");
    cell->beside = token;
    cell->id = house_text(&made, "id");
    must(cell, token, "POST", application_at(cell, "submissions"), NULL);
    /* Nobody judges an application of their own. */
    struct cast_person county = cast_person(&cell->world->cast, CAST_COUNTY_OPERATOR);
    const char *target =
        words("/api/seller-applications/%.*s", (int)cell->id.length, cell->id.bytes);
    must(cell, county.token, "POST", application_at(cell, "recommendations"),
         house_opinion(cell->world->cast.house, county.token, target,
                       "{\"agreed\":false,\"words\":\"照片不清楚\"}"));
    must(cell, token, "POST", application_at(cell, "withdrawal"), NULL);
    house_run_jobs(cell->world->cast.house);
    made = must(cell, token, "GET", "/api/messages?limit=1", NULL);
    cell->id = house_text(&made, "items.0.id");
}

#define MESSAGE_WORDS                                                                              \
    "{\"is_on\":true,\"title\":\"寄出了\",\"words\":\"{goods}\",\"title_en\":\"Sent\","         \
    "\"words_en\":\"{goods}\"}"

/* ---- the table ---- */

#define CASE_BODY                                                                                  \
    "{\"order_id\":\"@\",\"kind\":\"money\",\"reason\":\"quality\","                               \
    "\"lines\":[{\"line_no\":1,\"count\":1}]}"

#define GOODS_BODY                                                                                 \
    "{\"goods\":{\"seller_id\":\"@\",\"category_id\":\"&\",\"place_code\":\"141031000000\","       \
    "\"title\":\"苹果\","                                                                        \
    "\"pictures\":[\"/img/apple.webp\"],\"piece_name\":\"箱\",\"skus\":[{\"price_fen\":100,"      \
    "\"net\":{\"amount\":\"5\",\"unit\":\"斤\"},\"weight_g\":2600,\"return_policy\":\"fresh\"}]}}"
#define ADDRESS_BODY                                                                               \
    "{\"name\":\"刘敏\",\"phone\":\"13800138001\",\"place_code\":\"140105000000\","              \
    "\"street\":\"平阳路 8 号\"}"
#define SELLER_BODY(place) "{\"name\":\"梨农\",\"kind\":\"household\",\"place_code\":\"" place "\"}"

#define FOR_ALL                                                                                    \
    { "2", "2", "2", "2", "2", "2" }
#define FOR_PERSONS                                                                                \
    { "L", "2", "2", "2", "2", "2" }
#define FOR_HOUSE                                                                                  \
    { "L", "F", "F", "N", "2", "F" }
#define FOR_OWNERS                                                                                 \
    { "LLLL", "2NNN", "2NNN", "2NNN", "2NNN", "2NNN" }
#define FOR_KEEPERS                                                                                \
    { "LLLL", "FFFF", "2NNN", "FFFF", "FFFF", "FFFF" }

#define FOR_CONNECTORS                                                                             \
    { "L", "F", "F", "F", "2", "F" }
#define FOR_CONNECTORS_OF_ONE                                                                      \
    { "L--L", "F--F", "F--F", "F--F", "2--N", "F--F" }

#define FOR_SHOPS                                                                                  \
    { "LLLL", "NNNN", "2NNN", "NNNN", "NNNN", "NNNN" }

static const struct row table[] = {
    {"GET /api/events", NULL, "/api/events", NULL, FOR_PERSONS},
    {"GET /api/places", NULL, "/api/places", NULL, FOR_ALL},
    {"GET /api/places/{code}", NULL, "/api/places/141031", NULL, FOR_ALL},
    {"GET /api/audit", NULL, "/api/audit", NULL, {"L", "F", "F", "F", "F", "2"}},

    {"POST /api/codes", make_phone, "/api/codes", "{\"purpose\":\"login\",\"phone\":\"@\"}",
     FOR_ALL},
    {"POST /api/sessions", make_login, "/api/sessions",
     "{\"phone\":\"@\",\"code\":\"&\",\"agreed_terms\":true}", FOR_ALL},
    {"GET /api/sessions", NULL, "/api/sessions", NULL, FOR_PERSONS},
    {"DELETE /api/sessions/current", make_person, "/api/sessions/current", NULL, FOR_PERSONS},
    {"DELETE /api/sessions/{id}", make_session, "/api/sessions/@", NULL, FOR_OWNERS},
    {"GET /api/people/me", NULL, "/api/people/me", NULL, FOR_PERSONS},
    {"PUT /api/people/me", NULL, "/api/people/me", "{\"name\":\"刘敏\",\"language\":\"zh\"}",
     FOR_PERSONS},
    {"PUT /api/people/me/password", make_password_code, "/api/people/me/password",
     "{\"code\":\"@\",\"new_password\":\"correct horse\"}", FOR_PERSONS},
    /* Who holds an office hands it over first. */
    {"POST /api/people/me/closure",
     make_closure_code,
     "/api/people/me/closure",
     "{\"code\":\"@\"}",
     {"L", "2", "4", "4", "4", "4"}},
    {"GET /api/people/me/addresses", NULL, "/api/people/me/addresses", NULL, FOR_PERSONS},
    {"POST /api/people/me/addresses", make_person, "/api/people/me/addresses", ADDRESS_BODY,
     FOR_PERSONS},
    {"PUT /api/people/me/addresses/{id}", make_address, "/api/people/me/addresses/@", ADDRESS_BODY,
     FOR_OWNERS},
    {"DELETE /api/people/me/addresses/{id}", make_address, "/api/people/me/addresses/@", NULL,
     FOR_OWNERS},
    {"POST /api/address-parses", NULL, "/api/address-parses", "{\"text\":\"刘敏 13800138001\"}",
     FOR_PERSONS},

    {"POST /api/files", make_upload, NULL, NULL, FOR_PERSONS},
    {"GET /files/{name} # of everybody",
     make_file,
     "/files/@-720.webp",
     NULL,
     {"2--N", "2--N", "2--N", "2--N", "2--N", "2--N"}},
    {"GET /files/{name} # private, without its link",
     make_private_file,
     "/files/@",
     NULL,
     {"N", "N", "N", "N", "N", "N"}},
    {"GET /files/{name} # private, by its link",
     make_private_file,
     "&",
     NULL,
     {"2", "2", "2", "2", "2", "2"}},
    {"POST /api/files/papers", make_paper_upload, NULL, NULL, {"L", "F", "2", "2", "2", "F"}},
    {"GET /files/papers/{name} # without its link",
     make_paper,
     "@",
     NULL,
     {"N", "N", "N", "N", "N", "N"}},
    {"GET /files/papers/{name} # by its link",
     make_paper,
     "&",
     NULL,
     {"2", "2", "2", "2", "2", "2"}},
    {"GET /api/people/me/consents", NULL, "/api/people/me/consents", NULL, FOR_PERSONS},
    {"PUT /api/people/me/consents/{kind}", NULL, "/api/people/me/consents/recommendation",
     "{\"version\":\"2026-11\",\"given\":true}", FOR_PERSONS},
    {"GET /api/people/me/exports", NULL, "/api/people/me/exports", NULL, FOR_PERSONS},
    {"POST /api/people/me/exports", make_person, "/api/people/me/exports", NULL, FOR_PERSONS},
    {"POST /api/people/me/exports/{id}/download", make_export, "/api/people/me/exports/@/download",
     NULL, FOR_OWNERS},
    {"GET /api/people/me/unmaskings", NULL, "/api/people/me/unmaskings", NULL, FOR_PERSONS},
    {"PUT /api/people/me/phone", make_new_phone, NULL, NULL, FOR_PERSONS},
    /* There is none that waits. */
    {"DELETE /api/people/me/phone-change",
     make_person,
     "/api/people/me/phone-change",
     NULL,
     {"L", "N", "N", "N", "N", "N"}},
    {"POST /api/unmaskings",
     make_paid,
     "/api/unmaskings",
     "{\"subject\":\"order\",\"subject_id\":\"@\",\"reason\":\"核对投诉\"}",
     {"LLLL", "FFFF", "FFFF", "FFFF", "222N", "FFFF"}},
    {"POST /api/unmaskings # of a person",
     make_stranger,
     "/api/unmaskings",
     "{\"subject\":\"person\",\"subject_id\":\"@\",\"reason\":\"核对投诉\"}",
     {"L", "F", "F", "F", "2", "F"}},
    {"POST /api/person-lookups",
     make_stranger,
     "/api/person-lookups",
     "{\"phone\":\"&\"}",
     {"L", "F", "F", "2", "2", "F"}},
    {"GET /api/roles", NULL, "/api/roles", NULL, {"L", "F", "F", "2", "2", "F"}},
    {"PUT /api/roles/{name}",
     NULL,
     "/api/roles/parcel_packer",
     "{\"permissions\":[\"serve\"]}",
     {"L", "F", "F", "N", "2", "F"}},
    {"GET /api/grants", NULL, "/api/grants", NULL, {"L", "F", "F", "N", "2", "F"}},
    /* A seller that is not there is kept by nobody. */
    {"GET /api/grants # of a seller",
     make_seller,
     "/api/grants?organisation_id=@",
     NULL,
     {"LLLL", "FFFF", "FFFF", "22NN", "2222", "FFFF"}},
    {"POST /api/grants",
     make_seller_and_newcomer,
     "/api/grants",
     "{\"person_id\":\"&\",\"role\":\"seller_keeper\",\"scope\":\"organisation\","
     "\"scope_id\":\"@\"}",
     {"LLLL", "FFFF", "FFFF", "22NN", "2224", "FFFF"}},
    {"POST /api/grants # an office",
     make_seller_and_newcomer,
     "/api/grants",
     "{\"person_id\":\"&\",\"role\":\"auditor\",\"scope\":\"all\"}",
     {"L", "F", "F", "N", "2", "F"}},
    {"DELETE /api/grants/{key}",
     make_grant,
     "/api/grants/@",
     NULL,
     {"LLLL", "FFFF", "FFFF", "22NN", "222N", "FFFF"}},

    {"POST /api/stock/receipts", make_sku, "/api/stock/receipts", "{\"sku_id\":\"@\",\"count\":2}",
     FOR_KEEPERS},
    {"POST /api/stock/losses", make_sku, "/api/stock/losses",
     "{\"sku_id\":\"@\",\"count\":1,\"reason\":\"压坏了\"}", FOR_KEEPERS},
    {"POST /api/stock/counts", make_sku, "/api/stock/counts",
     "{\"sku_id\":\"@\",\"counted\":900,\"reason\":\"盘点\"}", FOR_KEEPERS},

    {"GET /api/home", NULL, "/api/home", NULL, FOR_ALL},
    {"GET /api/units", NULL, "/api/units", NULL, FOR_ALL},
    {"PUT /api/units", NULL, "/api/units", "{\"names\":[\"斤\"]}", FOR_HOUSE},
    {"GET /api/banners", NULL, "/api/banners", NULL, FOR_HOUSE},
    {"PUT /api/banners", NULL, "/api/banners", "{\"banners\":[]}", FOR_HOUSE},
    {"GET /api/categories", NULL, "/api/categories", NULL, FOR_ALL},
    {"POST /api/categories", NULL, "/api/categories", "{\"name\":\"坚果\"}", FOR_HOUSE},
    {"PUT /api/categories/{id}",
     make_category,
     "/api/categories/@",
     "{\"name\":\"鲜果\"}",
     {"L--L", "F--F", "F--F", "N--N", "2--N", "F--F"}},
    {"GET /api/sections", NULL, "/api/sections", NULL, FOR_ALL},
    {"PUT /api/sections/{code}", NULL, "/api/sections/season", "{\"name\":\"当季\"}", FOR_HOUSE},
    {"GET /api/sections/{code}",
     make_section,
     "/api/sections/@",
     NULL,
     {"2--N", "2--N", "2--N", "2--N", "2--N", "2--N"}},
    {"GET /api/sections/{code}/goods",
     make_section,
     "/api/sections/@/goods",
     NULL,
     {"L--L", "F--F", "F--F", "N--N", "2--N", "F--F"}},
    {"PUT /api/sections/{code}/goods",
     make_section,
     "/api/sections/@/goods",
     "{\"goods_ids\":[\"&\"]}",
     {"L--L", "F--F", "F--F", "N--N", "2--N", "F--F"}},
    {"GET /api/zones", NULL, "/api/zones", NULL, FOR_ALL},
    {"PUT /api/zones/{code}", NULL, "/api/zones/aixin",
     "{\"name\":\"消费帮扶\",\"counties\":[\"141031000000\"]}", FOR_HOUSE},
    {"GET /api/zones/{code}", NULL, "/api/zones/aixin", NULL, FOR_ALL},
    {"GET /api/sellers", NULL, "/api/sellers", NULL, FOR_ALL},
    {"GET /api/sellers/{id}",
     make_seller,
     "/api/sellers/@",
     NULL,
     {"222N", "222N", "222N", "222N", "222N", "222N"}},
    {"POST /api/sellers",
     make_place,
     "/api/sellers",
     SELLER_BODY("@"),
     {"LLLL", "FFFF", "FFFF", "22NN", "2224", "FFFF"}},
    {"PUT /api/sellers/{id}",
     make_seller,
     "/api/sellers/@",
     SELLER_BODY("&"),
     {"LLLL", "FFFF", "FFFF", "22NN", "222N", "FFFF"}},
    {"PUT /api/sellers/{id} # into another county",
     make_seller,
     "/api/sellers/@",
     SELLER_BODY("500236000000"),
     {"L---", "F---", "F---", "N---", "----", "F---"}},
    {"GET /api/sellers/{id}/goods", make_seller, "/api/sellers/@/goods", NULL, FOR_KEEPERS},
    {"GET /api/stock", make_seller, "/api/stock?seller=@", NULL, FOR_KEEPERS},
    {"GET /api/goods/{id}",
     make_goods,
     "/api/goods/@",
     NULL,
     {"222N", "222N", "222N", "222N", "222N", "222N"}},
    {"PUT /api/goods/{id}/sale", make_goods, "/api/goods/@/sale", "{\"on_sale\":true}",
     FOR_KEEPERS},
    {"GET /api/goods/{id}/prices",
     make_goods,
     "/api/goods/@/prices",
     NULL,
     {"222N", "222N", "222N", "222N", "222N", "222N"}},
    {"PUT /api/goods/{id}/skus/{sku_id}/price", make_goods, "/api/goods/@/skus/&/price",
     "{\"price_fen\":4990}", FOR_KEEPERS},

    {"GET /api/listings", NULL, "/api/listings", NULL, {"L", "F", "F", "2", "2", "F"}},
    {"GET /api/listings # in another county",
     NULL,
     "/api/listings?place=500236",
     NULL,
     {"L", "F", "F", "N", "2", "F"}},
    {"POST /api/listings", make_seller_and_category, "/api/listings", GOODS_BODY, FOR_KEEPERS},
    /* What was not sent in is the shop's alone. */
    {"GET /api/listings/{id}", make_listing, "/api/listings/@", NULL, FOR_SHOPS},
    {"GET /api/listings/{id} # sent in",
     make_listing_in,
     "/api/listings/@",
     NULL,
     {"LLLL", "NNNN", "2NNN", "22NN", "222N", "NNNN"}},
    {"PUT /api/listings/{id}", make_listing_body, "/api/listings/@", "&", FOR_KEEPERS},
    {"POST /api/listings/{id}/submissions", make_listing, "/api/listings/@/submissions", NULL,
     FOR_KEEPERS},
    {"POST /api/listings/{id}/withdrawal", make_listing_in, "/api/listings/@/withdrawal", NULL,
     FOR_KEEPERS},
    {"POST /api/listings/{id}/decisions",
     make_listing_read,
     "/api/listings/@/decisions",
     "{\"agreed\":true,\"submitted_at\":\"&\"}",
     {"LLLL", "FFFF", "FFFF", "22NN", "222N", "FFFF"}},
    {"GET /api/sellers/{id}/listings", make_seller, "/api/sellers/@/listings", NULL, FOR_KEEPERS},
    {"GET /api/goods/{id}/draft", make_goods, "/api/goods/@/draft", NULL, FOR_KEEPERS},
    {"GET /api/listing-words", NULL, "/api/listing-words", NULL, {"L", "F", "F", "2", "2", "F"}},
    {"PUT /api/listing-words", NULL, "/api/listing-words", "{\"stop\":[],\"look\":[\"最\"]}",
     FOR_HOUSE},

    {"GET /api/import-templates/{kind}", NULL, "/api/import-templates/goods", NULL, FOR_ALL},
    {"POST /api/imports", make_sending, NULL, NULL, FOR_KEEPERS},
    {"GET /api/imports", make_seller, "/api/imports?seller=@", NULL, FOR_KEEPERS},
    {"GET /api/imports/{id}", make_import, "/api/imports/@", NULL, FOR_KEEPERS},
    {"GET /api/imports/{id}/errors", make_import, "/api/imports/@/errors", NULL, FOR_KEEPERS},
    /* It is still being checked. */
    {"POST /api/imports/{id}/runs",
     make_import,
     "/api/imports/@/runs",
     "{\"mode\":\"skip_bad\"}",
     {"LLLL", "FFFF", "4NNN", "FFFF", "FFFF", "FFFF"}},
    {"GET /files/imports/{id}/{name} # without its link",
     make_import,
     "/files/imports/@/errors.csv",
     NULL,
     {"N", "N", "N", "N", "N", "N"}},
    {"GET /files/imports/{id}/{name} # by its link",
     make_import,
     "&",
     NULL,
     {"2", "2", "2", "2", "2", "2"}},
    {"POST /api/exports", make_seller, "/api/exports",
     "{\"what\":\"goods\",\"format\":\"csv\",\"filters\":[{\"name\":\"seller\",\"value\":\"@\"}]}",
     FOR_SHOPS},
    {"GET /api/exports", NULL, "/api/exports", NULL, FOR_PERSONS},
    {"GET /api/exports/{id}", make_sheet, "/api/exports/@", NULL, FOR_SHOPS},
    {"GET /files/sheets/{id}/{name} # without its link",
     NULL,
     "/files/sheets/7/goods.csv",
     NULL,
     {"N", "N", "N", "N", "N", "N"}},
    {"GET /files/sheets/{id}/{name} # by its link",
     make_sheet,
     "&",
     NULL,
     {"2", "2", "2", "2", "2", "2"}},

    {"GET /api/seller-kinds", NULL, "/api/seller-kinds", NULL, FOR_ALL},
    {"GET /api/seller-applications", NULL, "/api/seller-applications", NULL, FOR_PERSONS},
    {"GET /api/seller-applications # of a desk", NULL, "/api/seller-applications?desk=true", NULL,
     FOR_PERSONS},
    {"GET /api/seller-applications # of a desk in another county",
     NULL,
     "/api/seller-applications?desk=true&place=500236",
     NULL,
     {"L", "N", "N", "N", "2", "N"}},
    {"POST /api/seller-applications", make_person, "/api/seller-applications",
     "{\"kind\":\"household\"}", FOR_PERSONS},
    {"GET /api/seller-applications/{id}",
     make_submitted,
     "/api/seller-applications/@",
     NULL,
     {"LLLL", "2NNN", "2NNN", "22NN", "222N", "2NNN"}},
    {"PUT /api/seller-applications/{id}", make_application, "/api/seller-applications/@",
     "{\"kind\":\"household\"}", FOR_OWNERS},
    {"POST /api/seller-applications/{id}/submissions", make_application,
     "/api/seller-applications/@/submissions", NULL, FOR_OWNERS},
    {"POST /api/seller-applications/{id}/withdrawal", make_application,
     "/api/seller-applications/@/withdrawal", NULL, FOR_OWNERS},
    /* The county's word is the county's, and nobody's own. */
    {"POST /api/seller-applications/{id}/recommendations",
     make_submitted_read,
     "/api/seller-applications/@/recommendations",
     "{\"agreed\":true,\"submitted_at\":\"&\"}",
     {"LLLL", "FFFF", "FFFF", "F2NN", "FFFN", "FFFF"}},
    {"POST /api/seller-applications/{id}/decisions",
     make_recommended,
     "/api/seller-applications/@/decisions",
     "{\"agreed\":true,\"submitted_at\":\"&\"}",
     {"LL-L", "FF-F", "FF-F", "FF-N", "F2-N", "FF-F"}},
    {"POST /api/seller-applications/{id}/contact-views",
     make_submitted,
     "/api/seller-applications/@/contact-views",
     "{\"reason\":\"核对身份\"}",
     {"LLLL", "FFFF", "FFFF", "FFFF", "222N", "FFFF"}},

    {"GET /api/goods", NULL, "/api/goods?q=%E6%A2%A8", NULL, FOR_ALL},
    {"GET /api/suggestions", NULL, "/api/suggestions", NULL, FOR_ALL},
    {"PUT /api/popular-words", NULL, "/api/popular-words", "{\"words\":[\"小米\"]}", FOR_HOUSE},

    {"GET /api/cart", NULL, "/api/cart", NULL, FOR_PERSONS},
    {"PUT /api/cart/lines/{sku_id}",
     make_sku,
     "/api/cart/lines/@",
     "{\"count\":1,\"selected\":true}",
     {"L--L", "2--N", "2--N", "2--N", "2--N", "2--N"}},
    /* What does not lie in the bag is taken out of it without a word. */
    {"DELETE /api/cart/lines/{sku_id}",
     make_sku,
     "/api/cart/lines/@",
     NULL,
     {"L--L", "2--2", "2--2", "2--2", "2--2", "2--2"}},
    {"POST /api/quotes # to a place", make_home, "/api/quotes",
     "{\"lines\":[{\"sku_id\":\"&\",\"count\":1}],\"place_code\":\"140105000000\"}", FOR_ALL},
    {"POST /api/quotes # to an address", make_address, "/api/quotes",
     "{\"lines\":[{\"sku_id\":\"&\",\"count\":1}],\"address_id\":\"@\"}", FOR_OWNERS},
    {"POST /api/orders", make_address, "/api/orders",
     "{\"lines\":[{\"sku_id\":\"&\",\"count\":1}],\"address_id\":\"@\","
     "\"ticked_return_terms\":true}",
     FOR_OWNERS},
    {"GET /api/orders", NULL, "/api/orders", NULL, FOR_PERSONS},
    {"GET /api/orders # of a seller",
     make_seller,
     "/api/orders?seller=@",
     NULL,
     {"LLLL", "NNNN", "2NNN", "22NN", "2222", "2222"}},
    {"GET /api/orders # of a place",
     make_place,
     "/api/orders?desk=place&place=@",
     NULL,
     {"LLLL", "NNNN", "NNNN", "22NN", "2224", "2224"}},
    {"GET /api/orders # of all",
     NULL,
     "/api/orders?desk=all",
     NULL,
     {"L", "N", "N", "N", "2", "2"}},
    {"GET /api/orders/{id}",
     make_paid,
     "/api/orders/@",
     NULL,
     {"LLLL", "2NNN", "22NN", "22NN", "222N", "222N"}},
    {"POST /api/orders/{id}/cancellation", make_unpaid, "/api/orders/@/cancellation", NULL,
     FOR_OWNERS},
    {"POST /api/orders/{id}/shipment",
     make_paid,
     "/api/orders/@/shipment",
     "{\"carrier\":\"邮政\",\"tracking_number\":\"77312004\"}",
     {"LLLL", "FFFF", "N2NN", "FFFF", "FFFF", "FFFF"}},
    {"POST /api/shipment-batches",
     make_paid,
     "/api/shipment-batches",
     "{\"rows\":[{\"number\":\"@\",\"carrier\":\"邮政\",\"tracking_number\":\"77312004\"}]}",
     {"LLLL", "FFFF", "2222", "FFFF", "FFFF", "FFFF"}},
    {"POST /api/orders/{id}/shipment-events",
     make_shipped,
     "/api/orders/@/shipment-events",
     "{\"title\":\"到了太原\"}",
     {"LLLL", "FFFF", "N2NN", "FFFF", "FFFF", "FFFF"}},
    {"POST /api/orders/{id}/receipt", make_shipped, "/api/orders/@/receipt", NULL, FOR_OWNERS},
    {"PUT /api/freight-rules",
     make_seller,
     "/api/freight-rules",
     "{\"seller_id\":\"@\",\"first_g\":3000,\"first_fen\":800,\"next_g\":1000,\"next_fen\":200}",
     {"LLLL", "NNNN", "2NNN", "22NN", "222N", "NNNN"}},
    {"PUT /api/freight-rules # of the house",
     NULL,
     "/api/freight-rules",
     "{\"first_g\":3000,\"first_fen\":800,\"next_g\":1000,\"next_fen\":200}",
     {"L", "N", "N", "N", "2", "N"}},
    {"GET /api/freight-rules",
     make_seller,
     "/api/freight-rules?seller=@",
     NULL,
     {"LLLL", "NNNN", "2NNN", "22NN", "222N", "NNNN"}},
    {"GET /api/freight-rules # of the house", NULL, "/api/freight-rules", NULL, FOR_PERSONS},
    {"POST /api/orders/{id}/payments", make_unpaid, "/api/orders/@/payments", NULL, FOR_OWNERS},
    {"GET /api/payments/{id}", make_payment, "/api/payments/@", NULL, FOR_OWNERS},
    {"POST /api/orders/{id}/refunds",
     make_paid,
     "/api/orders/@/refunds",
     "{\"reason\":\"坏了\"}",
     {"LLLL", "FFFF", "N2NN", "FFFF", "FFFF", "FFFF"}},

    {"POST /api/cases/previews", make_arrived, "/api/cases/previews", CASE_BODY, FOR_OWNERS},
    {"POST /api/cases", make_arrived, "/api/cases", CASE_BODY, FOR_OWNERS},
    {"GET /api/cases", NULL, "/api/cases", NULL, FOR_PERSONS},
    {"GET /api/cases # of a seller",
     make_seller,
     "/api/cases?seller=@",
     NULL,
     {"LLLL", "NNNN", "2NNN", "NNNN", "NNNN", "NNNN"}},
    {"GET /api/cases # at the desk",
     NULL,
     "/api/cases?desk=true",
     NULL,
     {"L", "N", "N", "2", "2", "N"}},
    {"GET /api/cases/{id}",
     make_case,
     "/api/cases/@",
     NULL,
     {"LLLL", "2NNN", "22NN", "22NN", "222N", "222N"}},
    /* Who may see a case and is not the one whose turn it is hears that; who may not, nothing.
     */
    {"POST /api/cases/{id}/answers",
     make_case,
     "/api/cases/@/answers",
     "{\"choice\":\"refuse\",\"words\":\"是好的\"}",
     {"LLLL", "FFFF", "F2NN", "FFNN", "FFFN", "FFFF"}},
    {"POST /api/cases/{id}/replies",
     make_refused_case,
     "/api/cases/@/replies",
     "{\"choice\":\"appeal\"}",
     {"LLLL", "2NNN", "2FNN", "2FNN", "2FFN", "2FFN"}},
    {"POST /api/cases/{id}/shipments",
     make_agreed_case,
     "/api/cases/@/shipments",
     "{\"carrier\":\"邮政\",\"tracking_number\":\"99887766\"}",
     {"LLLL", "2NNN", "2FNN", "2FNN", "2FFN", "2FFN"}},
    {"POST /api/cases/{id}/receipts",
     make_returned_case,
     "/api/cases/@/receipts",
     "{\"accepted\":true}",
     {"LLLL", "FNNN", "F2NN", "FFNN", "FFFN", "FFFN"}},
    {"POST /api/cases/{id}/decisions",
     make_argued_case,
     "/api/cases/@/decisions",
     "{\"amount_fen\":100,\"bearer\":\"seller\",\"words\":\"退一元钱\"}",
     {"LLLL", "FFFF", "FFNN", "F2NN", "F22N", "FFFF"}},
    {"POST /api/cases/{id}/withdrawal",
     make_case,
     "/api/cases/@/withdrawal",
     NULL,
     {"LLLL", "2NNN", "2FNN", "2FNN", "2FFN", "2FFN"}},
    {"POST /api/complaints", make_unpaid, "/api/complaints",
     "{\"subject\":\"order\",\"subject_id\":\"@\",\"words\":\"寄得太慢\"}", FOR_OWNERS},
    {"GET /api/complaints", NULL, "/api/complaints", NULL, FOR_PERSONS},
    {"GET /api/complaints # at the desk",
     NULL,
     "/api/complaints?desk=true",
     NULL,
     {"L", "N", "N", "2", "2", "N"}},
    /* The keeper of the seller is not asked: the complaint is about his shop. */
    {"GET /api/complaints/{id}",
     make_complaint,
     "/api/complaints/@",
     NULL,
     {"LLLL", "2NNN", "2NNN", "22NN", "222N", "222N"}},
    {"POST /api/complaints/{id}/answers",
     make_complaint,
     "/api/complaints/@/answers",
     "{\"words\":\"已经催过了\"}",
     {"LLLL", "FFFF", "NNNN", "N2NN", "N22N", "FFFF"}},
    {"POST /api/invoices", make_arrived, "/api/invoices",
     "{\"order_id\":\"@\",\"type\":\"personal\",\"title\":\"刘敏\"}", FOR_OWNERS},
    {"GET /api/invoices", NULL, "/api/invoices", NULL, FOR_PERSONS},
    {"GET /api/invoices # of a seller",
     make_seller,
     "/api/invoices?seller=@",
     NULL,
     {"LLLL", "NNNN", "2NNN", "22NN", "222N", "NNNN"}},
    {"GET /api/invoices/{id}",
     make_invoice,
     "/api/invoices/@",
     NULL,
     {"LLLL", "2NNN", "22NN", "22NN", "222N", "2NNN"}},
    {"POST /api/invoices/{id}/papers",
     make_invoice,
     "/api/invoices/@/papers",
     "{\"invoice_number\":\"26142000000012345678\"}",
     {"LLLL", "FFFF", "N2NN", "N2NN", "F22N", "FFFF"}},
    {"POST /api/invoices/{id}/refusals",
     make_invoice,
     "/api/invoices/@/refusals",
     "{\"reason\":\"data_wrong\",\"words\":\"抬头不是全称\"}",
     {"LLLL", "FFFF", "N2NN", "N2NN", "F22N", "FFFF"}},

    {"POST /api/payment-notices/{gateway} # signed", make_notice, NULL, NULL, FOR_ALL},
    {"POST /api/payment-notices/{gateway} # without a signature",
     NULL,
     "/api/payment-notices/sandbox",
     "{}",
     {"F", "F", "F", "F", "F", "F"}},
    {"POST /api/payment-notices/{gateway} # of no gateway",
     NULL,
     "/api/payment-notices/other",
     "{}",
     {"N", "N", "N", "N", "N", "N"}},

    {"GET /api/webhooks", NULL, "/api/webhooks", NULL, FOR_CONNECTORS},
    {"POST /api/webhooks", NULL, "/api/webhooks", WEBHOOK_BODY, FOR_CONNECTORS},
    {"GET /api/webhooks/{id}", make_endpoint, "/api/webhooks/@", NULL, FOR_CONNECTORS_OF_ONE},
    {"PUT /api/webhooks/{id}", make_endpoint, "/api/webhooks/@", WEBHOOK_BODY,
     FOR_CONNECTORS_OF_ONE},
    {"DELETE /api/webhooks/{id}", make_endpoint, "/api/webhooks/@", NULL, FOR_CONNECTORS_OF_ONE},
    {"POST /api/webhooks/{id}/secrets", make_endpoint, "/api/webhooks/@/secrets", NULL,
     FOR_CONNECTORS_OF_ONE},
    {"POST /api/webhooks/{id}/tests", make_endpoint, "/api/webhooks/@/tests", NULL,
     FOR_CONNECTORS_OF_ONE},
    {"GET /api/webhooks/{id}/deliveries", make_endpoint, "/api/webhooks/@/deliveries", NULL,
     FOR_CONNECTORS_OF_ONE},
    {"POST /api/webhooks/{id}/deliveries/{delivery_id}/resends", make_endpoint,
     "/api/webhooks/@/deliveries/&/resends", NULL, FOR_CONNECTORS_OF_ONE},

    {"GET /api/messages", NULL, "/api/messages", NULL, FOR_PERSONS},
    {"POST /api/messages/{id}/reads", make_message, "/api/messages/@/reads", NULL, FOR_OWNERS},
    {"POST /api/messages/reads", NULL, "/api/messages/reads", "{\"through\":\"7\"}", FOR_PERSONS},
    {"GET /api/message-words", NULL, "/api/message-words", NULL, FOR_HOUSE},
    {"PUT /api/message-words/{kind}", NULL, "/api/message-words/order_shipped", MESSAGE_WORDS,
     FOR_HOUSE},
    {"DELETE /api/message-words/{kind}", NULL, "/api/message-words/order_shipped", NULL, FOR_HOUSE},

    {"GET /api/dashboard", NULL, "/api/dashboard", NULL, {"L", "N", "2", "2", "2", "2"}},
    {"GET /api/dashboard # of a seller",
     make_seller,
     "/api/dashboard?seller=@",
     NULL,
     {"LLLL", "NNNN", "2NNN", "22NN", "2222", "2222"}},
    {"GET /api/dashboard # of a place",
     make_place,
     "/api/dashboard?place=@",
     NULL,
     {"LLLL", "NNNN", "NNNN", "22NN", "222N", "222N"}},
    {"GET /api/stock-alarms", NULL, "/api/stock-alarms", NULL, {"L", "N", "2", "2", "2", "2"}},
    {"GET /api/stock-alarms # of a seller",
     make_seller,
     "/api/stock-alarms?seller=@",
     NULL,
     {"LLLL", "NNNN", "2NNN", "22NN", "2222", "2222"}},
    {"GET /api/stock-alarms # of a place",
     make_place,
     "/api/stock-alarms?place=@",
     NULL,
     {"LLLL", "NNNN", "NNNN", "22NN", "222N", "222N"}},
    {"GET /api/dashboard/parts",
     NULL,
     "/api/dashboard/parts",
     NULL,
     {"L", "N", "N", "2", "2", "2"}},
    {"GET /api/dashboard/parts # of a place",
     make_place,
     "/api/dashboard/parts?place=@",
     NULL,
     {"LLLL", "NNNN", "NNNN", "22NN", "222N", "222N"}},
};

enum { ROWS = sizeof(table) / sizeof(table[0]) };

/* ---- asking ---- */

static const char *fill_in(struct cell *cell, const char *form) {
    if (!form) return NULL;
    struct buffer filled = buffer_make(cell->world->cast.house->arena, 4000);
    for (const char *c = form; *c; c++) {
        if (*c == '@')
            buffer_add_text(&filled, cell->id);
        else if (*c == '&' && cell->beside.length)
            buffer_add_text(&filled, cell->beside);
        else
            buffer_add_char(&filled, *c);
    }
    return text_terminated(cell->world->cast.house->arena, buffer_text(&filled));
}

static char letter_of(const struct house_reply *reply) {
    if (reply->status / 100 == 2) return '2';
    struct text code = house_text(reply, "code");
    if (text_is(code, "login_needed")) return 'L';
    if (text_is(code, "not_allowed")) return 'F';
    if (text_is(code, "not_found")) return 'N';
    return reply->status / 100 == 4 ? '4' : '!';
}

static void complain(struct cell *cell, const char *what, char wanted) {
    static const char *const roles[] = {"nobody",          "buyer",    "keeper",
                                        "county operator", "operator", "auditor"};
    static const char *const objects[] = {"own", "same", "other", "none"};
    cell->world->wrong_count++;
    printf("  %s by %s on %s: %s, wanted %c: %d %.*s\n", cell->row->key, roles[cell->role],
           objects[cell->object], what, wanted, cell->reply.status, (int)cell->reply.body.length,
           cell->reply.body.bytes ? cell->reply.body.bytes : "");
}

static void check_schema(struct cell *cell) {
    char method[8];
    const char *address = strchr(cell->row->key, ' ') + 1;
    snprintf(method, sizeof(method), "%.*s", (int)strcspn(cell->row->key, " "), cell->row->key);
    /* The stream is the server's own: the road has nothing to say. */
    if (strcmp(address, "/api/events") == 0 && cell->reply.status == 204) return;
    struct text fault =
        schema_fault(&cell->world->schema, method,
                     words("%.*s", (int)strcspn(address, " "), address), &cell->reply);
    if (fault.length) complain(cell, fault.bytes, '-');
}

static void ask(struct cell *cell, char wanted) {
    const struct row *row = cell->row;
    char method[8], got[2] = {0};
    snprintf(method, sizeof(method), "%.*s", (int)strcspn(row->key, " "), row->key);
    cell->who = cell->world->persons[cell->role];
    if (row->make) row->make(cell);
    if (!cell->is_done)
        cell->reply = house_call(cell->world->cast.house, cell->who.token, method,
                                 fill_in(cell, row->target), fill_in(cell, row->body));
    got[0] = letter_of(&cell->reply);
    if (got[0] != wanted) complain(cell, got, wanted);
    check_schema(cell);
}

/* What a refusal says, without the address. */
static struct text said(const struct house_reply *reply) {
    size_t at = text_find(reply->body, TEXT("\"detail\":"), 0);
    return at == SIZE_MAX ? TEXT("") : text_slice(reply->body, at, reply->body.length);
}

static void ask_row(struct world *world, const struct row *row, enum cast_role role) {
    const char *may = row->may[role];
    struct cell cells[OBJECTS];
    for (size_t object = 0; object < strlen(may); object++) {
        cells[object] =
            (struct cell){.world = world, .row = row, .role = role, .object = (enum object)object};
        if (may[object] != '-') ask(&cells[object], may[object]);
    }
    if (strlen(may) != OBJECTS || may[NONE] != 'N') return;
    /* Another's thing and nothing at all are told in the same words. */
    for (size_t object = 0; object < NONE; object++)
        if (may[object] == 'N' && !text_equal(said(&cells[object].reply), said(&cells[NONE].reply)))
            complain(&cells[object], "a hint that it is there", 'N');
}

static void open_world(struct house *house, struct world *ret_world) {
    struct cast *cast = &ret_world->cast;
    cast_open(house, cast);
    schema_open(house->arena, &ret_world->schema);
    const struct market *const markets[] = {&cast->home, &cast->near, &cast->away};
    for (size_t i = 0; i < 3; i++) {
        struct house_reply received =
            house_call(house, markets[i]->keeper, "POST", "/api/stock/receipts",
                       cast_words(cast, "{\"sku_id\":\"%lld\",\"count\":5000}",
                                  (long long)markets[i]->sku_five));
        HOUSE_STATUS(&received, 201);
    }
    for (size_t role = 0; role < CAST_ROLES; role++) {
        ret_world->persons[role] = cast_person(cast, (enum cast_role)role);
        ret_world->colleagues[role] = cast_person(cast, (enum cast_role)role);
    }
    ret_world->stranger = cast_person(cast, CAST_BUYER);
    struct house_reply categories = house_get(house, TEXT(""), "/api/categories");
    text_to_int64(house_text(&categories, "items.0.id"), &ret_world->category_id);
}

HOUSE_TEST("matrix: every route by every role on its own, the same, another's and nothing") {
    struct world world = {0};
    open_world(house, &world);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t role = 0; role < CAST_ROLES; role++)
            ask_row(&world, &table[i], (enum cast_role)role);
    CHECK_INT(world.wrong_count, 0);
    house_check_books(house);
}

TEST("matrix: no route without a row, no row without a route") {
    size_t room_count;
    const struct room *const *rooms = rooms_all(&room_count);
    for (size_t i = 0; i < ROWS; i++) {
        if (!story_route(table[i].key))
            test_fail(__FILE__, __LINE__, "the house has no route %s", table[i].key);
        for (size_t role = 0; role < CAST_ROLES; role++) CHECK(table[i].may[role]);
    }
    for (size_t i = 0; i < room_count; i++)
        for (size_t j = 0; j < rooms[i]->route_count; j++) {
            size_t row = 0;
            while (row < ROWS && story_route(table[row].key) != &rooms[i]->routes[j]) row++;
            if (row == ROWS)
                test_fail(__FILE__, __LINE__, "nothing is said of who may %s",
                          rooms[i]->routes[j].address);
        }
}

/* ---- what does not hang on the table ---- */

HOUSE_TEST("matrix: a token that is none, old, or of a closed account is nobody's") {
    struct cast cast;
    cast_open(house, &cast);
    struct cast_person person = cast_newcomer(&cast);
    struct cast_person leaving = cast_newcomer(&cast);
    struct text code = cast_code(&cast, &leaving, "closure");
    struct house_reply left =
        house_call(house, leaving.token, "POST", "/api/people/me/closure",
                   cast_words(&cast, "{\"code\":\"%.*s\"}", (int)code.length, code.bytes));
    HOUSE_STATUS(&left, 204);
    char *altered = (char *)(uintptr_t)text_copy(house->arena, person.token).bytes;
    altered[20] = altered[20] == 'A' ? 'B' : 'A';
    const struct text tokens[] = {TEXT("x"), text_of(altered), leaving.token,
                                  text_slice(person.token, 0, person.token.length - 1)};
    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        struct house_reply reply = house_get(house, tokens[i], "/api/people/me");
        HOUSE_PROBLEM(&reply, "login_needed", NULL);
    }
    struct house_reply reply = house_get(house, person.token, "/api/people/me");
    HOUSE_STATUS(&reply, 200);
    house_advance(house, 31 * INT64_C(86400000));
    reply = house_get(house, person.token, "/api/people/me");
    HOUSE_PROBLEM(&reply, "login_needed", NULL);
}

/* "/api/goods/{id}/sale" -> "/api/goods/17/sale" */
static const char *some_target(struct house *house, const struct route *route) {
    struct buffer target = buffer_make(house->arena, 200);
    for (const char *c = route->address; *c; c++) {
        if (*c != '{') {
            buffer_add_char(&target, *c);
            continue;
        }
        buffer_add_literal(&target, "17");
        c = strchr(c, '}');
    }
    return text_terminated(house->arena, buffer_text(&target));
}

HOUSE_TEST("matrix: who may not is not told what is wrong with the input") {
    static const char *const methods[] = {
        [GET] = "GET", [POST] = "POST", [PUT] = "PUT", [DELETE] = "DELETE"};
    struct cast cast;
    size_t room_count;
    const struct room *const *rooms = rooms_all(&room_count);
    cast_open(house, &cast);
    struct text buyer = cast_person(&cast, CAST_BUYER).token;
    for (size_t i = 0; i < room_count; i++)
        for (size_t j = 0; j < rooms[i]->route_count; j++) {
            const struct route *route = &rooms[i]->routes[j];
            bool buys = route->access.permission == PERMISSION_buy ||
                        route->access.permission == PERMISSION_account;
            if (route->access.is_public || !route->body) continue;
            const char *target = some_target(house, route);
            struct house_reply reply = house_call(house, TEXT(""), methods[route->method], target,
                                                  "{\"no such field\":[1]}");
            HOUSE_PROBLEM(&reply, "login_needed", NULL);
            CHECK_INT(house_count(&reply, "faults"), 1);
            reply =
                house_call(house, buyer, methods[route->method], target, "{\"no such field\":[1]}");
            HOUSE_PROBLEM(&reply, buys ? "bad_input" : "not_allowed",
                          buys ? "no such field" : NULL);
        }
}
