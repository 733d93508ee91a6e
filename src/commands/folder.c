#include "commands/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"

enum { PIECE_BYTES = 64 * 1024, MANIFEST_BYTES_MAX = 256 * 1024 * 1024, OPEN_FOLDERS = 16 };

static bool say(struct arena *arena, const char *path, const char *why, struct text *ret_error) {
    *ret_error = text_format(arena, "%s: %s", path, why);
    return false;
}

const char *path_join(struct arena *arena, const char *path, const char *name) {
    return text_terminated(arena, text_format(arena, "%s/%s", path, name));
}

static void end_hash(crypto_hash_sha256_state *state, char *ret_sha256) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(state, hash);
    sodium_bin2hex(ret_sha256, FOLDER_SHA256_BYTES, hash, sizeof(hash));
}

/* ---- single files ---- */

bool file_exists(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0;
}

static bool write_all(int file, const char *bytes, size_t length) {
    while (length) {
        ssize_t written = write(file, bytes, length);
        if (written <= 0 && errno != EINTR) return false;
        if (written < 0) continue;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

/* Reads FROM to its end, into TO where that is one. */
static bool pass_bytes(int from, int to, char *ret_sha256, int64_t *ret_bytes) {
    unsigned char piece[PIECE_BYTES];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    ssize_t length;
    *ret_bytes = 0;
    while ((length = read(from, piece, sizeof(piece))) != 0) {
        if (length < 0 && errno == EINTR) continue;
        if (length < 0) return false;
        crypto_hash_sha256_update(&state, piece, (size_t)length);
        if (to >= 0 && !write_all(to, (const char *)piece, (size_t)length)) return false;
        *ret_bytes += length;
    }
    end_hash(&state, ret_sha256);
    return true;
}

bool file_hash(const char *path, char *ret_sha256, int64_t *ret_bytes) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return false;
    bool is_read = pass_bytes(file, -1, ret_sha256, ret_bytes);
    close(file);
    return is_read;
}

bool file_copy(const char *from, const char *to, char *ret_sha256) {
    int64_t bytes;
    int source = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (source < 0) return false;
    int target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool is_copied =
        target >= 0 && pass_bytes(source, target, ret_sha256, &bytes) && fsync(target) == 0;
    int why = errno;
    close(source);
    if (target >= 0) is_copied = close(target) == 0 && is_copied;
    errno = why;
    return is_copied;
}

/* ---- folders ---- */

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void folder_remove(const char *path) {
    (void)!nftw(path, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

bool folder_is_empty(const char *path) {
    DIR *folder = opendir(path);
    if (!folder) return errno == ENOENT;
    int count = 0;
    for (const struct dirent *entry; (entry = readdir(folder));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return count == 0;
}

void folder_sync(const char *path) {
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    fsync(folder);
    close(folder);
}

static const char *parent_of(struct arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) return ".";
    if (slash == path) return "/";
    return text_terminated(arena, (struct text){path, (size_t)(slash - path)});
}

static const char *without_slash(struct arena *arena, const char *path) {
    struct text whole = text_of(path);
    while (whole.length > 1 && whole.bytes[whole.length - 1] == '/') whole.length--;
    return text_terminated(arena, whole);
}

bool folder_begin(struct folder *folder, struct arena *arena, const char *path,
                  struct text *ret_error) {
    path = without_slash(arena, path);
    *folder = (struct folder){
        .arena = arena, .path = path, .lock = -1, .lines = buffer_make(arena, MANIFEST_BYTES_MAX)};
    folder->beside = text_terminated(arena, text_format(arena, "%s.unfinished", path));
    if (file_exists(path))
        return say(arena, path, "there is something of that name already", ret_error);
    if (!app_make_folder(folder->beside))
        return say(arena, folder->beside, strerror(errno), ret_error);
    folder->lock = open(folder->beside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->lock < 0 || flock(folder->lock, LOCK_EX | LOCK_NB)) {
        if (folder->lock >= 0) close(folder->lock);
        return say(arena, folder->beside, "another command is writing there", ret_error);
    }
    if (folder_is_empty(folder->beside)) return true;
    folder_remove(folder->beside);
    close(folder->lock);
    return folder_begin(folder, arena, path, ret_error);
}

void folder_note(struct folder *folder, const char *kind, const char *sha256, int64_t number,
                 const char *name) {
    buffer_add_format(&folder->lines, "%s %s %lld %s\n", kind, sha256, (long long)number, name);
}

/* The folder's own name comes last and at once: whoever sees it sees the whole. */
bool folder_end(struct folder *folder, const char *title, const char *suffix,
                struct text *ret_error) {
    struct arena *arena = folder->arena;
    struct text body = buffer_text(&folder->lines);
    struct text content = text_format(arena, "%s\n%.*s", title, (int)body.length, body.bytes);
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)content.bytes, content.length);
    struct text hex = text_hex(arena, (struct bytes){hash, sizeof(hash)});
    struct text end = text_format(arena, "manifest %.*s 0 above\n", (int)hex.length, hex.bytes);
    const char *path = path_join(arena, folder->beside, "manifest.txt");
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool is_written = !folder->lines.overflowed && file >= 0 &&
                      write_all(file, content.bytes, content.length) &&
                      write_all(file, end.bytes, end.length) && fsync(file) == 0;
    if (file >= 0) is_written = close(file) == 0 && is_written;
    if (!is_written) return say(arena, path, strerror(errno), ret_error);
    if (syncfs(folder->lock)) return say(arena, path, strerror(errno), ret_error);
    const char *name = text_terminated(arena, text_format(arena, "%s%s", folder->path, suffix));
    if (renameat2(AT_FDCWD, folder->beside, AT_FDCWD, name, RENAME_NOREPLACE))
        return say(arena, name, strerror(errno), ret_error);
    folder_sync(parent_of(arena, folder->path));
    close(folder->lock);
    folder->lock = -1;
    return true;
}

void folder_abandon(struct folder *folder) {
    if (folder->lock < 0) return;
    folder_remove(folder->beside);
    close(folder->lock);
    folder->lock = -1;
}

/* ---- the manifest ---- */

static struct text take_word(struct text *rest, const char *until) {
    size_t end = text_find(*rest, text_of(until), 0);
    struct text word = text_slice(*rest, 0, end);
    *rest = end == SIZE_MAX ? TEXT("") : text_slice(*rest, end + 1, rest->length);
    return word;
}

/* A name that climbs out of the folder is nobody's honest backup. */
static bool is_inside(struct text name) {
    if (!name.length || name.bytes[0] == '/') return false;
    for (struct text rest = name; rest.length;) {
        struct text part = take_word(&rest, "/");
        if (!part.length || text_is(part, "..") || text_is(part, ".")) return false;
    }
    return true;
}

static bool read_line(struct text line, struct manifest_line *ret_line) {
    struct text rest = line;
    ret_line->kind = take_word(&rest, " ");
    ret_line->sha256 = take_word(&rest, " ");
    struct text number = take_word(&rest, " ");
    ret_line->name = rest;
    return ret_line->sha256.length == FOLDER_SHA256_BYTES - 1 &&
           text_to_int64(number, &ret_line->number) && is_inside(rest);
}

static struct text read_whole(struct arena *arena, const char *path) {
    FILE *file = fopen(path, "rb");
    struct buffer content = buffer_make(arena, MANIFEST_BYTES_MAX);
    char piece[PIECE_BYTES];
    size_t length;
    while (file && (length = fread(piece, 1, sizeof(piece), file)) > 0)
        buffer_add(&content, piece, length);
    if (file) fclose(file);
    return content.overflowed ? TEXT("") : buffer_text(&content);
}

bool manifest_read(struct arena *arena, const char *path, const char *title,
                   struct manifest *ret_manifest, struct text *ret_error) {
    path = path_join(arena, path, "manifest.txt");
    struct text content = read_whole(arena, path), rest = content;
    struct manifest manifest = {0};
    size_t line_count = 0;
    for (size_t i = 0; i < content.length; i++) line_count += content.bytes[i] == '\n';
    manifest.lines = arena_new(arena, struct manifest_line, line_count + 1);
    manifest.title = take_word(&rest, "\n");
    if (!content.length || !text_is(manifest.title, title))
        return say(arena, path,
                   text_terminated(arena, text_format(arena, "is no manifest of \"%s\"", title)),
                   ret_error);
    bool is_proved = false;
    while (rest.length && !is_proved) {
        size_t at = content.length - rest.length;
        struct manifest_line *line = &manifest.lines[manifest.count];
        if (!read_line(take_word(&rest, "\n"), line)) break;
        if (!text_is(line->kind, "manifest")) {
            manifest.count++;
            continue;
        }
        unsigned char hash[crypto_hash_sha256_BYTES];
        crypto_hash_sha256(hash, (const unsigned char *)content.bytes, at);
        is_proved = !rest.length &&
                    text_equal(line->sha256, text_hex(arena, (struct bytes){hash, sizeof(hash)}));
        break;
    }
    if (!is_proved) return say(arena, path, "is damaged or not whole", ret_error);
    *ret_manifest = manifest;
    return true;
}

/* ---- the files of a house ---- */

const char *files_place(const struct app *app, struct arena *arena) {
    struct text url = text_of(app->files_url ? app->files_url : "");
    if (text_starts(url, TEXT("folder:"))) return app->files_url + strlen("folder:");
    return url.length ? NULL : path_join(arena, app->data_folder, "files");
}

struct tree {
    struct folder *folder;
    const char *from;
    const char *to;
    struct text *ret_error;
};

static bool copy_tree(struct tree *tree, const char *below);

static bool link_or_copy(const char *from, const char *to, char *ret_sha256, int64_t *ret_bytes) {
    if (link(from, to) == 0) return file_hash(to, ret_sha256, ret_bytes);
    if (errno != EXDEV && errno != EPERM && errno != EMLINK) return false;
    return file_copy(from, to, ret_sha256) && file_hash(to, ret_sha256, ret_bytes);
}

static bool copy_entry(struct tree *tree, const char *below, const char *name) {
    struct arena *arena = tree->folder->arena;
    const char *inside = *below ? path_join(arena, below, name) : name;
    const char *from = path_join(arena, tree->from, inside);
    const char *to = path_join(arena, tree->to, inside);
    struct stat status;
    char sha256[FOLDER_SHA256_BYTES];
    int64_t bytes = 0;
    if (lstat(from, &status)) return errno == ENOENT; /* gone meanwhile */
    if (S_ISDIR(status.st_mode)) return copy_tree(tree, text_terminated(arena, text_of(inside)));
    if (!S_ISREG(status.st_mode)) return true;
    if (!link_or_copy(from, to, sha256, &bytes)) {
        if (errno == ENOENT && !file_exists(from)) return true;
        return say(arena, from, strerror(errno), tree->ret_error);
    }
    folder_note(tree->folder, "file", sha256, bytes, inside);
    return true;
}

static bool copy_tree(struct tree *tree, const char *below) {
    struct arena *arena = tree->folder->arena;
    const char *to = *below ? path_join(arena, tree->to, below) : tree->to;
    struct dirent **entries;
    int count = scandir(*below ? path_join(arena, tree->from, below) : tree->from, &entries, NULL,
                        alphasort);
    if (count < 0)
        return errno == ENOENT || say(arena, tree->from, strerror(errno), tree->ret_error);
    bool is_fine = app_make_folder(to);
    for (int i = 0; i < count; i++) {
        const char *name = text_terminated(arena, text_of(entries[i]->d_name));
        if (is_fine && name[0] != '.') is_fine = copy_entry(tree, below, name);
        free(entries[i]);
    }
    free(entries);
    return is_fine;
}

bool folder_copy_files(struct folder *folder, const char *from, const char *to,
                       struct text *ret_error) {
    struct tree tree = {folder, from, to, ret_error};
    if (!from) {
        printf("the files lie in a bucket: its own tools copy them\n");
        return true;
    }
    *ret_error = text_format(folder->arena, "%s cannot be copied to %s", from, to);
    return copy_tree(&tree, "");
}

/* Makes the folders that lead to the file NAME below TO. */
static bool make_way(struct arena *arena, const char *to, struct text name) {
    for (size_t at = 0; (at = text_find(name, TEXT("/"), at)) != SIZE_MAX; at++) {
        const char *part = text_terminated(arena, text_slice(name, 0, at));
        if (!app_make_folder(path_join(arena, to, part))) return false;
    }
    return true;
}

bool folder_bring_files(struct arena *arena, const char *path, const struct manifest *manifest,
                        const char *to, struct text *ret_error) {
    const char *from = path_join(arena, path, "files");
    char sha256[FOLDER_SHA256_BYTES];
    bool has_any = false;
    for (size_t i = 0; i < manifest->count; i++) {
        const struct manifest_line *line = &manifest->lines[i];
        if (!text_is(line->kind, "file")) continue;
        if (!has_any && !app_make_folder(to)) return say(arena, to, strerror(errno), ret_error);
        has_any = true;
        const char *name = text_terminated(arena, line->name);
        const char *target = path_join(arena, to, name);
        if (!make_way(arena, to, line->name) ||
            !file_copy(path_join(arena, from, name), target, sha256))
            return say(arena, path_join(arena, from, name), strerror(errno), ret_error);
        if (!text_is(line->sha256, sha256))
            return say(arena, path_join(arena, from, name), "is not what the manifest says",
                       ret_error);
    }
    if (!has_any) return true;
    int folder = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_synced = folder >= 0 && syncfs(folder) == 0;
    if (folder >= 0) close(folder);
    return is_synced || say(arena, to, strerror(errno), ret_error);
}
