/* CSV and XLSX out. */
#include <assert.h>
#include <csv.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "kernel/sheet/sheet.h"

struct sheet_writer {
    struct arena *arena;
    struct arena cells; /* what one row takes on its way */
    enum sheet_kind kind;
    struct buffer csv;
    bool row_begun;
    lxw_workbook *book;
    lxw_worksheet *page;
    lxw_format *money;
    int descriptor; /* of the book's file, which has no name */
    uint32_t row;
    uint16_t column;
    bool failed;
};

/* The file loses its name at once, so that nothing is left of it however the process ends; the
 * library, which wants a name, finds it by its descriptor. */
static int open_nameless(const char *folder) {
    enum { DRAWN_CHARACTERS = 6 }; /* mkostemp's own */
    char path[4096] = "";
    int length = snprintf(path, sizeof(path), "%s/sheet-", folder);
    if (length < 0 || (size_t)length + DRAWN_CHARACTERS >= sizeof(path)) return -1;
    memset(path + length, 'X', DRAWN_CHARACTERS);
    int descriptor = mkostemp(path, O_CLOEXEC);
    if (descriptor >= 0) unlink(path);
    return descriptor;
}

static bool open_book(struct sheet_writer *writer, const char *folder) {
    char path[40];
    writer->descriptor = open_nameless(folder);
    if (writer->descriptor < 0) return false;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", writer->descriptor);
    /* Rows go to the disk as they come, so that the memory does not grow with them. */
    lxw_workbook_options options = {.constant_memory = LXW_TRUE,
                                    .tmpdir = (char *)(uintptr_t)folder};
    writer->book = workbook_new_opt(path, &options);
    if (writer->book) writer->page = workbook_add_worksheet(writer->book, NULL);
    if (!writer->page) {
        if (writer->book) workbook_close(writer->book);
        close(writer->descriptor);
        return false;
    }
    writer->money = workbook_add_format(writer->book);
    format_set_num_format(writer->money, "0.00");
    worksheet_set_column(writer->page, 0, SHEET_COLUMNS_MAX, 16, NULL);
    return true;
}

struct sheet_writer *sheet_begin(struct arena *arena, enum sheet_kind kind, const char *folder) {
    struct sheet_writer *writer = arena_new(arena, struct sheet_writer, 1);
    *writer = (struct sheet_writer){.arena = arena, .kind = kind};
    if (kind == SHEET_XLSX) return open_book(writer, folder) ? writer : NULL;
    writer->csv = buffer_make(arena, SHEET_BYTES_MAX);
    buffer_add_literal(&writer->csv, "\xEF\xBB\xBF");
    return writer;
}

static void separate(struct sheet_writer *writer) {
    if (writer->row_begun) buffer_add_char(&writer->csv, ',');
    writer->row_begun = true;
}

static void note(struct sheet_writer *writer, lxw_error error) {
    writer->failed = writer->failed || error != LXW_NO_ERROR;
    writer->column++;
}

void sheet_put_text(struct sheet_writer *writer, struct text cell) {
    struct text safe = sheet_neutral(&writer->cells, cell);
    if (writer->kind == SHEET_XLSX) {
        note(writer, worksheet_write_string(writer->page, writer->row, writer->column,
                                            text_terminated(&writer->cells, safe), NULL));
        return;
    }
    size_t room = safe.length * 2 + 2;
    char *quoted = arena_take_raw(&writer->cells, room);
    size_t length = csv_write(quoted, room, safe.bytes ? safe.bytes : "", safe.length);
    assert(length <= room);
    separate(writer);
    buffer_add(&writer->csv, quoted, length);
}

void sheet_put_int(struct sheet_writer *writer, int64_t value) {
    if (writer->kind == SHEET_XLSX) {
        note(writer, worksheet_write_number(writer->page, writer->row, writer->column,
                                            (double)value, NULL));
        return;
    }
    separate(writer);
    buffer_add_int(&writer->csv, value);
}

/* A table program keeps numbers as doubles: every amount of ours has at most fifteen digits and
 * comes out of one as it went in. */
void sheet_put_yuan(struct sheet_writer *writer, struct fen amount) {
    if (writer->kind == SHEET_XLSX) {
        double yuan = (double)fen_count(amount) / 100;
        note(writer, worksheet_write_number(writer->page, writer->row, writer->column, yuan,
                                            writer->money));
        return;
    }
    separate(writer);
    buffer_add_text(&writer->csv, fen_yuan(&writer->cells, amount));
}

void sheet_end_row(struct sheet_writer *writer) {
    writer->row++;
    writer->column = 0;
    if (writer->kind == SHEET_CSV) buffer_add_literal(&writer->csv, "\r\n");
    writer->row_begun = false;
    arena_reset(&writer->cells);
}

static bool read_back(struct sheet_writer *writer, struct text *ret_bytes) {
    struct stat status;
    if (fstat(writer->descriptor, &status) || status.st_size > SHEET_BYTES_MAX) return false;
    size_t length = (size_t)status.st_size, done = 0;
    char *bytes = arena_take_raw(writer->arena, length + 1);
    while (done < length) {
        ssize_t piece = pread(writer->descriptor, bytes + done, length - done, (off_t)done);
        if (piece <= 0) return false;
        done += (size_t)piece;
    }
    *ret_bytes = (struct text){bytes, length};
    return true;
}

bool sheet_end(struct sheet_writer *writer, struct text *ret_bytes) {
    arena_free(&writer->cells);
    if (writer->kind == SHEET_CSV) {
        if (writer->csv.overflowed) return false;
        *ret_bytes = buffer_text(&writer->csv);
        return true;
    }
    bool closed = workbook_close(writer->book) == LXW_NO_ERROR && !writer->failed;
    bool fine = closed && read_back(writer, ret_bytes);
    close(writer->descriptor);
    return fine;
}
