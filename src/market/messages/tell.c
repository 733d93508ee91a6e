/* From facts to messages. A fact leaves a job in its own transaction: the message is written if and
 * only if it happened, and the road of who shipped or refunded is one statement longer. Whatever
 * the words need is read by the job. */
#include "app.h"
#include "ground/jobs/jobs.h"
#include "ground/people/people.h"
#include "kernel/base/json.h"
#include "market/messages/inside.h"
#include "market/orders/orders.h"

SHAPE_ENUM_DEFINE(messages_answer, MESSAGES_ANSWERS);
SHAPE_DEFINE(messages_event, MESSAGES_EVENT_FIELDS);

enum { EVENT_BYTES_MAX = 8000, DIGITS_SHOWN_MAX = 6 };

/* The time of a fact is the time of the clock, unless somebody writes history down, as the demo
 * does. */
static bool is_news(const struct request *q, struct instant at) {
    return instant_after(at, MESSAGES_NEWS_DAYS * (int64_t)DAY_MS).ms >= app_now(q->app).ms;
}

refusal messages_tell(struct request *q, struct messages_event *event) {
    struct buffer json = buffer_make(q->arena, EVENT_BYTES_MAX);
    if (event->person_id == 0 || !is_news(q, q->now)) return NULL;
    event->at = q->now;
    shape_write_json(&messages_event_shape, &json, event);
    return jobs_ask(q, "messages.write", request_new_id(q), buffer_text(&json), q->now);
}

/* ---- what the words need ---- */

/* What an officer wrote is for who reads it, but a message is no place for a phone number: long
 * runs of digits are not repeated, nor what is long itself. The page that it leads to has all. */
static struct text quote(struct request *q, struct text reason) {
    struct buffer quoted = buffer_make(q->arena, 4 * MESSAGES_REASON_MAX + 16);
    struct text whole = text_trim(reason);
    size_t characters = 0;
    for (size_t at = 0; at < whole.length; characters++) {
        size_t from = at, digits = 0;
        if (characters == MESSAGES_REASON_MAX) {
            buffer_add_literal(&quoted, "…");
            break;
        }
        while (at + digits < whole.length && whole.bytes[at + digits] >= '0' &&
               whole.bytes[at + digits] <= '9')
            digits++;
        if (digits > DIGITS_SHOWN_MAX) {
            buffer_add_literal(&quoted, "***");
            at += digits;
            continue;
        }
        text_next(whole, &at);
        buffer_add_text(&quoted, text_slice(whole, from, at));
    }
    return buffer_text(&quoted);
}

/* The sentence that it stands in has its own full stop. */
static struct text without_stop(struct text words) {
    static const char *const stops[] = {"。", ".", "！", "；", "，"};
    for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
        struct text stop = text_of(stops[i]);
        if (text_ends(words, stop)) return text_slice(words, 0, words.length - stop.length);
    }
    return words;
}

static struct text say_answer(struct request *q, const struct messages_event *event, bool english) {
    struct text yuan = fen_yuan(q->arena, event->sum_fen);
    switch (event->answer) {
    case MESSAGES_OFFERED:
        return text_format(q->arena,
                           english ? "offers ¥%.*s and waits for your answer"
                                   : "愿意退 %.*s 元，等您答复",
                           (int)yuan.length, yuan.bytes);
    case MESSAGES_REFUSED:
        return english ? TEXT("did not agree; you may ask for arbitration")
                       : TEXT("没有同意，您可以请平台来看");
    case MESSAGES_SEND_BACK:
        return english ? TEXT("agreed; please send it back as the page says")
                       : TEXT("同意了，请按售后里写的地址寄回");
    case MESSAGES_WILL_REPLACE:
        return english ? TEXT("agreed and will send another") : TEXT("同意了，会再寄一份");
    case MESSAGES_REPLACED: return english ? TEXT("has sent another") : TEXT("把换的货寄出了");
    case MESSAGES_MONEY:
        return text_format(q->arena, english ? "¥%.*s back" : "退 %.*s 元", (int)yuan.length,
                           yuan.bytes);
    case MESSAGES_NO_MONEY: return english ? TEXT("no refund") : TEXT("不退款");
    }
    return TEXT("");
}

/* "隰县玉露香梨 等 3 种" */
static struct text say_goods(struct request *q, const struct messages_event *event, size_t lines,
                             bool english) {
    struct text goods = event->goods;
    if (lines < 2) return goods;
    return text_format(q->arena, english ? "%.*s and %zu more" : "%.*s 等 %zu 种",
                       (int)goods.length, goods.bytes, english ? lines - 1 : lines);
}

static struct messages_values values_of(struct request *q, const struct messages_event *event,
                                        size_t lines, bool english) {
    struct messages_values values = {0};
    values.of[MESSAGES_GOODS] = say_goods(q, event, lines, english);
    values.of[MESSAGES_ORDER] = orders_number(q->arena, event->order_id);
    values.of[MESSAGES_SHOP] = event->shop;
    values.of[MESSAGES_SUM] = fen_yuan(q->arena, event->sum_fen);
    values.of[MESSAGES_ANSWER] = say_answer(q, event, english);
    values.of[MESSAGES_REASON] = without_stop(quote(q, event->reason));
    return values;
}

/* ---- the job ---- */

/* Of an order the event says the number alone; *ret_lines is how many kinds of goods it has. */
static refusal complete(struct request *q, struct messages_event *event, size_t *ret_lines) {
    struct orders_claim order = {0};
    *ret_lines = 1;
    if (event->order_id == 0) return NULL;
    TRY(orders_claim_of(q, event->order_id, &order));
    event->goods = order.lines.count ? order.lines.items[0].title : TEXT("");
    event->shop = order.seller_name;
    *ret_lines = order.lines.count;
    return NULL;
}

static refusal is_there(struct request *q, int64_t person_id, bool *ret_there) {
    struct principal who = {0};
    TRY(people_principal_of(q, person_id, &who));
    *ret_there = who.person_id != 0;
    return NULL;
}

refusal messages_write(struct request *q, int64_t event_id, struct text words) {
    struct messages_event event;
    struct messages_template template;
    size_t lines = 1;
    bool there = false;
    TRY(shape_read_json(&messages_event_shape, q->arena, json_read(q->arena, words, NULL), &event));
    TRY(messages_template_of(q, event.kind, &template));
    if (!template.is_on) return NULL;
    /* Who closed the account since hears nothing more. */
    TRY(is_there(q, event.person_id, &there));
    if (!there) return NULL;
    TRY(complete(q, &event, &lines));
    const struct messages_values zh = values_of(q, &event, lines, false);
    const struct messages_values en = values_of(q, &event, lines, true);
    return messages_put(
        q, &(struct messages_note){.id = event_id,
                                   .event = &event,
                                   .title = messages_fill(q->arena, template.title, &zh),
                                   .words = messages_fill(q->arena, template.words, &zh),
                                   .title_en = messages_fill(q->arena, template.title_en, &en),
                                   .words_en = messages_fill(q->arena, template.words_en, &en)});
}
