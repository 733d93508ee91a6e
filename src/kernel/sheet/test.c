#include "kernel/sheet/sheet.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/base/test.h"

static enum sheet_fault read_of(struct arena *arena, struct text bytes, struct sheet *ret_sheet) {
    arena->total_max = SHEET_ARENA_BYTES;
    return sheet_read(arena, bytes, ret_sheet);
}

TEST("sheet: cells, quotation marks, line ends and empty lines as RFC 4180 has them") {
    struct arena arena = {0};
    struct sheet sheet;
    CHECK_INT(read_of(&arena, TEXT("货号,名称\r\n\r\nA1,\" 苹果, \"\"红\"\"\r\n大\"\r\n,\r\nA2,b"),
                      &sheet),
              SHEET_FINE);
    CHECK_INT(sheet.encoding, SHEET_UTF8);
    CHECK_INT(sheet.row_count, 3);
    CHECK_INT(sheet.rows[1].row_no, 3);
    CHECK_TEXT(sheet.rows[1].cells[1], "苹果, \"红\"\r\n大");
    CHECK_INT(sheet.rows[2].row_no, 5);
    CHECK_INT(sheet.rows[2].cell_count, 2);
    CHECK_INT(read_of(&arena, TEXT("a,b\nc,d\n"), &sheet), SHEET_FINE);
    CHECK_INT(sheet.row_count, 2);
    CHECK_INT(sheet.rows[1].row_no, 2);
    arena_free(&arena);
}

TEST("sheet: UTF-8 with and without its mark and GB18030 read alike") {
    struct arena arena = {0};
    struct sheet sheet;
    /* 货号,名称 / A,梨 as GB18030 */
    static const char gb[] = "\xBB\xF5\xBA\xC5,\xC3\xFB\xB3\xC6\r\nA,\xC0\xE6\r\n";
    CHECK_INT(read_of(&arena, TEXT("\xEF\xBB\xBF货号,名称\r\nA,梨\r\n"), &sheet), SHEET_FINE);
    CHECK_TEXT(sheet.rows[0].cells[0], "货号");
    CHECK_INT(read_of(&arena, (struct text){gb, sizeof(gb) - 1}, &sheet), SHEET_FINE);
    CHECK_INT(sheet.encoding, SHEET_GB18030);
    CHECK_TEXT(sheet.rows[0].cells[0], "货号");
    CHECK_TEXT(sheet.rows[1].cells[1], "梨");
    arena_free(&arena);
}

TEST("sheet: what is neither encoding, both, or holds a zero byte is refused with its line") {
    struct arena arena = {0};
    struct sheet sheet;
    CHECK_INT(read_of(&arena, TEXT("a,b\nc,\0d\n"), &sheet), SHEET_NUL);
    CHECK_INT(sheet.fault_line, 2);
    CHECK_INT(read_of(&arena, TEXT("\xFF\xFEg\0"), &sheet), SHEET_NUL);
    CHECK_INT(read_of(&arena, TEXT("a,b\nc,d\ne,\xFF\xFF\n"), &sheet), SHEET_ENCODING);
    CHECK_INT(sheet.fault_line, 3);
    CHECK_INT(read_of(&arena,
                      TEXT("\xEF\xBB\xBF"
                           "a\n\xC0\xE6,x\n"),
                      &sheet),
              SHEET_ENCODING);
    CHECK_INT(sheet.fault_line, 2);
    CHECK_INT(read_of(&arena, TEXT("\xBB\xF5\xBA\xC5,a\n玉露香梨,b\n"), &sheet), SHEET_MIXED);
    CHECK_INT(sheet.fault_line, 2);
    CHECK_INT(read_of(&arena, TEXT("\r\n\r\n , \r\n"), &sheet), SHEET_EMPTY);
    CHECK_INT(read_of(&arena, TEXT(""), &sheet), SHEET_EMPTY);
    arena_free(&arena);
}

TEST("sheet: a quotation mark alone, 10,001 columns, a vast cell and too many rows are refused") {
    struct arena arena = {0};
    struct sheet sheet;
    CHECK_INT(read_of(&arena, TEXT("a,b\nc,\"d\ne,f\n"), &sheet), SHEET_QUOTE);
    CHECK_INT(read_of(&arena, TEXT("a,b\nc\"x\",d\n"), &sheet), SHEET_QUOTE);
    CHECK_INT(sheet.fault_line, 2);
    struct buffer wide = buffer_make(&arena, SHEET_BYTES_MAX);
    for (int i = 0; i < 10000; i++) buffer_add_char(&wide, ',');
    CHECK_INT(read_of(&arena, buffer_text(&wide), &sheet), SHEET_COLUMNS);
    CHECK_INT(sheet.fault_line, 1);
    struct buffer vast = buffer_make(&arena, SHEET_BYTES_MAX);
    for (int i = 0; i <= SHEET_CELL_BYTES_MAX; i++) buffer_add_char(&vast, 'x');
    CHECK_INT(read_of(&arena, buffer_text(&vast), &sheet), SHEET_CELL);
    struct buffer long_ = buffer_make(&arena, SHEET_BYTES_MAX);
    for (int i = 0; i < SHEET_ROWS_MAX + 1; i++) buffer_add_literal(&long_, "a\r\n");
    CHECK_INT(read_of(&arena, buffer_text(&long_), &sheet), SHEET_FINE);
    CHECK_INT(sheet.row_count, SHEET_ROWS_MAX + 1);
    buffer_add_literal(&long_, "a\r\n");
    CHECK_INT(read_of(&arena, buffer_text(&long_), &sheet), SHEET_ROWS);
    CHECK_INT(sheet.fault_line, SHEET_ROWS_MAX + 2);
    arena_free(&arena);
}

TEST("sheet: empty rows cost nothing however many, and their lines are bounded") {
    struct arena arena = {0}, small = {.total_max = 256 * 1024};
    struct sheet sheet;
    struct buffer commas = buffer_make(&arena, SHEET_BYTES_MAX);
    buffer_add_literal(&commas, "a,b\n");
    for (int i = 0; i < SHEET_LINES_MAX - 2; i++)
        buffer_add_literal(&commas, ",,,, ,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n");
    buffer_add_literal(&commas, "c,,d\n");
    CHECK_INT(sheet_read(&small, buffer_text(&commas), &sheet), SHEET_FINE);
    CHECK_INT(sheet.row_count, 2);
    CHECK_INT(sheet.rows[1].row_no, SHEET_LINES_MAX);
    CHECK_INT(sheet.rows[1].cells[1].length, 0);
    buffer_add_literal(&commas, ",\n");
    CHECK_INT(sheet_read(&small, buffer_text(&commas), &sheet), SHEET_LINES);
    CHECK_INT(sheet.fault_line, SHEET_LINES_MAX + 1);
    commas.length = 0;
    for (int i = 0; i <= SHEET_LINES_MAX; i++) buffer_add_char(&commas, '\n');
    CHECK_INT(sheet_read(&small, buffer_text(&commas), &sheet), SHEET_LINES);
    arena_free(&small);
    arena_free(&arena);
}

TEST("sheet: what we write is no formula anywhere, and reads back as it was") {
    static const char *const cells[] = {"=1+1", "+86", "-5",  "@x",  "'=1", "''",
                                        "'a",   "梨",  "a,b", "\"q", ""};
    enum { CELLS = sizeof(cells) / sizeof(cells[0]) };
    struct arena arena = {0};
    struct sheet sheet;
    struct text bytes;
    struct sheet_writer *writer = sheet_begin(&arena, SHEET_CSV, "/tmp");
    for (int i = 0; i < CELLS; i++) sheet_put_text(writer, text_of(cells[i]));
    sheet_put_int(writer, -7);
    sheet_put_yuan(writer, FEN(4990));
    sheet_end_row(writer);
    CHECK(sheet_end(writer, &bytes));
    CHECK(text_starts(bytes, TEXT("\xEF\xBB\xBF\"'=1+1\",\"'+86\",")));
    CHECK(text_ends(bytes, TEXT(",-7,49.90\r\n")));
    CHECK_INT(read_of(&arena, bytes, &sheet), SHEET_FINE);
    CHECK_INT(sheet.rows[0].cell_count, CELLS + 2);
    for (int i = 0; i < CELLS; i++) CHECK_TEXT(sheet.rows[0].cells[i], cells[i]);
    CHECK_TEXT(sheet_neutral(&arena, TEXT("\tx")), "'\tx");
    arena_free(&arena);
}

TEST("sheet: XLSX is a zip whose cells are texts and numbers, and leaves no file behind") {
    struct arena arena = {0};
    struct text bytes;
    char folder[64];
    snprintf(folder, sizeof(folder), "/tmp/xj-sheet-%d", (int)getpid());
    CHECK(mkdir(folder, 0700) == 0);
    struct sheet_writer *writer = sheet_begin(&arena, SHEET_XLSX, folder);
    CHECK(writer);
    for (int row = 0; row < 3000; row++) {
        sheet_put_text(writer, TEXT("=1+1"));
        sheet_put_yuan(writer, FEN(4990));
        sheet_end_row(writer);
    }
    /* Nothing would be left behind by a process that is killed now. */
    CHECK(rmdir(folder) == 0 && mkdir(folder, 0700) == 0);
    CHECK(sheet_end(writer, &bytes));
    CHECK(text_starts(bytes, TEXT("PK\x03\x04")));
    CHECK(rmdir(folder) == 0);
    CHECK(!sheet_begin(&arena, SHEET_XLSX, "/nowhere/at/all"));
    arena_free(&arena);
}
