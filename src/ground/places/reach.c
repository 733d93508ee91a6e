/* What somebody's permission covers, as ranges of codes. */
#include "ground/places/places.h"

static const struct places_reach everywhere = {{0, 1, 1, 1}, {PLACES_LAST_CODE, 0, 0, 0}};

static refusal reach_one(struct request *q, enum permission permission, struct text place,
                         struct places_reach *ret_reach) {
    struct owner owner = {0};
    if (!places_read_code(place, &owner.place_code) || !request_reaches(q, permission, owner))
        return refuse(q, NOT_FOUND, "place", "没有找到这个地方", "there is no such place");
    *ret_reach = everywhere;
    ret_reach->first[0] = owner.place_code;
    ret_reach->last[0] = places_last_code(owner.place_code);
    return NULL;
}

refusal places_reach_of(struct request *q, enum permission permission, struct text place,
                        struct places_reach *ret_reach) {
    size_t count = 0;
    struct places_reach reach = {{1, 1, 1, 1}, {0, 0, 0, 0}};
    if (place.length) return reach_one(q, permission, place, ret_reach);
    for (size_t i = 0; i < q->who->grant_count; i++) {
        const struct grant *grant = &q->who->grants[i];
        if (grant->permission != permission) continue;
        if (grant->scope == SCOPE_ALL) {
            *ret_reach = everywhere;
            return NULL;
        }
        if (grant->scope != SCOPE_COUNTY) continue;
        if (count == PLACES_REACH_MAX)
            return refuse(q, BAD_INPUT, "place", "您负责的地方多，请先选一个",
                          "you have many places; choose one of them");
        reach.first[count] = grant->scope_id;
        reach.last[count++] = places_last_code(grant->scope_id);
    }
    *ret_reach = reach;
    return NULL;
}
