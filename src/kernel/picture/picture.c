/* The one user of libvips. The library brings a hundred others, so it is loaded by the first upload
 * and not by the program: a server that gets no pictures stays as small as it was. */
#include "kernel/picture/picture.h"

#include <assert.h>
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <vips/vips.h>
#include <vips/vector.h>

enum { QUALITY_WEBP = 80, QUALITY_JPEG = 82 };

const int picture_sizes_px[PICTURE_SIZES] = {1440, 720, 240};

/* ---- the library ---- */

#define VIPS_CALLS(X)                                                                              \
    X(vips_init)                                                                                   \
    X(vips_concurrency_set)                                                                        \
    X(vips_cache_set_max)                                                                          \
    X(vips_cache_set_max_mem)                                                                      \
    X(vips_cache_set_max_files)                                                                    \
    X(vips_vector_set_enabled)                                                                     \
    X(vips_block_untrusted_set)                                                                    \
    X(vips_operation_block_set)                                                                    \
    X(vips_error_clear)                                                                            \
    X(vips_jpegload_buffer)                                                                        \
    X(vips_pngload_buffer)                                                                         \
    X(vips_webpload_buffer)                                                                        \
    X(vips_thumbnail_image)                                                                        \
    X(vips_image_new_from_memory_copy)                                                             \
    X(vips_image_write_to_memory)                                                                  \
    X(vips_copy)                                                                                   \
    X(vips_shutdown)                                                                               \
    X(vips_image_copy_memory)                                                                      \
    X(vips_image_get_width)                                                                        \
    X(vips_image_get_height)                                                                       \
    X(vips_image_hasalpha)                                                                         \
    X(vips_colourspace)                                                                            \
    X(vips_flatten)                                                                                \
    X(vips_array_double_newv)                                                                      \
    X(vips_area_unref)                                                                             \
    X(vips_webpsave_buffer)                                                                        \
    X(vips_jpegsave_buffer)                                                                        \
    X(g_log_set_handler)                                                                           \
    X(g_object_unref)                                                                              \
    X(g_free)

/* Its functions, by their own names and types. The library keeps one state a process, so this does
 * too; it is written once, before the first use. */
static struct {
    bool ready;
#define X(name) __typeof__(&(name)) name;
    VIPS_CALLS(X)
#undef X
} lib;
static pthread_once_t lib_once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lib_turn = PTHREAD_MUTEX_INITIALIZER;

/* What is wrong with a picture is said by the refusal; the library's own words would go to the
 * server's log, with whatever the picture made it say. */
static void say_nothing(const char *domain, GLogLevelFlags level, const char *words,
                        void *context) {
    (void)domain;
    (void)level;
    (void)words;
    (void)context;
}

static bool find_calls(void *handle) {
    bool whole = true;
#define X(name)                                                                                    \
    *(void **)(void *)&lib.name = dlsym(handle, #name);                                            \
    whole = whole && lib.name;
    VIPS_CALLS(X)
#undef X
    return whole;
}

/* Of all that it can read, three loaders are left: what is not named here is closed, whether the
 * library thinks it safe or not. One thread, no cache, no code made at run time. */
static void load(void) {
    char name[32];
    snprintf(name, sizeof(name), "libvips.so.%d", VIPS_LIBRARY_CURRENT - VIPS_LIBRARY_AGE);
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!handle || !find_calls(handle) || lib.vips_init("xiangji") != 0) return;
    lib.g_log_set_handler("VIPS", G_LOG_LEVEL_MASK, say_nothing, NULL);
    lib.vips_concurrency_set(1);
    lib.vips_cache_set_max(0);
    lib.vips_cache_set_max_mem(0);
    lib.vips_cache_set_max_files(0);
    lib.vips_vector_set_enabled(FALSE);
    lib.vips_block_untrusted_set(TRUE);
    lib.vips_operation_block_set("VipsForeignLoad", TRUE);
    lib.vips_operation_block_set("VipsForeignLoadJpeg", FALSE);
    lib.vips_operation_block_set("VipsForeignLoadPng", FALSE);
    lib.vips_operation_block_set("VipsForeignLoadWebp", FALSE);
    /* Its threads end before the program does. */
    lib.ready = atexit(lib.vips_shutdown) == 0;
}

/* ---- one picture ---- */

/* OLD is given up for what a step made of it; NULL stays NULL, so that steps follow each other and
 * one look at the end is enough. */
static VipsImage *replace(VipsImage *old, VipsImage *made) {
    if (old) lib.g_object_unref(old);
    return made;
}

/* Decodes: until here the steps were only planned. */
static VipsImage *decode(VipsImage *image) {
    return image ? replace(image, lib.vips_image_copy_memory(image)) : NULL;
}

/* A JPEG can be decoded at a half, a quarter or an eighth of its size: as small as still leaves
 * twice what is needed. */
static int shrink_of(const struct picture_head *head) {
    int64_t longest = head->width_px > head->height_px ? head->width_px : head->height_px;
    int shrink = 1;
    while (shrink < 8 && longest / (shrink * 2) >= 2 * (int64_t)picture_sizes_px[0]) shrink *= 2;
    return shrink;
}

/* The whole picture is decoded before it is made smaller: done in one go, the library would put
 * grey where the bytes end too soon, and say nothing. */
static VipsImage *open_picture(struct bytes raw, const struct picture_head *head) {
    void *data = (void *)(uintptr_t)raw.data;
    VipsImage *image = NULL;
    if (head->kind == PICTURE_JPEG)
        lib.vips_jpegload_buffer(data, raw.length, &image, "shrink", shrink_of(head), "fail_on",
                                 VIPS_FAIL_ON_ERROR, NULL);
    else if (head->kind == PICTURE_PNG)
        lib.vips_pngload_buffer(data, raw.length, &image, "fail_on", VIPS_FAIL_ON_ERROR, NULL);
    else
        lib.vips_webpload_buffer(data, raw.length, &image, "fail_on", VIPS_FAIL_ON_ERROR, NULL);
    return decode(image);
}

static VipsImage *shrink(VipsImage *image, int size) {
    VipsImage *made = NULL;
    if (image)
        lib.vips_thumbnail_image(image, &made, size, "height", size, "size", VIPS_SIZE_DOWN, NULL);
    return replace(image, decode(made));
}

/* The first of them: upright, and in the colours that every screen knows. */
static VipsImage *shrink_first(VipsImage *image, int size) {
    VipsImage *made = NULL;
    if (image)
        lib.vips_thumbnail_image(image, &made, size, "height", size, "size", VIPS_SIZE_DOWN,
                                 "export_profile", "srgb", NULL);
    return replace(image, made);
}

static VipsImage *to_colours(VipsImage *image) {
    VipsImage *made = NULL;
    if (image) lib.vips_colourspace(image, &made, VIPS_INTERPRETATION_sRGB, NULL);
    return replace(image, made);
}

static VipsImage *on_white(VipsImage *image) {
    VipsImage *made = NULL;
    if (!image || !lib.vips_image_hasalpha(image)) return image;
    VipsArrayDouble *white = lib.vips_array_double_newv(3, 255.0, 255.0, 255.0);
    lib.vips_flatten(image, &made, "background", white, NULL);
    lib.vips_area_unref((VipsArea *)white);
    return replace(image, made);
}

/* The pixels alone: a new picture that never had a place, a name or a profile. Asking the writers
 * to leave out what the old one had is not enough: that of WebP writes an EXIF all the same. */
static VipsImage *bare(VipsImage *image) {
    VipsImage *copy = NULL, *made = NULL;
    size_t length = 0;
    if (!image) return NULL;
    int width = lib.vips_image_get_width(image), height = lib.vips_image_get_height(image);
    void *pixels = lib.vips_image_write_to_memory(image, &length);
    if (pixels && length == (size_t)width * (size_t)height * 3)
        copy = lib.vips_image_new_from_memory_copy(pixels, length, width, height, 3,
                                                   VIPS_FORMAT_UCHAR);
    if (copy) lib.vips_copy(copy, &made, "interpretation", VIPS_INTERPRETATION_sRGB, NULL);
    if (pixels) lib.g_free(pixels);
    return replace(image, replace(copy, made));
}

static bool write_pieces(VipsImage *image, int size, struct picture_piece *pieces) {
    void *webp = NULL, *jpeg = NULL;
    size_t webp_length = 0, jpeg_length = 0;
    bool fine = lib.vips_webpsave_buffer(image, &webp, &webp_length, "Q", QUALITY_WEBP, "strip",
                                         TRUE, NULL) == 0 &&
                lib.vips_jpegsave_buffer(image, &jpeg, &jpeg_length, "Q", QUALITY_JPEG, "strip",
                                         TRUE, "optimize_coding", TRUE, NULL) == 0;
    pieces[0] = (struct picture_piece){size, PICTURE_WEBP, {webp, webp_length}};
    pieces[1] = (struct picture_piece){size, PICTURE_JPEG, {jpeg, jpeg_length}};
    return fine;
}

static enum picture_fault make(struct bytes raw, const struct picture_head *head,
                               struct picture *ret_picture) {
    struct picture picture = {0};
    VipsImage *image = shrink_first(open_picture(raw, head), picture_sizes_px[0]);
    image = bare(on_white(to_colours(image)));
    bool fine = image != NULL;
    if (fine) {
        picture.width_px = lib.vips_image_get_width(image);
        picture.height_px = lib.vips_image_get_height(image);
    }
    for (size_t i = 0; fine && i < PICTURE_SIZES; i++) {
        if (i > 0) image = shrink(image, picture_sizes_px[i]);
        fine = image && write_pieces(image, picture_sizes_px[i], &picture.pieces[i * 2]);
    }
    if (image) lib.g_object_unref(image);
    lib.vips_error_clear();
    if (fine)
        *ret_picture = picture;
    else
        picture_free(&picture);
    return fine ? PICTURE_FINE : PICTURE_BROKEN;
}

enum picture_fault picture_make(struct bytes raw, struct picture *ret_picture) {
    struct picture_head head;
    enum picture_fault fault = picture_read_head(raw, &head);
    if (fault) return fault;
    pthread_once(&lib_once, load);
    if (!lib.ready) return PICTURE_NO_LIBRARY;
    pthread_mutex_lock(&lib_turn);
    fault = make(raw, &head, ret_picture);
    /* What a large picture took goes back to the system, not to the next request of this thread. */
    malloc_trim(0);
    pthread_mutex_unlock(&lib_turn);
    return fault;
}

void picture_free(struct picture *picture) {
    for (size_t i = 0; i < PICTURE_PIECES; i++) {
        const void *data = picture->pieces[i].bytes.data;
        if (data) lib.g_free((void *)(uintptr_t)data);
    }
    *picture = (struct picture){0};
}
