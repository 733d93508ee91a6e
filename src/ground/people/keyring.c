#include "ground/people/keyring.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    HASHING_AT_ONCE = 2,
    FILE_BYTES_MAX = 8 * 1024,
    SEAL_VERSION = 1,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    MARK_BYTES = 16
};

static_assert(KEYRING_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "one key size");

struct keyring {
    unsigned char index_key[KEYRING_KEY_BYTES];
    size_t master_count; /* in the order of their numbers; retired ones leave gaps */
    int64_t master_ids[KEYRING_MASTERS_MAX];
    unsigned char master_keys[KEYRING_MASTERS_MAX][KEYRING_KEY_BYTES];
    sem_t *hashing;
    unsigned long long hashing_passes;
    size_t hashing_bytes;
};

/* ---- the file ---- */

static const char file_head[] =
    "# The keys of this Xiangji house. With the database they open every phone, name and address.\n"
    "# Keep a copy apart from the copies of the database: without it nothing of that opens.\n";

static struct text file_path(const struct app *app, struct arena *arena) {
    return text_format(arena, "%s/keys/master.key", app->data_folder);
}

static struct text system_error(struct arena *arena, const char *what, struct text path) {
    return text_format(arena, "%s %.*s: %s", what, (int)path.length, path.bytes, strerror(errno));
}

static void sync_folder(const char *path) {
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    fsync(folder);
    close(folder);
}

static bool write_all(int file, struct text content) {
    while (content.length) {
        ssize_t written = write(file, content.bytes, content.length);
        if (written <= 0) return false;
        content = text_slice(content, (size_t)written, content.length);
    }
    return true;
}

/* Written beside, flushed, and moved into place by a link or a rename, so that no crash leaves half
 * a key. FRESH refuses to replace a file that another node made meanwhile; that file is then read
 * instead. */
static bool write_file(const struct app *app, struct arena *arena, struct text content,
                       bool fresh) {
    const char *folder = text_terminated(arena, text_format(arena, "%s/keys", app->data_folder));
    const char *path = text_terminated(arena, file_path(app, arena));
    const char *beside = text_terminated(
        arena, text_format(arena, "%s/keys/new.%d", app->data_folder, (int)getpid()));
    if (!app_make_folder(folder)) return false;
    unlink(beside);
    int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return false;
    bool written = write_all(file, content) && fsync(file) == 0;
    written = close(file) == 0 && written;
    if (written && fresh)
        written = link(beside, path) == 0 || errno == EEXIST;
    else if (written)
        written = rename(beside, path) == 0;
    int why = errno;
    unlink(beside);
    sync_folder(folder);
    errno = why;
    return written;
}

static void add_key_line(struct buffer *buffer, const char *kind, int64_t id,
                         const unsigned char *key) {
    struct text hex = text_hex(buffer->arena, (struct bytes){key, KEYRING_KEY_BYTES});
    buffer_add_format(buffer, "%s %lld %.*s\n", kind, (long long)id, (int)hex.length, hex.bytes);
    sodium_memzero((char *)(uintptr_t)hex.bytes, hex.length);
}

static struct text file_content(struct arena *arena, const struct keyring *keyring) {
    struct buffer buffer = buffer_make(arena, FILE_BYTES_MAX);
    buffer_add_literal(&buffer, file_head);
    add_key_line(&buffer, "index", 1, keyring->index_key);
    for (size_t i = 0; i < keyring->master_count; i++)
        add_key_line(&buffer, "master", keyring->master_ids[i], keyring->master_keys[i]);
    assert(!buffer.overflowed);
    return buffer_text(&buffer);
}

int64_t keyring_newest(const struct keyring *keyring) {
    return keyring->master_count ? keyring->master_ids[keyring->master_count - 1] : 0;
}

/* Where the key of a number lies; master_count when the file has none. */
static size_t find_master(const struct keyring *keyring, int64_t master_id) {
    size_t at = 0;
    while (at < keyring->master_count && keyring->master_ids[at] != master_id) at++;
    return at;
}

bool keyring_has(const struct keyring *keyring, int64_t master_id) {
    return find_master(keyring, master_id) < keyring->master_count;
}

static bool read_key(const char *hex, unsigned char *ret_key) {
    size_t length = 0;
    return strlen(hex) == KEYRING_KEY_BYTES * 2 &&
           sodium_hex2bin(ret_key, KEYRING_KEY_BYTES, hex, strlen(hex), NULL, &length, NULL) == 0 &&
           length == KEYRING_KEY_BYTES;
}

/* One line of the file; false when it is none that we wrote. */
static bool read_line(const char *line, struct keyring *keyring, bool *indexed) {
    if (line[0] == '#' || line[0] == '\0') return true;
    char kind[16], hex[80];
    long long id;
    int end = 0;
    if (sscanf(line, "%15s %lld %79s%n", kind, &id, hex, &end) != 3 || line[end] != '\0')
        return false;
    bool read = false;
    if (strcmp(kind, "index") == 0 && id == 1 && !*indexed) {
        read = *indexed = read_key(hex, keyring->index_key);
    } else if (strcmp(kind, "master") == 0 && id > keyring_newest(keyring) &&
               id <= KEYRING_MASTER_ID_MAX && keyring->master_count < KEYRING_MASTERS_MAX) {
        keyring->master_ids[keyring->master_count] = id;
        read = read_key(hex, keyring->master_keys[keyring->master_count]);
        keyring->master_count += read;
    }
    sodium_memzero(hex, sizeof(hex));
    return read;
}

static bool read_content(char *content, struct keyring *keyring) {
    bool indexed = false;
    char *rest = content;
    for (char *line; (line = strsep(&rest, "\n"));)
        if (!read_line(line, keyring, &indexed)) return false;
    return indexed && keyring->master_count > 0;
}

/* True with *ret_missing when there is no file; false with a sentence when it cannot be used. */
static bool read_file(const struct app *app, struct arena *arena, struct keyring *keyring,
                      bool *ret_missing, struct text *ret_error) {
    struct text path = file_path(app, arena);
    int file = open(text_terminated(arena, path), O_RDONLY | O_CLOEXEC);
    *ret_missing = file < 0 && errno == ENOENT;
    if (*ret_missing) return true;
    if (file < 0) {
        *ret_error = system_error(arena, "cannot read", path);
        return false;
    }
    struct stat status;
    char content[FILE_BYTES_MAX + 1];
    ssize_t length = fstat(file, &status) == 0 ? read(file, content, FILE_BYTES_MAX) : -1;
    close(file);
    bool read = false;
    if (length < 0) {
        *ret_error = system_error(arena, "cannot read", path);
    } else if (status.st_mode & 077) {
        *ret_error = text_format(arena, "%.*s may be read by others: chmod 600 it",
                                 (int)path.length, path.bytes);
    } else {
        content[length] = '\0';
        read = read_content(content, keyring);
        if (!read)
            *ret_error =
                text_format(arena, "%.*s is no key file of ours", (int)path.length, path.bytes);
    }
    sodium_memzero(content, sizeof(content));
    return read;
}

static bool make_file(const struct app *app, struct arena *arena, struct text *ret_error) {
    struct keyring fresh = {.master_count = 1, .master_ids = {1}};
    app->random(app, fresh.index_key, sizeof(fresh.index_key));
    app->random(app, fresh.master_keys[0], sizeof(fresh.master_keys[0]));
    struct text content = file_content(arena, &fresh);
    bool written = write_file(app, arena, content, true);
    if (!written) *ret_error = system_error(arena, "cannot write", file_path(app, arena));
    sodium_memzero((char *)(uintptr_t)content.bytes, content.length);
    sodium_memzero(&fresh, sizeof(fresh));
    return written;
}

bool keyring_load(const struct app *app, bool may_make, struct arena *arena,
                  const struct keyring **ret_keyring, struct text *ret_error) {
    struct keyring *keyring = arena_new(arena, struct keyring, 1);
    bool missing = false;
    if (!read_file(app, arena, keyring, &missing, ret_error)) return false;
    if (missing && !may_make) {
        struct text path = file_path(app, arena);
        *ret_error =
            text_format(arena, "the key file %.*s is missing", (int)path.length, path.bytes);
        return false;
    }
    if (missing &&
        (!make_file(app, arena, ret_error) || !read_file(app, arena, keyring, &missing, ret_error)))
        return false;
    assert(!missing);
    /* Locked memory is never written to the swap; where the limit forbids it we go on. */
    (void)sodium_mlock(keyring, sizeof(*keyring));
    keyring->hashing = arena_new(arena, sem_t, 1);
    int failed = sem_init(keyring->hashing, 0, HASHING_AT_ONCE);
    assert(!failed);
    keyring->hashing_passes = crypto_pwhash_OPSLIMIT_INTERACTIVE;
    keyring->hashing_bytes = crypto_pwhash_MEMLIMIT_INTERACTIVE;
    *ret_keyring = keyring;
    return true;
}

void keyring_close(const struct keyring *keyring) {
    if (!keyring) return;
    sem_destroy(keyring->hashing);
    struct keyring *own = (struct keyring *)(uintptr_t)keyring;
    sodium_memzero(own, sizeof(*own));
    (void)sodium_munlock(own, sizeof(*own));
}

static bool rewrite_file(const struct app *app, struct arena *arena, const struct keyring *keyring,
                         struct text *ret_error) {
    struct text content = file_content(arena, keyring);
    bool written = write_file(app, arena, content, false);
    if (!written) *ret_error = system_error(arena, "cannot write", file_path(app, arena));
    sodium_memzero((char *)(uintptr_t)content.bytes, content.length);
    return written;
}

bool keyring_add_master(const struct app *app, struct arena *arena, struct text *ret_error) {
    struct keyring keyring = {0};
    bool missing = false;
    bool added = false;
    if (!read_file(app, arena, &keyring, &missing, ret_error)) return false;
    if (missing || keyring.master_count == KEYRING_MASTERS_MAX ||
        keyring_newest(&keyring) == KEYRING_MASTER_ID_MAX) {
        *ret_error = missing ? TEXT("there is no key file yet")
                             : TEXT("the key file is full: retire the old keys first");
    } else {
        app->random(app, keyring.master_keys[keyring.master_count], KEYRING_KEY_BYTES);
        keyring.master_ids[keyring.master_count] = keyring_newest(&keyring) + 1;
        keyring.master_count++;
        added = rewrite_file(app, arena, &keyring, ret_error);
    }
    sodium_memzero(&keyring, sizeof(keyring));
    return added;
}

bool keyring_retire(const struct app *app, struct arena *arena, int64_t oldest_id,
                    int64_t *ret_count, struct text *ret_error) {
    struct keyring keyring = {0};
    bool missing = false;
    if (!read_file(app, arena, &keyring, &missing, ret_error)) return false;
    size_t gone = 0;
    while (gone + 1 < keyring.master_count && keyring.master_ids[gone] < oldest_id) gone++;
    size_t left = keyring.master_count - gone;
    memmove(keyring.master_ids, keyring.master_ids + gone, left * sizeof(keyring.master_ids[0]));
    memmove(keyring.master_keys, keyring.master_keys + gone, left * sizeof(keyring.master_keys[0]));
    keyring.master_count = left;
    bool done = !missing && (gone == 0 || rewrite_file(app, arena, &keyring, ret_error));
    if (missing) *ret_error = TEXT("there is no key file yet");
    if (done) *ret_count = (int64_t)gone;
    sodium_memzero(&keyring, sizeof(keyring));
    return done;
}

size_t keyring_marks(const struct keyring *keyring, struct arena *arena,
                     struct keyring_mark *ret_marks) {
    static const unsigned char words[] = "the mark of a key";
    size_t count = keyring->master_count + 1;
    for (size_t i = 0; i < count; i++) {
        unsigned char *mark = arena_take(arena, MARK_BYTES);
        const unsigned char *key = i == 0 ? keyring->index_key : keyring->master_keys[i - 1];
        crypto_generichash(mark, MARK_BYTES, words, sizeof(words), key, KEYRING_KEY_BYTES);
        ret_marks[i] = (struct keyring_mark){
            i == 0 ? TEXT("index 1")
                   : text_format(arena, "master %lld", (long long)keyring->master_ids[i - 1]),
            {mark, MARK_BYTES}};
    }
    return count;
}

/* ---- hashes and seals ---- */

void keyring_hash(const struct keyring *keyring, const char *label, struct bytes clear,
                  unsigned char *ret_hash) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, keyring->index_key, KEYRING_KEY_BYTES, KEYRING_HASH_BYTES);
    /* The label's NUL goes in, so that no label and text run into another. */
    crypto_generichash_update(&state, (const unsigned char *)label, strlen(label) + 1);
    if (clear.length) crypto_generichash_update(&state, clear.data, clear.length);
    crypto_generichash_final(&state, ret_hash, KEYRING_HASH_BYTES);
}

struct bytes keyring_seal(const struct app *app, struct arena *arena, const unsigned char *key,
                          struct bytes about, struct bytes clear) {
    unsigned char *sealed = arena_take_raw(arena, 1 + NONCE_BYTES + clear.length + TAG_BYTES);
    unsigned long long length = 0;
    sealed[0] = SEAL_VERSION;
    app->random(app, sealed + 1, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + 1 + NONCE_BYTES, &length, clear.data,
                                               clear.length, about.data, about.length, NULL,
                                               sealed + 1, key);
    assert(length == clear.length + TAG_BYTES);
    return (struct bytes){sealed, 1 + NONCE_BYTES + (size_t)length};
}

bool keyring_unseal(struct arena *arena, const unsigned char *key, struct bytes about,
                    struct bytes sealed, struct bytes *ret_clear) {
    if (sealed.length < 1 + NONCE_BYTES + TAG_BYTES || sealed.data[0] != SEAL_VERSION) return false;
    size_t boxed = sealed.length - 1 - NONCE_BYTES;
    unsigned char *clear = arena_take_raw(arena, boxed);
    unsigned long long length = 0;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(clear, &length, NULL,
                                                   sealed.data + 1 + NONCE_BYTES, boxed, about.data,
                                                   about.length, sealed.data + 1, key) != 0)
        return false;
    *ret_clear = (struct bytes){clear, (size_t)length};
    return true;
}

enum { WRAP_ABOUT_BYTES = 24 };

static struct bytes wrap_about(unsigned char *bytes, int64_t person_id) {
    memcpy(bytes, "key of a person", 16);
    for (int i = 0; i < 8; i++)
        bytes[16 + i] = (unsigned char)((uint64_t)person_id >> (56 - 8 * i));
    return (struct bytes){bytes, WRAP_ABOUT_BYTES};
}

struct keyring_wrapped keyring_wrap(const struct app *app, struct arena *arena, int64_t person_id,
                                    const unsigned char *key) {
    const struct keyring *keyring = app->keyring;
    unsigned char about[WRAP_ABOUT_BYTES];
    struct bytes wrapped =
        keyring_seal(app, arena, keyring->master_keys[keyring->master_count - 1],
                     wrap_about(about, person_id), (struct bytes){key, KEYRING_KEY_BYTES});
    return (struct keyring_wrapped){keyring_newest(keyring), wrapped};
}

bool keyring_unwrap(const struct keyring *keyring, int64_t person_id,
                    const struct keyring_wrapped *wrapped, unsigned char *ret_key) {
    size_t wanted = 1 + NONCE_BYTES + KEYRING_KEY_BYTES + TAG_BYTES;
    size_t at = find_master(keyring, wrapped->master_id);
    if (at == keyring->master_count || wrapped->wrapped.length != wanted ||
        wrapped->wrapped.data[0] != SEAL_VERSION)
        return false;
    unsigned char about[WRAP_ABOUT_BYTES];
    struct bytes bound = wrap_about(about, person_id);
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
               ret_key, NULL, NULL, wrapped->wrapped.data + 1 + NONCE_BYTES,
               KEYRING_KEY_BYTES + TAG_BYTES, bound.data, bound.length, wrapped->wrapped.data + 1,
               keyring->master_keys[at]) == 0;
}

/* The house's own key for a label: made from the index key, which no rotation changes. */
static void house_key(const struct keyring *keyring, const char *label, unsigned char *ret_key) {
    keyring_hash(keyring, "the key of the house",
                 (struct bytes){(const unsigned char *)label, strlen(label)}, ret_key);
}

struct text keyring_seal_text(const struct app *app, struct arena *arena, const char *label,
                              struct text clear) {
    unsigned char key[KEYRING_HASH_BYTES];
    house_key(app->keyring, label, key);
    struct bytes sealed =
        keyring_seal(app, arena, key, (struct bytes){0},
                     (struct bytes){(const unsigned char *)clear.bytes, clear.length});
    sodium_memzero(key, sizeof(key));
    return text_hex(arena, sealed);
}

bool keyring_unseal_text(const struct app *app, struct arena *arena, const char *label,
                         struct text sealed, struct text *ret_clear) {
    size_t length = 0;
    unsigned char *bytes = arena_take_raw(arena, sealed.length / 2 + 1);
    if (sodium_hex2bin(bytes, sealed.length / 2 + 1, sealed.bytes, sealed.length, NULL, &length,
                       NULL) != 0)
        return false;
    unsigned char key[KEYRING_HASH_BYTES];
    house_key(app->keyring, label, key);
    struct bytes clear;
    bool opened =
        keyring_unseal(arena, key, (struct bytes){0}, (struct bytes){bytes, length}, &clear);
    sodium_memzero(key, sizeof(key));
    if (opened) *ret_clear = (struct text){(const char *)clear.data, clear.length};
    return opened;
}

/* ---- passwords ---- */

static void wait_for_turn(const struct keyring *keyring) {
    while (sem_wait(keyring->hashing) != 0) assert(errno == EINTR);
}

struct text keyring_password_hash(const struct keyring *keyring, struct arena *arena,
                                  struct text password) {
    char hash[crypto_pwhash_STRBYTES];
    wait_for_turn(keyring);
    int failed = crypto_pwhash_str(hash, password.bytes, password.length, keyring->hashing_passes,
                                   keyring->hashing_bytes);
    sem_post(keyring->hashing);
    return failed ? (struct text){0} : text_copy(arena, text_of(hash));
}

bool keyring_password_fits(const struct keyring *keyring, struct text hash, struct text password) {
    char stored[crypto_pwhash_STRBYTES] = {0};
    assert(hash.length < sizeof(stored));
    if (hash.length) memcpy(stored, hash.bytes, hash.length);
    wait_for_turn(keyring);
    bool fits = false;
    if (hash.length) {
        fits = crypto_pwhash_str_verify(stored, password.bytes, password.length) == 0;
    } else {
        /* Nobody to compare with: the same work, so that the time does not tell whether a phone is
         * known. */
        (void)!crypto_pwhash_str(stored, password.bytes, password.length, keyring->hashing_passes,
                                 keyring->hashing_bytes);
    }
    sem_post(keyring->hashing);
    return fits;
}

void keyring_ease(const struct keyring *keyring) {
    struct keyring *own = (struct keyring *)(uintptr_t)keyring;
    own->hashing_passes = crypto_pwhash_OPSLIMIT_MIN;
    own->hashing_bytes = crypto_pwhash_MEMLIMIT_MIN;
}
