/* The key file by itself: what it may hold, and what a full disk or another node leaves of it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ground/people/keyring.h"
#include "kernel/base/test.h"

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHER_KEY "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

struct folder {
    char path[64];
    char keys[96];
    char file[128];
    struct app app;
    struct arena arena;
    const struct keyring *keyring;
    struct text error;
};

static void draw_sevens(const struct app *app, void *bytes, size_t length) {
    (void)app;
    memset(bytes, 7, length);
}

static struct folder *open_folder(void) {
    static int number;
    struct arena arena = {0};
    struct folder *folder = arena_new(&arena, struct folder, 1);
    folder->arena = arena;
    snprintf(folder->path, sizeof(folder->path), "/tmp/xj-keys-%d-%d", (int)getpid(), number++);
    CHECK(mkdir(folder->path, 0700) == 0);
    snprintf(folder->keys, sizeof(folder->keys), "%s/keys", folder->path);
    snprintf(folder->file, sizeof(folder->file), "%s/master.key", folder->keys);
    CHECK(mkdir(folder->keys, 0700) == 0);
    folder->app = (struct app){.data_folder = folder->path, .random = draw_sevens};
    return folder;
}

static void close_folder(struct folder *folder) {
    char command[128];
    keyring_close(folder->keyring);
    snprintf(command, sizeof(command), "rm -rf %s", folder->path);
    CHECK(system(command) == 0);
    /* The folder itself stands in its arena. */
    struct arena arena = folder->arena;
    arena_free(&arena);
}

static void write_keys(const struct folder *folder, const char *content) {
    FILE *file = fopen(folder->file, "w");
    CHECK(file && fputs(content, file) >= 0 && fclose(file) == 0);
    CHECK(chmod(folder->file, 0600) == 0);
}

static struct text read_keys(struct folder *folder) {
    char content[4096];
    FILE *file = fopen(folder->file, "r");
    CHECK(file != NULL);
    size_t length = fread(content, 1, sizeof(content), file);
    CHECK(fclose(file) == 0);
    return text_copy(&folder->arena, (struct text){content, length});
}

static bool load(struct folder *folder, bool may_make) {
    keyring_close(folder->keyring);
    folder->keyring = NULL;
    folder->error = (struct text){0};
    return keyring_load(&folder->app, may_make, &folder->arena, &folder->keyring, &folder->error);
}

static void expect_error(const struct folder *folder, const char *words) {
    if (text_find(folder->error, text_of(words), 0) == SIZE_MAX)
        test_fail(__FILE__, __LINE__, "\"%.*s\" does not say \"%s\"", (int)folder->error.length,
                  folder->error.bytes ? folder->error.bytes : "", words);
}

static void expect_file_alone(const struct folder *folder) {
    char command[160];
    snprintf(command, sizeof(command), "test \"$(ls %s | grep -v '^master.key$')\" = ''",
             folder->keys);
    CHECK(system(command) == 0);
}

TEST("key file: comments, gaps and a missing line end are read; the newest key is the last") {
    struct folder *folder = open_folder();
    write_keys(folder, "# ours\n\nindex 1 " KEY "\nmaster 3 " KEY "\nmaster 7 " OTHER_KEY);
    CHECK(load(folder, false));
    CHECK_INT(keyring_newest(folder->keyring), 7);
    CHECK(keyring_has(folder->keyring, 3) && keyring_has(folder->keyring, 7));
    CHECK(!keyring_has(folder->keyring, 1) && !keyring_has(folder->keyring, 8));
    close_folder(folder);
}

TEST("key file: a line that is wrong in any way makes the whole file none of ours") {
    static const char *const wrong[] = {
        "",
        "index 1 " KEY "\n",
        "master 1 " KEY "\n",
        "index 2 " KEY "\nmaster 1 " KEY "\n",
        "index 1 " KEY "\nindex 1 " KEY "\nmaster 1 " KEY "\n",
        "index 1 " KEY "\nmaster 2 " KEY "\nmaster 2 " KEY "\n",
        "index 1 " KEY "\nmaster 2 " KEY "\nmaster 1 " KEY "\n",
        "index 1 " KEY "\nmaster 0 " KEY "\n",
        "index 1 " KEY "\nmaster -1 " KEY "\n",
        "index 1 " KEY "\nmaster 1000001 " KEY "\n",
        "index 1 " KEY "\nmaster one " KEY "\n",
        "index 1 " KEY "\nmaster 1 " KEY " \n",
        "index 1 " KEY "\nmaster 1 " KEY "00\n",
        "index 1 " KEY "\nmaster 1 0011\n",
        "index 1 " KEY "\nmaster 1\n",
        "index 1 " KEY "\nmaster 1 zz112233445566778899aabbccddeeff"
        "00112233445566778899aabbccddeeff\n",
        "index 1 " KEY "\nqueen 1 " KEY "\n",
    };
    struct folder *folder = open_folder();
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        write_keys(folder, wrong[i]);
        if (load(folder, true)) test_fail(__FILE__, __LINE__, "number %zu was read", i);
        expect_error(folder, "no key file of ours");
        CHECK_TEXT(read_keys(folder), wrong[i]); /* and it is never written over */
    }
    close_folder(folder);
}

static void write_masters(const struct folder *folder, int count) {
    struct arena arena = {0};
    struct buffer keys = buffer_make(&arena, 4000);
    buffer_add_literal(&keys, "index 1 " KEY "\n");
    for (int i = 1; i <= count; i++) buffer_add_format(&keys, "master %d " KEY "\n", i);
    write_keys(folder, text_terminated(&arena, buffer_text(&keys)));
    arena_free(&arena);
}

TEST("key file: it holds sixteen keys, then the old ones have to go first") {
    struct folder *folder = open_folder();
    int64_t gone = 0;
    write_masters(folder, KEYRING_MASTERS_MAX + 1);
    CHECK(!load(folder, false));
    write_masters(folder, KEYRING_MASTERS_MAX);
    CHECK(load(folder, false));
    CHECK(!keyring_add_master(&folder->app, &folder->arena, &folder->error));
    expect_error(folder, "retire the old keys");
    CHECK(keyring_retire(&folder->app, &folder->arena, 3, &gone, &folder->error));
    CHECK_INT(gone, 2);
    CHECK(keyring_add_master(&folder->app, &folder->arena, &folder->error));
    CHECK(load(folder, false));
    CHECK_INT(keyring_newest(folder->keyring), KEYRING_MASTERS_MAX + 1);
    CHECK(!keyring_has(folder->keyring, 2) && keyring_has(folder->keyring, 3));
    /* The newest stays, whatever is asked. */
    CHECK(keyring_retire(&folder->app, &folder->arena, 99, &gone, &folder->error));
    CHECK(load(folder, false));
    CHECK_INT(keyring_newest(folder->keyring), KEYRING_MASTERS_MAX + 1);
    CHECK(keyring_retire(&folder->app, &folder->arena, 99, &gone, &folder->error));
    CHECK_INT(gone, 0);
    write_keys(folder, "index 1 " KEY "\nmaster 1000000 " KEY "\n");
    CHECK(!keyring_add_master(&folder->app, &folder->arena, &folder->error));
    expect_error(folder, "full");
    close_folder(folder);
}

TEST("key file: one that is missing is made only where it may be, and never by a rotation") {
    struct folder *folder = open_folder();
    int64_t gone = 0;
    CHECK(!load(folder, false));
    expect_error(folder, "is missing");
    CHECK(!keyring_add_master(&folder->app, &folder->arena, &folder->error));
    expect_error(folder, "no key file yet");
    CHECK(!keyring_retire(&folder->app, &folder->arena, 1, &gone, &folder->error));
    expect_error(folder, "no key file yet");
    CHECK(access(folder->file, F_OK) != 0);
    CHECK(load(folder, true));
    expect_file_alone(folder);
    close_folder(folder);
}

TEST("key file: what cannot be opened or read is told, and nothing is put in its place") {
    struct folder *folder = open_folder();
    int64_t gone = 0;
    CHECK(symlink("master.key", folder->file) == 0); /* it leads to itself */
    CHECK(!load(folder, true));
    expect_error(folder, "cannot read");
    CHECK(!keyring_add_master(&folder->app, &folder->arena, &folder->error));
    CHECK(!keyring_retire(&folder->app, &folder->arena, 1, &gone, &folder->error));
    CHECK(unlink(folder->file) == 0 && mkdir(folder->file, 0700) == 0);
    CHECK(!load(folder, true));
    expect_error(folder, "cannot read");
    CHECK(rmdir(folder->file) == 0 && rmdir(folder->keys) == 0);
    folder->app.data_folder = "/nowhere/at/all";
    CHECK(!load(folder, true));
    expect_error(folder, "cannot write");
    folder->app.data_folder = folder->path;
    close_folder(folder);
}

/* No file takes more than this many bytes, as on a disk that is full. Nothing may be printed
 * meanwhile. */
static void limit_files(rlim_t bytes) {
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

TEST("key file: a full disk leaves the old keys whole, and no half of a new one") {
    struct folder *folder = open_folder();
    limit_files(100);
    bool made = load(folder, true);
    limit_files(RLIM_INFINITY);
    CHECK(!made);
    expect_error(folder, "cannot write");
    CHECK(access(folder->file, F_OK) != 0);
    expect_file_alone(folder);
    write_masters(folder, 2);
    struct text before = read_keys(folder);
    int64_t gone = 0;
    limit_files(100);
    bool added = keyring_add_master(&folder->app, &folder->arena, &folder->error);
    bool retired = keyring_retire(&folder->app, &folder->arena, 2, &gone, &folder->error);
    limit_files(RLIM_INFINITY);
    CHECK(!added && !retired);
    CHECK_INT(gone, 0);
    CHECK(text_equal(read_keys(folder), before));
    expect_file_alone(folder);
    CHECK(keyring_add_master(&folder->app, &folder->arena, &folder->error));
    CHECK(load(folder, false));
    CHECK_INT(keyring_newest(folder->keyring), 3);
    close_folder(folder);
}

TEST("key file: what another program left in the way is told, and the keys stay") {
    struct folder *folder = open_folder();
    char beside[160];
    write_masters(folder, 1);
    struct text before = read_keys(folder);
    snprintf(beside, sizeof(beside), "%s/new.%d", folder->keys, (int)getpid());
    CHECK(mkdir(beside, 0700) == 0);
    CHECK(!keyring_add_master(&folder->app, &folder->arena, &folder->error));
    expect_error(folder, "cannot write");
    CHECK(text_equal(read_keys(folder), before));
    close_folder(folder);
}

/* Between looking for the file and writing it, another node made one. */
static void draw_late(const struct app *app, void *bytes, size_t length) {
    struct folder *folder = app->seam;
    if (access(folder->file, F_OK) != 0)
        write_keys(folder, "index 1 " OTHER_KEY "\nmaster 1 " OTHER_KEY "\n");
    memset(bytes, 9, length);
}

TEST("key file: of two nodes that start at once both go on with the keys of the first") {
    struct folder *folder = open_folder();
    folder->app.random = draw_late;
    folder->app.seam = folder;
    CHECK(load(folder, true));
    CHECK_TEXT(read_keys(folder), "index 1 " OTHER_KEY "\nmaster 1 " OTHER_KEY "\n");
    unsigned char ours[KEYRING_HASH_BYTES], theirs[KEYRING_HASH_BYTES];
    struct bytes words = {(const unsigned char *)"13800138000", 11};
    keyring_hash(folder->keyring, "phone", words, ours);
    CHECK(load(folder, false));
    keyring_hash(folder->keyring, "phone", words, theirs);
    CHECK(memcmp(ours, theirs, sizeof(ours)) == 0);
    expect_file_alone(folder);
    close_folder(folder);
}

/* ---- what the keys close ---- */

TEST("keys: a data key opens with its master key, its person and its bytes alone") {
    struct folder *folder = open_folder();
    unsigned char key[KEYRING_KEY_BYTES] = {5}, back[KEYRING_KEY_BYTES];
    write_masters(folder, 2);
    CHECK(load(folder, false));
    folder->app.keyring = folder->keyring;
    struct keyring_wrapped wrapped = keyring_wrap(&folder->app, &folder->arena, 77, key);
    CHECK_INT(wrapped.master_id, 2);
    CHECK(keyring_unwrap(folder->keyring, 77, &wrapped, back));
    CHECK(memcmp(key, back, sizeof(key)) == 0);
    CHECK(!keyring_unwrap(folder->keyring, 78, &wrapped, back));
    struct keyring_wrapped other = wrapped;
    other.master_id = 3; /* not in the file */
    CHECK(!keyring_unwrap(folder->keyring, 77, &other, back));
    other = wrapped;
    other.wrapped.length--;
    CHECK(!keyring_unwrap(folder->keyring, 77, &other, back));
    unsigned char *bytes = (unsigned char *)(uintptr_t)wrapped.wrapped.data;
    bytes[0]++; /* of a version to come */
    CHECK(!keyring_unwrap(folder->keyring, 77, &wrapped, back));
    close_folder(folder);
}

TEST("keys: what a job carries opens under its label, whole and unaltered") {
    struct folder *folder = open_folder();
    struct text clear;
    write_masters(folder, 1);
    CHECK(load(folder, false));
    folder->app.keyring = folder->keyring;
    struct text sealed =
        keyring_seal_text(&folder->app, &folder->arena, "people.send_code", TEXT("13800138000"));
    CHECK(keyring_unseal_text(&folder->app, &folder->arena, "people.send_code", sealed, &clear));
    CHECK_TEXT(clear, "13800138000");
    const struct text bad[] = {TEXT(""), TEXT("00"), TEXT("no hexadecimal"),
                               text_slice(sealed, 0, sealed.length - 2),
                               text_slice(sealed, 0, sealed.length - 1)};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(
            !keyring_unseal_text(&folder->app, &folder->arena, "people.send_code", bad[i], &clear));
    CHECK(!keyring_unseal_text(&folder->app, &folder->arena, "people.send_notice", sealed, &clear));
    close_folder(folder);
}

TEST("keys: a password is hashed by Argon2id over 64 MiB, unless a test asked for less") {
    struct folder *folder = open_folder();
    const char *const cost = "$argon2id$v=19$m=65536,t=2,p=1$";
    struct text password = TEXT("correct-horse-1");
    write_masters(folder, 1);
    CHECK(load(folder, false));
    struct text hash = keyring_password_hash(folder->keyring, &folder->arena, password);
    CHECK(text_starts(hash, text_of(cost)));
    CHECK(keyring_password_fits(folder->keyring, hash, password));
    CHECK(!keyring_password_fits(folder->keyring, hash, TEXT("correct-horse-2")));
    CHECK(!keyring_password_fits(folder->keyring, TEXT(""), password));
    struct text again = keyring_password_hash(folder->keyring, &folder->arena, password);
    CHECK(!text_equal(hash, again)); /* its salt is its own */
    keyring_ease(folder->keyring);
    struct text eased = keyring_password_hash(folder->keyring, &folder->arena, password);
    CHECK(!text_starts(eased, text_of(cost)));
    CHECK(keyring_password_fits(folder->keyring, eased, password));
    CHECK(keyring_password_fits(folder->keyring, hash, password));
    /* The next start knows nothing of it. */
    CHECK(load(folder, false));
    hash = keyring_password_hash(folder->keyring, &folder->arena, password);
    CHECK(text_starts(hash, text_of(cost)));
    close_folder(folder);
}
