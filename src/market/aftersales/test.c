/* After-sales: what may be claimed, each step and each silence, and the money that moves once. */
#include <pthread.h>

#include "market/aftersales/test_scene.h"

#define UNKNOWN "/files/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

HOUSE_TEST("pictures: evidence is the buyer's own upload, and shown by a link to the parties") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    struct text picture = upload(&scene, scene.buyer, "evidence");
    scene.picture = upload(&scene, scene.buyer, "goods");
    struct house_reply reply = ask(&scene, "money", "damaged", ONE, SHOWN);
    HOUSE_PROBLEM(&reply, "bad_input", "pictures[0]"); /* everybody could see it */
    struct text stranger = market_buyer(house, "13800000003");
    scene.picture = upload(&scene, stranger, "evidence");
    reply = ask(&scene, "money", "damaged", ONE, SHOWN);
    HOUSE_PROBLEM(&reply, "bad_input", "pictures[0]"); /* another's */
    reply =
        send_to(&scene, scene.buyer, "/api/complaints",
                "{\"subject\":\"goods\",\"subject_id\":\"%lld\",\"words\":\"和图上不一样\","
                "\"pictures\":[\"%.*s\"]}",
                (long long)scene.market.goods_id, (int)scene.picture.length, scene.picture.bytes);
    HOUSE_PROBLEM(&reply, "bad_input", "pictures[0]");
    scene.picture = picture;
    opened(&scene, "money", "damaged", ONE, SHOWN);
    const struct text readers[] = {scene.buyer, scene.market.keeper, scene.officer};
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        reply = read_case(&scene, readers[i]);
        HOUSE_STATUS(&reply, 200);
        expect_private(house, picture, house_text(&reply, "pictures.0"));
    }
    reply = read_case(&scene, stranger);
    HOUSE_STATUS(&reply, 404);
    reply = send_to(&scene, scene.buyer, "/api/complaints",
                    "{\"subject\":\"goods\",\"subject_id\":\"%lld\",\"words\":\"和图上不一样\","
                    "\"pictures\":[\"%.*s\"]}",
                    (long long)scene.market.goods_id, (int)picture.length, picture.bytes);
    HOUSE_STATUS(&reply, 201);
    expect_private(house, picture, house_text(&reply, "pictures.0"));
}

HOUSE_TEST("E08: three of twelve pears are bad: a quarter goes back, nothing is sent back") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    const char *lines = "{\"line_no\":1,\"count\":1,\"bad_count\":3,\"of_count\":12}";
    struct house_reply preview =
        send_to(&scene, scene.buyer, "/api/cases/previews",
                "{\"order_id\":\"%.*s\",\"kind\":\"money\",\"reason\":\"damaged\",\"lines\":[%s]}",
                (int)scene.order_id.length, scene.order_id.bytes, lines);
    HOUSE_STATUS(&preview, 200);
    CHECK_INT(house_int(&preview, "asked_fen"), 1247); /* 12.475, never rounded up */
    CHECK_INT(house_int(&preview, "most_fen"), 4990);
    CHECK(!house_bool(&preview, "sends_back"));
    struct house_reply made = opened(&scene, "money", "damaged", lines, SHOWN);
    CHECK_INT(house_int(&made, "asked_fen"), 1247);
    CHECK_TEXT(house_text(&made, "may.0"), "withdrawal");
    CHECK(text_starts(house_text(&made, "pictures.0"), TEXT("/files/")));
    struct house_reply seen = read_case(&scene, scene.market.keeper);
    CHECK_TEXT(house_text(&seen, "party"), "seller");
    CHECK_TEXT(house_text(&seen, "may.0"), "answers");
    struct house_reply reply =
        send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"), AGREE);
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "outcome"), "refunded");
    CHECK_INT(house_int(&reply, "refunded_fen"), 1247);
    struct house_reply order = order_now(&scene);
    CHECK_INT(house_int(&order, "refunded_fen"), 1247);
    CHECK_INT(house_int(&order, "lines.0.refunded_fen"), 1247);
    CHECK_INT(house_int(&order, "lines.0.refunded_count"), 0);
    CHECK_INT(house_int(&order, "open_case_count"), 0);
    reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"), AGREE);
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    house_check_books(house);
}

HOUSE_TEST("E08: after a share went back, refunds by line and by sum stop at what was paid") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    opened(&scene, "money", "damaged", "{\"line_no\":1,\"count\":1,\"bad_count\":1,\"of_count\":2}",
           SHOWN);
    send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"), AGREE);
    struct house_reply reply = send_to(&scene, scene.market.keeper, order_at(&scene, "/refunds"),
                                       "{\"lines\":[%s],\"reason\":\"都坏了\"}", ONE);
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_int(&reply, "lines.0.refunded_fen"), 4990);
    CHECK_INT(house_int(&reply, "refunded_fen"), 4990);
    reply = send_to(&scene, scene.market.keeper, order_at(&scene, "/refunds"),
                    "{\"amount_fen\":801,\"reason\":\"运费\"}");
    HOUSE_PROBLEM(&reply, "not_enough", "amount_fen");
    struct house_reply again = ask(&scene, "money", "damaged", ONE, SHOWN);
    HOUSE_PROBLEM(&again, "not_enough", "lines[0].count");
    house_check_books(house);
}

HOUSE_TEST("E08: what cannot be claimed is refused by field, and says what can be done") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 2);
    struct house_reply reply = ask(&scene, "return", "quality", ONE, "");
    HOUSE_PROBLEM(&reply, "bad_input", "kind");
    arrive(&scene);
    reply = ask(&scene, "return", "not_wanted", ONE, "");
    HOUSE_PROBLEM(&reply, "wrong_state", "reason");
    reply = ask(&scene, "money", "not_wanted", ONE, "");
    HOUSE_PROBLEM(&reply, "bad_input", "kind");
    reply = ask(&scene, "return", "not_received", ONE, "");
    HOUSE_PROBLEM(&reply, "bad_input", "kind");
    reply = ask(&scene, "money", "damaged", "{\"line_no\":1,\"count\":3}", "");
    HOUSE_PROBLEM(&reply, "not_enough", "lines[0].count");
    reply = ask(&scene, "money", "damaged", "{\"line_no\":2,\"count\":1}", "");
    HOUSE_PROBLEM(&reply, "not_found", "lines[0].line_no");
    reply = ask(&scene, "money", "damaged", ONE "," ONE, "");
    HOUSE_PROBLEM(&reply, "bad_input", "lines[1].line_no");
    reply = ask(&scene, "money", "damaged",
                "{\"line_no\":1,\"count\":1,\"bad_count\":5,\"of_count\":4}", "");
    HOUSE_PROBLEM(&reply, "bad_input", "lines[0].bad_count");
    reply = ask(&scene, "return", "damaged",
                "{\"line_no\":1,\"count\":1,\"bad_count\":1,\"of_count\":4}", "");
    HOUSE_PROBLEM(&reply, "bad_input", "lines[0].bad_count");
    reply = ask(&scene, "money", "damaged", ONE, ",\"wished_fen\":4991");
    HOUSE_PROBLEM(&reply, "not_enough", "wished_fen");
    static const char *const bad_files[] = {
        "/files/abc", "https://else.where/x.webp", "/files/../keys/master.key",
        UNKNOWN,      UNKNOWN "/../../x",          "/img/pear.webp"};
    for (size_t i = 0; i < sizeof(bad_files) / sizeof(bad_files[0]); i++) {
        char more[300];
        snprintf(more, sizeof(more), ",\"pictures\":[\"%s\"]", bad_files[i]);
        reply = ask(&scene, "money", "damaged", ONE, more);
        HOUSE_PROBLEM(&reply, "bad_input", "pictures[0]");
    }
    struct text stranger = market_buyer(house, "13800000002");
    struct text buyer = scene.buyer;
    scene.buyer = stranger;
    reply = ask(&scene, "money", "damaged", ONE, "");
    HOUSE_PROBLEM(&reply, "not_found", "order_id");
    scene.buyer = buyer;
    struct house_reply order = order_now(&scene);
    CHECK_INT(house_int(&order, "open_case_count"), 0);
    struct house_reply list = house_get(house, buyer, "/api/cases");
    CHECK_INT(house_count(&list, "items"), 0);
    house_check_books(house);
}

HOUSE_TEST("E08: quality stays claimable after a tick and after the seven days, late by people") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    house_advance(house, 49 * (int64_t)HOUR_MS);
    struct house_reply late = opened(&scene, "money", "damaged", ONE, SHOWN);
    CHECK(house_bool(&late, "is_late"));
    house_call(house, scene.buyer, "POST", case_at(&scene, "/withdrawal"), NULL);
    house_advance(house, 20 * (int64_t)DAY_MS);
    house_run_jobs(house);
    struct house_reply order = order_now(&scene);
    CHECK_TEXT(house_text(&order, "state"), "completed");
    struct house_reply made = opened(&scene, "money", "quality", ONE, SHOWN);
    CHECK(!house_bool(&made, "is_late"));
    house_call(house, scene.buyer, "POST", case_at(&scene, "/withdrawal"), NULL);
    house_advance(house, 12 * (int64_t)DAY_MS);
    made = opened(&scene, "money", "quality", ONE, SHOWN);
    CHECK(house_bool(&made, "is_late"));
    house_advance(house, AFTERSALES_ANSWER_MS + 1000);
    house_run_jobs(house);
    expect_state(&scene, "arbitration", "none");
    house_call(house, scene.buyer, "POST", case_at(&scene, "/withdrawal"), NULL);
    house_advance(house, 150 * (int64_t)DAY_MS);
    scene.buyer = house_person(house, "13800000001", NULL);
    struct house_reply over = ask(&scene, "money", "quality", ONE, SHOWN);
    HOUSE_PROBLEM(&over, "wrong_state", "order_id");
    house_check_books(house);
}

HOUSE_TEST("E08: after completion the money comes out of the seller's due, by its own transfer") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    house_advance(house, 9 * (int64_t)DAY_MS);
    house_run_jobs(house);
    opened(&scene, "money", "quality", ONE, SHOWN ",\"wished_fen\":2000");
    struct house_reply reply =
        send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"), AGREE);
    HOUSE_STATUS(&reply, 201);
    struct house_reply order = order_now(&scene);
    CHECK_TEXT(house_text(&order, "state"), "completed");
    CHECK_INT(house_int(&order, "refunded_fen"), 2000);
    house_check_books(house);
}

HOUSE_TEST("E08: seven days without a reason: sent back, checked, and the pieces return") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 2);
    arrive(&scene);
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried), 1);
    struct house_reply made =
        opened(&scene, "return", "not_wanted", "{\"line_no\":1,\"count\":2}", "");
    CHECK(house_bool(&made, "is_lawful"));
    struct house_reply reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"),
                                       "{\"choice\":\"refuse\",\"words\":\"不退\"}");
    HOUSE_PROBLEM(&reply, "wrong_state", "choice");
    reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"), AGREE);
    HOUSE_PROBLEM(&reply, "bad_input", "return_to");
    reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"),
                    "{\"choice\":\"agree\"," HOME "}");
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "state"), "returning");
    struct house_reply seen = read_case(&scene, scene.buyer);
    CHECK_TEXT(house_text(&seen, "return_to"), "李望田 13900000001 隰县上庄村 8 号");
    reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/shipments"),
                    "{\"carrier\":\"邮政\",\"tracking_number\":\"99887766\"}");
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    reply = send_to(&scene, scene.buyer, case_at(&scene, "/shipments"),
                    "{\"carrier\":\"邮政\",\"tracking_number\":\"99887766\"}");
    HOUSE_STATUS(&reply, 201);
    reply = house_call(house, scene.buyer, "POST", case_at(&scene, "/withdrawal"), NULL);
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/receipts"),
                    "{\"accepted\":true,\"lines\":[{\"line_no\":1,\"shelf_count\":2,"
                    "\"lost_count\":1}]}");
    HOUSE_PROBLEM(&reply, "not_enough", "lines[0].shelf_count");
    reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/receipts"),
                    "{\"accepted\":true,\"lines\":[{\"line_no\":1,\"shelf_count\":1,"
                    "\"lost_count\":1}]}");
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "outcome"), "refunded");
    CHECK_INT(house_int(&reply, "refunded_fen"), 7200);
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried), 2);
    struct house_reply order = order_now(&scene);
    CHECK_INT(house_int(&order, "lines.0.refunded_count"), 2);
    house_check_books(house);
}

HOUSE_TEST("E08: the seven days end with the seventh day after the day of receipt") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 1);
    arrive(&scene);
    house_advance(house, 7 * (int64_t)DAY_MS);
    opened(&scene, "return", "not_wanted", ONE, "");
    house_call(house, scene.buyer, "POST", case_at(&scene, "/withdrawal"), NULL);
    house_advance(house, (int64_t)DAY_MS);
    struct house_reply reply = ask(&scene, "return", "not_wanted", ONE, "");
    HOUSE_PROBLEM(&reply, "wrong_state", "reason");
    house_check_books(house);
}

HOUSE_TEST("E08: an open case holds the order; closed, what was due comes at once") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    opened(&scene, "return", "quality", ONE, SHOWN);
    send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"),
            "{\"choice\":\"refuse\",\"words\":\"看着是好的\"}");
    send_to(&scene, scene.buyer, case_at(&scene, "/replies"), "{\"choice\":\"appeal\"}");
    house_advance(house, 20 * (int64_t)DAY_MS);
    house_run_jobs(house);
    struct house_reply order = order_now(&scene);
    CHECK_TEXT(house_text(&order, "state"), "received");
    expect_state(&scene, "arbitration", "none");
    struct house_reply seen = read_case(&scene, scene.buyer);
    CHECK(house_bool(&seen, "is_overdue"));
    house_check_books(house);
    struct house_reply reply =
        send_to(&scene, scene.officer, case_at(&scene, "/decisions"),
                "{\"amount_fen\":0,\"bearer\":\"buyer\",\"words\":\"照片上看不出坏\"}");
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "outcome"), "rejected");
    house_run_jobs(house);
    order = order_now(&scene);
    CHECK_TEXT(house_text(&order, "state"), "completed");
    house_check_books(house);
}

HOUSE_TEST("E08: a parcel that is said not to have come does not count as received by itself") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    ship(&scene);
    opened(&scene, "exchange", "not_received", ONE, "");
    house_advance(house, 12 * (int64_t)DAY_MS);
    house_run_jobs(house);
    struct house_reply order = order_now(&scene);
    CHECK_TEXT(house_text(&order, "state"), "shipped");
    house_call(house, scene.buyer, "POST", case_at(&scene, "/withdrawal"), NULL);
    house_run_jobs(house);
    order = order_now(&scene);
    CHECK_TEXT(house_text(&order, "state"), "received");
    house_check_books(house);
}

HOUSE_TEST(
    "E08: a seller who says nothing: small with pictures is agreed, all else is arbitrated") {
    struct scene scene;
    open_scene(house, &scene);
    static const struct {
        const char *kind;
        const char *more;
        const char *state;
        const char *outcome;
    } cases[] = {{"money", SHOWN, "closed", "refunded"},
                 {"money", "", "arbitration", "none"},
                 {"return", SHOWN, "arbitration", "none"}};
    for (size_t i = 0; i < 3; i++) {
        buy(&scene, scene.market.sku_five, 1);
        arrive(&scene);
        opened(&scene, cases[i].kind, "damaged", ONE, cases[i].more);
        house_advance(house, AFTERSALES_ANSWER_MS - 1000);
        house_run_jobs(house);
        expect_state(&scene, "open", "none");
        house_advance(house, 2000);
        house_run_jobs(house);
        expect_state(&scene, cases[i].state, cases[i].outcome);
    }
    buy(&scene, scene.market.sku_five, 5);
    arrive(&scene);
    opened(&scene, "money", "damaged", "{\"line_no\":1,\"count\":5}", SHOWN);
    house_advance(house, AFTERSALES_ANSWER_MS + 1000);
    house_run_jobs(house);
    expect_state(&scene, "arbitration", "none");
    struct house_reply late =
        send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"), AGREE);
    HOUSE_PROBLEM(&late, "wrong_state", "state");
    house_check_books(house);
}

HOUSE_TEST("E08: a lawful return is agreed by silence, and the address may come later") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 1);
    arrive(&scene);
    opened(&scene, "return", "not_wanted", ONE, "");
    house_advance(house, AFTERSALES_ANSWER_MS + 1000);
    house_run_jobs(house);
    expect_state(&scene, "returning", "none");
    struct house_reply reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"),
                                       "{\"choice\":\"agree\"," HOME "}");
    HOUSE_STATUS(&reply, 201);
    struct house_reply seen = read_case(&scene, scene.buyer);
    CHECK(house_has(&seen, "return_to"));
    seen = read_case(&scene, scene.officer);
    CHECK(!house_has(&seen, "return_to"));
    send_to(&scene, scene.buyer, case_at(&scene, "/shipments"),
            "{\"carrier\":\"邮政\",\"tracking_number\":\"99887766\"}");
    house_advance(house, 7 * (int64_t)DAY_MS + 1000);
    house_run_jobs(house);
    expect_state(&scene, "closed", "refunded");
    CHECK_INT(refunded(&scene), 3600);
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried),
              MARKET_STOCK_DRIED - 1);
    house_check_books(house);
}

HOUSE_TEST("E08: what is not sent back within seven days closes, a refusal nobody answers too") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 1);
    arrive(&scene);
    opened(&scene, "return", "quality", ONE, SHOWN);
    send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"),
            "{\"choice\":\"agree\"," HOME "}");
    house_advance(house, 7 * (int64_t)DAY_MS + 1000);
    house_run_jobs(house);
    expect_state(&scene, "closed", "lapsed");
    opened(&scene, "money", "quality", ONE, SHOWN);
    struct house_reply reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"),
                                       "{\"choice\":\"refuse\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "words");
    send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"),
            "{\"choice\":\"refuse\",\"words\":\"是好的\"}");
    reply = send_to(&scene, scene.buyer, case_at(&scene, "/replies"), "{\"choice\":\"accept\"}");
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    house_advance(house, 7 * (int64_t)DAY_MS + 1000);
    house_run_jobs(house);
    expect_state(&scene, "closed", "rejected");
    CHECK_INT(refunded(&scene), 0);
    house_check_books(house);
}

HOUSE_TEST("E08: another amount: accepted it is paid once, unanswered it is arbitrated") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    opened(&scene, "money", "damaged", ONE, SHOWN);
    struct text keeper = scene.market.keeper;
    struct house_reply reply = send_to(&scene, keeper, case_at(&scene, "/answers"),
                                       "{\"choice\":\"offer\",\"amount_fen\":9000,"
                                       "\"words\":\"退一点\"}");
    HOUSE_PROBLEM(&reply, "not_enough", "amount_fen");
    reply = send_to(&scene, keeper, case_at(&scene, "/answers"),
                    "{\"choice\":\"offer\",\"amount_fen\":900}");
    HOUSE_PROBLEM(&reply, "bad_input", "words");
    reply = send_to(&scene, keeper, case_at(&scene, "/answers"),
                    "{\"choice\":\"offer\",\"amount_fen\":900,\"words\":\"坏得不多\"}");
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_int(&reply, "offered_fen"), 900);
    reply = send_to(&scene, scene.buyer, case_at(&scene, "/replies"), "{\"choice\":\"accept\"}");
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_int(&reply, "refunded_fen"), 900);
    reply = send_to(&scene, scene.buyer, case_at(&scene, "/replies"), "{\"choice\":\"accept\"}");
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    opened(&scene, "money", "damaged", ONE, SHOWN);
    send_to(&scene, keeper, case_at(&scene, "/answers"),
            "{\"choice\":\"offer\",\"amount_fen\":100,\"words\":\"再退一元\"}");
    house_advance(house, 3 * (int64_t)DAY_MS + 1000);
    house_run_jobs(house);
    expect_state(&scene, "arbitration", "none");
    CHECK_INT(refunded(&scene), 900);
    house_check_books(house);
}

HOUSE_TEST("E08: an exchange sets the replacement aside, sends it, and ends when it arrives") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 1);
    arrive(&scene);
    opened(&scene, "exchange", "wrong_item", ONE, SHOWN);
    struct house_reply reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"),
                                       "{\"choice\":\"agree\",\"without_return\":true}");
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "state"), "replacing");
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried),
              MARKET_STOCK_DRIED - 2);
    reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/shipments"),
                    "{\"carrier\":\"邮政\",\"tracking_number\":\"55667788\"}");
    HOUSE_STATUS(&reply, 201);
    reply = send_to(&scene, scene.buyer, case_at(&scene, "/receipts"), "{\"accepted\":true}");
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "outcome"), "exchanged");
    CHECK_INT(refunded(&scene), 0);
    /* Nobody says anything: it counts as arrived. */
    opened(&scene, "exchange", "quality", ONE, SHOWN);
    send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"),
            "{\"choice\":\"agree\",\"without_return\":true}");
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried), 0);
    send_to(&scene, scene.market.keeper, case_at(&scene, "/shipments"),
            "{\"carrier\":\"邮政\",\"tracking_number\":\"55667789\"}");
    house_advance(house, 10 * (int64_t)DAY_MS + 1000);
    house_run_jobs(house);
    expect_state(&scene, "closed", "exchanged");
    house_check_books(house);
}

HOUSE_TEST("E08: a replacement that is sold out is refused, one that lapses goes back") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 2);
    arrive(&scene);
    opened(&scene, "exchange", "quality", "{\"line_no\":1,\"count\":2}", SHOWN);
    struct house_reply reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"),
                                       "{\"choice\":\"agree\"," HOME "}");
    HOUSE_PROBLEM(&reply, "out_of_stock", "choice");
    expect_state(&scene, "open", "none");
    house_call(house, scene.buyer, "POST", case_at(&scene, "/withdrawal"), NULL);
    opened(&scene, "exchange", "quality", ONE, SHOWN);
    reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"),
                    "{\"choice\":\"agree\"," HOME "}");
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried), 0);
    house_advance(house, 7 * (int64_t)DAY_MS + 1000);
    house_run_jobs(house);
    expect_state(&scene, "closed", "lapsed");
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried), 1);
    opened(&scene, "exchange", "quality", ONE, SHOWN);
    send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"),
            "{\"choice\":\"agree\",\"without_return\":true}");
    reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"),
                    "{\"choice\":\"offer\",\"amount_fen\":3600,\"words\":\"货坏在库里了\"}");
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried), 1);
    house_check_books(house);
}

HOUSE_TEST("A17: what came back bad is disputed, and only somebody of neither side decides") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 1);
    arrive(&scene);
    opened(&scene, "return", "not_wanted", ONE, "");
    struct text keeper = scene.market.keeper;
    send_to(&scene, keeper, case_at(&scene, "/answers"), "{\"choice\":\"agree\"," HOME "}");
    send_to(&scene, scene.buyer, case_at(&scene, "/shipments"),
            "{\"carrier\":\"邮政\",\"tracking_number\":\"99887766\"}");
    struct house_reply reply =
        send_to(&scene, keeper, case_at(&scene, "/receipts"), "{\"accepted\":false}");
    HOUSE_PROBLEM(&reply, "bad_input", "words");
    reply = send_to(&scene, keeper, case_at(&scene, "/receipts"),
                    "{\"accepted\":false,\"words\":\"拆开吃了一半\",\"lines\":[{\"line_no\":1,"
                    "\"lost_count\":1}]}");
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "state"), "arbitration");
    const char *decision = "{\"amount_fen\":1000,\"bearer\":\"both\",\"words\":\"各担一半\"}";
    reply = send_to(&scene, keeper, case_at(&scene, "/decisions"), "%s", decision);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    /* A county operator who also keeps the seller is of the seller. */
    struct text both =
        person_with(house, "13700000002",
                    (struct giving){.role = "county_operator", SCOPE_COUNTY, HOME_COUNTY});
    person_with(
        house, "13700000002",
        (struct giving){.role = "seller_keeper", SCOPE_ORGANISATION, scene.market.seller_id});
    reply = send_to(&scene, both, case_at(&scene, "/decisions"), "%s", decision);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    struct text away =
        person_with(house, "13700000003",
                    (struct giving){.role = "county_operator", SCOPE_COUNTY, AWAY_COUNTY});
    reply = send_to(&scene, away, case_at(&scene, "/decisions"), "%s", decision);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    reply = send_to(&scene, scene.officer, case_at(&scene, "/decisions"),
                    "{\"amount_fen\":4401,\"bearer\":\"both\",\"words\":\"各担一半\"}");
    HOUSE_PROBLEM(&reply, "not_enough", "amount_fen");
    reply = send_to(&scene, scene.officer, case_at(&scene, "/decisions"), "%s", decision);
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_int(&reply, "refunded_fen"), 1000);
    CHECK_TEXT(house_text(&reply, "bearer"), "both");
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried),
              MARKET_STOCK_DRIED - 1);
    house_check_books(house);
}

HOUSE_TEST("A17: an officer who bought it does not decide on his own case") {
    struct scene scene;
    open_scene(house, &scene);
    int64_t person_id;
    house_person(house, "13800000001", &person_id);
    struct giving giving = {person_id, "after_sales_officer", SCOPE_ALL, 0};
    house_work(house, give_role, &giving);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    opened(&scene, "return", "damaged", ONE, SHOWN);
    house_advance(house, AFTERSALES_ANSWER_MS + 1000);
    house_run_jobs(house);
    struct house_reply reply =
        send_to(&scene, scene.buyer, case_at(&scene, "/decisions"),
                "{\"amount_fen\":4990,\"bearer\":\"seller\",\"words\":\"全退给我\"}");
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    CHECK_INT(refunded(&scene), 0);
    house_check_books(house);
}

HOUSE_TEST("A17: so many open cases, one a line, and so many in all; then people are asked") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 5);
    arrive(&scene);
    opened(&scene, "money", "damaged", ONE, SHOWN);
    struct house_reply reply = ask(&scene, "money", "damaged", ONE, SHOWN);
    HOUSE_PROBLEM(&reply, "conflict", "lines[0].line_no");
    for (int i = 1; i < AFTERSALES_CASES_MAX; i++) {
        house_call(house, scene.buyer, "POST", case_at(&scene, "/withdrawal"), NULL);
        expect_state(&scene, "closed", "withdrawn");
        opened(&scene, "money", "damaged", ONE, SHOWN);
    }
    house_call(house, scene.buyer, "POST", case_at(&scene, "/withdrawal"), NULL);
    reply = ask(&scene, "money", "damaged", ONE, SHOWN);
    HOUSE_PROBLEM(&reply, "conflict", "order_id");
    struct house_reply order = order_now(&scene);
    CHECK_INT(house_int(&order, "open_case_count"), 0);
    house_check_books(house);
}

HOUSE_TEST("E08: before it is sent, what is asked for goes back and its stock is let go") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 2);
    opened(&scene, "money", "not_wanted", ONE, "");
    struct house_reply reply =
        send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"), AGREE);
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_int(&reply, "refunded_fen"), 3600);
    ship(&scene);
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried), 2);
    buy(&scene, scene.market.sku_dried, 1);
    opened(&scene, "money", "not_wanted", ONE, "");
    send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"), AGREE);
    struct house_reply order = order_now(&scene);
    CHECK_TEXT(house_text(&order, "state"), "refunded");
    CHECK_INT(house_int(&order, "refunded_fen"), house_int(&order, "paid_fen"));
    CHECK_INT(market_available(house, &scene.market, scene.market.sku_dried), 2);
    house_check_books(house);
}

static refusal announce_leaving(struct request *q, void *context) {
    bool keeps_records = false;
    const struct people_leaving leaving = {*(int64_t *)context, &keeps_records};
    return request_announce(q, &people_closing, &leaving);
}

HOUSE_TEST("E08: asked before it was sent and sent all the same: silence gives nothing away") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_dried, 1);
    opened(&scene, "money", "not_wanted", ONE, "");
    house_advance(house, AFTERSALES_ANSWER_MS + 1000);
    house_run_jobs(house);
    expect_state(&scene, "closed", "refunded");
    buy(&scene, scene.market.sku_dried, 1);
    opened(&scene, "money", "not_wanted", ONE, "");
    house_advance(house, 1000);
    ship(&scene);
    house_advance(house, AFTERSALES_ANSWER_MS + 1000);
    house_run_jobs(house);
    expect_state(&scene, "arbitration", "none");
    CHECK_INT(refunded(&scene), 0);
    house_check_books(house);
}

HOUSE_TEST("E08: nobody closes the account while a case is open, though the order is completed") {
    struct scene scene;
    int64_t buyer_id;
    open_scene(house, &scene);
    house_person(house, "13800000001", &buyer_id);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    house_advance(house, 9 * (int64_t)DAY_MS);
    house_run_jobs(house);
    CHECK(house_try(house, announce_leaving, &buyer_id) == NULL);
    opened(&scene, "money", "quality", ONE, SHOWN);
    refusal refused = house_try(house, announce_leaving, &buyer_id);
    CHECK(refused && refused->kind == PROBLEM_WRONG_STATE);
    send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"), AGREE);
    CHECK(house_try(house, announce_leaving, &buyer_id) == NULL);
    house_check_books(house);
}

/* ---- at once ---- */

struct at_once {
    struct scene *scene;
    const char *target;
    const char *body;
    int number;
    struct arena arena;
    int status;
};

static void *call_at_once(void *context) {
    struct at_once *call = context;
    struct road_reply reply;
    char key[40];
    snprintf(key, sizeof(key), "at-once-%d", call->number);
    const struct road_call road = {.method = "POST",
                                   .target = text_of(call->target),
                                   .body = text_of(call->body),
                                   .token = call->scene->market.keeper,
                                   .idempotency_key = text_of(key),
                                   .english = true};
    road_perform(call->scene->house->app, &call->arena, &road, &reply);
    call->status = reply.status;
    return NULL;
}

HOUSE_TEST(
    "E08: a refund and a case agreed at the same moment never give back more than was paid") {
    struct scene scene;
    house_widen(house);
    open_scene(house, &scene);
    for (int round = 0; round < 4; round++) {
        buy(&scene, scene.market.sku_five, 1);
        arrive(&scene);
        opened(&scene, "money", "quality", ONE, SHOWN);
        struct at_once calls[4] = {{.target = case_at(&scene, "/answers"), .body = AGREE},
                                   {.target = order_at(&scene, "/refunds"),
                                    .body = "{\"amount_fen\":4000,\"reason\":\"坏了\"}"},
                                   {.target = case_at(&scene, "/answers"), .body = AGREE},
                                   {.target = order_at(&scene, "/refunds"),
                                    .body = "{\"lines\":[" ONE "],\"reason\":\"坏了\"}"}};
        pthread_t threads[4];
        for (size_t i = 0; i < 4; i++) {
            calls[i].scene = &scene;
            calls[i].number = 100 * round + (int)i;
            CHECK(pthread_create(&threads[i], NULL, call_at_once, &calls[i]) == 0);
        }
        int done = 0;
        for (size_t i = 0; i < 4; i++) {
            pthread_join(threads[i], NULL);
            CHECK(calls[i].status == 201 || calls[i].status == 409);
            done += calls[i].status == 201;
            arena_free(&calls[i].arena);
        }
        CHECK(done >= 1);
        struct house_reply order = order_now(&scene);
        CHECK(house_int(&order, "refunded_fen") <= house_int(&order, "paid_fen"));
        CHECK(house_int(&order, "lines.0.refunded_fen") <= 4990);
        expect_state(&scene, "closed", "refunded");
    }
    house_check_books(house);
}

/* ---- who sees what ---- */

HOUSE_TEST("E08: other people's cases are not found, by reading or by acting") {
    struct scene scene;
    open_scene(house, &scene);
    struct market other;
    market_open_another(house, "13900000002", &other);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    opened(&scene, "money", "damaged", ONE, SHOWN);
    struct text stranger = market_buyer(house, "13800000002");
    static const char *const doors[] = {"/replies", "/shipments", "/receipts"};
    static const char *const bodies[] = {"{\"choice\":\"appeal\"}",
                                         "{\"carrier\":\"邮政\",\"tracking_number\":\"1234\"}",
                                         "{\"accepted\":true}"};
    struct house_reply reply = read_case(&scene, stranger);
    HOUSE_STATUS(&reply, 404);
    reply = read_case(&scene, other.keeper);
    HOUSE_STATUS(&reply, 404);
    for (size_t i = 0; i < 3; i++) {
        reply = send_to(&scene, stranger, case_at(&scene, doors[i]), "%s", bodies[i]);
        HOUSE_STATUS(&reply, 404);
    }
    reply = send_to(&scene, other.keeper, case_at(&scene, "/answers"), AGREE);
    HOUSE_STATUS(&reply, 404);
    reply = send_to(&scene, scene.officer, case_at(&scene, "/answers"), AGREE);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    reply = house_call(house, stranger, "POST", case_at(&scene, "/withdrawal"), NULL);
    HOUSE_STATUS(&reply, 404);
    reply =
        house_get(house, other.keeper, "/api/cases?seller=%lld", (long long)scene.market.seller_id);
    HOUSE_PROBLEM(&reply, "not_found", "seller");
    reply = house_get(house, stranger, "/api/cases?desk=true");
    HOUSE_PROBLEM(&reply, "not_found", "desk");
    reply = read_case(&scene, scene.officer);
    CHECK_TEXT(house_text(&reply, "party"), "desk");
    house_check_books(house);
}

HOUSE_TEST(
    "E08: lists of the buyer, the seller and the desk page by key and filter in one statement") {
    struct scene scene;
    open_scene(house, &scene);
    for (int i = 0; i < 3; i++) {
        buy(&scene, scene.market.sku_five, 1);
        arrive(&scene);
        opened(&scene, i ? "money" : "return", "damaged", ONE, "");
    }
    struct house_reply first = house_get(house, scene.buyer, "/api/cases?limit=2");
    CHECK_INT(house_count(&first, "items"), 2);
    struct text next = house_text(&first, "next");
    struct house_reply second = house_get(house, scene.buyer, "/api/cases?limit=2&after=%.*s",
                                          (int)next.length, next.bytes);
    CHECK_INT(house_count(&second, "items"), 1);
    CHECK_INT(first.road.statement_count, 2);
    struct house_reply one = house_get(house, scene.buyer, "/api/cases?order=%.*s",
                                       (int)scene.order_id.length, scene.order_id.bytes);
    CHECK_INT(house_count(&one, "items"), 1);
    struct house_reply own =
        house_get(house, scene.market.keeper, "/api/cases?seller=%lld&kind=return&state=active",
                  (long long)scene.market.seller_id);
    CHECK_INT(house_count(&own, "items"), 1);
    struct house_reply desk = house_get(house, scene.officer, "/api/cases?desk=true");
    CHECK_INT(house_count(&desk, "items"), 0);
    desk = house_get(house, scene.officer, "/api/cases?desk=true&state=open&place=141031");
    CHECK_INT(house_count(&desk, "items"), 3);
    CHECK_INT(desk.road.statement_count, 2);
    desk = house_get(house, scene.officer, "/api/cases?desk=true&place=500236");
    HOUSE_PROBLEM(&desk, "not_found", "desk");
    house_advance(house, AFTERSALES_ANSWER_MS + 1000);
    house_run_jobs(house);
    desk = house_get(house, scene.officer, "/api/cases?desk=true");
    CHECK_INT(house_count(&desk, "items"), 3);
    desk = house_get(house, scene.officer, "/api/cases?desk=true&state=active");
    HOUSE_PROBLEM(&desk, "bad_input", "state");
    house_check_books(house);
}

/* ---- complaints and invoices ---- */

HOUSE_TEST("E08: a complaint has a number and a deadline, and its answer comes from neither side") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    struct house_reply made =
        send_to(&scene, scene.buyer, "/api/complaints",
                "{\"subject\":\"order\",\"subject_id\":\"%.*s\",\"words\":\"三天了还没寄\"}",
                (int)scene.order_id.length, scene.order_id.bytes);
    HOUSE_STATUS(&made, 201);
    CHECK(text_starts(house_text(&made, "number"), TEXT("TS")));
    struct text id = house_text(&made, "id");
    const char *door =
        text_terminated(house->arena, text_format(house->arena, "/api/complaints/%.*s/answers",
                                                  (int)id.length, id.bytes));
    struct house_reply reply = send_to(&scene, scene.market.keeper, door, "{\"words\":\"马上寄\"}");
    HOUSE_STATUS(&reply, 400);
    reply = send_to(&scene, scene.market.keeper, door, "{\"words\":\"明天就寄出\"}");
    HOUSE_STATUS(&reply, 404);
    house_advance(house, 8 * (int64_t)DAY_MS);
    house_run_jobs(house);
    struct house_reply desk = house_get(house, scene.officer, "/api/complaints?desk=true");
    CHECK_INT(house_count(&desk, "items"), 1);
    CHECK(house_bool(&desk, "items.0.is_overdue"));
    reply = send_to(&scene, scene.officer, door, "{\"words\":\"已经催卖家今天寄出\"}");
    HOUSE_STATUS(&reply, 201);
    reply = send_to(&scene, scene.officer, door, "{\"words\":\"再答一次看看\"}");
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    struct house_reply seen =
        house_get(house, scene.buyer, "/api/complaints/%.*s", (int)id.length, id.bytes);
    CHECK_TEXT(house_text(&seen, "answer"), "已经催卖家今天寄出");
    struct text stranger = market_buyer(house, "13800000002");
    seen = house_get(house, stranger, "/api/complaints/%.*s", (int)id.length, id.bytes);
    HOUSE_STATUS(&seen, 404);
    reply = send_to(&scene, stranger, "/api/complaints",
                    "{\"subject\":\"order\",\"subject_id\":\"%.*s\",\"words\":\"我也要投诉\"}",
                    (int)scene.order_id.length, scene.order_id.bytes);
    HOUSE_PROBLEM(&reply, "not_found", "subject_id");
    reply = send_to(&scene, stranger, "/api/complaints",
                    "{\"subject\":\"goods\",\"subject_id\":\"%lld\",\"words\":\"图和东西不一样\"}",
                    (long long)scene.market.goods_id);
    HOUSE_STATUS(&reply, 201);
    house_check_books(house);
}

HOUSE_TEST(
    "E08: an invoice is asked for once, its payer is sealed, and the seller writes its number") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    const char *personal = "\"type\":\"personal\",\"title\":\"刘敏\"";
    const char *form = "{\"order_id\":\"%.*s\",%s}";
    int length = (int)scene.order_id.length;
    struct house_reply reply =
        send_to(&scene, scene.buyer, "/api/invoices", form, length, scene.order_id.bytes, personal);
    HOUSE_PROBLEM(&reply, "wrong_state", "order_id");
    arrive(&scene);
    reply = send_to(&scene, scene.buyer, "/api/invoices", form, length, scene.order_id.bytes,
                    "\"type\":\"company\",\"title\":\"某某公司\",\"tax_number\":"
                    "\"91350100M000100Y44\"");
    HOUSE_PROBLEM(&reply, "bad_input", "tax_number");
    reply = send_to(&scene, scene.buyer, "/api/invoices", form, length, scene.order_id.bytes,
                    "\"type\":\"personal\",\"title\":\"刘敏\",\"email\":\"nowhere\"");
    HOUSE_PROBLEM(&reply, "bad_input", "email");
    reply = send_to(&scene, scene.buyer, "/api/invoices", form, length, scene.order_id.bytes,
                    "\"type\":\"company\",\"title\":\"某某公司\",\"tax_number\":"
                    "\"91350100M000100Y43\",\"email\":\"a@b.cn\"");
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_int(&reply, "amount_fen"), 5790);
    struct text id = house_text(&reply, "id");
    reply =
        send_to(&scene, scene.buyer, "/api/invoices", form, length, scene.order_id.bytes, personal);
    HOUSE_PROBLEM(&reply, "conflict", "order_id");
    const char *door =
        text_terminated(house->arena, text_format(house->arena, "/api/invoices/%.*s/papers",
                                                  (int)id.length, id.bytes));
    struct market other;
    market_open_another(house, "13900000002", &other);
    reply = send_to(&scene, other.keeper, door, "{\"invoice_number\":\"26142000000012345678\"}");
    HOUSE_STATUS(&reply, 404);
    reply = send_to(&scene, scene.market.keeper, door,
                    "{\"invoice_number\":\"26142000000012345678\",\"file\":\"/tmp/x.pdf\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "file");
    struct text evidence = upload(&scene, scene.market.keeper, "evidence");
    reply = send_to(&scene, scene.market.keeper, door,
                    "{\"invoice_number\":\"26142000000012345678\",\"file\":\"%.*s\"}",
                    (int)evidence.length, evidence.bytes);
    HOUSE_PROBLEM(&reply, "bad_input", "file"); /* uploaded for something else */
    struct text paper = upload(&scene, scene.market.keeper, "document");
    reply = send_to(&scene, scene.market.keeper, door,
                    "{\"invoice_number\":\"26142000000012345678\",\"file\":\"%.*s\"}",
                    (int)paper.length, paper.bytes);
    HOUSE_STATUS(&reply, 201);
    expect_private(house, paper, house_text(&reply, "file"));
    CHECK_TEXT(house_text(&reply, "title"), "某某公司");
    reply =
        send_to(&scene, scene.market.keeper, door, "{\"invoice_number\":\"26142000000012345679\"}");
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    struct house_reply list =
        house_get(house, scene.buyer, "/api/invoices?order=%.*s", length, scene.order_id.bytes);
    CHECK_TEXT(house_text(&list, "items.0.invoice_number"), "26142000000012345678");
    expect_private(house, paper, house_text(&list, "items.0.file"));
    CHECK(!house_has(&list, "items.0.title"));
    list = house_get(house, scene.market.keeper, "/api/invoices?seller=%lld",
                     (long long)scene.market.seller_id);
    CHECK_INT(house_count(&list, "items"), 1);
    list = house_get(house, other.keeper, "/api/invoices?seller=%lld",
                     (long long)scene.market.seller_id);
    HOUSE_PROBLEM(&list, "not_found", "seller");
    house_check_books(house);
}

HOUSE_TEST(
    "E08: the PDF of an invoice is its maker's own upload, and the buyer saves it by a link") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    struct text keeper = scene.market.keeper, pdf = TEXT("%PDF-1.7 of an invoice");
    struct house_reply reply =
        send_to(&scene, scene.buyer, "/api/invoices",
                "{\"order_id\":\"%.*s\",\"type\":\"personal\",\"title\":\"刘敏\"}",
                (int)scene.order_id.length, scene.order_id.bytes);
    HOUSE_STATUS(&reply, 201);
    struct text at =
        text_format(house->arena, "/api/invoices/%s/papers", house_text(&reply, "id").bytes);
    const char *body = "{\"invoice_number\":\"26142000000012345678\",\"file\":\"%s\"}";
    struct market other;
    market_open_another(house, "13900000002", &other);
    struct house_reply theirs =
        house_upload(house, other.keeper, "/api/files/papers", "application/pdf", pdf);
    HOUSE_STATUS(&theirs, 201);
    reply = send_to(&scene, keeper, at.bytes, body, house_text(&theirs, "address").bytes);
    HOUSE_PROBLEM(&reply, "bad_input", "file");
    struct house_reply list = house_get(house, keeper, "/api/invoices?waiting=true&seller=%lld",
                                        (long long)scene.market.seller_id);
    CHECK_INT(house_count(&list, "items"), 1);
    struct house_reply own =
        house_upload(house, keeper, "/api/files/papers", "application/pdf", pdf);
    reply = send_to(&scene, keeper, at.bytes, body, house_text(&own, "address").bytes);
    HOUSE_STATUS(&reply, 201);
    list = house_get(house, keeper, "/api/invoices?waiting=true&seller=%lld",
                     (long long)scene.market.seller_id);
    CHECK_INT(house_count(&list, "items"), 0);
    list = house_get(house, keeper, "/api/invoices?seller=%lld", (long long)scene.market.seller_id);
    CHECK_INT(house_count(&list, "items"), 1);
    list = house_get(house, scene.buyer, "/api/invoices?order=%.*s", (int)scene.order_id.length,
                     scene.order_id.bytes);
    struct text link = house_text(&list, "items.0.file");
    CHECK(text_starts(link, house_text(&own, "address")));
    struct house_reply given = house_get(house, TEXT(""), "%s", link.bytes);
    CHECK(text_equal(given.body, pdf));
    house_advance(house, 2 * DAY_MS);
    house_run_jobs(house);
    CHECK_INT(house_get(house, TEXT(""), "%s", link.bytes).status, 404);
    list = house_get(house, scene.buyer, "/api/invoices?order=%.*s", (int)scene.order_id.length,
                     scene.order_id.bytes);
    given = house_get(house, TEXT(""), "%s", house_text(&list, "items.0.file").bytes);
    CHECK(text_equal(given.body, pdf)); /* a new link gives it: it was not swept */
    house_check_books(house);
}

TEST("E08: the check character of unified social credit codes") {
    static const char *const good[] = {"91350100M000100Y43", "91110000802100433B",
                                       "91440300708461136T", "914403001922038216",
                                       "91310000677833266F"};
    static const char *const bad[] = {"",
                                      "91350100M000100Y4",
                                      "91350100M000100Y34",
                                      "91350100I000100Y43",
                                      "91350100m000100Y43",
                                      "91350100M000100Y433"};
    for (size_t i = 0; i < 5; i++) CHECK(aftersales_is_credit_code(text_of(good[i])));
    for (size_t i = 0; i < 6; i++) CHECK(!aftersales_is_credit_code(text_of(bad[i])));
}

/* ---- invoices that cannot be made ---- */

static const char *invoice_of(struct scene *scene, struct text id, const char *what) {
    return text_terminated(
        scene->house->arena,
        text_format(scene->house->arena, "/api/invoices/%.*s%s", (int)id.length, id.bytes, what));
}

static struct house_reply ask_invoice(struct scene *scene, const char *payer) {
    return send_to(scene, scene->buyer, "/api/invoices", "{\"order_id\":\"%.*s\",%s}",
                   (int)scene->order_id.length, scene->order_id.bytes, payer);
}

#define PERSONAL "\"type\":\"personal\",\"title\":\"刘敏\""

HOUSE_TEST(
    "E08: an invoice is refused for a reason that holds, and asked for anew with mended data") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    struct text keeper = scene.market.keeper;
    struct house_reply reply = ask_invoice(&scene, PERSONAL);
    struct text id = house_text(&reply, "id");
    const char *door = invoice_of(&scene, id, "/refusals");
    reply = send_to(&scene, keeper, door, "{\"reason\":\"busy\",\"words\":\"太忙了\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "reason");
    reply = send_to(&scene, keeper, door, "{\"reason\":\"data_wrong\",\"words\":\" \"}");
    HOUSE_PROBLEM(&reply, "bad_input", "words");
    reply = send_to(&scene, keeper, door, "{\"reason\":\"issued_before\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "invoice_number");
    reply = send_to(&scene, keeper, door, "{\"reason\":\"refunded_whole\"}");
    HOUSE_PROBLEM(&reply, "wrong_state", "reason");
    struct market other;
    market_open_another(house, "13900000002", &other);
    const char *wrong = "{\"reason\":\"data_wrong\",\"words\":\"抬头要写单位全称\"}";
    reply = send_to(&scene, other.keeper, door, "%s", wrong);
    HOUSE_STATUS(&reply, 404);
    reply = send_to(&scene, scene.buyer, door, "%s", wrong);
    HOUSE_STATUS(&reply, 403);
    reply = send_to(&scene, keeper, door, "%s", wrong);
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "state"), "refused");
    /* Once answered it stays answered. */
    reply = send_to(&scene, keeper, door, "%s", wrong);
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    reply = send_to(&scene, keeper, invoice_of(&scene, id, "/papers"),
                    "{\"invoice_number\":\"26142000000012345678\"}");
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    struct house_reply seen =
        house_get(house, scene.buyer, "/api/invoices/%.*s", (int)id.length, id.bytes);
    CHECK_TEXT(house_text(&seen, "refused_because"), "data_wrong");
    CHECK_TEXT(house_text(&seen, "refused_words"), "抬头要写单位全称");
    CHECK_TEXT(house_text(&seen, "title"), "刘敏");
    reply = ask_invoice(&scene, "\"type\":\"company\",\"title\":\"渝中区某某公司\","
                                "\"tax_number\":\"91350100M000100Y43\"");
    HOUSE_STATUS(&reply, 201);
    CHECK(!text_equal(house_text(&reply, "id"), id));
    id = house_text(&reply, "id");
    reply = ask_invoice(&scene, PERSONAL);
    HOUSE_PROBLEM(&reply, "conflict", "order_id");
    struct house_reply list = house_get(house, keeper, "/api/invoices?waiting=true&seller=%lld",
                                        (long long)scene.market.seller_id);
    CHECK_INT(house_count(&list, "items"), 1);
    CHECK_TEXT(house_text(&list, "items.0.id"), text_terminated(house->arena, id));
    reply = send_to(&scene, keeper, invoice_of(&scene, id, "/papers"),
                    "{\"invoice_number\":\"26142000000012345678\"}");
    HOUSE_STATUS(&reply, 201);
    list = house_get(house, scene.buyer, "/api/invoices?order=%.*s", (int)scene.order_id.length,
                     scene.order_id.bytes);
    CHECK_INT(house_count(&list, "items"), 2);
    CHECK_TEXT(house_text(&list, "items.0.state"), "issued");
    CHECK_TEXT(house_text(&list, "items.1.refused_because"), "data_wrong");
    house_check_books(house);
}

HOUSE_TEST("E08: an officer refuses an invoice too, all the money back is a reason, and five times "
           "asked are enough") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    for (int i = 0; i < AFTERSALES_INVOICES_MAX; i++) {
        struct house_reply asked = ask_invoice(&scene, PERSONAL);
        HOUSE_STATUS(&asked, 201);
        const char *door = invoice_of(&scene, house_text(&asked, "id"), "/refusals");
        struct house_reply reply =
            send_to(&scene, i ? scene.market.keeper : scene.officer, door,
                    "{\"reason\":\"issued_before\",\"invoice_number\":\"26142000000012345678\"}");
        HOUSE_STATUS(&reply, 201);
        CHECK_TEXT(house_text(&reply, "invoice_number"), "26142000000012345678");
        CHECK(!house_has(&reply, "issued_at"));
    }
    struct house_reply reply = ask_invoice(&scene, PERSONAL);
    HOUSE_PROBLEM(&reply, "conflict", "order_id");
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    reply = ask_invoice(&scene, PERSONAL);
    const char *door = invoice_of(&scene, house_text(&reply, "id"), "/refusals");
    struct house_reply back = send_to(&scene, scene.market.keeper, order_at(&scene, "/refunds"),
                                      "{\"reason\":\"都坏了\"}");
    HOUSE_STATUS(&back, 201);
    reply = send_to(&scene, scene.market.keeper, door, "{\"reason\":\"refunded_whole\"}");
    HOUSE_STATUS(&reply, 201);
    reply = ask_invoice(&scene, PERSONAL);
    CHECK(reply.status == 409);
    house_check_books(house);
}
