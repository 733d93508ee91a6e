/* Pictures from outside: what they say they are is read before anything is decoded, then they are
 * turned upright, made small and written anew without anything that came with them. libvips lives
 * behind this header only. */
#ifndef KERNEL_PICTURE_PICTURE_H
#define KERNEL_PICTURE_PICTURE_H

#include "kernel/base/text.h"

enum {
    PICTURE_SIDE_PX_MAX = 12 * 1000,
    PICTURE_PIXELS_MAX = 40 * 1000 * 1000,
    PICTURE_UNPACKED_BYTES_MAX = 160 * 1000 * 1000, /* what a decoder may need for it */
    PICTURE_SCANS_MAX = 32 /* of a progressive JPEG: each costs a pass over the whole picture */
};

enum picture_fault {
    PICTURE_FINE,
    PICTURE_OTHER,  /* neither JPEG nor PNG nor WebP */
    PICTURE_BROKEN, /* cut short, or not what its beginning says */
    PICTURE_MOVING, /* more than one frame */
    PICTURE_VAST,   /* more pixels, a longer side or more scans than the bounds */
    PICTURE_NO_LIBRARY
};

enum picture_kind { PICTURE_JPEG, PICTURE_PNG, PICTURE_WEBP };

struct picture_head {
    enum picture_kind kind;
    int64_t width_px;
    int64_t height_px;
    int64_t pixel_bytes; /* unpacked */
};

/* What the bytes are, without decoding them: costs next to nothing, whatever they are. */
enum picture_fault picture_read_head(struct bytes raw, struct picture_head *ret_head);

/* The name of a known format that is not taken ("HEIC", "GIF"), or NULL. */
const char *picture_other_name(struct bytes raw);

/* Three sizes by their longest side, each as WebP and as JPEG. A picture that is smaller stays as
 * small. */
enum { PICTURE_SIZES = 3, PICTURE_PIECES = PICTURE_SIZES * 2 };
extern const int picture_sizes_px[PICTURE_SIZES]; /* the largest first */

struct picture_piece {
    int size_px; /* of picture_sizes_px */
    enum picture_kind kind;
    struct bytes bytes;
};

struct picture {
    int64_t width_px; /* of the largest piece */
    int64_t height_px;
    struct picture_piece pieces[PICTURE_PIECES]; /* WebP, JPEG of the largest size, and so on */
};

/* Reads the head, decodes and makes the pieces: sRGB, upright, on white where it was transparent,
 * without metadata. One picture at a time in the whole process; others wait for it, so only slow
 * threads call this. *RET_PICTURE is set when the answer is PICTURE_FINE; picture_free gives its
 * memory back. The library is loaded by the first call. */
enum picture_fault picture_make(struct bytes raw, struct picture *ret_picture);
void picture_free(struct picture *picture);

#endif
