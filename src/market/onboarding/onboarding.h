/* Onboarding: how somebody becomes a seller, in three steps. A person applies, the county
 * recommends, the platform decides; what is refused goes back to the applicant with the reason and
 * may be mended and sent again. Above catalog, which gets the seller, and people, which gets the
 * keeper. */
#ifndef MARKET_ONBOARDING_ONBOARDING_H
#define MARKET_ONBOARDING_ONBOARDING_H

#include "market/catalog/catalog.h"

#define ONBOARDING_STATES(X)                                                                       \
    X(ONBOARDING_DRAFT, "draft")                                                                   \
    X(ONBOARDING_SUBMITTED, "submitted")                                                           \
    X(ONBOARDING_RECOMMENDED, "recommended")                                                       \
    X(ONBOARDING_ACCEPTED, "accepted")                                                             \
    X(ONBOARDING_REFUSED, "refused")                                                               \
    X(ONBOARDING_WITHDRAWN, "withdrawn")
SHAPE_ENUM_DECLARE(onboarding_state, ONBOARDING_STATES);

#define ONBOARDING_STEP_KINDS(X)                                                                   \
    X(ONBOARDING_SUBMISSION, "submission")                                                         \
    X(ONBOARDING_RECOMMENDATION, "recommendation")                                                 \
    X(ONBOARDING_COUNTY_REFUSAL, "county_refusal")                                                 \
    X(ONBOARDING_ACCEPTANCE, "acceptance")                                                         \
    X(ONBOARDING_REFUSAL, "refusal")                                                               \
    X(ONBOARDING_WITHDRAWAL, "withdrawal")                                                         \
    X(ONBOARDING_CONTACT_VIEW, "contact_view")
SHAPE_ENUM_DECLARE(onboarding_step_kind, ONBOARDING_STEP_KINDS);

#define ONBOARDING_DOCUMENT_KINDS(X)                                                               \
    X(ONBOARDING_IDENTITY, "identity")                                                             \
    X(ONBOARDING_LICENCE, "licence")                                                               \
    X(ONBOARDING_FOOD_PERMIT, "food_permit")                                                       \
    X(ONBOARDING_ORIGIN_PROOF, "origin_proof")                                                     \
    X(ONBOARDING_PRODUCT_PHOTO, "product_photo")                                                   \
    X(ONBOARDING_COUNTY_LETTER, "county_letter")                                                   \
    X(ONBOARDING_OTHER, "other")
SHAPE_ENUM_DECLARE(onboarding_document_kind, ONBOARDING_DOCUMENT_KINDS);

/* Applications that wait: for the county that PLACE_CODE lies in those that were sent in, for the
 * platform (0) those that a county recommends. Counted up to a thousand; the caller has asked
 * whether the principal may see it. */
refusal onboarding_count_waiting(struct request *q, int64_t place_code, int64_t *ret_count);

/* Announced when the county or the platform has said what it thinks of an application: DATA is a
 * struct onboarding_told. */
struct onboarding_told {
    int64_t application_id;
    int64_t person_id;           /* who applied */
    struct text name;            /* of the shop to be */
    enum onboarding_state state; /* recommended, accepted or refused */
    struct text reason;          /* why it was refused */
};
extern const struct fact onboarding_was_judged;

extern const struct room onboarding_room;

#endif
