/* Sellers: brands, companies, cooperatives, micro shops, households, village shops, workshops and
 * service stations. */
#include "kernel/base/limits.h"
#include "market/catalog/inside.h"

SHAPE_DEFINE(catalog_seller, CATALOG_SELLER_FIELDS);
SHAPE_DEFINE_PAGE(catalog_seller);
SHAPE_DEFINE(catalog_seller_draft, CATALOG_SELLER_DRAFT_FIELDS);
SHAPE_DEFINE(catalog_seller_query, CATALOG_SELLER_QUERY_FIELDS);

enum { VILLAGE_SHOPS_MAX = 20 };

struct text catalog_seller_kind_name(enum catalog_seller_kind kind) {
    switch (kind) {
    case SELLER_BRAND: return TEXT("品牌商家");
    case SELLER_COMPANY: return TEXT("企业");
    case SELLER_COOPERATIVE: return TEXT("合作社");
    case SELLER_MICRO_SHOP: return TEXT("小微网店");
    case SELLER_HOUSEHOLD: return TEXT("农户");
    case SELLER_VILLAGE_SHOP: return TEXT("村微商城");
    case SELLER_WORKSHOP: return TEXT("手工作坊");
    case SELLER_STATION: return TEXT("服务站");
    }
    return TEXT("");
}

void catalog_dress_seller(struct arena *arena, struct catalog_seller *seller) {
    int64_t place_code = 0;
    seller->kind_name = catalog_seller_kind_name(seller->kind);
    if (text_to_int64(seller->origin.place_code, &place_code))
        seller->origin = places_origin_of(arena, place_code);
}

static refusal dress_all(struct request *q, struct catalog_seller_list *sellers) {
    for (size_t i = 0; i < sellers->count; i++) catalog_dress_seller(q->arena, &sellers->items[i]);
    return NULL;
}

/* ---- reading ---- */

refusal catalog_village_shops(struct request *q, struct catalog_seller_list *ret_sellers) {
    TRY(db_rows(q->db,
                SQL("i", "SELECT " CATALOG_SELLER_COLUMNS " FROM catalog_seller s "
                         "WHERE s.kind = 'village_shop' ORDER BY s.place_code, s.seller_id "
                         "LIMIT $1"),
                PARAMS((int64_t)VILLAGE_SHOPS_MAX), &catalog_seller_shape, ret_sellers));
    return dress_all(q, ret_sellers);
}

static refusal check_kind(struct request *q, struct text kind) {
    unsigned found;
    if (kind.length == 0 || shape_enum_find(&catalog_seller_kind_enum, kind, &found)) return NULL;
    return refuse(q, BAD_INPUT, "kind", "没有这种卖家", "there is no such kind of seller");
}

struct seller_range {
    struct text kind;
    int64_t first_code;
    int64_t last_code;
    struct catalog_key after;
    int64_t limit;
};

/* By place, because that is how people look for a seller near them; a range of codes is a place
 * with all inside it. */
static refusal find_sellers(struct request *q, const struct seller_range *range,
                            struct catalog_seller_list *ret_sellers) {
    if (range->kind.length == 0)
        return db_rows(q->db,
                       SQL("iiiii", "SELECT " CATALOG_SELLER_COLUMNS " FROM catalog_seller s "
                                    "WHERE s.place_code BETWEEN $1 AND $2 "
                                    "AND (s.place_code, s.seller_id) > ($3, $4) "
                                    "ORDER BY s.place_code, s.seller_id LIMIT $5"),
                       PARAMS(range->first_code, range->last_code, range->after.key,
                              range->after.id, range->limit),
                       &catalog_seller_shape, ret_sellers);
    return db_rows(q->db,
                   SQL("iiiiit", "SELECT " CATALOG_SELLER_COLUMNS " FROM catalog_seller s "
                                 "WHERE s.kind = $6 AND s.place_code BETWEEN $1 AND $2 "
                                 "AND (s.place_code, s.seller_id) > ($3, $4) "
                                 "ORDER BY s.place_code, s.seller_id LIMIT $5"),
                   PARAMS(range->first_code, range->last_code, range->after.key, range->after.id,
                          range->limit, range->kind),
                   &catalog_seller_shape, ret_sellers);
}

refusal catalog_get_sellers(struct request *q) {
    const struct catalog_seller_query *query = q->query;
    struct catalog_seller_page *reply = q->reply;
    struct seller_range range = {.kind = query->kind,
                                 .last_code = PLACES_LAST_CODE,
                                 .after = {-1, 0},
                                 .limit = query->limit + 1};
    TRY(check_kind(q, query->kind));
    if (query->place.length) {
        if (!places_read_code(query->place, &range.first_code))
            return refuse(q, BAD_INPUT, "place", "地区代码是 2、4、6、9 或 12 位数字",
                          "a place code has 2, 4, 6, 9 or 12 digits");
        range.last_code = places_last_code(range.first_code);
    }
    TRY(catalog_key_read(q, query->after, &range.after));
    TRY(find_sellers(q, &range, &reply->items));
    if (reply->items.count > (size_t)query->limit) {
        reply->items.count = (size_t)query->limit;
        const struct catalog_seller *last = &reply->items.items[reply->items.count - 1];
        struct catalog_key key = {0, last->id};
        text_to_int64(last->origin.place_code, &key.key);
        reply->next = catalog_key_write(q->arena, key);
    }
    return dress_all(q, &reply->items);
}

static refusal read_seller(struct request *q, int64_t seller_id,
                           struct catalog_seller *ret_seller) {
    bool found;
    TRY(db_row(q->db,
               SQL("i", "SELECT " CATALOG_SELLER_COLUMNS " FROM catalog_seller s "
                        "WHERE s.seller_id = $1"),
               PARAMS(seller_id), &catalog_seller_shape, ret_seller, &found));
    if (!found) return refuse(q, NOT_FOUND, "", "没有这家店", "there is no such seller");
    catalog_dress_seller(q->arena, ret_seller);
    return NULL;
}

refusal catalog_get_seller(struct request *q) {
    const struct catalog_id_path *path = q->path;
    return read_seller(q, path->id, q->reply);
}

/* ---- writing ---- */

refusal catalog_add_seller(struct request *q, const struct catalog_seller_draft *draft,
                           int64_t *ret_seller_id) {
    TRY(catalog_known_place(q, draft->place_code));
    TRY(catalog_own_picture(q, "picture", draft->picture, FILES_SELLER));
    int64_t id = request_new_id(q);
    TRY(db_run(q->db,
               SQL("itttt"
                   "iti",
                   "INSERT INTO catalog_seller (seller_id, name, kind, summary, picture, "
                   "place_code, licence_text, fee_permille, goods_count, sold_count, opened_at) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, $8)"),
               PARAMS(id, draft->name, shape_enum_text(&catalog_seller_kind_enum, draft->kind),
                      draft->summary, draft->picture, draft->place_code, draft->licence_text,
                      q->now),
               NULL));
    request_changed(q, 0);
    *ret_seller_id = id;
    return request_announce(q, &catalog_seller_named,
                            &(struct catalog_name){id, draft->name, false});
}

refusal catalog_post_seller(struct request *q) {
    const struct catalog_seller_draft *draft = q->body;
    int64_t id;
    if (!request_reaches(q, PERMISSION_operate, (struct owner){.place_code = draft->place_code}))
        return refuse(q, NOT_FOUND, "place_code", "没有找到", "not found");
    TRY(catalog_add_seller(q, draft, &id));
    TRY(read_seller(q, id, q->reply));
    struct catalog_act act = {"catalog.seller.add", "seller", id};
    return catalog_audit(q, act, &catalog_seller_draft_shape, draft);
}

/* The pages of a seller's goods show the seller too. More than the road keeps count of means:
 * everything is stale. */
static refusal change_pages(struct request *q, int64_t seller_id) {
    struct catalog_id_path_list goods;
    TRY(db_rows(q->db,
                SQL("i", "SELECT goods_id AS id FROM catalog_goods WHERE seller_id = $1 "
                         "ORDER BY goods_id LIMIT 100"),
                PARAMS(seller_id), &catalog_id_path_shape, &goods));
    for (size_t i = 0; i < goods.count; i++) request_changed(q, goods.items[i].id);
    request_changed(q, seller_id);
    request_changed(q, 0);
    return NULL;
}

refusal catalog_put_seller(struct request *q) {
    const struct catalog_id_path *path = q->path;
    const struct catalog_seller_draft *draft = q->body;
    struct catalog_seller old;
    TRY(catalog_reach_seller(q, PERMISSION_operate, path->id));
    /* Nor may a county's operator move a seller out of the county. */
    if (!request_reaches(q, PERMISSION_operate, (struct owner){.place_code = draft->place_code}))
        return refuse(q, NOT_FOUND, "place_code", "没有找到", "not found");
    TRY(catalog_known_place(q, draft->place_code));
    TRY(catalog_own_picture(q, "picture", draft->picture, FILES_SELLER));
    TRY(read_seller(q, path->id, &old));
    TRY(db_run(q->db,
               SQL("ittttit", "UPDATE catalog_seller SET name = $2, kind = $3, summary = $4, "
                              "picture = $5, place_code = $6, licence_text = $7 "
                              "WHERE seller_id = $1"),
               PARAMS(path->id, draft->name,
                      shape_enum_text(&catalog_seller_kind_enum, draft->kind), draft->summary,
                      draft->picture, draft->place_code, draft->licence_text),
               NULL));
    if (!text_equal(old.name, draft->name)) {
        TRY(db_run(q->db,
                   SQL("it", "UPDATE catalog_goods SET seller_name = $2 WHERE seller_id = $1"),
                   PARAMS(path->id, draft->name), NULL));
        TRY(request_announce(q, &catalog_seller_named,
                             &(struct catalog_name){path->id, draft->name, true}));
    }
    TRY(change_pages(q, path->id));
    TRY(read_seller(q, path->id, q->reply));
    struct catalog_act act = {"catalog.seller", "seller", path->id};
    return catalog_audit(q, act, &catalog_seller_draft_shape, draft);
}
