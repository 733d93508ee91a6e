#include "ground/places/places.h"

#include "kernel/base/limits.h"

#define PLACES_CARD_FIELDS(F, S)                                                                   \
    F(S, TEXT, code, .required = true, .about = "twelve digits")                                   \
    F(S, TEXT, name, .required = true)                                                             \
    F(S, INT, level, .required = true, .about = "1 province, 2 city, 3 county, 4 town, 5 village") \
    F(S, TEXT, parent_code, .optional = true)
SHAPE_DECLARE(places_card, PLACES_CARD_FIELDS);
SHAPE_DEFINE(places_card, PLACES_CARD_FIELDS);
SHAPE_DECLARE_PAGE(places_card);
SHAPE_DEFINE_PAGE(places_card);

#define PLACES_DETAIL_FIELDS(F, S)                                                                 \
    PLACES_CARD_FIELDS(F, S)                                                                       \
    F(S, LIST, ancestors, places_card, .required = true, .about = "from the province down")
SHAPE_DECLARE(places_detail, PLACES_DETAIL_FIELDS);
SHAPE_DEFINE(places_detail, PLACES_DETAIL_FIELDS);

#define PLACES_PATH_FIELDS(F, S)                                                                   \
    F(S, TEXT, code, .required = true, .max = 12, .about = "2, 4, 6, 9 or 12 digits")
SHAPE_DECLARE(places_path, PLACES_PATH_FIELDS);
SHAPE_DEFINE(places_path, PLACES_PATH_FIELDS);

#define PLACES_QUERY_FIELDS(F, S)                                                                  \
    F(S, TEXT, parent, .max = 12, .about = "the code of the place above; absent: provinces")       \
    F(S, TEXT, q, .max = 24, .about = "the beginning of a name, of any place or of LEVEL")         \
    F(S, INT, level, .min = 1, .max = 5)                                                           \
    F(S, INT, limit, .min = 1, .max = LIMIT_LIST_ROWS, .fallback = 20)                             \
    F(S, TEXT, after, .max = 12)
SHAPE_DECLARE(places_query, PLACES_QUERY_FIELDS);
SHAPE_DEFINE(places_query, PLACES_QUERY_FIELDS);

static struct places_card card_of(struct arena *arena, const struct place *place) {
    return (struct places_card){
        .code = places_code_text(arena, place->code),
        .name = place->name,
        .level = place->level,
        .parent_code = place->parent_code ? places_code_text(arena, place->parent_code) : TEXT(""),
    };
}

static struct places_card_list cards_of(struct arena *arena, const struct place *places,
                                        size_t count) {
    struct places_card_list cards = {arena_new(arena, struct places_card, count), count};
    for (size_t i = 0; i < count; i++) cards.items[i] = card_of(arena, &places[i]);
    return cards;
}

/* A code in the query: absent is 0, anything but digits of a right length is a fault of FIELD. */
static refusal read_code(struct request *q, const char *field, struct text digits,
                         int64_t *ret_code) {
    *ret_code = 0;
    if (digits.length == 0 || places_read_code(digits, ret_code)) return NULL;
    return refuse(q, BAD_INPUT, field, "地区代码是 2、4、6、9 或 12 位数字",
                  "a place code has 2, 4, 6, 9 or 12 digits");
}

static refusal get_places(struct request *q) {
    const struct places_query *query = q->query;
    struct places_card_page *reply = q->reply;
    int64_t parent_code;
    int64_t after_code;
    TRY(read_code(q, "parent", query->parent, &parent_code));
    TRY(read_code(q, "after", query->after, &after_code));
    if (query->q.length > 0 && parent_code != 0)
        return refuse(q, BAD_INPUT, "q", "q 和 parent 只能用一个", "give q or parent, not both");
    struct place place;
    if (parent_code != 0 && !places_find(parent_code, &place))
        return refuse(q, NOT_FOUND, "parent", "没有这个地区", "there is no such place");
    /* One more than asked says whether there is a next page. */
    size_t limit = (size_t)query->limit;
    struct place *places = arena_new(q->arena, struct place, limit + 1);
    size_t count = query->q.length > 0
                       ? places_by_name((struct places_search){query->q, (int)query->level,
                                                               after_code, limit + 1},
                                        places)
                       : places_children(parent_code, after_code, limit + 1, places);
    reply->items = cards_of(q->arena, places, count > limit ? limit : count);
    if (count > limit) reply->next = reply->items.items[limit - 1].code;
    return NULL;
}

static refusal get_place(struct request *q) {
    const struct places_path *path = q->path;
    struct places_detail *reply = q->reply;
    int64_t code;
    struct place place;
    if (!places_read_code(path->code, &code) || !places_find(code, &place))
        return refuse(q, NOT_FOUND, "code", "没有这个地区", "there is no such place");
    struct place above[PLACE_VILLAGE];
    struct places_card card = card_of(q->arena, &place);
    *reply = (struct places_detail){
        .code = card.code,
        .name = card.name,
        .level = card.level,
        .parent_code = card.parent_code,
        .ancestors = cards_of(q->arena, above, places_ancestors(code, above)),
    };
    return NULL;
}

static const struct route doors[] = {
    {GET, "/api/places", PUBLIC, "Places below a place, or by the beginning of their name",
     .query = &places_query_shape, .reply = &places_card_page_shape, .handle = get_places},
    {GET, "/api/places/{code}", PUBLIC, "One place with those above it", .path = &places_path_shape,
     .reply = &places_detail_shape, .handle = get_place},
};

const struct room places_room = {
    .name = "places",
    .routes = ROOM_LIST(doors),
};
