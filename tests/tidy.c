/* The house rules that a machine can hold: `tidy SOURCE_ROOT` reads src/ and names every place
 * that breaks one. STYLE.md says which rule each check stands for. It is a test, so it may read
 * files with stdio and use the heap. */
#include <assert.h>
#include <dirent.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    PATH_MAX_BYTES = 512,
    FULL_MAX_BYTES = 1536,
    ROOMS_MAX = 64,
    FUNCTION_LINES_MAX = 70,
    COLUMNS_MAX = 100
};

struct room_place {
    char wing[24];
    char name[24];
};

struct tidy {
    const char *root;
    struct room_place rooms[ROOMS_MAX];
    size_t room_count;
    size_t file_count;
    size_t line_count;
    size_t fault_count;
};

struct file {
    const char *path; /* below the root: "src/market/orders/orders.c" */
    const char *name;
    char wing[24];
    char room[24];
    bool in_kernel;
    bool is_test;
    char *text;
};

static void fault(struct tidy *tidy, const struct file *file, size_t line, const char *words) {
    tidy->fault_count++;
    printf("%s:%zu: %s\n", file->path, line, words);
}

/* Each pattern is compiled once: a tree of this size asks some hundred thousand questions. */
static bool matches(const char *pattern, const char *text, regmatch_t *ret_match) {
    static struct {
        const char *pattern;
        regex_t regex;
    } known[32];
    regmatch_t match[4];
    size_t i = 0;
    while (known[i].pattern && known[i].pattern != pattern) i++;
    assert(i + 1 < sizeof(known) / sizeof(known[0]));
    if (!known[i].pattern) {
        assert(regcomp(&known[i].regex, pattern, REG_EXTENDED) == 0);
        known[i].pattern = pattern;
    }
    bool found = regexec(&known[i].regex, text, 4, match, 0) == 0;
    if (found && ret_match) memcpy(ret_match, match, sizeof(match));
    return found;
}

static int room_order(const struct tidy *tidy, const char *name) {
    for (size_t i = 0; i < tidy->room_count; i++)
        if (strcmp(tidy->rooms[i].name, name) == 0) return (int)i;
    return -1;
}

/* ---- one line at a time ---- */

struct line_rule {
    const char *pattern;
    const char *words;
    bool rooms_only;    /* the kernel may */
    const char *except; /* a part of a path where the rule does not hold */
};

static const struct line_rule line_rules[] = {
    {"#include <(sqlite3|libpq-fe|microhttpd)\\.h>", "engine and HTTP headers belong to the kernel",
     true, "tests/"},
    {"#include <jansson\\.h>", "jansson belongs to kernel/base and kernel/shape", true, NULL},
    {"#include <microhttpd\\.h>", "the HTTP library lives in kernel/http only", false,
     "kernel/http/"},
    {"#include <sqlite3\\.h>|#include <libpq-fe\\.h>", "the engines live in kernel/db only", false,
     "kernel/db/"},
    {"#include <vips/", "libvips lives in kernel/picture only", false,
     "kernel/picture/|tests/support/"},
    {"#include <(csv|xlsxwriter)\\.h>", "libcsv and libxlsxwriter live in kernel/sheet only", false,
     "kernel/sheet/"},
    {"(^|[^a-z_])(malloc|calloc|realloc|free|strdup|strndup|asprintf)\\(",
     "rooms take memory from the arena", true, NULL},
    {"(^|[^a-z_])(strcpy|strcat|sprintf|gets|strtok|atoi|atol|alloca|rand|srand|localtime)\\(",
     "a function with a safer twin", false, NULL},
    {"(\\.|->)fen([^a-z_]|$)", "money is looked into by money.c, the shapes and db.h alone", false,
     "kernel/base/money|kernel/shape/|kernel/db/db.h"},
    {"int64_t [a-z_]*_fen([^a-z_(]|$)", "money has a type: struct fen", false, "kernel/base/money"},
    {"(TO"
     "DO|FIX"
     "ME|XX"
     "X[^X]|HA"
     "CK)([^A-Za-z]|$)",
     "a word of an unfinished thing", false, NULL},
    {"^typedef struct", "structs have no typedefs", false, "kernel/base/problem.h"},
    {"(double|float) [a-z_]+ *(=|;|,|\\))", "no floating point beside counts and money", true,
     NULL},
    {"\" *OFFSET |\\$[0-9]+::|[^a-z_]now\\(\\)|AUTOINCREMENT|BIGSERIAL| FOR UPDATE| LIKE \\$",
     "outside the SQL both engines share", false, "kernel/db/"},
    {"pthread_create", "rooms have no threads", true, "ground/jobs/"},
    {"(^|[^a-z_])(time|clock_gettime|gettimeofday)\\(", "the clock comes in as q->now", true, NULL},
};

static bool stands_in(const char *path, const char *parts) {
    while (parts && *parts) {
        size_t length = strcspn(parts, "|");
        char part[80];
        snprintf(part, sizeof(part), "%.*s", (int)length, parts);
        if (strstr(path, part)) return true;
        parts += length + (parts[length] == '|');
    }
    return false;
}

/* Columns as a reader sees them: a code point is one, whatever its bytes. */
static size_t columns_of(const char *line) {
    size_t columns = 0;
    for (; *line; line++) columns += ((unsigned char)*line & 0xC0) != 0x80;
    return columns;
}

static void check_line(struct tidy *tidy, const struct file *file, const char *line,
                       size_t number) {
    for (size_t i = 0; i < sizeof(line_rules) / sizeof(line_rules[0]); i++) {
        const struct line_rule *rule = &line_rules[i];
        if (rule->rooms_only && (file->in_kernel || !file->room[0] || file->is_test)) continue;
        if (stands_in(file->path, rule->except)) continue;
        if (matches(rule->pattern, line, NULL)) fault(tidy, file, number, rule->words);
    }
    if (columns_of(line) > COLUMNS_MAX) fault(tidy, file, number, "over 100 columns");
}

/* Arrows point down: kernel/base < picture < sheet < shape < db < http < rooms as in rooms.def.
 */
static void check_include(struct tidy *tidy, const struct file *file, const char *line,
                          size_t number) {
    static const char *const kernel[] = {"base", "picture", "sheet", "shape", "db", "http"};
    enum { KERNEL_FLOORS = 6, FLOOR_DB = 4, FLOOR_HTTP = 5 };
    regmatch_t match[4];
    if (!matches("^#include \"([a-z]+)/([a-z]+)/", line, match)) return;
    char wing[24], room[24];
    snprintf(wing, sizeof(wing), "%.*s", (int)(match[1].rm_eo - match[1].rm_so),
             line + match[1].rm_so);
    snprintf(room, sizeof(room), "%.*s", (int)(match[2].rm_eo - match[2].rm_so),
             line + match[2].rm_so);
    int own = -1, other = -1;
    for (int i = 0; i < KERNEL_FLOORS; i++) {
        if (strcmp(kernel[i], file->room) == 0) own = i;
        if (strcmp(kernel[i], room) == 0) other = i;
    }
    bool to_kernel = strcmp(wing, "kernel") == 0;
    if (file->in_kernel && !file->is_test) {
        if (!to_kernel) fault(tidy, file, number, "the kernel knows no rooms");
        /* db.h names the rooms' list, which route.h holds: the one arrow between the two top
         * floors of the kernel. */
        else if (other > own && !(own == FLOOR_DB && other == FLOOR_HTTP))
            fault(tidy, file, number, "an arrow that points up");
        return;
    }
    if (to_kernel || strcmp(wing, "support") == 0 || !file->room[0]) return;
    if (room_order(tidy, room) > room_order(tidy, file->room) && !file->is_test)
        fault(tidy, file, number, "an arrow that points up");
}

/* A room names no other room's tables. */
static void check_tables(struct tidy *tidy, const struct file *file, const char *line,
                         size_t number) {
    if (file->in_kernel || !file->room[0] || file->is_test) return;
    for (const char *at = line; *at;) {
        regmatch_t match[4];
        if (!matches("(FROM|JOIN|INTO|UPDATE|TABLE) ([a-z]+)_", at, match)) return;
        char prefix[24];
        snprintf(prefix, sizeof(prefix), "%.*s", (int)(match[2].rm_eo - match[2].rm_so),
                 at + match[2].rm_so);
        bool known = room_order(tidy, prefix) >= 0 || strcmp(prefix, "http") == 0 ||
                     strcmp(prefix, "db") == 0;
        if (known && strcmp(prefix, file->room) != 0)
            fault(tidy, file, number, "a room that reads another's tables");
        at += match[0].rm_eo;
    }
}

/* ---- whole files ---- */

static void check_functions(struct tidy *tidy, const struct file *file) {
    size_t number = 0, start = 0;
    char *copy = strdup(file->text);
    for (char *line = copy, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = '\0';
        number++;
        size_t length = strlen(line);
        bool opens = length && line[length - 1] == '{' && line[0] != ' ' && line[0] != '}' &&
                     strchr(line, '(');
        bool opens_below = strcmp(line, "{") == 0;
        if (opens || opens_below) start = number;
        if (line[0] == '}' && start) {
            if (number - start + 1 > FUNCTION_LINES_MAX)
                fault(tidy, file, start, "a function over 70 lines");
            start = 0;
        }
    }
    free(copy);
}

static void check_text(struct tidy *tidy, const struct file *file) {
    char *copy = strdup(file->text);
    size_t number = 0;
    for (char *line = copy, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = '\0';
        number++;
        check_line(tidy, file, line, number);
        check_include(tidy, file, line, number);
        check_tables(tidy, file, line, number);
    }
    tidy->line_count += number;
    free(copy);
    check_functions(tidy, file);
}

static char *read_file(const char *path) {
    FILE *stream = fopen(path, "rb");
    if (!stream) return NULL;
    fseek(stream, 0, SEEK_END);
    long size = ftell(stream);
    rewind(stream);
    char *text = calloc(1, (size_t)size + 1);
    assert(text && fread(text, 1, (size_t)size, stream) == (size_t)size);
    fclose(stream);
    return text;
}

static bool is_source(const char *name) {
    size_t length = strlen(name);
    return length > 2 && name[length - 2] == '.' &&
           (name[length - 1] == 'c' || name[length - 1] == 'h');
}

static void check_file(struct tidy *tidy, const char *path) {
    char full[FULL_MAX_BYTES];
    struct file file = {.path = path, .name = strrchr(path, '/') + 1};
    snprintf(full, sizeof(full), "%s/%s", tidy->root, path);
    int end = 0;
    sscanf(path, "src/%23[a-z]/%23[a-z]/%n", file.wing, file.room, &end);
    if (end == 0) file.room[0] = '\0'; /* a file right below src/ or src/demo/ is above all rooms */
    file.in_kernel = strcmp(file.wing, "kernel") == 0;
    file.is_test = strncmp(file.name, "test", 4) == 0 || strncmp(path, "tests/", 6) == 0;
    file.text = read_file(full);
    assert(file.text);
    tidy->file_count++;
    check_text(tidy, &file);
    free(file.text);
}

static void walk(struct tidy *tidy, const char *folder) {
    char full[FULL_MAX_BYTES], path[PATH_MAX_BYTES];
    struct stat status;
    struct dirent **entries;
    snprintf(full, sizeof(full), "%s/%s", tidy->root, folder);
    int count = scandir(full, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof(path), "%.250s/%.250s", folder, entries[i]->d_name);
        snprintf(full, sizeof(full), "%s/%s", tidy->root, path);
        bool hidden = entries[i]->d_name[0] == '.';
        if (!hidden && stat(full, &status) == 0) {
            if (S_ISDIR(status.st_mode))
                walk(tidy, path);
            else if (is_source(entries[i]->d_name))
                check_file(tidy, path);
        }
        free(entries[i]);
    }
    if (count >= 0) free(entries);
}

static void read_rooms(struct tidy *tidy) {
    char path[FULL_MAX_BYTES];
    snprintf(path, sizeof(path), "%s/src/rooms.def", tidy->root);
    char *text = read_file(path);
    assert(text);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        struct room_place *room = &tidy->rooms[tidy->room_count];
        assert(tidy->room_count < ROOMS_MAX);
        if (sscanf(line, "ROOM(%23[a-z], %23[a-z])", room->wing, room->name) == 2)
            tidy->room_count++;
    }
    free(text);
}

/* Whoever has lived in one room can live in all: the same files stand in each. */
static void check_rooms(struct tidy *tidy) {
    static const char *const always[] = {"README.md", "doors.c", "test.c"};
    for (size_t i = 0; i < tidy->room_count; i++) {
        const struct room_place *room = &tidy->rooms[i];
        if (strcmp(room->wing, "kernel") == 0) continue;
        char path[FULL_MAX_BYTES];
        struct stat status;
        for (size_t j = 0; j < 5; j++) {
            if (j < 3)
                snprintf(path, sizeof(path), "%s/src/%s/%s/%s", tidy->root, room->wing, room->name,
                         always[j]);
            else
                snprintf(path, sizeof(path), "%s/src/%s/%s/%s.%c", tidy->root, room->wing,
                         room->name, room->name, j == 3 ? 'h' : 'c');
            if (stat(path, &status) == 0) continue;
            tidy->fault_count++;
            printf("%s is missing\n", path + strlen(tidy->root) + 1);
        }
    }
}

int main(int argc, char **argv) {
    assert(argc == 2);
    struct tidy tidy = {.root = argv[1]};
    read_rooms(&tidy);
    walk(&tidy, "src");
    check_rooms(&tidy);
    printf("tidy: %zu rooms, %zu files, %zu lines\n", tidy.room_count, tidy.file_count,
           tidy.line_count);
    /* A walk that found nothing would pass everything. */
    if (tidy.file_count < 20 || tidy.room_count < 3) tidy.fault_count++;
    printf("%d passed, %zu failed\n", tidy.fault_count == 0, tidy.fault_count);
    return tidy.fault_count != 0;
}
