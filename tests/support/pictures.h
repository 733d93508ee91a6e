/* Pictures for tests, drawn when they run: what a phone makes, and what somebody makes who means
 * harm. Written by the same library that the house reads with. */
#ifndef TESTS_SUPPORT_PICTURES_H
#define TESTS_SUPPORT_PICTURES_H

#include "kernel/base/arena.h"
#include "kernel/base/text.h"

struct pictures_recipe {
    int width_px;
    int height_px;
    int band_count; /* 1 grey, 2 grey and clear, 3 colours, 4 colours and clear, or CMYK */
    bool is_cmyk;
    bool is_wide;       /* 16 bits a band */
    int frame_count;    /* of .webp and .gif; 0 and 1 are a still */
    int orientation;    /* of the EXIF; 0 says nothing */
    bool has_gps;       /* where it was taken, and by whom */
    const char *format; /* ".jpg", ".png[interlace]", ".webp": with the library's options */
    unsigned seed;      /* two seeds are two pictures */
};
struct text pictures_draw(struct arena *arena, const struct pictures_recipe *recipe);

/* A small JPEG of 320 x 240. */
struct text pictures_small(struct arena *arena, unsigned seed);

/* What the bytes decode to: the sides and the first pixel. False when they do not. */
struct pictures_look {
    int width_px;
    int height_px;
    unsigned char first[3];
};
bool pictures_look_at(struct text bytes, struct pictures_look *ret_look);

#endif
