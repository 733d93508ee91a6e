#include "ground/files/files.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ground/files/inside.h"
#include "ground/people/people.h"
#include "support/house.h"
#include "support/pictures.h"

/* ---- the folder: first, because a child of a program with threads may not write ---- */

static size_t count_files(const char *folder) {
    char command[200], line[32] = "0";
    snprintf(command, sizeof(command), "find %s -type f 2>/dev/null | wc -l", folder);
    FILE *out = popen(command, "r");
    CHECK(out && fgets(line, sizeof(line), out));
    pclose(out);
    return strtoul(line, NULL, 10);
}

TEST("files: a name in the folder never stands for half a picture, whenever the writer is killed") {
    enum { BYTES = 300 * 1000, ROUNDS = 20 };
    char folder[64], command[200];
    struct arena arena = {0};
    struct text error;
    unsigned char *bytes = arena_take(&arena, BYTES);
    snprintf(folder, sizeof(folder), "/tmp/xj-files-%d", (int)getpid());
    CHECK(mkdir(folder, 0700) == 0);
    const struct instant now = {0};
    const struct file_store *store = file_store_folder(&arena, folder, &now, &error);
    CHECK(store);
    for (int round = 0; round < ROUNDS; round++) {
        pid_t writer = fork();
        if (writer == 0) {
            for (int i = 0;; i++) {
                struct arena own = {0};
                struct text key = text_format(&own, "public/%02d/x-%d.webp", round, i);
                const struct file_blob blob = {key, "image/webp", {bytes, BYTES}};
                store->put(store, &own, &blob);
                arena_free(&own);
            }
        }
        /* It is killed while it writes: some time after its first file is there. */
        snprintf(command, sizeof(command), "%s/public/%02d/x-0.webp", folder, round);
        for (int wait = 0; wait < 5000 && access(command, R_OK) != 0; wait++) usleep(1000);
        usleep((useconds_t)(round * 700));
        kill(writer, SIGKILL);
        waitpid(writer, NULL, 0);
    }
    snprintf(command, sizeof(command), "find %s/public -type f ! -size %dc | grep -q .", folder,
             BYTES);
    CHECK(system(command) != 0);
    snprintf(command, sizeof(command), "%s/public", folder);
    CHECK(count_files(command) > 0);
    /* What was under way lies apart, and goes a day later. */
    snprintf(command, sizeof(command), "%s/new", folder);
    size_t leftover = count_files(command);
    const struct instant later = {INT64_C(4102444800000)};
    CHECK(leftover <= ROUNDS && file_store_folder(&arena, folder, &later, &error));
    CHECK_INT(count_files(command), 0);
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    CHECK(system(command) == 0);
    arena_free(&arena);
}

/* ---- uploads ---- */

#define UPLOAD "/api/files?purpose=goods"

static struct house_reply upload(struct house *house, struct text token, const char *purpose,
                                 struct text bytes) {
    struct text target = text_format(house->arena, "/api/files?purpose=%s", purpose);
    return house_upload(house, token, text_terminated(house->arena, target), "image/jpeg", bytes);
}

static int status_of(struct house *house, struct text address, const char *suffix) {
    return house_get(house, TEXT(""), "%.*s%s", (int)address.length, address.bytes, suffix).status;
}

/* "/files/HASH?until=1&mark=2" with SUFFIX behind the hash. */
static int status_of_link(struct house *house, struct text link, const char *suffix) {
    struct text address = text_slice(link, 0, FILES_ADDRESS_BYTES);
    struct text query = text_slice(link, FILES_ADDRESS_BYTES, link.length);
    return house_get(house, TEXT(""), "%.*s%s%.*s", (int)address.length, address.bytes, suffix,
                     (int)query.length, query.bytes)
        .status;
}

HOUSE_TEST("files: an upload becomes an address that gives six pieces to everybody") {
    static const char *const suffixes[] = {"-1440.webp", "-1440.jpg", "-720.webp", "-720.jpg",
                                           "-240.webp",  "-240.jpg",  ""};
    static const char *const others[] = {"-721.webp", "-720.png", "-720.webp.jpg", "x",
                                         "-720",      "/..",      "-720.WEBP"};
    struct text token = house_person(house, "13800138001", NULL);
    struct house_reply made = upload(house, token, "goods", pictures_small(house->arena, 1));
    HOUSE_STATUS(&made, 201);
    struct text address = house_text(&made, "address");
    CHECK(files_is_address(address));
    CHECK(text_equal(house_text(&made, "link"), address));
    CHECK_INT(house_int(&made, "width_px"), 320);
    CHECK_INT(house_int(&made, "height_px"), 240);
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        struct pictures_look look;
        struct house_reply piece = house_get(house, TEXT(""), "%s%s", address.bytes, suffixes[i]);
        HOUSE_STATUS(&piece, 200);
        CHECK(pictures_look_at(piece.body, &look));
        CHECK_INT(look.width_px, i == 4 || i == 5 ? 240 : 320);
        bool webp = strstr(suffixes[i], "webp") != NULL;
        CHECK_TEXT(piece.road.content_type, webp ? "image/webp" : "image/jpeg");
        CHECK_TEXT(piece.road.cache_control, "public, max-age=31536000, immutable");
        CHECK_INT(piece.road.statement_count, 0);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        CHECK(status_of(house, address, others[i]) != 200);
    CHECK_INT(status_of(house, TEXT("/files/"), ""), 404);
    house_check_books(house);
}

HOUSE_TEST("files: the same picture again is the same address, and one row a person") {
    struct text ann = house_person(house, "13800138001", NULL);
    struct text bob = house_person(house, "13800138002", NULL);
    struct text bytes = pictures_small(house->arena, 1);
    struct house_reply once = upload(house, ann, "goods", bytes);
    struct house_reply twice = upload(house, ann, "goods", bytes);
    struct house_reply other = upload(house, bob, "goods", bytes);
    struct house_reply second = upload(house, ann, "goods", pictures_small(house->arena, 2));
    HOUSE_STATUS(&twice, 201);
    HOUSE_STATUS(&other, 201);
    CHECK(text_equal(house_text(&once, "address"), house_text(&twice, "address")));
    CHECK(text_equal(house_text(&once, "address"), house_text(&other, "address")));
    CHECK(!text_equal(house_text(&once, "address"), house_text(&second, "address")));
}

HOUSE_TEST("files: the key covers the bytes") {
    struct text token = house_person(house, "13800138001", NULL);
    const struct shape_pair type = {TEXT("Content-Type"), TEXT("image/jpeg")};
    struct road_call call = {.method = "POST",
                             .target = TEXT(UPLOAD),
                             .body = pictures_small(house->arena, 1),
                             .token = token,
                             .idempotency_key = TEXT("one-and-the-same"),
                             .headers = &type,
                             .header_count = 1};
    struct house_reply once = house_send(house, &call);
    struct house_reply twice = house_send(house, &call);
    HOUSE_STATUS(&twice, 201);
    CHECK(text_equal(once.body, twice.body));
    call.body = pictures_small(house->arena, 2);
    struct house_reply other = house_send(house, &call);
    HOUSE_PROBLEM(&other, "key_reused", "Idempotency-Key");
}

static void must_refuse(struct house *house, struct text token, struct text bytes,
                        const char *words) {
    struct house_reply reply = upload(house, token, "goods", bytes);
    HOUSE_PROBLEM(&reply, "bad_input", "picture");
    if (text_find(reply.body, text_of(words), 0) == SIZE_MAX)
        test_fail(__FILE__, __LINE__, "not \"%s\": %.*s", words, (int)reply.body.length,
                  reply.body.bytes);
}

HOUSE_TEST("files: what is no picture is refused in words that help") {
    struct text token = house_person(house, "13800138001", NULL);
    struct arena *arena = house->arena;
    const struct pictures_recipe moving = {64, 64, 3, .frame_count = 2, .format = ".webp"};
    struct text small = pictures_small(arena, 1);
    must_refuse(house, token,
                TEXT("\0\0\0\x18"
                     "ftypheic\0\0\0\0"),
                "HEIC");
    must_refuse(house, token, TEXT("GIF89a"), "GIF");
    must_refuse(house, token, TEXT("<svg onload=alert(1)>"), "SVG");
    must_refuse(house, token, TEXT("hello"), "no picture");
    must_refuse(house, token, pictures_draw(arena, &moving), "moving");
    must_refuse(house, token, text_slice(small, 0, small.length / 2), "not whole");
    char *bomb = (char *)(uintptr_t)text_copy(arena, small).bytes;
    size_t frame = text_find(small, TEXT("\xFF\xC0"), 0);
    memset(bomb + frame + 5, 0xF0, 4);
    must_refuse(house, token, (struct text){bomb, small.length}, "too large");
    struct house_reply reply = house_upload(house, token, UPLOAD, "application/pdf", small);
    HOUSE_PROBLEM(&reply, "wrong_type", "Content-Type");
    reply = house_upload(house, token, "/api/files?purpose=anything", "image/png", small);
    HOUSE_PROBLEM(&reply, "bad_input", "purpose");
    reply = house_upload(house, TEXT(""), UPLOAD, "image/png", small);
    HOUSE_PROBLEM(&reply, "login_needed", NULL);
    /* Phones name their pictures as they like: the bytes say what they are. */
    reply = house_upload(house, token, UPLOAD, "image/png", small);
    HOUSE_STATUS(&reply, 201);
}

HOUSE_TEST("files: a person may send so many an hour") {
    struct text token = house_person(house, "13800138001", NULL);
    struct text other = house_person(house, "13800138002", NULL);
    const struct pictures_recipe tiny = {2, 2, 3, .format = ".png"};
    struct text bytes = pictures_draw(house->arena, &tiny);
    for (int i = 0; i < FILES_TRIES_AN_HOUR; i++) {
        struct house_reply reply = upload(house, token, "goods", bytes);
        HOUSE_STATUS(&reply, 201);
    }
    struct house_reply reply = upload(house, token, "goods", bytes);
    HOUSE_PROBLEM(&reply, "too_many", NULL);
    CHECK(reply.road.retry_after_s > 0 && reply.road.retry_after_s <= 3600);
    reply = upload(house, other, "goods", bytes);
    HOUSE_STATUS(&reply, 201);
    house_advance(house, HOUR_MS);
    reply = upload(house, token, "goods", bytes);
    HOUSE_STATUS(&reply, 201);
}

HOUSE_TEST("files: a private picture opens by its link alone, which ends and cannot be made up") {
    struct text token = house_person(house, "13800138001", NULL);
    struct house_reply made = upload(house, token, "evidence", pictures_small(house->arena, 1));
    HOUSE_STATUS(&made, 201);
    struct text address = house_text(&made, "address");
    struct text link = house_text(&made, "link");
    CHECK_INT(status_of(house, address, ""), 404);
    CHECK_INT(status_of(house, address, "-720.webp"), 404);
    CHECK_INT(status_of_link(house, link, ""), 200);
    CHECK_INT(status_of_link(house, link, "-1440.webp"), 200);
    struct house_reply piece = house_get(house, TEXT(""), "%s", link.bytes);
    CHECK(text_starts(piece.road.cache_control, TEXT("private, max-age=")));
    /* A mark of another end, of another picture, and none. */
    for (size_t i = FILES_ADDRESS_BYTES; i < link.length; i++) {
        char *forged = (char *)(uintptr_t)text_copy(house->arena, link).bytes;
        if (!strchr("0123456789abcdef", forged[i]) || strchr("amrk", forged[i])) continue;
        forged[i] = forged[i] == '1' ? '2' : '1';
        CHECK(status_of_link(house, (struct text){forged, link.length}, "") != 200);
    }
    struct house_reply other = upload(house, token, "evidence", pictures_small(house->arena, 2));
    struct text query = text_slice(link, FILES_ADDRESS_BYTES, link.length);
    struct text moved =
        text_format(house->arena, "%s%s", house_text(&other, "address").bytes, query.bytes);
    CHECK_INT(status_of_link(house, moved, ""), 404);
    house_advance(house, 9 * MINUTE_MS);
    CHECK_INT(status_of_link(house, link, ""), 200);
    house_advance(house, 12 * MINUTE_MS);
    CHECK_INT(status_of_link(house, link, ""), 404);
}

HOUSE_TEST("files: what is private is not public because somebody shows the same picture") {
    struct text ann = house_person(house, "13800138001", NULL);
    struct text bytes = pictures_small(house->arena, 1);
    struct house_reply hidden = upload(house, ann, "document", bytes);
    struct text address = house_text(&hidden, "address");
    CHECK_INT(status_of(house, address, "-720.webp"), 404);
    struct house_reply shown = upload(house, ann, "goods", bytes);
    CHECK(text_equal(house_text(&shown, "address"), address));
    CHECK_INT(status_of(house, address, "-720.webp"), 200);
    CHECK_INT(status_of_link(house, house_text(&hidden, "link"), ""), 200);
}

/* ---- what rooms above ask ---- */

struct wish {
    int64_t person_id;
    struct text address;
    enum files_purpose purpose;
};

static refusal require(struct request *q, void *context) {
    const struct wish *wish = context;
    const struct principal who = {.person_id = wish->person_id};
    struct text address = wish->address;
    q->who = &who;
    return files_require(q, &(struct text_list){&address, 1}, "pictures", wish->purpose);
}

static bool may_take(struct house *house, struct wish wish) {
    refusal refused = house_try(house, require, &wish);
    if (refused) CHECK_TEXT(refused->faults[0].field, "pictures[0]");
    return !refused;
}

HOUSE_TEST("files: a document takes pictures of its writer and of the right purpose") {
    int64_t ann = 0, bob = 0;
    struct text token = house_person(house, "13800138001", &ann);
    house_person(house, "13800138002", &bob);
    struct text bytes = pictures_small(house->arena, 1);
    struct house_reply made = upload(house, token, "goods", bytes);
    struct text address = house_text(&made, "address");
    CHECK(!may_take(house, (struct wish){bob, address, FILES_GOODS}));
    CHECK(!may_take(house, (struct wish){ann, address, FILES_SELLER}));
    CHECK(!may_take(house, (struct wish){ann, address, FILES_EVIDENCE}));
    CHECK(may_take(house, (struct wish){ann, address, FILES_GOODS}));
    CHECK(may_take(house, (struct wish){ann, address, FILES_GOODS}));
    /* It is on show now: a colleague may keep it where it is. */
    CHECK(may_take(house, (struct wish){bob, address, FILES_GOODS}));
    made = upload(house, token, "evidence", bytes);
    CHECK(may_take(house, (struct wish){ann, address, FILES_EVIDENCE}));
    CHECK(!may_take(house, (struct wish){bob, address, FILES_EVIDENCE}));
    static const char *const wrong[] = {"", "/files/", "/img/pear.webp", "https://a.example/x.webp",
                                        "/files/../x"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        CHECK(!may_take(house, (struct wish){ann, text_of(wrong[i]), FILES_GOODS}));
    char *unknown = (char *)(uintptr_t)text_copy(house->arena, address).bytes;
    unknown[20] = unknown[20] == 'a' ? 'b' : 'a';
    CHECK(!may_take(house, (struct wish){ann, {unknown, address.length}, FILES_GOODS}));
}

/* ---- the sweep ---- */

HOUSE_TEST("files: what no document took within a day is removed, what one took stays") {
    int64_t ann = 0, bob = 0;
    struct text token = house_person(house, "13800138001", &ann);
    struct text other = house_person(house, "13800138002", &bob);
    struct text shared = pictures_small(house->arena, 3);
    struct house_reply kept = upload(house, token, "goods", pictures_small(house->arena, 1));
    struct house_reply left = upload(house, token, "goods", pictures_small(house->arena, 2));
    struct house_reply both = upload(house, token, "goods", shared);
    upload(house, other, "goods", shared);
    CHECK(may_take(house, (struct wish){ann, house_text(&kept, "address"), FILES_GOODS}));
    CHECK(may_take(house, (struct wish){bob, house_text(&both, "address"), FILES_GOODS}));
    house_run_jobs(house);
    CHECK_INT(status_of(house, house_text(&left, "address"), ""), 200);
    house_advance(house, DAY_MS + HOUR_MS);
    house_run_jobs(house);
    /* Marked: it is no longer to be had, and the same picture must wait a minute. */
    CHECK(!may_take(house, (struct wish){ann, house_text(&left, "address"), FILES_GOODS}));
    struct house_reply again = upload(house, token, "goods", pictures_small(house->arena, 2));
    HOUSE_PROBLEM(&again, "busy", NULL);
    house_advance(house, 2 * MINUTE_MS);
    house_run_jobs(house);
    CHECK_INT(status_of(house, house_text(&left, "address"), ""), 404);
    CHECK_INT(status_of(house, house_text(&kept, "address"), ""), 200);
    CHECK_INT(status_of(house, house_text(&both, "address"), ""), 200);
    again = upload(house, token, "goods", pictures_small(house->arena, 2));
    HOUSE_STATUS(&again, 201);
    CHECK_INT(status_of(house, house_text(&left, "address"), ""), 200);
    house_check_books(house);
}

static refusal release(struct request *q, void *context) {
    const struct wish *wish = context;
    return files_release(q, wish->person_id, wish->address, wish->purpose);
}

HOUSE_TEST("files: a private picture that its document lets go is removed, another's is not") {
    int64_t ann = 0, bob = 0;
    struct text token = house_person(house, "13800138001", &ann);
    struct text other = house_person(house, "13800138002", &bob);
    struct text letter = pictures_small(house->arena, 2);
    struct house_reply card = upload(house, token, "document", pictures_small(house->arena, 1));
    struct house_reply both = upload(house, token, "document", letter);
    upload(house, other, "document", letter);
    struct wish gone = {ann, house_text(&card, "address"), FILES_DOCUMENT};
    struct wish left = {ann, house_text(&both, "address"), FILES_DOCUMENT};
    struct wish kept = {bob, house_text(&both, "address"), FILES_DOCUMENT};
    struct wish no_address = {ann, TEXT("/img/pear.webp"), FILES_DOCUMENT};
    CHECK(may_take(house, gone) && may_take(house, left) && may_take(house, kept));
    house_advance(house, 2 * DAY_MS);
    house_run_jobs(house);
    CHECK(may_take(house, gone));
    house_work(house, release, &gone);
    house_work(house, release, &left);
    house_work(house, release, &no_address);
    for (int i = 0; i < 2; i++) {
        house_advance(house, HOUR_MS);
        house_run_jobs(house);
    }
    CHECK(!may_take(house, gone));
    CHECK(!may_take(house, left));
    CHECK(may_take(house, kept));
    char folder[100];
    snprintf(folder, sizeof(folder), "%s/files/private", house->folder);
    CHECK_INT(count_files(folder), PICTURE_PIECES);
    house_check_books(house);
}

HOUSE_TEST("files: a store that cannot write says so, and the picture is not there") {
    struct text token = house_person(house, "13800138001", NULL);
    struct text error;
    /* A file stands where the folder should be, which stops root too. */
    struct text path = text_format(house->arena, "%s/taken", house->folder);
    FILE *file = fopen(path.bytes, "w");
    CHECK(file && fclose(file) == 0);
    house->app->files = NULL;
    house->app->files_url = text_format(house->arena, "folder:%s", path.bytes).bytes;
    CHECK(files_start(house->app, house->arena, false, &error));
    struct house_reply reply = upload(house, token, "goods", pictures_small(house->arena, 1));
    HOUSE_PROBLEM(&reply, "busy", NULL);
    house->app->files_url = "folder:/proc/nowhere/x";
    CHECK(!files_start(house->app, house->arena, false, &error));
    CHECK(text_find(error, TEXT("/proc/nowhere/x"), 0) != SIZE_MAX);
    house->app->files_url = "ftp://x";
    CHECK(!files_start(house->app, house->arena, false, &error));
    house->app->files_url = "s3+http://host:1/bucket";
    CHECK(!files_start(house->app, house->arena, false, &error));
}

/* ---- papers ---- */

#define PAPERS "/api/files/papers"
#define PDF "application/pdf"
#define OFD "application/ofd"
#define OCTETS "application/octet-stream"

static struct text make_pdf(struct house *house, const char *words) {
    return text_format(house->arena, "%%PDF-1.7\n%s\n%%%%EOF\n", words);
}

/* A local header of a ZIP with nothing in it, for each name. */
static struct text make_zip(struct house *house, const char *first, const char *second) {
    const char *const names[] = {first, second};
    struct buffer zip = buffer_make(house->arena, 400);
    for (size_t i = 0; i < 2; i++) {
        unsigned char header[30] = {'P', 'K', 3, 4, 20};
        header[26] = (unsigned char)strlen(names[i]);
        buffer_add(&zip, (const char *)header, sizeof(header));
        buffer_add(&zip, names[i], strlen(names[i]));
    }
    return buffer_text(&zip);
}

static refusal make_keeper(struct request *q, void *context) {
    return people_give_role(q, *(int64_t *)context, "seller_keeper", SCOPE_ORGANISATION, 1);
}

/* Papers are sent by who makes out invoices. */
static struct text keeper(struct house *house, const char *phone, int64_t *ret_id) {
    int64_t id;
    struct text token = house_person(house, phone, &id);
    CHECK(!road_work(house->app, house->arena, true, make_keeper, &id));
    if (ret_id) *ret_id = id;
    return token;
}

HOUSE_TEST("files: a PDF and an OFD are kept as they came, and their link ends") {
    int64_t ann = 0;
    struct text token = keeper(house, "13800138001", &ann);
    struct text pdf = make_pdf(house, "one"), ofd = make_zip(house, "Doc_0/a.xml", "OFD.xml");
    struct house_reply made = house_upload(house, token, PAPERS, PDF, pdf);
    HOUSE_STATUS(&made, 201);
    CHECK_TEXT(house_text(&made, "kind"), "pdf");
    CHECK_INT(house_int(&made, "byte_count"), (int64_t)pdf.length);
    struct text address = house_text(&made, "address"), link = house_text(&made, "link");
    CHECK(files_is_paper(address) && !files_is_address(address));
    CHECK(text_ends(address, TEXT(".pdf")));
    struct house_reply given = house_get(house, TEXT(""), "%s", link.bytes);
    HOUSE_STATUS(&given, 200);
    CHECK(text_equal(given.body, pdf));
    CHECK_TEXT(given.road.content_type, PDF);
    CHECK(text_starts(given.road.cache_control, TEXT("private, max-age=")));
    CHECK_INT(given.road.statement_count, 0);
    made = house_upload(house, token, PAPERS, OCTETS, pdf);
    CHECK(text_equal(house_text(&made, "address"), address));
    made = house_upload(house, token, PAPERS, OCTETS, ofd);
    HOUSE_STATUS(&made, 201);
    CHECK_TEXT(house_text(&made, "kind"), "ofd");
    given = house_get(house, TEXT(""), "%s", house_text(&made, "link").bytes);
    CHECK_TEXT(given.road.content_type, OFD);
    CHECK(text_equal(given.body, ofd));
    /* Neither the address alone, nor the mark of another, nor a link that is over. */
    CHECK_INT(status_of(house, address, ""), 404);
    struct text query = text_slice(link, address.length, link.length);
    struct text moved =
        text_format(house->arena, "%s%s", house_text(&made, "address").bytes, query.bytes);
    CHECK_INT(status_of(house, moved, ""), 404);
    house_advance(house, 21 * MINUTE_MS);
    CHECK_INT(status_of(house, link, ""), 404);
    house_check_books(house);
}

HOUSE_TEST("files: what is no paper, or called another, is refused with what would be right") {
    int64_t ann = 0;
    struct text token = keeper(house, "13800138001", &ann);
    struct text pdf = make_pdf(house, "one"), ofd = make_zip(house, "OFD.xml", "a.xml");
    struct house_reply reply = house_upload(house, token, PAPERS, OFD, pdf);
    HOUSE_PROBLEM(&reply, "bad_input", "Content-Type");
    CHECK(text_find(reply.body, TEXT(PDF), 0) != SIZE_MAX);
    reply = house_upload(house, token, PAPERS, "Application/PDF; x=y", ofd);
    HOUSE_PROBLEM(&reply, "bad_input", "Content-Type");
    CHECK(text_find(reply.body, TEXT(OFD), 0) != SIZE_MAX);
    reply = house_upload(house, token, PAPERS, "image/jpeg", pictures_small(house->arena, 1));
    HOUSE_PROBLEM(&reply, "wrong_type", "Content-Type");
    CHECK(text_find(reply.body, TEXT(OFD), 0) != SIZE_MAX);
    reply = house_upload(house, token, PAPERS, PDF, pictures_small(house->arena, 1));
    HOUSE_PROBLEM(&reply, "bad_input", "paper");
    CHECK(text_find(reply.body, TEXT("purpose=document"), 0) != SIZE_MAX);
    static const char *const wrong[] = {"<html><script>alert(1)</script>", " %PDF-1.7", "OFD.xml",
                                        "%PDF"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        reply = house_upload(house, token, PAPERS, OCTETS, text_of(wrong[i]));
        HOUSE_PROBLEM(&reply, "bad_input", "paper");
    }
    reply = house_upload(house, token, PAPERS, OFD, make_zip(house, "word/a.xml", "xOFD.xml"));
    HOUSE_PROBLEM(&reply, "bad_input", "paper");
    char *large = arena_take(house->arena, FILES_PAPER_BYTES_MAX + 1);
    memset(large, ' ', FILES_PAPER_BYTES_MAX + 1);
    memcpy(large, pdf.bytes, pdf.length);
    reply =
        house_upload(house, token, PAPERS, PDF, (struct text){large, FILES_PAPER_BYTES_MAX + 1});
    HOUSE_PROBLEM(&reply, "too_large", NULL);
    CHECK(text_find(reply.body, TEXT("5 MB"), 0) != SIZE_MAX);
    reply = house_upload(house, token, PAPERS, PDF, (struct text){large, FILES_PAPER_BYTES_MAX});
    HOUSE_STATUS(&reply, 201);
    reply = house_upload(house, TEXT(""), PAPERS, PDF, pdf);
    HOUSE_PROBLEM(&reply, "login_needed", NULL);
}

static refusal require_paper(struct request *q, void *context) {
    const struct wish *wish = context;
    const struct principal who = {.person_id = wish->person_id};
    q->who = &who;
    return files_require_paper(q, wish->address, "file");
}

static bool may_take_paper(struct house *house, int64_t person_id, struct text address) {
    struct wish wish = {.person_id = person_id, .address = address};
    refusal refused = house_try(house, require_paper, &wish);
    if (refused) CHECK_TEXT(refused->faults[0].field, "file");
    return !refused;
}

HOUSE_TEST("files: a document takes a paper of its writer, and what none took is swept") {
    int64_t ann = 0, bob = 0;
    struct text token = keeper(house, "13800138001", &ann);
    struct text other = keeper(house, "13800138002", &bob);
    struct text both = make_pdf(house, "both"), alone = make_pdf(house, "alone");
    struct house_reply kept = house_upload(house, token, PAPERS, PDF, both);
    struct house_reply left = house_upload(house, token, PAPERS, PDF, alone);
    struct text address = house_text(&kept, "address"), gone = house_text(&left, "address");
    CHECK(!may_take_paper(house, bob, address));
    CHECK(may_take_paper(house, ann, address));
    CHECK(may_take_paper(house, ann, address));
    CHECK(!may_take_paper(house, bob, address)); /* also when it is somebody's */
    struct text renamed =
        text_format(house->arena, "%.*s.ofd", (int)address.length - 4, address.bytes);
    CHECK(!may_take_paper(house, ann, renamed));
    CHECK(!may_take_paper(house, ann, TEXT("/files/papers/x.pdf")));
    HOUSE_STATUS(&left, 201);
    house_upload(house, other, PAPERS, PDF, both);
    house_advance(house, DAY_MS + HOUR_MS);
    house_run_jobs(house);
    CHECK(!may_take_paper(house, ann, gone));
    struct house_reply again = house_upload(house, token, PAPERS, PDF, alone);
    HOUSE_PROBLEM(&again, "busy", NULL);
    house_advance(house, 2 * MINUTE_MS);
    house_run_jobs(house);
    CHECK_INT(
        count_files(text_format(house->arena, "%s/files/private/papers", house->folder).bytes),
        1); /* Bob's row went, and Ann's keeps the bytes. */
    house_check_books(house);
    again = house_upload(house, token, PAPERS, PDF, alone);
    HOUSE_STATUS(&again, 201);
    CHECK(may_take_paper(house, ann, gone));
}

static void note_line(struct check_report *report, bool holds, struct text sentence) {
    (void)sentence;
    report->fault_count += !holds;
}

static refusal run_check(struct request *q, void *context) { return files_room.check(q, context); }

static int64_t faults(struct house *house) {
    struct check_report report = {.line = note_line};
    house_work(house, run_check, &report);
    return report.fault_count;
}

/* Takes all files of the store away, as the sweep would behind the back of a backup. */
static void empty_store(struct house *house) {
    char command[200];
    snprintf(command, sizeof(command), "find %s/files -type f -delete", house->folder);
    CHECK_INT(system(command), 0);
}

HOUSE_TEST("files: what the sweep may take is not missing to the check, what is taken is") {
    int64_t ann = 0;
    struct text token = keeper(house, "13800138001", &ann);
    struct house_reply left = upload(house, token, "goods", pictures_small(house->arena, 2));
    struct house_reply paper = house_upload(house, token, PAPERS, PDF, make_pdf(house, "left"));
    HOUSE_STATUS(&left, 201);
    HOUSE_STATUS(&paper, 201);
    empty_store(house);
    CHECK_INT(faults(house), 2);
    house_advance(house, DAY_MS + HOUR_MS);
    CHECK_INT(faults(house), 0);
    CHECK(may_take(house, (struct wish){ann, house_text(&left, "address"), FILES_GOODS}));
    CHECK(may_take_paper(house, ann, house_text(&paper, "address")));
    CHECK_INT(faults(house), 2);
}

/* ---- S3 ---- */

struct double_s3 {
    pid_t process;
    int stop; /* the end of its standard input */
    int port;
    char folder[32];
};

static void start_double(struct double_s3 *s3) {
    char program[512], modules[512], line[16] = "";
    int in[2], out[2];
    const char *source = getenv("XJ_SOURCE");
    snprintf(program, sizeof(program), "%s/tests/doubles/s3/server.mjs", source ? source : ".");
    snprintf(modules, sizeof(modules), "%s/tests/doubles/s3/node_modules", source ? source : ".");
    if (access(modules, R_OK) != 0) test_skip("npm ci was not run in tests/doubles/s3");
    snprintf(s3->folder, sizeof(s3->folder), "/tmp/xj-s3-%d", (int)getpid());
    CHECK(mkdir(s3->folder, 0700) == 0 && pipe(in) == 0 && pipe(out) == 0);
    s3->process = fork();
    if (s3->process == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        close(out[0]);
        execlp("node", "node", program, s3->folder, NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    s3->stop = in[1];
    for (size_t at = 0; at + 1 < sizeof(line) && !strchr(line, '\n'); at++)
        if (read(out[0], line + at, 1) != 1) break;
    close(out[0]);
    s3->port = (int)strtol(line, NULL, 10);
    CHECK(s3->port > 0);
}

static void stop_double(struct double_s3 *s3) {
    char command[64];
    close(s3->stop);
    waitpid(s3->process, NULL, 0);
    snprintf(command, sizeof(command), "rm -rf %s", s3->folder);
    CHECK(system(command) == 0);
}

static bool use_s3(struct house *house, const struct double_s3 *s3, const char *secret) {
    struct text error;
    house->app->files = NULL;
    house->app->files_url =
        text_format(house->arena, "s3+http://127.0.0.1:%d/pictures", s3->port).bytes;
    house->app->files_key_id = "S3RVER";
    house->app->files_secret = secret;
    return files_start(house->app, house->arena, false, &error);
}

HOUSE_TEST("files: the same in an S3 bucket, which checks our signatures") {
    struct double_s3 s3 = {0};
    struct text token = house_person(house, "13800138001", NULL);
    start_double(&s3);
    CHECK(use_s3(house, &s3, "a wrong secret"));
    struct house_reply reply = upload(house, token, "goods", pictures_small(house->arena, 1));
    HOUSE_PROBLEM(&reply, "busy", NULL);
    CHECK(use_s3(house, &s3, "S3RVER"));
    reply = upload(house, token, "goods", pictures_small(house->arena, 1));
    HOUSE_STATUS(&reply, 201);
    struct text address = house_text(&reply, "address");
    struct house_reply piece = house_get(house, TEXT(""), "%s-720.jpg", address.bytes);
    HOUSE_STATUS(&piece, 200);
    struct pictures_look look;
    CHECK(pictures_look_at(piece.body, &look));
    const struct pictures_recipe large = {4000, 3000, 3, .format = ".jpg"};
    reply = upload(house, token, "evidence", pictures_draw(house->arena, &large));
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(status_of_link(house, house_text(&reply, "link"), "-1440.webp"), 200);
    CHECK_INT(status_of(house, house_text(&reply, "address"), "-1440.webp"), 404);
    house_advance(house, DAY_MS + HOUR_MS);
    house_run_jobs(house);
    house_advance(house, 2 * MINUTE_MS);
    house_run_jobs(house);
    CHECK_INT(status_of(house, address, "-720.jpg"), 404);
    stop_double(&s3);
    reply = upload(house, token, "goods", pictures_small(house->arena, 4));
    HOUSE_PROBLEM(&reply, "busy", NULL);
    piece = house_get(house, TEXT(""), "%s-720.jpg", address.bytes);
    HOUSE_PROBLEM(&piece, "busy", NULL);
}
