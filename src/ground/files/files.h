/* Pictures that people upload: taken in small sizes without what came with them, kept by the hash
 * of their content, shown to everybody or by a link that ends soon. Papers and sheets beside them,
 * which are given as they came. */
#ifndef GROUND_FILES_FILES_H
#define GROUND_FILES_FILES_H

#include "kernel/http/route.h"

/* What a picture is for. Goods and sellers are for everybody to see; evidence of a case and the
 * documents of a seller only for whom a room shows them to. */
#define FILES_PURPOSES(X)                                                                          \
    X(FILES_GOODS, "goods")                                                                        \
    X(FILES_SELLER, "seller")                                                                      \
    X(FILES_EVIDENCE, "evidence")                                                                  \
    X(FILES_DOCUMENT, "document")
SHAPE_ENUM_DECLARE(files_purpose, FILES_PURPOSES);

/* An address is what rooms keep and JSON carries: "/files/" and 64 hexadecimal digits. Pages put
 * the size and format behind it ("/files/HASH-720.webp"); alone it is the JPEG of 720 px. */
enum { FILES_ADDRESS_BYTES = 7 + 64 };
bool files_is_address(struct text address);

/* The caller's document takes these pictures, in its transaction: each was uploaded for PURPOSE by
 * q->who; one that everybody may see and that another document shows already may be anybody's.
 * BAD_INPUT names FIELD[i]. One statement a picture. */
refusal files_require(struct request *q, const struct text_list *addresses, const char *field,
                      enum files_purpose purpose);
/* The same of one, named FIELD. */
refusal files_require_one(struct request *q, struct text address, const char *field,
                          enum files_purpose purpose);

/* The caller's documents hold this private picture of PERSON_ID no longer, in their transaction: a
 * day after it was uploaded, or at once when that is over, it is swept like one that no document
 * ever took. The room has looked whether another document of its own still shows it. */
refusal files_release(struct request *q, int64_t person_id, struct text address,
                      enum files_purpose purpose);

/* A private picture as a reply may carry it: its address with a mark that opens it for 10 to 20
 * minutes, for whoever has it. The room that shows it has checked who may see it. The same for a
 * while, so that a page that reads again keeps what it has. */
struct text files_link(struct request *q, struct text address);

/* ---- papers: PDF and OFD, kept as they came, saved by who may have them and never shown ---- */

enum { FILES_PAPER_BYTES_MAX = 5 * 1024 * 1024 };

/* "/files/papers/HASH.pdf" or ".ofd". */
bool files_is_paper(struct text address);
/* The caller's document takes this paper, in its transaction, and holds it for good: q->who
 * uploaded it. BAD_INPUT names FIELD. What no document takes within a day is swept. */
refusal files_require_paper(struct request *q, struct text address, const char *field);
/* An address that gives it for 10 to 20 minutes to whoever has it, as a file to be saved. The room
 * that shows it has checked who may have it. */
struct text files_paper_link(struct request *q, struct text address);

/* ---- sheets: what a person sends to be read, or fetches once; kept for some days ---- */

/* An upload of q->who is counted with pictures and papers, outside any transaction; TOO_MANY when
 * the hour is full. */
refusal files_count_upload(struct request *q);

/* Keeps BYTES (at most FILE_BYTES_MAX) under a fresh id, outside any transaction (a `before`, a
 * job's call). Unless files_hold_sheet comes within the hour they are swept. BUSY when the store
 * does not answer. */
refusal files_keep_sheet(struct request *q, struct bytes bytes, int64_t *ret_id);
/* Keeps it until then, in the transaction of the document that speaks of it. BUSY when it was swept
 * meanwhile: try again. */
refusal files_hold_sheet(struct request *q, int64_t id, struct instant until);
/* Nobody needs it any more: the sweep takes it in its next round. In the transaction that says so.
 */
refusal files_end_sheet(struct request *q, int64_t id);
/* The bytes, outside any transaction, in ARENA. NOT_FOUND when they are gone. */
refusal files_read_sheet(struct request *q, struct arena *arena, int64_t id,
                         struct text *ret_bytes);
/* An address that gives a held sheet for 10 to 20 minutes to whoever has it, called NAME there
 * ("orders.csv"). The room that shows it has checked who may see it. */
struct text files_sheet_link(struct request *q, int64_t id, const char *name);

/* The same for what a room makes when it is asked for: PATH with its end and mark; and whether the
 * query of such an address fits PATH and is not over. NOT_FOUND otherwise. */
#define FILES_LINK_QUERY_FIELDS(F, S)                                                              \
    F(S, INT, until, .max = 253402300799, .about = "seconds since the epoch")                      \
    F(S, TEXT, mark, .max = 64)
SHAPE_DECLARE(files_link_query, FILES_LINK_QUERY_FIELDS);
struct text files_sign(struct request *q, struct text path);
refusal files_require_signed(struct request *q, struct text path,
                             const struct files_link_query *query, int64_t *ret_left_ms);

/* For app_open: the store that the settings name. False with a sentence in *ret_error. */
bool files_start(struct app *app, struct arena *arena, bool read_only, struct text *ret_error);

extern const struct room files_room;

#endif
