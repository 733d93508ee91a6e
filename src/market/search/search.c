/* Finding goods, suggesting, and keeping the index up with the catalogue. */
#include "market/search/search.h"

#include <assert.h>

#include "ground/audit/audit.h"
#include "ground/jobs/jobs.h"
#include "market/search/inside.h"

SHAPE_ENUM_DEFINE(search_suggestion_kind, SEARCH_SUGGESTION_KINDS);
SHAPE_DEFINE(search_goods_query, SEARCH_GOODS_QUERY_FIELDS);
SHAPE_DEFINE(search_hint, SEARCH_HINT_FIELDS);
SHAPE_DEFINE(search_goods_page, SEARCH_GOODS_PAGE_FIELDS);
SHAPE_DEFINE(search_suggestion, SEARCH_SUGGESTION_FIELDS);
SHAPE_DEFINE_PAGE(search_suggestion);
SHAPE_DEFINE(search_suggestion_query, SEARCH_SUGGESTION_QUERY_FIELDS);
SHAPE_DEFINE(search_popular, SEARCH_POPULAR_FIELDS);

static const char goods_index[] = "goods";

enum { CORRECTIONS = 5, POPULAR_GOODS = 6, REFRESH_GOODS = 30, SUGGESTIONS_OF_A_KIND = 4 };

/* The kinds as the rows hold them, in the order of showing. */
enum { ROW_PLACE = 1, ROW_CATEGORY, ROW_SELLER, ROW_GOODS };

/* ---- GET /api/goods ---- */

static struct catalog_filter filter_of(const struct search_goods_query *query) {
    return (struct catalog_filter){.category_id = query->category,
                                   .section = query->section,
                                   .zone = query->zone,
                                   .seller_id = query->seller,
                                   .place = query->place,
                                   .min_fen = query->min_fen,
                                   .max_fen = query->max_fen,
                                   .in_stock = query->in_stock,
                                   .sort = query->sort,
                                   .limit = query->limit,
                                   .after = query->after};
}

/* Hits come newest first, so a page without further wishes is read off the index. */
static refusal find_newest(struct request *q, const struct catalog_filter *filter,
                           struct text words, struct catalog_card_page *ret_page) {
    struct db_hit hits[LIMIT_LIST_ROWS + 1];
    int64_t ids[LIMIT_LIST_ROWS];
    size_t count;
    struct catalog_key after = {0, 0};
    TRY(catalog_key_read(q, filter->after, &after));
    TRY(db_search_find(q->db, goods_index, words, (struct db_hit){after.id, after.key},
                       (size_t)filter->limit + 1, hits, &count));
    size_t shown = count > (size_t)filter->limit ? (size_t)filter->limit : count;
    for (size_t i = 0; i < shown; i++) ids[i] = hits[i].id;
    TRY(catalog_cards(q, ids, shown, &ret_page->items));
    if (count > shown)
        ret_page->next = catalog_key_write(
            q->arena, (struct catalog_key){hits[shown - 1].rank_key, hits[shown - 1].id});
    return NULL;
}

/* With other wishes the newest CATALOG_AMONG_MAX hits are what is filtered and sorted. */
static refusal find_among(struct request *q, const struct catalog_filter *filter, struct text words,
                          struct catalog_card_page *ret_page) {
    struct db_hit *hits = arena_new(q->arena, struct db_hit, CATALOG_AMONG_MAX);
    int64_t *ids = arena_new(q->arena, int64_t, CATALOG_AMONG_MAX);
    size_t count;
    TRY(db_search_find(q->db, goods_index, words, (struct db_hit){0}, CATALOG_AMONG_MAX, hits,
                       &count));
    for (size_t i = 0; i < count; i++) ids[i] = hits[i].id;
    return count ? catalog_list_among(q, ids, count, filter, ret_page) : NULL;
}

static refusal make_hint(struct request *q, struct text words, struct search_hint *ret_hint) {
    struct catalog_card_page popular = {0};
    struct catalog_filter filter = {.sort = SORT_SOLD, .limit = POPULAR_GOODS, .in_stock = true};
    TRY(search_near_words(q, words, CORRECTIONS, &ret_hint->corrections));
    TRY(catalog_list(q, &filter, &popular));
    ret_hint->popular = popular.items;
    return NULL;
}

refusal search_get_goods(struct request *q) {
    const struct search_goods_query *query = q->query;
    struct search_goods_page *reply = q->reply;
    struct catalog_filter filter = filter_of(query);
    struct text words = text_trim(query->q);
    struct catalog_card_page page = {0};
    if (words.length == 0)
        TRY(catalog_list(q, &filter, &page));
    else if (filter.sort == SORT_NEWEST && catalog_filter_is_open(&filter))
        TRY(find_newest(q, &filter, words, &page));
    else
        TRY(find_among(q, &filter, words, &page));
    reply->items = page.items;
    reply->next = page.next;
    if (words.length && page.items.count == 0 && filter.after.length == 0)
        return make_hint(q, words, &reply->hint);
    return NULL;
}

/* ---- GET /api/suggestions ---- */

#define SUGGESTION_ROW_FIELDS(F, S)                                                                \
    F(S, INT, kind)                                                                                \
    F(S, ID, target_id)                                                                            \
    F(S, TEXT, words)
SHAPE_DECLARE(suggestion_row, SUGGESTION_ROW_FIELDS);
SHAPE_DEFINE(suggestion_row, SUGGESTION_ROW_FIELDS);

static enum search_suggestion_kind shown_kind(int64_t kind) {
    switch (kind) {
    case ROW_PLACE: return SUGGEST_PLACE;
    case ROW_CATEGORY: return SUGGEST_CATEGORY;
    case ROW_SELLER: return SUGGEST_SELLER;
    default: return SUGGEST_GOODS;
    }
}

static void suggest(struct search_suggestion_list *list, size_t count_max,
                    struct search_suggestion suggestion) {
    if (list->count >= count_max) return;
    for (size_t i = 0; i < list->count; i++)
        if (text_equal(list->items[i].text, suggestion.text) &&
            list->items[i].kind == suggestion.kind)
            return;
    list->items[list->count++] = suggestion;
}

#define OF_KIND(kind)                                                                              \
    "SELECT * FROM (SELECT kind, target_id, words FROM search_suggestion WHERE kind = " kind       \
    " AND folded >= $1 AND folded < $2 ORDER BY folded, target_id LIMIT $3) AS kind_" kind

static refusal suggest_by_beginning(struct request *q, struct text query, size_t count_max,
                                    struct search_suggestion_list *list) {
    struct suggestion_row_list rows;
    /* The highest code point behind the query ends the range of what begins with it. */
    struct text end = text_format(q->arena, "%.*s\xF4\x8F\xBF\xBF", (int)query.length, query.bytes);
    TRY(db_rows(q->db,
                SQL("tti", OF_KIND("1") " UNION ALL " OF_KIND("2") " UNION ALL " OF_KIND(
                               "3") " UNION ALL " OF_KIND("4") " ORDER BY 1"),
                PARAMS(query, end, (int64_t)SUGGESTIONS_OF_A_KIND), &suggestion_row_shape, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        const struct suggestion_row *row = &rows.items[i];
        suggest(list, count_max,
                (struct search_suggestion){row->words, shown_kind(row->kind), row->target_id});
    }
    return NULL;
}

/* Words in the middle of a title: what the index finds. */
static refusal suggest_by_words(struct request *q, struct text query, size_t count_max,
                                struct search_suggestion_list *list) {
    struct db_hit hits[20];
    int64_t ids[20];
    size_t count;
    struct catalog_card_list cards;
    TRY(db_search_find(q->db, goods_index, query, (struct db_hit){0}, 20, hits, &count));
    for (size_t i = 0; i < count; i++) ids[i] = hits[i].id;
    TRY(catalog_cards(q, ids, count, &cards));
    for (size_t i = 0; i < cards.count; i++)
        suggest(list, count_max,
                (struct search_suggestion){cards.items[i].title, SUGGEST_GOODS, cards.items[i].id});
    return NULL;
}

static refusal read_popular(struct request *q, struct search_suggestion_list *ret_list) {
    return db_rows(q->db,
                   SQL("i", "SELECT word AS text, 'goods' AS kind FROM search_popular "
                            "ORDER BY sort_order, word LIMIT $1"),
                   PARAMS((int64_t)SEARCH_POPULAR_MAX), &search_suggestion_shape, ret_list);
}

refusal search_get_suggestions(struct request *q) {
    const struct search_suggestion_query *query = q->query;
    struct search_suggestion_page *reply = q->reply;
    struct text folded = search_fold(q->arena, query->q);
    if (folded.length == 0) return read_popular(q, &reply->items);
    size_t count_max = (size_t)query->limit;
    reply->items.items = arena_new(q->arena, struct search_suggestion, count_max);
    TRY(suggest_by_beginning(q, folded, count_max, &reply->items));
    if (reply->items.count == count_max) return NULL;
    return suggest_by_words(q, folded, count_max, &reply->items);
}

/* ---- popular words ---- */

refusal search_put_popular(struct request *q, const struct text_list *words) {
    assert(words->count <= SEARCH_POPULAR_MAX);
    TRY(db_run(q->db, SQL("", "DELETE FROM search_popular"), NO_PARAMS, NULL));
    for (size_t i = 0; i < words->count; i++) {
        struct text word = text_trim(words->items[i]);
        const char *field = text_terminated(q->arena, text_format(q->arena, "words[%zu]", i));
        int64_t added;
        if (word.length == 0 || text_characters(word) > 12)
            return refuse(q, BAD_INPUT, field, "1 到 12 个字", "1 to 12 characters");
        TRY(db_run(q->db,
                   SQL("ti", "INSERT INTO search_popular (word, sort_order) VALUES ($1, $2) "
                             "ON CONFLICT DO NOTHING"),
                   PARAMS(word, (int64_t)i), &added));
        if (added == 0)
            return refuse(q, BAD_INPUT, field, "这个词写了两次", "this word stands twice");
    }
    request_changed(q, 0);
    return NULL;
}

/* The words as they are kept. */
static struct text_list trimmed(struct arena *arena, const struct text_list *words) {
    struct text_list kept = {arena_new(arena, struct text, words->count), words->count};
    for (size_t i = 0; i < words->count; i++) kept.items[i] = text_trim(words->items[i]);
    return kept;
}

refusal search_put_popular_door(struct request *q) {
    const struct search_popular *draft = q->body;
    struct search_popular *reply = q->reply;
    if (!request_reaches(q, PERMISSION_operate, (struct owner){0}))
        return refuse(q, NOT_FOUND, "", "没有找到", "not found");
    TRY(search_put_popular(q, &draft->words));
    reply->words = trimmed(q->arena, &draft->words);
    struct buffer after = buffer_make(q->arena, LIMIT_BODY_BYTES);
    shape_write_json(&search_popular_shape, &after, reply);
    return audit_write(q, &(struct audit_act){.action = "search.popular",
                                              .subject = "search",
                                              .after = buffer_text(&after)});
}

/* ---- keeping up with the catalogue ---- */

static refusal put_suggestion(struct request *q, int64_t target_id, int64_t kind,
                              struct text words) {
    return db_run(q->db,
                  SQL("iitt", "INSERT INTO search_suggestion (target_id, kind, folded, words) "
                              "VALUES ($1, $2, $3, $4) ON CONFLICT (target_id, kind) DO UPDATE SET "
                              "folded = excluded.folded, words = excluded.words"),
                  PARAMS(target_id, kind, search_fold(q->arena, words), words), NULL);
}

/* The county and the place itself: what one may look for that has goods. */
static refusal put_places(struct request *q, int64_t place_code) {
    struct place county;
    struct place place;
    if (!places_find(place_code, &place)) return NULL;
    int64_t county_code = place_code / 1000000 * 1000000;
    if (!places_find(county_code, &county)) county = place;
    struct text name = places_short_name(&place);
    return db_run(q->db,
                  SQL("ittitt", "INSERT INTO search_suggestion (target_id, kind, folded, words) "
                                "VALUES ($1, 1, $2, $3), ($4, 1, $5, $6) ON CONFLICT DO NOTHING"),
                  PARAMS(county.code, search_fold(q->arena, county.name), county.name, place.code,
                         search_fold(q->arena, name), name),
                  NULL);
}

static struct text join(struct arena *arena, const struct text_list *words) {
    struct buffer joined = buffer_make(arena, 4096);
    for (size_t i = 0; i < words->count; i++) {
        if (i) buffer_add_char(&joined, '\x1e');
        buffer_add_text(&joined, words->items[i]);
    }
    assert(!joined.overflowed);
    return buffer_text(&joined);
}

#define GOODS_WORDS_FIELDS(F, S) F(S, TEXTS, words)
SHAPE_DECLARE(goods_words, GOODS_WORDS_FIELDS);
SHAPE_DEFINE(goods_words, GOODS_WORDS_FIELDS);

/* Takes back the words that the goods gave before and gives those that it has now. */
static refusal change_words(struct request *q, int64_t goods_id, const struct text_list *words) {
    struct goods_words old = {0};
    struct text joined = join(q->arena, words);
    bool found;
    TRY(db_row(q->db, SQL("i", "SELECT words FROM search_goods WHERE goods_id = $1"),
               PARAMS(goods_id), &goods_words_shape, &old, &found));
    if (text_equal(join(q->arena, &old.words), joined)) return NULL;
    for (size_t i = 0; i < old.words.count; i++) TRY(search_use_word(q, old.words.items[i], -1));
    for (size_t i = 0; i < words->count; i++) TRY(search_use_word(q, words->items[i], 1));
    return db_run(q->db,
                  SQL("it", "INSERT INTO search_goods (goods_id, words) VALUES ($1, $2) "
                            "ON CONFLICT (goods_id) DO UPDATE SET words = excluded.words"),
                  PARAMS(goods_id, joined), NULL);
}

/* What one may look for it by: its title, who sells it, what kind of thing it is and where it comes
 * from. */
static struct text index_words(struct arena *arena, const struct catalog_goods_change *change) {
    struct places_origin origin = places_origin_of(arena, change->place_code);
    const struct text parts[] = {change->title,  change->seller_name, change->category_name,
                                 origin.city,    origin.county,       origin.town,
                                 origin.village, origin.province};
    struct buffer words = buffer_make(arena, 2048);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        buffer_add_char(&words, ' ');
        buffer_add_text(&words, parts[i]);
    }
    assert(!words.overflowed);
    return buffer_text(&words);
}

refusal search_hear_goods(struct request *q, const void *data) {
    const struct catalog_goods_change *change = data;
    if (!change->on_sale) {
        TRY(db_search_put(q->db, goods_index, change->goods_id, change->listed_at.ms, TEXT("")));
        TRY(db_run(q->db,
                   SQL("ii", "DELETE FROM search_suggestion WHERE target_id = $1 AND kind = $2"),
                   PARAMS(change->goods_id, (int64_t)ROW_GOODS), NULL));
        return change_words(q, change->goods_id, &(struct text_list){0});
    }
    struct text_list words = search_title_words(q->arena, change->title, change->place_code);
    TRY(db_search_put(q->db, goods_index, change->goods_id, change->listed_at.ms,
                      index_words(q->arena, change)));
    TRY(put_suggestion(q, change->goods_id, ROW_GOODS, change->title));
    TRY(put_places(q, change->place_code));
    return change_words(q, change->goods_id, &words);
}

static refusal hear_name(struct request *q, int64_t kind, const struct catalog_name *name) {
    struct text old;
    bool found;
    TRY(db_text(q->db,
                SQL("ii", "SELECT words FROM search_suggestion WHERE target_id = $1 AND kind = $2"),
                PARAMS(name->id, kind), &old, &found));
    if (found) TRY(search_use_word(q, old, -1));
    TRY(search_use_word(q, name->name, 1));
    TRY(put_suggestion(q, name->id, kind, name->name));
    /* The index holds the name with each goods: it is made anew in pieces, each a job. */
    return name->renamed ? jobs_ask(q, "search.refresh", 1, TEXT(""), q->now) : NULL;
}

refusal search_hear_seller(struct request *q, const void *data) {
    return hear_name(q, ROW_SELLER, data);
}

refusal search_hear_category(struct request *q, const void *data) {
    return hear_name(q, ROW_CATEGORY, data);
}

refusal search_refresh(struct request *q, int64_t after_goods_id, struct text text) {
    (void)text;
    struct catalog_goods_change_list changes;
    TRY(catalog_goods_changes(q, after_goods_id, REFRESH_GOODS, &changes));
    for (size_t i = 0; i < changes.count; i++)
        if (changes.items[i].on_sale)
            TRY(db_search_put(q->db, goods_index, changes.items[i].goods_id,
                              changes.items[i].listed_at.ms,
                              index_words(q->arena, &changes.items[i])));
    if (changes.count < REFRESH_GOODS) return NULL;
    return jobs_ask(q, "search.refresh", changes.items[changes.count - 1].goods_id, TEXT(""),
                    q->now);
}
