/* Paste-to-parse: an address as people send it to each other, taken apart. Nothing is stored; what
 * is doubtful is said. */
#include <assert.h>
#include <string.h>

#include "ground/people/inside.h"
#include "ground/places/places.h"

SHAPE_DEFINE(people_paste, PEOPLE_PASTE_FIELDS);
SHAPE_DEFINE(people_parsed, PEOPLE_PARSED_FIELDS);

enum { NAME_SURE_MAX = 4, NAME_MAX = 12, UNSURE_MAX = 4, PASTE_BYTES_MAX = 8192 };

/* Full-width digits and signs become plain, other white space becomes a space or a line end. */
static struct text plain(struct arena *arena, struct text pasted) {
    struct buffer buffer = buffer_make(arena, PASTE_BYTES_MAX);
    for (size_t at = 0; at < pasted.length;) {
        size_t from = at;
        uint32_t point = text_next(pasted, &at);
        if (point >= 0xFF10 && point <= 0xFF19)
            buffer_add_char(&buffer, (char)('0' + (point - 0xFF10)));
        else if (point == 0xFF0B)
            buffer_add_char(&buffer, '+');
        else if (point == 0xFF0D || (point >= 0x2010 && point <= 0x2015))
            buffer_add_char(&buffer, '-');
        else if (point == 0x3000 || point == 0xA0 || point == '\t')
            buffer_add_char(&buffer, ' ');
        else if (point == '\r')
            buffer_add_char(&buffer, '\n');
        else
            buffer_add_text(&buffer, text_slice(pasted, from, at));
    }
    return buffer_text(&buffer);
}

/* The length of a label such as "收货人：" at AT with the sign behind it; 0 when none stands there.
 */
static size_t label_length(struct text text, size_t at) {
    static const struct text words[] = {
        TEXT("收件人姓名"), TEXT("收货人姓名"), TEXT("收货人"),   TEXT("收件人"),
        TEXT("联系人"),     TEXT("姓名"),       TEXT("手机号码"), TEXT("联系电话"),
        TEXT("联系方式"),   TEXT("电话号码"),   TEXT("手机号"),   TEXT("电话"),
        TEXT("手机"),       TEXT("收货地址"),   TEXT("收件地址"), TEXT("详细地址"),
        TEXT("所在地区"),   TEXT("省市区"),     TEXT("地址"),     TEXT("地区"),
        TEXT("邮政编码"),   TEXT("邮编")};
    static const struct text signs[] = {TEXT("："), TEXT(":"), TEXT(" "), TEXT("\n")};
    struct text rest = text_slice(text, at, text.length);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!text_starts(rest, words[i])) continue;
        struct text behind = text_slice(rest, words[i].length, rest.length);
        for (size_t j = 0; j < sizeof(signs) / sizeof(signs[0]); j++)
            if (text_starts(behind, signs[j])) return words[i].length + signs[j].length;
    }
    return 0;
}

static struct text without_labels(struct arena *arena, struct text text) {
    struct buffer buffer = buffer_make(arena, PASTE_BYTES_MAX);
    for (size_t at = 0; at < text.length;) {
        size_t label = label_length(text, at);
        size_t from = at;
        if (label) {
            buffer_add_char(&buffer, '\n');
            at += label;
        } else {
            (void)text_next(text, &at);
            buffer_add_text(&buffer, text_slice(text, from, at));
        }
    }
    return buffer_text(&buffer);
}

static bool is_digit(struct text text, size_t at) {
    return at < text.length && text.bytes[at] >= '0' && text.bytes[at] <= '9';
}

/* Eleven digits of a mobile number from AT, single spaces or dashes between them; 0 when there are
 * none, else where they end. */
static size_t number_end(struct text text, size_t at, char *ret_digits) {
    for (size_t count = 0; count < 11; count++) {
        if (count && at < text.length && (text.bytes[at] == ' ' || text.bytes[at] == '-')) at++;
        if (!is_digit(text, at)) return 0;
        ret_digits[count] = text.bytes[at++];
    }
    bool mobile = ret_digits[0] == '1' && ret_digits[1] >= '3' && !is_digit(text, at);
    return mobile ? at : 0;
}

static size_t phone_end(struct text text, size_t at, char *ret_digits) {
    static const struct text prefixes[] = {TEXT("+86"), TEXT("0086"), TEXT("86"), TEXT("")};
    struct text rest = text_slice(text, at, text.length);
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (!text_starts(rest, prefixes[i])) continue;
        size_t from = at + prefixes[i].length;
        if (prefixes[i].length && from < text.length &&
            (text.bytes[from] == ' ' || text.bytes[from] == '-'))
            from++;
        size_t end = number_end(text, from, ret_digits);
        if (end) return end;
    }
    return 0;
}

/* Takes the first mobile number out of *TEXT and leaves a line end there. */
static struct text take_phone(struct arena *arena, struct text *text) {
    char digits[11];
    for (size_t at = 0; at < text->length; at++) {
        if (at && is_digit(*text, at - 1)) continue;
        size_t end = phone_end(*text, at, digits);
        if (!end) continue;
        struct text phone = text_copy(arena, (struct text){digits, sizeof(digits)});
        *text = text_format(arena, "%.*s\n%.*s", (int)at, text->bytes, (int)(text->length - end),
                            text->bytes + end);
        return phone;
    }
    return TEXT("");
}

/* ---- words between signs ---- */

static bool is_sign(uint32_t point) {
    return point == '\n' || point == ',' || point == ';' || point == '|' || point == 0xFF0C ||
           point == 0x3002 || point == 0xFF1B || point == 0x3001;
}

/* The next piece of *REST between signs (and, with SPACES, between spaces); false at the end. */
static bool next_piece(struct text *rest, bool spaces, struct text *ret_piece) {
    while (rest->length) {
        size_t at = 0, end = 0;
        bool found = false;
        while (at < rest->length && !found) {
            end = at;
            uint32_t point = text_next(*rest, &at);
            found = is_sign(point) || (spaces && point == ' ');
        }
        struct text piece = text_trim(text_slice(*rest, 0, found ? end : rest->length));
        *rest = text_slice(*rest, at, rest->length);
        if (piece.length == 0) continue;
        *ret_piece = piece;
        return true;
    }
    return false;
}

/* Words that end what a parcel is for and are no part of a name. */
static struct text bare_name(struct text word) {
    static const struct text tails[] = {TEXT("（收）"), TEXT("(收)"), TEXT("收"),
                                        TEXT("先生"),   TEXT("女士"), TEXT("小姐")};
    for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
        if (word.length > tails[i].length && text_ends(word, tails[i]))
            return text_slice(word, 0, word.length - tails[i].length);
    return word;
}

static bool looks_like_name(struct text word) {
    static const struct text place_words[] = {
        TEXT("村"),   TEXT("路"),     TEXT("街"),   TEXT("巷"),   TEXT("楼"),   TEXT("室"),
        TEXT("号"),   TEXT("镇"),     TEXT("乡"),   TEXT("县"),   TEXT("省"),   TEXT("市"),
        TEXT("区"),   TEXT("组"),     TEXT("栋"),   TEXT("单元"), TEXT("小学"), TEXT("中学"),
        TEXT("超市"), TEXT("合作社"), TEXT("驿站"), TEXT("对面"), TEXT("旁边")};
    size_t characters = text_characters(word);
    if (characters < 2 || characters > NAME_MAX) return false;
    for (size_t at = 0; at < word.length;) {
        uint32_t point = text_next(word, &at);
        bool letter = (point >= 0x4E00 && point <= 0x9FFF) ||
                      (point >= 0x3400 && point <= 0x4DBF) || (point >= 'A' && point <= 'Z') ||
                      (point >= 'a' && point <= 'z') || point == 0xB7 || point == 0x2022;
        if (!letter) return false;
    }
    for (size_t i = 0; i < sizeof(place_words) / sizeof(place_words[0]); i++)
        if (text_ends(word, place_words[i])) return false;
    return true;
}

static bool is_postcode(struct text word) {
    if (word.length != 6) return false;
    for (size_t i = 0; i < 6; i++)
        if (!is_digit(word, i)) return false;
    return true;
}

/* The first word of REST that looks like a name; the other words go to *STREET in their order. */
static struct text sort_words(struct text rest, bool name_wanted, struct buffer *street) {
    struct text name = {0};
    struct text piece;
    while (next_piece(&rest, true, &piece)) {
        struct text bare = bare_name(piece);
        if (is_postcode(piece)) continue;
        if (name_wanted && name.length == 0 && looks_like_name(bare)) {
            name = bare;
            continue;
        }
        if (street->length) buffer_add_char(street, ' ');
        buffer_add_text(street, piece);
    }
    return name;
}

static void say_unsure(struct people_parsed *parsed, const char *field) {
    assert(parsed->unsure.count < UNSURE_MAX);
    parsed->unsure.items[parsed->unsure.count++] = text_of(field);
}

static void find_place(struct arena *arena, struct text text, struct people_parsed *parsed,
                       struct places_parsed *ret_found) {
    struct places_parsed found = places_parse(text);
    struct place place;
    bool known = found.code && places_find(found.code, &place);
    if (known) {
        parsed->place_code = places_code_text(arena, found.code);
        parsed->place_names = places_names(arena, found.code);
    } else {
        found = (struct places_parsed){.from = 0, .to = 0};
        parsed->place_code = TEXT("");
    }
    if (!known || found.is_unsure || place.level < PLACE_COUNTY) say_unsure(parsed, "place_code");
    *ret_found = found;
}

struct people_parsed people_address_parse(struct arena *arena, struct text pasted) {
    struct people_parsed parsed = {.unsure = {arena_new(arena, struct text, UNSURE_MAX), 0}};
    struct places_parsed found;
    struct text text = without_labels(arena, plain(arena, pasted));
    parsed.phone = take_phone(arena, &text);
    find_place(arena, text, &parsed, &found);
    struct buffer street = buffer_make(arena, PASTE_BYTES_MAX);
    struct buffer stray = buffer_make(arena, PASTE_BYTES_MAX);
    /* Most people write the name first; what stands before the place and is no name is not lost but
     * doubtful. */
    struct text name = sort_words(text_slice(text, 0, found.from), true, &stray);
    struct text behind =
        sort_words(text_slice(text, found.to, text.length), name.length == 0, &street);
    parsed.name = name.length ? name : behind;
    parsed.street = buffer_text(&street);
    if (stray.length)
        parsed.street =
            text_format(arena, "%.*s%s%.*s", (int)street.length, street.bytes ? street.bytes : "",
                        street.length ? " " : "", (int)stray.length, stray.bytes);
    if (parsed.name.length == 0 || text_characters(parsed.name) > NAME_SURE_MAX)
        say_unsure(&parsed, "name");
    if (parsed.phone.length == 0) say_unsure(&parsed, "phone");
    if (parsed.street.length == 0 || stray.length) say_unsure(&parsed, "street");
    return parsed;
}
