/* All rooms in the order of rooms.def. */
#include "kernel/http/route.h"

#define ROOM(wing, name) extern const struct room name##_room;
#include "rooms.def"
#undef ROOM

const struct room *const *rooms_all(size_t *ret_count) {
    static const struct room *const rooms[] = {
#define ROOM(wing, name) &name##_room,
#include "rooms.def"
#undef ROOM
    };
    *ret_count = sizeof(rooms) / sizeof(rooms[0]);
    return rooms;
}
