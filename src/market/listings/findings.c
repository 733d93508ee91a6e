/* What the house notices by itself in a draft: words that the advertising law does not like, food
 * without its licence, a price far from its like, an origin that says little, a return that is
 * excluded without a reason. */
#include "ground/audit/audit.h"
#include "kernel/base/licence.h"
#include "market/listings/inside.h"

SHAPE_ENUM_DEFINE(listings_level, LISTINGS_LEVELS);
SHAPE_DEFINE(listings_finding, LISTINGS_FINDING_FIELDS);
SHAPE_DEFINE(listings_words, LISTINGS_WORDS_FIELDS);

/* ---- the words ---- */

#define WORDS_ROW_FIELDS(F, S)                                                                     \
    F(S, ENUM, level, listings_level)                                                              \
    F(S, TEXTS, words)
SHAPE_DECLARE(listings_words_row, WORDS_ROW_FIELDS);
SHAPE_DEFINE(listings_words_row, WORDS_ROW_FIELDS);

refusal listings_read_words(struct request *q, struct listings_words *ret_words) {
    struct listings_words_row_list rows;
    struct listings_words words = {0};
    TRY(db_rows(q->db, SQL("", "SELECT level, words FROM listings_words ORDER BY level LIMIT 2"),
                NO_PARAMS, &listings_words_row_shape, &rows));
    for (size_t i = 0; i < rows.count; i++)
        *(rows.items[i].level == LISTINGS_STOP ? &words.stop : &words.look) = rows.items[i].words;
    *ret_words = words;
    return NULL;
}

static refusal check_words(struct request *q, const char *field, const struct text_list *words) {
    for (size_t i = 0; i < words->count; i++) {
        struct text word = words->items[i];
        size_t characters = text_characters(word);
        if (characters && characters <= 20 && text_trim(word).length == word.length) continue;
        struct text name = text_format(q->arena, "%s[%zu]", field, i);
        return refuse(q, BAD_INPUT, text_terminated(q->arena, name),
                      "一个词 1 到 20 个字，前后不留空",
                      "a word has 1 to 20 characters and no spaces around it");
    }
    return NULL;
}

static refusal write_words(struct request *q, enum listings_level level,
                           const struct text_list *words) {
    struct buffer joined = buffer_make(q->arena, LIMIT_BODY_BYTES);
    for (size_t i = 0; i < words->count; i++) {
        if (i) buffer_add_char(&joined, '\x1e');
        buffer_add_text(&joined, words->items[i]);
    }
    return db_run(q->db,
                  SQL("tt", "INSERT INTO listings_words (level, words) VALUES ($1, $2)"
                            " ON CONFLICT (level) DO UPDATE SET words = excluded.words"),
                  PARAMS(shape_enum_text(&listings_level_enum, level), buffer_text(&joined)), NULL);
}

refusal listings_put_words(struct request *q, const struct listings_words *words) {
    if (!request_reaches(q, PERMISSION_operate, (struct owner){0}))
        return refuse(q, NOT_FOUND, "", "没有找到", "not found");
    TRY(problem_join(q->arena, check_words(q, "stop", &words->stop),
                     check_words(q, "look", &words->look)));
    TRY(write_words(q, LISTINGS_STOP, &words->stop));
    TRY(write_words(q, LISTINGS_LOOK, &words->look));
    return audit_write(
        q, &(struct audit_act){.action = "listings.words",
                               .subject = "listing_words",
                               .after = text_format(q->arena, "{\"stop\":%zu,\"look\":%zu}",
                                                    words->stop.count, words->look.count)});
}

/* ---- looking ---- */

struct search {
    struct arena *arena;
    const struct catalog_goods_draft *goods;
    struct catalog_category_view category;
    struct listings_words words;
    struct listings_found *found;
};

static void find(struct search *search, enum listings_level level, const char *field,
                 const char *zh, const char *en) {
    struct listings_found *found = search->found;
    if (found->count == LISTINGS_FINDINGS_MAX) return;
    found->items[found->count].level = level;
    found->items[found->count].field = field;
    found->items[found->count].zh = text_of(zh);
    found->items[found->count++].en = text_of(en);
}

static void find_words(struct search *search, enum listings_level level, const char *field,
                       struct text where) {
    bool stops = level == LISTINGS_STOP;
    const struct text_list *words = stops ? &search->words.stop : &search->words.look;
    for (size_t i = 0; i < words->count; i++) {
        if (words->items[i].length == 0 || text_find(where, words->items[i], 0) == SIZE_MAX)
            continue;
        const char *word = text_terminated(search->arena, words->items[i]);
        struct text zh = stops ? text_format(search->arena, "不能写“%s”", word)
                               : text_format(search->arena, "“%s”说得满，要能拿出依据", word);
        struct text en = stops ? text_format(search->arena, "\"%s\" may not be said here", word)
                               : text_format(search->arena, "\"%s\": can that be shown?", word);
        find(search, level, field, text_terminated(search->arena, zh),
             text_terminated(search->arena, en));
    }
}

static void look_at_words(struct search *search) {
    const struct catalog_goods_draft *goods = search->goods;
    for (unsigned level = LISTINGS_STOP; level <= LISTINGS_LOOK; level++) {
        find_words(search, level, "goods.title", goods->title);
        find_words(search, level, "goods.summary", goods->summary);
        find_words(search, level, "goods.story", goods->story);
        for (size_t i = 0; i < goods->facts.count; i++)
            find_words(search, level, "goods.facts", goods->facts.items[i].value);
        for (size_t i = 0; i < goods->skus.count; i++)
            find_words(search, level, "goods.skus", goods->skus.items[i].note);
    }
}

/* A draft may wait for its pictures; what customers see may not. */
static void look_at_pictures(struct search *search) {
    if (search->goods->pictures.items[0].length == 0)
        find(search, LISTINGS_STOP, "goods.pictures", "还没有图片，请先传一张",
             "there is no picture yet; please upload one");
}

static void look_at_origin(struct search *search) {
    struct place place;
    if (places_find(search->goods->place_code, &place) && place.level < PLACE_VILLAGE)
        find(search, LISTINGS_LOOK, "goods.place_code", "产地没有写到村",
             "the origin does not say the village");
}

static void look_at_licence(struct search *search) {
    struct text number;
    if (!search->category.processed_food) return;
    for (size_t i = 0; i < search->goods->facts.count; i++)
        if (licence_find_food_maker(search->goods->facts.items[i].value, &number)) return;
    find(search, LISTINGS_STOP, "goods.facts",
         "这是加工食品，请在说明里加一条食品生产许可证号（SC 加 14 位数字）",
         "processed food: add a fact with the maker's licence number (SC and 14 digits)");
}

/* A quarter or four times of what its like costs is more often a slip than a bargain. */
static void look_at_price(struct search *search, struct fen unit_price) {
    enum { LIKE_MIN = 3, FACTOR = 4 };
    int64_t count = search->category.goods_count, sum = search->category.unit_price_sum;
    int64_t own = fen_count(unit_price);
    if (count < LIKE_MIN || own > INT64_MAX / FACTOR / 200) return;
    if (own * FACTOR * count < sum)
        find(search, LISTINGS_LOOK, "goods.skus", "单价比同类低很多，看看是不是少写了一位",
             "far cheaper by the unit than its like: is a digit missing?");
    if (own * count > sum * FACTOR)
        find(search, LISTINGS_LOOK, "goods.skus", "单价比同类高很多，看看是不是多写了一位",
             "far dearer by the unit than its like: is there a digit too many?");
}

static bool says_why(const struct catalog_goods_draft *goods) {
    for (size_t i = 0; i < goods->facts.count; i++)
        if (text_find(goods->facts.items[i].name, TEXT("退"), 0) != SIZE_MAX) return true;
    return false;
}

static void look_at_returns(struct search *search) {
    bool excluded = false, fresh = false;
    for (size_t i = 0; i < search->goods->skus.count; i++) {
        enum catalog_return_policy policy = search->goods->skus.items[i].return_policy;
        fresh |= policy == RETURN_FRESH;
        excluded |= policy != RETURN_SEVEN_DAYS && policy != RETURN_FRESH;
    }
    if (fresh && search->category.processed_food)
        find(search, LISTINGS_LOOK, "goods.skus", "加工食品一般不算鲜活易腐，七天退货不能随便免",
             "processed food is seldom perishable: why no return within seven days?");
    if (excluded && !says_why(search->goods))
        find(search, LISTINGS_LOOK, "goods.skus", "免了七天退货，却没有一条“退换”说明写清为什么",
             "no return within seven days, and no fact says why");
}

refusal listings_find(struct request *q, const struct catalog_goods_draft *goods,
                      struct listings_found *ret_found) {
    struct search search = {.arena = q->arena, .goods = goods, .found = ret_found};
    struct fen unit_price = {0};
    enum quantity_unit unit = UNIT_JIN;
    const struct catalog_sku_draft *first = &goods->skus.items[0];
    bool priced = quantity_unit_price(first->net, first->price_fen, &unit_price, &unit);
    ret_found->count = 0;
    TRY(catalog_view_category(q, goods->category_id, quantity_unit_name(unit), &search.category));
    TRY(listings_read_words(q, &search.words));
    look_at_words(&search);
    look_at_pictures(&search);
    look_at_licence(&search);
    look_at_origin(&search);
    if (priced) look_at_price(&search, unit_price);
    look_at_returns(&search);
    ret_found->category_name = search.category.name;
    return NULL;
}
