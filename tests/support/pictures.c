#include "support/pictures.h"

#include <assert.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>

#define CALLS(X)                                                                                   \
    X(vips_init)                                                                                   \
    X(vips_image_new_from_memory_copy)                                                             \
    X(vips_image_new_from_buffer)                                                                  \
    X(vips_image_write_to_buffer)                                                                  \
    X(vips_image_write_to_memory)                                                                  \
    X(vips_image_get_width)                                                                        \
    X(vips_image_get_height)                                                                       \
    X(vips_image_set_int)                                                                          \
    X(vips_image_set_string)                                                                       \
    X(vips_copy)                                                                                   \
    X(g_object_unref)                                                                              \
    X(g_free)

static struct {
#define X(name) __typeof__(&(name)) name;
    CALLS(X)
#undef X
} lib;

static void load(void) {
    if (lib.vips_init) return;
    void *handle = dlopen("libvips.so.42", RTLD_NOW | RTLD_LOCAL);
    assert(handle);
#define X(name)                                                                                    \
    *(void **)(void *)&lib.name = dlsym(handle, #name);                                            \
    assert(lib.name);
    CALLS(X)
#undef X
    assert(lib.vips_init("xiangji-tests") == 0);
}

/* A gradient that the seed tints: it packs well, and no two seeds are alike. */
static VipsImage *paint(const struct pictures_recipe *recipe) {
    int frames = recipe->frame_count > 1 ? recipe->frame_count : 1;
    int height = recipe->height_px * frames;
    size_t sample = recipe->is_wide ? 2 : 1;
    size_t bands = (size_t)recipe->band_count;
    size_t count = (size_t)recipe->width_px * (size_t)height * bands;
    unsigned char *pixels = calloc(count, sample);
    assert(pixels);
    for (size_t i = 0; i < count; i++) {
        size_t band = i % bands, x = i / bands % (size_t)recipe->width_px;
        size_t y = i / bands / (size_t)recipe->width_px;
        bool clear = band == bands - 1 && (bands == 2 || (bands == 4 && !recipe->is_cmyk));
        size_t value = clear ? 0 : (band * 80 + x / 4 + y / 4 + recipe->seed * 37) & 255;
        memset(pixels + i * sample, (int)value, sample);
    }
    VipsImage *image = lib.vips_image_new_from_memory_copy(
        pixels, count * sample, recipe->width_px, height, recipe->band_count,
        recipe->is_wide ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR);
    free(pixels);
    assert(image);
    return image;
}

static VipsInterpretation meaning_of(const struct pictures_recipe *recipe) {
    if (recipe->is_cmyk) return VIPS_INTERPRETATION_CMYK;
    if (recipe->band_count < 3)
        return recipe->is_wide ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W;
    return recipe->is_wide ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
}

static void describe(VipsImage *image, const struct pictures_recipe *recipe) {
    if (recipe->frame_count > 1) lib.vips_image_set_int(image, "page-height", recipe->height_px);
    if (recipe->orientation) lib.vips_image_set_int(image, "orientation", recipe->orientation);
    if (!recipe->has_gps) return;
    lib.vips_image_set_string(image, "exif-ifd3-GPSLatitudeRef",
                              "N (N, ASCII, 2 components, 2 bytes)");
    lib.vips_image_set_string(image, "exif-ifd3-GPSLatitude",
                              "36/1 41/1 30/1 (36, Rational, 3 components, 24 bytes)");
    lib.vips_image_set_string(image, "exif-ifd0-Artist",
                              "LIU-MIN-13800138001 (LIU, ASCII, 20 components, 20 bytes)");
}

struct text pictures_draw(struct arena *arena, const struct pictures_recipe *recipe) {
    VipsImage *image = NULL;
    void *bytes = NULL;
    size_t length = 0;
    load();
    VipsImage *painted = paint(recipe);
    assert(lib.vips_copy(painted, &image, "interpretation", meaning_of(recipe), NULL) == 0);
    describe(image, recipe);
    int failed = lib.vips_image_write_to_buffer(image, recipe->format, &bytes, &length, NULL);
    assert(!failed);
    struct text copy = text_copy(arena, (struct text){bytes, length});
    lib.g_free(bytes);
    lib.g_object_unref(image);
    lib.g_object_unref(painted);
    return copy;
}

struct text pictures_small(struct arena *arena, unsigned seed) {
    const struct pictures_recipe recipe = {
        .width_px = 320, .height_px = 240, .band_count = 3, .format = ".jpg", .seed = seed};
    return pictures_draw(arena, &recipe);
}

bool pictures_look_at(struct text bytes, struct pictures_look *ret_look) {
    size_t length = 0;
    load();
    VipsImage *image = lib.vips_image_new_from_buffer(bytes.bytes, bytes.length, "", NULL);
    if (!image) return false;
    ret_look->width_px = lib.vips_image_get_width(image);
    ret_look->height_px = lib.vips_image_get_height(image);
    unsigned char *pixels = lib.vips_image_write_to_memory(image, &length);
    bool decoded = pixels && length >= 3;
    if (decoded) memcpy(ret_look->first, pixels, 3);
    if (pixels) lib.g_free(pixels);
    lib.g_object_unref(image);
    return decoded;
}
