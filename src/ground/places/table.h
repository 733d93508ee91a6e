/* The layout of places.bin, which tools/places.c writes at build and places.c reads in place.
 * Numbers are little-endian; offsets count from the first byte of the table.
 *
 *   header | per level 1..4: codes u32[], names u32[], children u32[count + 1] | level 5: codes
 * u16[], names u24[] | names
 *
 * A level's codes are sorted and hold the significant digits: 2, 4, 6 and 9 for levels 1 to 4; for
 * villages the last three, because the town is known from the way there. children[i] .. children[i
 * + 1] are the rows of the next level that belong to row i. A name is an offset into the names,
 * where each distinct name stands once, ends in NUL, and is sorted by its bytes: so all names with
 * one prefix lie between two offsets, and a search by name compares numbers. */
#ifndef GROUND_PLACES_TABLE_H
#define GROUND_PLACES_TABLE_H

#include <stdint.h>

#define PLACES_TABLE_MAGIC "XJPLACE1"

enum { PLACES_LEVELS = 5, PLACES_VILLAGE_NAME_BYTES = 3 };

struct places_header {
    char magic[8];
    uint32_t count[PLACES_LEVELS];       /* rows of level 1..5 */
    uint32_t codes_at[PLACES_LEVELS];    /* u32 each; level 5: u16 each */
    uint32_t names_at[PLACES_LEVELS];    /* u32 each; level 5: three bytes each */
    uint32_t children_at[PLACES_LEVELS]; /* u32 each, one more than rows; level 5: 0 */
    uint32_t blob_at;
    uint32_t blob_bytes;
};

#endif
