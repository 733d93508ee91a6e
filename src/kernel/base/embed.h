/* The files inside the binary: built pages, schemas, the demo world, the table of places.
 * tools/embed.c puts them there at build; nothing is read from the disk at run time. Pages are
 * named as the browser asks for them ("/index.html"), other files by their path in the source
 * ("src/market/orders/schema.sql"). */
#ifndef KERNEL_BASE_EMBED_H
#define KERNEL_BASE_EMBED_H

#include <stddef.h>

struct embed_file {
    const char *path;
    const unsigned char *bytes; /* followed by a NUL that is not counted in `length` */
    size_t length;
    const unsigned char *gzip_bytes; /* NULL where gzip would not make it smaller */
    size_t gzip_length;
    const char *etag; /* 64 hexadecimal digits, the SHA-256 of `bytes`, without quotes */
    const char *type; /* a media type, with its charset where it is text */
};

/* The file named PATH; NULL when there is none. Takes log2(files) comparisons and no memory. */
const struct embed_file *embed_find(const char *path);

/* All files in the byte order of their paths: embed_at(0) .. embed_at(embed_count() - 1). */
size_t embed_count(void);
const struct embed_file *embed_at(size_t index);

#endif
