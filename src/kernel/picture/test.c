/* A corpus drawn when the test runs: what phones make, and what lies. */
#include "kernel/picture/picture.h"

#include <string.h>

#include "kernel/base/arena.h"
#include "kernel/base/test.h"
#include "support/pictures.h"

static struct bytes raw_of(struct text text) {
    return (struct bytes){(const unsigned char *)text.bytes, text.length};
}

static struct text text_of_piece(const struct picture_piece *piece) {
    return (struct text){(const char *)piece->bytes.data, piece->bytes.length};
}

static void must_be(struct text bytes, enum picture_fault wanted) {
    struct picture picture = {0};
    CHECK_INT(picture_make(raw_of(bytes), &picture), wanted);
    if (wanted == PICTURE_FINE) picture_free(&picture);
}

/* Every piece decodes, is as large as it should be, and has nothing in it but the picture. */
static void check_pieces(const struct picture *picture, int width, int height) {
    static const char *const words[] = {"Exif", "LIU-MIN", "<script", "ICC_PROFILE", "ICCP"};
    CHECK_INT(picture->width_px, width);
    CHECK_INT(picture->height_px, height);
    for (size_t i = 0; i < PICTURE_PIECES; i++) {
        struct text bytes = text_of_piece(&picture->pieces[i]);
        struct pictures_look look;
        struct picture_head head;
        CHECK_INT(picture->pieces[i].kind, i % 2 ? PICTURE_JPEG : PICTURE_WEBP);
        CHECK_INT(picture_read_head(raw_of(bytes), &head), PICTURE_FINE);
        CHECK_INT(head.kind, picture->pieces[i].kind);
        CHECK(pictures_look_at(bytes, &look));
        int longest = look.width_px > look.height_px ? look.width_px : look.height_px;
        int wanted = width > height ? width : height;
        if (wanted > picture->pieces[i].size_px) wanted = picture->pieces[i].size_px;
        CHECK_INT(longest, wanted);
        for (size_t j = i % 2 ? 0 : 1; j < sizeof(words) / sizeof(words[0]); j++)
            if (text_find(bytes, text_of(words[j]), 0) != SIZE_MAX)
                test_fail(__FILE__, __LINE__, "piece %zu has %s in it", i, words[j]);
    }
}

struct right {
    const char *what;
    struct pictures_recipe recipe;
    int width_px;
    int height_px;
};

TEST("picture: what phones and scanners make becomes three sizes in two formats") {
    static const struct right rights[] = {
        {"a phone's JPEG", {3000, 4000, 3, .format = ".jpg"}, 1080, 1440},
        {"a progressive JPEG", {2000, 1500, 3, .format = ".jpg[interlace]"}, 1440, 1080},
        {"smaller than the smallest size", {100, 50, 3, .format = ".jpg"}, 100, 50},
        {"lying on its side", {400, 300, 3, .orientation = 6, .format = ".jpg"}, 300, 400},
        {"grey", {800, 600, 1, .format = ".jpg"}, 800, 600},
        {"CMYK", {800, 600, 4, .is_cmyk = true, .format = ".jpg"}, 800, 600},
        {"PNG", {800, 600, 3, .format = ".png"}, 800, 600},
        {"PNG of 16 bits", {800, 600, 3, .is_wide = true, .format = ".png"}, 800, 600},
        {"clear PNG", {800, 600, 4, .format = ".png[interlace]"}, 800, 600},
        {"clear grey PNG of 16 bits", {80, 60, 2, .is_wide = true, .format = ".png"}, 80, 60},
        {"palette PNG", {80, 60, 3, .format = ".png[palette]"}, 80, 60},
        {"WebP", {800, 600, 3, .format = ".webp"}, 800, 600},
        {"clear lossless WebP", {800, 600, 4, .format = ".webp[lossless]"}, 800, 600},
        {"a thread", {12000, 1, 3, .format = ".png"}, 1440, 1},
        {"one pixel", {1, 1, 3, .format = ".png"}, 1, 1},
    };
    for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
        struct arena arena = {.total_max = 64 * 1024 * 1024};
        struct picture picture = {0};
        struct text bytes = pictures_draw(&arena, &rights[i].recipe);
        enum picture_fault fault = picture_make(raw_of(bytes), &picture);
        if (fault) test_fail(__FILE__, __LINE__, "%s: fault %d", rights[i].what, fault);
        check_pieces(&picture, rights[i].width_px, rights[i].height_px);
        picture_free(&picture);
        arena_free(&arena);
    }
}

TEST("picture: what was transparent is white, in WebP and in JPEG") {
    struct arena arena = {0};
    struct picture picture = {0};
    struct pictures_look look;
    const struct pictures_recipe recipe = {64, 64, 4, .format = ".png"};
    CHECK_INT(picture_make(raw_of(pictures_draw(&arena, &recipe)), &picture), PICTURE_FINE);
    for (size_t i = 0; i < PICTURE_PIECES; i++) {
        CHECK(pictures_look_at(text_of_piece(&picture.pieces[i]), &look));
        for (size_t j = 0; j < 3; j++)
            if (look.first[j] < 240)
                test_fail(__FILE__, __LINE__, "piece %zu: %d", i, look.first[j]);
    }
    picture_free(&picture);
    arena_free(&arena);
}

TEST("picture: where and by whom it was taken is gone") {
    struct arena arena = {0};
    struct picture picture = {0};
    const struct pictures_recipe recipe = {600, 400, 3, .has_gps = true, .format = ".jpg"};
    struct text bytes = pictures_draw(&arena, &recipe);
    CHECK(text_find(bytes, TEXT("Exif"), 0) != SIZE_MAX);
    CHECK(text_find(bytes, TEXT("LIU-MIN"), 0) != SIZE_MAX);
    CHECK_INT(picture_make(raw_of(bytes), &picture), PICTURE_FINE);
    check_pieces(&picture, 600, 400);
    picture_free(&picture);
    arena_free(&arena);
}

static struct text joined(struct arena *arena, struct text a, struct text b) {
    struct buffer both = buffer_make(arena, a.length + b.length + 1);
    buffer_add_text(&both, a);
    buffer_add_text(&both, b);
    return buffer_text(&both);
}

TEST("picture: a page that hides behind a picture does not come along") {
    struct arena arena = {0};
    struct picture picture = {0};
    struct text page = TEXT("<html><script>alert(1)</script></html>PK\x03\x04");
    struct text bytes = joined(&arena, pictures_small(&arena, 1), page);
    CHECK_INT(picture_make(raw_of(bytes), &picture), PICTURE_FINE);
    check_pieces(&picture, 320, 240);
    picture_free(&picture);
    arena_free(&arena);
}

TEST("picture: the same picture gives the same bytes") {
    struct arena arena = {0};
    struct picture once = {0}, twice = {0};
    struct text bytes = pictures_small(&arena, 3);
    CHECK_INT(picture_make(raw_of(bytes), &once), PICTURE_FINE);
    CHECK_INT(picture_make(raw_of(bytes), &twice), PICTURE_FINE);
    for (size_t i = 0; i < PICTURE_PIECES; i++)
        CHECK(text_equal(text_of_piece(&once.pieces[i]), text_of_piece(&twice.pieces[i])));
    picture_free(&once);
    picture_free(&twice);
    arena_free(&arena);
}

TEST("picture: what is cut short is refused, wherever it is cut") {
    static const char *const formats[] = {".jpg", ".jpg[interlace]", ".png", ".webp"};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        struct arena arena = {0};
        const struct pictures_recipe recipe = {320, 240, 3, .format = formats[i]};
        struct text whole = pictures_draw(&arena, &recipe);
        for (size_t part = 1; part < 10; part++) {
            struct picture picture = {0};
            struct text bytes = text_slice(whole, 0, whole.length * part / 10);
            enum picture_fault fault = picture_make(raw_of(bytes), &picture);
            if (fault != PICTURE_BROKEN)
                test_fail(__FILE__, __LINE__, "%s, %zu tenths: %d", formats[i], part, fault);
        }
        arena_free(&arena);
    }
}

TEST("picture: other formats are refused by name, whatever they call themselves") {
    static const struct {
        struct text bytes;
        const char *name;
    } others[] = {
        {TEXT("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "GIF"},
        {TEXT("\x00\x00\x00\x18"
              "ftypheic\x00\x00\x00\x00mif1heic"),
         "HEIC"},
        {TEXT("\x00\x00\x00\x18"
              "ftypavif\x00\x00\x00\x00"),
         "AVIF"},
        {TEXT("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "SVG"},
        {TEXT("<?xml version=\"1.0\"?><svg/>"), "SVG"},
        {TEXT("%PDF-1.7"), "PDF"},
        {TEXT("II*\x00"
              "abc"),
         "TIFF"},
        {TEXT("BM123"), "BMP"},
        {TEXT("#!/bin/sh"), NULL},
        {TEXT(""), NULL},
        {TEXT("\xFF\xD8"), NULL},
    };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        const char *name = picture_other_name(raw_of(others[i].bytes));
        must_be(others[i].bytes, PICTURE_OTHER);
        CHECK((name == NULL) == (others[i].name == NULL));
        if (name) CHECK_TEXT(text_of(name), others[i].name);
    }
}

TEST("picture: more than one frame is refused") {
    struct arena arena = {0};
    const struct pictures_recipe moving = {64, 64, 3, .frame_count = 3, .format = ".webp"};
    must_be(pictures_draw(&arena, &moving), PICTURE_MOVING);
    const struct pictures_recipe still = {64, 64, 3, .format = ".png"};
    struct text png = pictures_draw(&arena, &still);
    /* An animated PNG says so in a chunk of its own behind the header. */
    struct text control = TEXT("\x00\x00\x00\x08"
                               "acTL\x00\x00\x00\x02\x00\x00\x00\x00\xF3\x8D\x93\x70");
    struct text head = joined(&arena, text_slice(png, 0, 33), control);
    must_be(joined(&arena, head, text_slice(png, 33, png.length)), PICTURE_MOVING);
    arena_free(&arena);
}

/* WHOLE with LENGTH bytes at OFFSET changed. */
static struct text altered(struct arena *arena, struct text whole, size_t offset,
                           struct text bytes) {
    struct text copy = text_copy(arena, whole);
    memcpy((char *)(uintptr_t)copy.bytes + offset, bytes.bytes, bytes.length);
    return copy;
}

TEST("picture: a bomb is refused by its head, before it is unpacked") {
    struct arena arena = {0};
    const struct pictures_recipe recipe = {64, 64, 3, .format = ".png"};
    struct text png = pictures_draw(&arena, &recipe);
    must_be(altered(&arena, png, 16, TEXT("\x00\x00\xFD\xE8\x00\x00\xFD\xE8")), PICTURE_VAST);
    must_be(altered(&arena, png, 16, TEXT("\x00\x00\x2E\xE1\x00\x00\x00\x01")), PICTURE_VAST);
    must_be(altered(&arena, png, 16, TEXT("\x00\x00\x1D\x4C\x00\x00\x1D\x4C")), PICTURE_VAST);
    must_be(altered(&arena, png, 16, TEXT("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF")), PICTURE_VAST);
    must_be(altered(&arena, png, 16, TEXT("\x00\x00\x00\x00\x00\x00\x00\x01")), PICTURE_BROKEN);
    must_be(altered(&arena, png, 16, TEXT("\x00\x00\x13\x88\x00\x00\x13\x88\x10")), PICTURE_VAST);
    /* One that promises more than it holds. */
    must_be(altered(&arena, png, 16, TEXT("\x00\x00\x10\x00\x00\x00\x10\x00")), PICTURE_BROKEN);
    struct text jpeg = pictures_small(&arena, 1);
    struct buffer scans = buffer_make(&arena, jpeg.length + 200);
    buffer_add_text(&scans, text_slice(jpeg, 0, jpeg.length - 2));
    for (int i = 0; i <= PICTURE_SCANS_MAX; i++) buffer_add_literal(&scans, "\xFF\xDA");
    must_be(buffer_text(&scans), PICTURE_VAST);
    arena_free(&arena);
}
