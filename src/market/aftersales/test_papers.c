/* Beside the cases: complaints, invoices, and what `xiangji check` finds in the books. */
#include "ground/jobs/jobs.h"
#include "market/aftersales/test_scene.h"

/* ---- complaints ---- */

static struct house_reply complain(struct scene *scene, struct text token, const char *subject,
                                   int64_t id, const char *more) {
    return send_to(scene, token, "/api/complaints",
                   "{\"subject\":\"%s\",\"subject_id\":\"%lld\",\"words\":\"和说的不一样\"%s}",
                   subject, (long long)id, more);
}

static struct house_reply answer(struct scene *scene, struct text token, struct text id) {
    struct text target = text_format(scene->house->arena, "/api/complaints/%s/answers", id.bytes);
    return send_to(scene, token, target.bytes, "{\"words\":\"已经请卖家改了\"}");
}

HOUSE_TEST("E08: a complaint is about an order of one's own, goods or a seller that there are") {
    struct scene scene;
    open_scene(house, &scene);
    static const char *const subjects[] = {"order", "goods", "seller"};
    for (size_t i = 0; i < 3; i++) {
        struct house_reply reply = complain(&scene, scene.buyer, subjects[i], 999999999999, "");
        HOUSE_PROBLEM(&reply, "not_found", "subject_id");
    }
    struct house_reply made = complain(&scene, scene.buyer, "seller", scene.market.seller_id, "");
    HOUSE_STATUS(&made, 201);
    CHECK_TEXT(house_text(&made, "seller_name"), "上庄村梨农");
    struct text target =
        text_format(house->arena, "/api/complaints/%s", house_text(&made, "id").bytes);
    struct text auditor =
        person_with(house, "13700000009", (struct giving){.role = "auditor", SCOPE_ALL, 0});
    struct text away =
        person_with(house, "13700000003",
                    (struct giving){.role = "after_sales_officer", SCOPE_COUNTY, AWAY_COUNTY});
    CHECK_INT(house_get(house, auditor, "%s", target.bytes).status, 200);
    CHECK_INT(house_get(house, scene.officer, "%s", target.bytes).status, 200);
    CHECK_INT(house_get(house, away, "%s", target.bytes).status, 404);
    CHECK_INT(house_get(house, scene.market.keeper, "%s", target.bytes).status, 404);
    CHECK_INT(house_get(house, scene.buyer, "/api/complaints/999999999999").status, 404);
}

HOUSE_TEST("E08: nobody answers his own complaint, and none of another county") {
    struct scene scene;
    open_scene(house, &scene);
    struct house_reply made = complain(&scene, scene.officer, "seller", scene.market.seller_id, "");
    HOUSE_STATUS(&made, 201);
    struct text id = house_text(&made, "id");
    struct house_reply reply = answer(&scene, scene.officer, id);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    struct text away =
        person_with(house, "13700000003",
                    (struct giving){.role = "after_sales_officer", SCOPE_COUNTY, AWAY_COUNTY});
    reply = answer(&scene, away, id);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    struct text other =
        person_with(house, "13700000004",
                    (struct giving){.role = "after_sales_officer", SCOPE_COUNTY, HOME_COUNTY});
    reply = answer(&scene, other, id);
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "state"), "answered");
}

static size_t listed(struct scene *scene, struct text token, const char *target) {
    struct house_reply reply = house_get(scene->house, token, "%s", target);
    HOUSE_STATUS(&reply, 200);
    return house_count(&reply, "items");
}

HOUSE_TEST("E08: complaints are listed by key, newest first, each with its own photos") {
    struct scene scene;
    open_scene(house, &scene);
    for (size_t i = 0; i < 4; i++) {
        struct text more = TEXT("");
        if (i % 2)
            more = text_format(house->arena, ",\"pictures\":[\"%s\",\"%s\"]",
                               upload(&scene, scene.buyer, "evidence").bytes,
                               upload(&scene, scene.buyer, "evidence").bytes);
        struct house_reply made =
            complain(&scene, scene.buyer, "seller", scene.market.seller_id, more.bytes);
        HOUSE_STATUS(&made, 201);
    }
    struct house_reply page = house_get(house, scene.buyer, "/api/complaints?limit=3");
    CHECK_INT(house_count(&page, "items"), 3);
    CHECK_INT(house_count(&page, "items.0.pictures"), 2);
    CHECK_INT(house_count(&page, "items.1.pictures"), 0);
    CHECK_INT(house_count(&page, "items.2.pictures"), 2);
    CHECK_INT(page.road.statement_count, 3);
    struct house_reply rest = house_get(house, scene.buyer, "/api/complaints?limit=3&after=%s",
                                        house_text(&page, "next").bytes);
    CHECK_INT(house_count(&rest, "items"), 1);
    CHECK_INT(house_count(&rest, "items.0.pictures"), 0);
    CHECK(!house_has(&rest, "next"));
    struct house_reply answered = answer(&scene, scene.officer, house_text(&rest, "items.0.id"));
    HOUSE_STATUS(&answered, 201);
    CHECK_INT(listed(&scene, scene.buyer, "/api/complaints?state=open"), 3);
    CHECK_INT(listed(&scene, scene.buyer, "/api/complaints?state=answered"), 1);
    CHECK_INT(listed(&scene, scene.market.keeper, "/api/complaints"), 0);
    CHECK_INT(listed(&scene, scene.officer, "/api/complaints?desk=true"), 3);
    CHECK_INT(listed(&scene, scene.officer, "/api/complaints?desk=true&state=answered"), 1);
    CHECK_INT(listed(&scene, scene.officer, "/api/complaints?desk=true&seller=12345"), 0);
    page = house_get(house, scene.officer, "/api/complaints?desk=true&place=141031&limit=2");
    CHECK_INT(house_count(&page, "items"), 2);
    CHECK_INT(house_count(&page, "items.0.pictures"), 0); /* the desk opens one to see them */
    rest = house_get(house, scene.officer, "/api/complaints?desk=true&limit=2&after=%s",
                     house_text(&page, "next").bytes);
    CHECK_INT(house_count(&rest, "items"), 1);
    struct house_reply bad = house_get(house, scene.buyer, "/api/complaints?state=lost");
    HOUSE_PROBLEM(&bad, "bad_input", "state");
    bad = house_get(house, scene.buyer, "/api/complaints?desk=true");
    HOUSE_PROBLEM(&bad, "not_found", "desk");
}

static refusal ring(struct request *q, void *context) {
    return aftersales_complaint_when_due(q, *(int64_t *)context, TEXT(""));
}

HOUSE_TEST("E08: a complaint is overdue after its days and not before, and not once answered") {
    struct scene scene;
    open_scene(house, &scene);
    int64_t id = 0;
    struct house_reply made = complain(&scene, scene.buyer, "goods", scene.market.goods_id, "");
    CHECK(text_to_int64(house_text(&made, "id"), &id));
    const char *target = "/api/complaints?desk=true&state=";
    struct house_reply seen;
    house_work(house, ring, &id);
    seen = house_get(house, scene.officer, "%sopen", target);
    CHECK(!house_bool(&seen, "items.0.is_overdue"));
    struct house_reply reply = answer(&scene, scene.officer, house_text(&made, "id"));
    HOUSE_STATUS(&reply, 201);
    house_advance(house, 8 * (int64_t)DAY_MS);
    house_run_jobs(house);
    house_work(house, ring, &id);
    seen = house_get(house, scene.officer, "%sanswered", target);
    CHECK(!house_bool(&seen, "items.0.is_overdue"));
}

/* ---- invoices ---- */

static struct house_reply ask_invoice(struct scene *scene, struct text token, const char *payer) {
    return send_to(scene, token, "/api/invoices", "{\"order_id\":\"%s\",%s}", scene->order_id.bytes,
                   payer);
}

#define PERSON "\"type\":\"personal\",\"title\":\"刘敏\""

HOUSE_TEST("E08: whom an invoice is for is looked at field by field") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    struct house_reply reply =
        ask_invoice(&scene, scene.buyer, PERSON ",\"tax_number\":\"91350100M000100Y43\"");
    HOUSE_PROBLEM(&reply, "bad_input", "tax_number");
    reply = ask_invoice(&scene, scene.buyer, "\"type\":\"company\",\"title\":\"某某公司\"");
    HOUSE_PROBLEM(&reply, "bad_input", "tax_number");
    static const char *const bad[] = {"@b.cn", "a@b", "a.b", "a b@c.cn", "a@"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct text payer = text_format(house->arena, PERSON ",\"email\":\"%s\"", bad[i]);
        reply = ask_invoice(&scene, scene.buyer, payer.bytes);
        HOUSE_PROBLEM(&reply, "bad_input", "email");
    }
    struct text stranger = market_buyer(house, "13800000002");
    reply = ask_invoice(&scene, stranger, PERSON);
    HOUSE_PROBLEM(&reply, "not_found", "order_id");
    reply =
        send_to(&scene, scene.buyer, "/api/invoices", "{\"order_id\":\"999999999999\"," PERSON "}");
    HOUSE_PROBLEM(&reply, "not_found", "order_id");
    reply = ask_invoice(&scene, scene.buyer, PERSON ",\"email\":\"liu@example.cn\"");
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "email"), "liu@example.cn");
    reply = house_get(house, stranger, "/api/invoices/%s", house_text(&reply, "id").bytes);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    reply = house_get(house, scene.buyer, "/api/invoices/999999999999");
    HOUSE_PROBLEM(&reply, "not_found", "id");
}

HOUSE_TEST("E08: an invoice is for what was paid and kept, and there is none when all went back") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    struct house_reply reply = send_to(&scene, scene.market.keeper, order_at(&scene, "/refunds"),
                                       "{\"amount_fen\":790,\"reason\":\"运费\"}");
    HOUSE_STATUS(&reply, 201);
    reply = ask_invoice(&scene, scene.buyer, PERSON);
    CHECK_INT(house_int(&reply, "amount_fen"), 5000);
    /* A second order: completed, and then a case gives all of it back. */
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    house_advance(house, 9 * (int64_t)DAY_MS);
    house_run_jobs(house);
    opened(&scene, "money", "quality", ONE, SHOWN);
    reply = send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"), AGREE);
    HOUSE_STATUS(&reply, 201);
    reply = ask_invoice(&scene, scene.buyer, PERSON);
    HOUSE_PROBLEM(&reply, "not_enough", "order_id");
}

HOUSE_TEST("E08: an invoice that waits follows what goes back, and there is none of nothing") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    struct house_reply made = ask_invoice(&scene, scene.buyer, PERSON);
    CHECK_INT(house_int(&made, "amount_fen"), 5790);
    const char *id = text_terminated(house->arena, house_text(&made, "id"));
    struct house_reply reply = send_to(&scene, scene.market.keeper, order_at(&scene, "/refunds"),
                                       "{\"amount_fen\":790,\"reason\":\"运费\"}");
    HOUSE_STATUS(&reply, 201);
    reply = house_get(house, scene.market.keeper, "/api/invoices/%s", id);
    CHECK_INT(house_int(&reply, "amount_fen"), 5000);
    reply = send_to(&scene, scene.market.keeper, order_at(&scene, "/refunds"),
                    "{\"reason\":\"都坏了\"}");
    HOUSE_STATUS(&reply, 201);
    const char *papers =
        text_terminated(house->arena, text_format(house->arena, "/api/invoices/%s/papers", id));
    reply = send_to(&scene, scene.market.keeper, papers,
                    "{\"invoice_number\":\"26142000000012345678\"}");
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
}

HOUSE_TEST("E08: an invoice of one's own is made by somebody else; an officer may make it") {
    struct scene scene;
    open_scene(house, &scene);
    int64_t buyer_id;
    house_person(house, "13800000001", &buyer_id);
    struct giving keeping = {buyer_id, "seller_keeper", SCOPE_ORGANISATION, scene.market.seller_id};
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    struct house_reply made = ask_invoice(&scene, scene.buyer, PERSON);
    HOUSE_STATUS(&made, 201);
    house_work(house, give_role, &keeping);
    struct text target =
        text_format(house->arena, "/api/invoices/%s/papers", house_text(&made, "id").bytes);
    const char *number = "{\"invoice_number\":\"26142000000012345678\"}";
    struct house_reply reply = send_to(&scene, scene.buyer, target.bytes, "%s", number);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    reply = send_to(&scene, scene.officer, target.bytes, "%s", number);
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "state"), "issued");
    CHECK_TEXT(house_text(&reply, "file"), ""); /* the number may come alone */
}

HOUSE_TEST("E08: who paid is gone with the account; the sum and the number stay") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    house_advance(house, 9 * (int64_t)DAY_MS);
    house_run_jobs(house);
    struct house_reply made = ask_invoice(&scene, scene.buyer, PERSON);
    HOUSE_STATUS(&made, 201);
    struct text id = house_text(&made, "id");
    close_account(&scene, scene.buyer, "13800000001");
    struct house_reply seen = house_get(house, scene.market.keeper, "/api/invoices/%s", id.bytes);
    CHECK_TEXT(house_text(&seen, "title"), "刘敏"); /* records of trade open for three years */
    house_advance(house, 3 * 367 * (int64_t)DAY_MS);
    house_run_jobs(house);
    struct text keeper = house_person(house, "13900000001", NULL);
    seen = house_get(house, keeper, "/api/invoices/%s", id.bytes);
    HOUSE_STATUS(&seen, 200);
    CHECK_INT(house_int(&seen, "amount_fen"), 5790);
    CHECK(!house_has(&seen, "title") || house_text(&seen, "title").length == 0);
    house_check_books(house);
}

HOUSE_TEST("E08: invoices are listed by key, of a buyer and of a seller, with what waits apart") {
    struct scene scene;
    open_scene(house, &scene);
    for (size_t i = 0; i < 3; i++) {
        buy(&scene, scene.market.sku_five, 1);
        arrive(&scene);
        struct house_reply made = ask_invoice(&scene, scene.buyer, PERSON);
        HOUSE_STATUS(&made, 201);
    }
    struct house_reply page = house_get(house, scene.buyer, "/api/invoices?limit=2");
    CHECK_INT(house_count(&page, "items"), 2);
    struct house_reply rest = house_get(house, scene.buyer, "/api/invoices?limit=2&after=%s",
                                        house_text(&page, "next").bytes);
    CHECK_INT(house_count(&rest, "items"), 1);
    CHECK(!house_has(&rest, "next"));
    page = house_get(house, scene.market.keeper, "/api/invoices?seller=%lld&order=%s",
                     (long long)scene.market.seller_id, scene.order_id.bytes);
    CHECK_INT(house_count(&page, "items"), 1);
    page = house_get(house, scene.officer, "/api/invoices?seller=%lld&limit=2",
                     (long long)scene.market.seller_id);
    CHECK_INT(house_count(&page, "items"), 2);
    rest = house_get(house, scene.officer, "/api/invoices?seller=%lld&limit=2&after=%s",
                     (long long)scene.market.seller_id, house_text(&page, "next").bytes);
    CHECK_INT(house_count(&rest, "items"), 1);
    page = house_get(house, scene.buyer, "/api/invoices?seller=%lld",
                     (long long)scene.market.seller_id);
    HOUSE_PROBLEM(&page, "not_found", "seller");
    page = house_get(house, scene.officer, "/api/invoices?seller=12345");
    HOUSE_PROBLEM(&page, "not_found", "seller");
}

HOUSE_TEST("E08: at whatever statement the database fails, complaint and invoice come once") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    struct text body = text_format(
        house->arena, "{\"subject\":\"order\",\"subject_id\":\"%s\",\"words\":\"一直没人理\"}",
        scene.order_id.bytes);
    struct house_reply reply =
        house_call_through(house, scene.buyer, "POST", "/api/complaints", body.bytes);
    HOUSE_STATUS(&reply, 201);
    struct text target =
        text_format(house->arena, "/api/complaints/%s/answers", house_text(&reply, "id").bytes);
    reply = house_call_through(house, scene.officer, "POST", target.bytes,
                               "{\"words\":\"已经请卖家改了\"}");
    HOUSE_STATUS(&reply, 201);
    body = text_format(house->arena, "{\"order_id\":\"%s\"," PERSON "}", scene.order_id.bytes);
    reply = house_call_through(house, scene.buyer, "POST", "/api/invoices", body.bytes);
    HOUSE_STATUS(&reply, 201);
    target = text_format(house->arena, "/api/invoices/%s/papers", house_text(&reply, "id").bytes);
    reply = house_call_through(house, scene.market.keeper, "POST", target.bytes,
                               "{\"invoice_number\":\"26142000000012345678\"}");
    HOUSE_STATUS(&reply, 201);
    target =
        text_format(house->arena, "/api/invoices?seller=%lld", (long long)scene.market.seller_id);
    reply = house_call_through(house, scene.market.keeper, "GET", target.bytes, NULL);
    CHECK_INT(house_count(&reply, "items"), 1);
    reply = house_call_through(house, scene.buyer, "GET", "/api/complaints", NULL);
    CHECK_INT(house_count(&reply, "items"), 1);
    house_check_books(house);
}

/* ---- the checker ---- */

/* What somebody with the database in his hands might do. */
HOUSE_TEST("E08: cases, complaints and invoices are part of the copy of one's own data") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    struct house_reply made =
        ask_invoice(&scene, scene.buyer, "\"type\":\"personal\",\"title\":\"刘敏的发票\"");
    HOUSE_STATUS(&made, 201);
    complain(&scene, scene.buyer, "seller", scene.market.seller_id, "");
    opened(&scene, "money", "quality", ONE, ",\"pictures\":[\"@\"],\"words\":\"有三个坏了\"");
    struct text tokens[] = {scene.buyer, scene.market.keeper};
    static const char *const own[] = {"\"title\":\"刘敏的发票\"", "\"words\":\"和说的不一样\"",
                                      "\"words\":\"有三个坏了\""};
    for (size_t i = 0; i < 2; i++) {
        struct house_reply asked = send_to(&scene, tokens[i], "/api/people/me/exports", "%s", "");
        HOUSE_STATUS(&asked, 202);
        house_run_jobs(house);
        struct text target = text_format(house->arena, "/api/people/me/exports/%s/download",
                                         house_text(&asked, "id").bytes);
        struct house_reply file = send_to(&scene, tokens[i], target.bytes, "%s", "");
        struct text content = house_text(&file, "content");
        for (size_t j = 0; j < 3; j++)
            CHECK((text_find(content, text_of(own[j]), 0) != SIZE_MAX) == (i == 0));
        CHECK(text_find(content, TEXT("\"cases\":["), 0) != SIZE_MAX);
        CHECK(text_find(content, TEXT("\"invoices\":["), 0) != SIZE_MAX);
    }
}

static refusal tamper(struct request *q, void *context) {
    switch (*(const int *)context) {
    case 0:
        return db_run(q->db,
                      SQL("", "UPDATE aftersales_case SET refunded_fen = refunded_fen - 1"
                              " WHERE refund_id > 0"),
                      NO_PARAMS, NULL);
    case 1:
        return db_run(q->db,
                      SQL("", "UPDATE aftersales_case SET refund_id = refund_id + 1"
                              " WHERE refund_id > 0"),
                      NO_PARAMS, NULL);
    case 2:
        return db_run(q->db,
                      SQL("", "UPDATE aftersales_case SET buyer_id = buyer_id + 1"
                              " WHERE refund_id > 0"),
                      NO_PARAMS, NULL);
    default:
        return db_run(q->db,
                      SQL("", "UPDATE aftersales_case SET order_id = order_id + 1"
                              " WHERE refund_id > 0"),
                      NO_PARAMS, NULL);
    }
}

HOUSE_TEST("E08: the checker finds money that is no transfer, of another sum, person or order") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene, scene.market.sku_five, 1);
    arrive(&scene);
    opened(&scene, "money", "damaged", ONE, SHOWN);
    send_to(&scene, scene.market.keeper, case_at(&scene, "/answers"), AGREE);
    CHECK_INT(room_faults(house), 0);
    for (int way = 0; way < 4; way++) {
        house_work(house, tamper, &way);
        CHECK_INT(room_faults(house), 2); /* the case, and the sum over all of them */
    }
}

static refusal forget_job(struct request *q, void *context) {
    return jobs_forget(q, "aftersales.due", *(int64_t *)context);
}

HOUSE_TEST("E08: the checker finds the one open case that no job waits for, among many") {
    enum { CASES = 53 }; /* more than a page of the checker */
    struct scene scene;
    int64_t ids[CASES];
    open_scene(house, &scene);
    for (size_t i = 0; i < CASES; i++) {
        buy(&scene, scene.market.sku_five, 1);
        struct house_reply made = opened(&scene, "money", "not_wanted", ONE, "");
        CHECK(text_to_int64(house_text(&made, "id"), &ids[i]));
    }
    CHECK_INT(room_faults(house), 0);
    static const size_t lost[] = {0, 27, CASES - 1};
    for (size_t i = 0; i < 3; i++) {
        house_work(house, forget_job, &ids[lost[i]]);
        CHECK_INT(room_faults(house), (int64_t)i + 2); /* each of them, and the sum */
    }
    house_advance(house, AFTERSALES_ANSWER_MS + 1000);
    house_run_jobs(house);
    CHECK_INT(room_faults(house), 4); /* the others were agreed, each by its transfer */
}
