/* Inside market/aftersales only: the row of a case, its steps, and what its files share. */
#ifndef MARKET_AFTERSALES_INSIDE_H
#define MARKET_AFTERSALES_INSIDE_H

#include "market/aftersales/aftersales.h"

/* A case as the rules need it. */
#define AFTERSALES_ROW_FIELDS(F, S)                                                                \
    F(S, ID, id)                                                                                   \
    F(S, ID, order_id)                                                                             \
    F(S, ID, buyer_id)                                                                             \
    F(S, ID, seller_id)                                                                            \
    F(S, ID, place_code)                                                                           \
    F(S, ENUM, kind, aftersales_kind)                                                              \
    F(S, ENUM, reason, aftersales_reason)                                                          \
    F(S, ENUM, state, aftersales_state)                                                            \
    F(S, BOOL, is_late)                                                                            \
    F(S, BOOL, is_lawful)                                                                          \
    F(S, BOOL, is_overdue)                                                                         \
    F(S, BOOL, is_holding)                                                                         \
    F(S, INT, picture_count)                                                                       \
    F(S, FEN, asked_fen)                                                                           \
    F(S, FEN, offered_fen)                                                                         \
    F(S, ID, answered_by)                                                                          \
    F(S, BOOL, has_address)                                                                        \
    F(S, TEXT, return_tracking)                                                                    \
    F(S, TIME, opened_at)                                                                          \
    F(S, TIME, due_at)
SHAPE_DECLARE(aftersales_row, AFTERSALES_ROW_FIELDS);
refusal aftersales_row_of(struct request *q, int64_t case_id, struct aftersales_row *ret_row);

/* Who the principal is to a case. The keeper of the seller is never its desk, the buyer neither. */
bool aftersales_is_party(const struct request *q, const struct aftersales_row *row,
                         enum aftersales_actor actor);
bool aftersales_keeps(const struct request *q, int64_t seller_id);
/* May serve the place, and is not the seller's own keeper. */
bool aftersales_serves(const struct request *q, int64_t seller_id, int64_t place_code);
/* Whether it is ACTOR's turn to do DEED ("answers", "withdrawal") now. */
bool aftersales_may(const struct aftersales_row *row, enum aftersales_actor actor,
                    const char *deed);
/* The deeds of ACTOR now, as they stand in addresses. */
struct text_list aftersales_deeds(struct arena *arena, const struct aftersales_row *row,
                                  enum aftersales_actor actor);

/* Moves a case on: the row (guarded by the state it was in), the event, the audit trail, the job of
 * the next deadline, the buyer's open pages; and what the end of a case brings with it. */
struct aftersales_step {
    const struct aftersales_row *row;
    enum aftersales_state to;
    enum aftersales_outcome outcome; /* where TO is closed */
    int64_t due_ms;                  /* from now */
    enum aftersales_actor actor;
    const char *kind; /* of the event */
    struct fen amount;
    struct text words;
    struct fen refunded; /* with its transfer */
    int64_t refund_id;
};
refusal aftersales_move(struct request *q, const struct aftersales_step *step);
struct aftersales_happening {
    int64_t case_id;
    const char *kind;
    enum aftersales_actor actor;
    struct fen amount;
    struct text words;
};
refusal aftersales_note(struct request *q, const struct aftersales_happening *happening);

/* Amounts of one order and their sums: its tables keep them within FEN_MAX, so one that is out of
 * bounds is a bug. */
struct fen aftersales_plus(struct fen a, struct fen b);
struct fen aftersales_minus(struct fen a, struct fen b);
struct fen aftersales_smaller(struct fen a, struct fen b);
/* Paid and not yet given back. */
struct fen aftersales_left_of(const struct orders_claim *claim);

/* Gives STEP->amount back, or what is left of the order when that is less, and closes the case. */
refusal aftersales_settle(struct request *q, struct aftersales_step *step);
/* Sets the replacement aside; OUT_OF_STOCK on "choice". */
refusal aftersales_hold(struct request *q, const struct aftersales_row *row);
refusal aftersales_ship(struct request *q, const struct aftersales_row *row);
refusal aftersales_let_go(struct request *q, const struct aftersales_row *row);
/* What came back goes to the shelf or is written off. */
refusal aftersales_shelve(struct request *q, const struct aftersales_row *row,
                          const struct aftersales_receipt *receipt);

#define AFTERSALES_PIECE_FIELDS(F, S)                                                              \
    F(S, INT, line_no)                                                                             \
    F(S, ID, goods_id)                                                                             \
    F(S, ID, sku_id)                                                                               \
    F(S, INT, count)                                                                               \
    F(S, INT, of_count)                                                                            \
    F(S, ID, hold_id)
SHAPE_DECLARE(aftersales_piece, AFTERSALES_PIECE_FIELDS);
refusal aftersales_pieces_of(struct request *q, int64_t case_id,
                             struct aftersales_piece_list *ret_pieces);

/* Evidence. Keeping takes what the caller uploaded as such; BAD_INPUT names "pictures[i]". Reading
 * gives links that end soon: the caller has checked who may see them. */
refusal aftersales_keep_pictures(struct request *q, int64_t document_id,
                                 const struct text_list *pictures);
refusal aftersales_pictures_of(struct request *q, int64_t document_id,
                               struct text_list *ret_pictures);

/* The address of a private picture as a link that ends soon, for whoever may see it. */
struct text aftersales_link(struct request *q, struct text address);

/* Up to so many places of grants are looked at for one list. */
enum { AFTERSALES_RANGES = 3 };
struct aftersales_reach {
    int64_t first[AFTERSALES_RANGES];
    int64_t last[AFTERSALES_RANGES];
};
/* The places that the principal serves, or PLACE when it is one of them. NOT_FOUND on "desk" for
 * who serves none. */
refusal aftersales_reach_of(struct request *q, struct text place,
                            struct aftersales_reach *ret_reach);

/* A list is read one row too far: true when it was longer than LIMIT, and is cut to it now. The
 * next page begins after the last id that is left. */
bool aftersales_cut(size_t *count, int64_t limit);
struct text aftersales_next(struct request *q, int64_t last_id);

/* Hears people_closing: nobody leaves while a case of theirs is open. */
refusal aftersales_hear_leaving(struct request *q, const void *data);
/* A request for an invoice follows what is left of its order. */
refusal aftersales_hear_refunded(struct request *q, const void *data);
/* Who pays for an invoice, as it is sealed under this. */
#define AFTERSALES_PAYER_LABEL "aftersales.payer"
#define AFTERSALES_PAYER_FIELDS(F, S)                                                              \
    F(S, TEXT, title, .max = 100)                                                                  \
    F(S, TEXT, tax_number, .max = 18)                                                              \
    F(S, TEXT, email, .max = 100)
SHAPE_DECLARE(aftersales_payer, AFTERSALES_PAYER_FIELDS);

/* Hears people_export_asked: the cases, complaints and invoices that the person asked for. */
refusal aftersales_hear_export(struct request *q, const void *data);

/* Jobs. */
refusal aftersales_when_due(struct request *q, int64_t case_id, struct text text);
refusal aftersales_complaint_when_due(struct request *q, int64_t complaint_id, struct text text);

refusal aftersales_check(struct request *q, struct check_report *report);

#endif
