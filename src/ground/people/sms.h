/* The SMS gateway: how a one-time code or a notice reaches a phone. Called by a job, outside any
 * transaction.
 */
#ifndef GROUND_PEOPLE_SMS_H
#define GROUND_PEOPLE_SMS_H

#include "kernel/base/text.h"

struct arena;

enum sms_outcome {
    SMS_SENT,
    SMS_LATER,   /* nothing went out (busy, no connection): try again */
    SMS_GIVEN_UP /* refused, or it may have gone out: gateways send twice when asked twice, so never
                    again */
};

/* What a message says: a gateway has a template for each. */
enum sms_kind {
    SMS_CODE,        /* a one-time code */
    SMS_PHONE_LEAVES /* the account of this phone gets another one in valid_minutes, unless its
                        owner logs in and says no */
};

struct sms_message {
    enum sms_kind kind;
    struct text phone; /* 11 digits */
    struct text code;  /* of SMS_CODE */
    int64_t valid_minutes;
};

struct sms {
    const char *name;
    /* Blocks for at most ten seconds. MESSAGE is never logged. */
    enum sms_outcome (*send)(const struct sms *sms, const struct sms_message *message);
};

/* The local double: nothing leaves the machine. Where PRINTS is set the code is shown on stdout
 * with the phone masked: the demo. It remembers the last code of the last phones for tests. Lives
 * in ARENA. */
const struct sms *sms_local_make(struct arena *arena, bool prints);
/* The last code sent to PHONE ("notice" for a notice), empty when there is none; and how many
 * messages were sent in all. Test seams. */
struct text sms_local_last(const struct sms *sms, struct arena *arena, struct text phone);
int64_t sms_local_count(const struct sms *sms);

#endif
