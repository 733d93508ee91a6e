#include "ground/places/places.h"

#include <assert.h>
#include <string.h>

#include "ground/places/table.h"
#include "kernel/base/embed.h"

SHAPE_DEFINE(places_origin, PLACES_ORIGIN_FIELDS);

/* ---- the table ---- */

struct table {
    const unsigned char *bytes;
    const struct places_header *header;
};

/* A row of one level; level 0 is the country. */
struct row {
    int level;
    uint32_t index;
};

struct range {
    uint32_t from;
    uint32_t to;
};

enum { CODE_DIGITS = 12 };

/* A row's stored code times its level's unit is its code of twelve digits. */
static const int64_t level_unit[PLACES_LEVELS + 1] = {1000000000000, 10000000000, 100000000,
                                                      1000000,       1000,        1};

static struct table table_open(void) {
    const struct embed_file *file = embed_find("places.bin");
    assert(file && file->length > sizeof(struct places_header));
    struct table table = {file->bytes, (const struct places_header *)(const void *)file->bytes};
    assert(memcmp(table.header->magic, PLACES_TABLE_MAGIC, sizeof(table.header->magic)) == 0);
    return table;
}

static uint32_t read_u32(const struct table *table, uint32_t at, uint32_t index) {
    uint32_t value;
    memcpy(&value, table->bytes + at + (size_t)index * sizeof(value), sizeof(value));
    return value;
}

static uint32_t row_count(const struct table *table, int level) {
    return level == 0 ? 1 : table->header->count[level - 1];
}

/* The digits that a row stores. */
static uint32_t row_digits(const struct table *table, struct row row) {
    uint32_t at = table->header->codes_at[row.level - 1];
    if (row.level < PLACES_LEVELS) return read_u32(table, at, row.index);
    uint16_t digits;
    memcpy(&digits, table->bytes + at + (size_t)row.index * sizeof(digits), sizeof(digits));
    return digits;
}

static uint32_t row_name_at(const struct table *table, struct row row) {
    uint32_t at = table->header->names_at[row.level - 1];
    if (row.level < PLACES_LEVELS) return read_u32(table, at, row.index);
    const unsigned char *three = table->bytes + at + (size_t)row.index * PLACES_VILLAGE_NAME_BYTES;
    return (uint32_t)three[0] | (uint32_t)three[1] << 8 | (uint32_t)three[2] << 16;
}

static struct text row_name(const struct table *table, struct row row) {
    const unsigned char *name = table->bytes + table->header->blob_at + row_name_at(table, row);
    return text_of((const char *)name);
}

/* The rows right below ROW, all of its next level. */
static struct range rows_below(const struct table *table, struct row row) {
    if (row.level == 0) return (struct range){0, row_count(table, 1)};
    if (row.level == PLACES_LEVELS) return (struct range){0, 0};
    uint32_t at = table->header->children_at[row.level - 1];
    return (struct range){read_u32(table, at, row.index), read_u32(table, at, row.index + 1)};
}

/* The row above: the last one whose rows below begin at or before ROW, by halving. */
static struct row row_above(const struct table *table, struct row row) {
    assert(row.level > 0);
    if (row.level == 1) return (struct row){0};
    uint32_t at = table->header->children_at[row.level - 2];
    uint32_t low = 0;
    uint32_t high = row_count(table, row.level - 1);
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (read_u32(table, at, middle) <= row.index)
            low = middle;
        else
            high = middle;
    }
    return (struct row){row.level - 1, low};
}

static int64_t row_code(const struct table *table, struct row row) {
    if (row.level == 0) return 0;
    int64_t code = row_digits(table, row) * level_unit[row.level];
    if (row.level == PLACES_LEVELS) code += row_code(table, row_above(table, row));
    return code;
}

/* A city without counties has one county row of the city's own code, so that each level hangs on
 * the next. It is not a place of its own. */
static bool row_is_hidden(const struct table *table, struct row row) {
    return row.level == PLACE_COUNTY && row_digits(table, row) % 100 == 0;
}

static int level_by_digits(int64_t code) {
    for (int level = 0; level < PLACES_LEVELS; level++)
        if (code % level_unit[level] == 0) return level;
    return PLACES_LEVELS;
}

/* The row in RANGE of LEVEL with these stored digits. */
static bool find_digits(const struct table *table, int level, struct range range, uint32_t digits,
                        struct row *ret_row) {
    while (range.from < range.to) {
        struct row middle = {level, range.from + (range.to - range.from) / 2};
        uint32_t found = row_digits(table, middle);
        if (found == digits) {
            *ret_row = middle;
            return true;
        }
        if (found < digits)
            range.from = middle.index + 1;
        else
            range.to = middle.index;
    }
    return false;
}

static bool find_row(const struct table *table, int64_t code, struct row *ret_row) {
    if (code <= 0 || code >= level_unit[0]) return false;
    int level = level_by_digits(code);
    int upper = level < PLACES_LEVELS ? level : PLACES_LEVELS - 1;
    struct range all = {0, row_count(table, upper)};
    struct row row;
    if (!find_digits(table, upper, all, (uint32_t)(code / level_unit[upper]), &row)) return false;
    if (level == PLACES_LEVELS &&
        !find_digits(table, level, rows_below(table, row),
                     (uint32_t)(code % level_unit[PLACES_LEVELS - 1]), &row))
        return false;
    *ret_row = row;
    return true;
}

static struct row visible_above(const struct table *table, struct row row) {
    struct row above = row_above(table, row);
    return above.level && row_is_hidden(table, above) ? row_above(table, above) : above;
}

static struct place place_of(const struct table *table, struct row row) {
    return (struct place){
        .code = row_code(table, row),
        .parent_code = row_code(table, visible_above(table, row)),
        .level = (enum place_level)row.level,
        .name = row_name(table, row),
    };
}

/* ---- look-ups ---- */

bool places_find(int64_t code, struct place *ret_place) {
    struct table table = table_open();
    struct row row;
    if (!find_row(&table, code, &row)) return false;
    *ret_place = place_of(&table, row);
    return true;
}

size_t places_children(int64_t parent_code, int64_t after_code, size_t limit,
                       struct place *ret_places) {
    struct table table = table_open();
    struct row parent = {0};
    if (parent_code != 0 && !find_row(&table, parent_code, &parent)) return 0;
    struct range range = rows_below(&table, parent);
    int level = parent.level + 1;
    struct row first = {level, range.from};
    if (range.from < range.to && row_is_hidden(&table, first)) {
        range = rows_below(&table, first);
        level++;
    }
    size_t count = 0;
    for (uint32_t i = range.from; i < range.to && count < limit; i++) {
        struct place place = place_of(&table, (struct row){level, i});
        if (place.code > after_code) ret_places[count++] = place;
    }
    return count;
}

size_t places_ancestors(int64_t code, struct place *ret_places) {
    struct table table = table_open();
    struct row row;
    if (!find_row(&table, code, &row)) return 0;
    struct row above[PLACES_LEVELS];
    size_t count = 0;
    for (row = visible_above(&table, row); row.level > 0; row = visible_above(&table, row))
        above[count++] = row;
    for (size_t i = 0; i < count; i++) ret_places[i] = place_of(&table, above[count - 1 - i]);
    return count;
}

size_t places_count(enum place_level level) {
    struct table table = table_open();
    return row_count(&table, (int)level);
}

/* The offset of the first name in the sorted blob that is not below PREFIX; past all names that
 * begin with PREFIX when BEHIND. Names end in NUL, so any byte of the blob leads to the start of
 * its name. */
static uint32_t blob_bound(const struct table *table, struct text prefix, bool behind) {
    const char *blob = (const char *)table->bytes + table->header->blob_at;
    uint32_t low = 0;
    uint32_t high = table->header->blob_bytes;
    while (low < high) {
        uint32_t start = low + (high - low) / 2;
        while (start > low && blob[start - 1] != '\0') start--;
        int order = strncmp(blob + start, prefix.bytes, prefix.length);
        if (order < 0 || (behind && order == 0))
            low = start + (uint32_t)strlen(blob + start) + 1;
        else
            high = start;
    }
    return low;
}

static struct range blob_range(const struct table *table, struct text prefix) {
    return (struct range){blob_bound(table, prefix, false), blob_bound(table, prefix, true)};
}

static bool in_range(struct range range, uint32_t at) { return at >= range.from && at < range.to; }

/* Moves ROW on to the next row of its level whose name lies in NAMES, itself included. The loop
 * runs over 620,000 villages, so it is kept to a load and a comparison a row. */
static bool next_named(const struct table *table, struct range names, struct row *row) {
    uint32_t at = table->header->names_at[row->level - 1];
    uint32_t stride = row->level < PLACES_LEVELS ? sizeof(uint32_t) : PLACES_VILLAGE_NAME_BYTES;
    uint32_t mask = row->level < PLACES_LEVELS ? UINT32_MAX : UINT32_MAX >> 8;
    uint32_t rows = row_count(table, row->level);
    /* A village's three bytes are read as four: behind the last one the names begin. */
    const unsigned char *name = table->bytes + at + (size_t)row->index * stride;
    for (; row->index < rows; row->index++, name += stride) {
        uint32_t name_at;
        memcpy(&name_at, name, sizeof(name_at));
        if ((name_at & mask) - names.from < names.to - names.from) return true;
    }
    return false;
}

size_t places_by_name(struct places_search search, struct place *ret_places) {
    struct table table = table_open();
    struct range names = blob_range(&table, search.prefix);
    struct row after = {0};
    if (names.from == names.to) return 0;
    if (search.after_code != 0 && !find_row(&table, search.after_code, &after)) return 0;
    size_t count = 0;
    int last = search.level ? search.level : PLACES_LEVELS;
    for (int level = search.level ? search.level : 1; level <= last; level++) {
        if (level < after.level) continue;
        struct row row = {level, level == after.level ? after.index + 1 : 0};
        while (count < search.limit && next_named(&table, names, &row)) {
            if (!row_is_hidden(&table, row)) ret_places[count++] = place_of(&table, row);
            row.index++;
        }
    }
    return count;
}

/* ---- names ---- */

/* NAME without the first of SUFFIXES that it ends in. */
static struct text without(struct text name, const char *const *suffixes) {
    for (; *suffixes; suffixes++)
        if (text_ends(name, text_of(*suffixes)))
            return text_slice(name, 0, name.length - strlen(*suffixes));
    return name;
}

static struct text short_village(struct text name) {
    static const char *const village[] = {"民委员会", "委会", NULL};
    static const char *const street[] = {"居民委员会", "居委会", NULL};
    if (text_ends(name, TEXT("村民委员会")) || text_ends(name, TEXT("村委会"))) {
        /* "李庄村村委会" is the committee of 李庄村. */
        struct text rest = without(name, village);
        return text_ends(rest, TEXT("村村")) ? text_slice(rest, 0, rest.length - 3) : rest;
    }
    struct text rest = without(name, street);
    /* "第一居委会" says nothing without its committee. */
    return text_characters(rest) < 2 || text_starts(rest, TEXT("第")) ? name : rest;
}

struct text places_short_name(const struct place *place) {
    static const char *const province[] = {"维吾尔自治区", "壮族自治区", "回族自治区", "自治区",
                                           "特别行政区",   "省",         "市",         NULL};
    if (place->level == PLACE_PROVINCE) return without(place->name, province);
    if (place->level == PLACE_VILLAGE) return short_village(place->name);
    return place->name;
}

static bool name_is_filler(struct text name) {
    return text_is(name, "市辖区") || text_is(name, "县") || text_is(name, "省直辖县级行政区划") ||
           text_is(name, "自治区直辖县级行政区划");
}

bool places_is_filler(const struct place *place) {
    return place->level < PLACE_TOWN && name_is_filler(place->name);
}

bool places_read_code(struct text digits, int64_t *ret_code) {
    int64_t code = 0;
    size_t length = digits.length;
    if (length != 2 && length != 4 && length != 6 && length != 9 && length != CODE_DIGITS)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (digits.bytes[i] < '0' || digits.bytes[i] > '9') return false;
        code = code * 10 + (digits.bytes[i] - '0');
    }
    for (size_t i = length; i < CODE_DIGITS; i++) code *= 10;
    *ret_code = code;
    return true;
}

struct text places_code_text(struct arena *arena, int64_t code) {
    return text_format(arena, "%012lld", (long long)code);
}

int64_t places_last_code(int64_t code) {
    if (code == 0) return PLACES_LAST_CODE;
    return code + level_unit[level_by_digits(code)] - 1;
}

/* The place itself behind its ancestors; returns how many. */
static size_t chain_of(int64_t code, struct place *ret_chain) {
    size_t count = places_ancestors(code, ret_chain);
    return places_find(code, &ret_chain[count]) ? count + 1 : 0;
}

/* "隰县·上庄村"; a county stands with its province ("山西·隰县"), a province alone. */
static struct text origin_short_name(struct arena *arena, const struct place *chain, size_t count) {
    const struct place *last = &chain[count - 1];
    const struct place *above = &chain[0];
    for (size_t i = 0; i + 1 < count; i++)
        if (last->level >= PLACE_TOWN && chain[i].level <= PLACE_COUNTY &&
            !places_is_filler(&chain[i]))
            above = &chain[i];
    struct text name = places_short_name(last);
    if (above == last || places_is_filler(last)) return places_short_name(above);
    struct text upper = places_short_name(above);
    return text_format(arena, "%.*s·%.*s", (int)upper.length, upper.bytes, (int)name.length,
                       name.bytes);
}

struct places_origin places_origin_of(struct arena *arena, int64_t code) {
    struct place chain[PLACES_LEVELS];
    struct text names[PLACES_LEVELS + 1] = {{0}};
    size_t count = chain_of(code, chain);
    for (size_t i = 0; i < count; i++)
        if (!places_is_filler(&chain[i]))
            names[chain[i].level] =
                chain[i].level == PLACE_VILLAGE ? places_short_name(&chain[i]) : chain[i].name;
    return (struct places_origin){
        .place_code = places_code_text(arena, code),
        .province = names[PLACE_PROVINCE],
        .city = names[PLACE_CITY],
        .county = names[PLACE_COUNTY],
        .town = names[PLACE_TOWN],
        .village = names[PLACE_VILLAGE],
        .short_name = count > 0 ? origin_short_name(arena, chain, count) : TEXT(""),
    };
}

struct text_list places_names(struct arena *arena, int64_t code) {
    struct place chain[PLACES_LEVELS];
    size_t count = chain_of(code, chain);
    struct text_list names = {arena_new(arena, struct text, PLACES_LEVELS), 0};
    for (size_t i = 0; i < count; i++)
        if (!places_is_filler(&chain[i]))
            names.items[names.count++] =
                chain[i].level == PLACE_VILLAGE ? places_short_name(&chain[i]) : chain[i].name;
    return names;
}

/* ---- an address in pasted text ---- */

/* A way down the table that the text spells: its last row, where it ends, and how many bytes of it
 * were names. */
struct chain {
    struct row row;
    size_t to;
    size_t named_bytes;
};

struct parse {
    struct table table;
    struct text text;
};

static bool follows(struct text text, size_t at, const char *const *words) {
    for (; *words; words++)
        if (text_starts(text_slice(text, at, text.length), text_of(*words))) return true;
    return false;
}

static size_t skip_separators(struct text text, size_t at) {
    static const char *const separators[] = {" ",  ",",  "，", "、", "-", "/", "·",
                                             "　", "\t", "\n", "|",  ">", NULL};
    while (at < text.length && follows(text, at, separators)) text_next(text, &at);
    return at;
}

/* "湘西土家族苗族" -> "湘西". */
static struct text without_peoples(struct text name) {
    static const char *const peoples[] = {
        "蒙古族",   "回族",   "藏族",   "苗族",     "彝族",     "壮族",   "布依族", "朝鲜族",
        "满族",     "侗族",   "瑶族",   "白族",     "土家族",   "哈尼族", "傣族",   "黎族",
        "傈僳族",   "佤族",   "畲族",   "拉祜族",   "水族",     "东乡族", "纳西族", "景颇族",
        "达斡尔族", "仫佬族", "羌族",   "布朗族",   "撒拉族",   "毛南族", "仡佬族", "普米族",
        "怒族",     "保安族", "裕固族", "独龙族",   "哈萨克族", "土族",   "各族",   "蒙古",
        "哈萨克",   "塔吉克", "锡伯",   "柯尔克孜", NULL};
    for (;;) {
        struct text rest = without(name, peoples);
        if (rest.length == name.length || text_characters(rest) < 2) return name;
        name = rest;
    }
}

/* What people leave of a name: "临汾市" -> "临汾", "石柱土家族自治县" -> "石柱"; empty when nothing
 * is left that could be told from other words. */
static struct text stem_of(struct text name, int level) {
    static const char *const city[] = {"自治州", "地区", "市", "盟", NULL};
    static const char *const county[] = {"自治县", "自治旗", "林区", "特区", "县",
                                         "市",     "旗",     "区",   NULL};
    struct text stem = name;
    if (level == PLACE_PROVINCE)
        stem = places_short_name(&(struct place){.level = PLACE_PROVINCE, .name = name});
    else if (level == PLACE_CITY)
        stem = without_peoples(without(name, city));
    else if (level == PLACE_COUNTY)
        stem = without_peoples(without(name, county));
    return stem.length == name.length || text_characters(stem) < 2 ? TEXT("") : stem;
}

/* The bytes at AT that are NAME or its stem with a kind behind it ("石柱县"), 0 when they are
 * neither. A bare stem counts when BARE allows it and no word follows that makes it a street
 * ("北京路") or a place of another level. */
static size_t match_name(struct text text, size_t at, struct text name, int level, bool bare) {
    static const char *const kinds[][5] = {
        [PLACE_PROVINCE] = {"省", "自治区", "特别行政区", NULL},
        [PLACE_CITY] = {"市", "州", "盟", "地区", NULL},
        [PLACE_COUNTY] = {"县", "市", "区", "旗", NULL},
    };
    static const char *const others[] = {"省", "市", "县", "区", "州", "旗", "镇", "乡",
                                         "村", "路", "街", "道", "大", "巷", "里", NULL};
    struct text rest = text_slice(text, at, text.length);
    if (text_starts(rest, name)) {
        struct text office = TEXT("办事处");
        bool with_office =
            level == PLACE_TOWN && text_starts(text_slice(rest, name.length, rest.length), office);
        return text_characters(name) < 2 ? 0 : name.length + (with_office ? office.length : 0);
    }
    struct text stem = stem_of(name, level);
    if (stem.length == 0 || !text_starts(rest, stem)) return 0;
    for (const char *const *kind = kinds[level]; *kind; kind++)
        if (text_starts(text_slice(rest, stem.length, rest.length), text_of(*kind)))
            return stem.length + strlen(*kind);
    return bare && !follows(rest, stem.length, others) ? stem.length : 0;
}

static void extend(const struct parse *parse, struct chain chain, struct chain *best);

/* Goes on with each row of RANGE that the text names behind CHAIN. */
static void extend_into(const struct parse *parse, struct chain chain, int level,
                        struct range range, struct chain *best) {
    size_t at = skip_separators(parse->text, chain.to);
    for (uint32_t i = range.from; i < range.to; i++) {
        struct row row = {level, i};
        size_t bytes = match_name(parse->text, at, row_name(&parse->table, row), level, true);
        if (bytes > 0)
            extend(parse, (struct chain){row, at + bytes, chain.named_bytes + bytes}, best);
    }
}

/* Puts the longest continuation of CHAIN into *BEST. The level right below may be left out:
 * counties are named behind their province, and towns behind a city without counties. */
static void extend(const struct parse *parse, struct chain chain, struct chain *best) {
    if (chain.named_bytes > best->named_bytes) *best = chain;
    if (chain.row.level >= PLACE_TOWN) return;
    struct range below = rows_below(&parse->table, chain.row);
    extend_into(parse, chain, chain.row.level + 1, below, best);
    if (chain.row.level + 2 > PLACE_TOWN || below.from == below.to) return;
    struct row first = {chain.row.level + 1, below.from};
    struct row last = {chain.row.level + 1, below.to - 1};
    struct range lower = {rows_below(&parse->table, first).from,
                          rows_below(&parse->table, last).to};
    extend_into(parse, chain, chain.row.level + 2, lower, best);
}

/* "北京市北京市朝阳区": forms that have a field a level write a municipality twice. */
static size_t skip_repeat(const struct parse *parse, struct text name, size_t to) {
    size_t at = skip_separators(parse->text, to);
    size_t bytes = match_name(parse->text, at, name, PLACE_PROVINCE, false);
    return bytes > 0 ? at + bytes : to;
}

/* The longest chain that begins with ROW at AT; named_bytes 0 when the text does not name ROW
 * there. */
static struct chain chain_from(const struct parse *parse, struct row row, size_t at) {
    struct chain best = {0};
    struct text name = row_name(&parse->table, row);
    if (row_is_hidden(&parse->table, row) || name_is_filler(name)) return best;
    size_t bytes = match_name(parse->text, at, name, row.level, row.level < PLACE_COUNTY);
    if (bytes == 0) return best;
    size_t to = at + bytes;
    if (row.level == PLACE_PROVINCE) to = skip_repeat(parse, name, to);
    extend(parse, (struct chain){row, to, bytes}, &best);
    return best;
}

/* Names below a province are alike in many places, so a match that another place has as well is
 * said to be unsure, and so is a lone stem ("长春" may be a person). */
static void consider(const struct parse *parse, struct row row, size_t at, size_t *named_bytes,
                     struct places_parsed *parsed) {
    struct chain chain = chain_from(parse, row, at);
    if (chain.named_bytes == 0 || chain.named_bytes < *named_bytes) return;
    int64_t code = row_code(&parse->table, chain.row);
    if (chain.named_bytes == *named_bytes) {
        parsed->is_unsure = parsed->is_unsure || code != parsed->code;
        return;
    }
    bool is_lone_stem =
        chain.row.level == row.level &&
        !text_starts(text_slice(parse->text, at, parse->text.length), row_name(&parse->table, row));
    *named_bytes = chain.named_bytes;
    *parsed = (struct places_parsed){code, at, chain.to, is_lone_stem};
}

struct places_parsed places_parse(struct text text) {
    struct parse parse = {table_open(), text};
    struct places_parsed parsed = {0};
    size_t named_bytes = 0;
    for (size_t at = 0, next = 0; at < text.length; at = next) {
        text_next(text, &next);
        /* Every name has two characters or more, so two find the few rows worth a look. */
        size_t key_to = next;
        if (key_to >= text.length) break;
        text_next(text, &key_to);
        struct range names = blob_range(&parse.table, text_slice(text, at, key_to));
        if (names.from == names.to) continue;
        for (int level = PLACE_PROVINCE; level <= PLACE_COUNTY; level++)
            for (uint32_t i = 0; i < row_count(&parse.table, level); i++)
                if (in_range(names, row_name_at(&parse.table, (struct row){level, i})))
                    consider(&parse, (struct row){level, i}, at, &named_bytes, &parsed);
    }
    return parsed;
}
