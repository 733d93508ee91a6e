/* embed LIST FOLDER: makes FOLDER/embed_files.bin (all bytes), embed_bytes.S (which takes them in)
 * and embed_files.c (the index of src/kernel/base/embed.h). LIST has a line a file: its name in the
 * program, a tab, its path on the disk. The same input gives the same output, byte for byte. */
#include <errno.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#include "../src/kernel/base/embed.h"

enum { LINE_BYTES_MAX = 8192, ALIGNMENT = 64, GZIP_WORTH_BYTES = 256 };

struct entry {
    char *name;
    char *path;
    size_t offset;
    size_t length;
    size_t gzip_offset;
    size_t gzip_length;
    char etag[crypto_hash_sha256_BYTES * 2 + 1];
};

/* The build ends here with a word about what went wrong. */
static _Noreturn void fail(const char *what, const char *name) {
    fprintf(stderr, "embed: %s: %s%s%s\n", name, what, errno ? ": " : "",
            errno ? strerror(errno) : "");
    exit(1);
}

static void *take(size_t size) {
    void *taken = malloc(size ? size : 1);
    if (!taken) fail("no memory", "malloc");
    return taken;
}

static FILE *open_made(const char *folder, const char *name) {
    char path[LINE_BYTES_MAX];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file) fail("cannot write", path);
    return file;
}

static void close_made(FILE *file, const char *name) {
    if (ferror(file) || fclose(file) != 0) fail("cannot write", name);
}

static unsigned char *read_whole(const char *path, size_t *ret_length) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) fail("cannot read", path);
    long size = ftell(file);
    if (size < 0) fail("cannot read", path);
    rewind(file);
    unsigned char *bytes = take((size_t)size);
    if (fread(bytes, 1, (size_t)size, file) != (size_t)size) fail("cannot read", path);
    fclose(file);
    *ret_length = (size_t)size;
    return bytes;
}

struct media {
    const char *suffix;
    const char *type;
    bool compresses;
};

static const struct media media[] = {
    {".html", "text/html; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".mjs", "text/javascript; charset=utf-8", true},
    {".css", "text/css; charset=utf-8", true},
    {".json", "application/json", true},
    {".map", "application/json", true},
    {".webmanifest", "application/manifest+json", true},
    {".svg", "image/svg+xml", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".xml", "application/xml", true},
    {".sql", "text/plain; charset=utf-8", true},
    {".ico", "image/x-icon", true},
    {".wasm", "application/wasm", true},
    {".webp", "image/webp", false},
    {".png", "image/png", false},
    {".jpg", "image/jpeg", false},
    {".woff2", "font/woff2", false},
};

static const struct media *media_of(const char *name) {
    static const struct media other = {"", "application/octet-stream", false};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof(media) / sizeof(media[0]); i++)
        if (strcmp(media[i].suffix, dot) == 0) return &media[i];
    return &other;
}

/* The gzip form of BYTES, or NULL where it would save less than a twentieth. */
static unsigned char *gzip_of(const unsigned char *bytes, size_t length, size_t *ret_length) {
    z_stream stream = {0};
    int gzip_window = MAX_WBITS + 16;
    if (deflateInit2(&stream, 9, Z_DEFLATED, gzip_window, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        fail("deflateInit2", "zlib");
    size_t room = deflateBound(&stream, length);
    unsigned char *packed = take(room);
    stream.next_in = bytes;
    stream.avail_in = (uInt)length;
    stream.next_out = packed;
    stream.avail_out = (uInt)room;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) fail("deflate", "zlib");
    *ret_length = stream.total_out;
    deflateEnd(&stream);
    if (*ret_length <= length - length / 20) return packed;
    free(packed);
    return NULL;
}

/* Writes BYTES and at least one NUL, up to the alignment; returns where they begin. */
static size_t put_bytes(FILE *file, const unsigned char *bytes, size_t length) {
    static const char zeros[ALIGNMENT];
    long at = ftell(file);
    size_t padding = ALIGNMENT - length % ALIGNMENT;
    if (at < 0 || fwrite(bytes, 1, length, file) != length ||
        fwrite(zeros, 1, padding, file) != padding)
        fail("cannot write", "embed_files.bin");
    return (size_t)at;
}

static void put_entry(struct entry *entry, FILE *file) {
    size_t length;
    unsigned char *bytes = read_whole(entry->path, &length);
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, bytes, length);
    sodium_bin2hex(entry->etag, sizeof(entry->etag), hash, sizeof(hash));
    entry->length = length;
    entry->offset = put_bytes(file, bytes, length);
    if (media_of(entry->name)->compresses && length >= GZIP_WORTH_BYTES) {
        unsigned char *packed = gzip_of(bytes, length, &entry->gzip_length);
        if (packed)
            entry->gzip_offset = put_bytes(file, packed, entry->gzip_length);
        else
            entry->gzip_length = 0;
        free(packed);
    }
    free(bytes);
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static struct entry *read_list(const char *path, size_t *ret_count) {
    FILE *file = fopen(path, "r");
    if (!file) fail("cannot read", path);
    struct entry *entries = NULL;
    size_t count = 0;
    char line[LINE_BYTES_MAX];
    while (fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';
        char *tab = strchr(line, '\t');
        if (line[0] == '\0') continue;
        if (!tab) fail("a line without a tab", path);
        *tab = '\0';
        if (strpbrk(line, "\"\\")) fail("a name with a quote or a backslash", line);
        entries = realloc(entries, (count + 1) * sizeof(*entries));
        if (!entries) fail("no memory", "realloc");
        entries[count++] = (struct entry){.name = strdup(line), .path = strdup(tab + 1)};
    }
    fclose(file);
    if (count > 0) qsort(entries, count, sizeof(*entries), by_name);
    for (size_t i = 1; i < count; i++)
        if (by_name(&entries[i - 1], &entries[i]) == 0) fail("named twice", entries[i].name);
    *ret_count = count;
    return entries;
}

static void write_index(const char *folder, const struct entry *entries, size_t count) {
    FILE *file = open_made(folder, "embed_files.c");
    fprintf(file, "/* Made by tools/embed.c. */\n#include \"kernel/base/embed.h\"\n\n"
                  "extern const unsigned char embed_bytes[];\n"
                  "extern const struct embed_file embed_files[];\n"
                  "extern const size_t embed_files_count;\n\n"
                  "const struct embed_file embed_files[] = {\n");
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = &entries[i];
        fprintf(file, "    {\"%s\", embed_bytes + %zu, %zu, ", entry->name, entry->offset,
                entry->length);
        if (entry->gzip_length > 0)
            fprintf(file, "embed_bytes + %zu, %zu,\n", entry->gzip_offset, entry->gzip_length);
        else
            fprintf(file, "0, 0,\n");
        fprintf(file, "     \"%s\", \"%s\"},\n", entry->etag, media_of(entry->name)->type);
    }
    /* An array needs an element; the count leaves it out. */
    fprintf(file, "    {0}};\nconst size_t embed_files_count = %zu;\n", count);
    close_made(file, "embed_files.c");
}

static void write_assembly(const char *folder) {
    FILE *file = open_made(folder, "embed_bytes.S");
    fprintf(file,
            "/* Made by tools/embed.c. */\n"
            "    .section .rodata\n    .global embed_bytes\n    .hidden embed_bytes\n"
            "    .balign %d\nembed_bytes:\n    .incbin \"%s/embed_files.bin\"\n"
            "    .byte 0\n    .section .note.GNU-stack,\"\",%%progbits\n",
            ALIGNMENT, folder);
    close_made(file, "embed_bytes.S");
}

int main(int argc, char **argv) {
    if (argc != 3 || sodium_init() < 0) {
        fprintf(stderr, "usage: embed LIST FOLDER\n");
        return 2;
    }
    size_t count;
    struct entry *entries = read_list(argv[1], &count);
    FILE *file = open_made(argv[2], "embed_files.bin");
    for (size_t i = 0; i < count; i++) put_entry(&entries[i], file);
    close_made(file, "embed_files.bin");
    write_index(argv[2], entries, count);
    write_assembly(argv[2]);
    for (size_t i = 0; i < count; i++) {
        free(entries[i].name);
        free(entries[i].path);
    }
    free(entries);
    return 0;
}
