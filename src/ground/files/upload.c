/* An upload: looked at and made small on a slow thread, noted and stored before its transaction,
 * which then says that all of it is there. */
#include <sodium.h>
#include <string.h>

#include "app.h"
#include "ground/files/inside.h"

SHAPE_DEFINE(files_file, FILES_FILE_FIELDS);
SHAPE_DEFINE(files_upload_query, FILES_UPLOAD_QUERY_FIELDS);

/* What `before` makes for `handle`, and gives to its own transactions. */
struct taking {
    struct request *q;
    enum files_purpose purpose;
    struct text hash;
    int64_t width_px;
    int64_t height_px;
};

/* ---- looking at it ---- */

static refusal refuse_picture(struct request *q, enum picture_fault fault, struct bytes raw) {
    const char *other = picture_other_name(raw);
    switch (fault) {
    case PICTURE_FINE: return NULL;
    case PICTURE_OTHER:
        if (other)
            return refuse(q, BAD_INPUT, "picture",
                          "这是 %s 文件，请换成 JPEG、PNG 或 WebP 图片，或者直接拍一张",
                          "this is a %s file: please take a JPEG, PNG or WebP picture", other);
        return refuse(q, BAD_INPUT, "picture", "这不是图片，请换成 JPEG、PNG 或 WebP 图片",
                      "this is no picture: please take a JPEG, PNG or WebP picture");
    case PICTURE_BROKEN:
        return refuse(q, BAD_INPUT, "picture", "图片不完整，打不开，请重新选一张",
                      "the picture is not whole and does not open: please choose it again");
    case PICTURE_MOVING:
        return refuse(q, BAD_INPUT, "picture", "会动的图片不收，请换一张不会动的",
                      "moving pictures are not taken: please choose a still one");
    case PICTURE_VAST:
        return refuse(q, BAD_INPUT, "picture",
                      "图片太大了，最多 %d 万像素，每边不超过 %d 像素，请缩小后再传",
                      "the picture is too large: at most %d0,000 pixels and %d a side",
                      PICTURE_PIXELS_MAX / 10000, PICTURE_SIDE_PX_MAX);
    case PICTURE_NO_LIBRARY: break;
    }
    return refuse(q, INTERNAL, "", "图片库没有装好", "libvips is not installed, or not whole");
}

static refusal count_try(struct request *q, void *context) {
    const int64_t *person_id = context;
    int64_t counted = 0;
    int64_t hour_no = q->now.ms / HOUR_MS;
    TRY(db_run(q->db,
               SQL("iii",
                   "INSERT INTO files_try (person_id, hour_no, try_count) VALUES ($1, $2, 1) "
                   "ON CONFLICT (person_id) DO UPDATE SET try_count = CASE WHEN "
                   "files_try.hour_no = excluded.hour_no THEN files_try.try_count + 1 ELSE 1 END, "
                   "hour_no = excluded.hour_no WHERE files_try.hour_no <> excluded.hour_no "
                   "OR files_try.try_count < $3"),
               PARAMS(*person_id, hour_no, (int64_t)FILES_TRIES_AN_HOUR), &counted));
    if (counted) return NULL;
    int64_t wait_s = ((hour_no + 1) * HOUR_MS - q->now.ms + SECOND_MS - 1) / SECOND_MS;
    return problem_wait(q->arena, PROBLEM_TOO_MANY, wait_s);
}

refusal files_count_upload(struct request *q) {
    int64_t person_id = q->who->person_id;
    return road_work(q->app, q->arena, true, count_try, &person_id);
}

/* ---- keeping it ---- */

/* The name of all pieces: a hash of their bytes, each behind its length. */
static struct text name_of(struct arena *arena, const struct picture *picture) {
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < PICTURE_PIECES; i++) {
        struct bytes bytes = picture->pieces[i].bytes;
        uint64_t length = bytes.length;
        crypto_hash_sha256_update(&state, (const unsigned char *)&length, sizeof(length));
        crypto_hash_sha256_update(&state, bytes.data, bytes.length);
    }
    crypto_hash_sha256_final(&state, hash);
    return text_hex(arena, (struct bytes){hash, sizeof(hash)});
}

/* The row comes before the bytes: what a crash leaves behind has a row, and the sweep finds it
 * without a list of what is in the store. While the sweep removes the same picture, nobody brings
 * it back. */
static refusal note_intent(struct request *q, void *context) {
    const struct taking *taking = context;
    int64_t leaving = 0;
    TRY(db_int(q->db,
               SQL("t", "SELECT CAST(count(*) AS BIGINT) FROM files_row "
                        "WHERE hash = $1 AND state = 'leaving'"),
               PARAMS(taking->hash), &leaving, NULL));
    if (leaving) return problem_wait(q->arena, PROBLEM_BUSY, 60);
    return db_run(q->db,
                  SQL("titiiii",
                      "INSERT INTO files_row (hash, person_id, purpose, is_private, state, "
                      "width_px, height_px, uploaded_at) "
                      "VALUES ($1, $2, $3, $4, 'preparing', $5, $6, $7) "
                      "ON CONFLICT (hash, person_id, purpose) DO UPDATE SET "
                      "uploaded_at = excluded.uploaded_at"),
                  PARAMS(taking->hash, taking->q->who->person_id,
                         shape_enum_text(&files_purpose_enum, taking->purpose),
                         files_purpose_is_private(taking->purpose), taking->width_px,
                         taking->height_px, q->now),
                  NULL);
}

static refusal store_pieces(struct request *q, const struct taking *taking,
                            const struct picture *picture) {
    const struct file_store *store = q->app->files;
    for (size_t i = 0; i < PICTURE_PIECES; i++) {
        const struct picture_piece *piece = &picture->pieces[i];
        const struct file_blob blob = {
            files_key(q->arena, taking->hash, files_purpose_is_private(taking->purpose), piece),
            piece->kind == PICTURE_WEBP ? "image/webp" : "image/jpeg", piece->bytes};
        if (!store->put(store, q->arena, &blob))
            return refuse(q, BUSY, "", "图片没有存上，请过一会儿再试",
                          "the picture could not be stored: please try again soon");
    }
    return NULL;
}

static refusal keep(struct request *q, struct taking *taking, const struct picture *picture) {
    taking->hash = name_of(q->arena, picture);
    taking->width_px = picture->width_px;
    taking->height_px = picture->height_px;
    TRY(road_work(q->app, q->arena, true, note_intent, taking));
    return store_pieces(q, taking, picture);
}

refusal files_take(struct request *q) {
    const struct files_upload_query *query = q->query;
    struct bytes raw = {(const unsigned char *)q->raw_body.bytes, q->raw_body.length};
    struct picture_head head;
    struct picture picture = {0};
    struct taking *taking = arena_new(q->arena, struct taking, 1);
    *taking = (struct taking){.q = q, .purpose = query->purpose};
    TRY(refuse_picture(q, picture_read_head(raw, &head), raw));
    TRY(files_count_upload(q));
    TRY(refuse_picture(q, picture_make(raw, &picture), raw));
    refusal refused = keep(q, taking, &picture);
    picture_free(&picture);
    q->prepared = taking;
    return refused;
}

refusal files_note(struct request *q) {
    const struct taking *taking = q->prepared;
    struct files_file *file = q->reply;
    TRY(db_run(q->db,
               SQL("tit", "UPDATE files_row SET state = 'stored' WHERE hash = $1 "
                          "AND person_id = $2 AND purpose = $3 AND state = 'preparing'"),
               PARAMS(taking->hash, q->who->person_id,
                      shape_enum_text(&files_purpose_enum, taking->purpose)),
               NULL));
    *file = (struct files_file){.address = files_address(q->arena, taking->hash),
                                .purpose = taking->purpose,
                                .width_px = taking->width_px,
                                .height_px = taking->height_px};
    file->link =
        files_purpose_is_private(taking->purpose) ? files_link(q, file->address) : file->address;
    return NULL;
}
