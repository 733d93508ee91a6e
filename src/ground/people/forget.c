/* Leaving and being forgotten. Closing empties what tells who somebody is; the key that opens the
 * records of trade lives as long as the law wants these kept, then it is destroyed. Both leave a
 * tombstone outside the database, so that a backup that is put back forgets again. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ground/audit/audit.h"
#include "ground/jobs/jobs.h"
#include "ground/people/inside.h"

const struct fact people_closing = {"people_closing"};
const struct fact people_wiped = {"people_wiped"};

enum { LINE_BYTES_MAX = 80 };

static refusal refuse_keepers(struct request *q, int64_t person_id) {
    int64_t grants = 0;
    TRY(db_int(q->db,
               SQL("i", "SELECT CAST(count(*) AS BIGINT) FROM people_grant WHERE person_id = $1"),
               PARAMS(person_id), &grants, NULL));
    if (grants == 0) return NULL;
    return refuse(q, WRONG_STATE, "", "您还管着店铺或事务，请先交给别人，再注销账号",
                  "you still keep a shop or an office: hand it over first");
}

/* The consents stay: that somebody agreed must be provable, and they tell nothing but an id. */
static refusal wipe(struct request *q, int64_t id, struct instant closed_at) {
    struct bytes nothing = {(const unsigned char *)"", 0};
    TRY(db_run(q->db,
               SQL("i", "DELETE FROM people_phone WHERE person_id = $1 AND phone_index = "
                        "(SELECT phone_index FROM people_person WHERE id = $1)"),
               PARAMS(id), NULL));
    TRY(db_run(q->db, SQL("i", "DELETE FROM people_address WHERE person_id = $1"), PARAMS(id),
               NULL));
    TRY(db_run(q->db, SQL("i", "DELETE FROM people_export WHERE person_id = $1"), PARAMS(id),
               NULL));
    TRY(db_run(q->db, SQL("i", "DELETE FROM people_phone_change WHERE person_id = $1"), PARAMS(id),
               NULL));
    TRY(people_sessions_end(q, id, 0));
    TRY(request_announce(q, &people_wiped, &id));
    return db_run(q->db,
                  SQL("iib", "UPDATE people_person SET closed_at = $2, phone_index = $3, "
                             "phone_sealed = $3, name_sealed = $3, password_hash = '', "
                             "default_address_id = 0 WHERE id = $1"),
                  PARAMS(id, closed_at, nothing), NULL);
}

static refusal ask_tombstone(struct request *q, int64_t person_id, const char *kind) {
    return jobs_ask(q, "people.bury", person_id,
                    text_format(q->arena, "%s %lld", kind, (long long)q->now.ms), q->now);
}

refusal people_close(struct request *q) {
    int64_t id = q->who->person_id;
    bool keeps_records = false;
    TRY(refuse_keepers(q, id));
    struct people_leaving leaving = {id, &keeps_records};
    TRY(request_announce(q, &people_closing, &leaving));
    TRY(wipe(q, id, q->now));
    TRY(ask_tombstone(q, id, "closed"));
    TRY(jobs_ask(q, "people.forget", id, TEXT(""),
                 instant_after(q->now, keeps_records ? PEOPLE_FORGET_DAYS * (int64_t)DAY_MS : 0)));
    return audit_write(
        q, &(struct audit_act){.action = "people.close", .subject = "person", .subject_id = id});
}

/* The time for which records of trade must be kept is over: without the key nothing sealed opens
 * again, here or in any copy. */
refusal people_forget_now(struct request *q, int64_t person_id, struct text text) {
    (void)text;
    TRY(people_key_destroy(q, person_id));
    TRY(ask_tombstone(q, person_id, "forgotten"));
    return audit_write(q, &(struct audit_act){.action = "people.forget",
                                              .subject = "person",
                                              .subject_id = person_id});
}

/* ---- tombstones ---- */

static struct text tombstone_path(const struct app *app, struct arena *arena) {
    return text_format(arena, "%s/tombstones", app->data_folder);
}

/* Where the last whole line ends. A disk that was full may have left a piece of a line behind it;
 * were the next line written there, the two would be one that nobody can read. */
static bool find_end(int file, off_t *ret_end) {
    char tail[LINE_BYTES_MAX];
    struct stat status;
    if (fstat(file, &status)) return false;
    off_t from = status.st_size > LINE_BYTES_MAX ? status.st_size - LINE_BYTES_MAX : 0;
    ssize_t length = pread(file, tail, sizeof(tail), from);
    if (length != status.st_size - from) return false;
    while (length > 0 && tail[length - 1] != '\n') length--;
    if (length == 0 && from > 0) return false; /* no line of this house is so long */
    *ret_end = from + length;
    return true;
}

/* On the disk before the job is done, or not there at all. Twice is as good as once. The lock keeps
 * another process on the same folder from writing where this one mends. */
static bool append(int file, struct text line) {
    off_t end;
    if (flock(file, LOCK_EX) || !find_end(file, &end) || ftruncate(file, end)) return false;
    bool written = write(file, line.bytes, line.length) == (ssize_t)line.length && fsync(file) == 0;
    if (!written && ftruncate(file, end)) return false; /* the next one mends it */
    return written;
}

bool people_bury(struct request *q, int64_t person_id, struct text words, void **ret_result) {
    (void)ret_result;
    struct text line =
        text_format(q->arena, "%.*s %lld\n", (int)words.length, words.bytes, (long long)person_id);
    const char *path = text_terminated(q->arena, tombstone_path(q->app, q->arena));
    int file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return false;
    bool written = append(file, line);
    return close(file) == 0 && written;
}

struct tombstone {
    int64_t person_id;
    struct instant at;
    bool is_forgotten;
    bool changed;
};

static bool read_tombstone(const char *line, struct tombstone *ret_stone) {
    char kind[16], rest;
    long long at_ms, person_id;
    if (sscanf(line, "%15s %lld %lld%c", kind, &at_ms, &person_id, &rest) != 4 || rest != '\n')
        return false;
    bool is_forgotten = strcmp(kind, "forgotten") == 0;
    if ((!is_forgotten && strcmp(kind, "closed") != 0) || person_id <= 0 || at_ms < 0 ||
        at_ms > INSTANT_MS_MAX)
        return false;
    *ret_stone = (struct tombstone){person_id, {at_ms}, is_forgotten, false};
    return true;
}

#define PEOPLE_STANDING_FIELDS(F, S) F(S, TIME, closed_at) F(S, TIME, destroyed_at)
SHAPE_DECLARE(people_standing, PEOPLE_STANDING_FIELDS);
SHAPE_DEFINE(people_standing, PEOPLE_STANDING_FIELDS);

static refusal forget_again(struct request *q, void *context) {
    struct tombstone *stone = context;
    struct people_standing standing = {0};
    bool found = false;
    stone->changed = false;
    TRY(db_row(q->db,
               SQL("i", "SELECT p.closed_at, k.destroyed_at FROM people_person p "
                        "JOIN people_key k ON k.person_id = p.id WHERE p.id = $1"),
               PARAMS(stone->person_id), &people_standing_shape, &standing, &found));
    if (!found) return NULL; /* the backup is older than the account */
    if (standing.closed_at.ms == 0) {
        stone->changed = true;
        TRY(wipe(q, stone->person_id, stone->at));
        TRY(db_run(q->db, SQL("i", "DELETE FROM people_grant WHERE person_id = $1"),
                   PARAMS(stone->person_id), NULL));
        TRY(jobs_ask(q, "people.forget", stone->person_id, TEXT(""),
                     instant_after(stone->at, (int64_t)PEOPLE_FORGET_DAYS * DAY_MS)));
    }
    if (stone->is_forgotten && standing.destroyed_at.ms == 0) {
        stone->changed = true;
        TRY(people_key_destroy(q, stone->person_id));
        TRY(jobs_forget(q, "people.forget", stone->person_id));
    }
    if (!stone->changed) return NULL;
    return audit_write(q, &(struct audit_act){.action = "people.forget_again",
                                              .subject = "person",
                                              .subject_id = stone->person_id});
}

static struct text cannot_read(struct arena *arena, struct text path) {
    return text_format(arena, "cannot read %.*s: %s", (int)path.length, path.bytes,
                       strerror(errno));
}

bool people_forget_again(const struct app *app, struct arena *arena, const char *path,
                         int64_t *ret_count, struct text *ret_error) {
    struct text place = path ? text_of(path) : tombstone_path(app, arena);
    FILE *file = fopen(text_terminated(arena, place), "re");
    char line[LINE_BYTES_MAX];
    bool fine = true;
    *ret_count = 0;
    if (!file && errno == ENOENT) return true; /* nobody was ever forgotten */
    if (!file) {
        *ret_error = cannot_read(arena, place);
        return false;
    }
    while (fine && fgets(line, sizeof(line), file)) {
        struct arena scratch = {0};
        struct tombstone stone;
        /* The last line was not written to its end: its job has not ended and writes it again. */
        if (feof(file) && !strchr(line, '\n')) break;
        fine = read_tombstone(line, &stone);
        if (!fine)
            *ret_error = text_format(arena, "%.*s has a line that is no tombstone",
                                     (int)place.length, place.bytes);
        else if (road_work(app, &scratch, true, forget_again, &stone)) {
            fine = false;
            *ret_error = TEXT("the database does not answer");
        } else {
            *ret_count += stone.changed;
        }
        arena_free(&scratch);
    }
    if (fine && ferror(file)) {
        fine = false;
        *ret_error = cannot_read(arena, place);
    }
    fclose(file);
    return fine;
}
