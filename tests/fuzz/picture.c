/* Any bytes -> the head of a picture: nothing is read beyond the end, what passes keeps the bounds,
 * and the answer is the same each time. */
#include <string.h>

#include "fuzz.h"
#include "kernel/picture/picture.h"

static void check_head(const struct picture_head *head) {
    MUST(head->width_px >= 1 && head->width_px <= PICTURE_SIDE_PX_MAX);
    MUST(head->height_px >= 1 && head->height_px <= PICTURE_SIDE_PX_MAX);
    MUST(head->width_px * head->height_px <= PICTURE_PIXELS_MAX);
    MUST(head->pixel_bytes >= 1 && head->pixel_bytes <= 8);
    MUST(head->width_px * head->height_px * head->pixel_bytes <= PICTURE_UNPACKED_BYTES_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    /* A copy of just this length, so that the sanitizer sees a read behind it. */
    unsigned char *copy = malloc(size ? size : 1);
    MUST(copy);
    memcpy(copy, data, size);
    struct picture_head head = {0}, again = {0};
    struct bytes raw = {copy, size};
    enum picture_fault fault = picture_read_head(raw, &head);
    MUST(picture_read_head(raw, &again) == fault);
    if (fault == PICTURE_FINE) {
        check_head(&head);
        MUST(again.width_px == head.width_px && again.height_px == head.height_px);
    } else {
        MUST(head.width_px == 0 && head.height_px == 0);
    }
    /* It may name something for a picture too: a JPEG's first segment can spell "ftyp". */
    const char *name = picture_other_name(raw);
    MUST(!name || *name);
    free(copy);
    return 0;
}
