/* Any bytes -> a sheet: it keeps its bounds, its cells are UTF-8 and no wider than promised, the
 * answer is the same each time, and what was read is written and read again as it was. */
#include <string.h>

#include "fuzz.h"
#include "kernel/sheet/sheet.h"

static void check_sheet(const struct sheet *sheet) {
    int64_t row_no = 0;
    MUST(sheet->row_count >= 1 && sheet->row_count <= SHEET_ROWS_MAX + 1);
    for (size_t i = 0; i < sheet->row_count; i++) {
        const struct sheet_row *row = &sheet->rows[i];
        size_t length = 0;
        MUST(row->row_no > row_no && row->cell_count <= SHEET_COLUMNS_MAX);
        row_no = row->row_no;
        for (size_t j = 0; j < row->cell_count; j++) {
            MUST(row->cells[j].length <= SHEET_CELL_BYTES_MAX);
            MUST(text_is_utf8(row->cells[j]));
            length += row->cells[j].length;
        }
        MUST(length > 0);
    }
}

/* A sheet costs what stands in it, twice over for what growing lists and ends of blocks waste: a
 * file of nothing, such as commas, costs its bytes. */
static void check_cost(const struct arena *arena, const struct sheet *sheet, size_t size) {
    enum { BASE_BYTES = 64 * 1024, GROWING_LISTS = 3, ALIGNMENT = 16, DECODED = 2 };
    size_t cost = DECODED * size;
    for (size_t i = 0; i < sheet->row_count; i++) {
        cost += GROWING_LISTS * sizeof(struct sheet_row);
        for (size_t j = 0; j < sheet->rows[i].cell_count; j++)
            cost += sizeof(struct text) + ALIGNMENT + sheet->rows[i].cells[j].length;
    }
    MUST(arena->total <= BASE_BYTES + 2 * cost);
}

/* A cell whose neutral form is cut by trimming is the one thing that is not asked back. */
static void check_written(struct arena *arena, const struct sheet *sheet) {
    struct sheet_writer *writer = sheet_begin(arena, SHEET_CSV, "/tmp");
    struct sheet again;
    struct text bytes;
    for (size_t i = 0; i < sheet->row_count; i++) {
        for (size_t j = 0; j < sheet->rows[i].cell_count; j++)
            sheet_put_text(writer, sheet->rows[i].cells[j]);
        sheet_end_row(writer);
    }
    if (!sheet_end(writer, &bytes)) return;
    MUST(sheet_read(arena, bytes, &again) == SHEET_FINE && again.row_count == sheet->row_count);
    for (size_t i = 0; i < sheet->row_count; i++) {
        MUST(again.rows[i].cell_count == sheet->rows[i].cell_count);
        for (size_t j = 0; j < sheet->rows[i].cell_count; j++)
            MUST(text_equal(again.rows[i].cells[j], sheet->rows[i].cells[j]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 64 * 1024) return 0;
    struct arena arena = {.total_max = SHEET_ARENA_BYTES};
    struct sheet sheet, again;
    /* A copy of just this length, so that the sanitizer sees a read behind it. */
    char *copy = malloc(size ? size : 1);
    MUST(copy);
    memcpy(copy, data, size);
    struct text bytes = {copy, size};
    enum sheet_fault fault = sheet_read(&arena, bytes, &sheet);
    if (fault == SHEET_FINE) check_cost(&arena, &sheet, size);
    MUST(sheet_read(&arena, bytes, &again) == fault && again.row_count == sheet.row_count);
    if (fault == SHEET_FINE) {
        check_sheet(&sheet);
        check_written(&arena, &sheet);
    }
    free(copy);
    arena_free(&arena);
    return 0;
}
