/* CSV in: which encoding it is, then libcsv cuts it into cells. */
#include "kernel/sheet/sheet.h"

#include <assert.h>
#include <csv.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

static const struct text mark = {"\xEF\xBB\xBF", 3};

static int64_t line_at(struct text bytes, size_t at) {
    int64_t line = 1;
    for (size_t i = 0; i < at && i < bytes.length; i++) line += bytes.bytes[i] == '\n';
    return line;
}

/* ---- encodings ---- */

/* A line that reads as UTF-8 with several Chinese characters is hardly ever GB18030 by chance. */
static bool is_surely_utf8(struct text line) {
    enum { SURE_COUNT = 3 };
    int count = 0;
    if (!text_is_utf8(line)) return false;
    for (size_t at = 0; at < line.length;) {
        uint32_t point = text_next(line, &at);
        count += point >= 0x4E00 && point <= 0x9FFF;
    }
    return count >= SURE_COUNT;
}

/* The first line of UTF-8 among others; 0 when there is none. */
static int64_t find_mixed(struct text bytes) {
    int64_t line_no = 1;
    for (size_t from = 0; from < bytes.length; line_no++) {
        size_t to = text_find(bytes, TEXT("\n"), from);
        if (to == SIZE_MAX) to = bytes.length;
        if (is_surely_utf8(text_slice(bytes, from, to))) return line_no;
        from = to + 1;
    }
    return 0;
}

/* Chinese characters take two bytes there and three here. */
static enum sheet_fault decode(struct arena *arena, struct text bytes, struct text *ret_text,
                               int64_t *ret_line) {
    *ret_line = find_mixed(bytes);
    if (*ret_line) return SHEET_MIXED;
    iconv_t from_gb = iconv_open("UTF-8", "GB18030");
    assert(from_gb != (iconv_t)-1);
    size_t room = bytes.length * 2 + 16;
    char *decoded = arena_take_raw(arena, room);
    char *in = (char *)(uintptr_t)bytes.bytes, *out = decoded;
    size_t in_left = bytes.length, out_left = room;
    size_t done = iconv(from_gb, &in, &in_left, &out, &out_left);
    iconv_close(from_gb);
    *ret_text = (struct text){decoded, room - out_left};
    *ret_line = line_at(bytes, bytes.length - in_left);
    return done == (size_t)-1 || !text_is_utf8(*ret_text) ? SHEET_ENCODING : SHEET_FINE;
}

static enum sheet_fault to_utf8(struct arena *arena, struct text bytes, struct sheet *sheet,
                                struct text *ret_text) {
    const char *nul = memchr(bytes.bytes, 0, bytes.length);
    bool marked = text_starts(bytes, mark);
    if (nul) {
        sheet->fault_line = line_at(bytes, (size_t)(nul - bytes.bytes));
        return SHEET_NUL;
    }
    *ret_text = text_slice(bytes, marked ? mark.length : 0, bytes.length);
    if (text_is_utf8(*ret_text)) return SHEET_FINE;
    sheet->encoding = SHEET_GB18030;
    if (!marked) return decode(arena, bytes, ret_text, &sheet->fault_line);
    /* It says of itself that it is UTF-8: the line that is none is the fault. */
    for (size_t from = 0; from < ret_text->length;) {
        size_t to = text_find(*ret_text, TEXT("\n"), from);
        if (to == SIZE_MAX) to = ret_text->length;
        if (!text_is_utf8(text_slice(*ret_text, from, to))) {
            sheet->fault_line = line_at(*ret_text, from);
            break;
        }
        from = to + 1;
    }
    return SHEET_ENCODING;
}

/* ---- formulas ---- */

static bool is_formula(struct text cell) {
    size_t at = 0;
    while (at < cell.length && cell.bytes[at] == '\'') at++;
    return at < cell.length && memchr("=+-@\t\r\n", cell.bytes[at], 7);
}

struct text sheet_neutral(struct arena *arena, struct text cell) {
    if (!is_formula(cell)) return cell;
    return text_format(arena, "'%.*s", (int)cell.length, cell.bytes);
}

struct text sheet_restored(struct text cell) {
    bool ours = cell.length > 1 && cell.bytes[0] == '\'' && is_formula(cell);
    return ours ? text_slice(cell, 1, cell.length) : cell;
}

/* ---- cells ---- */

struct reading {
    struct arena *arena;
    struct sheet *sheet;
    enum sheet_fault fault;
    struct text cells[SHEET_COLUMNS_MAX];
    size_t cell_count;
    size_t row_room;
    int64_t row_no;
    bool after_return; /* the row before ended in CR: an LF now belongs to it */
    bool has_words;    /* some cell of this row says something */
};

static void take_cell(void *bytes, size_t length, void *context) {
    struct reading *reading = context;
    struct text cell = {bytes, length};
    reading->after_return = false;
    if (length > SHEET_CELL_BYTES_MAX && !reading->fault) reading->fault = SHEET_CELL;
    if (reading->cell_count == SHEET_COLUMNS_MAX && !reading->fault) reading->fault = SHEET_COLUMNS;
    if (reading->fault) return;
    cell = sheet_restored(text_trim(cell));
    reading->has_words = reading->has_words || cell.length;
    /* Empty cells cost nothing: a file may be nothing but commas. */
    reading->cells[reading->cell_count++] =
        cell.length ? text_copy(reading->arena, cell) : TEXT("");
}

static struct sheet_row *next_row(struct reading *reading) {
    struct sheet *sheet = reading->sheet;
    if (sheet->row_count == reading->row_room) {
        size_t room = reading->row_room ? reading->row_room * 2 : 64;
        struct sheet_row *rows = arena_new(reading->arena, struct sheet_row, room);
        if (sheet->row_count) memcpy(rows, sheet->rows, sheet->row_count * sizeof(*rows));
        sheet->rows = rows;
        reading->row_room = room;
    }
    return &sheet->rows[sheet->row_count++];
}

/* LAST is the character that ended the row, or -1 at the end of the file. */
static void take_row(int last, void *context) {
    struct reading *reading = context;
    bool is_rest = reading->after_return && last == '\n' && reading->cell_count == 0;
    reading->after_return = last == '\r';
    if (is_rest) return;
    reading->row_no++;
    if (reading->sheet->row_count > SHEET_ROWS_MAX && reading->has_words && !reading->fault)
        reading->fault = SHEET_ROWS;
    if (reading->row_no > SHEET_LINES_MAX && !reading->fault) reading->fault = SHEET_LINES;
    if (reading->has_words && !reading->fault) {
        struct sheet_row *row = next_row(reading);
        row->row_no = reading->row_no;
        row->cell_count = reading->cell_count;
        row->cells = arena_new(reading->arena, struct text, reading->cell_count);
        memcpy(row->cells, reading->cells, reading->cell_count * sizeof(struct text));
    }
    reading->cell_count = 0;
    reading->has_words = false;
}

/* Blanks are kept by libcsv and cut by us, so that a blank behind a quotation mark is seen. */
static int is_no_space(unsigned char c) {
    (void)c;
    return 0;
}

static enum sheet_fault cut(struct reading *reading, struct text text) {
    enum { PIECE_BYTES = 64 * 1024 };
    struct csv_parser parser;
    int begun = csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
    assert(begun == 0);
    csv_set_space_func(&parser, is_no_space);
    size_t at = 0;
    bool broken = false;
    while (at < text.length && !broken && !reading->fault) {
        size_t piece = text.length - at < PIECE_BYTES ? text.length - at : PIECE_BYTES;
        size_t done = csv_parse(&parser, text.bytes + at, piece, take_cell, take_row, reading);
        broken = done < piece;
        at += done;
    }
    if (!broken && !reading->fault) broken = csv_fini(&parser, take_cell, take_row, reading) != 0;
    csv_free(&parser);
    if (broken) reading->fault = SHEET_QUOTE;
    if (reading->fault == SHEET_QUOTE)
        reading->sheet->fault_line = line_at(text, at);
    else if (reading->fault) {
        bool is_whole = reading->fault == SHEET_ROWS || reading->fault == SHEET_LINES;
        reading->sheet->fault_line = reading->row_no + !is_whole;
    }
    return reading->fault;
}

enum sheet_fault sheet_read(struct arena *arena, struct text bytes, struct sheet *ret_sheet) {
    struct reading *reading = arena_new(arena, struct reading, 1);
    struct text text = {0};
    assert(bytes.length <= SHEET_BYTES_MAX);
    *ret_sheet = (struct sheet){0};
    reading->arena = arena;
    reading->sheet = ret_sheet;
    enum sheet_fault fault = to_utf8(arena, bytes, ret_sheet, &text);
    if (fault) return fault;
    ret_sheet->fault_line = 0;
    fault = cut(reading, text);
    return fault || ret_sheet->row_count ? fault : SHEET_EMPTY;
}
