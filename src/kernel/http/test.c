/* The road and the server over real sockets, with a small room of the test's own, on both engines.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "kernel/base/json.h"
#include "kernel/base/limits.h"
#include "kernel/http/cache.h"
#include "kernel/http/head.h"
#include "kernel/http/log.h"
#include "kernel/http/server.h"
#include "support/house.h"

/* ---- a room of notes ---- */

#define NOTE_PATH_FIELDS(F, S) F(S, ID, id, .required = true)
SHAPE_DECLARE(note_path, NOTE_PATH_FIELDS);
SHAPE_DEFINE(note_path, NOTE_PATH_FIELDS);

#define NOTE_QUERY_FIELDS(F, S)                                                                    \
    F(S, INT, limit, .min = 1, .max = 50, .fallback = 20)                                          \
    F(S, TEXT, word, .max = 10)
SHAPE_DECLARE(note_query, NOTE_QUERY_FIELDS);
SHAPE_DEFINE(note_query, NOTE_QUERY_FIELDS);

#define NOTE_DRAFT_FIELDS(F, S)                                                                    \
    F(S, TEXT, words, .required = true, .min = 1, .max = 2000)                                     \
    F(S, INT, stars, .required = true, .min = 1, .max = 5)
SHAPE_DECLARE(note_draft, NOTE_DRAFT_FIELDS);
SHAPE_DEFINE(note_draft, NOTE_DRAFT_FIELDS);

#define NOTE_FIELDS(F, S)                                                                          \
    F(S, ID, id)                                                                                   \
    F(S, ID, owner_id)                                                                             \
    F(S, TEXT, words)                                                                              \
    F(S, INT, stars)
SHAPE_DECLARE(note, NOTE_FIELDS);
SHAPE_DEFINE(note, NOTE_FIELDS);
SHAPE_DECLARE_PAGE(note);
SHAPE_DEFINE_PAGE(note);

#define NOTE_HEARD_FIELDS(F, S)                                                                    \
    F(S, INT, bytes)                                                                               \
    F(S, TEXT, signature)
SHAPE_DECLARE(note_heard, NOTE_HEARD_FIELDS);
SHAPE_DEFINE(note_heard, NOTE_HEARD_FIELDS);

static refusal read_note(struct request *q, int64_t id, struct note *ret_note) {
    bool found = false;
    TRY(db_row(q->db, SQL("i", "SELECT id, owner_id, words, stars FROM test_note WHERE id = $1"),
               PARAMS(id), &note_shape, ret_note, &found));
    if (!found) return refuse(q, NOT_FOUND, "", "没有这条", "no such note");
    return NULL;
}

static refusal get_note(struct request *q) {
    const struct note_path *path = q->path;
    return read_note(q, path->id, q->reply);
}

static refusal list_notes(struct request *q) {
    const struct note_query *query = q->query;
    struct note_page *page = q->reply;
    return db_rows(
        q->db, SQL("i", "SELECT id, owner_id, words, stars FROM test_note ORDER BY id LIMIT $1"),
        PARAMS(query->limit), &note_shape, &page->items);
}

static refusal list_mine(struct request *q) {
    struct note_page *page = q->reply;
    return db_rows(q->db,
                   SQL("i", "SELECT id, owner_id, words, stars FROM test_note WHERE owner_id = $1 "
                            "ORDER BY id LIMIT 50"),
                   PARAMS(q->who->person_id), &note_shape, &page->items);
}

static const struct fact note_written = {"note_written"};

static refusal post_note(struct request *q) {
    const struct note_draft *draft = q->body;
    struct note *note = q->reply;
    *note = (struct note){request_new_id(q), q->who->person_id, draft->words, draft->stars};
    TRY(db_run(
        q->db,
        SQL("iiti", "INSERT INTO test_note (id, owner_id, words, stars) VALUES ($1, $2, $3, $4)"),
        PARAMS(note->id, note->owner_id, note->words, note->stars), NULL));
    TRY(request_announce(q, &note_written, note));
    request_changed(q, 0);
    request_send_event(q, q->who->person_id, "note", TEXT("{\"state\":\"written\"}"));
    if (text_is(draft->words, "refuse me"))
        return refuse(q, WRONG_STATE, "words", "不行", "not these words");
    return NULL;
}

static refusal put_note(struct request *q) {
    const struct note_path *path = q->path;
    const struct note_draft *draft = q->body;
    struct note *note = q->reply;
    TRY(read_note(q, path->id, note));
    if (!request_reaches(q, PERMISSION_buy, (struct owner){.person_id = note->owner_id}))
        return refuse(q, NOT_FOUND, "", "没有这条", "no such note");
    note->words = draft->words;
    note->stars = draft->stars;
    request_changed(q, note->id);
    return db_run(q->db, SQL("iti", "UPDATE test_note SET words = $2, stars = $3 WHERE id = $1"),
                  PARAMS(note->id, note->words, note->stars), NULL);
}

static refusal delete_note(struct request *q) {
    const struct note_path *path = q->path;
    return db_run(q->db, SQL("i", "DELETE FROM test_note WHERE id = $1"), PARAMS(path->id), NULL);
}

static refusal hear_callback(struct request *q) {
    struct note_heard *heard = q->reply;
    heard->bytes = (int64_t)q->raw_body.length;
    heard->signature = request_header(q, "x-signature");
    return NULL;
}

static refusal think(struct request *q) {
    const struct note_draft *draft = q->body;
    CHECK(!q->db);
    if (text_is(draft->words, "sleep")) usleep(400 * 1000);
    if (text_is(draft->words, "wrong")) return refuse(q, WRONG_LOGIN, "", "不对", "wrong");
    int64_t *prepared = arena_new(q->arena, int64_t, 1);
    *prepared = draft->stars + 1;
    q->prepared = prepared;
    return NULL;
}

static refusal post_thought(struct request *q) {
    struct note *note = q->reply;
    note->stars = *(const int64_t *)q->prepared;
    note->id = request_new_id(q);
    return db_run(q->db,
                  SQL("ii", "INSERT INTO test_note (id, owner_id, words, stars) "
                            "VALUES ($1, 0, 'a thought', $2)"),
                  PARAMS(note->id, note->stars), NULL);
}

static refusal fail_inside(struct request *q) {
    return refuse(q, INTERNAL, "", "机密", "a secret detail");
}

static refusal post_login(struct request *q) {
    struct note *note = q->reply;
    note->id = request_new_id(q);
    q->set_cookie = TEXT("xj_session=ann; HttpOnly; SameSite=Lax; Path=/");
    return NULL;
}

enum { BLOB_BYTES_MAX = 1024 * 1024 };

static refusal weigh(struct request *q) {
    CHECK(!q->db);
    q->prepared = arena_new(q->arena, int64_t, 1);
    *(int64_t *)q->prepared = (int64_t)q->raw_body.length;
    return NULL;
}

static refusal post_blob(struct request *q) {
    struct note_heard *heard = q->reply;
    heard->bytes = *(const int64_t *)q->prepared;
    return NULL;
}

static refusal give_blob(struct request *q) {
    const struct note_path *path = q->path;
    CHECK(!q->db && q->who->person_id == 0);
    if (path->id == 404) return refuse(q, NOT_FOUND, "", "没有找到", "not found");
    q->file = (struct request_file){TEXT("\x00\xff bytes"), TEXT("image/webp"), TEXT("blob-1"),
                                    path->id == 7 ? 600 * SECOND_MS : 0, path->id == 8};
    return NULL;
}

static const char *const callback_headers[] = {"x-signature", NULL};
static const char *const blob_types[] = {"image/png", "image/webp", NULL};

static const struct route note_routes[] = {
    {GET, "/api/notes", PUBLIC, "Notes", .query = &note_query_shape, .reply = &note_page_shape,
     .handle = list_notes},
    {GET, "/api/notes/mine", MAY(buy), "My notes", .reply = &note_page_shape, .handle = list_mine},
    {GET, "/api/notes/{id}", PUBLIC, "A note", .path = &note_path_shape, .reply = &note_shape,
     .handle = get_note, .cached = true},
    {POST, "/api/notes", MAY(buy), "Write a note", .body = &note_draft_shape, .reply = &note_shape,
     .status = 201, .handle = post_note, .writes = true},
    {PUT, "/api/notes/{id}", MAY(buy), "Change a note", .path = &note_path_shape,
     .body = &note_draft_shape, .reply = &note_shape, .handle = put_note, .writes = true},
    {DELETE, "/api/notes/{id}", MAY(operate), "Drop a note", .path = &note_path_shape,
     .handle = delete_note, .writes = true},
    {POST, "/api/thoughts", PUBLIC, "Think", .body = &note_draft_shape, .reply = &note_shape,
     .status = 201, .before = think, .handle = post_thought, .writes = true},
    {POST, "/api/logins", PUBLIC, "Log in", .reply = &note_shape, .status = 201,
     .handle = post_login, .writes = true, .secret_reply = true},
    {POST, "/api/heard", PUBLIC, "A provider calls", .reply = &note_heard_shape,
     .handle = hear_callback, .writes = true, .callback = true, .headers = callback_headers},
    {POST, "/api/blobs", MAY(account), "Weigh", .reply = &note_heard_shape, .before = weigh,
     .handle = post_blob, .writes = true, .raw_types = blob_types, .raw_bytes_max = BLOB_BYTES_MAX},
    {GET, "/files/{id}", PUBLIC, "A file", .path = &note_path_shape, .before = give_blob,
     .gives_file = true},
    {GET, "/api/broken", PUBLIC, "Fails inside", .reply = &note_shape, .handle = fail_inside},
};

/* Hears a note: stars of 5 refuse, so that a listener's refusal is seen to undo the note. */
static refusal hear_note(struct request *q, const void *data) {
    const struct note *note = data;
    if (text_is(note->words, "unheard"))
        return refuse(q, CONFLICT, "words", "听不见", "nobody hears that");
    return NULL;
}
static const struct listener note_listeners[] = {{&note_written, hear_note}};

static const struct room note_room = {.name = "test",
                                      .routes = note_routes,
                                      .route_count = sizeof(note_routes) / sizeof(note_routes[0]),
                                      .listeners = note_listeners,
                                      .listener_count = 1};
extern const struct room http_room;
static const struct room *const test_rooms[] = {&http_room, &note_room};

enum { ANN = 101, BOB = 102, OPERATOR = 103 };

static refusal authenticate(struct request *q, struct text token, struct principal *ret_who) {
    static const struct grant own[] = {{PERMISSION_buy, SCOPE_OWN, 0},
                                       {PERMISSION_account, SCOPE_OWN, 0}};
    static const struct grant all[] = {{PERMISSION_operate, SCOPE_ALL, 0}};
    (void)q;
    if (text_is(token, "ann")) *ret_who = (struct principal){ANN, 1, own, 2, false, false};
    if (text_is(token, "bob")) *ret_who = (struct principal){BOB, 2, own, 2, false, false};
    if (text_is(token, "operator"))
        *ret_who = (struct principal){OPERATOR, 3, all, 1, false, false};
    return NULL;
}

static refusal make_table(struct request *q, void *context) {
    (void)context;
    return db_run(q->db,
                  SQL("", "CREATE TABLE test_note (id BIGINT NOT NULL PRIMARY KEY, owner_id BIGINT "
                          "NOT NULL, words TEXT NOT NULL, stars BIGINT NOT NULL)"),
                  NO_PARAMS, NULL);
}

static refusal count_notes(struct request *q, void *context) {
    return db_int(q->db, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM test_note"), NO_PARAMS,
                  context, NULL);
}

/* ---- a site: a house with a server ---- */

struct site {
    struct house *house;
    struct server *server;
    struct server_settings settings;
    int port;
};

static void site_start(struct site *site) {
    struct text error = {0};
    site->house->app->port = 0;
    if (!server_start_with(site->house->app, &site->settings, &error, &site->server))
        test_fail(__FILE__, __LINE__, "%.*s", (int)error.length, error.bytes);
    site->house->app->server = site->server;
    site->port = server_port(site->server);
}

static struct site site_open(struct house *house) {
    struct site site = {.house = house};
    house_work(house, make_table, NULL);
    house->app->authenticate = authenticate;
    house->app->touch = NULL;
    house->app->loop_count = 2;
    site.settings = server_defaults(house->app);
    site.settings.rooms = test_rooms;
    site.settings.room_count = 2;
    site.settings.quiet = true;
    site_start(&site);
    return site;
}

static void site_close(struct site *site) {
    server_stop(site->server);
    site->house->app->server = NULL;
}

static int64_t notes(struct site *site) {
    int64_t count = 0;
    house_work(site->house, count_notes, &count);
    return count;
}

/* ---- a client that says exactly what it is told ---- */

enum { WIRE_BYTES = 512 * 1024 };
struct wire {
    int descriptor;
    size_t length;
    char bytes[WIRE_BYTES];
};

struct answer {
    int status; /* 0: the connection ended without one */
    struct text head;
    struct text body;
};

/* All of 127.0.0.0/8 is this machine: a client from another address of it is another client. */
static struct wire *wire_open_from(int port, const char *client) {
    struct wire *wire = calloc(1, sizeof(*wire));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in own = {.sin_family = AF_INET};
    struct timeval patience = {.tv_sec = 20};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    inet_pton(AF_INET, client, &own.sin_addr);
    wire->descriptor = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(wire->descriptor, (struct sockaddr *)&own, sizeof(own)) == 0);
    setsockopt(wire->descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(wire->descriptor, (struct sockaddr *)&address, sizeof(address)) != 0) {
        close(wire->descriptor);
        wire->descriptor = -1;
    }
    return wire;
}

static struct wire *wire_open(int port) { return wire_open_from(port, "127.0.0.1"); }

static void wire_close(struct wire *wire) {
    if (wire->descriptor >= 0) close(wire->descriptor);
    free(wire);
}

static bool wire_send(struct wire *wire, const char *bytes, size_t length) {
    while (length) {
        ssize_t sent = send(wire->descriptor, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

static bool wire_more(struct wire *wire) {
    if (wire->length + 1 >= WIRE_BYTES) return false;
    ssize_t got =
        recv(wire->descriptor, wire->bytes + wire->length, WIRE_BYTES - wire->length - 1, 0);
    if (got <= 0) return false;
    wire->length += (size_t)got;
    return true;
}

static struct text header(struct arena *arena, const struct answer *answer, const char *name) {
    struct text wanted = text_format(arena, "\r\n%s: ", name);
    for (size_t at = 0; at + wanted.length < answer->head.length; at++) {
        if (strncasecmp(answer->head.bytes + at, wanted.bytes, wanted.length) != 0) continue;
        size_t from = at + wanted.length;
        return text_slice(answer->head, from, text_find(answer->head, TEXT("\r\n"), from));
    }
    return TEXT("");
}

/* The next reply; its text lives in ARENA. HEAD says that no body follows. */
static struct answer wire_read(struct wire *wire, struct arena *arena, bool is_head) {
    struct answer answer = {0};
    size_t end;
    for (;;) {
        end = text_find((struct text){wire->bytes, wire->length}, TEXT("\r\n\r\n"), 0);
        if (end != SIZE_MAX) break;
        if (!wire_more(wire)) return answer;
    }
    answer.head = text_copy(arena, (struct text){wire->bytes, end + 2});
    answer.status = (int)strtol(wire->bytes + 9, NULL, 10);
    int64_t length = 0;
    text_to_int64(header(arena, &answer, "Content-Length"), &length);
    bool bodiless = is_head || answer.status == 204 || answer.status == 304 || answer.status == 100;
    if (bodiless) length = 0;
    size_t whole = end + 4 + (size_t)length;
    while (wire->length < whole && wire_more(wire)) continue;
    answer.body = text_copy(arena, (struct text){wire->bytes + end + 4, (size_t)length});
    wire->length -= whole;
    memmove(wire->bytes, wire->bytes + whole, wire->length);
    return answer;
}

static bool wire_ended(struct wire *wire) {
    char byte;
    return recv(wire->descriptor, &byte, 1, 0) <= 0;
}

/* One request on a connection of its own. */
static struct answer ask(struct site *site, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static struct answer ask(struct site *site, const char *format, ...) {
    static _Thread_local char request[WIRE_BYTES];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(request, sizeof(request), format, list);
    va_end(list);
    struct wire *wire = wire_open(site->port);
    wire_send(wire, request, (size_t)length);
    struct answer answer = wire_read(wire, site->house->arena, strncmp(request, "HEAD", 4) == 0);
    wire_close(wire);
    return answer;
}

#define HOST "Host: shop.example\r\n"
#define JSON "Content-Type: application/json\r\n"
#define END "\r\n"

static struct answer get(struct site *site, const char *target, const char *headers) {
    return ask(site, "GET %s HTTP/1.1\r\n" HOST "%s" END, target, headers);
}

static struct answer send_json(struct site *site, const char *method, const char *target,
                               const char *headers, const char *body) {
    return ask(site, "%s %s HTTP/1.1\r\n" HOST JSON "Content-Length: %zu\r\n%s" END "%s", method,
               target, strlen(body), headers, body);
}

#define KEY(key) "Idempotency-Key: " key "\r\n"
#define TOKEN(token) "Authorization: Bearer " token "\r\n"
#define NOTE "{\"words\":\"香梨\",\"stars\":5}"

static bool has(struct text whole, const char *part) {
    return text_find(whole, text_of(part), 0) != SIZE_MAX;
}

static struct text member(struct site *site, const struct answer *answer, const char *name) {
    const json_t *json = (const json_t *)json_read(site->house->arena, answer->body, NULL);
    CHECK(json);
    const json_t *value = json_object_get(json, name);
    CHECK(json_is_string(value));
    return text_of(json_string_value(value));
}

/* ---- the road ---- */

HOUSE_TEST("road: a note is written, read, listed, changed and dropped") {
    struct site site = site_open(house);
    struct answer made = send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), NOTE);
    CHECK_INT(made.status, 201);
    struct text id = member(&site, &made, "id");
    char target[80];
    snprintf(target, sizeof(target), "/api/notes/%.*s", (int)id.length, id.bytes);
    struct answer read = get(&site, target, "");
    CHECK_INT(read.status, 200);
    CHECK_TEXT(read.body, text_terminated(house->arena, made.body));
    CHECK_TEXT(header(house->arena, &read, "Content-Type"), "application/json");
    CHECK_INT(get(&site, "/api/notes?limit=5", "").status, 200);
    struct answer mine = get(&site, "/api/notes/mine", TOKEN("ann"));
    CHECK_INT(mine.status, 200);
    CHECK(has(mine.body, "香梨"));
    CHECK_TEXT(header(house->arena, &mine, "Cache-Control"), "private, no-cache");
    struct answer other = get(&site, "/api/notes/mine", TOKEN("bob"));
    CHECK(!has(other.body, "香梨"));
    struct answer dropped =
        send_json(&site, "DELETE", target, TOKEN("operator") KEY("key-0002"), "");
    CHECK_INT(dropped.status, 204);
    CHECK_INT(notes(&site), 0);
    site_close(&site);
}

HOUSE_TEST("road: no such address is 404, another method 405 with Allow") {
    struct site site = site_open(house);
    struct answer absent = get(&site, "/api/nothing", "");
    CHECK_INT(absent.status, 404);
    CHECK_TEXT(header(house->arena, &absent, "Content-Type"), "application/problem+json");
    CHECK(has(absent.body, "\"code\":\"not_found\""));
    CHECK_INT(get(&site, "/api/notes/pear", "").status, 404);
    CHECK_INT(get(&site, "/api/notes/12/", "").status, 404);
    CHECK_INT(get(&site, "/api//notes", "").status, 404);
    CHECK_INT(get(&site, "/api/notes/99", "").status, 404);
    struct answer wrong = send_json(&site, "DELETE", "/api/notes", KEY("key-0001"), "");
    CHECK_INT(wrong.status, 405);
    CHECK_TEXT(header(house->arena, &wrong, "Allow"), "GET, HEAD, POST");
    struct answer patch = send_json(&site, "PATCH", "/api/notes", "", "{}");
    CHECK_INT(patch.status, 405);
    CHECK_TEXT(header(house->arena, &patch, "Allow"), "GET, HEAD, POST");
    CHECK_INT(send_json(&site, "PATCH", "/api/nothing", "", "{}").status, 404);
    struct answer page = send_json(&site, "POST", "/", "", "{}");
    CHECK_INT(page.status, 405);
    CHECK_TEXT(header(house->arena, &page, "Allow"), "GET, HEAD");
    site_close(&site);
}

HOUSE_TEST("road: one answer names every fault, after the permission and in two languages") {
    struct site site = site_open(house);
    const char *bad = "{\"words\":\"\",\"stars\":9,\"colour\":\"red\"}";
    struct answer nobody = send_json(&site, "POST", "/api/notes", "", bad);
    CHECK_INT(nobody.status, 401);
    CHECK_TEXT(header(house->arena, &nobody, "WWW-Authenticate"), "Bearer");
    CHECK(!has(nobody.body, "colour"));
    CHECK_INT(send_json(&site, "POST", "/api/notes", TOKEN("operator"), bad).status, 403);
    struct answer faults = send_json(&site, "POST", "/api/notes", TOKEN("ann"), bad);
    CHECK_INT(faults.status, 400);
    CHECK(has(faults.body, "\"code\":\"bad_input\""));
    CHECK(has(faults.body, "\"words\"") && has(faults.body, "\"stars\""));
    CHECK(has(faults.body, "\"colour\"") && has(faults.body, "\"Idempotency-Key\""));
    struct answer english = send_json(&site, "POST", "/api/notes",
                                      TOKEN("ann") "Accept-Language: en-GB,zh;q=0.5\r\n", bad);
    CHECK(has(english.body, "Some fields are not right"));
    struct answer query = get(&site, "/api/notes?limit=99&word=01234567890&sort=x", "");
    CHECK_INT(query.status, 400);
    CHECK(has(query.body, "\"limit\"") && has(query.body, "\"word\"") &&
          has(query.body, "\"sort\""));
    CHECK_INT(get(&site, "/api/notes/1?x=1", "").status, 400);
    struct answer keyless = send_json(&site, "POST", "/api/notes", TOKEN("ann"), NOTE);
    CHECK_INT(keyless.status, 400);
    CHECK(has(keyless.body, "\"code\":\"bad_request\"") && has(keyless.body, "Idempotency-Key"));
    CHECK_INT(send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("short"), NOTE).status, 400);
    CHECK_INT(notes(&site), 0);
    site_close(&site);
}

HOUSE_TEST("road: bodies that are not JSON") {
    struct site site = site_open(house);
    const char *const headers = TOKEN("ann") KEY("key-0001");
    static const char *const bad[] = {"{",
                                      "[]",
                                      "{\"words\":\"a\",\"words\":\"b\",\"stars\":1}",
                                      "{\"words\":\"\xff\",\"stars\":1}",
                                      "{} {}",
                                      "nul",
                                      "{\"words\":\"\\u0000\",\"stars\":1}"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_INT(send_json(&site, "POST", "/api/notes", headers, bad[i]).status, 400);
    struct answer form = ask(&site,
                             "POST /api/notes HTTP/1.1\r\n" HOST
                             "Content-Type: text/plain\r\nContent-Length: 2\r\n%s" END "{}",
                             headers);
    CHECK_INT(form.status, 415);
    struct answer empty = send_json(&site, "POST", "/api/notes", headers, "");
    CHECK_INT(empty.status, 400);
    CHECK(has(empty.body, "\"words\"") && has(empty.body, "\"stars\""));
    char *large = malloc(LIMIT_BODY_BYTES + 100);
    memset(large, ' ', LIMIT_BODY_BYTES + 99);
    large[LIMIT_BODY_BYTES + 99] = '\0';
    CHECK_INT(send_json(&site, "POST", "/api/notes", headers, large).status, 413);
    large[LIMIT_BODY_BYTES - 100] = '\0';
    CHECK_INT(send_json(&site, "POST", "/api/notes", headers, large).status, 400);
    free(large);
    CHECK_INT(notes(&site), 0);
    site_close(&site);
}

HOUSE_TEST("road: what goes wrong inside is not told") {
    struct site site = site_open(house);
    struct answer broken = get(&site, "/api/broken", "");
    CHECK_INT(broken.status, 500);
    CHECK(has(broken.body, "\"code\":\"internal\"") && !has(broken.body, "secret"));
    site_close(&site);
}

HOUSE_TEST("road: the same key has one effect and one reply") {
    struct site site = site_open(house);
    struct answer first =
        send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), NOTE);
    struct answer again =
        send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), NOTE);
    CHECK_INT(first.status, 201);
    CHECK_INT(again.status, 201);
    CHECK(text_equal(first.body, again.body));
    CHECK_TEXT(header(house->arena, &again, "Idempotency-Replayed"), "true");
    CHECK_TEXT(header(house->arena, &first, "Idempotency-Replayed"), "");
    CHECK_INT(notes(&site), 1);
    const char *other = "{\"words\":\"other\",\"stars\":1}";
    struct answer reused =
        send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), other);
    CHECK_INT(reused.status, 422);
    CHECK(has(reused.body, "\"code\":\"key_reused\""));
    struct answer bobs = send_json(&site, "POST", "/api/notes", TOKEN("bob") KEY("key-0001"), NOTE);
    CHECK_INT(bobs.status, 201);
    CHECK_TEXT(header(house->arena, &bobs, "Idempotency-Replayed"), "");
    CHECK_INT(notes(&site), 2);
    house_advance(house, LIMIT_IDEMPOTENCY_MS + 1);
    CHECK_INT(send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), other).status,
              201);
    CHECK_INT(notes(&site), 3);
    site_close(&site);
}

HOUSE_TEST("road: a refusal rolls its key and its writes back") {
    struct site site = site_open(house);
    const char *refused = "{\"words\":\"refuse me\",\"stars\":1}";
    const char *unheard = "{\"words\":\"unheard\",\"stars\":1}";
    CHECK_INT(send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), refused).status,
              409);
    CHECK_INT(send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), unheard).status,
              409);
    CHECK_INT(notes(&site), 0);
    CHECK_INT(send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), NOTE).status,
              201);
    CHECK_INT(notes(&site), 1);
    site_close(&site);
}

struct tap {
    struct site *site;
    int status;
    bool replayed;
    pthread_t thread;
};

static void *tap(void *context) {
    struct tap *tapped = context;
    struct arena arena = {0};
    struct wire *wire = wire_open(tapped->site->port);
    static const char request[] = "POST /api/notes HTTP/1.1\r\n" HOST JSON TOKEN("ann")
        KEY("the-same-key") "Content-Length: 28\r\n\r\n" NOTE;
    wire_send(wire, request, sizeof(request) - 1);
    struct answer answer = wire_read(wire, &arena, false);
    tapped->status = answer.status;
    tapped->replayed = header(&arena, &answer, "Idempotency-Replayed").length > 0;
    wire_close(wire);
    arena_free(&arena);
    return NULL;
}

HOUSE_TEST("road: fifty taps at once are one note") {
    enum { TAPS = 50 };
    struct site site = site_open(house);
    struct tap taps[TAPS] = {0};
    CHECK_INT(strlen(NOTE), 28);
    for (size_t i = 0; i < TAPS; i++) {
        taps[i].site = &site;
        CHECK(pthread_create(&taps[i].thread, NULL, tap, &taps[i]) == 0);
    }
    int fresh = 0;
    for (size_t i = 0; i < TAPS; i++) {
        pthread_join(taps[i].thread, NULL);
        CHECK_INT(taps[i].status, 201);
        fresh += !taps[i].replayed;
    }
    CHECK_INT(fresh, 1);
    CHECK_INT(notes(&site), 1);
    site_close(&site);
}

HOUSE_TEST("road: the key is not in the database, and a swept key is forgotten") {
    struct site site = site_open(house);
    CHECK_INT(
        send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("plain-key-0001"), NOTE).status,
        201);
    site_close(&site);
    char command[200];
    snprintf(command, sizeof(command), "grep -rqa plain-key-0001 %s", house->folder);
    CHECK(system(command) != 0);
}

HOUSE_TEST("road: a reply with a secret is never kept") {
    struct site site = site_open(house);
    struct answer first = send_json(&site, "POST", "/api/logins", KEY("key-0001"), "");
    struct answer again = send_json(&site, "POST", "/api/logins", KEY("key-0001"), "");
    CHECK_INT(first.status, 201);
    CHECK_INT(again.status, 201);
    CHECK(!text_equal(first.body, again.body));
    CHECK(has(header(house->arena, &first, "Set-Cookie"), "xj_session=ann"));
    CHECK_TEXT(header(house->arena, &first, "Cache-Control"), "no-store");
    site_close(&site);
}

#define COOKIE "Cookie: theme=dark; xj_session=ann\r\n"

HOUSE_TEST("road: a write by cookie must come from our own page") {
    struct site site = site_open(house);
    const char *const path = "/api/notes";
    CHECK_INT(send_json(&site, "POST", path, COOKIE KEY("key-0001"), NOTE).status, 403);
    struct answer foreign = send_json(
        &site, "POST", path, COOKIE KEY("key-0001") "Origin: https://evil.example\r\n", NOTE);
    CHECK_INT(foreign.status, 403);
    CHECK(has(foreign.body, "\"code\":\"wrong_origin\""));
    CHECK_INT(
        send_json(&site, "POST", path, COOKIE KEY("key-0001") "Origin: null\r\n", NOTE).status,
        403);
    CHECK_INT(
        send_json(
            &site, "POST", path,
            COOKIE KEY("key-0001") "Origin: http://shop.example\r\nSec-Fetch-Site: cross-site\r\n",
            NOTE)
            .status,
        403);
    CHECK_INT(send_json(&site, "POST", path,
                        KEY("key-0001") TOKEN("ann") "Origin: http://evil.example\r\n", NOTE)
                  .status,
              403);
    CHECK_INT(notes(&site), 0);
    CHECK_INT(send_json(&site, "POST", path,
                        COOKIE KEY("key-0001") "Origin: http://shop.example\r\n", NOTE)
                  .status,
              201);
    CHECK_INT(send_json(&site, "POST", path, TOKEN("ann") KEY("key-0002"), NOTE).status, 201);
    /* Reading by cookie needs no Origin. */
    CHECK_INT(get(&site, "/api/notes/mine", COOKIE).status, 200);
    site_close(&site);
    house->app->public_url = "https://public.example";
    site_start(&site);
    CHECK_INT(send_json(&site, "POST", path,
                        COOKIE KEY("key-0003") "Origin: https://public.example\r\n", NOTE)
                  .status,
              201);
    site_close(&site);
    house->app->public_url = "";
}

HOUSE_TEST("road: other people's things are not there") {
    struct site site = site_open(house);
    struct answer made = send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), NOTE);
    struct text id = member(&site, &made, "id");
    char target[80];
    snprintf(target, sizeof(target), "/api/notes/%.*s", (int)id.length, id.bytes);
    CHECK_INT(send_json(&site, "PUT", target, TOKEN("bob") KEY("key-0002"), NOTE).status, 404);
    CHECK_INT(send_json(&site, "PUT", target, TOKEN("ann") KEY("key-0002"), NOTE).status, 200);
    site_close(&site);
}

TEST("road: how far a permission reaches") {
    static const struct grant grants[] = {{PERMISSION_buy, SCOPE_OWN, 0},
                                          {PERMISSION_sell, SCOPE_ORGANISATION, 77},
                                          {PERMISSION_operate, SCOPE_COUNTY, INT64_C(500230000000)},
                                          {PERMISSION_audit, SCOPE_COUNTY, INT64_C(500000000000)},
                                          {PERMISSION_refund, SCOPE_ALL, 0}};
    const struct principal who = {.person_id = 5, .grants = grants, .grant_count = 5};
    const struct request q = {.who = &who};
    CHECK(request_reaches(&q, PERMISSION_buy, (struct owner){.person_id = 5}));
    CHECK(!request_reaches(&q, PERMISSION_buy, (struct owner){.person_id = 6}));
    CHECK(!request_reaches(&q, PERMISSION_buy, (struct owner){0}));
    CHECK(request_reaches(&q, PERMISSION_sell, (struct owner){.organisation_id = 77}));
    CHECK(!request_reaches(&q, PERMISSION_sell,
                           (struct owner){.organisation_id = 78, .person_id = 5}));
    CHECK(request_reaches(&q, PERMISSION_operate,
                          (struct owner){.place_code = INT64_C(500230100201)}));
    CHECK(!request_reaches(&q, PERMISSION_operate,
                           (struct owner){.place_code = INT64_C(500231100201)}));
    CHECK(
        request_reaches(&q, PERMISSION_audit, (struct owner){.place_code = INT64_C(500112000000)}));
    CHECK(!request_reaches(&q, PERMISSION_audit,
                           (struct owner){.place_code = INT64_C(510112000000)}));
    CHECK(!request_reaches(&q, PERMISSION_audit, (struct owner){0}));
    CHECK(request_reaches(&q, PERMISSION_refund, (struct owner){0}));
    CHECK(!request_reaches(&q, PERMISSION_account, (struct owner){.person_id = 5}));
}

HOUSE_TEST("road: slow work runs before the transaction") {
    struct site site = site_open(house);
    struct answer thought = send_json(&site, "POST", "/api/thoughts", KEY("key-0001"), NOTE);
    CHECK_INT(thought.status, 201);
    CHECK(has(thought.body, "\"stars\":6"));
    const char *wrong = "{\"words\":\"wrong\",\"stars\":1}";
    CHECK_INT(send_json(&site, "POST", "/api/thoughts", KEY("key-0002"), wrong).status, 401);
    CHECK_INT(notes(&site), 1);
    site_close(&site);
}

/* LENGTH bytes that are no text, sent whole or in chunks of 64 KiB. */
static struct answer send_blob(struct site *site, size_t length, const char *headers,
                               bool chunked) {
    enum { PIECE = 64 * 1024 };
    static char piece[PIECE];
    char line[40];
    struct wire *wire = wire_open(site->port);
    memset(piece, 0xF5, sizeof(piece));
    struct text head =
        text_format(site->house->arena, "POST /api/blobs HTTP/1.1\r\n" HOST "%s", headers);
    wire_send(wire, head.bytes, head.length);
    snprintf(line, sizeof(line), "Content-Length: %zu\r\n", length);
    if (chunked) snprintf(line, sizeof(line), "Transfer-Encoding: chunked\r\n");
    wire_send(wire, line, strlen(line));
    wire_send(wire, END, 2);
    for (size_t left = length; left;) {
        size_t part = left < PIECE ? left : PIECE;
        snprintf(line, sizeof(line), "%zx\r\n", part);
        if (chunked) wire_send(wire, line, strlen(line));
        if (!wire_send(wire, piece, part)) break;
        if (chunked) wire_send(wire, END, 2);
        left -= part;
    }
    if (chunked) wire_send(wire, "0\r\n\r\n", 5);
    struct answer answer = wire_read(wire, site->house->arena, false);
    wire_close(wire);
    return answer;
}

#define PNG "Content-Type: image/png\r\n"

HOUSE_TEST("raw: a body of bytes has a bound of its own, and goes the same road") {
    struct site site = site_open(house);
    struct answer answer =
        send_blob(&site, BLOB_BYTES_MAX, TOKEN("ann") KEY("key-0001") PNG, false);
    CHECK_INT(answer.status, 200);
    CHECK(has(answer.body, "{\"bytes\":1048576,"));
    answer = send_blob(&site, 700 * 1000, TOKEN("ann") KEY("key-0002") PNG, true);
    CHECK_INT(answer.status, 200);
    CHECK(has(answer.body, "{\"bytes\":700000,"));
    answer = send_blob(&site, 700 * 1000, TOKEN("ann") KEY("key-0002") PNG, false);
    CHECK(has(header(house->arena, &answer, "Idempotency-Replayed"), "true"));
    answer = send_blob(&site, 700 * 1000 + 1, TOKEN("ann") KEY("key-0002") PNG, false);
    CHECK_INT(answer.status, 422);
    CHECK_INT(send_blob(&site, BLOB_BYTES_MAX + 1, TOKEN("ann") KEY("key-0003") PNG, false).status,
              413);
    CHECK_INT(send_blob(&site, BLOB_BYTES_MAX + 1, TOKEN("ann") KEY("key-0003") PNG, true).status,
              413);
    CHECK_INT(send_blob(&site, 300 * 1000, KEY("key-0004") PNG, false).status, 401);
    CHECK_INT(send_blob(&site, 300 * 1000, TOKEN("operator") KEY("key-0004") PNG, false).status,
              403);
    CHECK_INT(send_blob(&site, 9, TOKEN("ann") PNG, false).status, 400);
    CHECK_INT(send_blob(&site, 0, TOKEN("ann") KEY("key-0004") PNG, false).status, 400);
    answer = send_blob(&site, 9, TOKEN("ann") KEY("key-0004") JSON, false);
    CHECK_INT(answer.status, 415);
    CHECK(has(answer.body, "image/png, image/webp"));
    /* Elsewhere the bound is that of JSON. */
    CHECK_INT(ask(&site, "POST /api/notes HTTP/1.1\r\n" HOST JSON TOKEN("ann") KEY(
                             "key-0005") "Expect: 100-continue\r\nContent-Length: 700000\r\n" END)
                  .status,
              413);
    site_close(&site);
}

/* Sends chunks of 64 KiB until the server listens no more, or LENGTH were sent. */
static size_t flood(struct wire *wire, size_t length) {
    enum { PIECE = 64 * 1024 };
    static char piece[PIECE + 16];
    int head = snprintf(piece, sizeof(piece), "%x\r\n", PIECE);
    memset(piece + head, 0xF5, PIECE);
    memcpy(piece + head + PIECE, END, 2);
    size_t sent = 0;
    while (sent < length && wire_send(wire, piece, (size_t)head + PIECE + 2)) sent += PIECE;
    return sent;
}

static void check_too_large(struct site *site, struct wire *wire, const char *field,
                            const char *limit) {
    struct answer answer = wire_read(wire, site->house->arena, false);
    CHECK_INT(answer.status, 413);
    CHECK(has(answer.body, limit));
    CHECK(has(answer.body, field));
    CHECK(has(header(site->house->arena, &answer, "Content-Type"), "application/problem+json"));
    CHECK(has(header(site->house->arena, &answer, "Connection"), "close"));
    CHECK(wire_ended(wire));
    wire_close(wire);
}

#define BLOB_HEAD "POST /api/blobs HTTP/1.1\r\n" HOST TOKEN("ann") KEY("key-0001") PNG

HOUSE_TEST("raw: a body that is too large is refused before it is read, with the limit in words") {
    enum { VAST = 100 * 1024 * 1024, BUFFERS = 16 * 1024 * 1024, DRAINED = 4 * 1024 * 1024 };
    struct site site = site_open(house);
    const char *limit = "\"最多 1 MB（1048576 字节）\"";
    /* Not a byte of the body was sent: its length is enough. */
    const char *announced = BLOB_HEAD "Content-Length: 104857600\r\n" END;
    struct wire *wire = wire_open(site.port);
    wire_send(wire, announced, strlen(announced));
    check_too_large(&site, wire, "\"file\"", limit);
    /* One byte too many of a body that has not ended. */
    const char *chunked = BLOB_HEAD "Transfer-Encoding: chunked\r\n" END;
    wire = wire_open(site.port);
    wire_send(wire, chunked, strlen(chunked));
    CHECK_INT(flood(wire, BLOB_BYTES_MAX), BLOB_BYTES_MAX);
    wire_send(wire, "1\r\na\r\n", 6);
    check_too_large(&site, wire, "\"file\"", limit);
    /* Who goes on is not listened to for long. */
    wire = wire_open(site.port);
    wire_send(wire, chunked, strlen(chunked));
    CHECK(flood(wire, VAST) < BLOB_BYTES_MAX + DRAINED + BUFFERS);
    wire_close(wire);
    /* A body of JSON has its own bound. */
    const char *json = "POST /api/notes HTTP/1.1\r\n" HOST JSON TOKEN("ann")
        KEY("key-0001") "Content-Length: 104857600\r\n" END;
    wire = wire_open(site.port);
    wire_send(wire, json, strlen(json));
    check_too_large(&site, wire, "\"body\"", "\"最多 256 KB（262144 字节）\"");
    CHECK_INT(get(&site, "/api/notes", "").status, 200);
    site_close(&site);
}

HOUSE_TEST("raw: a file is given to everybody, for ever or for its reader") {
    struct site site = site_open(house);
    struct answer answer = get(&site, "/files/1", TOKEN("ann"));
    CHECK_INT(answer.status, 200);
    CHECK(text_equal(answer.body, TEXT("\x00\xff bytes")));
    CHECK_TEXT(header(house->arena, &answer, "Content-Type"), "image/webp");
    CHECK_TEXT(header(house->arena, &answer, "Cache-Control"),
               "public, max-age=31536000, immutable");
    CHECK_TEXT(header(house->arena, &answer, "Content-Disposition"), "inline");
    CHECK_TEXT(header(house->arena, &answer, "X-Content-Type-Options"), "nosniff");
    CHECK_TEXT(header(house->arena, &answer, "ETag"), "\"blob-1\"");
    CHECK_TEXT(header(house->arena, &answer, "Vary"), "");
    CHECK(!has(header(house->arena, &answer, "Content-Security-Policy"), "sandbox"));
    CHECK_INT(get(&site, "/files/1", "If-None-Match: \"blob-1\"\r\n").status, 304);
    /* What nobody looked into is saved, and may do nothing where it is shown all the same. */
    answer = get(&site, "/files/8", "");
    CHECK_TEXT(header(house->arena, &answer, "Content-Disposition"), "attachment");
    CHECK_TEXT(header(house->arena, &answer, "X-Content-Type-Options"), "nosniff");
    CHECK(has(answer.head, "Content-Security-Policy: default-src 'none'; sandbox\r\n"));
    answer = get(&site, "/files/7", "");
    CHECK_TEXT(header(house->arena, &answer, "Cache-Control"), "private, max-age=600");
    CHECK_INT(get(&site, "/files/404", "").status, 404);
    CHECK_INT(get(&site, "/files/x", "").status, 404);
    CHECK_INT(get(&site, "/files/", "").status, 404);
    CHECK_INT(send_json(&site, "PUT", "/files/1", TOKEN("ann") KEY("key-0001"), "{}").status, 405);
    answer = ask(&site, "HEAD /files/1 HTTP/1.1\r\n" HOST END);
    CHECK_INT(answer.status, 200);
    CHECK_TEXT(header(house->arena, &answer, "Content-Length"), "8");
    site_close(&site);
}

HOUSE_TEST("road: a callback has no key and no origin, and sees the raw bytes") {
    struct site site = site_open(house);
    struct answer heard = ask(&site, "POST /api/heard HTTP/1.1\r\n" HOST
                                     "Content-Type: text/plain\r\nX-Signature: abc\r\n"
                                     "Origin: https://pay.example\r\nContent-Length: 3\r\n\r\na=b");
    CHECK_INT(heard.status, 200);
    CHECK_TEXT(heard.body, "{\"bytes\":3,\"signature\":\"abc\"}");
    site_close(&site);
}

HOUSE_TEST("road: the same request without a socket") {
    struct site site = site_open(house);
    struct road_call call = {
        .method = "POST", .target = TEXT("/api/notes"), .body = TEXT(NOTE), .token = TEXT("ann")};
    struct road_reply reply;
    road_perform(house->app, house->arena, &call, &reply);
    CHECK_INT(reply.status, 201);
    CHECK(reply.statement_count >= 1);
    call = (struct road_call){
        .method = "GET", .target = TEXT("/api/notes/mine"), .token = TEXT("ann")};
    road_perform(house->app, house->arena, &call, &reply);
    CHECK_INT(reply.status, 200);
    CHECK(has(reply.body, "香梨") && reply.etag.length > 0);
    CHECK_INT(reply.statement_count, 1);
    site_close(&site);
}

/* ---- what is kept and what is told ---- */

static refusal change_note(struct request *q, void *context) {
    (void)context;
    return db_run(q->db, SQL("", "UPDATE test_note SET stars = stars + 1"), NO_PARAMS, NULL);
}

struct contest {
    int try_count;
    int64_t stars;
};

/* Ten times somebody else changes between its read and its write what it writes. */
static refusal contend(struct request *q, void *context) {
    enum { MANY_BYTES = 1024 * 1024, CONFLICTS = 10 };
    struct contest *contest = context;
    TRY(db_int(q->db, SQL("", "SELECT stars FROM test_note"), NO_PARAMS, &contest->stars, NULL));
    memset(arena_take_raw(q->arena, MANY_BYTES), 1, MANY_BYTES);
    if (contest->try_count++ < CONFLICTS) {
        struct arena arena = {0};
        refusal refused = road_work(q->app, &arena, true, change_note, NULL);
        arena_free(&arena);
        CHECK(!refused);
    }
    return change_note(q, NULL);
}

HOUSE_TEST("road: a write that meets conflicts needs the memory of one try") {
    if (!house->postgres) return; /* the writer of SQLite meets none */
    struct site site = site_open(house);
    struct contest contest = {0};
    struct arena arena = {.total_max = 3 * 1024 * 1024};
    CHECK_INT(send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), NOTE).status,
              201);
    CHECK(!road_work(house->app, &arena, true, contend, &contest));
    CHECK_INT(contest.try_count, 11);
    CHECK_INT(contest.stars, 5 + 10);
    arena_free(&arena);
    site_close(&site);
}

HOUSE_TEST("cache: a kept reply is used until its note changes") {
    struct site site = site_open(house);
    struct answer made = send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), NOTE);
    struct text id = member(&site, &made, "id");
    char target[80];
    snprintf(target, sizeof(target), "/api/notes/%.*s", (int)id.length, id.bytes);
    for (int i = 0; i < 20; i++) CHECK(has(get(&site, target, "").body, "香梨"));
    struct answer metrics = get(&site, "/metrics", "");
    CHECK(!has(metrics.body, "xiangji_http_cache_hits_total 0\n"));
    const char *changed = "{\"words\":\"苹果\",\"stars\":3}";
    for (int i = 0; i < 5; i++) {
        char key[120];
        snprintf(key, sizeof(key), TOKEN("ann") "Idempotency-Key: change-%d\r\n", i);
        CHECK_INT(send_json(&site, "PUT", target, key, changed).status, 200);
        for (int j = 0; j < 4; j++) CHECK(has(get(&site, target, "").body, "苹果"));
        snprintf(key, sizeof(key), TOKEN("ann") "Idempotency-Key: changeback-%d\r\n", i);
        CHECK_INT(send_json(&site, "PUT", target, key, NOTE).status, 200);
        for (int j = 0; j < 4; j++) CHECK(has(get(&site, target, "").body, "香梨"));
    }
    site_close(&site);
}

HOUSE_TEST("cache: 304 for who has the bytes, gzip for who takes it") {
    struct site site = site_open(house);
    char body[1700];
    memset(body, 'a', sizeof(body));
    snprintf(body, sizeof(body), "{\"stars\":4,\"words\":\"%0*d\"}", 1500, 7);
    struct answer made = send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), body);
    CHECK_INT(made.status, 201);
    struct text id = member(&site, &made, "id");
    char target[80];
    char headers[200];
    snprintf(target, sizeof(target), "/api/notes/%.*s", (int)id.length, id.bytes);
    struct answer plain = get(&site, target, "");
    struct text etag = header(house->arena, &plain, "ETag");
    CHECK(etag.length > 10);
    snprintf(headers, sizeof(headers), "If-None-Match: \"x\", %.*s\r\n", (int)etag.length,
             etag.bytes);
    struct answer same = get(&site, target, headers);
    CHECK_INT(same.status, 304);
    CHECK_INT(same.body.length, 0);
    struct answer packed = get(&site, target, "Accept-Encoding: br, gzip\r\n");
    CHECK_INT(packed.status, 200);
    CHECK_TEXT(header(house->arena, &packed, "Content-Encoding"), "gzip");
    CHECK(packed.body.length < 300);
    struct text packed_tag = header(house->arena, &packed, "ETag");
    CHECK(!text_equal(packed_tag, etag));
    snprintf(headers, sizeof(headers), "Accept-Encoding: gzip\r\nIf-None-Match: %.*s\r\n",
             (int)packed_tag.length, packed_tag.bytes);
    CHECK_INT(get(&site, target, headers).status, 304);
    struct answer list = get(&site, "/api/notes", "");
    etag = header(house->arena, &list, "ETag");
    snprintf(headers, sizeof(headers), "If-None-Match: %.*s\r\n", (int)etag.length, etag.bytes);
    CHECK_INT(get(&site, "/api/notes", headers).status, 304);
    CHECK_INT(get(&site, "/api/notes?limit=1", "If-None-Match: \"x\"\r\n").status, 200);
    site_close(&site);
}

static int drops;
static void count_drop(void *held) {
    (void)held;
    drops++;
}

TEST("cache: bounded, and what is used stays") {
    struct generations *generations = calloc(1, sizeof(*generations));
    struct cache *cache = cache_make(generations, count_drop);
    struct arena arena = {0};
    drops = 0;
    int kept = 0;
    for (int i = 0; i < 20000; i++) {
        struct cache_item item = {.target = text_format(&arena, "/api/x/%d", i),
                                  .until_ms = 1000,
                                  .bytes = 2000,
                                  .slot = generation_slot(i + 1),
                                  .held = &kept};
        cache_put(cache, &item);
        CHECK(i == 0 || cache_find(cache, TEXT("/api/x/0"), false, 0));
        CHECK(cache_bytes(cache) <= CACHE_BYTES_MAX);
    }
    CHECK(drops > 10000);
    CHECK(!cache_find(cache, TEXT("/api/x/19999"), true, 0));
    CHECK(!cache_find(cache, TEXT("/api/x/19999"), false, 1001));
    generation_pass(generations, generation_slot(1));
    CHECK(!cache_find(cache, TEXT("/api/x/0"), false, 0));
    cache_free(cache);
    CHECK_INT(drops, 20000);
    free(generations);
    arena_free(&arena);
}

HOUSE_TEST("events: a stream gets its person's events and nobody else's") {
    struct site site = site_open(house);
    CHECK_INT(get(&site, "/api/events", "").status, 401);
    struct wire *ann = wire_open(site.port);
    struct wire *bob = wire_open(site.port);
    const char *ask_ann = "GET /api/events HTTP/1.1\r\n" HOST TOKEN("ann") END;
    const char *ask_bob = "GET /api/events HTTP/1.1\r\n" HOST TOKEN("bob") END;
    wire_send(ann, ask_ann, strlen(ask_ann));
    wire_send(bob, ask_bob, strlen(ask_bob));
    while (!has((struct text){ann->bytes, ann->length}, ": ready\n\n")) CHECK(wire_more(ann));
    while (!has((struct text){bob->bytes, bob->length}, ": ready\n\n")) CHECK(wire_more(bob));
    CHECK(has((struct text){ann->bytes, ann->length}, "Content-Type: text/event-stream"));
    CHECK_INT(send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), NOTE).status,
              201);
    while (!has((struct text){ann->bytes, ann->length},
                "event: note\ndata: {\"state\":\"written\"}\n\n"))
        CHECK(wire_more(ann));
    CHECK(has(get(&site, "/metrics", "").body, "xiangji_http_streams 2\n"));
    site_close(&site);
    while (wire_more(bob)) continue;
    CHECK(!has((struct text){bob->bytes, bob->length}, "event: note"));
    CHECK(has((struct text){bob->bytes, bob->length}, "0\r\n\r\n"));
    wire_close(ann);
    wire_close(bob);
}

HOUSE_TEST("events: a silent stream gives a sign of life, and there is a bound on streams") {
    struct site site = site_open(house);
    site_close(&site);
    site.settings.stream_wake_ms = 500;
    site.settings.stream_count_max = 2;
    house->app->loop_count = 1;
    site_start(&site);
    struct wire *wires[3];
    const char *request = "GET /api/events HTTP/1.1\r\n" HOST TOKEN("ann") END;
    for (size_t i = 0; i < 3; i++) {
        wires[i] = wire_open(site.port);
        wire_send(wires[i], request, strlen(request));
        while (!has((struct text){wires[i]->bytes, wires[i]->length}, "\r\n\r\n"))
            CHECK(wire_more(wires[i]));
    }
    CHECK(has((struct text){wires[2]->bytes, wires[2]->length}, "503"));
    CHECK(has((struct text){wires[2]->bytes, wires[2]->length}, "Retry-After: 1"));
    while (!has((struct text){wires[0]->bytes, wires[0]->length}, "\n:\n\n"))
        CHECK(wire_more(wires[0]));
    for (size_t i = 0; i < 3; i++) wire_close(wires[i]);
    site_close(&site);
}

HOUSE_TEST("nodes: a change and an event reach the other node") {
    if (!house->postgres) return; /* SQLite has one node */
    struct site first = site_open(house);
    struct app other = *house->app;
    struct text error = {0};
    other.store = NULL;
    other.ids = NULL;
    other.server = NULL;
    other.keyring = NULL;
    other.sms = NULL;
    other.authenticate = NULL;
    CHECK(app_open(&other, house->arena, false, &error));
    other.authenticate = authenticate;
    struct house second_house = *house;
    second_house.app = &other;
    struct site second = {.house = &second_house, .settings = first.settings};
    second.settings.cached_ms = 60 * SECOND_MS; /* so that only the message can make it fresh */
    site_start(&second);
    struct answer made =
        send_json(&first, "POST", "/api/notes", TOKEN("ann") KEY("key-0001"), NOTE);
    struct text id = member(&first, &made, "id");
    char target[80];
    snprintf(target, sizeof(target), "/api/notes/%.*s", (int)id.length, id.bytes);
    for (int i = 0; i < 8; i++) CHECK(has(get(&second, target, "").body, "香梨"));
    struct wire *stream = wire_open(second.port);
    const char *open = "GET /api/events HTTP/1.1\r\n" HOST TOKEN("ann") END;
    wire_send(stream, open, strlen(open));
    while (!has((struct text){stream->bytes, stream->length}, ": ready\n\n"))
        CHECK(wire_more(stream));
    const char *changed = "{\"words\":\"苹果\",\"stars\":3}";
    CHECK_INT(send_json(&first, "PUT", target, TOKEN("ann") KEY("key-0002"), changed).status, 200);
    CHECK_INT(send_json(&first, "POST", "/api/notes", TOKEN("ann") KEY("key-0003"), NOTE).status,
              201);
    while (!has((struct text){stream->bytes, stream->length}, "event: note\n"))
        CHECK(wire_more(stream));
    for (int i = 0; i < 8; i++) CHECK(has(get(&second, target, "").body, "苹果"));
    wire_close(stream);
    site_close(&second);
    app_close(&other);
    site_close(&first);
}

/* ---- the wire ---- */

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* With its length, because some hold a NUL. */
#define BAD(about, request)                                                                        \
    { about, request, sizeof(request) - 1 }

static const struct {
    const char *about;
    const char *request;
    size_t length;
} bad_heads[] = {
    BAD("length and encoding", "POST /api/notes HTTP/1.1\r\n" HOST
                               "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    BAD("two lengths",
        "POST /api/notes HTTP/1.1\r\n" HOST "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    BAD("two equal lengths",
        "POST /api/notes HTTP/1.1\r\n" HOST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
    BAD("a length in words", "POST /api/notes HTTP/1.1\r\n" HOST "Content-Length: two\r\n\r\n{}"),
    BAD("a negative length", "POST /api/notes HTTP/1.1\r\n" HOST "Content-Length: -2\r\n\r\n{}"),
    BAD("a length with a plus", "POST /api/notes HTTP/1.1\r\n" HOST "Content-Length: +2\r\n\r\n{}"),
    BAD("a list of lengths", "POST /api/notes HTTP/1.1\r\n" HOST "Content-Length: 2, 2\r\n\r\n{}"),
    BAD("a space before the colon", "GET /api/notes HTTP/1.1\r\n" HOST "X-A : b\r\n\r\n"),
    BAD("a space before the colon of the length",
        "POST /api/notes HTTP/1.1\r\n" HOST "Content-Length : 2\r\n\r\n{}"),
    BAD("a folded header", "GET /api/notes HTTP/1.1\r\n" HOST "X-A: b\r\n c\r\n\r\n"),
    BAD("a folded length", "POST /api/notes HTTP/1.1\r\n" HOST "Content-Length:\r\n 2\r\n\r\n{}"),
    BAD("a folded first header", "GET /api/notes HTTP/1.1\r\n X: y\r\n" HOST "\r\n"),
    BAD("an unknown encoding",
        "POST /api/notes HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n"),
    BAD("two codings",
        "POST /api/notes HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    BAD("a coding with a tab",
        "POST /api/notes HTTP/1.1\r\n" HOST "Transfer-Encoding:\tchunked\t\r\n\r\n0\r\n\r\n"),
    BAD("two encodings",
        "POST /api/notes HTTP/1.1\r\n" HOST
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    BAD("an encoding in HTTP/1.0",
        "POST /api/notes HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    BAD("no host", "GET /api/notes HTTP/1.1\r\n\r\n"),
    BAD("two hosts", "GET /api/notes HTTP/1.1\r\n" HOST HOST "\r\n"),
    BAD("a host with a slash", "GET /api/notes HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    BAD("an empty host", "GET /api/notes HTTP/1.1\r\nHost:\r\n\r\n"),
    BAD("a NUL in a header", "GET /api/notes HTTP/1.1\r\n" HOST "X-A: b\0c\r\n\r\n"),
    BAD("a NUL in the target", "GET /api/no\0tes HTTP/1.1\r\n" HOST "\r\n"),
    BAD("an encoded NUL", "GET /api/notes%00 HTTP/1.1\r\n" HOST "\r\n"),
    BAD("an encoded NUL in the query", "GET /api/notes?word=%00 HTTP/1.1\r\n" HOST "\r\n"),
    BAD("dots", "GET /api/../etc/passwd HTTP/1.1\r\n" HOST "\r\n"),
    BAD("encoded dots", "GET /%2e%2e/etc/passwd HTTP/1.1\r\n" HOST "\r\n"),
    BAD("an encoded slash", "GET /api%2fnotes HTTP/1.1\r\n" HOST "\r\n"),
    BAD("half an escape", "GET /api/notes?word=%f HTTP/1.1\r\n" HOST "\r\n"),
    BAD("a wrong escape", "GET /api/notes/%zz HTTP/1.1\r\n" HOST "\r\n"),
    BAD("escapes that are no UTF-8", "GET /api/notes?word=%ff%fe HTTP/1.1\r\n" HOST "\r\n"),
    BAD("bytes that are no UTF-8", "GET /api/notes?word=\xff HTTP/1.1\r\n" HOST "\r\n"),
    BAD("a space in the target", "GET /api/notes x HTTP/1.1\r\n" HOST "\r\n"),
    BAD("two spaces", "GET  /api/notes HTTP/1.1\r\n" HOST "\r\n"),
    BAD("a tab for a space", "GET\t/api/notes HTTP/1.1\r\n" HOST "\r\n"),
    BAD("an absolute target", "GET http://shop.example/api/notes HTTP/1.1\r\n" HOST "\r\n"),
    BAD("a star", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n"),
    BAD("bare line feeds", "GET /api/notes HTTP/1.1\nHost: shop.example\n\n"),
    BAD("a control character", "GET /api/notes HTTP/1.1\r\n" HOST "X-A: a\x01z\r\n\r\n"),
    BAD("a header without a colon", "GET /api/notes HTTP/1.1\r\n" HOST "nonsense\r\n\r\n"),
    BAD("an empty header name", "GET /api/notes HTTP/1.1\r\n" HOST ": x\r\n\r\n"),
    BAD("two keys", "POST /api/notes HTTP/1.1\r\n" HOST KEY("key-0001")
                        KEY("key-0002") "Content-Length: 2\r\n\r\n{}"),
    BAD("two cookies headers",
        "GET /api/notes HTTP/1.1\r\n" HOST "Cookie: a=b\r\nCookie: c=d\r\n\r\n"),
};

HOUSE_TEST("wire: what a proxy could read otherwise is answered by 400, and the connection ends") {
    if (house->postgres) return; /* the wire knows no engine */
    struct site site = site_open(house);
    for (size_t i = 0; i < sizeof(bad_heads) / sizeof(bad_heads[0]); i++) {
        struct wire *wire = wire_open(site.port);
        size_t length = bad_heads[i].length;
        int64_t began = now_ms();
        wire_send(wire, bad_heads[i].request, length);
        struct answer answer = wire_read(wire, house->arena, false);
        /* What only the target says wrongly is the road's to refuse: the head was sound, so the
         * connection may go on. */
        bool head_was_sound =
            strstr(bad_heads[i].request, "%") || strstr(bad_heads[i].request, "..") ||
            strstr(bad_heads[i].request, "\xff") || strstr(bad_heads[i].request, "http://") ||
            strstr(bad_heads[i].request, "*");
        bool closed = answer.status == 0 || head_was_sound || wire_ended(wire);
        bool refused = (answer.status == 400 || answer.status == 0) && now_ms() - began < 5000;
        if (!refused || !closed)
            test_fail(__FILE__, __LINE__, "%s: %d%s", bad_heads[i].about, answer.status,
                      closed ? "" : ", not closed");
        wire_close(wire);
    }
    CHECK_INT(get(&site, "/api/notes", "").status, 200);
    site_close(&site);
}

HOUSE_TEST("wire: heads and targets have a bound") {
    if (house->postgres) return; /* the wire knows no engine */
    struct site site = site_open(house);
    char large[LIMIT_HEAD_BYTES + 1];
    memset(large, 'a', sizeof(large));
    large[LIMIT_HEAD_BYTES] = '\0';
    struct answer head = ask(&site, "GET /api/notes HTTP/1.1\r\n" HOST "X-A: %s\r\n\r\n", large);
    CHECK(head.status == 413 || head.status == 431);
    large[LIMIT_PATH_BYTES] = '\0';
    CHECK_INT(ask(&site, "GET /api/%s HTTP/1.1\r\n" HOST "\r\n", large).status, 400);
    large[LIMIT_PATH_BYTES - 6] = '\0';
    CHECK_INT(ask(&site, "GET /api/%s HTTP/1.1\r\n" HOST "\r\n", large).status, 404);
    struct buffer many = buffer_make(house->arena, 8000);
    for (int i = 0; i < 100; i++) buffer_add_literal(&many, "X-A: b\r\n");
    const char *headers = text_terminated(house->arena, buffer_text(&many));
    CHECK_INT(get(&site, "/api/notes", headers).status, 400);
    site_close(&site);
}

HOUSE_TEST("wire: HEAD, chunks, 100-continue, keep-alive after a POST, pipelining") {
    struct site site = site_open(house);
    struct answer head = ask(&site, "HEAD /api/notes HTTP/1.1\r\n" HOST "\r\n");
    struct answer whole = get(&site, "/api/notes", "");
    CHECK_INT(head.status, 200);
    CHECK(text_equal(header(house->arena, &head, "Content-Length"),
                     header(house->arena, &whole, "Content-Length")));
    struct wire *wire = wire_open(site.port);
    const char *chunked = "POST /api/notes HTTP/1.1\r\n" HOST JSON TOKEN("ann")
        KEY("key-0001") "Transfer-Encoding: chunked\r\n\r\n"
                        "a\r\n{\"words\":\"\r\n"
                        "12\r\npear\",\"stars\": 5 }\r\n0\r\n\r\n";
    wire_send(wire, chunked, strlen(chunked));
    CHECK_INT(wire_read(wire, house->arena, false).status, 201);
    const char *expecting = "POST /api/notes HTTP/1.1\r\n" HOST JSON TOKEN("ann")
        KEY("key-0002") "Expect: 100-continue\r\nContent-Length: 28\r\n\r\n";
    wire_send(wire, expecting, strlen(expecting));
    CHECK_INT(wire_read(wire, house->arena, false).status, 100);
    wire_send(wire, NOTE, 28);
    CHECK_INT(wire_read(wire, house->arena, false).status, 201);
    struct buffer many = buffer_make(house->arena, 64 * 1024);
    for (int i = 0; i < 100; i++) {
        if (i % 10 == 5)
            buffer_add_format(
                &many,
                "POST /api/notes HTTP/1.1\r\n" HOST JSON TOKEN(
                    "ann") "Idempotency-Key: piped-%03d\r\nContent-Length: 28\r\n\r\n" NOTE,
                i);
        else
            buffer_add_literal(&many, "GET /api/notes?limit=1 HTTP/1.1\r\n" HOST "\r\n");
    }
    wire_send(wire, many.bytes, many.length);
    for (int i = 0; i < 100; i++)
        CHECK_INT(wire_read(wire, house->arena, false).status, i % 10 == 5 ? 201 : 200);
    CHECK_INT(notes(&site), 12);
    const char *last = "GET /api/notes HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
    wire_send(wire, last, strlen(last));
    CHECK_INT(wire_read(wire, house->arena, false).status, 200);
    CHECK(wire_ended(wire));
    wire_close(wire);
    site_close(&site);
}

/* Sends BYTES one by one, PAUSE_MS apart, until the server ends the connection; how long it let us.
 */
static int64_t trickle(struct wire *wire, const char *bytes, int pause_ms) {
    int64_t began = now_ms();
    for (const char *byte = bytes; *byte && now_ms() - began < 10000; byte++) {
        char back;
        if (!wire_send(wire, byte, 1)) break;
        usleep((useconds_t)pause_ms * 1000);
        if (recv(wire->descriptor, &back, 1, MSG_DONTWAIT) >= 0) break;
        if (errno != EAGAIN) break;
    }
    return now_ms() - began;
}

HOUSE_TEST("wire: a head or a body that trickles is cut, also on a kept connection") {
    if (house->postgres) return; /* the wire knows no engine */
    struct site site = site_open(house);
    site_close(&site);
    site.settings.head_ms = 600;
    site.settings.body_ms = 1200;
    site_start(&site);
    char slow[400];
    snprintf(slow, sizeof(slow), "GET /api/notes HTTP/1.1\r\nX-A: %0300d\r\n", 1);
    struct wire *wire = wire_open(site.port);
    int64_t took = trickle(wire, slow, 50);
    if (took < 400 || took > 3000)
        test_fail(__FILE__, __LINE__, "head cut after %lld", (long long)took);
    wire_close(wire);
    wire = wire_open(site.port);
    const char *request = "GET /api/notes HTTP/1.1\r\n" HOST "\r\n";
    wire_send(wire, request, strlen(request));
    CHECK_INT(wire_read(wire, house->arena, false).status, 200);
    usleep(1500 * 1000); /* a kept connection may rest for longer than a head may take */
    wire_send(wire, request, strlen(request));
    CHECK_INT(wire_read(wire, house->arena, false).status, 200);
    took = trickle(wire, slow, 50);
    if (took < 400 || took > 4000)
        test_fail(__FILE__, __LINE__, "kept: cut after %lld", (long long)took);
    wire_close(wire);
    wire = wire_open(site.port);
    const char *post = "POST /api/notes HTTP/1.1\r\n" HOST JSON "Content-Length: 5000\r\n\r\n";
    wire_send(wire, post, strlen(post));
    took = trickle(wire, slow, 50);
    if (took < 1000 || took > 4000)
        test_fail(__FILE__, __LINE__, "body cut after %lld", (long long)took);
    wire_close(wire);
    site_close(&site);
}

HOUSE_TEST("wire: a client that says all and hangs up is let go soon") {
    if (house->postgres) return; /* the wire knows no engine */
    struct site site = site_open(house);
    struct wire *wires[20];
    const char *request = "GET /api/notes HTTP/1.1\r\n" HOST "\r\n";
    for (size_t i = 0; i < 20; i++) {
        wires[i] = wire_open(site.port);
        wire_send(wires[i], request, i % 2 ? strlen(request) : 30);
        shutdown(wires[i]->descriptor, SHUT_WR);
        if (i % 2) CHECK_INT(wire_read(wires[i], house->arena, false).status, 200);
    }
    int64_t began = now_ms();
    for (size_t i = 0; i < 20; i++) {
        CHECK(wire_ended(wires[i]));
        wire_close(wires[i]);
    }
    CHECK(now_ms() - began < 5000);
    site_close(&site);
}

/* The head of a body of LENGTH bytes that does not come. */
static struct wire *announce(struct site *site, const char *client, const char *target,
                             size_t length) {
    struct wire *wire = wire_open_from(site->port, client);
    struct text head =
        text_format(site->house->arena,
                    "POST %s HTTP/1.1\r\n" HOST PNG TOKEN("ann")
                        KEY("key-0009") "Expect: 100-continue\r\nContent-Length: %zu\r\n" END,
                    target, length);
    wire_send(wire, head.bytes, head.length);
    return wire;
}

/* Announces COUNT bodies of LENGTH bytes, which fit, and then one more; others from other addresses
 * are taken as before, and so is this one when its bodies are over. */
static void fill_share(struct site *site, const char *target, size_t length, size_t count) {
    enum { WIRES_MAX = 40 };
    struct wire *wires[WIRES_MAX];
    struct arena *arena = site->house->arena;
    CHECK(count < WIRES_MAX);
    for (size_t i = 0; i < count; i++) {
        wires[i] = announce(site, "127.0.0.1", target, length);
        CHECK_INT(wire_read(wires[i], arena, false).status, 100);
    }
    struct wire *wire = announce(site, "127.0.0.1", target, length);
    struct answer answer = wire_read(wire, arena, false);
    CHECK_INT(answer.status, 429);
    CHECK(has(answer.body, "同一个网络地址"));
    CHECK(header(arena, &answer, "Retry-After").length > 0);
    wire_close(wire);
    wire = announce(site, "127.0.0.2", target, length);
    CHECK_INT(wire_read(wire, arena, false).status, 100);
    wire_close(wire);
    for (size_t i = 0; i < count; i++) wire_close(wires[i]);
    int status = 0;
    for (int tries = 0; tries < 100 && status != 100; tries++) {
        usleep(50 * 1000);
        wire = announce(site, "127.0.0.1", target, length);
        status = wire_read(wire, arena, false).status;
        wire_close(wire);
    }
    CHECK_INT(status, 100);
}

HOUSE_TEST("wire: bodies that are announced and never come hold up their own address alone") {
    if (house->postgres) return; /* the wire knows no engine */
    struct site site = site_open(house);
    site_close(&site);
    house->app->loop_count = 1;
    site_start(&site);
    fill_share(&site, "/api/blobs", BLOB_BYTES_MAX, 24);
    fill_share(&site, "/api/notes", LIMIT_BODY_BYTES, 32);
    /* Who sends at once what is not taken sees why. */
    struct wire *wires[24];
    for (size_t i = 0; i < 24; i++) {
        wires[i] = announce(&site, "127.0.0.1", "/api/blobs", BLOB_BYTES_MAX);
        CHECK_INT(wire_read(wires[i], house->arena, false).status, 100);
    }
    struct answer answer =
        send_blob(&site, BLOB_BYTES_MAX, TOKEN("ann") KEY("key-0001") PNG, false);
    CHECK_INT(answer.status, 429);
    /* Uploads do not hold up what is no upload. */
    CHECK_INT(send_json(&site, "POST", "/api/notes", TOKEN("ann") KEY("key-0002"), NOTE).status,
              201);
    for (size_t i = 0; i < 24; i++) wire_close(wires[i]);
    site_close(&site);
}

HOUSE_TEST("wire: idle connections up to the bound do not keep others out for long") {
    enum { IDLE = 300 };
    if (house->postgres) return; /* the wire knows no engine */
    struct site site = site_open(house);
    site_close(&site);
    site.settings.connection_count_max = IDLE;
    site.settings.head_ms = 600;
    house->app->loop_count = 1;
    site_start(&site);
    struct wire *idle[IDLE];
    for (size_t i = 0; i < IDLE; i++) idle[i] = wire_open(site.port);
    int64_t began = now_ms();
    CHECK_INT(get(&site, "/api/notes", "").status, 200);
    CHECK(now_ms() - began < 5000);
    for (size_t i = 0; i < IDLE; i++) wire_close(idle[i]);
    site_close(&site);
}

HOUSE_TEST("wire: the headers that keep a page safe are on every reply") {
    static const char *const targets[] = {"/", "/api/notes", "/api/nothing", "/healthz",
                                          "/api/openapi.json"};
    struct site site = site_open(house);
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct answer answer = get(&site, targets[i], "");
        CHECK(has(header(house->arena, &answer, "Content-Security-Policy"), "default-src 'self'"));
        CHECK(has(header(house->arena, &answer, "Content-Security-Policy"),
                  "worker-src 'self'; manifest-src 'self'"));
        CHECK(has(header(house->arena, &answer, "Content-Security-Policy"),
                  "form-action 'self' http://127.0.0.1:1"));
        CHECK_TEXT(header(house->arena, &answer, "X-Content-Type-Options"), "nosniff");
        CHECK_TEXT(header(house->arena, &answer, "X-Frame-Options"), "DENY");
        CHECK_TEXT(header(house->arena, &answer, "Strict-Transport-Security"), "");
    }
    site_close(&site);
    house->app->behind_tls = true;
    site_start(&site);
    struct answer secure = get(&site, "/", "");
    CHECK_TEXT(header(house->arena, &secure, "Strict-Transport-Security"), "max-age=31536000");
    CHECK_INT(get(&site, "/api/notes/mine", "Cookie: xj_session=ann\r\n").status, 401);
    CHECK_INT(get(&site, "/api/notes/mine", "Cookie: __Host-xj_session=ann\r\n").status, 200);
    site_close(&site);
    house->app->behind_tls = false;
}

HOUSE_TEST("server: pages, health, metrics and the document") {
    struct site site = site_open(house);
    CHECK_INT(get(&site, "/", "").status, 200);
    CHECK_INT(get(&site, "/goods/123", "").status, 200);
    CHECK_INT(get(&site, "/nothing.js", "").status, 404);
    CHECK_INT(get(&site, "/src/kernel/http/schema.sql", "").status, 404);
    CHECK_INT(get(&site, "/healthz", "").status, 200);
    CHECK_INT(get(&site, "/readyz", "").status, 200);
    struct answer metrics = get(&site, "/metrics", "");
    CHECK(has(metrics.body,
              "xiangji_http_requests_total{method=\"\",route=\"system\",status=\"200\"} 2\n"));
    CHECK(has(metrics.body, "xiangji_store_healthy 1\n"));
    struct answer document = get(&site, "/api/openapi.json", "");
    CHECK_INT(document.status, 200);
    CHECK(has(document.body, "\"/api/notes/{id}\":{\"get\":{\"operationId\":\"get_notes_by_id\""));
    CHECK(json_read(house->arena, document.body, NULL));
    struct text again = openapi_write(house->arena, test_rooms, 2);
    CHECK(text_equal(again, document.body));
    site_close(&site);
}

static void *slow_thought(void *context) {
    struct tap *tapped = context;
    struct arena arena = {0};
    struct wire *wire = wire_open(tapped->site->port);
    static const char request[] = "POST /api/thoughts HTTP/1.1\r\n" HOST JSON KEY(
        "slow-thought") "Content-Length: 27\r\n\r\n{\"words\":\"sleep\",\"stars\":2}";
    wire_send(wire, request, sizeof(request) - 1);
    tapped->status = wire_read(wire, &arena, false).status;
    wire_close(wire);
    arena_free(&arena);
    return NULL;
}

HOUSE_TEST("server: stopping finishes what is under way and takes nothing new") {
    struct site site = site_open(house);
    struct tap under_way = {.site = &site};
    struct wire *idle = wire_open(site.port);
    const char *request = "GET /api/notes HTTP/1.1\r\n" HOST "\r\n";
    wire_send(idle, request, strlen(request));
    CHECK_INT(wire_read(idle, house->arena, false).status, 200);
    CHECK(pthread_create(&under_way.thread, NULL, slow_thought, &under_way) == 0);
    usleep(150 * 1000);
    int64_t began = now_ms();
    site_close(&site);
    CHECK(now_ms() - began < 5000);
    pthread_join(under_way.thread, NULL);
    CHECK_INT(under_way.status, 201);
    CHECK(wire_ended(idle));
    wire_close(idle);
    struct wire *late = wire_open(site.port);
    CHECK(late->descriptor < 0);
    wire_close(late);
    CHECK_INT(notes(&site), 1);
}

HOUSE_TEST("server: a port that is taken is refused, also where it could be shared") {
    struct site site = site_open(house);
    struct app second = *house->app;
    struct text error = {0};
    struct server *server;
    second.port = site.port;
    CHECK(!server_start_with(&second, &site.settings, &error, &server));
    CHECK_TEXT(error, "another program listens there already");
    site_close(&site);
}

/* ---- parts ---- */

TEST("head: the language that is asked for") {
    CHECK(!target_wants_english(TEXT("")));
    CHECK(target_wants_english(TEXT("en")));
    CHECK(target_wants_english(TEXT("en-US,en;q=0.9,zh;q=0.8")));
    CHECK(!target_wants_english(TEXT("zh-CN,zh;q=0.9,en;q=0.8")));
    CHECK(!target_wants_english(TEXT("fr, de")));
    CHECK(target_wants_english(TEXT("fr, en;q=0.3")));
    CHECK(!target_wants_english(TEXT("zh;q=0.9, en;q=0.9")));
}

TEST("target: parts and their bounds") {
    struct arena arena = {0};
    struct target target;
    CHECK(target_read(&arena, TEXT("/api/a%20b/%E9%A6%99?q=%E6%A2%A8+x&&y&z=1=2"), &target));
    CHECK_INT(target.segment_count, 3);
    CHECK_TEXT(target.segments[1], "a b");
    CHECK_TEXT(target.segments[2], "香");
    CHECK_INT(target.pair_count, 3);
    CHECK_TEXT(target.pairs[0].value, "梨 x");
    CHECK_TEXT(target.pairs[1].name, "y");
    CHECK_TEXT(target.pairs[2].value, "1=2");
    CHECK(target_read(&arena, TEXT("/"), &target));
    CHECK(!target_read(&arena, TEXT(""), &target));
    CHECK(!target_read(&arena, TEXT("/a/./b"), &target));
    CHECK(!target_read(&arena, TEXT("/a%5cb"), &target));
    /* Half of a character encoded and half raw: valid when decoded, not when the path is repeated.
     */
    CHECK(!target_read(&arena, TEXT("/api/x%E3%8E\xb6"), &target));
    CHECK(!target_read(&arena, TEXT("/a/b/c/d/e/f/g/h/i/j/k/l/m"), &target));
    struct buffer many = buffer_make(&arena, 1000);
    buffer_add_literal(&many, "/?");
    for (int i = 0; i <= LIMIT_QUERY_PAIRS; i++) buffer_add_literal(&many, "a=1&");
    CHECK(!target_read(&arena, buffer_text(&many), &target));
    arena_free(&arena);
}

TEST("log: a line holds no more than the route") {
    struct log_batch *batch = calloc(1, sizeof(*batch));
    struct log_request request = {.at = {INT64_C(1795420800123)},
                                  .method = "GET",
                                  .route = "/api/notes/{id}",
                                  .status = 404,
                                  .us = 1234,
                                  .number = 255,
                                  .code = "not_found"};
    log_add(batch, &request);
    struct text line = {batch->bytes, batch->length};
    CHECK_TEXT(line,
               "{\"at\":\"2026-11-23T08:00:00.123Z\",\"level\":\"info\",\"event\":\"request\","
               "\"method\":\"GET\",\"route\":\"/api/notes/{id}\",\"status\":404,\"ms\":1.234,"
               "\"request\":\"ff\",\"code\":\"not_found\"}\n");
    free(batch);
}
