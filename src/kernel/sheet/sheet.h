/* Sheets: what people keep in a table program. CSV in; CSV and XLSX out. libcsv and libxlsxwriter
 * live behind this header only. */
#ifndef KERNEL_SHEET_SHEET_H
#define KERNEL_SHEET_SHEET_H

#include "kernel/base/arena.h"
#include "kernel/base/money.h"
#include "kernel/base/text.h"

enum {
    SHEET_BYTES_MAX = 8 * 1024 * 1024,
    SHEET_ROWS_MAX = 10 * 1000,   /* below the head */
    SHEET_LINES_MAX = 100 * 1000, /* of the file, with the empty ones */
    SHEET_COLUMNS_MAX = 64,
    SHEET_CELL_BYTES_MAX = 16 * 1024,
    SHEET_ARENA_BYTES = 64 * 1024 * 1024 /* the bound of an arena that a whole sheet fits in */
};

/* ---- in ---- */

enum sheet_encoding { SHEET_UTF8, SHEET_GB18030 };

enum sheet_fault {
    SHEET_FINE,
    SHEET_EMPTY,    /* no row at all */
    SHEET_NUL,      /* a zero byte: no text, or UTF-16 */
    SHEET_ENCODING, /* neither UTF-8 nor GB18030 */
    SHEET_MIXED,    /* some lines in the one, some in the other */
    SHEET_QUOTE,    /* a quotation mark that stands alone */
    SHEET_COLUMNS,
    SHEET_ROWS,
    SHEET_LINES,
    SHEET_CELL /* longer than a cell may be */
};

struct sheet_row {
    int64_t row_no; /* as a table program counts them: the head is 1, empty lines count */
    struct text *cells;
    size_t cell_count;
};

struct sheet {
    enum sheet_encoding encoding;
    struct sheet_row *rows; /* without empty ones */
    size_t row_count;
    int64_t fault_line; /* where a fault stands, counted in lines from 1 */
};

/* Reads CSV (RFC 4180, commas) of up to SHEET_BYTES_MAX, in UTF-8 with or without its mark or in
 * GB18030; cells are UTF-8 without NUL, trimmed, and what sheet_neutral did to them is undone. All
 * of it lies in ARENA, which is bounded by SHEET_ARENA_BYTES. */
enum sheet_fault sheet_read(struct arena *arena, struct text bytes, struct sheet *ret_sheet);

/* ---- formulas ---- */

/* A cell that begins with = + - @, a tab or a line end is a formula to some table programs. It goes
 * out behind an apostrophe, and the apostrophe is taken off again on the way in: so what we wrote
 * comes back as it was, whatever it was. */
struct text sheet_neutral(struct arena *arena, struct text cell);
struct text sheet_restored(struct text cell);

/* ---- out ---- */

enum sheet_kind { SHEET_CSV, SHEET_XLSX };

/* Begins a sheet that is written from left to right and from top to bottom. CSV has the mark of
 * UTF-8, CRLF and quotation marks around every text; XLSX lies in a file of FOLDER until its end.
 * NULL when that cannot be made. */
struct sheet_writer;
struct sheet_writer *sheet_begin(struct arena *arena, enum sheet_kind kind, const char *folder);
/* CELL as sheet_neutral leaves it. */
void sheet_put_text(struct sheet_writer *writer, struct text cell);
void sheet_put_int(struct sheet_writer *writer, int64_t value);
/* Yuan with two decimals; a number in XLSX. */
void sheet_put_yuan(struct sheet_writer *writer, struct fen amount);
void sheet_end_row(struct sheet_writer *writer);
/* The bytes, in the arena. False when the disk was full or they are more than SHEET_BYTES_MAX.
 * Always to be called. */
bool sheet_end(struct sheet_writer *writer, struct text *ret_bytes);

#endif
