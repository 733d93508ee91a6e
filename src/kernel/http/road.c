/* The one road: match, who is it, may they, read the input, `before`, begin, claim the key, handle,
 * listeners, commit, reply. */
#include "kernel/http/road.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "app.h"
#include "kernel/base/json.h"
#include "kernel/base/limits.h"
#include "kernel/http/log.h"

static const struct route *route_of(const struct errand *errand) { return errand->entry->route; }

static bool needs_key(const struct route *route) {
    return route->writes && !route->callback && !route->secret_reply;
}

/* ---- replies ---- */

/* What went wrong inside is for the log, not for the client. */
static refusal without_inside(struct arena *arena, refusal refused) {
    if (refused->kind != PROBLEM_INTERNAL) return refused;
    for (size_t i = 0; i < refused->fault_count; i++)
        log_say("error", "internal", refused->faults[i].en);
    struct problem *bare = arena_new(arena, struct problem, 1);
    bare->kind = PROBLEM_INTERNAL;
    return bare;
}

void road_refuse(struct errand *errand, refusal refused) {
    struct arena *arena = &errand->run_arena;
    refusal told = without_inside(arena, refused);
    struct buffer buffer = buffer_make(arena, LIMIT_REPLY_BYTES);
    problem_write(&buffer, told, errand->target.path, errand->input.english);
    struct text allow = errand->output.allow;
    int64_t retry_after_s = told->retry_after_s;
    if (retry_after_s == 0 && told->kind == PROBLEM_BUSY) retry_after_s = 1;
    errand->output = (struct road_output){.status = problem_status(told->kind),
                                          .body = buffer_text(&buffer),
                                          .content_type = TEXT("application/problem+json"),
                                          .cache_control = TEXT("no-store"),
                                          .allow = allow,
                                          .retry_after_s = retry_after_s,
                                          .code = problem_code(told->kind)};
}

void road_refuse_kind(struct errand *errand, enum problem_kind kind) {
    struct problem *problem = arena_new(&errand->run_arena, struct problem, 1);
    problem->kind = kind;
    road_refuse(errand, problem);
}

static refusal too_large(struct arena *arena, size_t max, bool is_raw) {
    enum { KB = 1024, MB = 1024 * 1024 };
    bool in_mb = max >= MB;
    return problem_make(arena, PROBLEM_TOO_LARGE, is_raw ? "file" : "body",
                        "最多 %zu %s（%zu 字节）", "at most %zu %s (%zu bytes)",
                        max / (in_mb ? MB : KB), in_mb ? "MB" : "KB", max);
}

void road_refuse_size(struct errand *errand, size_t max, bool is_raw) {
    road_refuse(errand, too_large(&errand->run_arena, max, is_raw));
}

void road_refuse_share(struct errand *errand, int64_t wait_s) {
    struct problem *problem = arena_new(&errand->run_arena, struct problem, 1);
    *problem = *problem_say(&errand->run_arena, PROBLEM_TOO_MANY, "",
                            TEXT("同一个网络地址正在传的太多，请等前面的传完再试"),
                            TEXT("too much is arriving from this address at once: "
                                 "please wait until that is through"));
    problem->retry_after_s = wait_s;
    road_refuse(errand, problem);
}

struct text road_etag(struct arena *arena, struct text body) {
    /* The key is fixed, so that every node gives the same bytes the same tag. */
    static const unsigned char key[crypto_shorthash_siphashx24_KEYBYTES] = "xiangji etag 1";
    unsigned char hash[crypto_shorthash_siphashx24_BYTES];
    crypto_shorthash_siphashx24(hash, (const unsigned char *)(body.bytes ? body.bytes : ""),
                                body.length, key);
    char *tag = arena_take(arena, sizeof(hash) * 2 + 3);
    tag[0] = '"';
    sodium_bin2hex(tag + 1, sizeof(hash) * 2 + 1, hash, sizeof(hash));
    tag[sizeof(hash) * 2 + 1] = '"';
    return (struct text){tag, sizeof(hash) * 2 + 2};
}

bool road_etag_matches(struct text if_none_match, struct text etag) {
    for (struct text rest = if_none_match; rest.length;) {
        size_t comma = text_find(rest, TEXT(","), 0);
        struct text tag = text_trim(text_slice(rest, 0, comma));
        rest = comma == SIZE_MAX ? TEXT("") : text_slice(rest, comma + 1, rest.length);
        if (text_starts(tag, TEXT("W/"))) tag = text_slice(tag, 2, tag.length);
        if (text_is(tag, "*") || text_equal(tag, etag)) return true;
    }
    return false;
}

/* The reply's shape into bytes. A GET gets its tag, and no body where the client has these bytes
 * already. */
static refusal write_reply(struct errand *errand) {
    const struct route *route = route_of(errand);
    struct request *q = &errand->request;
    struct road_output *output = &errand->output;
    struct buffer buffer = buffer_make(q->arena, LIMIT_REPLY_BYTES);
    if (route->reply) shape_write_json(route->reply, &buffer, q->reply);
    if (buffer.overflowed)
        return refuse(q, INTERNAL, "", "%s 的回复太长", "the reply of %s is too long",
                      route->address);
    output->status = route->status ? route->status : route->reply ? 200 : 204;
    output->body = buffer_text(&buffer);
    output->set_cookie = q->set_cookie;
    output->cache_control = TEXT("no-store");
    if (route->method != GET || !route->reply) return NULL;
    bool for_all = route->access.is_public && errand->who.person_id == 0;
    output->cache_control = for_all ? TEXT("no-cache") : TEXT("private, no-cache");
    output->etag = road_etag(q->arena, output->body);
    /* What the server keeps it keeps whole, and compares the tag itself. */
    if (route->cached && errand->road->generations) return NULL;
    if (!road_etag_matches(errand->input.if_none_match, output->etag)) return NULL;
    output->status = 304;
    output->body = TEXT("");
    return NULL;
}

/* ---- the input ---- */

/* One refusal that names the faults of both. */
static refusal join(struct arena *arena, refusal a, refusal b) {
    if (!a || !b) return a ? a : b;
    struct problem *both = arena_new(arena, struct problem, 1);
    both->kind = PROBLEM_BAD_INPUT;
    both->faults = arena_new(arena, struct fault, LIMIT_FAULTS);
    refusal parts[] = {a, b};
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < parts[i]->fault_count && both->fault_count < LIMIT_FAULTS; j++)
            both->faults[both->fault_count++] = parts[i]->faults[j];
    return both;
}

static bool type_is(struct text content_type, const char *wanted) {
    struct text type =
        text_trim(text_slice(content_type, 0, text_find(content_type, TEXT(";"), 0)));
    return type.length == strlen(wanted) && strncasecmp(type.bytes, wanted, type.length) == 0;
}

/* The bytes stay as they are, in raw_body. What they are called must be one of the names; what they
 * are, `before` finds out. */
static refusal read_raw_body(struct errand *errand) {
    const struct route *route = route_of(errand);
    struct arena *arena = &errand->arena;
    struct text body = errand->input.body;
    struct buffer names = buffer_make(arena, 200);
    bool known = false;
    for (const char *const *name = route->raw_types; *name; name++) {
        known = known || type_is(errand->input.content_type, *name);
        buffer_add_format(&names, "%s%s", names.length ? ", " : "", *name);
    }
    struct text all = buffer_text(&names);
    if (!known)
        return problem_make(arena, PROBLEM_WRONG_TYPE, "Content-Type",
                            "Content-Type 要写其中一种：%.*s", "Content-Type must be one of %.*s",
                            (int)all.length, all.bytes);
    if (body.length > route->raw_bytes_max) return too_large(arena, route->raw_bytes_max, true);
    if (body.length) return NULL;
    return problem_make(arena, PROBLEM_BAD_REQUEST, "", "请求里没有内容",
                        "the request has no content");
}

static refusal read_body(struct errand *errand) {
    const struct route *route = route_of(errand);
    struct text body = errand->input.body;
    struct arena *arena = &errand->arena;
    if (route->raw_types) return read_raw_body(errand);
    if (!route->body) {
        bool nothing = body.length == 0 || text_is(text_trim(body), "{}");
        if (nothing || route->callback) return NULL;
        return problem_make(arena, PROBLEM_BAD_REQUEST, "", "这个请求不带内容",
                            "this request takes no body");
    }
    if (body.length == 0)
        body = TEXT("{}");
    else if (!type_is(errand->input.content_type, "application/json"))
        return problem_make(arena, PROBLEM_WRONG_TYPE, "Content-Type",
                            "Content-Type 要写 application/json",
                            "Content-Type must be application/json");
    struct text why;
    const struct json_t *json = json_read(arena, body, &why);
    if (!json)
        return problem_make(arena, PROBLEM_BAD_REQUEST, "", "不是合格的 JSON：%.*s",
                            "not valid JSON: %.*s", (int)why.length, why.bytes);
    void *read = arena_take(arena, route->body->size);
    errand->request.body = read;
    return shape_read_json(route->body, arena, json, read);
}

static refusal read_query(struct errand *errand) {
    const struct route *route = route_of(errand);
    const struct target *target = &errand->target;
    static const struct shape no_fields = {"no_fields", 1, NULL, 0};
    const struct shape *shape = route->query ? route->query : &no_fields;
    void *read = arena_take(&errand->arena, shape->size);
    errand->request.query = route->query ? read : NULL;
    if (!route->query && target->pair_count == 0) return NULL;
    return shape_read_pairs(shape, &errand->arena, target->pairs, target->pair_count, read);
}

/* A path that is no address of ours, such as a word where an id should be, is simply not there. */
static bool read_path(struct errand *errand, const struct router_match *match) {
    const struct router_entry *entry = errand->entry;
    if (!entry->route->path) return true;
    struct shape_pair pairs[ROUTER_NAMES_MAX];
    for (size_t i = 0; i < entry->name_count; i++)
        pairs[i] = (struct shape_pair){entry->names[i], match->values[i]};
    void *read = arena_take(&errand->arena, entry->route->path->size);
    errand->request.path = read;
    return !shape_read_pairs(entry->route->path, &errand->arena, pairs, entry->name_count, read);
}

static void pick_headers(struct errand *errand) {
    const char *const *wanted = route_of(errand)->headers;
    size_t count = 0;
    while (wanted && wanted[count]) count++;
    if (count == 0) return;
    struct shape_pair *picked = arena_new(&errand->arena, struct shape_pair, count);
    struct request *q = &errand->request;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < errand->input.header_count; j++) {
            const struct shape_pair *header = &errand->input.headers[j];
            if (header->name.length != strlen(wanted[i]) ||
                strncasecmp(header->name.bytes, wanted[i], header->name.length) != 0 ||
                !text_is_utf8(header->value))
                continue;
            picked[q->header_count++] = (struct shape_pair){text_of(wanted[i]), header->value};
            break;
        }
    q->headers = picked;
}

/* The counter of what a cached reply will show: of the {id} in its path, or of the lists. */
static void remember_generation(struct errand *errand) {
    const struct shape *path = route_of(errand)->path;
    int64_t id = 0;
    for (size_t i = 0; path && i < path->field_count && id == 0; i++)
        if (path->fields[i].kind == SHAPE_ID)
            id = *(const int64_t *)((const char *)errand->request.path + path->fields[i].offset);
    errand->generation_slot = generation_slot(id);
    errand->generation = generation_read(errand->road->generations, errand->generation_slot);
}

void road_refuse_method(struct errand *errand, const struct router_match *match) {
    struct buffer allow = buffer_make(&errand->arena, 64);
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (!match->allowed[i]) continue;
        if (allow.length) buffer_add_literal(&allow, ", ");
        buffer_add_text(&allow, text_of(router_method_name((enum method)i)));
        if (i == GET) buffer_add_literal(&allow, ", HEAD");
    }
    errand->output.allow = buffer_text(&allow);
    road_refuse_kind(errand, PROBLEM_WRONG_METHOD);
}

/* From the raw target to a route with its input read; false when the output is there already. */
static bool enter(struct errand *errand) {
    const struct road_input *input = &errand->input;
    errand->request = (struct request){.app = errand->road->app,
                                       .arena = &errand->arena,
                                       .now = app_now(errand->road->app),
                                       .who = &errand->who,
                                       .english = input->english,
                                       .number = input->number,
                                       .client = input->client,
                                       .raw_body = input->body,
                                       .changes = &errand->changes};
    changes_reset(&errand->changes, errand->road);
    struct router_match match;
    if (!target_read(&errand->arena, input->target, &errand->target)) {
        errand->target.path = TEXT("");
        road_refuse(errand, problem_make(&errand->arena, PROBLEM_BAD_REQUEST, "", "地址写得不对",
                                         "the address is malformed"));
        return false;
    }
    if (!router_find(errand->road->router, input->method, &errand->target, &match)) {
        road_refuse_kind(errand, PROBLEM_NOT_FOUND);
        return false;
    }
    if (!match.entry) {
        road_refuse_method(errand, &match);
        return false;
    }
    errand->entry = match.entry;
    errand->request.route = match.entry->route;
    if (!read_path(errand, &match)) {
        road_refuse_kind(errand, PROBLEM_NOT_FOUND);
        return false;
    }
    refusal body = read_body(errand);
    /* What cannot be read as JSON at all is told alone: there are no fields to name. */
    bool unreadable = body && body->kind != PROBLEM_BAD_INPUT;
    errand->input_refusal = unreadable ? body : join(&errand->arena, read_query(errand), body);
    pick_headers(errand);
    if (match.entry->route->cached && errand->road->generations) remember_generation(errand);
    return true;
}

/* ---- who may ---- */

/* The host of an origin such as "https://shop.example:8443"; of another scheme there is none. */
static struct text origin_host(struct text origin) {
    static const struct text schemes[] = {{"https://", 8}, {"http://", 7}};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (text_starts(origin, schemes[i]))
            return text_slice(origin, schemes[i].length, origin.length);
    return TEXT("");
}

static bool same_ignoring_case(struct text a, struct text b) {
    return a.length == b.length && a.length && strncasecmp(a.bytes, b.bytes, a.length) == 0;
}

/* A write must come from our own page when a browser sends it, whoever it says it is: also a forged
 * log-in is refused. A program with a bearer token sends no Origin. */
static bool origin_is_ours(const struct errand *errand) {
    const struct road_input *input = &errand->input;
    const char *public_url = errand->road->app->public_url;
    if (text_is(input->fetch_site, "cross-site")) return false;
    if (input->origin.length == 0)
        return !errand->who.by_cookie || text_is(input->fetch_site, "same-origin");
    if (public_url && *public_url && same_ignoring_case(input->origin, text_of(public_url)))
        return true;
    return same_ignoring_case(origin_host(input->origin), input->host);
}

/* Authentication, permission, origin, and only then what is wrong with the input. */
static refusal admit(struct errand *errand) {
    const struct route *route = route_of(errand);
    struct request *q = &errand->request;
    const struct app *app = errand->road->app;
    errand->who = (struct principal){0};
    bool knows_persons = app->authenticate && !route->cached && !route->gives_file;
    if (errand->input.token.length && knows_persons) {
        TRY(app->authenticate(q, errand->input.token, &errand->who));
        errand->who.by_cookie = errand->who.person_id && errand->input.by_cookie;
    }
    if (!route->access.is_public) {
        if (!errand->who.person_id)
            return refuse(q, LOGIN_NEEDED, "", "请先登录", "Please log in first");
        if (!request_holds(q, route->access.permission))
            return refuse(q, NOT_ALLOWED, "", "您没有做这件事的权限", "You may not do this");
    }
    if (!route->writes || route->callback) return errand->input_refusal;
    if (!origin_is_ours(errand))
        return refuse(q, WRONG_ORIGIN, "", "请求不是从本站页面发出的",
                      "The request does not come from this site");
    bool unreadable = errand->input_refusal && errand->input_refusal->kind != PROBLEM_BAD_INPUT;
    if (unreadable || key_is_fine(errand->input.idempotency_key)) return errand->input_refusal;
    refusal keyless =
        refuse(q, BAD_REQUEST, "Idempotency-Key",
               "写请求要带 Idempotency-Key 头，8 到 64 个字母、数字、- 或 _",
               "a write needs an Idempotency-Key header of 8 to 64 letters, digits, - or _");
    return join(q->arena, errand->input_refusal, keyless);
}

/* ---- the transaction ---- */

static refusal handle(struct errand *errand) {
    const struct route *route = route_of(errand);
    struct request *q = &errand->request;
    struct key_claim claim;
    if (needs_key(route)) {
        enum key_verdict verdict;
        TRY(key_claim(q, &errand->input, &claim, &verdict, &errand->output));
        if (verdict == KEY_REPLAY) {
            errand->output.cache_control = TEXT("no-store");
            return NULL;
        }
    }
    if (route->writes && errand->who.touch_due && q->app->touch) TRY(q->app->touch(q));
    if (route->reply) q->reply = arena_take(q->arena, route->reply->size);
    TRY(route->handle(q));
    TRY(write_reply(errand));
    if (needs_key(route)) TRY(key_store(q, &claim, &errand->output));
    errand->output.kept = true;
    return NULL;
}

/* One try: everything that an earlier try built is dropped first. */
static void try_once(struct errand *errand, struct db *db) {
    struct request *q = &errand->request;
    arena_reset(&errand->run_arena);
    changes_reset(&errand->changes, errand->road);
    errand->output = (struct road_output){0};
    q->db = db;
    q->arena = &errand->run_arena;
    q->reply = NULL;
    q->set_cookie = (struct text){0};
    refusal refused = errand->admitted ? NULL : admit(errand);
    if (!refused) refused = handle(errand);
    if (refused) {
        changes_reset(&errand->changes, errand->road);
        road_refuse(errand, refused);
    }
    errand->output.statement_count = db_statement_count(db);
    q->db = NULL;
}

static struct errand *errand_of(struct store_task *task) {
    return (struct errand *)(void *)((char *)task - offsetof(struct errand, task));
}

static bool task_run(struct store_task *task, struct db *db) {
    struct errand *errand = errand_of(task);
    try_once(errand, db);
    return errand->output.kept;
}

static void settle(struct errand *errand, enum store_outcome outcome) {
    if (outcome == STORE_FAILED) road_refuse_kind(errand, errand->task.failure);
    if (outcome == STORE_KEPT && route_of(errand)->writes) changes_send(&errand->changes);
}

static void task_done(struct store_task *task, enum store_outcome outcome) {
    struct errand *errand = errand_of(task);
    settle(errand, outcome);
    errand->finished(errand);
}

static void fill_task(struct errand *errand) {
    const struct route *route = route_of(errand);
    errand->task =
        (struct store_task){.run = task_run,
                            .done = task_done,
                            .arena = &errand->run_arena,
                            .writes = route->writes,
                            .statement_max = route->statement_max,
                            .isolation = route->sells ? STORE_READ_COMMITTED : STORE_SERIALIZABLE};
}

static enum road_turn submit(struct errand *errand) {
    fill_task(errand);
    if (store_submit(errand->road->app->store, &errand->task)) return ROAD_PENDING;
    road_refuse_kind(errand, PROBLEM_BUSY);
    return ROAD_DONE;
}

/* ---- `before` ---- */

/* Admission in a transaction of its own, for those who have no reader: it must be over before slow
 * work begins, which may take its time and may write for itself. */
static bool admit_run(struct store_task *task, struct db *db) {
    struct errand *errand = errand_of(task);
    errand->request.db = db;
    refusal refused = admit(errand);
    errand->request.db = NULL;
    errand->admitted = !refused;
    if (refused) road_refuse(errand, refused);
    return !refused;
}

/* A file is for everybody who knows its address, so nobody is looked up. */
static bool admit_to_file(struct errand *errand) {
    refusal refused = admit(errand);
    if (refused) road_refuse(errand, refused);
    return !refused;
}

/* False when the output is there. */
static bool admit_by_store(struct errand *errand) {
    if (errand->admitted) return true;
    if (route_of(errand)->gives_file) return admit_to_file(errand);
    errand->task = (struct store_task){.run = admit_run, .arena = &errand->arena};
    enum store_outcome outcome = store_perform(errand->road->app->store, &errand->task);
    if (outcome == STORE_FAILED) road_refuse_kind(errand, errand->task.failure);
    return outcome != STORE_FAILED && errand->admitted;
}

/* What `before` makes lives as long as the errand. False when the output is there. */
static bool prepare(struct errand *errand) {
    if (!admit_by_store(errand)) return false;
    errand->request.arena = &errand->arena;
    refusal refused = route_of(errand)->before(&errand->request);
    if (refused) road_refuse(errand, refused);
    return !refused;
}

static void write_file(struct errand *errand) {
    const struct request_file *file = &errand->request.file;
    struct road_output *output = &errand->output;
    struct arena *arena = &errand->arena;
    *output = (struct road_output){.status = 200,
                                   .body = file->bytes,
                                   .content_type = file->type,
                                   .cache_control = TEXT("public, max-age=31536000, immutable"),
                                   .is_file = true,
                                   .is_attachment = file->is_attachment};
    output->etag = text_format(arena, "\"%.*s\"", (int)file->tag.length, file->tag.bytes);
    if (file->private_ms)
        output->cache_control =
            text_format(arena, "private, max-age=%lld", (long long)(file->private_ms / SECOND_MS));
    if (!road_etag_matches(errand->input.if_none_match, output->etag)) return;
    output->status = 304;
    output->body = TEXT("");
}

void road_slowly(struct errand *errand) {
    bool prepared = prepare(errand);
    bool is_file = route_of(errand)->gives_file;
    if (prepared && is_file) write_file(errand);
    if (!prepared || is_file || submit(errand) == ROAD_DONE) errand->finished(errand);
}

/* ---- the ways through ---- */

static enum road_turn hand_on(struct errand *errand) {
    const struct route *route = route_of(errand);
    const struct road *road = errand->road;
    if (!route->before) return submit(errand);
    struct slow *lane = route->gives_file  ? road->fetch
                        : route->raw_types ? road->heavy
                                           : road->slow;
    if (slow_submit(lane, errand)) return ROAD_PENDING;
    road_refuse_kind(errand, PROBLEM_BUSY);
    return ROAD_DONE;
}

/* With a reader of this thread: everybody is admitted here, and reads are answered here. Rows go
 * into `arena`, because what authentication found must outlive the tries of a transaction. */
static enum road_turn start_with_reader(struct errand *errand) {
    const struct route *route = route_of(errand);
    struct db *db = store_reader_begin(errand->reader, &errand->arena);
    errand->request.db = db;
    refusal refused = admit(errand);
    errand->admitted = !refused;
    errand->request.db = NULL;
    if (refused) road_refuse(errand, refused);
    bool here = !refused && !route->writes && !route->before;
    if (here) try_once(errand, db);
    store_reader_end(errand->reader);
    return refused || here ? ROAD_DONE : hand_on(errand);
}

enum road_turn road_start(struct errand *errand) {
    if (!enter(errand)) return ROAD_DONE;
    bool reads_here = errand->reader && !route_of(errand)->gives_file;
    return reads_here ? start_with_reader(errand) : hand_on(errand);
}

void road_finish(struct errand *errand) {
    if (!enter(errand)) return;
    if (route_of(errand)->before && !prepare(errand)) return;
    if (route_of(errand)->gives_file) {
        write_file(errand);
        return;
    }
    fill_task(errand);
    errand->task.done = NULL;
    settle(errand, store_perform(errand->road->app->store, &errand->task));
}

void errand_reset(struct errand *errand) {
    struct arena arena = errand->arena;
    struct arena run_arena = errand->run_arena;
    arena_reset(&arena);
    arena_reset(&run_arena);
    *errand = (struct errand){.arena = arena, .run_arena = run_arena};
}

void errand_free(struct errand *errand) {
    arena_free(&errand->arena);
    arena_free(&errand->run_arena);
}
