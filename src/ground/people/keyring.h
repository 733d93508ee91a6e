/* The keys of the house, in DATA/keys/master.key (0600): one index key for blind indexes and
 * hashes, and numbered master keys that wrap each person's own data key. The newest master key
 * wraps; the older ones still open. Whoever has the database without this file reads no phone, no
 * name and no address. XChaCha20-Poly1305, BLAKE2b and Argon2id by libsodium. */
#ifndef GROUND_PEOPLE_KEYRING_H
#define GROUND_PEOPLE_KEYRING_H

#include "app.h"

enum {
    KEYRING_KEY_BYTES = 32,
    KEYRING_HASH_BYTES = 32,
    KEYRING_MASTERS_MAX = 16,
    KEYRING_MASTER_ID_MAX = 1000000
};

/* Reads the key file of FOLDER; where there is none and MAY_MAKE, makes it. Refuses a file that
 * others may read. False with a sentence in *ret_error. The keyring lives in ARENA until
 * keyring_close, which wipes it. */
bool keyring_load(const struct app *app, bool may_make, struct arena *arena,
                  const struct keyring **ret_keyring, struct text *ret_error);
void keyring_close(const struct keyring *keyring);

/* Appends a new master key to the file, under the next number: from the next start on it wraps. */
bool keyring_add_master(const struct app *app, struct arena *arena, struct text *ret_error);
/* Takes the master keys below OLDEST_ID out of the file, never the newest; *ret_count is how many.
 * What they wrapped, also in backups, opens no more. */
bool keyring_retire(const struct app *app, struct arena *arena, int64_t oldest_id,
                    int64_t *ret_count, struct text *ret_error);
/* The number of the newest master key; whether the file has the key of a number. */
int64_t keyring_newest(const struct keyring *keyring);
bool keyring_has(const struct keyring *keyring, int64_t master_id);

/* A keyed hash of CLEAR, KEYRING_HASH_BYTES long. LABEL keeps uses apart: the same phone has
 * another hash as "phone" and as "try". */
void keyring_hash(const struct keyring *keyring, const char *label, struct bytes clear,
                  unsigned char *ret_hash);

/* A data key under the newest master key, bound to PERSON_ID; and back. False when it was altered,
 * belongs to another person or its master key is not in the file. */
struct keyring_wrapped {
    int64_t master_id;
    struct bytes wrapped;
};
struct keyring_wrapped keyring_wrap(const struct app *app, struct arena *arena, int64_t person_id,
                                    const unsigned char *key);
bool keyring_unwrap(const struct keyring *keyring, int64_t person_id,
                    const struct keyring_wrapped *wrapped, unsigned char *ret_key);

/* Ciphertext of CLEAR under KEY, bound to ABOUT; and back. False when anything of it was altered.
 */
struct bytes keyring_seal(const struct app *app, struct arena *arena, const unsigned char *key,
                          struct bytes about, struct bytes clear);
bool keyring_unseal(struct arena *arena, const unsigned char *key, struct bytes about,
                    struct bytes sealed, struct bytes *ret_clear);

/* The same under the house's own key, as hexadecimal text: what a job carries for somebody who is
 * not a person yet. */
struct text keyring_seal_text(const struct app *app, struct arena *arena, const char *label,
                              struct text clear);
bool keyring_unseal_text(const struct app *app, struct arena *arena, const char *label,
                         struct text sealed, struct text *ret_clear);

/* Argon2id with libsodium's interactive limits (64 MiB, tens of milliseconds): never on a loop or
 * the writer. At most two run at a time, so that a flood of log-ins costs time and not memory. An
 * empty HASH takes as long as a real one and fits nothing. The hash is empty when the machine
 * cannot give the memory. */
struct text keyring_password_hash(const struct keyring *keyring, struct arena *arena,
                                  struct text password);
bool keyring_password_fits(const struct keyring *keyring, struct text hash, struct text password);
/* Test seam: passwords are hashed with as little as the library allows, for tests that are not about
 * how long it takes. No setting leads here. */
void keyring_ease(const struct keyring *keyring);

/* A mark of each key ("index 1", "master 1"), from which the key cannot be found: the database
 * keeps them, so that it is never served with another house's keys. */
struct keyring_mark {
    struct text name;
    struct bytes mark;
};
size_t keyring_marks(const struct keyring *keyring, struct arena *arena,
                     struct keyring_mark *ret_marks);
enum { KEYRING_MARKS_MAX = KEYRING_MASTERS_MAX + 1 };

#endif
