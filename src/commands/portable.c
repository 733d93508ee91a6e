/* `xiangji export` and `xiangji import`: the house as text, a file a table, so that it moves
 * between engines. A row is a JSON list in the order of the columns, which the first line of its
 * file names; bytes are hexadecimal. The same house gives the same bytes on every engine. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/folder.h"
#include "ground/people/keyring.h"
#include "kernel/base/json.h"
#include "kernel/base/limits.h"

static const char export_title[] = "xiangji-export 1";

enum { ROW_BYTES_MAX = 64 * 1024 * 1024 };

/* ---- writing ---- */

/* A table on its way into a file, or into its hash alone. */
struct writing {
    struct db_each each;
    const struct db_table *table;
    FILE *file; /* NULL: only the hash is wanted */
    struct arena arena;
    crypto_hash_sha256_state hash;
    int64_t row_count;
    bool is_failed;
};

static void put_line(struct writing *writing, struct buffer *line) {
    buffer_add_char(line, '\n');
    crypto_hash_sha256_update(&writing->hash, (const unsigned char *)line->bytes, line->length);
    if (line->overflowed) writing->is_failed = true;
    if (writing->file && fwrite(line->bytes, 1, line->length, writing->file) != line->length)
        writing->is_failed = true;
}

static const char *type_name(enum db_type type) {
    return type == DB_INT ? "number" : type == DB_TEXT ? "text" : "bytes";
}

static void put_head(struct writing *writing) {
    struct buffer line = buffer_make(&writing->arena, ROW_BYTES_MAX);
    buffer_add_char(&line, '[');
    for (size_t i = 0; i < writing->table->column_count; i++) {
        const struct db_column *column = &writing->table->columns[i];
        buffer_add_format(&line, "%s\"%.*s %s\"", i ? "," : "", (int)column->name.length,
                          column->name.bytes, type_name(column->type));
    }
    buffer_add_char(&line, ']');
    put_line(writing, &line);
}

static void put_cell(struct buffer *line, const struct db_value *cell) {
    struct bytes bytes = {(const unsigned char *)cell->text.bytes, cell->text.length};
    if (cell->type == DB_INT)
        buffer_add_int(line, cell->number);
    else if (cell->type == DB_TEXT)
        json_write_text(line, cell->text);
    else
        json_write_text(line, text_hex(line->arena, bytes));
}

static refusal put_row(struct db_each *each, const struct db_value *cells, size_t cell_count) {
    struct writing *writing = (struct writing *)(void *)each;
    struct buffer line = buffer_make(&writing->arena, ROW_BYTES_MAX);
    buffer_add_char(&line, '[');
    for (size_t i = 0; i < cell_count; i++) {
        if (i) buffer_add_char(&line, ',');
        put_cell(&line, &cells[i]);
    }
    buffer_add_char(&line, ']');
    put_line(writing, &line);
    writing->row_count++;
    arena_reset(&writing->arena);
    return NULL;
}

/* What a table holds: the same words for the same rows. */
struct table_mark {
    struct text name;
    int64_t row_count;
    char sha256[FOLDER_SHA256_BYTES];
};

static refusal write_table(struct request *q, const struct db_table *table, FILE *file,
                           struct table_mark *ret_mark) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct writing writing = {.each = {put_row},
                              .table = table,
                              .file = file,
                              .arena = {.total_max = (size_t)4 * ROW_BYTES_MAX}};
    crypto_hash_sha256_init(&writing.hash);
    put_head(&writing);
    refusal refused = db_table_scan(q->db, table, &writing.each);
    arena_free(&writing.arena);
    TRY(refused);
    if (writing.is_failed)
        return refuse(q, DISK_FULL, "", "写不进去：%s", "the table cannot be written: %s",
                      strerror(errno));
    crypto_hash_sha256_final(&writing.hash, hash);
    sodium_bin2hex(ret_mark->sha256, sizeof(ret_mark->sha256), hash, sizeof(hash));
    ret_mark->name = table->name;
    ret_mark->row_count = writing.row_count;
    return NULL;
}

static const char *table_file(struct arena *arena, const char *folder, struct text name) {
    return text_terminated(
        arena, text_format(arena, "%s/%.*s.jsonl", folder, (int)name.length, name.bytes));
}

static refusal export_table(struct request *q, struct folder *folder,
                            const struct db_table *table) {
    struct table_mark mark;
    const char *path = table_file(q->arena, folder->beside, table->name);
    FILE *file = fopen(path, "wx");
    if (!file) return refuse(q, DISK_FULL, "", "不能写：%s", "cannot be written: %s", path);
    refusal refused = write_table(q, table, file, &mark);
    if (fclose(file) && !refused)
        refused = refuse(q, DISK_FULL, "", "不能写：%s", "cannot be written: %s", path);
    TRY(refused);
    const char *name = text_terminated(q->arena, table->name);
    folder_note(folder, "table", mark.sha256, mark.row_count, name);
    printf("%12lld rows of %s\n", (long long)mark.row_count, name);
    return NULL;
}

/* All of it in one read transaction: the tables are of the same moment. */
static refusal export_all(struct request *q, void *context) {
    struct folder *folder = context;
    struct db_applied_list steps;
    struct db_table_list tables;
    TRY(db_applied_steps(q->db, &steps));
    for (size_t i = 0; i < steps.count; i++)
        folder_note(folder, "step", text_terminated(q->arena, steps.items[i].sha256),
                    steps.items[i].step, text_terminated(q->arena, steps.items[i].schema));
    TRY(db_tables(q->db, &tables));
    for (size_t i = 0; i < tables.count; i++) TRY(export_table(q, folder, &tables.items[i]));
    return NULL;
}

int command_export(struct app *app, struct arena *arena, const char *path) {
    struct folder folder;
    struct text error = {0};
    if (!folder_begin(&folder, arena, path, &error)) return command_fail(error);
    refusal refused = NULL;
    bool is_open = app_open(app, arena, true, &error);
    if (is_open) refused = road_work(app, arena, false, export_all, &folder);
    if (refused)
        error = refused->fault_count ? refused->faults[0].en : problem_title(refused->kind, true);
    bool is_done = is_open && !refused &&
                   folder_copy_files(&folder, files_place(app, arena),
                                     path_join(arena, folder.beside, "files"), &error) &&
                   folder_end(&folder, export_title, "", &error);
    if (is_open) app_close(app);
    if (!is_done) {
        folder_abandon(&folder);
        return command_fail(error);
    }
    printf("%s is the whole house\n", folder.path);
    return EXIT_FINE;
}

/* ---- reading ---- */

struct importing {
    struct app *app;
    struct arena *arena;
    const char *path;
    struct manifest manifest;
    struct table_mark *fresh; /* what the tables of a new house hold */
    size_t fresh_count;
    struct check_report report;
};

static const struct manifest_line *find_line(const struct manifest *manifest, const char *kind,
                                             struct text name) {
    for (size_t i = 0; i < manifest->count; i++)
        if (text_is(manifest->lines[i].kind, kind) && text_equal(manifest->lines[i].name, name))
            return &manifest->lines[i];
    return NULL;
}

static refusal mark_tables(struct request *q, void *context) {
    struct importing *importing = context;
    struct db_table_list tables;
    TRY(db_tables(q->db, &tables));
    importing->fresh = arena_new(importing->arena, struct table_mark, tables.count + 1);
    importing->fresh_count = tables.count;
    for (size_t i = 0; i < tables.count; i++)
        TRY(write_table(q, &tables.items[i], NULL, &importing->fresh[i]));
    return NULL;
}

/* A new house is not empty: its schemas bring roles and the like. What they bring is learned from a
 * house that is made for this in a folder of its own. */
static bool learn_fresh(struct importing *importing, struct text *ret_error) {
    struct arena *arena = importing->arena;
    const char *folder = path_join(arena, importing->app->data_folder, "import.fresh");
    folder_remove(folder);
    if (!app_make_folder(folder)) {
        *ret_error = text_format(arena, "%s: %s", folder, strerror(errno));
        return false;
    }
    struct app fresh = *importing->app;
    const char *url = text_terminated(arena, text_format(arena, "sqlite:%s/fresh.db", folder));
    const struct store_settings settings = {.url = url};
    refusal refused = NULL;
    bool is_open = store_open(&settings, arena, &fresh.store, ret_error);
    if (is_open) refused = road_work(&fresh, arena, false, mark_tables, importing);
    if (is_open) store_close(fresh.store);
    folder_remove(folder);
    if (refused) *ret_error = problem_title(refused->kind, true);
    return is_open && !refused;
}

static bool is_fresh(const struct importing *importing, const struct table_mark *mark) {
    if (mark->row_count == 0) return true;
    for (size_t i = 0; i < importing->fresh_count; i++)
        if (text_equal(importing->fresh[i].name, mark->name) &&
            strcmp(importing->fresh[i].sha256, mark->sha256) == 0)
            return true;
    const struct manifest_line *line = find_line(&importing->manifest, "table", mark->name);
    return line && text_is(line->sha256, mark->sha256);
}

/* Rows of another schema may mean something else, so both houses must have had the same steps. */
static refusal compare_steps(struct request *q, const struct importing *importing) {
    struct db_applied_list steps;
    size_t step_count = 0;
    TRY(db_applied_steps(q->db, &steps));
    for (size_t i = 0; i < importing->manifest.count; i++) {
        const struct manifest_line *line = &importing->manifest.lines[i];
        if (!text_is(line->kind, "step")) continue;
        step_count++;
        bool is_known = false;
        for (size_t j = 0; j < steps.count && !is_known; j++)
            is_known = text_equal(steps.items[j].schema, line->name) &&
                       steps.items[j].step == line->number &&
                       text_equal(steps.items[j].sha256, line->sha256);
        if (!is_known)
            return refuse(q, CONFLICT, "", "导出的数据来自另一个版本：%.*s 第 %lld 步在这里没有",
                          "the export is of another version of the program: the schema %.*s has "
                          "a step %lld that is not known here",
                          (int)line->name.length, line->name.bytes, (long long)line->number);
    }
    if (step_count == steps.count) return NULL;
    return refuse(q, CONFLICT, "", "导出的数据来自更旧的版本：请先用新版本打开旧系统，再导出",
                  "the export is of an older version: serve the old house once with this program, "
                  "and export it again");
}

/* ---- one table ---- */

static bool read_bytes(struct arena *arena, struct text hex, struct bytes *ret_bytes) {
    unsigned char *bytes = arena_take_raw(arena, hex.length / 2 + 1);
    size_t length = 0;
    *ret_bytes = (struct bytes){bytes, hex.length / 2};
    return sodium_hex2bin(bytes, hex.length / 2 + 1, hex.bytes, hex.length, NULL, &length, NULL) ==
               0 &&
           length * 2 == hex.length;
}

static bool read_cell(struct arena *arena, const struct json_t *row, size_t index,
                      const struct db_column *column, struct db_value *ret_cell) {
    struct text text;
    struct bytes bytes;
    int64_t number;
    if (column->type == DB_INT) {
        if (!json_list_int(row, index, &number)) return false;
        *ret_cell = db_value_int(number);
        return true;
    }
    if (!json_list_text(row, index, &text)) return false;
    *ret_cell = db_value_text(text);
    if (column->type == DB_TEXT) return true;
    if (!read_bytes(arena, text, &bytes)) return false;
    *ret_cell = db_value_bytes(bytes);
    return true;
}

static bool fits_head(const struct db_table *table, const struct json_t *head) {
    char wanted[200];
    struct text name;
    if (json_list_length(head) != table->column_count) return false;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct db_column *column = &table->columns[i];
        snprintf(wanted, sizeof(wanted), "%.*s %s", (int)column->name.length, column->name.bytes,
                 type_name(column->type));
        if (!json_list_text(head, i, &name) || !text_is(name, wanted)) return false;
    }
    return true;
}

struct reading {
    struct request *q;
    const struct db_table *table;
    struct arena arena; /* of one row */
    int64_t line_count;
};

static refusal refuse_line(struct reading *reading) {
    return refuse(reading->q, BAD_INPUT, "", "%.*s 第 %lld 行读不懂",
                  "%.*s.jsonl: line %lld is not a row of this table",
                  (int)reading->table->name.length, reading->table->name.bytes,
                  (long long)reading->line_count);
}

static refusal read_row(struct reading *reading, struct text line) {
    struct db_value cells[LIMIT_PARAMETERS];
    const struct db_table *table = reading->table;
    const struct json_t *row = json_read(&reading->arena, line, NULL);
    reading->line_count++;
    if (!row || json_list_length(row) != table->column_count) return refuse_line(reading);
    if (reading->line_count == 1) return fits_head(table, row) ? NULL : refuse_line(reading);
    for (size_t i = 0; i < table->column_count; i++)
        if (!read_cell(&reading->arena, row, i, &table->columns[i], &cells[i]))
            return refuse_line(reading);
    return db_table_add(reading->q->db, table, cells);
}

static refusal read_rows(struct reading *reading, FILE *file) {
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    refusal refused = NULL;
    while (!refused && (length = getline(&line, &size, file)) > 0) {
        if (line[length - 1] == '\n') length--;
        refused = read_row(reading, (struct text){line, (size_t)length});
        arena_reset(&reading->arena);
    }
    free(line);
    return refused;
}

/* Its rows, and then the proof: what the table holds now gives the very words of the export. */
static refusal import_table(struct request *q, struct importing *importing,
                            const struct db_table *table) {
    struct reading reading = {
        .q = q, .table = table, .arena = {.total_max = (size_t)4 * ROW_BYTES_MAX}};
    struct table_mark mark;
    const struct manifest_line *line = find_line(&importing->manifest, "table", table->name);
    const char *path = table_file(q->arena, importing->path, table->name);
    FILE *file = line ? fopen(path, "r") : NULL;
    if (!file) return refuse(q, BAD_INPUT, "", "缺少 %s", "%s is missing", path);
    refusal refused = read_rows(&reading, file);
    arena_free(&reading.arena);
    fclose(file);
    TRY(refused);
    TRY(write_table(q, table, NULL, &mark));
    if (!text_is(line->sha256, mark.sha256) || line->number != mark.row_count)
        return refuse(q, BAD_INPUT, "", "%s 和清单对不上", "%s is not what the manifest says",
                      path);
    printf("%12lld rows of %.*s\n", (long long)mark.row_count, (int)table->name.length,
           table->name.bytes);
    return NULL;
}

/* One transaction: whatever goes wrong, the house stays as new as it was. */
static refusal import_all(struct request *q, void *context) {
    struct importing *importing = context;
    struct db_table_list tables;
    struct table_mark mark;
    TRY(compare_steps(q, importing));
    TRY(db_tables(q->db, &tables));
    for (size_t i = 0; i < tables.count; i++) {
        TRY(write_table(q, &tables.items[i], NULL, &mark));
        if (!is_fresh(importing, &mark))
            return refuse(q, CONFLICT, "",
                          "这里已经有数据了（%.*s），只能导入到全新的系统，"
                          "并且要先放好原来的密钥文件",
                          "this house is not new: %.*s holds rows of its own (an import wants a "
                          "new house, and the key file of the old one in its place)",
                          (int)mark.name.length, mark.name.bytes);
    }
    for (size_t i = 0; i < tables.count; i++) TRY(db_table_clear(q->db, &tables.items[i]));
    for (size_t i = 0; i < tables.count; i++) TRY(import_table(q, importing, &tables.items[i]));
    TRY(books_check(q, &importing->report));
    if (importing->report.fault_count == 0) return NULL;
    return refuse(q, CONFLICT, "", "账对不上，没有导入", "the books of the export do not hold");
}

/* Nothing is opened before every file was read once and is what the manifest says. */
static bool verify_files(struct importing *importing, struct text *ret_error) {
    char sha256[FOLDER_SHA256_BYTES];
    int64_t bytes;
    for (size_t i = 0; i < importing->manifest.count; i++) {
        const struct manifest_line *line = &importing->manifest.lines[i];
        if (!text_is(line->kind, "table")) continue;
        const char *path = table_file(importing->arena, importing->path, line->name);
        if (file_hash(path, sha256, &bytes) && text_is(line->sha256, sha256)) continue;
        *ret_error = text_format(importing->arena, "%s is not what the manifest says", path);
        return false;
    }
    return true;
}

static bool bring(struct importing *importing, struct text *ret_error) {
    struct app *app = importing->app;
    refusal refused = road_work(app, importing->arena, true, import_all, importing);
    if (refused) {
        *ret_error =
            refused->fault_count ? refused->faults[0].en : problem_title(refused->kind, true);
        return false;
    }
    return true;
}

int command_import(struct app *app, struct arena *arena, const char *path) {
    struct text error = {0};
    struct importing importing = {
        .app = app, .arena = arena, .path = path, .report = books_report(true)};
    const struct keyring *keyring = NULL;
    const char *files = files_place(app, arena);
    if (!app_prepare(app, &error) ||
        !manifest_read(arena, path, export_title, &importing.manifest, &error) ||
        !verify_files(&importing, &error) || !keyring_load(app, false, arena, &keyring, &error))
        return command_fail(error);
    keyring_close(keyring);
    if (files && !folder_is_empty(files))
        return command_fail(text_format(arena, "%s: there are files already", files));
    app->is_patient = true;
    if (!app_open(app, arena, false, &error)) return command_fail(error);
    bool is_done =
        learn_fresh(&importing, &error) &&
        (!files || folder_bring_files(arena, path, &importing.manifest, files, &error)) &&
        bring(&importing, &error);
    app_close(app);
    if (!is_done) {
        if (files) folder_remove(files);
        return command_fail(error);
    }
    printf("%s is imported, and its books hold\n", path);
    return EXIT_FINE;
}
