/* places INPUT OUTPUT: makes the table of places (src/ground/places/table.h) from the folder dist/
 * of china-division, or from one CSV file of 12-digit codes and names. */
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../src/ground/places/table.h"

enum { LINE_BYTES_MAX = 1024, PATH_BYTES_MAX = 4096, CODE_DIGITS = 12, ROWS_MAX = 1000000 };

struct row {
    int64_t code; /* 12 digits */
    int level;
    char *name;
    uint32_t name_at;
};

struct table {
    struct row *rows;
    size_t count;
    struct row
        *levels[PLACES_LEVELS + 1]; /* levels[n] is the first row of level n + 1 after sort_rows */
    char *blob;
    size_t blob_bytes;
};

static _Noreturn void fail(const char *what, const char *where) {
    fprintf(stderr, "places: %s: %s%s%s\n", where, what, errno ? ": " : "",
            errno ? strerror(errno) : "");
    exit(1);
}

static void *take(size_t size) {
    void *taken = calloc(1, size ? size : 1);
    if (!taken) fail("no memory", "calloc");
    return taken;
}

/* A city without counties (东莞 and two more) has one county row of the city's own code: there the
 * file tells the level. */
static int level_by_digits(int64_t code) {
    if (code % 1000) return 5;
    if (code / 1000 % 1000) return 4;
    if (code / 1000000 % 100) return 3;
    return code / 100000000 % 100 ? 2 : 1;
}

/* ---- reading ---- */

static void add_row(struct table *table, int level, int64_t code, const char *name) {
    if (table->count == ROWS_MAX) fail("more rows than the bound", name);
    if (!table->rows) table->rows = take(ROWS_MAX * sizeof(struct row));
    char *copy = strdup(name);
    if (!copy) fail("no memory", name);
    table->rows[table->count++] = (struct row){.code = code, .level = level, .name = copy};
}

/* Reads `code,"name",...` lines; a code shorter than twelve digits is filled with zeros behind.
 * LEVEL 0: by the digits. */
static void read_csv(struct table *table, int level, const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) fail("cannot read", path);
    char line[LINE_BYTES_MAX];
    while (fgets(line, sizeof(line), file)) {
        if (!isdigit((unsigned char)line[0])) continue;
        char *rest;
        int64_t code = strtoll(line, &rest, 10);
        for (long digits = rest - line; digits < CODE_DIGITS; digits++) code *= 10;
        if (*rest != ',') fail("a line without a name", path);
        char *name = rest + 1;
        if (*name == '"') name++;
        name[strcspn(name, "\",\r\n")] = '\0';
        if (!*name) fail("an empty name", path);
        /* 金门县 stands for its own town and village: those two rows say nothing and would share
         * its code. */
        if (level > 3 && level_by_digits(code) != level) continue;
        add_row(table, level ? level : level_by_digits(code), code, name);
    }
    fclose(file);
}

/* Hong Kong, Macau and Taiwan come as names only. Their provinces have national codes; the levels
 * below are numbered in the order of the package, under the province's two digits. */
static void read_named_provinces(struct table *table, const char *path) {
    static const struct {
        const char *name;
        int64_t code;
    } provinces[] = {{"台湾省", 71}, {"香港特别行政区", 81}, {"澳门特别行政区", 82}};
    json_error_t error;
    json_t *whole = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!whole) fail(error.text, path);
    for (size_t i = 0; i < sizeof(provinces) / sizeof(provinces[0]); i++) {
        const char *city;
        json_t *counties;
        json_t *cities = json_object_get(whole, provinces[i].name);
        if (!cities) fail("a province is missing", provinces[i].name);
        int64_t code = provinces[i].code;
        add_row(table, 1, code * 10000000000, provinces[i].name);
        int64_t city_code = code * 100;
        json_object_foreach(cities, city, counties) {
            city_code++;
            add_row(table, 2, city_code * 100000000, city);
            size_t number;
            json_t *county;
            json_array_foreach(counties, number, county)
                add_row(table, 3, (city_code * 100 + (int64_t)number + 1) * 1000000,
                        json_string_value(county));
        }
    }
    json_decref(whole);
}

static void read_input(struct table *table, const char *input) {
    static const char *const files[PLACES_LEVELS] = {"provinces.csv", "cities.csv", "areas.csv",
                                                     "streets.csv", "villages.csv"};
    struct stat status;
    if (stat(input, &status) != 0) fail("cannot read", input);
    if (!S_ISDIR(status.st_mode)) {
        read_csv(table, 0, input);
        return;
    }
    char path[PATH_BYTES_MAX];
    for (int level = 1; level <= PLACES_LEVELS; level++) {
        snprintf(path, sizeof(path), "%s/%s", input, files[level - 1]);
        read_csv(table, level, path);
    }
    snprintf(path, sizeof(path), "%s/HK-MO-TW.json", input);
    read_named_provinces(table, path);
}

/* ---- ordering ---- */

static int by_level_and_code(const void *a, const void *b) {
    const struct row *one = a;
    const struct row *two = b;
    if (one->level != two->level) return one->level - two->level;
    return (one->code > two->code) - (one->code < two->code);
}

static void sort_rows(struct table *table) {
    qsort(table->rows, table->count, sizeof(struct row), by_level_and_code);
    size_t at = 0;
    for (int level = 1; level <= PLACES_LEVELS; level++) {
        table->levels[level - 1] = table->rows + at;
        while (at < table->count && table->rows[at].level == level) {
            if (at > 0 && by_level_and_code(&table->rows[at - 1], &table->rows[at]) == 0)
                fail("a code occurs twice", table->rows[at].name);
            at++;
        }
    }
    table->levels[PLACES_LEVELS] = table->rows + table->count;
}

static int by_name(const void *a, const void *b) {
    return strcmp((*(struct row *const *)a)->name, (*(struct row *const *)b)->name);
}

/* Each distinct name once, in the order of its bytes. */
static void make_blob(struct table *table) {
    struct row **order = take(table->count * sizeof(*order));
    size_t bytes_max = 0;
    for (size_t i = 0; i < table->count; i++) {
        order[i] = &table->rows[i];
        bytes_max += strlen(order[i]->name) + 1;
    }
    qsort(order, table->count, sizeof(*order), by_name);
    table->blob = take(bytes_max);
    for (size_t i = 0; i < table->count; i++) {
        if (i > 0 && by_name(&order[i - 1], &order[i]) == 0) {
            order[i]->name_at = order[i - 1]->name_at;
            continue;
        }
        size_t length = strlen(order[i]->name) + 1;
        order[i]->name_at = (uint32_t)table->blob_bytes;
        memcpy(table->blob + table->blob_bytes, order[i]->name, length);
        table->blob_bytes += length;
    }
    if (table->blob_bytes >= (1u << (8 * PLACES_VILLAGE_NAME_BYTES)))
        fail("names pass the reach of a village's name offset", "blob");
    free(order);
}

/* ---- writing ---- */

static const int64_t level_unit[PLACES_LEVELS] = {10000000000, 100000000, 1000000, 1000, 1};

static uint32_t position(FILE *file) {
    while (ftell(file) % 4) fputc(0, file);
    return (uint32_t)ftell(file);
}

static void put_u32(FILE *file, uint32_t value) { fwrite(&value, sizeof(value), 1, file); }

/* children[i] is the first row of the next level whose code is not below row i's; rows without
 * their parent are refused. */
static void write_children(FILE *file, const struct table *table, int level) {
    const struct row *child = table->levels[level];
    const struct row *end = table->levels[level + 1];
    for (const struct row *row = table->levels[level - 1]; row < table->levels[level]; row++) {
        put_u32(file, (uint32_t)(child - table->levels[level]));
        int64_t unit = level_unit[level - 1];
        while (child < end && child->code / unit == row->code / unit) child++;
    }
    put_u32(file, (uint32_t)(child - table->levels[level]));
    if (child != end) fail("a place without its parent", child->name);
}

static void write_upper_level(FILE *file, struct places_header *header, const struct table *table,
                              int level) {
    const struct row *first = table->levels[level - 1];
    const struct row *end = table->levels[level];
    header->codes_at[level - 1] = position(file);
    for (const struct row *row = first; row < end; row++)
        put_u32(file, (uint32_t)(row->code / level_unit[level - 1]));
    header->names_at[level - 1] = position(file);
    for (const struct row *row = first; row < end; row++) put_u32(file, row->name_at);
    header->children_at[level - 1] = position(file);
    write_children(file, table, level);
}

static void write_villages(FILE *file, struct places_header *header, const struct table *table) {
    const struct row *first = table->levels[PLACES_LEVELS - 1];
    const struct row *end = table->levels[PLACES_LEVELS];
    header->codes_at[PLACES_LEVELS - 1] = position(file);
    for (const struct row *row = first; row < end; row++) {
        uint16_t digits = (uint16_t)(row->code % 1000);
        fwrite(&digits, sizeof(digits), 1, file);
    }
    header->names_at[PLACES_LEVELS - 1] = position(file);
    for (const struct row *row = first; row < end; row++)
        fwrite(&row->name_at, PLACES_VILLAGE_NAME_BYTES, 1, file);
}

static void write_table(const struct table *table, const char *path) {
    FILE *file = fopen(path, "wb");
    if (!file) fail("cannot write", path);
    struct places_header header = {.magic = PLACES_TABLE_MAGIC};
    fwrite(&header, sizeof(header), 1, file);
    for (int level = 1; level <= PLACES_LEVELS; level++)
        header.count[level - 1] = (uint32_t)(table->levels[level] - table->levels[level - 1]);
    for (int level = 1; level < PLACES_LEVELS; level++)
        write_upper_level(file, &header, table, level);
    write_villages(file, &header, table);
    header.blob_at = position(file);
    header.blob_bytes = (uint32_t)table->blob_bytes;
    fwrite(table->blob, 1, table->blob_bytes, file);
    rewind(file);
    fwrite(&header, sizeof(header), 1, file);
    if (ferror(file) || fclose(file) != 0) fail("cannot write", path);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: places INPUT OUTPUT\n");
        return 2;
    }
    struct table table = {0};
    read_input(&table, argv[1]);
    if (table.count == 0) fail("no places", argv[1]);
    sort_rows(&table);
    make_blob(&table);
    write_table(&table, argv[2]);
    for (size_t i = 0; i < table.count; i++) free(table.rows[i].name);
    free(table.rows);
    free(table.blob);
    return 0;
}
