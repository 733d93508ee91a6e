/* Invoices that cannot be made: why, who says so, and how they are asked for anew. */
#include "market/aftersales/test_scene.h"

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
