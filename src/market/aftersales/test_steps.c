/* After-sales: each side in each state, what may not be done there, and what two at once, a late
 * job or a failing database leave behind. */
#include "ground/jobs/jobs.h"
#include "market/aftersales/test_scene.h"

#define PARCEL "{\"carrier\":\"邮政\",\"tracking_number\":\"99887766\"}"
#define HALF "{\"line_no\":1,\"count\":1,\"bad_count\":1,\"of_count\":2}"
#define TWO_LINES ONE ",{\"line_no\":2,\"count\":1}"

/* One order of both SKUs: the fresh pears are line 1, the dried ones line 2. */
static void buy_both(struct scene *scene) {
    scene->placed =
        send_to(scene, scene->buyer, "/api/orders",
                "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1},{\"sku_id\":\"%lld\",\"count\":1}],"
                "\"ticked_return_terms\":true}",
                (long long)scene->market.sku_five, (long long)scene->market.sku_dried);
    HOUSE_STATUS(&scene->placed, 201);
    scene->order_id = house_text(&scene->placed, "orders.0.id");
    market_pay(scene->house, &scene->placed);
}

static struct house_reply preview(struct scene *scene, const char *kind, const char *reason,
                                  const char *lines, bool english) {
    struct text body =
        text_format(scene->house->arena,
                    "{\"order_id\":\"%s\",\"kind\":\"%s\",\"reason\":\"%s\",\"lines\":[%s]}",
                    scene->order_id.bytes, kind, reason, lines);
    struct road_call call = {.method = "POST",
                             .target = TEXT("/api/cases/previews"),
                             .body = body,
                             .token = scene->buyer,
                             .english = english};
    return house_send(scene->house, &call);
}

static int64_t asked(struct scene *scene, const char *kind, const char *reason, const char *lines) {
    struct house_reply reply = preview(scene, kind, reason, lines, true);
    HOUSE_STATUS(&reply, 200);
    return house_int(&reply, "asked_fen");
}

static struct house_reply act(struct scene *scene, struct text token, const char *what,
                              const char *body) {
    return send_to(scene, token, case_at(scene, what), "%s", body);
}

static void done(struct scene *scene, struct text token, const char *what, const char *body) {
    struct house_reply reply = act(scene, token, what, body);
    HOUSE_STATUS(&reply, 201);
}

static void withdraw(struct scene *scene) {
    struct house_reply reply =
        house_call(scene->house, scene->buyer, "POST", case_at(scene, "/withdrawal"), NULL);
    HOUSE_STATUS(&reply, 200);
}

static void pass(struct scene *scene, int64_t ms) {
    house_advance(scene->house, ms);
    house_run_jobs(scene->house);
}

/* ---- what may be claimed ---- */

HOUSE_TEST("E08: a share of damage has a count and a whole, and is for money without a return") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 1);
    struct house_reply reply = ask(&scene, "money", "not_wanted", HALF, "");
    HOUSE_PROBLEM(&reply, "bad_input", "lines[0].bad_count");
    arrive(&scene);
    reply = ask(&scene, "money", "damaged", "{\"line_no\":1,\"count\":1,\"of_count\":4}", "");
    HOUSE_PROBLEM(&reply, "bad_input", "lines[0].bad_count");
    reply = ask(&scene, "money", "damaged", "{\"line_no\":1,\"count\":1,\"bad_count\":4}", "");
    HOUSE_PROBLEM(&reply, "bad_input", "lines[0].bad_count");
    reply = ask(&scene, "exchange", "damaged", HALF, "");
    HOUSE_PROBLEM(&reply, "bad_input", "lines[0].bad_count");
    CHECK_INT(asked(&scene, "money", "damaged", HALF), 1800);
}

HOUSE_TEST("E08: a line gives back what is left of it, and then nothing") {
    struct scene scene;
    open_scene(house, &scene);
    buy_both(&scene);
    arrive(&scene);
    opened(&scene, "money", "other", HALF, SHOWN);
    done(&scene, scene.market.keeper, "/answers", AGREE);
    CHECK_INT(asked(&scene, "money", "other", ONE), 2495); /* of 4990 */
    struct house_reply reply = ask(&scene, "money", "other", ONE, ",\"wished_fen\":2496");
    HOUSE_PROBLEM(&reply, "not_enough", "wished_fen");
    opened(&scene, "money", "other", HALF, SHOWN);
    done(&scene, scene.market.keeper, "/answers", AGREE);
    reply = ask(&scene, "money", "other", ONE, SHOWN);
    HOUSE_PROBLEM(&reply, "not_enough", "lines");
    /* Of two lines the one that is used up gives nothing, the other all. */
    struct house_reply made = opened(&scene, "money", "other", TWO_LINES, SHOWN);
    CHECK_INT(house_int(&made, "asked_fen"), 3600);
    done(&scene, scene.market.keeper, "/answers", AGREE);
    struct house_reply order = order_now(&scene);
    CHECK_INT(house_int(&order, "lines.0.refunded_fen"), 4990);
    CHECK_INT(house_int(&order, "lines.0.refunded_count"), 0);
    CHECK_INT(house_int(&order, "lines.1.refunded_fen"), 3600);
    CHECK_INT(house_int(&order, "lines.1.refunded_count"), 1);
    house_check_books(house);
}

HOUSE_TEST("E08: an amount is spread over the lines in their order, each up to its price") {
    struct scene scene;
    open_scene(house, &scene);
    buy_both(&scene);
    arrive(&scene);
    opened(&scene, "money", "quality", TWO_LINES, SHOWN ",\"wished_fen\":5000");
    done(&scene, scene.market.keeper, "/answers", AGREE);
    struct house_reply order = order_now(&scene);
    CHECK_INT(house_int(&order, "lines.0.refunded_fen"), 4990);
    CHECK_INT(house_int(&order, "lines.0.refunded_count"), 1);
    CHECK_INT(house_int(&order, "lines.1.refunded_fen"), 10);
    CHECK_INT(house_int(&order, "lines.1.refunded_count"), 0);
    struct house_reply reply = ask(&scene, "money", "quality", TWO_LINES, SHOWN);
    HOUSE_PROBLEM(&reply, "not_enough", "lines[0].count");
    house_check_books(house);
}

HOUSE_TEST("E08: who got nothing that he ordered has the freight back too, and nobody else") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1); /* 49.90 and 8.00 freight */
    CHECK_INT(asked(&scene, "money", "not_wanted", ONE), 5790);
    arrive(&scene);
    static const struct {
        const char *kind, *reason;
        int64_t sum;
    } claims[] = {{"money", "not_received", 5790}, {"money", "wrong_item", 5790},
                  {"money", "quality", 5790},      {"return", "damaged", 5790},
                  {"money", "other", 4990},        {"return", "other", 4990},
                  {"exchange", "not_received", 0}};
    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++)
        CHECK_INT(asked(&scene, claims[i].kind, claims[i].reason, ONE), claims[i].sum);
    CHECK_INT(asked(&scene, "money", "damaged", HALF), 2495);
    /* The seller gave the freight back meanwhile: it is not asked for twice. */
    struct house_reply reply = send_to(&scene, scene.market.keeper, order_at(&scene, "/refunds"),
                                       "{\"amount_fen\":1000,\"reason\":\"运费\"}");
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(asked(&scene, "money", "other", ONE), 4790);
    CHECK_INT(asked(&scene, "money", "quality", ONE), 4790);
    buy(&scene, scene.market.sku_five, 2);
    arrive(&scene);
    CHECK_INT(asked(&scene, "money", "quality", ONE), 4990);
}

HOUSE_TEST("E08: an order that is not paid, or wholly given back, is beyond claims") {
    struct scene scene;
    open_scene(house, &scene);
    scene.placed = market_order(house, scene.buyer, scene.market.sku_five, 1);
    scene.order_id = house_text(&scene.placed, "orders.0.id");
    struct house_reply reply = ask(&scene, "money", "quality", ONE, "");
    HOUSE_PROBLEM(&reply, "wrong_state", "order_id");
    market_pay(house, &scene.placed);
    reply = send_to(&scene, scene.market.keeper, order_at(&scene, "/refunds"),
                    "{\"reason\":\"卖完了\"}");
    HOUSE_STATUS(&reply, 201);
    reply = ask(&scene, "money", "quality", ONE, "");
    HOUSE_PROBLEM(&reply, "wrong_state", "order_id");
    scene.order_id = TEXT("999999999999");
    reply = ask(&scene, "money", "quality", ONE, "");
    HOUSE_PROBLEM(&reply, "not_found", "order_id");
    reply = house_get(house, scene.buyer, "/api/cases");
    CHECK_INT(house_count(&reply, "items"), 0);
}

HOUSE_TEST("E08: what was not ticked goes back without a reason, from the moment it is sent") {
    struct scene scene;
    open_scene(house, &scene);
    buy_both(&scene);
    ship(&scene);
    const char *dried = "{\"line_no\":2,\"count\":1}";
    struct house_reply reply = preview(&scene, "return", "not_wanted", TWO_LINES, true);
    HOUSE_PROBLEM(&reply, "wrong_state", "reason");
    reply = preview(&scene, "return", "not_wanted", dried, true);
    CHECK(house_bool(&reply, "is_lawful"));
    CHECK(house_bool(&reply, "sends_back"));
    CHECK(!house_bool(&reply, "is_late"));
    CHECK_INT(house_int(&reply, "asked_fen"), 3600);
    /* Another one instead is a wish, not a right. */
    reply = preview(&scene, "exchange", "not_wanted", dried, true);
    CHECK(!house_bool(&reply, "is_lawful"));
    /* Dry goods do not spoil: damage of them is not late after two days. */
    receive(&scene);
    house_advance(house, 3 * (int64_t)DAY_MS);
    reply = preview(&scene, "money", "damaged", dried, true);
    CHECK(!house_bool(&reply, "is_late"));
    reply = preview(&scene, "money", "damaged", TWO_LINES, true);
    CHECK(house_bool(&reply, "is_late"));
}

HOUSE_TEST("E08: the preview says in the reader's language what comes next") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 1);
    struct text en, zh;
    static const struct {
        const char *kind, *reason, *en, *zh;
        int days;
    } previews[] = {
        {"return", "not_wanted", "cannot refuse", "七天无理由", 0},
        {"money", "quality", "Nothing need be sent back", "不用寄回来", 0},
        {"exchange", "quality", "does not answer", "卖家不答复", 0},
        {"money", "quality", "told late", "报得晚了一些", 31},
    };
    struct house_reply reply = preview(&scene, "money", "quality", ONE, true);
    en = house_text(&reply, "words");
    CHECK(text_find(en, TEXT("does not answer"), 0) != SIZE_MAX); /* it was not sent yet */
    arrive(&scene);
    for (size_t i = 0; i < sizeof(previews) / sizeof(previews[0]); i++) {
        house_advance(house, previews[i].days * (int64_t)DAY_MS);
        if (previews[i].days) scene.buyer = house_person(house, "13800000001", NULL);
        reply = preview(&scene, previews[i].kind, previews[i].reason, ONE, true);
        en = house_text(&reply, "words");
        reply = preview(&scene, previews[i].kind, previews[i].reason, ONE, false);
        zh = house_text(&reply, "words");
        CHECK(text_find(en, text_of(previews[i].en), 0) != SIZE_MAX);
        CHECK(text_find(zh, text_of(previews[i].zh), 0) != SIZE_MAX);
    }
}

/* ---- each side in each state ---- */

static void expect_may(struct scene *scene, struct text token, const char *wanted) {
    struct house_reply reply = read_case(scene, token);
    struct buffer deeds = buffer_make(scene->house->arena, 200);
    HOUSE_STATUS(&reply, 200);
    for (size_t i = 0; i < house_count(&reply, "may"); i++) {
        char path[20];
        snprintf(path, sizeof(path), "may.%zu", i);
        if (i) buffer_add_char(&deeds, ' ');
        buffer_add_text(&deeds, house_text(&reply, path));
    }
    CHECK_TEXT(buffer_text(&deeds), wanted);
}

static void expect_turns(struct scene *scene, const char *state, const char *buyer,
                         const char *seller, const char *desk) {
    expect_state(scene, state, "none");
    expect_may(scene, scene->buyer, buyer);
    expect_may(scene, scene->market.keeper, seller);
    expect_may(scene, scene->officer, desk);
}

/* Every deed of a case, each with a body that would do where it is the turn of it. */
static const struct {
    const char *what, *body;
} deeds[] = {{"/answers", "{\"choice\":\"refuse\",\"words\":\"是好的\"}"},
             {"/replies", "{\"choice\":\"appeal\"}"},
             {"/shipments", PARCEL},
             {"/receipts", "{\"accepted\":true}"},
             {"/decisions", "{\"amount_fen\":0,\"bearer\":\"buyer\",\"words\":\"看不出坏\"}"},
             {"/withdrawal", NULL}};

/* Whoever does what is not among his deeds is refused, and the case stays as it is. */
static void expect_refusals(struct scene *scene, struct text token, const char *state) {
    struct house_reply now = read_case(scene, token);
    struct text before = house_text(&now, "state");
    CHECK_TEXT(before, state);
    for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
        bool may = false;
        for (size_t j = 0; j < house_count(&now, "may"); j++) {
            char path[20];
            snprintf(path, sizeof(path), "may.%zu", j);
            may = may || text_is(house_text(&now, path), deeds[i].what + 1);
        }
        if (may) continue;
        struct house_reply reply =
            house_call(scene->house, token, "POST", case_at(scene, deeds[i].what), deeds[i].body);
        if (reply.status != 403 && reply.status != 409)
            test_fail(__FILE__, __LINE__, "%s in %s gave %d", deeds[i].what, state, reply.status);
    }
    now = read_case(scene, token);
    CHECK_TEXT(house_text(&now, "state"), state);
}

static void expect_all_refusals(struct scene *scene, const char *state) {
    expect_refusals(scene, scene->buyer, state);
    expect_refusals(scene, scene->market.keeper, state);
    expect_refusals(scene, scene->officer, state);
}

HOUSE_TEST("E08: state by state each side hears what it may do, and all else is refused") {
    struct scene scene;
    open_scene(house, &scene);
    struct text keeper = scene.market.keeper;
    struct text auditor =
        person_with(house, "13700000009", (struct giving){.role = "auditor", SCOPE_ALL, 0});
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    opened(&scene, "money", "quality", ONE, SHOWN);
    expect_turns(&scene, "open", "withdrawal", "answers", "");
    expect_all_refusals(&scene, "open");
    done(&scene, keeper, "/answers", "{\"choice\":\"refuse\",\"words\":\"是好的\"}");
    expect_turns(&scene, "refused", "replies withdrawal", "", "");
    expect_all_refusals(&scene, "refused");
    done(&scene, scene.buyer, "/replies", "{\"choice\":\"appeal\",\"words\":\"请看照片\"}");
    expect_turns(&scene, "arbitration", "withdrawal", "", "decisions");
    expect_all_refusals(&scene, "arbitration");
    expect_may(&scene, auditor, ""); /* reads, and no more */
    struct house_reply seen = read_case(&scene, auditor);
    CHECK_TEXT(house_text(&seen, "party"), "system");
    withdraw(&scene);
    expect_state(&scene, "closed", "withdrawn");
    expect_all_refusals(&scene, "closed");
    opened(&scene, "money", "quality", ONE, SHOWN);
    done(&scene, keeper, "/answers",
         "{\"choice\":\"offer\",\"amount_fen\":900,\"words\":\"坏得不多\"}");
    expect_turns(&scene, "offered", "replies withdrawal", "", "");
    expect_all_refusals(&scene, "offered");
    done(&scene, scene.buyer, "/replies", "{\"choice\":\"appeal\"}");
    expect_state(&scene, "arbitration", "none");
    withdraw(&scene);
    house_check_books(house);
}

HOUSE_TEST("E08: an exchange goes there and back by turns, and what was sent ends by a decision") {
    struct scene scene;
    open_scene(house, &scene);
    struct text keeper = scene.market.keeper;
    buy(&scene, scene.market.sku_dried, 1);
    arrive(&scene);
    opened(&scene, "exchange", "quality", ONE, SHOWN);
    done(&scene, keeper, "/answers", "{\"choice\":\"agree\"," HOME "}");
    expect_turns(&scene, "returning", "shipments withdrawal", "answers", "");
    struct house_reply reply =
        act(&scene, keeper, "/answers", "{\"choice\":\"refuse\",\"words\":\"不换了\"}");
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    reply = act(&scene, keeper, "/answers", "{\"choice\":\"agree\",\"return_to\":\"隰县\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "return_to");
    done(&scene, scene.buyer, "/shipments", PARCEL);
    expect_turns(&scene, "returned", "", "receipts", "");
    expect_all_refusals(&scene, "returned");
    done(&scene, keeper, "/receipts", "{\"accepted\":true}");
    expect_turns(&scene, "replacing", "", "answers shipments", "");
    reply = act(&scene, keeper, "/answers", AGREE);
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    expect_refusals(&scene, scene.buyer, "replacing");
    done(&scene, keeper, "/shipments", PARCEL);
    expect_turns(&scene, "replaced", "receipts", "", "");
    expect_all_refusals(&scene, "replaced");
    reply = act(&scene, scene.buyer, "/receipts", "{\"accepted\":false}");
    HOUSE_PROBLEM(&reply, "bad_input", "words");
    done(&scene, scene.buyer, "/receipts", "{\"accepted\":false,\"words\":\"又是坏的\"}");
    expect_turns(&scene, "arbitration", "", "", "decisions");
    expect_refusals(&scene, scene.buyer, "arbitration"); /* nobody withdraws what was sent */
    done(&scene, scene.officer, "/decisions",
         "{\"amount_fen\":3600,\"bearer\":\"seller\",\"words\":\"两次都坏\"}");
    expect_state(&scene, "closed", "refunded");
    CHECK_INT(refunded(&scene), 3600);
    house_check_books(house);
}

HOUSE_TEST("E08: the seller may let the goods stay, and what never came needs no way back") {
    struct scene scene;
    open_scene(house, &scene);
    struct text keeper = scene.market.keeper;
    buy(&scene, scene.market.sku_dried, 1);
    ship(&scene);
    opened(&scene, "exchange", "not_received", ONE, "");
    done(&scene, keeper, "/answers", AGREE); /* without an address */
    expect_state(&scene, "replacing", "none");
    done(&scene, keeper, "/shipments", PARCEL);
    done(&scene, scene.buyer, "/receipts", "{\"accepted\":true,\"words\":\"收到了\"}");
    expect_state(&scene, "closed", "exchanged");
    opened(&scene, "return", "quality", ONE, SHOWN);
    struct house_reply reply =
        act(&scene, keeper, "/answers", "{\"choice\":\"agree\",\"return_to\":\"隰县\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "return_to");
    done(&scene, keeper, "/answers", "{\"choice\":\"agree\",\"without_return\":true}");
    expect_state(&scene, "closed", "refunded");
    house_check_books(house);
}

HOUSE_TEST("E08: an offer names its sum, and a lawful return is none to bargain about") {
    struct scene scene;
    open_scene(house, &scene);
    struct text keeper = scene.market.keeper;
    buy(&scene, scene.market.sku_dried, 1);
    arrive(&scene);
    opened(&scene, "return", "not_wanted", ONE, "");
    struct house_reply reply =
        act(&scene, keeper, "/answers",
            "{\"choice\":\"offer\",\"amount_fen\":100,\"words\":\"少退一点\"}");
    HOUSE_PROBLEM(&reply, "wrong_state", "choice");
    withdraw(&scene);
    opened(&scene, "money", "quality", ONE, SHOWN);
    reply = act(&scene, keeper, "/answers", "{\"choice\":\"offer\",\"words\":\"少退一点\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "amount_fen");
    expect_state(&scene, "open", "none");
}

HOUSE_TEST("E08: what came back is counted line by line, or not at all") {
    struct scene scene;
    open_scene(house, &scene);
    struct text keeper = scene.market.keeper;
    buy_both(&scene);
    arrive(&scene);
    opened(&scene, "return", "quality", "{\"line_no\":2,\"count\":1}", SHOWN);
    done(&scene, keeper, "/answers", "{\"choice\":\"agree\"," HOME "}");
    done(&scene, scene.buyer, "/shipments", PARCEL);
    struct house_reply reply =
        act(&scene, keeper, "/receipts",
            "{\"accepted\":true,\"lines\":[{\"line_no\":1,\"shelf_count\":1}]}");
    HOUSE_PROBLEM(&reply, "not_found", "lines[0].line_no"); /* of the order, not of the case */
    reply = act(&scene, keeper, "/receipts",
                "{\"accepted\":true,\"lines\":[{\"line_no\":2},{\"line_no\":2}]}");
    HOUSE_PROBLEM(&reply, "bad_input", "lines[1].line_no");
    done(&scene, keeper, "/receipts", "{\"accepted\":true,\"lines\":[{\"line_no\":2}]}");
    expect_state(&scene, "closed", "refunded");
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried),
              MARKET_STOCK_DRIED - 1);
    house_check_books(house);
}

HOUSE_TEST("E08: what a case asks for goes back in the case and nowhere else, so never twice") {
    struct scene scene;
    open_scene(house, &scene);
    buy_both(&scene);
    arrive(&scene);
    opened(&scene, "money", "quality", ONE, SHOWN);
    struct house_reply reply = send_to(&scene, scene.market.keeper, order_at(&scene, "/refunds"),
                                       "{\"lines\":[" ONE "],\"reason\":\"都坏了\"}");
    HOUSE_PROBLEM(&reply, "wrong_state", "id");
    done(&scene, scene.market.keeper, "/answers", AGREE);
    expect_state(&scene, "closed", "refunded");
    struct house_reply seen = read_case(&scene, scene.buyer);
    CHECK_INT(refunded(&scene), house_int(&seen, "refunded_fen"));
    reply = send_to(&scene, scene.market.keeper, order_at(&scene, "/refunds"),
                    "{\"lines\":[{\"line_no\":2,\"count\":1}],\"reason\":\"也坏了\"}");
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_int(&reply, "refunded_fen"), house_int(&reply, "paid_fen"));
    house_check_books(house);
}

HOUSE_TEST(
    "E08: before it is sent, the last piece that a case gives back takes the freight along") {
    struct scene scene;
    open_scene(house, &scene);
    buy_both(&scene);
    opened(&scene, "money", "not_wanted", ONE, "");
    struct text first = scene.case_id;
    opened(&scene, "money", "not_wanted", "{\"line_no\":2,\"count\":1}", "");
    done(&scene, scene.market.keeper, "/answers", AGREE);
    scene.case_id = first;
    done(&scene, scene.market.keeper, "/answers", AGREE);
    struct house_reply order = order_now(&scene);
    CHECK_TEXT(house_text(&order, "state"), "refunded");
    CHECK_INT(house_int(&order, "refunded_fen"), house_int(&order, "paid_fen"));
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried), MARKET_STOCK_DRIED);
    house_check_books(house);
    buy(&scene, scene.market.sku_dried, 1);
    opened(&scene, "money", "not_wanted", ONE, ",\"wished_fen\":3600");
    done(&scene, scene.market.keeper, "/answers", AGREE);
    order = order_now(&scene);
    CHECK(house_int(&order, "paid_fen") > 3600);
    CHECK_TEXT(house_text(&order, "state"), "refunded");
    house_check_books(house);
}

/* ---- who ---- */

static refusal take_role(struct request *q, void *context) {
    const struct giving *giving = context;
    return people_take_role(q, giving->person_id, giving->role, giving->scope, giving->scope_id);
}

HOUSE_TEST("A17: who answered for the seller does not decide, also after leaving the shop") {
    struct scene scene;
    open_scene(house, &scene);
    struct giving keeping = {.role = "seller_keeper", SCOPE_ORGANISATION, scene.market.seller_id};
    house_person(house, "13900000001", &keeping.person_id);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    opened(&scene, "money", "quality", ONE, SHOWN);
    done(&scene, scene.market.keeper, "/answers", "{\"choice\":\"refuse\",\"words\":\"是好的\"}");
    done(&scene, scene.buyer, "/replies", "{\"choice\":\"appeal\"}");
    house_work(house, take_role, &keeping);
    struct giving office = {keeping.person_id, "after_sales_officer", SCOPE_COUNTY, HOME_COUNTY};
    house_work(house, give_role, &office);
    struct house_reply reply =
        act(&scene, scene.market.keeper, "/decisions",
            "{\"amount_fen\":0,\"bearer\":\"buyer\",\"words\":\"看不出坏\"}");
    HOUSE_PROBLEM(&reply, "not_found", "id");
    reply = read_case(&scene, scene.market.keeper);
    HOUSE_STATUS(&reply, 404);
    expect_state(&scene, "arbitration", "none");
}

HOUSE_TEST("E08: who packs for a shop and may not serve it sees none of its cases") {
    struct scene scene;
    open_scene(house, &scene);
    struct text manager =
        person_with(house, "13700000005", (struct giving){.role = "operator", SCOPE_ALL, 0});
    struct house_reply reply =
        house_call(house, manager, "PUT", "/api/roles/packer", "{\"permissions\":[\"sell\"]}");
    HOUSE_STATUS(&reply, 200);
    struct text packer =
        person_with(house, "13700000006",
                    (struct giving){.role = "packer", SCOPE_ORGANISATION, scene.market.seller_id});
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    opened(&scene, "money", "quality", ONE, SHOWN);
    reply = read_case(&scene, packer);
    HOUSE_STATUS(&reply, 404);
    reply = house_get(house, packer, "/api/cases?seller=%lld", (long long)scene.market.seller_id);
    HOUSE_PROBLEM(&reply, "not_found", "seller");
    /* An operator serves every place, and is nobody's keeper. */
    reply = house_get(house, manager, "/api/cases?seller=%lld", (long long)scene.market.seller_id);
    HOUSE_PROBLEM(&reply, "not_found", "seller");
    reply = read_case(&scene, manager);
    CHECK_TEXT(house_text(&reply, "party"), "desk");
}

HOUSE_TEST("E08: where to send it back is gone with the account of who wrote it") {
    struct scene scene;
    open_scene(house, &scene);
    struct giving keeping = {.role = "seller_keeper", SCOPE_ORGANISATION, scene.market.seller_id};
    house_person(house, "13900000001", &keeping.person_id);
    buy(&scene, scene.market.sku_dried, 1);
    arrive(&scene);
    opened(&scene, "return", "not_wanted", ONE, "");
    done(&scene, scene.market.keeper, "/answers", "{\"choice\":\"agree\"," HOME "}");
    struct house_reply seen = read_case(&scene, scene.buyer);
    CHECK(house_has(&seen, "return_to"));
    house_work(house, take_role, &keeping);
    close_account(&scene, scene.market.keeper, "13900000001");
    seen = read_case(&scene, scene.buyer);
    HOUSE_STATUS(&seen, 200);
    CHECK(!house_has(&seen, "return_to"));
    house_check_books(house);
}

/* ---- silence ---- */

HOUSE_TEST("E08: silence gives back what did not come, and nothing that is told late") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    ship(&scene);
    opened(&scene, "money", "not_received", ONE, "");
    pass(&scene, AFTERSALES_ANSWER_MS + 1000);
    expect_state(&scene, "closed", "refunded");
    buy(&scene, scene.market.sku_dried, 1);
    arrive(&scene);
    house_advance(house, 29 * (int64_t)DAY_MS);
    scene.buyer = house_person(house, "13800000001", NULL);
    house_advance(house, 2 * (int64_t)DAY_MS);
    struct house_reply late = opened(&scene, "money", "quality", ONE, SHOWN);
    CHECK(house_bool(&late, "is_late"));
    pass(&scene, AFTERSALES_ANSWER_MS + 1000);
    expect_state(&scene, "arbitration", "none");
    house_check_books(house);
}

/* A lawful return to which the seller has said nothing for two days. */
static void open_unanswered(struct house *house, struct scene *ret_scene) {
    open_scene(house, ret_scene);
    buy(ret_scene, ret_scene->market.sku_dried, 1);
    arrive(ret_scene);
    opened(ret_scene, "return", "not_wanted", ONE, "");
    pass(ret_scene, AFTERSALES_ANSWER_MS + 1000);
    expect_state(ret_scene, "returning", "none");
}

HOUSE_TEST("E08: a lawful return without an address is the seller's silence, not the buyer's") {
    struct scene scene;
    open_unanswered(house, &scene);
    pass(&scene, AFTERSALES_ANSWER_MS + 1000);
    expect_state(&scene, "arbitration", "none");
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    opened(&scene, "return", "quality", ONE, SHOWN);
    done(&scene, scene.market.keeper, "/answers", "{\"choice\":\"agree\"," HOME "}");
    pass(&scene, AFTERSALES_STEP_DAYS * (int64_t)DAY_MS + 1000);
    expect_state(&scene, "closed", "lapsed");
    house_check_books(house);
}

HOUSE_TEST("E08: an address that comes late gives the buyer the whole time to send") {
    struct scene scene;
    open_unanswered(house, &scene);
    pass(&scene, AFTERSALES_ANSWER_MS - 2000);
    done(&scene, scene.market.keeper, "/answers", "{\"choice\":\"agree\"," HOME "}");
    pass(&scene, AFTERSALES_STEP_DAYS * (int64_t)DAY_MS - 1000);
    expect_state(&scene, "returning", "none");
    done(&scene, scene.buyer, "/shipments", PARCEL);
    expect_state(&scene, "returned", "none");
    house_check_books(house);
}

HOUSE_TEST("E08: whatever was asked before it was sent, silence gives nothing of it after") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 1);
    struct house_reply reply = ask(&scene, "money", "not_received", ONE, "");
    HOUSE_PROBLEM(&reply, "bad_input", "reason");
    opened(&scene, "money", "other", ONE, SHOWN);
    house_advance(house, 1000);
    ship(&scene);
    pass(&scene, AFTERSALES_ANSWER_MS + 1000);
    expect_state(&scene, "arbitration", "none");
    CHECK_INT(refunded(&scene), 0);
    house_check_books(house);
}

HOUSE_TEST("E08: silence gives so much of an order and no more, in however many cases") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 5);
    arrive(&scene);
    for (int i = 0; i < 2; i++) {
        opened(&scene, "money", "quality", "{\"line_no\":1,\"count\":5}",
               ",\"wished_fen\":12000" SHOWN);
        pass(&scene, AFTERSALES_ANSWER_MS + 1000);
        if (i == 0) expect_state(&scene, "closed", "refunded");
    }
    expect_state(&scene, "arbitration", "none");
    CHECK_INT(refunded(&scene), 12000);
    house_check_books(house);
}

HOUSE_TEST("E08: a replacement that is not sent is arbitrated; its pieces wait until the end") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 1);
    arrive(&scene);
    opened(&scene, "exchange", "quality", ONE, SHOWN);
    done(&scene, scene.market.keeper, "/answers", "{\"choice\":\"agree\"," HOME "}");
    done(&scene, scene.buyer, "/shipments", PARCEL);
    pass(&scene, 7 * (int64_t)DAY_MS + 1000); /* not checked: counts as received */
    expect_state(&scene, "replacing", "none");
    pass(&scene, 7 * (int64_t)DAY_MS + 1000);
    expect_state(&scene, "arbitration", "none");
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried), 1);
    done(&scene, scene.officer, "/decisions",
         "{\"amount_fen\":3600,\"bearer\":\"seller\",\"words\":\"一直没有补寄\"}");
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried), 2);
    house_check_books(house);
}

static size_t count_events(struct scene *scene, const char *kind) {
    struct house_reply seen = read_case(scene, scene->buyer);
    size_t found = 0;
    for (size_t i = 0; i < house_count(&seen, "events"); i++) {
        char path[30];
        snprintf(path, sizeof(path), "events.%zu.kind", i);
        found += text_is(house_text(&seen, path), kind);
    }
    return found;
}

HOUSE_TEST("E08: a decision that is late is told once, however long it takes") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    opened(&scene, "return", "quality", ONE, SHOWN);
    pass(&scene, AFTERSALES_ANSWER_MS + 1000);
    CHECK_INT(count_events(&scene, "overdue"), 0);
    pass(&scene, 7 * (int64_t)DAY_MS + 1000);
    CHECK_INT(count_events(&scene, "overdue"), 1);
    pass(&scene, 7 * (int64_t)DAY_MS + 1000);
    CHECK_INT(count_events(&scene, "overdue"), 1);
    CHECK_INT(room_faults(house), 0);
}

/* ---- two at once, and jobs that come when nobody waits ---- */

static int64_t id_of(struct scene *scene) {
    int64_t id = 0;
    CHECK(text_to_int64(scene->case_id, &id));
    return id;
}

struct stale {
    int64_t case_id;
    refusal first, second;
};

/* Both have read the case before either writes, as two nodes on PostgreSQL may. */
static refusal refuse_twice(struct request *q, void *context) {
    struct stale *stale = context;
    struct aftersales_row row = {0};
    TRY(aftersales_row_of(q, stale->case_id, &row));
    const struct aftersales_step step = {.row = &row,
                                         .to = AFTERSALES_REFUSED,
                                         .due_ms = DAY_MS,
                                         .actor = AFTERSALES_SELLER,
                                         .kind = "refused"};
    stale->first = aftersales_move(q, &step);
    stale->second = aftersales_move(q, &step);
    return NULL;
}

static refusal hold_twice(struct request *q, void *context) {
    struct stale *stale = context;
    struct aftersales_row row = {0};
    TRY(aftersales_row_of(q, stale->case_id, &row));
    stale->first = aftersales_hold(q, &row);
    stale->second = aftersales_hold(q, &row);
    return NULL;
}

HOUSE_TEST("E08: of two steps out of the same state the second changes nothing") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 1);
    arrive(&scene);
    opened(&scene, "exchange", "quality", ONE, SHOWN);
    struct stale stale = {.case_id = id_of(&scene)};
    house_work(house, hold_twice, &stale);
    CHECK(!stale.first);
    CHECK(stale.second && stale.second->kind == PROBLEM_CONFLICT);
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried), 1);
    house_work(house, refuse_twice, &stale);
    CHECK(!stale.first);
    CHECK(stale.second && stale.second->kind == PROBLEM_CONFLICT);
    CHECK_INT(count_events(&scene, "refused"), 1);
    house_check_books(house);
}

static refusal ring(struct request *q, void *context) {
    const struct stale *stale = context;
    return aftersales_when_due(q, stale->case_id, TEXT(""));
}

HOUSE_TEST("E08: a deadline's job that comes early or after the end changes nothing") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    opened(&scene, "money", "quality", ONE, SHOWN);
    struct stale stale = {.case_id = id_of(&scene)};
    house_work(house, ring, &stale);
    expect_state(&scene, "open", "none");
    CHECK_INT(room_faults(house), 0); /* its job still waits */
    withdraw(&scene);
    house_work(house, ring, &stale);
    expect_state(&scene, "closed", "withdrawn");
    stale.case_id = 12345; /* no case at all: the job is told so */
    refusal refused = house_try(house, ring, &stale);
    CHECK(refused && refused->kind == PROBLEM_NOT_FOUND);
}

/* ---- lists ---- */

static size_t listed(struct scene *scene, struct text token, const char *query) {
    struct house_reply reply = house_get(scene->house, token, "/api/cases?%s", query);
    HOUSE_STATUS(&reply, 200);
    return house_count(&reply, "items");
}

static void expect_bad_query(struct scene *scene, struct text token, const char *query,
                             const char *field) {
    struct house_reply reply = house_get(scene->house, token, "/api/cases?%s", query);
    HOUSE_PROBLEM(&reply, "bad_input", field);
}

HOUSE_TEST("E08: lists of cases filter by what there is, and name what there is not") {
    struct scene scene;
    open_scene(house, &scene);
    static const char *const kinds[] = {"money", "return", "exchange"};
    for (size_t i = 0; i < 3; i++) {
        buy(&scene, scene.market.sku_five, 1);
        arrive(&scene);
        opened(&scene, kinds[i], "quality", ONE, "");
    }
    withdraw(&scene);
    expect_bad_query(&scene, scene.buyer, "state=lost", "state");
    expect_bad_query(&scene, scene.buyer, "kind=gift", "kind");
    expect_bad_query(&scene, scene.officer, "desk=true&place=14a", "place");
    CHECK_INT(listed(&scene, scene.buyer, "state=active"), 2);
    CHECK_INT(listed(&scene, scene.buyer, "state=closed"), 1);
    CHECK_INT(listed(&scene, scene.buyer, "kind=return"), 1);
    CHECK_INT(listed(&scene, scene.officer, "desk=true&state=open"), 2);
    CHECK_INT(listed(&scene, scene.officer, "desk=true&state=open&kind=money"), 1);
    CHECK_INT(listed(&scene, scene.officer, "desk=true&state=open&seller=12345"), 0);
    char query[100];
    snprintf(query, sizeof(query), "seller=%lld&limit=1", (long long)scene.market.seller_id);
    CHECK_INT(listed(&scene, scene.market.keeper, query), 1);
    struct house_reply page = house_get(house, scene.market.keeper, "/api/cases?%s", query);
    snprintf(query, sizeof(query), "seller=%lld&state=active&after=%s",
             (long long)scene.market.seller_id, house_text(&page, "next").bytes);
    CHECK_INT(listed(&scene, scene.market.keeper, query), 2);
    page = house_get(house, scene.officer, "/api/cases?desk=true&state=open&limit=1");
    snprintf(query, sizeof(query), "desk=true&state=open&limit=1&after=%s",
             house_text(&page, "next").bytes);
    CHECK_INT(listed(&scene, scene.officer, query), 1);
}

HOUSE_TEST("E08: the desk is as wide as the offices of who sits there, three places in one list") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    opened(&scene, "return", "quality", ONE, "");
    struct text everywhere = person_with(
        house, "13700000011", (struct giving){.role = "after_sales_officer", SCOPE_ALL, 0});
    CHECK_INT(listed(&scene, everywhere, "desk=true&state=open"), 1);
    CHECK_INT(listed(&scene, everywhere, "desk=true&state=open&place=14"), 1);
    CHECK_INT(listed(&scene, everywhere, "desk=true&state=open&place=50"), 0);
    /* Keeping a shop opens no desk; four counties are asked for one by one. */
    struct house_reply reply = house_get(house, scene.market.keeper, "/api/cases?desk=true");
    HOUSE_PROBLEM(&reply, "not_found", "desk");
    static const int64_t counties[] = {INT64_C(110101000000), INT64_C(120101000000),
                                       INT64_C(130102000000), HOME_COUNTY};
    struct text four = {0};
    for (size_t i = 0; i < 4; i++)
        four =
            person_with(house, "13700000012",
                        (struct giving){.role = "after_sales_officer", SCOPE_COUNTY, counties[i]});
    CHECK_INT(listed(&scene, four, "desk=true&state=open&place=141031"), 1);
    CHECK(listed(&scene, four, "desk=true&state=open") <= 1);
    reply = house_get(house, four, "/api/cases?desk=true&place=500236");
    HOUSE_PROBLEM(&reply, "not_found", "desk");
}

/* ---- the database fails ---- */

HOUSE_TEST("E08: at whatever statement the database fails, a step is taken whole or not at all") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 1);
    arrive(&scene);
    const char *body = text_terminated(
        house->arena,
        text_format(house->arena,
                    "{\"order_id\":\"%s\",\"kind\":\"exchange\",\"reason\":\"quality\","
                    "\"lines\":[" ONE "]}",
                    scene.order_id.bytes));
    struct house_reply reply = house_call_through(house, scene.buyer, "POST", "/api/cases", body);
    HOUSE_STATUS(&reply, 201);
    scene.case_id = house_text(&reply, "id");
    const struct {
        struct text token;
        const char *what, *body, *state;
    } steps[] = {
        {scene.market.keeper, "/answers", "{\"choice\":\"agree\"," HOME "}", "returning"},
        {scene.buyer, "/shipments", PARCEL, "returned"},
        {scene.market.keeper, "/receipts", "{\"accepted\":true}", "replacing"},
        {scene.market.keeper, "/shipments", PARCEL, "replaced"},
        {scene.buyer, "/receipts", "{\"accepted\":false,\"words\":\"又是坏的\"}", "arbitration"},
        {scene.officer, "/decisions",
         "{\"amount_fen\":3600,\"bearer\":\"seller\",\"words\":\"两次都坏\"}", "closed"}};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        reply = house_call_through(house, steps[i].token, "POST", case_at(&scene, steps[i].what),
                                   steps[i].body);
        HOUSE_STATUS(&reply, 201);
        CHECK_TEXT(house_text(&reply, "state"), steps[i].state);
        CHECK_INT(house_count(&reply, "events"), i + 2); /* one a step, and the opening */
    }
    CHECK_INT(listed(&scene, scene.buyer, "limit=50"), 1);
    CHECK_INT(refunded(&scene), 3600);
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried), 1);
    house_check_books(house);
}
