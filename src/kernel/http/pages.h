/* Which embedded file answers a path that is not the API's. Inside kernel/http only. */
#ifndef KERNEL_HTTP_PAGES_H
#define KERNEL_HTTP_PAGES_H

#include "kernel/base/embed.h"
#include "kernel/base/text.h"

/* The file named PATH; the shop's page for a path without a dot, because the pages route by history
 * (a folder with a page of its own, such as /console, comes first); NULL when there is none. */
const struct embed_file *pages_find(struct text path);
/* How long a browser may keep it: files whose names carry a hash for ever, pages not without
 * asking. */
const char *pages_cache_control(const struct embed_file *file);
/* What stands in for the pages when none were built. */
struct text pages_absent(void);

#endif
