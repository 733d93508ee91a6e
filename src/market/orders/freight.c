#include "market/orders/freight.h"

#include <assert.h>

SHAPE_DEFINE(freight_rule, FREIGHT_RULE_FIELDS);
SHAPE_DEFINE_PAGE(freight_rule);
SHAPE_DEFINE(freight_query, FREIGHT_QUERY_FIELDS);

/* The rule for everywhere else has the region 0, so the first page begins below it. */
refusal freight_list(struct request *q, const struct freight_query *query,
                     struct freight_rule_page *ret_page) {
    int64_t after = query->after ? query->after : -1;
    TRY(db_rows(q->db,
                SQL("iii", "SELECT seller_id, region_code, first_g, first_fen, next_g, next_fen,"
                           " free_over_fen, deliverable FROM orders_freight_rule"
                           " WHERE seller_id = $1 AND region_code > $2"
                           " ORDER BY region_code LIMIT $3"),
                PARAMS(query->seller, after, query->limit + 1), &freight_rule_shape,
                &ret_page->items));
    if (ret_page->items.count <= (size_t)query->limit) return NULL;
    ret_page->items.count = (size_t)query->limit;
    ret_page->next = text_format(q->arena, "%lld",
                                 (long long)ret_page->items.items[query->limit - 1].region_code);
    return NULL;
}

refusal freight_put(struct request *q, const struct freight_rule *rule) {
    return db_run(
        q->db,
        SQL("iiiiiiii",
            "INSERT INTO orders_freight_rule (seller_id, region_code, first_g, first_fen,"
            " next_g, next_fen, free_over_fen, deliverable)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            " ON CONFLICT (seller_id, region_code) DO UPDATE SET"
            " first_g = excluded.first_g, first_fen = excluded.first_fen,"
            " next_g = excluded.next_g, next_fen = excluded.next_fen,"
            " free_over_fen = excluded.free_over_fen, deliverable = excluded.deliverable"),
        PARAMS(rule->seller_id, rule->region_code, rule->first_g, rule->first_fen, rule->next_g,
               rule->next_fen, rule->free_over_fen, rule->deliverable),
        NULL);
}

int64_t freight_region_code(int64_t prefix) {
    assert(prefix >= 0 && prefix <= INT64_C(999999999999));
    if (prefix == 0) return 0;
    while (prefix < INT64_C(100000000000)) prefix *= 10;
    return prefix;
}

#define RULE_AT(seller_id, region_code)                                                            \
    "SELECT seller_id, region_code, first_g, first_fen, next_g, next_fen, free_over_fen,"          \
    " deliverable FROM orders_freight_rule"                                                        \
    " WHERE seller_id = " seller_id " AND region_code = " region_code
#define RULES_OF(seller_id)                                                                        \
    RULE_AT(seller_id, "0")                                                                        \
    " UNION ALL " RULE_AT(seller_id, "$2") " UNION ALL " RULE_AT(                                  \
        seller_id, "$3") " UNION ALL " RULE_AT(seller_id, "$4")

/* The common case by eight look-ups: lists would be two temporary trees to SQLite, and ORs a walk
 * through the whole table to PostgreSQL. */
static refusal rules_of_one(struct request *q, int64_t seller_id, const int64_t *regions,
                            struct freight_rule_list *ret_rules) {
    return db_rows(q->db, SQL("iiii", RULES_OF("0") " UNION ALL " RULES_OF("$1") " LIMIT 8"),
                   PARAMS(seller_id, regions[0], regions[1], regions[2]), &freight_rule_shape,
                   ret_rules);
}

refusal freight_rules(struct request *q, const int64_t *seller_ids, size_t seller_count,
                      int64_t place_code, struct freight_rule_list *ret_rules) {
    int64_t s[20] = {0};
    assert(seller_count <= 20);
    for (size_t i = 0; i < seller_count; i++) s[i] = seller_ids[i];
    int64_t province = place_code - place_code % INT64_C(10000000000);
    int64_t city = place_code - place_code % INT64_C(100000000);
    int64_t county = place_code - place_code % INT64_C(1000000);
    if (seller_count == 1)
        return rules_of_one(q, s[0], (const int64_t[]){province, city, county}, ret_rules);
    return db_rows(q->db,
                   SQL("iiiiiiiiiiiiiiiiiiiiiii",
                       "SELECT seller_id, region_code, first_g, first_fen, next_g, next_fen,"
                       " free_over_fen, deliverable FROM orders_freight_rule"
                       " WHERE seller_id IN (0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
                       " $13, $14, $15, $16, $17, $18, $19, $20)"
                       " AND region_code IN (0, $21, $22, $23) LIMIT 84"),
                   PARAMS(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10], s[11],
                          s[12], s[13], s[14], s[15], s[16], s[17], s[18], s[19], province, city,
                          county),
                   &freight_rule_shape, ret_rules);
}

/* Trailing zeros make a code wide: the fewer a region has, the more particular it is. */
static bool is_more_particular(const struct freight_rule *a, const struct freight_rule *b) {
    if ((a->seller_id != 0) != (b->seller_id != 0)) return a->seller_id != 0;
    if ((a->region_code != 0) != (b->region_code != 0)) return a->region_code != 0;
    int64_t x = a->region_code, y = b->region_code;
    while (x && y && x % 10 == 0 && y % 10 == 0) {
        x /= 10;
        y /= 10;
    }
    return x % 10 != 0 && y % 10 == 0;
}

static const struct freight_rule *best_rule(const struct freight_rule_list *rules,
                                            int64_t seller_id) {
    const struct freight_rule *best = NULL;
    for (size_t i = 0; i < rules->count; i++) {
        const struct freight_rule *rule = &rules->items[i];
        if (rule->seller_id != 0 && rule->seller_id != seller_id) continue;
        if (!best || is_more_particular(rule, best)) best = rule;
    }
    return best;
}

static void say(struct request *q, struct freight_answer *answer, const char *zh, const char *en,
                struct fen amount) {
    struct text yuan = fen_yuan(q->arena, amount);
    if (text_ends(yuan, TEXT(".00"))) yuan.length -= 3;
    answer->words_zh =
        text_format(q->arena, "%s%.*s%s", zh, (int)yuan.length, yuan.bytes, " 元包邮");
    answer->words_en = text_format(q->arena, "%s%.*s", en, (int)yuan.length, yuan.bytes);
}

refusal freight_for(struct request *q, const struct freight_rule_list *rules,
                    const struct freight_parcel *parcel, struct freight_answer *ret_answer) {
    const struct freight_rule *rule = best_rule(rules, parcel->seller_id);
    *ret_answer = (struct freight_answer){.deliverable = !rule || rule->deliverable};
    if (!ret_answer->deliverable) {
        ret_answer->words_zh = TEXT("这家暂时送不到这里");
        ret_answer->words_en = TEXT("This seller does not deliver there yet");
        return NULL;
    }
    bool over = rule && fen_is_positive(rule->free_over_fen) &&
                fen_compare(parcel->goods_fen, rule->free_over_fen) >= 0;
    if (!rule || parcel->all_free || over) {
        ret_answer->words_zh = TEXT("包邮");
        ret_answer->words_en = TEXT("Free delivery");
        if (over) say(q, ret_answer, "满 ", "Free from ¥", rule->free_over_fen);
        return NULL;
    }
    int64_t extra_g = parcel->weight_g > rule->first_g ? parcel->weight_g - rule->first_g : 0;
    int64_t steps = (extra_g + rule->next_g - 1) / rule->next_g;
    struct fen extra = FEN(0);
    if (!fen_times(rule->next_fen, steps, &extra) ||
        !fen_add(rule->first_fen, extra, &ret_answer->price))
        return refuse(q, BAD_INPUT, "lines", "太重了，运费算不出来", "too heavy to send");
    if (fen_is_positive(rule->free_over_fen))
        say(q, ret_answer, "满 ", "Free from ¥", rule->free_over_fen);
    return NULL;
}
