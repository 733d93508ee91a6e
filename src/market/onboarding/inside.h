/* Inside market/onboarding only: what its files share. */
#ifndef MARKET_ONBOARDING_INSIDE_H
#define MARKET_ONBOARDING_INSIDE_H

#include "ground/people/people.h"
#include "kernel/base/limits.h"
#include "market/onboarding/onboarding.h"

enum {
    ONBOARDING_DOCUMENTS_MAX = 12, /* of one step */
    ONBOARDING_OPEN_MAX = 5,       /* applications of one person under way at once */
    ONBOARDING_STEPS_SHOWN = 50,
    ONBOARDING_KEPT_DAYS = 3 * 366 /* papers of who was let in, from the end of the account on */
};

/* The contact is sealed under this. */
#define ONBOARDING_CONTACT_LABEL "onboarding.contact"

/* The wording of the promise that a household ticks; who ticked, ticked this one. */
#define ONBOARDING_DECLARATION_VERSION "2026-11"

#define ONBOARDING_DOCUMENT_FIELDS(F, S)                                                           \
    F(S, ENUM, kind, onboarding_document_kind, .required = true)                                   \
    F(S, TEXT, address, .required = true, .min = 1, .max = 200,                                    \
      .about = "/files/HASH, as POST /api/files gave it")
SHAPE_DECLARE(onboarding_document, ONBOARDING_DOCUMENT_FIELDS);

/* A draft may have gaps; sending it in may not. */
#define ONBOARDING_DRAFT_FIELDS(F, S)                                                              \
    F(S, ENUM, kind, catalog_seller_kind, .required = true)                                        \
    F(S, TEXT, name, .max = 40, .about = "of the shop")                                            \
    F(S, TEXT, summary, .max = 200)                                                                \
    F(S, ID, place_code, .about = "twelve digits, down to the village")                            \
    F(S, TEXT, goods_text, .max = 200, .about = "what it is going to sell")                        \
    F(S, TEXT, contact_name, .max = 30)                                                            \
    F(S, TEXT, contact_phone, .max = 40)                                                           \
    F(S, TEXT, credit_code, .max = 18, .about = "unified social credit code")                      \
    F(S, BOOL, makes_food, .about = "sells food that was processed")                               \
    F(S, TEXT, food_licence, .max = 40, .about = "SC or JY number, or of a small workshop")        \
    F(S, BOOL, declared, .about = "the promise of who needs no licence was ticked")                \
    F(S, LIST, documents, onboarding_document, .max = ONBOARDING_DOCUMENTS_MAX)
SHAPE_DECLARE(onboarding_draft, ONBOARDING_DRAFT_FIELDS);

#define ONBOARDING_STEP_FIELDS(F, S)                                                               \
    F(S, ENUM, kind, onboarding_step_kind)                                                         \
    F(S, TEXT, words)                                                                              \
    F(S, LIST, documents, onboarding_document)                                                     \
    F(S, TIME, at)
SHAPE_DECLARE(onboarding_step, ONBOARDING_STEP_FIELDS);

#define ONBOARDING_APPLICATION_FIELDS(F, S)                                                        \
    F(S, ID, id)                                                                                   \
    F(S, ENUM, state, onboarding_state)                                                            \
    F(S, ENUM, kind, catalog_seller_kind)                                                          \
    F(S, TEXT, kind_name)                                                                          \
    F(S, TEXT, name)                                                                               \
    F(S, TEXT, summary)                                                                            \
    F(S, ID, place_code, .optional = true)                                                         \
    F(S, OBJECT, origin, places_origin)                                                            \
    F(S, TEXT, goods_text)                                                                         \
    F(S, TEXT, contact_name, .about = "masked for all but the applicant")                          \
    F(S, TEXT, contact_phone, .about = "the same")                                                 \
    F(S, TEXT, credit_code)                                                                        \
    F(S, BOOL, makes_food)                                                                         \
    F(S, TEXT, food_licence)                                                                       \
    F(S, BOOL, declared)                                                                           \
    F(S, LIST, documents, onboarding_document)                                                     \
    F(S, TEXT, reason, .optional = true, .about = "why it came back")                              \
    F(S, ID, seller_id, .optional = true, .about = "what it became")                               \
    F(S, TIME, made_at)                                                                            \
    F(S, TIME, changed_at)                                                                         \
    F(S, TIME, submitted_at, .optional = true)                                                     \
    F(S, LIST, steps, onboarding_step, .about = "the newest first")                                \
    F(S, TEXTS, may, .about = "of who asks: edit submit withdraw recommend decide see_contact")
SHAPE_DECLARE(onboarding_application, ONBOARDING_APPLICATION_FIELDS);

#define ONBOARDING_CARD_FIELDS(F, S)                                                               \
    F(S, ID, id)                                                                                   \
    F(S, ENUM, state, onboarding_state)                                                            \
    F(S, ENUM, kind, catalog_seller_kind)                                                          \
    F(S, TEXT, kind_name)                                                                          \
    F(S, TEXT, name)                                                                               \
    F(S, TEXT, origin_name)                                                                        \
    F(S, TEXT, goods_text)                                                                         \
    F(S, TEXT, reason, .optional = true)                                                           \
    F(S, ID, seller_id, .optional = true)                                                          \
    F(S, TIME, changed_at)                                                                         \
    F(S, TIME, submitted_at, .optional = true)
SHAPE_DECLARE(onboarding_card, ONBOARDING_CARD_FIELDS);
SHAPE_DECLARE_PAGE(onboarding_card);

#define ONBOARDING_LIST_QUERY_FIELDS(F, S)                                                         \
    F(S, BOOL, desk, .about = "those one may review, longest waiting first; else one's own")       \
    F(S, TEXT, state, .max = 20, .about = "of the desk: absent means submitted")                   \
    F(S, TEXT, place, .max = 12, .about = "of the desk: 2, 4, 6, 9 or 12 digits")                  \
    F(S, INT, limit, .min = 1, .max = LIMIT_LIST_ROWS, .fallback = 20)                             \
    F(S, TEXT, after, .max = 48)
SHAPE_DECLARE(onboarding_list_query, ONBOARDING_LIST_QUERY_FIELDS);

#define ONBOARDING_OPINION_FIELDS(F, S)                                                            \
    F(S, BOOL, agreed, .required = true)                                                           \
    F(S, TEXT, words, .max = 400, .about = "needed when not agreed: what is to be mended")         \
    F(S, LIST, documents, onboarding_document, .max = ONBOARDING_DOCUMENTS_MAX)                    \
    F(S, TIME, submitted_at, .required = true, .about = "of the application as it was read")
SHAPE_DECLARE(onboarding_opinion, ONBOARDING_OPINION_FIELDS);

#define ONBOARDING_REASON_FIELDS(F, S)                                                             \
    F(S, TEXT, reason, .required = true, .min = PEOPLE_REASON_MIN, .max = PEOPLE_REASON_MAX,       \
      .about = "kept, and shown to the applicant; without numbers or names")
SHAPE_DECLARE(onboarding_reason, ONBOARDING_REASON_FIELDS);

#define ONBOARDING_CONTACT_FIELDS(F, S)                                                            \
    F(S, TEXT, name, .secret = true)                                                               \
    F(S, TEXT, phone, .secret = true)
SHAPE_DECLARE(onboarding_contact, ONBOARDING_CONTACT_FIELDS);

/* ---- kinds (kinds.c) ---- */

#define ONBOARDING_KIND_FIELDS(F, S)                                                               \
    F(S, ENUM, kind, catalog_seller_kind)                                                          \
    F(S, TEXT, name)                                                                               \
    F(S, TEXT, about)                                                                              \
    F(S, BOOL, may_declare, .about = "needs no licence: a promise is ticked in its place")         \
    F(S, TEXT, declaration, .optional = true, .about = "that promise, word by word")               \
    F(S, TEXTS, documents, .about = "kinds of documents that are needed")
SHAPE_DECLARE(onboarding_kind, ONBOARDING_KIND_FIELDS);
SHAPE_DECLARE_PAGE(onboarding_kind);

void onboarding_kinds(struct request *q, struct onboarding_kind_page *ret_page);
/* Small things put right: spaces at the ends, lower case in numbers of licences. */
void onboarding_tidy(struct arena *arena, struct onboarding_draft *draft);
/* What is wrong with what was filled in, all of it in one answer. */
refusal onboarding_check_filled(struct request *q, const struct onboarding_draft *draft);
/* What is still missing, all of it in one answer. */
refusal onboarding_check_complete(struct request *q, const struct onboarding_draft *draft);
/* BAD_INPUT on FIELD unless ADDRESS is a picture or paper of this house. */
refusal onboarding_check_documents(struct request *q,
                                   const struct onboarding_document_list *documents);
/* What the shop's page says of its licence (E-commerce law, article 15). */
struct text onboarding_licence_text(struct arena *arena, const struct onboarding_draft *draft);

/* ---- the three steps (onboarding.c) ---- */

/* ID 0 begins a new one. */
refusal onboarding_put(struct request *q, int64_t id, const struct onboarding_draft *draft,
                       int64_t *ret_id);
refusal onboarding_submit(struct request *q, int64_t id);
refusal onboarding_withdraw(struct request *q, int64_t id);
refusal onboarding_recommend(struct request *q, int64_t id,
                             const struct onboarding_opinion *opinion);
refusal onboarding_decide(struct request *q, int64_t id, const struct onboarding_opinion *opinion);
refusal onboarding_see_contact(struct request *q, int64_t id, struct text reason,
                               struct onboarding_contact *ret_contact);
/* Who leaves takes what is under way along. */
refusal onboarding_hear_leaving(struct request *q, const void *data);
refusal onboarding_check(struct request *q, struct check_report *report);

/* ---- what applications are to a person (person.c) ---- */

/* An application no longer holds these, which PERSON_ID uploaded: the sweep may have those that
 * stand nowhere else in what the person filled in or judged. */
refusal onboarding_let_go(struct request *q, int64_t person_id,
                          const struct onboarding_document_list *documents);
/* Hears people_wiped: what was never accepted goes, papers and all; what was is kept for years. */
refusal onboarding_hear_wiped(struct request *q, const void *data);
/* The job onboarding.forget: those years are over. */
refusal onboarding_forget(struct request *q, int64_t person_id, struct text text);
/* Hears people_export_asked: the person's own applications. */
refusal onboarding_hear_export(struct request *q, const void *data);

/* ---- reading (read.c) ---- */

/* An application as its rules see it: what was filled in, and whose it is. */
#define ONBOARDING_ROW_FIELDS(F, S)                                                                \
    F(S, OBJECT, shown, onboarding_application)                                                    \
    F(S, ID, person_id)                                                                            \
    F(S, TEXTS, papers)                                                                            \
    F(S, TEXT, contact)                                                                            \
    F(S, TEXT, declared_version)
SHAPE_DECLARE(onboarding_row, ONBOARDING_ROW_FIELDS);

/* The row with its documents, its contact still sealed. NOT_FOUND unless the caller is the
 * applicant or may review it; nobody reviews what was never sent in. */
refusal onboarding_row_of(struct request *q, int64_t id, struct onboarding_row *ret_row);
refusal onboarding_open_contact(struct request *q, const struct onboarding_row *row,
                                struct onboarding_contact *ret_contact);
refusal onboarding_read(struct request *q, int64_t id, struct onboarding_application *ret_reply);
refusal onboarding_list(struct request *q, const struct onboarding_list_query *query,
                        struct onboarding_card_page *ret_page);
/* Whether the caller reviews for the county of PLACE_CODE, or for the whole house. */
bool onboarding_is_county(const struct request *q, int64_t place_code);
bool onboarding_is_platform(const struct request *q);
/* Whether the county or the platform has to say something to it. */
bool onboarding_waits(enum onboarding_state state);
struct text onboarding_join_documents(struct arena *arena,
                                      const struct onboarding_document_list *documents);
struct onboarding_document_list onboarding_split_documents(struct arena *arena,
                                                           const struct text_list *papers);

#endif
