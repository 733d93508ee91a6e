#include "kernel/base/embed.h"

#include <assert.h>
#include <string.h>

/* Made by tools/embed.c, sorted by path. */
extern const struct embed_file embed_files[];
extern const size_t embed_files_count;

const struct embed_file *embed_find(const char *path) {
    assert(path);
    size_t low = 0;
    size_t high = embed_files_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(embed_files[middle].path, path);
        if (order == 0) return &embed_files[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

size_t embed_count(void) { return embed_files_count; }

const struct embed_file *embed_at(size_t index) {
    assert(index < embed_files_count);
    return &embed_files[index];
}
