/* Places: the national divisions from province to village, looked up in a table inside the binary.
 * Nothing here reads a disk or a database or takes memory that is not the caller's; names point
 * into the table and live as long as the program. A code is a number of twelve digits: 141031000000
 * is 隰县, 0 is the country. */
#ifndef GROUND_PLACES_PLACES_H
#define GROUND_PLACES_PLACES_H

#include "kernel/http/route.h"

enum place_level { PLACE_PROVINCE = 1, PLACE_CITY, PLACE_COUNTY, PLACE_TOWN, PLACE_VILLAGE };

struct place {
    int64_t code;
    int64_t parent_code; /* 0 above a province */
    enum place_level level;
    struct text name; /* "龙泉镇"; of a village as published: "上庄村委会" */
};

/* The place with this code; false (and *RET_PLACE untouched) when there is none. */
bool places_find(int64_t code, struct place *ret_place);

/* The places right below PARENT_CODE (0: the provinces) with codes above AFTER_CODE, in the order
 * of their codes, at most LIMIT; returns how many. Three cities (东莞, 中山, 儋州) have no
 * counties: their towns stand right below them. */
size_t places_children(int64_t parent_code, int64_t after_code, size_t limit,
                       struct place *ret_places);

/* The places above CODE, province first, at most PLACE_VILLAGE - 1; returns how many. */
size_t places_ancestors(int64_t code, struct place *ret_places);

/* The places of LEVEL (0: of any) whose name begins with PREFIX, by level and code above
 * AFTER_CODE's place in that order (0: from the first), at most LIMIT; returns how many. About a
 * millisecond for the whole country. */
struct places_search {
    struct text prefix;
    int level;
    int64_t after_code;
    size_t limit;
};
size_t places_by_name(struct places_search search, struct place *ret_places);

/* How people say the name: a village without its committee ("上庄村委会" -> "上庄村"), a province
 * without its kind ("山西"), anything else in full. */
struct text places_short_name(const struct place *place);

/* The names that stand for levels nobody says in an address (市辖区, 县, 省直辖县级行政区划). */
bool places_is_filler(const struct place *place);

/* Reads "14", "1410", "141031", 9 or 12 digits as a code of 12; false for anything else. Whether
 * there is such a place is for places_find. */
bool places_read_code(struct text digits, int64_t *ret_code);
/* "141031000000" */
struct text places_code_text(struct arena *arena, int64_t code);

/* The highest code inside the place CODE (0: the whole country): with CODE itself the bounds of a
 * BETWEEN over codes. */
#define PLACES_LAST_CODE INT64_C(999999999999)
int64_t places_last_code(int64_t code);

/* The place that an address names, found inside pasted text: the deepest chain of province, city,
 * county and town (short forms count, levels may be left out, spaces and commas between them too).
 * The longest match wins. */
struct places_parsed {
    int64_t code; /* 0: none found */
    size_t from;  /* bytes [from, to) of the text are the place; the street begins at `to` */
    size_t to;
    bool is_unsure; /* another place would match as well, and the first was taken */
};
struct places_parsed places_parse(struct text text);

/* An origin as pages show it; unknown lower levels and fillers are "". */
#define PLACES_ORIGIN_FIELDS(F, S)                                                                 \
    F(S, TEXT, place_code)                                                                         \
    F(S, TEXT, province)                                                                           \
    F(S, TEXT, city)                                                                               \
    F(S, TEXT, county)                                                                             \
    F(S, TEXT, town)                                                                               \
    F(S, TEXT, village)                                                                            \
    F(S, TEXT, short_name, .about = "隰县·上庄村")
SHAPE_DECLARE(places_origin, PLACES_ORIGIN_FIELDS);
struct places_origin places_origin_of(struct arena *arena, int64_t code);

/* The names from the province down to CODE as an address says them (fillers left out). */
struct text_list places_names(struct arena *arena, int64_t code);

/* The places that the principal's PERMISSION covers, as ranges of codes for the list of a desk; a
 * range that is not used holds nothing. PLACE (a code, may be empty) narrows it: NOT_FOUND on
 * "place" when it is not covered. BAD_INPUT on "place" when more counties than there are ranges
 * are covered and none was chosen. */
enum { PLACES_REACH_MAX = 4 };
struct places_reach {
    int64_t first[PLACES_REACH_MAX];
    int64_t last[PLACES_REACH_MAX];
};
refusal places_reach_of(struct request *q, enum permission permission, struct text place,
                        struct places_reach *ret_reach);

/* Rows of one level in the table. */
size_t places_count(enum place_level level);

extern const struct room places_room;

#endif
