/* Inside ground/files only. */
#ifndef GROUND_FILES_INSIDE_H
#define GROUND_FILES_INSIDE_H

#include "ground/files/files.h"
#include "ground/files/store.h"
#include "kernel/picture/picture.h"

enum {
    FILES_TRIES_AN_HOUR = 120,
    FILES_UNTAKEN_MS = DAY_MS, /* how long a picture waits for a document to take it */
    FILES_LINK_MS = 10 * MINUTE_MS,
    FILES_HASH_CHARACTERS = 64
};

#define FILES_FILE_FIELDS(F, S)                                                                    \
    F(S, TEXT, address, .about = "what a document keeps")                                          \
    F(S, TEXT, link, .about = "what shows it now")                                                 \
    F(S, ENUM, purpose, files_purpose)                                                             \
    F(S, INT, width_px)                                                                            \
    F(S, INT, height_px)
SHAPE_DECLARE(files_file, FILES_FILE_FIELDS);

#define FILES_UPLOAD_QUERY_FIELDS(F, S) F(S, ENUM, purpose, files_purpose, .required = true)
SHAPE_DECLARE(files_upload_query, FILES_UPLOAD_QUERY_FIELDS);

#define FILES_NAME_PATH_FIELDS(F, S) F(S, TEXT, name, .required = true, .min = 1, .max = 80)
SHAPE_DECLARE(files_name_path, FILES_NAME_PATH_FIELDS);

/* `before` and `handle` of an upload, and what gives a file (upload.c, files.c). */
refusal files_take(struct request *q);
refusal files_note(struct request *q);
refusal files_give(struct request *q);

bool files_is_hash(struct text hash);

/* The key in the store of a piece. */
struct text files_key(struct arena *arena, struct text hash, bool is_private,
                      const struct picture_piece *piece);
bool files_purpose_is_private(enum files_purpose purpose);
struct text files_address(struct arena *arena, struct text hash);

/* What a link is of: SUBJECT under a LABEL that keeps kinds of links apart. */
struct files_linked {
    const char *label;
    struct text subject;
};
/* ADDRESS with an end, 10 to 20 minutes from now, and a mark; whether a link has the mark (its end
 * is the caller's to look at). */
struct text files_link_to(struct request *q, const struct files_linked *linked,
                          struct text address);
bool files_link_fits(struct request *q, const struct files_linked *linked,
                     const struct files_link_query *query);

/* What the store keeps under KEY, in ARENA: NOT_FOUND when it is gone, BUSY when the store does not
 * answer. */
refusal files_fetch(struct request *q, struct arena *arena, struct text key,
                    struct text *ret_bytes);
refusal files_no_answer(struct request *q);

/* Sheets (sheets.c): `before` of the door that gives one, and the sweep of those whose time is
 * over. */
#define FILES_SHEET_PATH_FIELDS(F, S)                                                              \
    F(S, ID, id, .required = true)                                                                 \
    F(S, TEXT, name, .required = true, .min = 1, .max = 60)
SHAPE_DECLARE(files_sheet_path, FILES_SHEET_PATH_FIELDS);
refusal files_give_sheet(struct request *q);
bool files_sweep_sheets_call(struct request *q, int64_t argument, struct text text,
                             void **ret_result);
refusal files_sweep_sheets_run(struct request *q, int64_t argument, struct text text);

/* Papers (papers.c): the doors, the sweep in two beats like that of pictures, the check. */
#define FILES_PAPER_KINDS(X)                                                                       \
    X(FILES_PDF, "pdf")                                                                            \
    X(FILES_OFD, "ofd")
SHAPE_ENUM_DECLARE(files_paper_kind, FILES_PAPER_KINDS);
#define FILES_PAPER_FIELDS(F, S)                                                                   \
    F(S, TEXT, address, .about = "what a document keeps")                                          \
    F(S, TEXT, link, .about = "what gives it now")                                                 \
    F(S, ENUM, kind, files_paper_kind)                                                             \
    F(S, INT, byte_count)
SHAPE_DECLARE(files_paper, FILES_PAPER_FIELDS);
refusal files_take_paper(struct request *q);
refusal files_note_paper(struct request *q);
refusal files_give_paper(struct request *q);
bool files_sweep_papers_call(struct request *q, int64_t argument, struct text text,
                             void **ret_result);
refusal files_sweep_papers_run(struct request *q, int64_t argument, struct text text);
refusal files_check_papers(struct request *q, struct check_report *report);

/* The sweep: pictures that no document took within a day. Marked in one beat, so that nobody takes
 * them any more, and removed in the next. */
bool files_sweep_call(struct request *q, int64_t argument, struct text text, void **ret_result);
refusal files_sweep_run(struct request *q, int64_t argument, struct text text);
refusal files_check(struct request *q, struct check_report *report);

#endif
