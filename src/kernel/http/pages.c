#include "kernel/http/pages.h"

#include <string.h>

#include "kernel/base/limits.h"

static const struct embed_file *find(struct text path, const char *suffix) {
    char name[LIMIT_PATH_BYTES + 16];
    if (path.length + strlen(suffix) >= sizeof(name)) return NULL;
    memcpy(name, path.bytes, path.length);
    memcpy(name + path.length, suffix, strlen(suffix) + 1);
    /* Embedded files that are no pages have names without a slash in front. */
    return name[0] == '/' ? embed_find(name) : NULL;
}

const struct embed_file *pages_find(struct text path) {
    size_t slash = path.length;
    while (slash > 0 && path.bytes[slash - 1] != '/') slash--;
    struct text last = text_slice(path, slash, path.length);
    if (text_find(last, TEXT("."), 0) != SIZE_MAX) return find(path, "");
    size_t second = text_find(path, TEXT("/"), 1);
    struct text folder = text_slice(path, 0, second);
    const struct embed_file *page = folder.length > 1 ? find(folder, "/index.html") : NULL;
    return page ? page : embed_find("/index.html");
}

const char *pages_cache_control(const struct embed_file *file) {
    if (strstr(file->path, "/assets/")) return "public, max-age=31536000, immutable";
    if (strncmp(file->type, "text/html", 9) == 0) return "no-cache";
    /* The service worker and what the shop is called when installed: a new one must be seen at
     * once. */
    if (strcmp(file->path, "/sw.js") == 0 || strcmp(file->path, "/manifest.webmanifest") == 0)
        return "no-cache";
    if (strncmp(file->path, "/img/", 5) == 0) return "public, max-age=86400";
    return "public, max-age=3600";
}

struct text pages_absent(void) {
    return TEXT("<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>乡集</title>"
                "<h1>乡集</h1><p>接口已经开着。页面还没有构建进来。</p>"
                "<p>The API is up; the pages were not built into this program.</p>"
                "<p><a href=\"/api/openapi.json\">/api/openapi.json</a></p>");
}
