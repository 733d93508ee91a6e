/* Inside market/orders only: how the files of the room share what an order is made of. */
#ifndef MARKET_ORDERS_BOOK_H
#define MARKET_ORDERS_BOOK_H

#include "ground/people/people.h"
#include "market/orders/orders.h"

/* What is sealed with an order: everything that tells who receives it. */
#define ORDERS_RECEIVER_FIELDS(F, S)                                                               \
    F(S, TEXT, name, .max = 100)                                                                   \
    F(S, TEXT, phone, .max = 20)                                                                   \
    F(S, TEXT, address, .max = 600)                                                                \
    F(S, TEXT, note, .max = 200)
SHAPE_DECLARE(orders_receiver, ORDERS_RECEIVER_FIELDS);

/* Sealed under the key of the buyer. */
struct bytes orders_seal_receiver(struct request *q, const struct people_key *key,
                                  const struct orders_receiver *receiver);
/* Fills the receiver's fields of an order: as the buyer sees it, as the seller who must write the
 * label, or as anybody else: "李*", 138****5678, and the county that PLACE_CODE lies in. */
enum orders_sight { ORDERS_SEEN_BY_BUYER, ORDERS_SEEN_FOR_LABEL, ORDERS_SEEN_MASKED };
void orders_show_receiver(struct request *q, const struct orders_receiver *receiver,
                          enum orders_sight sight, int64_t place_code, struct orders_order *order);
/* Opens SEALED with a key at hand; false when it does not open. */
bool orders_open_receiver(struct request *q, const struct people_key *key, struct text sealed,
                          struct orders_receiver *ret_receiver);
/* Puts the timeline together: the order's own moments, newest first, before which come the
 * EVENTS already there. */
void orders_show_events(struct request *q, struct orders_order *order);

/* An order's row as the rules need it. */
#define ORDERS_ROW_FIELDS(F, S)                                                                    \
    F(S, ID, id)                                                                                   \
    F(S, ID, purchase_id)                                                                          \
    F(S, ID, buyer_id)                                                                             \
    F(S, ID, seller_id)                                                                            \
    F(S, ENUM, state, orders_state)                                                                \
    F(S, FEN, freight_fen)                                                                         \
    F(S, FEN, total_fen)                                                                           \
    F(S, FEN, paid_fen)                                                                            \
    F(S, FEN, refunded_fen)                                                                        \
    F(S, ID, payment_id)                                                                           \
    F(S, TIME, pay_before_at)                                                                      \
    F(S, TIME, shipped_at)                                                                         \
    F(S, TIME, received_at)                                                                        \
    F(S, INT, open_case_count)                                                                     \
    F(S, ID, seller_place_code)                                                                    \
    F(S, TEXT, carrier)                                                                            \
    F(S, TEXT, tracking_number)
SHAPE_DECLARE(orders_row, ORDERS_ROW_FIELDS);
#define ORDERS_ROW_COLUMNS                                                                         \
    "id, purchase_id, buyer_id, seller_id, state, freight_fen, total_fen, paid_fen,"               \
    " refunded_fen, payment_id, pay_before_at, shipped_at, received_at, seller_place_code,"        \
    " carrier, tracking_number, open_case_count"
refusal orders_row_of(struct request *q, int64_t order_id, struct orders_row *ret_row);

/* A line as the stock knows it. */
#define ORDERS_HELD_FIELDS(F, S)                                                                   \
    F(S, ID, order_id)                                                                             \
    F(S, INT, line_no)                                                                             \
    F(S, ID, hold_id)                                                                              \
    F(S, ID, sku_id)                                                                               \
    F(S, ID, goods_id)                                                                             \
    F(S, INT, count)                                                                               \
    F(S, FEN, price_fen)                                                                           \
    F(S, FEN, total_fen)                                                                           \
    F(S, INT, refunded_count)                                                                      \
    F(S, FEN, refunded_fen)
SHAPE_DECLARE(orders_held, ORDERS_HELD_FIELDS);
refusal orders_held_of(struct request *q, int64_t order_id, struct orders_held_list *ret_held);
/* Lets go what every line still holds. */
refusal orders_release(struct request *q, int64_t order_id);

/* What is announced of an order: AMOUNT is what the fact is about. */
struct orders_told orders_told_of(const struct orders_row *row, struct fen amount);

/* A word for the timeline that is not one of the order's own moments. KIND transit has what the
 * carrier said as its TITLE; refunded and money_back the sum, "44.00", and late_money nothing:
 * their words are the reader's language's. */
refusal orders_add_event(struct request *q, int64_t order_id, const char *kind, struct text title,
                         struct text words);
/* Tells the buyer's open pages. */
void orders_send_state(struct request *q, int64_t buyer_id, int64_t order_id,
                       enum orders_state state);

/* Moves money of an order in the ledger; TRANSFER_ID makes it happen once. */
struct orders_move {
    int64_t order_id;
    int64_t transfer_id;
    struct ledger_account from;
    struct ledger_account to;
    struct fen amount;
    const char *reason;
};
refusal orders_move_money(struct request *q, const struct orders_move *move);
struct ledger_account orders_account_buyer(int64_t buyer_id);
struct ledger_account orders_account_escrow(int64_t order_id);
struct ledger_account orders_account_seller(int64_t seller_id);

/* NOT_FOUND unless the principal keeps the order's seller. */
refusal orders_require_seller(struct request *q, enum permission permission,
                              const struct orders_row *row);
/* The same, said as a value: a desk that may read (sell, serve or audit) what OWNER has. */
bool orders_desk_reaches(const struct request *q, struct owner owner);
refusal orders_require_buyer(struct request *q, const struct orders_row *row);

/* Ships one whose row was just read and whose seller the principal keeps. */
refusal orders_ship_row(struct request *q, const struct orders_row *row,
                        const struct orders_shipment *shipment);
/* WRONG_STATE in the words of the state that ROW is in. */
refusal orders_wrong_state(struct request *q, const struct orders_row *row);

/* The lists of the desk (desk.c); AFTER and the bounds of time are ids. */
#define ORDERS_CARD_COLUMNS                                                                        \
    "SELECT id, purchase_id, state, seller_name, title, picture, options_text, piece_count,"       \
    " line_count, total_fen, placed_at, pay_before_at, refunded_fen, seller_id,"                   \
    " receiver_place_code, carrier, tracking_number, paid_at, shipped_at FROM orders_order"
refusal orders_desk_list(struct request *q, const struct orders_list_query *query,
                         struct orders_card_list *ret_cards);
/* "XJ123" or "123"; 0 for anything else. */
int64_t orders_read_number(struct text number);
/* Gives orders from before step 2 of the schema their seller's place, a bounded piece at a time. */
refusal orders_place_sellers(struct request *q, int64_t argument, struct text text);

/* Hears people_closing: nobody leaves while an order of theirs is under way. */
refusal orders_hear_leaving(struct request *q, const void *data);

/* What a person bought, for the copy of the person's own data; and who receives one order, for an
 * officer with a reason (person.c). */
refusal orders_hear_export(struct request *q, const void *data);
refusal orders_hear_unmask(struct request *q, const void *data);

refusal orders_check(struct request *q, struct check_report *report);

#endif
