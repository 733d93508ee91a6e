/* What handlers call on their request, and what a commit leaves to be told: stale replies and
 * events. */
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "app.h"
#include "kernel/http/road.h"

int64_t request_new_id(struct request *q) { return ids_next(q->app->ids, q->now); }

struct text request_header(const struct request *q, const char *name) {
    for (size_t i = 0; i < q->header_count; i++)
        if (text_is(q->headers[i].name, name)) return q->headers[i].value;
    return TEXT("");
}

/* A place code is 12 digits: province 2, city 2, county 2, town 3, village 3. A grant's code counts
 * down to its last level that is not all zeros: 500000000000 is Chongqing whole, 500230000000 one
 * county of it. */
static bool place_is_within(int64_t place_code, int64_t granted_code) {
    static const int64_t level_sizes[] = {INT64_C(1000), INT64_C(1000000), INT64_C(100000000),
                                          INT64_C(10000000000)};
    if (place_code <= 0 || granted_code <= 0) return false;
    int64_t size = 1;
    for (size_t i = 0; i < sizeof(level_sizes) / sizeof(level_sizes[0]); i++)
        if (granted_code % level_sizes[i] == 0) size = level_sizes[i];
    return place_code / size == granted_code / size;
}

static bool grant_covers(const struct request *q, const struct grant *grant, struct owner owner) {
    switch (grant->scope) {
    case SCOPE_OWN: return owner.person_id != 0 && owner.person_id == q->who->person_id;
    case SCOPE_ORGANISATION:
        return owner.organisation_id != 0 && owner.organisation_id == grant->scope_id;
    case SCOPE_COUNTY: return place_is_within(owner.place_code, grant->scope_id);
    case SCOPE_ALL: return true;
    }
    return false;
}

bool request_reaches(const struct request *q, enum permission permission, struct owner owner) {
    for (size_t i = 0; i < q->who->grant_count; i++) {
        const struct grant *grant = &q->who->grants[i];
        if (grant->permission == permission && grant_covers(q, grant, owner)) return true;
    }
    return false;
}

bool request_holds(const struct request *q, enum permission permission) {
    for (size_t i = 0; i < q->who->grant_count; i++)
        if (q->who->grants[i].permission == permission) return true;
    return false;
}

refusal request_announce(struct request *q, const struct fact *fact, const void *data) {
    const struct road *road = q->changes->road;
    for (size_t i = 0; i < road->room_count; i++)
        for (size_t j = 0; j < road->rooms[i]->listener_count; j++) {
            const struct listener *listener = &road->rooms[i]->listeners[j];
            if (listener->fact == fact) TRY(listener->hear(q, data));
        }
    return NULL;
}

void request_changed(struct request *q, int64_t id) {
    struct request_changes *changes = q->changes;
    for (size_t i = 0; i < changes->id_count; i++)
        if (changes->ids[i] == id) return;
    if (changes->id_count == CHANGES_MAX)
        changes->everything = true;
    else
        changes->ids[changes->id_count++] = id;
}

void request_send_event(struct request *q, int64_t person_id, const char *name, struct text json) {
    assert(json.length <= CHANGE_EVENT_BYTES_MAX && !memchr(json.bytes, '\n', json.length));
    struct change_event *event = arena_new(q->arena, struct change_event, 1);
    *event = (struct change_event){.person_id = person_id,
                                   .name = text_copy(q->arena, text_of(name)),
                                   .json = text_copy(q->arena, json)};
    *q->changes->events_end = event;
    q->changes->events_end = &event->next;
}

void changes_reset(struct request_changes *changes, const struct road *road) {
    changes->road = road;
    changes->id_count = 0;
    changes->everything = false;
    changes->events = NULL;
    changes->events_end = &changes->events;
}

/* ---- between nodes: "changed TAG *", "changed TAG ID ID ...", "event TAG PERSON NAME JSON" ----
 */

enum { MESSAGE_BYTES_MAX = 7000 }; /* PostgreSQL takes 8000 bytes in a NOTIFY */

static void notify_changed(const struct request_changes *changes, struct text tag) {
    struct arena arena = {0};
    struct buffer message = buffer_make(&arena, MESSAGE_BYTES_MAX);
    buffer_add_literal(&message, "changed ");
    buffer_add_text(&message, tag);
    for (size_t i = 0; i < changes->id_count && !changes->everything; i++) {
        buffer_add_char(&message, ' ');
        buffer_add_int(&message, changes->ids[i]);
    }
    if (changes->everything) buffer_add_literal(&message, " *");
    store_notify(changes->road->app->store, buffer_text(&message));
    arena_free(&arena);
}

static void notify_event(const struct road *road, const struct change_event *event,
                         struct text tag) {
    struct arena arena = {0};
    struct buffer message = buffer_make(&arena, MESSAGE_BYTES_MAX);
    buffer_add_literal(&message, "event ");
    buffer_add_text(&message, tag);
    buffer_add_char(&message, ' ');
    buffer_add_int(&message, event->person_id);
    buffer_add_char(&message, ' ');
    buffer_add_text(&message, event->name);
    buffer_add_char(&message, ' ');
    buffer_add_text(&message, event->json);
    store_notify(road->app->store, buffer_text(&message));
    arena_free(&arena);
}

void changes_send(const struct request_changes *changes) {
    const struct road *road = changes->road;
    struct store *store = road->app->store;
    struct text tag = road->server ? server_tag(road->server) : TEXT("-");
    bool others = store_is_postgres(store);
    if (changes->id_count) {
        if (road->server) server_changed(road->server, changes);
        if (others) notify_changed(changes, tag);
    }
    for (const struct change_event *event = changes->events; event; event = event->next) {
        if (road->server) server_event(road->server, event->person_id, event->name, event->json);
        if (others) notify_event(road, event, tag);
    }
}

static struct text next_word(struct text *rest) {
    size_t space = text_find(*rest, TEXT(" "), 0);
    struct text word = text_slice(*rest, 0, space);
    *rest = space == SIZE_MAX ? TEXT("") : text_slice(*rest, space + 1, rest->length);
    return word;
}

static void hear_changed(struct server *server, struct text rest) {
    struct request_changes changes;
    changes_reset(&changes, NULL);
    while (rest.length && changes.id_count < CHANGES_MAX) {
        struct text word = next_word(&rest);
        if (text_is(word, "*"))
            changes.everything = true;
        else if (text_to_int64(word, &changes.ids[changes.id_count]))
            changes.id_count++;
    }
    server_changed(server, &changes);
}

void changes_hear(struct server *server, struct text message) {
    struct text rest = message;
    /* Nothing is known of what was said while the connection was down. */
    if (message.length == 0) rest = TEXT("changed ? *");
    struct text kind = next_word(&rest);
    if (text_equal(next_word(&rest), server_tag(server))) return;
    if (text_is(kind, "changed")) {
        hear_changed(server, rest);
    } else if (text_is(kind, "event")) {
        int64_t person_id;
        if (!text_to_int64(next_word(&rest), &person_id)) return;
        struct text name = next_word(&rest);
        server_event(server, person_id, name, rest);
    }
}
