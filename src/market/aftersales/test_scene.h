/* What the tests of this folder share: one order of a small market, its buyer, its keeper and an
 * officer of the county, and the steps of a case between them. */
#ifndef MARKET_AFTERSALES_TEST_SCENE_H
#define MARKET_AFTERSALES_TEST_SCENE_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ground/people/people.h"
#include "ground/people/sms.h"
#include "market/aftersales/inside.h"
#include "support/market.h"
#include "support/pictures.h"

#define HOME_COUNTY INT64_C(141031000000)
#define AWAY_COUNTY INT64_C(500236000000)

struct scene {
    struct house *house;
    struct market market;
    struct text buyer;
    struct text officer; /* of the seller's county */
    struct house_reply placed;
    struct text order_id;
    struct text case_id;
    struct text picture;  /* for the next cases; none: each has one of its own */
    unsigned drawn_count; /* no two pictures are the same */
};

struct giving {
    int64_t person_id;
    const char *role;
    enum scope scope;
    int64_t scope_id;
};

static inline refusal give_role(struct request *q, void *context) {
    const struct giving *giving = context;
    return people_give_role(q, giving->person_id, giving->role, giving->scope, giving->scope_id);
}

static inline struct text person_with(struct house *house, const char *phone,
                                      struct giving giving) {
    struct text token = house_person(house, phone, &giving.person_id);
    house_work(house, give_role, &giving);
    return token;
}

static inline struct house_reply send_to(struct scene *scene, struct text token, const char *target,
                                         const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static inline struct house_reply send_to(struct scene *scene, struct text token, const char *target,
                                         const char *format, ...) {
    char body[2000];
    va_list list;
    va_start(list, format);
    vsnprintf(body, sizeof(body), format, list);
    va_end(list);
    return house_call(scene->house, token, "POST", target, body);
}

static inline const char *order_at(struct scene *scene, const char *what) {
    return text_terminated(scene->house->arena,
                           text_format(scene->house->arena, "/api/orders/%.*s%s",
                                       (int)scene->order_id.length, scene->order_id.bytes, what));
}

static inline const char *case_at(struct scene *scene, const char *what) {
    return text_terminated(scene->house->arena,
                           text_format(scene->house->arena, "/api/cases/%.*s%s",
                                       (int)scene->case_id.length, scene->case_id.bytes, what));
}

static inline void buy(struct scene *scene, int64_t sku_id, int count) {
    scene->placed = market_order(scene->house, scene->buyer, sku_id, count);
    scene->order_id = house_text(&scene->placed, "orders.0.id");
    market_pay(scene->house, &scene->placed);
}

static inline void ship(struct scene *scene) {
    struct house_reply reply = send_to(scene, scene->market.keeper, order_at(scene, "/shipment"),
                                       "{\"carrier\":\"邮政\",\"tracking_number\":\"77312004\"}");
    HOUSE_STATUS(&reply, 200);
}

static inline void receive(struct scene *scene) {
    struct house_reply reply =
        house_call(scene->house, scene->buyer, "POST", order_at(scene, "/receipt"), NULL);
    HOUSE_STATUS(&reply, 200);
}

static inline void arrive(struct scene *scene) {
    ship(scene);
    receive(scene);
}

static inline struct text upload(struct scene *scene, struct text token, const char *purpose) {
    struct house *house = scene->house;
    char target[60];
    snprintf(target, sizeof(target), "/api/files?purpose=%s", purpose);
    struct house_reply made = house_upload(house, token, target, "image/jpeg",
                                           pictures_small(house->arena, ++scene->drawn_count));
    HOUSE_STATUS(&made, 201);
    return house_text(&made, "address");
}

static inline void open_scene(struct house *house, struct scene *ret_scene) {
    *ret_scene = (struct scene){.house = house};
    market_open(house, &ret_scene->market);
    ret_scene->buyer = market_buyer(house, "13800000001");
    ret_scene->officer =
        person_with(house, "13700000001",
                    (struct giving){.role = "after_sales_officer", SCOPE_COUNTY, HOME_COUNTY});
}

static inline struct house_reply ask(struct scene *scene, const char *kind, const char *reason,
                                     const char *lines, const char *more) {
    const char *behind = strchr(more, '@');
    struct text picture = scene->picture;
    if (behind && picture.length == 0) picture = upload(scene, scene->buyer, "evidence");
    if (!behind) picture = TEXT("");
    int before = behind ? (int)(behind - more) : (int)strlen(more);
    struct house_reply reply = send_to(
        scene, scene->buyer, "/api/cases",
        "{\"order_id\":\"%.*s\",\"kind\":\"%s\",\"reason\":\"%s\",\"lines\":[%s]%.*s%.*s%s}",
        (int)scene->order_id.length, scene->order_id.bytes, kind, reason, lines, before, more,
        (int)picture.length, picture.bytes, behind ? behind + 1 : "");
    if (reply.status == 201) scene->case_id = house_text(&reply, "id");
    return reply;
}

static inline struct house_reply opened(struct scene *scene, const char *kind, const char *reason,
                                        const char *lines, const char *more) {
    struct house_reply reply = ask(scene, kind, reason, lines, more);
    HOUSE_STATUS(&reply, 201);
    return reply;
}

static inline struct house_reply read_case(struct scene *scene, struct text token) {
    return house_get(scene->house, token, "%s", case_at(scene, ""));
}

static inline struct house_reply order_now(struct scene *scene) {
    return house_get(scene->house, scene->buyer, "%s", order_at(scene, ""));
}

#define ONE "{\"line_no\":1,\"count\":1}"
/* "@" stands for the picture that the buyer uploaded. */
#define SHOWN ",\"pictures\":[\"@\"],\"words\":\"坏了\""
#define AGREE "{\"choice\":\"agree\"}"
#define HOME "\"return_to\":\"李望田 13900000001 隰县上庄村 8 号\""

static inline void expect_state(struct scene *scene, const char *state, const char *outcome) {
    struct house_reply reply = read_case(scene, scene->buyer);
    HOUSE_STATUS(&reply, 200);
    CHECK_TEXT(house_text(&reply, "state"), state);
    CHECK_TEXT(house_text(&reply, "outcome"), outcome);
}

static inline int64_t refunded(struct scene *scene) {
    struct house_reply reply = order_now(scene);
    return house_int(&reply, "refunded_fen");
}

/* What was shown opens the picture of ADDRESS; the address alone opens nothing. */
static inline void expect_private(struct house *house, struct text address, struct text shown) {
    CHECK(text_starts(shown, address));
    CHECK(shown.length > address.length);
    struct house_reply reply = house_get(house, TEXT(""), "%.*s", (int)shown.length, shown.bytes);
    HOUSE_STATUS(&reply, 200);
    reply = house_get(house, TEXT(""), "%.*s", (int)address.length, address.bytes);
    HOUSE_STATUS(&reply, 404);
}

/* Closes the account of TOKEN by a code to its phone; what is due at once is done. */
static inline void close_account(struct scene *scene, struct text token, const char *phone) {
    struct house *house = scene->house;
    house_advance(house, 2 * MINUTE_MS);
    struct house_reply reply = send_to(scene, token, "/api/codes", "{\"purpose\":\"closure\"}");
    HOUSE_STATUS(&reply, 202);
    house_run_jobs(house);
    struct text code = sms_local_last(house->app->sms, house->arena, text_of(phone));
    reply = send_to(scene, token, "/api/people/me/closure", "{\"code\":\"%s\"}", code.bytes);
    HOUSE_STATUS(&reply, 204);
    house_run_jobs(house);
}

/* How many faults the room's own check finds. */
static inline void count_fault(struct check_report *report, bool holds, struct text sentence) {
    (void)sentence;
    report->fault_count += !holds;
}

static inline refusal check_room(struct request *q, void *context) {
    return aftersales_room.check(q, context);
}

static inline int64_t room_faults(struct house *house) {
    struct check_report report = {.line = count_fault};
    house_work(house, check_room, &report);
    return report.fault_count;
}

#endif
