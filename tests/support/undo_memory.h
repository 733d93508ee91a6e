/* SQLite takes a megabyte for each savepoint that changes something. An address sanitizer maps and
 * poisons it anew each time, which took most of a test's time. */
#ifndef SUPPORT_UNDO_MEMORY_H
#define SUPPORT_UNDO_MEMORY_H

/* Before the first database is opened: with an address sanitizer the piece is kept from one
 * savepoint to the next, otherwise nothing is changed. */
void undo_memory_keep(void);

#endif
